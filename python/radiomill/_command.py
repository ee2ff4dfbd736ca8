"""The command `radiomill` of an installed package: that of the engine, `radiomill parquet` and `radiomill nvflare`."""
from __future__ import annotations

import os
import sys

from . import _native as native


def path() -> str:
    """Where the command of the engine is."""
    return native.find("RADIOMILL_COMMAND", "bin/radiomill", "radiomill")


def _parquet(words: list[str]) -> int:
    import argparse

    from ._errors import RadiomillError
    from ._runs import write_parquet

    parser = argparse.ArgumentParser("radiomill parquet", description="Writes a table of a run directory as Parquet.")
    parser.add_argument("run", help="run directory of radiomill batch")
    parser.add_argument("-o", "--output", help="default: features.parquet in the run directory")
    parser.add_argument("--cases", action="store_true", help="cases.csv in place of features.csv")
    given = parser.parse_args(words)
    try:
        print(write_parquet(given.run, given.output, "cases" if given.cases else "features"))
    except ImportError:
        print("radiomill: parquet needs pyarrow: pip install pyarrow", file=sys.stderr)
        return 7
    except RadiomillError as error:
        print(f"radiomill: {error}", file=sys.stderr)
        return error.status
    return 0


def main() -> int:
    """Becomes the command of the engine."""
    words = sys.argv[1:]
    if words[:1] == ["parquet"]:
        return _parquet(words[1:])
    if words[:1] == ["nvflare"]:
        from ._nvflare_kit import main as nvflare

        return nvflare(words[1:])
    command = path()
    os.execv(command, [command, *words])
