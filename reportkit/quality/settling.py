"""Orders against the money that came in for them, and the amount ladder of every order line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pandas as pd
from pydantic import Field

from reportkit.engines import quoted
from reportkit.errors import QueryError, suggest
from reportkit.metrics.periods import Period
from reportkit.metrics.query import Metrics, Scope
from reportkit.project import Project, Strict, load_model, read_yaml
from reportkit.quality.compared import within

__all__ = ["ALIKE", "LADDER", "SETTLED", "STATES", "Settling", "alike", "ladder", "read_settling", "settle"]

STATES = ("matched", "pending", "unmatched", "over", "under")
SETTLED = ["platform_id", "ledger", "state", "side", "n", "due", "got", "difference", "rows_sql"]
ALIKE = ["platform_id", "ledger", "share", "n", "difference", "rows_sql"]
LADDER = ["platform_id", "source_id", "lines", "untold", "violations", "difference", "rows_sql"]

_FILTERS = {"platform": "platform_id", "shop": "shop_id"}
_PLACE = "source_file, source_sheet, source_row"
_PARTS = ("platform_subsidy_amt", "influencer_subsidy_amt", "payment_subsidy_amt", "gov_subsidy_amt")


class Settling(Strict):
    """``params/settling.yaml``. `tolerance` is money, `alike` orders; `days` by platform, `other` for any other."""

    tolerance: Decimal
    alike: int = Field(gt=0)
    unconfirmed: int = Field(ge=0)
    days: dict[str, int]


def read_settling(project: Project) -> Settling:
    """Read ``params/settling.yaml``; ProjectError where it does not fit."""
    path = project.resource("params/settling.yaml")
    return load_model(Settling, read_yaml(path), str(path))


def settle(metrics: Metrics, period: str | Period, scope: Scope | None = None) -> pd.DataFrame:
    """Hold the orders paid in `period` against the money that came in for them.

    One row per platform, ledger (``settlements`` of the platform, ``payments`` of a channel such as
    Alipay), state and side (``order``, or ``money`` that names no order we know), where there is any:

    - matched: what came in is what was due, within the tolerance; also where nothing was due or came
    - pending: nothing came yet, and it was not yet due on the ledger's last day
    - unmatched: nothing came although it was due; or money without an order
    - over, under: more, or less, came in than was due

    `due` is goods and freight less successful refunds, `got` what came in before fees were taken off,
    less what went back; `difference` is got less due. All Decimal in the project's currency. `n`
    counts orders, or entries of money. `rows_sql` returns the orders (or entries) with platform_id,
    order_key, state, day, due, got, difference, source_file, source_sheet and source_row.

    `scope` may name platforms and shops; QueryError for any other dimension or an unknown period.
    """
    span = period if isinstance(period, Period) else metrics.period(period)
    kept = _conditions(scope or {})
    policy = read_settling(metrics.project)
    zone = metrics.project.settings.timezone
    sql = " UNION ALL ".join(
        [*(_orders_sql(ledger, span, kept, policy, zone) for ledger in _LEDGERS), _money_sql(span, kept)]
    )
    sums = metrics.engine.rows(
        f"SELECT platform_id, ledger, state, side, count(*), sum(due), sum(got), sum(difference) FROM ({sql}) "
        "GROUP BY ALL"
    )
    rows = [(*row, _rows_sql(sql, *row[:4])) for row in sorted(sums, key=_order)]
    return pd.DataFrame(rows, columns=SETTLED)


def alike(metrics: Metrics, settled: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of what was due that are missing from many orders alike: a rule that nobody agreed on.

    `settled` is the answer of `settle`. One row per platform, ledger and share (a fraction, to a thousandth) of
    which a part, not all, is missing from at least `alike` orders: how many (n), what came less what was due
    (Decimal, below zero), and the SELECT of these orders; the largest gap first.
    """
    least = read_settling(metrics.project).alike
    rows = []
    for under in settled[(settled["side"] == "order") & (settled["state"] == "under")].itertuples():
        found = f"SELECT *, round(-difference / nullif(due, 0), 3) AS share FROM ({under.rows_sql})"
        for share, n, difference in metrics.engine.rows(
            f"SELECT share, count(*), sum(difference) FROM ({found}) WHERE share > 0 AND share < 1 GROUP BY share "
            f"HAVING count(*) >= {least}"
        ):
            sql = f"SELECT * FROM ({found}) WHERE share = {share}"
            rows.append((under.platform_id, under.ledger, float(share), n, difference, sql))
    return pd.DataFrame(rows, columns=ALIKE).sort_values("difference", ignore_index=True)


def ladder(metrics: Metrics, period: str | Period) -> pd.DataFrame:
    """Check every order line placed in `period`: due to the merchant = paid by the buyer + borne by others.

    One row per platform and source: `lines`, of them `untold` (the file lacks one of the two sides),
    `violations` (off by more than the tolerance), and `difference`, the sum of what violating lines
    are off by, taken absolutely (Decimal). `rows_sql` returns the violating lines with off_by.
    QueryError for an unknown period.
    """
    span = period if isinstance(period, Period) else metrics.period(period)
    tolerance = read_settling(metrics.project).tolerance
    borne = " + ".join(f"coalesce({part}, 0)" for part in _PARTS)
    lines = (
        f"SELECT *, goods_receivable_amt - buyer_paid_goods_amt - ({borne}) AS off_by FROM order_lines "
        f"WHERE {within('created_date', span.dates())}"
    )
    wrong = f"abs(off_by) > {tolerance}"
    sums = metrics.engine.rows(
        "SELECT platform_id, source_id, count(*), count(*) FILTER (WHERE off_by IS NULL), "
        f"count(*) FILTER (WHERE {wrong}), coalesce(sum(abs(off_by)) FILTER (WHERE {wrong}), 0) "
        f"FROM ({lines}) GROUP BY ALL ORDER BY ALL"
    )
    rows = [(*row, _violating(lines, wrong, row[0], row[1])) for row in sums]
    return pd.DataFrame(rows, columns=LADDER)


def _violating(lines: str, wrong: str, platform: str, source: str) -> str:
    return (
        f"SELECT * FROM ({lines}) WHERE {wrong} AND platform_id = {quoted(platform)} "
        f"AND source_id = {quoted(source)}"
    )


# A channel moves money for some platforms, or for some orders of one: that it moved none for an order says
# something only where the platform itself tells no settlements and the channel moved money for others.
_LEDGERS = {
    "settlements": "SELECT DISTINCT platform_id FROM money_entries WHERE ledger = 'settlements'",
    "payments": (
        "SELECT DISTINCT platform_id FROM money_entries WHERE ledger = 'payments' AND order_key IS NOT NULL "
        "EXCEPT SELECT DISTINCT platform_id FROM money_entries WHERE ledger = 'settlements'"
    ),
}


def _orders_sql(ledger: str, span: Period, kept: str, policy: Settling, zone: str) -> str:
    """Return the SELECT of the orders of a period with their state in `ledger`."""
    waits = " ".join(
        f"WHEN {quoted(name)} THEN {days}" for name, days in policy.days.items() if name != "other"
    )
    return f"""SELECT
  due.platform_id, '{ledger}' AS ledger, due.order_key, 'order' AS side,
  CASE
    WHEN abs(coalesce(came.got, 0) - due.due) <= {policy.tolerance} THEN 'matched'
    WHEN came.got IS NULL AND due.due_on >= ledger_end.day THEN 'pending'
    WHEN came.got IS NULL THEN 'unmatched'
    WHEN came.got > due.due THEN 'over'
    ELSE 'under'
  END AS state,
  due.day, due.due, coalesce(came.got, 0) AS got, coalesce(came.got, 0) - due.due AS difference,
  {", ".join(f"due.{name}" for name in _PLACE.split(", "))}
FROM (
  SELECT
    *, paid_date AS day,
    CASE WHEN status_std = 'closed' AND refunded IS NULL THEN 0
      ELSE coalesce(goods, 0) + coalesce(freight, 0) - coalesce(refunded, 0) END AS due,
    coalesce(
      CAST(timezone('{zone}', timezone('UTC', completed_at)) AS DATE), paid_date + {policy.unconfirmed}
    ) + CASE platform_id {waits} ELSE {policy.days["other"]} END AS due_on
  FROM order_totals
  WHERE {within("paid_date", span.dates())} AND counted_as NOT IN ('superseded', 'merged'){kept}
) AS due
LEFT JOIN (
  SELECT platform_id, order_key, sum(amount) AS got FROM money_entries WHERE ledger = '{ledger}'
  GROUP BY platform_id, order_key
) AS came ON due.platform_id = came.platform_id AND due.order_key = came.order_key
JOIN (
  SELECT platform_id, max(day) AS day FROM money_entries WHERE ledger = '{ledger}' GROUP BY platform_id
) AS ledger_end ON due.platform_id = ledger_end.platform_id
WHERE came.got IS NOT NULL OR due.platform_id IN ({_LEDGERS[ledger]})"""


def _money_sql(span: Period, kept: str) -> str:
    """Return the SELECT of the entries of a period that name no order we know."""
    return f"""SELECT
  platform_id, ledger, order_key, 'money' AS side, 'unmatched' AS state, day,
  CAST(0 AS DECIMAL(18, 4)) AS due, amount AS got, amount AS difference, {_PLACE}
FROM money_entries
WHERE {within("day", span.dates())}{kept}
  AND (order_key IS NULL OR order_key NOT IN (SELECT order_key FROM orders))"""


def _rows_sql(sql: str, platform: str, ledger: str, state: str, side: str) -> str:
    wanted = {"platform_id": platform, "ledger": ledger, "state": state, "side": side}
    conditions = " AND ".join(f"{name} = {quoted(value)}" for name, value in wanted.items())
    return f"SELECT * EXCLUDE (ledger, side) FROM ({sql}) WHERE {conditions}"


def _order(row: Sequence[str]) -> tuple[str, str, int, str]:
    return (row[0], row[1], STATES.index(row[2]), row[3])


def _conditions(scope: Mapping[str, Sequence[str] | str]) -> str:
    found = []
    for name, given in scope.items():
        if name not in _FILTERS:
            raise QueryError(f'settlements have no dimension "{name}"', todo=suggest(name, _FILTERS))
        values = (given,) if isinstance(given, str) else given
        found.append(f" AND {_FILTERS[name]} IN ({', '.join(quoted(str(value)) for value in values)})")
    return "".join(found)
