"""What the lint finds."""

import pytest

from reportkit.render.fonts import embed
from reportkit.render.lint import lint_html, lint_pdf
from reportkit.render.pdf import print_pdf

BODY = """<meta charset="utf-8"><style>
@page { size: A4 landscape }
p { font-family: 'Noto Sans SC' }
q { font-family: Other }
.off { position: absolute; left: 290mm; white-space: nowrap }
.new { break-before: page }
.small { font-size: 6pt }
</style>
<p class="small">tiny</p>
<p>转化率 nan, 目标 None, banana inference □ <q>other</q></p>
<p class="off">too far</p>
<p class="new">&nbsp;</p>
"""


@pytest.fixture(scope="module")
def problems(tmp_path_factory):
    """What is wrong with a PDF in which everything is."""
    folder = tmp_path_factory.mktemp("lint")
    other = embed("other").replace("Noto Sans SC", "Other")
    (folder / "bad.html").write_text(f"<style>{embed(BODY)}{other}</style>{BODY}", encoding="utf-8")
    print_pdf(folder / "bad.html", folder / "bad.pdf")
    return lint_pdf(folder / "bad.pdf", lang="en", smallest=7.0, filled=0.6)


@pytest.mark.parametrize(
    "problem",
    [
        "font Other; only Noto Sans SC and Noto Serif SC belong here",
        'page 1: "too far" runs off the paper',
        "page 2 is blank",
        'page 1: "tiny" is 6.0 points, below 7',
        "page 1 is filled to 23%, not 60%, of its height",
        '"None" is printed',
        '"nan" is printed',
        "1 characters are printed as □, 0 expected",
        "Chinese characters in an English report",
        "the PDF has no title",
        "the PDF has no language",
        "the PDF has no bookmark",
    ],
)
def test_each_fault_is_found(problems, problem):
    """Every fault of the bad page is named."""
    assert problem in problems


def test_nothing_else_is_found(problems):
    """Words that only contain a fault are none."""
    assert 12 == len(problems)


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://example.com/x.png">',
        "<a href='http://example.com'>x</a>",
        '<p style="background:url(//example.com/x)">x</p>',
        "<style>@import 'x.css'</style>",
        "<script>alert(1)</script>",
        '<p onclick="x()">x</p>',
        '<iframe srcdoc="x"></iframe>',
    ],
)
def test_html_that_reaches_out_is_found(html):
    """Addresses and active content are named."""
    assert lint_html(html)


def test_harmless_html_passes():
    """Anchors, data, name spaces and words about addresses are fine."""
    html = """<a href="#E1">E1</a><img src="data:image/png;base64,AA=="><svg xmlns="http://www.w3.org/2000/svg">
    <rect clip-path="url(#p1)"/></svg><p>see href=https://example.com, onclick=1 &lt;script&gt;</p>"""
    assert [] == lint_html(html)
