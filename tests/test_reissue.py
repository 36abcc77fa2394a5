"""What changed since the last issue of a report, and what changed it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake, Snapshot
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.reissue import Issue, Move, last_issue, reissue
from tests.show.lakes import shop, typed

FIRST, LATER = date(2025, 11, 18), date(2025, 11, 30)
PERIOD = "1111-2025"


def fact(metric: str, value: float | None, basis: str | None = None, **dims: str) -> dict[str, Any]:
    """What a run keeps of one printed number."""
    return {"metric": metric, "basis": basis, "value": value, "dims": dims, "period": PERIOD}


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Issue, float]:
    """A shop whose first issue saw the 18th; afterwards a late file brought three refunds of that day's past."""
    project = shop(tmp_path_factory.mktemp("issued") / "shop", ("tmall", "douyin"))
    lake = Lake(project.lake)
    before, engine = lake.snapshot(), DuckDBEngine(Lake(project.lake))
    metrics = Metrics(project, engine)
    told = metrics.query(["gmv", "net_sales.pay_date"], by=["platform"], period=PERIOD, as_of=FIRST)
    whole = metrics.query(["gmv", "net_sales.pay_date"], period=PERIOD, as_of=FIRST)
    refunds = engine.frame("SELECT * FROM refunds")
    paid = engine.frame("""SELECT order_key, sum(goods_receivable_amt) AS amount FROM sales WHERE platform_id = 'tmall'
        AND paid_date = DATE '2025-11-11' AND order_key NOT IN (SELECT order_key FROM refunds) GROUP BY 1 ORDER BY 1 LIMIT 3""")  # fmt: skip
    engine.close()
    late = refunds[refunds.platform_id == "tmall"].head(3).assign(
        platform_refund_id=[f"late-{n}" for n in range(3)], order_key=paid.order_key.to_numpy(),
        refund_goods_amt=paid.amount.to_numpy(dtype=float), applied_at=pd.Timestamp("2025-11-15"),
        applied_date=pd.Timestamp("2025-11-15"), refunded_at=pd.Timestamp("2025-11-16"), refunded_date=pd.Timestamp("2025-11-16"),
    )  # fmt: skip
    with lake.writing():
        frame = typed("refunds", pd.concat([refunds, late], ignore_index=True))
        lake.write("refunds", frame, predicate=None, partitioned=True)
        lake.publish()
    facts = (
        fact("gmv", whole.cell("gmv")),
        fact("net_sales", whole.cell("net_sales.pay_date"), "pay_date"),
        fact("net_sales", told.cell("net_sales.pay_date", platform="tmall"), "pay_date", platform="tmall"),
        fact("gmv", (told.cell("gmv", platform="douyin") or 0) - 50, platform="douyin"),
        fact("gmv", 1.0, platform="gone"),
        fact("reconciliation.exact", 3.0),
    )
    issue = Issue("20251118T090000-aaaa", FIRST, before, facts)
    return project, issue, float(paid.amount.sum())


@pytest.fixture(scope="module")
def moves(issued: tuple[Project, Issue, float]) -> Iterator[dict[tuple[str, str], Move]]:
    """What moved, by metric and platform."""
    project, issue, _ = issued
    metrics = Metrics(project, DuckDBEngine(Lake(project.lake)))
    told = reissue(metrics, issue, metrics.period(PERIOD), {}, LATER)
    assert (1, 1) == (told.kept, told.gone)
    yield {(move.request, move.dims.get("platform", "")): move for move in told.moves}
    metrics.engine.close()


def test_what_moved_is_told_and_nothing_else(moves: dict[tuple[str, str], Move]) -> None:
    """Sales of the whole are as they were; figures of the analysis are no metrics."""
    assert {("net_sales.pay_date", ""), ("net_sales.pay_date", "tmall"), ("gmv", "douyin")} == set(moves)


def test_late_files_are_told_to_the_cent(
    issued: tuple[Project, Issue, float], moves: dict[tuple[str, str], Move]
) -> None:
    """Three refunds that came late take away what was paid for them."""
    for name in ("", "tmall"):
        assert moves["net_sales.pay_date", name].files == pytest.approx(-issued[2])


def test_the_days_since_bring_refunds(moves: dict[tuple[str, str], Move]) -> None:
    """More of what was paid came back between the issues."""
    assert moves["net_sales.pay_date", ""].days < 0
    assert moves["net_sales.pay_date", ""].definition == 0


def test_what_is_neither_is_the_definition(moves: dict[tuple[str, str], Move]) -> None:
    """The same rows as of the same day, and another number: it is counted otherwise now."""
    move = moves["gmv", "douyin"]
    assert (50, 0, 0) == (pytest.approx(move.definition), move.files, move.days)


def test_the_parts_add_up(moves: dict[tuple[str, str], Move]) -> None:
    """Old plus every step is new, and new is what a report of today prints."""
    for move in moves.values():
        assert move.then + move.definition + move.files + move.days == pytest.approx(move.now)
        assert move.result.cell(move.request, **move.dims) == pytest.approx(move.now)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, True),
        ({"period": {"id": "618-2025"}}, False),
        ({"as_of": "2025-11-30"}, False),
        ({"editions": []}, False),
        ({"snapshot": None}, False),
    ],
)
def test_the_last_issue_is_of_the_same_report(
    make_project: Any, changed: dict[str, Any], found: bool
) -> None:
    """Of the same period, scope and notebook, as of an earlier day; what cannot be read is none."""
    project = make_project()
    edition = {"sections": ["review/changes"], "scope": {}, "facts": [fact("gmv", 1.0)]}
    told = {
        "run": "20251118T090000-aaaa", "period": {"id": PERIOD}, "as_of": "2025-11-18",
        "snapshot": Snapshot(1, {}).to_json(), "editions": [edition],
    } | changed  # fmt: skip
    path: Path = project.runs / "promo_review" / PERIOD / "20251118T090000-aaaa" / "manifest.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(told), "utf-8")
    issue = last_issue(project, "review/changes", PERIOD, {}, LATER)
    assert found == (issue is not None)
    assert last_issue(project, "review/changes", PERIOD, {"platform": ["jd"]}, LATER) is None
