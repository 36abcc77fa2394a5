"""Processes: isolated, bounded in time, and gone afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from reportkit.errors import QueryError, RunError
from reportkit.run.task import LOG, Task
from reportkit.run.workers import Done, Workers
from tests.run.shop import all_end

BOTH = pytest.mark.parametrize("fork", [True, False], ids=["forked", "plain"])


def task(name: str, folder: Path, *args: Any, seconds: float = 30, **more: Any) -> Task:
    """A task that calls `tests.run.targets`."""
    return Task(name, f"tests.run.targets:{name.partition('-')[0]}", args, folder / name, seconds, **more)


def run(tasks: list[Task], **options: Any) -> dict[str, Done]:
    """Run tasks to their end."""
    with Workers(**{"fork": True} | options) as workers:
        for one in tasks:
            workers.submit(one)
        return {done.task.name: done for done in workers.finished()}


@BOTH
def test_each_task_has_its_own_folder(tmp_path: Path, fork: bool) -> None:
    """Tasks that write files of one name do not meet, and the caller's folder stays where it is."""
    here = os.getcwd()
    done = run([task(f"where-{number}", tmp_path, number) for number in range(4)], fork=fork)
    assert {name: one.value["folder"] for name, one in done.items()} == {
        name: str(tmp_path / name) for name in done
    }
    assert [(tmp_path / f"where-{n}/chart.png").read_text() for n in range(4)] == ["0", "1", "2", "3"]
    assert {name: one.notes["seen"] for name, one in done.items()} == {f"where-{n}": n for n in range(4)}
    assert all(one.value["leads"] for one in done.values())
    assert os.getcwd() == here


def test_the_environment_of_a_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task sees the caller's environment of now, and its own on top; the caller does not."""
    monkeypatch.setenv("RK_TEST", "caller")
    done = run([task("where-0", tmp_path, 0), task("where-1", tmp_path, 1, environment={"RK_TEST": "own"})])
    assert [done[f"where-{n}"].value["variable"] for n in range(2)] == ["caller", "own"]
    assert os.environ["RK_TEST"] == "caller"


def test_the_server_is_loaded_and_has_one_thread(tmp_path: Path) -> None:
    """Everything is loaded before the first fork, and a fork is safe: there is one thread to copy."""
    done = run([task("where-0", tmp_path, 0)])["where-0"]
    assert done.notes["preload"] == {"preloaded": True, "missing": {}}
    assert done.value["server_threads"] == 1


def test_no_more_at_once_than_asked(tmp_path: Path) -> None:
    """One at a time takes as long as all of them in turn."""
    done = run([task(f"where-{number}", tmp_path, number) for number in range(4)], at_once=1)
    started = time.monotonic()
    run([task(f"where-{number}", tmp_path, number) for number in range(4)], at_once=1)
    assert len(done) == 4
    assert time.monotonic() - started > 0.4


@BOTH
def test_one_failure_among_many(tmp_path: Path, fork: bool) -> None:
    """Errors come back as themselves, lost processes with their exit code; the others are not touched."""
    names = ["where-0", "refuse", "stumble", "vanish", "where-1"]
    done = run([task(name, tmp_path, *([0] if "where" in name else [])) for name in names], fork=fork)
    assert {name for name, one in done.items() if one.error is None} == {"where-0", "where-1"}
    assert isinstance(done["refuse"].error, QueryError)
    assert str(done["refuse"].error) == "gmvv: no such metric\n  → ask for gmv"
    assert str(done["stumble"].error) == "stumble: ZeroDivisionError: division by zero"
    assert "ended with exit code 3 and no answer" in str(done["vanish"].error)
    assert (tmp_path / "vanish" / LOG).read_text() == "going\n"
    assert "test_workers" not in (tmp_path / "stumble" / LOG).read_text()
    assert not (tmp_path / "where-0" / LOG).exists()


@BOTH
def test_deadline(tmp_path: Path, fork: bool) -> None:
    """A task past its deadline is ended with all that it started."""
    pids = tmp_path / "pids"
    seconds = 4 if fork else 12  # a new Python, on a busy machine, begins its task after some seconds
    done = run(
        [task("linger", tmp_path, str(pids), seconds=seconds), task("where-0", tmp_path, 0)], fork=fork
    )
    assert f"not ready after {seconds} seconds" in str(done["linger"].error)
    assert done["where-0"].error is None
    assert all_end([int(pid) for pid in pids.read_text().split()])


def test_what_a_task_leaves_behind(tmp_path: Path) -> None:
    """A child that outlives its task's answer is ended too."""
    pids = tmp_path / "pids"
    assert run([task("leave", tmp_path, str(pids))])["leave"].value == "done"
    assert all_end([int(pids.read_text())])


def test_an_interrupted_run(tmp_path: Path) -> None:
    """An exception in the caller, such as Ctrl-C, ends what runs and drops what waits."""
    pids = tmp_path / "pids"
    tasks = [task("linger", tmp_path, str(pids)), task("where-0", tmp_path, 0), task("where-1", tmp_path, 1)]
    with pytest.raises(KeyboardInterrupt):
        interrupt(tasks)
    assert all_end([int(pid) for pid in pids.read_text().split()])
    assert not (tmp_path / "where-1/chart.png").exists()


def interrupt(tasks: list[Task]) -> None:
    """Interrupt a run of `tasks` when the first of them has ended."""
    with Workers(fork=True, at_once=2) as workers:
        for one in tasks:
            workers.submit(one)
        for _ in workers.finished():
            raise KeyboardInterrupt


@BOTH
def test_a_killed_run_leaves_no_orphan(tmp_path: Path, fork: bool) -> None:
    """A run that is killed outright takes its tasks and their children with it."""
    pids = tmp_path / "pids"
    code = (
        "from pathlib import Path\n"
        "from reportkit.run.task import Task\n"
        "from reportkit.run.workers import Workers\n"
        f"task = Task('linger', 'tests.run.targets:linger', ({str(pids)!r},), Path({str(tmp_path)!r}), 60)\n"
        f"with Workers(fork={fork}) as workers:\n"
        "    workers.submit(task)\n"
        "    list(workers.finished())\n"
    )
    with subprocess.Popen([sys.executable, "-W", "error", "-c", code]) as process:
        end = time.monotonic() + 40
        while not (pids.exists() and pids.read_text()) and time.monotonic() < end:
            time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
    assert all_end([int(pid) for pid in pids.read_text().split()])


def test_a_script_without_a_guard(tmp_path: Path) -> None:
    """A script that runs tasks at its top level is not run again by its tasks."""
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\n"
        "from reportkit.run.task import Task\n"
        "from reportkit.run.workers import Workers\n"
        "print('script')\n"
        f"task = Task('where', 'tests.run.targets:where', (1,), Path({str(tmp_path)!r}) / 'where', 60)\n"
        "with Workers(fork=True) as workers:\n"
        "    workers.submit(task)\n"
        "    print([done.error for done in workers.finished()])\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=True
    )
    assert (done.stdout, done.stderr) == ("script\n[None]\n", "")


def test_errors_can_be_pickled_whole() -> None:
    """An error keeps place and advice on its way between processes."""
    import pickle

    error = RunError("it failed", where="here", todo="do that")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.todo) == (RunError, str(error), "do that")
