"""Every rule asked on one ground: what is advised, and which rules nothing can feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from reportkit.advice import care, platforms, products, rises
from reportkit.advice.advice import Advice, Ground
from reportkit.advice.book import read_book
from reportkit.alerts import Alerts
from reportkit.study import Study

__all__ = ["RULES", "advise", "unfed"]

RULES: Mapping[str, Callable[[Ground], Iterator[Advice]]] = {
    "REC-01": platforms.visitors,
    "REC-02": products.mended,
    "REC-04": products.stock,
    "REC-05": platforms.carts,
    "REC-07": platforms.leaner,
    "REC-08": platforms.more,
    "REC-09": care.faulty,
    "REC-10": care.withdrawn,
    "REC-11": care.sped,
    "REC-12": products.bundles,
    "REC-13": products.dear_cuts,
    "REC-14": platforms.spread,
    "REC-15": products.launched,
    "REC-16": products.hurried,
    "REC-17": care.paused,
    "REC-19": platforms.claims,
    "REC-20": rises.tried,
}
"""Who evaluates each rule; the others wait for what `needs` names."""


def advise(study: Study, alerts: Alerts) -> tuple[Advice, ...]:
    """Return what the period calls for: answers to grave alerts first, then by the money it may bring.

    Only rules whose trigger and guard hold speak. See `unfed` for those that nothing can feed.
    """
    book, silent = read_book(study.project), unfed(study)
    found = [
        advice
        for name, rule in RULES.items()
        if name not in silent
        for advice in rule(Ground(study, alerts, book, name))
    ]
    return tuple(sorted(found, key=lambda advice: advice.weight))


def unfed(study: Study) -> dict[str, tuple[str, ...]]:
    """Return the rules that are not evaluated, by id, with what each lacks."""
    there = study.metrics.engine.snapshot.versions
    found = {}
    for name, rule in read_book(study.project).rules.items():
        lacks = tuple(need for need in rule.needs if need not in there)
        if lacks or name not in RULES:
            found[name] = lacks or rule.needs
    return found
