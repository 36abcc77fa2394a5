"""The sentence on top of a page: what happened and what it is worth, or that nothing did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from reportkit.metrics.projected import ALL
from reportkit.show.blocks import statement
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.readings import COMPARISONS, Part, Reading, parts, reference
from reportkit.show.words import Change

if TYPE_CHECKING:
    from reportkit.metrics.query import Result
    from reportkit.study import Study

__all__ = [
    "first_open_day",
    "is_costed",
    "is_early",
    "is_open",
    "maturity_badge",
    "missing_names",
    "named_parts",
    "references",
    "states",
    "verdict",
]

_NETS = ("net_sales", "net_sales_final")
_LEFT, _COVERED = "contribution", "cost_coverage"
_BADGES = {"initial": "bad", "indicative": "watch"}
_ASIDE = ("refund_rate_amt",)


@dataclass(frozen=True)
class _Story:
    """What the verdict is made of: the head metric, net sales and what is left of them if asked for, who moved."""

    head: Reading
    net: Reading | None
    left: Reading | None
    worth: str
    reference: str | None
    moved: list[Part]


def verdict(result: Result, by: Result | None = None, study: Study | None = None) -> Display:
    """Say in one sentence what `result` shows: its first metric, then net sales, then contribution.

    `by` is the same by platform (or another dimension): who added, and who took away. Inside the
    flat band the sentence says that there is no notable change. With `study` promotion days are told
    apart from ordinary ones, and how mature refunds are is said below.
    """
    return Display("verdict", lambda pen: _draw(pen, result, by, study), block="1.A")


def _draw(pen: Pen, result: Result, by: Result | None, study: Study | None) -> Drawn:
    story = _story(pen, result, by)
    sentence = _sentence(pen, story, study)
    cited = [story.head, *([story.net] if story.net else []), *([story.left] if story.left else [])]
    marks = [reading.code() for reading in cited if reading.known]
    if _bursts(story, study) and study and study.bursts:
        marks += [pen.prove(study, study.bursts.figure(side)) for side in ("promo", "normal")]
    if by is not None:
        marks += [pen.cite(by, story.worth, **{by.by[0]: part.key}) for part in story.moved]
    by_payment = story.net is not None and story.net.spoken.basis == "pay_date"
    found, facts = states(pen, story.head, has_refunds=by_payment), _aside(pen, story)
    found += maturity_badge(pen, study) if study else []
    return statement(pen, sentence, marks, found, facts)


def _story(pen: Pen, result: Result, by: Result | None) -> _Story:
    head = Reading(pen, result, result.requests[0], {})
    nets = [Reading(pen, result, name, {}) for name in result.requests[1:] if name.split(".")[0] in _NETS]
    net = next((each for each in nets if each.known), None)
    against = reference(result, head.request)
    worth = head.request if net is None or is_open(pen, result, net.request) else net.request
    moved = named_parts(pen, parts(pen, by, worth, against)) if by and worth in by.requests else []
    return _Story(head, net, _left(pen, result), worth, against, moved)


def _left(pen: Pen, result: Result) -> Reading | None:
    """Return contribution, where it was asked for and enough of the sales have a known cost."""
    if _LEFT not in result.requests or not is_costed(pen, result):
        return None
    found = Reading(pen, result, _LEFT, {})
    return found if found.known else None


def is_costed(pen: Pen, result: Result) -> bool:
    """Return whether so much of the sales have a known cost that what is left of them may be told."""
    if _COVERED not in result.requests:
        return False
    covered = Reading(pen, result, _COVERED, {}).value
    return covered is not None and covered >= pen.policy.limits.costed


def _bursts(story: _Story, study: Study | None) -> dict[str, Change | int] | None:
    """Return how promotion days and the others grew, and how many the former are now and were then."""
    told = study.bursts if study and story.reference == "last_year" else None
    if told is None or story.head.request != told.request:
        return None
    row = told.row("promo")
    grown = {side: story.head.pen.words.change(told.growth(side), "money") for side in ("promo", "normal")}
    return {**grown, "days": int(row["days"]), "days_then": int(row["days_then"])}


def maturity_badge(pen: Pen, study: Study) -> list[tuple[str, str]]:
    """Return (tone, words) of how much of the refunds to come can be seen; empty where nobody knows."""
    if not study.refunds.known:
        return []
    row: Any = study.refunds.table.loc[ALL]
    share = pen.words.numbers.rate(row["maturity"], 0)
    text = pen.words("verdict.maturity", share=share, badge=pen.words(f"verdict.badge_{row['badge']}"))
    return [(_BADGES.get(str(row["badge"]), "calm"), text)]


def named_parts(pen: Pen, found: list[Part]) -> list[Part]:
    """Return the parts worth naming: the largest rise and fall beyond the flat band of the total."""
    total = abs(sum(part.then or 0.0 for part in found if part.change is not None))
    notable = [part for part in found if part.change and abs(part.change) > pen.policy.flat * total]
    notable.sort(key=lambda part: -abs(part.change or 0.0))
    rises = [part for part in notable if (part.change or 0.0) > 0]
    falls = [part for part in notable if (part.change or 0.0) < 0]
    if len(found) < 2:
        return []
    first = [side[0] for side in (rises, falls) if side]
    rest = [part for part in notable if part not in first]
    shown = (first + rest)[: pen.rules.parts_named]
    return sorted(shown, key=lambda part: -(part.change or 0.0))


def _sentence(pen: Pen, story: _Story, study: Study | None) -> str:
    words, head, net = pen.words, story.head, story.net
    period = head.result.period.label(words.lang)
    if not head.known:
        return words("verdict.missing", period=period, head=head)
    cases = head.number("n")
    if cases is not None and cases < pen.policy.min_n:
        return words("verdict.few", head=head, n=int(cases))
    if story.reference is None:
        return words("verdict.alone", head=head, net=net)
    change = head.change(story.reference)
    compared = net is not None and story.worth == net.request
    net_change = net.change(story.reference) if net and compared else change
    than = words(f"change.than_{story.reference}")
    left = story.left
    left_change = left.change(story.reference) if left else change
    if change.flat and net_change.flat and not story.moved and (left is None or left_change.flat):
        return words("verdict.quiet", head=head, change=change, than=than)
    named = named_texts(pen, net if net and compared else head, story.moved)
    return words(
        "verdict.moved" if compared or not net else "verdict.moved_early",
        head=head, net=net, change=change, net_change=net_change, than=than,
        named=named, bursts=_bursts(story, study),
        left=left if left_change.known else None, left_change=left_change,
    )  # fmt: skip


def named_texts(pen: Pen, whole: Reading, moved: list[Part]) -> str:
    """Return the changes of `moved` by name, in the scale of the total they are parts of."""
    spoken = whole.spoken
    amounts = [pen.words.amount(part.change, spoken.unit, spoken.noun, whole.value) for part in moved]
    texts = [
        pen.words("verdict.part", name=part.name, amount=amount)
        for part, amount in zip(moved, amounts, strict=True)
    ]
    return pen.words.list(texts)


def states(pen: Pen, reading: Reading, *, has_refunds: bool) -> list[tuple[str, str]]:
    """Return (tone, words) of what qualifies a sentence: data missing, running, refunds still to come."""
    words, result = pen.words, reading.result
    found = []
    if names := missing_names(pen, result, reading.request):
        found.append(("bad", words("verdict.not_in", names=names)))
    for platform, days in result.partial.get(reading.request, {}).items():
        found.append(("bad", words("verdict.partial", name=pen.name("platform", platform), days=days)))
    if result.as_of < result.period.end:
        found.append(("watch", words("verdict.running", as_of=result.as_of)))
    if has_refunds and reading.known and first_open_day(pen, result) <= result.period.end:
        found.append(("watch", words("verdict.early")))
    return found


def _aside(pen: Pen, story: _Story) -> list[str]:
    result = story.head.result
    found = [_target(pen, story.head)] if story.head.known else []
    others = [Reading(pen, result, request, {}) for request in result.requests if request in _ASIDE]
    found += [pen.words("verdict.other", reading=reading) for reading in others if reading.known]
    return found + references(pen, result)


def _target(pen: Pen, head: Reading) -> str:
    target, rate, pace = head.number("target"), head.number("attainment"), head.number("pace")
    if target is None or rate is None:
        return pen.words("verdict.no_target")
    running = head.result.as_of < head.result.period.end
    numbers = pen.words.numbers
    return pen.words(
        "verdict.target_pace" if running and pace is not None else "verdict.target",
        target=head.money(target), rate=numbers.rate(rate), pace=numbers.rate(pace),
    )  # fmt: skip


def references(pen: Pen, result: Result) -> list[str]:
    """Return which periods 环比 and 同比 stand for, those that `result` holds."""
    periods = {"previous": result.period.previous(), "last_year": result.period.last_year()}
    if periods["previous"] == periods["last_year"]:
        periods["previous"] = None
    return [
        pen.words("verdict.compared", label=pen.words(f"labels.{name}"), period=period.label(pen.words.lang))
        for name in reversed(COMPARISONS)
        if (period := periods[name]) is not None and f"{name}_growth" in result.frame.columns
    ]


def missing_names(pen: Pen, result: Result, request: str) -> str:
    """Return the platforms left out of `request` for want of data, by name; empty where none is."""
    return pen.words.list([pen.name("platform", name) for name in result.missing.get(request, [])])


def is_early(pen: Pen, result: Result) -> bool:
    """Return whether so many refunds are still to come that net sales compares with nothing yet."""
    last = min(result.period.end, result.as_of)
    first = max(first_open_day(pen, result), result.period.start)
    seen = (last - result.period.start).days + 1
    return seen > 0 and (last - first).days + 1 >= pen.rules.open_refund_share * seen


def is_open(pen: Pen, result: Result, request: str) -> bool:
    """Return whether `request` counts refunds by payment date while too many are still to come."""
    return pen.catalog.split(request)[1] == "pay_date" and is_early(pen, result)


def first_open_day(pen: Pen, result: Result) -> date:
    """Return the first payment day whose refunds are still coming in on the report's last day."""
    return result.as_of - timedelta(days=pen.rules.open_refund_days - 1)
