"""Alerts and advice as a board prints them: grouped, within their room, of the scope, and silent where nothing is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reportkit.advice import Advice, Effect
from reportkit.advice.book import read_book
from reportkit.advice.findings import Findings
from reportkit.alerts import Alert, Alerts
from reportkit.alerts.book import read_book as read_rules
from reportkit.metrics.periods import parse
from reportkit.project import Project
from reportkit.quality.figure import Figure
from reportkit.show import advised, alarms
from reportkit.show.display import Drawn, Pen
from tests.conftest import REPOSITORY
from tests.pages import cells

PROJECT = Project.open(REPOSITORY)
LAST = date(2026, 9, 30)
NONE = (float("nan"), float("nan"))


class Codes:
    """Evidence that only counts."""

    def __init__(self) -> None:
        self.proved: list[Figure] = []

    def prove(self, figure: Figure, told: dict[str, Any]) -> str:
        """Return the code of a number."""
        self.proved.append(figure)
        return f"E{len(self.proved)}"

    def fresh(self, given: Any) -> list[str]:
        """Return all of them."""
        return list(given)


def alert(rule: str, level: str = "warn", kind: str = "risk", **told: Any) -> Alert:
    """Return an alert on Tmall that lasts."""
    base = Alert(
        f"{rule}:{told}", rule, 1, kind, level, "visitors", "platform", {"platform": "tmall"}, LAST, 1543.0, 1984.0,  # type: ignore[arg-type]
        NONE, NONE, 1.0, -3.0, 4033.0, date(2026, 9, 28), LAST, 3, (), "operations", "", {"traffic": "SELECT 1"},
    )  # fmt: skip
    return replace(base, **told)


def advice(rule: str, owner: str, **told: Any) -> Advice:
    """Return advice to restore a channel, with 1.2 万 between 0.8 and 2."""
    figure = Figure("advice.sales", 12_000.0, "money", {"rule": rule}, {})
    numbers = {
        name: Figure("change.visitors", -5000.0, "money", {"part": name}, {}) for name in ("lost", "visitors")
    }
    about = {"platform": "tmall", "channel": "搜索"}
    return Advice(rule, "rec_01", owner, about, numbers, Effect("sales", figure, 8000.0, 20_000.0), **told)


def findings(found: tuple[Alert, ...] = (), advised_: tuple[Advice, ...] = (), **told: Any) -> Findings:
    """Return what a board is given."""
    book, rules = read_book(PROJECT), read_rules(PROJECT)
    names = {name: rule.name for name, rule in {**rules.rules, **book.rules}.items()}
    alerts = Alerts(found, {}, (), dict(rules.budget), **told)
    return Findings(parse("2026-09", {}), LAST, alerts, advised_, {}, names, book.boards)


@pytest.fixture
def drawn(pen: Callable[..., Pen]) -> Callable[..., Drawn]:
    """Draw a display, with codes that count."""

    def draw(display: Any, lang: str = "zh") -> Drawn:
        return display.draw(replace(pen(lang=lang), evidence=Codes()))  # type: ignore[no-any-return]

    return draw


def test_alerts_of_one_rule_are_one_row(drawn: Callable[..., Drawn]) -> None:
    """The gravest stands for all and says how many; band, money, first day and owner beside it."""
    told = findings((
        alert("AL-F1", "critical", band95=(1646.0, 2391.0)),
        alert("AL-F1", scope={"platform": "jd"}),
        alert("AL-T1", unit="percent", actual=0.847, expected=0.95, first_seen=date(2026, 9, 1), date=date(2026, 9, 12)),
    ))  # fmt: skip
    shown = drawn(alarms(told, "overview"))
    assert [
        ["严重", "访客异动 天猫 等 2 处", "1,543,应在 1,646–2,391", "4,033", "9.28 起", "运营"],
        ["警告", "进度落后 天猫", "84.7%,对照 95.0%", "4,033", "9.1–9.12", "运营"],
    ] == cells(shown.html)[1:]
    assert shown.title.startswith("3 条预警,1 条严重;最重:天猫访客异动 1,543,应在 1,646–2,391")


def test_days_that_are_counted_and_accounts_without_a_name(drawn: Callable[..., Drawn]) -> None:
    """Thirty days are no 30.0 days, a mean of days keeps its digit; of an account the beginning of its id is told."""
    late = {"unit": "days", "expected": 0.0}
    told = findings((
        alert("AL-G3", scope={"action": "A-1"}, actual=30.0, **late),
        alert("AL-I3", scope={"sku": "C24-200"}, actual=98.5, **late),
        alert("AL-A1-line", scope={"platform": "douyin", "account": "5741e8df9627be81"}),
    ))  # fmt: skip
    rows = cells(drawn(alarms(told, "overview")).html)[1:]
    assert ["30 天,对照 0 天", "98.5 天,对照 0 天"] == [row[2] for row in rows[:2]]
    assert "投放线不保本 抖音 广告账户 5741e8" == rows[2][1]


def test_a_board_shows_its_own(drawn: Callable[..., Drawn]) -> None:
    """By owner: quality to the service board, which the platforms' does not show; what rises comes last."""
    told = findings((
        alert("AL-F1", "critical"),
        alert("AL-R2", owner="quality", scope={"style": "C08"}),
        alert("AL-S4", kind="opportunity", unit="money"),
    ))  # fmt: skip
    assert ["警告"] == [row[0] for row in cells(drawn(alarms(told, "service")).html)[1:]]
    assert ["严重", "机会"] == [row[0] for row in cells(drawn(alarms(told, "platform")).html)[1:]]
    assert ["严重", "警告"] == [row[0] for row in cells(drawn(alarms(told, "overview")).html)[1:]]


def test_what_became_of_an_alert_is_printed(drawn: Callable[..., Drawn]) -> None:
    """Its state beside the level; what is solved or false is counted and takes no row."""
    told = findings((
        alert("AL-F1", state="in_work"),
        alert("AL-S1", "critical", state="false"),
        alert("AL-S4", kind="opportunity", unit="money", state="solved"),
    ))  # fmt: skip
    shown = drawn(alarms(told, "platform"))
    assert ["警告 处理中"] == [row[0] for row in cells(shown.html)[1:]]
    assert "2 条已解除或误报" in shown.html
    assert ["Warning, in work"] == [row[0] for row in cells(drawn(alarms(told, "platform"), "en").html)[1:]]


def test_what_does_not_fit_is_counted(drawn: Callable[..., Drawn]) -> None:
    """Five rules on the first page, the others by level."""
    rules = ["AL-S1", "AL-S2", "AL-F1", "AL-A1", "AL-A2", "AL-P1", "AL-C1"]
    told = findings(tuple(alert(name, "info" if name == "AL-C1" else "warn") for name in rules))
    shown = drawn(alarms(told, "overview"))
    assert 5 == len(cells(shown.html)) - 1
    assert "其余 2 条(警告 1、提示 1)" in shown.html


@pytest.mark.parametrize(
    ("lang", "calm"), [("zh", "本期无显著异常"), ("en", "No significant anomaly in this period")]
)
def test_nothing_is_a_result(drawn: Callable[..., Drawn], lang: str, calm: str) -> None:
    """Said as such, with the days on which nothing could be judged; a period to come says nothing."""
    shown = drawn(alarms(findings(resting=12), "platform"), lang)
    assert calm == shown.title
    assert "12" in shown.html
    assert "" == drawn(alarms(None, "platform"), lang).html == drawn(advised(None, "platform"), lang).html
    assert [] == cells(drawn(advised(findings(), "platform"), lang).html)


def test_advice_in_short_and_with_its_evidence(drawn: Callable[..., Drawn]) -> None:
    """On the first page what to do, on a board why and the range as well; both with the owner."""
    told = findings(advised_=(advice("REC-01", "operations"), advice("REC-01", "operations")))
    (brief,) = cells(drawn(advised(told, "overview")).html)[1:]
    assert ["天猫搜索恢复投放与内容", "多卖 1.2 万", "运营"] == brief
    (whole,) = cells(drawn(advised(told, "platform")).html)[1:]
    assert whole[0].startswith("天猫搜索恢复投放与内容 等 2 处 — 访客使净销售额 −5,000")
    assert "多卖 1.2 万(0.8–2.0 万)" == whole[1]


def test_an_edition_shows_what_concerns_it() -> None:
    """Of its platform; what was told with the whole business stands for itself there."""
    told = findings(
        (
            alert("AL-S1", scope={}),
            alert("AL-S1", parent="AL-S1:all"),
            alert("AL-S1", scope={"platform": "jd"}),
            alert("AL-I1", scope={"sku": "C01-180"}),
        ),
        (advice("REC-01", "operations"), advice("REC-01", "operations", gravity=0)),
    )
    mine = told.within({"platform": ["tmall"]})
    assert [({"platform": "tmall"}, "")] == [(one.scope, one.parent) for one in mine.alerts.found]
    assert 2 == len(mine.advice)
    assert () == told.within({"platform": ["pdd"]}).advice
    assert told is told.within({})
