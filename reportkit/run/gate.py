"""Between a made report and its readers: what the lints find stops it, or is a note to its owner."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportkit.errors import RenderError
from reportkit.project import Project
from reportkit.render.agree import agree
from reportkit.render.finding import Finding, Lints
from reportkit.render.html import Rendered
from reportkit.render.lint import lint_pdf
from reportkit.render.polish import polish

__all__ = ["Gate"]

_SHOWN = 10


class Gate:
    """Judges one edition by ``params/lint.yaml``; `held` is the file that its owner is shown where it stops."""

    def __init__(self, project: Project, edition: str, held: Path) -> None:
        self._project, self._edition, self._held = project, edition, held
        self._lints = Lints.read(project)

    def pages(self, rendered: Rendered) -> list[str]:
        """Return notes on the pages of a report. Raises RenderError where it contradicts itself."""
        return self._judged([*agree(rendered.sections, self._project), *polish(rendered, self._project)])

    def pdf(self, pdf: Path, rendered: Rendered) -> list[str]:
        """Return notes on the PDF of a report. Raises RenderError where `page` is a fault that stops."""
        problems = lint_pdf(
            pdf,
            lang=self._project.settings.lang,
            replaced=sum(rendered.replaced.values()),
            smallest=self._lints.smallest,
            filled=self._lints.filled,
        )
        return self._judged([Finding("page", "PDF", problem) for problem in problems])

    def _judged(self, findings: Sequence[Finding]) -> list[str]:
        stops = [str(finding) for finding in findings if self._lints.levels[finding.rule] == "stop"]
        if stops:
            raise RenderError(
                f"the lint stops this report: {'; '.join(_bounded(stops))}",
                where=self._edition,
                todo=f"look at {self._held}, mend what differs, and run it again; no reader has it",
            )
        return _bounded([f"{finding.rule}: {finding}" for finding in findings])


def _bounded(problems: list[str]) -> list[str]:
    more = len(problems) - _SHOWN
    return problems[:_SHOWN] + ([f"… and {more} more"] if more > 0 else [])
