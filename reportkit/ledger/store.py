"""The ledger's database: opened or made, its schema checked, its failures told in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, insert, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from reportkit.errors import LedgerError
from reportkit.ledger.tables import METADATA, SCHEMA, VERSION
from reportkit.project import Project

__all__ = ["Ledger"]

_WAIT_SECONDS = 30


@dataclass(frozen=True)
class Ledger:
    """An opened ledger; `where` names it in messages."""

    where: str
    _engine: Engine

    @classmethod
    def open(cls, project: Project) -> Ledger:
        """Open the ledger of `project`, making it on first use.

        LedgerError where it cannot be opened, or another version of reportkit made it.
        """
        named = project.settings.ledger
        if "://" in named:
            where = _without_password(named)
            ledger = cls(where, _connected(named, where))
        else:
            path = project.root / named
            _make_folder(path)
            ledger = cls(str(path), _connected(URL.create("sqlite", database=str(path)), str(path)))
        ledger._check()
        return ledger

    def _check(self) -> None:
        with self._telling(), self._engine.connect() as connection:
            tables = set(inspect(connection).get_table_names())
            found = connection.execute(select(SCHEMA.c.version)).scalar() if SCHEMA.name in tables else None
        if found is None:
            self._make()
        elif found != VERSION:
            todo = (
                "install the reportkit that made it, or a newer one"
                if found > VERSION
                else "restore a backup"
            )
            raise LedgerError(
                f"has schema {found}, this reportkit knows {VERSION}", where=self.where, todo=todo
            )

    def _make(self) -> None:
        """Make what is missing; whoever comes second finds it made."""
        parts: list[ExecutableDDLElement] = []
        for table in METADATA.sorted_tables:
            parts.append(CreateTable(table, if_not_exists=True))
            parts += [CreateIndex(one, if_not_exists=True) for one in sorted(table.indexes, key=str)]
        with suppress(IntegrityError), self.writing() as connection:
            for part in parts:
                connection.execute(part)
            connection.execute(insert(SCHEMA).values(version=VERSION))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection to read with."""
        with self._telling(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection whose writes are kept together or not at all.

        Its first statement is to be a write: on SQLite that takes the lock, so that what is read after it holds.
        """
        with self._telling(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Tell a failure of the database as a LedgerError; two first entries at once are for the caller to repeat."""
        try:
            yield
        except IntegrityError:
            raise
        except DBAPIError as error:
            raise _told(error, self.where) from error


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        todo = "ledger in params/project.yaml names a file in a folder that can be written to"
        raise LedgerError(f"cannot be made: {error.strerror}", where=str(path), todo=todo) from error


def _connected(url: str | URL, where: str) -> Engine:
    try:
        lite = make_url(url).get_backend_name() == "sqlite"
        waits: dict[str, Any] = {"timeout": _WAIT_SECONDS, "isolation_level": "IMMEDIATE"} if lite else {}
        return create_engine(url, poolclass=NullPool, connect_args=waits)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        todo = "ledger in params/project.yaml is a file, or an address that SQLAlchemy knows and has a driver for"
        raise LedgerError(f"cannot be opened: {error}", where=where, todo=todo) from error


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url


def _told(error: DBAPIError, where: str) -> LedgerError:
    said = str(error.orig)
    if "locked" in said:
        todo = "end the process that holds it, then run again"
        return LedgerError(f"somebody else has been writing for {_WAIT_SECONDS} s", where=where, todo=todo)
    todo = "restore it from a backup, or move it away to begin a new one"
    return LedgerError(f"cannot be read or written: {said}", where=where, todo=todo)
