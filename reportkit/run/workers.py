"""One process per task, so many at a time, each within its deadline, and none left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import ModuleType, TracebackType
from typing import Any

from reportkit.errors import ReportkitError, RunError
from reportkit.run.task import LOG, Task, serve

__all__ = ["Done", "Workers", "cpu_count", "load_ahead"]

_PRELOAD = "reportkit.run.preload"
_JOIN_SECONDS = 10.0
# A fork copies one thread. Linear algebra and memory pools start more on import unless told not to.
_ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "_RJEM_MALLOC_CONF": "background_thread:false",
}


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


def load_ahead() -> None:
    """Start the server that tasks are forked from, which then loads what they need while others work.

    Does nothing where it runs already. For systems that can fork, see `reportkit.run.forking.forks`.
    """
    from multiprocessing import forkserver

    forkserver.set_forkserver_preload([_PRELOAD])
    with _environment(_ONE_THREAD):
        forkserver.ensure_running()


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
            load_ahead()
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
        process = self._context.Process(target=serve, args=arguments, name=task.name)
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
            return _done(running, error=_overdue(running))
        return _done(running, error=_lost(running, code)) if code is not None else None

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


def _place(running: _Running) -> str:
    return ", ".join([running.task.name, *([running.notes["at"]] if "at" in running.notes else [])])


def _overdue(running: _Running) -> ReportkitError:
    return RunError(
        f"not ready after {running.task.seconds:.0f} seconds, so it was ended",
        where=_place(running),
        todo="look for a cell that waits or loops, or raise the pack's deadline_seconds",
    )


def _lost(running: _Running, code: int) -> ReportkitError:
    return RunError(
        f"its process ended with exit code {code} and no answer",
        where=_place(running),
        todo=f"see what it printed in {running.task.folder}; exit code -9 is mostly want of memory",
    )


def _end_group(group: int | None) -> None:
    if group and hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep the new process from importing the caller's script, of which it needs nothing."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
