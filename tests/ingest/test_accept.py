"""A platform renames a column: the message proposes the new name, accepting it writes it, and the file loads."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from reportkit.errors import InputError
from reportkit.ingest import ingest
from reportkit.ingest.accept import accept
from reportkit.ingest.looks import looks
from reportkit.ingest.rewrite import with_aliases, with_exclusions
from reportkit.ingest.source import load_sources
from reportkit.project import Project
from tests.conftest import REPOSITORY
from tests.ingest.samples import ORDER_HEADERS, ORDERS, order, write_csv

Rows = Callable[..., list[tuple]]


@pytest.fixture
def shop(make_project: Callable[..., Project]) -> Project:
    """A project with one source of its own."""
    return make_project(sources={"test/orders": ORDERS})


def headers(**now: str) -> list[str]:
    """The headers of an order file, some under new names."""
    return [now.get(name, name) for name in ORDER_HEADERS]


def message(project: Project) -> str:
    """Ingest the inbox, where one file fails; return its message."""
    (failed,) = ingest(project).failed
    (note,) = failed.notes
    return note


def test_one_near_name_is_proposed_and_accepted(shop: Project, rows: Rows) -> None:
    """The message says which name and how to accept it; after that the file loads, and the old ones still do."""
    write_csv(shop.inbox / "new.csv", headers(实付="实付款额"), [order("2", "8.50")])
    note = message(shop)
    assert 'row 1: source test/orders needs the column "实付"; the nearest name found is "实付款额"' in note
    assert "if it was renamed: reportkit source accept FILE; if not" in note
    (done,) = accept(shop, Path("new.csv"))
    assert ("test/orders", {"实付": "实付款额"}) == (done.source, done.columns)
    write_csv(shop.inbox / "old.csv", ORDER_HEADERS, [order("3", "1.00")])
    assert [] == ingest(shop).failed
    assert [("2", 8.5), ("3", 1.0)] == rows(
        shop, "SELECT platform_order_id, goods_receivable_amt::DOUBLE FROM order_lines ORDER BY 1"
    )


def test_several_columns_at_once(shop: Project, rows: Rows) -> None:
    """Every lost column stands in one message, and one command accepts them all."""
    write_csv(shop.inbox / "new.csv", headers(实付="实付款额", 创建时间="订单创建时间"), [order("2", "8.50")])
    assert (
        'needs the columns "实付", "创建时间"; the nearest names found are "实付款额", "订单创建时间"'
        in message(shop)
    )
    accept(shop, shop.inbox / "new.csv")
    assert [] == ingest(shop).failed
    assert [("2",)] == rows(shop, "SELECT platform_order_id FROM orders")


def test_content_decides_between_names(shop: Project) -> None:
    """A header as near by name is passed over where its cells are of another kind."""
    head = [*headers(创建时间="下单创建的时间"), "创建时间说明"]
    write_csv(shop.inbox / "new.csv", head, [[*order("2"), "none"]])
    assert 'the nearest name found is "下单创建的时间"' in message(shop)
    (done,) = accept(shop, Path("new.csv"))
    assert {"创建时间": "下单创建的时间"} == done.columns


def test_words_of_the_vocabulary_tell_a_column(shop: Project) -> None:
    """A status column is known by its words, whatever it is called."""
    write_csv(shop.inbox / "new.csv", headers(状态="进展"), [order("2"), order("3", status="关闭")])
    assert 'the nearest name found is "进展"' in message(shop)


def test_doubt_is_asked_about(shop: Project) -> None:
    """Two names as near: the message asks for --column, accept refuses to guess, and --column settles it."""
    write_csv(shop.inbox / "new.csv", [*headers(实付="实付额甲"), "实付额乙"], [[*order("2"), "9.00"]])
    note = message(shop)
    assert 'the nearest name found is "实付额甲" or "实付额乙"' in note
    assert 'reportkit source accept FILE --column "实付=实付额甲"' in note
    with pytest.raises(InputError, match='"实付" may now be "实付额甲" or "实付额乙"'):
        accept(shop, Path("new.csv"))
    with pytest.raises(InputError, match=r'no "实付额"\n.*did you mean "实付额'):
        accept(shop, Path("new.csv"), {"实付": "实付额"})
    assert {"实付": "实付额乙"} == accept(shop, Path("new.csv"), {"实付": "实付额乙"})[0].columns
    assert [] == ingest(shop).failed


def test_nothing_near(shop: Project) -> None:
    """A column that nothing resembles can still be named by hand."""
    write_csv(shop.inbox / "new.csv", headers(实付="X"), [order("2")])
    assert "no name found is near it" in message(shop)
    with pytest.raises(InputError, match='"实付" may now be any column'):
        accept(shop, Path("new.csv"))
    accept(shop, Path("new.csv"), {"实付": "X"})
    assert [] == ingest(shop).failed


def test_renamed_amount_is_no_poorer_export(make_project: Callable[..., Project], rows: Rows) -> None:
    """A file that would fit a source of fewer columns is held back where a richer one only lacks a renamed column."""
    poor = {
        **ORDERS,
        "recognise": {"headers": ["订单编号", "状态", "创建时间"], "without": ["实付"]},
        "personal": [],
        "tables": {"orders": ORDERS["tables"]["orders"]},
    }
    project = make_project(sources={"test/orders": ORDERS, "test/poor": poor})
    write_csv(project.inbox / "new.csv", headers(实付="实付款额"), [order("2", "8.50")])
    assert 'source test/orders needs the column "实付"' in message(project)
    accept(project, Path("new.csv"))
    assert ["test/orders"] == [file.source for file in ingest(project).files]
    write_csv(project.inbox / "poor.csv", headers(实付="备注"), [order("3")])
    assert "test/poor" in {file.source for file in ingest(project).files}


def test_nothing_to_accept(shop: Project) -> None:
    """A file that loads, one nobody knows and one that is not there are each refused."""
    write_csv(shop.inbox / "old.csv", ORDER_HEADERS, [order("1")])
    write_csv(shop.inbox / "x.csv", ["甲", "乙"], [["1", "2"]])
    for name, reason in {
        "old.csv": "no known export",
        "x.csv": "no known export",
        "y": "no such file",
    }.items():
        with pytest.raises(InputError, match=reason):
            accept(shop, Path(name))


def test_what_still_does_not_fit_is_not_written(shop: Project) -> None:
    """Where the new name cannot be written as an alias, the source stays as it was."""
    write_csv(shop.inbox / "new.csv", headers(实付="实付 | 净额"), [order("2")])
    path = shop.root / "params" / "sources" / "test" / "orders.yaml"
    before = path.read_text("utf-8")
    with pytest.raises(InputError):
        accept(shop, Path("new.csv"))
    assert before == path.read_text("utf-8")


def test_file_in_a_zip(shop: Project) -> None:
    """A member of a zip is accepted through the zip, and nothing unpacked stays."""
    path = write_csv(shop.root / "new.csv", headers(实付="实付款额"), [order("2")])
    with zipfile.ZipFile(shop.inbox / "x.zip", "w") as archive:
        archive.write(path, "new.csv")
    accept(shop, Path("x.zip"))
    assert [] == list(shop.lake.iterdir())
    assert [] == ingest(shop).failed


def test_shipped_source_is_copied_with_its_comments(make_project: Callable[..., Project]) -> None:
    """The project gets its own copy, in which only the lines that name the column differ; the shipped one stays."""
    project = make_project()
    shipped = (REPOSITORY / "params" / "sources" / "tmall" / "orders.yaml").read_text("utf-8")
    sample = next((REPOSITORY / "tests" / "exports" / "tmall" / "orders").glob("*.csv")).read_bytes()
    (project.inbox / "orders.csv").write_bytes(
        sample.replace("买家应付货款".encode("gb18030"), "应付货款".encode("gb18030"))
    )
    assert '"买家应付货款"; the nearest name found is "应付货款"' in message(project)
    (done,) = accept(project, Path("orders.csv"))
    own = done.paths[0].read_text("utf-8")
    assert project.root / "params" / "sources" / "tmall" / "orders.yaml" == done.paths[0]
    assert shipped == (REPOSITORY / "params" / "sources" / "tmall" / "orders.yaml").read_text("utf-8")
    changed = [
        (old, new) for old, new in zip(shipped.splitlines(), own.splitlines(), strict=True) if old != new
    ]
    assert changed
    assert all(new == old.replace("买家应付货款", "买家应付货款 | 应付货款") for old, new in changed)
    assert [] == ingest(project).failed


def test_every_shipped_source_takes_an_alias() -> None:
    """Whatever way a source writes its columns, an alias of each stands in what is read back, and only there."""
    sources = load_sources(Project.open(REPOSITORY))
    for path in sorted((REPOSITORY / "params" / "sources").rglob("*.yaml")):
        text = path.read_text("utf-8")
        source = sources[path.relative_to(REPOSITORY / "params" / "sources").with_suffix("").as_posix()]
        now = {column.names: f"新列{n}(元)" for n, column in enumerate(source.raw_columns.values())}
        written = with_aliases(text, now)
        assert [line for line in text.splitlines() if line.lstrip().startswith("#")] == [
            line for line in written.splitlines() if line.lstrip().startswith("#")
        ]
        body = str(yaml.safe_load(written))
        assert [] == [new for new in now.values() if f" | {new}" not in body]


@pytest.mark.parametrize(
    ("new", "written"),
    [
        ("实付(元)", "{from: 实付 | 实付(元), money: CNY}"),
        ("实付,元", '{from: "实付 | 实付,元", money: CNY}'),
        ("实付 #2", '{from: "实付 | 实付 #2", money: CNY}'),
        ("实付: 元", '{from: "实付 | 实付: 元", money: CNY}'),
    ],
)
def test_alias_is_quoted_where_yaml_needs_it(new: str, written: str) -> None:
    """A new name is written so that it can be read back."""
    text = (
        "recognise: {headers: [单号]}\ntables:\n  t:\n    columns:\n      amount: {from: 实付, money: CNY}\n"
    )
    assert text.replace("{from: 实付, money: CNY}", written) == with_aliases(text, {("实付",): new})


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("{headers: [a], without: [b, 实付, c]}", "{headers: [a], without: [b, 实付, 实付款额, c]}"),
        (
            "\n  headers: [a]\n  without:\n    - 实付\n    - b\n",
            "\n  headers: [a]\n  without:\n    - 实付\n    - 实付款额\n    - b\n",
        ),
    ],
)
def test_exclusions_are_written_in_their_place(text: str, written: str) -> None:
    """A list stays a list of its own style."""
    assert f"recognise: {written}" == with_exclusions(f"recognise: {text}", {("实付",): "实付款额"})


@pytest.mark.parametrize(
    ("cells", "seen"),
    [
        (["¥1,234.50", "12", "-"], {"number"}),
        (["2016/5/23 22:02", "2017-07-08 00:42:32"], {"time"}),
        (["20260811", "20260812"], {"date", "number", "id"}),
        (['="3515000001"', '="3515000002"'], {"id"}),
        (["买家已付款", "交易关闭"], set()),
        (["-", ""], set()),
    ],
)
def test_looks(cells: list[str], seen: set[str]) -> None:
    """What cells may be, told from their shapes."""
    assert seen == looks(cells)
