"""2.7 Which platform is strong, promising, to be kept, or to be put in order."""

from __future__ import annotations

from reportkit.metrics.compile import column_of
from reportkit.show import figures
from reportkit.show.blocks import alt, compared, period_name
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.paper import figure
from reportkit.study import Study
from reportkit.study.quadrant import CLASSES, Quadrant

__all__ = ["classes"]

_TONES = {"strong": "good", "promising": "good", "keep": "ink", "mend": "bad"}


def classes(study: Study, size: str = "left") -> Display:
    """Show every part by its growth and its contribution after advertising, cut at the mean of all."""
    return Display("figure", lambda pen: _draw(pen, study, size), size, block="2.7")


def _without(pen: Pen, found: Quadrant) -> str:
    """Return the parts that sold but whose growth or contribution is not known."""
    return pen.words.list(
        [pen.name(found.dimension, part) for part in _sold(found) if part not in found.table.index]
    )


def _sold(found: Quadrant) -> list[str]:
    rows = found.result.frame[found.result.frame["metric"] == "gmv"]
    return [str(part) for part in rows.loc[rows["value"] > 0, column_of(found.dimension)]]


def _draw(pen: Pen, study: Study, size: str) -> Drawn:
    words, found = pen.words, study.quadrant
    if found is None or len(found.table) < 2:
        unknown = found is not None and (found.table.empty or len(_sold(found)) > 1)
        return Drawn(
            "",
            title=words("platform.block_2_7") if unknown else "",
            lacks=("costs", "ads") if unknown else (),
        )
    table = found.table
    points = [
        figures.Point(
            float(row["growth"]), float(row["rate"]),
            words("platform.class_point", part=pen.name(found.dimension, part), kind=words(f"platform.class_{row['class']}")),
            float(row["net"]), _TONES[str(row["class"])],
        )
        for part, row in table.sort_values("net", ascending=False).iterrows()
    ]  # fmt: skip
    rate = words.numbers.rate
    percent = figures.Scale(0.01, "%")
    x = figures.Axis(
        words("platform.growth_axis", name=pen.spoken("gmv").name, than=words(f"labels.{found.against}")), percent,
        figures.Reference(found.growth, words("platform.mean", value=rate(found.growth))),
    )  # fmt: skip
    y = figures.Axis(
        words("platform.rate_axis", name=pen.spoken("contribution_rate").name), percent,
        figures.Reference(found.rate, words("platform.mean", value=rate(found.rate))),
    )  # fmt: skip
    # The corners say where a part stands; its class also asks whether it gets better, and whether it loses money.
    names = tuple(
        words(f"platform.corner_{place}")
        for place in ("upper_left", "upper_right", "lower_left", "lower_right")
    )
    note = words("platform.class_note", name=pen.spoken("net_sales").name, period=period_name(pen, study),
                 then=compared(pen, study, found.against), without=_without(pen, found))  # fmt: skip
    paper = figures.quadrants(size, points, x, y, names, note=note)  # type: ignore[arg-type]
    said = [
        words("platform.class_list", kind=words(f"platform.class_{kind}"), parts=words.list([pen.name(found.dimension, part) for part in own]))
        for kind in CLASSES
        if len(own := table.index[table["class"] == kind])
    ]  # fmt: skip
    title = words("platform.classes_title", items=said, count=len(table))
    items = [f"{point.name} {rate(point.x)} {rate(point.y)}" for point in points]
    marks = [
        pen.cite(found.result, request, **{found.dimension: part})
        for part in table.index
        for request in ("gmv", "contribution_rate")
    ]
    return figure(pen, paper, title=title, alt=alt(pen, title, "points", items), marks=marks)
