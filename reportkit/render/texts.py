"""What a display says, taken apart: its sentences, the rows of its figures, its cards and its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import html as markup
from lxml.html import HtmlElement

from reportkit.render.sections import Published, Section

__all__ = ["Card", "Cell", "Grid", "Label", "Told", "told"]

_CODE = re.compile(r"E\d+")
_BLOCKS = {"p", "li", "figcaption", "caption", "h2", "h3", "dd", "dt"}
_LEFT_OUT = {"sup", "svg", "style"}
_PIXELS = re.compile(r"([\d.]+)px")
_ROTATED = re.compile(r"rotate\((-?[\d.]+)")
# Texts of a figure whose baselines are this near, in points, stand in one row.
_ROW = 2.0
_NAMED = 24


@dataclass(frozen=True)
class Label:
    """A text of a figure in the figure's own points; `anchor` is start, middle or end."""

    text: str
    x: float
    y: float
    points: float
    anchor: str
    turned: float


@dataclass(frozen=True)
class Card:
    """One card; `changes` are (label, text). `code` is empty where there is no single one."""

    name: str
    value: str
    code: str
    changes: tuple[tuple[str, str], ...]
    target: str


@dataclass(frozen=True)
class Cell:
    """One cell of a table, its codes apart."""

    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table: `heads` with their units, and rows of cells as wide as the heads."""

    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: bool


@dataclass(frozen=True)
class Told:
    """One display of `section` as a reader and a program find it."""

    section: Section
    display: Published

    @property
    def where(self) -> str:
        """How a finding names it."""
        title = self.display.title
        return f"{self.section.section}: {title[:_NAMED]}{'…' if len(title) > _NAMED else ''}"

    @cached_property
    def tree(self) -> HtmlElement:
        """Its HTML."""
        return markup.fragment_fromstring(str(self.display.html) or "<p></p>", create_parent="div")

    @property
    def own(self) -> bool:
        """Whether an analyst made it: such a display may look and speak as it likes."""
        return self.display.kind == "custom"

    @cached_property
    def sentences(self) -> list[str]:
        """Everything it says in words, codes left out: titles, paragraphs, and labels of its drawings."""
        display = self.display
        held = [element for element in self.tree.iter(*_BLOCKS) if not _within(element, "table")]
        labels = [label.text for drawing in self.tree.iter("svg") for label in self.labels_of(drawing)]
        found = [display.title, display.subtitle, display.alt, *map(_text, held), *labels]
        return list(dict.fromkeys(text for text in map(_tidy, found) if text))

    @property
    def texts(self) -> list[str]:
        """Its sentences, and the cells of its tables."""
        return [*self.sentences, *(_tidy(_text(cell)) for cell in self.tree.iter("td", "th"))]

    @staticmethod
    def labels_of(drawing: HtmlElement) -> list[Label]:
        """Return the texts of one of its drawings."""
        return [_label(element) for element in drawing.iter("text") if element.text_content().strip()]

    @property
    def rows(self) -> Iterator[str]:
        """The texts of its drawings, those of one row together, from left to right."""
        for drawing in self.tree.iter("svg"):
            rows: list[list[Label]] = []
            for label in sorted(self.labels_of(drawing), key=lambda label: label.y):
                if rows and label.y - rows[-1][0].y <= _ROW:
                    rows[-1].append(label)
                else:
                    rows.append([label])
            for row in rows:
                yield " ".join(label.text for label in sorted(row, key=lambda label: label.x))

    @property
    def cards(self) -> Iterator[Card]:
        """Its cards."""
        for card in _classed(self.tree, "card"):
            value = next(_classed(card, "value"), None)
            codes = _CODE.findall(" ".join(sup.text_content() for sup in card.iter("sup")))
            changes = [
                (_only(change, "label"), _text(change))
                for place in _classed(card, "changes")
                for change in place.iter("p")
            ]
            yield Card(
                name=_only(card, "name"),
                value=_tidy(_text(value)) if value is not None else "",
                code=codes[0] if len(codes) == 1 else "",
                changes=tuple((label, _tidy(text.removeprefix(label))) for label, text in changes),
                target=_only(card, "target"),
            )

    @property
    def grids(self) -> Iterator[Grid]:
        """Its tables, those with one row of heads."""
        for table in self.tree.iter("table"):
            heads = [[_head(cell) for cell in row.iter("th", "td")] for row in table.xpath("./thead/tr")]
            body = table.xpath("./tbody/tr")
            rows = [tuple(_cell(cell) for cell in row.iter("th", "td")) for row in body]
            if len(heads) == 1:
                total = bool(body) and "total" in (body[0].get("class") or "").split()
                yield Grid(tuple(heads[0]), tuple(row for row in rows if len(row) == len(heads[0])), total)


def told(sections: list[Section]) -> list[Told]:
    """Return every display of `sections` in reading order."""
    return [Told(section, display) for section in sections for display in section.displays]


def _label(element: HtmlElement) -> Label:
    style = element.get("style") or ""
    size, turned = _PIXELS.search(style), _ROTATED.search(element.get("transform") or "")
    anchor = style.partition("text-anchor:")[2].split(";")[0].strip()
    return Label(
        text=_tidy(element.text_content()),
        x=float(element.get("x") or 0),
        y=float(element.get("y") or 0),
        points=float(size[1]) if size else 0.0,
        anchor=anchor or "start",
        turned=float(turned[1]) % 360 if turned else 0.0,
    )


def _head(cell: HtmlElement) -> tuple[str, str]:
    unit = _only(cell, "unit")
    return _tidy(_text(cell)).removesuffix(unit).strip(), unit


def _cell(cell: HtmlElement) -> Cell:
    codes = _CODE.findall(" ".join(sup.text_content() for sup in cell.iter("sup")))
    return Cell(_tidy(_text(cell)), tuple(codes))


def _only(element: HtmlElement, name: str) -> str:
    found = next(_classed(element, name), None)
    return _tidy(_text(found)) if found is not None else ""


def _classed(element: HtmlElement, name: str) -> Iterator[HtmlElement]:
    return (each for each in element.iter() if name in (each.get("class") or "").split())


def _text(element: HtmlElement) -> str:
    """Return the text of `element` without what is no part of its sentence."""
    parts = [element.text or ""]
    for child in element:
        parts += [_text(child) if child.tag not in _LEFT_OUT else "", child.tail or ""]
    return "".join(parts)


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _within(element: HtmlElement, tag: str) -> bool:
    return any(parent.tag == tag for parent in element.iterancestors())
