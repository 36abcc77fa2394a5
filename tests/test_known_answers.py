"""What is planted in the demo merchant is named on its page, and its size lies in the band that the page prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportkit.demo.tables import write_tables
from reportkit.demo.world import World
from reportkit.project import Project
from reportkit.show import settlement
from reportkit.show.platform import bought, headline, mixture, roots
from reportkit.show.product import cuts, outages, slow
from reportkit.show.service import faults, finals, tasks
from tests.alerts.planted import Watched
from tests.pages import Pages, band, reading, within
from tests.projects import make_shop

MONTH = "2026-09"


@pytest.fixture(scope="module")
def merchant(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, Any]]:
    """Two years of the medium demo merchant, written without files, and what is planted in them."""
    project = make_shop(tmp_path_factory.mktemp("known") / "medium", {})
    world = Watched(World.build("medium"))
    write_tables(project, world)  # type: ignore[arg-type]
    return project, world.truths.planted()


@pytest.fixture(scope="module")
def planted(merchant: tuple[Project, dict[str, Any]]) -> dict[str, Any]:
    """What was planted, by name."""
    return merchant[1]


@pytest.fixture(scope="module")
def pages(merchant: tuple[Project, dict[str, Any]]) -> Iterator[Pages]:
    """The reports of the merchant, of any period."""
    with reading(merchant[0]) as found:
        yield found


def sizes(trouble: dict[str, Any], what: str = "amount") -> list[float]:
    """Return the size of a trouble as expected, and as chance had it where that is told."""
    return [float(trouble[side][what]) for side in ("expected", "realised") if what in trouble[side]]


def test_root_cause_of_the_bad_month(pages: Pages, planted: dict[str, Any]) -> None:
    """2.4 names Tmall, its visitors and its search; what search would have sold lies in the band."""
    shown = pages.read(MONTH, roots)
    assert re.search(r"天猫[^;]*同比降 [\d.]+ 万,主因访客\([^)]*\):搜索▼", shown.title)
    assert all(within(-size, band(shown.text, "成交少")) for size in sizes(planted["search_fall"]))
    assert re.search(r"天猫 −[\d.]+ 万\(主因访客:搜索▼", pages.read(MONTH, headline).title)


@pytest.mark.parametrize(("place", "period", "days"), [(0, MONTH, 22), (1, "2025-11", 13)])
def test_stockouts(pages: Pages, planted: dict[str, Any], place: int, period: str, days: int) -> None:
    """3.10 names the variant and the days on which orders were lost; the money lost lies in the band."""
    trouble = planted["stockouts"][place]
    shown = pages.read(period, outages)
    (sku,) = trouble["skus"]
    assert shown.title.startswith(sku)
    first, last = (pd.Timestamp(trouble["realised"][end]) for end in ("lost_from", "lost_to"))
    assert (days, f"{first.month}.{first.day}–{last.month}.{last.day}") == (
        (last - first).days + 1,
        shown.row(sku)[1],
    )
    assert f"断货 {days} 天" in shown.title
    assert all(within(-size, band(shown.title, "少卖")) for size in sizes(trouble))


def test_product_at_fault(pages: Pages, planted: dict[str, Any]) -> None:
    """4.9 names the product alone; over its days, what came back because of the fault lies in the band."""
    trouble = planted["quality"]
    (money,) = sizes(trouble)
    span = f"{trouble['first']}/{trouble['last']}"
    for period in (MONTH, span):
        title = pages.read(period, faults).title
        assert title.startswith(f"1 款品质退款显著高于同类,{trouble['product']} ")
    assert within(money, band(title, "比同类多"))


def test_cheap_traffic(pages: Pages, planted: dict[str, Any]) -> None:
    """2.9 names one account of Douyin; over its days, what its platform claims for it is what was planted."""
    trouble = planted["cheap_traffic"]
    assert "点击便宜但少成交" in pages.read(MONTH, bought).title
    shown = pages.read(f"{trouble['first']}/{trouble['last']}", bought)
    assert shown.title.startswith("抖音广告账户 ")
    first = shown.rows[1]
    account = first[1].split()[-1]
    facts = {key[0]: value for key, value in shown.facts.items() if key[-1].startswith(account)}
    assert f"归因ROI {facts['roas_attr']:.2f}" in shown.title
    assert facts["roas_attr"] * facts["ad_spend"] == pytest.approx(sizes(trouble, "claimed")[0], abs=0.01)
    # Planted is what was spent, the platform's own coupons included; the page tells the money.
    assert 0.9 < facts["ad_spend"] / sizes(trouble, "spend")[1] <= 1


def test_mix_shift(pages: Pages, planted: dict[str, Any]) -> None:
    """2.4 says that every platform converts better and the whole worse, with the rates that were planted."""
    realised = planted["mix_shift"]["realised"]
    assert realised["during"]["all"] < realised["before"]["all"]
    shown = pages.read("2026-04", mixture)
    assert shown.title.startswith("每个平台的转化率都升,合计却同比降 ")
    assert shown.facts["mix.within",] > 0 > shown.facts["mix.within",] + shown.facts["mix.mix",]
    assert "抖音访客占比" in shown.title
    assert "每个平台转化率都升,合计却降" in pages.read("2026-04", headline).title
    for part, rate in {"天猫": "tmall", "京东": "jd", "拼多多": "pdd", "抖音": "douyin"}.items():
        (then, now) = re.search(rf"{part} ([\d.]+)% → ([\d.]+)%", shown.alt).groups()  # type: ignore[union-attr]
        assert float(then) < float(now) == pytest.approx(100 * realised["during"][rate], abs=0.05)


def test_slow_stock(pages: Pages, planted: dict[str, Any]) -> None:
    """3.9 leads with the variant that was bought for more than half a year, and with what it cost."""
    trouble = planted["overbought"]
    shown = pages.read(MONTH, slow)
    cost = sizes(trouble, "cost")[1]
    assert f"最多的 {trouble['sku']} " in shown.title
    assert f"有 {cost / 10_000:.1f} 万" in shown.title


def test_price_cut_without_effect(pages: Pages, planted: dict[str, Any]) -> None:
    """3.2 names the cut and its days; it sold nothing more, and what it gave away lies in the band of its effect."""
    trouble = planted["price_cut"]
    shown = pages.read("2026-05", cuts)
    assert shown.title.endswith("没有多卖")
    assert "5.6–5.12" in shown.title
    head, cells = shown.rows[0], shown.rows[1]
    sold, effect = (
        next(at for at, name in enumerate(head) if name.startswith(word)) for word in ("多卖", "合计")
    )
    assert within(0, band(cells[sold]))
    assert within(sizes(trouble)[0], band(cells[effect]))
    (units,) = [cells[at] for at, name in enumerate(head) if name.startswith("实卖")]
    assert str(trouble["realised"]["during"]["units"]) == units


def test_refund_delays(pages: Pages, planted: dict[str, Any]) -> None:
    """4.3: of what comes back in the end, the share seen so far is what the planted curve lets be seen."""
    report, shown = pages.report(MONTH), pages.read(MONTH, finals)
    paid = report.metrics("gmv", by="platform day").frame
    age = (pd.Timestamp(report.as_of) - pd.to_datetime(paid["day"])).dt.days.to_numpy()
    for platform, curve in planted["refund_delays"].items():
        ages = [0, *map(int, curve["normal"])]
        shares = np.interp(age, ages, [0.0, *curve["normal"].values()])
        mine = (paid["platform_id"] == platform).to_numpy()
        visible = np.average(shares[mine], weights=paid["value"][mine])
        cells = shown.row(report._pen.name("platform", platform))
        seen, (low, high) = float(cells[1]), band(cells[3])
        assert within(visible, (seen / high, seen / low)), platform


def test_slow_shipping(pages: Pages, planted: dict[str, Any]) -> None:
    """4.10 tells logistics the two platforms, the days and the hours, planted within the band."""
    trouble = planted["slow_shipping"]
    shown = pages.read("2025-11", lambda study: tasks(study, "logistics"))
    hours = trouble["realised"]["mean_hours"]
    for platform in ("京东", "拼多多"):
        where, said, *_ = shown.row(platform)
        assert "11.9–11.13" in where
        assert within(hours["during"] - hours["before"], band(said, "慢"))
        assert within(trouble["expected"]["hours_longer"], band(said, "慢"))


def test_short_payouts(pages: Pages, planted: dict[str, Any]) -> None:
    """The page about the data tells what Pinduoduo paid short for July's orders; some of it is paid in August."""
    shown = pages.read("2026-07", lambda study: settlement(pages.report("2026-07").audit))
    missing = min(value for key, value in shown.facts.items() if key == ("settlement.difference", "pdd"))
    assert missing == pytest.approx(sizes(planted["short_payout"])[1], rel=0.1)
