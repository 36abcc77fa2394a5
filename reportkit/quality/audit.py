"""What a report of one period asks about its data, each question answered once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pandas as pd

from reportkit.engines import quoted
from reportkit.ingest.faults import UNMAPPED
from reportkit.ingest.source import Source
from reportkit.metrics.periods import Period
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.quality.bridge import Bridge, explain
from reportkit.quality.days import RECORDS, Filed, Line, main_table, owner
from reportkit.quality.figure import Figure
from reportkit.quality.settling import alike, ladder, settle
from reportkit.quality.skus import unmapped
from reportkit.quality.todo import Need, active_platforms, todo, unlocked

__all__ = ["Audit", "Books", "Refusal", "Total"]

_ORDERS, _GMV = "orders", "gmv"
_CODES = ("skus", "sku_map", "costs")
_OWNER = "split_part(source_id, '/', 1)"
_WORDS_SHOWN = 3


@dataclass(frozen=True)
class Books:
    """Rows read from the files of a period, and where they ended; `lost` is what the books do not tell."""

    files: int
    read: int
    refused: int
    lost: int


@dataclass(frozen=True)
class Refusal:
    """Rows of one source refused for one reason. `words` are the commonest that nobody mapped, with counts."""

    source: str
    platform: str
    column: str
    reason: str
    rows: int
    rows_sql: str
    words: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Total:
    """A total that a file gives of itself and that its rows do not come to. Money."""

    source: str
    platform: str
    column: str
    said: float
    found: float
    rows_sql: str


@dataclass
class Audit:
    """The data behind the report of `period`, as seen on the day `as_of`, for the platforms of `scope`."""

    project: Project
    metrics: Metrics
    period: Period
    as_of: date
    scope: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def filed(self) -> Filed:
        """Days with data."""
        return Filed(self.project, self.metrics)

    @cached_property
    def wanted(self) -> list[str] | None:
        """The platforms of the scope, by name or by its shops; None for all."""
        if "shop" in self.scope:
            shops = ", ".join(map(quoted, self.scope["shop"]))
            found = self.metrics.engine.rows(
                f"SELECT DISTINCT platform_id FROM orders WHERE shop_id IN ({shops})"
            )
            return sorted(name for (name,) in found)
        return list(self.scope["platform"]) if "platform" in self.scope else None

    @cached_property
    def platforms(self) -> list[str]:
        """Whose files are asked for, within the scope."""
        found = active_platforms(self.project, self.filed)
        return [name for name in found if self.wanted is None or name in self.wanted]

    @cached_property
    def bridges(self) -> list[Bridge]:
        """The way from each platform's own figure to our GMV; of one shop where the scope is one."""
        shops = self.scope.get("shop", ())
        selling = [name for name in self.metrics.platforms if name in self.platforms]
        if len(shops) > 1:
            return []
        return [explain(self.metrics, _GMV, name, self.period, *shops) for name in selling]

    @cached_property
    def lines(self) -> list[Line]:
        """Days with data, by platform and by every table that is filed day by day."""
        days = [day for day in self.period.dates() if day <= self.as_of]
        daily = [name for name, entry in unlocked(self.project).items() if not entry.once]
        return [
            self.filed.line(platform, name, days)
            for platform in self.platforms
            for name in daily
            if any(self._downloaded(source, name) for source in self.filed.feeding(platform, name))
        ]

    def _downloaded(self, source: Source, name: str) -> bool:
        """Whether the days of a table are told by a source: it is downloaded for it every month, or was once."""
        return main_table(source) == name and (source.routine or source.id in self._used)

    @cached_property
    def _used(self) -> set[str]:
        return {source for (source,) in self.metrics.engine.rows("SELECT DISTINCT source_id FROM files")}

    def is_expected(self, line: Line) -> bool:
        """Whether a line counts: it was downloaded before, or holds the orders no report is without."""
        used = any(source.id in self._used for source in self.filed.feeding(line.platform, line.table))
        return used or (line.table == _ORDERS and line.platform in self.project.platforms)

    @cached_property
    def coverage(self) -> list[Figure]:
        """The share of the expected days with data, then how many days each line lacks that lacks some."""
        lines = [line for line in self.lines if self.is_expected(line)]
        lacking = [line for line in lines if line.of("none")]
        days = sum(len(line.days) for line in lines)
        missing = sum(len(line.of("none")) for line in lacking)
        sql = {
            f"{line.platform} {line.table}": self.filed.rows_sql(line.platform, line.table) for line in lines
        }
        return [
            Figure("coverage.share", 1 - missing / days if days else 0.0, "percent", {}, sql),
            *(
                Figure(
                    "coverage.lacking", len(line.of("none")), "count",
                    {"platform": line.platform, "table": line.table},
                    {"files": self.filed.rows_sql(line.platform, line.table)},
                )
                for line in lacking
            ),
        ]  # fmt: skip

    @cached_property
    def settling(self) -> pd.DataFrame:
        """Orders against the money that came in: see `reportkit.quality.settling.settle`."""
        scope = {name: values for name, values in self.scope.items() if name in ("platform", "shop")}
        return settle(self.metrics, self.period, scope)

    @cached_property
    def alike(self) -> pd.DataFrame:
        """Orders paid short by the same share: see `reportkit.quality.settling.alike`."""
        return alike(self.metrics, self.settling)

    @cached_property
    def ladder(self) -> pd.DataFrame:
        """Order lines whose amounts do not add up: see `reportkit.quality.settling.ladder`."""
        return self._within(ladder(self.metrics, self.period))

    @cached_property
    def unmapped(self) -> pd.DataFrame | None:
        """Codes sold that nobody mapped, the most sold first; None where the merchant has told no code at all."""
        told = " UNION ALL ".join(f"SELECT sku_id FROM {name}" for name in _CODES)
        if not self.metrics.engine.has(f"({told})"):
            return None
        return self._within(unmapped(self.metrics, self.period))

    def _within(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame if self.wanted is None else frame[frame["platform_id"].isin(self.wanted)]

    @cached_property
    def sales(self) -> float:
        """GMV of the period, of the platforms in question."""
        scope = {} if self.wanted is None else {"platform": self.wanted}
        return self.metrics.query([_GMV], period=self.period, scope=scope).cell(_GMV) or 0.0

    @cached_property
    def needs(self) -> list[Need]:
        """Files still to download."""
        within = None if self.wanted is None else {"platform": self.wanted}
        return todo(self.project, self.metrics, self.period, scope=within, as_of=self.as_of, filed=self.filed)

    @cached_property
    def files_sql(self) -> str:
        """The SELECT of the records of the files that speak of the period, one row a sheet."""
        first, last = quoted(self.period.start.isoformat()), quoted(self.period.end.isoformat())
        spoken = f"coalesce(date_min <= {last} AND date_max >= {first}, exported_at >= {first})"
        listed = ", ".join(map(quoted, self.wanted or ("",)))
        return f"{RECORDS} WHERE {spoken}" + (
            "" if self.wanted is None else f" AND platform_id IN ({listed})"
        )

    @cached_property
    def books(self) -> Books:
        """Where every row of the period's files ended."""
        ((files, read, refused, lost),) = self.metrics.engine.rows(
            "SELECT count(*), coalesce(sum(rows_read), 0), coalesce(sum(rejected), 0), "
            "coalesce(sum(abs(rows_read - accepted - superseded - rejected - skipped)), 0) "
            f"FROM ({self.files_sql})"
        )
        return Books(int(files), int(read), int(refused), int(lost))

    @cached_property
    def _rejects_sql(self) -> str:
        return (
            f"SELECT refused.*, {_OWNER} AS platform_id FROM rejects AS refused "
            f"SEMI JOIN ({self.files_sql}) AS spoken USING (source_file, source_sheet)"
        )

    @cached_property
    def refusals(self) -> list[Refusal]:
        """Refused rows by source and reason, the most first."""
        rows = self.metrics.engine.rows(
            "SELECT source_id, platform_id, coalesce(\"column\", ''), reason, count(*) "
            f"FROM ({self._rejects_sql}) GROUP BY ALL ORDER BY 5 DESC, 1, 3, 4, 2"
        )
        return [self._refusal(*row) for row in rows]

    def _refusal(self, source: str, platform: str, column: str, reason: str, count: int) -> Refusal:
        told = {
            "source_id": source,
            "platform_id": platform,
            "coalesce(\"column\", '')": column,
            "reason": reason,
        }
        condition = " AND ".join(f"{name} = {quoted(value)}" for name, value in told.items())
        sql = f"SELECT * FROM ({self._rejects_sql}) WHERE {condition}"
        words = (
            self.metrics.engine.rows(
                f"SELECT raw, count(*) FROM ({sql}) WHERE raw IS NOT NULL "
                f"GROUP BY raw ORDER BY 2 DESC, 1 LIMIT {_WORDS_SHOWN}"
            )
            if reason == UNMAPPED
            else []
        )
        return Refusal(source, platform, column, reason, count, sql, tuple(words))

    @cached_property
    def totals(self) -> list[Total]:
        """Totals of files that their rows do not come to, the largest difference first."""
        sql = (
            f"SELECT total.*, {_OWNER} AS platform_id FROM totals AS total "
            f"SEMI JOIN ({self.files_sql}) AS spoken USING (source_file, source_sheet) WHERE said <> found"
        )
        rows = self.metrics.engine.rows(
            'SELECT source_id, platform_id, "column", said, found, source_file, source_sheet '
            f"FROM ({sql}) ORDER BY abs(said - found) DESC, 1, 3, 6, 7"
        )
        return [
            Total(
                source, platform, column, float(said), float(found),
                f"SELECT * FROM ({sql}) WHERE source_file = {quoted(file)} "
                f'AND source_sheet = {quoted(sheet)} AND "column" = {quoted(column)}',
            )
            for source, platform, column, said, found, file, sheet in rows
        ]  # fmt: skip

    @cached_property
    def partial_sources(self) -> list[Source]:
        """Sources read in the period of whose exports only a part is known."""
        rows = self.metrics.engine.rows(f"SELECT DISTINCT source_id FROM ({self.files_sql}) ORDER BY 1")
        known = (self.filed.sources.get(source) for (source,) in rows)
        return [source for source in known if source and source.partial]

    def owner(self, source: str) -> str:
        """Return whose back office writes the export that `source` reads."""
        known = self.filed.sources.get(source)
        return owner(known) if known else source.split("/")[0]
