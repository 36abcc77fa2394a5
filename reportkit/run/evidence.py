"""The sentinel of an executed notebook: did it reach its end, and does it report on what was asked?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportkit.errors import RunError
from reportkit.report import MIMETYPE
from reportkit.run.plan import Job

__all__ = ["check", "closing"]

_TODO = "end the notebook with report.close(), in its last cell"


def closing(notebook: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what ``report.close()`` published in the last code cell, None where it did not."""
    outputs = [output for cell in _code(notebook)[-1:] for output in cell.get("outputs", ())]
    contents = [output.get("data", {}).get(MIMETYPE) or {} for output in outputs]
    return next((content for content in contents if content.get("kind") == "close"), None)


def check(notebook: Mapping[str, Any], job: Job) -> None:
    """Refuse a notebook that ended early, or that reports on something else than `job` asked for.

    Raises RunError that names the difference.
    """
    unrun = [cell for cell in _code(notebook) if cell.get("execution_count") is None]
    if unrun:
        raise RunError(f"a cell did not run: {_source(unrun[0])[:80]}", where=job.id, todo=_TODO)
    content = closing(notebook)
    if content is None:
        raise RunError("it ran, but its last cell does not close the report", where=job.id, todo=_TODO)
    for name, asked, found in _claims(content, job):
        if asked != found:
            raise RunError(
                f"it reports on {name} {found!r}, but was asked for {asked!r}",
                where=job.id,
                todo="pass the notebook's parameters to open_report, and nothing else",
            )


def _claims(content: Mapping[str, Any], job: Job) -> list[tuple[str, Any, Any]]:
    """Return what was asked and what the report says of itself, by name."""
    snapshot = content.get("snapshot")
    number = snapshot.get("number") if isinstance(snapshot, dict) else snapshot
    names = ("period", "scope", "as_of")
    return [
        *((name, job.parameters[name], content.get(name)) for name in names),
        ("snapshot", job.snapshot.number, number),
    ]


def _code(notebook: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code" and _source(cell)]


def _source(cell: Mapping[str, Any]) -> str:
    return "".join(cell["source"]).strip()
