"""Where a change comes from: elements of the dimension that explains it best, then what lies inside them.

Adtributor (Bhagwan et al., NSDI 2014): an element explains a change where its part of it is large and
where it no longer has the share of the whole that was expected.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import rel_entr

from reportkit.analysis.decompose import within_mix

__all__ = ["Cause", "Limits", "Part", "attribute_ratio", "attribute_sum"]

_DIGITS = 12  # beyond these, two surprises differ by rounding only
_NOTHING = 1e-12
_SUMS, _BASES = ["expected", "actual"], ["expected_base", "actual_base"]


@dataclass(frozen=True)
class Limits:
    """When an element counts. Powers are fractions of the change.

    `least_power` (T_EEP) is the least of one element, `enough_power` (T_EP) of an answer, `most_elements`
    their number in it, `least_n` the observations an element needs, `depth` the levels to look into.
    """

    least_power: float
    enough_power: float
    most_elements: int
    least_n: float
    depth: int


@dataclass(frozen=True)
class Part:
    """One element, or with `element` None all others of its dimension together.

    `expected` and `actual` are sums, or for a ratio the rates (None where there is nothing to divide by).
    `contribution` is in their unit, `own` what of it the element's own change did: all for a sum, the within
    effect for a ratio. `power` is the contribution's fraction of the change looked at, `share` that of the
    change first asked about; they differ below the first level. `surprise` in nats. `inside` is what explains
    the element's own change, best first.
    """

    element: str | None
    expected: float | None
    actual: float | None
    contribution: float
    own: float
    power: float
    share: float
    surprise: float
    n: float
    inside: tuple[Cause, ...] = ()


@dataclass(frozen=True)
class Cause:
    """One dimension's answer: `parts`, the most surprising first, and the `rest`, which together are all.

    `complete` says whether the parts explain enough of the change. A surprise near 0 says that they did
    so by their size alone: everything changed alike.
    """

    dimension: str
    parts: tuple[Part, ...]
    rest: Part
    complete: bool

    @property
    def power(self) -> float:
        """The fraction of the change that the parts explain."""
        return sum(part.power for part in self.parts)

    @property
    def surprise(self) -> float:
        """The parts' surprises together."""
        return sum(part.surprise for part in self.parts)


def attribute_sum(cells: pd.DataFrame, dimensions: Sequence[str], limits: Limits) -> tuple[Cause, ...]:
    """Explain the change of a sum from `expected` to `actual`.

    `cells` has a column of text for each of `dimensions`, and per row `expected`, `actual` (missing counts
    as 0) and `n`, the observations of both periods; rows of one cell are added up. Return one cause a
    dimension that has an element to name, best first: complete ones, then the more surprising, then those of
    fewer elements. Inside each element of a complete first answer the other dimensions are asked again. An
    element without a name counts but is never named. A dimension of one element explains nothing and is
    left out; empty where nothing changed.
    """
    return _causes(cells, _Asked(tuple(dimensions), limits, _of_sum, [*_SUMS, "n"]), 1.0)


def attribute_ratio(cells: pd.DataFrame, dimensions: Sequence[str], limits: Limits) -> tuple[Cause, ...]:
    """Explain the change of a ratio, from Σ expected / Σ expected_base to Σ actual / Σ actual_base.

    As `attribute_sum`, with columns `expected_base` and `actual_base` besides. What an element contributes
    is its within and mix effect together (`within_mix`); its surprise is that of its numerator and of its
    denominator added up, as if they were independent. Only elements whose own rate did enough to explain
    the change, not their weight alone, are looked into. Empty where a period has nothing to divide by.
    """
    return _causes(cells, _Asked(tuple(dimensions), limits, _of_ratio, [*_SUMS, *_BASES, "n"]), 1.0)


@dataclass(frozen=True)
class _Asked:
    """Where to look, when an element counts, how to measure it, and from which columns."""

    dimensions: tuple[str, ...]
    limits: Limits
    measure: Callable[[pd.DataFrame], pd.DataFrame]
    columns: list[str]


def _causes(cells: pd.DataFrame, asked: _Asked, share: float) -> tuple[Cause, ...]:
    answers = (_cause(cells, dimension, asked, share) for dimension in asked.dimensions)
    found = sorted((cause for cause in answers if cause), key=_rank)
    if found and found[0].complete and asked.limits.depth > 1:
        found[0] = _looked_into(found[0], cells, asked, share)
    return tuple(found)


def _rank(cause: Cause) -> tuple[bool, float, int]:
    return (not cause.complete, -round(cause.surprise, _DIGITS), len(cause.parts))


def _looked_into(cause: Cause, cells: pd.DataFrame, asked: _Asked, share: float) -> Cause:
    """Ask the other dimensions inside each part whose own change explains enough."""
    limits = asked.limits
    others = tuple(dimension for dimension in asked.dimensions if dimension != cause.dimension)
    deeper = replace(asked, dimensions=others, limits=replace(limits, depth=limits.depth - 1))
    parts = []
    for part in cause.parts:
        own = part.own / part.contribution * part.power
        if own > limits.least_power:
            inner = cells[cells[cause.dimension] == part.element]
            part = replace(part, inside=_causes(inner, deeper, share * own))
        parts.append(part)
    return replace(cause, parts=tuple(parts))


def _cause(cells: pd.DataFrame, dimension: str, asked: _Asked, share: float) -> Cause | None:
    """Return what `dimension` answers; None where it has no element to name."""
    sums = cells[asked.columns].astype("float64").groupby(cells[dimension], dropna=False).sum()
    elements = asked.measure(sums)
    change = elements["contribution"].sum()
    size = sum(abs(_level(sums.sum(), side) or 0.0) for side in _SUMS)
    if len(elements) < 2 or abs(change) <= _NOTHING * size:
        return None
    elements["power"] = elements["contribution"] / change
    named, complete = _named(elements, asked.limits)
    if not named:
        return None
    parts = tuple(_part(elements.loc[[name]], name, share) for name in named)
    return Cause(dimension, parts, _part(elements.drop(index=named), None, share), complete)


def _named(elements: pd.DataFrame, limits: Limits) -> tuple[list[str], bool]:
    """Return the elements that make the answer, and whether they explain enough."""
    large = (elements["power"] > limits.least_power) & (elements["n"] >= limits.least_n)
    able = elements[large & pd.notna(elements.index)]
    order = able["surprise"].round(_DIGITS).sort_values(ascending=False, kind="stable").index
    explained = able.loc[order, "power"].cumsum().iloc[: limits.most_elements]
    enough = (explained > limits.enough_power).to_numpy()
    count = int(enough.argmax()) + 1 if enough.any() else len(explained)
    return list(explained.index[:count]), bool(enough.any())


def _part(rows: pd.DataFrame, element: str | None, share: float) -> Part:
    total = rows.sum()
    return Part(
        element=element,
        expected=_level(total, "expected"),
        actual=_level(total, "actual"),
        contribution=float(total["contribution"]),
        own=float(total["own"]),
        power=float(total["power"]),
        share=float(total["power"]) * share,
        surprise=float(total["surprise"]),
        n=float(total["n"]),
    )


def _level(total: pd.Series, side: str) -> float | None:
    if f"{side}_base" not in total:
        return float(total[side])
    base = float(total[f"{side}_base"])
    return float(total[side]) / base if base else None


def _of_sum(sums: pd.DataFrame) -> pd.DataFrame:
    change = sums["actual"] - sums["expected"]
    return sums.assign(contribution=change, own=change, surprise=_surprise(sums, _SUMS))


def _of_ratio(sums: pd.DataFrame) -> pd.DataFrame:
    before, after = (sums[side] / sums[f"{side}_base"].where(sums[f"{side}_base"] != 0) for side in _SUMS)
    effects = within_mix(sums["expected_base"], sums["actual_base"], before, after)
    there = sums.loc[effects.index]
    return there.assign(
        contribution=effects["within"] + effects["mix"],
        own=effects["within"],
        surprise=_surprise(there, _SUMS) + _surprise(there, _BASES),
    )


def _surprise(sums: pd.DataFrame, columns: list[str]) -> npt.NDArray[np.float64]:
    """Return each element's term of the Jensen-Shannon divergence of its two shares; a negative sum has none."""
    amounts = np.maximum(sums[columns].to_numpy(), 0.0)
    p, q = (amounts / (amounts.sum(axis=0) + (amounts.sum(axis=0) == 0))).T
    return np.asarray(rel_entr(p, (p + q) / 2) + rel_entr(q, (p + q) / 2)) / 2
