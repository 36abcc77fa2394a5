"""PDF from the report's own HTML, made in a child process so that its memory is returned."""

from __future__ import annotations

import gc
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportkit.errors import PdfUnavailable, RenderError

__all__ = ["Printed", "print_pdf", "write_pdf"]

_INSTALL = (
    "install Pango, then run again: "
    "Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; "
    "macOS: brew install pango; "
    "Windows: install MSYS2, then in its shell: pacman -S mingw-w64-ucrt-x86_64-pango"
)
# System fonts stay out: a report looks the same on a machine that has none.
_NO_FONTS = '<?xml version="1.0"?><fontconfig><cachedir>{folder}</cachedir></fontconfig>'
# What WeasyPrint says about the machine, and about SVG properties that it does draw with.
_NOISE = re.compile(
    r"No fonts configured in FontConfig|HarfBuzz-Subset"
    r"|Ignored `(fill|stroke|text-anchor|clip|stop)\b.*unknown property"
)


@dataclass(frozen=True)
class Printed:
    """How many `pages` a PDF has, and what the printer complained about."""

    pages: int
    warnings: list[str]


def write_pdf(html_path: Path, pdf_path: Path) -> int:
    """Print `html_path` to `pdf_path` and return the number of pages; see `print_pdf`."""
    return print_pdf(html_path, pdf_path).pages


def print_pdf(html_path: Path, pdf_path: Path, *, seconds: float = 600) -> Printed:
    """Print the HTML file to PDF, replacing `pdf_path` only when the PDF is whole.

    Nothing but ``data:`` addresses is fetched. Equal HTML gives equal bytes. Raises
    PdfUnavailable where Pango is missing, RenderError where printing fails or takes
    longer than `seconds`.
    """
    with tempfile.TemporaryDirectory(prefix="reportkit-pdf-") as folder:
        part = Path(folder) / "report.pdf"
        answer = _run_child(html_path, part, Path(folder), seconds)
        if "unavailable" in answer:
            raise PdfUnavailable(
                f"a library that makes PDF cannot be loaded: {answer['unavailable']}", todo=_INSTALL
            )
        _move(part, pdf_path)
    return Printed(int(answer["pages"]), list(answer["warnings"]))


def _run_child(html_path: Path, part: Path, folder: Path, seconds: float) -> dict[str, Any]:
    config = folder / "fonts.conf"
    config.write_text(_NO_FONTS.format(folder=escape(str(folder / "cache"))), encoding="utf-8")
    command = [sys.executable, "-m", "reportkit.render.pdf", str(html_path), str(part)]
    # fontTools stamps the fonts it cuts down with this time; a fixed one keeps the bytes equal.
    environment = os.environ | {"FONTCONFIG_FILE": str(config), "PYTHONUTF8": "1", "SOURCE_DATE_EPOCH": "0"}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise RenderError(f"no PDF after {seconds:g} s", where=str(html_path)) from error
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    if done.returncode or not lines:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise RenderError(f"the PDF could not be made: {' '.join(said)}", where=str(html_path))
    return dict(json.loads(lines[-1]))


def _move(part: Path, target: Path) -> None:
    """Put `part` in place of `target` in one step, whatever file system it comes from."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    beside.write_bytes(part.read_bytes())
    beside.replace(target)


def _child(html_path: str, pdf_path: str) -> dict[str, Any]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            import weasyprint
        except OSError as error:
            return {"unavailable": str(error).split(".  Additionally")[0]}
        complaints = _Complaints()
        weasyprint.LOGGER.handlers = [complaints]
        fetcher = weasyprint.urls.URLFetcher(allowed_protocols=["data"])
        gc.disable()  # this process makes one document and ends; looking for garbage took a seventh of its time
        document = weasyprint.HTML(filename=html_path, url_fetcher=fetcher).render(pdf_tags=True)
        document.write_pdf(pdf_path, pdf_tags=True)
    said = complaints.messages + [str(item.message) for item in caught]
    return {"pages": len(document.pages), "warnings": [text for text in said if not _NOISE.search(text)]}


class _Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


if __name__ == "__main__":
    print(json.dumps(_child(*sys.argv[1:])))
