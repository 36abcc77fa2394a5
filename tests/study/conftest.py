"""The small merchant, opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.study import Study
from tests.study.merchant import merchant


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The merchant with everything."""
    return merchant(tmp_path_factory.mktemp("known") / "shop")


@pytest.fixture(scope="session")
def studied(known: Project) -> Callable[..., Study]:
    """Study the merchant; options are the study's own."""
    metrics = Metrics(known, DuckDBEngine(Lake(known.lake), keep_views=True))

    def study(period: str = "2025-09", **options: Any) -> Study:
        span = metrics.period(period)
        return Study(known, metrics, span, options.pop("as_of", span.end), **options)

    return study
