"""Signals become incidents, incidents alerts: persistence, one for days next to each other, parts with their whole."""

from __future__ import annotations

from datetime import timedelta

from reportkit.alerts.alert import Alert, Scope, Signal
from reportkit.alerts.incidents import fold, incidents
from tests.alerts.made import FIRST, made, told

JD: Scope = (("platform", "jd"),)


def signal(
    day: int,
    scope: Scope = JD,
    level: str = "warn",
    at_once: bool = False,
    stake: float = 100.0,
    sign: int = -1,
) -> Signal:
    """Return a signal on the nth day."""
    return Signal(
        "AL-S1",
        scope,
        FIRST + timedelta(days=day),
        level,
        sign,
        50.0,
        150.0,
        stake,
        at_once=at_once,  # type: ignore[arg-type]
    )


def spans(signals: list[Signal]) -> list[tuple[int, int, int]]:
    """Return first, last and alerted day of every incident."""
    return [
        tuple((day - FIRST).days for day in (one.first_seen, one.last.day, one.alerted))  # type: ignore[misc]
        for one in incidents(signals, (2, 3))
    ]


def test_one_day_of_a_warning_is_none() -> None:
    """Two of three days are needed; what is critical counts at once."""
    assert [] == spans([signal(0)])
    assert [] == spans([signal(0), signal(3)])
    assert [(0, 1, 1)] == spans([signal(0), signal(1)])
    assert [(0, 2, 2)] == spans([signal(0), signal(2)])
    assert [(4, 4, 4)] == spans([signal(4, level="critical", at_once=True)])


def test_days_next_to_each_other_are_one_incident() -> None:
    """Its id is that of its first day and stays while it lasts; a week later is another. Order does not matter."""
    days = [signal(day) for day in (0, 1, 2, 4, 12, 13)]
    assert [(0, 4, 1), (12, 13, 13)] == spans(days) == spans(days[::-1])
    early, late = (incidents([signal(day) for day in range(count)], (2, 3))[0].id for count in (2, 6))
    assert early == late == "AL-S1:jd:20260901"


def test_up_and_down_are_two() -> None:
    """What rises after it fell is no part of the fall."""
    assert 2 == len(incidents([signal(0), signal(1), signal(2, sign=1), signal(3, sign=1)], (2, 3)))


def test_the_gravest_day_gives_the_level() -> None:
    """A warning that becomes critical is critical."""
    (found,) = incidents([signal(0), signal(1, level="critical", at_once=True), signal(2)], (2, 3))
    assert "critical" == found.level


def test_a_part_that_explains_the_whole_is_told_with_it() -> None:
    """Tmall 80 of 100, JD 15: both are named, Tmall folded; a part of another side is no part."""
    whole = [signal(day, (), stake=100) for day in (0, 1)]
    parts = [
        signal(day, (("platform", name),), stake=size)
        for name, size in (("tmall", 80), ("jd", 15))
        for day in (0, 1)
    ]
    other = [signal(day, (("platform", "pdd"),), stake=90, sign=1) for day in (0, 1)]
    found = {one.last.scope: one for one in fold(incidents(whole + parts + other, (2, 3)), 0.7)}
    assert (("tmall", 0.8), ("jd", 0.15)) == found[()].parts
    assert {"tmall": "AL-S1:all:20260901", "jd": "", "pdd": ""} == {
        scope[0][1]: one.parent for scope, one in found.items() if scope
    }


def alert(place: int, layer: str, **changes: str) -> Alert:
    """Return the nth alert of a layer."""
    return made(id=f"{layer}{place}", layer=layer, **changes)


def test_a_layer_shows_no_more_than_its_budget() -> None:
    """Five of the company, the others counted; what is told with another takes no place."""
    every = [alert(place, "company") for place in range(7)] + [
        alert(9, "platform"),
        alert(8, "platform", parent="company0"),
    ]
    found = told(*every)
    assert [*(f"company{place}" for place in range(5)), "platform9"] == [one.id for one in found.shown]
    assert 2 == found.overflow


def test_what_is_solved_or_false_takes_no_place_of_others() -> None:
    """It is listed apart, and counts neither into the budget nor into what is left over."""
    every = [alert(place, "company", state="false" if place < 3 else "new") for place in range(7)]
    found = told(*every)
    assert ["company3", "company4", "company5", "company6"] == [one.id for one in found.shown]
    assert ["company0", "company1", "company2"] == [one.id for one in found.closed]
    assert 0 == found.overflow
