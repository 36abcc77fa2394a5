"""Every oddity of Alipay's bills that touches reading, each in a file of a few rows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from reportkit.project import Project
from tests.exported import sample_project
from tests.quirks.written import book, columns, load, plain, zipped

Query = Callable[[Project, str], list[tuple]]

LEDGER = columns(
    "账务流水号|业务流水号|商品名称|发生时间|收入金额（+元）|支出金额（-元）|账户余额（元）|业务类型|备注|商户订单号|对方账号|业务描述|业务基础订单号"
)
SHORT = columns(
    "账务流水号|商户订单号|业务流水号|收入金额（+元）|支出金额（-元）|账户余额（元）|发生时间|备注"
)
TRADES = columns(
    "支付宝交易号|商户订单号|业务类型|创建时间|完成时间|门店编号|对方账户|订单金额（元）|商家实收（元）|退款批次号/请求号|服务费（元）|备注"
)
ABOVE = [
    ["#支付宝账务明细查询"],
    ["#账号：[20880000000000010156]"],
    ["#起始日期：[2026年05月01日 00:00:00]   终止日期：[2026年06月01日 00:00:00]"],
    ["#----------------账务明细列表----------------"],
]
BELOW = [
    "#账务明细列表结束",
    "#支出合计：1笔，共-20.00元",
    "#收入合计：1笔，共200.00元",
    "#导出时间：[2026年06月02日 10:00:00]",
]

TAKEN = "SELECT flow_id, amount FROM payments ORDER BY flow_id"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return sample_project(tmp_path / "shop")


def entry(
    flow: str = "6001",
    more: str = "200.00",
    less: str = "",
    kind: str = "交易付款",
    memo: str = "",
    number: str = "",
    base: str = "",
) -> list[str]:
    """One row of the ledger."""
    told = "0010001|交易收款-交易收款"
    day = "2026-05-01 10:00:00"
    return [flow, "2026", "示例", day, more, less, "1200.00", kind, memo, number, "测试*", told, base]


def text(rows: list[list[str]]) -> bytes:
    """Rows as Alipay writes them: GBK, nothing quoted."""
    return "".join(",".join(row) + "\r\n" for row in rows).encode("gb18030")


def test_lines_above_and_below(project: Project, tmp_path: Path, rows: Query) -> None:
    """The header stands in row 5; the lines with # below the rows are totals and no entries."""
    lines = [*ABOVE, LEDGER, entry(), entry("6002", "", "-20.00", "交易退款"), *([line] for line in BELOW)]
    (file,) = load(project, plain(tmp_path / "账务明细.csv", lines, "gb18030"))
    assert (6, 2, 0, 4) == (file.read, file.accepted, file.rejected, file.skipped)
    assert [("6001", Decimal(200)), ("6002", Decimal(-20))] == rows(project, TAKEN)


def test_lines_deleted_by_hand(project: Project, tmp_path: Path) -> None:
    """With the lines above gone, or one of them left, the header stands in row 1 or 2."""
    first = plain(tmp_path / "a.csv", [LEDGER, entry()], "gb18030")
    second = plain(tmp_path / "b.csv", [ABOVE[0], LEDGER, entry("6002")], "gb18030")
    assert [1, 1] == [file.accepted for file in load(project, first, second)]


def test_leading_empty_column(project: Project, tmp_path: Path, rows: Query) -> None:
    """An empty first column moves the footers too."""
    lines = [["", *line] for line in [*ABOVE, LEDGER, entry(), *([line] for line in BELOW)]]
    (file,) = load(project, book(tmp_path / "账务明细.xlsx", lines))
    assert (1, 0, 4) == (file.accepted, file.rejected, file.skipped)
    assert [("6001", Decimal(200))] == rows(project, TAKEN)


def test_footer_padded_with_commas(project: Project, tmp_path: Path) -> None:
    """A footer as wide as the header is still a footer."""
    padded = [[line, *[""] * 12] for line in BELOW]
    (file,) = load(project, plain(tmp_path / "a.csv", [*ABOVE, LEDGER, entry(), *padded], "gb18030"))
    assert (1, 0, 4) == (file.accepted, file.rejected, file.skipped)


def test_day_without_entries(project: Project, tmp_path: Path, rows: Query) -> None:
    """Header and footer alone: read, and empty."""
    lines = [
        *ABOVE,
        SHORT,
        ["#-----账务明细列表结束-----", *[""] * 7],
        ["#支出合计：0笔，共0.00元", *[""] * 7],
    ]
    (file,) = load(project, plain(tmp_path / "a.csv", lines, "gb18030"))
    assert ("loaded", 0, 0, 2) == (file.state, file.accepted, file.rejected, file.skipped)
    assert [] == rows(project, TAKEN)


def test_layouts_of_8_12_and_13_columns(project: Project, tmp_path: Path, rows: Query) -> None:
    """2012 to 2026: the same ledger; without 业务类型 the kind stays unknown."""
    short = ["6008", "M1", "2026", "88.00", "", "1161.40", "2026-06-05 10:00:00", ""]
    old = columns(
        "账务流水号|业务流水号|商户订单号|商品名称|发生时间|对方账号|收入金额（+元）|支出金额（-元）|账户余额（元）|交易渠道|业务类型|备注"
    )
    cells = [
        "5001",
        "2012",
        "M2",
        "示例",
        "2012-08-01 10:00:00",
        "",
        "39.00",
        "",
        "539.00",
        "支付宝",
        "在线支付",
        "",
    ]
    load(
        project,
        plain(tmp_path / "a.csv", [*ABOVE, LEDGER, entry()], "gb18030"),
        plain(tmp_path / "b.csv", [*ABOVE, SHORT, short], "gb18030"),
        plain(tmp_path / "c.csv", [*ABOVE, old, cells], "gb18030"),
    )
    found = rows(project, "SELECT flow_id, kind_std, amount FROM payments ORDER BY 1")
    assert [
        ("5001", "收款", Decimal(39)),
        ("6001", "收款", Decimal(200)),
        ("6008", None, Decimal(88)),
    ] == found


def test_order_number_in_the_remark(project: Project, tmp_path: Path, rows: Query) -> None:
    """tradeid:…, 订单号… or T200P…: the number of the order is found, and the remark is not kept."""
    lines = [
        entry("1", memo="张测试付款 tradeid:3300000000000000002"),
        entry("2", memo="售后退款，订单号2600000000000000001"),
        entry("3", number="T200P2600000000000000003"),
        entry("4", base="2600000000000000004", memo="tradeid:9"),
        entry("5", memo="13900012345"),
    ]
    load(project, book(tmp_path / "a.xlsx", [LEDGER, *lines]))
    found = rows(project, "SELECT platform_order_id FROM payments ORDER BY flow_id")
    numbers = [
        *("3300000000000000002", "2600000000000000001", "2600000000000000003"),
        "2600000000000000004",
        None,
    ]
    assert numbers == [number for (number,) in found]
    assert not [row for row in rows(project, "SELECT payments::VARCHAR FROM payments") if "张测试" in row[0]]


def test_coded_description_and_words(project: Project, tmp_path: Path, rows: Query) -> None:
    """业务描述 is coded and stands beside the word; every word known is told in ours, others are refused."""
    kinds = {
        "交易付款": "收款",
        "交易分账": "扣费",
        "交易退款": "退款",
        "收费": "扣费",
        "转账": "转账",
        "提现": "提现",
    }
    lines = [entry(str(number), kind=kind) for number, kind in enumerate(kinds)]
    (file,) = load(project, book(tmp_path / "a.xlsx", [LEDGER, *lines, entry("9", kind="未知")]))
    assert (6, 1) == (file.accepted, file.rejected)
    found = rows(project, "SELECT split_part(kind_raw, ' / ', 1), kind_std FROM payments")
    assert kinds == dict(found)
    assert [("0010001|交易收款-交易收款",)] == rows(
        project, "SELECT DISTINCT split_part(kind_raw, ' / ', 2) FROM payments"
    )


def test_expenses_are_negative(project: Project, tmp_path: Path, rows: Query) -> None:
    """An expense is negative whether or not it has a sign, and a fee is also a cost."""
    lines = [entry("1", "", "-6.60", "收费"), entry("2", "", "6.60", "提现"), entry("3", "0.60", "", "退费")]
    load(project, book(tmp_path / "a.xlsx", [LEDGER, *lines]))
    assert [("1", Decimal("-6.6")), ("2", Decimal("-6.6")), ("3", Decimal("0.6"))] == rows(project, TAKEN)
    assert [(Decimal("-0.6"),), (Decimal("6.6"),)] == rows(project, "SELECT amount FROM fees ORDER BY 1")


def test_ids_end_with_a_tab(project: Project, tmp_path: Path, rows: Query) -> None:
    """So do empty cells; the tab belongs to neither."""
    cells = entry("6001\t", number="T200P26\t", base="\t")
    load(project, plain(tmp_path / "a.csv", [*ABOVE, LEDGER, cells], "gb18030"))
    found = rows(project, "SELECT flow_id, merchant_order_no, platform_order_id FROM payments")
    assert [("6001", "T200P26", "26")] == found


def test_spreadsheet_xml_in_a_zip_under_a_wrong_name(project: Project, tmp_path: Path, rows: Query) -> None:
    """A member that calls itself csv in GBK and is a workbook in XML is read as what it is."""
    body = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in line) + "</Row>"
        for line in [*ABOVE, LEDGER, entry()]
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    xml = f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="1"><Table>{body}</Table></Worksheet></Workbook>'
    (file,) = load(project, zipped(tmp_path / "a.zip", {"账务明细.csv": xml.encode()}))
    assert ("loaded", 1) == (file.state, file.accepted)
    assert file.path.endswith("a.zip!/账务明细.csv")
    assert [("6001", Decimal(200))] == rows(project, TAKEN)


def trade(kind: str, amount: str, fee: str, refund: str = "\t") -> list[str]:
    """One row of the trade bill."""
    times = ["2026-05-01 09:59:00", "2026-05-01 10:00:00"]
    return ["2026\t", "T200P26\t", kind, *times, "\t", "*测试", "210.00", amount, refund, fee, ""]


def test_trade_bill_in_a_zip_with_its_sums(project: Project, tmp_path: Path, rows: Query) -> None:
    """The bill loads, the second file with its sums is named as unknown; names in the zip are GBK."""
    above = [["#支付宝业务明细查询"], *ABOVE[1:]]
    lines = [*above, TRADES, trade("交易", "200.00", "-1.20"), trade("退款", "-20.00", "0.12", "R1\t")]
    sums = [*above, ["门店编号", "交易订单总笔数"], ["合计", "1"]]
    names = {"业务明细.csv": text([*lines, ["#业务明细列表结束"]]), "业务明细(汇总).csv": text(sums)}
    found = load(project, zipped(tmp_path / "a.zip", names))
    states = {file.path.rpartition("/")[2]: file.state for file in found}
    assert {"业务明细.csv": "loaded", "业务明细(汇总).csv": "failed"} == states
    money = rows(project, "SELECT flow_id, kind_std, amount, fee FROM payments ORDER BY amount DESC")
    assert [
        ("2026", "收款", Decimal(200), Decimal("1.2")),
        ("R1", "退款", Decimal(-20), Decimal("-0.12")),
    ] == money
