"""What to download: every file a period lacks, and how the list shrinks as files come in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from reportkit.engines import DuckDBEngine
from reportkit.errors import ProjectError
from reportkit.ingest import ingest
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.quality.todo import Need, todo, unlocked
from reportkit.schema import tables
from tests.projects import make_shop

_EXPORT = {"zh": "订单", "en": "Orders", "where": "后台 › 导出"}
_NUMBER = {"from": "单号", "id": True}
ORDERS = {
    "platform": "corner",
    "export": _EXPORT,
    "confidence": "real",
    "routine": True,
    "recognise": {"headers": ["单号", "金额", "下单"]},
    "unit": ["platform_order_id"],
    "exported_at": r"_(?P<stamp>\d{12})",
    "tables": {
        "orders": {"columns": {"platform_order_id": _NUMBER, "created_at": "下单", "paid_at": "下单"}},
        "order_lines": {
            "placeholder": True,
            "columns": {
                "platform_order_id": _NUMBER,
                "created_at": "下单",
                "goods_receivable_amt": {"from": "金额", "money": "CNY"},
            },
        },
    },
}


def traffic(header: str, **more: Any) -> dict[str, Any]:
    """A source of daily traffic that is known by one header of its own."""
    constants = {"scope": {"constant": "shop"}, "period_grain": {"constant": "day"}}
    return {
        "platform": "corner",
        "export": {"zh": f"流量{header}", "en": f"Traffic {len(header)}", "where": "后台"},
        "confidence": "real",
        "recognise": {"headers": ["日期", header]},
        "unit": ["date_from"],
        "exported_at": r"_(?P<stamp>\d{12})",
        "tables": {
            "traffic": {"columns": {"date_from": "日期", "date_to": "日期", "visitors": header} | constants}
        },
        **more,
    }


TARGETS = {
    "export": {"zh": "目标", "en": "Targets", "where": "表单"},
    "confidence": "real",
    "recognise": {"headers": ["周期", "目标数"]},
    "unit": ["period"],
    "tables": {
        "targets": {
            "columns": {
                "platform_id": {"constant": "all"},
                "period": "周期",
                "target_platform": {"constant": "all"},
                "metric_id": {"constant": "gmv"},
                "value": "目标数",
            }
        }
    },
}
UNLOCKS = {
    "traffic": {"zh": "转化率", "en": "conversion"},
    "orders": {"zh": "GMV", "en": "GMV"},
    "targets": {"zh": "达成", "en": "attainment", "once": True},
}


@pytest.fixture
def corner(tmp_path: Path) -> Project:
    """A shop of one platform with two exports a month and one form."""
    return shop(tmp_path)


def shop(root: Path, **sources: dict[str, Any]) -> Project:
    """Make the shop, with further sources of its platform by name."""
    described = {
        "corner/orders": ORDERS,
        "corner/visits": traffic("访客", routine=True),
        "forms/targets": TARGETS,
    }
    described |= {f"corner/{name}": body for name, body in sources.items()}
    project = make_shop(root / "shop", described, platforms=["corner"])
    (project.root / "params" / "todo.yaml").write_text(
        yaml.safe_dump(UNLOCKS, allow_unicode=True, sort_keys=False), "utf-8"
    )
    return project


def days(first: int, last: int) -> Iterator[date]:
    """Days of November 2025."""
    return (date(2025, 11, 1) + timedelta(days=number) for number in range(first - 1, last))


def drop(project: Project, name: str, *lines: str) -> None:
    """Put a file into the inbox and ingest it; every row of it must be accepted."""
    (project.inbox / name).write_text("\n".join(lines) + "\n", "utf-8")
    result = ingest(project)
    assert [] == [note for file in result.files for note in file.notes]


def orders(project: Project, first: int, last: int, stamp: str) -> None:
    """Ingest an order file with an order a day."""
    rows = [f"A{day:%d},10.00,{day} 10:00:00" for day in days(first, last)]
    drop(project, f"orders_{stamp}.csv", "单号,金额,下单", *rows)


def visits(project: Project, first: int, last: int, stamp: str, header: str = "访客") -> None:
    """Ingest a traffic file with a row a day."""
    drop(
        project,
        f"visits{len(header)}_{stamp}.csv",
        f"日期,{header}",
        *(f"{day},5" for day in days(first, last)),
    )


def needs(project: Project, as_of: date = date(2025, 11, 30), **options: Any) -> list[Need]:
    """Ask what November still lacks."""
    engine = DuckDBEngine(Lake(project.lake))
    try:
        return todo(project, Metrics(project, engine), "2025-11", as_of=as_of, **options)
    finally:
        engine.close()


def told(found: list[Need]) -> list[tuple[str, list[str], list[str]]]:
    """Source, missing days and days in part, as short texts."""

    def texts(spans: Any) -> list[str]:
        return [f"{first.day}-{last.day}" for first, last in spans]

    return [(need.source, texts(need.missing), texts(need.partial)) for need in found]


def test_the_list_shrinks_with_every_file(corner: Project) -> None:
    """From everything to nothing: an order file of ten days, the rest, the traffic, the form."""
    everything = [
        ("corner/visits", ["1-30"], []),
        ("corner/orders", ["1-30"], []),
        ("forms/targets", [], []),
    ]
    assert everything == told(needs(corner))
    orders(corner, 1, 10, "202511110930")
    assert [everything[0], ("corner/orders", ["11-30"], []), everything[2]] == told(needs(corner))
    orders(corner, 11, 30, "202512010930")
    assert [everything[0], everything[2]] == told(needs(corner))
    visits(corner, 1, 30, "202512010930")
    assert [everything[2]] == told(needs(corner))
    drop(corner, "targets.csv", "周期,目标数", "2025-11,100")
    assert [] == needs(corner)


def test_a_need_says_what_to_download_and_what_it_unlocks(corner: Project) -> None:
    """The export's name in its back office, where it is, the number of days, the blocks in both languages."""
    (need,) = [need for need in needs(corner) if need.source == "corner/orders"]
    assert ("corner", _EXPORT, "orders", 30) == (need.platform, need.export, need.table, need.days)
    assert {"zh": "GMV", "en": "GMV"} == need.unlocks


def test_a_day_not_over_when_it_was_exported_is_there_in_part(corner: Project) -> None:
    """A file of the 20th, written on the 20th at half past nine, does not hold the 20th; the next one does."""
    visits(corner, 1, 20, "202511200930")
    orders(corner, 1, 30, "202512010930")
    assert ("corner/visits", ["21-30"], ["20-20"]) == told(needs(corner))[0]
    assert ("corner/visits", [], ["20-20"]) == told(needs(corner, as_of=date(2025, 11, 20)))[0]
    visits(corner, 20, 30, "202512020930")
    assert ["forms/targets"] == [need.source for need in needs(corner)]


def test_days_to_come_are_not_asked_for(corner: Project) -> None:
    """Before the period there is nothing to download but the form."""
    assert ["1-5"] == told(needs(corner, as_of=date(2025, 11, 5)))[0][1]
    assert ["forms/targets"] == [need.source for need in needs(corner, as_of=date(2025, 10, 31))]


def test_only_routine_exports_are_asked_for(tmp_path: Path) -> None:
    """An older layout is not asked for, but its files do; of two routine ones each needs its own."""
    project = shop(tmp_path, old=traffic("访客人数"))
    visits(project, 1, 30, "202512010930", "访客人数")
    assert ["corner/orders", "forms/targets"] == [need.source for need in needs(project)]
    both = shop(tmp_path / "both", items=traffic("商品访客数", routine=True))
    visits(both, 1, 30, "202512010930", "商品访客数")
    assert ["corner/visits", "corner/orders", "forms/targets"] == [need.source for need in needs(both)]


def test_a_scope_keeps_its_platforms(corner: Project) -> None:
    """A report of one platform asks for its files; the forms are of the whole business."""
    assert ["corner/visits", "corner/orders"] == [
        need.source for need in needs(corner, scope={"platform": ["corner"]})
    ]
    assert [] == needs(corner, scope={"platform": ["jd"]})


def test_without_a_setting_the_lake_says_whose_files_are_needed(tmp_path: Path) -> None:
    """An empty lake asks for every platform with a routine export; one with a file, for that platform."""
    project = shop(tmp_path)
    own = {"name": "shop"}
    (project.root / "params" / "project.yaml").write_text(yaml.safe_dump(own), "utf-8")
    (project.root / "params" / "platforms.yaml").write_text(
        yaml.safe_dump({name: {"zh": name, "en": name} for name in ("corner", "market")}), "utf-8"
    )
    project = Project.open(project.root)
    assert {"corner", ""} == {need.platform for need in needs(project)}
    orders(project, 1, 30, "202512010930")
    assert ["corner/visits", "forms/targets"] == [need.source for need in needs(project)]


def test_a_platform_nobody_knows_is_refused(tmp_path: Path) -> None:
    """With the nearest name."""
    project = make_shop(tmp_path / "shop", {"corner/orders": ORDERS}, platforms=["corne"])
    with pytest.raises(ProjectError, match='no platform "corne"') as caught:
        needs(project)
    assert 'did you mean "corner"?' in str(caught.value)


def test_every_entry_of_the_shipped_list_is_a_table(make_project: Any) -> None:
    """What is unlocked is told in both languages, of tables that exist; English without Chinese."""
    found = unlocked(make_project())
    assert set() == set(found) - set(tables())
    assert all(entry.zh and entry.en.isascii() for entry in found.values())
