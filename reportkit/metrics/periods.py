"""Periods: what ``2025-11`` or a promotion's id stands for, and which period it is compared with."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

from reportkit.engines import DuckDBEngine, quoted
from reportkit.errors import QueryError, suggest

__all__ = ["Kind", "Period", "bucket", "enclosing", "parse", "parse_day", "read_promos"]

Kind = Literal["day", "week", "month", "quarter", "year", "range", "promo"]

_FORMS = "2025-11, 2025-W46, 2025-Q4, 2025, 2025-11-11, 2025-11-01/2025-11-15"
_AFTERMATH = "恢复"
_WEEKDAYS_IN_YEAR = timedelta(days=364)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A span of whole days, `start` and `end` included.

    `reference` is the period a promotion compares itself with; `name` is the promotion's name.
    """

    id: str
    kind: Kind
    start: date
    end: date
    name: str = field(default="", compare=False)
    reference: Period | None = field(default=None, compare=False)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    def dates(self) -> list[date]:
        """Every day of it, in order."""
        return [self.start + timedelta(days=offset) for offset in range(self.days)]

    def label(self, lang: str) -> str:
        """Return what a reader calls it, in ``zh`` or ``en``."""
        week_year, week, _ = self.start.isocalendar()
        name = self.name if lang == "zh" and self.name else self.id
        return _labels()[lang][self.kind].format(
            start=self.start,
            end=self.end,
            week=week,
            week_year=week_year,
            quarter=_quarter(self.start),
            name=name,
        )

    def previous(self) -> Period | None:
        """Return the period before: the calendar's, or the span of equal length; None for a promotion."""
        if self.kind == "promo":
            return None
        if self.kind == "range":
            return _range(self.start - timedelta(days=self.days), self.start - _DAY)
        return enclosing(self.kind, self.start - _DAY)

    def last_year(self) -> Period | None:
        """Return the period a year before.

        Months, quarters, years and ranges keep their dates; days and weeks their weekday (364 days,
        or the ISO week of the same number); a promotion has the one its calendar refers to, or None.
        """
        match self.kind:
            case "promo":
                return self.reference
            case "day":
                return _day(self.start - _WEEKDAYS_IN_YEAR)
            case "week":
                return _week_last_year(self.start)
            case "range":
                return _range(_year_before(self.start), _year_before(self.end))
            case _:
                return enclosing(self.kind, _year_before(self.start))

    def twin(self, day: date, other: Period) -> date | None:
        """Return the day of `other` that `day` is compared with; None where it has none.

        Same date where both periods begin on the same date of different years, else the same number
        of days after the first.
        """
        same_dates = self.kind in ("month", "quarter", "year", "range") and (
            (self.start.month, self.start.day) == (other.start.month, other.start.day)
        )
        if same_dates:
            years = other.start.year - self.start.year
            found = _replace_year(day, day.year + years)
        else:
            found = other.start + (day - self.start)
        return found if found and other.start <= found <= other.end else None


def parse(text: str, promos: Mapping[str, Period] | None = None) -> Period:
    """Return the period that `text` names: a calendar form, or the id of one of `promos`.

    Raises QueryError that lists the accepted forms and the nearest promotion.
    """
    known = promos or {}
    if text in known:
        return known[text]
    try:
        found = _calendar(text)
    except ValueError as error:
        raise QueryError(f'period "{text}": {error}', todo=f"give one of {_FORMS}") from error
    if found is None:
        hint = f"; {suggest(text, known)}" if known else ""
        raise QueryError(f'"{text}" is not a period', todo=f"give one of {_FORMS} or a promotion's id{hint}")
    return found


def parse_day(value: str | date) -> date:
    """Return a day from ``2025-11-30`` or a date; QueryError where it is neither."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise QueryError(f'"{value}" is not a day', todo="give it as 2025-11-30") from error


def enclosing(kind: Kind, day: date) -> Period:
    """Return the day, week, month, quarter or year that `day` lies in."""
    match kind:
        case "day":
            return _day(day)
        case "week":
            return _week(day - timedelta(days=day.weekday()))
        case "month":
            return _months(f"{day.year}-{day.month:02d}", "month", day.year, day.month, 1)
        case "quarter":
            quarter = _quarter(day)
            return _months(f"{day.year}-Q{quarter}", "quarter", day.year, 3 * quarter - 2, 3)
        case _:
            return _months(f"{day.year:04d}", "year", day.year, 1, 12)


def bucket(kind: str, day: date) -> date:
    """Return the first day of the day, week or month that `day` lies in."""
    if kind == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if kind == "month" else day


def read_promos(engine: DuckDBEngine) -> dict[str, Period]:
    """Return the promotions of the lake by id, from the first phase's start to the last one's end.

    The phase after a promotion (恢复) is not part of it.
    """
    found = engine.rows(
        "SELECT promo_id, min(start_date), max(end_date), max(name), max(ref_promo_id) FROM promos "
        f"WHERE phase <> {quoted(_AFTERMATH)} GROUP BY promo_id ORDER BY min(start_date), promo_id"
    )
    spans = {row[0]: row for row in found}

    def promo(promo_id: str, reference: Period | None) -> Period:
        _, start, end, name, _ = spans[promo_id]
        return Period(promo_id, "promo", start, end, name or "", reference)

    return {
        promo_id: promo(promo_id, promo(row[4], None) if row[4] in spans and row[4] != promo_id else None)
        for promo_id, row in spans.items()
    }


def _calendar(text: str) -> Period | None:
    if found := re.fullmatch(r"(\d{4})-W(\d{2})", text):
        return _week(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", text):
        return enclosing("quarter", date(int(found[1]), 3 * int(found[2]), 1))
    if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return enclosing("month", date(int(found[1]), int(found[2]), 1))
    if found := re.fullmatch(r"(\d{4})", text):
        return enclosing("year", date(int(found[1]), 1, 1))
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return _day(date.fromisoformat(text))
    if found := re.fullmatch(r"(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})", text):
        return _range(date.fromisoformat(found[1]), date.fromisoformat(found[2]))
    return None


def _day(day: date) -> Period:
    return Period(day.isoformat(), "day", day, day)


def _week(monday: date) -> Period:
    year, week, _ = monday.isocalendar()
    return Period(f"{year}-W{week:02d}", "week", monday, monday + timedelta(days=6))


def _week_last_year(monday: date) -> Period:
    year, week, _ = monday.isocalendar()
    try:
        return _week(date.fromisocalendar(year - 1, week, 1))
    except ValueError:
        # Week 53 of a year after one of 52: the same weekdays 364 days before are the nearest dates.
        return _week(monday - _WEEKDAYS_IN_YEAR)


def _months(text: str, kind: Kind, year: int, month: int, count: int) -> Period:
    last = month + count - 1
    return Period(text, kind, date(year, month, 1), date(year, last, monthrange(year, last)[1]))


def _range(start: date, end: date) -> Period:
    if start > end:
        raise ValueError("it ends before it starts")
    return Period(f"{start.isoformat()}/{end.isoformat()}", "range", start, end)


def _quarter(day: date) -> int:
    return (day.month + 2) // 3


def _replace_year(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:
        return None


def _year_before(day: date) -> date:
    return _replace_year(day, day.year - 1) or date(day.year - 1, 2, 28)


@cache
def _labels() -> dict[str, dict[str, str]]:
    text = files(__package__).joinpath("labels.yaml").read_text(encoding="utf-8")
    labels: dict[str, dict[str, str]] = yaml.safe_load(text)
    return labels
