"""The sentence on top of the page of a running promotion, and its cards."""

from __future__ import annotations

from math import isfinite
from typing import Any

from reportkit.quality.figure import Figure, Unit
from reportkit.show.blocks import money, period_name, span, statement
from reportkit.show.cards import cards_html
from reportkit.show.daily.said import clock, day_number, hours, moment, phase
from reportkit.show.display import Display, Drawn, Pen
from reportkit.study.rows import number
from reportkit.study.running import Running
from reportkit.study.running.pace import ALL

__all__ = ["cards", "headline"]


def headline(running: Running) -> Display:
    """Say how the promotion runs, where it ends at this pace, and what cannot wait."""
    return Display("verdict", lambda pen: _draw(pen, running))


def _draw(pen: Pen, running: Running) -> Drawn:
    words, stage, study = pen.words, running.stage, running.study
    facts = [*_sides(pen, running), *_windows(pen, running)]
    if stage in ("empty", "ahead"):
        days = (study.period.start - study.as_of).days
        sentence = words(f"daily.{stage}", promo=period_name(pen, study), days=days)
        return statement(pen, sentence, [], [], facts)
    pace = running.pace
    told = {name: pace.number(name) for name in ("actual", "final", "low", "high", "target")}
    projected = isfinite(told["final"]) and stage == "running"
    sentence = words(
        f"daily.{stage}", promo=period_name(pen, study), day=day_number(running), phase=_phase(pen, running),
        actual=money(pen, told["actual"]), pace=_rate(pen, pace.number("pace")), basis=pace.basis,
        final=money(pen, told["final"]) if projected else None,
        target=money(pen, told["target"]) if isfinite(told["target"]) else None,
        attained=_rate(pen, pace.number("attained")), growth=words.change(pace.number("growth"), "money"),
    )  # fmt: skip
    cited = [
        "actual",
        *(["pace"] if isfinite(pace.number("pace")) else []),
        *(["final"] if projected else []),
    ]
    marks = [pen.prove(study, pace.figure(name)) for name in cited]
    return statement(
        pen, sentence, marks, _states(pen, running), [words(f"daily.basis_{pace.basis}"), *facts]
    )


def _phase(pen: Pen, running: Running) -> str:
    name = phase(running)
    return pen.words(f"daily.phase_{name}") if name else ""


def _rate(pen: Pen, value: float) -> str:
    return pen.words.numbers.rate(value, 0) if isfinite(value) else ""


def _range(pen: Pen, low: float, high: float) -> str:
    if not isfinite(low):
        return ""
    column = pen.words.numbers.column([low, high], "money")
    return pen.words("daily.range", low=column.texts[0], high=column.texts[1], unit=column.unit)


def _states(pen: Pen, running: Running) -> list[tuple[str, str]]:
    """Return what cannot wait, as tone and words: stock, dispatch, refunds; else that nothing does."""
    words, found = pen.words, []
    table, waiting, back = running.cover.table, running.waiting, running.returned
    for sku in running.cover.called[: pen.rules.parts_named]:
        row = {name: number(table, sku, name) for name in ("left", "hours", "earliest")}
        key = "out" if row["left"] <= 0 else "runs_out"
        text = words(
            f"daily.{key}",
            who=pen.name("sku", sku),
            hours=hours(pen, row["hours"]),
            earliest=hours(pen, row["earliest"]),
        )
        found.append(("bad", text))
    if waiting.late:
        worst = pen.name("platform", str(waiting.table.index[0]))
        found.append(
            (
                "bad",
                words(
                    "daily.late", who=worst, count=words.amount(waiting.late, "count"), alone=_alone(running)
                ),
            )
        )
    for platform in back.risen[: pen.rules.parts_named]:
        rates = {
            name: words.numbers.rate(number(back.table, platform, name)) for name in ("rate", "rate_then")
        }
        found.append(
            ("bad", words("daily.risen", who=pen.name("platform", platform), days=back.age, **rates))
        )
    return found or [("calm", words("daily.quiet"))]


def _alone(running: Running) -> bool:
    return bool((running.waiting.table["late"] > 0).sum() == 1)


def _sides(pen: Pen, running: Running) -> list[str]:
    """Return until when is known, and which platforms are told less."""
    words, until = pen.words, running.clock.until
    found = [words("daily.until", moment=moment(pen, running.now))]
    late = {
        name: at for name, at in until.items() if at < running.now and name not in running.clock.days_only
    }
    found += [
        words("daily.behind", who=pen.name("platform", name), moment=moment(pen, at))
        for name, at in late.items()
    ]
    if running.clock.days_only:
        names = words.list([pen.name("platform", name) for name in sorted(running.clock.days_only)])
        found.append(words("daily.days_only", names=names))
    return found


def _windows(pen: Pen, running: Running) -> list[str]:
    """Return how long the promotion is, this year and last."""
    period, then = running.study.period, running.study.period.last_year()
    found = [pen.words("daily.window", span=span(pen, period.start, period.end), days=period.days)]
    if then is None:
        return [*found, pen.words("daily.no_then")]
    year = span(pen, then.start, then.end)
    return [*found, pen.words("daily.window_then", year=then.start.year, span=year, days=then.days)]


def cards(running: Running) -> Display:
    """Show today, the sum so far, the projected end, the most urgent stock, what waits, and advertising."""
    return Display("cards", lambda pen: _draw_cards(pen, running))


def _draw_cards(pen: Pen, running: Running) -> Drawn:
    if running.stage in ("empty", "ahead"):
        return Drawn("", "")
    items = [_today(pen, running), _so_far(pen, running), _end(pen, running), _stock(pen, running), _late(pen, running), _ads(pen, running)]  # fmt: skip
    return cards_html(pen, items)


def _card(
    pen: Pen,
    running: Running,
    name: str,
    figure: Figure | None,
    notes: list[str],
    changes: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    unit: Unit = figure.unit if figure else "count"
    value = figure.value if figure and isfinite(figure.value) else None
    printed = pen.words.numbers.printed(value, unit)
    code = pen.codes([pen.prove(running.study, figure)]) if figure and value is not None else ""
    return {
        "name": pen.words(f"daily.card_{name}"), "basis": "", "text": printed.text, "unit": printed.unit, "code": code,
        "pale": value is None, "changes": changes or [], "spark": "", "target": "", "target_tone": "plain", "pace": "",
        "bar": None, "notes": [note for note in notes if note],
    }  # fmt: skip


def _change(pen: Pen, label: str, value: float) -> list[dict[str, str]]:
    if not isfinite(value):
        return []
    change = pen.words.change(value, "money")
    return [
        {
            "label": pen.words(label),
            "text": str(change),
            "tone": "plain" if change.flat else pen.tone(value, "up"),
        }
    ]


def _today(pen: Pen, running: Running) -> dict[str, Any]:
    pace = running.pace
    then = pace.number("today_then")
    note = (
        pen.words("daily.then_amount", amount=money(pen, then), clock=clock(running.seen))
        if isfinite(then)
        else pen.words("daily.no_twin")
    )
    return _card(
        pen,
        running,
        "last" if running.stage == "over" else "today",
        pace.figure("today"),
        [note],
        _change(pen, "daily.than_then", pace.number("today_growth")),
    )


def _so_far(pen: Pen, running: Running) -> dict[str, Any]:
    pace, due = running.pace, running.pace.number("due")
    notes = (
        [pen.words("daily.due_amount", amount=money(pen, due), rate=_rate(pen, pace.number("pace")))]
        if isfinite(due) and due
        else []
    )
    return _card(
        pen,
        running,
        "so_far",
        pace.figure("actual"),
        notes,
        _change(pen, "daily.than_then", pace.number("growth")),
    )


def _end(pen: Pen, running: Running) -> dict[str, Any]:
    pace = running.pace
    low, high, target = (pace.number(name) for name in ("low", "high", "target"))
    if not isfinite(low):
        return _card(pen, running, "end", None, [pen.words("daily.too_early")])
    level = pen.words.numbers.rate(running.rules.projection.level, 0)
    notes = [pen.words("daily.ranged", range=_range(pen, low, high), level=level)]
    aim = (
        pen.words("daily.target", amount=money(pen, target))
        if isfinite(target)
        else pen.words("labels.no_target")
    )
    return _card(pen, running, "end", pace.figure("final"), [*notes, aim])


def _stock(pen: Pen, running: Running) -> dict[str, Any]:
    found = running.cover
    if found.table.empty:
        none = "daily.done" if running.stage == "over" else "daily.no_stock"
        return _card(pen, running, "stock", None, [pen.words(none)])
    sku, row = str(found.table.index[0]), found.table.iloc[0]
    if not isfinite(row["hours"]):
        return _card(pen, running, "stock", None, [pen.words("daily.all_last", count=len(found.table))])
    who = pen.name("sku", sku)
    when = (
        pen.words("daily.out_now")
        if row["left"] <= 0
        else pen.words("daily.out_at", moment=moment(pen, row["out_at"]))
    )
    return _card(pen, running, "stock", found.figure(sku, "hours"), [who, when])


def _late(pen: Pen, running: Running) -> dict[str, Any]:
    found, words = running.waiting, pen.words
    names = words.list([pen.name("platform", name) for name in found.untold])
    untold = words("daily.untold", names=names) if names else ""
    if found.table.empty:
        return _card(pen, running, "late", None, [untold or words("labels.no_data")])
    waits = words("daily.all_waiting", count=words.amount(float(found.table["waiting"].sum()), "count"))
    return _card(pen, running, "late", found.figure("late"), [waits, untold])


def _ads(pen: Pen, running: Running) -> dict[str, Any]:
    found, words = running.spend, pen.words
    if found.until is None:
        return _card(pen, running, "ads", None, [words("labels.no_data")])
    row = {name: number(found.table, ALL, name) for name in ("used", "expected")}
    budget = (
        words("daily.budget", used=_rate(pen, row["used"]), expected=_rate(pen, row["expected"]))
        if isfinite(row["used"])
        else words("daily.no_budget")
    )
    return _card(
        pen,
        running,
        "ads",
        found.figure("spend"),
        [budget, words("daily.ads_until", day=words.day(found.until.date()))],
    )
