"""The report as one HTML file."""

import re

from reportkit.project import Project
from reportkit.render.html import Page, render
from reportkit.render.lint import lint_html


def test_the_file_needs_nothing_else(sample):
    """No address but its own anchors and data, and nothing that runs."""
    assert [] == lint_html(sample.rendered.html)
    assert "default-src 'none'" in sample.rendered.html


def test_strip_says_what_the_report_is_about(one):
    """Title, period, comparison, day of the data, platforms and project stand on page one."""
    html = one().html
    strip = html[html.index('<header class="strip">') : html.index("</header>")]
    for said in (
        "经营总览",
        "2025年11月",
        "示例商家 经营月报",
        "同比 2024年11月",
        "数据截至 2025-12-03",
        "平台 6/6",
    ):
        assert said in strip


def test_an_edition_names_its_scope(one):
    """An edition for one platform says which, by the name readers know."""
    assert '<p class="scope">天猫</p>' in one(scope={"platform": ["tmall"]}).html
    assert '<p class="scope">华东店</p>' in one(scope={"shop": ["s1"]}, edition="华东店").html


def test_language_and_metadata(sample):
    """The file says its language, title, author and date."""
    html = sample.rendered.html
    assert f'<html lang="{"zh-CN" if sample.lang == "zh" else "en"}">' in html
    assert re.search(r"<title>(经营月报 2025年11月|Monthly report November 2025)</title>", html)
    assert '<meta name="dcterms.created" content="2025-12-03T08:00:00+08:00">' in html


def test_a_failed_section_is_one_plain_line(sample):
    """Readers see a sentence; the error stays with the owner."""
    assert ["boards/product"] == sample.rendered.failed
    assert 1 == sample.rendered.html.count('<p class="failed">')
    assert "Traceback" not in sample.rendered.html


def test_a_section_without_displays_says_so(one):
    """A notebook that reached its end with nothing to show is not a failure."""
    rendered = one()
    assert [] == rendered.failed
    assert "本节本期没有内容" in rendered.html


def test_text_from_data_is_inert(build, one):
    """Names and filters are escaped wherever the furniture prints them."""
    bad = "<script>alert(1)</script>"
    facts = build.fact(1, name=bad, dims={"product": bad}, period=bad, metric=bad)
    html = one(
        build.cell(build.display("note", "<p>x</p>", facts)), title=bad, project_name=bad, edition=bad
    ).html
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_characters_the_fonts_lack_are_counted(build, one):
    """A fire emoji becomes □; what has no shape of its own is dropped."""
    rendered = one(build.cell(build.display("note", "<p>羽绒服🔥🔥\ufe0f\u200b &#128293;</p>")))
    assert {"🔥": 3} == dict(rendered.replaced)
    assert "羽绒服□□ □" in rendered.html


def test_same_report_same_text(build, project):
    """Rendering twice gives the same bytes."""
    pages = [Page(build.notebook(build.cell(build.display("note", "<p>甲</p>"))), "a", "t")]
    assert render(pages, build.cover(), project).html == render(pages, build.cover(), project).html


def test_every_e_code_leads_to_one_row(sample):
    """Each link to evidence has exactly one target."""
    html = sample.rendered.html
    for code in re.findall(r'href="#(E\d+)"', html):
        assert 1 == html.count(f'id="{code}"')


def test_a_project_may_bring_its_own_style(build, tmp_path):
    """A page.css in the project wins over the shipped one; the rest stays."""
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "project.yaml").write_text("name: shop\n")
    (tmp_path / "templates" / "report").mkdir(parents=True)
    (tmp_path / "templates" / "report" / "page.css").write_text("h1 { color: teal }")
    page = Page(build.notebook(), "a", "t")
    html = render([page], build.cover(), Project.open(tmp_path)).html
    assert "h1 { color: teal }" in html
    assert "A4 landscape" not in html
