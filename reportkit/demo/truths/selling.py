"""Troubles of selling: visitors, conversion, prices, people; and a product at fault."""

from __future__ import annotations

from typing import Any

from reportkit.demo.truths.seen import Seen, before
from reportkit.demo.truths.sizes import days_within, share, size
from reportkit.demo.world import World
from reportkit.demo.world.habits import habits
from reportkit.demo.world.troubles import Span

__all__ = ["cheap_traffic", "influencer", "mix_shift", "price_cut", "quality", "search_fall"]


def search_fall(world: World, seen: Seen) -> dict[str, Any]:
    """A channel that loses visitors: against what it would have brought."""
    trouble, noted = world.troubles.search_fall, seen.noted["search_fall"]
    assert trouble is not None
    usual = world.expect(trouble.platform, world.troubles.model_copy(update={"search_fall": None}))
    inside, channel = days_within(world, trouble), usual.channels.index(trouble.channel)
    visitors = usual.visitors[inside, channel]
    orders = visitors * usual.cvr[inside, channel]
    amount = (orders * usual.value()[inside]).sum()
    lacking = noted["visitors"] - visitors.sum()
    realised = size(
        {"amount": noted["amount"] - amount}, orders=noted["pay_orders"] - orders.sum(), visitors=lacking
    )
    expected = _effect(world, "search_fall") | size(visitors=(trouble.left - 1) * visitors.sum())
    return {"expected": expected, "realised": realised, "root_cause_of": str(world.end)[:7]}


def cheap_traffic(world: World, seen: Seen) -> dict[str, Any]:
    """A channel whose visitors hardly buy, with what was spent on it and what its platform claims."""
    trouble, noted = world.troubles.cheap_traffic, seen.noted["cheap_traffic"]
    assert trouble is not None
    rates, inside = world.rates[trouble.platform], days_within(world, trouble)
    channel = rates.channels.index(trouble.channel)
    visitors = rates.visitors[inside, channel].sum()
    expected = _effect(world, "cheap_traffic") | size(
        {"spend": visitors * trouble.spend * 100}, visitors=visitors
    )
    realised = size(
        {name: noted[name] for name in ("amount", "spend", "claimed")},
        orders=noted["pay_orders"],
        visitors=noted["visitors"],
    )
    return {"expected": expected, "realised": realised}


def quality(world: World, seen: Seen) -> dict[str, Any]:
    """Expected: what is refunded because of the fault, by the rates of refunds."""
    trouble, noted = world.troubles.quality, seen.noted["quality"]
    assert trouble is not None
    place, inside, lines, amount = (
        world.catalogue.place(trouble.product),
        days_within(world, trouble),
        0.0,
        0.0,
    )
    for platform, rates in world.rates.items():
        of_product = (rates.created()[:, None] * rates.lines())[inside, place]
        price = rates.prices[place] * rates.pieces * (1 - rates.discount[inside, place])
        usual = habits().refunds.platforms[platform].rate * world.catalogue.products["refund"][place]
        lines += of_product.sum() * usual * (trouble.refund - 1)
        amount += (of_product * price).sum() * usual * (trouble.refund - 1)
    by_span = {
        when: {
            "lines": noted["lines" + suffix],
            "refund_share": share(noted["refunded" + suffix], noted["lines" + suffix]),
            "share_of_reason": share(noted["asked for it" + suffix], noted["asked" + suffix]),
        }
        for when, suffix in (("before", " before"), ("during", ""))
    }
    return {
        "expected": size({"amount": amount}, lines=lines),
        "realised": size({"back": noted["back"]}) | by_span,
    }


def mix_shift(world: World, seen: Seen) -> dict[str, Any]:
    """Conversion of every platform and of all, before and during.

    `by_platform` has the goods money expected on its days and on those of the year before, and the visitors counted.
    """
    trouble = world.troubles.mix_shift
    assert trouble is not None
    told: dict[str, Any] = {"expected": _effect(world, "mix_shift"), "realised": {}, "by_platform": {}}
    days = world.calendar.days[: len(seen.stock)]
    for when, span in (("before", before(trouble)), ("during", trouble)):
        inside = span.covers(days)
        visitors, buyers = (
            {name: int(figures[what][inside].sum()) for name, figures in seen.daily.items()}
            for what in ("visitors", "buyers")
        )
        rates = {name: share(buyers[name], visitors[name]) for name in visitors}
        told["realised"][when] = rates | {"all": share(sum(buyers.values()), sum(visitors.values()))}
    for when, span in (("year_before", _year_before(trouble)), ("during", trouble)):
        told["by_platform"][when] = {name: _brought(world, seen, name, span) for name in world.platforms}
    return told


def price_cut(world: World, seen: Seen) -> dict[str, Any]:
    """Units and discount of the product, before and during; expected is what the cut gives away."""
    trouble, noted = world.troubles.price_cut, seen.noted["price_cut"]
    assert trouble is not None
    place, inside = world.catalogue.place(trouble.product), days_within(world, trouble)
    cut = sum(
        (rates.created()[:, None] * rates.lines())[inside, place].sum() * rates.pieces * rates.prices[place]
        for rates in world.rates.values()
    )
    realised = {
        when: {
            "units": noted["units" + suffix],
            "discount_share": share(noted["discount" + suffix], noted["listed" + suffix]),
        }
        for when, suffix in (("before", " before"), ("during", ""))
    }
    return {"expected": size({"amount": -cut * trouble.rate}, units=0), "realised": realised}


def influencer(world: World, seen: Seen) -> dict[str, Any]:
    """One influencer's share, before and during."""
    trouble, noted = world.troubles.influencer, seen.noted["influencer"]
    assert trouble is not None
    weights = list(world.merchant.influencers)
    rest = sum(weights) - weights[trouble.who]
    realised = {
        when: {
            "share_of_influencers": share(noted["one orders" + suffix], noted["influencers orders" + suffix]),
            "share_of_shop": share(noted["one amount" + suffix], noted["all amount" + suffix]),
        }
        for when, suffix in (("before", " before"), ("during", ""))
    }
    of_one = size({"amount": noted["one amount"]}, orders=noted["one orders"])
    return {
        "expected": {"share_of_influencers": share(trouble.weight, trouble.weight + rest)},
        "realised": of_one | realised,
    }


def _brought(world: World, seen: Seen, platform: str, span: Span) -> dict[str, Any]:
    """Return the visitors counted on the days of `span`, and the goods money expected of the orders placed then."""
    inside, rates = days_within(world, span), world.rates[platform]
    visitors = seen.daily[platform]["visitors"][inside[: len(seen.stock)]].sum()
    return size({"amount": (rates.created() * rates.value())[inside].sum()}, visitors=visitors)


def _year_before(span: Span) -> Span:
    first, last = (day.replace(year=day.year - 1) for day in (span.first, span.last))
    return Span(first=first, last=last)


def _effect(world: World, name: str) -> dict[str, Any]:
    """Return how many orders, and what goods money, are expected on its days because of the trouble `name`."""
    trouble = getattr(world.troubles, name)
    without = world.troubles.model_copy(update={name: None})
    inside, orders, amount = days_within(world, trouble), 0.0, 0.0
    for platform in [trouble.platform] if hasattr(trouble, "platform") else world.platforms:
        for rates, sign in ((world.rates[platform], 1), (world.expect(platform, without), -1)):
            orders += sign * rates.created()[inside].sum()
            amount += sign * (rates.created() * rates.value())[inside].sum()
    return size({"amount": amount}, orders=orders)
