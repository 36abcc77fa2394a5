"""What became of what was decided: states, verdicts and what a good action has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.study import Study
from reportkit.study.campaign import Campaign
from reportkit.study.verdicts import Judged
from tests.show.lakes import shop, typed

ROWS: list[dict[str, Any]] = [
    # Visitors are a third more from 2025-03-11 on; orders are as they were.
    {"action_id": "more", "metric_id": "visitors", "start_date": "2025-03-01", "due_date": "2025-03-10"},
    {"action_id": "none", "metric_id": "gmv", "baseline": 100.0, "target": 200.0, "start_date": "2025-05-02", "due_date": "2025-05-10"},
    {"action_id": "silent", "metric_id": None, "due_date": "2025-05-10"},
    {"action_id": "late", "metric_id": "cvr", "due_date": "2025-09-01", "status": "待启动"},
    {"action_id": "coming", "metric_id": "cvr", "due_date": "2025-12-30", "status": "进行中"},
    {"action_id": "off", "metric_id": "cvr", "due_date": "2025-09-01", "status": "取消"},
    {"action_id": "fresh", "metric_id": "units", "due_date": "2025-10-24"},
    {"action_id": "both", "metric_id": "orders", "start_date": "2025-06-01", "due_date": "2025-06-10"},
    {"action_id": "too", "metric_id": "orders", "start_date": "2025-06-05", "due_date": "2025-06-12"},
    {"action_id": "storm", "metric_id": "aov_buyer", "start_date": "2025-07-01", "due_date": "2025-07-10"},
    {"action_id": "hollow", "action": "优化用户体验", "review_id": "1111-2025", "due_date": "2026-06-01", "status": "待启动"},
    {"action_id": "whole", "action": "把主图换成场景图并测 7 天", "review_id": "1111-2025", "metric_id": "cvr", "steps": "1 出图 2 上线", "finding_id": "REC-02", "due_date": "2025-12-01", "status": "待启动"},
]  # fmt: skip


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Campaign]:
    """A shop that keeps a ledger of actions, studied."""
    project = shop(tmp_path_factory.mktemp("acted") / "shop", ("tmall", "douyin"))
    keep(project)
    metrics = Metrics(project, DuckDBEngine(Lake(project.lake), keep_views=True))

    def study(period: str = "1111-2025", as_of: str = "2025-11-20") -> Campaign:
        return Campaign(Study(project, metrics, metrics.period(period), date.fromisoformat(as_of)))

    return study


def keep(project: Project) -> None:
    """Give `project` its actions, one event, and more visitors from the day of the first action on."""
    lake = Lake(project.lake)
    engine = DuckDBEngine(lake)
    traffic = engine.frame("SELECT * FROM traffic").astype({"visitors": float})
    engine.close()
    more = pd.to_datetime(traffic["date_from"]) > pd.Timestamp("2025-03-10")
    traffic["visitors"] *= np.where(more, 4 / 3, 1.0)
    plain = {"review_id": "1111-2024", "action": "做一件事", "owner": "店铺运营", "status": "已完成"}
    actions = pd.DataFrame([plain | row for row in ROWS]).assign(platform_id="all")
    events = pd.DataFrame(
        [{"title": "暴雨停运", "kind": "物流", "event_platform": "all", "start_date": "2025-07-15", "end_date": "2025-07-18"}]
    ).assign(platform_id="all")  # fmt: skip
    with lake.writing():
        lake.write("traffic", typed("traffic", traffic), predicate=None, partitioned=True)
        for name, frame in (("actions", actions), ("events", events)):
            lake.write(name, typed(name, frame), predicate=None, partitioned=True)
        lake.publish()


@pytest.fixture(scope="module")
def judged(studied: Callable[..., Campaign]) -> dict[str, Judged]:
    """The actions of earlier reviews, by id."""
    return {one.action.id: one for one in studied().actions.earlier}


def test_every_action_of_the_last_review_has_a_verdict(judged: dict[str, Judged]) -> None:
    """Effective, not, or why nobody can tell."""
    told = {name: (one.state, one.verdict, one.why) for name, one in judged.items()}
    assert {
        "more": ("done", "effective", ""),
        "none": ("done", "ineffective", ""),
        "silent": ("done", "undecided", "no_metric"),
        "late": ("overdue", "undecided", "open"),
        "coming": ("open", "undecided", "open"),
        "off": ("cancelled", "undecided", "cancelled"),
        "fresh": ("done", "undecided", "early"),
        "both": ("done", "undecided", "action"),
        "too": ("done", "undecided", "action"),
        "storm": ("done", "undecided", "event"),
    } == told


def test_the_planted_effect_lies_inside_its_interval(judged: dict[str, Judged]) -> None:
    """A third more, and the rows behind the days after it are there."""
    one = judged["more"]
    assert one.effect is not None
    assert one.effect.low <= 1 / 3 <= one.effect.high
    assert one.figure is not None
    assert one.figure.rows_sql


def test_what_else_happened_is_named(judged: dict[str, Judged]) -> None:
    """The other action by its number, the event by its title."""
    assert ("too", "both", "暴雨停运") == tuple(judged[name].other for name in ("both", "too", "storm"))


def test_the_ledger_is_counted(studied: Callable[..., Campaign]) -> None:
    """Of nine that were not called off seven are done; of two that can be judged one did something."""
    told = studied().actions
    assert (7 / 9, 1 / 2, 1, 1) == (told.closed, told.effective, told.unstarted, told.unfollowed)


def test_an_action_lacks_what_a_good_one_has(studied: Callable[..., Campaign]) -> None:
    """No metric, no figure, no steps, no finding; one that has all of them lacks nothing."""
    own = {action.id: faults for action, faults in studied().actions.own}
    assert {"hollow": ("metric", "vague", "steps", "finding"), "whole": ()} == own


def test_promotion_days_are_not_compared(studied: Callable[..., Campaign]) -> None:
    """An action due as a promotion begins is judged by the days after it, where there are enough."""
    later = {one.action.id: one for one in studied("2025-11", "2025-12-03").actions.earlier}
    assert later["fresh"].effect is not None
    assert 7 + 18 == later["fresh"].effect.n_after  # the last of October, and from the 16th of November on
