"""Advice about platforms: their visitors, carts, advertising, settlements, and what they hang on."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np

from reportkit.advice.advice import Advice, Effect, Ground
from reportkit.analysis.proportions import wilson
from reportkit.quality.figure import Figure
from reportkit.study.channels import losing_lines
from reportkit.study.rows import records
from reportkit.study.spending import stocked

__all__ = ["carts", "claims", "leaner", "more", "spread", "visitors"]

_DAY = timedelta(days=1)


def visitors(ground: Ground) -> Iterator[Advice]:
    """REC-01: platforms that lost money by visitors, with the channel that lost them where it stands out."""
    study, told = ground.study, ground.study.change
    if told.effects.empty or told.dimension != "platform" or not stocked(study) or _recovering(ground):
        return
    drills = {drill.part: drill for drill in study.drills if drill.factor == "visitors"}
    for part, row in records(told.effects):
        if not row["visitors"] <= -study.rules.change.advised * row["then"] < 0:
            continue
        figures = {"lost": told.figure(part, "visitors"), "change": told.figure(part, "change")}
        drill = drills.get(part)
        if drill is None or drill.expected is None or drill.actual is None or drill.element is None:
            yield ground.advice({"platform": part}, figures, text="any")
            continue
        about = {"platform": part, "channel": drill.element}
        middle, low, high = (
            end - drill.actual for end in (drill.expected.value, drill.expected.low, drill.expected.high)
        )
        figures |= dict(zip(("visitors", "amount"), drill.figures, strict=True))
        found = (
            ground.effect("sales", middle, about, drill.figures[-1].rows_sql, low, high) if low > 0 else None
        )
        yield ground.advice(about, figures, found)


def _recovering(ground: Ground) -> bool:
    """Tell whether the period is held against the one before while a promotion is recovered from."""
    study = ground.study
    if study.change.against == "last_year":
        return False
    since = study.period.start - ground.number("aftermath") * _DAY
    phases = ", ".join(repr(name) for name in study.project.policy.maturity.promo_phases)
    ((count,),) = study.metrics.engine.rows(
        f"SELECT count(*) FROM promos WHERE phase IN ({phases}) "
        f"AND end_date >= DATE '{since}' AND start_date <= DATE '{study.last}'"
    )
    return bool(count)


def carts(ground: Ground) -> Iterator[Advice]:
    """REC-05: platforms where as many as usual put goods into the cart and fewer than usual go on."""
    told = ground.study.funnels
    for part, steps in told.table.groupby("part") if len(told.table) else ():
        rows = [row for _, row in records(steps)]
        for cart, after in itertools.pairwise(rows):
            if cart["step"] != "cart_users" or not _stuck(ground, cart, after):
                continue
            about = {told.dimension: str(part)}
            figures = {
                "carts": told.figure(str(part), cart["step"]),
                "rate": told.figure(str(part), after["step"]),
            }
            rows_sql = figures["rate"].rows_sql
            figures["usual"] = Figure("funnel.usual", after["usual"], "percent", about, rows_sql)
            figures["n"] = Figure("funnel.carts", cart["value"], "count", about, rows_sql)
            yield ground.advice(about, figures, _recovered(ground, about, cart["value"], after))


def _stuck(ground: Ground, cart: dict[str, Any], after: dict[str, Any]) -> bool:
    """Tell whether carts are as usual and surely fewer than usual go on."""
    gap, usual, n = after["usual"] - after["rate"], after["usual"], cart["value"]
    error = np.sqrt(usual * (1 - usual) / n)
    enough = n >= ground.number("carts") and cart["rate"] >= cart["usual"]
    return bool(enough and gap >= ground.number("z") * error and gap >= ground.number("relative") * usual)


def _recovered(ground: Ground, about: dict[str, str], n: float, step: dict[str, Any]) -> Effect | None:
    """Return the money that the usual step would have brought more."""
    asked = ground.study.change.result
    money = asked.cell("gmv", **about)
    if not money or not step["value"] > 0:
        return None
    told = wilson([step["value"]], [n], level=ground.book.level).iloc[0]
    middle, low, high = (
        max(step["usual"] - float(told[name]), 0.0) * n * money / step["value"]
        for name in ("rate", "high", "low")
    )
    return ground.effect("sales", middle, about, asked.rows_sql("gmv", **about), low, high)


def leaner(ground: Ground) -> Iterator[Advice]:
    """REC-07: platforms, and lines of advertising, that cost more than what they sell leaves."""
    study, told = ground.study, ground.study.spending
    days, rules = (study.last - study.period.start).days + 1, study.rules.spending
    for part, row in records(told.table):
        if not row["roi"] < row["breakeven"] or row["spend"] < ground.number("spend") * days:
            continue
        names = ("spend", "roi", "breakeven", "marginal")
        figures = {name: told.figure(part, name) for name in names if row[name] == row[name]}
        yield ground.advice(
            {told.dimension: part}, figures, _saved(ground, row, rules.move, told.figure(part, "spend"))
        )
    yield from _cheap_lines(ground)


def _saved(ground: Ground, row: dict[str, float], move: tuple[float, float], spend: Figure) -> Effect | None:
    """Return what a cut of the spend saves beyond what it no longer sells, by the marginal return."""
    if row["marginal"] != row["marginal"]:
        return None
    middle, low, high = (
        1 - row[name] / row["breakeven"] for name in ("marginal", "marginal_high", "marginal_low")
    )
    cut = [share * row["spend"] for share in move]
    return ground.effect(
        "profit",
        sum(cut) / 2 * middle,
        spend.dims,
        spend.rows_sql,
        min(end * low for end in cut),
        cut[1] * high,
    )


def _cheap_lines(ground: Ground) -> Iterator[Advice]:
    study = ground.study
    evens = study.spending.table["breakeven"]
    for line, roas, even in losing_lines(study, evens, ground.number("spend")):
        about = {"platform": line.platform, line.dimension: line.value}
        rows = line.result.rows_sql("ad_spend", **about)
        figures = {
            "spend": Figure("line.spend", line.spend, "money", about, rows),
            "clicks": Figure("line.clicks", line.clicks, "count", about, rows),
            "price": Figure("line.cpc", line.cpc, "ratio", about, rows),
            "others": Figure("line.others_cpc", line.others_cpc, "ratio", about, rows),
            "roi": Figure("line.roas", roas, "ratio", about, rows),
            "breakeven": study.spending.figure(line.platform, "breakeven"),
        }  # fmt: skip
        yield ground.advice(
            about,
            figures,
            ground.effect("profit", line.spend * (1 - roas / even), about, rows),
            text="line",
        )


def more(ground: Ground) -> Iterator[Advice]:
    """REC-08: platforms on which one more yuan still pays, whose budget is used and whose best sellers last."""
    told, (least, most) = ground.study.spending, ground.study.rules.spending.move
    for part, row in records(told.table):
        if told.blocked[part] or not row["marginal_low"] > 0:
            continue
        names = ("spend", "use", "marginal", "breakeven")
        figures = {name: told.figure(part, name) for name in names}
        figures["days"] = Figure(
            "spending.days", row["days"], "count", {told.dimension: part}, figures["spend"].rows_sql
        )
        low, middle, high = (
            share * row["spend"] * row[name]
            for share, name in (
                (least, "marginal_low"),
                ((least + most) / 2, "marginal"),
                (most, "marginal_high"),
            )
        )
        about = {told.dimension: part}
        yield ground.advice(
            about, figures, ground.effect("sales", middle, about, figures["spend"].rows_sql, low, high)
        )


def spread(ground: Ground) -> Iterator[Advice]:
    """REC-14: platforms that hang on one channel, and influencers that sell most of what influencers sell."""
    study, frame = ground.study, ground.study.channels.frame
    for platform, rows in frame.groupby("platform") if len(frame) else ():
        top = rows.sort_values("share").iloc[-1]
        if top["share"] > study.rules.traffic.top_share and rows["visitors"].sum() >= ground.number(
            "visitors"
        ):
            about = {"platform": str(platform), "channel": str(top["channel"])}
            names = {"share": "share", "n": "visitors"}
            figures = {
                name: study.channels.figure(about["platform"], about["channel"], column)
                for name, column in names.items()
            }
            yield ground.advice(about, figures)
    latest = {tuple(one.scope.values()): one for one in sorted(ground.answered(), key=lambda one: one.date)}
    for one in latest.values():
        if "influencer" in one.scope and one.actual > study.rules.traffic.top_share:
            figures = {"share": Figure("influencer.share", one.actual, "percent", one.scope, one.rows_sql)}
            yield ground.advice(one.scope, figures, text="influencer", alert=one)


def claims(ground: Ground) -> Iterator[Advice]:
    """REC-19: platforms whose settlements lack money."""
    for one in ground.answered():
        figures = {"share": Figure("settlement.lacking", one.actual, "percent", one.scope, one.rows_sql)}
        effect = ground.effect("claim", one.stake, one.scope, one.rows_sql, one.stake, one.stake)
        yield ground.advice(one.scope, figures, effect, alert=one)
