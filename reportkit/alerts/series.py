"""Daily series against what is expected of their weekday, and their slow drift."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from reportkit.alerts.alert import Signal, key_of
from reportkit.alerts.rules import SeriesRule
from reportkit.alerts.watch import Watch, money_each, platform_of, scope_of
from reportkit.analysis.anomaly import cusum, scores

__all__ = ["series"]

_ORDERS = "orders"


def series(watch: Watch, name: str, rule: SeriesRule) -> Iterator[Signal]:
    """Yield the days on which a series is not what is expected of it, or has drifted away."""
    for layer in rule.over:
        values = watch.wide(rule.metric, layer)
        for part in values.columns:
            if values[part].notna().any():
                yield from _part(watch, name, rule, layer, part)


def _part(watch: Watch, name: str, rule: SeriesRule, layer: str, part: str) -> Iterator[Signal]:
    values, usable = watch.wide(rule.metric, layer)[part], watch.usable[platform_of(part)]
    counts = watch.metrics.catalog[rule.metric.split(".")[0]].unit == "count"
    noise = 0.0 if counts else _noise(watch, layer, part)
    told = scores(
        values, usable, watch.calendar.weekday, memory=watch.book.memory, noise=noise, counts=counts
    )
    told["value"], told["worth"] = values, _worth(watch, rule, layer, part)
    told["z"] = told["z"].where(watch.open[platform_of(part)])
    scope = scope_of(layer, part)
    told["drift"] = _drift(told["z"], watch, watch.acknowledged.get(key_of(name, dict(scope))))
    rows: list[Any] = told[told["z"].notna()].reset_index().to_dict("records")
    for row in rows:
        if found := _signal(name, rule, scope, row):
            yield found


def _drift(z: pd.Series, watch: Watch, answered: date | None) -> pd.Series:
    """Return where `z` drifts (1, -1 or 0); after the day on which somebody answered, its sums begin again."""
    drift, old = watch.book.drift, z.index <= pd.Timestamp(answered or 0)
    runs = [
        cusum(run, slack=drift.slack, alarm=drift.alarm)["drift"] for run in (z[old], z[~old]) if len(run)
    ]
    return pd.Series(pd.concat(runs))


def _noise(watch: Watch, layer: str, part: str) -> pd.Series:
    """Return the variance that chance makes of a day's money: (1 + cv²) / the orders of a usual day."""
    orders = watch.wide(_ORDERS, layer)
    usual = (
        orders[part].where(watch.usable[platform_of(part)]).rolling(watch.book.before, min_periods=1).median()
    )
    return (1 + watch.book.noise**2) / usual.shift(1).ffill().clip(lower=1)


def _worth(watch: Watch, rule: SeriesRule, layer: str, part: str) -> pd.Series | float:
    """Return the money that comes with one of what is counted."""
    if not rule.worth:
        return 1.0
    money, count = (watch.wide(request, layer)[part] for request in (rule.worth, rule.metric))
    return money_each(money, count, watch.book.before)


def _signal(
    name: str, rule: SeriesRule, scope: tuple[tuple[str, str], ...], row: dict[str, Any]
) -> Signal | None:
    drifted = rule.drift and row["drift"] != 0
    sign = int(row["drift"]) if drifted else int(np.sign(row["z"]))
    size, gap = abs(row["z"]), row["value"] - row["expected"]
    stake = abs(gap) * row["worth"]
    critical = rule.critical is not None and size >= rule.critical
    warned = rule.warn is not None and size >= rule.warn
    wanted = ("up" if sign > 0 else "down") in rule.directions
    material = stake >= rule.money and abs(gap) >= rule.share * row["expected"]
    if not wanted or not (drifted or (material and (critical or warned))):
        return None
    return Signal(
        name, scope, row["day"].date(), "critical" if critical and material else "warn", sign,
        row["value"], row["expected"], stake, row["z"], float("nan"),
        (row["low80"], row["high80"]), (row["low95"], row["high95"]), at_once=bool(critical and material) or drifted,
    )  # fmt: skip
