"""What the data find behind a branch: shelves, faults, cuts, delays, a channel, clicks that do not buy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from reportkit.quality.figure import Figure
from reportkit.study.faults import Faults
from reportkit.study.rows import number
from reportkit.study.why.node import Node
from reportkit.study.why.rules import WhyRules

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["drivers"]


def drivers(study: Study, rules: WhyRules) -> tuple[Node, ...]:
    """Return every driver that surely stands out and is large enough, the dearest first, each id once."""
    found: dict[str, Node] = {}
    least = rules.least * (study.ask(["gmv"]).cell("gmv") or 0.0)
    for source in (_channels, _cheap, _outages, _cuts, _faults, _delays):
        for node in source(study, rules):
            if node.figure is not None and (node.money >= least or node.figure.unit != "money"):
                found.setdefault(node.id, node)
    return tuple(sorted(found.values(), key=lambda node: (-node.money, node.id)))


def _node(study: Study, rules: WhyRules, what: str, name: str, figure: Figure, dims: dict[str, str]) -> Node:
    rule, check = rules.drivers[what], study.last + timedelta(days=rules.check)
    identity = f"{rule.branch}.{what}.{name}"
    return Node(identity, 3, what, figure, "inferred", rule.department, check, dims)


def _channels(study: Study, rules: WhyRules) -> Iterator[Node]:
    """Channels that brought surely less than beside the platform's others as usual."""
    for drill in study.drills:
        if drill.factor != "visitors" or drill.expected is None or drill.actual is None:
            continue
        lost, low, high = (
            each - drill.actual for each in (drill.expected.value, drill.expected.low, drill.expected.high)
        )
        if low <= 0 or drill.element is None:
            continue
        dims = {"platform": drill.part, "channel": drill.element}
        rows = {name: sql for each in drill.figures for name, sql in each.rows_sql.items()}
        figure = Figure("cause.channel", lost, "money", dims, rows)
        node = _node(study, rules, "channel", f"{drill.part}.{drill.element}", figure, dims)
        yield replace(node, low=low, high=high, n=_visitors(study, drill.part, drill.element))


def _visitors(study: Study, platform: str, channel: str) -> float:
    return number(study.channels.of(platform).set_index("channel"), channel, "visitors")


def _cheap(study: Study, rules: WhyRules) -> Iterator[Node]:
    """Advertising that buys clicks and hardly sells: what it cost."""
    for line in study.ad_lines:
        if line.cheap:
            dims = {"platform": line.platform, line.dimension: line.value}
            figure = Figure(
                "cause.cheap", line.spend, "money", dims, line.result.rows_sql("ad_spend", **dims)
            )
            node = _node(study, rules, "cheap", f"{line.platform}.{line.value[:6]}", figure, dims)
            yield replace(node, kind="fact", n=line.clicks)


def _outages(study: Study, rules: WhyRules) -> Iterator[Node]:
    """SKUs that ran out and would surely have sold."""
    for one in study.outages.found:
        if one.low > 0:
            dims = {"sku": one.sku, **_days(one.first, one.last)}
            node = _node(study, rules, "stockout", one.sku, one.figure, dims)
            yield replace(node, low=one.low, high=one.high, n=float(one.days))


def _cuts(study: Study, rules: WhyRules) -> Iterator[Node]:
    """Price cuts that surely cost more than they brought."""
    for one in study.cuts:
        if one.most < 0:
            dims = {"style": one.style, **_days(one.first, one.last)}
            figure = Figure("cause.cut", -one.effect, "money", dims, one.figure.rows_sql)
            node = _node(study, rules, "cut", one.style, figure, dims)
            yield replace(node, low=-one.most, high=-one.least, n=one.units)


def _faults(study: Study, rules: WhyRules) -> Iterator[Node]:
    """Products that come back surely more often than others of their kind, not one of many by chance."""
    sure = study.service.faults.sure
    for what, found in (("fault", study.faults), ("mismatch", study.mismatches)):
        for style, row in found.listed.iterrows():
            if row["over_low"] > 0 and row["q"] <= sure:
                yield _fault(study, rules, what, found, str(style))


def _fault(study: Study, rules: WhyRules, what: str, found: Faults, style: str) -> Node:
    node = _node(study, rules, what, style, found.figure(style, "over"), {"style": style})
    low, high, n = (number(found.table, style, name) for name in ("over_low", "over_high", "n"))
    return replace(node, low=low, high=high, n=n)


def _delays(study: Study, rules: WhyRules) -> Iterator[Node]:
    """Days on which a platform's orders were surely held up, the longest first."""
    for one in study.delays.found:
        if one.low > 0:
            dims = {"platform": one.platform, "step": one.step, **_days(one.first, one.last)}
            node = _node(study, rules, "delay", one.platform, one.figure("longer"), dims)
            yield replace(node, low=one.low, high=one.high, n=float(one.orders))


def _days(first: date, last: date) -> dict[str, str]:
    return {"first": first.isoformat(), "last": last.isoformat()}
