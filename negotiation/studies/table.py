"""The tidy table: one row a point × outcome × regime, every varied number a column; CSV, or Parquet through DuckDB.

Rows come in order (points, then outcomes, then regimes), whatever order the chunks were computed in. A regime that does
not exist at a point has no row there; a point that was not computed has one row an outcome, with the reason.
"""

import contextlib
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from negotiation._files import UNFINISHED_SUFFIX, replace_file
from negotiation.errors import InputError, MachineError, OutputError, nearest
from negotiation.studies.part import DONE, MEASURES, PART_STATES, ChunkResults
from negotiation.studies.store import Store
from negotiation.studies.study import INNER

FORMATS = ("csv", "parquet", "none")
MOST_CSV = 100_000  # rows from which no table is written unless it is asked for
Columns = dict[str, np.ndarray]


def write_table(store: Store, wanted: str = "") -> Path | None:
    """Write the table of a study and return its path; by default CSV where it stays below a hundred thousand rows.

    Raises `InputError` for an unknown format, `OutputError` when Parquet is asked for without DuckDB.
    """
    if wanted not in ("", *FORMATS):
        raise InputError.single("--table", wanted, "is no format of a table", nearest(wanted, FORMATS))
    rows = int(store.manifest["points"]) * len(store.manifest["outcomes"]) * len(store.manifest["regimes"])
    if wanted == "none" or (not wanted and rows > MOST_CSV):
        return None
    try:
        return _parquet(store) if wanted == "parquet" else _csv(store)
    except OSError as error:
        told = f"The table could not be written: {error.strerror or error}. All chunks are kept."
        raise MachineError(told) from error


def columns(store: Store) -> Iterator[Columns]:
    """Yield the table chunk by chunk, as named columns of equal length."""
    for number in sorted(store.parts):
        yield rows_of(store.part(number), store.manifest, number * int(store.manifest["chunk"]))


def rows_of(part: ChunkResults, manifest: dict[str, Any], first: int) -> Columns:
    """Return the rows of one part; `first` is the number of its first point."""
    outcomes, regimes = manifest["outcomes"], manifest["regimes"]
    shape = (len(part.points), len(outcomes), len(regimes))
    done = np.broadcast_to((part.state == DONE)[:, :, None], shape)
    absent = np.isnan(part.values[..., 0]) & np.isnan(part.measures["margin"]) & done
    if INNER in regimes:
        absent[:, :, regimes.index(INNER) :] = False
    # one row says of a point and outcome that it was not computed
    shown = np.where(done, ~absent, np.arange(shape[2]) == 0)
    point, outcome, regime = np.nonzero(shown)
    cells = (point, outcome, regime)
    named = np.array([*regimes, ""], dtype=object)
    computed = done[cells]
    table: Columns = {"point": point + first}
    table.update({varied["path"]: part.points[point, place] for place, varied in enumerate(manifest["vary"])})
    table["outcome"] = np.array(outcomes, dtype=object)[outcome]
    table["regime"] = named[np.where(computed, regime, len(regimes))]
    table["state"] = np.array(PART_STATES, dtype=object)[part.state[point, outcome]]
    enforced = part.holds
    if INNER in regimes:  # a set of all equilibria holds where there is any
        sets = regimes.index(INNER)
        enforced[:, :, sets:] = ~np.isnan(part.values[:, :, sets:, 0])
    table["holds"] = enforced[cells] & computed
    table.update({column: part.measures[name][cells] for name, (column, _, _) in MEASURES.items()})
    for place, player in enumerate(manifest["players"]):
        table[f"value_{player}"] = part.values[cells][:, place]
    table["joint"] = part.values[cells].sum(axis=1)
    if INNER in regimes:
        of_sets = np.isin(table["regime"], regimes[regimes.index(INNER) :])
        table["gap"] = np.where(of_sets, part.gap[point, outcome], np.nan)
    table["reason"] = np.full(len(point), "", dtype=object)
    for row in np.flatnonzero(~computed):
        table["reason"][row] = part.reasons.get((int(point[row]), int(outcome[row])), "")
    return table


def _csv(store: Store) -> Path:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    for number, chunk in enumerate(columns(store)):
        if number == 0:
            writer.writerow(chunk)
        writer.writerows(zip(*(_texts(column) for column in chunk.values()), strict=True))
    target = store.path / "table.csv"
    replace_file(target, buffer.getvalue().encode())
    return target


def _texts(column: np.ndarray) -> list[Any]:
    if column.dtype == np.float64:
        return ["" if number != number else repr(number) for number in column.tolist()]
    if column.dtype == np.bool_:
        return ["true" if flag else "false" for flag in column.tolist()]
    texts: list[Any] = column.tolist()
    return texts


def _parquet(store: Store) -> Path:
    """Write Parquet through DuckDB, chunk by chunk, on one thread so that the bytes are the same every time."""
    try:
        import duckdb
    except ImportError:
        hint = "pip install 'negotiation[tables]', or give --table csv"
        raise OutputError(f"Parquet needs the extra 'tables': {hint}. All chunks are kept.") from None
    target, rough = store.path / "table.parquet", store.path / f".table.duckdb{UNFINISHED_SUFFIX}"
    fresh = store.path / f".table.parquet{UNFINISHED_SUFFIX}"
    for left in (rough, fresh):
        left.unlink(missing_ok=True)
    try:
        with contextlib.closing(duckdb.connect(str(rough), config={"threads": 1, "memory_limit": "700MB"})) as link:
            for number, chunk in enumerate(columns(store)):
                rows = chunk  # noqa: F841 - DuckDB finds it by its name
                verb = "CREATE TABLE tidy AS" if number == 0 else "INSERT INTO tidy"
                link.execute(f"{verb} SELECT * FROM rows")
            notes = ", ".join(f"'{name}': '{text}'" for name, text in units(store.manifest).items())
            link.execute(f"COPY tidy TO '{fresh}' (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{notes}}})")
        fresh.replace(target)
    except duckdb.Error as error:
        raise OSError(str(error).partition("\n")[0]) from None
    finally:
        for left in (rough, fresh):
            left.unlink(missing_ok=True)
    return target


def units(manifest: dict[str, Any]) -> dict[str, str]:
    """Return column -> unit, for every column that has one."""
    by_column = {varied["path"]: varied["unit"] for varied in manifest["vary"]}
    by_column.update({column: facts["unit"] for column, facts in manifest["columns"].items()})
    values = ("joint", *(f"value_{player}" for player in manifest["players"]))
    return by_column | dict.fromkeys(values, manifest["unit"])
