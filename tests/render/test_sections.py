"""What of a notebook is printed, and where."""

import pytest
from nbformat.v4 import new_notebook, new_output

from reportkit.render.sections import Page, rows, sections


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["", ""], [["full"]]),
        (["left", "right"], [["left", "right"]]),
        (["left", "right", "right"], [["left", "right"]]),
        (["left", "right", "left", "right"], [["left", "right"], ["left", "right"]]),
        (["", "left", "", "right"], [["full"], ["left"], ["full"], ["right"]]),
    ],
)
def test_left_and_right_cells_share_a_row(build, tags, expected):
    """A run of left cells and the run of right cells after it stand side by side."""
    cells = [build.cell(build.display("note", "<p>x</p>"), tag=tag) for tag in tags]
    assert expected == [[column.side for column in row] for row in rows(cells)]


def test_a_cell_that_prints_nothing_takes_no_place(build):
    """Code without a display does not part left from right."""
    left = build.cell(build.display("note", "<p>l</p>"), tag="left")
    right = build.cell(build.display("note", "<p>r</p>"), tag="right")
    assert 1 == len(rows([left, build.cell(), build.text("# why"), right]))


def test_only_displays_are_printed(build, project):
    """Code, prompts, stdout, plain results and untagged text stay in the notebook."""
    notebook = build.notebook(
        build.text("# What happened?"),
        build.text("## Kept", tag="print"),
        build.cell(
            new_output("stream", name="stdout", text="a log line"),
            build.display("style", "<style>p{}</style>"),
            build.display("note", "<p>seen</p>"),
            new_output(
                "execute_result", data={"text/plain": "plain", "text/html": "<b>rich</b>"}, execution_count=1
            ),
        ),
    )
    [section] = sections([Page(notebook, "boards/overview", "t")], project)
    assert "<p>seen</p>" in section.body
    assert "Kept" in section.body
    for hidden in ("What happened", "a log line", "<style>", "plain", "rich", "secret"):
        assert hidden not in section.body


def test_several_displays_of_a_cell_stack(build, project):
    """All displays of one cell stand in its column, in order."""
    cell = build.cell(build.display("note", "<p>1</p>"), build.display("note", "<p>2</p>"), tag="left")
    [section] = sections([Page(build.notebook(cell), "a", "t")], project)
    assert 1 == section.body.count('class="column left"')
    assert section.body.index("<p>1</p>") < section.body.index("<p>2</p>")


def test_codes_run_on_through_the_report(build, project):
    """The second section goes on where the first one ended, in text, links and facts."""
    first = build.cell(build.display("note", "<p>a<sup>E1–E2</sup></p>", build.fact(1), build.fact(2)))
    second = build.cell(build.display("note", "<p>b<sup>E1</sup> of E1</p>", build.fact(1)))
    pages = [Page(build.notebook(cell), "a", "t") for cell in (first, second)]
    made = sections(pages, project)
    assert [["E1", "E2"], ["E3"]] == [[fact["code"] for fact in part.facts] for part in made]
    assert '<sup><a href="#E1">E1</a>–<a href="#E2">E2</a></sup>' in made[0].body
    assert '<p>b<sup><a href="#E3">E3</a></sup> of E1</p>' in made[1].body


def test_a_fact_cited_twice_is_one_fact(build, project):
    """Every display that cites a number publishes it; the section holds it once."""
    cell = build.cell(
        build.display("note", "", build.fact(1)), build.display("note", "", build.fact(1), build.fact(2))
    )
    [section] = sections([Page(build.notebook(cell), "a", "t")], project)
    assert ["E1", "E2"] == [fact["code"] for fact in section.facts]


def test_names_are_the_sections_own(build, project):
    """The same table in two sections has two ids, and what refers to them follows."""
    html = '<i id="a b">id="x"</i><td headers="a b"></td><a href="#a">url(#a)</a><rect clip-path="url(#a)"></rect>'
    pages = [Page(build.notebook(build.cell(build.display("note", html))), "a", "t") for _ in range(2)]
    expected = (
        '<i id="s2-a s2-b">id="x"</i><td headers="s2-a s2-b"></td>'
        '<a href="#s2-a">url(#a)</a><rect clip-path="url(#s2-a)"></rect>'
    )
    assert expected in sections(pages, project)[1].body


def test_a_code_without_a_fact_is_no_link(build, project):
    """A superscript that no fact stands behind leads nowhere."""
    [section] = sections(
        [Page(build.notebook(build.cell(build.display("note", "<sup>E9</sup>"))), "a", "t")], project
    )
    assert "<sup>E9</sup>" in section.body


def test_a_notebook_without_its_end_failed(build, project):
    """Displays of a notebook that did not close the report are not believed."""
    book = new_notebook(cells=[build.cell(build.display("note", "<p>half</p>", build.fact(1)))])
    [section] = sections([Page(book, "a", "t")], project)
    assert (True, "", []) == (section.failed, section.body, section.facts)


def test_a_notebook_with_an_error_failed(build, project):
    """An error fails the section even where later cells ran."""
    error = build.cell(new_output("error", ename="KeyError", evalue="gmv", traceback=["Traceback …"]))
    [section] = sections([Page(build.notebook(error), "a", "t")], project)
    assert section.failed
