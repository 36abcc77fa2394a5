"""Numbers in their own places: on cards, under evidence codes, and in columns named after a metric."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportkit.render.finding import Finding, Rule
from reportkit.render.known import AMOUNTS, Fact, Known
from reportkit.render.printed import Number
from reportkit.render.texts import Card, Cell, Grid, Told
from reportkit.show.numbers import MISSING

__all__ = ["cards", "tables"]


def cards(told: Told, known: Known) -> Iterator[Finding]:
    """Yield the cards of a display whose value, growth or attainment is not that of the fact under its code."""
    for card in told.cards:
        fact = known.coded.get(card.code)
        if not fact or card.name != fact.get("name"):
            continue
        for said, value in _said(card, fact, known):
            number = next(known.reader.numbers(said), None)
            if problem := _differs(number, value):
                rule: Rule = "missing" if value is None else "printed"
                yield Finding(
                    rule, told.where, f'card {card.name} prints "{said}", but {problem} ({card.code})'
                )


def _said(card: Card, fact: Fact, known: Known) -> Iterator[tuple[str, float | None]]:
    """Yield the texts of a card, each with the number of its fact."""
    yield card.value, fact["value"]
    columns = {known.words(f"labels.{name}"): name for name in ("previous", "last_year")}
    for label, text in card.changes:
        column = columns.get(label)
        if column and (fact.get(column) is None or fact.get("unit") in AMOUNTS):
            yield text, fact.get(f"{column}_growth")
    if "%" in card.target and fact.get("attainment") is not None:
        yield card.target, fact["attainment"]


def _differs(number: Number | None, value: float | None) -> str:
    """Return what speaks against a printed number, or against a dash where `number` is None."""
    if value is None:
        return "its value is missing" if number else ""
    if number is None or number.says(value) or number.says(-value):
        return ""
    return f"published is {value:,.12g}"


def tables(told: Told, known: Known) -> Iterator[Finding]:
    """Yield the cells that are not what they stand for: the fact of their code, or of their column and row."""
    for grid in told.grids:
        for place, (head, unit) in enumerate(grid.heads):
            column = [fact for fact in told.display.facts if fact.get("name") == head]
            for row in grid.rows:
                if problem := _cell(row[place], row[0].text, unit, column, known):
                    yield Finding(
                        "printed",
                        told.where,
                        f'table, {row[0].text}, {head}: "{row[place].text}", but {problem}',
                    )
        yield from _column_sums(told, grid, known)


def _cell(cell: Cell, name: str, unit: str, column: list[Fact], known: Known) -> str:
    number = _sole(cell.text, unit, known)
    if number is None:
        return ""
    if len(cell.codes) == 1 and cell.codes[0] in known.coded:
        facts = [known.coded[cell.codes[0]]]
    else:
        facts = _row_facts(name, column, known)
    if not facts or any(number.says(fact["value"]) for fact in facts):
        return ""
    values = [f"{fact['value']:,.12g}" if fact["value"] is not None else "missing" for fact in facts]
    return f"published is {' or '.join(values)} ({facts[0]['code']})"


def _row_facts(name: str, column: list[Fact], known: Known) -> list[Fact]:
    """Return the facts of the part called `name`, or of the total; none for a row of another kind."""
    if name == known.words("labels.total"):
        return [fact for fact in column if not fact.get("dims")]
    return [fact for fact in column if name in known.members(fact)]


def _sole(text: str, unit: str, known: Known) -> Number | None:
    """Return the number of a cell that holds nothing else, in the unit of its column."""
    found = list(known.reader.numbers(text))
    if len(found) != 1 or text.strip() == MISSING:
        return None
    whole = known.reader.under(text, unit) if unit and found[0].kind == "plain" else found[0]
    return whole if whole and not whole.signed else None


def _column_sums(told: Told, grid: Grid, known: Known) -> Iterator[Finding]:
    """Yield the columns whose printed rows do not come to the total printed above them."""
    facts = {fact.get("name"): fact for fact in told.display.facts}
    rest = re.compile(re.escape(known.words("labels.rest", count="0")).replace("0", r"\d+"))
    for place, (head, unit) in enumerate(grid.heads):
        fact = facts.get(head)
        cut = [each for each in told.display.facts if each.get("name") == head and each.get("dims")]
        if not grid.total or not fact or not cut or not all(map(known.is_additive, cut)):
            continue
        numbers = [_sole(row[place].text, unit, known) for row in grid.rows]
        gathered = any(rest.fullmatch(row[0].text) for row in grid.rows)
        if len(numbers) < 3 or not (gathered or known.is_whole(cut)):
            continue
        yield from _sum(told, head, numbers)


def _sum(told: Told, head: str, numbers: list[Number | None]) -> Iterator[Finding]:
    known = [number for number in numbers if number]
    if len(known) < len(numbers):
        return
    total, parts = known[0], known[1:]
    apart = abs(total.value - sum(part.value for part in parts))
    if apart > total.half + sum(part.half for part in parts) + 1e-9 * abs(total.value):
        yield Finding(
            "sums",
            told.where,
            f"table, {head}: its rows come to {sum(part.value for part in parts):,.12g}, its total is {total.value:,.12g}",
        )
