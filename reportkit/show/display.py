"""What a display is, and the pen it is drawn with: words, numbers, names, tones, evidence codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

import matplotlib as mpl
from markupsafe import Markup

from reportkit.project import Policy, Project
from reportkit.quality.figure import Figure
from reportkit.show.markup import codes
from reportkit.show.names import Names
from reportkit.show.numbers import Unit
from reportkit.show.rules import Rules
from reportkit.show.style import house, tone
from reportkit.show.words import Words

if TYPE_CHECKING:
    from reportkit.metrics.periods import Period
    from reportkit.metrics.query import Result

__all__ = ["Display", "Drawn", "Lack", "Pen", "Spoken"]

_NAMED = ("platform", "category", "channel", "influencer", "style", "season")


class Sources(Protocol):
    """Where a display's evidence codes come from."""

    def cite(self, result: Result, request: str, **dims: Any) -> str:
        """Return the code of one value of a result, the same one whenever it is asked again."""

    def prove(self, figure: Figure, told: dict[str, Any]) -> str:
        """Return the code of a number about the data, the same one whenever it is asked again."""

    def fresh(self, given: Iterable[str]) -> list[str]:
        """Return the codes that no earlier display printed; all of them if each one was."""


class Asked(Protocol):
    """Whatever was asked about one period: an audit of its data, a study of its figures."""

    @property
    def period(self) -> Period: ...

    @property
    def as_of(self) -> date: ...

    @property
    def scope(self) -> Mapping[str, Sequence[str]]: ...


@dataclass(frozen=True)
class Drawn:
    """A drawn display: its HTML, and what it says without being seen.

    One without HTML is not shown; its `title` then names it in the list of what lacks data, and `lacks`
    are the normalized tables that would fill it. `blocks` are the numbers of blocks it stands in for.
    """

    html: str
    title: str
    alt: str = ""
    subtitle: str = ""
    lacks: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lack:
    """A block that has no data: its number, its name, and the normalized tables that would fill it."""

    block: str
    name: str
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Display:
    """Something a notebook can show. It is drawn when it is shown, so that codes come in reading order.

    `block` is its number on its page, ``2.4``, where the page has numbered blocks.
    """

    kind: str
    build: Callable[[Pen], Drawn]
    size: str = "full"
    block: str = ""

    def draw(self, pen: Pen) -> Drawn:
        """Draw it in the house style, whatever style the notebook has set for its own figures."""
        with mpl.rc_context(house()):
            return self.build(pen)


@dataclass(frozen=True)
class Spoken:
    """How one request is spoken of: ``net_sales.pay_date`` is net sales, by payment date."""

    request: str
    id: str
    basis: str | None
    name: str
    basis_name: str
    unit: Unit
    better: str
    noun: str

    @property
    def full_name(self) -> str:
        """The name with its basis."""
        return f"{self.name} {self.basis_name}".strip()


@dataclass
class Pen:
    """All that a display needs to draw itself.

    `replaced` counts characters the font lacked, `lacking` are the blocks so far that have no data.
    """

    project: Project
    words: Words
    names: Names
    rules: Rules
    catalog: Any
    evidence: Sources
    promo_days: Callable[[date, date], dict[date, str]]
    replaced: int = field(default=0)
    lacking: list[Lack] = field(default_factory=list)

    @property
    def policy(self) -> Policy:
        """Thresholds of the project."""
        return self.project.policy

    def spoken(self, request: str) -> Spoken:
        """Return how `request` is spoken of in the project's language."""
        metric_id, _, basis = request.partition(".")
        metric = self.catalog[metric_id]
        lang = self.words.lang
        noun = getattr(metric, "noun", None) or {}
        basis_name = self.words(f"labels.basis_{basis}") if basis else ""
        return Spoken(
            request, metric_id, basis or None, metric.name[lang], basis_name,
            metric.unit, metric.better, noun.get(lang, ""),
        )  # fmt: skip

    def cite(self, result: Result, request: str, **dims: Any) -> str:
        """Return the evidence code of one value that is about to be printed."""
        return self.evidence.cite(result, request, **dims)

    def prove(self, asked: Asked, figure: Figure) -> str:
        """Return the evidence code of a number that is no metric and is about to be printed.

        `asked` is the audit or the study that found it.
        """
        said = {name: self.said(name, value) for name, value in figure.dims.items()}
        told = {
            "name": self.words(f"facts.{figure.id.replace('.', '_')}", **said),
            "period": asked.period.id,
            "as_of": asked.as_of.isoformat(),
            "scope": {name: list(values) for name, values in asked.scope.items()},
        }
        return self.evidence.prove(figure, told)

    def said(self, dimension: str, value: str) -> str:
        """Return what a reader calls what a number about the data is about: a platform, a table, a state."""
        key = f"quality.{dimension}_{value}"
        if self.words.has(key):
            return self.words(key)
        return self.name(dimension, value) if dimension in _NAMED else value

    def codes(self, given: Iterable[str]) -> Markup:
        """Return evidence codes as a superscript, without those an earlier display printed."""
        return codes(self.evidence.fresh(given))

    def tone(self, change: float | None, better: str) -> str:
        """Return the tone of a change, as the project's theme has it."""
        return tone(float("nan") if change is None else change, better, self.project.settings.theme)

    def name(self, dimension: str, value: Any) -> str:
        """Return what a reader calls `value` of `dimension`; characters the font lacks become □."""
        text, replaced = self.names(dimension, value)
        self.replaced += replaced
        return text
