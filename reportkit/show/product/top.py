"""3.1 The best sellers: what each sells and earns, where, and what there is to say of it."""

from __future__ import annotations

from markupsafe import Markup

from reportkit.show import figures
from reportkit.show.blocks import money, period_name
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import MISSING
from reportkit.show.product.grid import Column, Table, drawn, numbers, texts
from reportkit.show.product.said import absent, style, tags
from reportkit.show.readings import Reading
from reportkit.study import Study
from reportkit.study.rows import number

__all__ = ["top"]

_REQUESTS = ("gmv", "units", "item_cvr", "gross_margin_rate", "refund_rate_amt")
_WIDTH, _HEIGHT = 62.0, 5.0  # points of a small bar
_TONES = {"risk": "bad", "refunds": "bad", "busy": "watch", "slow": "watch", "quiet": "good", "hit": "good", "draw": "plain", "new": "plain"}  # fmt: skip


def top(study: Study) -> Display:
    """Show the products that sell most, with their tags; those with a tag further down are named below."""
    return Display("table", lambda pen: _draw(pen, study), block="3.1")


def _draw(pen: Pen, study: Study) -> Drawn:
    ranking, words = study.ranking, pen.words
    names = list(ranking.frame.index[ranking.frame["gmv"] > 0])
    if not names:
        return absent(pen, "3_1", "orders", "order_lines")
    shown = names[: study.products.rows["top"]]
    readings = {
        request: [Reading(pen, ranking.result, request, {"style": name}) for name in shown]
        for request in _REQUESTS
    }
    told = [request for request in _REQUESTS if any(reading.known for reading in readings[request])]
    columns = [
        texts(words("product.rank"), [_place(pen, study, name) for name in shown]),
        texts(words("labels.dimension_product"), [style(pen, name) for name in shown]),
        texts(words("product.platforms"), [_spread(pen, study, name) for name in shown]),
        *(column for request in told for column in _metric(pen, request, readings[request])),
        *_cover(pen, study, shown),
        texts(words("product.tags"), [_tagged(pen, study, name) for name in shown]),
    ]
    marks = [reading.code() for request in told for reading in readings[request] if reading.known]
    subtitle = words("product.top_subtitle", period=period_name(pen, study), count=len(names))
    table = Table(_title(pen, study, shown), columns, marks, subtitle, _rest(pen, study, shown))
    return drawn(pen, table)


def _place(pen: Pen, study: Study, name: str) -> Markup:
    """Return the rank and how it moved."""
    frame = study.ranking.frame
    now, then = int(number(frame, name, "place")), number(frame, name, "place_then")
    if then != then:
        moved = pen.words("product.rank_new")
    else:
        step = int(then) - now
        moved = f"{'▲' if step > 0 else '▼'}{abs(step)}" if step else ""
    return Markup('{} <span class="label">{}</span>').format(now, moved)


def _spread(pen: Pen, study: Study, name: str) -> Markup:
    """Return a small bar of the platforms' shares, in their colours."""
    wide = study.ranking.parts.frame
    rows = wide[(wide["metric"] == "gmv") & (wide["style"] == name) & (wide["value"] > 0)]
    values = dict(zip(rows["platform_id"], rows["value"], strict=True))
    whole, left, parts = sum(values.values()) or 1.0, 0.0, []
    for platform in (key for key in study.metrics.platforms if key in values):
        width = values[platform] / whole * _WIDTH
        fill = figures.platform_color(platform)
        parts.append(f'<rect x="{left:.1f}" y="0" width="{width:.1f}" height="{_HEIGHT:g}" fill="{fill}"/>')
        left += width
    return Markup(
        f'<svg width="{_WIDTH:g}pt" height="{_HEIGHT:g}pt" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}">{"".join(parts)}</svg>'
    )


def _metric(pen: Pen, request: str, readings: list[Reading]) -> list[Column]:
    """Return one column, and after money how it moved since the period before."""
    spoken = pen.spoken(request)
    pale = ["plain" if reading.few else "" for reading in readings]
    found = [numbers(pen, spoken.name, [reading.value for reading in readings], spoken.unit, tones=pale)]
    if spoken.unit == "money":
        changes = [reading.change("previous") for reading in readings]
        tones = [
            "plain" if change.flat or not change.known else pen.tone(change.value, spoken.better)
            for change in changes
        ]
        found.append(
            Column(pen.words("labels.previous"), [str(change) for change in changes], tones=tones, right=True)
        )
    return found


def _cover(pen: Pen, study: Study, shown: list[str]) -> list[Column]:
    values = [None if value != value else float(value) for value in study.ranking.frame.loc[shown, "cover"]]
    return (
        [numbers(pen, pen.words("product.cover"), values, "days")]
        if any(value is not None for value in values)
        else []
    )


def _tagged(pen: Pen, study: Study, name: str) -> Markup | str:
    found = study.ranking.tags(name)
    parts = [
        Markup('<span class="{}">{}</span>').format(_TONES[tag], pen.words(f"product.tag_{tag}"))
        for tag in found
    ]
    return Markup(pen.words.list(["{}"] * len(parts))).format(*parts) if parts else MISSING


def _title(pen: Pen, study: Study, shown: list[str]) -> str:
    ranking = study.ranking
    refunds = [name for name in ranking.frame.index if ranking.frame.at[name, "refunds"]]
    worst = max(
        refunds,
        key=lambda name: Reading(pen, ranking.result, "refund_rate_amt", {"style": name}).value or 0.0,
        default=None,
    )
    share = ranking.frame.loc[shown, "gmv"].sum() / ranking.frame["gmv"].sum()
    return pen.words(
        "product.top_title", count=len(shown), share=pen.words.numbers.rate(share), first=style(pen, shown[0]),
        value=money(pen, number(ranking.frame, shown[0], "gmv")),
        worst=style(pen, worst) if worst else "",
        rate=Reading(pen, ranking.result, "refund_rate_amt", {"style": worst}) if worst else "",
    )  # fmt: skip


def _rest(pen: Pen, study: Study, shown: list[str]) -> Markup:
    """Say whose the colours of the small bars are, and name the tagged products that are not in the table."""
    ranking, words = study.ranking, pen.words
    told = ranking.parts.frame
    sold = set(told.loc[(told["metric"] == "gmv") & (told["value"] > 0), "platform_id"])
    key = [
        Markup('<span style="color:{}">■</span> {}').format(
            figures.platform_color(name), pen.name("platform", name)
        )
        for name in study.metrics.platforms
        if name in sold
    ]
    others = [name for name in ranking.frame.index if name not in shown and ranking.tags(name)]
    items = [
        words("product.tagged", name=style(pen, name), tags=tags(pen, ranking.tags(name))) for name in others
    ]
    return Markup(" ").join([*key, Markup("{}").format(words("product.top_rest", items=items))])
