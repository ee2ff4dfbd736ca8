"""include/radiomill.h by ctypes: structures, functions, and where the engine lies. Nothing here is public."""
from __future__ import annotations

import ctypes
import os
from ctypes import POINTER, Structure, c_bool, c_char, c_char_p, c_double, c_int, c_int64, c_size_t, c_ssize_t, c_void_p
from typing import Any, Union

from ._errors import ERRORS, ConfigError, RadiomillError

HERE = os.path.dirname(os.path.realpath(__file__))
PARTIAL = 20
Path = Union[str, "os.PathLike[str]"]

TYPES = ["", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"]  # rad_type, as numpy names them

Step = ctypes.CFUNCTYPE(c_bool, c_double, c_void_p)
Note = ctypes.CFUNCTYPE(None, c_char_p, c_void_p)


class Error(Structure):
    _fields_ = [("status", c_int), ("text", c_char * 1024)]


class Control(Structure):
    _fields_ = [("threads", c_int), ("step", Step), ("note", Note), ("context", c_void_p)]


class Array(Structure):
    _fields_ = [
        ("voxels", c_void_p), ("type", c_int), ("size", c_size_t * 3), ("stride", c_ssize_t * 3),
        ("spacing", c_double * 3), ("origin", c_double * 3), ("direction", c_double * 9), ("lps", c_bool),
        ("slope", c_double), ("intercept", c_double), ("name", c_char_p), ("release", c_void_p),
        ("context", c_void_p),
    ]


class ScanOptions(Structure):
    _fields_ = [("series", c_char_p), ("volume", c_char_p), ("ignore_frame_of_reference", c_bool),
                ("verify", c_bool)]


class RoiInfo(Structure):
    _fields_ = [("name", c_char * 64), ("number", c_int64), ("voxels", c_size_t)]


class Selection(Structure):
    _fields_ = [("case_name", c_char_p), ("rois", POINTER(c_char_p)), ("roi_count", c_size_t),
                ("resample_mask", c_bool)]


COLUMN_TEXTS = ("name", "image", "family", "tag", "code", "unit", "feature", "aggregation", "aggregation_code",
                "discretisation")


class ColumnInfo(Structure):
    _fields_ = [*[(name, c_char_p) for name in COLUMN_TEXTS], ("standardised", c_bool)]


class RowInfo(Structure):
    _fields_ = [("case_name", c_char_p), ("roi", c_char_p), ("status", c_int), ("text", c_char_p),
                ("values", c_void_p)]


class Compared(Structure):
    _fields_ = [("data_set", c_char_p), ("family", c_char_p), ("tag", c_char_p), ("code", c_char_p),
                ("value", c_double), ("reason", c_int), ("reference", c_double), ("tolerance", c_double),
                ("standardised", c_bool), ("met", c_bool)]


class Compliance(Structure):
    _fields_ = [(name, c_size_t) for name in ("met", "missed", "excluded", "without_data")]


See = ctypes.CFUNCTYPE(None, POINTER(Compared), c_void_p)


class SiteOptions(Structure):
    _fields_ = [*[(name, c_char_p) for name in ("table", "study", "key", "output", "clinical", "policy", "state",
                                                "ledger", "set_aside")],
                ("preview", c_bool), ("withhold", c_bool), ("page", c_char_p), ("rehearse", c_bool),
                ("approve", c_char_p), ("coordinator", c_char_p), ("open", c_bool), ("renamed", c_bool),
                ("begin_ledger", c_bool), ("others", c_bool)]


class PoolOptions(Structure):
    _fields_ = [("study", c_char_p), ("summaries", POINTER(c_char_p)), ("summary_count", c_size_t),
                ("trusted", c_char_p), ("output", c_char_p), ("withhold", c_bool), ("rehearse", c_bool),
                ("key", c_char_p), ("absent", c_char_p)]


_E, _C, _P, _PP = POINTER(Error), POINTER(Control), c_void_p, POINTER(c_void_p)
_FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "rad_version": (c_char_p, []),
    "rad_memory_keep": (None, [c_size_t]),
    "rad_settings_new": (c_int, [c_char_p, _PP, _E]),
    "rad_settings_parse": (c_int, [c_char_p, _PP, _E]),
    "rad_settings_set": (c_int, [_P, c_char_p, c_char_p, _E]),
    "rad_settings_get": (c_int, [_P, c_char_p, _PP, _E]),
    "rad_settings_text": (c_int, [_P, _PP, _E]),
    "rad_settings_free": (None, [_P]),
    "rad_text_free": (None, [_P]),
    "rad_scan_from_path": (c_int, [c_char_p, POINTER(ScanOptions), _PP, _E]),
    "rad_scan_from_array": (c_int, [POINTER(Array), _PP, _E]),
    "rad_scan_free": (None, [_P]),
    "rad_scan_grid": (c_int, [_P, POINTER(Array), _E]),
    "rad_scan_rois": (c_int, [_P, _P, POINTER(RoiInfo), c_size_t, POINTER(c_size_t), _E]),
    "rad_scan_filter": (c_int, [_P, c_char_p, _P, _C, _P, c_size_t, _E]),
    "rad_path_info": (c_int, [c_char_p, c_bool, c_bool, _C, _PP, _E]),
    "rad_reason_text": (c_char_p, [c_int]),
    "rad_extract": (c_int, [_P, _P, _P, POINTER(Selection), _C, _PP, _E]),
    "rad_features_new": (c_int, [_P, _PP, _E]),
    "rad_features_column": (c_bool, [_P, c_size_t, POINTER(ColumnInfo)]),
    "rad_features_row": (c_bool, [_P, c_size_t, POINTER(RowInfo)]),
    "rad_features_warning": (c_char_p, [_P, c_size_t]),
    "rad_features_write": (c_int, [_P, c_char_p, _E]),
    "rad_features_free": (None, [_P]),
    "rad_check_compliance": (c_int, [c_char_p, c_char_p, _C, See, POINTER(Compliance), _E]),
    "rad_summarise_site": (c_int, [POINTER(SiteOptions), _C, _PP, _E]),
    "rad_pool_summaries": (c_int, [POINTER(PoolOptions), _C, _PP, _E]),
}


def find(variable: str, bundled: str, built: str) -> str:
    """A file of the engine: where the environment says, else in the package, else where `make` puts it."""
    named = os.environ.get(variable)
    if named:
        return named
    wanted = os.path.join(HERE, "engine", bundled)
    for path in (wanted, os.path.join(HERE, "..", "..", "build", built)):
        if os.path.exists(path):
            return path
    raise ImportError(f"radiomill: {wanted} is missing; install the package again, or set {variable}")


_library: Any = None


def engine() -> Any:
    """The library, loaded by the first call that needs it."""
    global _library
    if _library is None:
        library = ctypes.CDLL(find("RADIOMILL_LIBRARY", "libradiomill.so", "libradiomill.so"))
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
        _library = library
    return _library


def _whole(text: bytes) -> bytes:
    if b"\0" in text:  # where a text of C ends
        raise ConfigError(f"{decode(text.split(bytes(1))[0])}: is followed by a NUL; give a text without one", 4)
    return text


def encode(text: Any) -> bytes | None:
    """A path or a name as the engine takes it; None stays."""
    return None if text is None else _whole(os.fsencode(text))


def utf8(text: str) -> bytes:
    """What is no path: settings, whatever the locale."""
    return _whole(text.encode())


def decode(text: bytes | None) -> str:
    return (text or b"").decode("utf-8", "surrogateescape")


def take_text(pointer: c_void_p) -> str:
    """A text that the library made, and released."""
    if not pointer:
        return ""
    text = decode(ctypes.string_at(pointer.value or 0))
    engine().rad_text_free(pointer)
    return text


def check(status: int, error: Error) -> int:
    """The status, or the exception that it stands for, in the engine's words."""
    if status in (0, PARTIAL):
        return status
    raise ERRORS.get(status, RadiomillError)(decode(error.text), status)


def call(name: str, *arguments: Any) -> int:
    """A function of the library that takes an error last."""
    error = Error()
    return check(getattr(engine(), name)(*arguments, ctypes.byref(error)), error)


def make(name: str, *arguments: Any) -> c_void_p:
    """What a function of the library makes: it takes the place of it before the error."""
    made = c_void_p()
    call(name, *arguments, ctypes.byref(made))
    return made
