"""What stands in a finished PDF."""

from __future__ import annotations

import re
from pathlib import Path

from pypdf import PdfReader

CJK = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


def text_of(pdf: Path) -> str:
    """Everything a PDF says."""
    return "\n".join(page.extract_text() for page in PdfReader(pdf).pages)


def chapters(pdf: Path) -> dict[str, int]:
    """The sections of a PDF, and the sheet each begins on."""
    reader = PdfReader(pdf)
    marks = [mark for mark in reader.outline if not isinstance(mark, list)]
    return {mark.title: reader.get_destination_page_number(mark) for mark in marks}
