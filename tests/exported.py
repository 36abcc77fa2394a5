"""The samples under tests/exports as cells that a test can change and write again."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter import Workbook

from reportkit import schema
from reportkit.engines import DuckDBEngine
from reportkit.errors import UnknownFile
from reportkit.ingest.match import match
from reportkit.ingest.read import GridSheet, TextSheet, sheets
from reportkit.ingest.sniff import documents
from reportkit.ingest.source import Source
from reportkit.lake import Lake
from reportkit.project import Project

EXPORTS = Path(__file__).parent / "exports"
EXPECTED = "expected.yaml"
SAMPLES = sorted(path for path in EXPORTS.rglob("*") if path.is_file() and path.name != EXPECTED)

Grid = list[list[str]]

# What is personal in a sample is made of these, so that whatever of it arrives anywhere is found.
PERSONAL = "139000[0-9]{5}|张测试|李样例|王示范|Test Buyer|样例路|Sample Road"

# What the samples' currencies were worth on every day, so that a golden can be checked by hand.
RATES = {
    "USD": 7.0, "GBP": 9.0, "EUR": 8.0, "THB": 0.2, "VND": 0.0003, "IDR": 0.00045, "MYR": 1.6, "PHP": 0.12,
    "SGD": 5.4, "JPY": 0.05, "CAD": 5.2,
}  # fmt: skip


def sample_project(root: Path) -> Project:
    """An empty project that knows the rates of the samples' currencies."""
    (root / "params").mkdir(parents=True)
    (root / "data" / "inbox").mkdir(parents=True)
    (root / "params" / "project.yaml").write_text("name: samples\n", encoding="utf-8")
    lines = [f"{code}: [{{from: 2000-01-01, rate: {rate}, source: test}}]" for code, rate in RATES.items()]
    (root / "params" / "rates.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Project.open(root)


def source_id(sample: Path) -> str:
    """The source a sample belongs to: its folder."""
    return sample.parent.relative_to(EXPORTS).as_posix()


@dataclass
class Sample:
    """A sample's sheets as cells. `headers` holds the header row, from 1, of each sheet that has one."""

    path: Path
    delimiter: str | None
    quotes: bool
    grids: dict[str, Grid]
    headers: dict[str, int]
    source: Source

    def write(self, folder: Path) -> Path:
        """Write the cells below `folder`, under the sample's own name; text as utf-8, all else as a workbook."""
        target = folder / source_id(self.path) / self.path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if self.delimiter:
            target.write_text(self._text(), encoding="utf-8", newline="")
        else:
            self._workbook(target)
        return target

    def _text(self) -> str:
        (grid,) = self.grids.values()
        if not self.quotes:
            return "".join(f"{self.delimiter.join(row)}\n" for row in grid)
        text = io.StringIO()
        csv.writer(text, delimiter=self.delimiter).writerows(grid)
        return text.getvalue()

    def _workbook(self, target: Path) -> None:
        with Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            for name, grid in self.grids.items():
                sheet = book.add_worksheet(name or None)
                for number, row in enumerate(grid):
                    for place, cell in enumerate(row):
                        sheet.write_string(number, place, cell)


def read_sample(path: Path, sources: dict[str, Source], scratch: Path) -> Sample:
    """Read the first document of `path` as cells."""
    scratch.mkdir(parents=True, exist_ok=True)
    document = next(iter(documents(path, path.name, scratch)))
    found = sheets(document)
    delimiter = found[0].delimiter if isinstance(found[0], TextSheet) else None
    headers, source = {}, sources[source_id(path)]
    for sheet in found:
        try:
            headers[sheet.name] = match(sheet, sources, path.name, path.name).header
        except UnknownFile:
            continue
    grids = {sheet.name: _cells(sheet, source.quotes) for sheet in found}
    return Sample(path, delimiter, source.quotes, grids, headers, source)


def _cells(sheet: GridSheet | TextSheet, quotes: bool) -> Grid:
    if isinstance(sheet, GridSheet):
        return list(sheet.rows())
    text = sheet.path.read_bytes().decode(sheet.encoding)
    if not quotes:
        return [line.split(sheet.delimiter) for line in text.splitlines()]
    return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=sheet.delimiter)]


def contents(project: Project) -> dict[str, Counter[tuple[str, ...]]]:
    """Every row of every table of facts, without where it came from, and how often it stands there."""
    engine = DuckDBEngine(Lake(project.lake))
    try:
        return {
            name: Counter(engine.rows(f"SELECT {_listed(table)} FROM {name}"))
            for name, table in schema.tables().items()
            if not table.governance
        }
    finally:
        engine.close()


def _listed(table: schema.Table) -> str:
    names = [*(column.name for column in table.own), "platform_id", "source_id", "is_placeholder"]
    return ", ".join(f'"{name}"::VARCHAR' for name in names)


def found_in_lake(project: Project, wanted: str, tables: Iterable[str] = ()) -> list[str]:
    """Columns of the lake in which some text matches the regular expression `wanted`."""
    engine = DuckDBEngine(Lake(project.lake))
    hits: list[str] = []
    try:
        for name in tables or schema.tables():
            for column in schema.table(name).columns:
                sql = f"""SELECT count(*) FROM {name} WHERE regexp_matches("{column.name}"::VARCHAR, '{wanted}')"""
                if column.type == "text" and engine.rows(sql) != [(0,)]:
                    hits.append(f"{name}.{column.name}")
    finally:
        engine.close()
    return hits
