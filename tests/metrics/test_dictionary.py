"""The metric dictionary: what may stand in it, and what is refused when it is read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from reportkit.errors import ProjectError, QueryError
from reportkit.metrics.catalog import Catalog, load_catalog
from reportkit.metrics.describe import describe
from reportkit.project import Project
from tests.conftest import REPOSITORY

_DAY = date(2025, 11, 3)
_WORDS = {"name": {"zh": "甲", "en": "A"}, "unit": "money", "better": "up"}
_SALES = {"measure": {"table": "orders", "sql": "sum(freight_charged)", "date": "paid_date"}}


def _load(shop: Any, entries: dict[str, Any], views: dict[str, Any] | None = None) -> Catalog:
    shop.text("params/project.yaml", "name: test\n")
    for shipped in (REPOSITORY / "params" / "metrics").glob("*.yaml"):
        shop.text(f"params/metrics/{shipped.name}", "")
    shop.text("params/metrics/own.yaml", yaml.safe_dump(entries, allow_unicode=True))
    shop.text("params/views.yaml", yaml.safe_dump(views or {}, allow_unicode=True))
    return load_catalog(Project.open(shop.root))


def test_the_shipped_dictionary_holds_the_first_issue(whole: Any) -> None:
    """Every metric promised for the first pages can be asked for."""
    promised = (
        "gmv gmv_created refund_amount net_sales orders units buyers aov_buyer aov_order asp upt visitors "
        "cvr ad_spend roi_total refund_rate_amt refund_rate_order platform_share category_share region_share "
        "growth_mom growth_yoy attain_month attain_quarter attain_year pace hhi_platform aftersale_hours "
        "fee_amount"
    )
    assert [name for name in promised.split() if name not in whole.catalog] == []


def test_bases_are_inherited(whole: Any) -> None:
    """A sum or a ratio has the bases of its parts, the payment date first."""
    bases = {
        name: whole.catalog[name].bases for name in ("gmv", "refund_amount", "net_sales", "refund_rate_amt")
    }
    both = ("pay_date", "refund_date")
    assert bases == {"gmv": (), "refund_amount": both, "net_sales": both, "refund_rate_amt": both}


def test_describe_gives_a_row_per_metric(whole: Any) -> None:
    """The rows for `reportkit metrics` name, explain and classify each metric in the language asked."""
    rows = {row["id"]: row for row in describe(whole.catalog, "en")}
    assert list(rows) == list(whole.catalog)
    assert rows["net_sales"] == {
        "id": "net_sales",
        "name": "Net sales",
        "unit": "money",
        "noun": "",
        "better": "up",
        "bases": ["pay_date", "refund_date"],
        "additive": True,
        "across_platforms": "",
        "kind": "sum",
        "formula": "gmv - refund_amount",
    }
    assert rows["gmv"]["formula"] == "sum(goods_receivable_amt) of sales where is_sale"
    assert rows["cvr"]["formula"] == "pay_buyers / visitors"
    assert rows["cvr"]["across_platforms"] == "index"
    assert rows["growth_yoy"]["formula"] == "growth of gmv, last_year"
    assert rows["orders"]["noun"] == "orders"
    assert {row["id"]: row for row in describe(whole.catalog, "zh")}["orders"]["noun"] == "单"


def test_english_words_hold_no_chinese(whole: Any) -> None:
    """What an English report prints of a metric is English."""
    words = [text for row in describe(whole.catalog, "en") for text in (row["name"], row["noun"])]
    assert [text for text in words if any("一" <= letter <= "鿿" for letter in text)] == []


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"a": _WORDS}, "needs exactly one of measure, ratio, sum, method, view; found none"),
        ({"a": _WORDS | _SALES | {"sum": ["a"]}}, "found measure, sum"),
        ({"a": _WORDS | _SALES | {"unitt": "money"}}, 'unknown key "unitt", did you mean "unit"'),
        ({"a": _WORDS | _SALES | {"name": {"zh": "甲"}}}, "needs zh and en"),
        ({"a": _WORDS | _SALES | {"unit": "yuan"}}, "unit"),
        ({"a": _WORDS | _SALES | {"better": "left"}}, "better"),
        ({"a": _WORDS | _SALES | {"across_platforms": "mean"}}, "across_platforms"),
        ({"a": _WORDS | {"measure": {"table": "orders", "sql": "count(*)"}}}, "give either date or bases"),
        ({"A b": _WORDS | _SALES}, "not a name"),
        ({"a": _WORDS | _SALES, "b": _WORDS | {"ratio": ["a", "aa"]}}, 'b: no metric "aa"'),
        ({"a": _WORDS | {"sum": ["b"]}, "b": _WORDS | {"sum": ["a"]}}, "a: made of itself, a → b → a"),
        ({"a": _WORDS | {"measure": _SALES["measure"] | {"table": "order"}}}, 'did you mean "orders"'),
        ({"a": _WORDS | _SALES, "b": _WORDS | {"view": "share", "of": "a"}}, "view share needs over"),
        ({"a": _WORDS | _SALES, "b": _WORDS | {"view": "growth", "of": "a"}}, "view growth needs against"),
        (
            {"a": _WORDS | _SALES, "b": _WORDS | {"view": "pace", "of": "a", "over": "platform"}},
            "over: not for view pace",
        ),
        ({"a": _WORDS | _SALES | {"period": "month"}}, "period: not for measure"),
        ({"a": _WORDS | {"measure": _SALES["measure"] | {"over_time": "first"}}}, "over_time"),
        ({"a": _WORDS | {"measure": _SALES["measure"] | {"over_time": "mean"}}}, "views of the company"),
        (
            {
                "a": _WORDS | _SALES | {"additive": False},
                "b": _WORDS | {"view": "share", "of": "a", "over": "shop"},
            },
            "a is not additive, so it has no shares",
        ),
        (
            {"a": _WORDS | _SALES, "b": _WORDS | {"view": "share", "of": "a", "over": "colour"}},
            'b: a has no dimension "colour"',
        ),
        (
            {
                "a": _WORDS | _SALES,
                "b": _WORDS | {"view": "pace", "of": "a"},
                "c": _WORDS | {"view": "pace", "of": "b"},
            },
            "b is a view itself",
        ),
        (
            {
                "a": _WORDS | _SALES,
                "b": _WORDS | {"view": "pace", "of": "a"},
                "c": _WORDS | {"sum": ["a", "b"]},
            },
            "b is a view; views are not parts",
        ),
    ],
)
def test_entries_that_do_not_fit_are_refused(shop: Any, entries: dict[str, Any], message: str) -> None:
    """The message says which entry, what is wrong, and what it should be."""
    with pytest.raises(ProjectError) as error:
        _load(shop, entries)
    assert message in str(error.value)


def test_a_metric_may_be_defined_once(shop: Any) -> None:
    """The same id in two files is refused: nobody could tell which one counts."""
    shop.text("params/metrics/more.yaml", yaml.safe_dump({"a": _WORDS | _SALES}))
    with pytest.raises(ProjectError, match="a is defined twice"):
        _load(shop, {"a": _WORDS | _SALES})


def test_messages_are_bounded(shop: Any) -> None:
    """Fifty broken entries make ten problems and a count."""
    with pytest.raises(ProjectError, match="… and 40 more") as error:
        _load(shop, {f"a{number}": _WORDS | {"sum": ["nothing"]} for number in range(50)})
    assert len(str(error.value)) < 1500


@pytest.mark.parametrize(
    ("view", "message"),
    [
        (
            {"sql": "SELECT 1", "datasets": ["order"], "dimensions": {"platform": "a"}},
            'did you mean "orders"',
        ),
        ({"sql": "SELECT 1", "datasets": ["orders"], "dimensions": {"shop": "a"}}, "platform is missing"),
        (
            {"sql": "SELECT 1", "datasets": ["orders"], "dimensions": {"platform": "a"}, "company": True},
            "belongs to no platform",
        ),
        (
            {"sql": "SELECT 1", "datasets": ["orders"], "dimensions": {"platform": "a", "day": "b"}},
            "day: days",
        ),
        ({"datasets": ["orders"], "dimensions": {"platform": "a"}, "densed": True}, 'did you mean "dense"'),
    ],
)
def test_views_that_do_not_fit_are_refused(shop: Any, view: dict[str, Any], message: str) -> None:
    """A view names normalized tables, has platforms, and leaves the calendar alone."""
    with pytest.raises(ProjectError) as error:
        _load(shop, {}, {"a": view})
    assert message in str(error.value)


def test_a_view_may_not_hide_a_table(shop: Any) -> None:
    """A view called like a normalized table would change what every other view reads."""
    with pytest.raises(ProjectError, match='"orders" is the name of a normalized table'):
        _load(shop, {}, {"orders": {"sql": "SELECT 1", "datasets": [], "dimensions": {"platform": "a"}}})


def test_sql_that_does_not_fit_is_named(shop: Any) -> None:
    """A view over a column that is not there says so when it is first read, by name and file."""
    _load(
        shop,
        {},
        {"a": {"sql": "SELECT nothing FROM orders", "datasets": [], "dimensions": {"platform": "a"}}},
    )
    metrics = shop.metrics()
    for _ in range(2):
        with pytest.raises(ProjectError, match=r"(?s)params/views.yaml.*view a: .*nothing"):
            metrics.engine.rows("SELECT 1 FROM a")


def test_a_measure_that_does_not_fit_is_named(shop: Any) -> None:
    """The database's own message is passed on with the metric's name."""
    shop.order(_DAY, 10)
    shop.file("orders", "tmall", _DAY, _DAY)
    broken = {"measure": _SALES["measure"] | {"sql": "sum(nothing)"}}
    _load(shop, {"a": _WORDS | broken})
    with pytest.raises(QueryError, match=r"(?s)^a: the SQL does not fit its table.*nothing.*params/metrics"):
        shop.metrics().query(["a"], period="2025-11")


def test_a_date_that_is_no_column_harms_no_other_metric(shop: Any) -> None:
    """The metric that names it is told the nearest column; its neighbours on the same table still answer."""
    shop.order(_DAY, 10, freight_charged=5)
    shop.file("orders", "tmall", _DAY, _DAY)
    broken = {"measure": _SALES["measure"] | {"date": "payed_date"}}
    _load(shop, {"a": _WORDS | broken, "b": _WORDS | _SALES})
    metrics = shop.metrics()
    with pytest.raises(QueryError, match=r'a: orders has no column "payed_date"\n.*"paid_date"'):
        metrics.query(["a"], period="2025-11")
    assert metrics.query(["b"], period="2025-11").cell("b") == 5


def test_a_method_is_declared_but_not_yet_computed(shop: Any) -> None:
    """A method may stand in the dictionary; asking for it says that this version lacks it."""
    catalog = _load(shop, {"a": _WORDS | {"method": "maturity.final"}, "b": _WORDS | {"sum": ["a"]}})
    assert describe(catalog, "en")[0]["formula"] == "maturity.final"
    with pytest.raises(QueryError, match=r"b needs the method maturity\.final"):
        catalog.split("b")


def test_unknown_names_are_suggested(whole: Any) -> None:
    """Metric, basis, dimension, comparison, platform: each wrong name gets the nearest right one."""

    def message(*args: Any, **kwargs: Any) -> str:
        with pytest.raises(QueryError) as error:
            whole.query(*args, period="2025-11", **kwargs)
        return str(error.value)

    assert message(["gmvv"]) == 'no metric "gmvv"\n  → did you mean "gmv"?'
    assert 'did you mean "refund_date"?' in message(["net_sales.refund"])
    assert "ask for gmv alone" in message(["gmv.refund_date"])
    assert 'did you mean "platform"?' in message(["gmv"], by=["platfrom"])
    assert 'did you mean "previous"?' in message(["gmv"], compare=["previus"])
    assert 'did you mean "province"?' in message(["gmv"], scope={"provinces": ["广东省"]})
    assert 'did you mean "tmall"?' in message(["gmv"], scope={"platform": ["tmal"]})
    assert 'no dimension "day"' in message(["gmv"], scope={"day": ["2025-11-01"]})
    assert "it has platform, shop, day, week, month" in message(["visitors"], by=["category"])
    assert "scope platform has no values" in message(["gmv"], scope={"platform": []})
    assert "cannot cut by day and week at once" in message(["gmv"], by=["day", "week"])
    assert "pace cannot be cut by day" in message(["pace"], by=["day"])
