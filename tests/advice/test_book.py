"""The catalogue of advice is whole: every rule documented, spoken in both languages, answering alerts that exist."""

from __future__ import annotations

import ast
import re

import pytest
import yaml

from reportkit.advice.advise import RULES
from reportkit.advice.book import read_book
from reportkit.alerts.book import read_book as read_rules
from reportkit.project import Project
from tests.conftest import REPOSITORY

PROJECT = Project.open(REPOSITORY)
BOOK = read_book(PROJECT)


def test_all_twenty_are_there() -> None:
    """Each is evaluated, or says what it waits for."""
    assert [f"REC-{number:02}" for number in range(1, 21)] == list(BOOK.rules)
    assert all(name in RULES or rule.needs for name, rule in BOOK.rules.items())


def test_the_document_is_the_catalogue() -> None:
    """docs/advice.md has a row a rule with its trigger, guard, effect, answers and needs."""
    rows = re.findall(r"^\| (REC-.*) \|$", (REPOSITORY / "docs" / "advice.md").read_text("utf-8"), re.M)
    expected = [
        " | ".join(
            [
                f"{name} {rule.name.en}",
                rule.trigger,
                rule.guard,
                rule.effect,
                ", ".join(rule.answers) or "—",
                ", ".join(rule.needs) or "—",
            ]
        )
        for name, rule in BOOK.rules.items()
    ]
    assert expected == rows


def test_alerts_that_are_answered_exist() -> None:
    """And every owner has a board."""
    known, owners = read_rules(PROJECT).rules, {owner for board in BOOK.boards.values() for owner in board}
    answered = {name for rule in BOOK.rules.values() for name in rule.answers}
    assert set() == answered - set(known)
    assert set() == {rule.owner for rule in (*BOOK.rules.values(), *known.values())} - owners


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_advice_has_words(lang: str) -> None:
    """What to do and why, for each text a rule may use, and why an effect cannot be told; nothing besides."""
    words = set(
        yaml.safe_load((REPOSITORY / "templates" / "words" / lang / "advised.yaml").read_text("utf-8"))
    )
    texts = {name.removesuffix("_do") for name in words if name.startswith("rec_") and name.endswith("_do")}
    assert {name.lower().replace("-", "_") for name in RULES} == {text[:6] for text in texts}
    assert {f"{text}_{part}" for text in texts for part in ("do", "why")} == {
        name for name in words if name.startswith("rec_")
    }
    assert {f"unknown_{text[:6]}" for text in texts} == {
        name for name in words if name.startswith("unknown_")
    }


def test_every_text_a_rule_asks_for_is_spoken() -> None:
    """Texts named in the code, ``text="slow"``, are among the words."""
    named = set()
    for module in (REPOSITORY / "reportkit" / "advice").glob("*.py"):
        for call in (
            node for node in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(node, ast.Call)
        ):
            named |= {
                word.value.value
                for word in call.keywords
                if word.arg == "text" and isinstance(word.value, ast.Constant)
            }
    words = yaml.safe_load((REPOSITORY / "templates" / "words" / "en" / "advised.yaml").read_text("utf-8"))
    spoken = {name.removesuffix("_do")[7:] for name in words if name.endswith("_do")}
    assert named - {""} <= spoken
