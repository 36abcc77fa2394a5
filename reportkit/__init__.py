"""reportkit: reports whose every number can be traced, from the files merchants download."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reportkit.report import open_report

__all__ = ["open_report"]


def __getattr__(name: str) -> Any:
    # Charts and tables take a second to import; ``reportkit ingest`` should not wait for them.
    if name == "open_report":
        from reportkit.report import open_report

        return open_report
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
