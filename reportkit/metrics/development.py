"""How refunds develop: for every platform and day of payment, what is seen as of a day and what is to come.

Views whose SQL names ``{as_of}`` read it from the table ``refund_development``, which holds the days of every
`as_of` asked for so far: the final refunds of any rows are ``grow`` × refunds seen + ``to_come`` × money paid.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from reportkit.analysis.maturity import Blend, Cohorts, coefficients, factors, prior_rate, visible
from reportkit.engines import DuckDBEngine
from reportkit.metrics.available import Available
from reportkit.metrics.cohorts import Followed, read_followed
from reportkit.metrics.coverage import Days
from reportkit.project import Maturity

__all__ = ["Development", "Developments", "Origin", "make_table"]

_TABLE = "refund_development"
_COLUMNS = {
    "as_of": "DATE",
    "platform_id": "VARCHAR",
    "paid_date": "DATE",
    "counted_to": "DATE",
    "visible": "DOUBLE",
    "grow": "DOUBLE",
    "to_come": "DOUBLE",
}


@dataclass(frozen=True)
class Origin:
    """What the days of one platform, ordinary or of one promotion, are projected by.

    `level` says whose curve it is: ``own`` (the platform's days of this kind), ``platform`` or ``all``. `visible`
    (ages,) comes from `history`, the usual `rate` from `usual`.
    """

    level: str
    history: Cohorts
    usual: Cohorts
    visible: np.ndarray
    rate: float


@dataclass(frozen=True)
class Development:
    """What is known of refunds as of a day.

    `days` has a row per platform and day of payment whose refunds are followed: platform_id, paid_date, promo (the
    promotion's id, empty on ordinary days), paid, orders, age (days seen), counted_to (last day seen), visible,
    grow and to_come, NaN where there is too little history. `cohorts` are the same rows' refunds by age, `origins`
    what each platform and promo is projected by.
    """

    days: pd.DataFrame
    cohorts: Cohorts
    origins: dict[tuple[str, str], Origin]

    @cached_property
    def known(self) -> dict[str, Days]:
        """The days of each platform; a platform of which one day cannot be projected has none."""
        groups = self.days.groupby("platform_id")
        return {
            str(name): frozenset(days["paid_date"].dt.date)
            for name, days in groups
            if days["to_come"].notna().all()
        }


def make_table(engine: DuckDBEngine) -> None:
    """Make the table that views read, empty."""
    columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
    engine.connection.execute(f"CREATE OR REPLACE TABLE {_TABLE} ({columns})")


class Developments:
    """The developments of one lake, each made when its `as_of` is first asked for."""

    def __init__(self, engine: DuckDBEngine, available: Available, policy: Maturity) -> None:
        self.policy = policy
        self.blend = Blend(*policy.blend, policy.blend_orders)
        self._engine, self._available = engine, available
        self._made: dict[date, Development] = {}

    def of(self, as_of: date) -> Development:
        """Return the development as of a day; from then on the views that read it can be asked about that day."""
        if as_of not in self._made:
            self._made[as_of] = made = self._develop(as_of)
            rows = made.days.assign(as_of=pd.Timestamp(as_of))[list(_COLUMNS)]
            self._engine.connection.register("developed", rows)
            self._engine.connection.execute(f"INSERT INTO {_TABLE} FROM developed")
            self._engine.connection.unregister("developed")
        return self._made[as_of]

    @cached_property
    def _followed(self) -> Followed:
        return read_followed(self._engine, self._available, self.policy)

    def _develop(self, as_of: date) -> Development:
        today, followed = pd.Timestamp(as_of), self._followed
        past = (followed.days["paid_date"] <= today).to_numpy()
        days, refunds = followed.days[past].reset_index(drop=True), followed.refunds[past]
        until = days.pop("until")
        seen = until.where(until <= today, today)
        age = (seen - days["paid_date"]).dt.days.to_numpy().clip(max=self.policy.last_age)
        refunds = np.where(np.arange(refunds.shape[1]) <= age[:, None], refunds, np.nan)
        cohorts = Cohorts(days["paid"].to_numpy(), days["orders"].to_numpy(), refunds)
        days = days.assign(age=age, counted_to=seen.mask(cohorts.mature, today))
        origins = _History(self.policy, days, cohorts, followed.references).origins()
        return Development(days.assign(**self._coefficients(days, origins)), cohorts, origins)

    def _coefficients(
        self, days: pd.DataFrame, origins: dict[tuple[str, str], Origin]
    ) -> dict[str, np.ndarray]:
        share, rate = np.full(len(days), np.nan), np.full(len(days), np.nan)
        age = days["age"].to_numpy()
        for (platform, promo), origin in origins.items():
            own = ((days["platform_id"] == platform) & (days["promo"] == promo)).to_numpy()
            share[own], rate[own] = origin.visible[age[own]], origin.rate
        grow, to_come = coefficients(share, days["orders"].to_numpy(), rate, self.blend)
        return {"visible": share, "grow": grow, "to_come": to_come}


@dataclass(frozen=True)
class _History:
    """Chooses, among the days of all platforms, those that tell how others develop."""

    policy: Maturity
    days: pd.DataFrame
    cohorts: Cohorts
    references: dict[str, str]

    def origins(self) -> dict[tuple[str, str], Origin]:
        """Return what every platform and promotion is projected by, where there is enough history."""
        keys = self.days[["platform_id", "promo"]].drop_duplicates().itertuples(index=False, name=None)
        found = {key: self._origin(*key) for key in keys}
        return {key: origin for key, origin in found.items() if origin}

    def _origin(self, platform: str, promo: str) -> Origin | None:
        own = (self.days["platform_id"] == platform).to_numpy()
        alike = own & (self._promoted == bool(promo))
        levels = {"own": alike, "platform": own, "all": np.ones(len(own), bool)}
        level = next((name for name, rows in levels.items() if self._makes_curve(rows)), None)
        usual = next(
            (rows for rows in self._usual(own, promo) if self._has(rows, self.policy.prior_orders)), None
        )
        if level is None or usual is None:
            return None
        history, before = self.cohorts.take(levels[level] & self._recent), self.cohorts.take(usual)
        return Origin(level, history, before, visible(factors(history.refunds)), prior_rate(before))

    def _makes_curve(self, rows: np.ndarray) -> bool:
        done = rows & self._recent & self.cohorts.mature
        enough = done.sum() >= self.policy.curve_cohorts and self._has(done, self.policy.curve_orders)
        return bool(enough and self.cohorts.now[done].any())

    def _has(self, rows: np.ndarray, orders: int) -> bool:
        return bool(self.cohorts.orders[rows].sum() >= orders)

    def _usual(self, own: np.ndarray, promo: str) -> Iterator[np.ndarray]:
        """Yield the days whose rate may stand in, best first.

        For a promotion those of the one it is compared with, then of the latest one; then ordinary days of the
        platform, then of all.
        """
        done = self.cohorts.mature & self._recent
        if promo:
            bursts = self.days["promo"].where(own & done & self._promoted)
            for name in (self.references.get(promo), *bursts.dropna().tail(1)):
                yield (bursts == name).to_numpy()
        ordinary = done & ~self._promoted
        for rows in (own & ordinary, ordinary):
            day = self.days["paid_date"].where(rows)
            last = np.sort(day.dropna().unique())[-self.policy.prior_days :]
            yield day.isin(last).to_numpy()

    @cached_property
    def _promoted(self) -> np.ndarray:
        return (self.days["promo"] != "").to_numpy()

    @cached_property
    def _recent(self) -> np.ndarray:
        day = self.days["paid_date"]
        return np.asarray(day > day.max() - pd.Timedelta(days=self.policy.history_days))
