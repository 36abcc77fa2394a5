"""How each of six platforms writes an order and a day's figure into its own files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tests.quality.exports_written import Row

_ZERO = Decimal(0)


@dataclass(frozen=True)
class Sale:
    """An order of one piece. `platform`, `influencer` and `payment` are what others pay of `goods`.

    `second` is what another row of the order says otherwise, where it has one.
    """

    number: int
    day: date
    goods: Decimal
    freight: Decimal = _ZERO
    platform: Decimal = _ZERO
    influencer: Decimal = _ZERO
    payment: Decimal = _ZERO
    remark: str = ""
    shop: str = ""
    cells: Row = field(default_factory=dict)
    second: Row = field(default_factory=dict)

    @property
    def asked(self) -> Decimal:
        """What the buyer is asked for goods, before the payment service takes its part."""
        return self.goods - self.platform - self.influencer

    def at(self, clock: str = "12:00:00", form: str = "%Y-%m-%d") -> str:
        """A time of its day."""
        return f"{self.day.strftime(form)} {clock}"


@dataclass(frozen=True)
class Shown:
    """What the screen shows of a shop's day."""

    shop: str
    day: date
    amount: Decimal


@dataclass(frozen=True)
class Platform:
    """How one platform writes its files. `orders` and `figures` are (sample, key, name, rows of notes).

    `remarks` are the marks that its orders carry in the shop's remark; others stand on the form.
    """

    name: str
    word: str
    orders: tuple[str, str, str, int]
    sold: Callable[[Sale], Row]
    figures: tuple[str, str, str, int]
    told: Callable[[Shown], Row]
    shops: tuple[str, ...] = ("",)
    remarks: tuple[str, ...] = ("补单", "测试", "内部")


def _tmall(sale: Sale) -> Row:
    total = sale.goods + sale.freight
    return {
        "订单编号": f"21000000000000{sale.number:05}", "买家会员名": f"买家{sale.number:05}",
        "买家应付货款": sale.goods, "买家应付邮费": sale.freight, "总金额": total, "买家实际支付金额": total,
        "订单状态": "交易成功", "收货人姓名": "张测试", "收货地址": "浙江省 杭州市 示例区 样例路8号",
        "订单创建时间": sale.at("11:59:00"), "订单付款时间": sale.at(), "宝贝标题": "示例毛巾", "宝贝总数量": "1",
        "店铺名称": sale.shop, "商家备忘": sale.remark,
    }  # fmt: skip


def _jd(sale: Sale) -> Row:
    return {
        "订单号": f"35534980174{sale.number:05}", "商品ID": "10170858471952", "商品名称": "示例毛巾", "订购数量": "1",
        "商家应收": sale.goods, "订单状态": "完成", "商家SKUID": "C10", "下单时间": sale.at("11:59:00"),
        "付款确认时间": sale.at(), "京东价": sale.goods, "运费金额": sale.freight, "商家备注": sale.remark,
        "客户姓名": "张测试", "联系电话": "13900012345",
    }  # fmt: skip


def _pdd(sale: Sale) -> Row:
    return {
        "商品": "样例棉T恤", "订单号": f"{sale.day:%y%m%d}-1111111111{sale.number:05}", "订单状态": "已收货",
        "商品总价(元)": sale.goods + 10, "邮费(元)": sale.freight, "店铺优惠折扣(元)": Decimal(10),
        "平台优惠折扣(元)": sale.platform, "多多支付立减金额(元)": sale.payment,
        "用户实付金额(元)": sale.asked - sale.payment + sale.freight, "商家实收金额(元)": sale.goods + sale.freight,
        "商品数量(件)": "1", "商品id": "601001", "样式ID": "9001001", "商家备注": sale.remark,
        "售后状态": "无售后或售后取消", "订单成交时间": sale.at(),
    }  # fmt: skip


def _douyin(sale: Sale) -> Row:
    number = f"69200000000000{sale.number:05}"
    return {
        "主订单编号": number, "子订单编号": number, "选购商品": "示例毛巾", "商品数量": "1", "商品ID": "3600000000000000010",
        "商家编码": "C10", "商品单价": sale.goods, "订单应付金额": sale.asked + sale.freight, "运费": sale.freight,
        "支付优惠": sale.payment, "收件人": "收件人**", "省": "广东省", "市": "广州市", "订单提交时间": sale.at("11:59:00"),
        "商家备注": sale.remark, "支付完成时间": sale.at(), "订单状态": "已完成", "订单类型": "普通订单",
        "平台实际承担优惠金额": sale.platform, "商家实际承担优惠金额": _ZERO, "达人实际承担优惠金额": sale.influencer,
    }  # fmt: skip


def _xiaohongshu(sale: Sale) -> Row:
    return {
        "订单号": f"P8000000000000{sale.number:05}", "订单状态": "已完成", "售后状态": "无售后", "规格ID": "66a001",
        "收件人姓名": "张测试", "收件人电话": "13900012345", "SKU名称": "样例面霜 50g", "SKU件数": "1", "是否为赠品": "否",
        "商品总价(元)": sale.goods, "用户应付金额(元)": sale.asked, "平台优惠(元)": sale.platform, "店铺优惠(元)": _ZERO,
        "支付渠道优惠(元)": sale.payment, "SKU商家改价(元)": _ZERO, "商家应收金额(元)（支付金额）": sale.goods,
        "支付时间": sale.at(), "包裹总运费(元)": sale.freight, "订单创建时间": sale.at("11:59:00"),
        "包裹备注信息": sale.remark, "店铺名称": sale.shop, "用户编号": f"u-{sale.number:05}", "商品ID": "64f001",
    }  # fmt: skip


def _tiktok(sale: Sale) -> Row:
    return {
        "Order ID": f"5760000000000{sale.number:05}", "Order Status": "Delivered", "SKU ID": "1731000000000000001",
        "Seller SKU": "SKU-A", "Product Name": "Sample quilt", "Quantity": "1", "SKU Unit Original Price": sale.goods,
        "SKU Subtotal Before Discount": sale.goods, "SKU Platform Discount": sale.platform,
        "SKU Seller Discount": _ZERO, "SKU Subtotal After Discount": sale.asked,
        "Shipping Fee After Discount": sale.freight, "Payment platform discount": sale.payment,
        "Order Amount": sale.asked - sale.payment + sale.freight, "Created Time": sale.at("11:59:00 AM", "%m/%d/%Y"),
        "Paid Time": sale.at("12:00:00 PM", "%m/%d/%Y"), "Buyer Nickname": "testbuyer01", "Recipient": "Test Buyer",
        "Country": "United States", "Address Line 1": "1 Sample Road", "Seller Note": sale.remark,
    }  # fmt: skip


# Nobody has shown these two platforms' files of daily figures, and no form asks for them: whoever has such a file
# describes it in the own project, as docs/add-your-own-export.md tells.
OWN_SOURCES: dict[str, dict[str, Any]] = {
    "xiaohongshu/traffic_shop": {
        "platform": "xiaohongshu",
        "export": {"zh": "店铺日数据", "en": "Shop by day"},
        "recognise": {
            "headers": ["日期", "店铺名称", "访客数", "支付买家数", "支付金额"],
            "file": ["*千帆店铺*"],
        },
        "unit": ["date_from", "shop_id"],
        "exported_at": r"_(?P<stamp>20\d{12})",
        "tables": {
            "traffic": {
                "columns": {
                    "date_from": "日期",
                    "date_to": "日期",
                    "shop_id": "店铺名称",
                    "scope": {"constant": "shop"},
                    "period_grain": {"constant": "day"},
                    "visitors": "访客数",
                    "pay_buyers": "支付买家数",
                    "pay_amt_platform": {"from": "支付金额", "money": "CNY"},
                }
            }
        },
    },
    "tiktok_shop/traffic_shop": {
        "platform": "tiktok_shop",
        "export": {"zh": "店铺日数据", "en": "Shop by day"},
        "recognise": {"headers": ["Date", "Visitors", "Customers", "GMV"], "file": ["Shop_overview*"]},
        "unit": ["date_from"],
        "exported_at": r"_(?P<stamp>20\d{12})",
        "currency": {"constant": "USD"},
        "tables": {
            "traffic": {
                "columns": {
                    "date_from": "Date",
                    "date_to": "Date",
                    "scope": {"constant": "shop"},
                    "period_grain": {"constant": "day"},
                    "visitors": "Visitors",
                    "pay_buyers": "Customers",
                    "pay_amt_platform": {"from": "GMV", "money": "row"},
                }
            }
        },
    },
}

_PEOPLE: Row = {"访客数": "400", "浏览量": "1,200"}

PLATFORMS = {
    platform.name: platform
    for platform in (
        Platform(
            "tmall", "天猫",
            ("tmall/orders/ExportOrderList202111120800.xlsx", "订单编号", "ExportOrderList{:%Y%m%d}0930.xlsx", 0), _tmall,
            ("tmall/traffic_shop/【生意参谋平台】自助取数_2025-10-01_2025-10-03.xls", "统计日期",
             "【生意参谋平台】自助取数_2025-11-01_2025-11-30.xls", 0),
            lambda told: _PEOPLE | {"统计日期": f"{told.day}", "店铺名称": told.shop, "加购人数": "40",
                                    "支付买家数": "8", "支付金额": told.amount},
            ("示例旗舰店", "示例专营店"), ("补单",),
        ),
        Platform(
            "jd", "京东", ("jd/orders/订单明细_20260612.xlsx", "订单号", "订单明细_{:%Y%m%d}0930.xlsx", 0), _jd,
            ("jd/traffic_shop/交易概况_20260903.xlsx", "日期", "交易概况_20251205.xlsx", 0),
            lambda told: _PEOPLE | {"日期": f"{told.day}", "成交人数": "8", "成交单量": "8", "成交金额": told.amount},
        ),
        Platform(
            "pdd", "拼多多", ("pdd/orders/拼多多订单明细_20260521093000.xlsx", "订单号", "拼多多订单明细_{:%Y%m%d}093000.xlsx", 0), _pdd,
            ("pdd/traffic_shop/商品概况_20260501-20260502.xlsx", "统计时间", "商品概况_20251205093000.xlsx", 0),
            lambda told: {"统计时间": f"{told.day}", "商品访客数": "400", "商品浏览量": "1,200", "成交买家数": "8",
                          "成交金额": told.amount},
        ),
        Platform(
            "douyin", "抖音", ("douyin/orders/抖店订单_202510150930.csv", "主订单编号", "抖店订单_{:%Y%m%d}0930.csv", 0), _douyin,
            ("douyin/traffic_shop/采集-shop-20251001-20251003.csv", "日期", "采集-shop-20251101-20251130.csv", 0),
            lambda told: {"统计日期": f"{told.day:%Y%m%d}-{told.day:%Y%m%d}", "日期": f"{told.day:%Y%m%d}",
                          "店铺名称": "示例官方旗舰店", "成交金额": told.amount, "用户支付金额": told.amount,
                          "成交订单数": "8", "成交人数": "8", "商品曝光人数": "900", "商品点击人数": "400"},
        ),
        Platform(
            "xiaohongshu", "小红书",
            ("xiaohongshu/orders/小红书订单查询2026-05-12-09_30_a1b2c3d4.xlsx", "订单号", "小红书订单查询{:%Y-%m-%d}-09_30_a1b2c3d4.xlsx", 0),
            _xiaohongshu, ("", "日期", "千帆店铺日数据_20251205093000.csv", 0),
            lambda told: {"日期": f"{told.day}", "店铺名称": told.shop, "访客数": "400", "支付买家数": "8",
                          "支付金额": told.amount},
            ("样例美妆店", "样例个护店"),
        ),
        Platform(
            "tiktok_shop", "TikTok Shop",
            ("tiktok_shop/orders/To Ship order-2026-06-03-09_00.xlsx", "Order ID", "All order-{:%Y-%m-%d}-09_30.xlsx", 1),
            _tiktok, ("", "Date", "Shop_overview_20251205093000.csv", 0),
            lambda told: {"Date": f"{told.day}", "Visitors": "400", "Customers": "8", "GMV": told.amount},
        ),
    )
}  # fmt: skip
