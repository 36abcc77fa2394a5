"""Whether a pack agrees with itself: one question has one answer, in facts, cards, sentences, figures, tables, mail."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from reportkit.project import Project
from reportkit.render.cells import cards, tables
from reportkit.render.claims import Claims
from reportkit.render.finding import Finding, Lints
from reportkit.render.known import Known
from reportkit.render.sections import Section
from reportkit.render.speech import Speech
from reportkit.render.sums import shares, sums
from reportkit.render.texts import told

__all__ = ["agree"]

# Two sums of the same cents in another order.
_NOISE = 1e-11
_BESIDE = ("value", "previous", "last_year", "target", "previous_growth", "last_year_growth", "attainment")


def agree(sections: list[Section], project: Project, texts: Mapping[str, str] | None = None) -> list[Finding]:
    """Return every contradiction of a report with itself; empty where there is none.

    `texts` are what is said beside the report, such as the body of an email, by name: their numbers are
    held against the same facts. docs/lints.md says which numbers of a display are read, and how.
    """
    lints = Lints.read(project)
    known = Known(sections, project)
    lang = project.settings.lang
    claims = Claims(known, Speech(known, lints.links[lang], lints.moves[lang]))
    found = [*_facts(known)]
    for each in told(sections):
        if each.own:
            continue
        found += cards(each, known)
        found += tables(each, known)
        # Cards read out are names and numbers one after the other, no sentences.
        spoken = [text for text in each.sentences if each.display.kind != "cards" or text != each.display.alt]
        found += claims.of(each.where, spoken, each.display.facts)
        found += claims.rows(each.where, list(each.rows), each.display.facts)
        found += shares(each, known, lints.shares_within)
    for name, text in (texts or {}).items():
        found += claims.of(name, text.splitlines(), [])
    return list(dict.fromkeys([*found, *sums(known)]))


def _facts(known: Known) -> Iterator[Finding]:
    """Yield every question that was published with two answers."""
    first: dict[tuple[Any, ...], dict[str, Any]] = {}
    for where, fact in known.published:
        earlier = first.setdefault(known.question(fact), fact)
        for name in _BESIDE:
            one, two = earlier.get(name), fact.get(name)
            if (
                one is not None
                and two is not None
                and not math.isclose(one, two, rel_tol=_NOISE, abs_tol=_NOISE)
            ):
                said = f"{known.spoken(fact)} {name} is {one:,.12g} under {earlier['code']} and {two:,.12g} under {fact['code']}"
                yield Finding("facts", where, said)
        if (earlier.get("value") is None) != (fact.get("value") is None):
            yield Finding(
                "facts",
                where,
                f"{known.spoken(fact)} is missing under one of {earlier['code']} and {fact['code']}",
            )
