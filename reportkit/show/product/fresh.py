"""3.8 How new products run beside those before them."""

from __future__ import annotations

from reportkit.show import figures
from reportkit.show.blocks import about, alt, money
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import MISSING
from reportkit.show.paper import figure
from reportkit.show.product.grid import Table, drawn, numbers, texts
from reportkit.show.product.said import absent, style
from reportkit.study import Study
from reportkit.study.launches import Launch

__all__ = ["launch_list", "launches"]

_CURVES = 3
_HEIGHT = 46.0  # mm
_TONES = {"hit": "good", "fair": "good", "watch": "watch", "stop": "bad"}


def launches(study: Study, size: str = "left") -> Display:
    """Show what the newest products had sold by each day on sale, over the middle half of those before them."""
    return Display("figure", lambda pen: _draw(pen, study, size), size, block="3.8")


def _draw(pen: Pen, study: Study, size: str) -> Drawn:
    found, words, rules = study.launches, pen.words, study.products.launches
    shown = [launch for launch in found.found if launch.age][:_CURVES]
    if not found.dated:
        return absent(pen, "3_8", "products", "launches")
    if not shown:
        return drawn(pen, Table(words("product.launch_none", days=rules.recent), []))
    values = [value for launch in shown for value in launch.curve] + list(found.high)
    scale = words.numbers.divisor([*values, *found.past.max().dropna()], "money")
    unit = words.numbers.column([*values, *found.past.max().dropna()], "money").unit
    band = (
        figures.Band(found.low, found.high, words("product.middle_half", count=found.past.shape[1]))
        if found.low
        else None
    )
    lines = [figures.Curve(style(pen, launch.style), launch.curve) for launch in shown]
    if band is None:
        known = {launch.style for launch in shown}
        lines += [
            figures.Curve(style(pen, str(name)), list(found.past[name]), "other")
            for name in found.past.columns
            if name not in known
        ]
    label = about(pen, words("product.launch_label", name=pen.spoken("gmv").name), unit)
    ticks = [str(day) for day in range(1, rules.days + 1)]
    paper = figures.curves(
        size, ticks, lines, label=label, scale=figures.Scale(scale), band=band, height=_HEIGHT
    )
    title = _title(pen, study, shown)
    items = [
        words("product.counted_money", name=style(pen, launch.style), value=money(pen, launch.curve[-1]))
        for launch in shown
    ]
    marks = [pen.prove(study, launch.figure) for launch in shown]
    return figure(pen, paper, title=title, alt=alt(pen, title, "curves", items), marks=marks)


def _title(pen: Pen, study: Study, shown: list[Launch]) -> str:
    first, age = shown[0], (study.last - shown[0].listed).days + 1
    new = [launch for launch in shown if (study.last - launch.listed).days < study.products.launches.days]
    return pen.words(
        "product.launch_title", new=len(new), days=study.products.launches.days, who=style(pen, first.style), age=min(age, first.age),
        value=money(pen, first.curve[-1]), verdict=pen.words(f"product.verdict_{first.verdict}"), few=first.verdict == "few",
        earlier=first.earlier, attained=pen.words.numbers.rate(first.attained) if first.attained is not None else "",
    )  # fmt: skip


def launch_list(study: Study, size: str = "right") -> Display:
    """List the launches of the last year with how they run."""
    return Display("table", lambda pen: _draw_list(pen, study), size, block="3.8")


def _draw_list(pen: Pen, study: Study) -> Drawn:
    found, words = study.launches, pen.words
    shown = [launch for launch in found.found if launch.age]
    if not shown:
        return Drawn("", "")
    ranges = [
        words.numbers.column([launch.low, launch.high], "money") if launch.low is not None else None
        for launch in shown
    ]
    columns = [
        texts(words("labels.dimension_product"), [style(pen, launch.style) for launch in shown]),
        texts(words("product.listed"), [words("dates.full_day", d=launch.listed, month=words(f"dates.month_{launch.listed.month}")) for launch in shown]),
        numbers(pen, words("product.age_on_sale"), [float(launch.age) for launch in shown], "days"),
        numbers(pen, words("product.so_far"), [launch.curve[-1] for launch in shown], "money"),
        texts(words("product.middle"), [words("product.between", low=one.texts[0], high=one.texts[1], unit=one.unit) if one else MISSING for one in ranges]),
        numbers(pen, words("product.target_30"), [launch.attained for launch in shown], "percent"),
        texts(words("product.verdict"), [words(f"product.verdict_{launch.verdict}") for launch in shown], [_TONES.get(launch.verdict, "plain") for launch in shown]),
    ]  # fmt: skip
    if not any(launch.attained is not None for launch in shown):
        columns.pop(5)
    if not any(ranges):
        columns.pop(4)
    good = sum(launch.verdict in ("hit", "fair") for launch in shown)
    title = words(
        "product.launch_list_title",
        count=len(shown),
        good=good,
        judged=sum(launch.verdict in _TONES for launch in shown),
    )
    marks = [pen.prove(study, launch.figure) for launch in shown]
    return drawn(
        pen,
        Table(title, columns, marks, words("product.launch_subtitle", least=study.products.launches.least)),
    )
