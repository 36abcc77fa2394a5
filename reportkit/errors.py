"""Every error reportkit raises on purpose, and the helper that suggests a name.

::

    ReportkitError
    ├── ProjectError        params/ cannot be read or does not fit
    ├── InputError          a file cannot be ingested
    │   ├── UnknownFile     no source fits
    │   ├── AmbiguousFile   two sources fit
    │   ├── MissingColumn   a source fits but for a column
    │   └── BrokenFile      the bytes are damaged
    ├── LakeError           the lake cannot be written or opened
    ├── LedgerError         the ledger cannot be written or opened, or does not know what is asked of it
    ├── AnalysisError       numbers given to a method do not fit together
    ├── QueryError          a metric, dimension, period or scope is not known
    ├── ParameterError      a notebook does not take these parameters
    ├── RunError            a run, or one of its notebooks, failed
    └── RenderError         a page cannot be made
        └── PdfUnavailable  the libraries that make PDF are missing
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class ReportkitError(Exception):
    """An error meant for a person: what happened, where, and what to do.

    ``str(error)`` is one line, or a few, without a traceback.
    """

    def __init__(self, problem: str, *, where: str = "", todo: str = "") -> None:
        self.problem, self.where, self.todo = problem, where, todo
        lead = f"{where}: " if where else ""
        tail = f"\n  → {todo}" if todo else ""
        super().__init__(f"{lead}{problem}{tail}")

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.problem, self.where, self.todo))


def _rebuild(kind: type[ReportkitError], problem: str, where: str, todo: str) -> ReportkitError:
    return kind(problem, where=where, todo=todo)


class ProjectError(ReportkitError):
    """The project's own files cannot be read or do not fit."""


class InputError(ReportkitError):
    """A file cannot be ingested; the lake is as it was."""


class UnknownFile(InputError):
    """No source recognises the file."""


class AmbiguousFile(InputError):
    """More than one source recognises the file."""


class MissingColumn(InputError):
    """A source recognises the file, but a column it needs is absent."""


class BrokenFile(InputError):
    """The bytes are damaged: truncated, cut inside a character, not what the name says."""


class LakeError(ReportkitError):
    """The lake cannot be written or opened."""


class LedgerError(ReportkitError):
    """The ledger cannot be written or opened, or does not know what is asked of it."""


class AnalysisError(ReportkitError):
    """Numbers given to a method of analysis do not fit together."""


class QueryError(ReportkitError):
    """A metric, dimension, period or scope is not known."""


class ParameterError(ReportkitError):
    """A notebook does not take these parameters."""


class RunError(ReportkitError):
    """A run, or one of its notebooks, failed."""


class RenderError(ReportkitError):
    """A page cannot be made."""


class PdfUnavailable(RenderError):
    """The system libraries that make PDF are missing."""


def suggest(name: str, known: Iterable[str]) -> str:
    """Return ``did you mean "x"?`` for the nearest of `known`, or a short list of them.

    >>> suggest("gvm", ["gmv", "orders"])
    'did you mean "gmv"?'
    """
    names = sorted(set(known))
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    if near:
        return f'did you mean "{near[0]}"?'
    return f"known: {', '.join(names[:10])}" + (" …" if len(names) > 10 else "")
