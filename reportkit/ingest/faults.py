"""What can be wrong with a row: the reasons, and the SQL that tells which ones hold and on what text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "NOT_READ",
    "NOT_YET",
    "NO_RATE",
    "NO_VALUE",
    "OUT_OF_RANGE",
    "ROUNDED",
    "UNMAPPED",
    "Problem",
    "all_problems",
    "first_problem",
    "text_at_fault",
]

UNMAPPED = "a word nobody mapped"
NO_RATE = "no exchange rate for its day"
NO_VALUE = "no value"
NOT_READ = "not understood"
NOT_YET = "a date before 2000 or in the future"
OUT_OF_RANGE = "a date before 2000 or after 2099"
ROUNDED = "the number was rounded by a spreadsheet and is lost"


@dataclass(frozen=True)
class Problem:
    """Why rows are refused: the raw column at fault and the reason. `personal` hides the raw text."""

    column: str
    reason: str
    test: str
    raw: str
    personal: bool


def first_problem(problems: Sequence[Problem]) -> str:
    """Return the SQL for the place in `problems`, counted from 1, of the first that holds; 0 where none does."""
    cases = " ".join(f"WHEN {problem.test} THEN {n}" for n, problem in enumerate(problems, start=1))
    return f'CASE WHEN "#footer" THEN 0 {cases} ELSE 0 END'


def text_at_fault(problems: Sequence[Problem]) -> str:
    """Return the SQL for the text behind ``#problem``: at most 40 characters, long digit runs masked."""
    shown = [(n, problem.raw) for n, problem in enumerate(problems, start=1) if not problem.personal]
    cases = " ".join(f"WHEN {number} THEN {raw}" for number, raw in shown)
    masked = _masked(f'CASE "#problem" {cases} END')
    return f'CASE WHEN "#problem" > 0 THEN {masked} END' if shown else "NULL::VARCHAR"


def all_problems(problems: Sequence[Problem]) -> str:
    """Return the SQL for the list of what is wrong beside ``#problem``, each with its text."""
    told = ", ".join(
        f'CASE WHEN {n} > "#problem" AND {problem.test} THEN '
        f"{{'problem': {n}, 'raw': {'NULL::VARCHAR' if problem.personal else _masked(problem.raw)}}} END"
        for n, problem in enumerate(problems, start=1)
    )
    return f'CASE WHEN "#problem" > 0 THEN [{told}] END'


def _masked(raw: str) -> str:
    return f"regexp_replace(left({raw}, 40), '[0-9]{{7,}}', '*******', 'g')"
