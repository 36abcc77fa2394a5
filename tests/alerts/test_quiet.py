"""Where nothing is planted the morning check is silent but for chance, hard rules included, and the boards say so."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from reportkit.advice.book import read_book as read_advice
from reportkit.advice.findings import Findings
from reportkit.alerts import Alerts, alerts
from reportkit.metrics.query import Metrics
from reportkit.show.alarms import BOARDS, alarms
from tests.alerts.planted import null
from tests.alerts.still import BOOK
from tests.conftest import SOAK
from tests.pages import Pages, reading

SEEDS = range(101, 111) if SOAK else range(101, 102)
MONTHS = ("2026-06", "2026-07", "2026-08", "2026-09")
QUIET = "2026-07"


@cache
def month(metrics: Metrics, label: str) -> Alerts:
    """Return every alert of a month, stock, targets and settlements as its last day shows them."""
    period = metrics.period(label)
    return alerts(metrics, period.end, period.start)


def test_at_most_one_alert_a_month(shared_folder: Path) -> None:
    """Of all rules and levels, what rises included, on average; promotions lie within."""
    found = {
        (seed, label): [one.id for one in month(null(shared_folder, seed), label).found if not one.parent]
        for seed in SEEDS
        for label in MONTHS
    }
    assert sum(map(len, found.values())) <= len(found), found


def test_every_rule_that_can_be_fed_was_asked(shared_folder: Path) -> None:
    """The silence is not that of rules without tables: targets, stock, actions, settlements and reviews are there."""
    unfed = month(null(shared_folder, SEEDS[0]), QUIET).unevaluated
    assert {name for name, rule in BOOK.rules.items() if rule.kind == "untold"} | {"AL-R5"} == set(unfed)


@pytest.fixture(scope="module")
def pages(shared_folder: Path) -> Iterator[Pages]:
    """The reports of the merchant without troubles."""
    with reading(null(shared_folder, SEEDS[0]).project) as opened:
        yield opened


@pytest.mark.parametrize("board", BOARDS)
def test_boards_say_that_nothing_is_unusual(pages: Pages, shared_folder: Path, board: str) -> None:
    """A quiet month, on the first page and on the boards of platforms, products and service."""
    told = month(null(shared_folder, SEEDS[0]), QUIET)
    period, names = pages.metrics.period(QUIET), {name: rule.name for name, rule in BOOK.rules.items()}
    found = Findings(period, period.end, told, (), {}, names, read_advice(pages.project).boards)
    shown = pages.read(QUIET, lambda study: alarms(found, board))
    assert "本期无显著异常" == shown.title
    assert [] == shown.rows
