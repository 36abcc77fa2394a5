"""The service board: refunds and what they come to, why, how long cases take, what buyers say, who should act."""

from reportkit.show.service.faults import faults
from reportkit.show.service.handling import backlog, hours, weeks
from reportkit.show.service.opening import cards, verdict
from reportkit.show.service.parts import stages, weights
from reportkit.show.service.reasons import across, products, reasons
from reportkit.show.service.refunds import curves, finals, trend
from reportkit.show.service.scores import scores, topics
from reportkit.show.service.tasks import tasks

__all__ = [
    "across",
    "backlog",
    "cards",
    "curves",
    "faults",
    "finals",
    "hours",
    "products",
    "reasons",
    "scores",
    "stages",
    "tasks",
    "topics",
    "trend",
    "verdict",
    "weeks",
    "weights",
]
