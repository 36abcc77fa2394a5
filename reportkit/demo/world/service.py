"""Customer service: sessions that follow visitors, orders and refunds, and answers that slow down under load."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportkit.demo.world.habits import ServiceHabits, Team

__all__ = ["service_days"]

_MINUTE = 60


def service_days(
    habits: ServiceHabits,
    days: np.ndarray,
    visitors: np.ndarray,
    orders: np.ndarray,
    asked: np.ndarray,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return one row a day and team: day, team, sessions, converted, rated, satisfied, first_response_s, avg_response_s.

    `days` are a month's midnights (datetime64[s]); beside them the shop's visitors, the orders paid and the
    refunds asked for. Beyond what the team can take on an ordinary (the median) day, answers queue up.
    """
    drivers = {"visitors": visitors, "orders": orders, "asked": asked}
    parts = [_team(habits, name, team, days, drivers, rng) for name, team in habits.teams.items()]
    frame = pd.concat(parts, ignore_index=True)
    return frame.sort_values("day", kind="stable", ignore_index=True)


def _team(
    habits: ServiceHabits,
    name: str,
    team: Team,
    days: np.ndarray,
    drivers: dict[str, np.ndarray],
    rng: np.random.Generator,
) -> pd.DataFrame:
    expected = sum(getattr(team, driver) * count for driver, count in drivers.items())
    noise = rng.lognormal(-(habits.noise**2) / 2, habits.noise, len(days))
    sessions = rng.poisson(expected * noise)
    excess = np.maximum(sessions / max(habits.headroom * np.median(expected), 1.0) - 1, 0)
    slower = 1 + habits.queue.slope * excess**habits.queue.power
    first, average = (
        (usual * slower * rng.lognormal(0, habits.noise, len(days))).round(1)
        for usual in (team.first, team.average)
    )
    rated = rng.binomial(sessions, habits.rated)
    well = habits.satisfied.best - habits.satisfied.per_minute * first / _MINUTE
    return pd.DataFrame(
        {
            "day": days,
            "team": name,
            "sessions": sessions,
            "converted": rng.binomial(sessions, team.converted),
            "rated": rated,
            "satisfied": rng.binomial(rated, np.maximum(well, habits.satisfied.least)),
            "first_response_s": first,
            "avg_response_s": np.maximum(first, average),
        }
    )
