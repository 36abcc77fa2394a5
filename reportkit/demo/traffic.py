"""Visitors and advertising of each platform's day, before anybody has ordered."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportkit.demo.merchant import Merchant

__all__ = ["ads", "traffic"]

_NOISE = 0.06
_TYPICAL_ORDER = 23_000  # fen
_CLICK_COST = 165  # fen


def traffic(merchant: Merchant, days: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row a platform and day: platform, day (row of `days`), visitors, cvr.

    In the last month every platform keeps `cvr_drop` of its conversion.
    """
    years = np.arange(len(days)) / 365
    last = days["date"].dt.to_period("M") == days["date"].iloc[-1].to_period("M")
    parts = []
    for platform, shop in merchant.platforms.items():
        noise = rng.lognormal(0, _NOISE, len(days))
        expected = shop.visitors * (1 + shop.growth) ** years * days["season"] * days["visitors"] * noise
        cvr = shop.cvr * days["cvr"] * np.where(last, shop.cvr_drop, 1.0)
        parts.append(
            pd.DataFrame(
                {"platform": platform, "day": days.index, "visitors": rng.poisson(expected), "cvr": cvr}
            )
        )
    return pd.concat(parts, ignore_index=True)


def ads(merchant: Merchant, traffic: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row a platform, day and scene: spend, impressions, clicks, gmv, orders, new_buyers.

    `spend` and `gmv` (what the platform claims) are whole fen.
    """
    parts = []
    for platform, shop in merchant.platforms.items():
        of_platform = traffic[traffic["platform"] == platform]
        sales = of_platform["visitors"] * shop.cvr * _TYPICAL_ORDER
        for scene, weight in merchant.ad_scenes.items():
            share = shop.ad_ratio * weight / sum(merchant.ad_scenes.values())
            spend = (sales * share * rng.lognormal(0, 0.08, len(sales))).round().astype(int)
            gmv = (spend * shop.roas * rng.lognormal(0, 0.12, len(sales))).round().astype(int)
            parts.append(_ad_rows(platform, scene, of_platform["day"], spend, gmv))
    return pd.concat(parts, ignore_index=True).sort_values(["platform", "day", "scene"], ignore_index=True)


def _ad_rows(platform: str, scene: str, day: pd.Series, spend: pd.Series, gmv: pd.Series) -> pd.DataFrame:
    clicks = (spend / _CLICK_COST).round().astype(int)
    orders = (gmv / _TYPICAL_ORDER).round().astype(int)
    return pd.DataFrame(
        {
            "platform": platform,
            "day": day,
            "scene": scene,
            "spend": spend,
            "impressions": clicks * 31,
            "clicks": clicks,
            "gmv": gmv,
            "orders": orders,
            "new_buyers": (orders * 0.4).round().astype(int),
        }
    )
