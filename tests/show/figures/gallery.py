"""Every figure once, with invented numbers, in both languages: for the gallery and for the tests that measure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, sin

from reportkit.show import figures
from reportkit.show.figures import (
    Axis,
    Band,
    Bar,
    Box,
    Bullet,
    Cell,
    Curve,
    Funnel,
    FunnelStep,
    HeatRow,
    Mark,
    Pair,
    Panel,
    Paper,
    ParetoRow,
    Point,
    Reference,
    Scale,
    Stack,
    Step,
    Zone,
)

LANGS = ("zh", "en")
PERCENT = Scale(0.01, "%")


@dataclass(frozen=True)
class Said:
    """Words and numbers in one language."""

    lang: str

    def __call__(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    @property
    def money(self) -> Scale:
        """Ten thousands of yuan, or thousands."""
        return Scale(1e4 if self.lang == "zh" else 1e3)

    def amount(self, value: float, sign: str = "") -> str:
        """An amount in a column of its unit."""
        return f"{value / self.money.by:{sign},.0f}".replace("-", "−")

    @property
    def unit(self) -> str:
        """The unit of such a column."""
        return self("万元", "¥K")

    @property
    def platforms(self) -> list[str]:
        """Six platforms."""
        zh = ["天猫", "抖音", "京东", "拼多多", "小红书", "TikTok Shop"]
        return (
            zh if self.lang == "zh" else ["Tmall", "Douyin", "JD", "Pinduoduo", "Xiaohongshu", "TikTok Shop"]
        )

    def month(self, place: int) -> str:
        """The month `place` after December 2024."""
        year, month = divmod(11 + place, 12)
        return f"{2024 + year}.{month + 1}"


def rate(value: float, digits: int = 1) -> str:
    """A share in percent."""
    return f"{value * 100:.{digits}f}%"


def points(value: float, digits: int = 1) -> str:
    """A difference of shares."""
    return f"{'▲' if value > 0 else '▼'}{abs(value) * 100:.{digits}f}pp"


def ratios(values: Sequence[float]) -> list[float]:
    """The rate from each step to the next."""
    return [b / a for a, b in pairwise(values)]


def bars(say: Said) -> Paper:
    """Shares now and then."""
    now, then = (0.420, 0.237, 0.165, 0.104, 0.048, 0.026), (0.476, 0.176, 0.179, 0.101, 0.046, 0.022)
    rows = [
        Bar(name, a, rate(a), b, points(a - b)) for name, a, b in zip(say.platforms, now, then, strict=True)
    ]
    return figures.bars("right", rows, now=say("GMV 占比 11月", "Share of GMV, Nov"), then=say("10月", "Oct"))


def bars_against_a_line(say: Said) -> Paper:
    """Sell-through by category beside the share of the season that is over."""
    names = (
        ["羽绒服", "毛衣", "长裤", "内搭", "配饰", "其他"]
        if say.lang == "zh"
        else ["Down coats", "Sweaters", "Trousers", "Base layers", "Accessories", "Other"]
    )
    values, tones = (0.71, 0.58, 0.44, 0.39, 0.22, 0.35), ("ink", "ink", "ink", "ink", "bad", "muted")
    rows = [
        Bar(name, value, rate(value, 0), tone=tone)
        for name, value, tone in zip(names, values, tones, strict=True)
    ]
    return figures.bars(
        "right", rows, reference=Reference(0.46, say("季节进度 46%", "46% of the season is over"))
    )


def bars_below_zero(say: Said) -> Paper:
    """Contribution of the worst products, with a plan."""
    names = (
        ["轻薄鹅绒长款连帽冬季羽绒服女士加厚保暖外套", "羊毛围巾", "加绒打底裤", "短靴"]
        if say.lang == "zh"
        else ["Long hooded goose-down winter coat for women", "Wool scarf", "Fleece leggings", "Ankle boots"]
    )
    values, plans = (-82e3, -41e3, 12e3, 56e3), (20e3, 10e3, 30e3, 40e3)
    rows = [
        Bar(name, value, say.amount(value), target=plan, tone="bad" if value < 0 else "ink")
        for name, value, plan in zip(names, values, plans, strict=True)
    ]
    return figures.bars(
        "half", rows, now=say("贡献毛利,万元", "Contribution, ¥K"), target=say("计划", "Plan")
    )


def bridge(say: Said) -> Paper:
    """Net sales from last year to now."""
    moves = (1.27e6, 0.30e6, 0.26e6, 0.15e6, -0.07e6, -1.26e6)
    order = [1, 3, 5, 4, 2, 0]
    steps, level = [Step(say("2024.11", "Nov 2024"), 0.0, 18.27e6, say.amount(18.27e6), total=True)], 18.27e6
    for place, move in zip(order, moves, strict=True):
        tone = "good" if move > 0 else "bad"
        steps.append(Step(say.platforms[place], level, level + move, say.amount(move, "+"), tone))
        level += move
    steps.append(
        Step(
            say("不可比部分", "Not comparable"),
            level,
            level + 0.4e6,
            say.amount(0.4e6, "+"),
            comparable=False,
        )
    )
    steps.append(Step(say("2025.11", "Nov 2025"), 0.0, level + 0.4e6, say.amount(level + 0.4e6), total=True))
    start = say.amount(figures.bridge_start(steps))
    return figures.bridge(
        "right",
        steps,
        note=say("净销售额,万元", "Net sales, ¥K"),
        start_note=say(f"横轴自 {start} 万起", f"Axis starts at ¥{start}K"),
    )


def timeline(say: Said) -> Paper:
    """Thirty days: columns with a band and hatched immature days over two lines."""
    normal = [50 + 8 * (day % 7 in (0, 6)) for day in range(30)]
    values: list[float | None] = [base * 1e4 * (1 + 0.05 * sin(day * 2.1)) for day, base in enumerate(normal)]
    values[9:12], values[3:5] = [1.25e6, 2.48e6, 0.78e6], [None, None]
    young = [day >= 22 for day in range(30)]
    cvr = [0.0275 + 0.001 * sin(day * 1.7) + 0.014 * exp(-((day - 10) ** 2) / 1.5) for day in range(30)]
    cvr[20:] = [0.0249 + 0.0002 * sin(day) for day in range(20, 30)]
    basket = [200 + 4 * sin(day * 1.3) + 32 * exp(-((day - 10) ** 2) / 1.5) for day in range(30)]
    flagged = [day >= 20 for day in range(30)]
    panels = [
        Panel(
            say("净销售额(预计最终),万元", "Net sales (projected), ¥K"), values, say.money, columns=True,
            low=[value * 0.9e4 for value in normal], high=[value * 1.15e4 for value in normal], young=young,
            marks=(
                Mark(10, say("11.11 248 万", "Nov 11 ¥2,480K")),
                Mark(19, say("主推款断货", "Hero SKU out of stock")),
            ),
            aid=say(
                "浅底:双11、斜线:退款未到齐、灰带:同星期正常区间",
                "Light ground: Singles' Day. Hatched: refunds still to come. Grey: normal for the weekday",
            ),
        ),
        Panel(
            say("转化率,%", "Conversion, %"), cvr, low=[0.0262] * 30, high=[0.0289] * 30, flagged=flagged,
            last=f"{cvr[-1] * 100:.2f}", levels=tuple((each, f"{each * 100:.2f}") for each in (min(cvr), max(cvr))),
        ),
        Panel(
            say("客单价,元", "Basket, ¥"), basket, low=[194] * 30, high=[209] * 30, last=f"{basket[-1]:.0f}",
            levels=tuple((each, f"{each:.0f}") for each in (min(basket), max(basket))),
        ),
    ]  # fmt: skip
    ticks = [say(f"11.{day + 1}", f"Nov {day + 1}") for day in range(30)]
    return figures.timeline("left", ticks, panels, ground=(9, 10, 11), gap=say("缺数", "no data"))


def two_panels(say: Said) -> Paper:
    """Refunds: amounts over their rate, never on one plot with two axes."""
    amounts = [(21 + 3 * sin(week) + (16 if week in (7, 8) else 0)) * 1e4 for week in range(13)]
    rates = [0.118 + 0.004 * sin(week * 1.4) + (0.03 if week >= 8 else 0) for week in range(13)]
    last_year = [0.115 + 0.003 * sin(week) for week in range(13)]
    young = [week >= 11 for week in range(13)]
    panels = [
        Panel(
            say("退款金额,万元", "Refunds, ¥K"), amounts, say.money, columns=True, young=young,
            aid=say("斜线:未成熟,按预计", "Hatched: not yet mature, projected"),
        ),
        Panel(
            say("退款率(支付归属),%", "Refund rate by payment date, %"), rates, PERCENT, then=last_year,
            young=young, last=say(f"预计 {rate(rates[-1])}", f"{rate(rates[-1])} projected"),
            then_last=say(f"去年 {rate(last_year[-1])}", f"{rate(last_year[-1])} last year"),
            target=Reference(0.13, say("上限 13%", "Limit 13%")),
        ),
    ]  # fmt: skip
    return figures.timeline("half", [f"W{36 + week}" for week in range(13)], panels, height=58.0)


def bullets(say: Said) -> Paper:
    """How far each platform is towards its target."""
    values = (7.95e6, 4.48e6, 3.12e6, 1.97e6)
    targets, paces = (9.2e6, 4.2e6, 3.2e6, 2.4e6), (8.1e6, 3.7e6, 2.8e6, 2.1e6)
    rows = [
        Bullet(
            name, value, target, say(f"{say.amount(value)} 万元", f"¥{say.amount(value)}K"),
            say(f"目标 {say.amount(target)},达成 {rate(value / target)}", f"target {say.amount(target)}, {rate(value / target)} reached"),
            pace,
        )
        for name, value, target, pace in zip(say.platforms, values, targets, paces, strict=False)
    ]  # fmt: skip
    rows.append(Bullet(say.platforms[4], 0.9e6, None, say("90 万元", "¥900K"), say("未设目标", "no target")))
    note = say(
        "外框:目标;底色:目标的 80%、95%、100%;三角:今日应达",
        "Outline: target. Shades: 80, 95, 100% of it. Triangle: due by today",
    )
    return figures.bullets("right", rows, note=note)


def column_multiples(say: Said) -> Paper:
    """Twelve months of every platform on one scale."""
    cells = []
    for place, (name, size) in enumerate(zip(say.platforms, (6.9, 3.1, 2.7, 1.6, 0.8, 0.4), strict=True)):
        seasons = [1 + 0.45 * (month == 11) + 0.1 * sin(month) for month in range(12)]
        then = [size * 1e6 * season for season in seasons]
        now = [value * (1.02 + 0.06 * sin(place * 1.9) + 0.01 * month) for month, value in enumerate(then)]
        growth = now[-1] / then[-1] - 1
        last = f"{say.amount(now[-1])} {'▲' if growth > 0 else '▼'}{rate(abs(growth))}"
        cells.append(Cell(name, now, then, last=last, young=[month == 11 for month in range(12)]))
    return figures.column_multiples(
        "full", [say.month(place) for place in range(12)], cells, scale=say.money,
        label=say("销售额,万元,各平台同一刻度", "Sales, ¥K, one scale for all platforms"),
        aid=say("浅线:去年同月;斜线:11月未完", "Light line: same month last year. Hatched: November so far"),
    )  # fmt: skip


def line_multiples(say: Said) -> Paper:
    """Satisfaction in each platform's own score, with the line it is held to."""
    cells = []
    for place, (name, score) in enumerate(
        zip(say.platforms, (4.82, 4.71, 4.90, 4.55, 4.78, 4.4), strict=True)
    ):
        scores = [score - 0.06 + 0.05 * sin(week * 0.7 + place) + 0.005 * week for week in range(13)]
        asked = score + (0.03 if place % 2 else -0.04)
        target = Reference(asked, say(f"线 {asked:.2f}", f"line {asked:.2f}"))
        tone = "ink" if round(scores[-1], 2) >= round(asked, 2) else "bad"
        cells.append(Cell(name, scores, target=target, last=f"{scores[-1]:.2f}", tone=tone))
    return figures.line_multiples(
        "left", [f"W{36 + week}" for week in range(13)], cells,
        label=say("店铺体验分,各平台自有刻度", "Shop score, each platform on its own scale"),
        aid=say("虚线:平台要求", "Dashes: what the platform asks"),
    )  # fmt: skip


def diverging(say: Said) -> Paper:
    """What visitors, conversion, basket and refunds did to each platform's net sales."""
    effects = [
        (-0.42e6, -0.61e6, 0.09e6, -0.32e6), (1.61e6, -0.38e6, 0.33e6, -0.29e6),
        (-0.12e6, 0.04e6, 0.06e6, -0.05e6), (0.31e6, 0.08e6, -0.05e6, -0.04e6),
        (0.12e6, 0.05e6, 0.01e6, -0.03e6), (0.24e6, None, 0.04e6, -0.02e6),
    ]  # fmt: skip
    rows = [
        Stack(
            name, parts, tuple(say.amount(part or 0.0, "+") for part in parts),
            say.amount(sum(part or 0.0 for part in parts), "+"),
        )
        for name, parts in zip(say.platforms, effects, strict=True)
    ]  # fmt: skip
    names = (
        ["访客", "转化", "客单", "退款"]
        if say.lang == "zh"
        else ["Visitors", "Conversion", "Basket", "Refunds"]
    )
    return figures.diverging(
        "left", rows, names, total=say("合计 = 净销售额变化,万元", "Sum = change of net sales, ¥K")
    )


def stacked(say: Said) -> Paper:
    """What each platform sells: categories as parts of its whole."""
    shares = [
        (0.44, 0.21, 0.12, 0.09, 0.06, 0.04, 0.04), (0.31, 0.14, 0.24, 0.12, 0.09, 0.05, 0.05),
        (0.52, 0.18, 0.11, 0.08, 0.05, 0.03, 0.03), (0.18, 0.15, 0.29, 0.18, 0.10, 0.05, 0.05),
        (0.26, 0.30, 0.08, 0.06, 0.22, 0.04, 0.04), (0.12, 0.22, 0.30, 0.16, 0.10, 0.05, 0.05),
    ]  # fmt: skip
    names = (
        ["羽绒服", "毛衣", "长裤", "内搭", "配饰", "鞋靴", "其他"]
        if say.lang == "zh"
        else ["Down coats", "Sweaters", "Trousers", "Base layers", "Accessories", "Shoes", "Other"]
    )
    rows = [
        Stack(name, parts, tuple(rate(part, 0) for part in parts))
        for name, parts in zip(say.platforms, shares, strict=True)
    ]
    return figures.stacked("left", rows, names, label=say("GMV 按类目,%", "GMV by category, %"))


def stacked_amounts(say: Said) -> Paper:
    """Refunds by stage, each platform on one scale."""
    amounts = [(52e4, 38e4, 61e4), (88e4, 71e4, 122e4), (11e4, 9e4, 22e4), (14e4, 20e4, 19e4)]
    names = (
        ["发货前", "发货后未签收", "签收后"]
        if say.lang == "zh"
        else ["Before dispatch", "In transit", "After delivery"]
    )
    rows = [
        Stack(
            name,
            parts,
            tuple(say.amount(part) for part in parts),
            say.amount(sum(parts)),
            rate(parts[2] / sum(parts), 0),
        )
        for name, parts in zip(say.platforms, amounts, strict=False)
    ]
    return figures.stacked("right", rows, names, whole=False, label=say("退款,万元", "Refunds, ¥K"))


def stacked_platforms(say: Said) -> Paper:
    """Where new customers come from: the one place where hues stand for platforms."""
    keys = ["tmall", "douyin", "jd", "pdd", "xiaohongshu", "tiktok_shop", "other"]
    rows = [
        Stack(
            say("新客", "New buyers"), (0.22, 0.36, 0.12, 0.13, 0.11, 0.04, 0.02),
            ("22%", "36%", "12%", "13%", "11%", "4%", "2%"),
        ),
        Stack(
            say("老客", "Returning"), (0.51, 0.15, 0.19, 0.08, 0.04, 0.02, 0.01),
            ("51%", "15%", "19%", "8%", "4%", "2%", "1%"),
        ),
    ]  # fmt: skip
    colors = [figures.platform_color(key) for key in keys]
    return figures.stacked("left", rows, [*say.platforms, say("其他", "Other")], colors=colors)


def dumbbells(say: Said) -> Paper:
    """What share of the money each platform gets, and what share of sales it brings."""
    spent, brought = (0.31, 0.38, 0.12, 0.09, 0.07, 0.03), (0.42, 0.237, 0.165, 0.104, 0.048, 0.026)
    rows = [
        Pair(name, a, b, rate(a), rate(b), points(b - a), "good" if b > a + 0.005 else "bad" if b < a - 0.005 else "plain")
        for name, a, b in zip(say.platforms, spent, brought, strict=True)
    ]  # fmt: skip
    return figures.dumbbells(
        "right", rows, start=say("投入占比", "Share of spend"), end=say("产出占比", "Share of net sales")
    )


def quadrants(say: Said) -> Paper:
    """Growth and contribution of each platform."""
    growth, kept = (-0.137, 0.396, -0.021, 0.178, 0.121, 0.62), (0.182, 0.046, 0.151, 0.094, 0.121, -0.021)
    areas, tones = (795, 448, 312, 197, 90, 50), ("ink", "ink", "ink", "ink", "ink", "bad")
    found = [
        Point(x, y, name, area, tone)
        for x, y, name, area, tone in zip(growth, kept, say.platforms, areas, tones, strict=True)
    ]
    names = (
        ("守成", "强势", "整顿", "潜力")
        if say.lang == "zh"
        else ("Defend", "Strong", "Put in order", "Promising")
    )
    return figures.quadrants(
        "half", found,
        Axis(say("同比增长", "Growth on last year"), PERCENT, Reference(0.036, say("均值 3.6%", "mean 3.6%"))),
        Axis(say("贡献率", "Contribution margin"), PERCENT, Reference(0.128, say("均值 12.8%", "mean 12.8%"))),
        names, note=say("面积:净销售额", "Area: net sales"),
    )  # fmt: skip


def zones(say: Said) -> Paper:
    """Stock: how long it lasts, and how fast it sells."""
    named = [
        (say("羽绒服A", "Down coat A"), 4, 640, 9), (say("羊毛衫03", "Sweater 03"), 6, 300, 5),
        (say("围巾礼盒", "Scarf set"), 210, 14, 12), (say("短靴", "Ankle boots"), 320, 6, 10),
        (say("凉鞋", "Sandals"), float("inf"), 0, 14),
    ]  # fmt: skip
    rest = [
        ("", 7.0 * 1.092**place, 900 / (1 + place * 0.55) * (1 + 0.6 * sin(place * 2.3)), 1 + place % 9)
        for place in range(60)
    ]
    every = [*named, *rest]
    found = [
        Point(x, y, name, area, "bad" if name and (x < 9 or x > 180) else "ink") for name, x, y, area in every
    ]
    cuts = [
        (say("断货险", "Short"), 0, 9, "bad"), (say("健康", "Healthy"), 9, 60, "muted"),
        (say("偏高", "High"), 60, 180, "watch"), (say("滞销", "Slow"), 180, float("inf"), "bad"),
    ]  # fmt: skip
    told = []
    for name, low, high, tone in cuts:
        held = [area * 1e4 for _, x, _, area in every if low < x <= high]
        text = say(
            f"{len(held)} 款 · {say.amount(sum(held))} 万", f"{len(held)} SKUs · ¥{say.amount(sum(held))}K"
        )
        told.append(Zone(name, low, high, text, tone))
    return figures.zones(
        "half", found, Axis(say("可售天数,对数", "Days of stock, log scale")),
        Axis(say("30 日销量,件,对数", "Units sold in 30 days, log scale")), told,
        note=say("面积:库存金额", "Area: value of stock"),
    )  # fmt: skip


def funnels(say: Said) -> Paper:
    """Every platform's way from visitors to payment."""
    steps = ["访客", "加购", "下单", "支付"] if say.lang == "zh" else ["Visitors", "Cart", "Order", "Payment"]
    now = [(412, 38.7, 12.6, 11.2), (655, 31.2, 13.1, 9.9), (148, 17.5, 6.8, 6.3)]
    then = [(436, 42.7, 13.4, 12.0), (531, 27.1, 11.0, 8.7), (151, 17.0, 6.3, 5.9)]
    found = []
    for name, values, before in zip(say.platforms, now, then, strict=False):
        rates, moves = (
            [None, *ratios(values)],
            [0.0, *(a - b for a, b in zip(ratios(values), ratios(before), strict=True))],
        )
        found.append(
            Funnel(
                name,
                tuple(
                    FunnelStep(
                        step, value, f"{value:,.1f}", last, rate(share) if share else "",
                        points(move) if share else "", "plain" if abs(move) < 0.002 else "good" if move > 0 else "bad",
                    )
                    for step, value, last, share, move in zip(steps, values, before, rates, moves, strict=True)
                ),
                say(f"全程 {rate(values[-1] / values[0], 2)}", f"all the way {rate(values[-1] / values[0], 2)}"),
            )
        )  # fmt: skip
    return figures.funnels(
        "full", found, now=say("本期,千人", "This period, thousands"), then=say("上期", "Last period")
    )


def pareto(say: Said) -> Paper:
    """Why goods come back."""
    names = (
        ["尺码不符", "质量问题", "与描述不符", "物流慢", "不想要了", "其他"]
        if say.lang == "zh"
        else ["Wrong size", "Quality", "Not as described", "Slow delivery", "Changed mind", "Other"]
    )
    values, total = (118e4, 84e4, 46e4, 21e4, 15e4, 12e4), 296e4
    rows = [
        ParetoRow(name, value, say.amount(value), rate(sum(values[: place + 1]) / total, 0), "bad" if place == 1 else "muted" if place == 5 else "ink")
        for place, (name, value) in enumerate(zip(names, values, strict=True))
    ]  # fmt: skip
    return figures.pareto(
        "half", rows, label=say("退款金额,万元", "Refunds, ¥K"), cumulative=say("累计占比", "Running share"),
        cut=Reference(0.8, "80%"),
    )  # fmt: skip


def refund_curves(say: Said) -> Paper:
    """Refunds of this promotion as they come in, beside the last one and normal days."""
    grow = [(1 - exp(-day / 9)) / (1 - exp(-5)) for day in range(46)]
    now = [0.199 * share for share in grow]
    curves = [
        Curve(say("去年双11 16.5%", "Last year 16.5%"), [0.165 * share for share in grow], "then"),
        Curve(say(f"本次双11 {rate(now[11])}", f"This promotion {rate(now[11])}"), now[:12]),
        Curve(say("预计 19.9%", "Projected 19.9%"), [None] * 11 + now[11:], "projected"),
    ]
    band = Band(
        [0.10 * share for share in grow],
        [0.13 * share for share in grow],
        say("平日 10–13%", "Normal 10–13%"),
    )
    return figures.curves(
        "half", [say(f"{day}天", f"day {day}") for day in range(46)], curves, scale=PERCENT, band=band,
        label=say("累计退款率,按支付后天数", "Refunds so far by days since payment, %"),
    )  # fmt: skip


def running_total(say: Said) -> Paper:
    """A promotion adding up towards its target."""
    now = [1.1e6 * (1 + 0.4 * day + (6 if day > 9 else 0)) for day in range(13)]
    then = [1.0e6 * (1 + 0.4 * day + (5 if day > 9 else 0)) for day in range(15)]
    curves = [
        Curve(say(f"2024双11 {say.amount(then[-1])} 万", f"2024 ¥{say.amount(then[-1])}K"), then, "then"),
        Curve(say(f"2025双11 {say.amount(now[-1])} 万", f"2025 ¥{say.amount(now[-1])}K"), now),
    ]
    return figures.curves(
        "left", [say(f"11.{day + 1}", f"Nov {day + 1}") for day in range(15)], curves, scale=say.money,
        label=say("累计净销售额,万元,按活动日对齐", "Running net sales, ¥K, by day of the promotion"),
        target=Reference(1.5e7, say("目标 1,500 万", "Target ¥15,000K")), ground=(9, 10, 11), height=48.0,
    )  # fmt: skip


def boxes(say: Said) -> Paper:
    """How long each platform's refunds take."""
    middles = (18, 26, 12, 31, 22)
    rows = [
        Box(name, m * 0.3, m * 0.6, m, m * 1.7, m * 2.6, f"{m}", f"{m * 2.6:.0f}", f"n={m * 41:,}")
        for name, m in zip(say.platforms, middles, strict=False)
    ]
    return figures.boxes(
        "half", rows, label=say("售后处理时效,小时;框:中间一半,线:P10–P90", "After-sale hours. Box: middle half; line: P10 to P90"),
        reference=Reference(48, say("SLA 48 小时", "SLA 48 h")),
    )  # fmt: skip


def heat(say: Said) -> str:
    """Reasons by platform."""
    reasons = (
        ["尺码不符", "质量问题", "与描述不符", "物流慢"]
        if say.lang == "zh"
        else ["Wrong size", "Quality", "Not as described", "Slow delivery"]
    )
    values = [
        (0.041, 0.062, 0.022, 0.031), (0.021, 0.058, 0.018, 0.044),
        (0.012, 0.037, 0.009, None), (0.008, 0.011, 0.004, 0.021),
    ]  # fmt: skip
    rows = [
        HeatRow(reason, row, tuple("—" if value is None else rate(value) for value in row))
        for reason, row in zip(reasons, values, strict=True)
    ]
    return figures.heat(say("退款原因", "Reason"), say.platforms[:4], rows)


PICTURES: dict[str, Callable[[Said], Paper]] = {
    each.__name__: each
    for each in (
        bars, bars_against_a_line, bars_below_zero, bridge, timeline, two_panels, bullets, column_multiples,
        line_multiples, diverging, stacked, stacked_amounts, stacked_platforms, dumbbells, quadrants, zones,
        funnels, pareto, refund_curves, running_total, boxes,
    )
}  # fmt: skip
