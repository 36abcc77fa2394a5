"""Small projects for tests to work in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from reportkit.project import Project

_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def make_shop(root: Path, sources: dict[str, dict[str, Any]], **settings: object) -> Project:
    """Make a project at `root`; `sources` maps an id to the YAML of a source, as data."""
    (root / "params").mkdir(parents=True)
    (root / "data" / "inbox").mkdir(parents=True)
    (root / "params" / "project.yaml").write_text(yaml.safe_dump({"name": root.name, **settings}), "utf-8")
    describe(root, sources)
    return Project.open(root)


def describe(root: Path, sources: dict[str, dict[str, Any]]) -> None:
    """Write the YAML of `sources` into the project at `root`."""
    for source, body in sources.items():
        path = root / "params" / "sources" / f"{source}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.dump(body, Dumper=_Dumper, allow_unicode=True, sort_keys=False), "utf-8")
