"""What moved the money, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import log

import pandas as pd
import pytest

from reportkit.study import Study


@pytest.fixture(scope="module")
def study(studied: Callable[..., Study]) -> Study:
    """September against the September before."""
    return studied()


def mean(one: float, other: float) -> float:
    """The logarithmic mean."""
    return (one - other) / log(one / other)


def test_effects_add_up_to_the_change(study: Study) -> None:
    """Of every platform and of all; without refunds to learn from, the money is net sales as they are."""
    told = study.change
    assert ("net_sales.pay_date", "last_year") == (told.money, told.against)
    effects = told.effects
    assert effects[[*told.factors, "whole"]].sum(axis=1).to_numpy() == pytest.approx(
        effects["change"].to_numpy()
    )
    assert {"tmall": -3000.0, "douyin": 3000.0, "xiaohongshu": 1500.0} == effects["change"].round(6).to_dict()


def test_a_platform_with_visitors_is_split_by_them(study: Study) -> None:
    """Tmall: 3,000 visitors become 1,800, 90 of them bought and then 60."""
    row = study.change.effects.loc["tmall"]
    assert mean(6000, 9000) * log(0.6) == pytest.approx(row["visitors"])
    assert mean(6000, 9000) * log((60 / 1800) / (90 / 3000)) == pytest.approx(row["conversion"])
    assert (0.0, "lmdi") == (row["buyers"], row["method"])


def test_a_platform_without_visitors_is_split_by_buyers(study: Study) -> None:
    """Xiaohongshu: twice the buyers, the same basket."""
    row = study.change.effects.loc["xiaohongshu"]
    assert (1500.0, 0.0, 0.0) == pytest.approx((row["buyers"], row["visitors"], row["basket"]))


def test_without_a_past_nothing_is_explained(studied: Callable[..., Study]) -> None:
    """The first September has none before it."""
    study = studied("2024-09")
    assert (None, True, ()) == (study.change.against, study.change.effects.empty, study.drills)


def test_a_mix_that_hides_what_platforms_did(study: Study) -> None:
    """Tmall converts better, Douyin worse, and the whole falls more than either: nothing is hidden."""
    found = study.mix
    assert found is not None
    assert found.within + found.mix == pytest.approx(found.change)
    assert (150 / 4500, 150 / 7800) == pytest.approx((found.before, found.after))
    assert not found.hidden
    opposite = found.table.assign(within=found.table["within"].abs())
    assert replace(found, table=opposite).all_same_way


def test_the_root_of_the_fall_is_a_channel(study: Study) -> None:
    """Tmall's search, with what it would have sold beside the other channel: one and a half times 3,600, near enough."""
    fall = study.drills[0]
    assert ("tmall", "visitors", "搜索") == (fall.part, fall.factor, fall.element)
    assert fall.cause is not None
    assert -1170 == fall.cause.parts[0].contribution
    assert fall.expected is not None
    assert (12, 1800.0) == (fall.expected.n, fall.actual)
    assert fall.expected.low < 5400 < fall.expected.high
    assert fall.expected.high - fall.expected.low < 400


def test_the_rise_came_with_cheap_clicks(study: Study) -> None:
    """Douyin tells no channels, but one of its accounts buys clicks for a tenth of the price."""
    rise = study.drills[1]
    assert ("douyin", "visitors", None, ("traffic",)) == (rise.part, rise.factor, rise.element, rise.lacks)
    assert rise.line is not None
    assert ("account", "cheap", 9000.0) == (rise.line.dimension, rise.line.value, rise.line.clicks)
    assert ["cheap"] == [line.value for line in study.ad_lines if line.cheap]


def test_channels_stand_beside_those_of_last_year(study: Study) -> None:
    """Shares of a platform's channels add up to one in both years."""
    frame = study.channels.frame
    assert {"搜索": 1 / 3, "推荐": 2 / 3} == pytest.approx(
        dict(zip(frame["channel"], frame["share"], strict=True))
    )
    assert 1.0 == pytest.approx(frame["share_then"].sum())


def test_rows_behind_a_number_are_found(study: Study) -> None:
    """An effect and a channel can be traced to their rows."""
    effect = study.change.figure("tmall", "visitors")
    channel = study.channels.figure("tmall", "搜索")
    counts = [
        study.metrics.engine.rows(f"SELECT count(*), count(source_file) FROM ({sql})")[0]
        for sql in (*effect.rows_sql.values(), *channel.rows_sql.values())
    ]
    assert all(rows == traced for rows, traced in counts)
    assert sum(rows for rows, _ in counts) > 60


def test_a_single_platform_is_compared_by_its_shops(studied: Callable[..., Study]) -> None:
    """With one shop there is one row, that of the platform."""
    study = studied(scope={"platform": ["tmall"]})
    assert ("platform", ["tmall"]) == (study.across, list(study.change.effects.index))
    assert "platform" == studied().across


def test_a_period_in_progress_compares_the_same_days(studied: Callable[..., Study]) -> None:
    """As of the tenth: ten days against ten."""
    effects = studied(as_of=pd.Timestamp("2025-09-10").date()).change.effects
    assert (3000.0, 2000.0) == pytest.approx(tuple(effects.loc["tmall", ["then", "now"]]))
