"""How often the interval of projected net sales holds what was kept in the end, over worlds of many seeds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from scipy.stats import binom

from reportkit.demo.tables import write_tables
from reportkit.demo.world import World
from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.study import Study
from tests.conftest import long
from tests.projects import make_shop

pytestmark = long
SEEDS = range(301, 321)
PROMOTIONS = ("1111-2025", "1212-2025")
FIRST_ISSUE, ALL_IN = timedelta(days=3), timedelta(days=45)
LEVEL, SURE = 0.8, 0.99


@dataclass(frozen=True)
class Told:
    """Net sales of one promotion as the first issue projected them, and as they were once every refund was in."""

    seed: int
    promo_id: str
    low: float
    high: float
    kept: float

    @property
    def held(self) -> bool:
        """Whether the interval holds what was kept."""
        return self.low <= self.kept <= self.high


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    """Both promotions of eight months of the small merchant, for each seed."""
    return [one for seed in SEEDS for one in _told(seed, tmp_path_factory.mktemp(f"seed{seed}"))]


def _told(seed: int, folder: Path) -> list[Told]:
    project = make_shop(folder / "shop", {})
    write_tables(project, World.build("small", seed=seed, end="2026-01", months=8))
    engine = DuckDBEngine(Lake(project.lake), keep_views=True)
    metrics = Metrics(project, engine)
    found = []
    for promo_id in PROMOTIONS:
        period = metrics.period(promo_id)
        first = Study(project, metrics, period, period.end + FIRST_ISSUE).refunds
        later = metrics.query(["net_sales.pay_date"], period=period, as_of=period.end + ALL_IN)
        found.append(Told(seed, promo_id, *first.net, later.cell("net_sales.pay_date") or 0.0))
    engine.close()
    return found


def test_the_interval_holds_as_often_as_it_says(told: list[Told]) -> None:
    """Of so many intervals at 80 % as many hold as a binomial allows in 99 of 100 cases."""
    held = sum(one.held for one in told)
    print(f"{held} of {len(told)} intervals at {LEVEL:.0%} held: {held / len(told):.1%}")
    assert binom.ppf((1 - SURE) / 2, len(told), LEVEL) <= held <= binom.ppf((1 + SURE) / 2, len(told), LEVEL)


def test_an_interval_says_something(told: list[Told]) -> None:
    """It is no wider than a tenth of what was kept: one from nothing to everything would always hold."""
    assert max((one.high - one.low) / one.kept for one in told) < 0.1
    assert all(one.low < one.high for one in told)
