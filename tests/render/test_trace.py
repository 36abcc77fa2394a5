"""The appendix that leads from a number to its source."""

import pytest

from reportkit.render.sections import Section
from reportkit.render.trace import trace
from reportkit.show.words import Words


def _groups(project, *facts):
    [(_, groups)] = trace([Section("s1", "t", "a", facts=list(facts))], Words(project), project)
    return groups


def _fact(project, fact):
    [group] = _groups(project, fact)
    [found] = group.facts
    return found


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
    assert expected == _fact(project, build.fact(1, value=value)).value


def test_metric_carries_its_basis(build, project):
    """A metric on a basis is named as it is asked for."""
    [group] = _groups(project, build.fact(1, metric="net_sales", basis="pay_date"))
    assert "net_sales.pay_date" == group.metric


def test_facts_of_one_metric_and_period_share_a_row(build, project):
    """Rows stand in the order of their first facts; no fact is lost."""
    told = [("gmv", "2026-09"), ("orders", "2026-09"), ("gmv", "2026-08"), ("gmv", "2026-09")]
    facts = [build.fact(number, metric=name, period=period) for number, (name, period) in enumerate(told, 1)]
    found = [
        (group.metric, group.period, [fact.code for fact in group.facts])
        for group in _groups(project, *facts)
    ]
    assert [
        ("gmv", "2026-09", ["E1", "E4"]),
        ("orders", "2026-09", ["E2"]),
        ("gmv", "2026-08", ["E3"]),
    ] == found


def test_filter_names_scope_dimensions_and_what_is_missing(build, project):
    """The filter says what the number covers, in the reader's words."""
    fact = build.fact(1, scope={"platform": ["tmall", "jd"]}, dims={"province": "浙江"}, missing=["douyin"])
    assert "平台 天猫, 京东 · 省份 浙江 · 缺 抖音" == _fact(project, fact).filter
    assert "全部" == _fact(project, build.fact(1)).filter
    one = build.fact(1, dims={"platform": "tmall"}, missing=["douyin"])
    assert "平台 天猫" == _fact(project, one).filter


def test_sections_without_facts_are_left_out(project):
    """A section that failed has no group."""
    assert [] == trace([Section("s1", "t", "a", failed=True)], Words(project), project)
