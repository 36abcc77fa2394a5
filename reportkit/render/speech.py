"""How a report speaks of its numbers: statements, the names in them, and what each number is said of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from reportkit.render.known import Fact, Known
from reportkit.render.printed import Number

__all__ = ["COMPARED", "Speech", "Subject"]

COMPARED = {"previous": "previous_growth", "last_year": "last_year_growth"}
"""The growth of a fact that each comparison tells."""

# Where a new statement begins. A comma or full stop inside a number is none.
_BREAK = re.compile(r"[;；。:：、·|()（）\n]|[,，](?!\d{3}(?!\d))|\.(?!\d)")
# A number with one of these behind it is where something began, not where it stands.
_ONWARD = re.compile(r"\s*(?:→|->|–|—|~|±)")
# A bracket inside a name begins no statement.
_HIDDEN, _SEEN = str.maketrans("()", "⟨⟩"), str.maketrans("⟨⟩", "()")
_DEGREES = ("flat", "slight", "clear", "large")


@dataclass(frozen=True)
class Subject:
    """What a statement is about: the metric called `name`, of the part `member` where one is named before it."""

    name: str
    member: str

    @property
    def words(self) -> tuple[str, str]:
        """Name and part."""
        return self.name, self.member


class Speech:
    """Takes sentences apart, in the language of `known`.

    `links` may stand between a name and its number, `moves` around a rate of growth.
    """

    def __init__(self, known: Known, links: Sequence[str], moves: Sequence[str]) -> None:
        self._known, self._moves = known, moves
        self._links = re.compile(rf"\s*(?:(?:{'|'.join(map(re.escape, links))})\s*)?")

    def values(self, sentence: str) -> Iterator[tuple[Subject, Number, str]]:
        """Yield each number that stands behind a metric's name, with what it is said of, and the words."""
        text = self._hidden(sentence)
        for found in self._names.finditer(text):
            subject = self._subject(text, found)
            link = self._links.match(text, found.end())
            number = self._known.reader.first(text, link.end() if link else found.end())
            if subject and number and not number.signed and not _ONWARD.match(text, number.end):
                yield subject, number, text[found.start() : number.end].translate(_SEEN)

    def growths(self, sentence: str) -> Iterator[tuple[Subject, str, Number, str]]:
        """Yield each rate of growth that a statement consists of: subject, comparison, rate, and the words.

        A statement without a name goes on about the last one.
        """
        text, subject = self._hidden(sentence), None
        for start, statement in _statements(text):
            numbers = list(self._known.reader.numbers(statement))
            if named := list(self._names.finditer(statement)):
                subject = self._subject(text, named[-1], start)
            if subject and self._filler.sub("", _without(statement, numbers, *subject.words)).strip():
                # Words of its own: it goes on about something else.
                subject = subject if named else None
                continue
            compared = {key for word, key in self._comparisons if word in statement}
            rates = [each for each in numbers if each.kind == "percent"]
            if subject and len(compared) == len(rates) == 1:
                yield subject, compared.pop(), rates[0], statement.strip().translate(_SEEN)

    def parts(self, sentence: str) -> Iterator[tuple[str, Number, str]]:
        """Yield each statement that begins with the name of a part and holds one number without a sign.

        A zero is left out: a change that rounds to nothing has no sign either.
        """
        for _, statement in _statements(self._hidden(sentence)):
            found = self._part.match(statement)
            numbers = self._known.reader.numbers(statement)
            plain = [each for each in numbers if not each.signed and not each.says(0.0)]
            if found and len(plain) == 1 and plain[0].start == found.end():
                yield found[1], plain[0], statement[found.start(1) : plain[0].end].translate(_SEEN)

    def meant(self, subject: Subject, facts: list[Fact]) -> list[Fact]:
        """Return the facts a statement may speak of: those of its display, and totals of the report."""
        asked = self._requests[subject.name.translate(_SEEN)]
        near = [fact for fact in facts if _asked(fact, asked)]
        far = [
            fact
            for fact in self._known.facts
            if fact["metric"] in self._known.metrics
            and _asked(fact, asked)
            and not (near and fact.get("dims"))
        ]
        every = [*near, *far]
        return (
            [fact for fact in every if subject.member in self._known.members(fact)]
            if subject.member
            else every
        )

    def _hidden(self, sentence: str) -> str:
        return self._names.sub(lambda name: name[0].translate(_HIDDEN), sentence)

    def _subject(self, text: str, found: re.Match[str], start: int = 0) -> Subject | None:
        """Return what a name stands for; None where other words come before it in its statement."""
        lead = _BREAK.split(text[: start + found.start()])[-1].strip()
        if lead in self._members:
            return Subject(found[0], lead)
        return Subject(found[0], "") if not lead or lead in self._neutral else None

    @cached_property
    def _requests(self) -> Mapping[str, set[tuple[str, str | None]]]:
        """Metric and basis (None: any) by every name that they go by."""
        words, found = self._known.words, dict[str, set[tuple[str, str | None]]]()
        for metric in self._known.metrics.values():
            name = metric.name[words.lang]
            called = {name: None} | {
                f"{name} {words(f'labels.basis_{basis}')}": basis for basis in metric.bases
            }
            for spoken, basis in called.items():
                for form in (spoken, _inner(spoken)):
                    found.setdefault(form, set()).add((metric.id, basis))
        for fact in self._known.facts:
            if fact.get("name") and fact["name"] not in found:
                found[fact["name"]] = {(fact["metric"], fact.get("basis"))}
        return found

    @cached_property
    def _names(self) -> re.Pattern[str]:
        return re.compile(_any({*self._requests} | {name.translate(_HIDDEN) for name in self._requests}))

    @cached_property
    def _members(self) -> set[str]:
        return {name for fact in self._known.facts for name in self._known.members(fact)}

    @cached_property
    def _part(self) -> re.Pattern[str]:
        return re.compile(rf"\s*({_any(self._members)})\s*")

    @cached_property
    def _neutral(self) -> set[str]:
        return {self._known.words("labels.total"), *self._known.periods}

    @cached_property
    def _comparisons(self) -> list[tuple[str, str]]:
        words = self._known.words
        return [(words(f"{group}{name}"), name) for name in COMPARED for group in ("labels.", "change.than_")]

    @cached_property
    def _filler(self) -> re.Pattern[str]:
        words = [self._known.words(f"change.degree_{degree}") for degree in _DEGREES]
        every = [*words, *self._moves, *(word for word, _ in self._comparisons)]
        return re.compile("|".join(re.escape(word) for word in sorted(every, key=len, reverse=True)))


def _asked(fact: Fact, asked: set[tuple[str, str | None]]) -> bool:
    return (fact["metric"], None) in asked or (fact["metric"], fact.get("basis")) in asked


def _without(statement: str, numbers: Sequence[Number], *words: str) -> str:
    """Return what is left of `statement` without its `numbers` and `words`."""
    for number in reversed(numbers):
        statement = statement[: number.start] + statement[number.end :]
    for word in words:
        statement = statement.replace(word, "")
    return statement


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield the statements of `text`, each with where it begins."""
    start = 0
    for found in _BREAK.finditer(text):
        yield start, text[start : found.start()]
        start = found.end()
    yield start, text[start:]


def _any(names: Iterable[str]) -> str:
    """Return an expression for any of `names`, none of them inside a longer Latin word."""
    longest = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name)
    return rf"(?<![A-Za-z])(?:{longest or '(?!)'})(?![A-Za-z])"


def _inner(name: str) -> str:
    return name[:1].lower() + name[1:] if name[1:2].islower() else name
