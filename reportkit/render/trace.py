"""The appendix that leads from every printed number to its source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from reportkit.project import Project
from reportkit.render.sections import Section
from reportkit.show.names import Names
from reportkit.show.words import Words

__all__ = ["TraceFact", "TraceGroup", "trace"]

_MISSING = "—"


@dataclass(frozen=True)
class TraceFact:
    """One fact as the appendix prints it, every part as text."""

    code: str
    value: str
    filter: str
    files: str
    rows: str


@dataclass(frozen=True)
class TraceGroup:
    """The facts of one metric and period: one row of the appendix."""

    metric: str
    name: str
    period: str
    facts: list[TraceFact] = field(default_factory=list)


def trace(parts: list[Section], words: Words, project: Project) -> list[tuple[Section, list[TraceGroup]]]:
    """Return the rows of each section that has facts, a row for each metric and period, by its first fact."""
    names = Names(project, words, None)
    return [(part, _groups(part.facts, words, names)) for part in parts if part.facts]


def _groups(facts: list[dict[str, Any]], words: Words, names: Names) -> list[TraceGroup]:
    groups: dict[tuple[str, str, str], TraceGroup] = {}
    for fact in facts:
        basis = fact.get("basis")
        metric = f"{fact['metric']}.{basis}" if basis else str(fact["metric"])
        key = metric, str(fact.get("name") or ""), str(fact.get("period") or "")
        groups.setdefault(key, TraceGroup(*key)).facts.append(_fact(fact, words, names))
    return list(groups.values())


def _fact(fact: dict[str, Any], words: Words, names: Names) -> TraceFact:
    return TraceFact(
        code=fact["code"],
        value=_exact(fact.get("value")),
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
    dims = fact.get("dims") or {}
    chosen = dict(fact.get("scope") or {}) | {key: [value] for key, value in dims.items()}
    parts = [
        f"{_dimension(key, words)} {', '.join(names(key, value)[0] for value in values)}"
        for key, values in chosen.items()
    ]
    if (missing := fact.get("missing")) and "platform" not in dims:
        absent = ", ".join(names("platform", platform)[0] for platform in missing)
        parts.append(words("page.trace_missing", names=absent))
    return " · ".join(parts) or words("page.trace_whole")


def _dimension(name: str, words: Words) -> str:
    key = f"page.dimension_{name}"
    return words(key) if words.has(key) else name
