"""The check of a day: every rule asked, its signals made incidents, incidents told as alerts."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from reportkit.alerts.alert import Alert, Alerts, Signal
from reportkit.alerts.book import Book, read_book
from reportkit.alerts.calendar import COMPANY
from reportkit.alerts.gate import missing
from reportkit.alerts.incidents import GRAVITY, Incident, fold, incidents
from reportkit.alerts.limits import behind, beyond, due, faulty, losing, settled, shipped
from reportkit.alerts.rises import risen
from reportkit.alerts.rules import LAYERS, Rule
from reportkit.alerts.series import series
from reportkit.alerts.stock import stocked
from reportkit.alerts.watch import Watch
from reportkit.alerts.windows import changes, rated, same_age, shared
from reportkit.errors import QueryError
from reportkit.metrics.query import Metrics

__all__ = ["alerts", "signals", "unevaluated"]


def alerts(
    metrics: Metrics,
    as_of: date | None = None,
    since: date | None = None,
    acknowledged: Mapping[str, date] | None = None,
) -> Alerts:
    """Return what should be looked at on the day `as_of`, by default the last with an order.

    With `since`, everything that showed from that day on. `acknowledged` tells up to which day somebody has answered
    what a rule said of a part (see reportkit.ledger): slow drift is summed up anew from there. QueryError for an empty
    lake, or a `since` after `as_of`.
    """
    last = as_of or metrics.last_day
    if last is None:
        raise QueryError("no orders yet", todo="reportkit ingest reads the files in the inbox")
    begin = since or last
    if begin > last:
        raise QueryError(f"--since {begin} lies after {last}", todo="name an earlier day")
    book = read_book(metrics.project)
    watch = Watch(metrics, book, begin - timedelta(days=book.recall), last, acknowledged or {})
    found = fold(incidents(signals(watch), book.persist), book.fold)
    told = [_alert(watch, book.rules[one.last.rule], one) for one in found if one.last.day >= begin]
    asked = watch.rested.loc[watch.days >= pd.Timestamp(begin), COMPANY]
    return Alerts(
        tuple(sorted(told, key=_gravest)), unevaluated(metrics, book), tuple(watch.calendar.unknown_years),
        dict(book.budget), int((~asked).sum()),
    )  # fmt: skip


def signals(watch: Watch, kinds: Container[str] | None = None) -> list[Signal]:
    """Return what the rules see, of some `kinds` only where they are given; one that nothing can feed sees nothing."""
    rules, lacking = watch.book.rules, unevaluated(watch.metrics, watch.book)
    return [
        signal
        for name, rule in rules.items()
        if name not in lacking and (kinds is None or rule.kind in kinds)
        for signal in _KINDS[rule.kind](watch, name, rule)
    ]


def unevaluated(metrics: Metrics, book: Book) -> dict[str, tuple[str, ...]]:
    """Return the rules that nothing can feed, by id, and what they lack."""
    return {name: needs for name, rule in book.rules.items() if (needs := _lacking(metrics, rule))}


def _gravest(alert: Alert) -> tuple[Any, ...]:
    stake = alert.stake if alert.stake == alert.stake else 0.0
    return GRAVITY[alert.level], -stake, alert.id


def _lacking(metrics: Metrics, rule: Rule) -> tuple[str, ...]:
    """Return what a rule needs and the lake does not have."""
    if rule.kind == "untold":
        return rule.needs
    return tuple(name for name in rule.needs if name not in metrics.engine.snapshot.versions)


def _alert(watch: Watch, rule: Rule, one: Incident) -> Alert:
    last = one.last
    return Alert(
        id=one.id, rule=last.rule, version=rule.version, kind=_kind(watch, rule, last), level=one.level,
        metric=rule.metric, layer=_layer(last), scope=dict(last.scope), date=last.day, actual=last.actual,
        expected=last.expected, band80=last.band80, band95=last.band95, n=last.n, score=last.score,
        stake=last.stake, first_seen=one.first_seen, alerted=one.alerted,
        days=len({signal.day for signal in one.signals}), contributors=one.parts,
        owner=rule.owner, parent=one.parent, rows_sql=last.rows_sql or watch.rows(rule.requests, _layer(last), last.scope, last.day),
        unit=last.unit or watch.metrics.catalog[rule.metric.split(".")[0]].unit,
    )  # fmt: skip


def _kind(watch: Watch, rule: Rule, signal: Signal) -> Any:
    """Return whether the metric moved the good way; what is a rule's own measure is a risk."""
    name = rule.metric.split(".")[0]
    better = watch.metrics.catalog[name].better if name in watch.metrics.catalog else "none"
    good = {"up": 1, "down": -1}.get(better, 0)
    if rule.kind == "rise":
        return "opportunity"
    return "opportunity" if rule.kind in _MOVES and signal.sign == good else "risk"


def _layer(signal: Signal) -> str:
    names = tuple(name for name, _ in signal.scope)
    return next(
        (layer for layer, known in LAYERS.items() if known == names), _LAYER_OF.get(names[-1:], "product")
    )


_MOVES = ("series", "rate", "change")
_LAYER_OF: Mapping[tuple[str, ...], str] = {
    ("platform",): "platform",
    ("table",): "platform",
    ("province",): "platform",
    ("carrier",): "platform",
    ("action",): "company",
}
_KINDS: Mapping[str, Callable[[Watch, str, Any], Iterator[Signal]]] = {
    "series": series,
    "rate": rated,
    "change": changes,
    "same_age": same_age,
    "fault": faulty,
    "stock": stocked,
    "pace": behind,
    "share": shared,
    "line": losing,
    "rise": risen,
    "threshold": beyond,
    "shipped": shipped,
    "settle": settled,
    "data": missing,
    "due": due,
}
