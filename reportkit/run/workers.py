"""One process per task: its own group and folder, a deadline, and nothing left behind.

A task's process leads a process group, so that whatever it starts can be ended with it. It dies
when the run dies, and the run ends its group when it has answered, failed or outlived its deadline.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, NoReturn

from reportkit.errors import ReportkitError, RunError

__all__ = ["LOG", "Done", "Note", "Task", "Workers", "cpu_count"]

LOG = "log.txt"
"""Where a task's process prints to, in its folder."""

_PRELOAD = "reportkit.run.preload"
_JOIN_SECONDS = 10.0

Note = Callable[[str, Any], None]
"""How a task tells something before it ends: ``note("cell", 3)``. A later note replaces an earlier."""


@dataclass(frozen=True)
class Task:
    """``target(*args, note)``, to be called in a process of its own.

    `target` is written ``module:function``, so that only the process that calls it imports the
    module; `args` and the result can be pickled. `folder` is made where missing and is the working
    directory. `seconds` is the deadline. `first` is a target without arguments, called before the
    process has a second thread.
    """

    name: str
    target: str
    args: tuple[Any, ...]
    folder: Path
    seconds: float
    environment: dict[str, str] = field(default_factory=dict)
    first: str = ""


@dataclass(frozen=True)
class Done:
    """How a task ended: with a `value` or with an `error`. `notes` is what it told before."""

    task: Task
    value: Any
    error: ReportkitError | None
    notes: dict[str, Any]
    seconds: float


@dataclass
class _Running:
    task: Task
    process: BaseProcess
    connection: Connection
    started: float
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def left(self) -> float:
        return self.started + self.task.seconds - time.monotonic()


def cpu_count() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """Runs tasks, at most `at_once` at a time, each in a process of its own.

    With `fork` they are forked from a server that has loaded `reportkit.run.preload`; without, each
    is a new Python. A context manager: at its end no process of any task is left.
    """

    def __init__(self, *, fork: bool, at_once: int | None = None) -> None:
        self._context: Any = multiprocessing.get_context("forkserver" if fork else "spawn")
        self._fork, self._at_once = fork, at_once or cpu_count()
        self._waiting: deque[Task] = deque()
        self._running: list[_Running] = []

    def __enter__(self) -> Workers:
        if self._fork:
            from multiprocessing import forkserver

            self._context.set_forkserver_preload([_PRELOAD])
            forkserver.ensure_running()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._waiting.clear()
        while self._running:
            self._end(self._running[0])

    def submit(self, task: Task) -> None:
        """Queue `task`. May be called while `finished` is read."""
        self._waiting.append(task)

    def finished(self) -> Iterator[Done]:
        """Yield each task as it ends, until none is left."""
        while self._waiting or self._running:
            while self._waiting and len(self._running) < self._at_once:
                self._running.append(self._start(self._waiting.popleft()))
            wait(self._signals(), max(0.0, min(running.left for running in self._running)))
            for running in list(self._running):
                if done := self._look(running):
                    self._end(running)
                    yield done

    def _signals(self) -> list[Any]:
        return [end for one in self._running for end in (one.connection, one.process.sentinel)]

    def _start(self, task: Task) -> _Running:
        task.folder.mkdir(parents=True, exist_ok=True)
        ours, theirs = self._context.Pipe(duplex=False)
        arguments = (task, {**os.environ, **task.environment}, theirs, self._fork)
        process = self._context.Process(target=_serve, args=arguments, name=task.name)
        with _without_main(), theirs:
            process.start()
        return _Running(task, process, ours, time.monotonic())

    def _look(self, running: _Running) -> Done | None:
        """Return how the task ended, None while it runs."""
        # Asked first: an answer sent just before the end must be found below.
        code = running.process.exitcode
        with suppress(EOFError, OSError):
            while running.connection.poll():
                kind, content = running.connection.recv()
                if kind == "note":
                    running.notes |= content
                else:
                    return _done(running, **{kind: content})
        if running.left <= 0:
            return _done(running, error=_overdue(running.task))
        return _done(running, error=_lost(running.task, code)) if code is not None else None

    def _end(self, running: _Running) -> None:
        self._running.remove(running)
        for group in (running.process.pid, running.notes.get("group")):
            _end_group(group)
        running.process.kill()
        running.process.join(_JOIN_SECONDS)
        running.connection.close()
        with suppress(ValueError):
            running.process.close()
        log = running.task.folder / LOG
        if log.exists() and log.stat().st_size == 0:
            log.unlink()


def _done(running: _Running, value: Any = None, error: ReportkitError | None = None) -> Done:
    return Done(running.task, value, error, running.notes, time.monotonic() - running.started)


def _overdue(task: Task) -> ReportkitError:
    return RunError(
        f"not ready after {task.seconds:.0f} seconds, so it was ended",
        where=task.name,
        todo="look for a cell that waits or loops, or raise the pack's deadline_seconds",
    )


def _lost(task: Task, code: int) -> ReportkitError:
    return RunError(
        f"its process ended with exit code {code} and no answer",
        where=task.name,
        todo=f"see {task.folder / LOG}; exit code -9 is mostly want of memory",
    )


def _end_group(group: int | None) -> None:
    if group and hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep the new process from importing the caller's script, of which it needs nothing."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _serve(task: Task, environment: dict[str, str], connection: Connection, forked: bool) -> None:
    _settle(task, environment)
    if task.first:
        _function(task.first)()
    groups: list[int] = [0]
    threading.Thread(target=_die_with_run, args=(groups,), daemon=True).start()

    def note(name: str, value: Any) -> None:
        if name == "group":
            groups.insert(0, value)
        connection.send(("note", {name: value}))

    if forked:
        note("preload", _preloaded())
    connection.send(_answer(task, note))


def _settle(task: Task, environment: dict[str, str]) -> None:
    """Make the process its group's leader, with the task's folder, log and environment."""
    if hasattr(os, "setsid"):
        os.setsid()
    log = os.open(task.folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)
    os.environ.clear()
    os.environ.update(environment)
    if hasattr(time, "tzset"):
        time.tzset()
    os.chdir(task.folder)


def _die_with_run(groups: list[int]) -> NoReturn:
    parent = multiprocessing.parent_process()
    if parent:
        wait([parent.sentinel])
    for group in groups:
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
    os._exit(1)


def _preloaded() -> dict[str, Any]:
    from reportkit.run import preload

    return {"done": os.getpid() != preload.SERVER, "missing": preload.MISSING}


def _answer(task: Task, note: Note) -> tuple[str, Any]:
    try:
        return "value", _function(task.target)(*task.args, note)
    except ReportkitError as error:
        return "error", error
    except Exception as error:
        traceback.print_exc()
        return "error", RunError(f"{type(error).__name__}: {error}", where=task.name)


def _function(target: str) -> Callable[..., Any]:
    module, _, name = target.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function
