"""One family of figures. Each takes words and numbers as they are printed and returns the paper it drew on."""

from reportkit.show.figures.bars import Bar, bars
from reportkit.show.figures.boxes import Box, boxes
from reportkit.show.figures.bridge import Step, bridge, bridge_start
from reportkit.show.figures.bullets import Bullet, bullets
from reportkit.show.figures.curves import Band, Curve, curves
from reportkit.show.figures.dumbbells import Pair, dumbbells
from reportkit.show.figures.funnels import Funnel, FunnelStep, funnels
from reportkit.show.figures.heat import HeatRow, heat
from reportkit.show.figures.kit import Mark, Reference, Scale
from reportkit.show.figures.multiples import Cell, column_multiples, line_multiples
from reportkit.show.figures.palette import PLATFORMS, platform_color
from reportkit.show.figures.panel import Panel
from reportkit.show.figures.paper import Paper, fitted, text_width
from reportkit.show.figures.pareto import ParetoRow, pareto
from reportkit.show.figures.points import Axis, Point
from reportkit.show.figures.quadrants import quadrants
from reportkit.show.figures.stacks import Stack, diverging, stacked
from reportkit.show.figures.timeline import timeline
from reportkit.show.figures.zones import Zone, zones

__all__ = [
    "PLATFORMS",
    "Axis",
    "Band",
    "Bar",
    "Box",
    "Bullet",
    "Cell",
    "Curve",
    "Funnel",
    "FunnelStep",
    "HeatRow",
    "Mark",
    "Pair",
    "Panel",
    "Paper",
    "ParetoRow",
    "Point",
    "Reference",
    "Scale",
    "Stack",
    "Step",
    "Zone",
    "bars",
    "boxes",
    "bridge",
    "bridge_start",
    "bullets",
    "column_multiples",
    "curves",
    "diverging",
    "dumbbells",
    "fitted",
    "funnels",
    "heat",
    "line_multiples",
    "pareto",
    "platform_color",
    "quadrants",
    "stacked",
    "text_width",
    "timeline",
    "zones",
]
