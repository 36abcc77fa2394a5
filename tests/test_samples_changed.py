"""The samples of every source, changed: what must not change a number does not, what breaks a file is told.

What is personal in a sample is made of the words below, so that whatever of it arrives anywhere is found.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from reportkit.engines import connect
from reportkit.errors import UnknownFile
from reportkit.ingest import IngestResult, ingest
from reportkit.ingest.candidate import Candidate
from reportkit.ingest.form import aliases, normal
from reportkit.ingest.read import sheets
from reportkit.ingest.sniff import documents
from reportkit.ingest.source import Source, load_sources
from reportkit.ingest.stage import Stager
from reportkit.project import Project
from reportkit.run import run_pack
from tests.conftest import SOAK
from tests.exported import (
    EXPORTS,
    PERSONAL,
    SAMPLES,
    Grid,
    Sample,
    contents,
    found_in_lake,
    read_sample,
    sample_project,
    source_id,
)

SEEDS = range(20 if SOAK else 1)
# Of every source the last of its samples, which is mostly its newest layout; all of them take many minutes.
EVERY = [path for path in SAMPLES if path.suffix != ".zip"]
PLAIN = EVERY if SOAK else list({source_id(path): path for path in EVERY}.values())

Alter = Callable[[Sample, random.Random], None]


@pytest.fixture(scope="module")
def shipped() -> dict[str, Source]:
    return load_sources(Project.open(EXPORTS))


@pytest.fixture(scope="module")
def samples(
    shipped: dict[str, Source], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., list[Sample]]:
    """Read the samples, each time anew: of every source, or of those that are downloaded every month."""

    def read(paths: list[Path] = PLAIN) -> list[Sample]:
        scratch = tmp_path_factory.mktemp("scratch")
        return [read_sample(path, shipped, scratch / str(number)) for number, path in enumerate(paths)]

    return read


@pytest.fixture(scope="module")
def monthly(shipped: dict[str, Source]) -> list[Path]:
    """Every second sample of what is downloaded every month, forms included; all samples in the soak run."""
    return PLAIN if SOAK else [path for path in PLAIN if shipped[source_id(path)].routine][::2]


@pytest.fixture(scope="module", autouse=True)
def _one_secret() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPORTKIT_SECRET", "samples")
        yield


def write_all(samples: list[Sample], folder: Path) -> list[Path]:
    return [sample.write(folder) for sample in samples]


@pytest.fixture(scope="module")
def unchanged(
    samples: Callable[..., list[Sample]], monthly: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> Project:
    """A project with these samples, written again from their cells."""
    project = sample_project(tmp_path_factory.mktemp("unchanged") / "shop")
    write_all(samples(monthly), project.inbox)
    ingest(project)
    return project


Units = dict[Path, dict[str, dict[int, str]]]


@pytest.fixture(scope="module")
def units(unchanged: Project, monthly: list[Path], shipped: dict[str, Source]) -> Units:
    """The unit each row of each sample speaks of, by file, sheet and row; footers have none."""
    connection = connect()
    stager = Stager(unchanged, shipped, connection, None)
    found: Units = {}
    paths = [unchanged.inbox / source_id(path) / path.name for path in monthly]
    for path, candidate in _candidates(paths, stager, unchanged.inbox.parent / "scratch"):
        for stage in stager.stages([candidate], lambda _: None):
            listed = connection.execute(f'SELECT "#row", {stage.unit}, "#skip" {stage.rows}').fetchall()
            good = {unit for _, unit, skipped in listed if unit and not skipped}
            found.setdefault(path, {})[candidate.sheet.name] = {row: u for row, u, _ in listed if u in good}
    connection.close()
    return found


def _candidates(paths: list[Path], stager: Stager, scratch: Path) -> Iterator[tuple[Path, Candidate]]:
    scratch.mkdir(exist_ok=True)
    for path in paths:
        for document in documents(path, path.name, scratch):
            for sheet in sheets(document):
                try:
                    yield path, stager.candidate(document, sheet)
                except UnknownFile:
                    continue


def test_shuffled_split_and_loaded_in_another_order(
    samples: Callable[..., list[Sample]],
    monthly: list[Path],
    unchanged: Project,
    units: Units,
    tmp_path: Path,
) -> None:
    """The rows of every sample shuffled and parted between its orders, days or entries, the parts loaded one after
    the other, the last files first, and everything once more: the tables are the same.
    """
    draw = random.Random(1)
    halves: tuple[list[Sample], list[Sample]] = samples(monthly), samples(monthly)
    for one, other in zip(*halves, strict=True):
        path = unchanged.inbox / source_id(one.path) / one.path.name
        every = sorted({unit for rows in units[path].values() for unit in rows.values()})
        first = set(every[: len(every) // 2])
        for sheet, rows in units[path].items():
            for half, kept in ((one, first), (other, set(every) - first)):
                half.grids[sheet] = part(half.grids[sheet], rows, kept, draw)
    project = sample_project(tmp_path / "shop")
    files = [write_all(half, tmp_path / name) for half, name in zip(halves, ("a", "b"), strict=True)]
    for half in files[::-1]:
        ingest(project, half[::-1])
    again = ingest(project, files[0] + files[1])
    assert {"known"} == {file.state for file in again.files}
    assert contents(unchanged) == contents(project)


def part(grid: Grid, rows: dict[int, str], kept: set[str], draw: random.Random) -> Grid:
    """`grid` without the rows of units that are not `kept`, and the rest of them shuffled among their places."""
    places = sorted(rows)
    moved = dict(zip(places, draw.sample(places, len(places)), strict=True))
    order = [moved.get(row, row) for row in range(1, len(grid) + 1)]
    return [grid[row - 1] for row in order if row not in rows or rows[row] in kept]


def test_an_older_export_changes_nothing(
    samples: Callable[..., list[Sample]], monthly: list[Path], unchanged: Project, tmp_path: Path
) -> None:
    """Exports of an earlier hour, with other amounts, loaded later, leave every table as it was."""
    shutil.copytree(unchanged.root, tmp_path / "shop")
    project = Project.open(tmp_path / "shop")
    older = samples(monthly)
    for sample in older:
        named = {name for column in sample.source.unit for name in _headers(sample.source, column)}
        for name, header in sample.headers.items():
            grid = sample.grids[name]
            kept = {n for n, cell in enumerate(grid[header - 1]) if normal(cell) in named}
            grid[header:] = [
                [
                    cell if n in kept else re.sub(r"^(\d+)\.(\d\d)$", r"\1.99", cell)
                    for n, cell in enumerate(row)
                ]
                for row in grid[header:]
            ]
    ingest(project, write_all(older, tmp_path / "old"), exported_at=datetime(2001, 1, 1))
    assert contents(unchanged) == contents(project)


def _headers(source: Source, column: str) -> set[str]:
    """The headers that a column of the unit is made of."""
    forms = [form for _, name, form in source.forms() if name == column]
    return {name for form in forms for spec in form.raw_columns() for name in aliases(spec)}


def test_personal_data_is_planted(shipped: dict[str, Source], tmp_path: Path) -> None:
    """Where a source has columns about people, what its samples hold there can be found: else nothing is shown below."""
    told: dict[str, list[str]] = {}
    for number, path in enumerate(EVERY):
        sample = read_sample(path, shipped, tmp_path / str(number))
        told.setdefault(source_id(path), []).extend(_personal_cells(sample))
    planted = {name for name, cells in told.items() if any(re.search(PERSONAL, cell) for cell in cells)}
    about_people = {name for name, cells in told.items() if cells and _names_people(shipped[name])}
    assert set() == about_people - planted
    assert 20 < len(planted)


def _personal_cells(sample: Sample) -> list[str]:
    names = {name for spec in sample.source.personal for name in aliases(spec)}
    cells = []
    for sheet, header in sample.headers.items():
        grid = sample.grids[sheet]
        places = [place for place, cell in enumerate(grid[header - 1]) if normal(cell) in names]
        cells += [row[place] for row in grid[header:] for place in places if place < len(row)]
    return [cell for cell in cells if cell.strip()]


def _names_people(source: Source) -> bool:
    return any(
        re.search("姓名|收货人|收件人|电话|手机|地址|Name|Phone|Address|Recipient", name)
        for name in source.personal
    )


def test_nothing_personal_in_a_report(unchanged: Project) -> None:
    """Nor in any file that a run leaves: executed notebooks, page, manifest."""
    result = run_pack(unchanged, "monthly", "2026-05", only="company", pdf=False)
    assert result.ok
    (report,) = result.reports
    texts = [
        path.read_bytes().decode("utf-8", "ignore") for path in unchanged.runs.rglob("*") if path.is_file()
    ]
    assert any(str(report.facts[0]["code"]) in text for text in texts)
    assert [] == [text[:80] for text in texts if re.search(PERSONAL, text)]


def emptied(sample: Sample, draw: random.Random) -> None:
    """A third of the cells are empty."""
    each_cell(sample, draw, lambda cell: "")


def retyped(sample: Sample, draw: random.Random) -> None:
    """A third of the cells hold something else."""
    odd = [
        "abc",
        "2025-13-45",
        "1e999",
        "-",
        "=1+1",
        "９９",
        "1.2.3",
        "NaN",
        "0000-00-00",
        "'",
        '"',
        "5.11E+18",
    ]
    each_cell(sample, draw, lambda cell: draw.choice(odd))


def each_cell(sample: Sample, draw: random.Random, change: Callable[[str], str]) -> None:
    for name, header in sample.headers.items():
        grid = sample.grids[name]
        grid[header:] = [
            [change(cell) if draw.random() < 0.3 else cell for cell in row] for row in grid[header:]
        ]


def swapped(sample: Sample, draw: random.Random) -> None:
    """Cells of one column change their rows, and two columns that are not personal change places below the header."""
    personal = {name for spec in sample.source.personal for name in aliases(spec)}
    for sheet, header in sample.headers.items():
        grid = sample.grids[sheet]
        open_places = [
            n
            for n, cell in enumerate(grid[header - 1])
            if normal(cell) in sample.source.known_names - personal
        ]
        if len(open_places) < 2:
            continue
        one, two = draw.sample(open_places, 2)
        for row in grid[header:]:
            if max(one, two) < len(row):
                row[one], row[two] = row[two], row[one]


def shortened(sample: Sample, draw: random.Random) -> None:
    """Rows end early."""
    for name, header in sample.headers.items():
        grid = sample.grids[name]
        grid[header:] = [row[: draw.randint(0, len(row))] for row in grid[header:]]


def renamed(sample: Sample, draw: random.Random) -> None:
    """A header has another name."""
    for name, header in sample.headers.items():
        row = sample.grids[name][header - 1]
        place = draw.randrange(len(row))
        row[place] = f"{row[place]}新"


def footed(sample: Sample, draw: random.Random) -> None:
    """Lines stand below the data that nobody announced."""
    for name in sample.headers:
        width = len(sample.grids[name][sample.headers[name] - 1])
        sample.grids[name] += [["本表合计", "99.00"], [""] * width, ["注：数据仅供参考"] + [""] * (width - 1)]


def reordered(sample: Sample, draw: random.Random) -> None:
    """Sheets stand in another order, behind one that holds something else."""
    if not sample.delimiter:
        sample.grids = {"封面": [["说明"], ["本文件由后台导出"]]} | dict(reversed(sample.grids.items()))


ALTERATIONS: tuple[Alter, ...] = (emptied, retyped, swapped, shortened, renamed, footed, reordered)


def check(project: Project, result: IngestResult) -> None:
    """Every file ends somewhere, every row too, every failure names its file, and nothing personal is told."""
    for file in result.files:
        assert file.read == file.accepted + file.superseded + file.rejected + file.skipped
        assert file.state != "failed" or (file.notes and file.notes[0].startswith(file.path))
        assert not file.rejected or file.notes
        assert not [note for note in file.notes if re.search(PERSONAL, note)]
    assert [] == found_in_lake(project, PERSONAL)


@pytest.mark.parametrize("turn", range(len(ALTERATIONS) * len(SEEDS) if SOAK else 1))
def test_damaged_cells(turn: int, samples: Callable[..., list[Sample]], tmp_path: Path) -> None:
    """Whatever happens to cells, rows, headers and sheets, each file loads or says why not, and no row is lost.

    At every turn each sample meets the next way to damage it.
    """
    draw, changed = random.Random(turn), samples()
    for number, sample in enumerate(changed):
        ALTERATIONS[(number + turn) % len(ALTERATIONS)](sample, draw)
    project = sample_project(tmp_path / "shop")
    write_all(changed, project.inbox)
    result = ingest(project)
    assert len(changed) <= len(result.files)
    assert {"loaded", "failed"} <= {file.state for file in result.files}
    check(project, result)


@pytest.mark.parametrize("seed", SEEDS)
def test_damaged_bytes(seed: int, tmp_path: Path) -> None:
    """Files with flipped bytes, and files cut short, load or say why not; the others are not held up."""
    draw = random.Random(seed)
    project = sample_project(tmp_path / "shop")
    for sample in SAMPLES:
        for kind in ("flipped", "cut"):
            data = bytearray(sample.read_bytes())
            for _ in range(max(1, len(data) // 400)) if kind == "flipped" else ():
                data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
            target = project.inbox / kind / source_id(sample) / sample.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data if kind == "flipped" else data[: draw.randrange(1, len(data))])
    result = ingest(project)
    assert 2 * len(SAMPLES) <= len(result.files)
    check(project, result)
