"""KPI cards: value, both comparisons, target, thirty days; always in this order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.markup import fill
from reportkit.show.readings import Reading
from reportkit.show.style import BAND, NOTE, TONES
from reportkit.show.verdict import is_open, missing_names

if TYPE_CHECKING:
    from reportkit.metrics.query import Result

__all__ = ["bullet", "card", "cards", "cards_html", "spark", "target_tone"]

_SPARK_WIDTH, _SPARK_HEIGHT, _SPARK_EDGE = 42.0, 17.0, 2.0
_BULLET_ROOM = 1.08


def cards(result: Result, days: Result | None = None) -> Display:
    """Show one card for each metric of `result`, which has no dimensions.

    `days` holds the same metrics by day; a card whose metric it has gets a sparkline.
    """
    return Display("cards", lambda pen: _draw(pen, result, days))


def _draw(pen: Pen, result: Result, days: Result | None) -> Drawn:
    already = missing_names(pen, result, result.requests[0])
    every = [Reading(pen, result, request, {}) for request in result.requests]
    # What has no data is said once, under what is not yet known, and not in an empty box each.
    shown = [reading for reading in every if reading.known] or every[:1]
    return cards_html(pen, [card(pen, reading, days, already) for reading in shown])


def cards_html(pen: Pen, items: list[dict[str, Any]]) -> Drawn:
    """Return cards made by `card` as one display; its alternative text reads them out."""
    said = [
        " ".join(part for part in (item["name"], item["basis"], item["text"], item["unit"]) if part)
        + "".join(f", {change['label']} {change['text']}" for change in item["changes"])
        for item in items
    ]
    html = fill(pen.project, "cards.html", cards=items)
    return Drawn(
        html, pen.words("cards.title", count=len(items)), pen.words("cards.alt", items="; ".join(said))
    )


def card(pen: Pen, reading: Reading, days: Result | None = None, already: str = "") -> dict[str, Any]:
    """Return what one card shows; `days` may hold the same metric by day.

    `already` are the platforms that the page says are left out: a card repeats only others.
    """
    printed = pen.words.numbers.printed(reading.value, reading.spoken.unit, reading.spoken.noun)
    pale = reading.few or not reading.known
    return {
        "name": reading.name,
        "basis": reading.spoken.basis_name,
        "text": printed.text,
        "unit": printed.unit,
        "code": pen.codes([reading.code()]) if reading.known else "",
        "pale": pale,
        "changes": [_change(pen, reading, name, pale) for name in _compared(reading)],
        "spark": _spark_of(pen, reading, days),
        "notes": _notes(pen, reading, already),
        **_target(pen, reading),
    }


def _compared(reading: Reading) -> list[str]:
    return [name for name in ("previous", "last_year") if f"{name}_growth" in reading.result.frame.columns]


def _change(pen: Pen, reading: Reading, comparison: str, pale: bool) -> dict[str, str]:
    change = reading.change(comparison)
    open_ = is_open(pen, reading.result, reading.request)
    toned = "plain" if pale or open_ or change.flat else pen.tone(change.value, reading.spoken.better)
    return {"label": pen.words(f"labels.{comparison}"), "text": str(change), "tone": toned}


def _target(pen: Pen, reading: Reading) -> dict[str, Any]:
    target, rate, pace = reading.number("target"), reading.number("attainment"), reading.number("pace")
    none = {"target": "", "target_tone": "plain", "pace": "", "bar": None}
    if "target" not in reading.result.frame.columns:
        return none
    if target is None or reading.value is None or rate is None:
        return none | {"target": pen.words("labels.no_target")}
    words, numbers = pen.words, pen.words.numbers
    counts_up = reading.spoken.better != "down"
    said = (
        words("cards.target", rate=numbers.rate(rate))
        if counts_up
        else words("cards.target_value", target=reading.money(target))
    )
    running = reading.result.as_of < reading.result.period.end and pace is not None
    return {
        "target": said,
        "target_tone": target_tone(pen, reading),
        "pace": words("cards.pace", rate=numbers.rate(pace)) if running and counts_up else "",
        "bar": bullet(reading.value, target),
    }


def target_tone(pen: Pen, reading: Reading) -> str:
    """Return the tone of a target: by its pace while the period runs, else by what was attained."""
    running = reading.result.as_of < reading.result.period.end
    reached = (reading.number("pace") if running else None) or reading.number("attainment")
    if not reached or is_open(pen, reading.result, reading.request):
        return "plain"
    score = 1 / reached if reading.spoken.better == "down" else reached
    if score >= pen.rules.target_good:
        return "good"
    return "watch" if score >= pen.rules.target_watch else "bad"


def bullet(value: float, target: float) -> dict[str, str] | None:
    """Return how far the bar and the target's mark reach, in percent of the track; None below zero."""
    top = max(value, target) * _BULLET_ROOM
    if top <= 0:
        return None
    return {"fill": f"{max(value, 0.0) / top * 100:.1f}", "mark": f"{max(target, 0.0) / top * 100:.1f}"}


def _notes(pen: Pen, reading: Reading, already: str) -> list[str]:
    found = []
    if not reading.known:
        found.append(pen.words("labels.no_data"))
    elif (names := missing_names(pen, reading.result, reading.request)) and names != already:
        found.append(pen.words("cards.not_in", names=names))
    if reading.known and reading.few:
        found.append(pen.words("cards.few", n=int(reading.number("n") or 0)))
    return found


def _spark_of(pen: Pen, reading: Reading, days: Result | None) -> Markup:
    if days is None or reading.request not in days.requests:
        return Markup("")
    rows = days.frame[days.frame["metric"] == reading.request]
    toned = _change(pen, reading, "previous", pale=False)["tone"]
    return spark(rows["value"], TONES[toned])


def spark(values: pd.Series[float], dot: str) -> Markup:
    """Return a small line of `values` as SVG, broken where they are missing, with a dot at its end."""
    known = values.dropna()
    if len(known) < 2:
        return Markup("")
    low, high = float(known.min()), float(known.max())
    step = (_SPARK_WIDTH - 2 * _SPARK_EDGE) / max(len(values) - 1, 1)
    room = _SPARK_HEIGHT - 2 * _SPARK_EDGE
    runs: list[list[str]] = [[]]
    point = (0.0, 0.0)
    for place, value in enumerate(values):
        if pd.isna(value):
            runs.append([])
            continue
        height = (value - low) / (high - low) if high > low else 0.5
        point = (_SPARK_EDGE + place * step, _SPARK_HEIGHT - _SPARK_EDGE - height * room)
        runs[-1].append(f"{point[0]:.1f},{point[1]:.1f}")
    lines = "".join(
        f'<polyline points="{" ".join(run)}" fill="none" stroke="{NOTE}" stroke-width="0.8"/>'
        for run in runs
        if len(run) > 1
    )
    return Markup(
        f'<svg width="{_SPARK_WIDTH:g}pt" height="{_SPARK_HEIGHT:g}pt" aria-hidden="true" '
        f'viewBox="0 0 {_SPARK_WIDTH:g} {_SPARK_HEIGHT:g}">'
        f'<line x1="0" x2="{_SPARK_WIDTH:g}" y1="{_SPARK_HEIGHT:g}" y2="{_SPARK_HEIGHT:g}" stroke="{BAND}"/>'
        f'{lines}<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="1.6" fill="{dot}"/></svg>'
    )
