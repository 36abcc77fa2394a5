"""The morning check: what should be looked at today, and what rises."""

from reportkit.alerts.alert import Alert, Alerts
from reportkit.alerts.check import alerts

__all__ = ["Alert", "Alerts", "alerts"]
