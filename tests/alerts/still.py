"""A business that stands still: 200 ordinary days of three platforms, to be changed by a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from reportkit.alerts.alert import Signal
from reportkit.alerts.book import Book, read_book
from reportkit.alerts.calendar import COMPANY
from reportkit.metrics.catalog import load_catalog
from reportkit.project import Project
from tests.conftest import REPOSITORY

PROJECT = Project.open(REPOSITORY)
BOOK = read_book(PROJECT)
CATALOG = load_catalog(PROJECT)
DAYS = pd.date_range("2026-01-01", periods=200, name="day")
PLATFORMS = ["tmall", "jd", "pdd"]


@dataclass
class _Days:
    weekday: pd.Series


@dataclass
class _Metrics:
    catalog: Any


@dataclass
class Still:
    """What rules look at: `values` by request as days × platforms; the last 28 days are judged."""

    values: dict[str, pd.DataFrame]
    book: Book = BOOK
    acknowledged: Mapping[str, date] = field(default_factory=dict)

    @property
    def days(self) -> pd.DatetimeIndex:
        return DAYS

    @property
    def metrics(self) -> Any:
        return _Metrics(CATALOG)

    @property
    def calendar(self) -> Any:
        return _Days(pd.Series(DAYS.day_of_week, DAYS))

    @cached_property
    def usable(self) -> pd.DataFrame:
        """Every day counts."""
        return pd.DataFrame(True, DAYS, [*next(iter(self.values.values())).columns, COMPANY])

    @cached_property
    def open(self) -> pd.DataFrame:
        """The last 28 days are judged."""
        return self.usable.mul(DAYS >= DAYS[-28], axis=0)

    def wide(self, request: str, layer: str) -> pd.DataFrame:
        """Return what a test has set; the company is the sum of the platforms."""
        found = self.values[request]
        return found if layer == "platform" else pd.DataFrame({COMPANY: found.sum(axis=1, skipna=False)})


def business(seed: int = 1, money: float = 1.0) -> dict[str, pd.DataFrame]:
    """Return gmv, orders, visitors, pay_buyers and ad_spend of every platform and day, steady but for chance."""
    rng = np.random.default_rng(seed)
    found: dict[str, dict[str, np.ndarray]] = {}
    for platform, size in zip(PLATFORMS, (9000, 6000, 3000), strict=True):
        visitors = rng.poisson(size * np.exp(rng.normal(0, 0.03, len(DAYS))))
        buyers = rng.binomial(visitors, 0.04)
        sold = buyers * 200 * np.exp(rng.normal(0, 0.02, len(DAYS))) * money
        spend = sold / 5 * np.exp(rng.normal(0, 0.02, len(DAYS)))
        for name, values in {
            "visitors": visitors, "pay_buyers": buyers, "orders": buyers, "gmv": sold, "ad_spend": spend,
            "net_sales.refund_date": sold * 0.9, "contribution_before_ads.refund_date": sold * 0.4,
        }.items():  # fmt: skip
            found.setdefault(name, {})[platform] = values.astype(float)
    return {name: pd.DataFrame(columns, DAYS) for name, columns in found.items()}


def told(signals: list[Signal]) -> Mapping[str, set[str]]:
    """Return the days of signals by platform (or all)."""
    found: dict[str, set[str]] = {}
    for one in signals:
        found.setdefault(dict(one.scope).get("platform", COMPANY), set()).add(f"{one.day:%m-%d}")
    return found
