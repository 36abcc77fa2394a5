"""What the numbers of a period call for: advice with its evidence, its owner and what it may bring."""

from reportkit.advice.advice import Advice, Effect
from reportkit.advice.advise import advise, unfed

__all__ = ["Advice", "Effect", "advise", "unfed"]
