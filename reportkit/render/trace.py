"""The appendix that leads from every printed number to its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reportkit.project import Project
from reportkit.render.sections import Section
from reportkit.show.names import Names
from reportkit.show.words import Words

__all__ = ["TraceRow", "trace"]

_MISSING = "—"


@dataclass(frozen=True)
class TraceRow:
    """One fact as the appendix prints it, every cell as text."""

    code: str
    metric: str
    name: str
    value: str
    period: str
    filter: str
    files: str
    rows: str


def trace(parts: list[Section], words: Words, project: Project) -> list[tuple[Section, list[TraceRow]]]:
    """Return the rows of each section that has facts, in the order they were published."""
    names = Names(project, words, None)
    return [(part, [_row(fact, words, names) for fact in part.facts]) for part in parts if part.facts]


def _row(fact: dict[str, Any], words: Words, names: Names) -> TraceRow:
    basis = fact.get("basis")
    return TraceRow(
        code=fact["code"],
        metric=f"{fact['metric']}.{basis}" if basis else str(fact["metric"]),
        name=str(fact.get("name") or ""),
        value=_exact(fact.get("value")),
        period=str(fact.get("period") or ""),
        filter=_filter(fact, words, names),
        files=_exact(fact.get("files")),
        rows=_exact(fact.get("rows")),
    )


def _exact(value: Any) -> str:
    if value is None or value != value:
        return _MISSING
    if isinstance(value, str):
        return value
    return f"{int(value):,}" if value == int(value) else f"{value:,}"


def _filter(fact: dict[str, Any], words: Words, names: Names) -> str:
    chosen = dict(fact.get("scope") or {}) | {key: [value] for key, value in (fact.get("dims") or {}).items()}
    parts = [
        f"{_dimension(key, words)} {', '.join(names(key, value)[0] for value in values)}"
        for key, values in chosen.items()
    ]
    if missing := fact.get("missing"):
        absent = ", ".join(names("platform", platform)[0] for platform in missing)
        parts.append(words("page.trace_missing", names=absent))
    return " · ".join(parts) or words("page.trace_whole")


def _dimension(name: str, words: Words) -> str:
    key = f"page.dimension_{name}"
    return words(key) if words.has(key) else name
