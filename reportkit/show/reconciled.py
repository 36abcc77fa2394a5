"""From each platform's own figure to ours: every step to the cent, and what no step explains."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reportkit.quality.audit import Audit
from reportkit.quality.bridge import Bridge, Step
from reportkit.quality.figure import Figure
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, cents, listed
from reportkit.show.numbers import MISSING

__all__ = ["reconciliation"]


def reconciliation(audit: Audit, size: str = "left") -> Display:
    """Show the bridge of every platform in a column of its own: its figure, the steps, ours, the rest."""
    return Display("table", lambda pen: _draw(pen, audit), size, block="0.3")


def _draw(pen: Pen, audit: Audit) -> Drawn:
    found = [bridge for bridge in audit.bridges if bridge.state == "explained"]
    if not found:
        return listed(pen, pen.words("quality.bridge_none", count=len(audit.bridges)), Listing((), ()))
    shown = found[: pen.rules.quality_rows["bridges"]]
    kinds = {step.id: step for bridge in shown for step in bridge.steps if step.n}
    heads = [pen.words("quality.bridge_head"), *(pen.name("platform", bridge.platform) for bridge in shown)]
    listing = Listing(
        heads, _rows(pen, shown, list(kinds.values())), range(1, len(heads)), _tones(pen, shown, len(kinds))
    )
    marks = [pen.prove(audit, figure) for bridge in shown for figure in _figures(pen, bridge)]
    subtitle = pen.words(
        "quality.bridge_subtitle", currency=pen.project.settings.currency,
        verified=all(bridge.verified for bridge in shown),
    )  # fmt: skip
    return listed(pen, _title(pen, found), listing, marks=marks, subtitle=subtitle, rest=_rest(pen, audit))


def _title(pen: Pen, found: Sequence[Bridge]) -> str:
    kinds = {step.id for bridge in found for step in bridge.steps if step.n}
    figure, ours, unexplained = (
        sum((getattr(bridge, side) or Decimal(0) for bridge in found), Decimal(0))
        for side in ("figure", "ours", "unexplained")
    )
    return pen.words(
        "quality.bridge_title", steps=len(kinds),
        figure=cents(float(figure)), ours=cents(float(ours)), unexplained=cents(float(unexplained)),
    )  # fmt: skip


def _rows(pen: Pen, shown: Sequence[Bridge], kinds: Sequence[Step]) -> list[list[str]]:
    words, lang = pen.words, pen.words.lang
    steps = [[kind.label[lang], *(_amount(bridge, kind) for bridge in shown)] for kind in kinds]
    return [
        [words("quality.bridge_figure"), *(cents(float(bridge.figure or 0)) for bridge in shown)],
        *steps,
        [words("quality.bridge_ours"), *(cents(float(bridge.ours or 0)) for bridge in shown)],
        [words("quality.bridge_unexplained"), *(_open(pen, bridge) for bridge in shown)],
    ]


def _amount(bridge: Bridge, kind: Step) -> str:
    """Return the amount of a step, — where the platform does not take it or its files do not tell it."""
    amount = next((float(step.amount) for step in bridge.steps if step.id == kind.id and step.n), None)
    return MISSING if amount is None else f"+{cents(amount)}" if amount > 0 else cents(amount)


def _open(pen: Pen, bridge: Bridge) -> str:
    """Return what is left unexplained, and what share of the platform's figure it is."""
    text = cents(float(bridge.unexplained or 0))
    if not bridge.gap or text == cents(0):
        return text
    return pen.words("quality.bridge_open", amount=text, share=pen.words.numbers.rate(abs(bridge.gap), 2))


def _tones(pen: Pen, shown: Sequence[Bridge], kinds: int) -> dict[tuple[int, int], str]:
    """Colour what is left unexplained: bad beyond the limit, else to be watched."""
    limit = pen.policy.limits.unexplained
    return {
        (kinds + 2, column): "bad" if abs(bridge.gap or 0.0) > limit else "watch"
        for column, bridge in enumerate(shown, 1)
        if bridge.unexplained and round(bridge.unexplained, 2)
    }


def _figures(pen: Pen, bridge: Bridge) -> list[Figure]:
    """The numbers of one column, from the platform's figure down."""
    dims = {"platform": bridge.platform}
    figure, ours = {"figure": bridge.figure_sql}, {"ours": bridge.ours_sql}
    steps = [
        Figure(
            "reconciliation.step", float(step.amount), "money", dims | {"step": step.label[pen.words.lang]},
            {step.id: step.rows_sql},
        )
        for step in bridge.steps
        if step.n
    ]  # fmt: skip
    return [
        Figure("reconciliation.figure", float(bridge.figure or 0), "money", dims, figure),
        *steps,
        Figure("reconciliation.ours", float(bridge.ours or 0), "money", dims, ours),
        Figure("reconciliation.unexplained", float(bridge.unexplained or 0), "money", dims, figure | ours),
    ]


def _rest(pen: Pen, audit: Audit) -> str:
    """Name the platforms without a figure, and what the files of the others do not tell."""
    words, lang = pen.words, pen.words.lang
    without = [
        pen.name("platform", bridge.platform) for bridge in audit.bridges if bridge.state != "explained"
    ]
    untold = [
        words(
            "quality.bridge_untold_item", platform=pen.name("platform", bridge.platform), step=step.label[lang],
            n=f"{step.untold:,}",
        )
        for bridge in audit.bridges
        for step in bridge.steps
        if step.untold
    ]  # fmt: skip
    said = [words("quality.bridge_without", names=words.list(without))] if without else []
    most = pen.rules.quality_rows["untold"]
    if untold:
        more = max(len(untold) - most, 0)
        said.append(words("quality.bridge_untold", items=words.list(untold[:most]), more=more))
    return words("quality.joined", items=said)
