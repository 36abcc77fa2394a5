"""Alerts made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from reportkit.alerts.alert import Alert, Alerts, key_of

FIRST = date(2026, 9, 1)


def made(rule: str = "AL-S1", scope: Mapping[str, str] | None = None, **changes: Any) -> Alert:
    """Return an alert of one day, GMV that fell; `changes` replace its fields."""
    scope = {"platform": "tmall"} if scope is None else scope
    day = changes.get("date", FIRST)
    first = changes.get("first_seen", day)
    fields: dict[str, Any] = {
        "id": f"{key_of(rule, scope)}:{first:%Y%m%d}", "rule": rule, "version": 1, "kind": "risk",
        "level": "warn", "metric": "gmv", "layer": "platform" if scope else "company", "scope": scope,
        "date": day, "actual": 80_000.0, "expected": 100_000.0, "band80": (90_000.0, 110_000.0),
        "band95": (85_000.0, 115_000.0), "n": float("nan"), "score": -4.0, "stake": 20_000.0,
        "first_seen": first, "alerted": first, "days": 1, "contributors": (), "owner": "operations",
        "parent": "", "rows_sql": {"sales": "SELECT 1"}, "unit": "money",
    }  # fmt: skip
    return Alert(**(fields | changes))


def told(*found: Alert) -> Alerts:
    """Return what a check found; five of a layer are shown, and AL-R5 lacks its table."""
    budget = dict.fromkeys(("company", "platform", "product", "influencer"), 5)
    return Alerts(found, {"AL-R5": ("product_reviews",)}, (), budget)
