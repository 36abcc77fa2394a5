"""The course of a promotion: what a notebook shows of report.campaign."""

from reportkit.show.process.headline import headline, worth
from reportkit.show.process.increment import increment, platforms
from reportkit.show.process.people import buyers, cohorts
from reportkit.show.process.quality import concentration, growth
from reportkit.show.process.rhythm import curve, phases, warm

__all__ = [
    "buyers",
    "cohorts",
    "concentration",
    "curve",
    "growth",
    "headline",
    "increment",
    "phases",
    "platforms",
    "warm",
    "worth",
]
