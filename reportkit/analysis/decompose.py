"""What changed, and by how much: a product split into its factors, a ratio into rates and mix.

Both splits are identities: effects add up to the change, whatever the numbers are, and turn their sign
where the two periods change places.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from reportkit.errors import AnalysisError

__all__ = ["METHODS", "decompose", "within_mix"]

METHODS = ("lmdi", "shapley", "entry", "exit", "whole")
_FITS = 1e-6

Floats = npt.NDArray[np.float64]


def decompose(before: pd.DataFrame, after: pd.DataFrame, factors: Sequence[str], value: str) -> pd.DataFrame:
    """Split the change of `value`, the product of `factors`, part by part (platform, shop …).

    Both frames have one row a part, by index, and a column for each of `factors` and for `value`.
    Return one row a part: an effect for each factor, `whole`, `change` and `method`, in the unit of
    `value`; the factors' effects and `whole` add up to `change`, value after less value before. Effects of
    several parts may be added: their sum is the effect on the total. `method` is one of METHODS:

    - lmdi: every factor is positive in both periods. Additive logarithmic mean Divisia index (LMDI-I;
      Ang, Energy Policy 33, 2005).
    - shapley: every factor is known, but one is zero or negative.
    - entry, exit: the part is there in one period only, so that `whole` is its value there (less it).
      A part is not there where its row or value is missing, or where it sold nothing and a factor is
      missing for that (no buyers, hence no average basket).
    - whole: the part is there in both periods, but a factor of it is not known; `whole` is the change.

    A part that is there in neither period is left out. AnalysisError where factors do not multiply to
    the value.
    """
    parts = after.index.union(before.index, sort=False)
    (x0, y0), (x1, y1) = (_read(frame.reindex(parts), factors, value) for frame in (before, after))
    known = ~np.isnan(x0 + x1).any(axis=1)
    there0, there1 = _there(x0, y0), _there(x1, y1)
    split = known & there0 & there1
    positive = split & (x0 > 0).all(axis=1) & (x1 > 0).all(axis=1)
    change = np.where(there1, y1, 0.0) - np.where(there0, y0, 0.0)
    effects = np.zeros_like(x0)
    for rows, method in ((positive, _lmdi), (split & ~positive, _shapley)):
        effects[rows] = _closed(method(x0[rows], x1[rows]), change[rows])
    found = pd.DataFrame(effects, index=parts, columns=list(factors))
    found["whole"] = np.where(split, 0.0, change)
    found["change"] = change
    found["method"] = np.select([positive, split, ~there0, ~there1], METHODS[:4], METHODS[4])
    return found[there0 | there1]


def within_mix(w0: pd.Series, w1: pd.Series, r0: pd.Series, r1: pd.Series) -> pd.DataFrame:
    """Split the change of R = Σ w·r / Σ w into what elements did themselves and what their mix did.

    `w0` and `w1` are weights before and after in any unit (visitors of a conversion), `r0` and `r1` the
    elements' rates; all by element. Return one row an element: weight_before, weight_after (shares of one),
    rate_before, rate_after, `within` and `mix`, both in the unit of the rate; all of within and mix
    together are R after less R before. Each is symmetric in the two periods and leaves no interaction:

        within = (r1 - r0)·(w0 + w1)/2        mix = (w1 - w0)·((r0 + r1)/2 - (R0 + R1)/2)

    An element without weight or rate in one period is not there then: its weight is 0 and its rate taken
    to be that of the other period, so that its coming or going is all mix; without either in both periods
    it is left out. Empty where a period has no weight at all.
    """
    table = pd.DataFrame({"w0": w0, "w1": w1, "r0": r0, "r1": r1}).astype("float64")
    for weight, rate in (("w0", "r0"), ("w1", "r1")):
        table[weight] = table[weight].where(table[rate].notna()).fillna(0.0)
        table[rate] = table[rate].where(table[weight] != 0)
        table[weight] /= table[weight].sum() or np.nan
    table = table.dropna(subset=["w0", "w1"]).dropna(subset=["r0", "r1"], how="all")
    table["r0"], table["r1"] = table["r0"].fillna(table["r1"]), table["r1"].fillna(table["r0"])
    before, after = (float((table[f"w{side}"] * table[f"r{side}"]).sum()) for side in (0, 1))
    within = (table["r1"] - table["r0"]) * (table["w0"] + table["w1"]) / 2
    mix = (table["w1"] - table["w0"]) * ((table["r0"] + table["r1"]) / 2 - (before + after) / 2)
    table.columns = pd.Index(["weight_before", "weight_after", "rate_before", "rate_after"])
    return table.assign(within=within, mix=mix)


def _read(frame: pd.DataFrame, factors: Sequence[str], value: str) -> tuple[Floats, Floats]:
    x = frame[list(factors)].to_numpy("float64", na_value=np.nan)
    y = frame[value].to_numpy("float64", na_value=np.nan)
    product = x.prod(axis=1)
    wrong = np.abs(product - y) > _FITS * np.maximum(np.abs(product), np.abs(y))
    if wrong.any():
        row = int(wrong.argmax())
        raise AnalysisError(
            f"{' × '.join(factors)} is {product[row]:g}, but {value} is {y[row]:g}",
            where=str(frame.index[row]),
            todo="take factors of one chain, each the next amount over the one before",
        )
    return x, y


def _there(x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
    return np.asarray(~np.isnan(y) & ~((y == 0) & np.isnan(x).any(axis=1)))


def _lmdi(x0: Floats, x1: Floats) -> Floats:
    """Return L(y1, y0)·ln(x1/x0); L(x, y) = (x - y)/(ln x - ln y), and x where they are equal."""
    logs = np.log(x1 / x0)
    total = logs.sum(axis=1)
    flat = total == 0
    mean = x0.prod(axis=1) * np.where(flat, 1.0, np.expm1(total) / np.where(flat, 1.0, total))
    return np.asarray(mean[:, None] * logs)


def _shapley(x0: Floats, x1: Floats) -> Floats:
    """Return each factor's mean effect over all orders in which the factors may have changed.

    Of a product this is (x1 - x0) times the integral of the product of the others along the straight way
    from before to after (Owen, Management Science 18, 1972), which Gauss-Legendre nodes give exactly.
    """
    count = x0.shape[1]
    nodes, weights = np.polynomial.legendre.leggauss((count + 1) // 2)
    way = x0 + ((nodes + 1) / 2)[:, None, None] * (x1 - x0)
    effects = np.empty_like(x0)
    for factor in range(count):
        others = np.delete(way, factor, axis=2).prod(axis=2)
        effects[:, factor] = (x1 - x0)[:, factor] * (weights @ others) / 2
    return effects


def _closed(effects: Floats, change: Floats) -> Floats:
    """Give what rounding left over to the largest effect of each row."""
    rows = np.arange(len(effects))
    largest = np.abs(effects).argmax(axis=1)
    effects[rows, largest] += change - effects.sum(axis=1)
    return effects
