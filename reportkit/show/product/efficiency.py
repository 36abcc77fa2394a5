"""3.2 and 3.11 Which products earn and which do not: contribution, pages that do not fit, price cuts, margin by volume."""

from __future__ import annotations

import pandas as pd

from reportkit.show import figures
from reportkit.show.blocks import about, alt, money, period_name, span
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import MISSING
from reportkit.show.paper import figure
from reportkit.show.product.grid import Table, drawn, numbers, ranges, texts
from reportkit.show.product.said import absent, style, tags
from reportkit.show.readings import Reading
from reportkit.study import Study
from reportkit.study.rows import records

__all__ = ["cuts", "pages", "quadrants", "worst"]

_EARNED = ("net_sales", "gross_profit", "product_contribution")
_LEFT = "product_contribution"
_HEIGHT = 64.0


def worst(study: Study, size: str = "left") -> Display:
    """Show the products that contribute least after fees and advertising."""
    return Display("table", lambda pen: _draw_worst(pen, study), size, block="3.2")


def _draw_worst(pen: Pen, study: Study) -> Drawn:
    result, words = study.contribution, pen.words
    frame = result.frame[(result.frame["metric"] == _LEFT) & result.frame["value"].notna()]
    frame = frame[frame["style"].isin(study.ranking.frame.index)].sort_values("value")
    if frame.empty:
        return absent(pen, "3_2_worst", "costs")
    shown = list(frame["style"].head(study.products.rows["worst"]))
    readings = {
        request: [Reading(pen, result, request, {"style": name}) for name in shown] for request in _EARNED
    }
    spoken = {request: pen.spoken(request) for request in _EARNED}
    rates = [_rate(left, sold) for left, sold in zip(readings[_LEFT], readings[_EARNED[0]], strict=True)]
    bad = ["bad" if (reading.value or 0.0) < 0 else "" for reading in readings[_LEFT]]
    columns = [
        texts(words("labels.dimension_product"), [style(pen, name) for name in shown]),
        *(
            numbers(pen, spoken[request].name, [reading.value for reading in readings[request]], spoken[request].unit,
                    tones=bad if request == _LEFT else ())
            for request in _EARNED
        ),
        numbers(pen, words("product.left_rate"), rates, "percent", tones=bad),
        texts(words("product.tags"), [tags(pen, study.ranking.tags(name)) or MISSING for name in shown]),
    ]  # fmt: skip
    losing = frame[frame["value"] < 0]
    title = words(
        "product.worst_title", count=len(losing), total=money(pen, float(losing["value"].sum())), who=style(pen, shown[0]),
        value=readings[_LEFT][0], rate=words.numbers.rate(rates[0]) if rates[0] is not None else "",
    )  # fmt: skip
    marks = [reading.code() for request in _EARNED for reading in readings[request] if reading.known]
    subtitle = words("product.worst_subtitle", period=period_name(pen, study), count=len(frame))
    return drawn(pen, Table(title, columns, marks, subtitle))


def _rate(left: Reading, sold: Reading) -> float | None:
    return None if left.value is None or not sold.value or sold.value <= 0 else left.value / sold.value


def pages(study: Study, size: str = "left") -> Display:
    """Show the pages that many see and few buy from, and those that few see and many buy from."""
    return Display("table", lambda pen: _draw_pages(pen, study), size, block="3.2")


def _draw_pages(pen: Pen, study: Study) -> Drawn:
    found, words = study.pages, pen.words
    if found is None:
        return absent(pen, "3_2_pages", "traffic")
    shown = found[: study.products.rows["pages"]]
    subtitle = words(
        "product.pages_subtitle",
        period=period_name(pen, study),
        level=words.numbers.rate(study.products.pages.level, 0),
    )
    if not shown:
        return drawn(pen, Table(words("product.pages_quiet"), [], subtitle=subtitle))
    out = {
        row.style
        for row in study.stock.frame.itertuples()
        if row.Index in {one.sku for one in study.outages.found}
    }
    rate = words.numbers.inline
    columns = [
        texts(words("labels.dimension_product"), [style(pen, page.style) for page in shown]),
        texts(words("labels.dimension_platform"), [pen.name("platform", page.platform) for page in shown]),
        texts(words("product.kind"), [words(f"product.tag_{page.kind}") for page in shown], ["watch" if page.kind == "busy" else "good" for page in shown]),
        numbers(pen, words("product.page_visitors"), [page.visitors for page in shown], "count"),
        numbers(pen, words("product.rate_raw"), [page.rate for page in shown], "percent"),
        texts(words("product.rate_shrunk"), [words("product.range", value=rate(page.mean, "percent"), low=rate(page.low, "percent"), high=rate(page.high, "percent")) for page in shown]),
        numbers(pen, words("product.rate_usual"), [page.usual for page in shown], "percent"),
        numbers(pen, words("product.worth"), [page.worth for page in shown], "money"),
        texts(words("product.note"), [words("product.was_out") if page.style in out else MISSING for page in shown]),
    ]  # fmt: skip
    busy, quiet = ([page for page in found if page.kind == kind] for kind in ("busy", "quiet"))
    title = words(
        "product.pages_title", busy=len(busy), quiet=len(quiet), worth=money(pen, sum(page.worth for page in found)),
        who=style(pen, found[0].style), platform=pen.name("platform", found[0].platform),
    )  # fmt: skip
    marks = [
        pen.cite(study.page_traffic, request, style=page.style, platform=page.platform)
        for page in shown
        for request in ("item_visitors", "item_cvr")
    ]
    marks += [pen.prove(study, page.figure(study.page_traffic)) for page in shown]
    return drawn(pen, Table(title, columns, marks, subtitle))


def cuts(study: Study, size: str = "full") -> Display:
    """Show the price cuts and what they sold; nothing where there was none."""
    return Display("table", lambda pen: _draw_cuts(pen, study), size, block="3.2")


def _draw_cuts(pen: Pen, study: Study) -> Drawn:
    found, words = study.cuts[: study.products.rows["cuts"]], pen.words
    if not found:
        return Drawn("", "")
    columns = [
        texts(words("labels.dimension_product"), [style(pen, cut.style) for cut in found]),
        texts(words("product.days"), [span(pen, cut.first, cut.last) for cut in found]),
        numbers(pen, words("product.cut_deeper"), [cut.deeper for cut in found], "percent"),
        numbers(pen, words("product.cut_units"), [cut.units for cut in found], "count"),
        numbers(pen, words("product.cut_usual"), [round(cut.usual) for cut in found], "count"),
        ranges(pen, words("product.cut_extra"), [(round(cut.extra), round(cut.low), round(cut.high)) for cut in found], "count", signed=True),
        numbers(pen, words("product.cut_given"), [cut.given for cut in found], "money"),
        ranges(pen, words("product.cut_effect"), [(cut.effect, cut.least, cut.most) for cut in found], "money", signed=True),
        texts(words("product.cut_verdict"), [words("product.cut_sold" if cut.worked else "product.cut_none") for cut in found], ["good" if cut.worked else "bad" for cut in found]),
    ]  # fmt: skip
    first = found[0]
    title = words(
        "product.cuts_title", who=style(pen, first.style), days=span(pen, first.first, first.last), deeper=words.numbers.rate(first.deeper),
        given=money(pen, first.given), worked=first.worked, extra=round(first.extra), count=len(study.cuts),
    )  # fmt: skip
    subtitle = words("product.cuts_subtitle", period=period_name(pen, study), before=study.products.cuts.before,
                     level=words.numbers.rate(study.products.cuts.level, 0))  # fmt: skip
    return drawn(pen, Table(title, columns, [pen.prove(study, cut.figure) for cut in found], subtitle))


def quadrants(study: Study, size: str = "left") -> Display:
    """Show every product by the pieces it sells and the margin it leaves, cut at the median and at the mean of all."""
    return Display("figure", lambda pen: _draw_quadrants(pen, study, size), size, block="3.11")


def _draw_quadrants(pen: Pen, study: Study, size: str) -> Drawn:
    ranking, words = study.ranking, pen.words
    frame = ranking.frame.dropna(subset=["margin"])
    frame = frame[frame["units"] > 0]
    mean = ranking.whole.cell("gross_margin_rate")
    if frame.empty or mean is None:
        return absent(pen, "3_11", "costs")
    middle = float(frame["units"].median())
    cow, star, dog, lure = (words(f"product.corner_{place}") for place in ("cow", "star", "dog", "lure"))
    note = words("product.quadrants_note", name=pen.spoken("gmv").name)
    x, y = _axes(pen, study, middle, mean)
    paper = figures.quadrants(
        size, _points(pen, study, frame), x, y, (cow, star, dog, lure), note=note, height=_HEIGHT
    )
    high, many = frame["margin"] >= mean, frame["units"] >= middle
    kinds = {"star": high & many, "cow": high & ~many, "lure": ~high & many, "dog": ~high & ~many}
    title = _quadrants_title(pen, frame, kinds)
    items = [
        words("product.counted", name=words(f"product.corner_{kind}"), count=int(mask.sum()))
        for kind, mask in kinds.items()
    ]
    marks = [
        pen.cite(ranking.result, request, style=name)
        for name in frame.index
        for request in ("units", "gross_margin_rate")
    ]
    return figure(pen, paper, title=title, alt=alt(pen, title, "points", items), marks=marks)


def _points(pen: Pen, study: Study, frame: pd.DataFrame) -> list[figures.Point]:
    """Return every product by pieces and margin; those that sell most and earn least are named."""
    named = {*frame.index[: study.products.rows["quadrants"]], *frame["margin"].nsmallest(2).index}
    return [
        figures.Point(row["units"], row["margin"], style(pen, name) if name in named else "", row["gmv"],
                      "bad" if row["margin"] < 0 else "ink")
        for name, row in records(frame)
    ]  # fmt: skip


def _axes(pen: Pen, study: Study, middle: float, mean: float) -> tuple[figures.Axis, figures.Axis]:
    words, units = pen.words, pen.spoken("units")
    label = about(pen, units.name, units.noun, period_name(pen, study))
    median = words("product.median", value=words.amount(middle, "count"))
    across = figures.Axis(label, cut=figures.Reference(middle, median))
    usual = words("product.mean", value=words.numbers.rate(mean))
    up = figures.Axis(
        pen.spoken("gross_margin_rate").name, figures.Scale(0.01, "%"), figures.Reference(mean, usual)
    )
    return across, up


def _quadrants_title(pen: Pen, frame: pd.DataFrame, kinds: dict[str, pd.Series]) -> str:
    whole, rate = float(frame["gmv"].sum()), pen.words.numbers.rate
    stars, dogs = frame[kinds["star"]], frame[kinds["dog"]]
    named = [style(pen, str(name)) for name in dogs.index[: pen.rules.parts_named]]
    return pen.words(
        "product.quadrants_title", stars=len(stars), share=rate(float(stars["gmv"].sum()) / whole),
        dogs=len(dogs), dog_share=rate(float(dogs["gmv"].sum()) / whole), named=pen.words.list(named),
    )  # fmt: skip
