"""Advice about after-sales: products at fault, parcels, cases, influencers whose orders come back."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reportkit.advice.advice import Advice, Ground
from reportkit.analysis.proportions import wilson
from reportkit.quality.figure import Figure
from reportkit.study.care import Task
from reportkit.study.faults import UNITS, above_others

__all__ = ["faulty", "paused", "sped", "withdrawn"]

_CASES, _MONEY, _ORDERS = "refund_orders.pay_date", "refund_amount.pay_date", "orders"
_WHO = ["platform", "influencer"]


def _tasks(ground: Ground, *kinds: str) -> Iterator[Task]:
    return (task for task in ground.study.care.tasks if task.kind in kinds)


def faulty(ground: Ground) -> Iterator[Advice]:
    """REC-09: products that come back for their quality."""
    for task in _tasks(ground, "fault"):
        found = None
        if task.money is not None and task.money.value > 0:
            low, high = (
                ground.study.faults.figure(task.dims["style"], name).value
                for name in ("over_low", "over_high")
            )
            found = ground.effect("refunds", task.money.value, task.dims, task.money.rows_sql, low, high)
        yield ground.advice(task.dims, task.told, found)


def withdrawn(ground: Ground) -> Iterator[Advice]:
    """REC-10: orders held up, and provinces that send back what happened on the way."""
    for task in _tasks(ground, "delay", "region"):
        yield ground.advice(task.dims, task.told, text=task.kind)


def sped(ground: Ground) -> Iterator[Advice]:
    """REC-11: parts whose cases end too late."""
    for task in _tasks(ground, "slow"):
        yield ground.advice(task.dims, task.told)


def paused(ground: Ground) -> Iterator[Advice]:
    """REC-17: influencers whose orders come back more often than those of the platform's others."""
    study = ground.study
    sold, back = study.ask([_ORDERS], by=_WHO), study.ask([_CASES, _MONEY], by=_WHO)
    n = _by(sold.frame)
    cases, money = (
        _by(back.frame[back.frame["metric"] == name]).reindex(n.index).fillna(0.0)
        for name in (_CASES, _MONEY)
    )
    kind = pd.Series([platform for platform, _ in n.index], index=n.index)
    least = int(ground.number("least"))
    told = above_others(cases, n, kind, least, ground.number("discovery"), ground.number("times"))
    for key, row in zip(told.index[told["listed"]], told[told["listed"]].to_dict("records"), strict=True):
        about = dict(zip(_WHO, key, strict=True))
        rows = back.rows_sql(_CASES, **about) | sold.rows_sql(_ORDERS, **about)
        figures = {
            name: Figure(f"influencer.{name}", float(row[name]), unit, about, rows)
            for name, unit in UNITS.items()
        }
        each = money[key] / row["k"]
        ends = wilson([row["k"]], [row["n"]], level=ground.book.level).iloc[0]
        middle, low, high = (
            max(ends[name] - row["usual"], 0.0) * row["n"] * each for name in ("rate", "low", "high")
        )
        yield ground.advice(about, figures, ground.effect("refunds", middle, about, rows, low, high))


def _by(frame: pd.DataFrame) -> pd.Series:
    """Return what each influencer of a platform comes to; orders without one are left out."""
    columns = (
        ["platform_id", "influencer_id"]
        if "influencer_id" in frame.columns
        else ["platform_id", "influencer"]
    )
    named = frame[frame[columns[1]].astype(str) != "unknown"]
    return named.groupby(columns)["value"].sum()
