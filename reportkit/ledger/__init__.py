"""What must outlive a run: the alerts that were told, and what became of them."""

from reportkit.ledger.alerts import Event, Judged, acknowledged, events, known, mark, precision, see
from reportkit.ledger.store import Ledger

__all__ = ["Event", "Judged", "Ledger", "acknowledged", "events", "known", "mark", "precision", "see"]
