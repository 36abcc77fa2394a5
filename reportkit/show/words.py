"""Printed sentences: Jinja2 templates under ``templates/words/<lang>/``, and what they may ask of a number.

A sentence is named ``file.key``. Inside it, a number is an `Amount` or a `Change`: printed by name,
compared by ``.value``. `say` sets another sentence into this one. A file of the same name in the
project wins over the shipped one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from jinja2 import Environment, StrictUndefined, Template, TemplateError

from reportkit.errors import ProjectError, suggest
from reportkit.project import Policy, Project, load_model, read_yaml
from reportkit.show.numbers import Numbers, NumberWords, Unit, is_missing
from reportkit.show.style import check_glyphs

__all__ = ["Amount", "Change", "Words"]

_SPACES = re.compile(r" {2,}")
_BESIDE_MARK = re.compile(r" ?([,;:(、。]) ?")


@dataclass(frozen=True)
class Amount:
    """A number with its unit; printed as it stands in a sentence."""

    value: float | None
    unit: Unit
    numbers: Numbers
    noun: str = ""
    whole: float | None = None

    def __str__(self) -> str:
        return self.numbers.inline(self.value, self.unit, self.noun)

    @property
    def known(self) -> bool:
        """Whether there is a number at all."""
        return not is_missing(self.value)

    @property
    def beside(self) -> str:
        """The number in the scale of `whole`, without a sign where it is not negative."""
        return self.signed.removeprefix("+")

    @property
    def signed(self) -> str:
        """The number as an absolute change, in the scale of `whole` if it is told beside one: ``+127 万``."""
        if self.whole is not None:
            return self.numbers.beside(self.value, self.whole, self.unit, self.noun)
        return self.numbers.signed(self.value, self.unit, self.noun)


@dataclass(frozen=True)
class Change:
    """How a metric moved: relative for amounts (0.082), a difference for percent and ratio.

    `growth` is the relative change where `value` is a difference without thresholds of its own.
    """

    value: float | None
    unit: Unit
    numbers: Numbers
    policy: Policy
    growth: float | None = None

    def __str__(self) -> str:
        """``▲8.2%``, ``▼0.25pp``, ``—``."""
        return self.numbers.change(self.value, self.unit)

    @property
    def known(self) -> bool:
        """Whether the change could be computed."""
        return not is_missing(self.value)

    @property
    def size(self) -> str:
        """The change without its direction, as a sentence says it: ``8.2%``, ``6.1 个百分点``."""
        size, words = str(self).lstrip("▲▼"), self.numbers.words
        return size.replace(words.points, words.points_word) if self.unit == "percent" else size

    @property
    def up(self) -> bool:
        """Whether it rose."""
        return self.known and (self.value or 0.0) > 0

    @property
    def degree(self) -> str:
        """``flat``, ``slight``, ``clear`` or ``large``, by the thresholds of ``params/policy.yaml``."""
        policy = self.policy
        if self.unit == "percent":
            steps = (policy.rate_flat, policy.rate_slight, policy.rate_clear)
        else:
            steps = (policy.flat, policy.slight, policy.clear)
        measured = self.value if self.growth is None else self.growth
        size = 0.0 if measured is None or is_missing(measured) else abs(measured)
        names = ("flat", "slight", "clear")
        return next((name for name, step in zip(names, steps, strict=True) if size < step), "large")

    @property
    def flat(self) -> bool:
        """Whether it is known and stays inside the flat band."""
        return self.known and self.degree == "flat"


class Words:
    """The sentences of one language, and its way of printing numbers and dates."""

    def __init__(self, project: Project) -> None:
        self.lang = project.settings.lang
        self._folder = f"templates/words/{self.lang}"
        self._project = project
        self._environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        self._environment.globals.update(say=self, day=self.day)
        self._environment.filters.update(inner=_inner, pad=_pad)
        self._templates: dict[str, Template] = {}
        where = project.resource(f"{self._folder}/numbers.yaml")
        self.numbers = Numbers(
            load_model(NumberWords, read_yaml(where), str(where)), project.settings.currency
        )

    @cached_property
    def _sentences(self) -> dict[str, str]:
        files = self._project.resources(self._folder, "*.yaml")
        return {
            f"{name.removesuffix('.yaml')}.{key}": str(sentence)
            for name, path in files.items()
            if name != "numbers.yaml"
            for key, sentence in (read_yaml(path) or {}).items()
        }

    def __call__(self, key: str, **data: Any) -> str:
        """Return the sentence `key` with `data` set in; ProjectError where it is absent or asks for more."""
        if key not in self._templates:
            self._templates[key] = self._environment.from_string(self._source(key))
        try:
            return self._tidy(self._templates[key].render(data))
        except TemplateError as error:
            raise ProjectError(f"sentence {key}: {error}", where=self._folder) from error

    def _tidy(self, text: str) -> str:
        """Return one space at most; none beside punctuation, which in Chinese is half-width here."""
        text = _SPACES.sub(" ", text).strip()
        return _BESIDE_MARK.sub(r"\1", text) if self.lang == "zh" else text

    def has(self, key: str) -> bool:
        """Return whether there is a sentence `key`."""
        return key in self._sentences

    def day(self, value: date) -> str:
        """Return a day as an axis shows it: ``11.5`` or ``Nov 5``."""
        return self("dates.day", d=value, month=self(f"dates.month_{value.month}"))

    def amount(self, value: float | None, unit: Unit, noun: str = "", whole: float | None = None) -> Amount:
        """Return `value` for use inside a sentence, beside `whole` if that gives the scale."""
        return Amount(value, unit, self.numbers, noun, whole)

    def change(self, value: float | None, unit: Unit, growth: float | None = None) -> Change:
        """Return a change for use inside a sentence."""
        return Change(value, unit, self.numbers, self._project.policy, growth)

    def list(self, items: list[str]) -> str:
        """Return `items` joined as this language joins a list."""
        return self._sentences["labels.list_glue"].join(items)

    def _source(self, key: str) -> str:
        sentences: Mapping[str, str] = self._sentences
        if key not in sentences:
            raise ProjectError(
                f"no sentence {key}", where=self._folder, todo=suggest(key, sentences) + ", or add it"
            )
        return check_glyphs(sentences[key].replace("\n", " "), f"{self._folder}: {key}")


def _inner(name: str) -> str:
    """Return a name as it stands inside a sentence: a capital goes, an abbreviation stays."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _pad(text: object) -> str:
    """Return a name or number with a space on each side that is Latin, to stand between Chinese words; none at a bracket."""
    said = str(text)
    before = " " if said[:1].isascii() and said[:1].strip(" (") else ""
    after = " " if said[-1:].isascii() and said[-1:].strip(" )") else ""
    return f"{before}{said}{after}"
