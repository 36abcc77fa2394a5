"""The page of a running promotion, for those who steer it, on paper and on a phone."""

from reportkit.show.daily.course import course, today
from reportkit.show.daily.cover import cover
from reportkit.show.daily.headline import cards, headline
from reportkit.show.daily.platforms import operations, platforms

__all__ = ["cards", "course", "cover", "headline", "operations", "platforms", "today"]
