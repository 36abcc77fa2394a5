"""A Double Eleven replayed: what runs out is called long before, what does not is left alone, the end is foreseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.study import Study
from reportkit.study.running import Running
from tests.conftest import long
from tests.projects import make_shop
from tests.replayed import OUT, PROMO, lake

pytestmark = long
DROPS = pd.date_range("2025-11-06 22:00", "2025-11-07 20:00", freq="2h")
DAYS = pd.date_range("2025-10-24 10:00", "2025-11-13 10:00", freq="5D")
FALSE = 0.02  # of all judgements of goods that last the next two days

At = Callable[[pd.Timestamp], Running]


@pytest.fixture(scope="module")
def metrics(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Metrics]:
    """The merchant's two Double Elevens."""
    project: Project = make_shop(
        tmp_path_factory.mktemp("replayed") / "shop", {}, lake=str(lake(shared_folder))
    )
    found = Metrics(project, DuckDBEngine(Lake(project.lake), keep_views=True))
    yield found
    found.engine.close()


@pytest.fixture(scope="module")
def at(metrics: Metrics) -> At:
    """Return the promotion as it was known at a moment: orders until then, stock of the evening before."""
    known: dict[pd.Timestamp, Running] = {}

    def running(moment: pd.Timestamp) -> Running:
        if moment not in known:
            day: date = (moment - pd.Timedelta(seconds=1)).date()
            known[moment] = Running(Study(metrics.project, metrics, metrics.period(PROMO), day), moment)
        return known[moment]

    return running


@pytest.fixture(scope="module")
def empty(metrics: Metrics) -> pd.Timestamp:
    """The moment at which the last piece of what nobody delivers was paid: its stock of that evening is 0."""
    ((day,),) = metrics.engine.rows(
        f"SELECT min(date) FROM inventory WHERE sku_id = '{OUT}' AND available <= 0 AND date >= DATE '2025-11-01'"
    )
    ((paid,),) = metrics.engine.rows(
        f"SELECT max(paid_at) FROM sku_lines WHERE is_sale AND merchant_sku = '{OUT}' AND paid_date = DATE '{day}'"
    )
    return pd.Timestamp(paid) + pd.Timedelta(hours=8)


def test_the_planted_stock_out_is_called_half_a_day_ahead(at: At, empty: pd.Timestamp) -> None:
    """In drops of two hours: called twelve hours before the last piece is sold at the latest, and from then on."""
    drops = [moment for moment in DROPS if moment < empty]
    called = {moment: OUT in at(moment).cover.called for moment in drops}
    first = next(moment for moment, told in called.items() if told)
    assert empty - first >= pd.Timedelta(hours=12)
    assert all(told for moment, told in called.items() if moment >= empty - pd.Timedelta(hours=12))


def test_it_is_not_called_days_before(at: At, empty: pd.Timestamp) -> None:
    """A call is about the next day and a half: three days ahead there is none."""
    early = empty.floor("h") - pd.Timedelta(hours=72)
    assert OUT not in at(early).cover.called


def test_the_stock_is_that_of_the_evening_before(at: At) -> None:
    """What a merchant has at ten in the morning is last night's count, less the orders since."""
    found = at(pd.Timestamp("2025-11-07 10:00")).cover
    assert pd.Timestamp("2025-11-07") == found.at
    row = found.table.loc[OUT]
    assert 0 < row["sold"] == row["counted"] - row["left"]


def test_goods_that_last_are_left_alone(at: At, metrics: Metrics) -> None:
    """Of all judgements of goods that are still there two days later, hardly any is a call."""
    sold_out = metrics.engine.frame(
        "SELECT sku_id AS sku, date AS day FROM inventory GROUP BY ALL HAVING sum(available) <= 0"
    )
    out = set(zip(sold_out["sku"], pd.to_datetime(sold_out["day"]), strict=True))
    judged = calls = 0
    for moment in (*DAYS, *DROPS[::11]):
        found = at(moment).cover
        ahead = [moment.normalize() + pd.Timedelta(days=days) for days in range(3)]
        lasting = [sku for sku in found.table.index if not any((sku, day) in out for day in ahead)]
        judged += len(lasting)
        calls += len(set(found.called) & set(lasting))
    assert judged > 100
    assert calls <= FALSE * judged


def test_the_end_lies_within_its_range(at: At, metrics: Metrics) -> None:
    """From where a projection is made, what the promotion came to lies in four of five ranges or more."""
    ((final,),) = metrics.engine.rows(
        "SELECT CAST(sum(goods_receivable_amt) AS DOUBLE) FROM sales "
        "WHERE is_sale AND paid_date BETWEEN DATE '2025-10-09' AND DATE '2025-11-14'"
    )
    told = [at(moment).pace.table.loc["all"] for moment in DAYS]
    made = [row for row in told if row["final"] == row["final"]]
    assert len(made) >= 4
    assert sum(row["low"] <= final <= row["high"] for row in made) >= 0.8 * len(made)
    assert abs(made[-1]["final"] / final - 1) < 0.02
