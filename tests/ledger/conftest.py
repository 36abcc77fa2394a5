"""An empty ledger."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reportkit.ledger import Ledger
from reportkit.project import Project


@pytest.fixture
def ledger(make_project: Callable[..., Project]) -> Ledger:
    """The ledger of a project that has none yet."""
    return Ledger.open(make_project())
