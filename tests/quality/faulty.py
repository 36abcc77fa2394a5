"""A lake of several platforms with every fault that the page about the data should name."""

from __future__ import annotations

from collections.abc import Mapping

from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.project import Project
from reportkit.schema import sql_type, table

# What the platform's screen shows of a day's sales, beside ours; a platform that is not here shows nothing.
FIGURES = {"tmall": 1.0, "douyin": 1.0, "jd": 1.003, "pdd": 1.0, "tiktok_shop": 1.0}
UNKNOWN_WORD = "待核销"
PROVENANCE = (
    "platform_id, year(day) AS year, concat(source, row_number() OVER (ORDER BY key)) AS row_key, key AS unit_key, "
    "concat(platform_id, '/', source) AS source_id, concat(platform_id, '-', source) AS source_file, "
    "'' AS source_sheet, row_number() OVER (ORDER BY key) + 1 AS source_row, "
    "TIMESTAMP '2025-12-03' AS exported_at, false AS is_placeholder"
)


def plant(project: Project, figures: Mapping[str, float] = FIGURES) -> None:
    """Write into the lake of `project`: platforms' own figures, settlements, refused rows, totals, codes."""
    shares = ", ".join(f"('{name}', {share})" for name, share in figures.items())
    tables = {
        "traffic": f"""
            SELECT visit.* REPLACE (CAST(ours.amount * shown.share AS DECIMAL(18, 2)) AS pay_amt_platform)
            FROM traffic AS visit
            LEFT JOIN (
              SELECT platform_id, paid_date, sum(goods_receivable_amt) AS amount FROM sales GROUP BY ALL
            ) AS ours ON visit.platform_id = ours.platform_id AND visit.date_from = ours.paid_date
            LEFT JOIN (VALUES {shares}) AS shown(platform_id, share) ON visit.platform_id = shown.platform_id""",
        # Every hundredth order was settled ten yuan short, every two hundredth not at all.
        "settlements": f"""
            SELECT *, {PROVENANCE} FROM (
              SELECT platform_id, 'settlements' AS source, order_key AS key, paid_date + 5 AS day,
                paid_date + 5 AS settle_date, order_key, '货款' AS entry_std,
                goods_receivable_amt - CASE WHEN place % 100 = 0 THEN 10 ELSE 0 END AS gross_amt,
                goods_receivable_amt - CASE WHEN place % 100 = 0 THEN 10 ELSE 0 END AS settled_amt
              FROM (
                SELECT *, row_number() OVER (PARTITION BY platform_id ORDER BY order_key) AS place FROM sales
                WHERE platform_id IN ('tmall', 'jd') AND paid_date BETWEEN '2025-11-01' AND '2025-11-30'
                  AND order_key NOT IN (SELECT order_key FROM refunds WHERE order_key IS NOT NULL)
              ) WHERE place % 200 <> 0
            )""",
        "order_lines": "SELECT * REPLACE (spu_id AS platform_sku_id, spu_id AS sku_id) FROM order_lines",
        "skus": f"""
            SELECT *, {PROVENANCE} FROM (
              SELECT DISTINCT 'forms' AS platform_id, 'skus' AS source, spu_id AS key, DATE '2025-01-01' AS day,
                spu_id AS sku_id, spu_id
              FROM products WHERE spu_id < 'P09'
            )""",
        "rejects": f"""
            SELECT concat(platform, '-orders') AS source_file, '' AS source_sheet, number + 2 AS source_row,
              concat(platform, '/orders') AS source_id, said[1] AS "column", said[2] AS raw, said[3] AS reason
            FROM (VALUES ('tmall'), ('jd')) AS one(platform), range(7) AS rows(number),
              (SELECT ['订单状态', '{UNKNOWN_WORD}', 'a word nobody mapped'] AS said) WHERE number < 5
            UNION ALL SELECT 'tmall-orders', '', 99, 'tmall/orders', '订单创建时间', '2031-01-01',
              'a date before 2000 or in the future'""",
        "totals": """
            SELECT 'jd-orders' AS source_file, '' AS source_sheet, 900 AS source_row, 'jd/orders' AS source_id,
              '应付金额' AS "column", 1000.00 AS said, 998.50 AS found""",
        "files": """
            SELECT files.* REPLACE (rejected + coalesce(lost.n, 0) AS rejected, rows_read + coalesce(lost.n, 0) AS rows_read)
            FROM files LEFT JOIN (SELECT * FROM (VALUES ('tmall-orders', 6), ('jd-orders', 5)) AS t(source_file, n))
              AS lost ON files.source_file = lost.source_file AND files.date_max = DATE '2025-12-03'""",
    }
    lake = Lake(project.lake)
    engine = _engine(project, lake)
    with lake.writing():
        for name, sql in tables.items():
            rows = engine.arrow(_whole(engine, name, sql))
            lake.write(name, rows, predicate=None, partitioned=not table(name).governance)
        lake.publish()
    engine.close()


def _engine(project: Project, lake: Lake) -> DuckDBEngine:
    from reportkit.metrics.query import Metrics

    engine = DuckDBEngine(lake)
    Metrics(project, engine)
    return engine


def _whole(engine: DuckDBEngine, name: str, sql: str) -> str:
    """Return `sql` with every column of the table, each of its type."""
    given = {row[0] for row in engine.rows(f"DESCRIBE {sql}")}
    columns = ", ".join(
        f'CAST({f"{chr(34)}{c.name}{chr(34)}" if c.name in given else "NULL"} AS {sql_type(c.type)}) AS "{c.name}"'
        for c in table(name).columns
    )
    return f"SELECT {columns} FROM ({sql})"
