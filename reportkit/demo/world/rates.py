"""What is to be expected of a platform, day by day, before chance has its say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reportkit.demo.world.calendar import Calendar, Phase, promotions
from reportkit.demo.world.catalogue import Catalogue
from reportkit.demo.world.merchant import Merchant, Shop
from reportkit.demo.world.troubles import Troubles

__all__ = ["Rates", "build_rates"]

_YEAR = 365.25
_BALANCE_HOURS = 8.0  # mean time from the opening of a burst to the payment of a balance
_BALANCE_DAYS = 3


@dataclass(frozen=True)
class Rates:
    """One platform's expectations. D days of the calendar, C channels, P products, A ad scenes.

    visitors, cvr: (D, C); cvr is orders that are paid, by visitors. mix: (D, P) chance to be an order's main
    product. discount: (D, P) share of the list price. spend: (D, A) fen. presale, cart: (D,). hours: (D, 24)
    cumulated. together: (P, P) share of orders of a main product that takes another by affinity.
    """

    channels: list[str]
    scenes: list[str]
    phases: pd.DataFrame
    visitors: np.ndarray
    cvr: np.ndarray
    mix: np.ndarray
    discount: np.ndarray
    spend: np.ndarray
    presale: np.ndarray
    cart: np.ndarray
    hours: np.ndarray
    together: np.ndarray
    second_line: float
    third_line: float
    pieces: float
    prices: np.ndarray
    opening: np.ndarray
    balance_paid: float
    whole_percent: bool

    def created(self) -> np.ndarray:
        """Return by day the orders placed that are paid, if no balance were left unpaid."""
        return np.asarray((self.visitors * self.cvr).sum(axis=1))

    def paid(self, value: np.ndarray | float = 1.0) -> np.ndarray:
        """Return by day of payment what orders of `value` (by day of order) come to; balances move."""
        orders = self.created() * value
        moved = orders * self.presale * self.balance_paid
        arrived = orders * (1 - self.presale)
        for day in np.flatnonzero(moved):
            for after, share in enumerate(_balance_days(self.opening[day])):
                at = int(self.opening[day]) + after
                if at < len(arrived):
                    arrived[at] += moved[day] * share
        return np.asarray(arrived)

    def lines(self) -> np.ndarray:
        """Return (D, P): expected lines of each product in one order."""
        alone = 1 - self.together.sum(axis=1)
        by_chance = self.second_line * self.mix * (self.mix @ alone)[:, None]
        second = self.mix @ self.together + by_chance * (1 - self.mix)
        third = self.third_line * second.sum(axis=1, keepdims=True) * self.mix * (1 - 2 * self.mix)
        return np.asarray(self.mix + second + third)

    def value(self) -> np.ndarray:
        """Return by day what the merchant is due for one order's goods, in fen."""
        return np.asarray((self.lines() * self.pieces * self.prices * (1 - self.discount)).sum(axis=1))

    def units(self) -> np.ndarray:
        """Return (D, P): pieces drawn from stock by the orders of a day."""
        drawn = self.created() * (1 - self.presale * (1 - self.balance_paid))
        return np.asarray(drawn[:, None] * self.lines() * self.pieces)


def _balance_days(opening: float) -> np.ndarray:
    """Return the shares of balances paid on the day of opening and the days after."""
    hours = (1 - opening % 1) * 24 + 24 * np.arange(_BALANCE_DAYS)
    upto = 1 - np.exp(-hours / _BALANCE_HOURS)
    upto[-1] = 1
    return np.diff(upto, prepend=0)


def build_rates(
    merchant: Merchant,
    catalogue: Catalogue,
    calendar: Calendar,
    troubles: Troubles,
    platform: str,
    scale: float,
    promote: bool = True,
) -> Rates:
    """Return what is expected of `platform` on every day of the calendar; `promote` False: no promotions."""
    shop = merchant.platforms[platform]
    phases = calendar.phase_of_day(platform)
    if not promote:
        phases = phases.assign(promo_id="", phase="", opens=-1)
    factor = _factors(phases["phase"], shop.promo)
    years = np.arange(len(phases)) / _YEAR
    base = shop.visitors * scale * (1 + shop.growth) ** years * calendar.season()
    visitors = (base * factor["visitors"])[:, None] * np.array([c.share for c in shop.channels.values()])
    cvr = (shop.cvr * factor["cvr"])[:, None] * np.array([c.cvr for c in shop.channels.values()])
    mix = _mix(merchant, catalogue, calendar, shop)
    discount = np.repeat((shop.discount * factor["discount"])[:, None], len(catalogue.products), axis=1)
    together = _together(merchant, catalogue) * (shop.second_line > 0)
    rates = Rates(
        channels=list(shop.channels),
        scenes=list(shop.ads),
        phases=phases,
        visitors=visitors,
        cvr=cvr,
        mix=mix,
        discount=discount,
        spend=np.zeros((len(base), len(shop.ads))),
        presale=factor["presale"],
        cart=factor["cart"],
        hours=_hours(merchant, phases["opens"].to_numpy()),
        together=together,
        second_line=shop.second_line,
        third_line=merchant.third_line,
        pieces=float(np.dot(merchant.quantities, [1, 2, 3])),
        prices=catalogue.of_skus(catalogue.skus["price"].to_numpy().astype(float)),
        opening=_openings(calendar, platform, phases, factor["presale"]),
        balance_paid=1 - merchant.balance_unpaid,
        whole_percent=shop.whole_percent,
    )
    usual = base * sum(c.share * c.cvr for c in shop.channels.values()) * shop.cvr * rates.value()
    shares = np.array([scene.ratio * scene.share for scene in shop.ads.values()])
    rates.spend[:] = (usual * factor["spend"])[:, None] * shares
    _plant(rates, base, calendar.days, catalogue, troubles, platform, shop)
    return rates


def _factors(phase: pd.Series, power: float) -> dict[str, np.ndarray]:
    places, names = pd.factorize(phase)
    profiles = [(promotions().phases | {"": Phase()})[name] for name in names]
    told = {name: np.array([getattr(one, name) for one in profiles])[places] for name in Phase.model_fields}
    return {name: values if name == "presale" else values**power for name, values in told.items()}


def _mix(merchant: Merchant, catalogue: Catalogue, calendar: Calendar, shop: Shop) -> np.ndarray:
    products, curves = catalogue.products, calendar.product_season()
    taste = np.array([shop.taste.get(role, 1.0) for role in products["role"]])
    weight = np.column_stack([curves[name] for name in products["season"]])
    age = (calendar.days[:, None] - products["listed"].to_numpy()) / np.timedelta64(1, "D")
    ramp = np.interp(age, [0, merchant.launch.days], [merchant.launch.least, 1]) * (age >= 0)
    weight = weight * products["weight"].to_numpy() * taste * ramp
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def _together(merchant: Merchant, catalogue: Catalogue) -> np.ndarray:
    count = len(catalogue.products)
    shares = np.zeros((count, count))
    for pair in merchant.affinities:
        shares[catalogue.place(pair.main), catalogue.place(pair.other)] = pair.share
    return shares


def _hours(merchant: Merchant, opens: np.ndarray) -> np.ndarray:
    shapes = {name: np.cumsum(shape) / np.sum(shape) for name, shape in merchant.hours.items()}
    return np.array([shapes.get(str(hour), shapes["even"]) for hour in opens])


def _openings(calendar: Calendar, platform: str, phases: pd.DataFrame, presale: np.ndarray) -> np.ndarray:
    """Return by day when balances of its presale are due, as a place in the calendar; else NaN."""
    due = {
        promo: (calendar.opening(platform, promo) - calendar.days[0]) / np.timedelta64(1, "D")
        for promo in phases["promo_id"][presale > 0].unique()
    }
    return phases["promo_id"].map(due).astype(float).to_numpy()


def _plant(
    rates: Rates,
    base: np.ndarray,
    days: np.ndarray,
    catalogue: Catalogue,
    troubles: Troubles,
    platform: str,
    shop: Shop,
) -> None:
    """Let the troubles alter what is expected, in place."""
    if (fall := troubles.search_fall) and fall.platform == platform:
        rates.visitors[fall.covers(days), rates.channels.index(fall.channel)] *= fall.left
    if shift := troubles.mix_shift:
        rates.visitors[shift.covers(days)] *= shift.visitors[platform]
        rates.cvr[shift.covers(days)] *= shift.cvr[platform]
    if (cheap := troubles.cheap_traffic) and cheap.platform == platform:
        inside, channel = cheap.covers(days), rates.channels.index(cheap.channel)
        rates.visitors[inside, channel] = base[inside] * cheap.visitors
        scene = next(place for place, ad in enumerate(shop.ads.values()) if ad.channel == cheap.channel)
        rates.spend[inside, scene] = rates.visitors[inside, channel] * cheap.spend * 100
    if cut := troubles.price_cut:
        rates.discount[cut.covers(days), catalogue.place(cut.product)] += cut.rate
