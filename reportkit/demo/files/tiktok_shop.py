"""TikTok Shop's files: orders, returns and the income statement."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from reportkit.demo.files.bills import fee_rows
from reportkit.demo.files.cells import dates, moments, texts, words, yuan
from reportkit.demo.files.layout import Frame, layouts
from reportkit.demo.files.plan import Report, Span
from reportkit.demo.numbers import buyer_name, order_id, platform_sku_id, refund_id
from reportkit.demo.world import Facts, World

__all__ = ["REPORTS", "by_piece", "entries"]

_ID = "tiktok_shop"
_DAY_FIRST = "%d/%m/%Y %H:%M:%S"


def orders(span: Span) -> Frame:
    """Return one row a line; what belongs to the order stands on each of its rows."""
    say = layouts()["tiktok_shop/orders"].words
    catalogue, lines = span.world.catalogue, span.facts.lines
    of = span.facts.orders.take(lines["order"].to_numpy())
    place = span.world.merchant.provinces
    product, sku = (pa.array(lines[name].to_numpy()) for name in ("product", "sku"))
    return {
        "number": order_id(_ID, of["serial"]),
        "state": words(of["state"], say["state"]),
        "back_kind": words(of["state"], say["back_kind"]),
        "kind": words(of["presale"], say["kind"]),
        "sku": platform_sku_id(_ID, lines["sku"]),
        "code": texts(catalogue.skus["code"]).take(sku),
        "title": texts(catalogue.products["title"]).take(product),
        "spec": texts(catalogue.skus["spec"]).take(sku),
        "qty": texts(lines["qty"]),
        "back_qty": texts(lines["back_qty"].where(lines["refund_state"] == "success", 0)),
        "price": yuan(lines["listed"] // lines["qty"]),
        "listed": yuan(lines["listed"]),
        "platform": yuan(lines["platform"]),
        "discount": yuan(lines["discount"]),
        "payable": yuan(lines["due"] - lines["platform"]),
        "freight": yuan(of["freight"]),
        "created": moments(of["created"], _DAY_FIRST),
        "paid": moments(of["paid"], _DAY_FIRST),
        "shipped": moments(of["shipped"], _DAY_FIRST),
        "signed": moments(of["signed"], _DAY_FIRST),
        "closed": moments(of["cancelled"].fillna(of["ended"]), _DAY_FIRST),
        "closed_by": words(of["state"], say["closed_by"]),
        "closed_because": words(of["state"], say["closed_because"]),
        "buyer": buyer_name(_ID, of["buyer"]),
        "province": words(of["province"], {name: name for name in place}),
        "city": words(of["province"], {name: place[name].city for name in place}),
    }


def refunds(span: Span) -> Frame:
    """Return one row an after-sale, or two where its price a piece is no whole fen."""
    say, catalogue = layouts()["tiktok_shop/refunds"].words, span.world.catalogue
    known = span.facts.refunds
    place, qty, price = by_piece(known["back_goods"].to_numpy(), known["back_qty"].to_numpy())
    rows = known.take(place)
    return {
        "refund_number": refund_id(_ID, rows["refund"]),
        "number": order_id(_ID, rows["serial"]),
        "code": texts(catalogue.skus["code"]).take(pa.array(rows["sku"].to_numpy())),
        "title": texts(catalogue.products["title"]).take(pa.array(rows["product"].to_numpy())),
        "asked": moments(rows["asked"], _DAY_FIRST),
        "qty": texts(qty),
        "reason": texts(rows["reason"]),
        "price": yuan(price),
        "kind": words(rows["type"], say["kind"]),
        "state": words(rows["state"], say["state"]),
    }


def by_piece(fen: np.ndarray, pieces: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Share amounts of `fen` out over `pieces` (one at least), in whole fen.

    Returns row by row the place of the amount, some of its pieces, and what each of these costs; an amount that
    the pieces do not divide takes two rows.
    """
    pieces = np.maximum(pieces, 1)
    price, dearer = np.divmod(fen, pieces)
    place = np.repeat(np.arange(len(fen)), 1 + (dearer > 0))
    second = np.diff(place, prepend=-1) == 0
    return place, np.where(second, dearer[place], (pieces - dearer)[place]), price[place] + second


def settlement(span: Span) -> Frame:
    """Return one row a line settled, or taken back; fees are negative."""
    say, rows = layouts()["tiktok_shop/settlement"].words, span.facts.payouts
    revenue = rows["due"] + rows["freight"]
    back = rows["kind"] == "refund"
    return {
        "number": order_id(_ID, rows["serial"]),
        "kind": words(rows["kind"], say["kind"]),
        "created": dates(rows["created"], "%Y/%m/%d"),
        "day": dates(rows["at"], "%Y/%m/%d"),
        "net": yuan(rows["net"]),
        "revenue": yuan(revenue),
        "sold": yuan(rows["due"].where(~back, 0)),
        "back": yuan(rows["due"].where(back, 0)),
        "fees": yuan(rows["net"] - revenue),
        "payment_fee": yuan(-rows["payment_fee"]),
        "commission": yuan(-_commission(rows)),
    }


REPORTS = (
    Report("tiktok_shop/orders", orders),
    Report("tiktok_shop/refunds", refunds),
    Report("tiktok_shop/settlement", settlement),
)


def entries(world: World, facts: Facts) -> dict[str, pd.DataFrame]:
    """Return the rows of ``settlements`` and ``fees`` that the income statement brings, in the schema's words.

    Money is whole fen, times are naive local ones; the statement tells days only.
    """
    rows, say = facts.payouts, layouts()["tiktok_shop/settlement"].words["kind"]
    gross = (rows["due"] + rows["freight"]).to_numpy()
    settlements = pd.DataFrame(
        {
            "settle_date": rows["at"].dt.normalize().to_numpy(),
            "settled_at": rows["at"].dt.normalize().to_numpy(),
            "platform_order_id": order_id(_ID, rows["serial"]).to_pandas(),
            "entry_raw": rows["kind"].astype(str).map(say).to_numpy(),
            "entry_std": np.where(rows["kind"] == "refund", "退款", "货款"),
            "gross_amt": gross,
            "deductions": gross - rows["net"].to_numpy(),
            "settled_amt": rows["net"].to_numpy(),
        }
    )
    return {"settlements": settlements, "fees": _fees(rows, settlements)}


def _fees(rows: pd.DataFrame, settlements: pd.DataFrame) -> pd.DataFrame:
    """What the known columns do not name is the rest of the deductions."""
    named = {
        ("支付手续费", "Transaction fee"): rows["payment_fee"].to_numpy(),
        ("平台扣点", "TikTok Shop commission fee"): _commission(rows).to_numpy(),
    }
    rest = settlements["deductions"].to_numpy() - sum(named.values())
    return fee_rows(settlements, {**named, ("其他", "Total Fees"): rest})


def _commission(rows: pd.DataFrame) -> pd.Series:
    """The platform's commission holds what it takes for its service."""
    return rows["commission"] + rows["service"]
