"""Which days are like any other."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reportkit.alerts.calendar import COMPANY, Calendar
from tests.alerts.still import BOOK


class Promos:
    """A lake with one promotion: everywhere, and longer on JD."""

    def frame(self, sql: str) -> pd.DataFrame:
        """Return the promotions, whatever is asked."""
        rows = [
            ("all", "预热", "2025-11-05", "2025-11-07"),
            ("all", "爆发1", "2025-11-08", "2025-11-11"),
            ("jd", "返场", "2025-11-12", "2025-11-13"),
        ]
        return pd.DataFrame(rows, columns=["platform", "phase", "start_date", "end_date"])

    @property
    def engine(self) -> Promos:
        """It is its own engine."""
        return self


def calendar(first: str, last: str) -> Calendar:
    """Return the calendar of some days."""
    metrics: Any = Promos()
    return Calendar(metrics, pd.date_range(first, last, name="day"), BOOK.around)


def ends(days: pd.Series) -> tuple[str, str]:
    """Return the first and last day on which something holds."""
    found = days.index[days]
    return f"{found[0]:%m-%d}", f"{found[-1]:%m-%d}"


def test_promotions_and_the_days_around_them_do_not_count() -> None:
    """Two days to either side, longer where a platform's own is; the company is out wherever one platform is."""
    out = ~calendar("2025-11-01", "2025-12-20").usable(["tmall", "jd"])
    assert ("11-03", "11-13") == ends(out["tmall"])
    assert ("11-03", "11-15") == ends(out["jd"]) == ends(out[COMPANY])


def test_nothing_is_judged_while_a_promotion_is_recovered_from() -> None:
    """For 28 days after its height, although these days count again."""
    told = calendar("2025-11-01", "2025-12-20")
    quiet = ~told.judged(["tmall", "jd"])
    assert ("11-03", "12-09") == ends(quiet["tmall"])
    assert ("11-03", "12-11") == ends(quiet["jd"])
    assert told.usable(["tmall"]).loc["2025-11-20", "tmall"]


def test_holidays_do_not_count_and_worked_sundays_are_weekdays() -> None:
    """National Day 2025 is eight days off; Sunday the 28th of September is worked for it."""
    told = calendar("2025-09-20", "2025-10-31")
    assert ("10-01", "10-08") == ends(~told.usable([])[COMPANY])
    assert 4 == told.weekday["2025-09-28"]
    assert 6 == told.weekday["2025-09-21"]


def test_spring_festival_reaches_two_weeks_to_either_side() -> None:
    """Its days off are told by the state; trade stands still for longer."""
    out = ~calendar("2026-01-10", "2026-03-20").usable([])[COMPANY]
    assert ("02-01", "03-09") == ends(out)


def test_a_year_nobody_knows_yet_is_named() -> None:
    """Its holidays are not known: it has none, and that is said."""
    told = calendar("2025-12-01", "2099-01-05")
    assert 2099 in told.unknown_years
    assert 2026 not in told.unknown_years
