"""HTML of displays: templates under ``templates/report/show/``, every value escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from reportkit.project import Project

__all__ = ["codes", "fill", "unbroken"]

_CODE = re.compile(r"^E(\d+)$")
_NUMBER = re.compile(r"[+−▲▼]?(?:[A-Z]{0,3}[$¥€£])?\d[\d,.]*(?: ?(?:[KMB%万亿元]|pp|个百分点))*")
# A clause ends at a mark that does not stand inside a number, and takes its space with it.
_CLAUSE = re.compile(r"(?:[^;,:、]|(?<=\d),(?=\d))+[;,:、]? *")
_LATIN = 0x2E7F  # characters beyond are as wide as they are high
_SHORT = 13.0  # ems; a clause no longer than this stays on one line


@cache
def _environment(folders: tuple[Path, ...]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["unbroken"] = unbroken
    return environment


def fill(project: Project, template: str, **data: Any) -> str:
    """Return the HTML of ``templates/report/show/<template>`` with `data` set in."""
    path = project.resource(f"templates/report/show/{template}")
    return _environment((path.parent,)).get_template(template).render(data).strip()


def codes(given: Iterable[str]) -> Markup:
    """Return evidence codes as one superscript, runs of three and more drawn together.

    >>> str(codes(["E3", "E1", "E2", "E7"]))
    '<sup>E1–E3 E7</sup>'
    """
    numbers = sorted({int(found[1]) for code in given if (found := _CODE.match(code))})
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = (
        f"E{run[0]}–E{run[-1]}" if len(run) > 2 else " ".join(f"E{number}" for number in run) for run in runs
    )
    return Markup("<sup>{}</sup>").format(" ".join(shown)) if numbers else Markup("")


def unbroken(sentence: str, last: Markup | str = "") -> Markup:
    """Return a sentence in which no line ends inside a number or a short clause; `last` stays with its end.

    >>> str(unbroken("all is well in every place that was seen up to ¥1.2M, up 3%"))
    'all is well in every place that was seen up to <span class="number">¥1.2M</span>, <wbr><span class="number">up 3%</span>'
    """
    clauses = [found[0] for found in _CLAUSE.finditer(sentence)]
    if not clauses or "".join(clauses) != sentence:
        return _numbers_unbroken(sentence) + last
    ends = [Markup("")] * (len(clauses) - 1) + [Markup(last)]
    # Between half-width marks and figures or letters a line may not end by itself.
    return Markup("<wbr>").join(_clause(clause, end) for clause, end in zip(clauses, ends, strict=True))


def _clause(clause: str, last: Markup) -> Markup:
    kept = clause.rstrip()
    wide = sum(1.0 if ord(char) > _LATIN else 0.5 for char in kept)
    if wide > _SHORT:
        return _numbers_unbroken(clause) + last
    return Markup('<span class="number">{}{}</span>{}').format(kept, last, clause[len(kept) :])


def _numbers_unbroken(text: str) -> Markup:
    parts, last = Markup(""), 0
    for found in _NUMBER.finditer(text):
        parts += escape(text[last : found.start()])
        parts += Markup('<span class="number">{}</span>').format(found[0])
        last = found.end()
    return parts + escape(text[last:])
