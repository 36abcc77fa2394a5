"""``manifest.json``: what tells one run from another, and leads back from a printed number to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from reportkit.metrics.periods import Period
from reportkit.project import Project
from reportkit.run.plan import Edition, Job, Plan
from reportkit.run.result import Report, RunResult

__all__ = ["describe", "input_hashes", "package_versions", "write_json"]

_INPUTS = ("notebooks", "params", "templates")
_PACKAGES = (
    "reportkit",
    "deltalake",
    "duckdb",
    "great-tables",
    "ipykernel",
    "jupyter-client",
    "matplotlib",
    "nbclient",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "pyarrow",
    "seaborn",
    "weasyprint",
)


def describe(project: Project, plan: Plan, result: RunResult, kernel: Mapping[str, Any]) -> dict[str, Any]:
    """Return the manifest of a finished run. Paths are relative to the run's folder."""
    return {
        "run": result.run,
        "project": project.settings.name,
        "pack": plan.pack_name,
        "title": plan.pack.title,
        "period": _period(plan.period),
        "as_of": plan.as_of,
        "generated_at": result.generated_at.isoformat(timespec="seconds"),
        "snapshot": plan.snapshot.to_json(),
        "kernel": dict(kernel),
        "packages": package_versions(),
        "inputs": input_hashes(project),
        "seconds": round(result.seconds, 2),
        "notes": result.notes,
        "jobs": [_job(job, result) for job in plan.jobs],
        "editions": [_edition(edition, result) for edition in plan.editions],
    }


def package_versions() -> dict[str, str]:
    """Return the versions of the packages whose change may change a report."""
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def input_hashes(project: Project) -> dict[str, str]:
    """Return the sha256 of every notebook, template and parameter file that the project sees."""
    return {
        f"{folder}/{name}": _hash(path)
        for folder in _INPUTS
        for name, path in project.resources(folder, "*").items()
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write `content` in one step; what is not JSON, such as NaN, becomes null."""
    draft = path.with_name(f".{path.name}")
    draft.write_text(json.dumps(_finite(content), ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(path)


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and value - value != 0 else value


def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _period(period: Period) -> dict[str, str]:
    return {
        "id": period.id,
        "kind": period.kind,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
    }


def _job(job: Job, result: RunResult) -> dict[str, Any]:
    asked = {name: value for name, value in job.parameters.items() if name != "project"}
    return {"parameters": asked, **_outcome(job.id, result)}


def _edition(edition: Edition, result: RunResult) -> dict[str, Any]:
    report = next((one for one in result.reports if one.edition == edition.name), None)
    made = {
        "label": edition.label,
        "scope": edition.scope,
        "sections": [job.section for job in edition.jobs],
        **_outcome(edition.name, result),
    }
    return made | (_report(report, result) if report else {})


def _report(report: Report, result: RunResult) -> dict[str, Any]:
    return {
        "failed": report.failed,
        "html": _file(report.html, result),
        "pdf": _file(report.pdf, result),
        "pages": report.pages,
        "part_seconds": {name: round(value, 2) for name, value in report.seconds.items()},
        "closings": report.closings,
        "facts": report.facts,
    }


def _outcome(name: str, result: RunResult) -> dict[str, Any]:
    outcome = next((one for one in result.outcomes if one.name == name), None)
    if outcome is None:
        return {"id": name, "state": "not made"}
    return {
        "id": name,
        "state": "failed" if outcome.error else "done",
        "seconds": round(outcome.seconds, 2),
        "notebook": _file(outcome.notebook, result),
        "error": str(outcome.error) if outcome.error else None,
        "repeat": outcome.repeat,
    }


def _file(path: Path | None, result: RunResult) -> dict[str, str] | None:
    if path is None or not path.exists():
        return None
    return {"path": path.relative_to(result.folder).as_posix(), "sha256": _hash(path)}
