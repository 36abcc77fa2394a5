"""What a promotion brought beyond what its days would have brought without it, platform by platform and together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
from scipy.special import ndtri

from reportkit.analysis.uplift import Effects, between
from reportkit.errors import AnalysisError
from reportkit.metrics.projected import projection
from reportkit.metrics.query import Result
from reportkit.quality.figure import Figure, Unit
from reportkit.study.lifts import Lift, Refunded, lift
from reportkit.study.phases import platforms_of
from reportkit.study.promotion import Promotion
from reportkit.study.usable import usable_days

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["QUANTITIES", "Range", "Uplift", "uplift"]

QUANTITIES = ("gross", "pre", "post", "other", "net")
_REQUESTS = ("gmv", "refund_final", "ad_spend", "merchant_discount", "list_amount")
_MARGIN = ("contribution_before_ads.pay_date", "net_sales.pay_date", "cost_coverage")
_DURING = ("pre", "promo", "post")


@dataclass(frozen=True)
class Range:
    """An estimate and the interval around it; `sure` where zero lies beyond the wider one."""

    value: float
    low: float
    high: float
    sure: bool


@dataclass(frozen=True)
class Uplift:
    """What all platforms brought together; `untold` are those with too few ordinary days to learn from.

    `spend` is what advertising cost beyond ordinary days, `discount` what the merchant gave away on sales that it would
    have made anyway (money); `margin` is the contribution before advertising to net sales, None where costs are not
    known well enough.
    """

    promo_id: str
    lifts: tuple[Lift, ...]
    untold: tuple[str, ...]
    result: Result
    rules: Promotion
    spend: float
    discount: float
    margin: float | None

    @property
    def state(self) -> str:
        """``running`` or ``open`` where that holds of any platform: net is then the most it can be; else ``over``."""
        states = {each.state for each in self.lifts}
        return next((name for name in ("running", "open") if name in states), "over")

    def range(self, quantity: str, platform: str = "", *, stays: bool = False) -> Range | None:
        """Return one of QUANTITIES in money, or ``forward`` as a share, of a platform or of all together.

        `stays` leaves out what is refunded in the end; None where that cannot be told, or of a platform not here.
        """
        chosen = [each for each in self.lifts if platform in ("", each.platform)]
        told = [each.stays if stays else each.told for each in chosen]
        drawn = [each.stays_drawn if stays else each.drawn for each in chosen]
        if not chosen or None in told:
            return None
        value, draws = (np.asarray(getattr(_added(each), quantity)) for each in (told, drawn))
        return self._ranged(value, draws)

    @property
    def profit(self) -> Range | None:
        """Return net increment that stays × margin - spend - discount; None where margin or refunds are not known."""
        return None if self.margin is None else self._net(self.margin, self.spend + self.discount)

    @property
    def roi(self) -> Range | None:
        """Return net increment that stays / spend; None where too little more was spent, or refunds are not known."""
        least = self.rules.uplift.spent * sum(
            float(each.days["ad_spend"][_during(each)].sum()) for each in self.lifts
        )
        return self._net(1 / self.spend, 0.0) if self.spend > max(least, 0.0) else None

    def days(self) -> pd.DataFrame:
        """Return by day of the promotion and what belongs to it, of all platforms: actual, expected, low and high."""
        days = pd.DatetimeIndex(
            np.unique(np.concatenate([each.days.index[_during(each)] for each in self.lifts]))
        )
        places = self.lifts[0].days.index.get_indexer(days)
        draws = sum((each.draws[:, places] for each in self.lifts), np.zeros(1))
        ends = [between(column, self.rules.uplift.level) for column in draws.T]
        sides = {
            name: np.sum([each.days[column].to_numpy()[places] for each in self.lifts], axis=0)
            for name, column in (("actual", "gmv"), ("expected", "expected"))
        }
        return pd.DataFrame(
            {**sides, "low": [low for low, _ in ends], "high": [high for _, high in ends]}, days
        )

    def figure(self, name: str, value: float, unit: Unit = "money", platform: str = "") -> Figure:
        """Return a number about the uplift, with the rows of the days it was learned from and found on."""
        dims = {"platform": platform} if platform else {}
        return Figure(f"uplift.{name}", value, unit, dims, self.result.rows_sql("gmv", **dims))

    def _net(self, times: float, less: float) -> Range | None:
        if any(each.stays is None for each in self.lifts):
            return None
        told, drawn = ([getattr(each, name) for each in self.lifts] for name in ("stays", "stays_drawn"))
        return self._ranged(_added(told).net * times - less, _added(drawn).net * times - less)

    def _ranged(self, value: Any, draws: Any) -> Range:
        low, high = between(draws, self.rules.uplift.level)
        least, most = between(draws, self.rules.uplift.sure)
        return Range(float(value), low, high, bool(least > 0 or most < 0))


def _during(told: Lift) -> pd.Series:
    """Return which days belong to the promotion or to what surrounds it (bool)."""
    return told.days["kind"].isin(_DURING)


def _added(parts: list[Any]) -> Effects:
    return cast(Effects, reduce(add, parts))


def uplift(study: Study, rules: Promotion, calendar: pd.DataFrame) -> Uplift | None:
    """Return what the promotion brought that the period of `study` is; None of any other, or where nothing tells.

    `calendar` is that of study.phases.promo_calendar.
    """
    own = calendar[calendar["promo_id"] == study.period.id]
    if study.period.kind != "promo" or own.empty or own["first"].min() > pd.Timestamp(study.as_of):
        return None
    first = own["first"].min() - pd.Timedelta(days=rules.ordinary.before)
    last = min(own["last"].max() + pd.Timedelta(days=rules.ordinary.after), pd.Timestamp(study.as_of))
    span = pd.date_range(first, last, name="day")
    result = study.ask(_REQUESTS, by=["platform", "day"], period=f"{first:%Y-%m-%d}/{last:%Y-%m-%d}")
    usable = usable_days(study, span, calendar, rules.ordinary)
    errors = _errors(study)
    lifts, untold = [], []
    for platform in platforms_of(study):
        days = _days(
            result, platform, span, usable[platform], _busy(calendar, rules, study.period.id, platform)
        )
        mine = calendar[calendar["platform"] == platform]
        refunded = _refunded(days, mine[mine["promo_id"] == study.period.id], errors.get(platform))
        if found := _lift(study, rules, platform, days, mine, refunded):
            lifts.append(found)
        else:
            untold.append(platform)
    if not lifts:
        return None
    spend, discount = sum(map(_spend, lifts)), sum(map(_discount, lifts))
    return Uplift(
        study.period.id, tuple(lifts), tuple(untold), result, rules, spend, discount, _margin(study)
    )


def _lift(
    study: Study, rules: Promotion, platform: str, days: pd.DataFrame, calendar: pd.DataFrame,
    refunded: Refunded | None,
) -> Lift | None:  # fmt: skip
    if days["usable"].sum() < rules.ordinary.least:
        return None
    try:
        return lift(study, rules, platform, days, calendar, refunded)
    except AnalysisError:
        return None


def _days(
    result: Result, platform: str, span: pd.DatetimeIndex, usable: pd.Series, busy: list[tuple[Any, Any]]
) -> pd.DataFrame:
    """Return what was asked for by day of `span`, with usable and busy; a day on which others are busy is not ordinary."""
    own = result.frame[result.frame["platform_id"] == platform]
    days = own.pivot(index="day", columns="metric", values="value").reindex(
        index=span, columns=list(_REQUESTS)
    )
    high = np.logical_or.reduce(
        [np.zeros(len(span), bool), *((span >= first) & (span <= last) for first, last in busy)]
    )
    return days.assign(usable=usable & days["gmv"].notna() & ~high, busy=high)


def _busy(calendar: pd.DataFrame, rules: Promotion, promo_id: str, platform: str) -> list[tuple[Any, Any]]:
    """Return when other platforms are at the height of the promotion."""
    others = (calendar["promo_id"] == promo_id) & (calendar["platform"] != platform)
    heights = calendar[others & calendar["phase"].isin(rules.phases.heights)]
    return list(zip(heights["first"], heights["last"], strict=True))


def _errors(study: Study) -> dict[str, float]:
    """Return by platform the standard error of the share of the promotion's sales that is refunded in the end."""
    found = projection(study.metrics, study.period, study.scope, study.as_of).dropna(subset=["low", "high"])
    wide = 2 * float(ndtri((1 + study.project.policy.maturity.interval) / 2))
    errors = ((found["high"] - found["low"]) / found["paid"] / wide).clip(lower=0.0)
    return dict(zip(found["platform"], errors, strict=True))


def _refunded(days: pd.DataFrame, own: pd.DataFrame, error: float | None) -> Refunded | None:
    """Return which shares of sales are refunded in the end; None where they cannot be projected."""
    promo = pd.Series(False, days.index)
    for _, row in own[own["kind"] == "promo"].iterrows():
        promo[row["first"] : row["last"]] = True
    rates = [_share(days[chosen], "refund_final", "gmv") for chosen in (promo, days["usable"])]
    known = error is not None and not np.isnan([*rates, error]).any()
    return Refunded(rates[0], rates[1], float(error or 0.0)) if known else None


def _share(days: pd.DataFrame, part: str, whole: str) -> float:
    both = days.dropna(subset=[part, whole])
    total = float(both[whole].sum())
    return float(both[part].sum()) / total if total > 0 else np.nan


def _spend(told: Lift) -> float:
    """Return what the counted days spent on advertising beyond as many ordinary ones."""
    spent = told.days.loc[_during(told), "ad_spend"].dropna()
    usual = told.days.loc[told.days["usable"], "ad_spend"].mean()
    return float(spent.sum() - len(spent) * usual) if len(spent) and usual == usual else 0.0


def _discount(told: Lift) -> float:
    """Return what was given away, beyond the ordinary discount, on what would have been sold anyway."""
    promo = told.days["kind"] == "promo"
    rates = [
        _share(told.days[chosen], "merchant_discount", "list_amount")
        for chosen in (promo, told.days["usable"])
    ]
    if np.isnan(rates).any() or rates[1] >= 1:
        return 0.0
    listed = float(told.days.loc[promo, "expected"].sum()) / (1 - rates[1])
    return listed * (rates[0] - rates[1])


def _margin(study: Study) -> float | None:
    """Return the contribution before advertising to net sales; None where too few sales have a known cost."""
    found = study.ask(_MARGIN)
    earned, sold, costed = (found.cell(request) for request in _MARGIN)
    if earned is None or not sold or (costed or 0.0) < study.project.policy.limits.costed:
        return None
    return earned / sold
