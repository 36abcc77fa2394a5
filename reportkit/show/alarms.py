"""F What should be looked at: the alerts of a board, the gravest first, those of one rule in one row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from math import isfinite
from typing import TYPE_CHECKING

from reportkit.quality.figure import Figure
from reportkit.show.blocks import alt, money, period_name
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.platform.said import line_name

if TYPE_CHECKING:
    from reportkit.advice.findings import Findings
    from reportkit.alerts import Alert

__all__ = ["BOARDS", "LINES", "about_what", "alarms"]

BOARDS = {"overview": "1", "platform": "2", "product": "3", "service": "4"}
"""The number of each board's page."""
LINES = ("account", "product_line", "campaign")
"""What a line of advertising is known by."""
_LEVELS = ("critical", "warn", "info")
_TONES = {"critical": "bad", "warn": "watch", "info": "plain", "opportunity": "good"}
_WIDTHS = (8, 33, 25, 10, 13, 11)
_CHANCES = 2  # rows of what rises
_LASTS = timedelta(days=2)  # an alert whose last day lies no further back is not over


@dataclass(frozen=True)
class _Row:
    """The alerts of one rule and kind, the gravest first."""

    every: tuple[Alert, ...]

    @property
    def first(self) -> Alert:
        return self.every[0]


def alarms(found: Findings | None, board: str, size: str = "left") -> Display:
    """List the alerts of a board, with what was seen, what is usual, the money, since when and whose they are."""
    block = f"{BOARDS[board]}.F"
    return Display("table", lambda pen: _draw(pen, found, board), size, block=block)


def _draw(pen: Pen, found: Findings | None, board: str) -> Drawn:
    words = pen.words
    if found is None:
        return Drawn("", "")
    rows = _rows(found.risks(board))
    # The first page warns; what rises stands on the boards.
    good = [] if board == "overview" else _rows(found.chances(board))[:_CHANCES]
    most = pen.rules.alarms_shown[board] - len(good)
    shown = [*rows[:most], *good]
    amounts = words.numbers.column([one.first.stake for one in shown], "money")
    heads = [
        words(f"alarms.{head}", unit=amounts.unit)
        for head in ("level", "what", "seen", "stake", "since", "owner")
    ]
    cells = [
        [
            _leveled(pen, row.first), _what(pen, found, row), _seen(pen, row.first), stake,
            _since(pen, found, row.first), words(f"alerts.owner_{row.first.owner}"),
        ]
        for row, stake in zip(shown, amounts.texts, strict=True)
    ]  # fmt: skip
    tones = {(place, 0): _TONES[_level(row.first)] for place, row in enumerate(shown)}
    listing = Listing(heads, cells, numbers=(3,), tones=tones, widths=_WIDTHS)
    marks = [pen.prove(found, figure) for row in shown for figure in _figures(row.first)]
    title = _title(pen, found, rows)
    # The first page says its period once, and has no line to spare.
    brief = board == "overview" or not shown
    subtitle = (
        "" if brief else words("alarms.subtitle", period=period_name(pen, found), day=words.day(found.last))
    )
    rest = _rest(pen, found, board, rows[most:])
    drawn = listed(pen, title, listing, marks=marks, subtitle=subtitle, rest=rest)
    return Drawn(drawn.html, title, alt(pen, title, "list", [" ".join(row[:3]) for row in cells]), subtitle)


def _rows(risks: list[Alert]) -> list[_Row]:
    """Return alerts by rule, in the order of the gravest of each."""
    place: dict[str, int] = {}
    for one in risks:
        place.setdefault(one.rule, len(place))
    ordered = sorted(risks, key=lambda one: place[one.rule])
    return [_Row(tuple(every)) for _, every in groupby(ordered, key=lambda one: one.rule)]


def about_what(pen: Pen, scope: dict[str, str]) -> str:
    """Return what a reader calls the part of the business that `scope` names."""
    if not scope:
        return pen.words("alarms.company")
    return pen.words("alarms.joined", items=[_part(pen, name, value) for name, value in scope.items()])


def _part(pen: Pen, name: str, value: str) -> str:
    if name == "table":
        return pen.said("table", value)
    return line_name(pen, name, value) if name in LINES else pen.name(name, value)


def _level(one: Alert) -> str:
    return one.level if one.kind == "risk" else one.kind


def _leveled(pen: Pen, one: Alert) -> str:
    """Return an alert's level, and what became of it once somebody has said so."""
    state = "" if one.state == "new" else pen.words(f"alerts.state_{one.state}")
    return pen.words("alarms.leveled", level=pen.words(f"alerts.level_{_level(one)}"), state=state)


def _what(pen: Pen, found: Findings, row: _Row) -> str:
    parts = list(dict.fromkeys(about_what(pen, dict(one.scope)) for one in row.every))
    name = found.names[row.first.rule].name(pen.words.lang)
    return pen.words("alarms.where", name=name, part=parts[0], more=len(parts) - 1)


def _seen(pen: Pen, one: Alert) -> str:
    """Return what was seen, and the band it should lie in, else what it is held against."""
    actual, expected = (pen.words.amount(value, one.unit) for value in (one.actual, one.expected))
    if isfinite(one.band95[0]) and isfinite(one.band95[1]):
        return pen.words("alarms.band", actual=actual, band=_range(pen, one))
    return pen.words("alarms.against", actual=actual, expected=expected)


def _range(pen: Pen, one: Alert) -> str:
    """Return the band that the value should lie in, its unit told once where it can."""
    column = pen.words.numbers.column(one.band95, one.unit)
    if one.unit not in ("money", "count"):
        return pen.words("alarms.between", low=column.texts[0], high=column.texts[1], unit=column.unit)
    low, high = (pen.words.amount(end, one.unit) for end in one.band95)
    return pen.words("alarms.between", low=low, high=high, unit="")


def _since(pen: Pen, found: Findings, one: Alert) -> str:
    words = pen.words
    if one.date + _LASTS >= found.last:
        return words("alarms.open", first=words.day(one.first_seen))
    if one.first_seen == one.date:
        return words.day(one.date)
    return words("alarms.over", first=words.day(one.first_seen), last=words.day(one.date))


def _figures(one: Alert) -> list[Figure]:
    """Return the numbers of an alert, each with its rows."""
    dims = {"rule": one.rule, **one.scope, "day": one.date.isoformat()}
    told = {"actual": one.actual, "expected": one.expected}
    if isfinite(one.band95[0]) and isfinite(one.band95[1]):
        told |= {"low": one.band95[0], "high": one.band95[1]}
    found = [
        Figure(f"alert.{name}", float(value), one.unit, dims, one.rows_sql) for name, value in told.items()
    ]
    if isfinite(one.stake):
        found.append(Figure("alert.stake", float(one.stake), "money", dims, one.rows_sql))
    return [figure for figure in found if isfinite(figure.value)]


def _title(pen: Pen, found: Findings, rows: list[_Row]) -> str:
    words = pen.words
    if not rows:
        return words("alarms.none")
    first, every = rows[0].first, [one for row in rows for one in row.every]
    return words(
        "alarms.title", count=len(every), critical=sum(one.level == "critical" for one in every),
        name=found.names[first.rule].name(words.lang), part=about_what(pen, dict(first.scope)), seen=_seen(pen, first),
        stake=money(pen, first.stake) if isfinite(first.stake) else "",
    )  # fmt: skip


def _rest(pen: Pen, found: Findings, board: str, hidden: list[_Row]) -> str:
    """Return how many more there are, which rules nothing fed, and on how many days nothing was judged."""
    more = [one for row in hidden for one in row.every]
    levels = [
        pen.words("alarms.more_level", level=pen.words(f"alerts.level_{level}"), count=count)
        for level in _LEVELS
        if (count := sum(one.level == level for one in more))
    ]
    return pen.words(
        "alarms.rest", more=len(more), levels=pen.words.list(levels), unfed=len(found.alerts.unevaluated),
        resting=found.alerts.resting, closed=found.closed(board),
    )  # fmt: skip
