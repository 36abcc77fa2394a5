"""Days of payment and the refunds that followed them, read from the lake as metrics count both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reportkit.engines import DuckDBEngine, quoted
from reportkit.metrics.available import Available
from reportkit.metrics.catalog import Catalog, Measure
from reportkit.metrics.compile import Request
from reportkit.metrics.coverage import Days
from reportkit.project import Maturity

__all__ = ["Followed", "read_followed"]

_PAID, _ORDERS, _REFUNDED, _FOLLOWED = "gmv", "orders", "refund_amount", "net_sales"
_BASIS = "pay_date"
_KEYS = ["platform_id", "paid_date"]
_DAY = "datetime64[us]"


@dataclass(frozen=True)
class Followed:
    """The days of payment whose refunds are followed, by platform, oldest first.

    `days` has platform_id, paid_date, until (the last day up to which refunds have been downloaded without a
    gap), paid (money), orders and promo (id of the promotion whose burst it is; empty on ordinary days). `refunds`
    are those made up to each age in days (days, ages), as far as the lake has them. `references` names the
    promotion that each is compared with.
    """

    days: pd.DataFrame
    refunds: np.ndarray
    references: dict[str, str]


def read_followed(engine: DuckDBEngine, available: Available, policy: Maturity) -> Followed:
    """Read them: paid, orders and refunds are the metrics gmv, orders and refund_amount by day of payment."""
    catalog, coverage = available.catalog, available.coverage
    followed = available.days(Request("", catalog[_FOLLOWED], _BASIS), coverage.platforms)
    parts = [_until(name, days, coverage.of(name, ["refunds"])) for name, days in followed.items()]
    days = pd.concat(parts, ignore_index=True) if parts else _until("", frozenset(), frozenset())
    joined = [_sums(engine, catalog, _PAID), _sums(engine, catalog, _ORDERS)]
    for frame in [*joined, _promo_days(engine, coverage.platforms, policy.promo_phases)]:
        days = days.merge(frame, how="left", on=_KEYS)
    days = days.rename(columns={_PAID: "paid"}).fillna({"paid": 0.0, "orders": 0.0, "promo": ""})
    references = engine.rows(
        "SELECT promo_id, max(ref_promo_id) FROM promos WHERE ref_promo_id IS NOT NULL GROUP BY ALL"
    )
    return Followed(days, _refunds(engine, catalog, days, policy.last_age), dict(references))


def _until(platform: str, days: Days, refunds: Days) -> pd.DataFrame:
    """Return for every one of `days`, all among `refunds`, where the run of `refunds` that it is in ends."""
    covered = pd.Series(sorted(refunds), dtype=_DAY)
    run = (covered.diff() != pd.Timedelta(days=1)).cumsum()
    frame = pd.DataFrame({"paid_date": covered, "until": covered.groupby(run).transform("max")})
    kept = frame[frame["paid_date"].isin(pd.Series(sorted(days), dtype=_DAY))]
    return kept.assign(platform_id=platform).reset_index(drop=True)


def _refunds(engine: DuckDBEngine, catalog: Catalog, days: pd.DataFrame, last_age: int) -> np.ndarray:
    measure = _measure(catalog, _REFUNDED)
    known_on = catalog.views[measure.table].known_on or measure.column("refund_date")
    age = f"greatest(0, date_diff('day', {measure.column(_BASIS)}, {known_on}))"
    found = _sums(engine, catalog, _REFUNDED, f"{age} AS age")
    index = pd.MultiIndex.from_frame(days[_KEYS])
    place = index.get_indexer(pd.MultiIndex.from_frame(found[_KEYS]))
    kept = (place >= 0) & (found["age"] <= last_age).to_numpy()
    made = np.zeros((len(days), last_age + 1))
    made[place[kept], found["age"].to_numpy()[kept]] = found[_REFUNDED].to_numpy()[kept]
    return made.cumsum(axis=1)


def _sums(engine: DuckDBEngine, catalog: Catalog, metric: str, *by: str) -> pd.DataFrame:
    """Return `metric` by platform_id, paid_date and the columns `by`."""
    measure = _measure(catalog, metric)
    platform, day = catalog.views[measure.table].dimensions["platform"], measure.column(_BASIS)
    shown = ", ".join([f"{platform} AS platform_id", f"{day} AS paid_date", *by])
    frame = engine.frame(
        f"SELECT {shown}, CAST({measure.sql} AS DOUBLE) AS {metric} FROM {measure.table} "
        f"WHERE ({measure.where}) AND {day} IS NOT NULL GROUP BY ALL ORDER BY ALL"
    )
    return frame.astype({"paid_date": _DAY})


def _measure(catalog: Catalog, metric: str) -> Measure:
    return catalog.leaves(metric, _BASIS)[0].measure


def _promo_days(engine: DuckDBEngine, platforms: tuple[str, ...], phases: tuple[str, ...]) -> pd.DataFrame:
    """Return platform_id, paid_date and promo of the days in `phases`; of two promotions the one begun last."""
    listed = ", ".join(f"({quoted(name)})" for name in platforms or ("",))
    frame = engine.frame(
        "SELECT platform_id, paid_date, max_by(promo_id, start_date) AS promo FROM (SELECT platform.name AS platform_id, promo_id, "
        "start_date, unnest(generate_series(start_date, end_date, INTERVAL 1 DAY)) AS paid_date FROM promos AS promo "
        f"JOIN (VALUES {listed}) AS platform(name) ON promo_platform IN (platform.name, 'all') "
        f"WHERE phase IN ({', '.join(map(quoted, phases)) or 'NULL'})) AS days GROUP BY ALL ORDER BY ALL"
    )
    return frame.astype({"paid_date": _DAY})
