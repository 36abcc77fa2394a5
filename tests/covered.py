"""docs/coverage.md as data: what was asked for, the blocks that answer it, and what a run published of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from reportkit.report import MIMETYPE
from reportkit.run import RunResult
from tests.conftest import REPOSITORY

_ROW = re.compile(r"^\| (S\d-\d+) \|[^|]*\|(.*)\|$", re.M)
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Asked:
    """One row: `blocks` of `pages` show it, `facts` are metrics they tell, `tests` are ``file::function``."""

    id: str
    pages: tuple[str, ...]
    blocks: tuple[str, ...]
    facts: tuple[str, ...]
    tests: tuple[str, ...]


def asked(article: str) -> list[Asked]:
    """Return the rows of docs/coverage.md about ``S1``, the boards, or ``S2``, the review."""
    text = (REPOSITORY / "docs" / "coverage.md").read_text("utf-8")
    return [
        Asked(found[1], *(tuple(_CODE.findall(cell)) for cell in found[2].split("|")))
        for found in _ROW.finditer(text)
        if found[1].startswith(article)
    ]


def published(run: RunResult) -> list[dict[str, Any]]:
    """Return what every display of a run's notebooks published that stands for a numbered block."""
    books = [outcome.notebook for outcome in run.outcomes if outcome.notebook]
    return [content for book in books for content in _contents(book) if content.get("blocks")]


def _contents(book: Path) -> Iterator[dict[str, Any]]:
    for cell in nbformat.read(book, as_version=4).cells:
        for output in cell.get("outputs", ()):
            if MIMETYPE in output.get("data", {}):
                yield output["data"][MIMETYPE]


def holding(contents: list[dict[str, Any]]) -> dict[str, set[str]]:
    """Return the blocks that hold a value, each with the metrics whose value it holds."""
    found: dict[str, set[str]] = {}
    for content in contents:
        told = {fact["metric"] for fact in content["facts"] if fact["value"] is not None}
        for block in content["blocks"] if told else ():
            found.setdefault(block, set()).update(told)
    return found
