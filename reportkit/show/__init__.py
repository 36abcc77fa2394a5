"""What a notebook displays. Each function takes results of ``report.metrics`` and returns a display."""

from reportkit.show.advised import advised
from reportkit.show.alarms import alarms
from reportkit.show.backtest import alert_months, alert_rules, alert_tuning, alert_verdict
from reportkit.show.bridge import bridge
from reportkit.show.cards import cards
from reportkit.show.filed import coverage
from reportkit.show.goals import goal_cards, goal_verdict
from reportkit.show.headlines import headlines
from reportkit.show.health import health
from reportkit.show.lacking import lacking
from reportkit.show.needs import todo
from reportkit.show.notes import unknowns
from reportkit.show.progress import attainment, progress
from reportkit.show.reconciled import reconciliation
from reportkit.show.refused import gaps, refusals
from reportkit.show.settled import settlement, unmapped
from reportkit.show.shares import shares
from reportkit.show.tables import table
from reportkit.show.trend import trend
from reportkit.show.trust import checks, quality_verdict
from reportkit.show.verdict import verdict

__all__ = [
    "advised",
    "alarms",
    "alert_months",
    "alert_rules",
    "alert_tuning",
    "alert_verdict",
    "attainment",
    "bridge",
    "cards",
    "checks",
    "coverage",
    "gaps",
    "goal_cards",
    "goal_verdict",
    "headlines",
    "health",
    "lacking",
    "progress",
    "quality_verdict",
    "reconciliation",
    "refusals",
    "settlement",
    "shares",
    "table",
    "todo",
    "trend",
    "unknowns",
    "unmapped",
    "verdict",
]
