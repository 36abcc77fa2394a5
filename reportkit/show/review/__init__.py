"""What the phases of a review show."""

from reportkit.show.review.cards import cards
from reportkit.show.review.carried import carried
from reportkit.show.review.changes import changes, projections
from reportkit.show.review.decided import decided
from reportkit.show.review.opening import lessons, reasons
from reportkit.show.review.parts import parts
from reportkit.show.review.plan import plan_verdict, sorted_out, wheel
from reportkit.show.review.proposed import entries, proposed
from reportkit.show.review.targets import targets

__all__ = [
    "cards",
    "carried",
    "changes",
    "decided",
    "entries",
    "lessons",
    "parts",
    "plan_verdict",
    "projections",
    "proposed",
    "reasons",
    "sorted_out",
    "targets",
    "wheel",
]
