"""What the files do not tell: days that a platform's table lacks or has in part. Of these nothing else is said."""

from __future__ import annotations

from collections.abc import Iterator

from reportkit.alerts.alert import Signal
from reportkit.alerts.rules import DataRule, Level
from reportkit.alerts.watch import Watch
from reportkit.quality.days import Line

__all__ = ["missing"]


def missing(watch: Watch, name: str, rule: DataRule) -> Iterator[Signal]:
    """Yield for each platform and table its days in a row that are missing or not whole, beyond what is usual."""
    for line in watch.audit.lines:
        if line.table in rule.tables and watch.audit.is_expected(line):
            yield from _line(watch, name, rule, line)


def _line(watch: Watch, name: str, rule: DataRule, line: Line) -> Iterator[Signal]:
    lacking = {*line.of("none"), *line.of("part")}
    rows = {"files": watch.audit.filed.rows_sql(line.platform, line.table)}
    count = 0
    for day in line.days:
        count = count + 1 if day in lacking else 0
        level: Level = "warn" if count >= rule.warn else "info"
        if count > rule.tables[line.table]:
            yield Signal(
                name, (("platform", line.platform), ("table", line.table)), day, level, 1,
                count, rule.tables[line.table], float("nan"), at_once=True, unit="days", rows_sql=rows,
            )  # fmt: skip
