"""How long refunds take: the planted mixture of delays, drawn from and told exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportkit.demo.world.habits import RefundHabits

__all__ = ["SUCCESS", "curve", "draw_days", "outcome_shares", "paid_back"]

SUCCESS, REFUSED, EXCHANGE, CANCELLED = range(4)
_SLOTS = 12  # of an hour, over which times of payment are spread


def outcome_shares(habits: RefundHabits, platform: str) -> np.ndarray:
    """Return (courses, 4): the chance of success, refused, exchange and cancelled, once asked for."""
    allowed = platform not in habits.no_exchange
    rest = [(one.refused, one.exchange * allowed, one.cancelled) for one in habits.courses.values()]
    return np.array([(1 - sum(row), *row) for row in rest])


def paid_back(habits: RefundHabits, platform: str) -> np.ndarray:
    """Return by course what comes back of money once it is asked for: success times the part asked."""
    partial = np.array([one.partial for one in habits.courses.values()])
    return np.asarray(
        outcome_shares(habits, platform)[:, SUCCESS] * (1 - partial * (1 - np.mean(habits.part)))
    )


def draw_days(
    habits: RefundHabits, platform: str, course: np.ndarray, burst: np.ndarray, drawn: np.ndarray
) -> np.ndarray:
    """Return days from payment to the end of each refund.

    `course` is its place in the habits, `burst` whether it was paid in a burst, `drawn` uniform on [0, 1).
    """
    start, scale, shape = (values[course] for values in _parameters(habits, platform))
    scale = scale * np.where(burst, habits.platforms[platform].slower, 1.0)
    most = _weibull(habits.last_day - start, scale, shape)
    return np.asarray(start + scale * (-np.log1p(-drawn * most)) ** (1 / shape))


def curve(
    habits: RefundHabits, platform: str, burst: bool = False, hours: Sequence[float] | None = None
) -> dict[int, float]:
    """Return by age the share of all refunded money that is back when so many days have passed.

    A refund counts at age k if its date is at most k days after the date of payment. `hours` are 24 weights
    of the hour of payment (default: even). `burst`: of orders paid in a promotion's burst.
    """
    hour = np.repeat(np.ones(24) if hours is None else np.asarray(hours, float), _SLOTS)
    left = 1 - (np.arange(len(hour)) + 0.5) / len(hour)
    rates = habits.platforms[platform]
    start, scale, shape = (values[:, None] for values in _parameters(habits, platform))
    scale = scale * (rates.slower if burst else 1.0)
    weight = np.array([rates.share[name] for name in habits.courses]) * paid_back(habits, platform)
    most = _weibull(habits.last_day - start, scale, shape)
    told = {}
    for age in habits.ages:
        by_course = np.minimum(_weibull(age + left - start, scale, shape) / most, 1) @ hour / hour.sum()
        told[age] = float(by_course @ weight / weight.sum())
    return told


def _parameters(habits: RefundHabits, platform: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return start, scale and shape by course; the scale at the platform's pace."""
    courses = habits.courses.values()
    start, scale, shape = (
        np.array([getattr(one, key) for one in courses]) for key in ("start", "scale", "shape")
    )
    return start, scale * habits.platforms[platform].pace, shape


def _weibull(days: np.ndarray, scale: np.ndarray, shape: np.ndarray) -> np.ndarray:
    """Return the share below `days`."""
    return np.asarray(-np.expm1(-((np.maximum(days, 0) / scale) ** shape)))
