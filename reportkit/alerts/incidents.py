"""From signals to incidents: days next to each other are one, what is not sure enough is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from reportkit.alerts.alert import Scope, Signal, key_of
from reportkit.alerts.rules import Level

__all__ = ["GRAVITY", "Incident", "fold", "incidents"]

GRAVITY: Mapping[Level, int] = {"critical": 0, "warn": 1, "info": 2}


@dataclass(frozen=True)
class Incident:
    """Signals of one rule in one part, on one side; `alerted` is the day on which it was first sure enough."""

    signals: tuple[Signal, ...]
    alerted: date
    parent: str = ""
    parts: tuple[tuple[str, float], ...] = ()

    @property
    def last(self) -> Signal:
        """The newest of its signals."""
        return self.signals[-1]

    @property
    def first_seen(self) -> date:
        """Its first day."""
        return min(one.since or one.day for one in self.signals)

    @property
    def level(self) -> Level:
        """The gravest level of its days."""
        return min((one.level for one in self.signals), key=lambda level: GRAVITY[level])

    @property
    def id(self) -> str:
        """Rule, part and first day: it stays while the incident lasts. Of what only the last day tells, once a month."""
        return f"{key_of(self.last.rule, dict(self.last.scope))}:{self.last.named or self.first_seen:%Y%m%d}"


def incidents(signals: Iterable[Signal], persist: tuple[int, int]) -> list[Incident]:
    """Return the incidents that `signals` come to, each of one rule, part and side.

    A signal counts at once where it says so, else when so many of so many days (`persist`) have one. Between two
    days of one incident lie at most as many quiet days as that leaves.
    """
    grouped: dict[tuple[str, Scope, int], list[Signal]] = {}
    for one in sorted(signals, key=lambda one: one.day):
        grouped.setdefault((one.rule, one.scope, one.sign), []).append(one)
    return [found for key in sorted(grouped) for found in _runs(grouped[key], persist)]


def _runs(signals: list[Signal], persist: tuple[int, int]) -> Iterable[Incident]:
    gap = timedelta(days=persist[1] - persist[0] + 1)
    runs: list[list[Signal]] = []
    for one in signals:
        if runs and one.day - runs[-1][-1].day <= gap:
            runs[-1].append(one)
        else:
            runs.append([one])
    for run in runs:
        if sure := [one.day for one in run if one.at_once or _persists(run, one.day, persist)]:
            yield Incident(tuple(run), sure[0])


def _persists(run: list[Signal], day: date, persist: tuple[int, int]) -> bool:
    need, of = persist
    return len({one.day for one in run if timedelta() <= day - one.day < timedelta(days=of)}) >= need


def fold(found: list[Incident], power: float) -> list[Incident]:
    """Return `found`, each part that explains `power` of a whole around it marked as told with that whole.

    Both are of one rule and side; the power is the part of what is at stake on the last day that both show.
    Every whole is given its parts, the largest first.
    """
    children: dict[int, list[tuple[str, float]]] = {}
    parents: dict[int, str] = {}
    for place, child in enumerate(found):
        for other, parent in enumerate(found):
            share = _explains(child, parent)
            if share is None:
                continue
            children.setdefault(other, []).append((child.last.scope[-1][1], share))
            if share >= power and place not in parents:
                parents[place] = parent.id
    return [
        replace(
            one,
            parent=parents.get(place, ""),
            parts=tuple(sorted(children.get(place, ()), key=lambda part: -part[1])) or one.last.parts,
        )
        for place, one in enumerate(found)
    ]


def _explains(child: Incident, parent: Incident) -> float | None:
    """Return the share of `parent` that `child` explains; None where it is no part of it."""
    here, there = child.last, parent.last
    inside = len(there.scope) < len(here.scope) and set(there.scope) <= set(here.scope)
    if not inside or (here.rule, here.sign) != (there.rule, there.sign):
        return None
    stakes = {one.day: one.stake for one in parent.signals}
    both = [one for one in child.signals if stakes.get(one.day, 0.0) > 0]
    return both[-1].stake / stakes[both[-1].day] if both else None
