"""What a notebook may be asked: the cell tagged ``parameters``, read without running it."""

from __future__ import annotations

import ast
import io
import json
import math
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportkit.errors import ParameterError, suggest

__all__ = ["Parameter", "check_parameters", "read_parameters"]

_TAG = "parameters"
_PROBLEMS_SHOWN = 10
_NAMES = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "a mapping",
    type(None): "nothing",
}


@dataclass(frozen=True)
class Parameter:
    """One parameter: its `default`, where that is a plain value (`plain`), and the comment beside it."""

    name: str
    default: Any
    plain: bool
    help: str


def read_parameters(notebook: Path) -> dict[str, Parameter]:
    """Return the parameters of `notebook` by name, in the order they are written.

    Raises ParameterError where the file is not a notebook, or its first cell tagged ``parameters``
    is absent or not Python.
    """
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        tagged = [cell for cell in cells if _TAG in cell.get("metadata", {}).get("tags", ())]
        source = "".join(tagged[0]["source"]) if tagged else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ParameterError(f"not a notebook: {error}", where=str(notebook)) from error
    if source is None:
        raise ParameterError(
            "no cell is tagged parameters",
            where=str(notebook),
            todo="tag the cell that assigns project, period, scope and as_of",
        )
    return _assigned(source, str(notebook))


def _assigned(source: str, where: str) -> dict[str, Parameter]:
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise ParameterError(f"the parameters cell: {error}", where=where) from error
    comments = _comments(source)
    found: dict[str, Parameter] = {}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        for target in targets:
            if isinstance(target, ast.Name) and value is not None:
                default, plain = _plain(value)
                note = comments.get(node.end_lineno or 0, "")
                found[target.id] = Parameter(target.id, default, plain, note)
    return found


def _plain(value: ast.expr) -> tuple[Any, bool]:
    try:
        return ast.literal_eval(value), True
    except ValueError:
        return None, False


def _comments(source: str) -> dict[int, str]:
    """Return the comments of `source` by line number."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}


def check_parameters(given: Mapping[str, Any], declared: Mapping[str, Parameter], where: str) -> None:
    """Refuse what the notebook does not take: unknown names, values JSON does not have, other types.

    A value has the type of its default: a date stays text, "007" stays text. Where the default is
    None or computed, any JSON value will do. Raises ParameterError with up to 10 problems.
    """
    problems = [problem for name, value in given.items() if (problem := _problem(name, value, declared))]
    if problems:
        more = len(problems) - _PROBLEMS_SHOWN
        shown = problems[:_PROBLEMS_SHOWN] + ([f"… and {more} more"] if more > 0 else [])
        raise ParameterError("; ".join(shown), where=where)


def _problem(name: str, value: Any, declared: Mapping[str, Parameter]) -> str:
    if name not in declared:
        return f'no parameter "{name}", {suggest(name, declared)}'
    if flaw := _not_json(value):
        return f"{name}: {flaw}"
    parameter = declared[name]
    if parameter.plain and not _fits(value, parameter.default):
        expected, found = _NAMES.get(type(parameter.default), "another type"), _NAMES[type(value)]
        return f"{name}: expected {expected} such as {parameter.default!r}, found {found}: {value!r}"
    return ""


def _fits(value: Any, default: Any) -> bool:
    if default is None:
        return True
    return type(value) is type(default) or (type(value) is int and type(default) is float)


def _not_json(value: Any) -> str:
    """Say what of `value` JSON cannot hold; papermill would turn it into text."""
    if isinstance(value, dict):
        odd = next((key for key in value if not isinstance(key, str)), None)
        inner: list[Any] = list(value.values())
        flaw = "" if odd is None else f"the key {odd!r} is not text"
    else:
        inner, flaw = (value, "") if isinstance(value, list) else ([], "")
        if type(value) not in _NAMES or (isinstance(value, float) and not math.isfinite(value)):
            flaw = f"{type(value).__name__} {value} is not a JSON value; write it as text, in quotes"
    return flaw or next(filter(None, map(_not_json, inner)), "")
