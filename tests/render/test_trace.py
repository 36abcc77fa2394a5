"""The appendix that leads from a number to its source."""

import pytest

from reportkit.render.sections import Section
from reportkit.render.trace import trace
from reportkit.show.words import Words


def _rows(project, *facts):
    [(_, rows)] = trace([Section("s1", "t", "a", facts=list(facts))], Words(project), project)
    return rows


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (22091234.12, "22,091,234.12"),
        (1 / 3, "0.3333333333333333"),
        (12.0, "12"),
        (-5, "-5"),
        (None, "—"),
        (float("nan"), "—"),
        ("2025-11-03", "2025-11-03"),
    ],
)
def test_values_are_not_rounded(build, project, value, expected):
    """All digits are printed; what is missing is a dash."""
    assert expected == _rows(project, build.fact(1, value=value))[0].value


def test_metric_carries_its_basis(build, project):
    """A metric on a basis is named as it is asked for."""
    assert (
        "net_sales.pay_date" == _rows(project, build.fact(1, metric="net_sales", basis="pay_date"))[0].metric
    )


def test_filter_names_scope_dimensions_and_what_is_missing(build, project):
    """The filter says what the number covers, in the reader's words."""
    fact = build.fact(1, scope={"platform": ["tmall", "jd"]}, dims={"province": "浙江"}, missing=["douyin"])
    assert "平台 天猫, 京东 · 省份 浙江 · 缺 抖音" == _rows(project, fact)[0].filter
    assert "全部" == _rows(project, build.fact(1))[0].filter


def test_sections_without_facts_are_left_out(project):
    """A section that failed has no group."""
    assert [] == trace([Section("s1", "t", "a", failed=True)], Words(project), project)
