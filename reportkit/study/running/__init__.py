"""A promotion while it runs."""

from reportkit.study.running.running import Running, Stage

__all__ = ["Running", "Stage"]
