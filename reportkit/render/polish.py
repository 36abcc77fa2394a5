"""Whether a report looks and speaks as the house does: titles, units, sources, scales, texts, colours."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportkit.errors import QueryError
from reportkit.metrics.periods import parse
from reportkit.project import Project
from reportkit.render.finding import Finding, Lints, Rule
from reportkit.render.html import Rendered
from reportkit.render.lint import EMPTY_WORDS, lint_html
from reportkit.render.palette import strangers
from reportkit.render.svg import cut, drawn_badly, small
from reportkit.render.texts import Told, told
from reportkit.show.words import Words

__all__ = ["polish"]

_TITLED = ("verdict", "cards", "figure", "table")
_DIGIT = re.compile(r"\d")
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_FONT = re.compile(r"@font-face\s*{[^}]*}")


def polish(rendered: Rendered, project: Project) -> list[Finding]:
    """Return what in a rendered report is below the standard; empty where nothing is.

    docs/lints.md explains each rule, and how a display satisfies it. What an analyst made is held to
    a title, an alternative text, plain scales and readable texts only.
    """
    house = _House(project)
    found = [
        Finding(rule, each.where, problem)
        for each in told(rendered.sections)
        for rule, problem in house.check(each)
    ]
    styles = _FONT.sub("", "".join(_STYLE.findall(rendered.html)))
    found += [Finding("colours", "style sheet", problem) for problem in house.colours(styles)]
    found += [Finding("outside", "", problem) for problem in lint_html(rendered.html)]
    return list(dict.fromkeys(found))


class _House:
    """The standard of one project, in its language."""

    def __init__(self, project: Project) -> None:
        self._lints, self._words = Lints.read(project), Words(project)
        self._states = self._words("lint.states").split("|")
        self._units = _units(self._words)

    def check(self, each: Told) -> Iterator[tuple[Rule, str]]:
        """Yield every fault of one display, with the rule it breaks."""
        for word in sorted({word for text in each.texts for word in EMPTY_WORDS.findall(text)}):
            yield "missing", f'"{word}" is printed'
        yield from (("drawing", problem) for problem in drawn_badly(each, self._lints.slices))
        yield from (("text", problem) for problem in (*cut(each), *small(each, self._lints.smallest)))
        yield from (("alt", problem) for problem in self._alt(each))
        if not each.own:
            yield from (("title", problem) for problem in self._title(each))
            yield from (("told", problem) for problem in self._told(each))
            yield from (("evidence", problem) for problem in self._evidence(each))
            yield from (("colours", problem) for problem in self.colours(str(each.display.html)))

    def colours(self, markup: str) -> list[str]:
        """Return the colours of `markup` that are not the house's, as sentences."""
        return [f"{color} belongs to no palette" for color in strangers(markup, self._lints.colours)]

    def _is_state(self, text: str) -> bool:
        return any(word in text for word in self._states)

    def _alt(self, each: Told) -> Iterator[str]:
        if each.display.kind in (*_TITLED, "custom") and not each.display.alt.strip():
            yield "it has no alternative text"
        if any(not (figure.get("aria-label") or "").strip() for figure in each.tree.iter("figure")):
            yield "a figure in it has no alternative text"

    def _title(self, each: Told) -> Iterator[str]:
        title = each.display.title
        if each.display.kind in _TITLED and not _DIGIT.search(title) and not self._is_state(title):
            yield "its title holds no number, and no word for a state without one"

    def _told(self, each: Told) -> Iterator[str]:
        """Yield what a reader cannot tell of the numbers: whence, in what unit, of which days, of how much."""
        display = each.display
        if display.kind not in ("cards", "figure") or self._is_state(display.title):
            return
        if not display.facts:
            yield "no evidence code says where its numbers come from"
        for fact in display.facts:
            lacks = [name for name in ("unit", "period", "as_of", "rows", "files") if fact.get(name) is None]
            if lacks:
                yield f"{fact['code']} does not say its {', '.join(lacks)}"
        words = " ".join(each.texts)
        if any(fact.get("unit") != "ratio" for fact in display.facts) and not self._units.search(words):
            yield "no unit is printed"
        own = each.section.closing.get("period")
        for period in sorted({str(fact.get("period")) for fact in display.facts} - {str(own)}):
            if not any(mark in words for mark in self._marks(period)):
                yield f"it shows {period} and does not say so"

    def _marks(self, period: str) -> list[str]:
        """Return the ways in which a text may name `period`; anything goes for a promotion."""
        try:
            span = parse(period)
        except QueryError:
            return [""]
        words, ends = self._words, (span.start, span.end)
        days = [text for day in ends for text in (words.day(day), str(day.year), words("lint.month", d=day))]
        return [span.label(words.lang), *days]

    def _evidence(self, each: Told) -> Iterator[str]:
        """Yield the findings that give a number and no code."""
        for element in each.tree.iter():
            classes = (element.get("class") or "").split()
            text = element.text_content() if {"sentence", "finding"} & set(classes) else ""
            if _DIGIT.search(text) and not self._is_state(text) and not list(element.iter("sup")):
                yield f'"{" ".join(text.split())[:24]}" carries no evidence code'


def _units(words: Words) -> re.Pattern[str]:
    """Return what any unit of the language looks like."""
    numbers = words.numbers.words
    known = {scale.word for scale in numbers.scales} | {*numbers.units.values(), numbers.points.strip()}
    for currency in numbers.currencies.values():
        known |= {currency.before, currency.after}
    return re.compile("|".join(re.escape(unit) for unit in sorted(known - {""}, key=len, reverse=True)))
