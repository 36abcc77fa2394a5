"""What is known of the facts at some moment, such as that of an export: everything later is hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd

from reportkit.demo.world.aftersales import OUTCOMES, coded
from reportkit.demo.world.facts import Facts

__all__ = ["ORDER_STATES", "REFUND_STATES", "known"]

ORDER_STATES = ["unpaid", "cancelled", "paid", "shipped", "signed", "completed", "refunded"]
REFUND_STATES = ["none", "requested", *OUTCOMES[1:]]

_COURSE = [
    "cancelled",
    "paid",
    "shipped",
    "signed",
    "completed",
    "ended",
]  # the last that happened names the state
_ORDER_TIMES = ["deposit_paid", "collected", *_COURSE]
_REFUND_TIMES = ["asked", "agreed", "returned", "resolved"]
_ASKED_ONLY = ["type", "stage", "reason"]
_AMOUNTS = ["back_goods", "back_freight", "back_subsidy", "back_qty"]
_DONE = {"done_goods": "back_goods", "done_freight": "back_freight", "done_subsidy": "back_subsidy"}
_REQUESTED, _SUCCESS = REFUND_STATES.index("requested"), REFUND_STATES.index("success")
_REFUNDED = len(ORDER_STATES) - 1
_LAST_SECOND = np.timedelta64(24 * 3600 - 1, "s")


def known(facts: Facts, as_of: datetime) -> Facts:
    """Return `facts` as known at `as_of`; the facts given stay as they are.

    Rows that had not happened are gone, times that lay ahead are NaT, and days that were not over are left out.
    orders gain `state` (ORDER_STATES); lines gain `state` (the order's, refunded where the line came back whole)
    and `refund_state` (REFUND_STATES); refunds gain `state`; lines and refunds gain done_goods, done_freight and
    done_subsidy, the fen that are really back. Until it is asked for, nothing tells of a refund; until it is
    resolved, its outcome is none. Orders keep their order and are numbered from 0 again.
    """
    moment = np.datetime64(as_of, "s")
    orders, place = _orders(facts.orders, moment)
    return replace(
        facts,
        orders=orders,
        lines=_lines(facts.lines, orders, place, moment),
        refunds=_refunds(facts.refunds, moment),
        payouts=_kept(facts.payouts, _until(facts.payouts, "at", moment)),
        visitors=_whole_days(facts.visitors, moment),
        items=_whole_days(facts.items, moment),
        ads=_whole_days(facts.ads, moment),
        service=_whole_days(facts.service, moment),
    )


def _orders(orders: pd.DataFrame, moment: np.datetime64) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the orders placed, and for every row its new place, -1 where it is gone."""
    placed = _until(orders, "created", moment)
    kept = _hidden(_kept(orders, placed), _ORDER_TIMES, moment)
    state = np.zeros(len(kept), "int8")
    for code, name in enumerate(_COURSE, 1):
        state[~np.isnat(kept[name].to_numpy())] = code
    kept["state"] = coded(state, ORDER_STATES)
    return kept, np.where(placed, np.cumsum(placed) - 1, -1)


def _lines(
    lines: pd.DataFrame, orders: pd.DataFrame, place: np.ndarray, moment: np.datetime64
) -> pd.DataFrame:
    order = place[lines["order"].to_numpy()]
    kept = _kept(lines, order >= 0).assign(order=order[order >= 0].astype(lines["order"].dtype))
    kept = _course(kept, "refund_state", moment)
    state = orders["state"].cat.codes.to_numpy()[kept["order"].to_numpy()]
    gone = (kept["refund_state"].cat.codes == _SUCCESS) & kept["whole"]
    kept["state"] = coded(np.where(gone, _REFUNDED, state), ORDER_STATES)
    return kept


def _refunds(refunds: pd.DataFrame, moment: np.datetime64) -> pd.DataFrame:
    kept = _kept(refunds, _until(refunds, "asked", moment))
    return _course(_hidden(kept, ["shipped", "signed", "ended"], moment), "state", moment)


def _course(frame: pd.DataFrame, column: str, moment: np.datetime64) -> pd.DataFrame:
    """Hide what of refunds lay ahead, and add their state as `column` and what is really back."""
    frame = _hidden(frame, _REFUND_TIMES, moment)
    asked = ~np.isnat(frame["asked"].to_numpy())
    told = np.where(np.isnat(frame["resolved"].to_numpy()), 0, frame["outcome"].cat.codes).astype("int8")
    frame["outcome"] = coded(told, OUTCOMES)
    for name in _ASKED_ONLY:
        codes = np.where(asked, frame[name].cat.codes, -1).astype("int8")
        frame[name] = coded(codes, frame[name].cat.categories)
    for name in _AMOUNTS:
        frame[name] = np.where(asked, frame[name], 0)
    frame["whole"] = asked & frame["whole"].to_numpy()
    frame["refund"] = np.where(asked, frame["refund"], -1)
    state = np.where(told > 0, told + 1, asked * _REQUESTED).astype("int8")
    frame[column] = coded(state, REFUND_STATES)
    for done, amount in _DONE.items():
        frame[done] = np.where(state == _SUCCESS, frame[amount], 0)
    return frame


def _whole_days(frame: pd.DataFrame, moment: np.datetime64) -> pd.DataFrame:
    """Keep the days that were over."""
    return _kept(frame, _until(frame, "day", moment - _LAST_SECOND))


def _until(frame: pd.DataFrame, column: str, moment: np.datetime64) -> np.ndarray:
    """Tell which rows had happened; all of a table without rows or columns."""
    return np.asarray(frame[column].to_numpy() <= moment if len(frame) else np.ones(0, bool))


def _kept(frame: pd.DataFrame, rows: np.ndarray) -> pd.DataFrame:
    """Return these rows, numbered from 0; a copy of none of the columns where all are kept."""
    return frame.copy(deep=False) if rows.all() else frame[rows].reset_index(drop=True)


def _hidden(frame: pd.DataFrame, columns: list[str], moment: np.datetime64) -> pd.DataFrame:
    """Return the frame with the times after `moment` as NaT."""
    never = np.datetime64("NaT", "s")
    times = {name: frame[name].to_numpy() for name in columns}
    ahead = {name: at for name, at in times.items() if (at > moment).any()}
    return frame.assign(**{name: np.where(at > moment, never, at) for name, at in ahead.items()})
