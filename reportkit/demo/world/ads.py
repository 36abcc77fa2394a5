"""Advertising: what was spent on each day and scene, and what the platform claims it brought."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportkit.demo.world.merchant import Merchant
from reportkit.demo.world.rates import Rates
from reportkit.demo.world.visitors import Visits

__all__ = ["ads_table"]

_CLICKS_SEEN = 31  # impressions a click
_BONUS = 0.06  # share of the spend that is paid from what the platform gave away
_CLAIM = 1.25  # platforms count some orders that would have come anyway
_NEW = 0.55


def ads_table(
    merchant: Merchant,
    platform: str,
    rates: Rates,
    visits: Visits,
    midnights: np.ndarray,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return one row a day and scene that spent: day, scene, channel, spend, bonus (fen), impressions, clicks, gmv, orders, new_buyers.

    `spend` is cash, `bonus` what the platform gave away to be spent. What a channel sells is shared by its scenes with the same diminishing
    return with which spend brings visitors.
    """
    scenes = merchant.platforms[platform].ads
    inside = slice(visits.first, visits.first + len(midnights))
    value = rates.value()[inside]
    parts = []
    for place, (name, scene) in enumerate(scenes.items()):
        channel = rates.channels.index(scene.channel)
        feeding = [other for other, one in enumerate(scenes.values()) if one.channel == scene.channel]
        pulled = visits.spend**merchant.returns_to_scale
        share = np.divide(
            pulled[:, place],
            total := pulled[:, feeding].sum(axis=1),
            where=total > 0,
            out=np.zeros(len(total)),
        )
        brought = visits.visitors[:, channel] * visits.cvr[:, channel] * share * scene.part * _CLAIM
        orders = rng.poisson(brought)
        gmv = brought * value * rng.lognormal(0, merchant.noise.claim, len(brought))
        spend = visits.spend[:, place]
        bonus = np.round(spend * _BONUS)
        clicks = np.round(spend / (scene.click * 100) * rng.lognormal(0, 0.04, len(spend)))
        parts.append(
            pd.DataFrame(
                {
                    "day": midnights,
                    "scene": name,
                    "channel": scene.channel,
                    "spend": spend - bonus,
                    "bonus": bonus,
                    "impressions": np.round(clicks * _CLICKS_SEEN * rng.lognormal(0, 0.05, len(spend))),
                    "clicks": clicks,
                    "gmv": np.where(orders > 0, gmv, 0).round(),
                    "orders": orders,
                    "new_buyers": rng.binomial(orders, _NEW),
                }
            )[spend > 0]
        )
    table = pd.concat(parts).sort_values(["day", "scene"], kind="stable", ignore_index=True)
    whole = ["spend", "bonus", "impressions", "clicks", "gmv", "orders", "new_buyers"]
    return table.astype(dict.fromkeys(whole, "int64"))
