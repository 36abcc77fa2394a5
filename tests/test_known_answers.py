"""What is planted in the demo merchant is named on its page, and its size lies in the band that the page prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportkit.demo.tables import write_tables
from reportkit.demo.world import World
from reportkit.project import Project
from reportkit.report import Report
from reportkit.show import causes, settlement
from reportkit.show.paper import Paper
from reportkit.show.platform import bought, headline, influencers, mixture, roots
from reportkit.show.product import cuts, health, outages, slow
from reportkit.show.service import faults, finals, tasks
from reportkit.study.why.node import Answer
from reportkit.study.why.places import places
from tests.alerts.planted import Watched
from tests.pages import Pages, band, reading, within
from tests.projects import make_shop

MONTH = "2026-09"


def lost(world: Watched) -> pd.Series:
    """What was wanted and not sold, yuan, by the code of its SKU and by day."""
    rows = pd.concat(world.truths._seen.lost)
    codes = rows["sku"].map(world.catalogue.skus["code"])
    return (rows["due"] / 100).groupby([codes, pd.to_datetime(rows["day"])]).sum()


@pytest.fixture(scope="module")
def merchant(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, Any]]:
    """Two years of the medium demo merchant, written without files, and what is planted in them."""
    project = make_shop(tmp_path_factory.mktemp("known") / "medium", {})
    world = Watched(World.build("medium"))
    write_tables(project, world)  # type: ignore[arg-type]
    return project, world.truths.planted() | {"lost": lost(world)}


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


def test_mix_shift_in_money(pages: Pages, planted: dict[str, Any]) -> None:
    """What the mix cost against the year before, as the counted visitors should have brought, lies in the band.

    That is of the platforms that tell their visitors. With what the number of visitors did, and what platforms made
    of theirs, it is the change of GMV.
    """
    shown, study = pages.read("2026-04", mixture), pages.report("2026-04").study
    found, told = study.mix, planted["mix_shift"]["by_platform"]
    assert found is not None
    assert found.worth is not None
    then, now = (
        pd.DataFrame(told[when]).T.loc[found.table.index].astype("float64")
        for when in ("year_before", "during")
    )
    moved = now["visitors"] / now["visitors"].sum() - then["visitors"] / then["visitors"].sum()
    brought = now["amount"] / now["visitors"] + then["amount"] / then["visitors"]
    cost = -(then["visitors"].sum() + now["visitors"].sum()) / 2 * (moved * brought / 2).sum()
    assert cost > 100_000
    assert within(cost, band(shown.title, "GMV 少"))
    whole = pages.report("2026-04").metrics("gmv", by="platform", compare="last_year").frame
    rows = whole[whole["platform_id"].isin(found.table.index)]
    parts = found.worth.traffic + found.worth.within + found.worth.mix
    assert parts == pytest.approx((rows["last_year_now"] - rows["last_year_then"]).sum())
    assert re.search(r"结构使 GMV 少 [\d.]+ 万$", pages.read("2026-04", headline).title)


def test_influencer(pages: Pages, planted: dict[str, Any]) -> None:
    """2.9 names the influencer alone, with what was sold; its share of influencers' orders lies in the band.

    Before it took over nobody is named.
    """
    trouble = planted["influencer"]
    shown = pages.read(f"{trouble['first']}/{trouble['last']}", influencers)
    found = re.fullmatch(
        r"抖音达人 (\d+) 一人卖 ([\d.]+) 万,占达人订单的 [\d.]+%(\([^)]*\))、平台 GMV 的 ([\d.]+)%",
        shown.title,
    )
    assert found is not None
    who, sold, share, of_platform = found.groups()
    (amount,) = sizes(trouble)
    assert shown.facts["gmv", "douyin", who] == pytest.approx(amount, rel=0.01)
    assert float(sold) == pytest.approx(amount / 10_000, rel=0.01)
    realised = trouble["realised"]["during"]
    for planted_share in (realised["share_of_influencers"], trouble["expected"]["share_of_influencers"]):
        assert within(100 * planted_share, band(share))
    assert float(of_platform) == pytest.approx(100 * realised["share_of_shop"], abs=0.2)
    assert who in pages.read(MONTH, influencers).title
    quiet = pages.read("2026-06", influencers)
    assert quiet.title.endswith("没有一位占过半订单,退款也无显著偏高")
    assert not quiet.rows


def test_slow_stock(pages: Pages, planted: dict[str, Any]) -> None:
    """3.9 leads with the variant that was bought for more than half a year, what it cost, and how long it lasts.

    The stock is counted; the days it lasts, as its last months sold, lie in the band.
    """
    trouble = planted["overbought"]
    shown = pages.read(MONTH, slow)
    cost = sizes(trouble, "cost")[1]
    assert f"最多的 {trouble['sku']} " in shown.title
    assert f"有 {cost / 10_000:.1f} 万" in shown.title
    assert "盘点压着" in shown.title
    assert within(sizes(trouble, "days_of_cover")[0], band(shown.title, "够卖"))
    assert shown.row(trouble["sku"])[3] == str(trouble["realised"]["units"])


def test_an_empty_shelf_does_not_stretch_the_axis(pages: Pages, planted: dict[str, Any]) -> None:
    """3.5 draws a variant that has run out at the edge: days of cover begin where a delivery is too late."""
    (sku,) = planted["stockouts"][0]["skus"]
    stock = pages.report("2026-08").study.stock.frame
    assert stock["cover"][sku] < 1
    drawn: list[Paper] = []
    with pytest.MonkeyPatch.context() as patch:
        svg = Paper.svg
        patch.setattr(Paper, "svg", lambda paper, *rest: (drawn.append(paper), svg(paper, *rest))[1])
        pages.read("2026-08", health)
    low, high = drawn[0].figure.axes[0].get_xlim()
    cover, late = stock["cover"].drop(sku), stock["lead"].median()
    assert late / 2 < low < late < cover.min() < cover.max() < high < 2 * cover.max()


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
    """The page about the data names Pinduoduo, the share and the orders; what is missing lies between what is told.

    What all such orders lack by the very same share is the least, what came short at all the most; an order that was
    partly refunded after its payout is short by another share. Some of July's payouts are for orders of June.
    """
    trouble = planted["short_payout"]
    period = "2026-06-01/2026-07-31"
    shown = pages.read(period, lambda study: settlement(pages.report(period).audit))
    found = re.search(r"拼多多少到账 ([\d,.]+),其中 (\d+) 单都正好少 20\.0%,合 ([\d,.]+)$", shown.title)
    assert found is not None
    most, orders, least = (float(text.replace(",", "")) for text in found.groups())
    (missing,) = (-size for size in sizes(trouble)[1:])
    assert within(missing, (least, most))
    assert 0.9 * trouble["realised"]["payouts"] < orders <= trouble["realised"]["payouts"]
    assert "逐单加总,是点出来的数,不是估计" in shown.text
    assert shown.facts["settlement.alike", "pdd"] == pytest.approx(least, abs=0.005)
    assert "正好少" not in pages.read(MONTH, lambda study: settlement(pages.report(MONTH).audit)).title


def test_causes_of_a_promotion(pages: Pages, planted: dict[str, Any]) -> None:
    """The tree names the empty shelf and both platforms that shipped late, nothing else; what was planted lies in each range."""
    told = pages.report("1111-2025").campaign.causes
    assert {"product.stockout.C05-200", "experience.delay.jd", "experience.delay.pdd"} == {
        node.id for node in told.drivers
    }
    shown = pages.read("1111-2025", lambda study: causes.tree(told))
    by_node = {row[-1]: row for row in shown.rows}
    inside = planted["lost"]["C05-200"].loc["2025-10-09":"2025-11-14"].sum()
    assert inside > 10_000
    assert within(inside, band(by_node["product.stockout.C05-200"][1]))
    slow = planted["slow_shipping"]
    hours = slow["realised"]["mean_hours"]
    for platform in ("jd", "pdd"):
        longer = band(by_node[f"experience.delay.{platform}"][1])
        assert within(hours["during"] - hours["before"], longer)
        assert within(slow["expected"]["hours_longer"], longer)
    assert "C05-200" in pages.read("1111-2025", lambda study: causes.headline(told)).title
    assert "C05-200" in pages.read("1111-2025", lambda study: causes.case(told)).title


def test_answers_hang_on_the_tree(pages: Pages) -> None:
    """Two ways end at a step that can be changed; a why left out and a blamed world are told, and a wrong feeling."""
    told = pages.report("1111-2025").campaign.causes
    assert {"product.stockout.C05-200", "experience.delay.jd"} == {
        node.id for node in told.drivers if node.complete
    }
    assert [("skipped", "experience.delay.pdd"), ("benchmark", "external")] == [
        (flaw.rule, flaw.about) for flaw in told.flaws
    ]
    rows = pages.read("1111-2025", lambda study: causes.whys(told)).rows[1:]
    assert [("净销售额", "完整"), ("GMV", "完整")] == [
        (row[0].split("差")[0].strip(), row[-1]) for row in rows
    ]
    voices = {voice.statement: voice.state for voice in told.voices}
    assert "check" == voices["今年双11的访客比去年少了"]


def test_a_promotion_without_troubles_has_no_cause(pages: Pages) -> None:
    """Nothing planted falls into it: its missed targets stand without a cause, and the page says so."""
    told = pages.report("618-2026").campaign.causes
    assert [] == told.drivers
    assert ["net_sales", "gmv", "orders"] == [flaw.about for flaw in told.flaws if flaw.rule == "uncaused"]
    assert "没有查到超出随机波动的成因" in pages.read("618-2026", lambda study: causes.headline(told)).title


def test_causes_of_the_bad_month(pages: Pages, planted: dict[str, Any]) -> None:
    """Search, the cheap account, the empty shelf and the product at fault are named; sizes lie in their ranges."""
    told = pages.report(MONTH).campaign.causes
    search, shelf, cheap, fault = told.drivers
    assert ["traffic.channel.tmall.搜索", "product.stockout.C01-180"] == [search.id, shelf.id]
    assert cheap.id.startswith("traffic.cheap.douyin.")
    assert f"experience.fault.{planted['quality']['product']}" == fault.id
    for node, trouble in ((search, planted["search_fall"]), (shelf, planted["stockouts"][0])):
        assert node.low is not None
        assert node.high is not None
        assert all(within(-size, (node.low, node.high)) for size in sizes(trouble))


def test_branches_are_an_identity(pages: Pages) -> None:
    """On every platform the four branches come to its change, and the first missed target is their whole."""
    told = pages.report("1111-2025").campaign.causes
    table, _ = places(told)
    assert table[list(told.rules.branches)].sum(axis=1).to_numpy() == pytest.approx(
        table["change"].to_numpy(), abs=0.01
    )
    effects = [branch.figure.value for branch in told.roots[0].branches if branch.figure]
    assert sum(effects) == pytest.approx(table["change"].sum(), abs=0.01)


def test_a_cause_says_whether_it_was_told_in_time(pages: Pages) -> None:
    """Beside the empty shelf stands the day of its alert; beside a platform whose dispatch nobody watches, none."""
    report = pages.report("1111-2025")
    told = {
        row[-1]: row[1]
        for row in pages.read(
            "1111-2025", lambda study: causes.tree(report.campaign.causes, report.findings)
        ).rows
    }
    assert told["product.stockout.C05-200"].endswith(",11.7 起预警")
    assert told["experience.delay.pdd"].endswith(",11.11 起预警")
    assert told["experience.delay.jd"].endswith(",没有预警")


def test_without_a_target_a_fall_is_asked_for_its_causes(pages: Pages) -> None:
    """Days for which nobody set a target: Tmall fell beyond the flat band, and the page speaks of a fall."""
    report = Report(pages.project, pages.metrics, "2026-09-04/2026-09-29", {"platform": ["tmall"]}, None)
    (root,) = report.campaign.causes.roots
    assert root.goal.rate is None
    assert root.goal.gap < -0.02 * root.goal.target
    title = causes.headline(report.campaign.causes).draw(report._pen).title
    assert title.startswith("预计最终净销售额少 ")
    assert "目标" not in title


def test_a_cause_outside_needs_its_benchmark(pages: Pages) -> None:
    """With a benchmark beside it the world outside is a branch of its own, last in the tree."""
    report = pages.report("1111-2025")
    said = Answer("external", 1, "行业转化率下降", "open", "运营", None, None, False, ("cvr", "2025-10"))
    told = replace(report.campaign.causes, outside=(said,))
    last = pages.read("1111-2025", lambda study: causes.tree(told)).rows[-1]
    assert ("1 行业转化率下降", "待验证", "external") == (last[0], last[3], last[-1])


def test_a_period_that_runs_concludes_nothing_yet(pages: Pages) -> None:
    """Before its last day the page says that any conclusion comes too soon."""
    report = Report(pages.project, pages.metrics, "1111-2025", {}, "2025-11-10")
    assert "期间未结束,先不下结论" in causes.headline(report.campaign.causes).draw(report._pen).subtitle
