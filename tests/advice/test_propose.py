"""Actions proposed by the advice: each is whole, keeps its number, and comes back through the workbook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from reportkit.advice.findings import Findings, find
from reportkit.advice.propose import propose
from reportkit.engines import DuckDBEngine
from reportkit.forms import write_filled
from reportkit.ingest import IngestResult, ingest
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.study import Study
from reportkit.study.campaign import Campaign
from tests.projects import make_shop

PERIOD, AS_OF = "618-2026", date(2026, 7, 3)


@pytest.fixture(scope="module")
def reviewed(small_demo: tuple[Project, IngestResult]) -> tuple[Campaign, Findings]:
    """The 618 of the demo merchant, two weeks after."""
    project, _ = small_demo
    metrics = Metrics(project, DuckDBEngine(Lake(project.lake), keep_views=True))
    study = Study(project, metrics, metrics.period(PERIOD), AS_OF)
    found = find(study)
    assert found is not None
    return Campaign(study), found


def test_each_proposal_is_whole(reviewed: tuple[Campaign, Findings]) -> None:
    """One role, a metric of the dictionary, a deadline before its check, a finding it answers, a kind."""
    campaign, found = reviewed
    every = propose(campaign, found)
    rules = campaign.review.actions
    assert 3 <= len(every) <= rules.proposed
    for one in every:
        assert one.metric in campaign.study.metrics.catalog
        assert AS_OF < one.start < one.due < one.check
        assert one.kind in ("保留", "修正", "捕捉", "预防")
        assert one.role
        assert one.finding.startswith(("AL-", "REC-"))


def test_numbers_stay_and_no_rule_fills_the_list(reviewed: tuple[Campaign, Findings]) -> None:
    """Asked again, the same ids, each once; no more of one rule than people read."""
    campaign, found = reviewed
    ids = [one.id for one in propose(campaign, found)]
    assert ids == [one.id for one in propose(campaign, found)]
    assert len(set(ids)) == len(ids)
    rules = [one.advice.rule for one in propose(campaign, found)]
    assert max(rules.count(rule) for rule in rules) <= campaign.review.actions.alike


def test_every_rule_of_advice_has_its_action(reviewed: tuple[Campaign, Findings]) -> None:
    """A rule without a role or a metric could propose nothing."""
    campaign, found = reviewed
    advised = {name for name in found.names if name.startswith("REC-")}
    kinds = campaign.review.actions.kinds
    assert advised == set(kinds)
    assert all(kind.metric in campaign.study.metrics.catalog for kind in kinds.values())


def test_nothing_is_proposed_before_the_promotion(reviewed: tuple[Campaign, Findings]) -> None:
    """Without findings there is nothing to answer."""
    assert () == propose(reviewed[0], None)


def test_a_proposal_comes_back_through_the_workbook(
    reviewed: tuple[Campaign, Findings], tmp_path: Path, rows: Callable[..., list[tuple]]
) -> None:
    """Written, opened, accepted as it is and ingested, it stands in the ledger of actions and is proposed no more."""
    from reportkit.cli.actions import proposed

    campaign, found = reviewed
    shop = make_shop(tmp_path / "shop", {})
    book = shop.inbox / "行动台账_20260703.xlsx"
    told = proposed(campaign, found)
    write_filled(campaign.study.project, "actions", book, told)
    assert len(told) == load_workbook(book)["行动台账"].max_row - 1 - examples(book)
    (file,) = (file for file in ingest(shop).files if file.source)
    assert (len(told), 0) == (file.accepted, file.rejected), file.notes
    kept = rows(shop, "SELECT action_id, owner, metric_id, due_date FROM actions ORDER BY action_id")
    assert [
        (one.id, one.role, one.metric, one.due)
        for one in sorted(propose(campaign, found), key=lambda one: one.id)
    ] == kept


def examples(book: Path) -> int:
    """How many rows of a form are examples."""
    page = load_workbook(book)["行动台账"]
    return sum(str(row[0].value or "").startswith("示例行") for row in page.iter_rows(min_row=2))
