"""Refunds and what they come to, cases, faulty products, delays and scores of a merchant known to the last order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.projected import ALL
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.study import Study
from reportkit.study.faults import above_others
from tests.study.returning import returning


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Study]:
    """Study the merchant whose refunds are known; options are the study's own."""
    project: Project = returning(tmp_path_factory.mktemp("returning") / "shop")
    metrics = Metrics(project, DuckDBEngine(Lake(project.lake), keep_views=True))

    def study(**options: object) -> Study:
        span = metrics.period("2025-09")
        return Study(project, metrics, span, span.end, **options)  # type: ignore[arg-type]

    return study


@pytest.fixture(scope="module")
def study(shop: Callable[..., Study]) -> Study:
    """September, seen on its last day."""
    return shop()


def test_refunds_come_to_what_they_always_do(study: Study) -> None:
    """600 orders of 100 yuan each: on Tmall 28 days brought the first refund and 20 the second, 60 in the end."""
    table = study.refunds.table
    assert {"tmall": 0.1, "douyin": 0.2, ALL: 0.15} == pytest.approx(table["rate"].to_dict())
    assert {"tmall": 48 / 600, "douyin": 88 / 600, ALL: 136 / 1200} == pytest.approx(table["seen"].to_dict())
    assert (table["low"] <= table["final"] + 1e-6).all()
    assert (table["final"] <= table["high"] + 1e-6).all()
    assert ["douyin", "tmall"] == list(study.refunds.platforms.index)


def test_curves_meet_at_the_same_age(study: Study) -> None:
    """Half of September is 15 days old or more: by then all is back, as on every day before."""
    told = study.refund_curves
    assert told is not None
    assert 15 == told.age
    assert {"now": 0.15, "normal": 0.15} == pytest.approx({name: f.value for name, f in told.figures.items()})
    assert [0.05, 0.05] == pytest.approx(list(told.table.loc[[2, 9], "now"]))
    assert told.table["path"].isna().all()  # nothing is to come


def test_whose_refunds_exceed_its_share(study: Study) -> None:
    """Douyin has half the sales and two thirds of the refunds."""
    told = study.refund_weights
    assert told is not None
    assert ("platform", 4 / 3, 2 / 3) == pytest.approx((told.dimension, *told.table["index"]))


def test_a_single_platform_is_told_by_its_products(shop: Callable[..., Study]) -> None:
    """One platform, one shop, one category: the first dimension with two parts are products, two of which come back."""
    told = shop(scope={"platform": ["tmall"]}).refund_weights
    assert told is not None
    assert ("style", {"tmall:P0", "tmall:P1"}) == (told.dimension, set(told.table.index[:2]))


def test_hours_of_cases(study: Study) -> None:
    """As many cases take 12 hours as 60 on Tmall; on Douyin three of four take 60."""
    spread = study.handling.spread
    assert [60.0, 60.0] == pytest.approx(list(spread["p90"]))
    assert [60.0, 36.0] == pytest.approx(
        [spread.loc["douyin", "median"], spread.loc["tmall", "median"]], abs=25
    )
    row = spread.loc["tmall"]
    assert row["n"] == row["in_time"] + row["late"]
    assert 100.0 * row["late"] == row["late_amount"]


def test_open_cases_by_age(study: Study) -> None:
    """Two for a day, one for twenty."""
    told = study.handling
    assert [2, 0, 0, 0, 1] == list(told.open.loc["tmall"])
    assert (3, 1, 100) == tuple(told.waiting(name).value for name in ("open", "overdue", "overdue_amount"))


def test_the_faulty_product_is_listed(study: Study) -> None:
    """Four orders of every day are of P1, and one of them comes back for its quality: 20 of 120 are in."""
    listed = study.faults.listed
    assert {"tmall:P1", "douyin:P1"} == set(listed.index)
    assert [(120, 20, 1 / 6)] * 2 == [tuple(row) for row in listed[["n", "k", "rate"]].to_numpy()]
    assert ["douyin:P3"] == list(study.mismatches.listed.index)


def test_a_day_of_few_orders_lists_nothing(study: Study) -> None:
    """Its products have too few orders to be judged, though some of them came back faulty."""
    day = replace(study, period=study.metrics.period("2025-09-11"))
    assert day.faults.table.empty
    assert day.faults.listed.empty


def test_what_a_faulty_product_costs_lies_in_its_range(study: Study) -> None:
    """Of Tmall's 12,000 yuan of P1 a quarter comes back, of all other products 20 of 3,600 orders a day's first."""
    row = study.faults.table.loc["tmall:P1"]
    others = (28 + 28 + 20 * 3) / (28 + 20 + 28 + 20 * 3)
    assert row["over_low"] < row["over"] < row["over_high"]
    assert 0 < row["over"] < 3000 * others + 1


def test_rare_cases_are_no_fault() -> None:
    """One of 40 where others have none is chance; 12 of 40 are not. Fewer than 30 orders are not judged."""
    n = pd.Series({"calm": 400, "chance": 40, "faulty": 40, "few": 20})
    k = pd.Series({"calm": 4, "chance": 1, "faulty": 12, "few": 10})
    found = above_others(k, n, pd.Series("one", index=n.index), 30, 0.1, 1.5)
    assert {"calm": False, "chance": False, "faulty": True} == found["listed"].to_dict()
    assert (1 + 0.5) / 41 == pytest.approx(found.loc["calm", "usual"])  # the faulty ones tell nothing of it


def test_orders_held_up_are_found(study: Study) -> None:
    """Three days left after 96 hours and not 24; Douyin, which tells only completion, had none."""
    (delay,) = study.delays.found
    assert ("tmall", "shipped_at", 57) == (delay.platform, delay.step, delay.orders)
    assert ["2025-09-10", "2025-09-12"] == [day.isoformat() for day in (delay.first, delay.last)]
    assert (96.0, 72.0) == pytest.approx((delay.hours, delay.longer), abs=0.05)
    assert delay.low <= 72.0 <= delay.high
    assert "completed_at" == study.delays.steps["douyin"]


def test_a_score_that_falls(study: Study) -> None:
    """From 4.8 to 4.6 is more than 0.05; 90 of 100 stays."""
    table = study.satisfaction.table
    assert [False, True] == list(table["fallen"])
    assert (4.6, 4.8) == tuple(table.loc[("tmall", "描述相符"), ["now", "before"]])
    assert table["target"].isna().all()


def test_each_department_has_its_tasks(study: Study) -> None:
    """Slow and overdue cases; faulty products, a page that misleads, a score of goods; parcels late and lost."""
    told = {name: {task.kind for task in study.care.of(name)} for name in ("service", "quality", "logistics")}
    assert {"slow", "overdue"} == told["service"]
    assert {"fault", "mismatch", "fallen"} == told["quality"]
    assert {"delay", "region"} == told["logistics"]
    assert ("bad", "fault") == (study.care.level, study.care.critical[0].kind)
