"""radiomill: radiomic features by the Image Biomarker Standardisation Initiative (IBSI).

>>> import radiomill
>>> result = radiomill.extract("ct.nii.gz", "tumour.nii.gz", "ibsi-c")
>>> result["original_morph_volume"]

Everything is computed by the engine, a C library; this package hands it images and gives back what it says.
"""
from .errors import (CancelledError, ConfigError, InputError, MismatchError, NoMemoryError, NoResultError, OutputError,
                     PartialError, RadiomillError, RadiomillWarning, RefusedError, UntrustedError)
from .features import Column, Result, extract
from .scan import Grid, Roi, Scan, scan
from .settings import Settings, settings

__all__ = ["CancelledError", "Column", "ConfigError", "Grid", "InputError", "MismatchError", "NoMemoryError",
           "NoResultError", "OutputError", "PartialError", "RadiomillError", "RadiomillWarning", "RefusedError",
           "Result", "Roi", "Scan", "Settings", "UntrustedError", "extract", "scan", "settings", "version"]


def version() -> str:
    """Version of the engine."""
    from ._native import decode, engine

    return decode(engine().rad_version())
