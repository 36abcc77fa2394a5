"""Numbers of orders and other things look as on the platforms."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from reportkit.demo import numbers

COUNTS = np.arange(1, 3000)
TIMES = np.datetime64("2025-10-31T23:00:00", "s") + np.arange(len(COUNTS)).astype("timedelta64[m]")
ORDERS = {
    "tmall": r"24\d{17}",
    "jd": r"3\d{11}",
    "pdd": r"2511?\d{2,4}-\d{15}",
    "douyin": r"69\d{17}",
    "xiaohongshu": r"P\d{18}",
    "tiktok_shop": r"57\d{16}",
}


@pytest.mark.parametrize("platform", ORDERS)
def test_numbers_grow_and_never_repeat(platform: str) -> None:
    """Later orders have greater numbers of the same shape."""
    found = numbers.order_id(platform, COUNTS, TIMES).to_pylist()
    assert found == sorted(set(found))
    assert [] == [text for text in found if not re.fullmatch(ORDERS[platform], text)]


def test_a_number_with_a_day_needs_the_time() -> None:
    """Pinduoduo's number begins with the day on which the order was placed."""
    told = numbers.order_id(
        "pdd", [1, 2], np.array(["2025-10-31T23:59", "2025-11-01"], dtype="datetime64[s]")
    )
    assert ["251031", "251101"] == [text[:6] for text in told.to_pylist()]
    with pytest.raises(ValueError, match="give its times"):
        numbers.order_id("pdd", [1])


def test_the_first_line_has_the_number_of_its_order() -> None:
    """Other lines count on from it, and never meet the next order."""
    order = numbers.order_id("tmall", [7, 7, 8])
    line = numbers.line_id("tmall", [7, 7, 8], [0, 1, 0])
    assert [True, False, True] == pc.equal(order, line).to_pylist()
    assert int(line[0].as_py()) + 1 == int(line[1].as_py()) < int(line[2].as_py())
    assert [None, None] == numbers.line_id("jd", [1, 2], [0, 0]).to_pylist()


def test_nothing_has_no_number() -> None:
    """A count below nought is none, and every number is text."""
    for number in (numbers.refund_id, numbers.influencer_id, numbers.flow_id):
        found = number("xiaohongshu", [-1, 3])
        assert found.type == pa.string()
        assert [False, True] == pc.is_valid(found).to_pylist()
