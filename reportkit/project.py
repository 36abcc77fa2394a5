"""A project is a folder with ``params/project.yaml``; what it lacks comes from the installed package."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from reportkit.errors import ProjectError, suggest
from reportkit.models import Limits, Maturity, Named, Platform, Policy, Settings, Strict

__all__ = [
    "Limits",
    "Maturity",
    "Platform",
    "Policy",
    "Project",
    "Settings",
    "Strict",
    "load_model",
    "read_yaml",
]

_PROBLEMS_SHOWN = 10
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where libyaml is there


Model = TypeVar("Model", bound=BaseModel)


def read_yaml(path: Path) -> Any:
    """Return the YAML document at `path`; ProjectError names the line where it cannot be read."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ProjectError(f"cannot be read: {error}", where=str(path)) from error


def load_model(model: type[Model], data: Any, where: str) -> Model:
    """Return `data` as a `model`; ProjectError lists up to 10 problems, each with its place."""
    try:
        return model.model_validate(data if data is not None else {})
    except ValidationError as error:
        problems = error.errors()
        lines = [_problem(model, problem) for problem in problems[:_PROBLEMS_SHOWN]]
        if len(problems) > _PROBLEMS_SHOWN:
            lines.append(f"… and {len(problems) - _PROBLEMS_SHOWN} more")
        raise ProjectError("; ".join(lines), where=where) from error


def _problem(model: type[BaseModel], problem: Any) -> str:
    place = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        hint = suggest(str(problem["loc"][-1]), _known_keys(model, problem["loc"][:-1]))
        return f'unknown key "{place}", {hint}'
    return f"{place}: {problem['msg']}" if place else str(problem["msg"])


def _known_keys(model: type[BaseModel], path: tuple[Any, ...]) -> list[str]:
    known = list(model.model_fields)
    for part in path:
        field = model.model_fields.get(str(part)) if model else None
        inner = _inner_model(field.annotation) if field else None
        if inner:
            model, known = inner, list(inner.model_fields)
    return known


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        if found := _inner_model(inner):
            return found
    return None


def _shipped_root() -> Path:
    """Where notebooks/, templates/ and params/ of this release stand: in the wheel, or in a checkout."""
    package = Path(__file__).resolve().parent
    wheel = package / "shipped"
    return wheel if wheel.is_dir() else package.parent


@dataclass(frozen=True)
class Project:
    """An opened project.

    `root` is the absolute folder that holds ``params/project.yaml``.
    """

    root: Path
    settings: Settings

    @classmethod
    def open(cls, path: str | Path = ".") -> Project:
        """Open the project at `path`, or in the nearest folder above it.

        Raises ProjectError where there is none or its settings do not fit.
        """
        start = Path(path).resolve()
        for folder in (start, *start.parents):
            settings = folder / "params" / "project.yaml"
            if settings.is_file():
                return cls(folder, load_model(Settings, read_yaml(settings), str(settings)))
        raise ProjectError(
            "no params/project.yaml here or above",
            where=str(start),
            todo='create params/project.yaml with one line, "name: my shop"',
        )

    def resource(self, relative: str) -> Path:
        """Return a file such as ``notebooks/boards/overview.ipynb``: the project's own, else the shipped one."""
        for root in (self.root, _shipped_root()):
            inside = (root / relative).resolve()
            if inside.is_relative_to(root) and inside.exists():
                return inside
        raise ProjectError(f"no {relative}", where=str(self.root))

    def resources(self, folder: str, pattern: str) -> dict[str, Path]:
        """Return the files under `folder` that match `pattern`, by path relative to `folder`, sorted."""
        found: dict[str, Path] = {}
        for root in (_shipped_root(), self.root):
            base = root / folder
            found |= {str(path.relative_to(base).as_posix()): path for path in base.rglob(pattern)}
        return dict(sorted(found.items()))

    def layers(self, folder: str, pattern: str) -> list[Path]:
        """Return every file under `folder` that matches `pattern`: the shipped ones, then the project's own."""
        roots = dict.fromkeys((_shipped_root(), self.root))
        return [path for root in roots for path in sorted((root / folder).rglob(pattern))]

    @property
    def inbox(self) -> Path:
        return self.root / self.settings.inbox

    @property
    def lake(self) -> Path:
        return self.root / self.settings.lake

    @property
    def runs(self) -> Path:
        return self.root / self.settings.runs

    @cached_property
    def platforms(self) -> dict[str, Platform]:
        """Platforms by id, in the order reports list them."""
        return self._described("platforms", Platform)

    @cached_property
    def systems(self) -> dict[str, Named]:
        """What exports files and sells nothing, an ERP or a wallet, by id."""
        return self._described("systems", Named)

    def _described(self, name: str, model: type[Model]) -> dict[str, Model]:
        path = self.resource(f"params/{name}.yaml")
        return {
            key: load_model(model, body, f"{path}: {key}") for key, body in (read_yaml(path) or {}).items()
        }

    @cached_property
    def policy(self) -> Policy:
        """Thresholds that metrics and sentences share."""
        path = self.resource("params/policy.yaml")
        return load_model(Policy, read_yaml(path), str(path))

    def platform_name(self, platform_id: str) -> str:
        """Return the name a reader sees of a platform or a system; the id itself for one nobody described."""
        known = self.platforms.get(platform_id) or self.systems.get(platform_id)
        return known.name(self.settings.lang) if known else platform_id

    def secret(self) -> bytes:
        """Return the key that hides buyers, made on first use and readable by its owner only.

        ``REPORTKIT_SECRET`` overrides the file ``data/secret.key``. Whoever loses it can no
        longer join new exports to old buyers.
        """
        if given := os.environ.get("REPORTKIT_SECRET"):
            return given.encode()
        path = self.root / "data" / "secret.key"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(32))
        return path.read_text().strip().encode()
