"""What a report of the demo merchant must come to, computed from the world and not from its files."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from reportkit.demo.states import refund_states
from reportkit.demo.world import Trade, World

__all__ = ["truths"]

_ALL = "all"


def truths(world: World) -> dict[str, Any]:
    """Return the truths about `world` at its end, JSON-ready; amounts are text to the cent.

    ``monthly[figure][platform][month]`` and ``totals[figure][platform]`` hold, by platform and for ``all``:
    gmv and orders (by payment date), refunds_by_refund_date, refunds_by_pay_date, visitors, ad_spend.
    A figure nothing happened for is absent from ``monthly``.
    """
    figures = {platform: _figures(world, trade) for platform, trade in world.trades.items()}
    names = list(next(iter(figures.values())))
    monthly = {name: {platform: of[name] for platform, of in figures.items()} for name in names}
    for by_platform in monthly.values():
        by_platform[_ALL] = pd.concat(list(by_platform.values())).groupby(level=0).sum()
    return {
        "start": world.start.isoformat(),
        "end": world.end.isoformat(),
        "months": world.months,
        "planted": _planted(world),
        "totals": {
            name: {platform: _text(name, series.sum()) for platform, series in by.items()}
            for name, by in monthly.items()
        },
        "monthly": {
            name: {
                platform: {str(month): _text(name, value) for month, value in series.items()}
                for platform, series in by.items()
            }
            for name, by in monthly.items()
        },
    }


def _figures(world: World, trade: Trade) -> dict[str, pd.Series]:
    """Monthly sums of one platform, amounts in fen."""
    paid = trade.orders["paid"].where(trade.orders["paid"] <= world.cutoff).dt.to_period("M")
    paid_line = paid.reindex(trade.lines["order"]).to_numpy()
    back = refund_states(trade, world.cutoff)
    back = back[back["state"] == "success"]
    visitors = world.traffic[world.traffic["platform"] == trade.platform]
    spend = world.ads[world.ads["platform"] == trade.platform]
    month = world.days["date"].dt.to_period("M")
    return {
        "gmv": trade.lines.groupby(paid_line)["due"].sum(),
        "orders": trade.orders.groupby(paid).size(),
        "refunds_by_refund_date": back.groupby(back["resolved"].dt.to_period("M"))["goods"].sum(),
        "refunds_by_pay_date": back.groupby(paid.reindex(back["order"]).to_numpy())["goods"].sum(),
        "visitors": visitors.groupby(month.reindex(visitors["day"]).to_numpy())["visitors"].sum(),
        "ad_spend": spend.groupby(month.reindex(spend["day"]).to_numpy())["spend"].sum(),
    }


def _text(figure: str, value: float) -> str | int:
    return int(value) if figure in ("orders", "visitors") else str(Decimal(int(value)).scaleb(-2))


def _planted(world: World) -> dict[str, Any]:
    """The faults a report should find."""
    dropped = {name: shop.cvr_drop for name, shop in world.merchant.platforms.items() if shop.cvr_drop < 1}
    return {"conversion_drop": {"month": world.months[-1], "platforms": dropped}}
