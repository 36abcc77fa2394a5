"""Which kernel is started, and how Jupyter finds the forked one."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys

import pytest

from reportkit.errors import RunError
from reportkit.run import forking
from reportkit.run.forking import JUPYTER_PATH, KernelChoice, forks

ALONE = """
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="reportkit-fork")
print(manager.provisioner.__class__.__name__, client.execute_interactive("print(6 * 7)")["content"]["status"])
client.stop_channels()
manager.shutdown_kernel(now=True)
"""


@pytest.mark.parametrize(
    ("platform", "choice", "forked"),
    [
        ("linux", "auto", True),
        ("linux", "fork", True),
        ("linux", "plain", False),
        ("darwin", "auto", False),
        ("darwin", "fork", True),
        ("win32", "auto", False),
        ("win32", "plain", False),
    ],
)
def test_where_kernels_are_forked(
    monkeypatch: pytest.MonkeyPatch, platform: str, choice: KernelChoice, forked: bool
) -> None:
    """Kernels are forked on Linux, on macOS when asked, on Windows never."""
    methods = ["spawn"] if platform == "win32" else ["fork", "spawn", "forkserver"]
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: methods)
    monkeypatch.setattr(sys, "platform", platform)
    assert forks(choice) is forked


def test_a_fork_that_cannot_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the installed entry point a fork is refused where it is asked for, and left alone elsewhere."""
    monkeypatch.setattr(forking, "entry_points", lambda **_: ())
    assert forks("auto") is False
    with pytest.raises(RunError, match="use the plain kernel"):
        forks("fork")


def test_the_kernelspec_outside_a_job() -> None:
    """Opened by Jupyter itself, where nothing was forked, the kernelspec starts a plain kernel."""
    done = subprocess.run(
        [sys.executable, "-c", ALONE],
        env=os.environ | {"JUPYTER_PATH": str(JUPYTER_PATH)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == "42\nForkProvisioner ok\n"
