"""Metrics: the dictionary in ``params/metrics``, the periods it is asked for, and the queries."""
