"""What a report asks the analysis. One module a topic: it queries, calls the method, keeps the rows behind it."""

from reportkit.study.study import Study

__all__ = ["Study"]
