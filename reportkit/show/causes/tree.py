"""The cause tree as a nested table, and five whys for each missed target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reportkit.show.blocks import alt, period_name
from reportkit.show.causes.said import claim, department, goal_name, quoted, size, whole
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, listed
from reportkit.show.numbers import MISSING
from reportkit.study.why import Causes
from reportkit.study.why.node import Answer, Node
from reportkit.study.why.tree import Root

if TYPE_CHECKING:
    from reportkit.advice.findings import Findings

__all__ = ["tree", "whys"]

_WIDTHS = (38, 21, 6, 7, 14, 14)
_WHY_WIDTHS = (13, 12, 12, 18, 19, 19, 7)
_INDENT = "\u00a0" * 4
_LAST = 5


def tree(told: Causes, found: Findings | None = None, size: str = "full") -> Display:
    """Show the first missed target as a tree: branch, place, what the data find there, what people answer.

    With the alerts of `found` each cause says since when it was told.
    """
    return Display("table", lambda pen: _draw_tree(pen, told, found), size, block="R3.4")


def _draw_tree(pen: Pen, told: Causes, found: Findings | None) -> Drawn:
    words = pen.words
    if not told.roots:
        return Drawn("", "")
    root = told.roots[0]
    nodes = [node for branch in root.branches for node in branch.walk()]
    rows = [row for node in nodes for row in _rows(pen, told, node, found)]
    rows += [_answer_row(pen, answer, root.id) for answer in root.answers]
    rows += [_answer_row(pen, answer, told.rules.external) for answer in told.outside]
    heads = [words(f"causes.tree_{name}") for name in ("why", "size", "n", "kind", "owner", "id")]
    complete = sum(node.complete for node in root.found)
    title = words(
        "causes.tree_title", name=goal_name(pen, root.goal.request), found=len(root.found), complete=complete,
        waiting=len(root.found) - complete,
    )  # fmt: skip
    subtitle = words("causes.tree_subtitle", period=period_name(pen, told.study))
    told_by = [each for node in nodes for each in (node.figure, node.aim) if each is not None]
    marks = [pen.prove(told.study, each) for each in told_by]
    listing = Listing(heads, rows, numbers=(2,), widths=_WIDTHS)
    drawn = listed(pen, title, listing, marks=marks, subtitle=subtitle, rest=words("causes.tree_rest"))
    return Drawn(drawn.html, title, alt(pen, title, "list", [" ".join(row[:2]) for row in rows]), subtitle)


def _rows(pen: Pen, told: Causes, node: Node, found: Findings | None) -> Iterator[list[str]]:
    """Yield the row of a node, those of its answers, and where a driver has none, what is still asked."""
    words = pen.words
    n = MISSING if node.n is None else words.numbers.inline(node.n, "count")
    owner = words("causes.owner", department=department(pen, node.department), check=node.check.isoformat())
    yield [
        _indented(node.why, claim(pen, node)), _sized(pen, told, node, found), n,
        words(f"causes.is_{node.kind}"), owner, node.id,
    ]  # fmt: skip
    for answer in node.answers:
        yield _answer_row(pen, answer, "")
    last = node.answers[-1].why_no if node.answers else node.why
    if node.why > 1 and not node.children and last < _LAST:
        asked = words("causes.asked", first=last + 1, last=_LAST)
        yield [
            f"{_INDENT * last}{asked}",
            words("causes.asked_where", id=quoted(pen, node.id)),
            "",
            words("causes.is_open"),
            "",
            "",
        ]


def _sized(pen: Pen, told: Causes, node: Node, found: Findings | None) -> str:
    """Return how much a node says it is, and of a cause since when an alert told of it."""
    said, rule = size(pen, told, node), told.rules.drivers.get(node.what)
    if rule is None or found is None or not rule.alerts:
        return said
    about = set(node.dims.values())
    days = [
        one.first_seen
        for one in found.alerts.found
        if one.rule in rule.alerts and one.scope and about.issuperset(one.scope.values())
    ]
    return pen.words("causes.warned", size=said, first=pen.words.day(min(days)) if days else "")


def _indented(why: int, text: str) -> str:
    """Return a statement below the one that it explains, led by which why it answers."""
    return f"{_INDENT * (why - 1)}{why} {text}"


def _answer_row(pen: Pen, answer: Answer, name: str) -> list[str]:
    words = pen.words
    check = answer.check.isoformat() if answer.check else MISSING
    owner = words("causes.owner", department=department(pen, answer.department), check=check)
    evidence = quoted(pen, answer.evidence) if answer.evidence else words("causes.no_evidence")
    return [
        _indented(answer.why_no, quoted(pen, answer.statement)), evidence, "",
        words(f"causes.is_{answer.kind}"), owner, name,
    ]  # fmt: skip


def whys(told: Causes, size: str = "full") -> Display:
    """Show for each missed target the way down to its dearest cause, five whys in a row."""
    return Display("table", lambda pen: _draw_whys(pen, told), size, block="R3.5")


def _draw_whys(pen: Pen, told: Causes) -> Drawn:
    words = pen.words
    if not told.roots:
        return Drawn("", "")
    rows = [_way(pen, told, root) for root in told.roots]
    heads = [
        words("causes.whys_target"), *(words("causes.whys_head", why=why) for why in range(1, _LAST + 1)),
        words("causes.whys_state"),
    ]  # fmt: skip
    full = sum(bool(root.path) and root.path[-1].complete for root in told.roots)
    title = words(
        "causes.whys_title",
        count=len(rows),
        complete=full,
        without=sum(not root.found for root in told.roots),
    )
    listing = Listing(heads, rows, widths=_WHY_WIDTHS)
    marks = [pen.cite(root.goal.result, root.goal.request) for root in told.roots]
    drawn = listed(
        pen,
        title,
        listing,
        marks=marks,
        subtitle=words("causes.whys_subtitle", period=period_name(pen, told.study)),
    )
    return Drawn(drawn.html, title, alt(pen, title, "list", [" ".join(row) for row in rows]), drawn.subtitle)


def _way(pen: Pen, told: Causes, root: Root) -> list[str]:
    words, goal = pen.words, root.goal
    spoken = pen.spoken(goal.request)
    target = words(
        "causes.whys_gap", name=spoken.name, gap=words.amount(abs(goal.gap), spoken.unit, spoken.noun),
        rate=words.numbers.rate(goal.rate),
    )  # fmt: skip
    path = root.path or _arithmetic(root)
    cells = {node.why: whole(pen, told, node) for node in path}
    answers = path[-1].answers if root.path else root.answers
    cells |= {answer.why_no: quoted(pen, answer.statement) for answer in answers}
    blank = words("causes.to_fill") if root.path or answers else words("causes.no_cause")
    told_whys = [cells.get(why, blank if why == len(cells) + 1 else "") for why in range(1, _LAST + 1)]
    full = bool(root.path) and path[-1].complete
    state = "complete" if full else "waiting" if root.path or answers else "uncaused"
    return [target, *told_whys, words(f"causes.state_{state}")]


def _arithmetic(root: Root) -> tuple[Node, ...]:
    """Return the way down the branch that fell most, where the data find no cause."""
    falling = [branch for branch in root.branches if branch.dims["state"] in ("drag", "aim")]
    effects = {
        branch.id: min(each.value for each in (branch.figure, branch.aim) if each) for branch in falling
    }
    if not falling:
        return ()
    return next(min(falling, key=lambda branch: effects[branch.id]).paths())
