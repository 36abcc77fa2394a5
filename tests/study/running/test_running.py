"""A running promotion, on a shop whose every number can be worked out by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from math import inf, isnan
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reportkit.project import Project
from reportkit.study.running import Running
from tests.pages import Pages, reading
from tests.study.running.clockwork import NOW, PROMO, SKU, shop

HOURS = 6 * 24 + 11.75  # from the opening to the last order
Open = Callable[..., Running]


@pytest.fixture(scope="module")
def opened() -> Iterator[Callable[[Project], Pages]]:
    """Open projects, each once."""
    with ExitStack() as stack:
        found: dict[Path, Pages] = {}

        def read(project: Project) -> Pages:
            if project.root not in found:
                found[project.root] = stack.enter_context(reading(project))
            return found[project.root]

        yield read


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, opened: Callable[[Project], Pages]) -> Open:
    """Study the promotion of a shop made with these options."""

    def study(period: str = PROMO, **options: Any) -> Running:
        project = shop(tmp_path_factory.mktemp("clockwork") / "shop", **options)
        return Running(opened(project).report(period).study)

    return study


@pytest.fixture(scope="module")
def usual(running: Open) -> Running:
    """The shop with everything, at a quarter to twelve of the seventh day."""
    return running()


def test_it_is_seen_at_its_last_order(usual: Running) -> None:
    """The clock stands at the latest order; where files tell days only, at the beginning of the last day."""
    assert "running" == usual.stage
    assert {"tmall": NOW, "pdd": NOW.normalize()} == dict(usual.clock.until)
    assert {"pdd"} == usual.clock.days_only


def test_a_day_with_later_orders_is_whole(usual: Running) -> None:
    """As of the day before, that day is over."""
    day = Running(replace(usual.study, as_of=date(2025, 11, 6)))
    assert pd.Timestamp("2025-11-07") == day.now
    assert day.clock.whole


def test_pace_is_held_against_the_target_by_the_hour(usual: Running) -> None:
    """Tmall owes 200 yuan an hour and has 200, each at its minute; Pinduoduo owes and has 600 a day."""
    pace = usual.pace
    assert "phases" == pace.basis
    assert (HOURS * 200, 6 * 600) == pytest.approx((pace.number("due", "tmall"), pace.number("due", "pdd")))
    assert (156 * 200, 6 * 600) == (pace.number("actual", "tmall"), pace.number("actual", "pdd"))
    assert pytest.approx((156 * 200 + 3600) / (HOURS * 200 + 3600)) == pace.number("pace")


def test_the_same_hour_of_the_same_phase_last_year(usual: Running) -> None:
    """Half as much was sold by then, and today 11.75 hours of it; Pinduoduo's today is not compared."""
    pace = usual.pace
    assert pytest.approx(HOURS * 100 + 6 * 300) == pace.number("then")
    assert pytest.approx(11.75 * 100) == pace.number("today_then", "tmall")
    assert 12 * 200 == pace.number("today", "tmall")
    assert isnan(pace.number("today_then", "pdd"))


def test_the_end_at_this_pace(usual: Running) -> None:
    """What is due of the rest at the pace so far; parts add up to the whole."""
    pace = usual.pace
    expected = 156 * 200 + (240 - HOURS) * 200 * pace.number("pace", "tmall")
    assert pytest.approx(expected) == pace.number("final", "tmall")
    assert pytest.approx(pace.number("final", "tmall") + 6000) == pace.number("final")
    assert pace.number("low") < pace.number("final") < pace.number("high")


def test_hours_of_cover(usual: Running) -> None:
    """60 counted last night, 24 sold on Tmall since, 2 an hour; 6 a day on Pinduoduo, whose today is not told."""
    row = usual.cover.table.loc[SKU]
    assert (60, 24, 36) == (row["counted"], row["sold"], row["left"])
    unseen = 11.75 * 0.25
    assert pytest.approx((36 - unseen) / 2.25, abs=0.3) == row["hours"]
    assert row["earliest"] < row["hours"] < row["latest"]
    assert (SKU,) == usual.cover.called
    assert pytest.approx((240 - HOURS) * 2.25 + unseen - 36, rel=0.02) == row["missing"]
    assert abs(row["out_at"] - (NOW + pd.Timedelta(hours=row["hours"]))) < pd.Timedelta(seconds=1)


@pytest.mark.parametrize(("stock", "hours", "called"), [(1000, inf, ()), (10, 0.0, (SKU,))])
def test_stock_that_lasts_and_stock_that_is_out(
    running: Open, stock: float, hours: float, called: tuple[str, ...]
) -> None:
    """What lasts to the end is not called; what was oversold is out."""
    cover = running(stock=stock).cover
    assert (hours, called) == (cover.table.loc[SKU, "hours"], cover.called)


def test_orders_that_wait_too_long(running: Open) -> None:
    """Goods paid since the fourth have not left: all but those of the last 48 hours are late, less those sent back."""
    found = running(unsent="2025-11-04")
    late = found.waiting.table.loc["tmall", "late"]
    ends = NOW - pd.Timedelta(hours=48)
    placed = pd.date_range("2025-11-04 00:15", ends, freq="30min", inclusive="left")
    assert len(placed) * 0.85 <= late <= len(placed)
    assert ("pdd",) == found.waiting.untold
    assert 0 == running().waiting.late


def test_refunds_are_compared_at_the_same_age(running: Open, usual: Running) -> None:
    """As many as last year is no rise; every third order instead of every twelfth is."""
    assert () == usual.returned.risen
    risen = running(back=3).returned
    assert ("tmall",) == risen.risen
    assert risen.table.loc["tmall", "rate"] > 3 * risen.table.loc["tmall", "rate_then"]


def test_spend_against_its_budget(usual: Running) -> None:
    """600 of 1,000 yuan by the sixth day, when 60 % of sales are due."""
    row = usual.spend.table.loc["tmall"]
    assert (600, 1000, 0.6) == (row["spend"], row["budget"], row["used"])
    assert pytest.approx(0.6) == row["expected"]
    assert pd.Timestamp("2025-11-06") == usual.spend.until


def test_without_a_target_last_year_is_the_measure(running: Open) -> None:
    """Twice last year's."""
    pace = running(targets=False).pace
    assert "last_year" == pace.basis
    assert pytest.approx(2, abs=0.01) == pace.number("pace")
    assert isnan(pace.number("target"))


def test_without_last_year_days_are_even(running: Open) -> None:
    """The target falls evenly on every hour, nothing is compared, and stock is still followed."""
    found = running(years=(2025,))
    assert "days" == found.pace.basis
    assert pytest.approx(HOURS * 200) == found.pace.number("due", "tmall")
    assert isnan(found.pace.number("growth"))
    assert (SKU,) == found.cover.called


def test_without_target_and_last_year_nothing_is_due(running: Open) -> None:
    """Only what was sold is told."""
    pace = running(years=(2025,), targets=False).pace
    assert "none" == pace.basis
    assert 156 * 200 + 3600 == pace.number("actual")
    assert isnan(pace.number("pace"))
    assert isnan(pace.number("final"))


def test_without_counts_nothing_is_called(running: Open) -> None:
    """No inventory file: no cover, no guess."""
    cover = running(stock=None, ads=False).cover
    assert (None, ()) == (cover.at, cover.called)


def test_before_it_begins(running: Open) -> None:
    """The day before the opening it lies ahead; stock is already held against what it will sell."""
    found = running(now=pd.Timestamp("2025-10-31 11:45"))
    assert "ahead" == found.stage
    assert 0 == found.pace.number("actual")
    assert (SKU,) == found.cover.called


def test_when_it_is_over(running: Open) -> None:
    """Its sum is final and projects nothing more."""
    found = running(now=pd.Timestamp("2025-11-12 11:45"))
    assert "over" == found.stage
    assert 240 * 200 + 10 * 600 == found.pace.number("actual")
    assert pytest.approx(found.pace.number("actual")) == found.pace.number("final")


def test_a_platform_whose_file_ends_early(running: Open) -> None:
    """Tmall's file ends a day before Pinduoduo's: it is measured by its own clock."""
    found = running(platforms=("tmall", "pdd"), ends=pd.Timestamp("2025-11-06 11:45"))
    assert pd.Timestamp("2025-11-06 11:45") == found.clock.until["tmall"]
    assert pytest.approx((HOURS - 24) * 200) == found.pace.number("due", "tmall")
    assert pytest.approx(1, abs=0.01) == found.pace.number("pace", "tmall")
