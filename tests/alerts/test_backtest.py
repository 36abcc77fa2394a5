"""What the rules would have told: by rule and month, how much of it in promotions, as the morning check would say it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from reportkit.alerts import alerts
from reportkit.alerts.alert import Signal
from reportkit.alerts.backtest import Backtest, backtest
from reportkit.alerts.calendar import COMPANY
from reportkit.alerts.incidents import incidents
from reportkit.demo.tables import write_tables
from reportkit.demo.world import World
from reportkit.engines import DuckDBEngine
from reportkit.errors import QueryError
from reportkit.lake import Lake
from reportkit.metrics.periods import parse
from reportkit.metrics.query import Metrics
from tests.alerts.still import BOOK
from tests.projects import make_shop

DAY = timedelta(days=1)


def test_incidents_are_counted_by_the_month_in_which_they_were_told() -> None:
    """Two on Tmall, one of them beginning in August and told in September; a promotion covers three of its days."""
    seen = [("AL-F1", date(2026, 8, 31) + place * DAY, False) for place in range(4)]
    seen += [("AL-F1", date(2026, 9, 20), True), ("AL-T1", date(2026, 9, 30), True)]
    signals = [
        Signal(rule, (("platform", "tmall"),), day, "warn", -1, 1.0, 2.0, 3.0, at_once=at_once)
        for rule, day, at_once in seen
    ]
    usual = pd.DataFrame(True, pd.date_range("2026-08-01", "2026-09-30"), ["tmall", COMPANY])
    usual.loc["2026-08-31":"2026-09-02", "tmall"] = False  # type: ignore[misc]
    found = Backtest(
        parse("2026-08-01/2026-09-30"), date(2026, 9, 30), {}, BOOK, tuple(incidents(signals, BOOK.persist)), usual,
        {"AL-R5": ("product_reviews",)},
    )  # fmt: skip
    assert [date(2026, 8, 1), date(2026, 9, 1)] == list(found.months.columns)
    assert [0, 2] == list(found.months.loc["AL-F1"])
    assert [0, 1] == list(found.months.loc["AL-T1"])
    assert "AL-R5" not in found.months.index
    assert {"told": 2, "days": 5, "special": 3} == dict(found.table.loc["AL-F1"])
    assert {"told": 0, "days": 0, "special": 0} == dict(found.table.loc["AL-S1"])
    assert 3 == found.figure("told").value
    assert ["day", "month", "today"] == [found.judged_on(rule) for rule in ("AL-F1", "AL-T1", "AL-G3")]


def test_it_tells_what_the_checks_of_those_days_would_have(tmp_path: Path) -> None:
    """Of the small merchant: the same incidents of daily rules, and month by month what a check of its last day says."""
    project = make_shop(tmp_path / "shop", {})
    write_tables(project, World.build("small", months=3))
    metrics = Metrics(project, DuckDBEngine(Lake(project.lake), keep_views=True))
    found = backtest(metrics)
    first, last = metrics.coverage.trading["tmall"][0], metrics.last_day
    assert (first, last) == (found.period.start, found.period.end)
    daily = {one.id for one in found.found if found.judged_on(one.last.rule) == "day"}
    every = [
        one for one in alerts(metrics, since=first).found if one.rule != "AL-G2" or one.first_seen > first
    ]
    assert daily == {one.id for one in every if not one.parent and found.judged_on(one.rule) == "day"}
    august = alerts(metrics, date(2026, 8, 31)).found
    monthly = {one.id for one in august if not one.parent and found.judged_on(one.rule) == "month"}
    assert monthly
    assert monthly == {
        one.id
        for one in found.found
        if found.judged_on(one.last.rule) == "month" and one.last.day == date(2026, 8, 31)
    }
    alone = backtest(metrics, scope={"platform": ["tmall"]})
    assert {"tmall"} >= {dict(one.last.scope)["platform"] for one in alone.found}
    metrics.engine.close()


def test_an_empty_lake_has_no_history(tmp_path: Path) -> None:
    """It is said, rather than a page of zeros shown."""
    project = make_shop(tmp_path / "empty", {})
    with pytest.raises(QueryError, match="no orders yet"):
        backtest(Metrics(project, DuckDBEngine(Lake(project.lake))))
