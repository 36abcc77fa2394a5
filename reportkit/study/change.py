"""What moved the money of each platform: visitors, conversion, basket, refunds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.analysis.decompose import decompose
from reportkit.metrics.compile import column_of
from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure
from reportkit.study.rows import number

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["COMPARISONS", "FACTORS", "Change", "change", "reference", "sides"]

# The right comparison first: promotions and seasons repeat by the year.
COMPARISONS = ("last_year", "previous")
FACTORS = ("visitors", "conversion", "buyers", "basket", "kept")
_GMV = "gmv"
# Where a platform tells its visitors the buyers are its own daily ones, as its conversion has them.
_CHAINS = {
    ("visitors", "conversion", "basket"): ("visitors", "pay_buyers"),
    ("buyers", "basket"): ("buyers",),
}


@dataclass(frozen=True)
class Change:
    """How the request `money` moved against the comparison `against`, part by part and factor by factor.

    `effects` has one row a part (by id of `dimension`): a column for each of FACTORS, `whole` (what could not
    be split), `change`, `then`, `now`, all in money, and `method` (see analysis.decompose). A factor that
    does not stand in a part's chain is 0: visitors × conversion × basket × kept, or where visitors are not
    known buyers × basket × kept. `kept` is what refunds leave of GMV; of GMV itself it is 1. Empty, and
    `against` None, where there is nothing to compare.
    """

    dimension: str
    money: str
    against: str | None
    result: Result
    effects: pd.DataFrame

    @property
    def factors(self) -> list[str]:
        """The factors that have an effect anywhere, in the order of their chain."""
        return [name for name in FACTORS if (self.effects[name] != 0).any()]

    @property
    def uncompared(self) -> list[str]:
        """The parts that have money now and nothing to compare it with."""
        rows = self.result.frame[self.result.frame["metric"] == self.money]
        held = rows.loc[rows["value"].fillna(0) != 0, column_of(self.dimension)]
        return [str(part) for part in held if part not in self.effects.index]

    def figure(self, part: str, factor: str) -> Figure:
        """Return one effect with the rows behind it; `factor` may also be whole or change."""
        rows = {
            name: sql
            for request in self.result.requests
            for name, sql in self.result.rows_sql(request, **{self.dimension: part}).items()
        }
        value = number(self.effects, part, factor)
        return Figure(f"change.{factor}", value, "money", {self.dimension: part}, rows)


def reference(result: Result, request: str) -> str | None:
    """Return last year where `request` compares with it, else the period before; None where neither is there."""
    rows = result.frame[result.frame["metric"] == request]
    known = (name for name in COMPARISONS if rows[f"{name}_growth"].notna().any())
    return next(known, None)


def sides(result: Result, comparison: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return then and now, like for like: one row a part of the one dimension, one column a request."""
    part = column_of(result.by[0])
    then, now = (
        result.frame.pivot(index=part, columns="metric", values=f"{comparison}_{side}").astype("float64")
        for side in ("then", "now")
    )
    return then, now


def change(study: Study, wanted: Sequence[str] = ()) -> Change:
    """Return how the money moved, by last year else by the period before.

    The money is the first of `wanted` that has a value, by default of those of the rules.
    """
    wanted = wanted or study.rules.change.money
    told = study.ask(wanted)
    money = next((request for request in wanted if told.cell(request) is not None), _GMV)
    requests = list(dict.fromkeys([money, _GMV, "visitors", "pay_buyers", "buyers"]))
    result = study.ask(requests, by=[study.across], compare=COMPARISONS)
    against = reference(result, money)
    effects = _effects(result, money, against) if against else pd.DataFrame(columns=[*FACTORS, "change"])
    return Change(study.across, money, against, result, effects)


def _effects(result: Result, money: str, against: str) -> pd.DataFrame:
    then, now = (_told(side) for side in sides(result, against))
    open_ = then.index.union(now.index)
    found = []
    for factors, needed in _CHAINS.items():
        mine = [part for part in open_ if _fits(result, against, part, [money, _GMV, *needed], (then, now))]
        found.append(_split((then, now), mine, factors, money))
        open_ = open_.difference(mine)
    found.append(_split((then, now), list(open_), ("buyers", "basket"), money))
    effects = (
        pd.concat(found)
        .reindex(columns=[*FACTORS, "whole", "change", "method"])
        .fillna(dict.fromkeys(FACTORS, 0.0))
    )
    return effects.assign(then=then[money].fillna(0.0), now=now[money].fillna(0.0))


def _told(side: pd.DataFrame) -> pd.DataFrame:
    """Return a side without parts of which nothing is known."""
    return side.dropna(how="all")


def _fits(
    result: Result, against: str, part: str, requests: Sequence[str], both: tuple[pd.DataFrame, ...]
) -> bool:
    """Whether all of `requests` are known of `part`, over the very same days."""
    known = all(part in side.index and side.loc[part, list(requests)].notna().all() for side in both)
    days = [_days(result, request, against) for request in requests]
    platforms = [part] if result.by == ("platform",) else list(days[0])
    return known and all(other.get(name) == days[0].get(name) for other in days for name in platforms)


def _days(result: Result, request: str, against: str) -> Mapping[str, frozenset[object]]:
    return result.answers[request].windows[f"{against}_now"]


def _split(
    both: tuple[pd.DataFrame, pd.DataFrame], parts: Sequence[str], factors: tuple[str, ...], money: str
) -> pd.DataFrame:
    """Return the effects on `parts` of the factors of one chain."""
    names = [*factors, *(["kept"] if money != _GMV else [])]
    then, now = (_chain(side.reindex(list(parts)), factors, money) for side in both)
    return decompose(then, now, names, money)


def _chain(side: pd.DataFrame, factors: tuple[str, ...], money: str) -> pd.DataFrame:
    """Return the factors of `money`, each the next amount over the one before."""
    steps = _CHAINS[factors]
    amounts = [*(side[name] for name in steps), side[_GMV]]
    chain = {factors[0]: amounts[0]}
    chain |= {
        name: after / before.where(before != 0)
        for name, before, after in zip(factors[1:], amounts, amounts[1:], strict=False)
    }
    chain["kept"] = side[money] / side[_GMV].where(side[_GMV] != 0)
    return pd.DataFrame(chain).assign(**{money: side[money]})
