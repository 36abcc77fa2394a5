"""The page about products: what sells and earns, what lies or lacks, what is new, bought together, bought again."""

from reportkit.show.product.buyers import pairs, repurchase, roles
from reportkit.show.product.efficiency import cuts, pages, quadrants, worst
from reportkit.show.product.fresh import launch_list, launches
from reportkit.show.product.headline import headline
from reportkit.show.product.mix import categories, pareto
from reportkit.show.product.pace import seasons, turnover
from reportkit.show.product.stock import health, states
from reportkit.show.product.supply import allocation, outages, slow
from reportkit.show.product.top import top

__all__ = [
    "allocation",
    "categories",
    "cuts",
    "headline",
    "health",
    "launch_list",
    "launches",
    "outages",
    "pages",
    "pairs",
    "pareto",
    "quadrants",
    "repurchase",
    "roles",
    "seasons",
    "slow",
    "states",
    "top",
    "turnover",
    "worst",
]
