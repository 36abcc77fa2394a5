"""A small pack whose parts agree, drawn with the templates of the house: what lints are tried on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import matplotlib as mpl
import pandas as pd
from great_tables import GT, html
from markupsafe import Markup
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from reportkit.project import Project
from reportkit.render.html import Cover, Page, Rendered, render
from reportkit.render.sections import Published, Section
from reportkit.report import MIMETYPE
from reportkit.show import figures
from reportkit.show.markup import codes, fill
from reportkit.show.style import house
from reportkit.show.tables import markup_of

MONTH = "2025-11"
PLACES = {"tmall": (12_091_234.12, 700, 0.547), "jd": (10_000_000.0, 534, 0.453)}


def fact(number: int, **more: Any) -> dict[str, Any]:
    """Return the fact E`number`: the GMV of November 2025 unless `more` says otherwise."""
    common = {
        "metric": "gmv", "basis": None, "name": "GMV", "unit": "money", "period": MONTH, "as_of": "2025-12-03",
        "scope": {}, "dims": {}, "value": 22_091_234.12, "previous": None, "last_year": None, "target": None,
        "previous_growth": 0.021, "last_year_growth": 0.0824, "attainment": 1.032, "rows": 1234, "files": 3,
        "missing": [],
    }  # fmt: skip
    return {"code": f"E{number}"} | common | more


def part(number: int, platform: str, **more: Any) -> dict[str, Any]:
    """Return the fact E`number` about one platform."""
    value, rows, _ = PLACES[platform]
    return fact(number, dims={"platform": platform}, value=value, rows=rows, attainment=None, **more)


RATE = fact(4, metric="refund_rate_amt", name="退款率(金额)", unit="percent", value=0.143, attainment=None,
            previous_growth=None, last_year_growth=None)  # fmt: skip


def published(project: Project) -> list[tuple[str, str, str, str, list[dict[str, Any]]]]:
    """Return kind, title, alternative text, HTML and facts of every display."""
    verdict = "GMV 2,209 万,同比明显增 8.2%;退款率(金额) 14.3%"
    return [
        ("verdict", verdict, f"结论:{verdict}", _verdict(project, verdict), [fact(1), RATE]),
        ("cards", "核心指标 2 项", "GMV 2,209 万元;退款率(金额) 14.3 %", _cards(project), [fact(1), RATE]),
        ("figure", *_figure(project), [part(2, "tmall"), part(3, "jd")]),
        ("table", *_table(project), [fact(1), part(2, "tmall"), part(3, "jd")]),
    ]


def _verdict(project: Project, sentence: str) -> str:
    return fill(
        project,
        "verdict.html",
        sentence=sentence,
        codes=codes(["E1", "E4"]),
        states=[],
        facts=["目标达成 103.2%"],
    )


def _cards(project: Project) -> str:
    def card(
        name: str, text: str, unit: str, code: str, changes: dict[str, str], target: str
    ) -> dict[str, Any]:
        moved = [{"label": label, "text": said, "tone": "plain"} for label, said in changes.items()]
        return {
            "name": name, "basis": "", "text": text, "unit": unit, "code": codes([code]), "pale": False,
            "changes": moved, "spark": "", "target": target, "target_tone": "plain", "pace": "", "bar": None,
            "notes": [],
        }  # fmt: skip

    gmv = card("GMV", "2,209", "万元", "E1", {"环比": "▲2.1%", "同比": "▲8.2%"}, "目标达成 103.2%")
    return fill(
        project, "cards.html", cards=[gmv, card("退款率(金额)", "14.3", "%", "E4", {"同比": "—"}, "未设目标")]
    )


def _figure(project: Project) -> tuple[str, str, str]:
    title, names = "天猫占 GMV 的 54.7%", ("天猫", "京东")
    rows = [
        figures.Bar(name, share, f"{share:.1%}")
        for name, (_, _, share) in zip(names, PLACES.values(), strict=True)
    ]
    alt = f"{title}。横条:" + "、".join(f"{row.name} {row.text}" for row in rows)
    with mpl.rc_context(house()):
        body = Markup(figures.bars("right", rows, now="GMV 占比 11月").svg(title, alt))
    made = fill(project, "figure.html", title=title, alt=alt, codes=codes(["E2", "E3"]), mark="", body=body)
    return title, alt, made


def _table(project: Project) -> tuple[str, str, str]:
    title = "天猫 GMV 1,209 万居首,占 54.7%"
    frame = pd.DataFrame({"name": ["合计", "天猫", "京东"], "c0": ["2,209", "1,209", "1,000"]})
    head = html('GMV <span class="unit">万元</span>')
    body = markup_of(GT(frame).cols_label(cases={"name": "平台", "c0": head}), total=True)
    made = fill(
        project, "table.html", title=title, subtitle="共 2 个平台", mark="", rest="", body=body,
        codes=codes(["E1", "E2", "E3"]),
    )  # fmt: skip
    return title, f"{title}。表:GMV", made


def notebook(project: Project) -> NotebookNode:
    """Return an executed notebook that published it all."""
    outputs = [
        new_output(
            "display_data",
            data={"text/html": made, MIMETYPE: {"kind": kind, "title": title, "alt": alt, "facts": facts}},
        )
        for kind, title, alt, made, facts in published(project)
    ]
    closing = {"kind": "close", "period": MONTH, "period_label": "2025年11月"}
    outputs.append(new_output("display_data", data={MIMETYPE: closing}))
    return new_notebook(cells=[new_code_cell("1", outputs=[output]) for output in outputs])


def good(project: Project) -> Rendered:
    """Return the pack as it is rendered."""
    cover = Cover(
        title="经营月报", project_name="示例商家", period_label="2025年11月", as_of="2025-12-03", edition="", scope={},
        snapshot=7, run_id="r1", generated_at="2025-12-03T08:00:00+08:00", lang="zh",
    )  # fmt: skip
    return render([Page(notebook(project), "boards/overview", "经营总览")], cover, project)


def planted(rendered: Rendered, which: str, **changes: Any) -> Rendered:
    """Return the pack with its display `which` changed: a pair (old, new) replaces text, else the value is put in."""
    [section] = rendered.sections
    displays = [_changed(each, changes) if each.kind == which else each for each in section.displays]
    return replace(rendered, sections=[replace(section, displays=displays)])


def _changed(display: Published, changes: dict[str, Any]) -> Published:
    values = {}
    for name, change in changes.items():
        old = getattr(display, name)
        if isinstance(change, tuple):
            assert change[0] in old, f"{change[0]} is not in the {name} of the {display.kind}"
            change = old.replace(*change)
        values[name] = change
    return replace(display, **values)


def beside(rendered: Rendered, *facts: dict[str, Any]) -> Rendered:
    """Return the pack with a second section that publishes `facts`."""
    display = Published("note", "", "", "", "", list(facts))
    other = Section("s2", "平台", "boards/platform", facts=list(facts), displays=[display])
    return replace(rendered, sections=[*rendered.sections, other])
