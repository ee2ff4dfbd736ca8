"""What the engine does beside features of a case: maps, information, the catalogue, compliance, many sites."""
from __future__ import annotations

import ctypes
import json
import warnings as python_warnings
from typing import Any, Iterable, NamedTuple, Optional

import numpy as np

from . import _native as native
from ._errors import MismatchError, RadiomillWarning
from ._features import Column, _Table
from ._jobs import Job, Progress
from ._native import Path
from ._scan import ImageLike, Numbers, scan
from ._settings import SettingsLike, _text_of, settings as make_settings


def _warn(notes: Iterable[str], level: int = 3) -> None:
    for note in notes:
        python_warnings.warn(note.removeprefix("warning: "), RadiomillWarning, stacklevel=level)


def filter(image: ImageLike, filter: Any, settings: SettingsLike = None, *, spacing: Numbers | None = None,
           origin: Numbers | None = None, direction: Numbers | None = None, series: str | None = None,
           volume: int | str | None = None, threads: int | None = None,
           progress: Progress | None = None) -> np.ndarray[Any, Any]:
    """The response map of a filter over the whole image: doubles, in the shape of the image.

    image: as :func:`scan` takes it. filter: an entry of the setting ``images``: "square", "log: {sigma: 3}", or
        ``{"log": {"sigma": 3}}``; lengths in mm. settings: suv, slice_tolerance, filter_boundary and filter_nan
        count.
    Returns an array with the axes of an array that was given (nibabel and MONAI: x, y, z), of all else z, y, x.
    """
    of = scan(image, spacing=spacing, origin=origin, direction=direction, series=series, volume=volume)
    chosen = None if settings is None else make_settings(settings)
    grid = of._raw_grid()
    out = np.empty(tuple(grid.size)[::-1])
    notes: list[str] = []
    job = Job(threads, progress, notes)
    job.run(lambda control: native.call("rad_scan_filter", of._handle, native.utf8(_text_of(filter)),
                                        chosen and chosen._handle, control, out.ctypes.data, out.size))
    _warn(notes)
    return out.T if of.x_first else out


def _said(function: str, *given: Any, threads: Optional[int] = None, progress: Optional[Progress] = None) -> str:
    """The text that a function of the library makes; its notes are warnings."""
    notes: list[str] = []
    try:
        return native.take_text(Job(threads, progress, notes).run(lambda c: native.make(function, *given, c)))
    finally:
        _warn(notes, 4)


def info(path: Path, *, labels: bool = False, identifiers: bool = False) -> dict[str, Any]:
    """What a file or a folder holds, as ``radiomill info --json`` says it: series, geometry, ROIs.

    labels: read the voxels of a mask and list its labels. identifiers: also name, id and birth date.
    """
    told: dict[str, Any] = json.loads(_said("rad_path_info", native.encode(path), labels, identifiers))
    return told


def features(settings: SettingsLike = None) -> list[Column]:
    """The columns that :func:`extract` gives with these settings: names, IBSI codes, units."""
    chosen, table = make_settings(settings), _Table()
    if chosen._columns is None:
        table.handle = native.make("rad_features_new", chosen._handle)
    return list(table.columns(chosen))


class Compared(NamedTuple):
    """A value beside that of a reference table of the IBSI; reference NaN: there is none."""

    data_set: str
    family: str
    tag: str
    code: str
    value: float
    reference: float
    tolerance: float
    standardised: bool
    met: bool


class Compliance(NamedTuple):
    """Standardised values met and missed, values without a standard, values without data; and all of them."""

    met: int
    missed: int
    excluded: int
    without_data: int
    values: list[Compared]


def validate(data: Path | None = None, only: str | None = None, *, threads: int | None = None,
             progress: Progress | None = None) -> Compliance:
    """Compares what this engine computes with the reference tables of the IBSI.

    data: the folder of the data sets of the IBSI; the digital phantom is built in. only: one data set, such as
    "digital_phantom" or "config_a". Misses are counted, and not raised.
    """
    values: list[Compared] = []

    def see(pointer: Any, _: Any) -> None:
        c = pointer.contents
        names = [native.decode(text) for text in (c.data_set, c.family, c.tag, c.code)]
        values.append(Compared._make([*names, c.value, c.reference, c.tolerance, c.standardised, c.met]))

    seen, counts, job = native.See(see), native.Compliance(), Job(threads, progress)
    try:
        job.run(lambda control: native.call("rad_check_compliance", native.encode(data), native.encode(only), control,
                                            seen, ctypes.byref(counts)))
    except MismatchError:
        pass
    return Compliance(counts.met, counts.missed, counts.excluded, counts.without_data, values)


def _options(structure: Any, given: dict[str, Any]) -> Any:
    known = dict(structure._fields_)
    return structure(**{name: value if known[name] is ctypes.c_bool else native.encode(value)
                        for name, value in given.items() if value is not None})


def summarise(table: Path, study: Path, key: Path, output: Path | None = None, *, clinical: Path | None = None,
              policy: Path | None = None, state: Path | None = None, ledger: Path | None = None,
              set_aside: Path | None = None, preview: bool = False, withhold: bool = False, page: Path | None = None,
              rehearse: bool = False, approve: str | None = None, coordinator: Path | None = None, open: bool = False,
              renamed: bool = False, begin_ledger: bool = False, others: bool = False, threads: int | None = None,
              progress: Progress | None = None) -> str:
    """Writes the signed summary of a site: sums, no rows, within the rules of disclosure (docs/federation.md).

    table: features, a CSV or the folder of a batch. Options are those of ``radiomill summarise``. Returns what the
    command says: one line, or with preview what would leave. Raises RefusedError where a rule forbids it.
    """
    given = dict(locals())
    del given["threads"], given["progress"]
    return _said("rad_summarise_site", ctypes.byref(_options(native.SiteOptions, given)), threads=threads,
                 progress=progress)


def pool(study: Path, summaries: Iterable[Path], trusted: Path, output: Path | None = None, *, withhold: bool = False,
         rehearse: bool = False, key: Path | None = None, absent: str | None = None, threads: int | None = None,
         progress: Progress | None = None) -> str:
    """Adds the summaries of sites up: tables and report.html in the folder output ("pooled").

    summaries: .radsum files. trusted: public keys of the sites, a line each. absent: sites that sent nothing, and why,
    in words for the page. Returns what the command says.
    """
    paths = [native.encode(path) for path in summaries]
    options = _options(native.PoolOptions, {"study": study, "trusted": trusted, "output": output,
                                            "withhold": withhold, "rehearse": rehearse, "key": key, "absent": absent})
    options.summaries = (ctypes.c_char_p * len(paths))(*paths)
    options.summary_count = len(paths)
    return _said("rad_pool_summaries", ctypes.byref(options), threads=threads, progress=progress)
