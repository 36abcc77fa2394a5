"""The two families every report is set in, cut down to the characters one document uses."""

from __future__ import annotations

import base64
import io
import re
import unicodedata
from collections import Counter
from functools import lru_cache
from html import unescape
from pathlib import Path

import uharfbuzz as hb
from fontTools.ttLib import TTFont
from pylopdf_fonts_zh_cn import sans_path, serif_path

__all__ = ["REPLACEMENT", "SANS", "SERIF", "embed", "fit"]

SANS, SERIF = "Noto Sans SC", "Noto Serif SC"
REPLACEMENT = "□"

# Latin letters and what a style sheet brings in by itself: bullets, dots, hyphens, quotes.
_BASIC = "".join(map(chr, range(0x20, 0x7F))) + "•◦▪…‐‘’“”"
_REFERENCE = re.compile(r"&(?:#x?[0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);")
_NOT_SERIF = re.compile(r"<(style|svg|table)\b.*?</\1>", re.DOTALL)
_UNUSED_TABLES = ["BASE", "DSIG", "GSUB", "VORG", "vhea", "vmtx"]


def fit(html: str) -> tuple[str, Counter[str]]:
    """Return `html` with each character the fonts lack as □, and how often each was replaced.

    Joiners and variation selectors, which have no shape of their own, are dropped uncounted.
    """
    html = _REFERENCE.sub(_plain, html)
    known = _characters()
    strange = {char for char in set(html) if ord(char) not in known and char not in "\n\t"}
    formless = {char for char in strange if _is_formless(char)}
    replaced = Counter({char: html.count(char) for char in sorted(strange - formless)})
    table = {ord(char): "" if char in formless else REPLACEMENT for char in strange}
    return html.translate(table), replaced


def embed(html: str) -> str:
    """Return the ``@font-face`` rules for `html`: both families, subset, as data addresses.

    The serif face holds no character that stands in tables and figures only; those fall
    back to the sans face. Equal texts give equal bytes.
    """
    return _rule(SANS, _used(html)) + _rule(SERIF, _used(_NOT_SERIF.sub("", html)))


def _plain(reference: re.Match[str]) -> str:
    meant = unescape(reference[0])
    return reference[0] if meant.isascii() else meant


def _is_formless(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf"} or "VARIATION SELECTOR" in unicodedata.name(char, "")


def _path(family: str) -> Path:
    return sans_path() if family == SANS else serif_path()


@lru_cache
def _characters() -> frozenset[int]:
    with TTFont(_path(SANS), lazy=True) as font:
        return frozenset(font.getBestCmap())


def _used(html: str) -> str:
    return "".join(sorted({*html, *_BASIC, REPLACEMENT} - {"\n", "\t"}))


def _rule(family: str, characters: str) -> str:
    data = base64.b64encode(_subset(family, characters)).decode("ascii")
    return f"@font-face{{font-family:'{family}';src:url(data:font/woff;base64,{data}) format('woff')}}\n"


@lru_cache(maxsize=8)
def _subset(family: str, characters: str) -> bytes:
    wanted = hb.SubsetInput()
    wanted.unicode_set.set(set(map(ord, characters)))
    wanted.layout_feature_tag_set.set({_tag("kern")})
    wanted.drop_table_tag_set.update(map(_tag, _UNUSED_TABLES))
    wanted.flags = hb.SubsetFlags.DESUBROUTINIZE | hb.SubsetFlags.NOTDEF_OUTLINE
    cut = hb.subset(hb.Face(hb.Blob.from_file_path(str(_path(family)))), wanted).blob.data
    with TTFont(io.BytesIO(cut), lazy=True, recalcTimestamp=False, recalcBBoxes=False) as font:
        font.flavor = "woff"  # not woff2: a fifth more bytes for a third of the time
        out = io.BytesIO()
        font.save(out)
    return out.getvalue()


def _tag(name: str) -> int:
    return int.from_bytes(name.encode("ascii"), "big")
