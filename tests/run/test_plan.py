"""From a pack to jobs, and what is refused before anything starts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportkit.errors import ParameterError, ProjectError, QueryError, RunError
from reportkit.lake import Lake, Snapshot
from reportkit.project import Project
from reportkit.run import plan, run_pack
from reportkit.run.packs import load_pack, pack_names
from reportkit.run.plan import safe_name
from tests.run.conftest import Notebook
from tests.run.shop import PARAMETERS, notebook_text, pack_text, write


def test_a_job_for_each_section_of_each_edition(project: Project) -> None:
    """`for_each` makes an edition of every platform with orders, in the project's order."""
    editions = {"company": {}, "platform": {"for_each": "platform", "sections": ["test/good"]}}
    write(project.root / "params/packs/two.yaml", pack_text("test/good", editions=editions))
    made = plan(project, "two", "2025-11")
    assert [job.id for job in made.jobs] == [
        "company/test/good",
        "platform-tmall/test/good",
        "platform-jd/test/good",
    ]
    assert [edition.label for edition in made.editions] == ["", "天猫", "京东"]
    assert made.jobs[1].parameters == {
        "project": str(project.root),
        "period": "2025-11",
        "scope": {"platform": ["tmall"]},
        "as_of": "2025-11-05",
    }


def test_parameters_of_one_section(project: Project, notebook: Notebook) -> None:
    """A section may be given parameters of its own."""
    notebook("top", parameters=PARAMETERS + "top = 10\n", sections=[{"test/top": {"top": 3}}])
    [job] = plan(project, "top", "2025-11").jobs
    assert job.parameters["top"] == 3


def test_deadline_of_a_pack(project: Project, notebook: Notebook) -> None:
    """`deadline_seconds` bounds every job."""
    notebook("slow", deadline_seconds=7)
    assert [job.seconds for job in plan(project, "slow", "2025-11").jobs] == [7]


def test_only_an_edition_or_a_job(project: Project, notebook: Notebook) -> None:
    """`only` keeps what it names; another name is refused with the nearest."""
    notebook("other")
    write(project.root / "params/packs/two.yaml", pack_text("test/good", "test/other"))
    assert len(plan(project, "two", "2025-11", only="company").jobs) == 2
    assert [job.id for job in plan(project, "two", "2025-11", only="company/test/other").jobs] == [
        "company/test/other"
    ]
    with pytest.raises(RunError, match='did you mean "company/test/other"'):
        plan(project, "two", "2025-11", only="company/test/othr")


def test_last_day(project: Project) -> None:
    """`as_of` is checked, and is the day of the last order unless it is given."""
    assert plan(project, "good", "2025-11", as_of="2025-11-04").as_of == "2025-11-04"
    assert plan(project, "good", "2025-11").as_of == "2025-11-05"
    with pytest.raises(QueryError, match='"soon" is not a day'):
        plan(project, "good", "2025-11", as_of="soon")


def test_editions_come_from_the_snapshot(project: Project) -> None:
    """A platform that a snapshot does not hold gets no edition from it."""
    editions = {"platform": {"for_each": "platform"}}
    write(project.root / "params/packs/each.yaml", pack_text("test/good", editions=editions))
    with pytest.raises(RunError, match="there are no orders to report on"):
        plan(project, "each", "2025-11", snapshot=Snapshot(0, {}))
    published = Lake(project.lake).snapshot()
    assert len(plan(project, "each", "2025-11", snapshot=published).editions) == 2


@pytest.mark.parametrize(
    ("pack", "period", "error", "said"),
    [
        ("god", "2025-11", RunError, 'no pack "god"\n  → did you mean "good"?'),
        ("../../good", "2025-11", RunError, 'no pack "../../good"'),
        ("good", "2025-13", QueryError, 'period "2025-13"'),
        ("good", "2025-W46", RunError, "pack good reports on a month, 2025-W46 is a week"),
        ("absent", "2025-11", RunError, 'no notebook "test/god"\n  → did you mean "test/good"?'),
        ("climbing", "2025-11", RunError, 'no notebook "../../../etc/passwd"'),
        ("misspelt", "2025-11", ParameterError, 'no parameter "perod", did you mean "period"?'),
        ("unquoted", "2025-11", ParameterError, "date 2025-11-30 is not a JSON value"),
    ],
)
def test_refused_before_anything_starts(
    project: Project, pack: str, period: str, error: type[Exception], said: str
) -> None:
    """A name, period or parameter that does not fit stops the run before it has a folder."""
    packs = project.root / "params/packs"
    write(packs / "absent.yaml", pack_text("test/god"))
    write(packs / "climbing.yaml", pack_text("../../../etc/passwd"))
    write(packs / "misspelt.yaml", pack_text({"test/good": {"perod": 3}}))
    write(project.root / "notebooks/test/top.ipynb", notebook_text(parameters=PARAMETERS + 'top = "x"'))
    write(packs / "unquoted.yaml", pack_text({"test/top": {"top": 1}}).replace('"top": 1', "top: 2025-11-30"))
    with pytest.raises(error) as caught:
        run_pack(project, pack, period)
    assert said in str(caught.value)
    assert not project.runs.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"secions": []}, 'unknown key "secions", did you mean "sections"?'),
        ({"editions": {"company": {"foreach": "platform"}}}, 'did you mean "for_each"?'),
        ({"editions": {"company": {"for_each": "colour"}}}, "'platform' or 'shop'"),
        ({"editions": {"../up": {}}}, "editions"),
        ({"editions": {}}, "editions"),
        ({"sections": []}, "sections"),
        ({"sections": ["test/good", "test/good"]}, "test/good is listed twice"),
        ({"period": "fortnight"}, "period"),
        ({"sections": [{"test/good": {"period": "2024-01"}}]}, "period: the run itself gives this"),
        ({"title": {"zh": "月报"}}, "en is missing"),
        ({"deadline_seconds": 0}, "deadline_seconds"),
    ],
)
def test_packs_that_do_not_fit(project: Project, change: dict[str, object], said: str) -> None:
    """A pack's mistakes are named with their place."""
    write(project.root / "params/packs/bad.yaml", pack_text("test/good", **change))
    with pytest.raises(ProjectError) as caught:
        load_pack(project, "bad")
    assert said in str(caught.value)


def test_one_edition_for_each_shop(project: Project) -> None:
    """Shops come from the orders; an order without a shop makes none."""
    write(
        project.root / "params/packs/shops.yaml",
        pack_text("test/good", editions={"company": {}, "shop": {"for_each": "shop"}}),
    )
    _, shop = plan(project, "shops", "2025-11").editions
    assert (shop.name, shop.scope) == (f"shop-{safe_name('../up')}", {"shop": ["../up"]})


def test_shipped_packs_load(project: Project) -> None:
    """Every pack of the release is well formed."""
    names = [name for name in pack_names(project) if name != "good"]
    assert {load_pack(project, name).period for name in names} == {"month", "promo"}


@pytest.mark.parametrize(
    "text", ["..", "../../etc", "a/b", "a\\b", "", ".", "-", "x" * 300, "天猫", "con:1", "a\x00b"]
)
def test_names_of_folders(text: str) -> None:
    """Whatever the text, its folder is one plain name, and no other text has it."""
    name = safe_name(text)
    assert name
    assert len(name) < 80
    assert not set(name) & set("/\\.:\x00 ")
    assert name != safe_name(text + "x")
    assert name == safe_name(text)


def test_a_plan_is_a_value(project: Project) -> None:
    """Plans compare by content, so that a run can be planned twice to the same jobs."""
    first, second = plan(project, "good", "2025-11"), plan(project, "good", "2025-11")
    assert replace(first, editions=()) == replace(second, editions=())
    assert first.jobs == second.jobs
