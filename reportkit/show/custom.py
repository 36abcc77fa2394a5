"""What an analyst made: a frame, a great_tables table or a matplotlib figure, in the house style.

Such a display carries the mark 自定义 / custom: its numbers have no trace.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from great_tables import GT
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reportkit.errors import RenderError
from reportkit.show.display import Display, Drawn, Pen
from reportkit.show.markup import fill
from reportkit.show.numbers import MISSING
from reportkit.show.style import clean_texts, printable, svg
from reportkit.show.tables import markup_of

__all__ = ["custom"]

_ACCEPTED = "a display of reportkit.show, a pandas DataFrame, a great_tables GT, a matplotlib Figure or Axes"


def custom(thing: Any, title: str | None, alt: str | None) -> Display:
    """Return an analyst's own `thing` as a display.

    Raises RenderError where `title` or `alt` is missing, or `thing` is of no kind that can be shown.
    """
    drawable = _figure_of(thing)
    if drawable is None and not isinstance(thing, pd.DataFrame | GT):
        raise RenderError(
            f"cannot show a {type(thing).__name__}", where="report.show", todo=f"give {_ACCEPTED}"
        )
    for name, given in (("title", title), ("alt", alt)):
        if not given or not given.strip():
            raise RenderError(
                f"{name} is missing", where="report.show", todo=f'add {name}="…": a sentence for the reader'
            )
    said = str(title), str(alt)
    if drawable is not None:
        return Display("custom", lambda pen: _draw_figure(pen, drawable, *said))
    return Display("custom", lambda pen: _draw_table(pen, thing, *said))


def _figure_of(thing: Any) -> Figure | None:
    """Return the figure of a Figure, of Axes, or of a grid such as seaborn's that holds one."""
    held = thing if isinstance(thing, Figure) else getattr(thing, "figure", None)
    if held is None and isinstance(thing, Axes):
        return None
    root = held.get_figure(root=True) if held is not None and hasattr(held, "get_figure") else held
    return root if isinstance(root, Figure) else None


def _draw_figure(pen: Pen, figure: Figure, title: str, alt: str) -> Drawn:
    pen.replaced += clean_texts(figure)
    title, alt = _printable(pen, title), _printable(pen, alt)
    body = Markup(svg(figure, title, alt, tight=True))
    _forget(figure)
    return Drawn(
        fill(
            pen.project, "figure.html", title=title, alt=alt, codes="",
            mark=pen.words("labels.custom"), body=body,
        ),
        title, alt,
    )  # fmt: skip


def _forget(figure: Figure) -> None:
    """Close a pyplot figure, or the notebook would show it a second time below the cell."""
    import matplotlib.pyplot as plt

    plt.close(figure)


def _draw_table(pen: Pen, thing: pd.DataFrame | GT, title: str, alt: str) -> Drawn:
    title, alt = _printable(pen, title), _printable(pen, alt)
    most = pen.rules.table_rows
    shown = thing if isinstance(thing, GT) else _table_of(thing.head(most))
    hidden = 0 if isinstance(thing, GT) else max(len(thing) - most, 0)
    body = markup_of(shown)
    rest = pen.words("table.rest", count=hidden) if hidden else ""
    html = fill(
        pen.project, "table.html", title=title, subtitle="", codes="", body=body, rest=rest,
        mark=pen.words("labels.custom"),
    )  # fmt: skip
    return Drawn(html, title, alt)


def _printable(pen: Pen, text: str) -> str:
    shown, replaced = printable(text)
    pen.replaced += replaced
    return shown


def _table_of(frame: pd.DataFrame) -> GT:
    named = not isinstance(frame.index, pd.RangeIndex)
    flat = frame.reset_index() if named else frame
    levels = [name if isinstance(name, tuple) else (name,) for name in flat.columns]
    names = [" ".join(map(str, level)) for level in levels]
    columns = [flat.iloc[:, place] for place in range(len(names))]
    texts = pd.DataFrame({place: _texts(column) for place, column in enumerate(columns)}).set_axis(
        names, axis=1
    )
    numeric = [
        name for name, column in zip(names, columns, strict=True) if pd.api.types.is_numeric_dtype(column)
    ]
    shown = GT(
        texts,
    ).cols_align("left")
    return shown.cols_align("right", numeric) if numeric else shown


def _texts(column: pd.Series[Any]) -> list[str]:
    """Return the cells of a column as text: days without a clock, numbers with separators, gaps as —."""
    if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
        clockless = (
            pd.api.types.is_datetime64_any_dtype(column)
            and (column.dropna().dt.normalize() == column.dropna()).all()
        )
        cells = column.dt.strftime("%Y-%m-%d") if clockless else column
        return [MISSING if pd.isna(cell) else str(cell) for cell in cells]
    whole = (column.dropna() % 1 == 0).all()
    given = [MISSING if pd.isna(cell) else f"{cell:,.{0 if whole else 2}f}" for cell in column]
    return [text.replace("-", "−") for text in given]
