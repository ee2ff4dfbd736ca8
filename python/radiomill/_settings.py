"""What is computed, and how."""
from __future__ import annotations

import functools
import json
import os
import re
from typing import Any, Iterator, Mapping, Optional, Union

from . import _native as native
from ._errors import ConfigError
from ._native import Path

SettingsLike = Union[None, Path, Mapping[str, Any], "Settings"]


class Settings(Mapping[str, str]):
    """Settings of the engine: a mapping from keys ("interpolation.spacing") to their texts. They do not change.

    ``str(settings)`` is the YAML that a settings file holds. Made by :func:`settings`.
    """

    def __init__(self, yaml: str) -> None:
        self._handle = native.make("rad_settings_parse", native.utf8(yaml))
        self._columns: Any = None

    @classmethod
    def _of(cls, base: Optional[str]) -> Settings:
        """Of a preset or a file."""
        made = cls.__new__(cls)
        made._handle, made._columns = native.make("rad_settings_new", native.encode(base)), None
        return made

    def __del__(self) -> None:
        if getattr(self, "_handle", None):
            native.engine().rad_settings_free(self._handle)

    def __reduce__(self) -> Any:
        return Settings, (str(self),)

    @functools.cached_property
    def _text(self) -> str:
        return native.take_text(native.make("rad_settings_text", self._handle))

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"radiomill.Settings({self._text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Settings) and str(other) == str(self)

    def __hash__(self) -> int:
        return hash(self._text)

    def __getitem__(self, key: str) -> str:
        try:
            return native.take_text(native.make("rad_settings_get", self._handle, native.utf8(key)))
        except ConfigError as error:
            raise KeyError(str(error)) from None

    def __iter__(self) -> Iterator[str]:
        group = ""
        for line in self._text.splitlines():
            word, colon, value = line.partition(":")
            if not colon or word.lstrip().startswith(("-", "#")):
                continue
            if word.startswith(" "):
                yield f"{group}.{word.strip()}"
            elif value.strip() or word in ("images", "masks"):
                yield word
            else:
                group = word

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _flow(value: Any) -> str:
    """A value on one line of YAML, as the engine reads it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):  # texts stand there as in a file: "log: {sigma: 3}"
        return "[" + ", ".join(one if isinstance(one, str) else _flow(one) for one in value) + "]"
    if hasattr(value, "tolist"):  # numbers and arrays of numpy
        return _flow(value.tolist())
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    text = os.fspath(value) if isinstance(value, os.PathLike) else str(value)
    return text if re.fullmatch(r"[\w.+-]+", text) else json.dumps(text, ensure_ascii=False)


def _text_of(value: Any) -> str:
    """What follows a key: texts as they stand in a file."""
    return value if isinstance(value, str) else _flow(value)


def _flat(changes: Mapping[str, Any], group: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in changes.items():
        if isinstance(value, Mapping) and not group:
            yield from _flat(value, f"{key}.")
        else:
            yield group + key, value


_cached = functools.lru_cache(maxsize=64)  # of what does not change
_parsed, _preset = _cached(Settings), _cached(Settings._of)


@_cached
def _changed(base: Settings, changes: tuple[tuple[str, str], ...]) -> Settings:
    fresh = Settings(str(base))
    for key, text in changes:
        native.call("rad_settings_set", fresh._handle, native.utf8(key), native.utf8(text))
    return fresh


def settings(base: SettingsLike = None, changes: Mapping[str, Any] | None = None, **more: Any) -> Settings:
    """Settings of a preset or a file, with changes.

    base: None (the defaults), a preset ("ibsi-c"), a path of a YAML file, YAML as text (with a newline or a
        colon and a space in it), a mapping, or Settings.
    changes: keys of a settings file and their values: ``{"interpolation": {"spacing": [2, 2, 2]}}`` or
        ``{"interpolation.spacing": [2, 2, 2]}``; spacing in mm, in the order x, y, z. A text is taken as it
        stands in a file. ``more``: keys that are names: ``families=["stat", "cm"]``.

    >>> radiomill.settings("ibsi-c", {"discretisation": "fbs25"}, families=["stat", "cm"])
    """
    if isinstance(base, Settings):
        made = base
    elif isinstance(base, Mapping):
        made = _changed(_preset(None), tuple((key, _text_of(value)) for key, value in _flat(base)))
    elif isinstance(base, str) and ("\n" in base or ": " in base):
        made = _parsed(base)
    elif base is not None and (os.path.exists(base) or isinstance(base, os.PathLike)):
        made = Settings._of(os.fspath(base))
    else:
        made = _preset(base if base is None else str(base))
    all_changes = tuple((key, _text_of(value)) for key, value in _flat({**(changes or {}), **more}))
    return _changed(made, all_changes) if all_changes else made
