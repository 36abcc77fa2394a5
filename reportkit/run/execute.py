"""Execute one job's notebook in the process it is called in, with papermill.

The notebook is written once, in one step, whether it succeeded or failed. A cell that raises, a
kernel that dies and a deadline that passes all end as an error output of the cell they met.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook
from traitlets.config import Config

from reportkit.errors import RunError
from reportkit.run.evidence import check
from reportkit.run.forking import NAMES
from reportkit.run.plan import NOTEBOOK, Job
from reportkit.run.task import Note

__all__ = ["execute"]

_DRAFT = ".draft.ipynb"
_ENGINE = "reportkit"
_COLORS = re.compile(r"\x1b\[[0-9;]*m")
_OUTPUT_SECONDS = 30
_LEAST_SECONDS = 0.1
# A path of a socket may have 104 characters on macOS, 108 on Linux, with the suffix of its port.
_SOCKET_PATH = 90


class _Watch:
    """Where the notebook is, and how long it may still take."""

    def __init__(self, seconds: float, note: Note) -> None:
        self._end = time.monotonic() + seconds
        self._note = note
        self.seconds = seconds
        self.cell: int | None = None
        self._started = 0

    def left(self, _cell: Any = None) -> float:
        """Return the seconds until the deadline; never 0, which nbclient takes for none."""
        return max(_LEAST_SECONDS, self._end - time.monotonic())

    def starting(self, cell_index: int, **_: Any) -> None:
        """Note that a cell starts."""
        self.cell = cell_index
        self._started += 1
        self._note("at", f"In [{self._started}]")

    def kernel(self, client: PapermillNotebookClient) -> None:
        """Note the process group of a kernel that leads its own."""
        group = getattr(client.km.provisioner, "pgid", None)
        if group and group != os.getpgid(0):
            self._note("group", group)


class _Engine(NBClientEngine):  # type: ignore[misc]
    """Papermill's engine, but whatever stops the notebook becomes an output of the cell it stopped at."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, *, watch: _Watch, config: Config, **_: Any
    ) -> None:
        """Run all cells up to the first error."""
        client = PapermillNotebookClient(
            nb_man,
            kernel_name=kernel_name,
            config=config,
            startup_timeout=int(watch.left()) + 1,
            iopub_timeout=_OUTPUT_SECONDS,
            timeout_func=watch.left,
            shutdown_kernel="immediate",
            on_cell_start=watch.starting,
        )
        client.on_notebook_start = lambda **_: watch.kernel(client)
        try:
            client.execute()
        except CellExecutionError:
            raise
        except Exception as error:
            _record(nb_man.nb, watch, error)


def _record(notebook: NotebookNode, watch: _Watch, error: Exception) -> None:
    """Put `error` where papermill looks for one."""
    code = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source]
    reached = watch.cell if watch.cell is not None else code[0]
    late = watch.left() <= _LEAST_SECONDS
    name = "DeadlineExceeded" if late else type(error).__name__
    text = f"not ready after {watch.seconds:g} seconds" if late else str(error)
    output = new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])  # type: ignore[no-untyped-call]
    cell = notebook.cells[reached]
    cell.outputs.append(output)
    # A kernel that died at once had no time to number its cell.
    cell.execution_count = cell.execution_count or code.index(reached) + 1


papermill_engines.register(_ENGINE, _Engine)


def execute(job: Job, forked: bool, scratch: Path, note: Note) -> Path:
    """Execute `job` in the working directory and return the executed notebook.

    Raises RunError that names the cell and its error, or says that the notebook did not reach its
    end or reports on something else than it was asked. The notebook is kept in every case.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    watch = _Watch(job.seconds, note)
    with _replacing(Path(NOTEBOOK).absolute()) as draft:
        try:
            executed = execute_notebook(
                _literal(job.notebook),
                draft.name,
                parameters=job.parameters,
                engine_name=_ENGINE,
                kernel_name=NAMES[forked],
                language="python",
                request_save_on_cell_execute=False,
                progress_bar=False,
                watch=watch,
                config=_config(scratch),
            )
        except PapermillExecutionError as error:
            raise RunError(_one_line(error), where=_place(job, error.exec_count, error.source)) from None
    check(executed, job)
    return Path(NOTEBOOK).absolute()


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    draft = path.with_name(_DRAFT)
    try:
        yield draft
    finally:
        if draft.exists():
            draft.replace(path)


def _config(scratch: Path) -> Config:
    connection = scratch / "kernel.json"
    short = hasattr(os, "fork") and len(str(connection)) < _SOCKET_PATH
    transport = "ipc" if short else "tcp"
    return Config({"KernelManager": {"connection_file": str(connection), "transport": transport}})


def _literal(path: Path) -> str:
    """Papermill fills in ``{…}`` in paths."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _place(job: Job, count: int, source: str) -> str:
    line = next((line.strip() for line in source.splitlines() if line.strip()), "")
    return f"{job.id}, In [{count}] {line}"


def _one_line(error: PapermillExecutionError) -> str:
    text = _COLORS.sub("", f"{error.ename}: {error.evalue}")
    return text.strip().splitlines()[0] if text.strip() else error.ename
