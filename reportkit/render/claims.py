"""What sentences and figures say of a metric or of a part, held against the facts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from reportkit.render.finding import Finding
from reportkit.render.known import AMOUNTS, Fact, Known
from reportkit.render.printed import Number
from reportkit.render.speech import COMPARED, Speech

__all__ = ["Claims"]

_BESIDE = ("value", "previous", "last_year", "target")
# A share may be rounded up or down by one in its last place, so that all of them make 100.0 %.
_WHOLE_PLACE = 2.0
_LISTED = 3


class Claims:
    """Holds what is said against what is `known`."""

    def __init__(self, known: Known, speech: Speech) -> None:
        self._known, self._speech = known, speech

    def of(self, where: str, sentences: Iterable[str], facts: list[Fact]) -> Iterator[Finding]:
        """Yield what `sentences` say otherwise than `facts`, those of their display, and the totals of the report."""
        for sentence in sentences:
            for check in (self._values, self._growths, self._parts):
                for said, problem in check(sentence, facts):
                    yield Finding("printed", where, f'"{said}", but {problem}')

    def rows(self, where: str, rows: Sequence[str], facts: list[Fact]) -> Iterator[Finding]:
        """Yield the rows of a figure that say otherwise than `facts`, where each part has one row."""
        found = [(row, part) for row in rows for part, _, _ in self._speech.parts(row)]
        named = {name for fact in facts for name in self._known.members(fact)}
        if len(found) == len(named) and {part for _, part in found} == named:
            for row, _ in found:
                for said, problem in self._parts(row, facts):
                    yield Finding("printed", where, f'"{said}", but {problem}')

    def _values(self, sentence: str, facts: list[Fact]) -> Iterator[tuple[str, str]]:
        for subject, number, said in self._speech.values(sentence):
            meant = [fact for fact in self._speech.meant(subject, facts) if self._known.fits(number, fact)]
            values = [*_values_of(meant), *self._added(meant)]
            if meant and not any(number.says(value) for value in values):
                yield said, f"published is {_listed(meant)}"

    def _added(self, meant: list[Fact]) -> Iterator[float]:
        """Yield the sums of parts: a sentence may add up what its display shows."""
        groups: dict[tuple[str, ...], list[float]] = {}
        for fact in meant:
            if fact.get("dims") and self._known.is_additive(fact) and fact["value"] is not None:
                groups.setdefault(tuple(fact["dims"]), []).append(fact["value"])
        return map(math.fsum, groups.values())

    def _growths(self, sentence: str, facts: list[Fact]) -> Iterator[tuple[str, str]]:
        for subject, compared, rate, said in self._speech.growths(sentence):
            meant = [fact for fact in self._speech.meant(subject, facts) if fact.get("unit") in AMOUNTS]
            growths = [fact[COMPARED[compared]] for fact in meant if fact.get(COMPARED[compared]) is not None]
            if growths and not any(rate.says(each) or rate.says(-each) for each in growths):
                yield said, f"published is {' or '.join(f'{each:.4%}' for each in growths[:_LISTED])}"

    def _parts(self, sentence: str, facts: list[Fact]) -> Iterator[tuple[str, str]]:
        """Check the number behind the name of a part, where all facts beside it cut one metric one way."""
        cut = [fact for fact in facts if fact.get("dims")]
        ways = {(fact["metric"], fact.get("basis"), *fact["dims"]) for fact in cut}
        if len(ways) != 1 or len(cut[0]["dims"]) != 1:
            return
        for part, number, said in self._speech.parts(sentence):
            own = [fact for fact in cut if part in self._known.members(fact)]
            if problem := self._part(number, own, cut):
                yield said, problem

    def _part(self, number: Number, own: list[Fact], cut: list[Fact]) -> str:
        fitting = [fact for fact in own if self._known.fits(number, fact)]
        if fitting:
            said = any(number.says(fact.get(name)) for fact in fitting for name in _BESIDE)
            return "" if said else f"published is {_listed(fitting)}"
        if number.kind != "percent" or not own or not all(map(self._known.is_additive, own)):
            return ""
        rates = [rate for fact in own for rate in self._rates(fact, cut)]
        if any(number.says(rate, _WHOLE_PLACE) for rate in rates) or not self._known.is_whole(cut):
            return ""
        return f"its share of the published total is {rates[0]:.4%}" if rates else ""

    def _rates(self, fact: Fact, cut: list[Fact]) -> Iterator[float]:
        """Yield what a percentage beside a part may be: its share of the total, its growth, its attainment."""
        totals = [math.fsum(_values_of(cut)), *_values_of(self._known.totals(fact))]
        yield from (fact["value"] / total for total in totals if total and fact["value"] is not None)
        yield from (
            abs(fact[name]) for name in (*COMPARED.values(), "attainment") if fact.get(name) is not None
        )


def _values_of(facts: Iterable[Fact]) -> list[float]:
    return [fact["value"] for fact in facts if fact["value"] is not None]


def _listed(facts: list[Fact]) -> str:
    said = [
        f"{'missing' if fact['value'] is None else format(fact['value'], ',.12g')} ({fact['code']})"
        for fact in facts
    ]
    return " or ".join(list(dict.fromkeys(said))[:_LISTED]) + (" …" if len(said) > _LISTED else "")
