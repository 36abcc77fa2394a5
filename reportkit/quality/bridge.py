"""The bridge from the figure on a platform's own screen to ours, step by step, exact to the cent.

::

    figure + Σ steps + unexplained = ours

A step is the sum of rows that anybody can look at. What no step names is left in `unexplained` and
never spread over the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from reportkit.engines import quoted
from reportkit.errors import QueryError, suggest
from reportkit.metrics.coverage import Days
from reportkit.metrics.periods import Period
from reportkit.metrics.query import Metrics
from reportkit.quality.compared import Compared, compare_days, within
from reportkit.quality.rules import Label, PlatformRule, Rules, StepRule, read_rules

__all__ = ["Bridge", "Step", "explain"]

_BRIDGED = ("gmv",)
_PLACE = "source_file, source_sheet, source_row"
_UNKNOWN_SHOP = "unknown"


@dataclass(frozen=True)
class Step:
    """One reason why ours is `amount` more than the platform's figure (less where it is negative).

    `n` counts the orders behind it, or the days where it takes out days that cannot be compared.
    `untold` counts orders of this kind whose files do not tell the amount. `rows_sql` returns rows
    with order_key (null for a platform's figure), day, amount, source_file, source_sheet and
    source_row; their amounts add up to `amount` exactly.
    """

    id: str
    label: Label
    amount: Decimal
    n: int
    rows_sql: str
    untold: int = 0


@dataclass(frozen=True)
class Bridge:
    """A platform's figure and ours, and what lies between. Money in the project's currency.

    `state` is ``explained`` where there is both; ``no_figure`` where the platform's files tell no figure
    of any day, ``no_orders`` where no order file covers any or no order names the shop: then that side and
    `unexplained` are None, never zero, and there are no steps. `label` is what the platform calls its figure;
    `verified` whether its rule was ever checked against a back office; `notes` what to know besides.
    `days` are those compared. `figure_sql` and `ours_sql` return the rows of both sides, as `Step.rows_sql`.
    """

    metric: str
    platform: str
    period: Period
    shop: str | None
    state: Literal["explained", "no_figure", "no_orders"]
    label: Label
    verified: bool
    figure: Decimal | None
    steps: tuple[Step, ...]
    ours: Decimal | None
    unexplained: Decimal | None
    days: Days
    figure_sql: str
    ours_sql: str
    notes: tuple[Label, ...] = ()

    @property
    def gap(self) -> float | None:
        """`unexplained` as a share of the platform's figure; None where there is none to divide by."""
        if self.unexplained is None or not self.figure:
            return None
        return float(self.unexplained / self.figure)


@dataclass(frozen=True)
class _Sides:
    """What one bridge is about, and the SELECTs of its two sides: day, amount and where they stand."""

    metrics: Metrics
    platform: str
    shop: str | None
    figure_sql: str
    ours_sql: str


def explain(
    metrics: Metrics, metric: str, platform: str, period: str | Period, shop: str | None = None
) -> Bridge:
    """Walk from `platform`'s own figure of `period` to ours.

    Raises QueryError for a metric without a bridge, and for a platform, shop or period that is not known.
    """
    if metric not in _BRIDGED:
        raise QueryError(f'no bridge for "{metric}"', todo=suggest(metric, _BRIDGED))
    span = period if isinstance(period, Period) else metrics.period(period)
    named = shop is None or _names_shop(metrics, platform, shop)
    scope = {"platform": [platform]} | ({"shop": [shop]} if shop is not None else {})
    answer = metrics.query([metric], period=span, scope=scope)
    counted = answer.answers[metric].windows["value"].get(platform, frozenset())
    figures = _figures_sql(platform, span, shop)
    sides = _Sides(metrics, platform, shop, _figure_rows(figures), _our_rows(answer.rows_sql(metric)))
    rules = read_rules(metrics.project)
    figure, ours = (_total(metrics, sql) for sql in (sides.figure_sql, sides.ours_sql))
    compared = compare_days(metrics, platform, span, counted, figures)
    if not (counted and named):
        ours = None
    elif ours is None:
        ours = Decimal(0)
    lacking = figure is None or ours is None
    steps = (
        () if lacking else (*_day_steps(sides, rules, compared), *_order_steps(sides, rules, compared.both))
    )
    rule = rules.of(platform)
    return Bridge(
        metric=metric,
        platform=platform,
        period=span,
        shop=shop,
        state="no_figure" if figure is None else "no_orders" if ours is None else "explained",
        label=rule.figure,
        verified=rule.verified,
        figure=figure,
        steps=steps,
        ours=ours,
        unexplained=None if figure is None or ours is None else ours - figure - _sum(steps),
        days=compared.both,
        figure_sql=sides.figure_sql,
        ours_sql=sides.ours_sql,
        notes=rule.notes,
    )


def _sum(steps: tuple[Step, ...]) -> Decimal:
    return sum((step.amount for step in steps), Decimal(0))


def _names_shop(metrics: Metrics, platform: str, shop: str) -> bool:
    """Return whether `platform`'s orders name `shop`; QueryError where none of its files does."""
    known = {
        table: {
            name
            for (name,) in metrics.engine.rows(
                f"SELECT DISTINCT shop_id FROM {table} WHERE platform_id = {quoted(platform)} "
                "AND shop_id IS NOT NULL"
            )
        }
        for table in ("orders", "traffic")
    }
    every = known["orders"] | known["traffic"]
    if shop not in every:
        raise QueryError(f'{platform} has no shop "{shop}"', todo=suggest(shop, every) if every else "")
    return shop in known["orders"]


def _figures_sql(platform: str, span: Period, shop: str | None) -> str:
    kept = "" if shop is None else f" AND shop_id = {quoted(shop)}"
    return (
        f"SELECT * FROM platform_figures WHERE platform_id = {quoted(platform)}{kept} "
        f"AND {within('date_from', span.dates())}"
    )


def _figure_rows(figures: str) -> str:
    return (
        "SELECT CAST(NULL AS VARCHAR) AS order_key, date_from AS day, pay_amt_platform AS amount, "
        f"{_PLACE} FROM ({figures})"
    )


def _our_rows(behind: dict[str, str]) -> str:
    body = behind.get("sales", "SELECT * FROM sales WHERE false")
    return f"SELECT order_key, paid_date AS day, goods_receivable_amt AS amount, {_PLACE} FROM ({body})"


def _total(metrics: Metrics, sql: str) -> Decimal | None:
    ((found,),) = metrics.engine.rows(f"SELECT sum(amount) FROM ({sql})")
    return None if found is None else Decimal(found)


def _day_steps(sides: _Sides, rules: Rules, compared: Compared) -> list[Step]:
    """Take both sides of the days that cannot be compared out whole."""
    reasons = (
        ("no_orders", rules.days.no_orders, compared.no_orders),
        ("late", rules.days.late, compared.late),
        ("no_figure", rules.days.no_figure, compared.no_figure),
    )
    found = []
    for name, label, days in reasons:
        sql = (
            f"SELECT * REPLACE (-amount AS amount) FROM ({sides.figure_sql}) WHERE {within('day', days)} "
            f"UNION ALL SELECT * FROM ({sides.ours_sql}) WHERE {within('day', days)}"
        )
        amount = _total(sides.metrics, sql) if days else None
        if amount is not None:
            found.append(Step(name, label, amount, len(days), sql))
    return found


def _order_steps(sides: _Sides, rules: Rules, days: Days) -> list[Step]:
    rule = rules.of(sides.platform)
    orders = _orders_sql(sides, rules, rule)
    sql = {name: _step_sql(orders, rules.steps[name], days) for name in rule.steps}
    counts = "sum(amount), count(*) FILTER (WHERE amount <> 0), count(*) FILTER (WHERE amount IS NULL)"
    parts = [f"SELECT {quoted(name)} AS step, {counts} FROM ({rows})" for name, rows in sql.items()]
    sums = {row[0]: row[1:] for row in sides.metrics.engine.rows(" UNION ALL ".join(parts))}
    return [
        Step(
            name,
            rules.steps[name].label,
            Decimal(amount or 0),
            n,
            f"SELECT * FROM ({sql[name]}) WHERE amount <> 0",
            untold,
        )
        for name, (amount, n, untold) in ((name, sums[name]) for name in rule.steps)
        if n or untold
    ]


def _orders_sql(sides: _Sides, rules: Rules, rule: PlatformRule) -> str:
    """Return the SELECT of the platform's orders with what its screen counts of each."""
    kept = (
        ""
        if sides.shop is None
        else f" AND coalesce(nullif(shop_id, ''), '{_UNKNOWN_SHOP}') = {quoted(sides.shop)}"
    )
    orders = rules.orders.replace("{zone}", sides.metrics.project.settings.timezone)
    return (
        f"SELECT *, {rule.screen} AS screen, {rule.on_screen} AS on_screen FROM (\n{orders}\n) "
        f"WHERE platform_id = {quoted(sides.platform)}{kept}"
    )


def _step_sql(orders: str, step: StepRule, days: Days) -> str:
    apart = f"\nAND NOT coalesce({within(step.unless, days)}, false)" if step.unless else ""
    return (
        f"SELECT order_key, {step.day} AS day, {step.amount} AS amount, {_PLACE}\nFROM ({orders})\n"
        f"WHERE ({step.when}) AND {within(step.day, days)}{apart}"
    )
