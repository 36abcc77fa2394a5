"""How the page about causes speaks of nodes, their sizes, and what they are about."""

from __future__ import annotations

from datetime import date

from reportkit.show.blocks import money, span
from reportkit.show.display import Pen
from reportkit.show.names import has_cjk
from reportkit.show.numbers import MISSING
from reportkit.show.platform.said import factor_name, line_name
from reportkit.show.service.said import between, product
from reportkit.study.why import Causes
from reportkit.study.why.node import Node

__all__ = ["claim", "department", "goal_name", "quoted", "size", "whole"]

_LINES = ("account", "product_line", "campaign")
_ARITHMETIC = ("branch", "place")


def goal_name(pen: Pen, request: str) -> str:
    """Return what a reader calls the metric of a goal, with its basis."""
    return pen.spoken(request).full_name


def department(pen: Pen, name: str) -> str:
    """Return what a reader calls a department of the forms."""
    key = f"causes.department_{name}"
    return pen.words(key) if pen.words.has(key) else name


def quoted(pen: Pen, text: str) -> str:
    """Return what somebody wrote; a reader of another language is told where it stands."""
    return text if pen.words.lang == "zh" or not has_cjk(text) else pen.words("causes.in_chinese")


def claim(pen: Pen, node: Node) -> str:
    """Return what a node states, without its size."""
    words, dims = pen.words, node.dims
    if node.what == "branch":
        return words(f"causes.claim_branch_{dims['state']}", branch=words(f"causes.branch_{dims['branch']}"))
    if node.what == "place":
        return words("causes.claim_place", part=_part(pen, node), factor=factor_name(pen, dims["factor"]))
    if node.what == "kind":
        return words(f"causes.kind_{dims['kind']}")
    return words(
        f"causes.claim_{node.what}", who=_who(pen, node), days=_days(pen, node), factor=_factor(pen, node)
    )


def size(pen: Pen, told: Causes, node: Node) -> str:
    """Return how much a node says it is, with its range where it is an estimate."""
    words, figure = pen.words, node.figure
    if figure is None:
        return MISSING
    if node.what in _ARITHMETIC:
        than = words(f"change.than_{told.change.against}")
        aim = words.numbers.signed(node.aim.value, "money") if node.aim else ""
        return words(
            "causes.size_effect", than=than, amount=words.numbers.signed(figure.value, "money"), aim=aim
        )
    amount = words.amount(figure.value, figure.unit)
    if node.what == "kind":
        return words(
            "causes.size_kind", count=len(node.children),
            amount=money(pen, figure.value) if node.money else "",
            verb=words(f"causes.verb_{node.dims['kind']}"),
        )  # fmt: skip
    if node.what == "element":
        return words("causes.size_element", share=words.numbers.rate(figure.value, 0))
    known = node.low is not None and node.high is not None
    range_ = between(pen, node.low or 0.0, node.high or 0.0, figure.unit) if known else ""
    return words("causes.size_driver", verb=words(f"causes.verb_{node.what}"), amount=amount, range=range_)


def whole(pen: Pen, told: Causes, node: Node) -> str:
    """Return a node's claim with its size."""
    return pen.words("causes.whole", claim=claim(pen, node), size=size(pen, told, node))


def _part(pen: Pen, node: Node) -> str:
    name = next(name for name in node.dims if name in ("platform", "shop"))
    return pen.name(name, node.dims[name])


def _factor(pen: Pen, node: Node) -> str:
    return factor_name(pen, node.dims["factor"]) if "factor" in node.dims else ""


def _days(pen: Pen, node: Node) -> str:
    if "first" not in node.dims:
        return ""
    return span(pen, *(date.fromisoformat(node.dims[end]) for end in ("first", "last")))


def _who(pen: Pen, node: Node) -> str:
    """Return what a reader calls the object of a node."""
    dims = node.dims
    line = next((name for name in _LINES if name in dims), None)
    if line:
        return pen.words("causes.both", first=_part(pen, node), second=line_name(pen, line, dims[line]))
    if node.what == "channel":
        return pen.words("causes.both", first=_part(pen, node), second=pen.name("channel", dims["channel"]))
    if node.what == "element":
        name = next(name for name in dims if name not in ("platform", "shop", "factor"))
        return pen.words("causes.both", first=_part(pen, node), second=pen.name(name, dims[name]))
    if "sku" in dims:
        return pen.name("sku", dims["sku"])
    return product(pen, dims["style"]) if "style" in dims else _part(pen, node)
