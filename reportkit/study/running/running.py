"""A promotion while it runs: what those who steer it ask every few hours, each question answered once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import pandas as pd

from reportkit.study.running.clock import Clock, read_clock
from reportkit.study.running.cover import Cover, read_cover
from reportkit.study.running.hours import Hours, read_hours
from reportkit.study.running.pace import Pace, read_pace
from reportkit.study.running.returned import Returned, read_returned
from reportkit.study.running.rules import RunningRules, read_running
from reportkit.study.running.spend import Spend, read_spend
from reportkit.study.running.waiting import Waiting, read_waiting
from reportkit.study.study import Study

__all__ = ["Running", "Stage"]

Stage = Literal["empty", "ahead", "running", "over"]


@dataclass
class Running:
    """The study of a promotion at a moment of its last day seen; at its latest order unless `moment` is earlier."""

    study: Study
    moment: pd.Timestamp | None = None

    @cached_property
    def rules(self) -> RunningRules:
        """What is followed, and when it is called."""
        return read_running(self.study.project)

    @cached_property
    def clock(self) -> Clock:
        """Until when orders are known."""
        return read_clock(self.study, self.rules, self.moment)

    @property
    def now(self) -> pd.Timestamp:
        """The latest moment known; the end of the last day seen where there is no order at all."""
        return (
            self.clock.now
            if self.clock.now is not None
            else pd.Timestamp(self.study.as_of) + pd.Timedelta(days=1)
        )

    @property
    def seen(self) -> pd.Timestamp:
        """The latest moment of the promotion that is known: now, or its end."""
        return min(self.now, pd.Timestamp(self.study.period.end) + pd.Timedelta(days=1))

    @property
    def stage(self) -> Stage:
        """Whether the promotion has not begun, runs or is over; ``empty`` where no order is known."""
        if self.clock.now is None:
            return "empty"
        if self.now <= pd.Timestamp(self.study.period.start):
            return "ahead"
        return "over" if self.now.date() > self.study.period.end else "running"

    @cached_property
    def hours(self) -> Hours:
        """What was sold hour by hour, and the course expected."""
        return read_hours(self.study, self.rules, self.clock)

    @cached_property
    def pace(self) -> Pace:
        """How it stands against its target and last year's, and where it ends."""
        return read_pace(self.study, self.rules, self.clock, self.hours)

    @cached_property
    def cover(self) -> Cover:
        """How long the stock of its best sellers lasts, on all platforms: it is one for all of them."""
        if self.study.scope:
            return Running(replace(self.study, scope={}), self.moment).cover
        return read_cover(self.study, self.rules, self.clock, self.hours)

    @cached_property
    def waiting(self) -> Waiting:
        """Which orders wait too long to leave."""
        return read_waiting(self.study, self.rules, self.clock)

    @cached_property
    def returned(self) -> Returned:
        """Whether more comes back than last year at the same age."""
        return read_returned(self.study, self.rules, self.clock, self.hours)

    @cached_property
    def spend(self) -> Spend:
        """What advertising has cost against its budget."""
        return read_spend(self.study, self.pace)
