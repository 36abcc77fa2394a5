"""The metric dictionary: ``params/metrics/*.yaml`` as typed entries, checked against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field, field_validator, model_validator

from reportkit.errors import ProjectError, QueryError, suggest
from reportkit.metrics.views import View, dimensions_of, load_views
from reportkit.project import Project, Strict, load_model, read_yaml

__all__ = ["Catalog", "Entry", "Leaf", "Measure", "Metric", "load_catalog"]

_PROBLEMS_SHOWN = 10
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KINDS = ("measure", "ratio", "sum", "method", "view")
_VIEW_KEYS = {
    "share": {"over"},
    "concentration": {"over"},
    "index": {"over"},
    "growth": {"against"},
    "attainment": set(),
    "pace": set(),
    "projection": set(),
}
_VIEW_OPTIONS = {
    "share": {"known_only"},
    "attainment": {"period"},
    "pace": {"period"},
    "projection": {"period"},
}


class Measure(Strict):
    """An aggregate in SQL over a view or a normalized table.

    Either one `date` column, or several by basis name in `bases`, the default first. `where` keeps
    the rows that count. What stands rather than happens, such as stock, is not added up `over_time`:
    of several days it is the ``last``, or their ``mean``, the sum over the number of days.
    """

    table: str
    sql: str
    date: str | None = None
    bases: dict[str, str] = Field(default_factory=dict)
    where: str = "true"
    over_time: Literal["last", "mean"] | None = None

    @model_validator(mode="after")
    def _one_way_to_date(self) -> Measure:
        if bool(self.date) == bool(self.bases):
            raise ValueError("give either date or bases")
        return self

    def column(self, basis: str | None) -> str:
        """Return the date column of `basis`; the default one where the measure does not have it."""
        if self.date:
            return self.date
        return self.bases.get(basis or "", next(iter(self.bases.values())))


class Entry(Strict):
    """One metric as the YAML has it: one of five kinds, its names, unit and direction.

    `ratio` divides the first metric by the second, `sum` adds metrics, with a minus those to take
    away. `additive`: parts of it may be added up. `across_platforms`: a total over platforms is a plain
    ``sum`` of things that overlap, or an ``index`` of things that platforms define differently.

    A `view` shows the metric `of`: its ``share`` or ``concentration`` `over` a dimension (a share with
    `known_only` leaves out what is unknown), its ``index`` over one, each part's value against that of all, its ``growth`` `against` another period, or its
    ``attainment``, ``pace`` or ``projection`` of a target, over the `period` that encloses the last day.
    """

    name: dict[Literal["zh", "en"], str]
    unit: Literal["money", "count", "percent", "ratio", "hours", "days"]
    noun: dict[Literal["zh", "en"], str] | None = None
    better: Literal["up", "down", "none"]
    additive: bool = True
    across_platforms: Literal["sum", "index"] | None = None
    measure: Measure | None = None
    ratio: tuple[str, str] | None = None
    sum: tuple[str, ...] | None = None
    method: str | None = None
    view: Literal["share", "concentration", "index", "growth", "attainment", "pace", "projection"] | None = (
        None
    )
    of: str | None = None
    over: str | None = None
    known_only: bool = False
    against: Literal["previous", "last_year"] | None = None
    period: Literal["month", "quarter", "year"] | None = None

    @field_validator("name", "noun")
    @classmethod
    def _both_languages(cls, words: dict[str, str] | None) -> dict[str, str] | None:
        if words is not None and set(words) != {"zh", "en"}:
            raise ValueError("needs zh and en")
        return words

    @model_validator(mode="after")
    def _one_kind(self) -> Entry:
        given = [kind for kind in _KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(f"needs exactly one of {', '.join(_KINDS)}; found {', '.join(given) or 'none'}")
        return self

    @model_validator(mode="after")
    def _keys_of_view(self) -> Entry:
        needed = _VIEW_KEYS[self.view] | {"of"} if self.view else set()
        allowed = needed | (_VIEW_OPTIONS.get(self.view, set()) if self.view else set())
        given = {key for key in ("of", "over", "known_only", "against", "period") if getattr(self, key)}
        if missing := needed - given:
            raise ValueError(f"view {self.view} needs {', '.join(sorted(missing))}")
        if extra := given - allowed:
            raise ValueError(
                f"{', '.join(sorted(extra))}: not for {'view ' + self.view if self.view else self.kind}"
            )
        return self

    @property
    def kind(self) -> str:
        """Which of measure, ratio, sum, method, view it is."""
        return next((kind for kind in _KINDS if getattr(self, kind) is not None), "")

    @property
    def parts(self) -> tuple[str, ...]:
        """Ids of the metrics it is made of, without signs."""
        if self.of:
            return (self.of,)
        return tuple(part.lstrip("-") for part in (*(self.ratio or ()), *(self.sum or ())))


class Metric(Entry):
    """An entry in its catalog: with its id, and the bases that it or its parts offer, default first."""

    id: str
    bases: tuple[str, ...] = ()

    @property
    def zero_when_empty(self) -> bool:
        """Whether no rows make 0: an amount or a number of nothing is 0, a rate or a duration is unknown."""
        return self.kind in ("measure", "sum") and self.unit in ("money", "count")


class Leaf(Strict):
    """A measure at the bottom of a metric, on the date column its basis asks for."""

    metric: str
    measure: Measure
    date: str


class Catalog:
    """Every metric by id, and every view by name."""

    def __init__(self, metrics: Mapping[str, Metric], views: Mapping[str, View]) -> None:
        self._metrics = dict(metrics)
        self._leaves: dict[tuple[str, str | None], tuple[Leaf, ...]] = {}
        self.views = dict(views)

    def __getitem__(self, metric_id: str) -> Metric:
        """Return one metric; QueryError suggests a name where there is none."""
        if metric_id not in self._metrics:
            raise QueryError(f'no metric "{metric_id}"', todo=suggest(metric_id, self._metrics))
        return self._metrics[metric_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._metrics)

    def __contains__(self, metric_id: object) -> bool:
        return metric_id in self._metrics

    def __len__(self) -> int:
        return len(self._metrics)

    def split(self, request: str) -> tuple[Metric, str | None]:
        """Return the metric and the basis that `request` names.

        ``net_sales.refund_date`` names both, ``net_sales`` takes the default basis. Raises QueryError
        for an unknown metric, a basis it does not have, or a method.
        """
        metric_id, _, basis = request.partition(".")
        metric = self[metric_id]
        if basis and basis not in metric.bases:
            offer = suggest(basis, metric.bases) if metric.bases else f"ask for {metric_id} alone"
            raise QueryError(f'{metric_id} has no basis "{basis}"', todo=offer)
        for part in self.family(metric_id):
            if method := self[part].method:
                raise QueryError(f"{metric_id} needs the method {method}, which this version does not have")
        return metric, basis or (metric.bases[0] if metric.bases else None)

    def family(self, metric_id: str) -> list[str]:
        """Return `metric_id` and everything it is made of, each once."""
        found = [metric_id]
        for part in self[metric_id].parts:
            found += [name for name in self.family(part) if name not in found]
        return found

    def leaves(self, metric_id: str, basis: str | None) -> tuple[Leaf, ...]:
        """Return the measures behind a metric on `basis`, each once, in the order they are named."""
        if (metric_id, basis) not in self._leaves:
            members = [self[name] for name in self.family(metric_id)]
            self._leaves[metric_id, basis] = tuple(
                Leaf(metric=member.id, measure=member.measure, date=member.measure.column(basis))
                for member in members
                if member.measure
            )
        return self._leaves[metric_id, basis]

    def dated(self, metric_id: str) -> bool:
        """Tell whether a metric reads a view that is told anew for every last day that may be seen."""
        return any(self.views[leaf.measure.table].dated for leaf in self.leaves(metric_id, None))

    def dimensions(self, metric_id: str, basis: str | None) -> tuple[str, ...]:
        """Return the dimensions that every measure behind a metric can be cut by, days and the like last."""
        return dimensions_of(self.views[leaf.measure.table] for leaf in self.leaves(metric_id, basis))


def load_catalog(project: Project) -> Catalog:
    """Read ``params/views.yaml`` and ``params/metrics/*.yaml``.

    Raises ProjectError for entries that do not fit, names that are not there, and circles.
    """
    views = load_views(project)
    entries = _read_entries(project)
    problems = [problem for name in entries for problem in _problems(name, entries, views)]
    if problems:
        raise ProjectError(_bounded(problems), where="params/metrics")
    metrics = {
        name: Metric(**entry.model_dump(), id=name, bases=_bases(name, entries))
        for name, entry in entries.items()
    }
    catalog = Catalog(metrics, views)
    if problems := [problem for name in catalog for problem in _problems_of_over(catalog[name], catalog)]:
        raise ProjectError(_bounded(problems), where="params/metrics")
    return catalog


def _read_entries(project: Project) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for path in project.resources("params/metrics", "*.yaml").values():
        for name, body in (read_yaml(path) or {}).items():
            if name in entries:
                raise ProjectError(f"{name} is defined twice", where=str(path), todo="remove one of the two")
            entries[str(name)] = load_model(Entry, body, f"{path}: {name}")
    return entries


def _problems(name: str, entries: Mapping[str, Entry], views: Mapping[str, View]) -> Iterator[str]:
    entry = entries[name]
    if not _NAME.fullmatch(name):
        yield f"{name}: not a name; use small letters, digits and _"
    for part in entry.parts:
        if part not in entries:
            yield f'{name}: no metric "{part}", {suggest(part, entries)}'
    if entry.measure and entry.measure.table not in views:
        yield f'{name}: no table or view "{entry.measure.table}", {suggest(entry.measure.table, views)}'
    of = entries.get(entry.of or "")
    if entry.measure and entry.measure.over_time == "mean" and not views[entry.measure.table].company:
        yield f"{name}: over_time mean is for views of the company; each platform has days of its own"
    if entry.over and of and not of.additive and entry.view != "index":
        yield f"{name}: {entry.of} is not additive, so it has no shares"
    if circle := _circle(name, entries, ()):
        yield f"{name}: made of itself, {' → '.join(circle)}"
    if of and of.view:
        yield f"{name}: {entry.of} is a view itself; name the metric behind it"
    for part in entry.parts if not entry.view else ():
        if part in entries and entries[part].view:
            yield f"{name}: {part} is a view; views are not parts of other metrics"


def _problems_of_over(metric: Metric, catalog: Catalog) -> Iterator[str]:
    known = catalog.dimensions(metric.id, None)
    if metric.over and metric.over not in known:
        yield f'{metric.id}: {metric.of} has no dimension "{metric.over}", {suggest(metric.over, known)}'


def _circle(name: str, entries: Mapping[str, Entry], path: tuple[str, ...]) -> tuple[str, ...]:
    if name in path:
        return (*path, name) if name == path[0] else ()
    parts = entries[name].parts if name in entries else ()
    return next((found for part in parts if (found := _circle(part, entries, (*path, name)))), ())


def _bases(name: str, entries: Mapping[str, Entry]) -> tuple[str, ...]:
    entry = entries[name]
    own = tuple(entry.measure.bases) if entry.measure else ()
    inherited = (basis for part in entry.parts for basis in _bases(part, entries))
    return tuple(dict.fromkeys((*own, *inherited)))


def _bounded(problems: list[str]) -> str:
    shown = problems[:_PROBLEMS_SHOWN]
    more = len(problems) - len(shown)
    return "; ".join(shown) + (f"; … and {more} more" if more else "")
