"""A small lake with a known shape: a few platforms, fifteen months of days, one seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from reportkit.engines import connect
from reportkit.lake import Lake
from reportkit.project import Project
from reportkit.schema import sql_type, table
from tests.projects import make_shop

FIRST, LAST = date(2024, 9, 1), date(2025, 12, 3)
_SIZES = {"tmall": 30, "douyin": 18, "jd": 10, "pdd": 7, "xiaohongshu": 4, "tiktok_shop": 3}
_CATEGORIES = ("羽绒服", "毛衣", "裤装", "配饰")


def build(
    root: Path,
    platforms: Sequence[str],
    seed: int = 7,
    targets: bool = True,
    holes: Mapping[str, tuple[date, date]] | None = None,
) -> None:
    """Write a lake of `platforms` under `root` and publish it.

    `holes` are days of a platform for which there is no file at all.
    """
    holes = holes or {}
    rng = np.random.default_rng(seed)
    frames: dict[str, list[pd.DataFrame]] = {}
    for platform in platforms:
        for name, frame in _platform(rng, platform).items():
            frames.setdefault(name, []).append(_without(name, frame, holes.get(platform)))
    frames["products"] = [_products(platform) for platform in platforms]
    frames["promos"] = [_promos()]
    if targets:
        frames["targets"] = [_targets(list(platforms))]
    tables = {name: pd.concat(found, ignore_index=True) for name, found in frames.items()}
    tables["files"] = _files(tables, list(platforms), holes)
    lake = Lake(root)
    with lake.writing():
        for name, frame in tables.items():
            lake.write(name, typed(name, frame), predicate=None, partitioned=not table(name).governance)
        lake.publish()


def _without(name: str, frame: pd.DataFrame, hole: tuple[date, date] | None) -> pd.DataFrame:
    if hole is None:
        return frame
    day = pd.to_datetime(frame[table(name).day])
    return frame[(day < pd.Timestamp(hole[0])) | (day > pd.Timestamp(hole[1]))]


def _spans(hole: tuple[date, date] | None) -> list[tuple[date, date]]:
    if hole is None:
        return [(FIRST, LAST)]
    day = timedelta(days=1)
    return [span for span in ((FIRST, hole[0] - day), (hole[1] + day, LAST)) if span[0] <= span[1]]


def _days() -> pd.DatetimeIndex:
    return pd.date_range(FIRST, LAST)


def _demand(platform: str) -> np.ndarray:
    days = _days()
    trend = 1 + (0.25 if platform == "douyin" else 0.02) * np.arange(len(days)) / 365
    week = 1 + 0.15 * (days.day_of_week >= 5)
    promo = np.ones(len(days))
    for year, lift in ((2024, 3.2), (2025, 3.6)):
        promo[(days >= f"{year}-11-10") & (days <= f"{year}-11-12")] = lift
        promo[days == pd.Timestamp(f"{year}-11-11")] = lift * 2
    return np.asarray(_SIZES[platform] * trend * week * promo, dtype=float)


def _platform(rng: np.random.Generator, platform: str) -> dict[str, pd.DataFrame]:
    per_day = rng.poisson(_demand(platform))
    paid_day = np.repeat(_days().values, per_day)
    count = len(paid_day)
    ids = [f"{platform}-{i:06d}" for i in range(count)]
    # 01:00 to 15:00 UTC is 09:00 to 23:00 in Shanghai: the same business date.
    paid_at = paid_day + (rng.integers(3600, 15 * 3600, count) * np.timedelta64(1, "s"))
    orders = pd.DataFrame(
        {
            "platform_order_id": ids,
            "order_key": [f"{platform}:{i}" for i in ids],
            "shop_id": f"{platform}-1",
            "customer_key": [f"{platform}-c{c}" for c in rng.integers(0, max(count // 2, 1), count)],
            "status_std": "completed",
            "created_at": paid_at,
            "created_date": paid_day,
            "paid_at": paid_at,
            "paid_date": paid_day,
            "province": rng.choice(["浙江省", "广东省", "北京市", "江苏省"], count),
        }
    )
    amount = np.round(rng.gamma(6, 45 if platform != "pdd" else 22, count), 2)
    product = rng.integers(0, 12, count)
    lines = pd.DataFrame(
        {
            "platform_order_id": ids,
            "order_key": orders.order_key,
            "platform_line_id": ids,
            "spu_id": [f"P{p:02d}" for p in product],
            "qty": 1,
            "list_amt": np.round(amount * 1.2, 2),
            "goods_receivable_amt": amount,
            "buyer_paid_goods_amt": amount,
            "is_placeholder": False,
            "created_at": paid_at,
            "created_date": paid_day,
        }
    )
    sent = rng.random(count) < np.where(
        (paid_day > np.datetime64("2025-11-09")) & (platform == "douyin"), 0.24, 0.13
    )
    applied = paid_day[sent] + rng.integers(1, 9, sent.sum()) * np.timedelta64(1, "D")
    refunds = pd.DataFrame(
        {
            "platform_refund_id": [f"R{i}" for i in np.array(ids)[sent]],
            "platform_order_id": np.array(ids)[sent],
            "order_key": orders.order_key[sent].to_numpy(),
            "spu_id": lines.spu_id[sent].to_numpy(),
            "shop_id": f"{platform}-1",
            "applied_at": applied,
            "applied_date": applied,
            "refunded_at": applied + np.timedelta64(86400, "s"),
            "refunded_date": applied + np.timedelta64(1, "D"),
            "refund_goods_amt": amount[sent],
            "status_std": "success",
        }
    )
    refunds = refunds[refunds.refunded_date <= pd.Timestamp(LAST)]
    days = _days()
    buyers = np.maximum(per_day, 1)
    traffic = pd.DataFrame(
        {
            "date_from": days,
            "date_to": days,
            "shop_id": f"{platform}-1",
            "scope": "shop",
            "period_grain": "day",
            "visitors": (buyers / np.clip(rng.normal(0.028, 0.002, len(days)), 0.015, None)).astype(int),
            "pay_buyers": per_day,
            "pay_orders": per_day,
        }
    )
    ads = pd.DataFrame(
        {
            "date": days,
            "shop_id": f"{platform}-1",
            "account": "a1",
            "spend_cash": np.round(per_day * rng.uniform(40, 70, len(days)), 2),
        }
    )
    found = {"orders": orders, "order_lines": lines, "refunds": refunds, "traffic": traffic, "ads": ads}
    return {name: frame.assign(platform_id=platform) for name, frame in found.items()}


def _products(platform: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "spu_id": [f"P{p:02d}" for p in range(12)],
            "title": [f"{_CATEGORIES[p % 4]}{'ABC'[p // 4]}款" for p in range(12)],
            "category_l1": [_CATEGORIES[p % 4] for p in range(12)],
            "platform_id": platform,
        }
    )


def _promos() -> pd.DataFrame:
    rows = [
        (
            f"1111-{year}",
            "all",
            phase,
            f"{year}双11",
            f"{year}-11-{start}",
            f"{year}-11-{end}",
            f"1111-{year - 1}",
        )
        for year in (2024, 2025)
        for phase, start, end in (("预热", "01", "09"), ("爆发1", "10", "12"), ("返场", "13", "15"))
    ]
    columns = ["promo_id", "promo_platform", "phase", "name", "start_date", "end_date", "ref_promo_id"]
    return pd.DataFrame(rows, columns=columns).assign(platform_id="forms")


def _targets(platforms: list[str]) -> pd.DataFrame:
    size = sum(_SIZES[platform] for platform in platforms) * 270 * 30
    rows = [
        ("2025-11", "all", "gmv", 1.9 * size),
        ("2025-11", "all", "net_sales", 1.6 * size),
        ("2025-11", "all", "refund_rate_amt", 0.12),
        ("1111-2025", "all", "gmv", 1.4 * size),
        ("1111-2025", "all", "net_sales", 1.25 * size),
    ]
    columns = ["period", "target_platform", "metric_id", "value"]
    return pd.DataFrame(rows, columns=columns).assign(platform_id="forms")


def _files(
    tables: dict[str, pd.DataFrame], platforms: list[str], holes: Mapping[str, tuple[date, date]]
) -> pd.DataFrame:
    sources = {"orders": "orders", "refunds": "refunds", "traffic": "traffic_shop", "ads": "ads"}
    rows = [
        {
            "source_file": f"{platform}-{name}",
            "source_sheet": "",
            "path": f"{platform}/{name}.csv",
            "source_id": f"{platform}/{source}",
            "source_version": "1",
            "platform_id": platform,
            "exported_at": pd.Timestamp(LAST),
            "rows_read": int((tables[name].platform_id == platform).sum()),
            "accepted": int((tables[name].platform_id == platform).sum()),
            "superseded": 0,
            "rejected": 0,
            "skipped": 0,
            "date_min": pd.Timestamp(first),
            "date_max": pd.Timestamp(last),
        }
        for platform in platforms
        for name, source in sources.items()
        for first, last in _spans(holes.get(platform))
    ]
    return pd.DataFrame(rows)


def typed(name: str, frame: pd.DataFrame) -> Any:
    """Return `frame` with every column of the table, of its type, as an Arrow table."""
    target = table(name)
    if not target.governance:
        numbers = np.arange(len(frame))
        frame = frame.assign(
            year=pd.to_datetime(frame[target.day]).dt.year if target.day else 0,
            row_key=[f"{name}-{i}" for i in numbers],
            unit_key=[f"{name}-{i}" for i in numbers],
            source_id=frame.platform_id + "/" + ("traffic_shop" if name == "traffic" else name),
            source_file=frame.platform_id + "-" + name.replace("order_lines", "orders"),
            source_sheet="",
            source_row=numbers + 2,
            exported_at=pd.Timestamp(LAST),
        )
    columns = [
        f"CAST({c.name if c.name in frame else 'NULL'} AS {sql_type(c.type)}) AS {c.name}"
        for c in target.columns
    ]
    connection = connect()
    connection.register("given", frame)
    return connection.sql(f"SELECT {', '.join(columns)} FROM given").to_arrow_table().to_reader()


def shop(root: Path, platforms: Sequence[str], lang: str = "zh", **options: Any) -> Project:
    """Make a project at `root` with a lake of `platforms`; `options` go to `build`."""
    project = make_shop(root, {}, lang=lang, name="示例商家" if lang == "zh" else "Sample shop")
    build(project.lake, platforms, **options)
    return project
