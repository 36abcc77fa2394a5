"""What a report has published: its facts by what they answer, the names they go by, and its numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from reportkit.metrics.catalog import load_catalog
from reportkit.project import Project
from reportkit.render.printed import Number, Reader
from reportkit.render.sections import Section
from reportkit.show.names import Names
from reportkit.show.words import Words

__all__ = ["AMOUNTS", "Fact", "Known"]

Fact = dict[str, Any]

AMOUNTS = ("money", "count", "hours", "days")
"""Units whose changes are told as growth, not as a difference."""

_KINDS = {"money": "amount", "percent": "percent", "count": "noun", "hours": "noun", "days": "noun"}


class Known:
    """The facts of `sections`, and how their numbers are printed in the project's language."""

    def __init__(self, sections: list[Section], project: Project) -> None:
        self.words = Words(project)
        catalog = load_catalog(project)
        self.metrics = {name: catalog[name] for name in catalog}
        self._names = Names(project, self.words, None)
        self._sections = sections
        lang = self.words.lang
        nouns = [metric.noun[lang] for metric in self.metrics.values() if metric.noun]
        self.reader = Reader(self.words.numbers.words, nouns)

    @cached_property
    def published(self) -> list[tuple[str, Fact]]:
        """Every fact of every display, with the section it stands in."""
        return [
            (section.section, fact)
            for section in self._sections
            for display in section.displays
            for fact in display.facts
        ]

    @cached_property
    def facts(self) -> list[Fact]:
        """The facts, each answer once."""
        return list({self.question(fact): fact for _, fact in reversed(self.published)}.values())

    @cached_property
    def coded(self) -> dict[str, Fact]:
        """The facts by their codes."""
        return {fact["code"]: fact for _, fact in self.published}

    @staticmethod
    def question(fact: Fact) -> tuple[Any, ...]:
        """Return what a fact answers: metric, basis, scope, dimensions, period and last day seen."""
        about = fact.get("about") or fact.get("dims") or {}
        return (
            fact["metric"], fact.get("basis"), fact.get("name"), fact.get("period"), fact.get("as_of"),
            json.dumps(fact.get("scope") or {}, sort_keys=True), json.dumps(about, sort_keys=True),
        )  # fmt: skip

    def spoken(self, fact: Fact) -> str:
        """Return how a fact is named to the owner."""
        dims = ", ".join(self.members(fact))
        return f"{fact.get('name') or fact['metric']}{f' ({dims})' if dims else ''}"

    def members(self, fact: Fact) -> list[str]:
        """Return what a reader calls the parts that a fact is about."""
        return [self._names(name, value)[0] for name, value in (fact.get("dims") or {}).items()]

    def is_additive(self, fact: Fact) -> bool:
        """Whether parts of its metric add up: those of an order only over platforms and shops."""
        metric = self.metrics.get(fact["metric"])
        if metric is None or not metric.additive:
            return False
        return metric.unit == "money" or set(fact.get("dims") or {}) <= {"platform", "shop"}

    def fits(self, number: Number, fact: Fact) -> bool:
        """Whether a printed number is of the kind that `fact` is counted in."""
        unit = fact.get("unit")
        metric = self.metrics.get(fact["metric"])
        if unit == "count" and metric and metric.noun:
            return number.unit == metric.noun[self.words.lang]
        if unit in ("hours", "days"):
            return number.unit == self.words.numbers.words.units[unit]
        return _KINDS.get(str(unit)) == number.kind

    def totals(self, fact: Fact) -> Iterator[Fact]:
        """Yield the facts without dimensions of which `fact` may be a part."""
        for whole in self.facts:
            if not whole.get("dims") and self._of(whole) == self._of(fact):
                yield whole

    def is_whole(self, parts: list[Fact]) -> bool:
        """Whether `parts` are all there are: together they count as many source rows as their total."""
        counted = [fact.get("rows") for fact in parts]
        wholes = [fact for fact in self.totals(parts[0]) if fact.get("rows")] if parts else []
        return None not in counted and any(sum(map(int, counted)) == whole["rows"] for whole in wholes)  # type: ignore[arg-type]

    @cached_property
    def periods(self) -> set[str]:
        """What the sections call their periods."""
        return {str(section.closing.get("period_label")) for section in self._sections if section.closing}

    def parts(self, whole: Fact, dimension: str) -> list[Fact]:
        """Return the facts that divide `whole` by `dimension`."""
        return [
            fact
            for fact in self.facts
            if set(fact.get("dims") or {}) == {dimension} and self._of(fact) == self._of(whole)
        ]

    @staticmethod
    def _of(fact: Fact) -> tuple[Any, ...]:
        scope = json.dumps(fact.get("scope") or {}, sort_keys=True)
        return fact["metric"], fact.get("basis"), fact.get("period"), fact.get("as_of"), scope
