"""The page about platforms: what each came to, why, and what its advertising, visitors and buyers say of it."""

from reportkit.show.platform.classes import classes
from reportkit.show.platform.factors import chains, factors, mixture, roots
from reportkit.show.platform.funnels import funnels
from reportkit.show.platform.goals import goals
from reportkit.show.platform.influencers import influencers
from reportkit.show.platform.matrix import matrix
from reportkit.show.platform.sources import bought, carriers, sources
from reportkit.show.platform.spending import allocation, returns, spend_shares
from reportkit.show.platform.structure import categories, regions
from reportkit.show.platform.told import headline, summaries
from reportkit.show.platform.trends import trends

__all__ = [
    "allocation",
    "bought",
    "carriers",
    "categories",
    "chains",
    "classes",
    "factors",
    "funnels",
    "goals",
    "headline",
    "influencers",
    "matrix",
    "mixture",
    "regions",
    "returns",
    "roots",
    "sources",
    "spend_shares",
    "summaries",
    "trends",
]
