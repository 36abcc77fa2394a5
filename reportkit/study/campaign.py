"""What a review asks the analysis, each question answered once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from reportkit.study.actions import Actions, actions
from reportkit.study.aims import Aims, aims
from reportkit.study.growth import Growth, growth
from reportkit.study.newcomers import Newcomers, newcomers
from reportkit.study.phases import Phases, phases, promo_calendar
from reportkit.study.promotion import Promotion, read_promotion
from reportkit.study.review import Review, read_review
from reportkit.study.study import Study
from reportkit.study.uplift import Uplift, uplift
from reportkit.study.why import Causes, causes

__all__ = ["Campaign"]


@dataclass
class Campaign:
    """The promotion that a study's period is; of any other period there are no phases and no uplift."""

    study: Study

    @cached_property
    def rules(self) -> Promotion:
        """How promotions are measured and judged."""
        return read_promotion(self.study.project)

    @cached_property
    def calendar(self) -> pd.DataFrame:
        """Every phase of every promotion, platform by platform (study.phases.promo_calendar)."""
        return promo_calendar(self.study, self.rules.phases)

    @cached_property
    def phases(self) -> Phases | None:
        """Its phases against those of the promotion it is compared with."""
        return phases(self.study, self.rules.phases, self.calendar)

    @cached_property
    def uplift(self) -> Uplift | None:
        """What it brought beyond what its days would have brought without it."""
        return uplift(self.study, self.rules, self.calendar)

    @cached_property
    def newcomers(self) -> Newcomers | None:
        """New buyers beside returning ones, and how many of the new ones came back."""
        return newcomers(self.study, self.rules, self.calendar)

    @cached_property
    def growth(self) -> Growth:
        """Whether sales grew, what got worse meanwhile, and on how few parts they rest."""
        return growth(self.study, self.rules, self.phases, self.newcomers)

    @cached_property
    def review(self) -> Review:
        """What a review holds targets and actions to."""
        return read_review(self.study.project)

    @cached_property
    def aims(self) -> Aims:
        """Its targets, and whether they were sound."""
        return aims(self.study, self.review.aims)

    @cached_property
    def actions(self) -> Actions:
        """What was decided in reviews, and what became of it."""
        return actions(self.study, self.review.actions)

    @cached_property
    def causes(self) -> Causes:
        """Why its targets were missed."""
        return causes(self.study)
