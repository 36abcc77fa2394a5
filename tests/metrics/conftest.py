"""Small lakes written row by row, so that every expected number can be worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.schema import tables

_ARROW = {
    "text": pa.string(),
    "int": pa.int64(),
    "number": pa.float64(),
    "money": pa.decimal128(18, 4),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "time": pa.timestamp("us"),
}
_FEEDS = {
    "orders": ["orders", "order_lines"],
    "refunds": ["refunds"],
    "traffic": ["traffic"],
    "ads": ["ads"],
    "fees": ["fees"],
    "settlements": ["settlements"],
    "ratings": ["ratings"],
    "reviews": ["product_reviews"],
    "service": ["service"],
}


def days(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`."""
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


@dataclass
class Shop:
    """Collects rows and writes them as a lake; `scale` multiplies all money."""

    root: Path
    scale: int = 1
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, table: str, platform_id: str = "tmall", **values: Any) -> None:
        """Add one row to `table`; what is not given is null."""
        kept = self.rows.setdefault(table, [])
        key = f"{table}-{len(kept)}"
        place = {
            "row_key": key,
            "unit_key": key,
            "source_id": f"{platform_id}/{table}",
            "source_file": "f00d",
        }
        base = {"platform_id": platform_id, "year": 2025, "source_sheet": "", "source_row": len(kept) + 2}
        kept.append(base | place | {"exported_at": datetime(2026, 1, 1)} | values)

    def order(self, day: date, amount: float, platform_id: str = "tmall", **values: Any) -> str:
        """Add an order placed and paid on `day` with one line, or with those of `lines` (product, amount)."""
        lines = values.pop("lines", [(values.pop("spu_id", "p1"), amount)])
        number = values.pop("number", f"{len(self.rows.get('orders', [])) + 1}")
        key = f"{platform_id}:{number}"
        at = datetime.combine(day, time(4))
        paid = {"paid_at": at, "paid_date": day} | {k: v for k, v in values.items() if k.startswith("paid_")}
        own = {"platform_order_id": number, "order_key": key, "created_at": at, "created_date": day}
        buyer = {
            "customer_key": f"{platform_id}-{number}",
            "status_std": "completed",
            "shop_id": f"{platform_id}-1",
        }
        self.add("orders", platform_id, **(own | buyer | values | paid))
        for place, (product, part) in enumerate(lines):
            line = {
                "platform_line_id": f"{number}-{place}",
                "spu_id": product,
                "qty": 1,
                "is_placeholder": False,
            }
            self.add("order_lines", platform_id, **own, **line, goods_receivable_amt=part)
        return key

    def refund(self, applied: date, amount: float, platform_id: str = "tmall", **values: Any) -> None:
        """Add a successful refund asked for on `applied` and paid back the next day."""
        start = datetime.combine(applied, time(4))
        base = {"applied_at": start, "applied_date": applied, "refunded_at": start + timedelta(days=1)}
        done = {
            "refunded_date": applied + timedelta(days=1),
            "status_std": "success",
            "refund_goods_amt": amount,
        }
        self.add("refunds", platform_id, **(base | done | values))

    def visit(self, day: date, visitors: int, platform_id: str = "tmall", **values: Any) -> None:
        """Add a row of daily shop traffic over all channels."""
        base = {
            "date_from": day,
            "date_to": day,
            "scope": "shop",
            "period_grain": "day",
            "visitors": visitors,
        }
        self.add("traffic", platform_id, **(base | values))

    def ad(self, day: date, spend: float, platform_id: str = "tmall", **values: Any) -> None:
        """Add a day's ad spend."""
        self.add("ads", platform_id, **({"date": day, "spend_cash": spend} | values))

    def target(
        self, period: str, value: float, platform: str = "all", metric: str = "gmv", **values: Any
    ) -> None:
        """Add a target."""
        self.add("targets", period=period, value=value, target_platform=platform, metric_id=metric, **values)

    def file(self, kind: str, platform: str, first: date, last: date, **values: Any) -> None:
        """Say that a file of `kind` (a key of _FEEDS) covers `first` to `last`."""
        counts = dict.fromkeys(("rows_read", "accepted", "superseded", "rejected", "skipped"), 0)
        names = {"source_file": "f00d", "source_sheet": "", "path": "x.csv", "source_version": "1"}
        about = {
            "source_id": f"{platform}/{kind}",
            "platform_id": platform,
            "date_min": first,
            "date_max": last,
        }
        self.rows.setdefault("files", []).append(names | about | counts | values)

    def write(self) -> Project:
        """Write project and lake; return the project."""
        self.text("params/project.yaml", "name: test\n")
        for source in {row["source_id"] for row in self.rows.get("files", [])}:
            fed = _FEEDS[source.split("/")[1]]
            self.text(f"params/sources/{source}.yaml", f"tables: {{{': {}, '.join(fed)}: {{}}}}\n")
        project = Project.open(self.root)
        lake = Lake(project.lake)
        with lake.writing():
            for name, rows in self.rows.items():
                table = tables()[name]
                filled = [self._typed(name, row) for row in rows]
                schema = pa.schema([(column.name, _ARROW[column.type]) for column in table.columns])
                arrow = pa.Table.from_pylist(filled, schema)
                lake.write(name, arrow, predicate=None, partitioned=not table.governance)
            lake.publish()
        return project

    def text(self, path: str, content: str) -> None:
        """Write a file of the project."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(content, encoding="utf-8")

    def metrics(self) -> Metrics:
        """Write everything and open the metrics of it."""
        project = self.write()
        return Metrics(project, DuckDBEngine(Lake(project.lake), keep_views=True))

    def _typed(self, name: str, row: dict[str, Any]) -> dict[str, Any]:
        kinds = {column.name: column.type for column in tables()[name].columns}
        return {
            key: Decimal(str(value)) * self.scale if kinds[key] == "money" and value is not None else value
            for key, value in row.items()
        }


def merchant(root: Path, scale: int = 1) -> Shop:
    """Two platforms over fourteen months, October 2024 to November 2025.

    Every day: tmall sells 100 (60 of p1 to one buyer of five, 40 of p2), jd 50 (of j1, buyers masked);
    20 % less in 2024. tmall: the order of each 1st gets 30 back, applied on the 3rd, paid on the 4th;
    1,000 visitors and 30 buyers a day; 10 spent on ads. jd: refunds of 5 that name no order, paid on
    the 10th; no traffic; 5 spent on ads.
    """
    shop = Shop(root, scale)
    first, last = date(2024, 10, 1), date(2025, 11, 30)
    for day in days(first, last):
        much = 0.8 if day.year == 2024 else 1.0
        lines = [("p1", 60 * much), ("p2", 40 * much)]
        buyer = f"tmall-{day.day % 5}"
        key = shop.order(day, 0, lines=lines, customer_key=buyer, province="浙江省" if day.day % 2 else None)
        shop.order(day, 50 * much, "jd", spu_id="j1", customer_key=None, province="广东省")
        shop.visit(day, 1000, pay_buyers=30)
        shop.ad(day, 10)
        shop.ad(day, 5, "jd")
        if day.day == 1:
            shop.refund(
                day + timedelta(days=2), 30, order_key=key, platform_order_id=key.split(":")[1], spu_id="p1"
            )
            shop.refund(day + timedelta(days=8), 5, "jd")
    for platform in ("tmall", "jd"):
        for kind in ("orders", "refunds", "ads"):
            shop.file(kind, platform, first, last)
    shop.file("traffic", "tmall", first, last)
    shop.add("products", spu_id="p1", category_l1="上衣")
    shop.add("products", spu_id="p2", category_l1="裤子")
    return shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop without any data."""
    return Shop(tmp_path)


@pytest.fixture
def seller(tmp_path: Path) -> Shop:
    """The merchant of two platforms, before it is written."""
    return merchant(tmp_path)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Metrics:
    """The metrics of the merchant of two platforms, with targets for November 2025."""
    shop = merchant(tmp_path_factory.mktemp("merchant"))
    shop.target("2025-11", 9000)
    shop.target("2025-11", 4000, "tmall")
    return shop.metrics()


@pytest.fixture(scope="session")
def scaled(tmp_path_factory: pytest.TempPathFactory) -> Metrics:
    """The same merchant with all money ten times as much."""
    return merchant(tmp_path_factory.mktemp("scaled"), scale=10).metrics()


@pytest.fixture(scope="session")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Metrics:
    """The metrics of the merchant of tests/metrics/november.py."""
    from tests.metrics.november import november

    return november(tmp_path_factory.mktemp("november")).metrics()
