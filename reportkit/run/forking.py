"""The kernel of a job: forked from the job before it opens a socket, or started as Jupyter starts one.

A forked kernel has everything of `reportkit.run.preload` in memory and stands in its job's process
group. ``jupyter_client`` finds it through the kernelspec under ``jupyter/`` beside this file, which
names `reportkit.run.kernels.ForkProvisioner`; nothing is installed into a home folder.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Literal, NoReturn

from reportkit.errors import RunError

__all__ = [
    "JUPYTER_PATH",
    "NAMES",
    "Forked",
    "KernelChoice",
    "fork_kernel",
    "forks",
    "kernel_environment",
    "take_forked",
]

KernelChoice = Literal["auto", "fork", "plain"]
"""``auto`` forks where that is safe; ``fork`` insists; ``plain`` is Jupyter's own start."""

NAMES = {True: "reportkit-fork", False: "python3"}
"""Kernelspec by whether it is forked."""

JUPYTER_PATH = Path(__file__).parent / "jupyter"
"""Folder for the environment variable of that name."""

# A kernel that has a parent prints no hints for a terminal; 1 is the parent that is never polled for.
_QUIET = "--IPKernelApp.parent_handle=1"

_forked: Forked | None = None


def forks(choice: KernelChoice) -> bool:
    """Return whether kernels of `choice` are forked here.

    ``auto`` does not fork on macOS, where system libraries may break in a forked child. Raises
    RunError where ``fork`` cannot be had, or the choice is none of the three.
    """
    if choice not in ("auto", "fork", "plain"):
        raise RunError(f'no kernel "{choice}"', todo="choose auto, fork or plain")
    able = "forkserver" in multiprocessing.get_all_start_methods() and _is_installed()
    if choice == "fork" and not able:
        raise RunError(
            "kernels cannot be forked here",
            where=sys.platform,
            todo="use the plain kernel; forking needs Linux or macOS and an installed reportkit",
        )
    return choice == "fork" or (choice == "auto" and able and sys.platform != "darwin")


def _is_installed() -> bool:
    return bool(entry_points(group="jupyter_client.kernel_provisioners", name=NAMES[True]))


def kernel_environment(scratch: Path, beside: Path) -> dict[str, str]:
    """Return the environment of a job: Jupyter's files go to `scratch`, modules in `beside` can be imported.

    `beside` is the notebook's own folder, from which an analyst's notebook may import.
    """
    known = os.environ.get("PYTHONPATH")
    return {
        "JUPYTER_PATH": str(JUPYTER_PATH),
        "JUPYTER_RUNTIME_DIR": str(scratch),
        "IPYTHONDIR": str(scratch / "ipython"),
        "PYTHONPATH": os.pathsep.join([str(beside), *([known] if known else [])]),
    }


def fork_kernel() -> None:
    """Fork this process's kernel; it waits until `take_forked` hands it over and it is told where to listen.

    To be called once, while the process has one thread and no socket. The kernel dies with this
    process: it holds the read end of a pipe that closes then.
    """
    global _forked
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(write)
        _become_kernel(read)
    os.close(read)
    _forked = Forked(pid, write)


def take_forked() -> Forked | None:
    """Return the kernel that `fork_kernel` made, once; None where there is none."""
    global _forked
    taken, _forked = _forked, None
    return taken


class Forked:
    """A forked kernel, seen from its job as ``subprocess.Popen`` would show it."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, leash: int) -> None:
        self.pid, self._leash = pid, leash
        self.returncode: int | None = None

    def start(self, order: dict[str, Any]) -> None:
        """Tell the waiting process to become the kernel that `order` describes."""
        os.write(self._leash, json.dumps(order).encode() + b"\n")

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def wait(self) -> int:
        """Return the exit code once it has ended."""
        while (code := self.poll()) is None:
            time.sleep(0.01)
        return code

    def send_signal(self, signum: int) -> None:
        """Send `signum` while it runs."""
        if self.poll() is None:
            os.kill(self.pid, signum)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


def _become_kernel(leash: int) -> NoReturn:
    try:
        order = _order(leash)
        threading.Thread(target=_die_with_job, args=(leash,), daemon=True).start()
        _look_fresh(order)
        from ipykernel.kernelapp import IPKernelApp

        IPKernelApp.launch_instance([*order["argv"], _QUIET])
    except Exception:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(0)


def _order(leash: int) -> dict[str, Any]:
    """Wait for the job's order, one line of JSON; end where the job ends without one."""
    line = bytearray()
    while not line.endswith(b"\n"):
        part = os.read(leash, 65536)
        if not part:
            os._exit(0)
        line += part
    order: dict[str, Any] = json.loads(line)
    return order


def _die_with_job(leash: int) -> NoReturn:
    os.read(leash, 1)
    os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _look_fresh(order: dict[str, Any]) -> None:
    """Undo what a new Python process would not have inherited."""
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["cwd"])
    time.tzset()
    sys.argv = ["ipykernel_launcher", *order["argv"]]
    extra = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    sys.path[:0] = [path for path in extra if path not in sys.path]
    multiprocessing.current_process().name = "MainProcess"
    multiprocessing.set_start_method(None, force=True)
    _look_fresh_to_libraries()


def _look_fresh_to_libraries() -> None:
    import matplotlib
    import numpy

    # Both were settled on import, in the server: the seed, and the backend that a kernel names.
    numpy.random.seed()
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]
