"""2.1 The platforms side by side: one row each, the shops of a platform that has several below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from reportkit.show.cards import target_tone
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.figures.heat import heat_fill
from reportkit.show.markup import fill
from reportkit.show.numbers import MISSING
from reportkit.show.parts import fractions
from reportkit.show.readings import COMPARISONS, Part, Reading, parts, reference
from reportkit.show.style import BAND, INK, NOTE, TONES
from reportkit.show.verdict import is_open, missing_names

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["matrix"]

_BAR = 92.0  # percent of a cell that the longest bar takes


@dataclass(frozen=True)
class _Cell:
    """What one cell prints, its colour, and how it is filled (CSS)."""

    text: str
    color: str = INK
    fill: str = ""


@dataclass(frozen=True)
class _Column:
    """A head with its unit, and a cell a row, the total first."""

    head: str
    unit: str
    cells: tuple[_Cell, ...]


def matrix(result: Result, total: Result, shops: Result | None = None) -> Display:
    """Show every metric of `result` by its one dimension below `total`, then attainment and growth of the first.

    `shops` is cut by platform and shop: those of a platform with several stand below it.
    Money has bars in its cells, rates that are good or bad a fill where enough cases stand behind them.
    """
    return Display("table", lambda pen: _draw(pen, result, total, shops), "full", block="2.1")


def _draw(pen: Pen, result: Result, total: Result, shops: Result | None) -> Drawn:
    first = result.requests[0]
    found = parts(pen, result, first, None)
    if not found:
        return Drawn("", title=pen.words("platform.block_2_1"), lacks=("orders", "order_lines"))
    rows, names = [Reading(pen, total, first, {})], [pen.words("labels.total")]
    for part in found:
        below = _below(pen, shops, str(part.key)) if result.by == ("platform",) else []
        rows += [Reading(pen, result, first, {result.by[0]: part.key}), *below]
        names += [
            part.name,
            *(pen.words("platform.below", name=pen.name("shop", each.dims["shop"])) for each in below),
        ]
    columns = [column for request in result.requests if (column := _column(pen, rows, request))]
    columns += [
        column
        for column in (_attained(pen, rows), *(_growth(pen, rows, name) for name in COMPARISONS))
        if column
    ]
    words, title = pen.words, _title(pen, result, found)
    if len(rows) == 2:  # the total says the same
        names, columns = names[1:], [replace(column, cells=column.cells[1:]) for column in columns]
    subtitle = words("platform.matrix_subtitle", period=result.period.label(words.lang), count=len(found),
                     dimension=words(f"labels.dimension_{result.by[0]}"))  # fmt: skip
    alt = words("table.alt", title=title, columns=words.list([column.head for column in columns]))
    html = fill(
        pen.project, "table.html", title=title, subtitle=subtitle, mark="", rest=_footnotes(pen, result),
        codes=pen.codes(_marks(pen, rows, result.requests)), body=_markup(pen, result, names, columns),
    )  # fmt: skip
    return Drawn(html, title, alt, subtitle)


def _below(pen: Pen, shops: Result | None, platform: str) -> list[Reading]:
    """Return the shops of a platform that sold anything, the largest first; none where there is only one."""
    if shops is None:
        return []
    first, frame = shops.requests[0], shops.frame
    sold = frame[(frame["metric"] == first) & (frame["platform_id"] == platform) & (frame["value"] > 0)]
    found = sold.sort_values("value", ascending=False)["shop_id"]
    return (
        [Reading(pen, shops, first, {"platform": platform, "shop": shop}) for shop in found]
        if len(found) > 1
        else []
    )


def _of(row: Reading, pen: Pen, request: str) -> Reading:
    return Reading(pen, row.result, request, row.dims)


def _marks(pen: Pen, rows: Sequence[Reading], requests: Sequence[str]) -> list[str]:
    every = [_of(row, pen, request) for request in requests for row in rows]
    return [reading.code() for reading in every if reading.known]


def _column(pen: Pen, rows: Sequence[Reading], request: str) -> _Column | None:
    spoken, readings = pen.spoken(request), [_of(row, pen, request) for row in rows]
    if not any(reading.known for reading in readings):
        return None
    printed = pen.words.numbers.column([reading.value for reading in readings], spoken.unit)
    fills = ["", *_fills(pen, readings[1:])]
    pale = [reading.few or not reading.known for reading in readings]
    cells = [
        _Cell(text, NOTE if dim else INK, look)
        for text, dim, look in zip(printed.texts, pale, fills, strict=True)
    ]
    return _Column(spoken.full_name, printed.unit, tuple(cells))


def _fills(pen: Pen, readings: Sequence[Reading]) -> list[str]:
    """Return how the cells of a column are filled: bars for money, depth for rates, nothing for the rest."""
    spoken = readings[0].spoken
    if spoken.unit == "money" and pen.catalog[spoken.id].additive:
        top = max((reading.value or 0.0 for reading in readings), default=0.0) or 1.0
        return [_bar((reading.value or 0.0) / top) for reading in readings]
    if spoken.unit != "percent" or spoken.better == "none":
        return [""] * len(readings)
    told = [reading.value if not reading.few else None for reading in readings]
    known = [value for value in told if value is not None]
    if len(known) < 2:
        return [""] * len(readings)
    # What platforms define differently is neither good nor bad beside another's: depth only.
    shade = "bad" if spoken.better == "down" else "plain"
    fills = [heat_fill(value, min(known), max(known), shade) for value in told]
    return [f"background:{found}" if found != "none" else "" for found in fills]


def _bar(share: float) -> str:
    reach = max(share, 0.0) * _BAR
    look = f"background:linear-gradient(to right,{BAND} {reach:.1f}%,white {reach:.1f}%)"
    return look if reach else ""


def _attained(pen: Pen, rows: Sequence[Reading]) -> _Column | None:
    if not any(row.number("attainment") is not None for row in rows):
        return None
    texts = [pen.words.numbers.rate(row.number("attainment")) for row in rows]
    colors = [
        TONES[target_tone(pen, row)] if text != MISSING else NOTE
        for row, text in zip(rows, texts, strict=True)
    ]
    head = pen.words("table.attained", name=rows[0].name)
    return _Column(head, "", tuple(map(_Cell, texts, colors)))


def _growth(pen: Pen, rows: Sequence[Reading], against: str) -> _Column | None:
    changes = [row.change(against) for row in rows]
    if not any(change.known for change in changes):
        return None
    tones = ["plain" if change.flat else pen.tone(change.value, rows[0].spoken.better) for change in changes]
    head = pen.words("table.growth", name=rows[0].name, label=pen.words(f"labels.{against}"))
    return _Column(
        head, "", tuple(_Cell(str(change), TONES[tone]) for change, tone in zip(changes, tones, strict=True))
    )


def _title(pen: Pen, result: Result, found: Sequence[Part]) -> str:
    first = result.requests[0]
    lead = Reading(pen, result, first, {result.by[0]: found[0].key})
    share = pen.words.numbers.rate(fractions(found)[0])
    against = reference(result, first)
    moved = [
        (change, part.name)
        for part in found
        if (change := Reading(pen, result, first, {result.by[0]: part.key}).change(against)).known
        and not change.flat
    ]
    ranked = sorted(moved, key=lambda pair: pair[0].value or 0.0)
    best = ranked[-1] if ranked and ranked[-1][0].up else None
    worst = ranked[0] if ranked and not ranked[0][0].up else None
    return pen.words(
        "platform.matrix_title", top=found[0].name, name=lead.name, value=lead, share=share, alone=len(found) == 1,
        than=pen.words(f"change.than_{against}") if against else "", best=best, worst=worst,
    )  # fmt: skip


def _footnotes(pen: Pen, result: Result) -> str:
    """Say how each platform counts visitors, what is left out, and what is early."""
    words = pen.words
    found = []
    if result.by == ("platform",) and any("visitors" in request for request in result.requests):
        found.append(_visitors(pen, result))
    lacking: dict[str, list[str]] = {}
    for request in result.requests:
        if names := missing_names(pen, result, request):
            lacking.setdefault(names, []).append(pen.spoken(request).name)
    for names, metrics in lacking.items():
        found.append(words("platform.matrix_missing", name=words.list(metrics), names=names))
    if any(is_open(pen, result, request) for request in result.requests):
        found.append(words("verdict.early"))
    return words("platform.glued", items=[text for text in dict.fromkeys(found) if text])


def _visitors(pen: Pen, result: Result) -> str:
    """Say whose visitors are what; people are not the same on two platforms."""
    kinds: dict[str, list[str]] = {}
    for platform in (str(key) for key in result.frame["platform_id"].unique()):
        known = pen.project.platforms.get(platform)
        if known and result.cell("visitors", platform=platform) is not None:
            kinds.setdefault(known.visitor_def, []).append(pen.name("platform", platform))
    said = [
        pen.words(f"platform.visitors_{kind}", names=pen.words.list(names)) for kind, names in kinds.items()
    ]
    return pen.words("platform.matrix_visitors", items=said) if said else ""


def _markup(pen: Pen, result: Result, names: Sequence[str], columns: Sequence[_Column]) -> Markup:
    head = pen.words(f"labels.dimension_{result.by[0]}")
    heads = Markup("").join(_head(column) for column in columns)
    body = Markup("\n").join(
        _row(name, [column.cells[place] for column in columns], total=place == 0 and len(names) > 1)
        for place, name in enumerate(names)
    )
    table = '<table><thead><tr><th class="gt_left">{}</th>{}</tr></thead>\n<tbody>\n{}\n</tbody></table>'
    return Markup(table).format(head, heads, body)


def _head(column: _Column) -> Markup:
    unit = Markup(' <span class="unit">{}</span>').format(column.unit) if column.unit else ""
    words = Markup(" ").join(
        Markup('<span class="number">{}</span>').format(word) for word in column.head.split()
    )
    return Markup('<th class="gt_right" style="white-space:normal">{}{}</th>').format(words, unit)


def _row(name: str, cells: Sequence[_Cell], *, total: bool) -> Markup:
    body = Markup("").join(map(_cell, cells))
    opened = Markup('<tr class="total">') if total else Markup("<tr>")
    return Markup('{}<td class="gt_left" style="white-space:nowrap">{}</td>{}</tr>').format(
        opened, name, body
    )


def _cell(cell: _Cell) -> Markup:
    look: Any = ";".join(filter(None, [f"color:{cell.color}" if cell.color != INK else "", cell.fill]))
    style = Markup(' style="{}"').format(look) if look else ""
    return Markup('<td class="gt_right"{}>{}</td>').format(style, cell.text)
