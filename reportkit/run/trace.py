"""From a printed number back to the rows it was computed from, in the files they came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportkit.engines import DuckDBEngine, quoted
from reportkit.errors import RunError, suggest
from reportkit.lake import Lake, Snapshot
from reportkit.metrics.query import Metrics
from reportkit.project import Project
from reportkit.run.plan import safe_name
from reportkit.run.runs import find_run, read_manifest

__all__ = ["TraceResult", "trace", "write_rows"]

# A spreadsheet takes text that begins so for a formula.
_FORMULA = r"^[=+\-@\t\r]"


@dataclass(frozen=True)
class TraceResult:
    """Where a printed number comes from.

    `facts` are the numbers printed under `code`, as the manifest has them, each with its ``sql``.
    `tables` are the csv files with the source rows, `rows` how many each has.
    """

    run: str
    edition: str
    code: str
    facts: tuple[dict[str, Any], ...]
    tables: tuple[Path, ...]
    rows: tuple[int, ...]

    @property
    def sql(self) -> tuple[str, ...]:
        """The statements that computed the numbers, each once."""
        return tuple(dict.fromkeys(fact["sql"] for fact in self.facts if fact.get("sql")))


def trace(project: Project, run: str, code: str, out_dir: Path) -> TraceResult:
    """Write the rows behind the number printed under `code` in `run` to csv files in `out_dir`.

    `code` is written as printed, ``E2.12``; with its edition, ``company/E2.12``, where more than one
    edition prints it. Rows are read from the lake as the run saw it, never from raw files; a column
    ``path`` says which file of the inbox a row stood in. Raises RunError for a run, edition or code
    that is not there.
    """
    manifest = read_manifest(find_run(project, run))
    edition, found = _find(manifest, code)
    engine = DuckDBEngine(Lake(project.lake), Snapshot.from_json(manifest["snapshot"]))
    try:
        metrics = Metrics(project, engine)
        out_dir.mkdir(parents=True, exist_ok=True)
        stem = f"{manifest['run']}-{edition}-{found[0]['code'].replace('.', '_')}"
        written = []
        for name, sql in _selects(found).items():
            metrics.prepare(sql)
            written.append(write_rows(engine, sql, out_dir / f"{stem}-{name}.csv"))
    finally:
        engine.close()
    tables, rows = tuple(path for path, _ in written), tuple(count for _, count in written)
    return TraceResult(manifest["run"], edition, found[0]["code"], tuple(found), tables, rows)


def _find(manifest: dict[str, Any], code: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the edition that prints `code`, and its facts; a choice is never guessed."""
    wanted, _, bare = code.rpartition("/")
    facts = {one["id"]: one.get("facts", []) for one in manifest["editions"]}
    if wanted and wanted not in facts:
        raise RunError(f'no edition "{wanted}" in run {manifest["run"]}', todo=suggest(wanted, facts))
    found = {
        name: [fact for fact in printed if fact["code"] == bare]
        for name, printed in facts.items()
        if wanted in ("", name)
    }
    found = {name: printed for name, printed in found.items() if printed}
    if not found:
        known = (fact["code"] for printed in facts.values() for fact in printed)
        raise RunError(f'no number "{bare}" in run {manifest["run"]}', todo=suggest(bare, known))
    if len(found) > 1:
        named = " or ".join(f"{name}/{bare}" for name in found)
        raise RunError(f"{bare} stands in {len(found)} editions", todo=f"write {named}")
    return next(iter(found.items()))


def _selects(facts: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Return the SELECTs behind `facts`, each once, by a name fit for a file."""
    found: dict[str, str] = {}
    for fact in facts:
        for name, sql in (fact.get("rows_sql") or {}).items():
            if sql not in found.values():
                plain = safe_name(name)
                found[plain if plain not in found else f"{plain}-{len(found) + 1}"] = sql
    return found


def write_rows(engine: DuckDBEngine, sql: str, path: Path) -> tuple[Path, int]:
    """Write the rows of `sql` to a csv at `path`, each with the file it stood in; return path and count.

    The rows must hold source_file, source_sheet and source_row.
    """
    engine.define("traced", sql)
    columns = engine.rows("SELECT column_name, column_type FROM (DESCRIBE traced)")
    shown = ", ".join(_cell(name, kind) for name, kind in [*columns, ("path", "VARCHAR")])
    draft = path.with_name(f".{path.name}")
    ((count,),) = engine.rows(
        f"COPY (SELECT {shown} FROM traced "
        "LEFT JOIN (SELECT source_file, source_sheet, min(path) AS path FROM files GROUP BY ALL) "
        "USING (source_file, source_sheet) ORDER BY path, source_sheet, source_row"
        f") TO {quoted(str(draft))} (HEADER, DELIMITER ',')"
    )
    # Excel takes a csv for UTF-8 only behind this mark.
    path.write_bytes(b"\xef\xbb\xbf" + draft.read_bytes())
    draft.unlink()
    return path, count


def _cell(name: str, kind: str) -> str:
    column = f'"{name}"'
    if kind != "VARCHAR":
        return column
    escaped = f"chr(39) || {column}"
    return f"if(regexp_matches({column}, {quoted(_FORMULA)}), {escaped}, {column}) AS {column}"
