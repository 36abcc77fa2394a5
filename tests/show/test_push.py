"""Alerts in words: a function of the alerts and their states, in both languages, plain and as markdown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.show.names import has_cjk
from reportkit.show.push import Teller
from tests.alerts.made import FIRST, made, told

TODAY = date(2026, 9, 3)
EVERY = (
    made(level="critical", date=TODAY, first_seen=FIRST, days=3, state="acknowledged"),
    made(
        "AL-F2-cvr", {"platform": "douyin"}, kind="opportunity", metric="cvr", unit="percent", actual=0.031,
        expected=0.0275, band95=(0.025, 0.03), n=12_345.0, stake=8_100.0, date=TODAY,
    ),
    made("AL-G2", {"platform": "jd", "table": "traffic"}, unit="percent", stake=float("nan"), date=TODAY, days=2),
    made("AL-G3", {"action": "A-7"}, unit="days", actual=9.0, expected=0.0, stake=float("nan"), date=TODAY),
    made("AL-I1", {"sku": "C05-RED"}, metric="stock_available", unit="count", actual=0.0, expected=553.0, band95=(float("nan"),) * 2, date=TODAY),
    made("AL-S2", {"platform": "pdd"}, parent="AL-S1:all:20260901"),
    made("AL-S1", {"platform": "jd"}, state="false"),
)  # fmt: skip
ZH = """\
示例商家 预警 2026.9.3:严重 1、警告 4
[严重] GMV异动 天猫:8.0 万,预期 10.0 万(95% 区间 8.5 万–11.5 万),涉及 2.0 万,自 9.1 起,运营,已确认 · AL-S1:tmall:20260901
[警告·机会] 转化率异动 抖音:3.10%,预期 2.75%(95% 区间 2.50%–3.00%),样本 12,345,涉及 8,100 元,自 9.3 起,运营,新 · AL-F2-cvr:douyin:20260903
[警告] 数据缺失 京东 流量:2 天没有数或不全,自 9.3 起,数据,新 · AL-G2:jd.traffic:20260903
[警告] 行动逾期 A-7:逾期 9 天,自 9.3 起,运营,新 · AL-G3:A-7:20260903
[警告] 库存预警 C05-RED:0 件,界限 553 件,涉及 2.0 万,自 9.3 起,供应链,新 · AL-I1:C05-RED:20260903
另有 1 条已解除或误报"""
EN = """\
**Sample shop alerts, 3 Sep 2026: 1 critical, 4 warning**
- **critical: Unusual GMV Tmall** ¥80.0K, expected ¥100K (95% band ¥85.0K–¥115K), ¥20.0K at stake, since Sep 1, operations, acknowledged `AL-S1:tmall:20260901`
- **warning, opportunity: Unusual conversion Douyin** 3.10%, expected 2.75% (95% band 2.50%–3.00%), n 12,345, ¥8,100 at stake, since Sep 3, operations, new `AL-F2-cvr:douyin:20260903`
- **warning: Data missing JD Traffic** 2 days missing or incomplete, since Sep 3, data, new `AL-G2:jd.traffic:20260903`
- **warning: Actions overdue A-7** 9 d overdue, since Sep 3, operations, new `AL-G3:A-7:20260903`
- **warning: Short of stock C05-RED** 0 pcs, limit 553 pcs, ¥20.0K at stake, since Sep 3, supply, new `AL-I1:C05-RED:20260903`
1 solved or false"""


@pytest.fixture(scope="module")
def teller(six: Project, six_en: Project) -> Callable[[str], Teller]:
    """What says alerts in either language."""
    found = {
        project.settings.lang: Teller(Metrics(project, DuckDBEngine(Lake(project.lake))))
        for project in (six, six_en)
    }
    return found.__getitem__


def test_a_message_says_level_what_where_how_much_since_when_whose_and_state(
    teller: Callable[[str], Teller],
) -> None:
    """Plain in Chinese, markdown in English; a part is told with its whole, a false alarm only counted."""
    found = told(*EVERY)
    assert ZH == teller("zh").push(found, TODAY)
    assert EN == teller("en").push(found, TODAY, markdown=True)
    assert not has_cjk(teller("en").push(found, TODAY))


@pytest.mark.parametrize(
    ("lang", "expected"),
    [("zh", "示例商家 预警 2026.9.3:无显著异常"), ("en", "Sample shop alerts, 3 Sep 2026: nothing unusual")],
)
def test_that_nothing_is_unusual_is_said(teller: Callable[[str], Teller], lang: str, expected: str) -> None:
    """In one line, rather than no message; what is only marked as false is nothing unusual."""
    assert expected == teller(lang).push(told(), TODAY)
    assert expected == teller(lang).push(told(EVERY[-1]), TODAY).splitlines()[0]


def test_what_has_no_room_is_counted(teller: Callable[[str], Teller]) -> None:
    """Five of a layer stand in the message, the others are one line."""
    found = told(*(made(scope={"platform": f"p{number}"}) for number in range(7)))
    lines = teller("en").push(found, TODAY).splitlines()
    assert (7, "2 more: reportkit alerts --format json") == (len(lines), lines[-1])


def test_names_from_files_are_no_markdown(teller: Callable[[str], Teller]) -> None:
    """A product called *x* or [x](y) prints as it is called."""
    line = teller("zh").line(made("AL-P1", {"style": "*a* [b](c)|`d`"}), markdown=True)
    assert r"\*a\* \[b\](c)\|\`d\`" in line


def test_an_owner_whom_nobody_translated_keeps_his_name(make_project: Callable[..., Project]) -> None:
    """A project names its own people in params/alerts.yaml."""
    project = make_project(lang="en")
    shipped = project.resource("params/alerts.yaml").read_text("utf-8")
    (project.root / "params/alerts.yaml").write_text(
        shipped.replace("owner: operations", "owner: Dept 7"), "utf-8"
    )
    told_by = Teller(Metrics(project, DuckDBEngine(Lake(project.lake))))
    assert "Dept 7" == told_by.said(made()).owner
