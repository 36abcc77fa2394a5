"""How each platform runs, and what its orders, refunds and advertising need."""

from __future__ import annotations

import pandas as pd

from reportkit.show.daily.said import clock, known, moment, tone
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.product.grid import Table, drawn, numbers, texts
from reportkit.study.running import Running
from reportkit.study.running.pace import ALL

__all__ = ["operations", "platforms"]


def platforms(running: Running, size: str = "left") -> Display:
    """List the platforms: the sum so far, pace, growth on last year, today, the projected end."""
    return Display("table", lambda pen: _draw(pen, running), size)


def _draw(pen: Pen, running: Running) -> Drawn:
    if running.stage in ("empty", "ahead"):
        return Drawn("", "")
    words, pace = pen.words, running.pace
    names = [
        name for name in _ordered(pen, running, pace.table.index.drop(ALL)) if pace.number("actual", name) > 0
    ]
    if not names:
        return Drawn("", "")
    shown = pace.table.loc[[*names, ALL] if len(names) > 1 else names]
    until = [moment(pen, running.clock.until[name]) if name != ALL else "" for name in map(str, shown.index)]
    columns = [
        texts(words("labels.dimension_platform"), [_name(pen, str(name)) for name in shown.index]),
        numbers(pen, words("daily.so_far"), known(shown["actual"]), "money"),
        numbers(pen, words("daily.pace"), known(shown["pace"]), "percent", tones=[tone(running, value) for value in shown["pace"]]),
        numbers(pen, words("daily.growth"), known(shown["growth"]), "percent", signed=True),
        numbers(pen, words("daily.today"), known(shown["today"]), "money"),
        numbers(pen, words("daily.today_growth"), known(shown["today_growth"]), "percent", signed=True),
        numbers(pen, words("daily.end"), known(shown["final"]), "money"),
        texts(words("daily.told_until"), until),
    ]  # fmt: skip
    marks = [pen.prove(running.study, pace.figure("actual", name)) for name in names]
    paced = pace.table.loc[names, "pace"].dropna()
    title = words(
        "daily.platforms_title", count=len(names), basis=pace.basis, behind=int((paced < running.rules.pace[1]).sum()),
        worst=_name(pen, str(paced.idxmin())) if len(paced) else "", rate=words.numbers.rate(paced.min(), 0) if len(paced) else "",
    )  # fmt: skip
    return drawn(
        pen, Table(title, columns, marks, words("daily.platforms_subtitle", clock=clock(running.seen)))
    )


def _name(pen: Pen, name: str) -> str:
    return pen.words("labels.total") if name == ALL else pen.name("platform", name)


def _ordered(pen: Pen, running: Running, names: pd.Index) -> list[str]:
    ranked = list(running.study.metrics.platforms)
    return sorted(map(str, names), key=lambda name: ranked.index(name) if name in ranked else len(ranked))


def operations(running: Running, size: str = "left") -> Display:
    """List what each platform's orders, refunds and advertising need: waiting, come back, spent."""
    return Display("table", lambda pen: _draw_operations(pen, running), size)


def _draw_operations(pen: Pen, running: Running) -> Drawn:
    if running.stage in ("empty", "ahead"):
        return Drawn("", "")
    words, waiting, back, spend = pen.words, running.waiting, running.returned, running.spend
    every = waiting.table.index.union(back.table.index).union(spend.table.index.drop(ALL, errors="ignore"))
    names = _ordered(pen, running, every)
    if not names:
        return Drawn("", "")
    wait, refund, ads = (table.reindex(names) for table in (waiting.table, back.table, spend.table))
    columns = [
        texts(words("labels.dimension_platform"), [pen.name("platform", name) for name in names]),
        numbers(pen, words("daily.waiting"), known(wait["waiting"]), "count"),
        numbers(pen, words("daily.late_count"), known(wait["late"]), "count", tones=["bad" if late > 0 else "" for late in wait["late"]]),
        numbers(pen, words("daily.oldest"), known(wait["oldest"].round()), "hours"),
        numbers(pen, words("daily.returned", days=back.age), known(refund["rate"]), "percent", tones=["bad" if name in back.risen else "" for name in names]),
        numbers(pen, words("daily.returned_then"), known(refund["rate_then"]), "percent"),
        numbers(pen, words("daily.spent"), known(ads["spend"]), "money"),
        numbers(pen, words("daily.used"), known(ads["used"]), "percent"),
        numbers(pen, words("daily.expected"), known(ads["expected"]), "percent"),
    ]  # fmt: skip
    figures = [waiting.figure("late", name) for name in waiting.table.index]
    figures += [back.figure(side, name) for name in back.table.index for side in ("rate", "rate_then")]
    figures += [spend.figure("spend", name) for name in spend.table.index if name != ALL]
    marks = [pen.prove(running.study, figure) for figure in figures if figure.value == figure.value]
    limit = words("daily.in_hours", count=round(running.rules.ship_hours["default"]))
    title = words(
        "daily.operations_title", late=words.amount(waiting.late, "count"), limit=limit, told=not waiting.table.empty,
        risen=words.list([pen.name("platform", name) for name in back.risen]), days=back.age,
    )  # fmt: skip
    return drawn(pen, Table(title, columns, marks, words("daily.operations_subtitle", limit=limit)))
