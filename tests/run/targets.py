"""What tests of `reportkit.run.workers` call in processes of their own."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import Any

from reportkit.errors import QueryError
from reportkit.run.task import Note


def where(number: int, note: Note) -> dict[str, Any]:
    """Say where it runs, and leave a file of one name there."""
    note("seen", number)
    Path("chart.png").write_text(str(number))
    time.sleep(0.1)
    return {
        "folder": os.getcwd(),
        "leads": os.getpid() == os.getpgid(0),
        "variable": os.environ.get("RK_TEST"),
        "server_threads": len(os.listdir(f"/proc/{os.getppid()}/task")),
    }


def refuse(note: Note) -> None:
    """Fail in a way meant for a person."""
    raise QueryError("no such metric", where="gmvv", todo="ask for gmv")


def stumble(note: Note) -> None:
    """Fail in a way nobody expected."""
    raise ZeroDivisionError("division by zero")


def vanish(note: Note) -> None:
    """End without an answer."""
    print("going", flush=True)
    os._exit(3)


def linger(pids: str, note: Note) -> None:
    """Start a child and wait for ever; the pids of both go to the file `pids`."""
    child = subprocess.Popen(["sleep", "1000"])
    Path(pids).write_text(f"{os.getpid()} {child.pid}")
    time.sleep(1000)


def leave(pids: str, note: Note) -> str:
    """Answer, but leave a child running."""
    child = subprocess.Popen(["sleep", "1000"])
    Path(pids).write_text(str(child.pid))
    return "done"
