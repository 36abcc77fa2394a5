"""``params/alerts.yaml``: the rules, and what they share."""

from __future__ import annotations

from reportkit.alerts.rules import Rule
from reportkit.analysis.anomaly import Memory
from reportkit.project import Project, Strict, load_model, read_yaml

__all__ = ["Around", "Book", "Drift", "read_book"]


class Around(Strict):
    """Days that are not like others.

    So many days to either side of a phase of a `promo` or of a day of Spring Festival (`festival`); for `recovery`
    days after the last of a promotion's `heights` (phases) nothing statistical is judged.
    """

    promo: int
    festival: int
    recovery: int
    heights: tuple[str, ...]


class Drift(Strict):
    """When many small differences make a drift (see analysis.anomaly.cusum)."""

    slack: float
    alarm: float


class Book(Strict):
    """``params/alerts.yaml``.

    `history` days are read before the first day judged, `recall` days are judged before the first asked for, so that
    an incident is told from its beginning. Rates and quotients stand against `before` days, the latter at `level`.
    `noise` is the variation of the money of one order (sd / mean). A trouble that warns is told when it shows on
    `persist` [days, of days]. A part that explains `fold` of the whole is told with it. `discovery` is the
    false discovery rate, `budget` how many a layer may show.
    """

    history: int
    recall: int
    before: int
    level: float
    noise: float
    persist: tuple[int, int]
    fold: float
    discovery: float
    budget: dict[str, int]
    around: Around
    memory: Memory
    drift: Drift
    rules: dict[str, Rule]


def read_book(project: Project) -> Book:
    """Read ``params/alerts.yaml``; ProjectError where it does not fit."""
    path = project.resource("params/alerts.yaml")
    return load_model(Book, read_yaml(path), str(path))
