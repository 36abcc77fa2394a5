"""The incidents that were told, and the states they went through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from math import isnan
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from reportkit.alerts.alert import Alert, Alerts, State, key_of
from reportkit.errors import LedgerError, suggest
from reportkit.ledger.store import Ledger
from reportkit.ledger.tables import ALERT_EVENTS, ALERTS

__all__ = ["Event", "Judged", "acknowledged", "events", "known", "mark", "precision", "see"]

_NEW: State = "new"
_VERDICTS: tuple[State, ...] = ("in_work", "solved", "false")  # to have read it says nothing of its truth


@dataclass(frozen=True)
class Event:
    """What was said of an alert: `at` is UTC without a zone, `day` the last business date on which any alert had shown by then."""

    alert_id: str
    state: State
    by: str
    note: str
    at: datetime
    day: date


@dataclass(frozen=True)
class Judged:
    """How many incidents a rule told, how many of them somebody called real or false, and how many false."""

    rule: str
    told: int
    judged: int
    false: int

    @property
    def precision(self) -> float | None:
        """The share of those judged that were real; None where nobody judged any."""
        return 1 - self.false / self.judged if self.judged else None


def see(ledger: Ledger, found: Alerts) -> Alerts:
    """Write down what a check found, and return it with the ids, first days and states that the ledger knows.

    An incident keeps the id under which it was first told, however long it lasts. One that was solved and shows on
    a later day is new again, from that day on. LedgerError where the ledger cannot be written.
    """
    try:
        return _see(ledger, found)
    except IntegrityError:  # another process told the same incident first
        return _see(ledger, found)


def known(ledger: Ledger, found: Alerts) -> Alerts:
    """Return what was found with the ids and states that the ledger knows; nothing is written down.

    So a report of a month long past says what became of its alerts, and is no check of that day.
    """
    with ledger.reading() as connection:
        named = _named(connection, found)
        states = {event.alert_id: event.state for event in _events(connection.execute(_last_events()))}
    return replace(found, found=tuple(replace(one, state=states.get(one.id, _NEW)) for one in named))


def _named(connection: Connection, found: Alerts) -> list[Alert]:
    """Return the alerts under the ids by which they were told before."""
    ids = _known_ids(connection, found.found)
    return [
        replace(one, id=ids.get(one.id, one.id), parent=ids.get(one.parent, one.parent))
        for one in found.found
    ]


def _see(ledger: Ledger, found: Alerts) -> Alerts:
    with ledger.reading() as connection:
        named = _named(connection, found)
    with ledger.writing() as connection:
        for one in named:
            _write(connection, one)
        states = {event.alert_id: event for event in _events(connection.execute(_last_events()))}
        for one in named:
            _reopen(connection, one, states)
        first = _by_id(connection, ALERTS.c.first_seen)
    told = (replace(one, first_seen=first[one.id], state=states[one.id].state) for one in named)
    return replace(found, found=tuple(told))


def _known_ids(connection: Connection, found: Sequence[Alert]) -> dict[str, str]:
    """Return the ids under which alerts were told before, by the ids they have now; each id once."""
    rows = connection.execute(select(ALERTS).order_by(ALERTS.c.last_seen)).all()
    known, taken = {row.alert_id for row in rows}, {one.id for one in found}
    by = {(row.rule, row.part, row.side): row for row in rows}
    ids: dict[str, str] = {}
    for one in found:
        row = by.get((one.rule, key_of(one.rule, one.scope), _side(one)))
        if one.id in known or row is None or row.alert_id in taken:
            continue
        if row.first_seen <= one.date and one.first_seen <= row.last_seen:
            ids[one.id] = row.alert_id
            taken.add(row.alert_id)
    return ids


def _write(connection: Connection, one: Alert) -> None:
    """Bring the row of an alert up to date; where it has none, give it one, and its first state."""
    now = {"last_seen": one.date, "level": one.level, "stake": None if isnan(one.stake) else float(one.stake)}
    own = ALERTS.c.alert_id == one.id
    if connection.execute(update(ALERTS).where(own, ALERTS.c.last_seen <= one.date).values(now)).rowcount:
        return
    if connection.execute(select(ALERTS.c.alert_id).where(own)).first():
        return
    new = {
        "alert_id": one.id, "rule": one.rule, "rule_version": one.version,
        "part": key_of(one.rule, one.scope), "side": _side(one), "first_seen": one.first_seen,
    }  # fmt: skip
    connection.execute(insert(ALERTS).values(new | now))
    _add(connection, Event(one.id, _NEW, "", "", _now(), one.date))


def _reopen(connection: Connection, one: Alert, states: dict[str, Event]) -> None:
    """Make an alert new again that was solved and shows on a later day."""
    last = states[one.id]
    if last.state == "solved" and one.date > last.day:
        states[one.id] = Event(one.id, _NEW, "", "", _now(), one.date)
        connection.execute(update(ALERTS).where(ALERTS.c.alert_id == one.id).values(first_seen=one.date))
        _add(connection, states[one.id])


def mark(ledger: Ledger, alert_id: str, state: State, by: str, note: str = "") -> Event:
    """Say what state an alert is in, and who says so; LedgerError for an id that was never told."""
    with ledger.reading() as connection:
        days = _by_id(connection, ALERTS.c.last_seen)
    if alert_id not in days:
        todo = suggest(alert_id, days) if days else "reportkit alerts tells what there is"
        raise LedgerError(f'no alert "{alert_id}"', where=ledger.where, todo=todo)
    event = Event(alert_id, state, by, note, _now(), max(days.values()))
    with ledger.writing() as connection:
        _add(connection, event)
    return event


def events(ledger: Ledger, alert_id: str) -> list[Event]:
    """Return the history of an alert, the oldest first; nothing for an id that was never told."""
    asked = select(ALERT_EVENTS).where(ALERT_EVENTS.c.alert_id == alert_id).order_by(ALERT_EVENTS.c.event_id)
    with ledger.reading() as connection:
        return list(_events(connection.execute(asked)))


def acknowledged(ledger: Ledger) -> Mapping[str, date]:
    """Return up to which business date somebody has said something of each rule and part."""
    asked = (
        select(ALERTS.c.part, func.max(ALERT_EVENTS.c.day))
        .join(ALERT_EVENTS, ALERT_EVENTS.c.alert_id == ALERTS.c.alert_id)
        .where(ALERT_EVENTS.c.state != _NEW)
        .group_by(ALERTS.c.part)
    )
    with ledger.reading() as connection:
        return dict(map(tuple, connection.execute(asked)))


def precision(ledger: Ledger) -> list[Judged]:
    """Return how often each rule was right, by its id; the last verdict on an alert is the one that counts."""
    verdicts = _last_events(ALERT_EVENTS.c.state.in_(_VERDICTS))
    with ledger.reading() as connection:
        rules = _by_id(connection, ALERTS.c.rule)
        last = {event.alert_id: event.state for event in _events(connection.execute(verdicts))}
    found = []
    for rule in sorted(set(rules.values())):
        own = [name for name, of in rules.items() if of == rule]
        judged = [last[name] for name in own if name in last]
        found.append(Judged(rule, len(own), len(judged), judged.count("false")))
    return found


def _by_id(connection: Connection, column: Column[Any]) -> dict[str, Any]:
    """Return a column of the alerts by their ids."""
    return dict(map(tuple, connection.execute(select(ALERTS.c.alert_id, column))))


def _last_events(*where: Any) -> Select[Any]:
    """Return the SELECT of the last event of every alert, of those events that meet the conditions."""
    last = select(func.max(ALERT_EVENTS.c.event_id)).where(*where).group_by(ALERT_EVENTS.c.alert_id)
    return select(ALERT_EVENTS).where(ALERT_EVENTS.c.event_id.in_(last))


def _events(rows: Any) -> Iterator[Event]:
    row: Row[Any]
    for row in rows:
        yield Event(row.alert_id, row.state, row.by_whom, row.note, row.at, row.day)


def _add(connection: Connection, event: Event) -> None:
    values = {
        "alert_id": event.alert_id, "state": event.state, "by_whom": event.by, "note": event.note,
        "at": event.at, "day": event.day,
    }  # fmt: skip
    connection.execute(insert(ALERT_EVENTS).values(values))


def _side(one: Alert) -> int:
    return -1 if one.actual < one.expected else 1


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
