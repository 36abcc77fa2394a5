"""The object a notebook opens: period, scope, metrics, displays with their evidence, and the closing word."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from reportkit.engines import DuckDBEngine
from reportkit.errors import QueryError, RunError
from reportkit.lake import Lake, Snapshot
from reportkit.metrics.periods import Period, parse_day
from reportkit.metrics.query import Metrics, Result
from reportkit.project import Project
from reportkit.quality.audit import Audit
from reportkit.show.breakdown import breakdown, money
from reportkit.show.custom import custom
from reportkit.show.display import Display, Lack, Pen
from reportkit.show.evidence import Evidence
from reportkit.show.names import Names
from reportkit.show.rules import Rules
from reportkit.show.style import apply
from reportkit.show.words import Words
from reportkit.study import Study

if TYPE_CHECKING:  # what one page asks for, the others need not wait for
    from reportkit.advice.findings import Findings
    from reportkit.alerts.backtest import Backtest
    from reportkit.ledger import Judged
    from reportkit.reissue import Reissue
    from reportkit.study.campaign import Campaign

__all__ = ["MIMETYPE", "Report", "open_report"]

MIMETYPE = "application/vnd.reportkit.v1+json"
_SNAPSHOT, _VIEWS = "REPORTKIT_SNAPSHOT", "REPORTKIT_VIEWS"
_STYLESHEETS = ("templates/report/lab.css", "templates/report/show.css")
_BURST = "爆发"
_DATASETS = ("orders", "refunds", "traffic", "ads")
_SHORTEST, _LONGEST = 20, 31
Names_ = str | Iterable[str]
Scope = Mapping[str, Sequence[str]]


def open_report(
    project: str | Path, period: str, scope: Scope | None = None, as_of: str | date | None = None
) -> Report:
    """Open the report of `period` on the project at the folder `project`.

    `scope` keeps rows by dimension, ``{"platform": ["tmall"]}``; empty is everything. `as_of` is the
    last business date that may be seen, by default the last day with an order. The lake is read at
    the snapshot that the run has pinned, else at the published one. Raises ProjectError, QueryError.
    """
    opened = Project.open(project)
    computed = os.environ.get(_VIEWS)
    engine = DuckDBEngine(
        Lake(opened.lake), _pinned(), keep_views=True, computed=Path(computed) if computed else None
    )
    return Report(opened, Metrics(opened, engine), period, dict(scope or {}), as_of)


def _pinned() -> Snapshot | None:
    text = os.environ.get(_SNAPSHOT)
    return Snapshot.from_json(json.loads(text)) if text else None


class Report:
    """One open report. `period`, `scope` and `as_of` hold for everything asked of it."""

    def __init__(
        self, project: Project, metrics: Metrics, period: str, scope: Scope, as_of: str | date | None
    ) -> None:
        self.project = project
        self.scope = {
            name: [values] if isinstance(values, str) else list(values) for name, values in scope.items()
        }
        self._metrics = metrics
        self.period: Period = metrics.period(period)
        self.as_of: date = parse_day(as_of) if as_of else metrics.last_day or self.period.end
        self._closed = False
        self._evidence = Evidence(metrics.engine)
        words = Words(project)
        self._pen = Pen(
            project, words, Names(project, words, metrics.engine), Rules.read(project), metrics.catalog,
            self._evidence, self._promo_days,
        )  # fmt: skip
        apply()
        css = [project.resource(name).read_text(encoding="utf-8") for name in _STYLESHEETS]
        _publish({"kind": "style"}, f"<style>{''.join(css)}</style>")

    def metrics(
        self,
        requests: Names_,
        by: Names_ = (),
        compare: Names_ = (),
        period: str | Period | None = None,
    ) -> Result:
        """Ask for metrics: ``"gmv net_sales.pay_date"``, or a list of them.

        `by` names dimensions, `compare` any of previous, last_year, target; `period` replaces the
        report's own. Raises QueryError for a name that is not known.
        """
        self._still_open()
        return self._metrics.query(
            _listed(requests), by=_listed(by), period=period or self.period, scope=self.scope,
            compare=_listed(compare), as_of=self.as_of,
        )  # fmt: skip

    def frame(
        self,
        requests: Names_,
        by: Names_ = (),
        compare: Names_ = (),
        period: str | Period | None = None,
    ) -> pd.DataFrame:
        """Return the answer to the same question as `metrics` as a wide frame: one column a metric."""
        return self.metrics(requests, by, compare, period).wide()

    @cached_property
    def audit(self) -> Audit:
        """What there is to say about the data behind this report: displays about them take it."""
        return Audit(self.project, self._metrics, self.period, self.as_of, self.scope)

    @cached_property
    def study(self) -> Study:
        """What the analysis says of this period: displays that explain take one of its answers."""
        return Study(self.project, self._metrics, self.period, self.as_of, self.scope)

    @cached_property
    def campaign(self) -> Campaign:
        """What the analysis says of this period as a promotion: displays of a review take it."""
        from reportkit.study.campaign import Campaign

        return Campaign(self.study)

    @cached_property
    def backtest(self) -> Backtest:
        """What the rules of the morning check would have told from the first day loaded to the end of this period."""
        from reportkit.alerts.backtest import backtest

        return backtest(self._metrics, min(self.period.end, self.as_of), self.scope)

    @cached_property
    def judged(self) -> list[Judged]:
        """How often each rule was right, of the alerts that somebody judged."""
        from reportkit.ledger import Ledger, precision

        return precision(Ledger.open(self.project))

    @cached_property
    def findings(self) -> Findings | None:
        """The alerts and the advice of this period, as far as they concern the scope; None before it begins.

        In a run the first notebook that asks finds them for all.
        """
        from reportkit.advice.findings import find, found_once

        def whole() -> Study:
            return Study(self.project, self._metrics, self.period, self.as_of) if self.scope else self.study

        computed = os.environ.get(_VIEWS)
        name = f"findings-{self.period.id.replace('/', '_')}-{self.as_of}.pickle"
        told = found_once(Path(computed).with_name(name), whole) if computed else find(whole())
        return told.within(self.scope) if told else None

    def reissue(self, section: str) -> Reissue | None:
        """What moved since the last issue that holds the notebook `section`, of this period and scope; None without one."""
        from reportkit.reissue import since

        return since(self._metrics, section, self.period, self.scope, self.as_of)

    @cached_property
    def recent(self) -> Period:
        """The days a daily chart shows: a finished month as it is, else the last thirty days."""
        end = min(self.period.end, self.as_of)
        if end < self.period.start:
            return self.period
        if self.as_of >= self.period.end and _SHORTEST <= self.period.days <= _LONGEST:
            return self.period
        start = end - timedelta(days=self._pen.rules.recent_days - 1)
        return self._metrics.period(f"{start.isoformat()}/{end.isoformat()}")

    @cached_property
    def split(self) -> str:
        """The dimension this page is split by: platform, or the next one that has two parts or more."""
        return breakdown(self._metrics, self._pen.rules, self.period, self.scope, self.as_of)

    @cached_property
    def money(self) -> str:
        """The money this page explains: net sales by payment date, or the next best that has a value."""
        return money(self._metrics, self._pen.rules, self.period, self.scope, self.as_of)

    def show(self, thing: Any, title: str | None = None, alt: str | None = None) -> None:
        """Publish a display of reportkit.show, or an analyst's own table or figure.

        The latter is a DataFrame, a great_tables GT, or a matplotlib or seaborn figure; it needs
        `title` and `alt` and carries the mark 自定义. Raises RenderError where they are missing. A
        display that has nothing to say publishes nothing; what it lacks is told by reportkit.show.lacking.
        """
        self._still_open()
        if isinstance(thing, Display) and (title or alt):
            raise QueryError("this display writes its own title and alt text", where="report.show",
                             todo="leave title and alt away")  # fmt: skip
        display = thing if isinstance(thing, Display) else custom(thing, title, alt)
        drawn = display.draw(self._pen)
        if not drawn.html:
            if drawn.lacks:
                self._pen.lacking.append(Lack(display.block, drawn.title, drawn.lacks))
            return
        facts = self._evidence.take(self._pen.spoken)
        content = {
            "kind": display.kind,
            "title": drawn.title,
            "subtitle": drawn.subtitle,
            "alt": drawn.alt,
            "size": display.size,
            "blocks": list(drawn.blocks) or [display.block] * bool(display.block),
            "facts": facts,
        }
        _publish(content, drawn.html)

    def close(self) -> None:
        """Publish the closing word, by which a run knows that the notebook reached its end."""
        self._still_open()
        self._closed = True
        snapshot = self._metrics.engine.snapshot
        content = {
            "kind": "close",
            "closed": True,
            "snapshot": snapshot.to_json(),
            "period": self.period.id,
            "period_label": self.period.label(self.project.settings.lang),
            "scope": self.scope,
            "as_of": self.as_of.isoformat(),
            "missing": [name for name in self._platforms() if not self._has(name, "orders")],
            "sources_without": self._without(),
            "replaced_characters": self._pen.replaced,
            "facts": len(self._evidence),
        }
        self._metrics.engine.close()
        _publish(content)

    def _still_open(self) -> None:
        if self._closed:
            raise RunError("the report is closed", where="report", todo="make report.close() the last cell")

    def _platforms(self) -> list[str]:
        wanted = self.scope.get("platform")
        return [name for name in self._metrics.platforms if wanted is None or name in wanted]

    def _has(self, platform: str, dataset: str) -> bool:
        days = self._metrics.coverage.of(platform, [dataset])
        end = min(self.period.end, self.as_of)
        return any(self.period.start <= day <= end for day in days)

    def _without(self) -> list[str]:
        """Datasets without a day in the period, as ``jd/traffic``."""
        return [
            f"{name}/{dataset}"
            for name in self._platforms()
            for dataset in _DATASETS
            if not self._has(name, dataset)
        ]

    @cached_property
    def _bursts(self) -> list[tuple[str, date, date]]:
        return self._metrics.engine.rows(
            "SELECT max(name), start_date, end_date FROM promos "
            f"WHERE phase LIKE '{_BURST}%' GROUP BY promo_id, start_date, end_date ORDER BY start_date"
        )

    def _promo_days(self, first: date, last: date) -> dict[date, str]:
        """The days between `first` and `last` on which a promotion is at its height, and its name."""
        return {
            start + timedelta(days=offset): name or ""
            for name, start, end in self._bursts
            for offset in range((end - start).days + 1)
            if first <= start + timedelta(days=offset) <= last
        }


def _listed(names: Names_) -> list[str]:
    return names.split() if isinstance(names, str) else list(names)


def _publish(content: dict[str, Any], html: str = "") -> None:
    from IPython.display import display

    bundle: dict[str, Any] = {MIMETYPE: content}
    if html:
        bundle["text/html"] = html
    if content.get("title"):
        bundle["text/plain"] = content["title"]
    display(bundle, raw=True)  # type: ignore[no-untyped-call]
