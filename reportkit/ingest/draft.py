"""The YAML of a proposed source: what can be told as settings, what cannot as comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from textwrap import wrap

from reportkit import schema
from reportkit.ingest.propose import Guess, Proposal, RawGuess
from reportkit.ingest.rewrite import scalar

__all__ = ["draft"]

_WIDTH, _INDENT = 110, "#   "
_HEADERS = 8
_UNKNOWN_WORDS = 12
_WORD_LENGTH = 20
_STAMP = re.compile(r"20\d{6}(?:\d{2}){0,3}")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/\d{4}(?: (.*))?")
_UNIT_OF_NUMBER = re.compile(r"[\d,.]+ ?([个件次人%])")
_WORD = re.compile(r"\w+")


def draft(proposal: Proposal, platform: str, currency: str) -> str:
    """Return the text of ``params/sources/<platform>/<export>.yaml`` for `proposal`.

    Amounts are taken for `currency`. Lines that a person must fill in begin with ``# TODO``.
    """
    return "\n".join([*_head(proposal, platform), *_body(proposal, currency), *_rest(proposal), ""])


def _head(proposal: Proposal, platform: str) -> Iterator[str]:
    sheet = f', sheet "{proposal.sheet}"' if proposal.sheet else ""
    yield f"# Proposed from {proposal.file}: {proposal.kind}{sheet}, headers in row {proposal.header},"
    yield f"# {len(proposal.columns)} columns. Guessed by names and shapes: look at every line."
    stem = re.sub(r"[\d_\-()（）\s]+$", "", PurePath(proposal.file).stem) or "export"
    yield f"platform: {platform}"
    yield f"export: {{zh: {scalar(stem)}, en: {scalar(stem)}, where: TODO}}"
    mapped = dict.fromkeys(g.raw.header for guesses in proposal.tables.values() for g in guesses.values())
    needed = [raw.header for raw in proposal.columns if raw.header in mapped and not raw.personal][:_HEADERS]
    yield "recognise:"
    yield f"  headers: {_list(needed)}"
    yield f"unit: {_list(_unit(proposal.tables))}"
    if len(_STAMP.findall(proposal.file)) == 1:
        yield r"exported_at: '(?P<stamp>20\d{6,12})'"
    if personal := [raw.header for raw in proposal.columns if raw.personal]:
        yield f"personal: {_list(personal)}"
    if proposal.footers:
        yield f"skip_rows: {_list(proposal.footers)}"


def _list(names: list[str] | tuple[str, ...]) -> str:
    return f"[{', '.join(map(scalar, names))}]"


def _unit(tables: dict[str, dict[str, Guess]]) -> list[str]:
    """What a newer file replaces whole: an order, an entity with a key, a numbered entry, else a day."""
    name, guesses = next(iter(tables.items()))
    table = schema.table(name)
    if name in ("orders", "order_lines"):
        return ["platform_order_id"]
    if table.key and set(table.key) <= set(guesses):
        return list(table.key)
    if "flow_id" in guesses:
        return ["flow_id"]
    day = schema.table(name).column(table.day).derived_from or table.day if table.day else None
    days = [day, *(["date_to"] if name == "traffic" else [])] if day else []
    return [column for column in [*days, "shop_id", "spu_id"] if column in guesses or column in days] or [
        "TODO"
    ]


def _body(proposal: Proposal, currency: str) -> Iterator[str]:
    yield "tables:"
    for name, guesses in proposal.tables.items():
        yield f"  {name}:"
        yield "    columns:"
        meanings = {column.name: f"{column.meaning} ({column.type})" for column in schema.table(name).own}
        for lack in proposal.lacking:
            table, _, column = lack.partition(".")
            if table == name:
                yield f"      # TODO {column}: {meanings[column]}"
        for column, guess in guesses.items():
            kind = schema.table(name).column(column).type
            yield from (f"      {line}" for line in _column(column, guess, kind, currency))
        if name == "traffic":
            yield from (f"      {line}" for line in _traffic(guesses))


def _column(column: str, guess: Guess, kind: str, currency: str) -> Iterator[str]:
    near = f"  # its name is near {guess.near}" if guess.near else ""
    name = scalar(guess.raw.header)
    if guess.like.map is None:
        settings = _settings(guess, kind, currency)
        yield f"{column}: {{from: {name}, {settings}}}{near}" if settings else f"{column}: {name}{near}"
    elif isinstance(guess.like.map, str) and not guess.unknown:
        yield f"{column}: {{from: {name}, map: {guess.like.map}}}{near}"
    else:
        yield f"{column}:{near}"
        yield f"  from: {name}"
        yield "  map:" if guess.words else "  map: {}"
        yield from (f"    {scalar(str(word))}: {_ours(ours)}" for word, ours in guess.words.items())
        meaning = _meaning(column)
        for word in guess.unknown[:_UNKNOWN_WORDS]:
            yield f"    # TODO {scalar(word[:_WORD_LENGTH])}: {meaning}"


def _ours(word: str | bool | None) -> str:
    return "null" if word is None else str(word).lower() if isinstance(word, bool) else scalar(word)


def _meaning(column: str) -> str:
    """Return what the schema says `column` may hold, from the first table that has it."""
    found = (c.meaning for table in schema.tables().values() for c in table.own if c.name == column)
    return next(found, "")


def _settings(guess: Guess, kind: str, currency: str) -> str:
    if guess.like.private:
        return "private: true, optional: true"
    if guess.like.id:
        return "id: true"
    if guess.like.sql:
        name = guess.raw.header
        shown = name if _WORD.fullmatch(name) else f'"{name}"'
        return f"sql: {scalar(f'province({shown})')}, optional: true"
    if kind == "money":
        return f"money: {currency}"
    if kind in ("time", "date"):
        return _slashed(guess.raw, kind)
    units = {unit[1] for cell in guess.raw.cells if (unit := _UNIT_OF_NUMBER.fullmatch(cell))}
    return f"number: {scalar(units.pop())}" if kind in ("int", "number") and len(units) == 1 else ""


def _slashed(raw: RawGuess, kind: str) -> str:
    """The format of dates such as 31/12/2025, which only the merchant's country tells from 12/31/2025."""
    parts = [found for cell in raw.cells if (found := _SLASHED.fullmatch(cell))]
    if not parts:
        return ""
    day_first = not any(int(found[2]) > 12 for found in parts)
    clock = parts[0][3] or ""
    hours = "%I" if clock.endswith("M") else "%H"
    seconds = ":%S" if clock.count(":") > 1 else ""
    tail = f" {hours}:%M{seconds}{' %p' if clock.endswith('M') else ''}" if clock else ""
    return f'{kind}: ["{"%d/%m" if day_first else "%m/%d"}/%Y{tail}"]'


def _traffic(guesses: dict[str, Guess]) -> Iterator[str]:
    if "date_from" in guesses:
        settings = _settings(guesses["date_from"], "date", "")
        name = scalar(guesses["date_from"].raw.header)
        yield f"date_to: {{from: {name}, {settings}}}" if settings else f"date_to: {name}"
    yield f"scope: {{constant: {'item' if 'spu_id' in guesses else 'shop'}}}"
    yield "period_grain: {constant: day}"


def _rest(proposal: Proposal) -> Iterator[str]:
    if proposal.unmapped:
        yield "# Columns that went nowhere, and what they look like:"
        for raw in proposal.unmapped:
            seen = "empty" if not raw.cells else ", ".join(sorted(raw.looks)) or "text"
            yield f"#   {raw.header}: {seen}"
    for name, guesses in proposal.tables.items():
        open_columns = [
            c.name
            for c in schema.table(name).own
            if c.name not in {*guesses, "order_key"} and not c.derived_from
        ]
        if open_columns:
            yield f"# Columns of {name} that nothing was found for:"
            yield from wrap(
                ", ".join(open_columns), _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT
            )
