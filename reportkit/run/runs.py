"""The folder of runs: a new run's name and place, and how an earlier one is found again."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from reportkit.errors import RunError
from reportkit.lake import Snapshot
from reportkit.project import Project
from reportkit.run.plan import Plan, safe_name

__all__ = ["MANIFEST", "find_run", "new_run", "read_manifest", "snapshot_of"]

MANIFEST = "manifest.json"

_SHOWN = 5


def new_run(project: Project, plan: Plan) -> tuple[Path, datetime]:
    """Make the folder of a new run, ``runs/<pack>/<period>/<run>``, and return it with its time.

    The folder's name is the run's: its local time and four random digits, so names sort by age.
    """
    now = datetime.now(ZoneInfo(project.settings.timezone))
    name = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
    folder = project.runs / safe_name(plan.pack_name) / safe_name(plan.period.id) / name
    folder.mkdir(parents=True)
    return folder, now


def find_run(project: Project, name: str) -> Path:
    """Return the folder of the run `name`, of the only one whose name begins so, or of the ``last``.

    Raises RunError that lists the newest runs where there is none, or that asks for more letters.
    """
    known = {path.parent.name: path.parent for path in project.runs.glob(f"*/*/*/{MANIFEST}")}
    if name == "last" and known:
        return known[max(known)]
    if name in known:
        return known[name]
    found = [run for run in known if name and run.startswith(name)]
    if len(found) == 1:
        return known[found[0]]
    newest = ", ".join(sorted(found or known, reverse=True)[:_SHOWN]) or "none yet"
    problem = f'"{name}" begins {len(found)} runs' if found else f'no run "{name}"'
    raise RunError(problem, where=str(project.runs), todo=f"newest: {newest}")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of the run in `folder`; RunError where it cannot be read."""
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(f"cannot be read: {error}", where=str(path)) from error
    return manifest


def snapshot_of(project: Project, name: str) -> tuple[Snapshot, str | None]:
    """Return the snapshot and the last visible day of the run `name`, so that it can be made again."""
    manifest = read_manifest(find_run(project, name))
    return Snapshot.from_json(manifest["snapshot"]), manifest["as_of"]
