"""Why targets were missed: the gap adds up, answers are judged, and where nothing is planted nothing is blamed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.study import Study
from reportkit.study.why import causes
from reportkit.study.why.answers import accepted, flaws
from reportkit.study.why.node import Answer, Node
from reportkit.study.why.roots import NET, Goal, split
from reportkit.study.why.rules import WhyRules, read_rules
from reportkit.study.why.tree import Root
from tests.alerts.planted import medium, null
from tests.conftest import REPOSITORY

SHELF = "product.stockout.A-180"
LEVELS = {"net_sales": 0, "product": 1, "product.stockout": 2, SHELF: 3}
KNOWN = {("cvr", "2025-10")}
CHECK = date(2025, 12, 31)


@pytest.fixture(scope="module")
def rules() -> WhyRules:
    """The shipped rules."""
    return read_rules(Project.open(REPOSITORY))


@pytest.fixture
def answer() -> Callable[..., Answer]:
    """One sound answer to the fourth why of a shelf, with whatever a test changes."""

    def make(**changed: object) -> Answer:
        sound = {
            "node": SHELF, "why_no": 4, "statement": "备货会开在报名之前", "kind": "fact", "department": "供应链",
            "evidence": "会议日历", "check": CHECK, "controllable": True,
        }  # fmt: skip
        return Answer(**(sound | changed))  # type: ignore[arg-type]

    return make


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({}, None),
        ({"why_no": 5}, "skipped"),
        ({"node": "product.stockout.B"}, "unknown"),
        ({"statement": "市场环境不好"}, "vague"),
        ({"evidence": None}, "soon"),
        ({"evidence": None, "kind": "open"}, None),
        ({"controllable": False}, "beyond"),
        ({"node": "external", "why_no": 1, "controllable": False}, "benchmark"),
        (
            {"node": "external", "why_no": 1, "controllable": False, "benchmark": ("cvr", "2024-01")},
            "benchmark",
        ),
        ({"node": "external", "why_no": 1, "controllable": False, "benchmark": ("cvr", "2025-10")}, None),
        ({"node": "net_sales", "why_no": 1}, None),
        ({"node": "net_sales", "why_no": 2}, "skipped"),
    ],
)
def test_an_answer_that_does_not_hold(
    rules: WhyRules, answer: Callable[..., Answer], changed: dict[str, object], rule: str | None
) -> None:
    """A level left out, a node nobody knows, the market to blame, a fact unproved, the world outside without a figure."""
    found = flaws([answer(**changed)], LEVELS, KNOWN, rules)
    assert ([rule] if rule else []) == [flaw.rule for flaw in found]


def test_what_rests_on_a_broken_answer_falls_with_it(rules: WhyRules, answer: Callable[..., Answer]) -> None:
    """Below a vague fourth why the fifth does not stand either; another node's answers do."""
    vague, deeper = answer(statement="大环境不好"), answer(why_no=5)
    other = answer(node="net_sales", why_no=1)
    found = flaws([vague, deeper, other], LEVELS, KNOWN, rules)
    assert {"net_sales": (other,)} == accepted([vague, deeper, other], found)
    missing = flaws([deeper], LEVELS, KNOWN, rules)
    assert {} == accepted([deeper], missing)


@pytest.mark.parametrize(
    ("changed", "complete"),
    [
        ({"why_no": 5}, True),
        ({"why_no": 3}, False),
        ({"kind": "open"}, False),
        ({"controllable": False}, False),
    ],
)
def test_a_way_is_complete_at_a_step_that_can_be_changed(
    answer: Callable[..., Answer], changed: dict[str, object], complete: bool
) -> None:
    """Not before the fourth why, not while it is to be checked, not at what is not ours."""
    node = Node(SHELF, 3, "stockout", None, "inferred", "供应链", CHECK, answers=(answer(**changed),))
    assert complete == node.complete


def test_an_answered_place_is_a_way_too(answer: Callable[..., Answer]) -> None:
    """Where the data find no driver, what people answer below the place that fell most is the cause entry."""
    place = Node("price.tmall", 2, "place", None, "fact", "商品", CHECK)
    price = Node("price", 1, "branch", None, "fact", "商品", CHECK, {"branch": "price", "state": "drag"})
    goal = Goal("gmv", 90.0, 100.0, -10.0, 0.9, None)  # type: ignore[arg-type]
    silent = Root(goal, (replace(price, children=(place,)),))
    assert () == silent.path
    told = replace(place, answers=(answer(node="price.tmall", why_no=3), answer(node="price.tmall")))
    spoken = Root(goal, (replace(price, children=(told,)),))
    assert ["price", "price.tmall"] == [node.id for node in spoken.path]
    assert spoken.path[-1].complete
    assert [] == spoken.found


def test_every_branch_and_driver_has_its_place(rules: WhyRules) -> None:
    """Each root and driver names branches that exist, each branch a department, and no factor stands in two."""
    branches = set(rules.branches)
    assert {name for found in rules.roots.values() for name in found} <= branches
    assert {rule.branch for rule in rules.drivers.values()} <= branches
    assert branches == set(rules.departments)
    factors = [factor for found in rules.branches.values() for factor in found]
    assert len(factors) == len(set(factors))


def study(metrics: Metrics, period: str) -> Study:
    """The study of one period at the end of all data."""
    assert metrics.last_day is not None
    return Study(metrics.project, metrics, metrics.period(period), metrics.last_day)


def test_the_gap_is_its_parts(shared_folder: Path) -> None:
    """Orders, the money of one and refunds come to the gap of net sales; without refunds, to that of GMV."""
    asked = study(medium(shared_folder).metrics, "1111-2025")
    for request, steps in ((NET, 3), ("gmv", 2)):
        found = split(asked, request)
        assert found is not None
        assert steps == len(found.effects)
        assert found.value - found.target == pytest.approx(sum(found.effects.values()), abs=0.005)
    assert split(asked, "orders") is None


@pytest.mark.parametrize("period", ["618-2026", "2026-03", "2026-08", "2026-09"])
def test_nothing_is_blamed_where_nothing_is_planted(shared_folder: Path, period: str) -> None:
    """A merchant without troubles misses targets too: each is said to have no cause."""
    told = causes(study(null(shared_folder, 101), period))
    assert [] == [node.id for node in told.drivers]
    assert [("uncaused", root.id) for root in told.roots] == [(flaw.rule, flaw.about) for flaw in told.flaws]
    assert all(not root.path for root in told.roots)
