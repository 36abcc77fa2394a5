"""What a run gives back: its reports, what failed, and where everything stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from reportkit.errors import ReportkitError

__all__ = ["Outcome", "Progress", "Report", "RunResult"]


@dataclass(frozen=True)
class Report:
    """One finished edition.

    `pdf` is None and `pages` 0 where no PDF was asked for or this machine cannot make one. `failed` names sections
    that left one plain line. `facts` carry their section, and their code as printed; `closings`
    are what each section's ``report.close()`` said. `notes` are for the owner. `seconds` has
    ``html``, ``lint`` and ``pdf``.
    """

    edition: str
    label: str
    html: Path
    pdf: Path | None
    pages: int
    failed: tuple[str, ...]
    facts: list[dict[str, Any]]
    closings: dict[str, dict[str, Any]]
    notes: tuple[str, ...]
    seconds: dict[str, float]


@dataclass(frozen=True)
class Outcome:
    """How one job, or the making of one edition, ended; for its owner.

    `name` is the id. `error`, where it failed, names cell and problem. `notebook` is the executed
    notebook, kept with its error; None where there is none. `repeat` is the command that does it again.
    """

    name: str
    seconds: float
    error: ReportkitError | None
    notebook: Path | None
    repeat: str


@dataclass(frozen=True)
class Progress:
    """Told after each step: `done` of `total` steps, the last of which was `outcome`."""

    done: int
    total: int
    outcome: Outcome


@dataclass(frozen=True)
class RunResult:
    """A finished run. `folder` holds everything, `manifest` describes it, `notes` are for the owner."""

    run: str
    generated_at: datetime
    folder: Path
    manifest: Path
    reports: tuple[Report, ...]
    outcomes: tuple[Outcome, ...]
    notes: tuple[str, ...]
    seconds: float

    @property
    def failures(self) -> tuple[Outcome, ...]:
        """The jobs and editions that failed."""
        return tuple(outcome for outcome in self.outcomes if outcome.error)

    @property
    def ok(self) -> bool:
        """Whether every job and every edition succeeded."""
        return not self.failures
