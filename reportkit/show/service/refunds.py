"""4.2 and 4.3 What refunds come to by day of payment, how they get there, and by platform."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.metrics.projected import ALL
from reportkit.show import figures
from reportkit.show.blocks import about, absent, alt, ground, period_name
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import is_missing
from reportkit.show.paper import figure
from reportkit.show.product.grid import Table, drawn, numbers, texts
from reportkit.show.service.said import between, rate_range
from reportkit.study import Study
from reportkit.study.rows import number

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["curves", "finals", "trend"]

_PROJECTED = ("refund_final", "refund_rate_final")
_SEEN = ("refund_amount.pay_date", "refund_rate_amt.pay_date")
_MATURITY = "refund_maturity"
_TREND, _CURVES = 53.0, 45.0  # millimetres high
_BADGE_TONES = {"initial": "bad", "indicative": "watch", "nearly_mature": "", "mature": ""}


def trend(result: Result, study: Study, size: str = "left") -> Display:
    """Show refunds by day of payment as columns over their rate; days whose refunds are not in yet as projected."""
    return Display("figure", lambda pen: _draw_trend(pen, result, study, size), size, block="4.2")


def _draw_trend(pen: Pen, result: Result, study: Study, size: str) -> Drawn:
    rows = {str(request): part.sort_values("day") for request, part in result.frame.groupby("metric")}
    if not rows:  # no day of the period has come yet
        return absent(pen.words("service.block_4_2"), "refunds", "orders", "order_lines")
    requests = _PROJECTED if rows[_PROJECTED[0]]["value"].notna().any() else _SEEN
    if not (rows[requests[0]]["value"] > 0).any():
        return absent(pen.words("service.block_4_2"), "refunds", "orders", "order_lines")
    days = [pd.Timestamp(day).date() for day in rows[requests[0]]["day"]]
    young = [not share >= study.service.refunds.young for share in rows[_MATURITY]["value"]]
    promos = pen.promo_days(days[0], days[-1])
    aids = [pen.words("service.hatched")] if requests == _PROJECTED and any(young) else []
    aids += [ground(pen, promos)] if promos else []
    money, rate = (_panel(pen, request, rows[request]["value"], young) for request in requests)
    paper = figures.timeline(
        size, [pen.words.day(day) for day in days], [replace(money, columns=True, aid=pen.words.list(aids)), rate],
        ground=[place for place, day in enumerate(days) if day in promos], gap=pen.words("trend.gap"), height=_TREND,
    )  # fmt: skip
    title, marks = _trend_title(pen, result, study)
    names = [pen.spoken(request).full_name for request in requests]
    return figure(pen, paper, title=title, alt=alt(pen, title, "days", names), marks=marks)


def _panel(pen: Pen, request: str, values: pd.Series, young: list[bool]) -> figures.Panel:
    """Return a panel of one metric; its last value stands at the end of a line."""
    numbers, spoken, known = pen.words.numbers, pen.spoken(request), values.dropna()
    last = numbers.inline(float(known.iloc[-1]), spoken.unit) if len(known) else ""
    label = about(pen, spoken.full_name, numbers.column(known, spoken.unit).unit)
    return figures.Panel(
        label, list(values), figures.Scale(numbers.divisor(known, spoken.unit)), young=young, last=last
    )


def _trend_title(pen: Pen, result: Result, study: Study) -> tuple[str, list[str]]:
    words = pen.words
    if not study.refunds.known:
        seen = float(result.frame.loc[result.frame["metric"] == _SEEN[0], "value"].sum())
        days = result.frame.loc[(result.frame["metric"] == _SEEN[0]) & (result.frame["value"] > 0), "day"]
        marks = [pen.cite(result, _SEEN[0], day=pd.Timestamp(day).date()) for day in days]
        return words(
            "service.trend_seen", seen=words.amount(seen, "money"), period=result.period.label(words.lang)
        ), marks
    row = {name: number(study.refunds.table, ALL, name) for name in ("final", "low", "high", "refunded")}
    title = words(
        "service.trend_title", period=period_name(pen, study), final=words.amount(row["final"], "money"),
        range=between(pen, row["low"], row["high"], "money"), seen=words.amount(row["refunded"], "money"),
        open=row["final"] - row["refunded"] > pen.policy.flat * row["final"],
    )  # fmt: skip
    shown = ["final", "refunded", *(["low", "high"] if not is_missing(row["low"]) else [])]
    return title, [pen.prove(study, study.refunds.figure(name)) for name in shown]


def curves(study: Study, size: str = "left") -> Display:
    """Show how refunds of the period come in by days since payment, beside the last promotion and ordinary days."""
    return Display("figure", lambda pen: _draw_curves(pen, study, size), size, block="4.3")


def _draw_curves(pen: Pen, study: Study, size: str) -> Drawn:
    told, words = study.refund_curves, pen.words
    if told is None:
        return absent(words("service.block_4_3"), "refunds", "orders", "order_lines")
    names = {
        "normal": words("service.curve_normal"),
        "promo": words("service.curve_promo", name=_promo(pen, study, told.promo_id)),
        "now": words("service.curve_now", period=period_name(pen, study)),
        "path": words("service.curve_path"),
    }
    roles = {"normal": "other", "promo": "then", "now": "now", "path": "projected"}
    drawn_curves = [
        figures.Curve(_at_end(pen, names[name], told.table[name]), list(told.table[name]), roles[name])
        for name in names
        if told.table[name].notna().any()
    ]
    label = about(pen, words("service.curve_label"), "%", words("service.curve_axis"))
    ticks = [str(age) for age in told.table.index]
    paper = figures.curves(size, ticks, drawn_curves, label=label, scale=figures.Scale(0.01), height=_CURVES)
    title, marks = _curves_title(pen, study)
    items = [f"{curve.name}" for curve in drawn_curves]
    return figure(pen, paper, title=title, alt=alt(pen, title, "curves", items), marks=marks)


def _promo(pen: Pen, study: Study, promo_id: str) -> str:
    found = study.metrics.promos.get(promo_id)
    return found.label(pen.words.lang) if found else promo_id


def _at_end(pen: Pen, name: str, values: pd.Series) -> str:
    return pen.words(
        "service.curve_end", name=name, rate=pen.words.numbers.rate(float(values.dropna().iloc[-1]))
    )


def _curves_title(pen: Pen, study: Study) -> tuple[str, list[str]]:
    told, words = study.refund_curves, pen.words
    rates = told.figures if told else {}
    if told is None or "now" not in rates:
        return words("service.curves_young", share=words.numbers.rate(study.service.refunds.seen, 0)), []
    said = {name: words.amount(found.value, "percent") for name, found in rates.items()}
    title = words(
        "service.curves_title", age=told.age, now=said["now"], normal=said.get("normal"), promo=said.get("promo"),
        name=_promo(pen, study, told.promo_id),
    )  # fmt: skip
    return title, [pen.prove(study, found) for found in rates.values()]


def finals(study: Study, size: str = "right") -> Display:
    """Show by platform what share of the money comes back, so far and in the end."""
    return Display("table", lambda pen: _draw_finals(pen, study), size, block="4.3")


def _draw_finals(pen: Pen, study: Study) -> Drawn:
    told, words = study.refunds, pen.words
    shown = told.platforms
    if shown.empty:
        return absent(words("service.block_4_3_finals"), "refunds", "orders", "order_lines")
    rows = pd.concat([shown, told.table.loc[[ALL]]]) if len(shown) > 1 else shown
    names = [words("labels.total") if name == ALL else pen.name("platform", name) for name in rows.index]
    ranges = [
        between(pen, row["rate_low"], row["rate_high"], "percent") or words("service.no_range")
        for _, row in rows.iterrows()
    ]
    badges = [words(f"service.badge_{badge}") for badge in rows["badge"]]
    tones = [_BADGE_TONES[badge] for badge in rows["badge"]]
    columns = [
        texts(words("labels.dimension_platform"), names),
        numbers(pen, words("service.seen"), list(rows["seen"]), "percent"),
        numbers(pen, words("service.final"), list(rows["rate"]), "percent"),
        texts(words("service.range_head"), ranges),
        numbers(pen, words("service.maturity_head"), list(rows["maturity"]), "percent"),
        texts(words("service.badge"), badges, tones),
    ]
    top = str(shown.index[0])
    title = words(
        "service.finals_title", name=pen.name("platform", top), rate=words.amount(number(shown, top, "rate"), "percent"),
        range=rate_range(pen, study, top), alone=len(shown) == 1,
    )  # fmt: skip
    rest = words(
        "service.finals_rest",
        period=period_name(pen, study),
        share=words.numbers.rate(pen.policy.maturity.interval, 0),
    )
    marks = [pen.prove(study, told.figure("rate", str(platform))) for platform in rows.index]
    ends = [name for name in ("rate_low", "rate_high") if not is_missing(number(shown, top, name))]
    marks += [pen.prove(study, told.figure(name, top)) for name in ends]
    return drawn(pen, Table(title, columns, marks, rest=rest))
