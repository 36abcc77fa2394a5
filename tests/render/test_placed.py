"""Where texts stand on a printed page."""

from collections import Counter

import pytest
from pypdf import PdfReader

from reportkit.render.fonts import embed
from reportkit.render.pdf import print_pdf
from reportkit.render.placed import placed

BODY = """<meta charset="utf-8"><style>
@page { size: 100mm 50mm; margin: 0 }
* { margin: 0; padding: 0; line-height: 1; font-family: 'Noto Sans SC' }
p { position: absolute; left: 10mm; top: 20mm; font-size: 10pt }
svg { position: absolute; left: 50mm; top: 20mm }
</style><p>净销售额</p>
<svg width="36pt" height="36pt" viewBox="0 0 72 72"><text x="0" y="36" style="font-size: 14px; font-family: 'Noto Sans SC'">1.26%</text>
<text x="36" y="72" transform="rotate(-90 36 72)" style="font-size: 14px; font-family: 'Noto Sans SC'">up</text></svg>
"""


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """The texts of one small page by what they say."""
    folder = tmp_path_factory.mktemp("placed")
    (folder / "page.html").write_text(f"<style>{embed(BODY)}</style>{BODY}", encoding="utf-8")
    print_pdf(folder / "page.html", folder / "page.pdf")
    return {each.text: each for each in placed(PdfReader(folder / "page.pdf").pages[0])}


def test_a_paragraph(texts):
    """Four characters of ten points, from ten millimetres on."""
    found = texts["净销售额"]
    assert (10.0, 10 + 40 / 72 * 25.4) == pytest.approx((found.start[0], found.end[0]), abs=0.01)
    assert 26 < found.start[1] == found.end[1] < 27
    assert 10.0 == pytest.approx(found.points, abs=0.01)


def test_a_text_in_a_drawing(texts):
    """It is one text, though drawn glyph by glyph, at the size its drawing is printed in."""
    found = texts["1.26%"]
    assert (50.0, 30 - 18 / 72 * 25.4, 7.0) == pytest.approx((*found.start, found.points), abs=0.01)


def test_a_turned_text(texts):
    """It runs up the page."""
    found = texts["up"]
    assert found.start[0] == pytest.approx(found.end[0], abs=0.01)
    assert found.end[1] > found.start[1] + 1


def test_every_character_of_a_report_is_read(sample):
    """On no page is there one that another reader of PDF does not find, and none is missing."""
    for page in PdfReader(sample.pdf).pages:
        expected = Counter("".join(page.extract_text().split()))
        found = Counter("".join("".join(each.text.split()) for each in placed(page)))
        assert expected
        assert expected == found
