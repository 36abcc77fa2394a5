"""Why targets were missed: the cause tree, from what the data tell down to what people answer."""

from reportkit.study.why.tree import Causes, causes

__all__ = ["Causes", "causes"]
