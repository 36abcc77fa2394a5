"""Checks of the data behind a report: what fails them, by what number, and with which rows behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.quality.audit import Audit
from reportkit.quality.checks import Check, checks, judged
from tests.quality.faulty import FIGURES, UNKNOWN_WORD, plant
from tests.show.lakes import shop

HOLES = {"jd": (date(2025, 11, 5), date(2025, 11, 14))}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two platforms, every day there, nothing refused."""
    return shop(tmp_path_factory.mktemp("sound") / "shop", ("tmall", "jd"))


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two platforms with every fault there is, and ten days of one missing."""
    project = shop(tmp_path_factory.mktemp("faulty") / "shop", ("tmall", "jd"), holes=HOLES)
    plant(project, FIGURES | {"jd": 1.02})
    return project


@pytest.fixture(scope="module")
def found() -> Iterator[Callable[..., dict[str, Check]]]:
    """Check a project's data; by id. The same question is asked once."""
    metrics: dict[Path, Metrics] = {}
    known: dict[str, dict[str, Check]] = {}

    def check(
        project: Project, period: str = "2025-11", scope: dict[str, list[str]] | None = None
    ) -> dict[str, Check]:
        asked = f"{project.root} {period} {scope}"
        if project.root not in metrics:
            metrics[project.root] = Metrics(project, DuckDBEngine(Lake(project.lake), keep_views=True))
        if asked not in known:
            known[asked] = {one.id: one for one in checks(project, metrics[project.root], period, scope)}
        return known[asked]

    yield check
    for one in metrics.values():
        one.engine.close()


def numbers(check: Check) -> dict[str, float]:
    """The numbers of a check by the last part of their ids."""
    return {figure.id.split(".")[1]: round(figure.value, 4) for figure in check.figures}


def test_sound_data_fail_nothing(sound: Project, found: Callable[..., dict[str, Check]]) -> None:
    """What there is nothing to judge by is unknown, not passed."""
    states = {name: check.state for name, check in found(sound).items()}
    assert {
        "reconciliation": "unknown",
        "coverage": "passed",
        "books": "passed",
        "refused": "passed",
        "totals": "passed",
        "ladder": "passed",
        "settlement": "unknown",
        "unmapped": "unknown",
    } == {name: state for name, state in states.items() if name != "partial"}


def test_missing_days_fail_the_coverage(faulty: Project, found: Callable[..., dict[str, Check]]) -> None:
    """Ten days of orders, traffic and ads; a gap that long in refunds counts as days without any."""
    check = found(faulty)["coverage"]
    assert ("failed", 30.0) == (check.state, numbers(check)["missing"])
    assert "passed" == found(faulty, scope={"platform": ["tmall"]})["coverage"].state
    assert "unknown" == found(faulty, "2027-01")["coverage"].state


def test_what_no_step_explains_fails_the_reconciliation(
    faulty: Project, found: Callable[..., dict[str, Check]]
) -> None:
    """Two percent of one platform: 0.02/1.02 of its own figure; the other is exact."""
    check = found(faulty)["reconciliation"]
    assert ("failed", {"gap": 0.0196, "exact": 1.0, "total": 2.0}) == (check.state, numbers(check))
    assert {"platform": "jd"} == check.figures[0].dims
    assert "passed" == found(faulty, scope={"platform": ["tmall"]})["reconciliation"].state


def test_refused_rows_are_counted_with_their_words(
    faulty: Project, found: Callable[..., dict[str, Check]]
) -> None:
    """Eleven rows of two files; the word that nobody mapped is told beside its count."""
    check = found(faulty)["refused"]
    assert 11.0 == numbers(check)["rows"]
    engine = DuckDBEngine(Lake(faulty.lake))
    audit = Audit(
        faulty, Metrics(faulty, engine), Metrics(faulty, engine).period("2025-11"), date(2025, 12, 3)
    )
    assert [("jd", ((UNKNOWN_WORD, 5),)), ("tmall", ((UNKNOWN_WORD, 5),)), ("tmall", ())] == [
        (refusal.platform, refusal.words) for refusal in audit.refusals
    ]
    assert ["failed"] == [one.state for one in judged(audit) if one.id == "totals"]
    assert [(1000.0, 998.5)] == [(total.said, total.found) for total in audit.totals]
    engine.close()


def test_settlements_count_by_money(faulty: Project, found: Callable[..., dict[str, Check]]) -> None:
    """Some orders short by ten: too little to fail, and counted."""
    check = found(faulty)["settlement"]
    assert "passed" == check.state
    assert 0 < numbers(check)["share"] < 0.01
    assert numbers(check)["orders"] > 0


def test_codes_nobody_mapped_fail_by_their_sales(
    faulty: Project, found: Callable[..., dict[str, Check]]
) -> None:
    """Three of twelve products on each of two platforms."""
    check = found(faulty)["unmapped"]
    assert ("failed", 6.0) == (check.state, numbers(check)["codes"])
    assert 0.2 < numbers(check)["share"] < 0.3


def test_amounts_that_do_not_add_up_fail_the_ladder(
    tmp_path: Path, found: Callable[..., dict[str, Check]]
) -> None:
    """One line whose buyer paid a yuan less than everybody bore together; a cent is rounding."""
    project = shop(tmp_path / "shop", ("tmall",))
    lake = Lake(project.lake)
    engine = DuckDBEngine(lake)
    off = "CASE row_key WHEN (SELECT min(row_key) FROM order_lines WHERE created_date = '2025-11-03') THEN 1.00 ELSE 0.01 END"
    sql = f"SELECT * REPLACE (CAST(buyer_paid_goods_amt - {off} AS DECIMAL(18, 4)) AS buyer_paid_goods_amt) FROM order_lines"
    with lake.writing():
        lake.write("order_lines", engine.arrow(sql), predicate=None, partitioned=True)
        lake.publish()
    engine.close()
    check = found(project)["ladder"]
    assert ("failed", {"lines": 1.0, "difference": 1.0}) == (check.state, numbers(check))


def test_rows_nobody_accounted_for_fail_the_books(
    tmp_path: Path, found: Callable[..., dict[str, Check]]
) -> None:
    """Read is accepted, superseded, refused and skipped, or the check names how many are not."""
    project = shop(tmp_path / "shop", ("tmall",))
    lake = Lake(project.lake)
    engine = DuckDBEngine(lake)
    sql = "SELECT * REPLACE (rows_read + (source_id = 'tmall/ads')::BIGINT * 3 AS rows_read) FROM files"
    with lake.writing():
        lake.write("files", engine.arrow(sql), predicate=None, partitioned=False)
        lake.publish()
    engine.close()
    check = found(project)["books"]
    assert ("failed", 3.0) == (check.state, numbers(check)["lost"])


def test_every_number_leads_to_rows_of_files(faulty: Project, found: Callable[..., dict[str, Check]]) -> None:
    """Each SELECT runs on the lake and tells file, sheet and row; the rows of a count are as many."""
    engine = DuckDBEngine(Lake(faulty.lake))
    Metrics(faulty, engine)
    for check in found(faulty).values():
        for sql in check.rows_sql.values():
            engine.rows(f"SELECT source_file, source_sheet, source_row FROM ({sql}) LIMIT 1")
    refused = found(faulty)["refused"].rows_sql.values()
    assert 11 == sum(engine.rows(f"SELECT count(*) FROM ({sql})")[0][0] for sql in refused)
    engine.close()
