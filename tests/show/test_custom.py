"""What an analyst shows: any table or figure, marked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest
import seaborn as sns
from great_tables import GT

from reportkit.errors import RenderError
from reportkit.project import Project
from reportkit.report import Report
from tests.show.conftest import Shown

FRAME = pd.DataFrame(
    {
        "商品": ["羽绒服 <b>A</b>", "毛衣🔥"],
        "日": pd.to_datetime(["2025-11-01", "2025-11-02"]),
        "件": [1200.0, None],
        "额": [-1.5, 2000.25],
    }
)


def figure() -> Any:
    """A pyplot figure with what a chart may trip over."""
    drawn, axes = plt.subplots(figsize=(3, 2))
    axes.plot([1, 2], [-1, 3], label="$a$ 🔥")
    axes.legend()
    return drawn


@pytest.mark.parametrize(
    "make",
    [
        figure,
        lambda: figure().axes[0],
        lambda: sns.relplot(FRAME.dropna(), x="件", y="额", height=2),
        lambda: sns.barplot(FRAME, x="商品", y="件"),
    ],
    ids=["figure", "axes", "grid", "seaborn"],
)
def test_figures_of_any_kind(
    two: Project, opened: Callable[..., Report], shown: Shown, make: Callable[[], Any]
) -> None:
    """In our font, marked, described, and closed, so that the notebook does not show it twice."""
    report = opened(two)
    report.show(make(), title="单量与金额", alt="散点图")
    content, html = shown.outputs[-1]
    assert ("custom", "单量与金额", "散点图", []) == tuple(
        content[key] for key in ("kind", "title", "alt", "facts")
    )
    assert ("自定义" in html, 'aria-label="散点图"' in html, plt.get_fignums()) == (True, True, [])
    assert {"Noto Sans SC"} == set(re.findall(r"font-family: '?([^;'\"]+)", html))


def test_a_style_of_the_analyst_does_not_reach_our_font(
    two: Project, opened: Callable[..., Report], shown: Shown
) -> None:
    """seaborn's themes set fonts that the report does not hold."""
    report = opened(two)
    with plt.rc_context():
        sns.set_theme()
        report.show(figure(), title="标题", alt="图")
    assert {"Noto Sans SC"} == set(re.findall(r"font-family: '?([^;'\"]+)", shown.outputs[-1][1]))


def test_a_frame_reads_like_a_table_of_the_house(
    two: Project, opened: Callable[..., Report], shown: Shown
) -> None:
    """Days without a clock, separators, true minus, — for gaps, everything escaped."""
    opened(two).show(FRAME, title="明细", alt="表")
    html = shown.outputs[-1][1]
    assert ["羽绒服 &lt;b&gt;A&lt;/b&gt;", "2025-11-01", "1,200", "−1.50"] == re.findall(
        r"<td[^>]*>(.*?)</td>", html
    )[:4]
    assert '<td class="gt_row gt_right">—</td>' in html


def test_long_frames_end_with_a_word(two: Project, opened: Callable[..., Report], shown: Shown) -> None:
    """Fifteen rows and how many more."""
    opened(two).show(pd.DataFrame({"a": range(40)}), title="明细", alt="表")
    html = shown.outputs[-1][1]
    assert (15, True) == (html.count("<td"), "另有 25 个" in html)


def test_a_great_table_keeps_its_cells_and_drops_its_style(
    two: Project, opened: Callable[..., Report], shown: Shown
) -> None:
    """The house's style sheet dresses it."""
    opened(two).show(GT(FRAME).fmt_number("额", decimals=1), title="明细", alt="表")
    html = shown.outputs[-1][1]
    assert ("2,000.2" in html, "<style" in html, " id=" in html) == (True, False, False)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, 'report.show: title is missing\n  → add title="…": a sentence for the reader'),
        ({"title": "t"}, 'report.show: alt is missing\n  → add alt="…": a sentence for the reader'),
        (
            {"title": "t", "alt": " "},
            'report.show: alt is missing\n  → add alt="…": a sentence for the reader',
        ),
    ],
)
def test_title_and_alt_are_asked_for(
    two: Project, opened: Callable[..., Report], given: dict[str, str], expected: str
) -> None:
    """A clear error, not an unlabelled chart."""
    with pytest.raises(RenderError) as error:
        opened(two).show(FRAME, **given)
    assert expected == str(error.value)


def test_other_things_are_refused(two: Project, opened: Callable[..., Report]) -> None:
    """With what would be accepted."""
    with pytest.raises(RenderError, match="cannot show a str"):
        opened(two).show("text", title="t", alt="a")
