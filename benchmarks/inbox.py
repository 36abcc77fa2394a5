"""An inbox of twelve files in three kinds to the lake, against merely reading the same files.

    python benchmarks/inbox.py [--rows N]

A third each: Taobao orders as gb18030 csv, Douyin sub-orders as utf-8 csv, Taobao order lines as xlsx. Prints, from
one run, the rows a second, the peak memory, the time as a ratio to reading with pyarrow and calamine, and the time
of a second load of the unchanged inbox as a ratio to hashing its files.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from ingest import timed, write_orders
from xlsxwriter import Workbook

DOUYIN = ["主订单编号", "子订单编号", "选购商品", "商品数量", "商品ID", "商家编码", "商品单价", "订单应付金额", "运费",
          "平台优惠", "达人优惠", "支付优惠", "收件人", "收件人手机号", "省", "市", "详细地址", "订单提交时间", "支付完成时间",
          "订单状态"]  # fmt: skip
LINES = ["子订单编号", "主订单编号", "商品标题", "商品价格", "购买数量", "商家编码", "订单状态", "买家应付货款", "买家实付金额",
         "退款状态", "退款金额", "订单创建时间", "订单付款时间", "商品ID", "备注标签"]  # fmt: skip

READ = """
import sys, pyarrow.csv as csv
from pathlib import Path
from python_calamine import CalamineWorkbook
for path in sorted(Path(sys.argv[1]).rglob("*")):
    if path.suffix == ".xlsx":
        for name in (book := CalamineWorkbook.from_path(str(path))).sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    elif path.suffix == ".csv":
        encoding = "gb18030" if path.name.startswith("ExportOrderList") else "utf-8"
        csv.read_csv(path, read_options=csv.ReadOptions(encoding=encoding))
"""
HASH = """
import hashlib, sys
from pathlib import Path
for path in Path(sys.argv[1]).rglob("*.*"):
    with path.open("rb") as file:
        hashlib.file_digest(file, "sha256")
"""
INGEST = """
import resource, sys
from reportkit.ingest import ingest
from reportkit.project import Project
result = ingest(Project.open(sys.argv[1]))
assert {file.state for file in result.files} == {sys.argv[2]}, [file.notes for file in result.files]
print(sum(file.accepted for file in result.files), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
START = "import reportkit.ingest, reportkit.project"


def moment(n: int) -> str:
    """A time of 2025 for row `n`."""
    return f"2025-{n % 12 + 1:02d}-{n % 28 + 1:02d} {n % 24:02d}:{n % 60:02d}:{n % 59:02d}"


def write_douyin(path: Path, rows: int, first: int) -> None:
    """Write `rows` sub-orders, each id followed by a tab."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(DOUYIN) + "\n")
        for n in range(first, first + rows):
            price = f"{(n * 37) % 50000 / 100:.2f}"
            order = 6_900_000_000_000_000_000 + n * 7919
            file.write(
                f"{order}\t,{order}\t,纯棉毛巾三条装,1,35{n % 900:08d}\t,SKU{n % 900},{price},{price},0.00,0.00,0.00,0.00,"
                f"收*,1**********,浙江省,杭州市,***,{moment(n)},{moment(n)},已完成\n"
            )


def write_lines(path: Path, rows: int, first: int) -> None:
    """Write a workbook of `rows` order lines, all cells text as the platform writes them."""
    with Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.write_row(0, 0, LINES)
        for place, n in enumerate(range(first, first + rows), start=1):
            order, price = str(2_900_000_000_000_000_000 + n * 7919), f"{(n * 37) % 50000 / 100:.2f}"
            row = [order, order, "纯棉毛巾三条装", price, "1", f"SKU{n % 900}", "交易成功", price, price, "没有申请退款",
                   "无退款申请", moment(n), moment(n), f"62{n % 900:08d}", ""]  # fmt: skip
            for column, cell in enumerate(row):
                sheet.write_string(place, column, cell)


def write_inbox(inbox: Path, rows: int) -> None:
    """Write the twelve files."""
    inbox.mkdir(parents=True)
    for part in range(4):
        write_orders(inbox / f"ExportOrderList20260101000{part}.csv", rows, part * rows)
        write_douyin(inbox / f"抖店订单_20260101000{part}.csv", rows, part * rows)
        write_lines(inbox / f"ExportOrderDetailList20260101000{part}.xlsx", rows, part * rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000, help="of each file")
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        inbox = project / "data" / "inbox"
        write_inbox(inbox, rows)
        (project / "params").mkdir()
        (project / "params" / "project.yaml").write_text("name: benchmark\n")
        starting, _ = timed(sys.executable, "-c", START)
        reading, _ = timed(sys.executable, "-c", READ, str(inbox))
        hashing, _ = timed(sys.executable, "-c", HASH, str(inbox))
        loading, printed = timed(sys.executable, "-c", INGEST, str(project), "loaded")
        again, _ = timed(sys.executable, "-c", INGEST, str(project), "known")
    accepted, peak = map(int, printed.split())
    assert accepted == 12 * rows, accepted
    print(
        f"12 files of {rows:,} rows: {accepted / loading:,.0f} rows a second, peak memory {peak / 1024:.0f} MB"
    )
    print(f"reading {reading:.1f} s   ingest {loading:.1f} s   ratio {loading / reading:.2f}")
    print(
        f"hashing {hashing:.1f} s   second load {again:.1f} s, of which {starting:.1f} s is starting Python"
    )


if __name__ == "__main__":
    main()
