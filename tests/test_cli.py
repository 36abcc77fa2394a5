"""The command line: every flag does what it says, and errors are messages, never tracebacks."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import keyring
import pytest
import typer
import yaml
from keyring.backends.null import Keyring
from typer.testing import CliRunner

from reportkit import cli
from reportkit.demo import write_demo
from reportkit.errors import ReportkitError
from reportkit.ingest import ingest
from reportkit.project import Project
from tests.ingest.locked import write_aes
from tests.ingest.samples import ORDER_HEADERS, ORDERS, order, write_csv
from tests.projects import make_shop
from tests.run.shop import CLOSE, OPEN, SHOW, notebook_text, pack_text, write

PLATFORMS = ["tmall", "jd", "pdd", "douyin", "xiaohongshu", "tiktok_shop"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Three months of the demo merchant, ingested."""
    project = make_shop(tmp_path_factory.mktemp("cli") / "shop", {})
    write_demo(project.inbox, months=3, end="2025-11")
    ingest(project)
    return project


def said(*arguments: str) -> str:
    """Run a command that succeeds; return what it printed."""
    result = CliRunner().invoke(cli.app, list(arguments))
    assert result.exception is None, result.output
    return result.stdout


def query(shop: Project, *arguments: str) -> list[dict]:
    return json.loads(said("query", *arguments, "--format", "json", "-C", str(shop.root)))


def test_query_slices_and_compares(shop: Project) -> None:
    """--by, --where, --compare and --as-of change the answer as they say."""
    rows = query(shop, "gmv", "--by", "platform", "--period", "2025-11", "--compare", "previous")
    assert PLATFORMS == [row["platform_id"] for row in rows]
    assert all(row["gmv previous"] > 0 for row in rows)
    (one,) = query(shop, "gmv", "--where", "platform=tmall", "--period", "2025-11")
    assert rows[0]["gmv"] == one["gmv"]
    (early,) = query(shop, "gmv", "--where", "platform=tmall", "--period", "2025-11", "--as-of", "2025-11-05")
    assert 0 < early["gmv"] < one["gmv"]


def test_query_formats(shop: Project) -> None:
    """The same numbers as a table, as csv and as JSON."""
    asked = ("gmv", "--period", "2025-11")
    (row,) = query(shop, *asked)
    text = said("query", *asked, "--format", "csv", "-C", str(shop.root))
    assert row["gmv"] == float(next(csv.DictReader(io.StringIO(text)))["gmv"])
    assert f"{row['gmv']:,.2f}".rstrip("0") in said("query", *asked, "-C", str(shop.root))


def test_metrics_lists_the_dictionary(shop: Project) -> None:
    """Every metric with name and formula."""
    listed = {row["id"]: row for row in json.loads(said("metrics", "--format", "json", "-C", str(shop.root)))}
    assert {"gmv", "net_sales", "cvr", "aftersale_hours", "platform_share", "pace"} <= set(listed)
    assert "gmv" in said("metrics", "-C", str(shop.root))


def test_run_flags(shop: Project, tmp_path: Path) -> None:
    """--only, --no-pdf, --kernel, --as-of; --snapshot makes an earlier run again; trace --to finds its rows."""
    write(shop.root / "notebooks/test/good.ipynb", notebook_text(OPEN, SHOW, CLOSE))
    write(shop.root / "params/packs/good.yaml", pack_text("test/good"))
    flags = ("--only", "company/test/good", "--no-pdf", "-C", str(shop.root))
    said("run", "good", "--period", "2025-11", "--as-of", "2025-11-20", "--kernel", "plain", *flags)
    (first,) = shop.runs.glob("good/2025-11/*/manifest.json")
    manifest = json.loads(first.read_text("utf-8"))
    assert "2025-11-20" == manifest["as_of"]
    assert not list(shop.runs.rglob("*.pdf"))
    said("run", "good", "--period", "2025-11", "--snapshot", manifest["run"], *flags)
    manifests = [json.loads(p.read_text("utf-8")) for p in shop.runs.glob("good/2025-11/*/manifest.json")]
    assert ["2025-11-20"] * 2 == [one["as_of"] for one in manifests]
    assert "SELECT" in said("trace", "last", "E1", "--to", str(tmp_path), "-C", str(shop.root))
    assert list(tmp_path.glob("*.csv"))


def test_exported_at_overrides(
    make_project: Callable[..., Project], rows: Callable[..., list[tuple]]
) -> None:
    """--exported-at says when files were written, over what they say themselves."""
    project = make_project(sources={"test/orders": ORDERS})
    path = write_csv(project.inbox / "orders20251201000000.csv", ORDER_HEADERS, [order("1")])
    printed = said("ingest", str(path), "--exported-at", "2025-12-24 08:00:00", "-C", str(project.root))
    assert "test/orders" in printed
    assert [(datetime(2025, 12, 24, 8),)] == rows(project, "SELECT exported_at FROM files")


def test_ingest_fails_aloud(make_project: Callable[..., Project]) -> None:
    """A file that cannot be read is named, and the exit code says so."""
    project = make_project()
    write_csv(project.inbox / "x.csv", ["甲", "乙"], [["1", "2"]])
    result = CliRunner().invoke(cli.app, ["ingest", "-C", str(project.root)])
    assert 1 == result.exit_code
    assert "x.csv: no source knows these columns: 甲, 乙" in result.stderr


def test_todo_lists_what_is_missing(shop: Project) -> None:
    """--period asks for its files; one that is there is not asked for, and one that is not is, with its days."""
    needs = json.loads(said("todo", "--period", "2025-11", "--format", "json", "-C", str(shop.root)))
    missing = {need["source"]: need["missing"] for need in needs}
    assert "2025-11-01/2025-11-30" == missing["tmall/cps"]
    assert "tmall/orders" not in missing
    later = json.loads(said("todo", "--period", "2025-12", "--format", "json", "-C", str(shop.root)))
    assert "tmall/orders" in {need["source"] for need in later}
    assert "淘宝联盟" in said("todo", "--period", "2025-11", "-C", str(shop.root))


def test_alerts_of_a_morning_and_since_a_day(shop: Project) -> None:
    """What is told of the last day is told since an earlier one too; whole files lack no day."""

    def told(*since: str) -> set[str]:
        return {
            one["id"] for one in json.loads(said("alerts", *since, "-C", str(shop.root), "--format", "json"))
        }

    today, month = told(), told("--since", "2025-11-01")
    assert today <= month
    assert not [name for name in month if name.startswith("AL-G2") and ".refunds:" not in name]
    word = ("--by", "lin", "--note", "the feed was off", "-C", str(shop.root))
    assert "the feed was off" in said("alerts", "mark", min(month), "false", *word)
    (rule,) = (
        row
        for row in json.loads(said("alerts", "precision", "--format", "json", "-C", str(shop.root)))
        if row["judged"] and row["rule"] != "all"
    )
    assert (min(month).split(":")[0], 1) == (rule["rule"], rule["false"])


def explained(shop: Project, *arguments: str) -> dict[str, Any]:
    """The steps of a bridge of November, each with its amount."""
    asked = ("explain", "gmv", "--period", "2025-11", "--format", "json", "-C", str(shop.root))
    return {row["step"]: row["amount"] for row in json.loads(said(*asked, *arguments))}


def test_explain_walks_to_our_figure(shop: Project) -> None:
    """From the platform's figure over every step to ours, which is the gmv that a query gives."""
    walk = explained(shop, "--platform", "tmall")
    (ours,) = query(shop, "gmv", "--where", "platform=tmall", "--period", "2025-11")
    assert ours["gmv"] == walk["ours"]
    assert walk["ours"] == pytest.approx(sum(v for k, v in walk.items() if k != "ours"), abs=0.001)
    assert ["figure", "unexplained", "ours"] == [
        name for name in walk if name in ("figure", "unexplained", "ours")
    ]


def test_explain_writes_the_rows_of_each_step(shop: Project, tmp_path: Path) -> None:
    """--to writes one csv a step, whose amounts add up to it and whose rows name their file."""
    steps = explained(shop, "--platform", "tmall", "--to", str(tmp_path / "out"))
    for name in ("figure", "unexplained", "ours"):
        del steps[name]
    assert steps
    for name, amount in steps.items():
        text = (tmp_path / "out" / f"tmall-2025-11-{name}.csv").read_text("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert amount == pytest.approx(sum(float(row["amount"]) for row in rows), abs=0.001)
        assert all(row["path"] and int(row["source_row"]) > 1 for row in rows)


def test_explain_one_shop(shop: Project) -> None:
    """--shop keeps one shop; the demo merchant has one on Tmall, so its bridge is the platform's."""
    engine_rows = query(shop, "gmv", "--by", "shop", "--where", "platform=tmall", "--period", "2025-11")
    (name,) = [row["shop_id"] for row in engine_rows if row["shop_id"]]
    assert explained(shop, "--platform", "tmall") == explained(shop, "--platform", "tmall", "--shop", name)
    table = said("explain", "gmv", "--platform", "tmall", "--period", "2025-11", "-C", str(shop.root))
    assert "unexplained" in table


def test_forms_are_written_once(shop: Project, tmp_path: Path) -> None:
    """Forms by name or all of them, into --out; what is there already is never written over."""
    flags = ("--out", str(tmp_path / "forms"), "-C", str(shop.root))
    (path,) = said("forms", "targets", *flags).splitlines()
    assert Path(path).is_file()
    again = CliRunner().invoke(cli.app, ["forms", "targets", *flags])
    assert "written over" in str(again.exception)
    assert len(said("forms", "--out", str(tmp_path / "all"), "-C", str(shop.root)).splitlines()) > 10


def test_sources_are_listed(shop: Project) -> None:
    """Every export with what it feeds and how well it is known; the layouts are those of the list."""
    listed = {
        row["source"]: row for row in json.loads(said("sources", "--format", "json", "-C", str(shop.root)))
    }
    orders = listed["tmall/orders"]
    assert ("天猫", "订单报表", "orders, order_lines", "real") == tuple(
        orders[key] for key in ("platform", "export", "tables", "confidence")
    )
    layouts = yaml.safe_load(shop.resource("params/layouts.yaml").read_text("utf-8"))
    assert sum(len(layout["sources"]) for layout in layouts) == sum(row["layouts"] for row in listed.values())
    assert listed["jd/refunds"]["partial"]
    assert "tmall/orders" in said("sources", "-C", str(shop.root))


STRANGE = ["订单号", "下单时间", "商品名称", "数量", "订单状态", "颜色偏好"]
STRANGE_ROW = ["A0001", "2025-11-01 10:00:00", "保温杯", "2", "已完成", "红"]


def test_source_new_prints_or_writes(make_project: Callable[..., Project]) -> None:
    """Without --to it is printed, with --platform; with --to it is written, and never over another."""
    project = make_project()
    write_csv(project.inbox / "x.csv", STRANGE, [STRANGE_ROW])
    new = ["source", "new", "x.csv", "-C", str(project.root)]
    printed = yaml.safe_load(said(*new, "--platform", "youzan"))
    assert "youzan" == printed["platform"]
    (path,) = said(*new, "--to", "weidian/orders").splitlines()
    assert "weidian" == yaml.safe_load(Path(path).read_text("utf-8"))["platform"]
    assert 1 == ingest(project).files[0].accepted
    write_csv(
        project.inbox / "x.csv", ["统计日期", "访客数", "浏览量", "转粉数"], [["2025-11-01", "5", "9", "1"]]
    )
    again = CliRunner().invoke(cli.app, [*new, "--to", "weidian/orders"])
    assert "there is such a source already" in str(again.exception)
    assert 2 == CliRunner().invoke(cli.app, [*new, "--to", "../x"]).exit_code
    assert 2 == CliRunner().invoke(cli.app, [*new, "--platform", "有赞"]).exit_code


def test_source_new_keeps_an_unfinished_one_apart(make_project: Callable[..., Project]) -> None:
    """A proposal that lacks required columns stops no ingest, and says what to do."""
    project = make_project()
    write_csv(project.inbox / "x.csv", ["展现量", "点击量", "总成交金额"], [["1", "2", "3"]])
    result = CliRunner().invoke(
        cli.app, ["source", "new", "x.csv", "--to", "other/ads", "-C", str(project.root)]
    )
    assert 0 == result.exit_code
    assert "ads.spend_cash must be there" in result.stderr
    assert "fill in the TODO lines, then rename it to ads.yaml" in result.stderr
    assert ["ads.yaml.todo"] == [path.name for path in (project.root / "params/sources/other").iterdir()]
    assert ["failed"] == [file.state for file in ingest(project).files]


def test_source_accept_takes_columns(make_project: Callable[..., Project]) -> None:
    """--column says what a column is called now; what it wrote is printed, and the file loads."""
    project = make_project(sources={"test/orders": ORDERS})
    headers = ["X" if name == "实付" else name for name in ORDER_HEADERS]
    write_csv(project.inbox / "x.csv", headers, [order("1")])
    accept = ["source", "accept", "x.csv", "-C", str(project.root)]
    assert 2 == CliRunner().invoke(cli.app, [*accept, "--column", "实付"]).exit_code
    assert "orders.yaml: 实付 | X" in said(*accept, "--column", "实付=X").replace("\n", "")
    assert [] == ingest(project).failed


@pytest.fixture
def no_keyring() -> Iterator[None]:
    """A keyring that knows nothing, whatever this machine has."""
    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())
    yield
    keyring.set_keyring(before)


@pytest.mark.usefixtures("no_keyring")
def test_ingest_unattended_names_the_locked_file(make_project: Callable[..., Project]) -> None:
    """Without a terminal nobody is asked: the zip is named, the others load, the exit code is 1."""
    project = make_project(sources={"test/orders": ORDERS})
    content = write_csv(project.root / "x.csv", ORDER_HEADERS, [order("1")]).read_bytes()
    write_aes(project.inbox / "locked.zip", {"x.csv": content}, "secret")
    write_csv(project.inbox / "open.csv", ORDER_HEADERS, [order("2")])
    result = CliRunner().invoke(cli.app, ["ingest", "-C", str(project.root)])
    assert 1 == result.exit_code
    assert "locked.zip: x.csv is protected by a password" in result.stderr
    assert "snapshot 1" in result.stdout


def test_ingest_asks_at_a_terminal(
    make_project: Callable[..., Project], rows: Callable[..., list[tuple]]
) -> None:
    """At a terminal the password is asked for, and what is typed is not shown."""
    project = make_project(sources={"test/orders": ORDERS})
    content = write_csv(project.root / "x.csv", ORDER_HEADERS, [order("1")]).read_bytes()
    write_aes(project.inbox / "locked.zip", {"x.csv": content}, "cinnabar")
    ours, theirs = pty.openpty()
    environment = os.environ | {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    environment.pop("REPORTKIT_ZIP_PASSWORD", None)
    command = [sys.executable, "-c", "from reportkit.cli import main; main()", "ingest"]
    with subprocess.Popen(
        [*command, "-C", str(project.root)],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        start_new_session=True,
    ) as process:
        assert process.stdout
        printed = b""
        while b"leave it out" not in printed and (part := os.read(process.stdout.fileno(), 1 << 16)):
            printed += part
        # What is typed while the terminal still echoes would be thrown away.
        while termios.tcgetattr(theirs)[3] & termios.ECHO and process.poll() is None:
            time.sleep(0.05)
        os.write(ours, b"cinnabar\n")
        printed = (printed + process.communicate(timeout=120)[0]).decode()
    os.close(ours)
    os.close(theirs)
    assert 0 == process.returncode, printed
    assert "Password of locked.zip" in printed
    assert "cinnabar" not in printed
    assert [("1",)] == rows(project, "SELECT platform_order_id FROM orders")


def test_every_flag_is_exercised_here() -> None:
    """A flag that no test of this module gives may do anything."""
    tested = Path(__file__).read_text("utf-8")
    groups, flags = [typer.main.get_command(cli.app)], []
    while groups:
        for command in groups.pop().commands.values():
            groups += [command] if hasattr(command, "commands") else []
            flags += [[*option.opts, *option.secondary_opts] for option in command.params if option.opts]
    assert len(flags) > 30
    unused = [
        names
        for names in flags
        if names[0].startswith("-") and not any(f'"{name}"' in tested for name in names)
    ]
    assert [] == unused


def test_demo_data_says_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--size and --null say which merchant is written, --out where."""
    monkeypatch.setattr(cli.demo, "write_demo", partial(write_demo, months=1))
    said("demo", "data", "--out", str(tmp_path / "files"), "--size", "small", "--null")
    made = json.loads((tmp_path / "files" / "truths.json").read_text("utf-8"))
    assert ("small", True) == (made["made_from"]["size"], made["made_from"]["null"])
    assert {"refund_delays", "promotions"} == set(made["planted"])


def test_demo_wants_a_folder_of_its_own(tmp_path: Path) -> None:
    """Files that stand there already are never mixed with the demo's."""
    (tmp_path / "订单.csv").write_text("a\n")
    result = CliRunner().invoke(cli.app, ["demo", "-C", str(tmp_path)])
    assert isinstance(result.exception, ReportkitError)
    assert "neither empty nor a project" in str(result.exception)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["query", "gmvv", "--period", "2025-11"], 'did you mean "gmv"?'),
        (["run", "montly", "--period", "2025-11"], 'did you mean "monthly"?'),
        (["trace", "nothing", "E1"], 'no run "nothing"'),
        (["todo", "--period", "2025-13"], "2025-13"),
        (["explain", "gmvv", "--platform", "tmall", "--period", "2025-11"], 'did you mean "gmv"?'),
        (["explain", "gmv", "--platform", "tmall", "--period", "2025-11", "--shop", "x"], 'no shop "x"'),
        (["forms", "tagets", "--out", "nowhere"], 'did you mean "targets"?'),
        (["source", "new", "nothing.csv"], "nothing.csv: no such file"),
        (["source", "accept", "nothing.csv"], "nothing.csv: no such file"),
    ],
)
def test_errors_are_messages(
    shop: Project,
    arguments: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A wrong name is one message with a suggestion and exit code 1."""
    monkeypatch.setattr("sys.argv", ["reportkit", *arguments, "-C", str(shop.root)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = capsys.readouterr()
    assert 1 == ended.value.code
    assert message in printed.err
    assert "Traceback" not in printed.err
