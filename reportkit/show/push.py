"""Alerts as people read them: cells of a table, lines of a message to a group."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from reportkit.alerts.alert import Alert, Alerts
from reportkit.alerts.book import Book, read_book
from reportkit.alerts.incidents import GRAVITY
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.show.names import Names
from reportkit.show.numbers import is_missing
from reportkit.show.words import Words

__all__ = ["Said", "Teller"]

_MARKS = re.compile(r"([\\`*_\[\]<>#|~])")


@dataclass(frozen=True)
class Said:
    """One alert in words, part by part; a part that is not known is empty, `expected` is what its rule holds it to."""

    level: str
    what: str
    where: str
    actual: str
    expected: str
    low: str
    high: str
    n: str
    stake: str
    since: str
    owner: str
    state: str


class Teller:
    """Says alerts in the language of a project; what it says depends on them and on the names of things alone."""

    def __init__(self, metrics: Metrics) -> None:
        self.words = Words(metrics.project)
        self._project: Project = metrics.project
        self._book: Book = read_book(metrics.project)
        self._catalog = metrics.catalog
        self._names = Names(metrics.project, self.words, metrics.engine)

    def said(self, one: Alert) -> Said:
        """Return an alert part by part."""
        words, rule = self.words, self._book.rules[one.rule]
        low, high = one.band95
        return Said(
            level=words(f"alerts.level_{one.level}"), what=rule.name.name(words.lang),
            where=" ".join(self._named(name, value) for name, value in one.scope.items()),
            actual=self._amount(one, one.actual), expected=self._amount(one, one.expected),
            low=self._amount(one, low), high=self._amount(one, high),
            n="" if is_missing(one.n) else f"{one.n:,.0f}",
            stake="" if is_missing(one.stake) else str(words.amount(one.stake, "money")),
            since=words.day(one.first_seen), owner=self._owner(rule.owner), state=words(f"alerts.state_{one.state}"),
        )  # fmt: skip

    def push(self, found: Alerts, day: date, *, markdown: bool = False) -> str:
        """Return the message of a day: its alerts that are open, within the budget, or that there are none.

        Each incident stands in it once, what is told with another not at all.
        """
        words, shown = self.words, found.shown
        name, today = self._project.settings.name, words("dates.full_day", d=day, month=self._month(day))
        counts = Counter(one.level for one in shown)
        listed = [
            words("alerts.count", level=words(f"alerts.level_{level}"), count=counts[level])
            for level in GRAVITY
            if counts[level]
        ]
        head = words(
            f"alerts.head{'' if shown else '_none'}", project=name, day=today, counts=words.list(listed)
        )
        rest = [("rest", found.overflow), ("closed", len(found.closed))]
        tail = [words(f"alerts.{key}", count=count) for key, count in rest if count]
        lines = [self.line(one, markdown=markdown) for one in shown]
        return "\n".join([f"**{_plain(head)}**" if markdown else head, *lines, *tail])

    def line(self, one: Alert, *, markdown: bool = False) -> str:
        """Return an alert as one line of a message, its id at the end."""
        words, said, kind = self.words, self.said(one), self._book.rules[one.rule].kind
        key = f"alerts.told_{kind}"
        told = words(key if words.has(key) else "alerts.told", **vars(said), days=one.days)
        return words(
            "alerts.line_markdown" if markdown else "alerts.line",
            level=words("alerts.level", level=said.level, good=one.kind == "opportunity"),
            subject=words(
                "alerts.subject", name=said.what, where=_plain(said.where) if markdown else said.where
            ),
            body=words("alerts.body", **vars(said), told=told), id=one.id,
        )  # fmt: skip

    def _amount(self, one: Alert, value: float) -> str:
        if is_missing(value):
            return ""
        metric = one.metric.split(".")[0]
        noun = self._catalog[metric].noun if one.unit == "count" and metric in self._catalog else None
        return str(self.words.amount(value, one.unit, (noun or {}).get(self.words.lang, "")))

    def _named(self, dimension: str, value: str) -> str:
        key = f"quality.{dimension}_{value}"
        if dimension == "account":  # its name is not kept, the beginning of its id is
            return self.words("platform.line", kind=self.words("labels.dimension_account"), name=value[:6])
        return self.words(key) if self.words.has(key) else self._names(dimension, value)[0]

    def _owner(self, name: str) -> str:
        key = f"alerts.owner_{name}"
        return self.words(key) if self.words.has(key) else name

    def _month(self, day: date) -> str:
        return self.words(f"dates.month_{day.month}")


def _plain(text: str) -> str:
    """Return `text` as markdown shows it, whatever marks a name from a file may hold."""
    return _MARKS.sub(r"\\\1", text)
