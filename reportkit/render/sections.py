"""One executed notebook becomes one section: its displays in rows and columns, and its facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Any

from markupsafe import Markup
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from reportkit.project import Project
from reportkit.report import MIMETYPE

__all__ = ["Column", "Page", "Published", "Section", "rows", "sections"]


_TEMPLATE_FILES = ("conf.json", "index.html.j2")
_SIDES = ("left", "right")
_SILENT = {"close", "style"}
_SUPERSCRIPT = re.compile(r"<sup\b[^>]*>[^<]*</sup>")
_CODE = re.compile(r"\bE\d+\b")
_TAG = re.compile(r"<[a-zA-Z][^>]*>")
_NAMED = re.compile(r'(?<=\sid=")[^"]+|(?<=\sheaders=")[^"]+|(?<=href="#)[^"]+|(?<=url\(#)[^)]+')


@dataclass(frozen=True)
class Page:
    """An executed notebook, the section it makes (``boards/overview``) and the title readers see."""

    notebook: NotebookNode
    section: str
    title: str


@dataclass(frozen=True)
class Column:
    """Cells that stand below each other; `side` is ``left``, ``right`` or ``full``."""

    side: str
    cells: list[NotebookNode]


@dataclass(frozen=True)
class Published:
    """One display as its notebook published it, its evidence codes as the report prints them."""

    kind: str
    title: str
    subtitle: str
    alt: str
    html: str
    facts: list[dict[str, Any]]


@dataclass(frozen=True)
class Section:
    """A page ready for the report.

    `anchor` is its id in the HTML, `closing` what ``report.close()`` published, `facts` its
    numbers, each once, with their codes as printed; `displays` are what the lints read. A failed
    section has none of them.
    """

    anchor: str
    title: str
    section: str
    failed: bool = False
    body: Markup = field(default_factory=Markup)
    closing: dict[str, Any] = field(default_factory=dict)
    facts: list[dict[str, Any]] = field(default_factory=list)
    displays: list[Published] = field(default_factory=list)


def sections(pages: list[Page], project: Project) -> list[Section]:
    """Return one section a page, in order; a notebook that did not reach its end is ``failed``.

    Every notebook numbers its evidence from E1; the report numbers on from section to section.
    """
    made: list[Section] = []
    offset = 0
    for number, page in enumerate(pages, 1):
        section = _section(page, f"s{number}", offset, project)
        offset = max([offset, *(_number(fact["code"]) for fact in section.facts)])
        made.append(section)
    return made


def rows(cells: Iterable[NotebookNode]) -> list[list[Column]]:
    """Return the cells that print anything as rows of one or two columns.

    A run of ``left`` cells and the run of ``right`` cells after it share a row.
    """
    placed: list[list[Column]] = []
    for side, group in groupby(filter(_prints, cells), key=_side):
        column = Column(side, list(group))
        if side == "right" and placed and placed[-1][-1].side == "left":
            placed[-1].append(column)
        else:
            placed.append([column])
    return placed


def _section(page: Page, anchor: str, offset: int, project: Project) -> Section:
    if not _finished(page.notebook):
        return Section(anchor, page.title, page.section, failed=True)
    contents = [output["data"][MIMETYPE] for output in _displays(page.notebook.cells)]
    closing = next(content for content in contents if content["kind"] == "close")
    displays = list(_published(page.notebook, offset))
    facts = _facts(displays)
    html = _own_names(_fragment(page.notebook, project), anchor)
    body = _link_codes(html, offset, {fact["code"] for fact in facts})
    return Section(anchor, page.title, page.section, False, body, closing, facts, displays)


def _published(notebook: NotebookNode, offset: int) -> Iterator[Published]:
    for output in _displays(notebook.cells):
        content = output["data"][MIMETYPE]
        if content["kind"] in _SILENT:
            continue
        html = _text(output["data"].get("text/html", ""))
        shifted = _SUPERSCRIPT.sub(lambda sup: _CODE.sub(lambda code: _shift(code[0], offset), sup[0]), html)
        facts = [fact | {"code": _shift(fact["code"], offset)} for fact in content.get("facts", ())]
        title, subtitle, alt = (content.get(name) or "" for name in ("title", "subtitle", "alt"))
        yield Published(content["kind"], title, subtitle, alt, shifted, facts)


def _facts(displays: list[Published]) -> list[dict[str, Any]]:
    """Return each fact once, though every display that cites it publishes it."""
    found: dict[str, dict[str, Any]] = {}
    for fact in (fact for display in displays for fact in display.facts):
        found.setdefault(fact["code"], fact)
    return list(found.values())


def _fragment(notebook: NotebookNode, project: Project) -> str:
    found = (project.resource(f"templates/report/{name}") for name in _TEMPLATE_FILES)
    exporter = _exporter(tuple(dict.fromkeys(str(path.parents[1]) for path in found)))
    html, _ = exporter.from_notebook_node(notebook)
    return str(html)


@lru_cache(maxsize=4)
def _exporter(folders: tuple[str, ...]) -> HTMLExporter:
    return HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="report",
        extra_template_basedirs=list(folders),
        filters={"rows": rows, "displays": lambda cell: list(_shown(cell))},
    )


def _own_names(html: str, anchor: str) -> str:
    """Return `html` with `anchor` before each id: two notebooks may hold the same table."""

    def prefix(names: re.Match[str]) -> str:
        return " ".join(f"{anchor}-{name}" for name in names[0].split())

    return _TAG.sub(lambda tag: _NAMED.sub(prefix, tag[0]), html)


def _link_codes(html: str, offset: int, known: set[str]) -> Markup:
    def link(found: re.Match[str]) -> str:
        code = _shift(found[0], offset)
        return f'<a href="#{code}">{code}</a>' if code in known else code

    linked = _SUPERSCRIPT.sub(lambda sup: _CODE.sub(link, sup[0]), html)
    return Markup(linked.strip())


def _shift(code: str, offset: int) -> str:
    return f"E{_number(code) + offset}"


def _number(code: str) -> int:
    return int(code.removeprefix("E"))


def _finished(notebook: NotebookNode) -> bool:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    failed = any(output["output_type"] == "error" for output in outputs)
    kinds = {output["data"][MIMETYPE].get("kind") for output in _displays(notebook.cells)}
    return "close" in kinds and not failed


def _displays(cells: Iterable[NotebookNode]) -> Iterator[NotebookNode]:
    for cell in cells:
        for output in cell.get("outputs", ()):
            if MIMETYPE in output.get("data", {}):
                yield output


def _shown(cell: NotebookNode) -> Iterator[Markup]:
    for output in _displays([cell]):
        if output["data"][MIMETYPE].get("kind") not in _SILENT:
            yield _text(output["data"].get("text/html", ""))


def _text(value: str | list[str]) -> Markup:
    return Markup("".join(value))


def _prints(cell: NotebookNode) -> bool:
    if cell.cell_type == "markdown":
        return "print" in _tags(cell)
    return any(True for _ in _shown(cell))


def _side(cell: NotebookNode) -> str:
    return next((tag for tag in _tags(cell) if tag in _SIDES), "full")


def _tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", ()))
