"""A demo merchant with known truths, written in the platforms' own file layouts."""

from reportkit.demo.write import END, MONTHS, SEED, TRUTHS, write_demo

__all__ = ["END", "MONTHS", "REISSUED", "REVIEW", "REVIEWED", "SEED", "TRUTHS", "write_demo"]

REVIEW = "1111-2025"
"""The promotion whose review the demo makes: Double 11, with a stock-out and late parcels in it."""

REVIEWED, REISSUED = "2025-11-29", "2025-12-14"
"""The last day that its review sees, 15 days after, and the one that a later issue sees, 30 days after."""
