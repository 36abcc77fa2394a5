"""The page about causes: how a gap splits, where it lies, the tree, what people say, one case."""

from reportkit.show.causes.case import case
from reportkit.show.causes.front import doubts, voices
from reportkit.show.causes.gap import gap, where
from reportkit.show.causes.opening import headline
from reportkit.show.causes.tree import tree, whys

__all__ = ["case", "doubts", "gap", "headline", "tree", "voices", "where", "whys"]
