"""Run directories of a batch as frames, and as Parquet."""
from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Iterator, Union

from ._errors import ConfigError, InputError, OutputError

if TYPE_CHECKING:
    import pathlib

Path = Union[str, "os.PathLike[str]"]
PIECE = 1 << 22  # bytes of a table in memory


def _columns(run: pathlib.Path) -> dict[str, dict[str, Any]]:
    """What columns.json says of each feature."""
    try:
        return {column["name"]: column for column in json.loads((run / "columns.json").read_text("utf-8"))}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{run / 'columns.json'}: cannot be read: {error}; give the run directory of a batch", 3) from None


def _types(run: pathlib.Path, table: str, names: list[str], known: dict[str, Any]) -> dict[str, Any]:
    """Arrow types by column: features are doubles, names are texts, counts are whole numbers."""
    import pyarrow

    counts = ("row", "code", "rois", "rois_failed") if table == "cases" else ()
    reals = ("seconds", "memory_mb") if table == "cases" else ()
    return {n: pyarrow.float64() if n in known or n in reals else pyarrow.int64() if n in counts else pyarrow.string()
            for n in names}


def _schema(run: pathlib.Path, table: str) -> Any:
    import csv

    import pyarrow

    path = run / f"{table}.csv"
    try:
        with open(path, newline="", encoding="utf-8") as file:
            names = next(csv.reader(file))
    except (OSError, StopIteration, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error or 'is empty'}", 3) from None
    known = _columns(run) if table == "features" else {}
    types = _types(run, table, names, known)
    fields = [pyarrow.field(n, types[n], metadata={k: str(v) for k, v in known[n].items()} if n in known else None)
              for n in names]
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
    """A table of a run directory as a frame: numbers are doubles, empty is NaN (or null), names are texts.

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
        texts = {n: str for n in ("case", "roi", "image", "mask", "status", "reason", "warnings") if n not in known}
        path = folder / f"{table}.csv"
        try:
            frame = pandas.read_csv(path, dtype=texts, keep_default_na=False, na_values=[""],
                                    float_precision="round_trip")
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error}", 3) from None
        for name in frame.columns.intersection(list(known)):
            if frame[name].dtype != "float64":
                frame[name] = frame[name].astype("float64")
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
