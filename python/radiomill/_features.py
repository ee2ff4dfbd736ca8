"""Features of ROIs."""
from __future__ import annotations

import ctypes
import os
import warnings as python_warnings
from typing import Any, Iterable, Iterator, Mapping, NamedTuple, Sequence, Union

import numpy as np

from . import _native as native
from ._errors import ERRORS, ConfigError, RadiomillError, RadiomillWarning
from ._jobs import Job, Progress
from ._scan import ImageLike, Numbers, scan
from ._settings import Settings, SettingsLike, settings as make_settings

RoiLike = Union[None, str, int, Sequence[Union[str, int]]]
_VALUE = np.dtype([("value", "f8"), ("reason", "i4"), ("", "i4")])


class Column(NamedTuple):
    """What a feature is. ``code``: identifier of the IBSI; ``unit``: "mm3", "1" where there is none."""

    name: str
    image: str
    family: str
    tag: str
    code: str
    unit: str
    feature: str
    aggregation: str
    aggregation_code: str
    discretisation: str
    standardised: bool


class Result(Mapping[str, float]):
    """Features: a mapping from names to values (floats; NaN where undefined, see ``reasons``).

    case, roi: names, as in tables. columns: a :class:`Column` for each value. values_array: the doubles.
    rows: one Result for each ROI; where there are several, ask the rows, ``by_roi`` or ``to_frame()``.
    warnings: what the engine assumed or left out. error: why a ROI has no values, or None.
    """

    def __init__(self, case: str, roi: str, columns: tuple[Column, ...], values: np.ndarray[Any, Any],
                 reason_codes: np.ndarray[Any, Any], warnings: Sequence[str] = (),
                 error: RadiomillError | None = None) -> None:
        self.case, self.roi, self.columns, self.error = case, roi, columns, error
        self.warnings = list(warnings)
        self._values, self._codes = values, reason_codes
        self.rows: list[Result] = [self]
        self._index: dict[str, int] | None = None

    @classmethod
    def _of(cls, rows: list[Result], warnings: Sequence[str]) -> Result:
        """One Result of all rows."""
        if len(rows) == 1:
            rows[0].warnings = list(warnings)
            return rows[0]
        columns = rows[0].columns if rows else ()
        case = rows[0].case if rows else ""
        made = cls(case, "", columns, np.empty(0), np.empty(0, "i4"), warnings)
        made.rows = rows
        return made

    def __getstate__(self) -> dict[str, Any]:
        state = dict(self.__dict__, _index=None)
        if self.rows == [self]:
            state["rows"] = None
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if self.rows is None:
            self.rows = [self]

    def _only(self) -> Result:
        if len(self.rows) != 1:
            names = ", ".join(row.roi for row in self.rows[:5])
            raise ConfigError(f"there are {len(self.rows)} ROIs ({names}{', ...' if len(self.rows) > 5 else ''}); "
                              "use .rows, .by_roi or .to_frame()", 4)
        return self.rows[0]

    @property
    def values_array(self) -> np.ndarray[Any, Any]:
        """The values as doubles, in the order of columns; of several ROIs a row each."""
        return self._values if len(self.rows) == 1 else self._matrix()

    def _matrix(self) -> np.ndarray[Any, Any]:
        return np.reshape([row._values for row in self.rows], (len(self.rows), len(self.columns)))

    def __getitem__(self, name: str) -> float:
        row = self._only()
        if row._index is None:
            row._index = {column.name: i for i, column in enumerate(row.columns)}
        return float(row._values[row._index[name]])

    def __iter__(self) -> Iterator[str]:
        return (column.name for column in self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        if len(self.rows) == 1:
            return f"<radiomill.Result: {len(self)} feature{'s' * (len(self) != 1)} of {self.case}: ROI {self.roi}>"
        return f"<radiomill.Result: {len(self)} feature{'s' * (len(self) != 1)} of {self.case}: {len(self.rows)} ROIs>"

    @property
    def by_roi(self) -> dict[str, Result]:
        """The row of each ROI by its name."""
        return {row.roi: row for row in self.rows}

    @property
    def reasons(self) -> dict[str, str]:
        """Why values are NaN, in plain words, by name."""
        row, texts = self._only(), {}
        for i in np.flatnonzero(row._codes):
            texts[row.columns[i].name] = native.decode(native.engine().rad_reason_text(int(row._codes[i])))
        return texts

    @property
    def failures(self) -> dict[str, RadiomillError]:
        """ROIs without values, and why."""
        return {row.roi: row.error for row in self.rows if row.error is not None}

    def to_series(self) -> Any:
        """A pandas Series of the features of the only ROI, named after it."""
        import pandas

        row = self._only()
        return pandas.Series(row._values, index=[c.name for c in row.columns], name=row.roi)

    def to_frame(self) -> Any:
        """A pandas DataFrame: a row for each ROI, indexed by case and roi, a column for each feature.

        ``frame.attrs["columns"]`` has what each column is.
        """
        import pandas

        index = pandas.MultiIndex.from_tuples([(row.case, row.roi) for row in self.rows], names=["case", "roi"])
        frame = pandas.DataFrame(self._matrix(), index=index, columns=[c.name for c in self.columns])
        frame.attrs["columns"] = {c.name: c._asdict() for c in self.columns}
        return frame


class _Table:
    """A table of the library, and what becomes of it."""

    def __init__(self) -> None:
        self.handle = ctypes.c_void_p()

    def __del__(self) -> None:
        if self.handle:
            native.engine().rad_features_free(self.handle)

    def columns(self, chosen: Settings) -> tuple[Column, ...]:
        """Names are the same for the same settings."""
        if chosen._columns is None:
            info, found = native.ColumnInfo(), list[Column]()
            while native.engine().rad_features_column(self.handle, len(found), ctypes.byref(info)):
                texts = [native.decode(getattr(info, name)) for name in native.COLUMN_TEXTS]
                found.append(Column._make([*texts, bool(info.standardised)]))
            chosen._columns = tuple(found)
        return chosen._columns  # type: ignore[no-any-return]

    def warnings(self) -> list[str]:
        texts: list[str] = []
        while True:
            text = native.engine().rad_features_warning(self.handle, len(texts))
            if text is None:
                return texts
            texts.append(native.decode(text))

    def rows(self, columns: tuple[Column, ...]) -> list[Result]:
        info, rows = native.RowInfo(), list[Result]()
        while native.engine().rad_features_row(self.handle, len(rows), ctypes.byref(info)):
            raw = ctypes.string_at(info.values, len(columns) * _VALUE.itemsize) if columns else b""
            table = np.frombuffer(raw, _VALUE)
            error = None
            if info.status:
                error = ERRORS.get(info.status, RadiomillError)(native.decode(info.text), info.status)
            rows.append(Result(native.decode(info.case_name), native.decode(info.roi), columns,
                               np.ascontiguousarray(table["value"]), np.ascontiguousarray(table["reason"]), (), error))
        return rows


def _selection(roi: RoiLike, case: str | None, resample_mask: bool) -> native.Selection:
    chosen: Iterable[Any] = [] if roi is None else [roi] if isinstance(roi, (str, int, np.integer)) else roi
    texts = [native.encode(str(one)) for one in chosen]
    if roi is not None and not texts:
        raise ConfigError("roi: is empty; give names or numbers, or None for all ROIs", 4)
    names = (ctypes.c_char_p * len(texts))(*texts)
    return native.Selection(native.encode(case), names, len(texts), resample_mask)


def extract(image: ImageLike, mask: ImageLike, settings: SettingsLike = None, *, spacing: Numbers | None = None,
            origin: Numbers | None = None, direction: Numbers | None = None, roi: RoiLike = None,
            threads: int | None = None, case: str | None = None, resample_mask: bool = False,
            series: str | None = None, volume: int | str | None = None, ignore_frame_of_reference: bool = False,
            progress: Progress | None = None, output: str | os.PathLike[str] | None = None) -> Result:
    """Features of the ROIs of a mask: what ``radiomill extract`` writes of the same voxels, bit by bit.

    image, mask: what :func:`scan` takes; arrays have the shape (z, y, x). A mask holds whole numbers, 0 is
        background; bool is a ROI of number 1. A mask that is a plain array lies on the grid of the image.
    settings: what :func:`settings` takes: a preset ("ibsi-c"), a file, a dict.
    spacing: of arrays, mm along x, y, z (not z, y, x): ``GetSpacing()`` of SimpleITK. origin, direction: likewise.
    roi: a name, a number, a pattern ("GTV*"), a union ("A+B"), or a list of these; None: all, one row each.
    threads: None or 0: all processors. Values are the same for any number.
    resample_mask: a mask on a grid of its own is interpolated once, to the grid of the features.
    progress: called with the share that is done, 0 to 1, on this thread; what it raises ends the job.
    output: also write the table there (CSV, or JSON where the name ends in .json).

    Other threads of Python go on meanwhile; Ctrl-C ends the job. Raises :class:`RadiomillError`; where some ROIs
    fail and others do not, their rows are NaN with an ``error``, and a warning says so.
    """
    chosen = make_settings(settings)
    of = scan(image, spacing=spacing, origin=origin, direction=direction, series=series, volume=volume)
    inside = scan(mask, like=of, ignore_frame_of_reference=ignore_frame_of_reference)
    selection, table, job = _selection(roi, case, resample_mask), _Table(), Job(threads, progress)

    def work(control: Any) -> int:
        return native.call("rad_extract", chosen._handle, of._handle, inside._handle, ctypes.byref(selection), control,
                           ctypes.byref(table.handle))

    status = job.run(work)
    if output is not None:
        native.call("rad_features_write", table.handle, native.encode(output))
    result = Result._of(table.rows(table.columns(chosen)), table.warnings())
    for text in result.warnings:
        python_warnings.warn(text, RadiomillWarning, stacklevel=2)
    if status == native.PARTIAL:
        for name, error in result.failures.items():
            python_warnings.warn(f"ROI {name} failed: {error}", RadiomillWarning, stacklevel=2)
    return result
