"""Run a pack: plan, execute every notebook, render every edition, write the manifest."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reportkit.errors import ReportkitError, RunError
from reportkit.lake import Snapshot
from reportkit.project import Project
from reportkit.run.forking import KernelChoice, forks, kernel_environment
from reportkit.run.manifest import describe, write_json
from reportkit.run.plan import NOTEBOOK, Edition, Job, Plan, plan
from reportkit.run.result import Outcome, Progress, Report, RunResult
from reportkit.run.runs import MANIFEST, new_run, snapshot_of
from reportkit.run.task import Task
from reportkit.run.views import compute_views
from reportkit.run.workers import Done, Workers

__all__ = ["job_task", "run_pack"]

# A job ends itself at its deadline and keeps its notebook; one that cannot is ended so much later.
_GRACE_SECONDS = 15
_RENDER_SECONDS = 900


def run_pack(
    project: Project,
    pack: str,
    period: str,
    *,
    as_of: str | date | None = None,
    kernel: KernelChoice = "auto",
    snapshot: Snapshot | str | None = None,
    only: str | None = None,
    pdf: bool = True,
    progress: Callable[[Progress], None] | None = None,
) -> RunResult:
    """Make the reports of `pack` for `period` and return what was made and what failed.

    `as_of` is the last business day that may be seen, `kernel` how notebooks' kernels start.
    `snapshot` is a published snapshot or the name of an earlier run, which is then made again on
    its own data and day. `only` keeps one edition or one job, see `plan`. Without `pdf` there is
    HTML alone. `progress` is called after each job and each edition.

    Everything that can be checked before a kernel starts raises (RunError, QueryError,
    ParameterError). After that one failure never stops the rest; see `RunResult.failures`.
    """
    forked = forks(kernel)
    if isinstance(snapshot, str):
        snapshot, day = snapshot_of(project, snapshot)
        as_of = as_of or day
    # The server loads while the plan is made.
    with (
        TemporaryDirectory(prefix="rk-", ignore_cleanup_errors=True) as scratch,
        Workers(fork=forked) as workers,
    ):
        planned = plan(project, pack, period, as_of=as_of, snapshot=snapshot, only=only)
        folder, now = new_run(project, planned)
        run = _Run(project, planned, folder, now, forked, pdf, Path(scratch), workers, progress)
        compute_views(project, planned.snapshot, run.views)
        return run.perform()


@dataclass
class _Run:
    """The state of one run."""

    project: Project
    plan: Plan
    folder: Path
    now: datetime
    forked: bool
    pdf: bool
    scratch: Path
    workers: Workers
    progress: Callable[[Progress], None] | None
    started: float = field(default_factory=time.monotonic)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    preload: dict[str, Any] = field(default_factory=dict)

    @property
    def views(self) -> Path:
        """The file of computed views."""
        return self.scratch / "views.duckdb"

    def perform(self) -> RunResult:
        """Do all jobs and editions, then write the manifest."""
        for number, job in enumerate(self.plan.jobs):
            self.workers.submit(
                job_task(job, self.folder, self.scratch / str(number), self.forked, self.views)
            )
        for done in self.workers.finished():
            self._take(done)
        result = self._result()
        kernel = {"forked": self.forked, **self.preload}
        write_json(result.manifest, describe(self.project, self.plan, result, kernel))
        return result

    def _edition_task(self, edition: Edition) -> Task:
        executed = {job.id: _notebook(self.folder, job) for job in edition.jobs if not self._failed(job)}
        stamp = {"run": self.folder.name, "generated_at": self.now.isoformat(timespec="seconds")}
        return Task(
            name=edition.name,
            target="reportkit.run.edition:make",
            args=(self.project, self.plan, edition, executed, stamp, self.pdf),
            folder=self.folder / edition.name,
            seconds=_RENDER_SECONDS,
        )

    def _take(self, done: Done) -> None:
        """Note how a task ended; an edition whose last job this was comes next."""
        self.preload = self.preload or done.notes.get("preload", {})
        if isinstance(done.value, Report):
            self.reports[done.task.name] = done.value
        kept = done.task.folder / NOTEBOOK
        self._note(done.task.name, done.seconds, done.error, kept if kept.exists() else None)
        for edition in self.plan.editions:
            ids = {job.id for job in edition.jobs}
            if done.task.name in ids and ids <= set(self.outcomes):
                self._close(edition)

    def _close(self, edition: Edition) -> None:
        if all(self._failed(job) for job in edition.jobs):
            self._note(edition.name, 0.0, RunError("every section failed", where=edition.name), None)
        else:
            self.workers.submit(self._edition_task(edition))

    def _note(self, name: str, seconds: float, error: ReportkitError | None, notebook: Path | None) -> None:
        outcome = Outcome(name, seconds, error, notebook, self._repeat(name))
        self.outcomes[name] = outcome
        if self.progress:
            total = len(self.plan.jobs) + len(self.plan.editions)
            self.progress(Progress(len(self.outcomes), total, outcome))

    def _failed(self, job: Job) -> bool:
        return self.outcomes[job.id].error is not None

    def _repeat(self, name: str) -> str:
        command = ["reportkit", "run", self.plan.pack_name, "--period", self.plan.period.id]
        return shlex.join([*command, "--only", name, "--snapshot", self.folder.name])

    def _slow_start(self) -> list[str]:
        missing = self.preload.get("missing", {})
        return [f"{name} could not be loaded ahead: {error}" for name, error in missing.items()]

    def _result(self) -> RunResult:
        order = [job.id for job in self.plan.jobs] + [edition.name for edition in self.plan.editions]
        reports = [self.reports[name] for name in order if name in self.reports]
        return RunResult(
            run=self.folder.name,
            generated_at=self.now,
            folder=self.folder,
            manifest=self.folder / MANIFEST,
            reports=tuple(reports),
            outcomes=tuple(self.outcomes[name] for name in order),
            notes=tuple(dict.fromkeys([*self._slow_start(), *(n for one in reports for n in one.notes)])),
            seconds=time.monotonic() - self.started,
        )


def _notebook(folder: Path, job: Job) -> Path:
    return folder / job.id / NOTEBOOK


def job_task(job: Job, folder: Path, scratch: Path, forked: bool, views: Path | None = None) -> Task:
    """Return the task that executes `job` in its own folder under `folder`; sockets go to `scratch`.

    `views` is a file of computed views, see `compute_views`.
    """
    return Task(
        name=job.id,
        target="reportkit.run.execute:execute",
        args=(job, forked, scratch),
        folder=folder / job.id,
        seconds=job.seconds + _GRACE_SECONDS,
        environment={
            **kernel_environment(scratch, job.notebook.parent),
            "REPORTKIT_SNAPSHOT": json.dumps(job.snapshot.to_json()),
            **({"REPORTKIT_VIEWS": str(views)} if views else {}),
        },
        first="reportkit.run.forking:fork_kernel" if forked else "",
    )
