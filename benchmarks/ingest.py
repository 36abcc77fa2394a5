"""Ingest of a million Taobao orders, from file to lake, against pandas merely reading the same file.

    python benchmarks/ingest.py [--rows N] [--pairs K]

Prints, from one run, the wall time of each, their ratio pair by pair, and the peak memory of the ingest.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HEADERS = [
    "订单编号",
    "买家会员名",
    "买家支付宝账号",
    "买家应付货款",
    "买家应付邮费",
    "买家支付积分",
    "总金额",
    "返点积分",
    "买家实际支付金额",
    "买家实际支付积分",
    "订单状态",
    "买家留言",
    "收货人姓名",
    "收货地址",
    "运送方式",
    "联系电话",
    "联系手机",
    "订单创建时间",
    "订单付款时间",
    "宝贝标题",
    "宝贝种类",
    "物流单号",
    "物流公司",
    "宝贝总数量",
    "店铺名称",
    "订单关闭原因",
]

PANDAS = "import sys, pandas; pandas.read_csv(sys.argv[1], dtype=str, encoding='gb18030')"
INGEST = """
import resource, sys
from pathlib import Path
from reportkit.ingest import ingest
from reportkit.project import Project
result = ingest(Project.open(sys.argv[2]), [Path(sys.argv[1])])
assert result.files[0].accepted == int(sys.argv[3]), result.files
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def write_orders(path: Path, rows: int, first: int = 0) -> None:
    """Write `rows` orders of one year in the 26 columns above, as gb18030."""
    months = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"]
    with path.open("w", encoding="gb18030", newline="") as file:
        file.write(",".join(HEADERS) + "\r\n")
        for n in range(first, first + rows):
            moment = f"2025-{months[n % 12]}-{n % 28 + 1:02d} {n % 24:02d}:{n % 60:02d}:{n % 59:02d}"
            amount = f"{(n * 37) % 50000 / 100:.2f}"
            file.write(
                f'="{1900000000000000000 + n * 7919}",买家{n % 300000:06d},b{n % 300000}@example.com,{amount},0.00,0,'
                f"{amount},0,{amount},0,交易成功,,收货人{n % 1000},浙江省 杭州市 西湖区 某某路{n % 999}号,快递,,"
                f"'1380000{n % 10000:04d},{moment},{moment},柔软纯棉毛巾三条装 加厚吸水,1,78{n:011d},圆通速递,"
                f"{n % 3 + 1},示例旗舰店,订单未关闭\r\n"
            )


def timed(*command: str) -> tuple[float, str]:
    """Run `command`; return its wall time in seconds and what it printed."""
    start = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - start, done.stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=3)
    options = parser.parse_args()
    ratios, peak = [], 0.0
    with tempfile.TemporaryDirectory() as folder:
        orders = Path(folder) / "ExportOrderList202601010000.csv"
        write_orders(orders, options.rows)
        print(
            f"{options.rows:,} rows, {len(HEADERS)} columns, {orders.stat().st_size / 1e6:.0f} MB of gb18030"
        )
        for pair in range(options.pairs):
            project = Path(folder) / f"project{pair}"
            (project / "params").mkdir(parents=True)
            (project / "params" / "project.yaml").write_text("name: benchmark\n")
            reading, _ = timed(sys.executable, "-c", PANDAS, str(orders))
            ingesting, printed = timed(
                sys.executable, "-c", INGEST, str(orders), str(project), str(options.rows)
            )
            ratios.append(ingesting / reading)
            peak = max(peak, int(printed) / 1024)
            print(f"pandas.read_csv {reading:.1f} s   ingest {ingesting:.1f} s   ratio {ratios[-1]:.2f}")
    print(f"median ratio {statistics.median(ratios):.2f}   peak memory of the ingest {peak:.0f} MB")


if __name__ == "__main__":
    main()
