"""One platform's promotion against its own ordinary days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportkit.analysis.uplift import Effects, between, counterfactual, effects, recovery
from reportkit.study.ordinary import weekdays
from reportkit.study.promotion import Promotion

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Lift", "Refunded", "lift"]

Floats = npt.NDArray[np.float64]
_SEED = 20251111  # of all platforms: what their days have in common is drawn together


@dataclass(frozen=True)
class Refunded:
    """The share of sales that is refunded in the end, of the promotion and of ordinary days, and the former's error."""

    promo: float
    ordinary: float
    error: float


@dataclass(frozen=True)
class Lift:
    """What one platform's promotion brought, in money.

    `days` is indexed by day: kind (pre, promo, post, other; empty where nothing is counted), usable (bool), what was
    asked for, and expected (gmv without the promotion), of which `draws` (draws, days) are what it might have been.
    `told` are the effects, `drawn` those of the draws; `stays` and `stays_drawn` the same of what is not refunded,
    None where that cannot be projected. `state` is that of the aftermath: ``running`` (the promotion itself),
    ``open``, ``over``, or ``cut`` by the next promotion; `counted` of its days belong to it.
    """

    platform: str
    days: pd.DataFrame
    draws: Floats
    told: Effects
    drawn: Effects
    stays: Effects | None
    stays_drawn: Effects | None
    state: str
    counted: int


def lift(
    study: Study, rules: Promotion, platform: str, days: pd.DataFrame, calendar: pd.DataFrame,
    refunded: Refunded | None,
) -> Lift:  # fmt: skip
    """Return the lift of `platform`, whose `days` have gmv, usable and busy (whether others are at their height).

    `calendar` are its own phases of all promotions. AnalysisError where too few days are ordinary.
    """
    assert isinstance(days.index, pd.DatetimeIndex)
    found = counterfactual(
        days["gmv"].fillna(0.0), days["usable"], weekdays(days.index),
        draws=rules.uplift.draws, block=rules.uplift.block, seed=_SEED,
    )  # fmt: skip
    days = days.assign(expected=found.expected, kind="")
    own = calendar[calendar["promo_id"] == study.period.id]
    state, counted = _marked(days, own, calendar, rules)
    told, drawn = (effects(days["gmv"], base, days["kind"]) for base in (found.expected, found.draws))
    stays, stays_drawn = _stays(days, found.draws, refunded) if refunded else (None, None)
    if not between(drawn.other, rules.uplift.sure)[0] > 0:
        told, drawn = told.alone(), drawn.alone()
        stays, stays_drawn = (each and each.alone() for each in (stays, stays_drawn))
    return Lift(platform, days, found.draws, told, drawn, stays, stays_drawn, state, counted)


def _marked(
    days: pd.DataFrame, own: pd.DataFrame, calendar: pd.DataFrame, rules: Promotion
) -> tuple[str, int]:
    """Write the kind of every day into `days`; return the state of the aftermath and its length."""
    days.loc[days["busy"], "kind"] = "other"
    for _, row in own[own["kind"] != "post"].sort_values("first").iterrows():
        days.loc[row["first"] : row["last"], "kind"] = row["kind"]
    if own.empty:
        return "over", 0
    end, last = own.loc[own["kind"] != "post", "last"].max(), days.index[-1]
    if last < end:
        return "running", 0
    begins = calendar.loc[(calendar["first"] > end) & (calendar["promo_id"] != own["promo_id"].iloc[0]), "first"].min()  # fmt: skip
    after = days[(days.index > end) & ~(days.index >= begins)]
    count, over = recovery(
        after["gmv"], after["expected"],
        within=rules.uplift.within, run=rules.uplift.run, most=rules.uplift.most,
    )  # fmt: skip
    days.loc[after.index[:count], "kind"] = "post"
    return "over" if over else "cut" if begins <= last else "open", count


def _stays(days: pd.DataFrame, draws: Floats, refunded: Refunded) -> tuple[Effects, Effects]:
    """Return the effects of what is not refunded, and their draws."""
    rng = np.random.default_rng(_SEED)
    error = rng.normal(0.0, refunded.error, len(draws))[:, None]
    promo = (days["kind"] == "promo").to_numpy()
    gmv, usual = days["gmv"].to_numpy(dtype=float), 1 - refunded.ordinary
    stays = np.where(promo, 1 - refunded.promo, usual)
    drawn = gmv * np.where(promo, 1 - np.clip(refunded.promo + error, 0, 1), usual)
    return (
        effects(gmv * stays, days["expected"] * usual, days["kind"]),
        effects(drawn, draws * usual, days["kind"]),
    )
