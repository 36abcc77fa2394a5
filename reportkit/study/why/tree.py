"""The cause tree: missed targets, their branches, where these fell, what lies there, what people answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from reportkit.quality.figure import Figure
from reportkit.study.causes import behind
from reportkit.study.change import COMPARISONS, Change, change, reference
from reportkit.study.why.answers import Flaw, accepted, benchmarks, flaws, read_answers
from reportkit.study.why.drivers import drivers
from reportkit.study.why.node import Answer, Node
from reportkit.study.why.roots import NET, Goal, Split, goals, split
from reportkit.study.why.rules import WhyRules, read_rules
from reportkit.study.why.voices import Voice, voices

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Causes", "Root", "causes"]

_PARTS = ("platform", "shop")


@dataclass(frozen=True)
class Root:
    """A missed target (or, without any target, a fall) with its branches in their fixed order.

    `answers` are those that people gave to the target itself.
    """

    goal: Goal
    branches: tuple[Node, ...]
    answers: tuple[Answer, ...] = ()

    @property
    def id(self) -> str:
        """The metric's id: people may answer the target itself."""
        return self.goal.metric

    @property
    def found(self) -> list[Node]:
        """The drivers behind it, the dearest first."""
        every = [node for branch in self.branches for node in branch.walk() if _is_driver(node)]
        return sorted(every, key=lambda node: -node.money)

    @property
    def path(self) -> tuple[Node, ...]:
        """The way down to its dearest driver or to what people answered, a complete one first; else empty."""
        every = [path for branch in self.branches for path in branch.paths()]
        paths = [path for path in every if _is_driver(path[-1]) or path[-1].answers]
        return max(paths, key=lambda path: (path[-1].complete, path[-1].money), default=())


@dataclass(frozen=True)
class Causes:
    """Why the targets of the period were missed.

    `roots` are the missed targets, `reached` the others; `outside` what people blame on the world outside
    with a benchmark beside it; `flaws` what is wrong with their answers; `split` the gap of net sales in its
    factors; `early` whether the period still runs.
    """

    study: Study
    rules: WhyRules
    change: Change
    roots: tuple[Root, ...]
    reached: tuple[Goal, ...]
    outside: tuple[Answer, ...]
    flaws: tuple[Flaw, ...]
    split: Split | None

    @property
    def early(self) -> bool:
        """Whether the period still runs, so that any conclusion comes too soon."""
        return self.study.as_of < self.study.period.end

    @property
    def answered(self) -> int:
        """How many answers of people stand."""
        nodes = {node.id: node for root in self.roots for branch in root.branches for node in branch.walk()}
        whole = [*self.outside, *(answer for root in self.roots for answer in root.answers)]
        return sum(len(node.answers) for node in nodes.values()) + len(whole)

    @property
    def drivers(self) -> list[Node]:
        """Every driver behind any root, the dearest first, each once."""
        every = {node.id: node for root in self.roots for node in root.found}
        return sorted(every.values(), key=lambda node: -node.money)

    @cached_property
    def voices(self) -> tuple[Voice, ...]:
        """What the people at the front said, beside the metric that they spoke of."""
        return voices(self.study, self.rules)


def causes(study: Study) -> Causes:
    """Return the cause tree of the period of `study`."""
    rules, every = read_rules(study.project), goals(study)
    missed = [goal for goal in every if goal.gap < 0] if every else _fallen(study)
    found = drivers(study, rules) if missed else ()
    bare = [Root(goal, _branches(study, rules, goal, found)) for goal in missed]
    levels = {node.id: node.why for root in bare for branch in root.branches for node in branch.walk()}
    levels |= {root.id: 0 for root in bare}
    answers = read_answers(study)
    wrong = flaws(answers, levels, benchmarks(study), rules)
    kept = accepted(answers, wrong)
    roots = tuple(
        replace(
            root,
            branches=tuple(_answered(node, kept) for node in root.branches),
            answers=kept.get(root.id, ()),
        )
        for root in bare
    )
    uncaused = [Flaw("uncaused", root.id) for root in roots if not root.path and not root.answers]
    return Causes(
        study, rules, study.change, roots, tuple(goal for goal in every if goal.gap >= 0),
        kept.get(rules.external, ()), (*uncaused, *wrong), split(study, NET),
    )  # fmt: skip


def _fallen(study: Study) -> list[Goal]:
    """Return the money as a root where no target is set and it fell beyond the flat band."""
    request = study.change.money
    result = study.ask([request], compare=COMPARISONS)
    against = reference(result, request)
    now, then = (result.cell(request, f"{against}_{side}") if against else None for side in ("now", "then"))
    if now is None or then is None or now - then >= -study.project.policy.flat * abs(then):
        return []
    return [Goal(request, now, then, now - then, None, result)]


def _branches(study: Study, rules: WhyRules, goal: Goal, found: Sequence[Node]) -> tuple[Node, ...]:
    told, parts = _told(study, goal), split(study, goal.request)
    aims = parts.figures if parts else {}
    return tuple(
        _branch(
            study, rules, told, name, [node for node in found if node.id.startswith(f"{name}.")],
            aims.get(rules.aims.get(name, "")),
        )
        for name in rules.behind(goal.metric)
    )  # fmt: skip


def _told(study: Study, goal: Goal) -> Change | None:
    """Return the change of the money of a goal, split into its factors; None where it is no such money."""
    if goal.metric == study.change.money.partition(".")[0] or goal.metric == "net_sales":
        return study.change if study.change.against else None
    if goal.metric != "gmv":
        return None
    told = change(study, ["gmv"])
    return told if told.against else None


def _branch(
    study: Study, rules: WhyRules, told: Change | None, name: str, mine: Sequence[Node], aim: Figure | None
) -> Node:
    """Return a branch with its effect, where that is a drag the place of its largest fall, and its drivers.

    Its state: ``drag`` against the comparison, ``aim`` only against the target, ``inside`` for drivers
    without a drag, else ``calm``, or ``unknown`` where no factor tells.
    """
    factors = [factor for factor in rules.branches[name] if told is not None and factor in told.effects]
    check = study.last + timedelta(days=rules.check)
    node = Node(name, 1, "branch", None, "fact", rules.departments[name], check, {"branch": name}, aim=aim)
    if told is None or not factors:
        return replace(node, dims={"branch": name, "state": "unknown"}, children=tuple(_grouped(mine)))
    effect = float(told.effects[factors].sum().sum())
    rows = {
        key: sql for request in told.result.requests for key, sql in told.result.rows_sql(request).items()
    }
    figure = Figure("cause.effect", effect, "money", {"branch": name, "money": told.money}, rows)
    least = -study.project.policy.flat * abs(float(told.effects["then"].sum()))
    state = _state(effect, aim.value if aim else 0.0, least, mine)
    place = _place(study, rules, told, node, factors) if state == "drag" else None
    dims = {"branch": name, "state": state}
    return replace(node, figure=figure, dims=dims, children=tuple(_nested(place, mine)))


def _state(effect: float, aim: float, least: float, mine: Sequence[Node]) -> str:
    if effect < least:
        return "drag"
    if aim < least:
        return "aim"
    return "inside" if mine else "calm"


def _place(study: Study, rules: WhyRules, told: Change, branch: Node, factors: Sequence[str]) -> Node | None:
    """Return the part on which a branch fell most, with the elements that stand out in it."""
    effects = told.effects[list(factors)].astype("float64")
    factor = effects.min().idxmin()
    part = effects[factor].idxmin()
    dims = {told.dimension: str(part), "factor": str(factor)}
    figure = told.figure(str(part), str(factor))
    node = replace(branch, id=f"{branch.id}.{part}", why=2, what="place", figure=figure, dims=dims, aim=None)
    return replace(node, children=tuple(_elements(study, told, node, str(part), str(factor))))


def _elements(study: Study, told: Change, place: Node, part: str, factor: str) -> Iterator[Node]:
    drill = behind(study, told, part, factor)
    if drill.cause is None or drill.cause.power <= 0:
        return
    for element in drill.cause.parts:
        if element.element is None or factor == "basket":
            continue  # what a basket holds is no sum over categories
        figure = Figure(
            "cause.power", element.power, "percent", {told.dimension: part, "element": element.element},
            place.figure.rows_sql if place.figure else {},
        )  # fmt: skip
        dims = {told.dimension: part, drill.cause.dimension: element.element, "factor": factor}
        yield replace(
            place, id=f"{place.id}.{element.element}", why=3, what="element", figure=figure, dims=dims,
            n=element.n, children=(),
        )  # fmt: skip


def _nested(place: Node | None, mine: Sequence[Node]) -> Iterator[Node]:
    """Yield the place with the drivers that act on it, then all other drivers by their kind."""
    if place is None:
        yield from _grouped(mine)
        return
    part = next((value for name, value in place.dims.items() if name in _PARTS), "")
    here = [node for node in mine if part in node.dims.values()]
    yield replace(place, children=(*place.children, *here))
    yield from _grouped([node for node in mine if node not in here])


def _grouped(mine: Sequence[Node]) -> Iterator[Node]:
    """Yield one node for each kind of driver, with what its drivers come to together."""
    for what in dict.fromkeys(node.what for node in mine):
        same = tuple(node for node in mine if node.what == what)
        first = same[0]
        assert first.figure is not None
        branch = first.id.partition(".")[0]
        rows = {key: sql for node in same if node.figure for key, sql in node.figure.rows_sql.items()}
        value = sum(node.figure.value for node in same if node.figure)
        summed = first.figure.unit == "money"
        dims = {"kind": what}
        figure = Figure(
            "cause.kind", value if summed else float(len(same)), "money" if summed else "count", dims, rows
        )
        yield replace(
            first, id=f"{branch}.{what}", why=2, what="kind", figure=figure, low=None, high=None,
            dims={"kind": what}, n=None, children=same,
        )  # fmt: skip


def _answered(node: Node, kept: dict[str, tuple[Answer, ...]]) -> Node:
    return replace(
        node, answers=kept.get(node.id, ()), children=tuple(_answered(child, kept) for child in node.children)
    )


def _is_driver(node: Node) -> bool:
    return node.what not in ("branch", "place", "element", "kind")
