"""From export files to the lake."""

from reportkit.ingest.inbox import FileResult, IngestResult, ingest

__all__ = ["FileResult", "IngestResult", "ingest"]
