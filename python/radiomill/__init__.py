"""radiomill: radiomic features by the Image Biomarker Standardisation Initiative (IBSI).

>>> import radiomill
>>> result = radiomill.extract("ct.nii.gz", "tumour.nii.gz", "ibsi-c")
>>> result["original_morph_volume"]

Everything is computed by the engine, a C library; this package hands it images and gives back what it says.
"""
from ._batches import batch
from ._errors import (CancelledError, ConfigError, InputError, MismatchError, NoMemoryError, NoResultError, OutputError,
                     PartialError, RadiomillError, RadiomillWarning, RefusedError, UntrustedError)
from ._features import Column, Result, extract
from ._runs import read_run, write_parquet
from ._scan import Grid, Roi, Scan, scan
from ._settings import Settings, settings
from ._tools import Compared, Compliance, features, filter, info, pool, summarise, validate

__all__ = ["CancelledError", "Column", "Compared", "Compliance", "ConfigError", "Grid", "InputError", "MismatchError",
           "NoMemoryError", "NoResultError", "OutputError", "PartialError", "RadiomillError", "RadiomillWarning",
           "RefusedError", "Result", "Roi", "Scan", "Settings", "UntrustedError", "batch", "extract", "features",
           "filter", "info", "pool", "read_run", "scan", "settings", "summarise", "validate", "version",
           "write_parquet"]


def version() -> str:
    """Version of the engine."""
    from ._native import decode, engine

    return decode(engine().rad_version())
