"""2.9 Where visitors come from, how much hangs on one channel, and which advertising buys clicks that hardly buy."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from reportkit.metrics.query import Result
from reportkit.metrics.views import UNKNOWN
from reportkit.show import figures
from reportkit.show.blocks import alt, compared, period_name
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.numbers import MISSING, percentages
from reportkit.show.paper import figure
from reportkit.show.platform.said import line_name
from reportkit.study import Study
from reportkit.study.channels import AdLine
from reportkit.study.rows import records

__all__ = ["bought", "carriers", "sources"]

_BLOCK = "2.9"


def sources(study: Study, size: str = "right") -> Display:
    """Show the share of each channel in a platform's visitors, now and then."""
    return Display("figure", lambda pen: _draw_sources(pen, study, size), size, block=_BLOCK)


def _draw_sources(pen: Pen, study: Study, size: str) -> Drawn:
    words, found = pen.words, study.channels
    if found.frame.empty:
        return Drawn("", title=words("platform.block_2_9"), lacks=("traffic",))
    told = found.frame.assign(printed=_printed(found.frame, "platform"))
    bars = [_bar(pen, row, several=len(found.platforms) > 1) for _, row in records(told)]
    key = words("platform.channel_key", period=period_name(pen, study))
    paper = figures.bars(size, bars, now=key, then=compared(pen, study, found.against))
    title = _sources_title(pen, study, told)
    items = [f"{bar.name} {bar.text}" for bar in bars]
    rows = found.frame[["platform", "channel"]].itertuples(index=False)
    marks = [pen.prove(study, found.figure(platform, channel, "share")) for platform, channel in rows]
    return figure(pen, paper, title=title, alt=alt(pen, title, "bars", items), marks=marks)


def _bar(pen: Pen, row: dict[str, Any], *, several: bool) -> figures.Bar:
    name = pen.name("channel", row["channel"])
    shown = (
        pen.words("platform.of", part=pen.name("platform", row["platform"]), name=name) if several else name
    )
    now, then = (None if pd.isna(row[side]) else float(row[side]) for side in ("share", "share_then"))
    moved = now - then if now is not None and then is not None else None
    note = pen.words.numbers.change(moved, "percent", 1) if moved is not None else ""
    return figures.Bar(shown, now, pen.words.numbers.rate(row["printed"]), then, note)


def _sources_title(pen: Pen, study: Study, told: pd.DataFrame) -> str:
    """Return each platform's first channel and its share, and the channel whose visitors moved most."""
    words, found = pen.words, study.channels
    tops = [rows.iloc[0] for _, rows in told.groupby("platform", sort=False)]
    said = [
        words("platform.top_channel", part=pen.name("platform", top["platform"]), name=pen.name("channel", top["channel"]),
              share=words.numbers.rate(top["printed"]), alone=top["share"] >= study.rules.traffic.top_share)
        for top in tops
    ]  # fmt: skip
    both = told.dropna(subset=["share", "share_then"])
    moves = both["visitors"].fillna(0.0) - both["visitors_then"].fillna(0.0)
    row = dict(records(both))[str(moves.abs().idxmax())] if len(both) else None
    moved = ""
    if row is not None and abs(row["share"] - row["share_then"]) >= pen.policy.rate_clear:
        change = words.change(float(row["share"] - row["share_then"]), "percent")
        moved = words(
            "platform.channel_moved", part=pen.name("platform", row["platform"]), name=pen.name("channel", row["channel"]),
            than=words(f"change.than_{found.against}"), up=change.up, size=change.size,
        )  # fmt: skip
    return words("platform.sources_title", moved=moved, tops=words.list(said))


def _printed(frame: pd.DataFrame, whole: str) -> pd.Series:
    """Return the column `share`, rounded so that the percentages of each `whole` sum to 100.0; NaN where one is."""
    shares = frame.groupby(whole)["share"]
    return shares.transform(lambda each: percentages(list(each)) if each.notna().all() else math.nan) / 100


def carriers(result: Result, size: str = "right") -> Display:
    """Show what carries the sales of platforms that do not tell their visitors by channel: live, video, cards.

    `result` is cut by platform and carrier; platforms whose orders do not tell their carrier are left out.
    """
    return Display("figure", lambda pen: _draw_carriers(pen, result, size), size, block=_BLOCK)


def _draw_carriers(pen: Pen, result: Result, size: str) -> Drawn:
    words, request = pen.words, result.requests[0]
    frame = result.frame[(result.frame["metric"] == request) & (result.frame["value"] > 0)]
    told = frame[frame["carrier"] != UNKNOWN]
    frame = frame[frame["platform_id"].isin(told["platform_id"])]
    if told.empty:
        return Drawn("", "")
    sums = frame.groupby("platform_id")["value"].transform("sum")
    frame = frame.assign(share=frame["value"] / sums).sort_values(
        ["platform_id", "share"], ascending=[True, False]
    )
    frame["printed"] = _printed(frame, "platform_id")
    several = frame["platform_id"].nunique() > 1
    bars = [
        figures.Bar(
            words("platform.of", part=pen.name("platform", row["platform_id"]), name=pen.name("carrier", row["carrier"]))
            if several else pen.name("carrier", row["carrier"]),
            row["share"], words.numbers.rate(row["printed"]), tone="muted" if row["carrier"] == UNKNOWN else "ink",
        )
        for _, row in records(frame)
    ]  # fmt: skip
    spoken = pen.spoken(request)
    key = words("parts.shares_label", name=spoken.name, period=result.period.label(words.lang))
    paper = figures.bars(size, bars, now=key)
    first = frame[frame["carrier"] != UNKNOWN].sort_values("share", ascending=False).iloc[0]
    title = words("platform.carriers_title", part=pen.name("platform", first["platform_id"]), name=spoken.name,
                  carrier=pen.name("carrier", first["carrier"]), share=words.numbers.rate(float(first["printed"])))  # fmt: skip
    items = [f"{bar.name} {bar.text}" for bar in bars]
    marks = [
        pen.cite(result, request, platform=row.platform_id, carrier=row.carrier) for row in frame.itertuples()
    ]
    return figure(pen, paper, title=title, alt=alt(pen, title, "bars", items), marks=marks)


def bought(study: Study, size: str = "left") -> Display:
    """List the lines of advertising by what a click costs and what comes back; cheap ones are named."""
    return Display("table", lambda pen: _draw_bought(pen, study), size, block=_BLOCK)


def _draw_bought(pen: Pen, study: Study) -> Drawn:
    words, lines = pen.words, study.ad_lines
    if not lines:
        return Drawn("", title=words("platform.block_2_9_ads"), lacks=("ads",))
    numbers, shown = words.numbers, lines[: pen.rules.ad_lines_shown]
    spend = numbers.column([line.spend for line in shown], "money")
    clicks = numbers.column([line.clicks for line in shown], "count")
    rows = [
        [
            pen.name("platform", line.platform), line_name(pen, line.dimension, line.value), spend.texts[place], clicks.texts[place],
            numbers.inline(line.cpc, "ratio"), MISSING if line.roas is None else numbers.inline(line.roas, "ratio"),
        ]
        for place, line in enumerate(shown)
    ]  # fmt: skip
    heads = [
        words("labels.dimension_platform"), words("platform.ad_line"),
        words("platform.spend_head", name=pen.spoken("ad_spend").name, unit=spend.unit),
        words("platform.spend_head", name=pen.spoken("ad_clicks").name, unit=clicks.unit),
        words("platform.spend_head", name=pen.spoken("cpc").name, unit=numbers.column([1.0], "money").unit),
        pen.spoken("roas_attr").name,
    ]  # fmt: skip
    cheap = [line for line in lines if line.cheap]
    tones = {(place, column): "bad" for place, line in enumerate(shown) if line.cheap for column in (4, 5)}
    marks = [
        pen.cite(line.result, request, **{"platform": line.platform, line.dimension: line.value})
        for line in shown
        for request in ("ad_spend", "ad_clicks", "cpc", *(("roas_attr",) if line.roas is not None else ()))
    ]
    rest = words("table.rest", count=len(lines) - len(shown)) if len(lines) > len(shown) else ""
    listing = Listing(heads, rows, numbers=range(2, len(heads)), tones=tones, widths=(14, 26, 16, 14, 14, 16))
    title = _cheap_title(pen, cheap[0]) if cheap else words("platform.bought_quiet", count=len(lines))
    return listed(pen, title, listing, marks=marks, subtitle=period_name(pen, study), rest=rest)


def _cheap_title(pen: Pen, line: AdLine) -> str:
    return pen.words(
        "platform.bought_title", part=pen.name("platform", line.platform), who=line_name(pen, line.dimension, line.value),
        price=pen.words.numbers.inline(line.cpc, "ratio"), others=pen.words.numbers.inline(line.others_cpc, "ratio"),
        roas=pen.words.numbers.inline(line.roas, "ratio"), others_roas=pen.words.numbers.inline(line.others_roas, "ratio"),
    )  # fmt: skip
