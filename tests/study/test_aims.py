"""Targets against what was attained, and what speaks against them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.study import Study
from reportkit.study.campaign import Campaign
from tests.show.lakes import shop, typed


def targets(*rows: tuple[str, str, float, str]) -> pd.DataFrame:
    """Targets of the whole business: period, metric, value, the day they were set."""
    frame = pd.DataFrame(rows, columns=["period", "metric_id", "value", "set_at"])
    return frame.assign(target_platform="all", platform_id="all")


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Campaign]:
    """Months whose targets were set late, too low, too high, or always exceeded."""
    project = shop(tmp_path_factory.mktemp("aimed") / "shop", ("tmall",))
    lake, engine = Lake(project.lake), DuckDBEngine(Lake(project.lake))
    metrics = Metrics(project, engine)
    sold = {
        month: metrics.query(["gmv"], period=month).cell("gmv") or 0.0
        for month in ("2024-10", "2025-06", "2025-07", "2025-08", "2025-09", "2025-10")
    }
    engine.close()
    frame = targets(
        *((month, "gmv", sold[month] / 1.4, f"{month}-01") for month in ("2025-06", "2025-07", "2025-08")),
        ("2025-09", "gmv", sold["2025-09"] * 1.1, "2025-09-12"),
        ("2025-10", "gmv", sold["2024-10"] * 0.5, "2025-09-20"),
        ("2025-10", "cvr", 0.03, "2025-09-20"),
    )
    with lake.writing():
        lake.write("targets", typed("targets", frame), predicate=None, partitioned=True)
        lake.publish()
    opened = Metrics(project, DuckDBEngine(lake, keep_views=True))

    def study(period: str) -> Campaign:
        return Campaign(Study(project, opened, opened.period(period), date(2025, 12, 3)))

    return study


def test_a_target_is_held_against_its_result(studied: Callable[[str], Campaign]) -> None:
    """Ten per cent above what was sold: attained by 1 / 1.1, a gap of that much."""
    gmv = next(aim for aim in studied("2025-09").aims.rows if aim.request == "gmv")
    assert gmv.attainment == pytest.approx(1 / 1.1)
    assert gmv.gap == pytest.approx((gmv.value or 0) - (gmv.target or 0))
    assert gmv.doubts == ("late", "soft")
    assert gmv.past == pytest.approx((1.4, 1.4, 1.4))


def test_a_target_below_last_year_is_doubted(studied: Callable[[str], Campaign]) -> None:
    """Half of last October is no stretch; a record of three fits is not there any more."""
    gmv = next(aim for aim in studied("2025-10").aims.rows if aim.request == "gmv")
    assert gmv.stretch == pytest.approx(-0.5)
    assert gmv.doubts == ("low",)


def test_kinds_of_metric_without_any_target_are_named(studied: Callable[[str], Campaign]) -> None:
    """Sales and conversion have one; the others do not."""
    assert ("traffic", "buyers", "basket", "spend", "quality") == studied("2025-10").aims.lacking


def test_without_targets_nothing_is_held_and_nothing_doubted(studied: Callable[[str], Campaign]) -> None:
    """The results are there all the same."""
    told = studied("2025-05").aims
    assert ((), (), ()) == (told.held, told.doubted, told.lacking)
    assert next(aim for aim in told.rows if aim.request == "gmv").value
    assert replace(told.rows[0], then=0.0, target=1.0).stretch is None
