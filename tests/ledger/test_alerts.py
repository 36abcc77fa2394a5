"""The states of alerts: only ever added to, kept while an incident lasts, new again where it comes back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reportkit.errors import LedgerError
from reportkit.ledger import Judged, Ledger, acknowledged, events, known, mark, precision, see
from tests.alerts.made import FIRST, made, told

DAY = timedelta(days=1)
ID = "AL-S1:tmall:20260901"


def states(ledger: Ledger, *found: object) -> list[tuple[str, str, date]]:
    """Return id, state and first day of alerts as the ledger knows them."""
    return [(one.id, one.state, one.first_seen) for one in see(ledger, told(*found)).found]  # type: ignore[arg-type]


def test_an_alert_begins_as_new_and_keeps_what_is_said_of_it(ledger: Ledger) -> None:
    """The last word is its state; every word is kept, with who said it and why."""
    assert [(ID, "new", FIRST)] == states(ledger, made())
    mark(ledger, ID, "acknowledged", "lin")
    mark(ledger, ID, "in_work", "wang", "the feed was off")
    assert [(ID, "in_work", FIRST)] == states(ledger, made(date=FIRST + DAY, first_seen=FIRST, days=2))
    assert [("new", "", ""), ("acknowledged", "lin", ""), ("in_work", "wang", "the feed was off")] == [
        (one.state, one.by, one.note) for one in events(ledger, ID)
    ]


def test_a_report_reads_the_states_and_writes_nothing(ledger: Ledger) -> None:
    """It finds an incident under the id by which it was told, on whatever day the report looks."""
    states(ledger, made(first_seen=FIRST, date=FIRST + DAY))
    mark(ledger, ID, "false", "lin")
    later = known(ledger, told(made(first_seen=FIRST + DAY, date=FIRST + 2 * DAY), made("AL-F1")))
    assert [(ID, "false"), ("AL-F1:tmall:20260901", "new")] == [(one.id, one.state) for one in later.found]
    assert [] == events(ledger, "AL-F1:tmall:20260901")


def test_the_same_check_twice_changes_nothing(ledger: Ledger) -> None:
    """Run again on the same day, solved stays solved."""
    states(ledger, made())
    mark(ledger, ID, "solved", "lin")
    for _ in range(2):
        assert [(ID, "solved", FIRST)] == states(ledger, made())
    assert 2 == len(events(ledger, ID))


def test_what_was_solved_and_shows_again_is_new_from_its_own_first_day(ledger: Ledger) -> None:
    """Once, however often it is seen from there on; what was said before stays in its history."""
    states(ledger, made())
    mark(ledger, ID, "solved", "lin")
    for days in (2, 3):
        again = made(first_seen=FIRST, date=FIRST + days * DAY)
        assert [(ID, "new", FIRST + 2 * DAY)] == states(ledger, again)
    assert ["new", "solved", "new"] == [one.state for one in events(ledger, ID)]


def test_a_false_alarm_stays_one_while_it_lasts(ledger: Ledger) -> None:
    """It is not shown as new on later days; the next incident of that rule is another."""
    states(ledger, made())
    mark(ledger, ID, "false", "lin")
    later = told(made(first_seen=FIRST, date=FIRST + 5 * DAY))
    seen = see(ledger, later)
    assert ((), ["false"]) == (seen.shown, [one.state for one in seen.closed])
    other = FIRST + 40 * DAY
    assert [("AL-S1:tmall:20261011", "new", other)] == states(ledger, made(date=other))


def test_an_incident_keeps_its_id_beyond_the_days_a_check_looks_back(ledger: Ledger) -> None:
    """After a month a check no longer sees the first day; whole, part and state are found again."""
    states(ledger, made(scope={}), made(parent="AL-S1:all:20260901"))
    mark(ledger, ID, "in_work", "lin")
    cut, today = FIRST + 12 * DAY, FIRST + 40 * DAY
    states(ledger, made(scope={}, first_seen=FIRST, date=cut), made(first_seen=FIRST, date=cut))
    whole = made(scope={}, first_seen=cut, date=today)
    part = made(first_seen=cut, date=today, parent=whole.id)
    seen = see(ledger, told(whole, part)).found
    assert ["AL-S1:all:20260901", ID] == [one.id for one in seen]
    assert ["", "AL-S1:all:20260901"] == [one.parent for one in seen]
    assert [("new", FIRST), ("in_work", FIRST)] == [(one.state, one.first_seen) for one in seen]


def test_two_incidents_never_share_an_id(ledger: Ledger) -> None:
    """Other thresholds may see two where there was one: the first keeps its id, the second has its own."""
    states(ledger, made(first_seen=FIRST, date=FIRST + 29 * DAY, days=30))
    early = made(first_seen=FIRST + 2 * DAY, date=FIRST + 5 * DAY)
    late = made(first_seen=FIRST + 20 * DAY, date=FIRST + 29 * DAY)
    assert [ID, late.id] == [name for name, _, _ in states(ledger, early, late)]


def test_the_other_side_is_another_incident(ledger: Ledger) -> None:
    """What rises on the days on which something falls is not what fell."""
    states(ledger, made(date=FIRST + 3 * DAY, first_seen=FIRST))
    rise = made(actual=150_000.0, first_seen=FIRST + DAY, date=FIRST + 4 * DAY)
    assert [("AL-S1:tmall:20260902", "new", FIRST + DAY)] == states(ledger, rise)


def test_an_id_that_was_never_told(ledger: Ledger) -> None:
    """The nearest is named; without any, where they come from."""
    with pytest.raises(LedgerError, match="reportkit alerts tells what there is"):
        mark(ledger, ID, "solved", "lin")
    states(ledger, made(), made("AL-I1", {"sku": "C05-RED"}))
    with pytest.raises(
        LedgerError, match=r'no alert "AL-S1:tmall"\n  → did you mean "AL-S1:tmall:20260901"\?'
    ):
        mark(ledger, "AL-S1:tmall", "solved", "lin")
    assert [] == events(ledger, "AL-S1:tmall")


def test_precision_counts_the_last_verdict_and_says_where_there_is_none(ledger: Ledger) -> None:
    """To have read an alert is no verdict; a false alarm that was solved after all is none."""
    every = [made(scope={"platform": name}) for name in ("tmall", "jd", "pdd", "douyin")]
    states(ledger, *every, made("AL-F1"))
    assert [Judged("AL-F1", 1, 0, 0), Judged("AL-S1", 4, 0, 0)] == precision(ledger)
    assert [None, None] == [one.precision for one in precision(ledger)]
    for one, state in zip(every, ("false", "solved", "false", "acknowledged"), strict=True):
        mark(ledger, one.id, state, "lin")  # type: ignore[arg-type]
    mark(ledger, every[2].id, "in_work", "lin")
    (_, sales) = precision(ledger)
    assert (Judged("AL-S1", 4, 3, 1), pytest.approx(2 / 3)) == (sales, sales.precision)


def test_an_answer_is_known_up_to_the_last_day_that_a_check_had_seen(ledger: Ledger) -> None:
    """By rule and part, for what is summed up anew from there."""
    states(ledger, made(), made("AL-F1"), made("AL-G1", {"platform": "pdd"}, date=FIRST + 9 * DAY))
    assert {} == acknowledged(ledger)
    mark(ledger, ID, "acknowledged", "lin")
    assert {"AL-S1:tmall": FIRST + 9 * DAY} == acknowledged(ledger)
