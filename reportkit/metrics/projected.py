"""Projected refunds as a page shows them: what is seen, what it comes to within which range, and the curves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from reportkit.analysis.maturity import Cohorts, badge, incidence, maturity, simulate
from reportkit.metrics.development import Development, Developments, Origin
from reportkit.metrics.periods import Period
from reportkit.metrics.query import Metrics

__all__ = ["ALL", "CURVES", "curves", "projection"]

ALL = "all"
CURVES = ("period", "promo", "normal")

_METRICS = {
    "net_sales_final": "paid",
    "refund_amount.pay_date": "refunded",
    "refund_final": "final",
    "refund_maturity": "maturity",
}
_LEVELS = ("own", "platform", "all")
_SEED = 20251111


@dataclass(frozen=True)
class _Error:
    """By how much a projection may miss: draws around 0 and a fixed width besides, money; whose curves it uses."""

    draws: np.ndarray
    width: float
    level: str

    def __add__(self, other: _Error) -> _Error:
        level = max(self.level, other.level, key=_LEVELS.index)
        return _Error(self.draws + other.draws, self.width + other.width, level)

    def bounds(self, share: float) -> tuple[float, float]:
        """Return the lower and upper bound that hold the given share of cases, and the projection itself."""
        low, high = np.quantile(self.draws, [(1 - share) / 2, (1 + share) / 2])
        return min(float(low), 0.0) - self.width, max(float(high), 0.0) + self.width


def projection(
    metrics: Metrics,
    period: str | Period,
    scope: Mapping[str, Sequence[str]] | None = None,
    as_of: date | None = None,
) -> pd.DataFrame:
    """Return what the refunds of the orders paid in `period` come to: a row a platform, then one of ALL.

    Columns: platform; paid, refunded (so far), final, low and high (money); maturity (0 to 1) and badge (one of
    analysis.maturity.BADGES); level (whose curve: ``own``, ``platform`` or ``all``, the widest used). Missing
    where a platform's refunds cannot be projected; ALL is the sum of those that can. Between low and high lies
    the final amount in the share of cases of policy.maturity.interval; both are missing where `scope` names more
    than platforms, as the spread of a part is not known.
    """
    span = period if isinstance(period, Period) else metrics.period(period)
    day = as_of or metrics.last_day or span.end
    found = metrics.query(list(_METRICS), by=["platform"], period=span, scope=scope, as_of=day)
    frame = found.wide().rename(columns={"platform_id": "platform"} | _METRICS)
    frame["paid"] += frame["final"]
    frame.loc[frame["final"].isna(), list(_METRICS.values())] = np.nan
    frame = pd.concat([frame, _total(frame.dropna(subset="final"))], ignore_index=True)
    days = found.answers["refund_final"].windows["value"]
    errors = {name: _error(metrics.developments, day, name, window) for name, window in days.items()}
    if errors:
        first, *others = errors.values()
        errors[ALL] = sum(others, first)
    policy = metrics.project.policy.maturity
    frame["badge"] = [badge(value, policy.badges) for value in frame["maturity"]]
    frame["level"] = [errors[name].level if name in errors else None for name in frame["platform"]]
    only_platforms = set(scope or {}) <= {"platform"}
    bounds = [
        errors[name].bounds(policy.interval) if name in errors and only_platforms else (np.nan, np.nan)
        for name in frame["platform"]
    ]
    low, high = np.array(bounds).T
    frame["low"], frame["high"] = (frame["final"] + low).clip(lower=frame["refunded"]), frame["final"] + high
    return frame[["platform", "paid", "refunded", "final", "low", "high", "maturity", "badge", "level"]]


def _total(known: pd.DataFrame) -> pd.DataFrame:
    sums = known[["paid", "refunded", "final"]].sum(min_count=1)
    share = maturity(known["paid"].to_numpy(), known["maturity"].to_numpy())
    return pd.DataFrame([{"platform": ALL, **sums, "maturity": share}])


def _error(developments: Developments, as_of: date, platform: str, days: Collection[date]) -> _Error:
    """Return how far the projection of `days` of payment on `platform` may be from what comes."""
    policy, made = developments.policy, developments.of(as_of)
    young = (made.days["platform_id"] == platform) & _among(made, days) & ~made.cohorts.mature
    error = _Error(np.zeros(policy.draws), 0.0, _LEVELS[0])
    for place, (promo, rows) in enumerate(made.days[young].groupby("promo")):
        origin, target = made.origins[platform, str(promo)], made.cohorts.take(rows.index.to_numpy())
        if origin.history.mature.sum() < policy.interval_cohorts:
            error += _Error(error.draws * 0, policy.interval_floor * target.paid.sum(), origin.level)
        else:
            final = (rows["grow"] * target.now + rows["to_come"] * target.paid).sum()
            seed = [_SEED, place, *platform.encode()]
            error += _Error(_drawn(developments, origin, target, seed) - final, 0.0, origin.level)
    return error


def _drawn(developments: Developments, origin: Origin, target: Cohorts, seed: list[int]) -> np.ndarray:
    policy = developments.policy
    return simulate(
        origin.history, origin.usual, target, developments.blend,
        times=policy.draws, block=policy.block_days, seed=seed,
    )  # fmt: skip


def _among(made: Development, days: Collection[date]) -> pd.Series:
    return made.days["paid_date"].isin(pd.Series(list(days), dtype="datetime64[us]"))


def curves(
    metrics: Metrics, period: Period, platforms: Collection[str], as_of: date | None = None
) -> pd.DataFrame:
    """Return the cumulative refund rates by days since payment, of `platforms` together, in long form.

    Columns: curve (one of CURVES: ``period`` itself; ``promo``, the promotion it is compared with, else the last
    one before it; ``normal``, the latest ordinary days before it; the last two as far as mature), promo (its id,
    else empty), age (days), rate (Σ refunds / Σ paid) and seen (the share of the money paid that is that old; below
    1 the rate rests on the older part). A curve without days is left out.
    """
    made = metrics.developments.of(as_of or metrics.last_day or period.end)
    ours = made.days[made.days["platform_id"].isin(list(platforms))]
    done = ours[made.cohorts.mature[ours.index] & (ours["paid_date"] < pd.Timestamp(period.start))]
    bursts, ordinary = done[done["promo"] != ""], done[done["promo"] == ""]
    names = [
        period.reference.id if period.reference else "",
        *bursts.sort_values("paid_date")["promo"].tail(1),
    ]
    promo = next((name for name in names if name in set(bursts["promo"])), "")
    recent = np.sort(ordinary["paid_date"].unique())[-metrics.developments.policy.prior_days :]
    chosen = (
        ("", ours[_among(made, period.dates())[ours.index]]),
        (promo, bursts[bursts["promo"] == promo]),
        ("", ordinary[ordinary["paid_date"].isin(recent)]),
    )
    parts = [
        _curve(made.cohorts.take(rows.index.to_numpy())).assign(curve=name, promo=label)
        for name, (label, rows) in zip(CURVES, chosen, strict=True)
    ]
    return pd.concat(parts, ignore_index=True)[["curve", "promo", "age", "rate", "seen"]]


def _curve(cohorts: Cohorts) -> pd.DataFrame:
    paid = cohorts.paid @ ~np.isnan(cohorts.refunds)
    frame = pd.DataFrame({"age": np.arange(len(paid)), "rate": incidence(cohorts), "paid": paid})
    return frame[frame["paid"] > 0].assign(seen=lambda kept: kept["paid"] / cohorts.paid.sum())
