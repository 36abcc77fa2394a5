"""Periods: reading them, naming them, and finding what they are compared with."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.errors import QueryError
from reportkit.metrics.periods import Period, bucket, enclosing, parse, parse_day

_PROMO = Period("618-2025", "promo", date(2025, 5, 13), date(2025, 6, 20), "2025年618")


@pytest.mark.parametrize(
    ("text", "kind", "start", "end"),
    [
        ("2025-11", "month", date(2025, 11, 1), date(2025, 11, 30)),
        ("2024-02", "month", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-W46", "week", date(2025, 11, 10), date(2025, 11, 16)),
        ("2020-W53", "week", date(2020, 12, 28), date(2021, 1, 3)),
        ("2025-Q4", "quarter", date(2025, 10, 1), date(2025, 12, 31)),
        ("2025", "year", date(2025, 1, 1), date(2025, 12, 31)),
        ("2025-11-11", "day", date(2025, 11, 11), date(2025, 11, 11)),
        ("2025-11-01/2025-11-15", "range", date(2025, 11, 1), date(2025, 11, 15)),
        ("618-2025", "promo", date(2025, 5, 13), date(2025, 6, 20)),
    ],
)
def test_every_form_is_read(text: str, kind: str, start: date, end: date) -> None:
    """Each form gives its kind, its first and its last day, and keeps its text as id."""
    found = parse(text, {"618-2025": _PROMO})
    assert (found.id, found.kind, found.start, found.end) == (text, kind, start, end)


@pytest.mark.parametrize(
    "text", ["", "2025-13", "2025-W54", "2021-W53", "2025-Q5", "25-11", "2025-02-30", "2025-11-15/2025-11-01"]
)
def test_what_is_no_period_is_refused_with_the_forms(text: str) -> None:
    """The message repeats what was given and lists the accepted forms."""
    with pytest.raises(QueryError, match="2025-W46") as error:
        parse(text)
    assert f'"{text}"' in str(error.value)


def test_a_misspelt_promotion_is_suggested() -> None:
    """A name near to a promotion's id is answered with that id."""
    with pytest.raises(QueryError, match='did you mean "618-2025"'):
        parse("618_2025", {"618-2025": _PROMO})


def test_a_day_is_read_from_text_or_date() -> None:
    """as_of may be text or a date, and nothing else."""
    assert parse_day("2025-11-30") == parse_day(date(2025, 11, 30)) == date(2025, 11, 30)
    with pytest.raises(QueryError, match="2025-11-30"):
        parse_day("30.11.2025")


@pytest.mark.parametrize(
    ("text", "previous", "last_year"),
    [
        ("2025-11", "2025-10", "2024-11"),
        ("2025-01", "2024-12", "2024-01"),
        ("2025-Q1", "2024-Q4", "2024-Q1"),
        ("2025", "2024", "2024"),
        ("2025-11-11", "2025-11-10", "2024-11-12"),
        ("2025-W46", "2025-W45", "2024-W46"),
        ("2021-W01", "2020-W53", "2020-W01"),
        ("2020-W53", "2020-W52", "2020-W01"),
        ("2025-11-01/2025-11-15", "2025-10-17/2025-10-31", "2024-11-01/2024-11-15"),
        ("2024-02-29/2024-03-01", "2024-02-27/2024-02-28", "2023-02-28/2023-03-01"),
    ],
)
def test_what_a_period_is_compared_with(text: str, previous: str, last_year: str) -> None:
    """Months keep dates, weeks and days keep weekdays, a range takes the span before it."""
    before, year_before = parse(text).previous(), parse(text).last_year()
    assert before is not None
    assert year_before is not None
    assert (before.id, year_before.id) == (previous, last_year)


def test_a_promotion_is_compared_with_the_one_it_refers_to() -> None:
    """A promotion has no previous period; its last year is its reference."""
    now = Period("618-2025", "promo", date(2025, 5, 13), date(2025, 6, 20), reference=parse("2024-06"))
    assert now.previous() is None
    assert now.last_year() == parse("2024-06")


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("2025-11", "2025年11月", "November 2025"),
        ("2025-W46", "2025年第46周", "Week 46, 2025"),
        ("2024-W01", "2024年第1周", "Week 1, 2024"),
        ("2025-Q4", "2025年第4季度", "Q4 2025"),
        ("2025", "2025年", "2025"),
        ("2025-11-11", "2025年11月11日", "11 November 2025"),
        ("2025-11-01/2025-11-15", "2025年11月1日至2025年11月15日", "1 November 2025 – 15 November 2025"),
        ("618-2025", "2025年618", "618-2025"),
    ],
)
def test_labels(text: str, zh: str, en: str) -> None:
    """A period has a name in both languages; an English one holds no Chinese."""
    found = parse(text, {"618-2025": _PROMO})
    assert (found.label("zh"), found.label("en")) == (zh, en)


def test_days_meet_their_twins() -> None:
    """The same date a year before; 29 February has no twin in a year without."""
    leap, before = parse("2024-02"), parse("2023-02")
    assert leap.twin(date(2024, 2, 28), before) == date(2023, 2, 28)
    assert leap.twin(date(2024, 2, 29), before) is None
    year, last = parse("2024"), parse("2023")
    assert year.twin(date(2024, 3, 1), last) == date(2023, 3, 1)
    november, october = parse("2025-11"), parse("2025-10")
    assert november.twin(date(2025, 11, 30), october) == date(2025, 10, 30)
    promo = Period("a", "promo", date(2025, 10, 20), date(2025, 11, 11))
    other = Period("b", "promo", date(2024, 10, 21), date(2024, 11, 11))
    assert promo.twin(date(2025, 10, 22), other) == date(2024, 10, 23)
    assert promo.twin(date(2025, 11, 11), other) is None


@given(
    st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.sampled_from(["day", "week", "month", "quarter", "year"])
)
def test_calendar_periods_tile_the_calendar(day: date, kind: str) -> None:
    """Whatever the day: its period holds it, the one before ends on the eve, and its id reads back."""
    found = enclosing(kind, day)  # type: ignore[arg-type]
    assert found.start <= day <= found.end
    before = found.previous()
    assert before is not None
    assert before.end == found.start - timedelta(days=1)
    assert parse(found.id) == found
    assert len(found.dates()) == found.days


@given(st.dates(date(2000, 1, 3), date(2060, 1, 1)))
def test_last_year_keeps_weekdays_of_weeks_and_days(day: date) -> None:
    """A day or a week a year before begins on the same weekday, 51 to 53 weeks earlier."""
    for kind in ("day", "week"):
        found = enclosing(kind, day)  # type: ignore[arg-type]
        before = found.last_year()
        assert before is not None
        assert (found.start - before.start).days in (364, 371)
        assert before.days == found.days


def test_buckets() -> None:
    """A day falls into the week of its Monday and the month of its first."""
    day = date(2025, 11, 2)
    assert [bucket(kind, day) for kind in ("day", "week", "month")] == [
        day,
        date(2025, 10, 27),
        date(2025, 11, 1),
    ]
