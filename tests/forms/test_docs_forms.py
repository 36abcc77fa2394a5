"""docs/forms.md names every form as it is."""

from __future__ import annotations

import re

from reportkit.forms.model import load_books
from reportkit.ingest.source import load_sources
from reportkit.project import Project, read_yaml
from tests.conftest import REPOSITORY


def test_the_page_lists_every_form() -> None:
    """Name, id, sheets and tables of the page are those of the forms that are written."""
    project = Project.open(REPOSITORY)
    sources, books = load_sources(project), load_books(project)
    expected = set()
    for form, book in books.items():
        path = project.resource(f"params/forms/{form}.yaml")
        tables = [table for name in read_yaml(path)["sheets"] for table in sources[name].fed]
        sheets = ", ".join(sheet.name for sheet in book.sheets)
        expected.add((book.name, f"`{form}`", sheets, ", ".join(f"`{table}`" for table in tables)))
    page = (REPOSITORY / "docs" / "forms.md").read_text("utf-8")
    listed = re.findall(r"^\| (\S+) \| (`\w+`) \| (.+) \| (`.+`) \|$", page, re.M)
    assert expected == set(listed)
