"""Sentences live in templates/words, one file a topic, the same keys in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from reportkit.errors import ProjectError
from reportkit.metrics.catalog import Catalog
from reportkit.project import Project
from reportkit.show.names import has_cjk
from reportkit.show.style import printable
from reportkit.show.words import Words
from tests.conftest import REPOSITORY

WORDS = REPOSITORY / "templates" / "words"
FILES = sorted(path.name for path in (WORDS / "zh").glob("*.yaml"))


def read(lang: str, name: str) -> dict[str, str]:
    """The sentences of one file."""
    return yaml.safe_load((WORDS / lang / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_both_languages_say_the_same_things(name: str) -> None:
    """A key without a twin would fail in front of a reader of the other language."""
    assert set(read("zh", name)) == set(read("en", name))


@pytest.mark.parametrize("path", sorted((WORDS / "en").glob("*.yaml")), ids=lambda path: path.name)
def test_english_holds_no_chinese(path: Path) -> None:
    """Keys may (names.yaml translates from Chinese), sentences may not."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [] == [key for key, sentence in found.items() if has_cjk(str(sentence))]


@pytest.mark.parametrize("name", FILES)
def test_chinese_punctuation_has_one_width(name: str) -> None:
    """Half-width, as the house sets it."""
    assert [] == re.findall(
        r"[\uff0c\uff1b\uff1a\uff01\uff1f\uff08\uff09\uff05]",
        (WORDS / "zh" / name).read_text(encoding="utf-8"),
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_font_has_every_character(lang: str) -> None:
    """A missing glyph of ours would be an error on the page."""
    for path in (WORDS / lang).glob("*.yaml"):
        assert 0 == printable(path.read_text(encoding="utf-8").replace("\n", ""))[1], path


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (0.019, "持平", "flat"),
        (0.03, "小幅增 3.0%", "slightly up 3.0%"),
        (-0.08, "明显降 8.0%", "clearly down 8.0%"),
        (0.2, "大幅增 20.0%", "sharply up 20.0%"),
    ],
)
def test_degrees_follow_the_policy(
    make_project: Callable[..., Project], value: float, zh: str, en: str
) -> None:
    """持平 under 2 %, 小幅 under 5 %, 明显 under 15 %, else 大幅."""
    said = []
    for lang in ("zh", "en"):
        words = Words(make_project(lang, lang=lang))
        said.append(words("change.moved", c=words.change(value, "money")))
    assert [zh, en] == said


def test_degrees_of_rates_are_points(make_project: Callable[..., Project]) -> None:
    """A rate has thresholds of its own; a ratio is judged by its growth."""
    words = Words(make_project())
    changes = [
        words.change(0.001, "percent"),
        words.change(0.01, "percent"),
        words.change(0.4, "ratio", 0.01),
    ]
    assert ["flat", "clear", "flat"] == [change.degree for change in changes]


def test_an_absent_sentence_is_suggested(make_project: Callable[..., Project]) -> None:
    """The error names the nearest sentence."""
    with pytest.raises(ProjectError, match=r'did you mean "verdict.moved"'):
        Words(make_project())("verdict.mved")


def test_a_sentence_that_asks_for_more_is_an_error(make_project: Callable[..., Project]) -> None:
    """No blank is printed where a number is missing."""
    with pytest.raises(ProjectError, match="'names' is undefined"):
        Words(make_project())("verdict.not_in")


def test_a_project_has_its_own_words(make_project: Callable[..., Project]) -> None:
    """A file of the same name wins."""
    project = make_project()
    own = project.root / "templates" / "words" / "zh" / "pages.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("boards/overview: 今日看板\n", encoding="utf-8")
    assert "今日看板" == Words(project)("pages.boards/overview")


def test_a_character_without_a_glyph_is_refused(make_project: Callable[..., Project]) -> None:
    """Our own words never print a box."""
    project = make_project()
    own = project.root / "templates" / "words" / "zh" / "pages.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("boards/overview: 总览🔥\n", encoding="utf-8")
    with pytest.raises(Exception, match="the font has no 🔥"):
        Words(project)("pages.boards/overview")


def test_every_basis_and_dimension_has_a_word(two: Project, catalog: Catalog) -> None:
    """A new one in params/ needs its word in both languages."""
    bases = {f"labels.basis_{basis}" for metric in catalog for basis in catalog[metric].bases}
    dimensions = {f"labels.dimension_{name}" for view in catalog.views.values() for name in view.dimensions}
    assert [] == [key for key in sorted(bases | dimensions) if not Words(two).has(key)]


def test_names_are_padded_only_where_latin_meets_chinese(make_project: Callable[..., Project]) -> None:
    """One space between the scripts, none beside punctuation."""
    words = Words(make_project())
    said = [words("goals.curve_label", name=name, unit="万元") for name in ("GMV", "净销售额")]
    assert ["累计 GMV,万元,按活动日对齐", "累计净销售额,万元,按活动日对齐"] == said
