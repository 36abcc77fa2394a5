"""The page of the back-test: conclusions with numbers, months and rules, what was false; in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reportkit.alerts.backtest import Backtest, backtest
from reportkit.ledger import Ledger, mark, see
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.report import Report
from reportkit.show import alert_months, alert_rules, alert_tuning, alert_verdict
from reportkit.show.names import has_cjk
from tests.alerts.made import made, told
from tests.show.conftest import Shown
from tests.show.measured import faults
from tests.show.test_pages import execute

PAGE = "support/alert_backtest"


@pytest.fixture(scope="module", autouse=True)
def _each_history_once() -> Iterator[None]:
    """The same history of the same lake is asked once: how it is shown is what is tested here."""
    known: dict[Any, Backtest] = {}

    def once(metrics: Metrics, as_of: date, scope: Any) -> Backtest:
        key = metrics.project.root, as_of, tuple(scope)
        if key not in known:
            known[key] = backtest(metrics, as_of, scope)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reportkit.alerts.backtest.backtest", once)
        yield


@pytest.mark.parametrize("shop", ["six", "six_en"])
def test_the_page_is_whole(request: pytest.FixtureRequest, shop: str) -> None:
    """A sentence, months, rules by month, a list for whoever sets thresholds; nothing cut, English without Chinese."""
    found = execute(request.getfixturevalue(shop), PAGE, "2025-11")
    shown = [(content, html) for content, html in found.shown.outputs if content["kind"] != "style"]
    assert ["verdict", "figure", "table", "table", "close"] == [content["kind"] for content, _ in shown]
    for content, html in shown[:-1]:
        assert re.search(r"\d", content["title"])
        assert content["alt"]
        assert content["facts"] or content["kind"] == "table"
        if shop == "six_en":
            assert not has_cjk(html + content["title"] + content["alt"] + content["subtitle"])
    for paper in found.papers:
        assert ([], []) == faults(paper)


def test_what_was_marked_as_false_stands_beside_its_rule(
    six: Project, opened: Callable[..., Report], shown: Shown
) -> None:
    """Nobody judged: it is said; one of two false: a precision of one half, in its row and in the title."""
    report = opened(six)
    report.show(alert_tuning(report.backtest, []))
    assert "准确率尚未可知" in shown.of("table")[0]["title"]
    ledger = Ledger.open(six)
    one, two = made("AL-F1"), made("AL-F1", {"platform": "jd"})
    see(ledger, told(one, two))
    mark(ledger, one.id, "false", "lin")
    mark(ledger, two.id, "solved", "lin")
    report.show(alert_tuning(report.backtest, report.judged))
    assert shown.of("table")[1]["title"].startswith("已判断的 2 条告警中误报 1 条,准确率 50.0%")
    (row,) = [row for row in shown.html("table")[1].split("<tr>") if "AL-F1 " in row]
    assert ["2", "2", "1", "50.0%"] == re.findall(r">([^<>]+)</td>", row)[-4:]


def test_a_history_without_alerts_is_said_to_have_none(
    six: Project, opened: Callable[..., Report], shown: Shown
) -> None:
    """No empty figure: the month with most is none, and the table of rules is left out."""
    report = opened(six)
    quiet = replace(report.backtest, found=())
    for display in (alert_verdict(quiet), alert_months(quiet), alert_rules(quiet)):
        report.show(display)
    assert "会告警 0 起" in shown.of("verdict")[0]["title"]
    assert "没有告警" in shown.of("figure")[0]["title"]
    assert [] == shown.of("table")
