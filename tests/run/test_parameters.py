"""What a notebook's parameters cell lets through."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reportkit.errors import ParameterError
from reportkit.run.parameters import Parameter, check_parameters, read_parameters
from tests.run.shop import notebook_text, write

CELL = """\
day = "2025-11-30"  # last day
shop = "001"
top: int = 10  # how many
share = 0.5
strict = True
tags = []
scope = {}
as_of = None
computed = 2 + 3j * top
"""


@pytest.fixture
def declared(tmp_path: Path) -> dict[str, Parameter]:
    """The parameters of a notebook with one of each type."""
    path = tmp_path / "notebook.ipynb"
    write(path, notebook_text(parameters=CELL))
    return read_parameters(path)


def test_names_defaults_and_help(declared: dict[str, Parameter]) -> None:
    """Assignments are read without running them; the comment beside is the help."""
    assert list(declared) == ["day", "shop", "top", "share", "strict", "tags", "scope", "as_of", "computed"]
    assert declared["top"] == Parameter("top", 10, True, "how many")
    assert not declared["computed"].plain


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("day", "2025-12-01"),
        ("shop", "007"),
        ("top", 7),
        ("share", 1),
        ("strict", False),
        ("tags", ["a", 1, None]),
        ("scope", {"platform": ["tmall"]}),
        ("as_of", "2025-11-30"),
        ("as_of", None),
        ("computed", {"any": "value"}),
    ],
)
def test_values_of_the_defaults_type_pass(declared: dict[str, Parameter], name: str, value: Any) -> None:
    """A value of the default's type passes; anything passes where the default says nothing."""
    check_parameters({name: value}, declared, "n")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("shop", 7, "shop: expected text such as '001', found a whole number: 7"),
        ("day", date(2025, 11, 30), "day: date 2025-11-30 is not a JSON value; write it as text, in quotes"),
        ("day", None, "day: expected text such as '2025-11-30', found nothing: None"),
        ("top", True, "top: expected a whole number such as 10, found true or false: True"),
        ("top", 1.5, "top: expected a whole number such as 10, found a number: 1.5"),
        ("strict", 1, "strict: expected true or false such as True, found a whole number: 1"),
        ("tags", ("a",), "tags: tuple ('a',) is not a JSON value; write it as text, in quotes"),
        ("share", Decimal("1"), "share: Decimal 1 is not a JSON value; write it as text, in quotes"),
        ("share", float("nan"), "share: float nan is not a JSON value; write it as text, in quotes"),
        ("scope", {7: ["a"]}, "scope: the key 7 is not text"),
        (
            "scope",
            {"a": [date(2025, 1, 1)]},
            "scope: date 2025-01-01 is not a JSON value; write it as text, in quotes",
        ),
        ("tpo", 7, 'no parameter "tpo", did you mean "top"?'),
    ],
)
def test_types_do_not_rot(declared: dict[str, Parameter], name: str, value: Any, said: str) -> None:
    """What would become another type on the way, or would be ignored, is refused."""
    with pytest.raises(ParameterError) as caught:
        check_parameters({name: value}, declared, "n")
    assert str(caught.value) == f"n: {said}"


def test_problems_are_bounded(declared: dict[str, Parameter]) -> None:
    """Ten problems are listed, the rest are counted."""
    with pytest.raises(ParameterError, match="… and 15 more") as caught:
        check_parameters({f"x{number}": 1 for number in range(25)}, declared, "n")
    assert str(caught.value).count("no parameter") == 10


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not a notebook"),
        ('{"cells": 3}', "not a notebook"),
        ('{"cells": []}', "no cell is tagged parameters"),
        (notebook_text(parameters="a = = 1"), "the parameters cell: invalid syntax"),
    ],
)
def test_files_that_say_nothing(tmp_path: Path, text: str, said: str) -> None:
    """A file without readable parameters is refused by name."""
    path = tmp_path / "notebook.ipynb"
    write(path, text)
    with pytest.raises(ParameterError, match=said):
        read_parameters(path)
