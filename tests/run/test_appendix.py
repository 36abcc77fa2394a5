"""The appendix of a pack: what follows the sections of every edition."""

from __future__ import annotations

import pytest

from reportkit.errors import ProjectError
from reportkit.project import Project
from reportkit.run import plan
from reportkit.run.packs import load_pack
from tests.run.conftest import Notebook
from tests.run.shop import pack_text, write


def test_it_follows_the_sections_of_every_edition(project: Project, notebook: Notebook) -> None:
    """Those with sections of their own included, within the scope of each."""
    notebook("own")
    notebook("last")
    editions = {"company": {}, "platform": {"for_each": "platform", "sections": ["test/own"]}}
    pack = pack_text("test/good", editions=editions, appendix=["test/last"])
    write(project.root / "params/packs/two.yaml", pack)
    jobs = plan(project, "two", "2025-11").jobs
    assert [job.id for job in jobs] == [
        "company/test/good",
        "company/test/last",
        "platform-tmall/test/own",
        "platform-tmall/test/last",
        "platform-jd/test/own",
        "platform-jd/test/last",
    ]
    assert [{}, {"platform": ["tmall"]}, {"platform": ["jd"]}] == [
        job.parameters["scope"] for job in jobs[1::2]
    ]


def test_a_notebook_is_no_section_and_appendix_at_once(project: Project) -> None:
    """It would be printed twice."""
    write(project.root / "params/packs/two.yaml", pack_text("test/good", appendix=["test/good"]))
    with pytest.raises(ProjectError, match="test/good is listed twice"):
        load_pack(project, "two")


@pytest.mark.parametrize("name", ["monthly", "promo_review"])
def test_shipped_packs_end_with_the_page_about_their_data(project: Project, name: str) -> None:
    """Every report says whether its numbers can be trusted."""
    assert ["support/data_quality"] == [rule.notebook for rule in load_pack(project, name).appendix]
