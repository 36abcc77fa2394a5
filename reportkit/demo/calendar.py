"""The demo's calendar: promotions of every year, and what each day does to visitors and conversion."""

from __future__ import annotations

from datetime import date

import pandas as pd

from reportkit.demo.merchant import Merchant

__all__ = ["days", "promotions"]

_EVEN = {"visitors": 1.0, "cvr": 1.0, "discount": 1.0, "presale": 0.0}


def promotions(merchant: Merchant, years: list[int]) -> pd.DataFrame:
    """Return one row a phase of every promotion in `years`: promo_id, name, phase, start, end, ref.

    `start` and `end` are dates, both inside; `ref` is the same promotion a year before, or None.
    """
    rows = [
        {
            "promo_id": f"{key}-{year}",
            "name": f"{promotion.name} {year}",
            "phase": phase,
            "start": date.fromisoformat(f"{year}-{first}"),
            "end": date.fromisoformat(f"{year}-{last}"),
            "ref": f"{key}-{year - 1}" if year - 1 in years else None,
        }
        for year in years
        for key, promotion in merchant.promotions.items()
        for phase, (first, last) in promotion.phases.items()
    ]
    return pd.DataFrame(rows)


def days(merchant: Merchant, start: date, end: date) -> pd.DataFrame:
    """Return one row a day from `start` to `end`: date, season, phase, promo_id, and the phase's factors."""
    frame = pd.DataFrame({"date": pd.date_range(start, end, unit="s")})
    weekday = frame["date"].dt.day_of_week.map(dict(enumerate(merchant.weekdays)))
    month = frame["date"].dt.month.map(dict(enumerate(merchant.months, start=1)))
    frame["season"] = weekday * month
    frame["promo_id"], frame["phase"] = "", ""
    for phase in promotions(merchant, list(range(start.year, end.year + 1))).to_dict("records"):
        inside = frame["date"].between(pd.Timestamp(phase["start"]), pd.Timestamp(phase["end"]))
        for column in ("promo_id", "phase"):
            frame.loc[inside, column] = phase[column]
    for factor, even in _EVEN.items():
        by_phase = {name: getattr(phase, factor) for name, phase in merchant.phases.items()}
        frame[factor] = frame["phase"].map(by_phase).fillna(even)
    return frame
