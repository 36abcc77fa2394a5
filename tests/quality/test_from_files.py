"""From the files of six platforms to the bridge: every difference planted in them is named to the cent."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.quality.bridge import Bridge, explain
from tests.conftest import REPOSITORY, SOAK
from tests.ingest.test_propose import patched, run, steps
from tests.quality.exports_written import Export
from tests.quality.months import Month, november
from tests.quality.planted import BESIDE, EVERYWHERE, TRUTHS, WORTH, files, loaded
from tests.quality.platforms import PLATFORMS

_PAGE = REPOSITORY / "docs" / "reconciliation.md"


@contextmanager
def _opened(project: Project) -> Iterator[Metrics]:
    engine = DuckDBEngine(Lake(project.lake))
    try:
        yield Metrics(project, engine)
    finally:
        engine.close()


def _bridges(project: Project) -> dict[str, Bridge]:
    with _opened(project) as metrics:
        return {name: explain(metrics, "gmv", name, "2025-11") for name in PLATFORMS}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The files of all six platforms, as they were downloaded."""
    return loaded(tmp_path_factory.mktemp("files") / "shop", [*files(), *BESIDE])


@pytest.fixture(scope="module")
def metrics(project: Project) -> Iterator[Metrics]:
    with _opened(project) as opened:
        yield opened


@pytest.fixture(scope="module")
def bridges(metrics: Metrics) -> dict[str, Bridge]:
    return {name: explain(metrics, "gmv", name, "2025-11") for name in PLATFORMS}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_planted_difference_is_named(
    bridges: dict[str, Bridge], metrics: Metrics, platform: str
) -> None:
    """Figure, steps and ours are what was planted, each step is the sum of its rows, and nothing is left over."""
    bridge, worth = bridges[platform], WORTH.get(platform, 1)
    figure, ours, own = TRUTHS[platform]
    assert (bridge.figure, bridge.ours) == (Decimal(figure) * worth, Decimal(ours) * worth)
    planted = {name: (Decimal(amount) * worth, n) for name, (amount, n) in (EVERYWHERE | own).items()}
    assert {step.id: (step.amount, step.n) for step in bridge.steps} == planted
    assert (bridge.state, bridge.unexplained, len(bridge.days)) == ("explained", Decimal("0.00"), 28)
    for step in bridge.steps:
        rows = metrics.engine.rows(
            f"SELECT amount, path FROM ({step.rows_sql}) LEFT JOIN (SELECT DISTINCT source_file, path FROM files) "
            "USING (source_file)"
        )
        assert sum((amount for amount, _ in rows), Decimal(0)) == step.amount, step.id
        assert all(file for _, file in rows), step.id


@pytest.mark.parametrize(("platform", "orders"), [("douyin", 28 + 3), ("xiaohongshu", 28 + 28 + 4)])
def test_what_the_order_file_cannot_tell_is_counted(
    bridges: dict[str, Bridge], platform: str, orders: int
) -> None:
    """No column tells what the state bore: the step has no amount and says how many orders are silent."""
    (step,) = (step for step in bridges[platform].steps if step.id == "gov_subsidy")
    assert (step.amount, step.n, step.untold) == (0, 0, orders)


@pytest.mark.parametrize(
    ("platform", "shop", "figure", "steps", "ours"),
    [
        ("tmall", "示例专营店", "625.00", {"freight": "-5.00"}, "620.00"),
        ("xiaohongshu", "样例个护店", "626.00", {"freight": "-6.00", "gov_subsidy": "0"}, "620.00"),
    ],
)
def test_one_of_two_shops(
    metrics: Metrics, platform: str, shop: str, figure: str, steps: dict[str, str], ours: str
) -> None:
    """A shop's own orders against its own figure: 29 days of 20, one order of 40 with freight, nothing of the other."""
    bridge = explain(metrics, "gmv", platform, "2025-11", shop)
    assert (bridge.figure, bridge.ours, bridge.unexplained) == (Decimal(figure), Decimal(ours), 0)
    assert {step.id: step.amount for step in bridge.steps} == {k: Decimal(v) for k, v in steps.items()}
    assert len(bridge.days) == 29


def test_orders_that_name_no_shop_are_not_its_orders(metrics: Metrics) -> None:
    """Douyin's figures name the shop and its orders do not: nothing is known of its orders, and nothing is zero."""
    bridge = explain(metrics, "gmv", "douyin", "2025-11", "示例官方旗舰店")
    assert (bridge.state, bridge.figure, bridge.ours) == ("no_orders", Decimal("3954.50"), None)
    assert (bridge.steps, bridge.unexplained) == ((), None)


def _share(figure: str) -> Decimal:
    return (Decimal(figure) * 3 / 1000).quantize(Decimal("0.01"))


def test_what_nobody_planted_stays_unexplained(tmp_path: Path, bridges: dict[str, Bridge]) -> None:
    """0.3 % more on each screen lands in unexplained to the cent, and no step takes a part of it."""

    def more(month: Month) -> None:
        month.show(str(_share(TRUTHS[month.platform.name][0])))

    for platform, bridge in _bridges(loaded(tmp_path / "shop", files(more))).items():
        worth = WORTH.get(platform, 1)
        assert bridge.unexplained == -_share(TRUTHS[platform][0]) * worth, platform
        assert _steps(bridge) == _steps(bridges[platform])
        assert bridge.gap == pytest.approx(-0.003, rel=0.01)


def _steps(bridge: Bridge) -> dict[str, tuple[Decimal, int]]:
    return {step.id: (step.amount, step.n) for step in bridge.steps}


def test_a_deposit_is_in_no_file_of_douyin(tmp_path: Path) -> None:
    """The screen counts 60 of an order whose balance is paid in December: unexplained, and a note says why."""
    month = november(PLATFORMS["douyin"], lambda month: month.show("60.00"))
    month.sell("400.00", "340.00", day=date(2025, 12, 2), cells={"订单类型": "预售订单"})
    with _opened(loaded(tmp_path / "shop", month.files())) as metrics:
        bridge = explain(metrics, "gmv", "douyin", "2025-11")
    assert bridge.unexplained == Decimal("-60.00")
    assert ["预售定金" in note["zh"] for note in bridge.notes] == [True]


def _shuffled(given: list[Export]) -> list[list[Export]]:
    """Every file's rows in another order."""
    rng = random.Random(7)
    return [[file.of(rng.sample(file.rows, len(file.rows))) for file in given]]


def _split(given: list[Export]) -> list[list[Export]]:
    """Every file in two, the rows of one order together; the later half comes first."""
    halves: tuple[list[Export], list[Export]] = ([], [])
    for file in given:
        keys = list(dict.fromkeys(row[file.key] for row in file.rows))
        first = set(keys[: len(keys) // 2])
        halves[0].append(file.of(row for row in file.rows if row[file.key] not in first))
        halves[1].append(file.of(row for row in file.rows if row[file.key] in first))
    return [[file for file in half if file.rows] for half in halves]


def _twice(given: list[Export]) -> list[list[Export]]:
    """Every file downloaded, and once more."""
    return [given, given]


def _backwards(given: list[Export]) -> list[list[Export]]:
    """First what is about orders and the end of the month, then its beginning, then the rest."""
    orders = [file for file in given if "orders/" in file.like]
    return [orders[1::2], orders[::2], [file for file in given if file not in orders]]


def _older_last(given: list[Export]) -> list[list[Export]]:
    """After all files one of each order list that was written three days earlier, when all amounts were others."""
    older = [_doubled(file, _older(file.name)) for file in given if "orders/" in file.like]
    assert 12 == len({file.name for file in older} - {file.name for file in given})
    return [given, older]


def _older(name: str) -> str:
    return re.sub("11-?24|12-?05", lambda day: f"{day[0][:-2]}{int(day[0][-2:]) - 3:02}", name)


def _doubled(file: Export, name: str) -> Export:
    rows = ({k: v if isinstance(v, str) else v * 2 for k, v in row.items()} for row in file.rows)
    return replace(file.of(rows), name=name)


def _any_way(given: list[Export]) -> list[list[Export]]:
    """All of that at once."""
    parts = [_shuffled(part)[0] for half in _split(given) for part in _backwards(half) if part]
    return [*parts, *_older_last(given)[1:], *parts]


_WAYS = [_shuffled, _split, _twice, _backwards, _older_last] if SOAK else [_any_way]


@pytest.mark.parametrize("change", _WAYS)
def test_how_files_come_changes_nothing(
    tmp_path: Path, bridges: dict[str, Bridge], change: Callable[[list[Export]], list[list[Export]]]
) -> None:
    """Shuffled, split between orders, loaded twice, in another order, an older export last: the same bridges whole."""
    project = loaded(tmp_path / "shop", *change(files()))
    assert _bridges(project) == bridges


@pytest.fixture(scope="module")
def tenfold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Metrics]:
    """The same files, with every amount of money ten times as much."""
    with _opened(
        loaded(tmp_path_factory.mktemp("tenfold") / "shop", [*files(), *BESIDE], scale=10)
    ) as opened:
        yield opened


@pytest.mark.parametrize("platform", PLATFORMS)
def test_ten_times_the_money(bridges: dict[str, Bridge], tenfold: Metrics, platform: str) -> None:
    """Both sides, every step and the rest are ten times as much, of as many orders; what is a share is the same."""
    one, ten = bridges[platform], explain(tenfold, "gmv", platform, "2025-11")
    assert (ten.figure, ten.ours, ten.unexplained) == ((one.figure or 0) * 10, (one.ours or 0) * 10, 0)
    assert _steps(ten) == {name: (amount * 10, n) for name, (amount, n) in _steps(one).items()}
    assert (ten.gap, ten.days) == (one.gap, one.days)


def test_ten_times_the_money_leaves_every_ratio(metrics: Metrics, tenfold: Metrics) -> None:
    """Every metric of the catalog that has no dimension says the same of each platform."""
    ratios = [name for name in metrics.catalog if metrics.catalog[name].unit in ("percent", "ratio")]
    one, ten = (_values(opened, ratios) for opened in (metrics, tenfold))
    assert ten == pytest.approx(one, rel=1e-9, nan_ok=True)
    told = {name for (name, _), value in one.items() if value == value}
    assert told >= {"ad_ratio", "roi_total", "roi_total_net", "roas_attr", "ad_ctr", "discount_rate", "cost_coverage",
                    "refund_rate_amt", "refund_rate_order", "cvr", "cart_rate", "upt", "platform_share",
                    "region_share", "attain_month", "expense_ratio", "hhi_product"}  # fmt: skip


def _values(opened: Metrics, names: list[str]) -> dict[tuple[str, str], float]:
    frame = opened.query(names, by=["platform"], period="2025-11").frame
    return {(row.metric, row.platform_id): row.value for row in frame.itertuples()}


def test_the_page_shows_what_is_printed(
    tmp_path: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command of docs/reconciliation.md runs, prints what stands below it, and writes the rows it speaks of."""
    monkeypatch.chdir(project.root)
    printed, kinds = "", []
    for kind, _, text in steps(_PAGE.read_text("utf-8")):
        kinds.append(kind)
        if kind == "console":
            printed = "".join(run(line) for line in text.splitlines())
        elif kind == "text":
            for line in text.splitlines():
                assert re.search(rf"{line.split()[0]} .* {re.escape(line.split()[1])} ", printed), line
    assert kinds == ["console", "text", "console", "diff"]
    rows = (project.root / "steps" / "jd-2025-11-same_day_cancel.csv").read_text("utf-8-sig").splitlines()
    assert len(rows) == 1 + 3


def test_a_rule_of_the_project_replaces_ours(
    project: Project, metrics: Metrics, bridges: dict[str, Bridge]
) -> None:
    """The page's change of a rule: discounts are steps no more, and as the screen left them out, they stay over."""
    (change,) = (text for kind, _, text in steps(_PAGE.read_text("utf-8")) if kind == "diff")
    own = project.root / "params" / "bridges.yaml"
    own.write_text(patched((REPOSITORY / "params" / "bridges.yaml").read_text("utf-8"), change), "utf-8")
    try:
        bridge = explain(metrics, "gmv", "pdd", "2025-11")
    finally:
        own.unlink()
    assert (bridge.verified, bridges["pdd"].verified) == (True, False)
    assert bridge.unexplained == Decimal("20.00") + Decimal("5.05")
    assert set(_steps(bridges["pdd"])) - set(_steps(bridge)) == {"platform_coupon", "payment_coupon"}
