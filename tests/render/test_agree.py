"""A report that contradicts itself is found out, wherever it does so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from reportkit.metrics.catalog import load_catalog
from reportkit.project import Project
from reportkit.render import known
from reportkit.render.agree import agree
from reportkit.render.html import Rendered
from tests.render.pack import RATE, beside, fact, good, part, planted


@pytest.fixture(scope="module")
def pack(projects: dict[str, Project]) -> Iterator[Rendered]:
    """The small pack whose parts agree; the dictionary is read once."""
    catalog = load_catalog(projects["zh"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(known, "load_catalog", lambda project: catalog)
        yield good(projects["zh"])


def found(rendered: Rendered, project: Project, **texts: str) -> list[tuple[str, str]]:
    """Return rule and text of every contradiction."""
    return [(each.rule, each.text) for each in agree(rendered.sections, project, texts)]


def test_a_pack_that_agrees(pack: Rendered, project: Project) -> None:
    """Card, sentence, figure, table and email say the same; nothing is found."""
    email = "GMV 2,209 万,同比增 8.2%。\n天猫 GMV 1,209 万;净销售额未到齐。"
    assert [] == found(beside(pack, fact(5), part(6, "jd")), project, email=email)


@pytest.mark.parametrize(
    ("kind", "changes", "problem"),
    [
        ("verdict", {"title": ("2,209", "2,310")}, '"GMV 2,310 万", but published is 22,091,234.12 (E1)'),
        ("verdict", {"html": ("2,209", "2,310")}, '"GMV 2,310 万", but published is 22,091,234.12 (E1)'),
        ("verdict", {"title": ("8.2%", "9.2%")}, '"同比明显增 9.2%", but published is 8.2400%'),
        ("verdict", {"title": ("14.3%", "14.8%")}, '"退款率(金额) 14.8%", but published is 0.143 (E4)'),
        ("cards", {"html": ("2,209", "2,310")}, 'card GMV prints "2,310 万元", but published is 22,091,234.12 (E1)'),
        ("cards", {"html": ("▲8.2%", "▲9.2%")}, 'card GMV prints "▲9.2%", but published is 0.0824 (E1)'),
        ("cards", {"html": ("103.2%", "99.9%")}, 'card GMV prints "目标达成 99.9%", but published is 1.032 (E1)'),
        ("figure", {"html": (">54.7%<", ">64.7%<")}, '"天猫 64.7%", but its share of the published total is 54.73'),
        ("figure", {"alt": ("京东 45.3%", "京东 46.9%")}, '"京东 46.9%", but its share of the published total is 45.26'),
        ("figure", {"html": (">GMV 占比 11月<", ">GMV 2,310 万<")}, '"GMV 2,310 万", but published is'),
        ("table", {"title": ("1,209", "1,309")}, '"GMV 1,309 万", but published is 12,091,234.12 (E2)'),
        ("table", {"html": (">1,000<", ">1,010<")}, 'table, 京东, GMV: "1,010", but published is 10,000,000 (E3)'),
        ("table", {"html": (">2,209<", '>2,310<sup>E1</sup><')}, 'table, 合计, GMV: "2,310", but published is 22,091,234.12'),
    ],
)  # fmt: skip
def test_a_number_that_is_not_its_fact(
    pack: Rendered, project: Project, kind: str, changes: dict[str, Any], problem: str
) -> None:
    """Each planted contradiction is named with what is printed and what was published."""
    problems = found(planted(pack, kind, **changes), project)
    assert [problem] == [text[: len(problem)] for rule, text in problems if rule == "printed"][:1], problems


@pytest.mark.parametrize(
    "email",
    ["GMV 2,310 万,同比增 8.2%", "GMV 2,209 万,同比增 9.9%", "摘要:天猫 GMV 1,309 万", "合计 GMV 2,310 万元"],
)
def test_an_email_that_says_otherwise(pack: Rendered, project: Project, email: str) -> None:
    """The body of an email is held against the facts of the report."""
    assert ["printed"] == [rule for rule, _ in found(pack, project, email=email)]


@pytest.mark.parametrize(
    "sentence",
    [
        "日均 GMV 74 万",  # something of its own
        "GMV 目标 2,140 万",
        "GMV 3 天",  # not money
        "GMV 11.11 248 万",
        "其中大促 GMV 1,200 万,同比增 20%",
        "京东 +127 万",
        "天猫 GMV 占比 54.7%,同比升 6.1 个百分点",
        "不含抖音 GMV 2,000 万",
        "GMV 2,041 万 → 2,209 万",
        "GMV 2,209 万,京东同比增 30%",
        "GMV 2,209 万,新客同比增 30%,环比增 12%",
    ],
)
def test_what_says_something_else(pack: Rendered, project: Project, sentence: str) -> None:
    """A number that is not the metric's own total is no contradiction of it."""
    assert [] == found(pack, project, note=sentence)


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("GMV ¥22.1M, clearly up 8.2% YoY; refund rate (by amount) 14.3%", False),
        ("GMV ¥23.1M, clearly up 8.2% YoY", True),
        ("GMV ¥22.1M, clearly up 9.2% YoY", True),
        ("Tmall GMV ¥12.1M", False),
        ("Tmall GMV ¥13.1M", True),
        ("Target, daily GMV ¥1.1M", False),
    ],
)
def test_sentences_in_english(
    pack: Rendered, projects: dict[str, Project], sentence: str, wrong: bool
) -> None:
    """The same in the other language, where scale words stick to the digits."""
    published = beside(replace(pack, sections=[]), fact(1), part(2, "tmall"), RATE)
    assert ["printed"] * wrong == [rule for rule, _ in found(published, projects["en"], note=sentence)]


def test_one_question_with_two_answers(pack: Rendered, project: Project) -> None:
    """The same metric, scope, period and basis published twice must be equal, to the last digit and beside."""
    other = "GMV value is 22,091,234.12 under E1 and 22,091,234.13 under E7"
    assert ("facts", other) in found(beside(pack, fact(7, value=22_091_234.13)), project)
    assert found(beside(pack, fact(7, last_year_growth=0.09)), project)
    assert found(beside(pack, fact(7, value=None)), project)
    assert [] == found(beside(pack, fact(7, value=1.0, period="2025-10")), project)
    assert [] == found(beside(pack, fact(7, value=1.0, scope={"platform": ["jd"]})), project)
    assert [] == found(beside(pack, fact(7, last_year_growth=None)), project)


def test_a_number_in_place_of_what_is_missing(pack: Rendered, project: Project) -> None:
    """0.0 % printed from a missing value, and a growth nobody could compute."""
    gone = RATE | {"value": None}
    shown = planted(pack, "cards", facts=[fact(1), gone], html=("14.3", "0.0"))
    shown = planted(shown, "verdict", facts=[fact(1), gone])
    assert ("missing", 'card 退款率(金额) prints "0.0%", but its value is missing (E4)') in found(
        shown, project
    )
    grown = planted(pack, "cards", html=("—", "▼0.0%"))
    assert [("missing", 'card 退款率(金额) prints "▼0.0%", but its value is missing (E4)')] == found(
        grown, project
    )


def test_parts_that_do_not_come_to_their_total(pack: Rendered, project: Project) -> None:
    """Facts that count the same rows as their total must add up to it; those of some parts need not."""
    off = part(3, "jd") | {"value": 9_000_000.0}
    changed = planted(
        planted(pack, "figure", facts=[part(2, "tmall"), off]),
        "table",
        facts=[fact(1), part(2, "tmall"), off],
    )
    said = "2 parts by platform come to 21,091,234.12, the total is 22,091,234.12 (E1)"
    assert ("sums", said) in found(changed, project)
    some = [each | {"rows": 1} for each in (part(2, "tmall"), off)]
    unknown = planted(planted(pack, "figure", facts=some), "table", facts=[fact(1), *some])
    assert "sums" not in {rule for rule, _ in found(unknown, project)}


def test_rows_that_do_not_come_to_the_total_above_them(pack: Rendered, project: Project) -> None:
    """A printed column adds up, to the rounding of its rows."""
    changed = planted(pack, "table", html=(">1,209<", ">1,211<"))
    assert ("sums", "table, GMV: its rows come to 22,110,000, its total is 22,090,000") in found(
        changed, project
    )


@pytest.mark.parametrize(("shares", "wrong"), [
    ("天猫 42.0%、抖音 23.7%、京东 34.2%", "shares come to 99.9%, not to 100.0%"),
    ("天猫 42.0%、抖音 23.7%、京东 34.3%", None),
    ("天猫 12.0%、抖音 13.7%、京东 14.2%", None),
])  # fmt: skip
def test_shares_of_one_whole(pack: Rendered, project: Project, shares: str, wrong: str | None) -> None:
    """Percentages that nearly make 100 must make it exactly; others are shares of nothing."""
    changed = planted(pack, "figure", alt=f"占比。横条:{shares}", facts=[fact(1)])
    assert [wrong] * bool(wrong) == [text for rule, text in found(changed, project) if rule == "shares"]


def test_what_an_analyst_made_is_left_alone(pack: Rendered, project: Project) -> None:
    """A custom display has no trace, so nothing it prints is held against one."""
    [section] = pack.sections
    own = [replace(each, kind="custom", title="GMV 1 万") for each in section.displays]
    assert [] == found(replace(pack, sections=[replace(section, displays=own)]), project)
