"""The world behind the demo: it is the same for a seed, its parts agree, and what is planted shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reportkit.demo.world import Facts, Stretch, World
from reportkit.demo.world.buyers import Buyers
from reportkit.demo.world.calendar import places
from reportkit.demo.world.merchant import merchant
from reportkit.demo.world.split import month_of
from reportkit.demo.world.troubles import Troubles

Made = tuple[World, list[Stretch]]
FRAMES = ("orders", "lines", "refunds", "payouts", "visitors", "items", "ads", "service")


def by_month(world: World) -> list[Stretch]:
    """The months of `world` one by one."""
    return [
        month_of(stretch, month)
        for stretch in world.stretches()
        for month in pd.period_range(stretch.first, stretch.last, freq="M")
    ]


@cache
def make(*names: str, size: str = "small", end: str = "2025-11", months: int = 2) -> Made:
    """A world with only the troubles of these `names`, and its months."""
    whole = World.build(size, end=end, months=months)
    chosen = Troubles(**{name: getattr(whole.troubles, name) for name in names})
    world = replace(whole, troubles=chosen)
    return world, by_month(world)


def every(months: list[Stretch], platform: str, frame: str) -> pd.DataFrame:
    return pd.concat([getattr(month.facts[platform], frame) for month in months], ignore_index=True)


@pytest.fixture(scope="module")
def autumn() -> Made:
    """Three months with a presale, two bursts and a stock-out."""
    world = World.build("medium", end="2025-11", months=3)
    return world, by_month(world)


@pytest.fixture(scope="module")
def quiet() -> Made:
    """The same months with nothing planted."""
    world = World.build("medium", end="2025-11", months=3, null=True)
    return world, by_month(world)


def test_same_seed_same_world() -> None:
    """Two worlds of one seed, and two passes through one, give the same frames."""
    one, two, other = (World.build("small", seed, "2025-11", 2) for seed in (1, 1, 2))
    passes = [by_month(world) for world in (one, one, two)]
    for first, second, third in zip(*passes, strict=True):
        for name, facts in first.facts.items():
            for frame in FRAMES:
                expected = getattr(facts, frame)
                assert expected.equals(getattr(second.facts[name], frame)), (name, frame)
                assert expected.equals(getattr(third.facts[name], frame)), (name, frame)
        assert first.stock.equals(third.stock)
        assert first.purchases.equals(third.purchases)
    strange = by_month(other)[0].facts["tmall"].orders
    assert not strange["created"].equals(passes[0][0].facts["tmall"].orders["created"])


@pytest.mark.parametrize(("size", "lines"), [("small", 20_000), ("medium", 200_000), ("large", 10_000_000)])
def test_sizes(size: str, lines: int) -> None:
    """24 months hold as many order lines as is said of the size, within a tenth."""
    world = World.build(size)
    days = (world.end - world.start).days + 1
    expected = sum(
        (rates.created() * rates.lines().sum(axis=1))[:days].sum() for rates in world.rates.values()
    ) / (1 - world.merchant.unpaid)
    assert expected == pytest.approx(lines, rel=0.1)


def test_as_many_lines_as_expected(autumn: Made) -> None:
    """What is sampled comes to what the rates expect."""
    world, months = autumn
    days = (world.end - world.start).days + 1
    for name, rates in world.rates.items():
        expected = (rates.created() * rates.lines().sum(axis=1))[:days].sum() / (1 - world.merchant.unpaid)
        assert len(every(months, name, "lines")) == pytest.approx(expected, rel=0.07), name


def test_unknown_size() -> None:
    """Only three sizes are known."""
    with pytest.raises(KeyError, match="huge"):
        World.build("huge")


def test_months_end_with_the_world() -> None:
    """The world is told in whole months up to its end, and knows nothing after that second."""
    world = World.build("small", end="2025-02", months=3)
    assert ["2024-12", "2025-01", "2025-02"] == world.labels
    assert (date(2024, 12, 1), date(2025, 2, 28)) == (world.start, world.end)
    assert "2025-02-28 23:59:59" == str(world.cutoff)


def test_frames_of_a_month_belong_together(autumn: Made) -> None:
    """Lines stand beside their orders, oldest first; serials are unique; what is of the month is of the month."""
    world, months = autumn
    for name in world.platforms:
        serials = every(months, name, "orders")["serial"]
        assert serials.is_unique
        assert serials.is_monotonic_increasing
        for month in months:
            facts = month.facts[name]
            own = facts.orders["serial"].to_numpy()[facts.lines["order"].to_numpy()]
            assert (own == facts.lines["serial"].to_numpy()).all()
            assert set(range(len(facts.orders))) == set(facts.lines["order"])
            assert facts.orders["created"].is_monotonic_increasing
            for frame, column in (("orders", "created"), ("refunds", "asked"), ("payouts", "at")):
                times = getattr(facts, frame)[column]
                assert (times.dt.strftime("%Y-%m") == month.label).all(), (name, frame)


def test_refunds_of_all_months_are_those_of_the_lines(autumn: Made) -> None:
    """What was asked back by the end stands once among the refunds, in the month it was asked in."""
    world, months = autumn
    for name in world.platforms:
        lines = every(months, name, "lines")
        asked = lines[lines["asked"] <= pd.Timestamp(world.cutoff)]
        assert sorted(asked["refund"]) == sorted(every(months, name, "refunds")["refund"])


def test_the_shop_counts_its_orders(autumn: Made) -> None:
    """Visitors' rows hold exactly what was paid on each day, by distinct buyers; no channel has more than came."""
    world, months = autumn
    for name in world.platforms:
        orders, lines = every(months, name, "orders"), every(months, name, "lines")
        told = every(months, name, "visitors")
        shop = told[told["channel"] == ""].set_index("day")
        order = pd.concat([month.facts[name].lines["order"] + at for month, at in _offsets(months, name)])
        orders["amount"] = np.bincount(order, lines["due"], len(orders)) + orders["freight"]
        orders["lines"] = np.bincount(order, minlength=len(orders))
        orders["day"] = orders["paid"].dt.floor("D")
        by_day = orders.groupby("day").agg(
            pay_buyers=("buyer", "nunique"),
            pay_orders=("buyer", "size"),
            pay_lines=("lines", "sum"),
            amount=("amount", "sum"),
        )
        by_day = by_day.reindex(shop.index, fill_value=0).astype("int64")
        pd.testing.assert_frame_equal(by_day, shop[list(by_day)], check_freq=False, check_names=False)
        channels = told[told["channel"] != ""].groupby("day").sum(numeric_only=True)
        assert (channels["pay_orders"] == shop["pay_orders"]).all()
        assert channels["visitors"].sum() >= shop["visitors"].sum()
        assert (
            told["visitors"] >= told[["pay_buyers", "order_buyers", "new_visitors", "bounce"]].max(axis=1)
        ).all()


def _offsets(months: list[Stretch], name: str) -> list[tuple[Stretch, int]]:
    sizes = [len(month.facts[name].orders) for month in months]
    return list(zip(months, np.cumsum([0, *sizes[:-1]]).tolist(), strict=True))


def test_products_add_up_to_the_shop(autumn: Made) -> None:
    """What items sold is what the shop sold, but for freight."""
    world, months = autumn
    for name in world.platforms:
        items, shop = every(months, name, "items"), every(months, name, "visitors")
        shop = shop[shop["channel"] == ""]
        paid = every(months, name, "orders")
        freight = paid.loc[paid["paid"] <= pd.Timestamp(world.cutoff), "freight"].sum()
        assert items["amount"].sum() + freight == shop["amount"].sum()
        assert items["borne"].sum() == shop[["platform", "influencer", "payment"]].sum().sum()


def test_stock_is_conserved(quiet: Made) -> None:
    """On sale today is what was yesterday, plus received, plus back on sale, minus sold: to the piece, never below 0."""
    world, months = quiet
    days, skus = (world.end - world.start).days + 1, len(world.catalogue.skus)
    stock = pd.concat([month.stock for month in months])
    available = stock["available"].to_numpy().reshape(days, skus)
    assert (stock[["available", "reserved", "in_transit", "defective"]] >= 0).all(axis=None)
    assert (stock["on_hand"] == stock["available"] + stock["reserved"] + stock["defective"]).all()
    assert (stock["oldest_receipt"] <= stock["day"]).all()
    sold, again = np.zeros((2, days, skus), "int64")
    for name in world.platforms:
        for month in months:
            _moves(world, month.facts[name], sold, again)
    purchases = pd.concat([month.purchases for month in months])
    received = np.zeros_like(sold)
    _add(
        received,
        places(purchases["received"].to_numpy(), world.calendar.days[0]),
        purchases["sku"],
        purchases["qty"],
    )
    assert ((available[1:] - available[:-1]) == (received + again - sold)[1:]).all()


def _moves(world: World, facts: Facts, sold: np.ndarray, again: np.ndarray) -> None:
    """Add what an order takes when it is placed, and what of it is on sale again after inspection."""
    first, lines = world.calendar.days[0], facts.lines
    orders = facts.orders.iloc[lines["order"].to_numpy()].reset_index(drop=True)
    paid = orders["paid"].notna()
    _add(sold, places(orders["created"].to_numpy(), first), lines["sku"], lines["qty"] * paid.astype(int))
    unsent = orders["shipped"].isna() & orders["ended"].notna()
    back = (lines["outcome"] == "success") & (lines["reason"] != "质量问题") & ~unsent
    inspection = world.merchant.stock.inspection
    for chosen, at, qty in (
        (unsent, orders["ended"], lines["qty"]),
        (back, lines["returned"], lines["back_qty"]),
    ):
        chosen = chosen & at.notna()
        _add(again, places(at[chosen].to_numpy(), first) + inspection, lines["sku"][chosen], qty[chosen])


def _add(table: np.ndarray, day: np.ndarray, sku: pd.Series, qty: pd.Series) -> None:
    near = day < len(table)
    np.add.at(table, (day[near], sku.to_numpy()[near]), qty.to_numpy()[near])


def test_nothing_runs_out_by_itself(quiet: Made) -> None:
    """With nothing planted every order can be delivered, and no SKU is piled up either."""
    world, months = quiet
    assert [0, 0, 0] == [len(month.lost) for month in months]
    stock = months[-1].stock
    left = stock.loc[stock["day"] == stock["day"].max(), "available"].sum()
    daily = sum(every(months, name, "lines")["qty"].sum() for name in world.platforms) / 91
    assert 20 < left / daily < 75


def test_bursts_lift_and_recovery_lacks(autumn: Made) -> None:
    """Paid orders a day: bursts far above ordinary days, warm-up and recovery below."""
    world, months = autumn
    factors = []
    for name in ("tmall", "jd", "pdd", "douyin"):
        shop = every(months, name, "visitors")
        paid = shop.loc[shop["channel"] == "", "pay_orders"].to_numpy()
        phase = world.calendar.phase_of_day(name)["phase"].to_numpy()[: len(paid)]
        factors.append(
            {
                one: paid[phase == one].mean() / paid[phase == ""].mean()
                for one in ("爆发1", "爆发2", "预热", "恢复")
            }
        )
    mean = pd.DataFrame(factors).mean()
    assert mean[["爆发1", "爆发2"]].min() > 2
    assert mean[["预热", "恢复"]].max() < 0.95


def test_bursts_open_at_their_hour(autumn: Made) -> None:
    """A burst that opens at eight in the evening sells most of its first day after that."""
    world, months = autumn
    row = world.calendar.phases("tmall").query("promo_id == '1111-2025' and phase == '爆发2'").iloc[0]
    created = every(months, "tmall", "orders")["created"]
    opening = created[created.dt.date == row["first"]].dt.hour
    usual = created[(created.dt.month == 9)].dt.hour
    assert row["opens"] == 20
    assert (opening >= 20).mean() > 0.5 > (usual >= 20).mean()
    assert usual.value_counts().idxmax() in (20, 21)


def test_balances_are_paid_when_the_burst_opens(autumn: Made) -> None:
    """A presale order pays a deposit at once, and its balance from the platform's first burst on, or never."""
    world, months = autumn
    orders = every(months, "tmall", "orders")
    presale = orders[orders["presale"] & orders["deposit_paid"].notna()]
    opening = world.calendar.opening("tmall", "1111-2025")
    assert len(presale) > 100
    assert (presale["deposit_paid"] - presale["created"]).max() < pd.Timedelta(hours=1)
    assert presale["created"].max() < pd.Timestamp(opening) < presale["paid"].min()
    assert 0.02 < presale["paid"].isna().mean() < 0.15
    assert (orders["paid"].isna() == orders["cancelled"].notna()).all()


def test_buyers_come_back_after_weeks() -> None:
    """Of orders as many as is set are by buyers who came before, mostly weeks later."""
    habits = merchant().repurchase
    buyers = Buyers(habits, repeat=0.3, days=400, history=365, rate=70)
    day = np.repeat(np.arange(400), 100)
    parts = np.array_split(day, [len(day) // 3 * 1 // 100 * 100])
    who = np.concatenate(
        [buyers.assign(part, np.random.default_rng(place)) for place, part in enumerate(parts)]
    )
    frame = pd.DataFrame({"who": who, "day": day})
    again = frame["who"].duplicated() | (frame["who"] < buyers.known_before)
    gaps = frame["day"] - frame.groupby("who")["day"].shift()
    assert again.mean() == pytest.approx(0.3, abs=0.02)
    assert 30 < gaps.median() < 45
    assert (gaps.dropna() >= 1).mean() > 0.95
    new = frame.loc[~again, "who"].to_numpy()
    assert (np.diff(new) == 1).all()


def test_baskets_have_true_affinities(autumn: Made) -> None:
    """A planted pair is bought together far more often than by chance, and another is not; PDD sells one a time."""
    world, months = autumn
    lines = every(months, "tmall", "lines")
    baskets = pd.crosstab(lines["serial"], lines["product"]).to_numpy() > 0
    several = baskets[baskets.sum(axis=1) > 0]

    def lift(one: str, other: str) -> float:
        left, right = (several[:, world.catalogue.place(code)] for code in (one, other))
        return float((left & right).mean() / (left.mean() * right.mean()))

    for pair in world.merchant.affinities:
        assert lift(pair.main, pair.other) > 2 * lift("C01", "C10"), pair
    assert every(months, "pdd", "lines")["line"].max() == 0
    assert every(months, "tmall", "lines")["line"].max() == 2


def test_nothing_is_sold_before_its_launch() -> None:
    """A product listed within the world sells from that day on, slowly at first."""
    world, months = make(end="2025-11", months=4)
    place, listed = world.catalogue.place("C12"), pd.Timestamp("2025-09-05")
    for name in world.platforms:
        parts = [(month.facts[name].orders, month.facts[name].lines) for month in months]
        times = pd.concat([o["created"].iloc[r["order"][r["product"] == place].to_numpy()] for o, r in parts])
        assert times.empty or times.min() >= listed
    sold = [
        sum((month.facts[name].lines["product"] == place).sum() for name in world.platforms)
        for month in months
    ]
    assert sold[0] == 0 < sold[1] < sold[3]


def test_spend_has_a_diminishing_return(autumn: Made) -> None:
    """Twice the money brings an advertised channel more visitors, but not twice as many."""
    world, months = autumn
    ads = every(months, "tmall", "ads").groupby("day")[["spend", "bonus"]].sum().sum(axis=1)
    told = every(months, "tmall", "visitors").set_index("day")
    visitors = told.loc[told["channel"] == "付费推广", "visitors"]
    rates = world.rates["tmall"]
    planned = rates.spend.sum(axis=1)[: len(ads)]
    expected = rates.visitors[: len(ads), rates.channels.index("付费推广")]
    slope = np.polyfit(np.log(ads / planned), np.log(visitors / expected), 1)[0]
    assert 0.45 < slope < 0.95


def test_discounts_of_jd_are_whole_percents(autumn: Made) -> None:
    """An order of JD has one discount on all its lines: its file tells only the order's sum."""
    lines = every(autumn[1], "jd", "lines")
    percent = lines["discount"] * 100 / lines["listed"]
    assert (percent == percent.round()).all()
    assert (percent.groupby(lines["serial"]).nunique() == 1).all()


def test_what_others_bear_is_part_of_what_is_due(autumn: Made) -> None:
    """Amounts of a line: due is listed less the merchant's discount, and others bear a part of it."""
    world, months = autumn
    for name in world.platforms:
        lines = every(months, name, "lines")
        assert (lines["listed"] - lines["discount"] == lines["due"]).all()
        borne = lines[["platform", "influencer", "payment"]]
        assert (borne >= 0).all(axis=None)
        assert (borne.sum(axis=1) < lines["due"]).all()
        assert set(world.merchant.platforms[name].bears) == set(borne.columns[borne.sum() > 0])


def test_promotions_move_between_years_and_platforms() -> None:
    """Windows differ by year and platform, 双11 begins in October, and each names the year before."""
    table = World.build("small").calendar.phases()
    first = table.groupby(["promo_id", "platform"])["first"].min().unstack("platform")
    assert {"1111-2024", "1212-2024", "618-2025", "1111-2025", "1212-2025", "618-2026"} == set(first.index)
    assert first.loc["1111-2025", "tmall"] == date(2025, 10, 15)
    assert first.loc["1111-2025"].nunique() > 2
    assert (first.loc["1111-2024", "tmall"].month, first.loc["1111-2024", "douyin"].month) == (10, 10)
    refs = dict(zip(table["promo_id"], table["ref"], strict=True))
    assert ("1111-2024", "618-2025") == (refs["1111-2025"], refs["618-2026"])
    tmall = table[(table["platform"] == "tmall") & (table["promo_id"] == "618-2026")]
    assert ["预售", "预热", "爆发1", "间歇", "爆发2", "返场", "恢复"] == list(tmall["phase"])


def test_spring_festival_dips_and_rebounds() -> None:
    """Fewer come while they travel, more when they are back."""
    calendar = World.build("small", end="2026-03", months=4).calendar
    season = pd.Series(calendar.season(), index=calendar.days)
    assert season["2026-02-16":"2026-02-19"].mean() < 0.6 * season["2026-01-15":"2026-01-25"].mean()
    assert season["2026-03-02":"2026-03-08"].mean() > season["2026-03-16":"2026-03-22"].mean()


UNTOUCHED: dict[str, dict[str, Any]] = {
    "search_fall": {"end": "2026-09", "platforms": ["jd", "pdd", "douyin", "xiaohongshu", "tiktok_shop"]},
    "cheap_traffic": {"end": "2026-07", "platforms": ["tmall", "jd", "pdd", "xiaohongshu", "tiktok_shop"]},
    "influencer": {"end": "2026-07", "platforms": ["tmall", "jd", "pdd", "xiaohongshu", "tiktok_shop"]},
    "short_payout": {"end": "2026-07", "platforms": ["tmall", "jd", "douyin", "xiaohongshu", "tiktok_shop"]},
    "slow_shipping": {"end": "2025-11", "platforms": ["tmall", "douyin", "xiaohongshu", "tiktok_shop"]},
    "slow_handling": {"end": "2026-07", "platforms": ["jd", "pdd", "xiaohongshu", "tiktok_shop"]},
}


@pytest.mark.parametrize("name", UNTOUCHED)
def test_a_trouble_leaves_other_platforms_alone(name: str) -> None:
    """Where nothing is planted, every frame is as in the null world; where something is, not."""
    end = UNTOUCHED[name]["end"]
    (world, months), (_, null) = make(name, end=end, months=1), make(end=end, months=1)
    same = [
        platform
        for platform in world.platforms
        if all(
            getattr(months[0].facts[platform], frame).equals(getattr(null[0].facts[platform], frame))
            for frame in FRAMES
        )
    ]
    assert UNTOUCHED[name]["platforms"] == same


def test_search_falls() -> None:
    """The channel keeps its share of visitors from that day on, and no other channel loses any."""
    world, [month] = make("search_fall", size="medium", end="2026-09", months=1)
    rows = month.facts["tmall"].visitors
    late = rows["day"] >= pd.Timestamp("2026-09-03")
    plan = world.plan["tmall"]
    for place, channel in enumerate(plan.channels):
        got = rows.loc[late & (rows["channel"] == channel), "visitors"].sum()
        left = got / plan.visitors[2:30, place].sum()
        assert left == pytest.approx(0.25 if channel == "搜索" else 1, rel=0.1), channel


def test_cheap_traffic_hardly_buys() -> None:
    """The channel brings many visitors from its first day on, a tenth as likely to buy as the others, for money."""
    _, [month] = make("cheap_traffic", size="medium", end="2026-07", months=1)
    facts = month.facts["douyin"]
    by = facts.visitors.groupby("channel")[["visitors", "pay_orders"]].sum()
    cheap, shop = by.loc["千川泛流量"], by.loc[""]
    assert 0.25 < cheap["visitors"] / shop["visitors"] < 0.45
    rest = shop - cheap
    assert cheap["pay_orders"] / cheap["visitors"] < 0.12 * rest["pay_orders"] / rest["visitors"]
    assert facts.ads.loc[facts.ads["scene"] == "千川泛流量", "spend"].sum() > 0
    assert "千川泛流量" not in set(make(end="2026-07", months=1)[1][0].facts["douyin"].ads["scene"])


def test_mix_shift_is_a_paradox() -> None:
    """Every platform converts better in April than in March, and all together worse."""
    _, (march, april) = make("mix_shift", size="medium", end="2026-04", months=2)
    totals = []
    for month in (march, april):
        rows = pd.concat(
            [f.visitors[f.visitors["channel"] == ""].assign(p=name) for name, f in month.facts.items()]
        )
        totals.append(rows.groupby("p")[["pay_buyers", "visitors"]].sum())
    rates = [total["pay_buyers"] / total["visitors"] for total in totals]
    assert (rates[1] > rates[0]).all()
    whole = [total["pay_buyers"].sum() / total["visitors"].sum() for total in totals]
    assert whole[1] < 0.98 * whole[0]


def test_a_price_cut_sells_nothing_more() -> None:
    """The discount of that product rises by the cut on those days; what is bought is the same to the piece."""
    end = "2026-05"
    (world, [cut]), (_, [null]) = make("price_cut", end=end, months=1), make(end=end, months=1)
    place = world.catalogue.place("C11")
    for name in world.platforms:
        one, other = cut.facts[name], null.facts[name]
        assert one.lines[["product", "sku", "qty", "listed"]].equals(
            other.lines[["product", "sku", "qty", "listed"]]
        )
        day = one.orders["created"].to_numpy()[one.lines["order"].to_numpy()].astype("datetime64[D]")
        inside = (day >= np.datetime64("2026-05-06")) & (day <= np.datetime64("2026-05-12"))
        hit = inside & (one.lines["product"] == place).to_numpy()
        more = (one.lines["discount"] - other.lines["discount"]) / one.lines["listed"]
        assert (more[~hit] == 0).all()
        assert more[hit].round(2).eq(0.15).all()


def test_faulty_goods_come_back() -> None:
    """The product is sent back about three times as often, mostly for its fault; no other product is."""
    end = "2026-07"
    (world, [bad]), (_, [null]) = (
        make("quality", size="medium", end=end, months=1),
        make(size="medium", end=end, months=1),
    )
    place, since = world.catalogue.place("C08"), np.datetime64("2026-07-10")
    shares = []
    for month in (bad, null):
        parts = [
            f.lines.assign(paid=f.orders["paid"].to_numpy()[f.lines["order"].to_numpy()])
            for f in month.facts.values()
        ]
        lines = pd.concat(parts)
        hit = (lines["product"] == place) & (lines["paid"] >= since)
        asked = lines["refund"] >= 0
        shares.append(
            (asked[hit].mean(), (lines["reason"] == "质量问题")[hit & asked].mean(), asked[~hit].mean())
        )
    assert 2.2 < shares[0][0] / shares[1][0] < 4
    assert shares[0][1] > 0.4 > shares[1][1]
    assert shares[0][2] == pytest.approx(shares[1][2], rel=0.05)


def test_stock_runs_out_where_planted(autumn: Made, quiet: Made) -> None:
    """Only the planted SKU is lacking, for about the planted days, because its deliveries come after them."""
    world, months = autumn
    lost = pd.concat([month.lost for month in months])
    sku = world.catalogue.place("C05-200")
    assert {sku} == set(lost["sku"])
    assert pd.Timestamp("2025-10-28") <= lost["day"].min() <= pd.Timestamp("2025-11-10")
    assert lost["day"].max() == pd.Timestamp("2025-11-19")
    stock = pd.concat([month.stock for month in months]).query(f"sku == {sku}").set_index("day")["available"]
    assert stock["2025-11-11":"2025-11-19"].max() <= 2
    assert stock["2025-11-22":].min() > 0
    purchases = pd.concat([month.purchases for month in months]).query(f"sku == {sku}")
    late = (purchases["received"] - purchases["promised"]).dt.days.max()
    usual = pd.concat([month.purchases for month in quiet[1]])
    assert late > 20 > (usual["received"] - usual["promised"]).dt.days.max()
    assert (lost[["qty", "due", "orders"]].sum() > 0).all()


def test_too_much_was_bought_of_one_sku() -> None:
    """One order of more than a year's demand, once."""
    world, months = make("overbought", size="medium", end="2026-03", months=2)
    sku = world.catalogue.place("C24-200")
    bought = (
        pd.concat([month.purchases for month in months]).query(f"sku == {sku}").set_index("ordered")["qty"]
    )
    daily = sum(rates.units()[:, 23].mean() for rates in world.plan.values()) * 0.4
    assert bought["2026-02-25"] == pytest.approx(480 * daily, rel=0.1)
    assert bought.drop(pd.Timestamp("2026-02-25")).max() < 60 * daily + 2


def test_dispatch_is_slow_for_some_days() -> None:
    """Orders of JD and PDD paid on those days leave days later; others as ever."""
    _, [month] = make("slow_shipping", end="2025-11", months=1)
    hours = {}
    for name in ("jd", "tmall"):
        orders = month.facts[name].orders.dropna(subset=["shipped"])
        inside = orders["paid"].between(pd.Timestamp("2025-11-09"), pd.Timestamp("2025-11-14"), "left")
        wait = (orders["shipped"] - orders["paid"]).dt.total_seconds() / 3600
        hours[name] = (wait[inside].median(), wait[~inside].median())
    assert hours["jd"][0] > 48 + hours["jd"][1]
    assert hours["tmall"][0] == pytest.approx(hours["tmall"][1], rel=0.3)


def test_some_payouts_are_short() -> None:
    """In that month a share of PDD's payouts lacks a fifth; elsewhere nothing is missing."""
    _, [month] = make("short_payout", size="medium", end="2026-07", months=1)
    short = {name: facts.payouts.query("short != 0") for name, facts in month.facts.items()}
    assert [0, 0, 0, 0, 0] == [len(rows) for name, rows in short.items() if name != "pdd"]
    sales = month.facts["pdd"].payouts.query("kind == 'sale'")
    assert len(short["pdd"]) / len(sales) == pytest.approx(0.08, abs=0.02)
    assert (short["pdd"]["short"] / short["pdd"]["due"]).to_numpy() == pytest.approx(0.2, abs=0.001)


def test_one_influencer_sells_most() -> None:
    """Of what influencers sell on Douyin one has two thirds; as many orders come as before."""
    end = "2026-07"
    (_, [one]), (_, [null]) = make("influencer", end=end, months=1), make(end=end, months=1)
    before, after = (month.facts["douyin"].orders["influencer"] for month in (null, one))
    assert len(before) == len(after)
    assert (after[after >= 0] == 6).mean() > 0.5 > 0.15 > (before[before >= 0] == 6).mean()
