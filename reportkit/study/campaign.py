"""What a review asks the analysis about one promotion, each question answered once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from reportkit.study.phases import Phases, phases, promo_calendar
from reportkit.study.promotion import Promotion, read_promotion
from reportkit.study.study import Study
from reportkit.study.uplift import Uplift, uplift

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
    def phases(self) -> Phases | None:
        """Its phases against those of the promotion it is compared with."""
        return phases(self.study, self.rules.phases)

    @cached_property
    def uplift(self) -> Uplift | None:
        """What it brought beyond what its days would have brought without it."""
        calendar = promo_calendar(self.study, self.rules.phases)
        return uplift(self.study, self.rules, calendar)
