"""What layouts do to rows: amounts of an order on its lines, footers, notes, marks, values outside the cells."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from reportkit.errors import ProjectError
from reportkit.ingest import IngestResult, ingest
from reportkit.ingest.source import load_sources
from reportkit.project import Project
from tests.ingest.samples import write_csv
from tests.projects import make_shop

Rows = Callable[[Project, str], list[tuple]]
Make = Callable[..., Project]

HEADERS = ["订单", "货号", "单价", "应付", "下单时间"]


def lines(**rest: Any) -> dict[str, Any]:
    """A line file that repeats the amount of the order on each of its rows."""
    return {
        "platform": "jd",
        "export": {"zh": "订单", "en": "Orders", "where": "后台"},
        "recognise": {"headers": ["订单", "货号"]},
        "unit": ["platform_order_id"],
        "rows_of": "订单",
        "tables": {
            "order_lines": {
                "columns": {
                    "platform_order_id": {"from": "订单", "id": True},
                    "sku_id": {"from": "货号", "optional": True},
                    "goods_receivable_amt": {"from": "应付", "money": "CNY", "spread": "number(单价)"},
                    "list_amt": {"from": "单价", "money": "CNY"},
                    "created_at": "下单时间",
                }
            }
        },
        **rest,
    }


def days(columns: dict[str, Any] | None = None, **rest: Any) -> dict[str, Any]:
    """A file of one row a day."""
    return {
        "platform": "tmall",
        "export": {"zh": "广告", "en": "Ads", "where": "后台"},
        "recognise": {"headers": ["计划", "花费"]},
        "unit": ["date", "campaign"],
        "tables": {
            "ads": {
                "columns": {
                    "date": "日",
                    "campaign": {"from": "计划", "optional": True},
                    "spend_cash": {"from": "花费", "money": "CNY"},
                    **(columns or {}),
                }
            }
        },
        **rest,
    }


def shares(project: Project, rows: Rows, name: str, listed: list[list[str]]) -> dict[str, Decimal]:
    """Load one order's rows; return what each merchant code was given."""
    write_csv(project.inbox / name, HEADERS, listed)
    ingest(project)
    return dict(rows(project, "SELECT sku_id, goods_receivable_amt FROM order_lines ORDER BY sku_id"))


def test_an_orders_amount_is_shared_out(make_project: Make, rows: Rows) -> None:
    """The order's 100.00 over prices 1 : 1 : 1 makes three amounts that add up to it exactly."""
    project = make_project(sources={"jd/lines": lines()})
    listed = [["1", sku, "10", "100.00", "2025-11-01"] for sku in "abc"]
    found = shares(project, rows, "a.csv", listed)
    assert Decimal(100) == sum(found.values())
    assert {Decimal("33.33"), Decimal("33.34")} == set(found.values())


def test_without_weights_rows_share_alike(make_project: Make, rows: Rows) -> None:
    """Rows without a price take equal parts; an order of one row takes all."""
    project = make_project(sources={"jd/lines": lines()})
    listed = [["1", "a", "0", "9.00", "2025-11-01"], ["1", "b", "", "9.00", "2025-11-01"]]
    found = shares(project, rows, "a.csv", [*listed, ["2", "c", "0", "5.00", "2025-11-01"]])
    assert {"a": Decimal("4.5"), "b": Decimal("4.5"), "c": Decimal(5)} == found


@settings(max_examples=8)
@given(
    prices=st.lists(st.integers(0, 50_000), min_size=1, max_size=7),
    total=st.integers(0, 1_000_000),
    seed=st.integers(0, 99),
)
def test_shares_add_up_in_any_row_order(
    tmp_path_factory: pytest.TempPathFactory, prices: list[int], total: int, seed: int
) -> None:
    """Whatever the prices, the parts add up to the cent, and shuffling the rows changes none of them."""
    root = tmp_path_factory.mktemp("spread")
    listed = [
        ["1", str(n), f"{price / 100}", f"{total / 100}", "2025-11-01"] for n, price in enumerate(prices)
    ]
    shuffled = random.Random(seed).sample(listed, len(listed))
    found = [
        shares(make_shop(root / name, {"jd/lines": lines()}), _rows, "a.csv", rows)
        for name, rows in (("one", listed), ("two", shuffled))
    ]
    assert Decimal(total) / 100 == sum(found[0].values())
    assert found[0] == found[1]


def _rows(project: Project, sql: str) -> list[tuple]:
    from reportkit.engines import DuckDBEngine
    from reportkit.lake import Lake

    engine = DuckDBEngine(Lake(project.lake))
    try:
        return engine.rows(sql)
    finally:
        engine.close()


def test_cells_of_the_first_row_are_filled_in(make_project: Make, rows: Rows) -> None:
    """A time that only an order's first row holds is given to its other rows, and to no other order."""
    project = make_project(sources={"jd/lines": lines(fill=["下单时间"])})
    listed = [
        ["1", "a", "10", "30", "2025-11-01 08:00:00"],
        ["1", "b", "20", "30", ""],
        ["2", "c", "20", "20", ""],
    ]
    write_csv(project.inbox / "a.csv", HEADERS, listed)
    ingest(project)
    found = rows(project, "SELECT sku_id, created_date::VARCHAR FROM order_lines ORDER BY sku_id")
    assert [("a", "2025-11-01"), ("b", "2025-11-01"), ("c", None)] == found


def load(project: Project, text: str, name: str = "a.csv") -> IngestResult:
    """Write a file as it stands and load it."""
    (project.inbox / name).write_text(text, encoding="utf-8")
    return ingest(project)


def counts(result: IngestResult) -> tuple[int, int, int]:
    """Rows accepted, rejected and skipped."""
    (file,) = result.files
    return file.accepted, file.rejected, file.skipped


def test_a_day_from_the_files_name(make_project: Make, rows: Rows) -> None:
    """The period of a report without a date column is in its name; a name without one refuses the rows."""
    dated = {"date": {"from_file": r"报表_(?P<value>\d{4}-\d\d-\d\d)"}}
    project = make_project(sources={"tmall/ads": days(dated)})
    assert (1, 0, 0) == counts(load(project, "计划,花费\n甲,3\n", "报表_2025-11-03.csv"))
    assert [("2025-11-03",)] == rows(project, "SELECT date::VARCHAR FROM ads")
    (project.inbox / "报表_2025-11-03.csv").unlink()
    assert (0, 1, 0) == counts(load(project, "计划,花费\n乙,3\n", "报表.csv"))


def test_a_shop_from_the_rows_above(make_project: Make, rows: Rows) -> None:
    """A value may stand above the header; what stands there is kept with the file, long numbers masked."""
    project = make_project(sources={"tmall/ads": days({"shop_id": {"from_file": "店铺：(?P<value>.+)"}})})
    load(project, "店铺：一号店,账号：2088123456789,\n日,计划,花费\n2025-11-01,甲,3\n")
    assert [("一号店",)] == rows(project, "SELECT shop_id FROM ads")
    assert [("店铺：一号店 账号：*******",)] == rows(project, "SELECT preamble FROM files")


def test_the_row_that_explains_the_columns(make_project: Make) -> None:
    """A note below the header is skipped; a good row in its place is not; a bad row further down is refused."""
    project = make_project(sources={"tmall/ads": days(note_row=True)})
    text = "日,计划,花费\n投放日期,投放计划,单位元\n2025-11-01,甲,3\n2025-11-02,甲,三\n"
    assert (1, 1, 1) == counts(load(project, text))
    (project.inbox / "a.csv").unlink()
    assert (1, 0, 0) == counts(load(project, "日,计划,花费\n2025-11-05,乙,3\n", "b.csv"))


def test_footers_by_condition_and_by_end(make_project: Make, rows: Rows) -> None:
    """Subtotals are skipped wherever they say so; from the ending row on everything is footer, short rows too."""
    source = days(skip="计划 = '汇总'", ends=["总计"])
    project = make_project(sources={"tmall/ads": source})
    text = "日,计划,花费\n2025-11-01,甲,3\n2025-11-01,汇总,3\n总计,花费\n2025-11-09,9\n2025-11-09,乙,9\n"
    assert (1, 0, 4) == counts(load(project, text))
    assert [("甲",)] == rows(project, "SELECT campaign FROM ads")


def test_a_footer_below_an_empty_column(make_project: Make) -> None:
    """The word of a footer is looked for in the first cell that holds anything."""
    project = make_project(sources={"tmall/ads": days(skip_rows=["合计"])})
    assert (1, 0, 1) == counts(load(project, "日,计划,花费\n2025-11-01,甲,3\n,合计:,3\n"))


def test_totals_are_compared(make_project: Make, rows: Rows) -> None:
    """A footer that agrees is silent; one that does not is told, and the rows are loaded all the same."""
    source = days(skip_rows=["合计"], totals=["花费"])
    project = make_project(sources={"tmall/ads": source})
    assert [] == load(project, "日,计划,花费\n2025-11-01,甲,3\n2025-11-01,乙,4\n合计,,7\n").files[0].notes
    (project.inbox / "a.csv").unlink()
    (file,) = load(project, "日,计划,花费\n2025-11-02,甲,3\n合计,,1009.5\n", "b.csv").files
    assert 1 == file.accepted
    assert "the file's own total is 1,009.50, its rows add up to 3.00" in file.notes[0]
    assert [(Decimal(7), Decimal(7)), (Decimal("1009.5"), Decimal(3))] == rows(
        project, "SELECT said, found FROM totals ORDER BY said"
    )


def test_a_mark_before_every_cell(make_project: Make, rows: Rows) -> None:
    """Backticks before cells are taken off before anything is read."""
    project = make_project(sources={"tmall/ads": days(strip="`")})
    assert (1, 0, 0) == counts(load(project, "日,计划,花费\n`2025-11-01,`甲,`3.50\n"))
    assert [("甲", Decimal("3.5"))] == rows(project, "SELECT campaign, spend_cash FROM ads")


def test_text_without_quoting(make_project: Make, rows: Rows) -> None:
    """Where quoting is unknown, a lone quotation mark belongs to the text and swallows nothing."""
    project = make_project(sources={"tmall/ads": days(quotes=False)})
    assert (2, 0, 0) == counts(load(project, '日\t计划\t花费\n2025-11-01\t"甲\t3\n2025-11-02\t乙\t4\n'))
    assert [('"甲',), ("乙",)] == rows(project, "SELECT campaign FROM ads ORDER BY date")


def test_a_header_that_stands_twice(make_project: Make, rows: Rows) -> None:
    """A repeated header is refused, unless the source says that the first is meant."""
    text = "日,计划,花费,花费\n2025-11-01,甲,3,4\n"
    strict = make_project("strict", sources={"tmall/ads": days()})
    (file,) = load(strict, text).files
    assert "failed" == file.state
    assert 'the header "花费" stands in columns 3 and 4' in file.notes[0]
    lenient = make_project("lenient", sources={"tmall/ads": days(repeats=["花费"])})
    assert (1, 0, 0) == counts(load(lenient, text))
    assert [(Decimal(3),)] == rows(lenient, "SELECT spend_cash FROM ads")


def test_currencies_are_converted_by_day(make_project: Make, rows: Rows) -> None:
    """An amount is converted at the last rate on or before its day; without one the row is refused by name."""
    source = days({"spend_cash": {"from": "花费", "money": "row"}}, currency={"from": "币种"})
    project = make_project(sources={"tmall/ads": source})
    rates = {
        "USD": [
            {"from": day, "rate": rate, "source": "test"}
            for day, rate in (("2025-10-01", 7.0), ("2025-11-02", 7.5))
        ]
    }
    (project.root / "params" / "rates.yaml").write_text(yaml.safe_dump(rates), "utf-8")
    text = "日,计划,花费,币种\n2025-11-01,甲,10,usd\n2025-11-02,甲,10,USD\n2025-11-03,甲,10,CNY\n"
    result = load(project, text + "2025-09-30,甲,10,USD\n2025-11-03,乙,10,THB\n")
    assert [Decimal(70), Decimal(75), Decimal(10)] == [
        row[0] for row in rows(project, "SELECT spend_cash FROM ads ORDER BY date")
    ]
    assert 2 == result.files[0].rejected
    assert all("no exchange rate for its day" in note for note in result.files[0].notes)
    assert "params/rates.yaml" in result.files[0].notes[0]


def test_a_new_rate_is_used_by_itself(make_project: Make, rows: Rows) -> None:
    """When a rate is corrected, the files that used it are read again."""
    source = days({"spend_cash": {"from": "花费", "money": "row"}}, currency={"constant": "USD"})
    project = make_project(sources={"tmall/ads": source})
    for rate in (7.0, 8.0):
        rates = {"USD": [{"from": "2025-01-01", "rate": rate, "source": "test"}]}
        (project.root / "params" / "rates.yaml").write_text(yaml.safe_dump(rates), "utf-8")
        load(project, "日,计划,花费\n2025-11-01,甲,10\n")
        assert [(Decimal(str(rate * 10)),)] == rows(project, "SELECT spend_cash FROM ads")


def test_only_the_merchants_own_marks_count(make_project: Make, rows: Rows) -> None:
    """A remark marks an order by the merchant's patterns alone, and its text is not kept."""
    source = lines(personal=["备注"])
    source["tables"]["orders"] = {
        "columns": {
            "platform_order_id": {"from": "订单", "id": True},
            "created_at": "下单时间",
            "is_brush": {"from": "备注", "marks": "brush"},
        }
    }
    text = ",".join([*HEADERS, "备注"]) + "\n1,a,1,1,2025-11-01,补单张测试\n2,b,1,1,2025-11-01,\n"
    for number, (patterns, expected) in enumerate([([], [False, False]), (["^补单"], [True, False])]):
        project = make_project(f"shop{number}", sources={"jd/lines": source})
        (project.root / "params" / "marks.yaml").write_text(yaml.safe_dump({"brush": patterns}), "utf-8")
        load(project, text)
        assert expected == [row[0] for row in rows(project, "SELECT is_brush FROM orders ORDER BY order_key")]


def test_placeholders_give_way(make_project: Make, rows: Rows) -> None:
    """A refund that an order's word tells of stands until a real one of that order has succeeded."""
    told = lines(recognise={"headers": ["订单", "货号"], "without": ["售后单"]})
    told["tables"]["refunds"] = {
        "placeholder": True,
        "columns": {
            "platform_refund_id": {"from": "订单", "id": True},
            "platform_order_id": {"from": "订单", "id": True},
            "status_std": {"constant": "success"},
        },
    }
    real = days(recognise={"headers": ["售后单"]}, unit=["platform_refund_id"])
    real["platform"] = "jd"
    real["tables"] = {
        "refunds": {
            "columns": {
                "platform_refund_id": {"from": "售后单", "id": True},
                "platform_order_id": {"from": "订单", "id": True},
                "status_std": {"from": "状态", "map": {"成功": "success", "拒绝": "rejected"}},
            }
        }
    }
    project = make_project(sources={"jd/lines": told, "jd/refunds": real})
    load(project, ",".join(HEADERS) + "\n" + "".join(f"{n},a,1,1,2025-11-01\n" for n in (1, 2, 3)))
    load(project, "售后单,订单,状态\n71,1,成功\n72,2,拒绝\n", "b.csv")
    found = rows(project, "SELECT platform_refund_id FROM refunds ORDER BY 1")
    assert ["2", "3", "71", "72"] == [row[0] for row in found]


def test_a_mark_must_be_a_regular_expression(make_project: Make) -> None:
    """A pattern that cannot be one is reported with its file."""
    project = make_project(sources={})
    (project.root / "params" / "marks.yaml").write_text("brush: ['(']", "utf-8")
    with pytest.raises(ProjectError, match=r"marks\.yaml: brush: .* is no regular expression"):
        load_sources(project)


def test_a_mark_nobody_knows(make_project: Make) -> None:
    """A list under another name than the four is refused with the nearest of them."""
    project = make_project(sources={})
    (project.root / "params" / "marks.yaml").write_text("brushed: [补单]", "utf-8")
    with pytest.raises(ProjectError, match='unknown mark "brushed", did you mean "brush"'):
        load_sources(project)


def test_a_fault_in_a_workbook_is_named_by_cell(make_project: Make, rows: Rows) -> None:
    """A refused row of a workbook is told by its cell."""
    project = make_project(sources={"tmall/ads": days()})
    with Workbook(project.inbox / "a.xlsx") as book:
        sheet = book.add_worksheet("表")
        for number, row in enumerate(
            [["说明"], ["备", "日", "计划", "花费"], ["", "2025-11-01", "甲", "很多"]]
        ):
            sheet.write_row(number, 0, row)
    (file,) = ingest(project).files
    assert 'a.xlsx [表]: D3: 花费: not a money "很多"' in file.notes[0]
    assert [("D3",)] == rows(project, "SELECT cell FROM rejects")


def test_sources_of_a_family_replace_each_other(make_project: Make, rows: Rows) -> None:
    """Two exports of one family that tell of the same day are not added up: the newer wins."""
    other = days(family="spend")
    other["recognise"] = {"headers": ["计划名", "花费"]}
    other["tables"]["ads"]["columns"]["campaign"] = {"from": "计划名"}
    project = make_project(sources={"tmall/one": days(family="spend"), "tmall/two": other})
    load(project, "日,计划,花费\n2025-11-01,甲,3\n")
    load(project, "日,计划名,花费\n2025-11-01,甲,5\n", "b.csv")
    assert [(Decimal(5),)] == rows(project, "SELECT spend_cash FROM ads")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"partial": True}, "`partial: true` and `gaps` go together"),
        ({"rows_of": None}, "`fill` and `spread` need `rows_of`"),
        ({"fill": ["没有"]}, 'fill: no column is made from "没有"'),
    ],
)
def test_keys_that_need_each_other(make_project: Make, wrong: dict[str, Any], message: str) -> None:
    """A source whose keys contradict each other is refused with the reason."""
    project = make_project(sources={"jd/lines": lines(**wrong)})
    with pytest.raises(ProjectError, match="jd/lines") as error:
        load_sources(project)
    assert message in str(error.value)


def test_an_expression_that_does_not_fit(make_project: Make) -> None:
    """An expression over a column nobody listed is reported with its source, and loads nothing."""
    project = make_project(sources={"tmall/ads": days(skip="备注 = '无'")})
    with pytest.raises(ProjectError, match=r"(?s)params/sources/tmall/ads\.yaml.*uses") as error:
        load(project, "日,计划,花费\n2025-11-01,甲,3\n")
    assert "备注" in str(error.value)


def test_amounts_of_the_row_need_a_currency(make_project: Make) -> None:
    """`money: row` without `currency` is refused."""
    project = make_project(sources={"tmall/ads": days({"spend_cash": {"from": "花费", "money": "row"}})})
    with pytest.raises(ProjectError, match="needs `currency`"):
        load_sources(project)


def test_rows_that_do_not_cover(make_project: Make, tmp_path: Path) -> None:
    """A mapping that does not cover makes rows, but no day of its table complete."""
    from reportkit.engines import DuckDBEngine
    from reportkit.lake import Lake
    from reportkit.metrics.coverage import read_coverage

    found = {}
    for covers in (True, False):
        source = lines()
        source["tables"]["orders"] = {
            "columns": {"platform_order_id": {"from": "订单", "id": True}, "created_at": "下单时间"}
        }
        source["tables"]["refunds"] = {
            "covers": covers,
            "columns": {"platform_refund_id": {"from": "订单", "id": True}, "applied_at": "下单时间"},
        }
        project = make_project(f"shop{covers}", sources={"jd/lines": source})
        load(project, ",".join(HEADERS) + "\n1,a,1,1,2025-11-01\n")
        engine = DuckDBEngine(Lake(project.lake))
        found[covers] = len(read_coverage(project, engine).of("jd", ["refunds"]))
        engine.close()
    assert {True: 1, False: 0} == found


def test_a_value_no_expression_foresaw(make_project: Make, rows: Rows) -> None:
    """Where an expression cannot bear a value, its file is named and the others load."""
    source = days({"clicks": {"from": "次数", "sql": "CAST(次数 AS INTEGER)"}})
    project = make_project(sources={"tmall/ads": source})
    (project.inbox / "bad.csv").write_text("日,计划,花费,次数\n2025-11-01,甲,3,多\n", encoding="utf-8")
    result = load(project, "日,计划,花费,次数\n2025-11-02,乙,4,7\n", "good.csv")
    assert {"bad.csv": "failed", "good.csv": "loaded"} == {file.path: file.state for file in result.files}
    assert result.files[0].notes[0].startswith("bad.csv: a value cannot be read")
    assert [(7,)] == rows(project, "SELECT clicks FROM ads")


def settled(labels: tuple[str, ...] = ("佣金", "运费险"), **rest: Any) -> dict[str, Any]:
    """A settlement file with a column for every kind of fee; a row without an order is no settlement."""
    keys = {"platform_order_id": {"from": "订单", "id": True}}
    kinds = {
        f"fees/{label}": {
            "when": f"number({label}) <> 0",
            "columns": {
                "date": "日",
                "platform_order_id": {"from": "订单", "id": True, "optional": True},
                "fee_type": {"constant": "其他"},
                "fee_raw": {"constant": label},
                "amount": {"from": label, "money": "CNY"},
            },
        }
        for label in labels
    }
    amount = {"from": "到账", "money": "CNY"}
    return {
        "platform": "jd",
        "export": {"zh": "结算", "en": "Settlement", "where": "后台"},
        "recognise": {"headers": ["订单", "佣金", "到账"]},
        "unit": ["settle_date", "platform_order_id"],
        "exported_at": r"(?P<stamp>\d{8})",
        "tables": {
            "settlements": {
                "when": "number(到账) <> 0",
                "columns": {"settle_date": "日", "settled_amt": amount, **keys},
            },
            **kinds,
        },
        **rest,
    }


SETTLED = "订单,日,佣金,运费险,到账\n"
FEES = "SELECT platform_order_id, fee_raw, amount::INT, row_key FROM fees ORDER BY ALL"


def fees(project: Project, rows: Rows) -> list[tuple[str, str, int]]:
    """The fees of every order, by kind."""
    return [(order, kind, amount) for order, kind, amount, _ in rows(project, FEES)]


def test_several_fees_of_one_row(make_project: Make, rows: Rows) -> None:
    """Every kind of fee of a row is a row of its own, and the row of the file counts once."""
    project = make_project(sources={"jd/settled": settled()})
    listed = "1,2025-11-01,5,2,93\n2,2025-11-01,0,3,97\n3,2025-11-01,,0,50\n4,2025-11-02,1,1,0\n"
    assert (4, 0, 0) == counts(load(project, SETTLED + listed, "20251103.csv"))
    expected = [
        ("1", "佣金", 5),
        ("1", "运费险", 2),
        ("2", "运费险", 3),
        ("4", "佣金", 1),
        ("4", "运费险", 1),
    ]
    assert expected == fees(project, rows)
    assert [(3,)] == rows(project, "SELECT count(*) FROM settlements")
    assert [(5,)] == rows(project, "SELECT count(DISTINCT row_key) FROM fees")


def test_a_row_with_a_bad_fee_is_refused_whole(make_project: Make, rows: Rows) -> None:
    """A row of which one fee cannot be read brings none, and no settlement."""
    project = make_project(sources={"jd/settled": settled()})
    listed = "1,2025-11-01,5,两元,93\n2,2025-11-01,4,0,96\n"
    assert (1, 1, 0) == counts(load(project, SETTLED + listed, "20251103.csv"))
    assert [("2", "佣金", 4)] == fees(project, rows)


def test_fees_do_not_depend_on_order(make_project: Make, rows: Rows) -> None:
    """Neither the order of the file's rows nor that of the mappings changes a row or its key."""
    listed = [f"{n},2025-11-01,{n % 3},{n % 2},90\n" for n in range(1, 9)]
    found = []
    for name, labels, lines_ in (
        ("one", ("佣金", "运费险"), listed),
        ("two", ("运费险", "佣金"), random.Random(7).sample(listed, len(listed))),
    ):
        project = make_project(name, sources={"jd/settled": settled(labels)})
        load(project, SETTLED + "".join(lines_), "20251103.csv")
        found.append(rows(project, FEES))
    assert found[0] == found[1]
    assert sum(n % 3 for n in range(1, 9)) + 4 == sum(amount for _, _, amount, _ in found[0])


def test_a_newer_export_replaces_all_fees_of_a_unit(make_project: Make, rows: Rows) -> None:
    """No kind of fee stays behind when an order is exported again; an older export changes nothing."""
    project = make_project(sources={"jd/settled": settled()})
    load(project, SETTLED + "1,2025-11-01,5,2,93\n2,2025-11-01,4,1,95\n", "20251103.csv")
    load(project, SETTLED + "1,2025-11-01,6,0,94\n", "20251104.csv")
    expected = [("1", "佣金", 6), ("2", "佣金", 4), ("2", "运费险", 1)]
    assert expected == fees(project, rows)
    old = load(project, SETTLED + "1,2025-11-01,7,7,86\n", "20251102.csv")
    assert expected == fees(project, rows)
    assert [0, 1] == [old.files[0].accepted, old.files[0].superseded]
    books = rows(project, "SELECT path, accepted, superseded FROM files ORDER BY path")
    assert [("20251102.csv", 0, 1), ("20251103.csv", 1, 1), ("20251104.csv", 1, 0)] == books


def test_labels_cover_their_table(make_project: Make) -> None:
    """The days of a file with several kinds of fees are days of the table they all feed."""
    from reportkit.engines import DuckDBEngine
    from reportkit.lake import Lake
    from reportkit.metrics.coverage import read_coverage

    orders = {"columns": {"platform_order_id": {"from": "订单", "id": True}, "created_at": "下单时间"}}
    traded = lines() | {"tables": lines()["tables"] | {"orders": orders}}
    project = make_project(sources={"jd/lines": traded, "jd/settled": settled()})
    load(project, ",".join(HEADERS) + "\n1,a,1,1,2025-11-01\n")
    load(project, SETTLED + "1,2025-11-01,5,2,93\n", "20251103.csv")
    engine = DuckDBEngine(Lake(project.lake))
    found = read_coverage(project, engine)
    engine.close()
    assert {"fees", "settlements"} <= {table for _, table in found.days}
    assert 1 == len(found.of("jd", ["fees"]))


@pytest.mark.parametrize(
    ("key", "change", "message"),
    [
        ("fees/运费险", {"placeholder": True}, "`placeholder` and `covers` must be the same"),
        ("fees/a b", {}, '"fees/a b" is no table, nor a table, a slash and a label of one word'),
        ("fee/a", {}, 'unknown table "fee"'),
    ],
)
def test_labels_that_cannot_be(make_project: Make, key: str, change: dict[str, Any], message: str) -> None:
    """A label is one word behind a table's name, and the mappings of one table agree."""
    source = settled()
    source["tables"][key] = {**source["tables"]["fees/佣金"], **change}
    with pytest.raises(ProjectError, match="jd/settled") as error:
        load_sources(make_project(sources={"jd/settled": source}))
    assert message in str(error.value)


def test_a_table_with_a_key_is_fed_once(make_project: Make) -> None:
    """One row cannot become two lines of one order and two orders of one number."""
    source = lines()
    orders = {"columns": {"platform_order_id": {"from": "订单", "id": True}, "created_at": "下单时间"}}
    source["tables"] |= {"orders/a": orders, "orders/b": orders}
    with pytest.raises(ProjectError, match="orders: a row is one platform_order_id, so one key feeds it"):
        load_sources(make_project(sources={"jd/lines": source}))


def test_what_a_newer_export_no_longer_says(make_project: Make, rows: Rows) -> None:
    """A refund that the newer export of its order no longer holds is gone, whichever is loaded first."""
    source = lines()
    source["tables"]["refunds"] = {
        "when": "number(退款) > 0",
        "columns": {
            "platform_order_id": {"from": "订单", "id": True},
            "refund_goods_amt": {"from": "退款", "money": "CNY"},
        },
    }
    head = ",".join([*HEADERS, "退款"])
    older, newer = f"{head}\n1,a,9,9,2025-11-01,4\n", f"{head}\n1,a,9,9,2025-11-01,0\n"
    for name, order in (("first", (older, newer)), ("last", (newer, older))):
        project = make_project(name, sources={"jd/lines": source})
        for text in order:
            (project.inbox / "a.csv").write_text(text, encoding="utf-8")
            ingest(project, exported_at=datetime(2025, 12, 1 + (text == newer)))
        assert [] == rows(project, "SELECT * FROM refunds")
        assert [(Decimal(9),)] == rows(project, "SELECT goods_receivable_amt FROM order_lines")
        assert (1, 1) == rows(project, "SELECT sum(accepted)::INT, sum(superseded)::INT FROM files")[0]
