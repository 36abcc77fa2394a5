"""The rows of a view that a study looks at where no metric stands for them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from reportkit.engines import quoted

if TYPE_CHECKING:
    from reportkit.study.study import Study

__all__ = ["rows_within"]


def rows_within(study: Study, view: str, day: str, first: date, last: date) -> str:
    """Return the SELECT of the rows of `view` whose column `day` lies within both days, in the study's scope.

    No row where the scope names a dimension that the view does not know.
    """
    known = study.metrics.catalog.views[view].dimensions
    conditions = [f"{day} BETWEEN DATE '{first}' AND DATE '{last}'"]
    for dimension, values in study.scope.items():
        listed = ", ".join(quoted(str(value)) for value in values)
        conditions.append(f"{known[dimension]} IN ({listed})" if dimension in known else "false")
    return f"SELECT * FROM {view} WHERE {' AND '.join(conditions)}"
