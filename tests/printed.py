"""What stands in a finished PDF."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pypdf import PdfReader

from reportkit.render.placed import placed

CJK = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


@cache
def opened(pdf: Path) -> PdfReader:
    """A finished PDF, read once: what it holds beside its pages alone takes seconds."""
    return PdfReader(pdf)


@cache
def text_of(pdf: Path) -> str:
    """Everything a PDF says, run by run; tests/render/test_placed.py holds that nothing of it is lost."""
    return "\n".join(run.text for page in opened(pdf).pages for run in placed(page))


def chapters(pdf: Path) -> dict[str, int]:
    """The sections of a PDF, and the sheet each begins on."""
    reader = opened(pdf)
    marks = [mark for mark in reader.outline if not isinstance(mark, list)]
    return {mark.title: reader.get_destination_page_number(mark) for mark in marks}
