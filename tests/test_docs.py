"""What the documents claim: every command they show is run, every key they explain exists and none is missing."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from reportkit.ingest.form import Form
from reportkit.ingest.mapping import Mapping, Recognise
from reportkit.ingest.source import Source
from reportkit.metrics.catalog import Measure, Metric
from reportkit.project import Settings
from reportkit.render.lint import lint_pdf
from tests.conftest import REPOSITORY
from tests.covered import asked
from tests.printed import CJK, chapters

MADE_BY_REPORTKIT = {"id", "vocabularies", "patterns", "rates"}


def commands(readme: str) -> list[str]:
    """The commands of a README's console blocks."""
    text = (REPOSITORY / readme).read_text("utf-8")
    blocks = re.findall(r"```console\n(.*?)```", text, re.S)
    return [line for block in blocks for line in block.splitlines() if line]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as a stranger would get it, unpacked into a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(REPOSITORY)]
    subprocess.run(build, check=True, capture_output=True, text=True)
    (wheel,) = folder.glob("*.whl")
    target = folder / "site"
    subprocess.run(
        [*pip, "install", "--no-deps", "--target", str(target), str(wheel)], check=True, capture_output=True
    )
    return target


@pytest.fixture(scope="module")
def followed(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of two lines in which every command of the README was run on the installed wheel."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "params").mkdir()
    (folder / "params" / "project.yaml").write_text("name: my shop\nlang: en\n")
    environment = os.environ | {"PYTHONPATH": str(installed), "PYTHONIOENCODING": "utf-8"}
    for command in commands("README.md"):
        program, *arguments = shlex.split(command)
        assert "reportkit" == program
        code = "import sys, reportkit; assert 'site' in reportkit.__file__; from reportkit.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert 0 == done.returncode, (command, done.stdout, done.stderr)
        assert done.stdout.strip(), command
    return folder


def test_readme_commands_leave_what_they_promise(followed: Path) -> None:
    """Reports of the month and of the promotion, and the rows behind a number."""
    made = {path.parts[-5] for path in followed.glob("runs/*/*/*/company/report.pdf")}
    assert {"monthly", "promo_review"} == made
    assert list((followed / "traced").glob("*.csv"))


@pytest.mark.parametrize("pack", ["monthly", "promo_review"])
def test_reports_in_english(followed: Path, pack: str) -> None:
    """Board and review leave no Chinese behind, and what is one sheet in Chinese is one in English."""
    html = min(followed.glob(f"runs/{pack}/*/*/company/report.html"))  # the first run is the whole pack
    pdf = html.with_suffix(".pdf")
    assert [] == lint_pdf(pdf, lang="en")
    assert {"monthly": 1, "promo_review": 2}[pack] == sorted(chapters(pdf).values())[1]
    assert [] == CJK.findall(re.sub(r"url\(data:[^)]*\)", "", html.read_text("utf-8")))


def test_chinese_readme_shows_the_same_commands() -> None:
    """The Chinese README invents no command of its own."""
    assert set(commands("README.zh-CN.md")) <= set(commands("README.md"))


@pytest.mark.parametrize(
    ("document", "models"),
    [
        ("docs/sources.md", (Source, Recognise, Mapping, Form)),
        ("docs/metrics.md", (Metric, Measure)),
        ("README.md", (Settings,)),
    ],
)
def test_every_key_is_explained(document: str, models: tuple[type[BaseModel], ...]) -> None:
    """A key that a YAML file may hold stands in the documentation."""
    text = (REPOSITORY / document).read_text("utf-8")
    words = set(re.findall(r"`([a-z_]+)`", text))
    keys = {field.alias or name for model in models for name, field in model.model_fields.items()}
    assert set() == keys - words - MADE_BY_REPORTKIT


def test_the_table_of_coverage_is_whole() -> None:
    """It has one row for each thing asked for; a block has a page that exists, and a row the tests that it names."""
    boards, review = asked("S1"), asked("S2")
    assert [f"S1-{number:02}" for number in range(1, 89)] == [row.id for row in boards]
    assert [f"S2-{number:03}" for number in range(1, 151)] == [row.id for row in review]
    for row in (*boards, *review):
        assert bool(row.blocks) == bool(row.pages), row
        assert all((REPOSITORY / "notebooks" / f"{page}.ipynb").exists() for page in row.pages), row
        assert row.tests or not row.blocks, row
        for file, _, function in (test.partition("::") for test in row.tests):
            assert f"def {function}(" in (REPOSITORY / file).read_text("utf-8"), row


@pytest.mark.parametrize("document", sorted(p.name for p in (REPOSITORY / "docs" / "adr").glob("*.md")))
def test_decisions_are_short(document: str) -> None:
    """A decision has status, context, decision and consequences, in about twenty lines."""
    text = (REPOSITORY / "docs" / "adr" / document).read_text("utf-8")
    assert all(part in text for part in ("Status:", "Context.", "Decision.", "Consequences."))
    assert len(text.splitlines()) <= 30
