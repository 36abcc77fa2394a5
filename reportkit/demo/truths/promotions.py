"""What each promotion brought, against a world without promotions that is otherwise the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from reportkit.demo.truths.seen import Seen
from reportkit.demo.truths.sizes import days_of, share, size, yuan
from reportkit.demo.world import World

__all__ = ["effects", "promotions"]

PRE_DIP, SLUMP = "预热", "恢复"
_Series = dict[str, np.ndarray]  # orders and amount (fen) by day of payment


def effects(y: np.ndarray, b: np.ndarray, phase: np.ndarray) -> dict[str, float]:
    """Return gross_uplift, pre_dip, slump, net_increment and pull_forward of actual `y` against baseline `b`.

    `phase` names the phase of each day: the pre-dip is what 预热 lacks, the slump what 恢复 lacks, and the gross
    uplift what all others have more. pull_forward is (pre_dip + slump) / gross_uplift.
    """
    dip, slump = phase == PRE_DIP, phase == SLUMP
    told = {
        "gross_uplift": float((y - b)[~dip & ~slump].sum()),
        "pre_dip": float((b - y)[dip].sum()),
        "slump": float((b - y)[slump].sum()),
    }
    told["net_increment"] = told["gross_uplift"] - told["pre_dip"] - told["slump"]
    back = told["pre_dip"] + told["slump"]
    told["pull_forward"] = back / told["gross_uplift"] if told["gross_uplift"] else 0.0
    return told


def promotions(world: World, seen: Seen) -> list[dict[str, Any]]:
    """Return one entry a promotion and platform that lies within the world, days counted by payment.

    `baseline`, `expected` and `realised` by phase; effects of C6.5 as expected and as realised, in orders and
    yuan. The baseline is the expectation of the same world without promotions.
    """
    days = world.calendar.days[: (world.end - world.start).days + 1]
    table = world.calendar.phases()
    told = []
    for platform in world.platforms:
        series = _series(world, seen, platform, len(days))
        for promo, phases in table[table["platform"] == platform].groupby("promo_id", sort=False):
            if phases["last"].max() <= world.end:
                told.append({"promo_id": promo, "platform": platform, **_entry(phases, days, series)})
    return sorted(
        told, key=lambda entry: (entry["first"], entry["promo_id"], world.platforms.index(entry["platform"]))
    )


def _series(world: World, seen: Seen, platform: str, count: int) -> dict[str, _Series]:
    usual, rates = world.expect(platform, world.troubles, promote=False), world.rates[platform]
    return {
        "baseline": {"orders": usual.paid()[:count], "amount": usual.paid(usual.value())[:count]},
        "expected": {"orders": rates.paid()[:count], "amount": rates.paid(rates.value())[:count]},
        "realised": {name: seen.daily[platform][name].astype(float) for name in ("orders", "amount")},
    }


def _entry(phases: pd.DataFrame, days: np.ndarray, series: Mapping[str, _Series]) -> dict[str, Any]:
    inside = days_of(days, phases["first"].min(), phases["last"].max())
    phase = np.full(len(days), "", object)
    for row in phases.to_dict("records"):
        phase[days_of(days, row["first"], row["last"])] = row["phase"]
    phase = phase[inside]
    cut = {name: {what: values[inside] for what, values in one.items()} for name, one in series.items()}
    return {
        "first": str(phases["first"].min()),
        "last": str(phases["last"].max()),
        "phases": [_phase(row, phase, cut) for row in phases.to_dict("records")],
        "expected": _effects(cut["expected"], cut["baseline"], phase),
        "realised": _effects(cut["realised"], cut["baseline"], phase),
    }


def _phase(row: Mapping[Any, Any], phase: np.ndarray, series: Mapping[str, _Series]) -> dict[str, Any]:
    chosen = phase == row["phase"]
    sums = {
        name: size({"amount": one["amount"][chosen].sum()}, orders=one["orders"][chosen].sum())
        for name, one in series.items()
    }
    return {"phase": row["phase"], "first": str(row["first"]), "last": str(row["last"]), **sums}


def _effects(y: _Series, b: _Series, phase: np.ndarray) -> dict[str, Any]:
    orders, amount = (effects(y[name], b[name], phase) for name in ("orders", "amount"))
    told: dict[str, Any] = {
        name: {"orders": round(orders[name], 1), "amount": yuan(amount[name])}
        for name in ("gross_uplift", "pre_dip", "slump", "net_increment")
    }
    return told | {"pull_forward": share(amount["pull_forward"], 1)}
