"""What a period's boards tell of alerts and advice, found once for all of them."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from reportkit.advice.advice import Advice
from reportkit.advice.advise import advise, unfed
from reportkit.advice.book import read_book
from reportkit.alerts import Alert, Alerts, alerts
from reportkit.alerts.book import read_book as read_rules
from reportkit.ledger import Ledger, known
from reportkit.metrics.periods import Period
from reportkit.models import Named
from reportkit.study import Study

__all__ = ["Findings", "find", "found_once"]

Scope = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Findings:
    """The alerts of `period` as of its last day seen, and the advice; their numbers are those of the whole business.

    `names` are the rules' by id, `unfed` the rules of advice that nothing can feed, `boards` the owners that each
    board speaks to.
    """

    period: Period
    as_of: date
    alerts: Alerts
    advice: tuple[Advice, ...]
    unfed: Mapping[str, tuple[str, ...]]
    names: Mapping[str, Named]
    boards: Mapping[str, tuple[str, ...]]
    scope: Scope = field(default_factory=dict)

    @property
    def last(self) -> date:
        """The last day seen."""
        return min(self.period.end, self.as_of)

    def within(self, scope: Scope) -> Findings:
        """Return what concerns the parts that `scope` names, by dimension; everything where it names none."""
        if not scope:
            return self
        kept = [one for one in self.alerts.found if _inside(one.scope, scope)]
        ids = {one.id for one in kept}
        single = tuple(one if one.parent in ids else replace(one, parent="") for one in kept)
        advised = tuple(one for one in self.advice if _inside(one.about, scope))
        return replace(self, alerts=replace(self.alerts, found=single), advice=advised)

    def risks(self, board: str) -> list[Alert]:
        """Return what a board warns of, the gravest first, without what is told with another or closed."""
        return [one for one in self._of(board) if one.kind == "risk" and not one.closed]

    def closed(self, board: str) -> int:
        """Return how many alerts of a board somebody has marked as solved or false."""
        return sum(one.closed for one in self._of(board))

    def chances(self, board: str) -> list[Alert]:
        """Return what moves the good way on a board, the most money first."""
        return sorted(
            (one for one in self._of(board) if one.kind == "opportunity" and not one.closed),
            key=lambda one: -one.stake,
        )

    def advised(self, board: str) -> list[Advice]:
        """Return what a board advises."""
        owners = self.boards.get(board)
        return [one for one in self.advice if owners is None or one.owner in owners]

    def _of(self, board: str) -> Iterator[Alert]:
        owners = self.boards.get(board)
        return (
            one for one in self.alerts.found if not one.parent and (owners is None or one.owner in owners)
        )


def _inside(about: Mapping[str, str], scope: Scope) -> bool:
    return all(name in about and about[name] in values for name, values in scope.items())


def find(study: Study) -> Findings | None:
    """Return the findings of a study of the whole business; None where its period has not begun."""
    if study.period.start > study.last or study.metrics.last_day is None:
        return None
    book, rules = read_book(study.project), read_rules(study.project)
    since = max(study.period.start, study.last - timedelta(days=book.days - 1))
    told = known(Ledger.open(study.project), alerts(study.metrics, study.last, since))
    names = {name: rule.name for name, rule in {**rules.rules, **book.rules}.items()}
    return Findings(study.period, study.as_of, told, advise(study, told), unfed(study), names, book.boards)


def found_once(path: Path, study: Callable[[], Study]) -> Findings | None:
    """Return what stands in the file `path`; who comes first finds it, whoever comes meanwhile waits."""
    with _alone(path.with_suffix(".lock")):
        if path.exists():
            there: Findings | None = pickle.loads(path.read_bytes())
            return there
        told = find(study())
        path.write_bytes(pickle.dumps(told))
        return told


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the file `path` until done; where the system cannot, everyone works for himself."""
    with path.open("w") as file:
        with suppress(ImportError):
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield
