"""The demo merchant is the same for the same arguments, and its files come to what its ledger says, to the cent."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from reportkit.demo import TRUTHS, write_demo
from reportkit.demo.ledger import of_lake
from reportkit.engines import DuckDBEngine
from reportkit.errors import InputError
from reportkit.ingest import IngestResult, ingest
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.quality.todo import todo
from tests.conftest import SOAK
from tests.projects import make_shop

PLATFORMS = {"tmall", "jd", "pdd", "douyin", "xiaohongshu", "tiktok_shop"}
TROUBLES = {
    "search_fall", "stockouts", "quality", "cheap_traffic", "mix_shift", "overbought", "price_cut",
    "short_payout", "slow_shipping", "slow_handling", "influencer",
}  # fmt: skip

MEDIUM_MONTHS = 24 if SOAK else 2


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def differences(expected: Any, found: Any, place: str = "") -> list[str]:
    """Every figure that is not the same in two nested books."""
    if not isinstance(expected, dict) or not isinstance(found, dict):
        return [] if expected == found else [f"{place}: {expected} written, {found} in the lake"]
    names = dict.fromkeys([*expected, *found])
    return [
        line for n in names for line in differences(expected.get(n, {}), found.get(n, {}), f"{place} {n}")
    ]


def wrong(engine: DuckDBEngine, totals: Any) -> list[str]:
    return differences(totals, of_lake(engine, totals))


@pytest.fixture(scope="module")
def null(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The files of a month of a merchant without troubles, and what is said of them."""
    folder = tmp_path_factory.mktemp("null") / "inbox"
    return folder, write_demo(folder, months=1, seed=7, null=True)


def test_same_arguments_same_bytes(null: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    """Two writings are alike to the byte, workbooks included; another seed, or a null world, is another."""
    for name in ("one", "two"):
        write_demo(tmp_path / name, months=1, seed=7)
    write_demo(tmp_path / "other", months=1, seed=8)
    one, two, other = (digests(tmp_path / name) for name in ("one", "two", "other"))
    assert one == two
    orders = "tmall/ExportOrderList202610010930.csv"
    assert 3 == len({one[orders], other[orders], digests(null[0])[orders]})


def test_everything_planted_is_listed(written: dict[str, Any]) -> None:
    """Every trouble stands in truths.json beside the curves and the promotions."""
    assert {"refund_delays", "promotions"} | TROUBLES == set(written["planted"])
    assert set(written["planted"]["refund_delays"]) == PLATFORMS
    assert 2 == len(written["planted"]["stockouts"])


def test_a_null_merchant_has_nothing_planted(null: tuple[Path, dict[str, Any]]) -> None:
    """Without troubles only what every merchant has is left: refunds that take time, and promotions."""
    assert set(null[1]["planted"]) <= {"refund_delays", "promotions"}


def test_truths_stand_beside_the_files(written: dict[str, Any], demo_project: Project) -> None:
    """What is returned is what was written, and every file it names exists."""
    assert written == json.loads((demo_project.inbox / TRUTHS).read_text("utf-8"))
    assert set(written["files"]) | {TRUTHS} == set(digests(demo_project.inbox))


def test_files_of_others_are_not_mixed_in(
    written: dict[str, Any], demo_project: Project, tmp_path: Path
) -> None:
    """A folder that holds anything else is refused, as is another demo in the same folder."""
    (tmp_path / "订单.csv").write_text("a\n")
    with pytest.raises(InputError, match="holds other files"):
        write_demo(tmp_path, months=1)
    with pytest.raises(InputError, match="holds other files"):
        write_demo(demo_project.inbox, "medium")
    with pytest.raises(InputError, match='no size "huge"'):
        write_demo(tmp_path / "new", "huge")


def test_every_file_is_read_by_its_source(written: dict[str, Any], ingested: IngestResult) -> None:
    """No file fails, no row is refused, and every row of every file was read."""
    assert [] == [(f.path, f.notes) for f in ingested.files if f.state == "failed" or f.rejected]
    found: dict[str, dict[str, int]] = {}
    for file in ingested.files:
        if file.state == "loaded" and file.read:
            found.setdefault(file.path, {})[file.source] = file.read - file.skipped
    expected = {path: facts["rows"] for path, facts in written["files"].items() if facts["kind"] != "copy"}
    copies = [path for path, facts in written["files"].items() if facts["kind"] == "copy"]
    for path in copies:
        # Of two files with the same bytes, the one met first is loaded and the other is known.
        original = path.replace(" (1)", "")
        assert (path in found) != (original in found)
        found[original] = found.pop(path, None) or found[original]
    assert expected.keys() == found.keys()
    assert [] == differences(expected, found)


def test_the_lake_is_the_ledger(written: dict[str, Any], engine: DuckDBEngine) -> None:
    """Every sum of every table, platform and month, to the cent."""
    assert {"orders", "order_lines", "refunds", "settlements", "fees", "traffic", "ads", "inventory"} <= set(
        written["totals"]
    )
    assert PLATFORMS == set(written["totals"]["orders"])
    assert [] == wrong(engine, written["totals"])


def test_the_ledger_can_disagree(written: dict[str, Any], engine: DuckDBEngine) -> None:
    """One cent too much in one month of one table is found."""
    totals = json.loads(json.dumps(written["totals"]))
    month = totals["order_lines"]["pdd"]["2025-11"]
    amount = month["goods_receivable_amt"]
    month["goods_receivable_amt"] = f"{float(amount) + 0.01:.2f}"
    assert 1 == len(wrong(engine, totals))


def test_a_newer_state_wins(written: dict[str, Any], engine: DuckDBEngine) -> None:
    """Orders of the last month but one, downloaded early and again, stand as known at the end."""
    early = [facts for facts in written["files"].values() if facts["kind"] == "early"]
    assert 2 == len(early)
    states = engine.rows(
        """SELECT DISTINCT status_std FROM orders WHERE platform_id IN ('tmall', 'douyin')
        AND strftime(created_date, '%Y-%m') = '2026-08' ORDER BY 1"""
    )
    assert {("closed",), ("completed",)} >= set(states)


def test_nothing_personal_is_kept(engine: DuckDBEngine) -> None:
    """Neither a buyer's name nor a masked phone reaches the lake."""
    kept = engine.rows(
        "SELECT count(*) FROM orders WHERE COLUMNS(*)::VARCHAR SIMILAR TO '.*(买家0|138[*]{4}).*'"
    )
    assert [(0,)] == kept


def test_one_platform_removed(tmp_path: Path) -> None:
    """Without JD's files the others are as they were, and the list of what is missing names it."""
    project = make_shop(tmp_path / "without", {}, platforms=sorted(PLATFORMS))
    written = write_demo(project.inbox, months=2)
    shutil.rmtree(project.inbox / "jd")
    shutil.rmtree(project.inbox / "jushuitan")  # the ERP's orders would stand in for JD's
    ingest(project)
    engine = DuckDBEngine(Lake(project.lake))
    try:
        left = {
            table: {name: months for name, months in platforms.items() if name in PLATFORMS - {"jd"}}
            for table, platforms in written["totals"].items()
        }
        found = of_lake(engine, left)
        facts = ("orders", "order_lines", "refunds", "settlements", "fees", "traffic", "ads")
        for table in facts:
            kept = {name: months for name, months in found[table].items() if name != "jd"}
            assert [] == differences(left[table], kept), table
        assert "jd" not in found["orders"]
        needs = todo(project, Metrics(project, engine), "2026-09")
        assert "jd" in {need.platform for need in needs if need.missing}
    finally:
        engine.close()


def test_medium_is_its_ledger(tmp_path: Path) -> None:
    """The medium merchant arrives to the cent as well: its last two months, all of it in the soak run."""
    project = make_shop(tmp_path / "medium", {})
    made = write_demo(project.inbox, "medium", months=MEDIUM_MONTHS)
    assert [] == ingest(project).failed
    engine = DuckDBEngine(Lake(project.lake))
    try:
        assert 6_000 < engine.rows("SELECT count(*) FROM order_lines")[0][0] / MEDIUM_MONTHS < 9_500
        assert [] == wrong(engine, made["totals"])
    finally:
        engine.close()
