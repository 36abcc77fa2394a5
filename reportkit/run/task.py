"""What a process of its own is asked to do, and how it does it.

The process leads a process group, so that whatever it starts can be ended with it, and it dies when
the run dies.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NoReturn

from reportkit.errors import ReportkitError, RunError

__all__ = ["LOG", "Note", "Task", "serve"]

LOG = "log.txt"
"""Where a task's process prints to, in its folder."""

Note = Callable[[str, Any], None]
"""How a task tells something before it ends: ``note("at", "In [3]")``. A later note replaces an earlier.

``at`` is named where the task is lost; ``group`` is a process group of its own to be ended with it.
"""


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


def serve(task: Task, environment: dict[str, str], connection: Connection, forked: bool) -> None:
    """Call the task's target in this process, and send notes and the answer over `connection`.

    What is sent is ``("note", {name: value})``, and last ``("value", …)`` or ``("error", …)``.
    """
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

    return {"preloaded": os.getpid() != preload.SERVER, "missing": preload.MISSING}


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
