"""The rules of the house that a machine can check."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

ORDER = [
    "errors",
    "models",
    "project",
    "schema",
    "lake",
    "engines",
    "analysis",
    "ingest",
    "forms",
    "metrics",
    "reissue",
    "quality",
    "study",
    "alerts",
    "ledger",
    "advice",
    "show",
    "report",
    "render",
    "run",
    "deliver",
    "schedule",
    "demo",
    "cli",
]
MODULES = sorted((REPOSITORY / "reportkit").rglob("*.py"))
TEXT = {".py", ".md", ".yaml", ".toml", ".txt", ".ipynb", ".j2", ".html", ".css", ".json", ".cfg", ""}


def committed() -> list[Path]:
    """Every file of the repository that git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
    )
    return [path for line in listed.stdout.splitlines() if (path := REPOSITORY / line).is_file()]


def room(module: Path) -> str:
    """The room of the house a module stands in."""
    return module.relative_to(REPOSITORY / "reportkit").parts[0].removesuffix(".py")


def imported_rooms(module: Path) -> set[str]:
    """The rooms a module imports from."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("reportkit"):
            inner = node.module.split(".")[1:]
            found |= {inner[0]} if inner else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("reportkit.")}
    return found & set(ORDER)


@pytest.mark.parametrize("module", [m for m in MODULES if room(m) in ORDER], ids=lambda m: m.stem)
def test_a_module_imports_only_what_stands_above_it(module: Path) -> None:
    """Data flows one way through the house."""
    allowed = set(ORDER[: ORDER.index(room(module)) + 1])
    assert set() == imported_rooms(module) - allowed


def test_every_room_has_its_place() -> None:
    """A new top-level module must be given a place in the order."""
    assert {room(module) for module in MODULES} - {"__init__"} <= set(ORDER)


def test_modules_are_small() -> None:
    """A module of more than 300 lines has two jobs."""
    large = {
        str(module): count
        for module in MODULES
        if (count := len(module.read_text("utf-8").splitlines())) > 300
    }
    assert {} == large


def test_functions_are_small() -> None:
    """Median at most 10 lines, nine of ten at most 35, none over 60."""
    sizes = sorted(
        node.end_lineno - node.lineno + 1
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    )
    assert (sizes[len(sizes) // 2] <= 10, sizes[len(sizes) * 9 // 10] <= 35, sizes[-1] <= 60) == (
        True,
        True,
        True,
    )


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(REPOSITORY)))
def test_public_names_are_described_and_listed(module: Path) -> None:
    """Public functions and classes have a docstring; `__all__` names things that exist."""
    tree = ast.parse(module.read_text("utf-8"))
    public = [
        n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef) and not n.name.startswith("_")
    ]
    assert [] == [node.name for node in public if not ast.get_docstring(node)]


def test_nothing_leads_out_of_the_house() -> None:
    """No committed file names a path of somebody's machine or the address of a package registry."""
    machine = re.compile(
        r"/(?:root|work|opt|home|Users)/\w|(?:pypi|npmjs)\.(?:org|com)|index-url|\.library\b"
    )
    found = {
        f"{path.relative_to(REPOSITORY)}: {hit[0]}"
        for path in committed()
        if path.suffix in TEXT and path.name != "test_house.py"
        for hit in machine.finditer(path.read_text("utf-8", errors="ignore"))
    }
    assert set() == found


def test_constraints_pin_versions_only() -> None:
    """Every line of constraints.txt is name==version."""
    lines = (REPOSITORY / "constraints.txt").read_text("utf-8").splitlines()
    assert [] == [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)]


def test_notebooks_are_committed_without_outputs() -> None:
    """Outputs and counts belong to runs."""
    for path in committed():
        if path.suffix == ".ipynb":
            cells = [c for c in json.loads(path.read_text("utf-8"))["cells"] if c["cell_type"] == "code"]
            assert [] == [cell for cell in cells if cell["outputs"] or cell["execution_count"]], path


def test_readme_commands_are_those_of_the_makefile() -> None:
    """Every `make` word that a README names is a target."""
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text("utf-8"), re.M))
    for name in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md"):
        words = set(
            re.findall(r"^\s*make ([a-z]+)|`make ([a-z]+)`", (REPOSITORY / name).read_text("utf-8"), re.M)
        )
        assert set() == {word for pair in words for word in pair if word} - targets, name
