"""HTML of displays: templates under ``templates/report/show/``, every value escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reportkit.project import Project

__all__ = ["codes", "fill"]

_CODE = re.compile(r"^E(\d+)$")


@cache
def _environment(folders: tuple[Path, ...]) -> Environment:
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


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
