"""Every form a column can take in a source, on the text that real exports hold."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from reportkit.errors import ProjectError
from reportkit.ingest import ingest
from reportkit.ingest.source import load_sources
from reportkit.project import Project
from tests.ingest.samples import write_csv

Rows = Callable[[Project, str], list[tuple]]


def ads(form: dict[str, Any] | str, column: str = "spend_bonus", **rest: Any) -> dict[str, Any]:
    """A source of one mapped column besides what ads need."""
    return {
        "platform": "tmall",
        "export": {"zh": "广告", "en": "Ads", "where": "后台"},
        "recognise": {"headers": ["日", "花费"]},
        "unit": ["date"],
        "tables": {"ads": {"columns": {"date": "日", "spend_cash": "花费", column: form}}},
        **rest,
    }


@pytest.fixture
def value(make_project: Callable[..., Project], rows: Rows) -> Callable[..., Any]:
    """Load one cell through a form; return what stands in the lake, or the reason it was refused."""

    def load(form: dict[str, Any] | str, cell: str, column: str = "spend_bonus", **rest: Any) -> Any:
        project = make_project(sources={"test/ads": ads(form, column, **rest)})
        write_csv(project.inbox / "a.csv", ["日", "花费", "值", "旧名"], [["2025-11-01", "1", cell, cell]])
        ingest(project)
        found = rows(project, f"SELECT {column} FROM ads") or rows(project, "SELECT reason FROM rejects")
        return found[0][0]

    return load


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1,234.56", 1234.56),
        ("¥28.16", 28.16),
        ("￥ 28", 28.0),
        ("12.00元", 12.0),
        ("9.3万", 93000.0),
        ("499.00（系统计算中，该值仅供参考）", 499.0),
        ("131.77(已退款89.84)", 131.77),
        ("USD 12.50", 12.5),
        ("$1,012.50", 1012.5),
        ("฿99", 99.0),
        ("12.50THB", 12.5),
        ("(5.00)", "not a money"),
        ("-5", -5.0),
        ("\t7\t", 7.0),
        ("--", None),
        ("暂无数据", None),
        ("", None),
        ("无权限", "not a money"),
    ],
)
def test_money(value: Callable[..., Any], cell: str, expected: object) -> None:
    """Currency signs, separators, 元 and 万 are understood; what says "no value" is null; the rest is refused."""
    found = value({"from": "值", "money": "CNY"}, cell)
    assert expected == (float(found) if found is not None and not isinstance(found, str) else found)


@pytest.mark.parametrize(
    ("form", "cell", "expected"),
    [
        ({"from": "值", "number": "个"}, "1473个", 1473),
        ({"from": "值", "number": "个"}, "12", 12),
        ({"from": "值"}, "2.5", "not a int"),
        ({"from": ["没有", "旧名"]}, "3", 3),
        ({"from": "值", "sql": "number(值) * 2"}, "4", 8),
        ({"from": "值", "sql": "number(值) * 2"}, "四", "not a number"),
        ({"constant": 5}, "", 5),
        ({"from": "不在", "optional": True}, "1", None),
    ],
)
def test_counts(value: Callable[..., Any], form: dict[str, Any], cell: str, expected: object) -> None:
    """Units, aliases, expressions, constants and absent optional columns."""
    assert expected == value(form, cell, "clicks")


def test_percent(make_project: Callable[..., Project], rows: Rows) -> None:
    """12.3% is 0.123, and a fraction stays one."""
    source = ads({"from": "值", "number": "%"}, "attr_gmv")
    project = make_project(sources={"test/ads": source})
    write_csv(
        project.inbox / "a.csv",
        ["日", "花费", "值"],
        [["2025-11-01", "1", "12.3%"], ["2025-11-02", "1", "0.5"]],
    )
    ingest(project)
    assert [(0.123,), (0.5,)] == rows(project, "SELECT attr_gmv::DOUBLE FROM ads ORDER BY date")


@pytest.mark.parametrize(
    "cell",
    ['="1930000000000000001"', "1930000000000000001\t", "'1930000000000000001", "`1930000000000000001"],
)
def test_ids_lose_their_wrapping(value: Callable[..., Any], cell: str) -> None:
    """The signs that keep a spreadsheet from rounding an id are taken off."""
    assert "1930000000000000001" == value({"from": "值", "id": True}, cell, "account")


def test_ids_lose_a_decimal_point(value: Callable[..., Any]) -> None:
    """17850.0 is 17850."""
    assert "17850" == value({"from": "值", "id": True}, "17850.0", "account")


def test_map(value: Callable[..., Any]) -> None:
    """A word map changes the word, and refuses one it does not hold."""
    form = {"from": "值", "map": {"点击": "click", "下单": "order"}}
    assert "click" == value(form, "点击", "attr_basis")


def test_own_words_for_no_value(value: Callable[..., Any]) -> None:
    """A source may know more words that mean "no value"."""
    assert value({"from": "值", "money": "CNY"}, "任意", missing=["任意"]) is None


def test_customer_key_is_python_hmac(
    make_project: Callable[..., Project], rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key made in SQL is HMAC-SHA256 as Python computes it, over platform and name."""
    monkeypatch.setenv("REPORTKIT_SECRET", "secret")
    source = ads({"from": "值", "private": True}, "account")
    project = make_project(sources={"test/ads": source})
    write_csv(project.inbox / "a.csv", ["日", "花费", "值"], [["2025-11-01", "1", "某人甲"]])
    ingest(project)
    digest = hmac.new(b"secret", "tmall:某人甲".encode(), hashlib.sha256).hexdigest()
    assert [(digest[:32],)] == rows(project, "SELECT account FROM ads")


def test_secret_is_private(make_project: Callable[..., Project]) -> None:
    """The project's own key is made once and only its owner can read it."""
    project = make_project()
    assert project.secret() == project.secret()
    assert 0o600 == (project.root / "data" / "secret.key").stat().st_mode & 0o777


@pytest.mark.parametrize(
    ("zone", "stored"),
    [("Asia/Shanghai", datetime(2025, 7, 1, 17, 30)), ("Europe/London", datetime(2025, 7, 2, 0, 30))],
)
def test_times_are_utc_beside_the_business_date(
    make_project: Callable[..., Project], rows: Rows, zone: str, stored: datetime
) -> None:
    """A local time is stored in UTC, with or without summer time; its date stays the shop's."""
    source = {
        "platform": "tmall",
        "export": {"zh": "订单", "en": "Orders", "where": "x"},
        "timezone": zone,
        "recognise": {"headers": ["单号"]},
        "unit": ["platform_order_id"],
        "tables": {
            "orders": {
                "columns": {
                    "platform_order_id": "单号",
                    "created_at": {"from": "时间", "time": ["%d/%m/%Y %H:%M"]},
                }
            }
        },
    }
    project = make_project(sources={"test/orders": source})
    write_csv(project.inbox / "a.csv", ["单号", "时间"], [["1", "02/07/2025 01:30"]])
    ingest(project)
    assert [(stored, date(2025, 7, 2))] == rows(project, "SELECT created_at, created_date FROM orders")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": ["dat"]}, 'unit: "dat" is no mapped column, did you mean "date"?'),
        ({"unite": ["date"]}, 'unknown key "unite", did you mean "unit"?'),
        ({"exported_at": r"\d+"}, r"needs a group \(\?P<stamp>…\)"),
        ({"tables": {"adds": {"columns": {}}}}, 'unknown table "adds", did you mean "ads"?'),
        ({"tables": {"ads": {"columns": {"date": "日"}}}}, "ads: spend_cash must be mapped"),
        ({"tables": {"ads": {"columns": {"spend": "花费"}}}}, 'ads: unknown column "spend"'),
    ],
)
def test_faulty_sources_are_refused(
    make_project: Callable[..., Project], change: dict[str, Any], message: str
) -> None:
    """A source that does not fit says which key of which file, and what was meant."""
    project = make_project(sources={"test/ads": ads("值") | change})
    with pytest.raises(ProjectError, match=rf"test/ads\.yaml: .*{message}"):
        load_sources(project)


def test_wrong_currency_is_refused(make_project: Callable[..., Project]) -> None:
    """Amounts in another currency than the project's are not added up in silence."""
    project = make_project(sources={"test/ads": ads({"from": "值", "money": "CNY"})}, currency="GBP")
    write_csv(project.inbox / "a.csv", ["日", "花费", "值"], [["2025-11-01", "1", "1"]])
    assert "holds amounts in CNY, the project counts in GBP" in ingest(project).failed[0].notes[0]


def test_rows_of_no_table_are_refused(make_project: Callable[..., Project]) -> None:
    """With a condition on every table, a row that fits none is a reject and not forgotten."""
    source = ads("值", uses=["旧名"])
    source["tables"]["ads"]["when"] = "旧名 = 'x'"
    project = make_project(sources={"test/ads": source})
    write_csv(
        project.inbox / "a.csv",
        ["日", "花费", "值", "旧名"],
        [["2025-11-01", "1", "1", "x"], ["2025-11-01", "1", "1", "y"]],
    )
    (file,) = ingest(project).files
    assert (2, 1, 1) == (file.read, file.accepted, file.rejected)
    assert "row 3: no table of the source takes this row" in file.notes[0]


def test_one_of_several_rows_speaks(make_project: Callable[..., Project], rows: Rows) -> None:
    """Where rows become one, `prefer` says which speaks and `sum` adds up."""
    source = {
        "platform": "tmall",
        "export": {"zh": "订单", "en": "Orders", "where": "x"},
        "recognise": {"headers": ["单号", "状态"]},
        "unit": ["platform_order_id"],
        "tables": {
            "orders": {
                "prefer": "状态 <> '关'",
                "columns": {
                    "platform_order_id": "单号",
                    "status_raw": "状态",
                    "freight_charged": {"from": "运费", "sum": True},
                },
            },
            "order_lines": {"columns": {"platform_order_id": "单号", "qty": "件"}},
        },
    }
    project = make_project(sources={"test/orders": source})
    cells = [["1", "关", "2", "1"], ["1", "成", "3", "1"], ["1", "关", "4", "1"]]
    write_csv(project.inbox / "a.csv", ["单号", "状态", "运费", "件"], cells)
    ingest(project)
    assert [("成", 9.0)] == rows(project, "SELECT status_raw, freight_charged::DOUBLE FROM orders")
    assert [(3,)] == rows(project, "SELECT count(*) FROM order_lines")


def test_export_time_from_the_preamble(
    make_project: Callable[..., Project], tmp_path: Path, rows: Rows
) -> None:
    """The time above the header counts where the name has none, in the source's own zone."""
    source = ads("值", exported_at=r"导出时间[:：](?P<stamp>[\d -:]{19})")
    project = make_project(sources={"test/ads": source})
    (project.inbox / "a.csv").write_text(
        "导出时间：2025-12-01 08:00:00,,\n日,花费,值\n2025-11-01,1,2\n", "utf-8"
    )
    ingest(project)
    assert [(datetime(2025, 12, 1),)] == rows(project, "SELECT exported_at FROM files")
