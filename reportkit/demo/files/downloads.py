"""The merchant at the browser: file after file is downloaded while the world goes on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from importlib import import_module
from pathlib import Path

import pandas as pd

from reportkit.demo.files import jushuitan
from reportkit.demo.files.layout import Frame, layouts
from reportkit.demo.files.plan import Report, Span
from reportkit.demo.files.writer import write
from reportkit.demo.world import Facts, Stretch, World
from reportkit.demo.world.known import known
from reportkit.demo.world.split import facts_of, month_of

__all__ = ["Download", "Downloads"]

_AT = time(9, 30)
_EARLY = ("tmall/orders", "douyin/orders")  # also downloaded on the morning after the last month but one
_COPIED = "douyin/orders"


@dataclass(frozen=True)
class Download:
    """One file: its path below the inbox, the source that reads it, its rows, and why it is there.

    `kind`: last (as known when the world ends); early (older states of the same days); copy (of another
    file's bytes, as a browser makes it).
    """

    path: str
    source: str
    rows: int
    kind: str


class Downloads:
    """Writes the platforms' and the ERP's files of one world below a folder."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world, self._folder = world, folder

    def last_months(self, stretch: Stretch) -> Iterator[Download]:
        """Write what `stretch` holds of the world's last two months alone: orders as known early, the ERP's files."""
        last = pd.Period(self._world.end, "M")
        for month, download in ((last - 1, self._early), (last, self._erp)):
            if stretch.first <= month.start_time.date() <= stretch.last:
                yield from download(month_of(stretch, month))

    def reports(self, span: Span) -> Iterator[Download]:
        """Write one platform's files about `span`, and about each of its months."""
        for report in _reports(span.platform):
            for part in [span] if report.every == "span" else self._months(span):
                yield from self._write(report.source, report.frame(part), part, "last")

    def span(self, platform: str, first: date, last: date, facts: Facts) -> Span:
        """Return what is downloaded of `facts`' course when the world has ended."""
        seen = known(facts, self._world.cutoff)
        return Span(self._world, platform, first, last, self._world.cutoff, self._exported(first), seen, seen)

    def _months(self, span: Span) -> Iterator[Span]:
        """Yield the months of `span`."""
        for month in pd.period_range(span.first, span.last, freq="M"):
            first, last, facts = month.start_time.date(), month.end_time.date(), facts_of(span.facts, month)
            exported = self._exported(first)
            yield replace(span, first=first, last=last, exported=exported, facts=facts, course=facts)

    def _exported(self, first: date) -> datetime:
        """Return when files about the days from `first` are written: one a minute, so that no two have one name."""
        minutes = (pd.Period(first, "M") - pd.Period(self._world.start, "M")).n
        return datetime.combine(self._world.end + timedelta(days=1), _AT) + timedelta(minutes=minutes)

    def _erp(self, month: Stretch) -> Iterator[Download]:
        spans = [self.span(name, month.first, month.last, facts) for name, facts in month.facts.items()]
        for source, frame in jushuitan.REPORTS:
            yield from self._write(source, frame(spans), spans[0], "last")

    def _early(self, month: Stretch) -> Iterator[Download]:
        exported = datetime.combine(month.last + timedelta(days=1), _AT)
        for source in _EARLY:
            name = source.partition("/")[0]
            last = self.span(name, month.first, month.last, month.facts[name])
            span = replace(last, as_of=exported, exported=exported, facts=known(month.facts[name], exported))
            (report,) = (report for report in _reports(name) if report.source == source)
            for download in self._write(source, report.frame(span), span, "early"):
                yield download
                if source == _COPIED:
                    yield self._copy(download)

    def _copy(self, download: Download) -> Download:
        path = self._folder / download.path
        copy = path.with_stem(f"{path.stem} (1)")
        shutil.copy2(path, copy)
        return Download(str(copy.relative_to(self._folder)), download.source, download.rows, "copy")

    def _write(self, source: str, frame: Frame, span: Span, kind: str) -> Iterator[Download]:
        """Write one file, unless there is nothing to tell."""
        if not len(next(iter(frame.values()))):
            return
        layout = layouts()[source]
        facts: dict[str, object] = {"first": span.first, "last": span.last, "exported": span.exported}
        path = layout.file.format(**facts)
        rows = write(self._folder / path, layout, frame, facts, span.exported)
        yield Download(path, source, rows, kind)


def _reports(platform: str) -> tuple[Report, ...]:
    reports: tuple[Report, ...] = import_module(f"reportkit.demo.files.{platform}").REPORTS
    return reports
