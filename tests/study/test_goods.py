"""What the study says of goods, on a lake whose numbers can be worked out by hand (see goods.py)."""

from __future__ import annotations

from datetime import date

import pytest

from reportkit.engines import DuckDBEngine
from reportkit.lake import Lake
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.study import Study
from tests.study.goods import CUT, LAST, LISTED, OUT, shop


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The lake."""
    return shop(tmp_path_factory.mktemp("goods") / "shop")


@pytest.fixture(scope="module")
def metrics(project: Project) -> Metrics:
    """Its metrics."""
    return Metrics(project, DuckDBEngine(Lake(project.lake), keep_views=True))


@pytest.fixture(scope="module")
def october(project: Project, metrics: Metrics) -> Study:
    """The month of the stock-out."""
    return Study(project, metrics, metrics.period("2025-10"), LAST)


@pytest.fixture(scope="module")
def september(project: Project, metrics: Metrics) -> Study:
    """The month of the price cut."""
    return Study(project, metrics, metrics.period("2025-09"), LAST)


def test_codes_unite_the_platforms(october: Study) -> None:
    """One product of the merchant under two platforms' numbers is one row: 21 days of A-1 and 31 of A-2."""
    frame = october.ranking.frame
    assert ["A", "B", "C"] == list(frame.index)
    assert [21 * 400 + 31 * 300, 31 * 500, 31 * 200] == frame["gmv"].tolist()
    assert ["tmall", "jd"] == [
        row["platform_id"] for row in october.ranking.parts.frame.to_dict("records") if row["style"] == "A" and row["value"] > 0
    ]  # fmt: skip


def test_margins_and_classes(october: Study) -> None:
    """A leaves 60 %, B 40 %, C 50 %; A brings 10,620 of 19,920 and is class A, with the next one to 70 %."""
    frame = october.ranking.frame
    assert [0.6, 0.4, 0.5] == pytest.approx(frame["margin"].tolist())
    assert ["A", "A", "B"] == frame["klass"].tolist()


def test_an_outage_is_worth_its_demand(october: Study) -> None:
    """Four a day for ten days at 100, less the 30 % who take something else; between half and all of it."""
    (outage,) = october.outages.found
    assert ("A-1", *OUT, False, 10) == (outage.sku, outage.first, outage.last, outage.open, outage.days)
    assert (2800.0, 2000.0, 4000.0) == pytest.approx((outage.lost, outage.low, outage.high))


def test_states_of_the_shelf(october: Study) -> None:
    """A-1 has 60 where 61 call for an order, A-2 ends before its 12 days of delivery, B-1 lasts 100 days, C-1 is young."""
    frame = october.stock.frame
    assert {"A-1": "reorder", "A-2": "at_risk", "B-1": "slow", "C-1": "high"} == frame["state"].to_dict()
    assert [3.0, 20 / 3] == pytest.approx([frame.at["A-2", "rate"], frame.at["A-2", "cover"]])


def test_slow_stock_has_a_way_out(october: Study) -> None:
    """B-1 keeps 90 days of 10; the other 100 bring half to 70 % of what 900 did. Nothing sells along with it."""
    found = october.disposal
    assert found is not None
    (row,) = found.frame.to_dict("records")
    price = (900 * 50 - 500) / 900
    assert (100.0, "hold") == (row["spare"], row["advice"])
    assert (50 * price, 70 * price) == pytest.approx((row["low"], row["high"]))
    assert 30000.0 == found.slow


def test_scarce_stock_is_shared_by_cover(october: Study) -> None:
    """20 pieces of A-2 over two platforms that sell 2 and 1 a day: 13 and 7, and of 36 needed 16 lack."""
    found = october.scarce
    assert found is not None
    given = found.parts.set_index("platform_id")
    assert {"jd": 13, "tmall": 7} == given["given"].to_dict()
    assert 16.0 == pytest.approx(given["short"].sum())


def test_a_cut_that_sold_nothing(september: Study) -> None:
    """Fifty pieces at 10 less give 500 away; the other products went from 205 in 28 days to 40 in five."""
    (cut,) = september.cuts
    usual = 280 * 40 / 205
    extra = 50 - usual
    assert ("B", *CUT) == (cut.style, cut.first, cut.last)
    assert (0.2, 50.0, usual, 500.0) == pytest.approx((cut.deeper, cut.units, cut.usual, cut.given))
    assert extra * 10 - 500 * (1 - extra / 50) == pytest.approx(cut.effect)
    assert not cut.worked
    assert cut.least < cut.effect < cut.most


def test_no_cut_is_seen_where_none_was(october: Study) -> None:
    """Steady prices are not told of."""
    assert () == october.cuts


def test_a_season_half_sold(october: Study) -> None:
    """60 at the start and 400 received, 82 days of 4 sold; 92 of 122 days of autumn are over."""
    found = october.seasons
    assert found is not None
    (season,) = found
    assert ("床品", "秋", date(2025, 8, 1), date(2025, 11, 30)) == (
        season.category,
        season.season,
        season.first,
        season.last,
    )
    assert (328 / 460, 92 / 122) == pytest.approx((season.rate, season.elapsed))


def test_a_launch_without_others_is_not_judged(october: Study) -> None:
    """200 a day for sixty days; there is nothing to hold it against."""
    (launch,) = october.launches.found
    assert ("C", LISTED, 60, "few") == (launch.style, launch.listed, launch.age, launch.verdict)
    assert [200.0, 12000.0] == [launch.curve[0], launch.curve[-1]]


def test_the_mix_adds_up_to_the_change(october: Study) -> None:
    """Pieces, mix and price of every category together are the change of GMV."""
    found = october.assortment
    assert "previous" == found.against
    change = 39400.0 - (30 * (400 + 300 + 200 + 500) - 500)
    assert change == pytest.approx(found.effects["change"].sum())
    assert change == pytest.approx(found.effects[["volume", "mix", "price", "whole"]].sum().sum())


def test_roles_share_the_sales(october: Study) -> None:
    """A is 主推, B 引流, C 新品; JD tells no role."""
    found = october.roles
    assert found is not None
    assert not found.planned
    assert 1.0 == pytest.approx(found.frame["share"].sum())
    assert 15500 / 39400 == pytest.approx(found.frame.at["引流", "share"])


def test_orders_of_one_product_make_no_pair(october: Study) -> None:
    """Nothing is bought together here."""
    assert 0 == len(october.together.frame)
    assert 0.0 == october.together.attached.cell("attach_rate")


def test_few_buyers_are_not_followed(october: Study) -> None:
    """Ninety days before the end there were two days of sales only."""
    assert october.repurchase.known
    assert october.repurchase.frame.empty or (october.repurchase.frame["buyers"] >= 30).all()
