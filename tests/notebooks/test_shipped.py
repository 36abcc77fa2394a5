"""Shipped notebooks: parameters in, displays out, and nothing computed in between."""

from __future__ import annotations

import ast
import importlib
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from reportkit.project import Project
from reportkit.show.words import Words
from tests.conftest import REPOSITORY

NOTEBOOKS = sorted((REPOSITORY / "notebooks").rglob("*.ipynb"))
PARAMETERS = ("project", "period", "scope", "as_of")
REFUSED = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.Try, ast.With, ast.Lambda,
    ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.BinOp, ast.Compare, ast.Subscript,
)  # fmt: skip

pytestmark = pytest.mark.parametrize(
    "path", NOTEBOOKS, ids=lambda path: path.relative_to(REPOSITORY / "notebooks").as_posix()
)


def code(path: Path) -> list[dict[str, Any]]:
    """The code cells, each with its source as text."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell | {"source": "".join(cell["source"])} for cell in cells if cell["cell_type"] == "code"]


def test_it_parses(path: Path) -> None:
    """Valid for Jupyter, every cell valid Python, of a size a person can read."""
    nbformat.validate(nbformat.read(path, 4))
    for cell in code(path):
        ast.parse(cell["source"])
    assert max(len(cell["source"].splitlines()) for cell in code(path)) <= 5


def test_it_begins_with_a_question(path: Path) -> None:
    """Prose first: what this page answers, and for whom."""
    first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]
    assert ("markdown", "# ") == (first["cell_type"], "".join(first["source"])[:2])


def test_parameters_have_defaults_and_help(path: Path) -> None:
    """One tagged cell; JSON defaults; each with a comment that becomes its help."""
    tagged = [cell for cell in code(path) if "parameters" in cell["metadata"].get("tags", [])]
    assert [code(path)[0]] == tagged
    lines = tagged[0]["source"].splitlines()
    names = [re.match(r"(\w+) = (.+?)  # \S", line) for line in lines]
    assert PARAMETERS == tuple(found[1] for found in names if found)
    for found in names:
        json.dumps(ast.literal_eval(found[2]))


def test_it_is_committed_clean(path: Path) -> None:
    """No outputs, no counts, no trace of a machine."""
    assert [] == [cell for cell in code(path) if cell["outputs"] or cell["execution_count"]]


def test_it_holds_no_logic(path: Path) -> None:
    """No def, loop, condition or arithmetic: it asks and shows."""
    found = [
        type(node).__name__
        for cell in code(path)[1:]
        for node in ast.walk(ast.parse(cell["source"]))
        if isinstance(node, REFUSED)
    ]
    assert [] == found


def test_it_ends_with_the_closing_word(path: Path) -> None:
    """The sentinel by which a run knows that the end was reached."""
    assert "report.close()" == code(path)[-1]["source"].strip()


def test_what_it_shows_is_described(path: Path) -> None:
    """A display of reportkit.show describes itself; anything else has title and alt written beside it."""
    calls = [
        node
        for cell in code(path)
        for node in ast.walk(ast.parse(cell["source"]))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "show"
    ]
    assert calls
    for call in calls:
        shown = call.args[0]
        name = ast.unparse(shown.func).removeprefix("show.") if isinstance(shown, ast.Call) else ""
        board, _, shown_name = name.rpartition(".")
        room = importlib.import_module(f"reportkit.show.{board}" if board else "reportkit.show")
        own = shown_name in room.__all__
        assert own or {"title", "alt"} <= {keyword.arg for keyword in call.keywords}


def test_its_title_exists_in_both_languages(path: Path) -> None:
    """A report in English is not headed in Chinese."""
    section = path.relative_to(REPOSITORY / "notebooks").with_suffix("").as_posix()
    project = Project.open(REPOSITORY)
    found = [
        Words(Project(project.root, project.settings.model_copy(update={"lang": lang}))).has(
            f"pages.{section}"
        )
        for lang in ("zh", "en")
    ]
    assert [True, True] == found
