"""What can be read: every known layout has its source and its sample, and says no more than is known."""

from __future__ import annotations

import pytest
import yaml

from reportkit.ingest.source import Source, load_sources
from reportkit.project import Project
from tests.conftest import REPOSITORY

EXPORTS = REPOSITORY / "tests" / "exports"
CONFIDENCE = ["code-partial", "code", "doc-with-sample", "code-from-real", "real"]
LAYOUTS = yaml.safe_load((REPOSITORY / "params" / "layouts.yaml").read_text("utf-8"))
NAMED = sorted({name for layout in LAYOUTS for name in layout["sources"]})


@pytest.fixture(scope="module")
def sources() -> dict[str, Source]:
    return load_sources(Project.open(REPOSITORY))


def test_layouts_are_described() -> None:
    """Each layout has its platform, kind, name and confidence, and no two are the same."""
    assert {("platform", "kind", "layout", "confidence", "sources")} == {tuple(layout) for layout in LAYOUTS}
    assert [] == [layout for layout in LAYOUTS if layout["confidence"] not in CONFIDENCE]
    assert len(LAYOUTS) == len({(layout["platform"], layout["kind"], layout["layout"]) for layout in LAYOUTS})


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: f"{layout['platform']}: {layout['layout']}")
def test_layout_has_a_source_with_a_sample(layout: dict, sources: dict[str, Source]) -> None:
    """Every layout is read by a source of its platform that has been tried on a file."""
    assert layout["sources"]
    for name in layout["sources"]:
        assert name in sources
        assert layout["platform"] in (sources[name].platform, name.partition("/")[0])
        assert [path for path in (EXPORTS / name).iterdir() if path.name != "expected.yaml"]


@pytest.mark.parametrize("name", NAMED)
def test_source_claims_what_its_layouts_show(name: str, sources: dict[str, Source]) -> None:
    """A source is known as well as the best known of its layouts; one known in part only says what is missing."""
    known = [layout["confidence"] for layout in LAYOUTS if name in layout["sources"]]
    best = max(known, key=CONFIDENCE.index)
    assert best == sources[name].confidence
    assert sources[name].partial or best != "code-partial"


def test_every_source_stands_for_a_layout(sources: dict[str, Source]) -> None:
    """No source of a platform reads a layout that nobody has seen; forms are reportkit's own."""
    assert [] == sorted(name for name in sources if name not in NAMED and not name.startswith("forms/"))
