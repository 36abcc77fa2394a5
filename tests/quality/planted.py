"""The differences planted in the files of six platforms, and what a bridge must make of them, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path

from reportkit.ingest import ingest
from reportkit.project import Project
from tests.projects import make_shop
from tests.quality.exports_written import Export, Row
from tests.quality.months import Month, november
from tests.quality.platforms import OWN_SOURCES, PLATFORMS

_MARKS = 'brush: ["^补单"]\ninternal: ["^内部"]\ntest: ["^测试"]\ngift: []\n'
_RATES = "USD: [{from: 2000-01-01, rate: 7.1, source: test}]\n"
_AFTER_SALES = "jd/refunds/售后_20260710.xlsx"
_SIXTY, _NOTHING = Decimal("60.00"), Decimal("0.00")

Truth = dict[str, tuple[str, int]]


def _tmall(month: Month) -> None:
    """Freight in both shops; a presale counts on the day of its balance on both sides."""
    month.sell("88.10", "96.10", freight="8.00")
    month.sell("40.00", "45.00", freight="5.00", shop="示例专营店")
    early = {"订单创建时间": "2025-10-31 20:00:00", "分阶段订单信息": "阶段1定金已付 阶段2尾款已付"}
    month.sell("300.00", cells=early)
    month.sell("100.00", "168.00", freight="8.00", second={"宝贝标题": "示例浴巾", "买家应付货款": _SIXTY})


def _jd(month: Month) -> None:
    """Cancelled on the day of payment: whole, told by the order or by an after-sale, or in part. Later ones are in."""
    gone = {"订单状态": "(删除)等待出库"}
    month.sell("210.00", "0", freight="9.00", cells=gone | {"订单完成时间": "2025-11-11 23:59:59"})
    month.sell("80.00", cells=gone | {"订单完成时间": "2025-11-12 00:00:00"})
    whole = month.sell("40.00", "0", freight="5.00", cells=gone)
    part = month.sell("90.00", "66.00", freight="6.00")
    later = month.sell("70.00")
    # 130 : 195 shares 130 out to the cent at every scale; what is rounded to a cent would move a ratio.
    other: Row = {"商品ID": "10170858471953", "商家SKUID": "C11", "京东价": Decimal("195.00")}
    month.sell("130.00", "136.00", freight="6.00", second=other)
    asked = ((whole, "40.00", 11), (part, "30.00", 11), (later, "70.00", 12))
    rows: list[Row] = [
        {
            "服务单号": f"9000{place}",
            "售后申请时间": f"2025-11-{day} 15:00:00",
            "订单号": month.number(sale),
            "服务单状态": "完成",
            "退款金额": Decimal(amount),
            "退款时间": f"2025-11-{day} 16:00:00",
        }
        for place, (sale, amount, day) in enumerate(asked)
    ]
    month.others.append(Export(_AFTER_SALES, "售后_20251205.xlsx", "服务单号", tuple(rows)))


def _paid_by_users(month: Month) -> None:
    """The screen shows what users paid: freight, but nothing that the platform or a payment service paid."""
    month.sell("120.00", "100.00", platform="20.00")
    month.sell("99.90", "100.85", payment="5.05", freight="6.00")


def _tiktok(month: Month) -> None:
    """In dollars, and an order of two variants, whose freight and payment discount both rows repeat."""
    _paid_by_users(month)
    other: Row = {"SKU ID": "1731000000000000002", "SKU Subtotal Before Discount": _SIXTY}
    month.sell("100.00", "161.00", freight="5.00", payment="4.00", second=other)


def _douyin(month: Month) -> None:
    """Platform and influencers' parts are in the figure, that of the payment service is not."""
    month.sell("120.00", platform="20.00", influencer="7.00")
    month.sell("100.00", "101.50", payment="3.50", freight="5.00")
    other: Row = {
        "子订单编号": "6929999999999999999",
        "商品单价": _SIXTY,
        "订单应付金额": _SIXTY,
        "运费": _NOTHING,
    }
    month.sell("100.00", "165.00", freight="5.00", second=other)


def _xiaohongshu(month: Month) -> None:
    """The platform's part and freight are in the figure, the payment channel's is not; two shops."""
    month.sell("120.00", platform="20.00")
    month.sell("80.00", "85.50", payment="2.50", freight="8.00")
    month.sell("40.00", "46.00", freight="6.00", shop="样例个护店")
    due = ("商品总价(元)", "用户应付金额(元)", "商家应收金额(元)（支付金额）")
    month.sell("100.00", "168.00", freight="8.00", second={"规格ID": "66a009"} | dict.fromkeys(due, _SIXTY))


_PLANTS: dict[str, Callable[[Month], None]] = {
    "tmall": _tmall,
    "jd": _jd,
    "pdd": _paid_by_users,
    "douyin": _douyin,
    "xiaohongshu": _xiaohongshu,
    "tiktok_shop": _tiktok,
}

# What november() plants in every month: a day without orders, one without a figure, and what is no sale.
EVERYWHERE: Truth = {
    "no_orders": ("-500", 1),
    "no_figure": ("160", 1),
    "brush": ("-126", 2),
    "test": ("-56", 1),
    "internal": ("-56", 1),
    "gift": ("-30", 1),
}
# Shown: 28 plain days of 100 of the first shop and 29 of 20 of a second one, 500 on the day without orders, 268
# of orders that are no sale, and the planted. Ours: 29 plain days of either shop, 60 and the planted.
TRUTHS: dict[str, tuple[str, str, Truth]] = {
    "tmall": ("4757.10", "4128.10", {"freight": ("-21.00", 3)}),
    "jd": ("3920.00", "3580.00", {"same_day_cancel": ("280.00", 3), "freight": ("-12.00", 2)}),
    "pdd": (
        "3768.85",
        "3179.90",
        {"freight": ("-6", 1), "platform_coupon": ("20", 1), "payment_coupon": ("5.05", 1)},
    ),
    "douyin": (
        "3954.50",
        "3340.00",
        {"freight": ("-10", 2), "payment_coupon": ("3.50", 1), "gov_subsidy": ("0", 0)},
    ),
    "xiaohongshu": (
        "4567.50",
        "3940.00",
        {"freight": ("-22", 3), "payment_coupon": ("2.50", 1), "gov_subsidy": ("0", 0)},
    ),
    "tiktok_shop": (
        "3929.85",
        "3339.90",
        {"freight": ("-11", 2), "platform_coupon": ("20", 1), "payment_coupon": ("9.05", 2)},
    ),
}
WORTH = {"tiktok_shop": Decimal("7.1")}


# Files that no bridge reads, so that ratios of refunds, ads, costs, fees and targets have something to say.
BESIDE = [
    Export(
        "tmall/refunds/天猫退款明细_202608200930.xlsx", "天猫退款明细_202512050930.xlsx", "退款编号",
        ({"订单编号": "2100000000000000003", "退款编号": "190000000000000001", "退款总额": Decimal("37.50"),
          "退给买家金额": Decimal("37.50"), "售后类型": "仅退款", "货物状态": "未发货", "退款状态": "退款成功",
          "退款的申请时间": "2025-11-10 10:00:00", "退款完结时间": "2025-11-11 10:00:00"},),
    ),
    Export(
        "tmall/ads/商品报表_20251003_093000.csv", "商品报表_20251205_093000.csv", "计划ID",
        tuple({"日期": f"2025-11-{day}", "场景ID": "371", "场景名字": "关键词推广", "计划ID": "9000001", "计划名字": "日常",
               "主体ID": "610000000001", "主体类型": "商品", "主体名称": "示例毛巾", "展现量": "1203", "点击量": "41",
               "花费": Decimal("65.53"), "总成交金额": Decimal("231.70"), "总成交笔数": "3"} for day in (10, 11)),
    ),
    Export(
        "forms/costs/成本_20251001.xlsx", "成本_20251205.xlsx", "商品编码",
        ({"商品编码": "C10", "单位成本": Decimal("41.30"), "生效日期": "2025-01-01"},),
    ),
    Export(
        "forms/fees/费用_20251201.xlsx", "费用_20251205.xlsx", "费用类型",
        ({"日期": "2025-11-11", "平台": "天猫", "费用类型": "人工", "费用摘要": "客服", "费用金额": Decimal("77.70")},),
    ),
    Export(
        "forms/targets/目标表_20251001.xlsx", "目标表_20251031.xlsx", "周期",
        ({"周期": "2025-11", "平台": "天猫", "指标": "GMV", "目标值": Decimal(9000), "版本": "v1",
          "设定日期": "2025-10-25", "设定角色": "店铺运营"},),
    ),
]  # fmt: skip


def files(*also: Callable[[Month], None]) -> list[Export]:
    """The files of all six platforms, with what `also` plants besides."""

    def plant(name: str, month: Month) -> None:
        for planted in (_PLANTS[name], *also):
            planted(month)

    months = [november(platform, partial(plant, name)) for name, platform in PLATFORMS.items()]
    return [file for month in months for file in month.files()]


def empty(root: Path) -> Project:
    """A project with the merchant's own marks, a rate, and its own sources of two platforms' figures."""
    project = make_shop(root, OWN_SOURCES)
    (root / "params" / "marks.yaml").write_text(_MARKS, "utf-8")
    (root / "params" / "rates.yaml").write_text(_RATES, "utf-8")
    return project


def loaded(root: Path, *folders: Sequence[Export], scale: int = 1) -> Project:
    """Ingest the files, one folder after another; every one must load without a rejected row."""
    project = empty(root)
    for number, exports in enumerate(folders):
        for export in exports:
            export.write(root / "in" / str(number), scale)
        for result in ingest(project, [root / "in" / str(number)]).files:
            assert (result.state in ("loaded", "known"), result.rejected) == (True, 0), result
    return project
