"""The command line: arguments in, functions called, results printed. Errors come without a traceback."""

# Importing a module registers its commands, in the order help lists them.
from reportkit.cli import data, source, ask, alerts, actions, report, demo  # noqa: I001
from reportkit.cli.root import app, main
from reportkit.cli.printing import err, out

__all__ = ["actions", "alerts", "app", "ask", "data", "demo", "err", "main", "out", "report", "source"]
