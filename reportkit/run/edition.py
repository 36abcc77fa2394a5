"""One edition of a run: its executed notebooks become one HTML and one PDF.

Called in a process of its own: a page, its fonts and their memory end with it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import escape
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from reportkit.errors import PdfUnavailable, RenderError
from reportkit.project import Project
from reportkit.render.html import Cover, Page, Rendered, render
from reportkit.render.pdf import print_pdf
from reportkit.run.evidence import closing
from reportkit.run.gate import Gate
from reportkit.run.plan import Edition, Plan
from reportkit.run.result import Report
from reportkit.run.task import Note
from reportkit.show.words import Words

__all__ = ["HTML", "PDF", "make"]

HTML, PDF = "report.html", "report.pdf"

# The files of a report that has not passed its lints yet, or did not.
_HELD_HTML, _HELD_PDF = "held.html", "held.pdf"
_PDF_SECONDS = 600


def make(
    project: Project,
    plan: Plan,
    edition: Edition,
    executed: Mapping[str, Path],
    stamp: Mapping[str, str],
    pdf: bool,
    note: Note,
) -> Report:
    """Write ``report.html``, and ``report.pdf`` if `pdf`, of `edition` into the working directory.

    `executed` has the notebooks of the jobs that succeeded, by job id; the others leave one plain
    line. `stamp` has ``run`` and ``generated_at``. Raises RenderError where the pages do not state
    the period and scope that were asked for, and where a lint stops them: the files are then called
    ``held``, for their owner alone.
    """
    clock = _Clock()
    pages = _pages(project, edition, executed)
    rendered = render(pages, _cover(project, plan, edition, pages, stamp), project)
    _check_claims(rendered, project, plan, edition)
    held = Path(_HELD_HTML).absolute()
    held.write_text(rendered.html, encoding="utf-8")
    clock.lap("html")
    gate = Gate(project, edition.name, held)
    with ThreadPoolExecutor(1) as beside:  # the printer is a process of its own: the lints run meanwhile
        printing = beside.submit(_print, held) if pdf else None
        notes = [*_lost_characters(rendered), *gate.pages(rendered)]
        clock.lap("lint")
        printed, count, said = printing.result() if printing else (None, 0, [])
        clock.lap("pdf")
    if printed:
        said += gate.pdf(printed, rendered)
        clock.lap("lint")
    return Report(
        edition=edition.name,
        label=edition.label,
        html=held.replace(held.with_name(HTML)),
        pdf=printed.replace(printed.with_name(PDF)) if printed else None,
        pages=count,
        failed=tuple(rendered.failed),
        facts=_plain([fact | {"section": part.section} for part in rendered.sections for fact in part.facts]),
        closings=_plain({part.section: part.closing for part in rendered.sections if not part.failed}),
        notes=(*notes, *said),
        seconds=clock.seconds,
    )


class _Clock:
    """How many `seconds` each part of the work took; of the PDF, what it took after the lints."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(("html", "lint", "pdf"), 0.0)
        self._last = time.monotonic()

    def lap(self, part: str) -> None:
        """Add the time since the last call to `part`."""
        self.seconds[part] += time.monotonic() - self._last
        self._last = time.monotonic()


def _pages(project: Project, edition: Edition, executed: Mapping[str, Path]) -> list[Page]:
    words = Words(project)
    books = {job.section: _read(executed.get(job.id)) for job in edition.jobs}
    return [Page(book, section, _title(words, section, book)) for section, book in books.items()]


def _read(path: Path | None) -> NotebookNode:
    found: NotebookNode = nbformat.read(path, as_version=4) if path else new_notebook()  # type: ignore[no-untyped-call]
    return found


def _title(words: Words, section: str, notebook: NotebookNode) -> str:
    if words.has(f"pages.{section}"):
        return words(f"pages.{section}")
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    headings = [line for line in "\n".join(texts).splitlines() if line.startswith("# ")]
    return headings[0][2:].strip() if headings else section


def _cover(
    project: Project, plan: Plan, edition: Edition, pages: list[Page], stamp: Mapping[str, str]
) -> Cover:
    lang = project.settings.lang
    before = plan.period.last_year()
    return Cover(
        title=plan.pack.title[lang],
        project_name=project.settings.name,
        period_label=plan.period.label(lang),
        as_of=plan.as_of,
        edition=edition.label,
        scope=edition.scope,
        snapshot=plan.snapshot.number,
        run_id=stamp["run"],
        generated_at=stamp["generated_at"],
        lang=lang,
        comparison=Words(project)("run.comparison", period=before.label(lang)) if before else "",
        platforms="" if edition.scope else _heard(plan, pages),
    )


def _heard(plan: Plan, pages: list[Page]) -> str:
    """Return how many of the platforms have orders in the period: ``5/6``."""
    closings = [found for page in pages if (found := closing(page.notebook))]
    silent = {name for found in closings for name in found.get("missing", ())}
    return f"{len(set(plan.platforms) - silent)}/{len(plan.platforms)}"


def _check_claims(rendered: Rendered, project: Project, plan: Plan, edition: Edition) -> None:
    claims = [plan.period.label(project.settings.lang), *([edition.label] if edition.label else [])]
    for claim in claims:
        if str(escape(claim)) not in rendered.html:
            raise RenderError(f'the pages do not say "{claim}", which they were made for', where=edition.name)


def _print(html: Path) -> tuple[Path | None, int, list[str]]:
    pdf = html.with_name(_HELD_PDF)
    try:
        printed = print_pdf(html, pdf, seconds=_PDF_SECONDS)
    except PdfUnavailable as error:
        return None, 0, [str(error)]
    return pdf, printed.pages, [f"PDF: {warning}" for warning in printed.warnings]


def _plain(content: Any) -> Any:
    """Return `content` without nbformat's classes, so that the run need not import it to read an answer."""
    return json.loads(json.dumps(content))


def _lost_characters(rendered: Rendered) -> list[str]:
    if not rendered.replaced:
        return []
    counted = ", ".join(f"{char!r} {count}" for char, count in rendered.replaced.most_common(10))
    return [f"printed as □ for want of a glyph: {counted}"]
