"""3.5 How healthy the stock is: how long each SKU lasts, and what that calls for."""

from __future__ import annotations

from math import inf, isfinite

import pandas as pd

from reportkit.show import figures
from reportkit.show.blocks import about, alt, money
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.paper import figure
from reportkit.show.product.grid import Table, drawn, numbers, texts
from reportkit.show.product.said import absent, sku
from reportkit.study import Study
from reportkit.study.rows import number

__all__ = ["health", "states"]

_STATES = ("out", "at_risk", "reorder", "healthy", "high", "slow", "dead", "unknown")
_TONES = {"out": "bad", "at_risk": "bad", "reorder": "watch", "high": "watch", "slow": "bad", "dead": "bad"}
_ZONES = ("risk", "healthy", "high", "slow")
_HEIGHT = 60.0
_SHOWN = (1.0, 1000.0)  # days of cover with a place of their own; shorter and longer ones stand at the edge


def health(study: Study, size: str = "left") -> Display:
    """Show every SKU by the days its stock lasts and the pieces it sells, over the zones of healthy and not."""
    return Display("figure", lambda pen: _draw_health(pen, study, size), size, block="3.5")


def _draw_health(pen: Pen, study: Study, size: str) -> Drawn:
    shelf, words = study.stock, pen.words
    frame = shelf.frame[shelf.frame["zone"].notna()] if shelf.day else pd.DataFrame()
    if frame.empty:
        return absent(pen, "3_5", "inventory")
    frame = frame.sort_values("value", ascending=False)
    named = _named(study, frame)
    points = [
        figures.Point(_days(float(row["cover"])), float(row["sold_30"]),
                      str(code) if code in named else "", 0.0 if row["value"] != row["value"] else float(row["value"]),
                      _TONES.get(str(row["state"]), "ink"))
        for code, row in frame.iterrows()
    ]  # fmt: skip
    when = words("product.stock_day", day=pen.words.day(shelf.day) if shelf.day else "")
    x = figures.Axis(about(pen, words("product.cover_axis"), words("product.log"), when))
    y = figures.Axis(about(pen, words("product.sold_axis"), words("product.log")))
    paper = figures.zones(
        size,
        points,
        x,
        y,
        [_zone(pen, study, frame, name) for name in _ZONES],
        note=words("product.health_note"),
        height=_HEIGHT,
    )
    title = _health_title(pen, frame)
    marks = [pen.prove(study, shelf.figure("zone", float(frame.loc[mask, "value"].sum()), {"zone": name}, frame.index[mask]))
             for name in _ZONES if (mask := frame["zone"] == name).any()]  # fmt: skip
    items = [
        words("product.counted", name=words(f"product.zone_{name}"), count=int((frame["zone"] == name).sum()))
        for name in _ZONES
    ]
    return figure(pen, paper, title=title, alt=alt(pen, title, "points", items), marks=marks)


def _days(cover: float) -> float:
    """Return days of cover as drawn: next to none is none, and what lasts for years or is not sold lasts for ever."""
    low, high = _SHOWN
    return inf if not cover <= high else 0.0 if cover < low else cover


def _named(study: Study, frame: pd.DataFrame) -> set[object]:
    """Return the SKUs worth a label: those at risk or slow, then those that hold most money."""
    most = study.products.rows["health"]
    grave = frame[frame["zone"].isin(["risk", "slow"])].index
    return set([*grave, *(code for code in frame.index if code not in grave)][:most])


def _zone(pen: Pen, study: Study, frame: pd.DataFrame, name: str) -> figures.Zone:
    limits, own = study.products.stock.limits, frame[frame["zone"] == name]
    low, high = {
        "risk": (0.0, float(frame["lead"].median())), "healthy": (float(frame["lead"].median()), limits.healthy),
        "high": (limits.healthy, limits.high), "slow": (limits.high, inf),
    }[name]  # fmt: skip
    text = pen.words("product.zone_text", count=len(own), value=money(pen, float(own["value"].sum())))
    tone = {"risk": "bad", "healthy": "good", "high": "watch", "slow": "bad"}[name]
    return figures.Zone(pen.words(f"product.zone_{name}"), low, high, text, tone)


def _health_title(pen: Pen, frame: pd.DataFrame) -> str:
    slow, risk, whole = (
        frame[frame["zone"] == "slow"],
        frame[frame["zone"] == "risk"],
        float(frame["value"].sum()),
    )
    worst = str(slow["value"].idxmax()) if slow["value"].notna().any() else ""
    lasts = number(slow, worst, "cover") if worst else inf
    return pen.words(
        "product.health_title", risk=len(risk), slow=len(slow), value=money(pen, float(slow["value"].sum())),
        share=pen.words.numbers.rate(float(slow["value"].sum()) / whole if whole else None),
        named=pen.words.list([sku(pen, str(code)) for code in risk.index[: pen.rules.parts_named]]),
        worst=sku(pen, worst) if worst else "", cover=pen.words.numbers.inline(lasts, "days") if isfinite(lasts) else "",
        healthy=int((frame["zone"] == "healthy").sum()), count=len(frame),
    )  # fmt: skip


def states(study: Study, size: str = "right") -> Display:
    """Count the SKUs and the money in every state, with what it calls for."""
    return Display("table", lambda pen: _draw_states(pen, study), size, block="3.5")


def _draw_states(pen: Pen, study: Study) -> Drawn:
    shelf, words = study.stock, pen.words
    if not shelf.day:
        return Drawn("", "")
    frame = shelf.frame
    sums = frame.groupby("state").agg(
        count=("available", "size"), value=("value", "sum"), order=("order", "sum")
    )
    shown = [name for name in _STATES if name in sums.index]
    sums, whole = sums.loc[shown], float(frame["value"].sum())
    columns = [
        texts(
            words("product.state"),
            [words(f"product.state_{name}") for name in shown],
            [_TONES.get(name, "") for name in shown],
        ),
        numbers(pen, words("product.skus"), [float(value) for value in sums["count"]], "count"),
        numbers(pen, words("product.stock_value"), list(map(float, sums["value"])), "money"),
        numbers(
            pen,
            words("labels.share"),
            [float(value) / whole if whole else None for value in sums["value"]],
            "percent",
        ),
        texts(words("product.deed"), [words(f"product.deed_{name}") for name in shown]),
    ]
    short = frame[frame["order"] > 0]
    title = words(
        "product.states_title", value=money(pen, whole), count=len(frame), short=len(short), pieces=words.amount(float(short["order"].sum()), "count"),
        rate=words.numbers.rate(study.disposal.rate if study.disposal else None),
    )  # fmt: skip
    marks = [
        pen.prove(
            study,
            shelf.figure(
                "state", number(sums, name, "value"), {"state": name}, frame.index[frame["state"] == name]
            ),
        )
        for name in shown
    ]
    subtitle = words(
        "product.states_subtitle",
        day=words.day(shelf.day),
        cost=words("product.at_cost"),
        all=bool(study.scope),
    )
    return drawn(pen, Table(title, columns, marks, subtitle))
