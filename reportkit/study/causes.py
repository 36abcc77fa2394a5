"""The root of the largest fall and the largest rise: whose, by which factor, and in which element of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from reportkit.analysis.attribute import Cause, attribute_ratio, attribute_sum
from reportkit.analysis.beside import Expected
from reportkit.metrics.query import Result
from reportkit.metrics.views import UNKNOWN
from reportkit.quality.figure import Figure
from reportkit.study.change import Change
from reportkit.study.channels import AdLine, Channels, expected_channel
from reportkit.study.rows import number, records

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Drill", "behind", "drills"]

_PLACES = ("category", "province", "product")
# The numerator and denominator in which a factor's own elements are looked for, and by what they are cut.
_RATIOS = {
    "conversion": ("item_pay_buyers", "item_visitors", ("category", "product")),
    "kept": ("refund_amount.pay_date", "gmv", ("category", "product")),
}


@dataclass(frozen=True)
class Drill:
    """Behind the change of one `part`: its strongest `factor` that pulls the same way, and its elements.

    `change` and `effect` are money; the effect is the factor's, or the whole change where it was not split.
    `cause` is the best answer of analysis.attribute, None where no element stands out, or without data: then
    `lacks` names the tables. Of a channel, `expected` is what it would have brought beside the platform's others
    by the platform's own count (money), `actual` what it did. `line` is the cheap advertising that came with
    more visitors.
    """

    part: str
    change: float
    factor: str
    effect: float
    cause: Cause | None
    lacks: tuple[str, ...] = ()
    expected: Expected | None = None
    actual: float | None = None
    figures: tuple[Figure, ...] = ()
    line: AdLine | None = None

    @property
    def is_rate(self) -> bool:
        """Whether the elements are told by their rates."""
        return self.factor in _RATIOS

    @property
    def element(self) -> str | None:
        """The name of the first element."""
        return self.cause.parts[0].element if self.cause else None


def behind(study: Study, told: Change, part: str, factor: str) -> Drill:
    """Return what lies behind the effect of one `factor` on one `part`, whatever the part did as a whole."""
    row = dict(records(told.effects))[part]
    found = Drill(part, row["change"], factor, row[factor], None)
    return _by_channel(study, told, found) if factor == "visitors" else _by_place(study, told, found)


def drills(study: Study) -> tuple[Drill, ...]:
    """Return what lies behind the largest fall and the largest rise that are beyond the flat band, falls first."""
    told = study.change
    if told.against is None or told.effects.empty:
        return ()
    effects: dict[str, float] = {part: row["change"] for part, row in records(told.effects)}
    least = study.project.policy.flat * abs(told.effects["then"].sum())
    ends = (min(effects, key=lambda part: effects[part]), max(effects, key=lambda part: effects[part]))
    parts = [part for part, sign in zip(ends, (-1, 1), strict=True) if sign * effects[part] > least]
    return tuple(_drill(study, told, part) for part in parts)


def _drill(study: Study, told: Change, part: str) -> Drill:
    row = dict(records(told.effects))[part]
    same_way = {name: row[name] for name in (*told.factors, "whole") if row[name] * row["change"] > 0}
    factor = max(same_way, key=lambda name: abs(same_way[name]))
    return behind(study, told, part, factor)


def _by_channel(study: Study, told: Change, found: Drill) -> Drill:
    """Look for the channels that brought more or fewer visitors."""
    bought = (
        line for line in study.ad_lines if line.cheap and line.platform == found.part and found.change > 0
    )
    found = replace(found, line=next(bought, None))
    cells = _channel_cells(study.channels, found.part) if told.dimension == "platform" else None
    if cells is None or study.channels.against != told.against:
        return replace(found, lacks=("traffic",))
    cause = _best(study, attribute_sum(cells, ["channel"], study.rules.change.limits))
    if cause is None:
        return found
    first = str(cause.parts[0].element)
    expected = expected_channel(study, found.part, first)
    mine = study.channels.of(found.part).set_index("channel")
    figures = tuple(study.channels.figure(found.part, first, name) for name in ("visitors", "amount"))
    actual = number(mine, first, "amount")
    return replace(found, cause=cause, expected=expected, actual=actual, figures=figures)


def _best(study: Study, causes: tuple[Cause, ...]) -> Cause | None:
    """Return the first answer if it explains enough and its elements stand out from the rest."""
    if not causes or not causes[0].complete:
        return None
    cause, rules = causes[0], study.rules.change
    observed = sum(part.n for part in cause.parts)
    share = observed / ((observed + cause.rest.n) or 1.0)
    return cause if cause.power >= rules.stands_out * share else None


def _channel_cells(channels: Channels, platform: str) -> pd.DataFrame | None:
    rows = channels.of(platform)
    if rows.empty or rows["visitors_then"].isna().all():
        return None
    return pd.DataFrame(
        {
            "channel": rows["channel"],
            "expected": rows["visitors_then"].fillna(0.0),
            "actual": rows["visitors"].fillna(0.0),
            "n": rows[["visitors", "visitors_then"]].sum(axis=1),
        }
    )


def _by_place(study: Study, told: Change, found: Drill) -> Drill:
    """Look for the categories and products whose rate moved, else for those that sold more or less."""
    above, below, places = _RATIOS.get(found.factor, ("gmv", "", _PLACES))
    requests = [above, *([below] if below else [])]
    scope = {**study.scope, told.dimension: [found.part]}
    result = study.metrics.query(
        requests, by=places, period=study.period, scope=scope, compare=[str(told.against)], as_of=study.as_of
    )
    cells = _cells(result, str(told.against), places)
    explain = attribute_ratio if below else attribute_sum
    causes = explain(cells, places, study.rules.change.limits) if len(cells) else ()
    return replace(found, cause=_best(study, causes))


def _cells(result: Result, against: str, places: tuple[str, ...]) -> pd.DataFrame:
    """Return the cells of a result: expected and actual of its first request, of its second as their bases."""
    now, then = (_wide(result, places, f"{against}_{side}") for side in ("now", "then"))
    first, second = result.requests[0], result.requests[-1]
    counts = _wide(result, places, "n")[second].fillna(0)
    cells = pd.DataFrame(
        {
            "expected": then[first], "actual": now[first], "n": counts,
            "expected_base": then[second], "actual_base": now[second],
        }
    ).fillna(0.0).reset_index()  # fmt: skip
    return cells.replace(dict.fromkeys(places, UNKNOWN), None)


def _wide(result: Result, places: tuple[str, ...], values: str) -> pd.DataFrame:
    """Return one column of a result with a column a request, also one that no file tells."""
    told = result.frame.pivot(index=list(places), columns="metric", values=values)
    return told.reindex(columns=list(result.requests))
