"""Fonts cut down to the characters of one document."""

import base64
import io
import re

from fontTools.ttLib import TTFont

from reportkit.render.fonts import SANS, SERIF, embed, fit


def _faces(css: str) -> dict[str, set[str]]:
    found = {}
    for family, data in re.findall(r"font-family:'([^']+)';src:url\(data:font/woff;base64,([^)]+)\)", css):
        with TTFont(io.BytesIO(base64.b64decode(data))) as font:
            found[family] = {chr(code) for code in font.getBestCmap()}
    return found


def test_both_families_hold_the_text():
    """Each character of running text is in both faces, and little else."""
    faces = _faces(embed("<p>净销售额 ▲8.2%</p>"))
    assert {SANS, SERIF} == set(faces)
    for characters in faces.values():
        assert set("净销售额▲") <= characters
        assert len(characters) < 120


def test_serif_leaves_out_tables_and_figures():
    """Product names in a table do not make the serif face bigger."""
    faces = _faces(embed("<p>结论</p><table><tr><td>羽绒</td></tr></table><svg><text>轴</text></svg>"))
    assert set("羽绒轴") <= faces[SANS]
    assert not set("羽绒轴") & faces[SERIF]


def test_equal_text_gives_equal_bytes():
    """The order of characters does not matter."""
    assert embed("<p>甲乙</p>") == embed("<p>乙甲乙</p>")


def test_fit_keeps_what_the_fonts_have():
    """Signs the house uses pass unchanged."""
    text = "<p>▲▼−–·≤≥±¥￥→①「」…\n</p>"
    assert (text, {}) == fit(text)


def test_fit_replaces_and_counts():
    """Thai, a tick and a private character become □, each counted."""
    assert ("ab□□□", {"฿": 1, "✔": 1, "\ue000": 1}) == fit("ab฿✔\ue000")


def test_fit_reads_references():
    """A character written as a reference is still looked at; markup stays escaped."""
    assert ("□ × &#60;b&#62; &amp;&lt;", {"🔥": 1}) == fit("&#x1F525; &times; &#60;b&#62; &amp;&lt;")


def test_fit_drops_what_cannot_be_encoded():
    """Half of a surrogate pair and control characters never reach the file."""
    html, replaced = fit("a\ud83db\x00c")
    assert "ac" == html.replace("□", "").replace("b", "")
    assert html.encode("utf-8")
    assert 1 == sum(replaced.values())
