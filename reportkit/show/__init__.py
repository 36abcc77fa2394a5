"""What a notebook displays. Each function takes results of ``report.metrics`` and returns a display."""

from reportkit.show.bridge import bridge
from reportkit.show.cards import cards
from reportkit.show.goals import goal_cards, goal_verdict
from reportkit.show.notes import unknowns
from reportkit.show.progress import attainment, progress
from reportkit.show.shares import shares
from reportkit.show.tables import table
from reportkit.show.trend import trend
from reportkit.show.verdict import verdict

__all__ = [
    "attainment",
    "bridge",
    "cards",
    "goal_cards",
    "goal_verdict",
    "progress",
    "shares",
    "table",
    "trend",
    "unknowns",
    "verdict",
]
