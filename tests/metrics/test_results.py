"""Results: reading cells, the wide form, and the way back to SQL and source rows."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
import sqlglot
from sqlglot import ErrorLevel, exp

from reportkit.errors import QueryError
from reportkit.metrics.catalog import Catalog
from reportkit.metrics.compile import Condition, Request, Slice, rows_statement, statement


def test_the_columns_of_the_long_form(whole: Any) -> None:
    """Metric, dimensions, value, counts, then the comparisons; one row per request and combination."""
    found = whole.query(["gmv", "cvr"], by=["platform"], period="2025-11", compare=["target", "previous"])
    compared = [f"previous{side}" for side in ("", "_now", "_then")]
    targets, changes = ["target", "attainment", "pace"], ["previous_change", "previous_growth"]
    assert list(found.frame) == ["metric", "platform_id", "value", "n", "rows", *compared, *targets, *changes]
    assert list(found.frame["metric"]) == ["gmv", "gmv", "cvr", "cvr"]
    assert list(found.frame["platform_id"]) == ["tmall", "jd"] * 2
    assert (found.requests, found.by, found.scope, str(found.as_of)) == (
        ("gmv", "cvr"),
        ("platform",),
        {},
        "2025-11-30",
    )


def test_without_dimensions_there_is_one_row_each(whole: Any) -> None:
    """Even for a period without data."""
    for period in ("2025-11", "2020-01"):
        assert list(whole.query(["gmv", "cvr"], period=period).frame["metric"]) == ["gmv", "cvr"]


def test_counts(whole: Any) -> None:
    """rows are source rows; n are the cases of a rate: what it divides by, where that is a count."""
    found = whole.query(["gmv", "net_sales", "cvr", "refund_rate_order", "roi_total"], period="2025-11")
    assert {name: (found.cell(name, "n"), found.cell(name, "rows")) for name in found.requests} == {
        "gmv": (90, 90),
        "net_sales": (61, 61),
        "cvr": (30000, 30),
        "refund_rate_order": (30, 61),
        "roi_total": (60, 150),
    }


def test_cells(whole: Any) -> None:
    """A cell is found by dimension names; what leaves no or several rows is refused."""
    found = whole.query(["gmv"], by=["platform", "day"], period="2025-11")
    assert found.cell("gmv", platform="jd", day="2025-11-05") == 50
    assert found.cell("gmv", platform_id="jd", day=pd.Timestamp("2025-11-05").date()) == 50
    for wrong, message in (
        ({"platform": "jd"}, "no one row"),
        ({"platform": "jd", "day": "2025-12-05"}, "no one row"),
        ({"province": "x"}, 'not cut by "province"'),
    ):
        with pytest.raises(QueryError, match=message):
            found.cell("gmv", **wrong)
    with pytest.raises(QueryError, match='no column "valeu" in this result'):
        found.cell("gmv", "valeu")
    with pytest.raises(QueryError, match='"orders" was not asked for'):
        found.cell("orders")


def test_the_wide_form(whole: Any) -> None:
    """One row per combination, one column per request and comparison."""
    wide = whole.query(["gmv", "orders"], by=["platform"], period="2025-11", compare=["previous"]).wide()
    assert list(wide)[:3] == ["platform_id", "gmv", "gmv previous"]
    assert list(wide["gmv"]) == [3000, 1500]
    assert list(wide["orders previous_change"]) == [-1, -1]
    assert list(whole.query(["gmv", "cvr"], period="2025-11").wide().iloc[0]) == [4500, 0.03]


def test_the_statement_computes_the_value(whole: Any) -> None:
    """The printed SQL gives the printed number, for every plain metric by platform and day."""
    plain = [name for name in whole.catalog if not whole.catalog[name].view]
    found = whole.query(plain, by=["platform", "day"], period="2025-11")
    assert len([sql for sql in found.statements.values() if sql]) > 20
    for name, sql in found.statements.items():
        own = found.frame[found.frame["metric"] == name]
        shown = {(row.platform_id, row.day): row.value for row in own.itertuples() if row.value}
        printed = {tuple(row[:2]): row[2] for row in whole.engine.rows(sql)} if sql else {}
        kept = {(platform, pd.Timestamp(day)): value for (platform, day), value in printed.items() if value}
        assert {key: value for key, value in shown.items() if not pd.isna(value)} == kept


def test_a_view_prints_the_statements_it_divides(whole: Any) -> None:
    """A share prints its part and its total, a growth its now and its then."""
    found = whole.query(["platform_share", "growth_yoy"], period="2025-11")
    assert found.statements["platform_share"].count("WITH ") == 2
    now, then = found.statements["growth_yoy"].split(";\n\n")
    assert "DATE '2025-11-01'" in now
    assert "DATE '2024-11-01'" in then


def test_the_rows_behind_a_value(whole: Any) -> None:
    """Each table's rows come back with file, sheet and row, and add up to the number."""
    found = whole.query(["net_sales"], by=["platform", "month"], period="2025-Q3")
    behind = found.rows_sql("net_sales", platform="tmall", month="2025-08-01")
    assert list(behind) == ["sales", "refund_cases"]
    sales, refunds = (whole.engine.frame(sql) for sql in behind.values())
    assert (len(sales), len(refunds)) == (62, 1)
    assert {"source_file", "source_sheet", "source_row"} <= set(sales) & set(refunds)
    value = sales["goods_receivable_amt"].sum() - refunds["refund_goods_amt"].sum()
    assert value == found.cell("net_sales", platform="tmall", month="2025-08-01")
    assert found.rows_sql("net_sales", platform="jd") == {}
    with pytest.raises(QueryError, match='not cut by "province"'):
        found.rows_sql("net_sales", province="x")


def test_the_rows_behind_a_category(whole: Any) -> None:
    """A dimension of the row narrows the rows."""
    found = whole.query(["gmv", "category_share"], by=["category"], period="2025-11")
    for name in found.requests:
        rows = whole.engine.rows(found.rows_sql(name, category="上衣")["sales"])
        assert len(rows) == 30


def test_two_filters_on_one_view_have_two_sets_of_rows(seller: Any) -> None:
    """The part of brush orders in sales reads the same view twice, under two names."""
    seller.text(
        "params/metrics/own.yaml",
        "brush_rate: {name: {zh: 甲, en: A}, unit: percent, better: down, ratio: [brush_amt, gmv]}",
    )
    found = seller.metrics().query(["brush_rate"], period="2025-11")
    assert found.cell("brush_rate") == 0
    assert list(found.rows_sql("brush_rate")) == ["sales", "sales gmv"]


def _requests(catalog: Catalog) -> list[Request]:
    plain = [catalog[name] for name in catalog if not catalog[name].view]
    return [
        Request(f"{metric.id}.{basis}" if basis else metric.id, metric, basis)
        for metric in plain
        for basis in metric.bases or (None,)
    ]


def _carried(sql: str) -> exp.Expression:
    """Parse in Spark what SQLGlot makes of `sql`, refusing whatever it cannot carry."""
    (spark,) = sqlglot.transpile(sql, read="duckdb", write="spark", unsupported_level=ErrorLevel.RAISE)
    return sqlglot.parse_one(spark, read="spark")


def test_every_metric_is_carried_to_spark(whole: Any) -> None:
    """The statement of all shipped metrics holds nothing that only DuckDB knows, nor do those of their rows."""
    days = frozenset(whole.period("2025-11").dates())
    scope = (Condition("platform", ("it's",)),)
    cut = Slice(("platform", "week"), scope, {"tmall": days, "jd": days}, whole.last_day)
    requests = _requests(whole.catalog)
    assert _carried(statement(whole.catalog, requests, cut)).find(exp.Select)
    leaves = [leaf for one in requests for leaf in whole.catalog.leaves(one.metric.id, one.basis)]
    for sql in {rows_statement(whole.catalog, leaf, cut) for leaf in leaves}:
        assert _carried(sql).find(exp.Select)


def test_every_view_is_carried_to_spark(whole: Any) -> None:
    """Neither does a named view."""
    for view in whole.catalog.views.values():
        assert not view.sql or _carried(view.on(whole.last_day)).find(exp.Select)


def test_every_measure_fits_its_view(whole: Any) -> None:
    """Every shipped measure, on every basis and by all dimensions of its view at once, runs."""
    days = frozenset(whole.period("2025-11").dates())
    together: dict[str, list[Request]] = {}
    for request in _requests(whole.catalog):
        if measure := request.metric.measure:
            together.setdefault(measure.table, []).append(request)
    for table, requests in together.items():
        by = (*whole.catalog.views[table].dimensions, "week")
        cut = Slice(by, (), {"tmall": days}, whole.last_day)
        frame = whole.engine.frame(statement(whole.catalog, requests, cut))
        assert frame.shape[1] == len(by) + 3 * len(requests)
