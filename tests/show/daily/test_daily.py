"""The page of a running promotion: what it says of a shop by the clock, and that it is one sheet of a real merchant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reportkit.run import run_pack
from reportkit.show import daily
from reportkit.show.display import Display, Drawn
from reportkit.study.running import Running
from tests.conftest import long
from tests.pages import cells, plain, reading
from tests.projects import make_shop
from tests.replayed import OUT, PROMO, lake
from tests.study.running.clockwork import shop

BLOCKS: dict[str, Callable[[Running], Display]] = {name: getattr(daily, name) for name in daily.__all__}
Read = Callable[..., dict[str, Drawn]]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Read]:
    """Draw every block of the page of a shop made with these options."""
    with ExitStack() as stack:

        def drawn(**options: Any) -> dict[str, Drawn]:
            project = shop(tmp_path_factory.mktemp("daily") / "shop", **options)
            report = stack.enter_context(reading(project)).report(PROMO)
            running = Running(report.study)
            return {name: block(running).draw(report._pen) for name, block in BLOCKS.items()}

        yield drawn


@pytest.fixture(scope="module")
def usual(read: Read) -> dict[str, Drawn]:
    """The shop with everything."""
    return read()


def test_the_sentence_says_where_it_stands(usual: dict[str, Drawn]) -> None:
    """Day, phase, sum, pace, end and target, and until when that is."""
    assert (
        "双11 第 7 天(爆发1):累计 GMV 3.5 万,为应有进度的 100%,按此速度期末 5.4 万,目标 5.4 万"
        == usual["headline"].title
    )
    aside = usual["headline"].subtitle
    assert "A1 被子约 15 小时后断货,最早 11 小时" in aside
    assert "数据截至 11.7 11:45" in aside
    assert "拼多多的文件只有日期,按天比较" in aside
    assert "今年 11.1–11.10(10 天)" in aside


def test_what_runs_out_has_its_hour(usual: dict[str, Drawn]) -> None:
    """Left, the next day, hours with their range, the time it is out, what is missing."""
    head, row = cells(usual["cover"].html)
    assert "还能卖(小时)" in head
    assert ["A1 被子", "36", "54", "15(11–19)", "11.8 02:00", "157"] == row[:6]


def test_platforms_add_up(usual: dict[str, Drawn]) -> None:
    """Each platform and the whole; today is not told where files tell days only."""
    rows = {row[0]: row for row in cells(usual["platforms"].html)}
    assert "—" == rows["拼多多"][4]
    assert ["3.1", "0.4", "3.5"] == [rows[name][1] for name in ("天猫", "拼多多", "合计")]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"targets": False}, {"headline": "为去年同阶段的 200%", "course": "去年同阶段"}),
        ({"years": (2025,), "targets": False}, {"headline": "累计 GMV 3.5 万$", "platforms": "没有可比的进度"}),
        ({"years": (2025,)}, {"headline": "为应有进度的 100%"}),
        ({"now": pd.Timestamp("2025-10-31 11:45")}, {"headline": "双11尚未开始,还有 1 天", "cards": "^$"}),
        ({"now": pd.Timestamp("2025-11-12 11:45")}, {"headline": "双11已结束:累计 GMV 5.4 万,目标达成 100%"}),
        ({"stock": None, "ads": False}, {"cover": "主销商品还能卖几小时", "cards": ""}),
        ({"stock": 1000}, {"cover": "1 款主销都够卖到活动结束"}),
    ],
    ids=["no target", "nothing to compare", "no last year", "ahead", "over", "no stock or ads", "stock lasts"],
)  # fmt: skip
def test_what_lacks_is_said(read: Read, options: dict[str, Any], told: dict[str, str]) -> None:
    """Every state has its words, and no block prints a number where there is none."""
    found = read(**options)
    for block, words in told.items():
        assert re.search(words, found[block].title)
    assert not re.search(r"\b(nan|NaT|None|inf)\b", " ".join(plain(one.html) for one in found.values()))


def test_a_plain_month_and_a_single_platform_have_a_page(tmp_path: Path) -> None:
    """Any period can be followed, without phases; a platform alone has its own target and the stock of all."""
    with reading(shop(tmp_path / "shop")) as pages:
        month, promo = (pages.report(period) for period in ("2025-11", PROMO))
        alone = replace(promo.study, scope={"platform": ["tmall"]})
        found = [
            {name: block(Running(study)).draw(promo._pen).title for name, block in BLOCKS.items()}
            for study in (month.study, alone)
        ]
    assert "2025年11月第 7 天:累计 GMV 3.5 万" == found[0]["headline"]
    assert "累计 GMV 3.1 万,为应有进度的 100%,按此速度期末 4.8 万,目标 4.8 万" in found[1]["headline"]
    assert found[1]["cover"] == "A1 被子约 15 小时后断货,到活动结束缺 157 件"


def test_english_says_the_same(read: Read) -> None:
    """No Chinese in an English page but what the merchant's own files call things."""
    found = read(lang="en")
    said = " ".join(f"{one.title} {one.alt} {plain(one.html)}" for one in found.values())
    assert "day 7 (burst 1): GMV so far ¥34.8K, 100% of what is due by now" in found["headline"].title
    assert not re.search(r"[一-鿿]", said.replace("被子", ""))


@long
def test_a_promotion_at_dawn_is_one_sheet(shared_folder: Path, tmp_path: Path) -> None:
    """The books of a merchant at six in the morning: told to the last order, calls what runs out, fits a phone."""
    cut = lake(shared_folder, datetime(2025, 11, 7, 6))
    project = make_shop(tmp_path / "shop", {}, lake=str(cut), name="示例商家")
    result = run_pack(project, "promo_daily", PROMO)
    assert result.ok, result.failures
    (report,) = result.reports
    assert (2, ()) == (report.pages, report.notes)
    html = Path(report.html).read_text("utf-8")
    assert re.search(r"数据截至 11\.7 0[45]:\d\d", plain(html))
    assert f"{OUT}" in plain(html)
    assert 'media="screen and (max-width: 640px)"' in html
