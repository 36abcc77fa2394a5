"""R2.2 What a promotion brought, step by step from gross to net, and R2.4 on which platform."""

from __future__ import annotations

from reportkit.show import figures
from reportkit.show.blocks import about, alt, money, period_name
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import MISSING
from reportkit.show.paper import figure
from reportkit.show.process.said import absent, ends, interval, level, ranged
from reportkit.show.product.grid import Column, Table, drawn, ranges, texts
from reportkit.study.campaign import Campaign
from reportkit.study.uplift import QUANTITIES, Range, Uplift

__all__ = ["increment", "platforms"]

_LESS = ("pre", "post", "other")


def increment(campaign: Campaign, size: str = "left") -> Display:
    """Show gross uplift, what was withheld before, brought forward and taken from others, and what is left."""
    return Display("figure", lambda pen: _draw(pen, campaign, size), size, block="R2.2")


def _draw(pen: Pen, campaign: Campaign, size: str) -> Drawn:
    words, told = pen.words, campaign.uplift
    if told is None:
        return absent(pen, "R2_2", "promos")
    found = {name: one for name in QUANTITIES if (one := told.range(name)) is not None}
    unit = words.numbers.column([found["gross"].value], "money").unit
    note = about(
        pen, words("process.more_than_usual"), unit, period_name(pen, campaign.study),
        words("process.interval_level", level=level(pen, campaign)),
    )  # fmt: skip
    steps = _steps(pen, told, found)
    paper = figures.bridge(size, steps, note=note)
    moved = told.range("forward")
    title = words(
        "process.increment_title", gross=money(pen, found["gross"].value), net=money(pen, found["net"].value),
        forward=words.numbers.rate(moved.value) if moved and moved.value == moved.value else "",
        largest=_largest(pen, found), most=told.state != "over",
    )  # fmt: skip
    items = [f"{step.name} {step.text}" for step in steps]
    marks = [code for name, one in found.items() for code in ends(pen, campaign, name, one)]
    marks += ends(pen, campaign, "forward", moved, "percent") if moved else []
    return figure(pen, paper, title=title, alt=alt(pen, title, "bars", items), marks=marks)


def _steps(pen: Pen, told: Uplift, found: dict[str, Range]) -> list[figures.Step]:
    """Return the bridge from gross to net; what others lost is told even where it is chance."""
    gross, at = found["gross"], found["gross"].value
    steps = [figures.Step(pen.words("process.gross"), 0.0, at, ranged(pen, gross), total=True)]
    for name in _LESS:
        less = found[name]
        text = pen.words("process.no_other") if name == "other" and not less.value else _minus(pen, less)
        key = f"process.{name}_open" if name == "post" and told.state == "open" else f"process.{name}"
        steps.append(
            figures.Step(pen.words(key), at, at - less.value, text, "bad" if less.value > 0 else "good")
        )
        at -= less.value
    net = found["net"]
    return [*steps, figures.Step(pen.words("process.net"), 0.0, net.value, ranged(pen, net), total=True)]


def _tone(less: Range) -> str:
    return "bad" if less.value > 0 else "good" if less.value < 0 else "plain"


def _minus(pen: Pen, less: Range) -> str:
    """Return what is taken off, signed as it moves the bridge, with its interval."""
    return ranged(pen, Range(-less.value, -less.high, -less.low, less.sure))


def _largest(pen: Pen, found: dict[str, Range]) -> str:
    """Return the step that took most, with its money; empty where nothing was taken."""
    name = max(_LESS, key=lambda one: found[one].value)
    taken = found[name].value
    return (
        pen.words("process.took", name=pen.words(f"process.{name}"), value=money(pen, taken))
        if taken > 0
        else ""
    )


def platforms(campaign: Campaign) -> Display:
    """List gross, withheld, brought forward and net of every platform, and how its aftermath stands."""
    return Display("table", lambda pen: _draw_platforms(pen, campaign), block="R2.4")


def _draw_platforms(pen: Pen, campaign: Campaign) -> Drawn:
    words, told = pen.words, campaign.uplift
    if told is None:
        return absent(pen, "R2_4", "promos")
    names = [lift.platform for lift in sorted(told.lifts, key=lambda one: -float(one.told.net))]
    found = {name: {each: _range(told, each, name) for each in (*QUANTITIES, "forward")} for name in names}
    first = names[0]
    sure = [name for name in names if found[name]["net"].sure and found[name]["net"].value > 0]
    title = words(
        "process.platforms_title", first=pen.name("platform", first), value=ranged(pen, found[first]["net"]),
        sure=len(sure), count=len(names),
        others=words.list([pen.name("platform", name) for name in names if name not in sure]),
    )  # fmt: skip
    marks = [
        code
        for name in names
        for each in ("gross", "pre", "post", "net")
        for code in ends(pen, campaign, each, found[name][each], platform=name)
    ]
    subtitle = words("process.interval_level", level=level(pen, campaign))
    return drawn(pen, Table(title, _columns(pen, told, found), marks, subtitle))


def _range(told: Uplift, quantity: str, platform: str) -> Range:
    found = told.range(quantity, platform)
    assert found is not None
    return found


def _columns(pen: Pen, told: Uplift, found: dict[str, dict[str, Range]]) -> list[Column]:
    words, names = pen.words, list(found)
    states = {lift.platform: lift for lift in told.lifts}
    triples = {
        each: [(found[name][each].value, found[name][each].low, found[name][each].high) for name in names]
        for each in ("gross", "pre", "post", "net")
    }
    tones = ["good" if found[name]["net"].sure and found[name]["net"].value > 0 else "" for name in names]
    rows = [ranges(pen, words(f"process.{each}"), triples[each], "money", signed=True, tones=tones if each == "net" else ()) for each in triples]  # fmt: skip
    moved = [
        interval(pen, found[name]["forward"], "percent") if found[name]["gross"].sure else MISSING
        for name in names
    ]
    told_states = [
        words(f"process.aftermath_{states[name].state}", days=states[name].counted) for name in names
    ]
    return [
        texts(words("labels.dimension_platform"), [pen.name("platform", name) for name in names]),
        *rows,
        texts(words("process.forward"), moved),
        texts(words("process.aftermath"), told_states),
    ]
