"""What a reader calls a platform, a shop, a product, a province.

Reports in English hold no Chinese at all: a name from data that has some is replaced by a name from
``templates/words/en/names.yaml``, else by its id, else by its rank within the dimension.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property
from typing import Any

from reportkit.engines import DuckDBEngine
from reportkit.project import Project
from reportkit.show.style import printable
from reportkit.show.words import Words

__all__ = ["Names", "has_cjk"]

_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_LONGEST = 24

_TABLES = {
    "shop": "SELECT shop_id, max(shop_name) FROM shops GROUP BY shop_id",
    "product": "SELECT spu_id, max(title) FROM products GROUP BY spu_id",
    "style": "SELECT spu_id, max(title) FROM skus WHERE spu_id IS NOT NULL GROUP BY spu_id UNION ALL "
    "SELECT platform_id || ':' || spu_id, max(title) FROM (SELECT platform_id, spu_id, title FROM products UNION ALL "
    "SELECT platform_id, spu_id, title FROM order_lines) AS told WHERE spu_id IS NOT NULL GROUP BY ALL",
    "sku": "SELECT sku_id, sku_id || ' ' || max(title) FROM skus GROUP BY sku_id",
}


def has_cjk(text: str) -> bool:
    """Return whether `text` holds a Chinese character or full-width punctuation."""
    return bool(_CJK.search(text))


class Names:
    """Names of dimension values in the project's language."""

    def __init__(self, project: Project, words: Words, engine: DuckDBEngine | None) -> None:
        self._project, self._words, self._engine = project, words, engine
        self._nameless: dict[tuple[str, str], str] = {}

    def __call__(self, dimension: str, value: Any) -> tuple[str, int]:
        """Return the printed name, and how many characters of it the font lacked."""
        if isinstance(value, date):
            return self._words.day(value), 0
        text, replaced = printable(self._found(dimension, str(value)))
        return (text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"), replaced

    def _found(self, dimension: str, value: str) -> str:
        if value in ("", "unknown", "nan", "None"):
            return self._words("labels.unknown")
        if dimension == "platform":
            return self._project.platform_name(value)
        return self._in_language(dimension, value, self._titles.get(dimension, {}).get(value) or value)

    def _in_language(self, dimension: str, value: str, title: str) -> str:
        if self._words.lang == "zh" or not has_cjk(title):
            return title
        if self._words.has(f"names.{title}"):
            return self._words(f"names.{title}")
        return value if not has_cjk(value) else self._ranked(dimension, value)

    def _ranked(self, dimension: str, value: str) -> str:
        if (dimension, value) not in self._nameless:
            number = sum(1 for known, _ in self._nameless if known == dimension) + 1
            noun = self._words(f"labels.dimension_{dimension}")
            self._nameless[dimension, value] = f"{noun} {number}"
        return self._nameless[dimension, value]

    @cached_property
    def _titles(self) -> dict[str, dict[str, str]]:
        if self._engine is None:
            return {}
        found = {dimension: self._engine.rows(sql) for dimension, sql in _TABLES.items()}
        return {dimension: {str(k): str(v) for k, v in rows if v} for dimension, rows in found.items()}
