"""The ledger's database: where it lies, who may write, what is said when it cannot be used."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable

import pytest

from reportkit.errors import LedgerError
from reportkit.ledger import Ledger, events, see, store
from reportkit.project import Project
from tests.alerts.made import made, told

AT_ONCE = """
import sys
from reportkit.ledger import Ledger, mark, see
from reportkit.project import Project
from tests.alerts.made import made, told
ledger = Ledger.open(Project.open(sys.argv[1]))
for number in range(25):
    see(ledger, told(made(), made(scope={"platform": f"p{number}"})))
    mark(ledger, "AL-S1:tmall:20260901", "in_work", sys.argv[2], str(number))
"""


def test_two_processes_at_once_lose_nothing(make_project: Callable[..., Project]) -> None:
    """Both make the ledger, tell the same incidents and mark one of them; every word is there, in order."""
    project = make_project()
    arguments = [sys.executable, "-c", AT_ONCE, str(project.root)]
    both = [
        subprocess.Popen([*arguments, name], stderr=subprocess.PIPE, text=True) for name in ("lin", "wang")
    ]
    assert [(0, ""), (0, "")] == [(one.wait(), said) for one in both for said in [one.communicate()[1]]]
    ledger = Ledger.open(project)
    said = [(one.by, one.note) for one in events(ledger, "AL-S1:tmall:20260901") if one.state == "in_work"]
    for name in ("lin", "wang"):
        assert [str(number) for number in range(25)] == [note for by, note in said if by == name]
    for number in range(25):
        assert ["new"] == [one.state for one in events(ledger, f"AL-S1:p{number}:20260901")]


def test_it_lies_with_the_data_and_outlives_its_opener(make_project: Callable[..., Project]) -> None:
    """Made on first use, at the place that project.yaml names: a file, or the address of a database."""
    usual, named = make_project("usual"), make_project("named?x=1", ledger="kept/states.db")
    address = make_project("address", ledger=f"sqlite:///{usual.root}/other.db")
    for project, file in (
        (usual, usual.root / "data/ledger.sqlite"),
        (named, named.root / "kept/states.db"),
        (address, usual.root / "other.db"),
    ):
        see(Ledger.open(project), told(made()))
        assert file.read_bytes().startswith(b"SQLite")
        assert 1 == len(events(Ledger.open(project), "AL-S1:tmall:20260901"))


def test_a_ledger_of_another_schema_is_left_alone(make_project: Callable[..., Project]) -> None:
    """What a newer reportkit has made is not written to."""
    project = make_project()
    Ledger.open(project)
    with sqlite3.connect(project.root / "data/ledger.sqlite") as database:
        database.execute("UPDATE ledger_schema SET version = 9")
    database.close()
    with pytest.raises(LedgerError, match="has schema 9, this reportkit knows 1\n  → install the reportkit"):
        Ledger.open(project)


def test_a_broken_file_is_said_to_be_broken(make_project: Callable[..., Project]) -> None:
    """By its path, with what can be done; it is not overwritten."""
    project = make_project()
    file = project.root / "data/ledger.sqlite"
    file.write_bytes(b"no database, " * 100)
    with pytest.raises(
        LedgerError, match="cannot be read or written: file is not a database\n  → restore it"
    ) as told_of:
        Ledger.open(project)
    assert str(file) in str(told_of.value)
    assert file.read_bytes().startswith(b"no database")


def test_a_place_where_nothing_can_be_made(make_project: Callable[..., Project]) -> None:
    """A folder that is a file: said with what names the place."""
    with pytest.raises(LedgerError, match=r"cannot be made: File exists\n  → ledger in params/project\.yaml"):
        Ledger.open(make_project(ledger="params/project.yaml/states.db"))


def test_a_ledger_that_somebody_holds(
    make_project: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while of waiting it is said that somebody is writing; nothing of the check is kept in part."""
    monkeypatch.setattr(store, "_WAIT_SECONDS", 0.1)
    project = make_project()
    ledger = Ledger.open(project)
    holder = sqlite3.connect(project.root / "data/ledger.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerError, match=r"somebody else has been writing for 0\.1 s\n  → end the process"):
        see(ledger, told(made()))
    holder.rollback()
    holder.close()
    assert [] == events(ledger, "AL-S1:tmall:20260901")


@pytest.mark.parametrize("address", ["nowhere://host/x", "postgresql+pgnone://u:secret@host/x"])
def test_an_address_that_nothing_can_open(make_project: Callable[..., Project], address: str) -> None:
    """It is said where it stands, without its password."""
    with pytest.raises(LedgerError, match=r"ledger in params/project\.yaml") as told_of:
        Ledger.open(make_project(ledger=address))
    assert "secret" not in str(told_of.value)
