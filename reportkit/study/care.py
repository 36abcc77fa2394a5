"""How after-sales stands, and what each department should look at: customer service, quality control, logistics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.metrics.compile import column_of
from reportkit.metrics.projected import ALL
from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure
from reportkit.study.change import COMPARISONS, reference
from reportkit.study.faults import UNITS, Faults, provinces
from reportkit.study.rows import number

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["DEPARTMENTS", "Care", "Rise", "Task", "care"]

DEPARTMENTS = ("service", "quality", "logistics")
_FINAL, _SEEN = "refund_rate_final", "refund_rate_amt.pay_date"
_INTERVENED = "intervene_rate"


@dataclass(frozen=True)
class Task:
    """One line of a department's list: a `kind` of finding about what `dims` name (platform, style, source, days …).

    `told` are its numbers by name, ready to be proved; `money` is what is at stake, None where nobody knows.
    """

    department: str
    kind: str
    dims: Mapping[str, str]
    told: Mapping[str, Figure]
    money: Figure | None = None
    critical: bool = False


@dataclass(frozen=True)
class Rise:
    """The refund rate (`request`) against the comparison `against`, None where there is none.

    `size` is ``much``, ``risen`` or empty: by the rules, and beyond the range of the projection.
    """

    request: str
    result: Result
    against: str | None
    size: str


@dataclass(frozen=True)
class Care:
    """Whether after-sales is ``good``, to be watched (``watch``) or ``bad``, and why: the rise and the tasks."""

    level: str
    rise: Rise
    tasks: tuple[Task, ...]

    def of(self, department: str) -> list[Task]:
        """Return the tasks of one department, critical ones first, then by what is at stake."""
        mine = [task for task in self.tasks if task.department == department]
        return sorted(mine, key=lambda task: (not task.critical, -(task.money.value if task.money else 0.0)))

    @property
    def critical(self) -> list[Task]:
        """The tasks that cannot wait."""
        return [task for department in DEPARTMENTS for task in self.of(department) if task.critical]


def care(study: Study) -> Care:
    """Return how after-sales stands in the period."""
    found = tuple(
        task
        for source in (_slow, _overdue, _intervened, _faulty, _delayed, _regions, _fallen)
        for task in source(study)
    )
    rise = _rise(study)
    bad = rise.size == "much" or any(task.critical for task in found)
    return Care("bad" if bad else "watch" if rise.size or found else "good", rise, found)


def _rise(study: Study) -> Rise:
    request = _FINAL if study.refunds.known else _SEEN
    result = study.ask([request], compare=COMPARISONS)
    against = reference(result, request)
    change = result.cell(request, f"{against}_change") if against else None
    then = result.cell(request, f"{against}_then") if against else None
    if change is None or then is None:
        return Rise(request, result, against, "")
    rules = study.service.refunds
    beyond = request == _FINAL and not number(study.refunds.table, ALL, "rate_low") <= then
    if not beyond or change < max(rules.risen, rules.relative * then):
        return Rise(request, result, against, "")
    return Rise(request, result, against, "much" if change >= rules.much else "risen")


def _slow(study: Study) -> Iterator[Task]:
    """Parts whose cases end too late."""
    told, rules = study.handling, study.service.handling
    for part, row in told.spread.iterrows():
        late = row["p90"] > rules.sla or row["in_time"] < rules.closed * row["n"]
        if row["n"] >= study.project.policy.min_n and late:
            names = ("median", "p90", "n", "late")
            figures = {name: told.figure(name, str(part)) for name in names}
            yield Task(
                "service", "slow", {told.dimension: str(part)}, figures, told.figure("late_amount", str(part))
            )


def _overdue(study: Study) -> Iterator[Task]:
    overdue = study.handling.waiting("overdue")
    if overdue.value > 0:
        told = {"overdue": overdue, "open": study.handling.waiting("open")}
        yield Task("service", "overdue", {}, told, study.handling.waiting("overdue_amount"))


def _intervened(study: Study) -> Iterator[Task]:
    """Parts of which the platform decides more cases than before."""
    result = study.ask([_INTERVENED], by=[study.across], compare=["previous"])
    for row in result.frame.to_dict("records"):
        change, part = row["previous_change"], str(row[column_of(study.across)])
        if (
            not pd.isna(change)
            and change >= study.service.handling.intervened
            and row["n"] >= study.project.policy.min_n
        ):
            rows = result.rows_sql(_INTERVENED, **{study.across: part})
            sides = {"rate": row["previous_now"], "before": row["previous_then"]}
            dims = {study.across: part}
            told = {
                name: Figure(f"intervened.{name}", float(value), "percent", dims, rows)
                for name, value in sides.items()
            }
            yield Task("service", "intervened", dims, told, critical=True)


def _faulty(study: Study) -> Iterator[Task]:
    """Products that come back for their quality, or because they are not as described."""
    rules = study.service.faults
    for found in (study.faults, study.mismatches):
        for style, row in found.listed.iterrows():
            critical = found.family == "fault" and row["times"] >= rules.worse and row["q"] <= rules.sure
            yield _fault(found, str(style), critical=critical)


def _fault(found: Faults, style: str, *, critical: bool) -> Task:
    told = {name: found.figure(style, name) for name in ("rate", "usual", "times", "n", "k")}
    return Task("quality", found.family, {"style": style}, told, found.figure(style, "over"), critical)


def _delayed(study: Study) -> Iterator[Task]:
    for delay in study.delays.found:
        told = {name: delay.figure(name) for name in ("hours", "usual", "longer", "low", "high", "orders")}
        dims = {
            "platform": delay.platform,
            "step": delay.step,
            "first": f"{delay.first}",
            "last": f"{delay.last}",
        }
        yield Task("logistics", "delay", dims, told, delay.figure("amount"))


def _regions(study: Study) -> Iterator[Task]:
    """Provinces whose orders come back for what happened on the way."""
    table, orders, cases = provinces(study)
    for province, row in table[table["listed"]].iterrows():
        dims = {"province": str(province)}
        rows = cases.rows_sql(cases.requests[0], **dims) | orders.rows_sql(orders.requests[0], **dims)
        told = {
            name: Figure(f"region.{name}", float(row[name]), unit, dims, rows) for name, unit in UNITS.items()
        }
        yield Task("logistics", "region", dims, told)


def _fallen(study: Study) -> Iterator[Task]:
    """Scores that fell, each a task of those whose work it judges."""
    told, owners = study.satisfaction, study.service.satisfaction.tasks
    for platform, source in told.table.index[told.table["fallen"]]:
        owner = next(
            (name for name, words in owners.items() if any(word in source for word in words)), "service"
        )
        figures = {name: told.figure(platform, source, name) for name in ("now", "before")}
        yield Task(owner, "fallen", {"platform": platform, "source": source}, figures)
