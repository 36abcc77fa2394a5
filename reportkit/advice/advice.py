"""What is advised, and the ground a rule stands on when it decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from reportkit.advice.book import Book, Rule
from reportkit.alerts import Alert, Alerts
from reportkit.alerts.incidents import GRAVITY
from reportkit.quality.figure import Figure
from reportkit.study import Study

__all__ = ["Advice", "Effect", "Gain", "Ground"]

Gain = Literal["sales", "profit", "refunds", "cash", "claim"]
_NONE = float("nan")


@dataclass(frozen=True)
class Effect:
    """What an advice may bring: money between `low` and `high`, NaN where no range can be told.

    `gain` says of what: sales or profit more, refunds less, cash out of stock, a claim.
    """

    gain: Gain
    figure: Figure
    low: float = _NONE
    high: float = _NONE

    @property
    def value(self) -> float:
        """The money expected."""
        return self.figure.value


@dataclass(frozen=True)
class Advice:
    """One thing to decide. `rule` names it, `text` its sentence, `owner` whose task it is.

    `about` is its object by dimension (platform, sku, channel …). `told` are the numbers of its trigger by name,
    each with its metric, value, unit and rows. `effect` is None where it cannot be told; the words say why.
    `answers` is the id of the alert that it answers, `gravity` that alert's (see alerts.incidents), 3 without one.
    `extra` are words the sentence needs.
    """

    rule: str
    text: str
    owner: str
    about: Mapping[str, str]
    told: Mapping[str, Figure]
    effect: Effect | None = None
    answers: str = ""
    gravity: int = len(GRAVITY)
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def weight(self) -> tuple[float, ...]:
        """By what advice is sorted: what answers a critical alert first, then what brings more money."""
        return min(self.gravity, 1), -(self.effect.value if self.effect else 0.0), self.gravity


@dataclass(frozen=True)
class Ground:
    """All that a rule may look at."""

    study: Study
    alerts: Alerts
    book: Book
    name: str

    @property
    def rule(self) -> Rule:
        """The rule that is asked."""
        return self.book.rules[self.name]

    def number(self, name: str) -> float:
        """Return one of the rule's own thresholds."""
        return self.rule.numbers[name]

    def answered(self, kind: str = "risk") -> Iterator[Alert]:
        """Yield the alerts that this rule answers."""
        return (one for one in self.alerts.found if one.rule in self.rule.answers and one.kind == kind)

    def advice(
        self, about: Mapping[str, str], told: Mapping[str, Figure], effect: Effect | None = None, *,
        text: str = "", alert: Alert | None = None, **extra: str,
    ) -> Advice:  # fmt: skip
        """Return advice about an object: to the owner of `alert`, else with the nearest alert about it or its whole."""
        found = alert or self._alert(about)
        return Advice(
            self.name, f"{self.name.lower().replace('-', '_')}{'_' if text else ''}{text}", alert.owner if alert else self.rule.owner,
            dict(about), dict(told), effect, found.id if found else "", GRAVITY[found.level] if found else len(GRAVITY), extra,
        )  # fmt: skip

    def effect(
        self, gain: Gain, value: float, about: Mapping[str, str], rows: Mapping[str, str],
        low: float = _NONE, high: float = _NONE,
    ) -> Effect:  # fmt: skip
        """Return what this rule's advice about an object may bring."""
        dims = {**about, "rule": self.name}
        return Effect(
            gain, Figure(f"advice.{gain}", float(value), "money", dims, rows), float(low), float(high)
        )

    def _alert(self, about: Mapping[str, str]) -> Alert | None:
        fitting = [one for one in self.answered() if one.scope.items() <= about.items()]
        return min(fitting, key=lambda one: (-len(one.scope), GRAVITY[one.level]), default=None)
