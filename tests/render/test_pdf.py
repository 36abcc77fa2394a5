"""The PDF made from the report's own HTML."""

import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from reportkit.errors import PdfUnavailable, RenderError
from reportkit.render.lint import lint_pdf
from reportkit.render.pdf import print_pdf, write_pdf


@pytest.fixture(scope="session")
def reader(sample):
    """The printed sample."""
    return PdfReader(sample.pdf)


@pytest.fixture(scope="session")
def texts(reader):
    """The text of each page."""
    return [page.extract_text() for page in reader.pages]


def test_printing_is_silent(sample):
    """WeasyPrint has nothing to say about our templates."""
    assert [] == sample.printed.warnings


def test_the_sample_passes_the_lint(sample):
    """Fonts, pages, words, language and metadata are as they should be."""
    assert [] == lint_pdf(sample.pdf, lang=sample.lang)


def test_paper_is_a4_landscape(reader):
    """Every page is 297 × 210 mm."""
    sizes = {
        (round(float(p.mediabox.width) / 72 * 25.4), round(float(p.mediabox.height) / 72 * 25.4))
        for p in reader.pages
    }
    assert {(297, 210)} == sizes


def test_pages_are_counted(sample, texts):
    """The number returned is the number of pages, and each page says it."""
    assert sample.printed.pages == len(texts)
    for number, text in enumerate(texts, 1):
        assert f"{number} / {len(texts)}" in text


def test_first_section_keeps_to_page_one(sample, texts):
    """Strip, verdict and both figures stand on page one; the second section starts page two."""
    assert sample.rendered.sections[1].title in texts[1].splitlines()[0]


def test_long_tables_repeat_their_header(texts):
    """Each page of the 120-row table, and of the appendix, starts with its header."""
    with_rows = [text for text in texts if re.search(r"^A-\d+", text, re.MULTILINE)]
    assert len(with_rows) >= 3
    assert all("SKU" in text for text in with_rows)
    traced = [text for text in texts if len(re.findall(r"\bE\d+\W", text)) > 5]
    assert len(traced) >= 2
    assert all(("证据码" in text or "Code, value" in text) for text in traced)


def test_all_rows_are_printed_once(texts):
    """No row of the long table is lost or doubled where pages break."""
    rows = re.findall(r"^A-(\d+) ", "\n".join(texts), re.MULTILINE)
    assert [str(number) for number in range(120)] == rows


def test_contents_give_the_right_pages(sample, reader, texts):
    """The contents on page one name the page on which each section starts."""
    starts = [reader.get_destination_page_number(mark) + 1 for mark in reader.outline]
    assert [mark.title for mark in reader.outline][:3] == [part.title for part in sample.rendered.sections]
    first = re.sub(r"\s+", " ", texts[0])
    for mark, start in zip(reader.outline, starts, strict=True):
        assert f"{mark.title} {start}" in first


def test_links_lead_where_they_say(reader):
    """Contents and evidence codes are links to named places that exist."""
    links = {
        link["/Dest"]
        for page in reader.pages
        for a in page.get("/Annots", [])
        if "/Dest" in (link := a.get_object())
    }
    assert {"s1", "s2", "s3", "trace", "E1", "E2"} <= links
    assert links <= set(reader.named_destinations)


def test_metadata(sample, reader):
    """Title, author, subject, date and language are in the file, and it is tagged."""
    expected = {
        "zh": ("经营月报 2025年11月", "示例商家", "zh-CN"),
        "en": ("Monthly report November 2025", "Sample shop", "en"),
    }
    root = reader.trailer["/Root"]
    assert expected[sample.lang] == (reader.metadata.title, reader.metadata.author, root["/Lang"])
    assert "20251203" in reader.metadata["/CreationDate"]
    assert root["/MarkInfo"]["/Marked"]


def test_same_html_same_bytes(sample, tmp_path):
    """Printing again gives the same file."""
    write_pdf(sample.html, tmp_path / "again.pdf")
    assert sample.pdf.read_bytes() == (tmp_path / "again.pdf").read_bytes()


def test_nothing_outside_the_file_is_read(tmp_path):
    """A picture beside the report, or on the net, is refused and said."""
    (tmp_path / "beside.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    html = tmp_path / "report.html"
    html.write_text('<img src="beside.svg"><img src="http://127.0.0.1:9/x.png">')
    said = print_pdf(html, tmp_path / "report.pdf").warnings
    assert 2 == sum("disallowed protocol" in warning for warning in said)


def test_missing_pango_is_one_message(sample, tmp_path, monkeypatch):
    """Where the library cannot be loaded, the error says how to get it on each system."""
    (tmp_path / "sitecustomize.py").write_text(
        "import cffi\n"
        "def dlopen(self, name, flags=0):\n"
        "    raise OSError(f'cannot load library {name!r}')\n"
        "cffi.FFI.dlopen = dlopen\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(PdfUnavailable) as caught:
        write_pdf(sample.html, tmp_path / "report.pdf")
    for said in ("cannot load library", "apt-get install libpango", "brew install pango", "pacman -S"):
        assert said in str(caught.value)
    assert not (tmp_path / "report.pdf").exists()


def test_a_failed_print_keeps_the_old_pdf(tmp_path):
    """Where printing fails, the file of before stands."""
    (tmp_path / "report.pdf").write_bytes(b"before")
    with pytest.raises(RenderError, match="No such file"):
        write_pdf(tmp_path / "absent.html", tmp_path / "report.pdf")
    assert b"before" == (tmp_path / "report.pdf").read_bytes()
    assert ["report.pdf"] == [path.name for path in Path(tmp_path).iterdir()]


def test_a_print_that_hangs_is_ended(sample, tmp_path):
    """A limit in seconds holds."""
    with pytest.raises(RenderError, match=r"no PDF after 0\.05 s"):
        print_pdf(sample.html, tmp_path / "report.pdf", seconds=0.05)
