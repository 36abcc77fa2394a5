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
from reportkit.demo.files.plan import Every, Report, Span
from reportkit.demo.files.writer import write
from reportkit.demo.world import Facts, Month, World
from reportkit.demo.world.known import known

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

    def month(self, month: Month) -> Iterator[Download]:
        """Write the files about `month` alone."""
        number = self._world.labels.index(month.label)
        if number == len(self._world.labels) - 2:
            yield from self._early(month)
        for name, facts in month.facts.items():
            if any(report.every == "month" for report in _reports(name)):
                yield from self._reports(self.span(name, month.first, month.last, facts), "month")
        if number == len(self._world.labels) - 1:
            spans = [self.span(name, month.first, month.last, of) for name, of in month.facts.items()]
            for source, frame in jushuitan.REPORTS:
                yield from self._write(source, frame(spans), spans[0], "last")

    def months(self, span: Span) -> Iterator[Download]:
        """Write one platform's files about the months of `span`."""
        yield from self._reports(span, "span")

    def span(self, platform: str, first: date, last: date, facts: Facts) -> Span:
        """Return what is downloaded of `facts`' course when the world has ended.

        One file a minute, so that no two have one name.
        """
        minutes = (pd.Period(first, "M") - pd.Period(self._world.start, "M")).n
        exported = datetime.combine(self._world.end + timedelta(days=1), _AT) + timedelta(minutes=minutes)
        seen = known(facts, self._world.cutoff)
        return Span(self._world, platform, first, last, self._world.cutoff, exported, seen, seen)

    def _reports(self, span: Span, every: Every) -> Iterator[Download]:
        for report in _reports(span.platform):
            if report.every == every:
                yield from self._write(report.source, report.frame(span), span, "last")

    def _early(self, month: Month) -> Iterator[Download]:
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
