"""The demo merchant is the same for the same arguments, and its truths add up."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reportkit.demo import write_demo
from reportkit.demo.calendar import days, promotions
from reportkit.demo.layouts import layouts
from reportkit.demo.merchant import merchant
from reportkit.demo.world import build_world
from reportkit.project import Project


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    """Two writings with one seed are alike to the byte, workbooks included."""
    for name in ("one", "two"):
        write_demo(tmp_path / name, months=1, seed=7)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_other_seed_other_world(tmp_path: Path) -> None:
    """Another seed gives other orders in files of the same names."""
    for seed in (7, 8):
        write_demo(tmp_path / str(seed), months=1, seed=seed)
    one, two = digests(tmp_path / "7"), digests(tmp_path / "8")
    assert set(one) == set(two)
    assert [name for name in one if "ExportOrderList" in name and one[name] == two[name]] == []


def test_platforms_add_up(truths: dict[str, Any]) -> None:
    """The company is the sum of its platforms, and the total the sum of its months."""
    for figure, by_platform in truths["monthly"].items():
        sums = {name: sum(map(Decimal, months.values())) for name, months in by_platform.items()}
        assert sums["all"] == sums["tmall"] + sums["douyin"], figure
        assert sums == {name: Decimal(value) for name, value in truths["totals"][figure].items()}


def test_truths_stand_beside_the_files(truths: dict[str, Any], demo_project: Project) -> None:
    """What is returned is what was written, and every file it names exists."""
    written = json.loads((demo_project.inbox / ".truths.json").read_text(encoding="utf-8"))
    assert truths == written
    assert set(written["files"]) | {".truths.json"} == set(digests(demo_project.inbox))


def test_late_refunds_are_still_open(truths: dict[str, Any]) -> None:
    """The last month has given back a smaller share than a month that is complete."""
    gmv, back = truths["monthly"]["gmv"]["all"], truths["monthly"]["refunds_by_pay_date"]["all"]
    *whole, last = [float(back[month]) / float(gmv[month]) for month in truths["months"]]
    assert last < 0.9 * min(whole)


def test_planted_conversion_drop(truths: dict[str, Any]) -> None:
    """Orders per visitor fall in the last month on the platform that is named, and not on the other."""
    planted = truths["planted"]["conversion_drop"]
    orders, visitors = truths["monthly"]["orders"], truths["monthly"]["visitors"]
    rate = {
        name: [orders[name][month] / visitors[name][month] for month in truths["months"][-2:]]
        for name in ("tmall", "douyin")
    }
    assert list(planted["platforms"]) == ["tmall"]
    assert rate["tmall"][1] < 0.9 * rate["tmall"][0]
    assert rate["douyin"][1] > 0.9 * rate["douyin"][0]


@pytest.mark.parametrize("first", [1, 13, 25])
def test_refunds_come_days_late(first: int) -> None:
    """Money goes back 5 to 40 days after payment, and never before it was asked for."""
    for trade in build_world(1, first, "2025-03").trades.values():
        late = trade.refunds["resolved"] - trade.orders["paid"].iloc[trade.refunds["order"]].to_numpy()
        assert late.dt.days.between(5, 40).all()
        assert (trade.refunds["applied"] < trade.refunds["resolved"]).all()


def test_promotions_name_the_year_before() -> None:
    """Every promotion of the second year is compared with the same one a year before."""
    frame = promotions(merchant(), [2024, 2025])
    refs = dict(zip(frame["promo_id"], frame["ref"], strict=True))
    assert {"618-2024", "1111-2024", "618-2025", "1111-2025"} == set(refs)
    assert (refs["618-2025"], refs["1111-2025"]) == ("618-2024", "1111-2024")


def test_bursts_lift_and_warm_up_holds_back() -> None:
    """A promotion's burst sells more than its warm-up and its aftermath."""
    world = build_world(2, 3, "2025-11")
    frame = days(world.merchant, world.start, world.end)
    sold = world.trades["tmall"].orders["day"].map(frame["phase"]).value_counts()
    per_day = sold / frame["phase"].value_counts()
    assert per_day["爆发2"] > 2 * per_day[""] > 2 * per_day["恢复"]


def test_layouts_name_only_their_own_columns() -> None:
    """Whatever a layout fills stands in its header row."""
    strange = {
        name: sorted({*layout.cells, *layout.always, *layout.formula, *layout.tabbed} - set(layout.headers))
        for name, layout in layouts().items()
    }
    assert {name: [] for name in layouts()} == strange
