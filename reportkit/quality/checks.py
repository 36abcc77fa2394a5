"""Checks of the data behind a report: each passed, failed, or cannot be known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import pandas as pd

from reportkit.metrics.periods import Period
from reportkit.metrics.query import Metrics
from reportkit.project import Limits, Project
from reportkit.quality.audit import Audit
from reportkit.quality.figure import Figure

__all__ = ["Check", "checks", "judged"]

Outcome = Literal["passed", "failed", "unknown"]
_SETTLED = ("matched", "pending")


@dataclass(frozen=True)
class Check:
    """One check: how it ended, and the numbers it went by, the one that decided first."""

    id: str
    state: Outcome
    figures: tuple[Figure, ...]

    @property
    def rows_sql(self) -> dict[str, str]:
        """The SELECTs of the rows behind its numbers, by name."""
        return {name: sql for figure in self.figures for name, sql in figure.rows_sql.items()}


def checks(
    project: Project,
    metrics: Metrics,
    period: str | Period,
    scope: Mapping[str, Sequence[str]] | None = None,
    as_of: date | None = None,
) -> list[Check]:
    """Return every check of the data behind the report of `period`.

    `scope` keeps platforms; `as_of` is the last day that may be seen, by default the last with an order.
    Raises QueryError for a period that is not known.
    """
    span = period if isinstance(period, Period) else metrics.period(period)
    return judged(Audit(project, metrics, span, as_of or metrics.last_day or span.end, scope or {}))


def judged(audit: Audit) -> list[Check]:
    """Return the checks of an audit, by the limits of ``params/policy.yaml``."""
    limits = audit.project.policy.limits
    return [check(audit, limits) for check in _CHECKS]


def _rows(frame: pd.DataFrame) -> list[Any]:
    """Return the rows of a frame as named tuples."""
    return list(frame.itertuples())


def _state(failed: bool) -> Outcome:
    return "failed" if failed else "passed"


def _reconciliation(audit: Audit, limits: Limits) -> Check:
    """What no step explains, as a share of the platform's own figure; the worst platform decides."""
    bridges = [bridge for bridge in audit.bridges if bridge.state == "explained"]
    if not bridges:
        return Check("reconciliation", "unknown", ())
    open_ = [bridge for bridge in bridges if bridge.unexplained and round(bridge.unexplained, 2)]
    worst = max(bridges, key=lambda bridge: abs(bridge.gap or 0.0))
    sql = {f"{bridge.platform} figure": bridge.figure_sql for bridge in bridges}
    gap = Figure(
        "reconciliation.gap", abs(worst.gap or 0.0), "percent", {"platform": worst.platform},
        {"figure": worst.figure_sql, "ours": worst.ours_sql},
    )  # fmt: skip
    counts = (
        Figure("reconciliation.exact", len(bridges) - len(open_), "count", {}, sql),
        Figure("reconciliation.total", len(bridges), "count", {}, sql),
    )
    failed = abs(worst.gap or 0.0) > limits.unexplained
    return Check("reconciliation", _state(failed), (gap, *counts) if open_ else counts)


def _coverage(audit: Audit, limits: Limits) -> Check:
    """Days with data of what the merchant has downloaded before; orders of a platform always count."""
    share, *lacking = audit.coverage
    if not any(line.days for line in audit.lines):
        return Check("coverage", "unknown", ())
    missing = Figure("coverage.missing", sum(each.value for each in lacking), "count", {}, share.rows_sql)
    return Check("coverage", _state(share.value < limits.coverage), (share, missing))


def _books(audit: Audit, limits: Limits) -> Check:
    """Rows read are rows accepted, superseded, refused or skipped."""
    books = audit.books
    sql = {"files": audit.files_sql}
    figures = (
        Figure("books.lost", books.lost, "count", {}, sql),
        Figure("books.read", books.read, "count", {}, sql),
    )
    return Check("books", _state(books.lost > 0) if books.files else "unknown", figures)


def _refused(audit: Audit, limits: Limits) -> Check:
    books = audit.books
    sql = {f"rejects {number}": found.rows_sql for number, found in enumerate(audit.refusals, 1)}
    share = books.refused / books.read if books.read else 0.0
    figures = (
        Figure("refused.rows", books.refused, "count", {}, sql),
        Figure("refused.share", share, "percent", {}, sql),
    )
    return Check("refused", _state(share > limits.refused) if books.read else "unknown", figures)


def _totals(audit: Audit, limits: Limits) -> Check:
    """A file's own total is what its rows come to."""
    sql = {f"totals {number}": found.rows_sql for number, found in enumerate(audit.totals, 1)}
    figure = Figure("totals.differing", len(audit.totals), "count", {}, sql)
    return Check("totals", _state(bool(audit.totals)), (figure,))


def _ladder(audit: Audit, limits: Limits) -> Check:
    """On every order line: due to the merchant = paid by the buyer + borne by others."""
    found = audit.ladder
    told = int(found["lines"].sum() - found["untold"].sum())
    wrong = found[found["violations"] > 0]
    sql = {f"{row.source_id} lines": row.rows_sql for row in _rows(wrong)}
    figures = (
        Figure("ladder.lines", int(wrong["violations"].sum()), "count", {}, sql),
        Figure("ladder.difference", float(wrong["difference"].sum()), "money", {}, sql),
    )
    return Check("ladder", _state(not wrong.empty) if told else "unknown", figures)


def _settlement(audit: Audit, limits: Limits) -> Check:
    """Orders whose money is not what was due, by amount; what is not yet due does not count."""
    orders = audit.settling[audit.settling["side"] == "order"]
    wrong = orders[~orders["state"].isin(_SETTLED)]
    due = float(orders["due"].sum())
    share = float(wrong["difference"].abs().sum()) / due if due else float(not wrong.empty)
    sql = {f"{row.platform_id} {row.ledger} {row.state}": row.rows_sql for row in _rows(wrong)}
    figures = (
        Figure("settlement.share", share, "percent", {}, sql),
        Figure("settlement.orders", int(wrong["n"].sum()), "count", {}, sql),
    )
    return Check("settlement", "unknown" if orders.empty else _state(share > limits.unmatched), figures)


def _unmapped(audit: Audit, limits: Limits) -> Check:
    """Sales of codes that stand for none of the merchant's own."""
    found = audit.unmapped
    if found is None or not audit.sales:
        return Check("unmapped", "unknown", ())
    sql = {f"lines {number}": str(rows) for number, rows in enumerate(found["rows_sql"], 1)}
    share = float(sum(found["sales"])) / audit.sales
    figures = (
        Figure("unmapped.share", share, "percent", {}, sql),
        Figure("unmapped.codes", len(found), "count", {}, sql),
    )
    return Check("unmapped", _state(share > limits.unmapped), figures)


def _partial(audit: Audit, limits: Limits) -> Check:
    """What an export of which only a part is known may hold besides cannot be known."""
    sources = audit.partial_sources
    figure = Figure(
        "partial.sources", len(sources), "count", {}, {"files": audit.files_sql} if sources else {}
    )
    return Check("partial", "unknown" if sources else "passed", (figure,))


_CHECKS = (_reconciliation, _coverage, _books, _refused, _totals, _ladder, _settlement, _unmapped, _partial)
