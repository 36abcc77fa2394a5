"""Can the numbers be trusted: one sentence for the page about the data, and a line before any other."""

from __future__ import annotations

from reportkit.quality.audit import Audit
from reportkit.quality.checks import Check, judged
from reportkit.show.blocks import statement
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.markup import fill

__all__ = ["checks", "quality_verdict"]

_TONES = {"failed": "bad", "unknown": "watch"}
_LEADING = ("reconciliation", "coverage")


def checks(audit: Audit) -> Display:
    """Say before any conclusion which checks of the data failed; nothing where all passed."""
    return Display("banner", lambda pen: _draw_banner(pen, audit))


def _draw_banner(pen: Pen, audit: Audit) -> Drawn:
    failed = [check for check in judged(audit) if check.state == "failed"]
    if not failed:
        return Drawn("", "", "")
    said = [_said(pen, check) for check in failed]
    marks = [pen.prove(audit, check.figures[0]) for check in failed]
    title = pen.words("quality.banner_title", count=len(failed))
    html = fill(
        pen.project, "banner.html", title=title, items=said, codes=pen.codes(marks),
        where=pen.words("quality.banner_where"),
    )  # fmt: skip
    return Drawn(html, title, " ".join([title, *said]), pen.words.list(said))


def quality_verdict(audit: Audit) -> Display:
    """Say in one sentence whether the numbers can be trusted, and how many checks passed."""
    return Display("verdict", lambda pen: _draw_verdict(pen, audit), block="0.1")


def _draw_verdict(pen: Pen, audit: Audit) -> Drawn:
    found = judged(audit)
    count = {state: sum(check.state == state for check in found) for state in ("passed", "failed", "unknown")}
    said = {check.id: _said(pen, check) for check in found}
    sentence = pen.words("quality.verdict", **{name: said[name] for name in _LEADING})
    told = [check for state in _TONES for check in found if check.state == state and check.id not in _LEADING]
    states = [(_TONES[check.state], said[check.id]) for check in told]
    marks = [pen.prove(audit, figure) for check in found for figure in check.figures[:1]]
    facts = [pen.words("quality.verdict_count", total=len(found), **count)]
    return statement(pen, sentence, marks, states, facts)


def _said(pen: Pen, check: Check) -> str:
    """Return what a check found, in words; its numbers by the last part of their ids."""
    numbers = {figure.id.split(".")[1]: _number(pen, figure.value, figure.unit) for figure in check.figures}
    names = {
        name: pen.said(name, value) for figure in check.figures[:1] for name, value in figure.dims.items()
    }
    return pen.words(f"quality.{check.state}_{check.id}", **numbers, **names)


def _number(pen: Pen, value: float, unit: str) -> str:
    if unit == "percent":
        return pen.words.numbers.rate(value, 1 if value >= 0.001 or not value else 2)
    return f"{value:,.2f}" if unit == "money" else f"{value:,.0f}"
