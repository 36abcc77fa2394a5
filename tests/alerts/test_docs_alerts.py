"""docs/alerts.md: every key, kind, rule and state it should explain, and none that there is not."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import get_args

from reportkit.alerts import rules
from reportkit.alerts.alert import State
from reportkit.alerts.book import Around, Book, Drift
from reportkit.analysis.anomaly import Memory
from tests.alerts.still import BOOK
from tests.conftest import REPOSITORY

TEXT = (REPOSITORY / "docs" / "alerts.md").read_text("utf-8")
WORDS = set(re.findall(r"`([\w-]+)`", TEXT))


def test_every_key_is_explained() -> None:
    """What params/alerts.yaml may hold stands in the page."""
    kinds = get_args(get_args(rules.Rule)[0])
    keys = {name for model in (Book, Around, Drift, *kinds) for name in model.model_fields}
    keys |= {field.name for field in fields(Memory)}
    assert set() == keys - WORDS
    assert set() == {kind.model_fields["kind"].annotation.__args__[0] for kind in kinds} - WORDS


def test_every_kind_names_its_own_keys() -> None:
    """In its own row; what a key of that name means elsewhere would not help."""
    rows = {row.split("`")[1]: row for row in TEXT.splitlines() if row.startswith("| `")}
    for model in get_args(get_args(rules.Rule)[0]):
        kind = model.model_fields["kind"].annotation.__args__[0]
        own = set(model.model_fields) - set(rules.UntoldRule.model_fields)
        assert set() == own - set(re.findall(r"`(\w+)`", rows[kind])), kind


def test_every_rule_and_state_stands_there_and_no_other() -> None:
    """A rule that is added is told to whoever tunes it."""
    assert set(BOOK.rules) == {word for word in WORDS if word.startswith("AL-")}
    assert set(get_args(State)) <= WORDS
