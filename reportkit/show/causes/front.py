"""What the people at the front said beside the metric they spoke of, and what is wrong with their answers."""

from __future__ import annotations

from reportkit.show.blocks import alt, period_name
from reportkit.show.causes.said import department, goal_name, quoted
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.markup import fill
from reportkit.show.readings import Reading
from reportkit.study.why import Causes
from reportkit.study.why.answers import Flaw
from reportkit.study.why.voices import Voice

__all__ = ["doubts", "voices"]

_WIDTHS = (10, 40, 30, 20)
_TONES = {"check": "bad", "local": "watch"}
_SHOWN = 12


def voices(told: Causes, size: str = "full") -> Display:
    """List what each department said beside its metric; a feeling against the data is to be checked."""
    return Display("table", lambda pen: _draw_voices(pen, told), size, block="R3.6")


def _draw_voices(pen: Pen, told: Causes) -> Drawn:
    words, every = pen.words, told.voices
    subtitle = words("causes.voices_subtitle", period=period_name(pen, told.study), days=told.rules.heard)
    if not every:
        return listed(pen, words("causes.voices_none"), Listing([], []), subtitle=subtitle)
    shown = every[:_SHOWN]
    rows = [
        [
            department(pen, voice.department), _quote(pen, voice), _beside(pen, voice),
            words(f"causes.voice_{voice.state}"),
        ]
        for voice in shown
    ]  # fmt: skip
    heads = [words(f"causes.voices_{name}") for name in ("who", "said", "metric", "state")]
    counts = {state: sum(voice.state == state for voice in every) for state in ("agrees", "check")}
    title = words("causes.voices_title", count=len(every), **counts)
    tones = {(row, 3): _TONES[voice.state] for row, voice in enumerate(shown) if voice.state in _TONES}
    marks = [
        pen.cite(voice.result, voice.request) for voice in shown if voice.result is not None and voice.request
    ]
    rest = words("labels.rest", count=len(every) - len(shown)) if len(every) > len(shown) else ""
    listing = Listing(heads, rows, tones=tones, widths=_WIDTHS)
    drawn = listed(pen, title, listing, marks=marks, subtitle=subtitle, rest=rest)
    return Drawn(drawn.html, title, alt(pen, title, "list", [" ".join(row) for row in rows]), subtitle)


def _quote(pen: Pen, voice: Voice) -> str:
    kind = pen.words("causes.feeling" if voice.feeling else "causes.fact")
    return pen.words(
        "causes.quote", kind=kind, statement=quoted(pen, voice.statement), day=voice.day.isoformat()
    )


def _beside(pen: Pen, voice: Voice) -> str:
    """Return the metric with its change; what is missing where there is none."""
    if voice.request is None or voice.result is None:
        return pen.words("causes.no_metric")
    reading = Reading(pen, voice.result, voice.request, {})
    than = pen.words(f"change.than_{voice.against}") if voice.against else ""
    name = goal_name(pen, voice.request)
    return pen.words(
        "causes.beside", name=name, value=reading, than=than, change=reading.change(voice.against)
    )


def doubts(told: Causes, size: str = "left") -> Display:
    """Say which answers do not hold and why, and which missed target has no cause at all."""
    return Display("note", lambda pen: _draw_doubts(pen, told), size, block="R3.2")


def _draw_doubts(pen: Pen, told: Causes) -> Drawn:
    words = pen.words
    if not told.roots:
        return Drawn("", "")
    items = [_doubt(pen, flaw) for flaw in told.flaws]
    uncaused = sum(flaw.rule == "uncaused" for flaw in told.flaws)
    title = words(
        "causes.doubts_title", uncaused=uncaused, flawed=len(items) - uncaused, answers=told.answered
    )  # fmt: skip
    html = fill(pen.project, "note.html", title=title, items=items, calm=not items)
    return Drawn(html, title, words("platform.alt_note", title=title, items=" ".join(items)), " ".join(items))


def _doubt(pen: Pen, flaw: Flaw) -> str:
    about = pen.spoken(flaw.about).name if flaw.rule == "uncaused" else quoted(pen, flaw.about)
    answer = flaw.answer
    return pen.words(
        f"causes.doubt_{flaw.rule}", about=about, statement=quoted(pen, answer.statement) if answer else "",
        why=answer.why_no if answer else 0,
    )  # fmt: skip
