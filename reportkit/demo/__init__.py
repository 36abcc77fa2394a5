"""A demo merchant with known truths, written in the platforms' own file layouts."""

from reportkit.demo.write import END, MONTHS, SEED, TRUTHS, write_demo

__all__ = ["END", "MONTHS", "PROMOTION", "SEED", "TRUTHS", "write_demo"]

PROMOTION = "618-2026"  # the last promotion that is over when the demo ends
