"""What every job and its kernel need, imported once in the fork server that they are forked from.

``multiprocessing`` imports this module in the server and hides an import that fails; so this one
never fails, and keeps in `MISSING` what could not be loaded. It opens no database and no socket.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import sys
import warnings
from io import StringIO

__all__ = ["MISSING", "SERVER"]

SERVER = os.getpid()
MISSING: dict[str, str] = {}

# Where it is installed, jsonschema imports it for a check that no notebook asks for, and it then
# builds a grammar for two seconds.
_SLOW = "rfc3987_syntax"

_MODULES = (
    "numpy",
    "pandas",
    "pyarrow",
    "duckdb",
    "deltalake",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "seaborn",
    "great_tables",
    "papermill",
    "nbclient",
    "nbconvert",
    "jupyter_client.asynchronous",
    "ipykernel.kernelapp",
    "reportkit.report",
    "reportkit.show",
    "reportkit.advice.findings",
    "reportkit.render.html",
    "reportkit.run.forking",
    "reportkit.run.kernels",
    "reportkit.run.execute",
    "reportkit.run.edition",
)


def _load(name: str) -> None:
    try:
        importlib.import_module(name)
    except Exception as error:
        MISSING[name] = f"{type(error).__name__}: {error}"


def _warm() -> None:
    """Do once what is slow the first time: a figure in the house's fonts, a notebook's check and HTML."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure
    from nbconvert import HTMLExporter
    from nbformat import validate
    from nbformat.v4 import new_notebook

    from reportkit.show.style import apply

    with rc_context():
        apply()
        figure = Figure()
        figure.subplots().set_title("0")
        figure.savefig(StringIO(), format="svg")
    notebook = new_notebook()  # type: ignore[no-untyped-call]
    validate(notebook)
    HTMLExporter(template_name="basic").from_notebook_node(notebook)  # type: ignore[no-untyped-call]


def _prepare() -> None:
    sys.modules.setdefault(_SLOW, None)  # type: ignore[arg-type]
    for name in _MODULES:
        _load(name)
    if sys.modules[_SLOW] is None:
        del sys.modules[_SLOW]
    try:
        _warm()
    except Exception as error:
        MISSING["warm start"] = f"{type(error).__name__}: {error}"


with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    _prepare()
gc.collect()  # so that children copy fewer pages
gc.freeze()
atexit.register(gc.unfreeze)
