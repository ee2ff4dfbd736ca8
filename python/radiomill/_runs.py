"""Run directories of a batch as frames, and as Parquet."""
from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Iterator

from ._errors import ConfigError, InputError, OutputError
from ._native import Path

if TYPE_CHECKING:
    import pathlib

PIECE = 1 << 22  # bytes of a table in memory
NUMBERS = {"row": "int64", "code": "int64", "rois": "int64", "rois_failed": "int64", "seconds": "float64",
           "memory_mb": "float64"}  # of cases.csv


def _columns(run: pathlib.Path) -> dict[str, dict[str, Any]]:
    """What columns.json says of each feature."""
    try:
        return {column["name"]: column for column in json.loads((run / "columns.json").read_text("utf-8"))}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{run / 'columns.json'}: cannot be read: {error}; give the run directory of a batch", 3) from None


def _types(run: pathlib.Path, table: str, known: dict[str, Any]) -> dict[str, str]:
    """Types by column: features are doubles, counts are whole numbers, all else is text, as it stands there."""
    import csv

    path = run / f"{table}.csv"
    try:
        with open(path, newline="", encoding="utf-8") as file:
            names = next(csv.reader(file))
    except (OSError, StopIteration, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {str(error) or 'is empty'}", 3) from None
    numbers = NUMBERS if table == "cases" else dict.fromkeys(known, "float64")
    return {name: numbers.get(name, "string") for name in names}


def _schema(run: pathlib.Path, table: str) -> Any:
    import pyarrow

    known = _columns(run) if table == "features" else {}
    fields = [pyarrow.field(name, getattr(pyarrow, kind)(),
                            metadata={k: str(v) for k, v in known[name].items()} if name in known else None)
              for name, kind in _types(run, table, known).items()]
    about = {}
    for file_name in ("settings.yaml", "provenance.json"):
        if (run / file_name).exists():
            about[f"radiomill:{file_name}"] = (run / file_name).read_text("utf-8")
    return pyarrow.schema(fields, metadata=about)


def _pieces(run: pathlib.Path, table: str, schema: Any) -> Iterator[Any]:
    """The table piece by piece, with the metadata of its schema."""
    import pyarrow
    from pyarrow import csv as arrow_csv

    convert = arrow_csv.ConvertOptions(column_types={f.name: f.type for f in schema}, strings_can_be_null=True,
                                       null_values=[""], quoted_strings_can_be_null=False)
    read = arrow_csv.ReadOptions(use_threads=False, block_size=PIECE)  # no pieces ahead
    parse = arrow_csv.ParseOptions(newlines_in_values=True)
    try:
        with arrow_csv.open_csv(run / f"{table}.csv", read, parse, convert) as pieces:
            for piece in pieces:
                yield pyarrow.RecordBatch.from_arrays(piece.columns, schema=schema)
    except pyarrow.ArrowInvalid as error:
        raise InputError(f"{run / f'{table}.csv'}: {error}", 3) from None


def read_run(run: Path, table: str = "features", engine: str = "pandas") -> Any:
    """A table of a run directory as a frame: features are doubles, empty is NaN (or null), all else is text.

    run: the folder that ``batch`` wrote. table: "features" or "cases". engine: "pandas", "polars" or "pyarrow".
    What each column means (columns.json) is in ``frame.attrs["columns"]`` of pandas, and in the metadata of the
    fields of pyarrow; settings and provenance in the metadata of its schema.
    """
    import pathlib

    folder = pathlib.Path(run)
    if table not in ("features", "cases"):
        raise ConfigError(f"table: {table} is none; give features or cases", 4)
    if engine == "pandas":
        import pandas

        known = _columns(folder) if table == "features" else {}
        kinds = {"float64": float, "string": str}  # of a count that is missing pandas makes a double
        types = {n: kinds[kind] for n, kind in _types(folder, table, known).items() if kind in kinds}
        path = folder / f"{table}.csv"
        try:
            frame = pandas.read_csv(path, dtype=types, keep_default_na=False, na_values=[""],
                                    float_precision="round_trip")
        except (OSError, ValueError) as error:
            raise InputError(f"{path}: cannot be read: {error}", 3) from None
        frame.attrs["columns"] = {n: known[n] for n in frame.columns if n in known}
        return frame
    if engine not in ("pyarrow", "polars"):
        raise ConfigError(f"engine: {engine} is none; give pandas, polars or pyarrow", 4)
    import pyarrow

    schema = _schema(folder, table)
    made = pyarrow.Table.from_batches(_pieces(folder, table, schema), schema)
    if engine == "pyarrow":
        return made
    import polars

    return polars.from_arrow(made)


def write_parquet(run: Path, output: Path | None = None, table: str = "features") -> pathlib.Path:
    """Writes a table of a run directory as Parquet (features.parquet beside it), piece by piece.

    The file appears whole or not at all; its fields have what columns.json says, its schema settings and provenance.
    """
    import pathlib

    from pyarrow import parquet

    folder = pathlib.Path(run)
    path = pathlib.Path(output) if output is not None else folder / f"{table}.parquet"
    schema = _schema(folder, table)
    half = path.with_name(path.name + f".{os.getpid()}.part")
    try:
        with parquet.ParquetWriter(half, schema, compression="zstd") as out:
            for piece in _pieces(folder, table, schema):
                out.write_batch(piece)
        os.replace(half, path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error}", 5) from None
    finally:
        if half.exists():
            half.unlink()
    return path
