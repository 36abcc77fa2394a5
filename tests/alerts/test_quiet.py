"""Where nothing is planted the morning check is silent but for chance, hard rules included, and the boards say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from reportkit.advice.book import read_book as read_advice
from reportkit.advice.findings import Findings
from reportkit.alerts import Alerts, alerts
from reportkit.alerts.check import signals
from reportkit.alerts.incidents import fold, incidents
from reportkit.alerts.watch import Watch
from reportkit.metrics.query import Metrics
from reportkit.show.alarms import BOARDS, alarms
from tests.alerts.planted import null
from tests.alerts.still import BOOK
from tests.conftest import SOAK
from tests.pages import Pages, reading

SEEDS = range(101, 111) if SOAK else range(101, 102)
FIRST, LAST = date(2026, 6, 1), date(2026, 9, 30)
MONTHS = ("2026-06", "2026-07", "2026-08", "2026-09")
QUIET = "2026-07"
# What a check looks at on its last day only.
ON_THE_DAY = ("pace", "stock", "settle", "fault", "line")


def told(metrics: Metrics) -> list[str]:
    """Return every alert of four months: of what is judged once a day, and of the state at the end of each month."""
    found = [one.id for one in alerts(metrics, LAST, FIRST).found if not one.parent]
    for label in MONTHS[:-1]:
        end = metrics.period(label).end
        seen = incidents(
            signals(Watch(metrics, BOOK, end - timedelta(days=7), end), ON_THE_DAY), BOOK.persist
        )
        found += [one.id for one in fold(seen, BOOK.fold) if not one.parent]
    return found


@cache
def quiet(metrics: Metrics) -> Alerts:
    """Return the alerts of a month in which nothing happened by chance either."""
    period = metrics.period(QUIET)
    return alerts(metrics, period.end, period.start)


def test_at_most_one_alert_a_month(shared_folder: Path) -> None:
    """Of all rules and levels, what rises included, on average; promotions lie within."""
    found = {seed: told(null(shared_folder, seed)) for seed in SEEDS}
    assert sum(map(len, found.values())) <= len(MONTHS) * len(SEEDS), found


def test_every_rule_that_can_be_fed_was_asked(shared_folder: Path) -> None:
    """The silence is not that of rules without tables: targets, stock, actions and settlements are there."""
    unfed = quiet(null(shared_folder, SEEDS[0])).unevaluated
    assert {name for name, rule in BOOK.rules.items() if rule.kind == "untold"} | {"AL-R5"} == set(unfed)


@pytest.fixture(scope="module")
def pages(shared_folder: Path) -> Iterator[Pages]:
    """The reports of the merchant without troubles."""
    with reading(null(shared_folder, SEEDS[0]).project) as opened:
        yield opened


@pytest.mark.parametrize("board", BOARDS)
def test_boards_say_that_nothing_is_unusual(pages: Pages, shared_folder: Path, board: str) -> None:
    """A quiet month, on the first page and on the boards of platforms, products and service."""
    calm = quiet(null(shared_folder, SEEDS[0]))
    period, names = pages.metrics.period(QUIET), {name: rule.name for name, rule in BOOK.rules.items()}
    found = Findings(period, period.end, calm, (), {}, names, read_advice(pages.project).boards)
    shown = pages.read(QUIET, lambda study: alarms(found, board))
    assert "本期无显著异常" == shown.title
    assert [] == shown.rows
