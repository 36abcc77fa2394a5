"""A node of the cause tree, and what people answer below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from reportkit.quality.figure import Figure

__all__ = ["Answer", "Kind", "Node"]

Kind = Literal["fact", "inferred", "open"]


@dataclass(frozen=True)
class Answer:
    """What people answer to the `why_no`-th why of a node, and whether they can change it themselves.

    `benchmark` is the metric and period of the benchmark that an external cause rests on, None where none is.
    """

    node: str
    why_no: int
    statement: str
    kind: Kind
    department: str
    evidence: str | None
    check: date | None
    controllable: bool
    benchmark: tuple[str, str] | None = None


@dataclass(frozen=True)
class Node:
    """One why: its `id` is the same in every report, `what` says which sentence tells it.

    `what` is ``branch``, ``place``, ``element``, ``kind``, or a kind of driver of the rules. `figure` is its
    evidence, in its own unit, between `low` and `high` where it is an estimate; `aim` that of a branch
    against the target. `n` are the cases behind it. `kind` says whether it is known (an identity or a count)
    or concluded. `dims` names what it is about. `answers` are those of people, in order.
    """

    id: str
    why: int
    what: str
    figure: Figure | None
    kind: Kind
    department: str
    check: date
    dims: Mapping[str, str] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    n: float | None = None
    aim: Figure | None = None
    children: tuple[Node, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def money(self) -> float:
        """The money at stake, positive; 0 where it is not told in money."""
        return abs(self.figure.value) if self.figure is not None and self.figure.unit == "money" else 0.0

    @property
    def complete(self) -> bool:
        """Whether the last answer is a step that a department can change, and not still to be checked."""
        last = self.answers[-1] if self.answers else None
        return last is not None and last.why_no >= 4 and last.controllable and last.kind != "open"

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it, from the top."""
        yield self
        for child in self.children:
            yield from child.walk()

    def paths(self) -> Iterator[tuple[Node, ...]]:
        """Yield the way down to each node without children."""
        if not self.children:
            yield (self,)
        for child in self.children:
            for path in child.paths():
                yield (self, *path)
