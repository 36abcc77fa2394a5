"""Orders against the money that came in, and codes that stand for none of the merchant's products."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reportkit.quality.audit import Audit
from reportkit.quality.figure import Figure
from reportkit.quality.settling import STATES
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.listing import Listing, cents, listed
from reportkit.show.names import has_cjk
from reportkit.show.numbers import MISSING

__all__ = ["settlement", "unmapped"]

_RIGHT = ("matched", "pending")
_WIDTHS = (26, 10, 12, 12, 7, 9, 9, 15)


def settlement(audit: Audit, size: str = "right") -> Display:
    """Count each platform's orders by whether the money that came is what was due."""
    return Display("table", lambda pen: _draw_settlement(pen, audit), size, block="0.5")


def _draw_settlement(pen: Pen, audit: Audit) -> Drawn:
    words, found = pen.words, audit.settling
    if found.empty:
        return listed(pen, words("quality.settling_none"), Listing((), ()))
    ledgers = dict.fromkeys(zip(found["platform_id"], found["ledger"], strict=True))
    states = [words(f"quality.state_{state}") for state in STATES]
    heads = [
        words("quality.settling_whose"),
        *states,
        words("quality.settling_stray"),
        words("quality.settling_difference"),
    ]
    rows = [_ledger(pen, found, platform, ledger) for platform, ledger in ledgers]
    marks = [pen.prove(audit, figure) for row in found.itertuples() for figure in _figures(row)]
    marks += [pen.prove(audit, figure) for row in audit.alike.itertuples() for figure in _gaps(row)]
    listing = Listing(heads, rows, range(1, len(heads)), widths=_WIDTHS)
    rest = "" if audit.alike.empty else words("quality.settling_rest")
    return listed(pen, _settling_title(pen, found, audit.alike), listing, marks=marks, rest=rest)


def _ledger(pen: Pen, found: pd.DataFrame, platform: str, ledger: str) -> list[str]:
    group = found[(found["platform_id"] == platform) & (found["ledger"] == ledger)]
    names = {"platform": pen.name("platform", platform), "ledger": pen.said("ledger", ledger)}
    orders = group[group["side"] == "order"].set_index("state")
    stray = int(group[group["side"] == "money"]["n"].sum())
    wrong = orders[~orders.index.isin(_RIGHT)]["difference"].sum()
    counts = [_count(int(orders["n"].get(state, 0))) for state in STATES]
    return [pen.words("quality.settling_ledger", **names), *counts, _count(stray), cents(float(wrong))]


def _count(number: int) -> str:
    return f"{number:,}" if number else MISSING


def _settling_title(pen: Pen, found: pd.DataFrame, gaps: pd.DataFrame) -> str:
    """Return how many orders were paid as due, and the largest gap that many orders share."""
    orders = found[found["side"] == "order"]
    n = {state: int(orders[orders["state"] == state]["n"].sum()) for state in STATES}
    wrong = sum(count for state, count in n.items() if state not in _RIGHT)
    return pen.words(
        "quality.settling_title",
        total=f"{sum(n.values()):,}",
        matched=f"{n['matched']:,}",
        wrong=f"{wrong:,}",
        gap=_gap(pen, orders, next(gaps.itertuples(), None)),
    )


def _gap(pen: Pen, orders: pd.DataFrame, row: Any) -> str:
    """Return what a platform paid short, and how much of it by the same share of many orders; empty without such."""
    if row is None:
        return ""
    mine = orders[(orders["platform_id"] == row.platform_id) & (orders["ledger"] == row.ledger)]
    short = mine.loc[mine["state"] == "under", "difference"].sum()
    return pen.words(
        "quality.settling_gap", platform=pen.name("platform", row.platform_id), short=cents(-float(short)), n=_count(row.n),
        share=pen.words.numbers.rate(row.share), alike=cents(-float(row.difference)),
    )  # fmt: skip


def _gaps(row: Any) -> list[Figure]:
    """The orders short by one share, and the money that is missing of them."""
    dims = {"platform": row.platform_id, "ledger": row.ledger, "share": f"{row.share:.1%}"}
    sql = {row.ledger: row.rows_sql}
    missing = Figure("settlement.alike", -float(row.difference), "money", dims, sql)
    return [missing, Figure("settlement.alike_orders", row.n, "count", dims, sql)]


def _figures(row: Any) -> list[Figure]:
    """The count of one state, and for what is amiss the money it is about."""
    dims = {"platform": row.platform_id, "ledger": row.ledger, "state": row.state, "side": row.side}
    sql = {f"{row.ledger} {row.state}": row.rows_sql}
    count = Figure("settlement.state", row.n, "count", dims, sql)
    if row.state in _RIGHT:
        return [count]
    return [count, Figure("settlement.difference", float(row.difference), "money", dims, sql)]


def unmapped(audit: Audit, size: str = "right") -> Display:
    """List the codes sold that nobody mapped, the most sold first."""
    return Display("table", lambda pen: _draw_unmapped(pen, audit), size, block="0.7")


def _draw_unmapped(pen: Pen, audit: Audit) -> Drawn:
    words, found = pen.words, audit.unmapped
    if found is None:
        return listed(pen, words("quality.skus_none"), Listing((), ()))
    shown: list[Any] = list(found.head(pen.rules.quality_rows["skus"]).itertuples())
    sales = words.numbers.column([float(row.sales) for row in shown], "money")
    rows = [
        _code(pen, rank, row, text)
        for rank, (row, text) in enumerate(zip(shown, sales.texts, strict=True), 1)
    ]
    marks = [pen.prove(audit, _sales(row)) for row in shown]
    share = float(sum(found["sales"])) / audit.sales if audit.sales else None
    title = words("quality.skus_title", codes=len(found), share=words.numbers.rate(share))
    heads = [words("labels.dimension_platform"), words("quality.skus_code"), words("quality.skus_product"),
             words("quality.skus_sales", unit=sales.unit)]  # fmt: skip
    return listed(pen, title, Listing(heads, rows, numbers=[3]), marks=marks)


def _code(pen: Pen, rank: int, row: Any, sales: str) -> list[str]:
    code = str(row.platform_sku_id or row.sku_id or MISSING)
    if pen.words.lang == "en" and has_cjk(code):
        code = pen.words("quality.skus_nameless", rank=rank)
    product = pen.name("product", row.spu_id) if row.spu_id else MISSING
    return [pen.name("platform", row.platform_id), code, product, sales]


def _sales(row: Any) -> Figure:
    dims = {"platform": row.platform_id, "code": f"{row.platform_sku_id} {row.sku_id} {row.spu_id}"}
    return Figure("unmapped.sales", float(row.sales), "money", dims, {"lines": row.rows_sql})
