"""The metric dictionary as rows, for people."""

from __future__ import annotations

from typing import Any, Literal

from reportkit.metrics.catalog import Catalog, Metric

__all__ = ["describe"]


def describe(catalog: Catalog, lang: str) -> list[dict[str, Any]]:
    """Return one row per metric for a table of the dictionary: id, name, unit, bases, how it is made."""
    return [_row(catalog[name], lang) for name in catalog]


def _row(metric: Metric, lang: str) -> dict[str, Any]:
    word: Literal["zh", "en"] = "zh" if lang == "zh" else "en"
    return {
        "id": metric.id,
        "name": metric.name[word],
        "unit": metric.unit,
        "noun": metric.noun[word] if metric.noun else "",
        "better": metric.better,
        "bases": list(metric.bases),
        "additive": metric.additive,
        "across_platforms": metric.across_platforms or "",
        "kind": metric.kind,
        "formula": _formula(metric),
    }


def _formula(metric: Metric) -> str:
    if metric.measure:
        kept = "" if metric.measure.where == "true" else f" where {metric.measure.where}"
        return f"{metric.measure.sql} of {metric.measure.table}{kept}"
    if metric.ratio:
        return " / ".join(metric.ratio)
    if metric.sum:
        return " ".join(
            f"- {part[1:]}" if part.startswith("-") else f"+ {part}" for part in metric.sum
        ).lstrip("+ ")
    detail = metric.over or metric.against or metric.period
    return metric.method or f"{metric.view} of {metric.of}" + (f", {detail}" if detail else "")
