"""R2.7 Whether growth was worth having, and R2.8 on how few parts the sales rest."""

from __future__ import annotations

from reportkit.quality.figure import Figure
from reportkit.show.blocks import compared
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.numbers import MISSING, Unit
from reportkit.show.process.said import absent
from reportkit.show.product.grid import Table, drawn, numbers, texts
from reportkit.show.readings import Reading
from reportkit.study.campaign import Campaign
from reportkit.study.growth import Concentration, Sign

__all__ = ["concentration", "growth"]

_NAMED = {"platform": "platform", "channel": "channel", "style": "style"}
_TONES = {True: "bad", False: "good", None: ""}


def growth(campaign: Campaign, size: str = "left") -> Display:
    """Say whether sales grew while something got worse, and list what was looked at."""
    return Display("table", lambda pen: _draw(pen, campaign), size, block="R2.7")


def _draw(pen: Pen, campaign: Campaign) -> Drawn:
    words, told = pen.words, campaign.growth
    head = Reading(pen, told.result, "gmv", {})
    if not head.known:
        return absent(pen, "R2_7", "orders")
    title = words(
        f"process.growth_{told.verdict}", change=words.change(told.grown, "money"), daily=told.daily,
        worse=words.list([_short(pen, sign) for sign in told.worse]),
        fine=sum(sign.worse is False for sign in told.signs),
    )  # fmt: skip
    columns = [
        texts(words("process.item"), [words(f"process.sign_{sign.name}") for sign in told.signs]),
        texts(words("process.now"), [_said(pen, sign, sign.now) for sign in told.signs]),
        texts(words("process.then"), [_said(pen, sign, sign.then) for sign in told.signs]),
        texts(words("process.change"), [_moved(pen, sign) for sign in told.signs], [_TONES[sign.worse] for sign in told.signs]),
        texts(words("process.judged"), [words(f"process.judged_{_judged(sign)}") for sign in told.signs]),
    ]  # fmt: skip
    grown = (
        [pen.prove(campaign.study, campaign.phases.figure("growth", unit="percent"))]
        if campaign.phases and told.daily
        else []
    )
    marks = [head.code(), *grown, *(code for sign in told.signs for code in _codes(pen, campaign, sign))]
    subtitle = words("process.growth_subtitle", then=compared(pen, campaign.study, "last_year"))
    return drawn(pen, Table(title, columns, marks, subtitle))


def _unit(sign: Sign) -> Unit:
    return "days" if sign.name == "stock" else "percent"


def _said(pen: Pen, sign: Sign, value: float | None) -> str:
    return MISSING if value is None else pen.words.numbers.inline(value, _unit(sign))


def _moved(pen: Pen, sign: Sign) -> str:
    return str(pen.words.change(sign.change, "money" if sign.name == "stock" else "percent"))


def _short(pen: Pen, sign: Sign) -> str:
    """Return what got worse with its change, as the sentence names it."""
    return pen.words(
        "process.sign_moved", name=pen.words(f"process.sign_{sign.name}"), change=_moved(pen, sign)
    )


def _judged(sign: Sign) -> str:
    return {True: "worse", False: "fine", None: "unknown"}[sign.worse]


def _codes(pen: Pen, campaign: Campaign, sign: Sign) -> list[str]:
    """Return the evidence codes of what a sign was read from."""
    if sign.result is not None:
        return [Reading(pen, sign.result, sign.request, {}).code()] if sign.result.cell(sign.request) is not None else []  # fmt: skip
    came = campaign.newcomers
    if sign.name == "repurchase":
        return [pen.prove(campaign.study, came.figure("now"))] if came and sign.now is not None else []
    name = sign.name.removeprefix("concentration_")
    return [_proved(pen, campaign, one) for one in campaign.growth.concentrations if one.dimension == name]


def concentration(campaign: Campaign, size: str = "right") -> Display:
    """List the largest platform, channel and product, their shares now and then, and the Herfindahl index."""
    return Display("table", lambda pen: _draw_concentration(pen, campaign), size, block="R2.8")


def _draw_concentration(pen: Pen, campaign: Campaign) -> Drawn:
    words, parts = pen.words, campaign.growth.concentrations
    if not parts:
        return absent(pen, "R2_8", "orders", "traffic")
    most = max(parts, key=lambda part: part.share)
    title = words(
        "process.concentration_title", dimension=words(f"process.over_{most.dimension}"), top=_name(pen, most),
        share=words.numbers.rate(most.share), change=words.change(_gained(most), "percent"),
    )  # fmt: skip
    columns = [
        texts(words("process.over"), [words(f"process.over_{part.dimension}") for part in parts]),
        texts(words("process.top"), [_name(pen, part) for part in parts]),
        numbers(pen, words("process.top_share"), [part.share for part in parts], "percent"),
        texts(words("process.change"), [str(words.change(_gained(part), "percent")) for part in parts]),
        numbers(pen, words("process.hhi"), [part.hhi for part in parts], "ratio"),
        texts(words("process.parts"), [_parts(pen, part) for part in parts]),
    ]
    marks = [_proved(pen, campaign, part) for part in parts]
    return drawn(pen, Table(title, columns, marks, words("process.concentration_subtitle")))


def _name(pen: Pen, part: Concentration) -> str:
    return pen.name(_NAMED[part.dimension], part.top)


def _gained(part: Concentration) -> float | None:
    return None if part.then is None else part.share - part.then


def _parts(pen: Pen, part: Concentration) -> str:
    """Return how many equal parts would be as concentrated."""
    return pen.words("process.equal_parts", count=f"{1 / part.hhi:.1f}") if part.hhi else MISSING


def _proved(pen: Pen, campaign: Campaign, part: Concentration) -> str:
    rows = part.result.rows_sql(part.request, **{part.dimension: part.top})
    dims = {_NAMED[part.dimension]: part.top}
    return pen.prove(campaign.study, Figure("concentration.share", part.share, "percent", dims, rows))
