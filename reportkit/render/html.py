"""A report as one HTML file that needs nothing else: styles, fonts and figures are inside it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from reportkit.project import Project
from reportkit.render import fonts
from reportkit.render.sections import Page, Section, sections
from reportkit.render.trace import trace
from reportkit.show.words import Words

__all__ = ["Cover", "Page", "Rendered", "render"]

_STYLES = ("page.css", "show.css")
_FONTS_HERE = "/* fonts */"
_LANGUAGES = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True)
class Cover:
    """What the strip on top of a report says, and what its metadata hold.

    `edition` is what readers call the edition, empty for the whole business; `scope` is
    ``{dimension: [values]}``; `lang` is ``zh`` or ``en``. `comparison` and `platforms` are
    printed as they come, where given.
    """

    title: str
    project_name: str
    period_label: str
    as_of: date | str
    edition: str
    scope: dict[str, list[str]]
    snapshot: str | int
    run_id: str
    generated_at: datetime | str
    lang: str
    comparison: str = ""
    platforms: str = ""


@dataclass(frozen=True)
class Rendered:
    """A report's `html` and its `sections`, with facts under their printed codes.

    `replaced` counts the characters the fonts lack.
    """

    html: str
    sections: list[Section]
    replaced: Counter[str]

    @property
    def failed(self) -> list[str]:
        """The ids of the sections that could not be made."""
        return [part.section for part in self.sections if part.failed]


def render(pages: list[Page], cover: Cover, project: Project) -> Rendered:
    """Make one self-contained HTML of executed notebooks.

    A notebook with an error, or without ``report.close()``, leaves one plain line. Characters
    that the fonts lack become □ and are counted. Equal input gives equal text. A notebook that had
    nothing to show has no page, unless none had.
    """
    parts = sections(pages, project)
    html, replaced = fonts.fit(_pack(parts, cover, project))
    html = html.replace(_FONTS_HERE, fonts.embed(html), 1)
    return Rendered(html, parts, replaced)


def _pack(parts: list[Section], cover: Cover, project: Project) -> str:
    words = Words(project)
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_read(project, "pack.html.j2")).render(
        cover=cover,
        created=_iso(cover.generated_at),
        language=_LANGUAGES[cover.lang],
        phone=Markup(_read(project, "phone.css")),
        say=words,
        scope=_scope(cover, project),
        sections=[part for part in parts if part.failed or part.body] or parts,
        style=Markup("\n".join(_read(project, name) for name in _STYLES)),
        theme=f"page.theme_{project.settings.theme}",
        trace=trace(parts, words, project),
    )


def _scope(cover: Cover, project: Project) -> str:
    values = [value for chosen in cover.scope.values() for value in chosen]
    return cover.edition or ", ".join(project.platform_name(value) for value in values)


def _read(project: Project, name: str) -> str:
    return project.resource(f"templates/report/{name}").read_text(encoding="utf-8")


def _iso(moment: datetime | str) -> str:
    return moment if isinstance(moment, str) else moment.isoformat(timespec="seconds")
