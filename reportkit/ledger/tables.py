"""The tables of the ledger. Each topic adds its own here; nothing in them is of one database alone.

Days are business dates, moments are UTC.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, DateTime, Float, ForeignKey, Integer, MetaData, String, Table, Text

__all__ = ["ALERTS", "ALERT_EVENTS", "METADATA", "SCHEMA", "VERSION"]

VERSION = 1
"""Raised whenever a table that exists is changed."""

METADATA = MetaData()

SCHEMA = Table("ledger_schema", METADATA, Column("version", Integer, primary_key=True, autoincrement=False))

ALERTS = Table(
    "alerts",
    METADATA,
    Column("alert_id", String(200), primary_key=True),
    Column("rule", String(40), nullable=False, index=True),
    Column("rule_version", Integer, nullable=False),
    Column("part", String(200), nullable=False),
    Column("side", Integer, nullable=False),
    Column("first_seen", Date, nullable=False),
    Column("last_seen", Date, nullable=False),
    Column("level", String(10), nullable=False),
    Column("stake", Float),
)
"""Every incident that was ever told. `side` is 1 where the metric was above what was expected, -1 below."""

ALERT_EVENTS = Table(
    "alert_events",
    METADATA,
    Column("event_id", Integer, primary_key=True),
    Column("alert_id", String(200), ForeignKey(ALERTS.c.alert_id), nullable=False, index=True),
    Column("state", String(20), nullable=False),
    Column("by_whom", String(80), nullable=False),
    Column("note", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("day", Date, nullable=False),
)
"""What was said of an incident, only ever added to; the last is its state. `day` is the last day on which any had shown by then."""
