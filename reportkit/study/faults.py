"""Which products come back for their quality more often than others of their kind, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import false_discovery_control

from reportkit.analysis.proportions import against_rate, ratio
from reportkit.metrics.compile import column_of
from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure, Unit
from reportkit.study.rows import number

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["COLUMNS", "UNITS", "Faults", "above_others", "faults", "provinces"]

_CASES, _ORDERS, _MONEY, _PAID = "refund_orders.pay_date", "orders", "refund_amount.pay_date", "gmv"
_KIND = "category"
_ODD = 3.0  # deviations beyond which an item tells nothing of what is usual
_MAD, _FEW = 1.4826, 8  # items below which their spread says nothing
COLUMNS = ["kind", "n", "k", "rate", "usual", "times", "q", "listed"]
UNITS: dict[str, Unit] = {"n": "count", "k": "count", "rate": "percent", "usual": "percent", "times": "ratio"}


@dataclass(frozen=True)
class Faults:
    """Every product (style) with enough orders, by how often it comes back for one `family` of reasons.

    `table` has COLUMNS: its category (kind), orders paid in the period (n), of them given back for such a reason so
    far (k), k / n (rate), the same of the other products of its category (usual), rate / usual (times), the false
    discovery rate at which it stands out (q), and whether it is listed. Also amount (money given back for it so far)
    and, of those listed, over, over_low, over_high: what all its refunds come to in the end beyond the usual, money.
    `judged` is False where no reason is told at all.
    """

    family: str
    table: pd.DataFrame
    judged: bool
    cases: Result
    orders: Result

    @property
    def listed(self) -> pd.DataFrame:
        """The products that stand out, the costliest first."""
        return self.table[self.table["listed"]].sort_values("over", ascending=False)

    def figure(self, style: str, column: str) -> Figure:
        """Return one number of a product with the rows behind it."""
        rows = self.cases.rows_sql(_CASES, style=style) | self.orders.rows_sql(_ORDERS, style=style)
        value = number(self.table, style, column)
        return Figure(f"{self.family}.{column}", value, UNITS.get(column, "money"), {"style": style}, rows)


def faults(study: Study, family: str) -> Faults:
    """Judge every product against the others of its category, for the reasons of `family` in the rules."""
    rules = study.service.faults
    reasons = rules.reasons[family]
    orders = study.ask([_ORDERS], by=["style", _KIND])
    cases = study.ask([_CASES, _MONEY], by=["style", "reason"])
    sold = _by(orders, _ORDERS)
    kinds = sold.sort_values("value").groupby("style")[_KIND].last()
    n = sold.groupby("style")["value"].sum()
    k = _of_reasons(cases, _CASES, reasons).reindex(n.index).fillna(0.0)
    told = above_others(k, n, kinds.reindex(n.index), rules.least, rules.discovery, rules.times)
    told = told[told.index != "unknown"]
    # A column of more rows would fill a frame that has none.
    told = told.assign(amount=_of_reasons(cases, _MONEY, reasons).reindex(told.index))
    over = _over(study, told[told["listed"]])
    return Faults(family, told.join(over), bool((cases.frame["reason"] != "unknown").any()), cases, orders)


def above_others(
    k: pd.Series, n: pd.Series, kind: pd.Series, least: int, discovery: float, times: float
) -> pd.DataFrame:
    """Return COLUMNS for items with `k` cases among `n`, each held against the other items of its `kind`.

    An item alone in its kind is held against all others. One-sided binomial test with the over-dispersion that items
    show among themselves (Spiegelhalter, Statistics in Medicine 24, 2005), Benjamini and Hochberg's false
    discovery rate. The usual rate is (k + ½) / (n + 1) of the others without those that stand out, so that none
    is impossible. Items of fewer than `least` are left out of the test, not of the others.
    """
    table = pd.DataFrame({"kind": kind, "n": n, "k": np.minimum(k, n)})
    usual = _usual(table, pd.Series(False, index=table.index), least)
    odd = against_rate(table["k"], table["n"], usual)["z"] >= _ODD
    usual = _usual(table, odd, least)
    table = table.assign(rate=table["k"] / table["n"], usual=usual, times=table["k"] / table["n"] / usual)
    table = table[(table["n"] >= least) & usual.notna()]
    if table.empty:
        return table.assign(q=pd.Series(dtype="float64"), listed=pd.Series(dtype="bool"))
    z = against_rate(table["k"], table["n"], table["usual"])["z"]
    spread = (_MAD * (z - z.median()).abs().median()) ** 2 if len(z) >= _FEW else 1.0
    p = against_rate(table["k"], table["n"], table["usual"], max(float(spread), 1.0))["above"].clip(0, 1)
    q = false_discovery_control(p, method="bh")
    return table.assign(q=q, listed=(q <= discovery) & (table["times"] >= times) & (table["k"] > 0))


def _usual(table: pd.DataFrame, odd: pd.Series, least: int) -> pd.Series:
    """Return the rate of the others of each item's kind, else of all; NaN where these are too few to tell."""
    plain = table[["k", "n"]].where(~odd, 0.0)
    others = plain.groupby(table["kind"], dropna=False).transform("sum") - plain
    others = others.where(others["n"] >= least, plain.sum() - plain, axis=0)
    return ((others["k"] + 0.5) / (others["n"] + 1)).where(others["n"] >= least)


def _by(result: Result, request: str) -> pd.DataFrame:
    return result.frame.loc[result.frame["metric"] == request, [*map(column_of, result.by), "value"]]


def _of_reasons(cases: Result, request: str, reasons: Sequence[str]) -> pd.Series:
    """Return the sum of `request` over `reasons` by the other dimension."""
    found = _by(cases, request)
    return found[found["reason"].isin(reasons)].groupby(column_of(cases.by[0]))["value"].sum()


def _over(study: Study, listed: pd.DataFrame) -> pd.DataFrame:
    """Return what the refunds of each product come to beyond those of the others of its category, with its range.

    Both are seen at the same age: the usual final rate times how many times as much of its money is back already.
    """
    columns = ["over", "over_low", "over_high"]
    if listed.empty:
        return pd.DataFrame(columns=columns, dtype="float64")
    rows = [_beyond(study, str(style), str(row["kind"])) for style, row in listed.iterrows()]
    return pd.DataFrame(rows, index=listed.index, columns=columns)


def _beyond(study: Study, style: str, kind: str) -> tuple[float, float, float]:
    final = study.refunds.known
    requests = [_MONEY, _PAID, *(["refund_final"] if final else [])]
    scope = {**study.scope, _KIND: [kind]}
    days = study.metrics.query(
        requests, by=["style", "day"], period=study.period, scope=scope, as_of=study.as_of
    ).wide()
    own, others = (
        days[days["style"] == style],
        days[days["style"] != style].groupby("day").sum(numeric_only=True),
    )
    paid = float(own[_PAID].sum())
    (mine, my_error), (theirs, their_error) = (ratio(side[_MONEY], side[_PAID]) for side in (own, others))
    if not theirs or not mine:
        return paid * mine, paid * mine, paid * mine
    end = float(others["refund_final"].sum() / others[_PAID].sum()) if final else theirs
    half = ndtri((1 + study.service.faults.level) / 2) * np.hypot(my_error / mine, their_error / theirs)
    beyond = [paid * end * (mine / theirs * factor - 1) for factor in (1.0, np.exp(-half), np.exp(half))]
    return beyond[0], beyond[1], beyond[2]


def provinces(study: Study) -> tuple[pd.DataFrame, Result, Result]:
    """Return COLUMNS for every province: orders given back for what happened on the way, against all others.

    With the orders and the cases they were counted from.
    """
    rules = study.service.logistics
    orders = study.ask([_ORDERS], by=["province"])
    cases = study.ask([_CASES], by=["province", "reason"])
    n = _by(orders, _ORDERS).set_index("province")["value"].drop("unknown", errors="ignore")
    n = n[n > 0]
    k = _of_reasons(cases, _CASES, rules.reasons).reindex(n.index).fillna(0.0)
    kind = pd.Series("all", index=n.index)
    return above_others(k, n, kind, rules.least, rules.discovery, rules.times), orders, cases
