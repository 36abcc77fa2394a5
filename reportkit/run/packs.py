"""Packs: ``params/packs/*.yaml`` says which notebooks make a report, for which period and for whom."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from reportkit.errors import RunError, suggest
from reportkit.metrics.periods import Kind
from reportkit.project import Project, Strict, load_model, read_yaml

__all__ = ["Audience", "Pack", "SectionRule", "load_pack", "pack_names"]

_FOLDER = "params/packs"
_GIVEN = {"project", "period", "scope", "as_of"}

EditionName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class SectionRule(Strict):
    """One notebook of a pack, without its ending, and the parameters that only it is given.

    In YAML either ``boards/overview`` or ``boards/product: {top: 20}``.
    """

    notebook: str
    parameters: dict[str, Any] = Field(default_factory=dict)

    @field_validator("parameters")
    @classmethod
    def _own(cls, given: dict[str, Any]) -> dict[str, Any]:
        if clash := sorted(_GIVEN & set(given)):
            raise ValueError(f"{', '.join(clash)}: the run itself gives this to every notebook")
        return given


class Audience(Strict):
    """Who an edition is for: everybody, or one report for each value of a dimension.

    `sections` replaces the pack's own.
    """

    for_each: Literal["platform", "shop"] | None = None
    sections: tuple[SectionRule, ...] | None = None

    @field_validator("sections", mode="before")
    @classmethod
    def _short_form(cls, given: Any) -> Any:
        return _long_form(given)


class Pack(Strict):
    """One pack. `appendix` follows the sections of every edition; `deadline_seconds` bounds each notebook."""

    title: dict[Literal["zh", "en"], str]
    period: Kind
    sections: tuple[SectionRule, ...] = Field(min_length=1)
    appendix: tuple[SectionRule, ...] = ()
    editions: dict[EditionName, Audience] = Field(min_length=1)
    deadline_seconds: int = Field(default=600, gt=0)

    @field_validator("sections", "appendix", mode="before")
    @classmethod
    def _short_form(cls, given: Any) -> Any:
        return _long_form(given)

    @model_validator(mode="after")
    def _each_once(self) -> Pack:
        for rules in (self.sections, *(one.sections or () for one in self.editions.values())):
            names = [rule.notebook for rule in (*rules, *self.appendix)]
            if twice := [name for name in names if names.count(name) > 1]:
                raise ValueError(f"{twice[0]} is listed twice")
        return self

    @field_validator("title")
    @classmethod
    def _both_languages(cls, title: dict[str, str]) -> dict[str, str]:
        if missing := {"zh", "en"} - set(title):
            raise ValueError(f"{', '.join(sorted(missing))} is missing")
        return title


def _long_form(given: Any) -> Any:
    if not isinstance(given, list):
        return given
    return [_long_section(section) for section in given]


def _long_section(section: Any) -> Any:
    if isinstance(section, str):
        return {"notebook": section}
    if isinstance(section, dict) and len(section) == 1:
        [(notebook, parameters)] = section.items()
        return {"notebook": notebook, "parameters": parameters or {}}
    return section


def pack_names(project: Project) -> list[str]:
    """Return the names of all packs, the project's own and the shipped ones."""
    return [name.removesuffix(".yaml") for name in project.resources(_FOLDER, "*.yaml")]


def load_pack(project: Project, name: str) -> Pack:
    """Return the pack `name`; RunError with the nearest name where there is none."""
    path = project.resources(_FOLDER, "*.yaml").get(f"{name}.yaml")
    if path is None:
        raise RunError(f'no pack "{name}"', where=_FOLDER, todo=suggest(name, pack_names(project)))
    return load_model(Pack, read_yaml(path), str(path))
