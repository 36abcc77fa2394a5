"""What a report of one period asks the analysis, each question answered once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from reportkit.metrics.compile import column_of
from reportkit.metrics.periods import Period, enclosing
from reportkit.metrics.query import Metrics, Result
from reportkit.metrics.views import UNKNOWN
from reportkit.project import Project
from reportkit.study.assortment import Assortment, assortment
from reportkit.study.bursts import Bursts, bursts
from reportkit.study.care import Care, care
from reportkit.study.causes import Drill, drills
from reportkit.study.change import Change, change
from reportkit.study.channels import AdLine, Channels, ad_lines, channels
from reportkit.study.cuts import Cut, cuts
from reportkit.study.delays import Delays, delays
from reportkit.study.disposal import Disposal, disposal
from reportkit.study.explain import Explain, read_explain
from reportkit.study.faults import Faults, faults
from reportkit.study.funnel import Funnels, funnels
from reportkit.study.handling import Handling, handling
from reportkit.study.health import Light, health
from reportkit.study.influencers import Influencers, influencers
from reportkit.study.launches import Launches, launches
from reportkit.study.mix import Mix, mix
from reportkit.study.pages import Page, pages, seen
from reportkit.study.pairs import Together, together
from reportkit.study.products import Products, read_products
from reportkit.study.quadrant import Quadrant, quadrant
from reportkit.study.ranking import Ranking, earned, ranking
from reportkit.study.refunds import Curves, Refunds, Weights, refund_curves, refund_weights, refunds
from reportkit.study.repurchase import Repurchase, repurchase
from reportkit.study.roles import Roles, roles
from reportkit.study.satisfaction import Satisfaction, satisfaction
from reportkit.study.scarce import Scarce, scarce
from reportkit.study.service import Service, read_service
from reportkit.study.spending import Spending, spending
from reportkit.study.stock import Shelf, shelf
from reportkit.study.stockouts import Outages, outages
from reportkit.study.turnover import Season, Turnover, seasons, turnover
from reportkit.study.usual import Usual, usual
from reportkit.study.year import Year, year_goal

__all__ = ["Study"]


@dataclass
class Study:
    """The analysis of `period`, as seen on the day `as_of`, within `scope`."""

    project: Project
    metrics: Metrics
    period: Period
    as_of: date
    scope: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def ask(
        self,
        requests: Sequence[str],
        by: Sequence[str] = (),
        compare: Sequence[str] = (),
        period: str | Period | None = None,
    ) -> Result:
        """Ask for metrics within this study: its scope, its last day, its period unless another is named."""
        return self.metrics.query(
            requests, by=by, period=period or self.period, scope=self.scope, compare=compare, as_of=self.as_of
        )

    @cached_property
    def rules(self) -> Explain:
        """When a change is explained, and when spending and platforms are judged."""
        return read_explain(self.project)

    @cached_property
    def across(self) -> str:
        """The dimension that the page about platforms compares: ``platform``, or the shops of a single one, if several."""
        several = (name for name in ("platform", "shop") if self._selling(name) > 1)
        return next(several, "platform")

    def _selling(self, dimension: str) -> int:
        """Return how many known values of `dimension` sold anything."""
        found = self.ask(["gmv"], by=[dimension]).frame
        return int(((found["value"] > 0) & (found[column_of(dimension)] != UNKNOWN)).sum())

    @cached_property
    def year(self) -> Period:
        """Twelve months, the last one that of the last day seen."""
        month = enclosing("month", self.last)
        first = enclosing("month", month.start - timedelta(days=320))
        return self.metrics.period(f"{first.start}/{month.end}")

    @cached_property
    def change(self) -> Change:
        """What moved the money, part by part and factor by factor."""
        return change(self)

    @cached_property
    def mix(self) -> Mix | None:
        """How conversion moved within platforms and by their mix."""
        return mix(self)

    @cached_property
    def drills(self) -> tuple[Drill, ...]:
        """What lies behind the largest fall and the largest rise."""
        return drills(self)

    @cached_property
    def channels(self) -> Channels:
        """Visitors by channel."""
        return channels(self)

    @cached_property
    def funnels(self) -> Funnels:
        """The way from visitor to buyer."""
        return funnels(self)

    @cached_property
    def spending(self) -> Spending:
        """What advertising costs and brings, and whether some of it had better be moved."""
        return spending(self)

    @cached_property
    def quadrant(self) -> Quadrant | None:
        """Which platform is strong, promising, to be kept, or to be put in order."""
        return quadrant(self)

    @cached_property
    def ad_lines(self) -> tuple[AdLine, ...]:
        """The lines of each platform's advertising."""
        return ad_lines(self)

    @cached_property
    def influencers(self) -> Influencers:
        """Who sells for a platform."""
        return influencers(self)

    @cached_property
    def products(self) -> Products:
        """What counts as scarce, slow, new, busy."""
        return read_products(self.project)

    @cached_property
    def last(self) -> date:
        """The last day of the period that may be seen."""
        return min(self.period.end, self.as_of)

    @cached_property
    def stock(self) -> Shelf:
        """The stock of every SKU against its demand."""
        return shelf(self)

    @cached_property
    def outages(self) -> Outages:
        """What ran out in the period, and what it cost."""
        return outages(self)

    @cached_property
    def turnover(self) -> Turnover:
        """Days that stock lasts, by category and month."""
        return turnover(self)

    @cached_property
    def seasons(self) -> tuple[Season, ...] | None:
        """How far the goods of each running season have sold."""
        return seasons(self)

    @cached_property
    def launches(self) -> Launches:
        """How new products run."""
        return launches(self)

    @cached_property
    def pages(self) -> tuple[Page, ...] | None:
        """Product pages whose visitors and conversion do not fit."""
        return pages(self)

    @cached_property
    def ranking(self) -> Ranking:
        """The products, ranked and tagged."""
        return ranking(self)

    @cached_property
    def assortment(self) -> Assortment:
        """What the mix of categories did to the money."""
        return assortment(self)

    @cached_property
    def together(self) -> Together:
        """What is bought together."""
        return together(self)

    @cached_property
    def repurchase(self) -> Repurchase:
        """Who buys a product again."""
        return repurchase(self)

    @cached_property
    def cuts(self) -> tuple[Cut, ...]:
        """Price cuts, and what they sold."""
        return cuts(self)

    @cached_property
    def disposal(self) -> Disposal | None:
        """What to do with stock that does not move."""
        return disposal(self)

    @cached_property
    def scarce(self) -> Scarce | None:
        """Who should have what is left of scarce stock."""
        return scarce(self)

    @cached_property
    def roles(self) -> Roles | None:
        """How sales spread over the parts that products play."""
        return roles(self)

    @cached_property
    def service(self) -> Service:
        """What counts as risen, late, faulty, slow."""
        return read_service(self.project)

    @cached_property
    def refunds(self) -> Refunds:
        """What the refunds of the period come to in the end."""
        return refunds(self)

    @cached_property
    def refund_curves(self) -> Curves | None:
        """How refunds come in by days since payment."""
        return refund_curves(self)

    @cached_property
    def refund_weights(self) -> Weights | None:
        """Who takes more than its share of the refunds."""
        return refund_weights(self)

    @cached_property
    def handling(self) -> Handling:
        """How long cases take, and which are open."""
        return handling(self)

    @cached_property
    def satisfaction(self) -> Satisfaction:
        """The scores that platforms publish."""
        return satisfaction(self)

    @cached_property
    def delays(self) -> Delays:
        """On which days orders were held up."""
        return delays(self)

    @cached_property
    def faults(self) -> Faults:
        """Which products come back for their quality."""
        return faults(self, "fault")

    @cached_property
    def mismatches(self) -> Faults:
        """Which products come back because they are not as described."""
        return faults(self, "mismatch")

    @cached_property
    def page_traffic(self) -> Result:
        """Visitors, buyers and GMV by product and platform."""
        return seen(self)

    @cached_property
    def contribution(self) -> Result:
        """What each product earns after goods, fees and advertising."""
        return earned(self)

    @cached_property
    def care(self) -> Care:
        """How after-sales stands, and what each department should look at."""
        return care(self)

    @cached_property
    def health(self) -> tuple[Light, ...]:
        """How each domain of the business stands."""
        return health(self)

    @cached_property
    def goal(self) -> Year:
        """How far the year has come towards its target."""
        return year_goal(self)

    @cached_property
    def bursts(self) -> Bursts | None:
        """Promotion days apart from ordinary ones, against last year."""
        return bursts(self)

    def usual(self, days: Result) -> dict[str, Usual]:
        """Return what is usual on each of `days`, by metric."""
        return usual(self, days)
