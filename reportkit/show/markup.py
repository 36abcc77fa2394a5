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


def unbroken(text: str) -> Markup:
    """Return a sentence in which no line ends inside a number.

    >>> str(unbroken("up +¥1.2M"))
    'up <span class="number">+¥1.2M</span>'
    """
    parts, last = Markup(""), 0
    for found in _NUMBER.finditer(text):
        parts += escape(text[last : found.start()])
        parts += Markup('<span class="number">{}</span>').format(found[0])
        last = found.end()
    return parts + escape(text[last:])
