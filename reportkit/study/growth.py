"""Whether growth is worth having: sales rose, and what got worse meanwhile; and on how few parts they rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportkit.metrics.compile import column_of
from reportkit.metrics.query import Result
from reportkit.metrics.views import UNKNOWN
from reportkit.study.newcomers import Newcomers
from reportkit.study.phases import TOTAL, Phases
from reportkit.study.promotion import Promotion
from reportkit.study.rows import number

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["Concentration", "Growth", "Sign", "growth"]

_YEAR = "last_year"
_HEAD, _BACK = "gmv", "repurchase"
# What a sign is read from, and whether more of it is worse.
_SIGNS = {
    "refund": ("refund_rate_final", True),
    "margin": ("contribution_rate", False),
    "discount": ("discount_rate", True),
    "stock": ("inventory_days", True),
}
_OVER = {"platform": "gmv", "channel": "channel_visitors", "style": "gmv"}
_HHI = {"platform": "hhi_platform", "channel": "hhi_channel", "style": "hhi_product"}


@dataclass(frozen=True)
class Sign:
    """One thing that growth may cost, now and then; `worse` is None where it cannot be told.

    `change` is a difference, of stock a share. `request` of `result` holds it, except for buyers who came back and for
    what sales rest on.
    """

    name: str
    now: float | None
    then: float | None
    change: float | None
    worse: bool | None
    result: Result | None = None
    request: str = ""


@dataclass(frozen=True)
class Concentration:
    """How much of `request` the largest part of `dimension` has (fraction), now and then, and the index of all parts.

    `hhi` is the sum of squared shares. Missing where last year's cannot be told.
    """

    dimension: str
    request: str
    result: Result
    hhis: Result
    top: str
    share: float
    then: float | None

    @property
    def hhi(self) -> float | None:
        """The Herfindahl index, 1 where all is one part."""
        return self.hhis.cell(_HHI[self.dimension])


@dataclass(frozen=True)
class Growth:
    """The verdict: ``hollow`` (grown while something got worse), ``sound``, ``none`` (not grown), ``unknown``.

    `grown` is the growth of the daily money of a promotion, as a longer one is not growth; of all money in any other
    period (not `daily`).
    """

    result: Result
    grown: float | None
    daily: bool
    signs: tuple[Sign, ...]
    concentrations: tuple[Concentration, ...]
    limit: float

    @property
    def worse(self) -> tuple[Sign, ...]:
        """What got worse."""
        return tuple(sign for sign in self.signs if sign.worse)

    @property
    def verdict(self) -> str:
        """Return which of the four it is."""
        if self.grown is None or all(sign.worse is None for sign in self.signs):
            return "unknown"
        if self.grown < self.limit:
            return "none"
        return "hollow" if self.worse else "sound"


def growth(study: Study, rules: Promotion, found: Phases | None, came: Newcomers | None) -> Growth:
    """Return whether the sales of the period, whose phases were `found`, grew against last year's, and what got worse."""
    requests = [_HEAD, "cost_coverage", *(request for request, _ in _SIGNS.values())]
    result = study.ask(requests, compare=[_YEAR])
    parts = tuple(filter(None, (_concentration(study, dimension) for dimension in _OVER)))
    signs = [_sign(study, result, name, getattr(rules.growth, name)) for name in _SIGNS]
    signs += [_repurchase(came), _rested(parts, rules.growth.concentration)]
    daily = number(found.table, TOTAL, "growth") if found else float("nan")
    grown = result.cell(_HEAD, f"{_YEAR}_growth") if daily != daily else daily
    return Growth(result, grown, daily == daily, tuple(filter(None, signs)), parts, rules.growth.grown)


def _sign(study: Study, result: Result, name: str, limit: float) -> Sign | None:
    request, more = _SIGNS[name]
    column = "growth" if name == "stock" else "change"
    now, then, change = (result.cell(request, f"{_YEAR}_{side}") for side in ("now", "then", column))
    costed = result.cell("cost_coverage", f"{_YEAR}_now"), result.cell("cost_coverage", f"{_YEAR}_then")
    if name == "margin" and min(each or 0.0 for each in costed) < study.project.policy.limits.costed:
        change = None
    worse = None if change is None else (change if more else -change) >= limit
    return Sign(name, now, then, change, worse, result, request)


def _repurchase(came: Newcomers | None) -> Sign | None:
    """Hold new buyers of the promotion against those of the one before at the same age: fewer of any promotion come back."""
    if came is None or came.worse is None or came.against != "then":
        return Sign(_BACK, None, None, None, None) if came else None
    now, then = (number(came.frame, name, "rate") for name in ("now", "then"))
    return Sign(_BACK, now, then, came.gap, came.worse)


def _rested(parts: tuple[Concentration, ...], limit: float) -> Sign | None:
    """Return the sign of the dimension whose largest part gained most."""
    told = [(part.share - part.then, part) for part in parts if part.then is not None]
    if not told:
        return None
    gained, most = max(told, key=lambda each: each[0])
    return Sign(f"concentration_{most.dimension}", most.share, most.then, gained, gained >= limit)


def _concentration(study: Study, dimension: str) -> Concentration | None:
    """Return the largest part of `dimension`; None where there is only one, or nobody tells."""
    request = _OVER[dimension]
    result = study.ask([request], by=[dimension], compare=[_YEAR])
    wide = result.wide().set_index(column_of(dimension))
    known = wide[(wide[request] > 0) & (wide.index != UNKNOWN)]
    if len(known) < 2:
        return None
    top, then = str(known[request].idxmax()), f"{request} {_YEAR}_then"
    before = float(wide[then].sum())
    return Concentration(
        dimension, request, result, study.ask([_HHI[dimension]], compare=[_YEAR]), top,
        number(wide, top, request) / float(wide[request].sum()),
        number(wide.fillna(0.0), top, then) / before if before > 0 else None,
    )  # fmt: skip
