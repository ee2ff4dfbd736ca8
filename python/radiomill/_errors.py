"""What can go wrong: one class for each status of the engine, in the engine's own words."""
from __future__ import annotations


class RadiomillError(Exception):
    """Base of all errors. ``str(error)`` is one line: what is wrong with which value, and what is allowed.

    ``status`` is the exit code that the command would give (docs/exit-codes.md).
    """

    def __init__(self, text: str, status: int = 7) -> None:
        super().__init__(text, status)
        self.status = status

    def __str__(self) -> str:
        return str(self.args[0])


class InputError(RadiomillError, ValueError):
    """An input cannot be read or cannot be used (3)."""


class ConfigError(RadiomillError, ValueError):
    """Settings or arguments are wrong, or two inputs do not fit each other (2, 4)."""


class OutputError(RadiomillError, OSError):
    """An output cannot be written (5)."""


class NoMemoryError(RadiomillError, MemoryError):
    """The machine has not the memory that the job needs (6)."""


class NoResultError(RadiomillError, ArithmeticError):
    """A computation failed, or the system refuses processes or files (7)."""


class CancelledError(RadiomillError):
    """The job was cancelled (9)."""


class RefusedError(RadiomillError, PermissionError):
    """A disclosure rule forbids it (10), or earlier releases have used up what may leave (11)."""


class UntrustedError(RadiomillError):
    """A signature is missing, wrong or not of a trusted key, or a file is out of date (12)."""


class MismatchError(RadiomillError, AssertionError):
    """A compliance check found a value out of tolerance (1)."""


class PartialError(RadiomillError):
    """Some cases of a batch failed; each is listed with its reason (20)."""


class RadiomillWarning(UserWarning):
    """What the engine assumed, or left out."""


ERRORS: dict[int, type[RadiomillError]] = {
    1: MismatchError, 2: ConfigError, 3: InputError, 4: ConfigError, 5: OutputError, 6: NoMemoryError,
    7: NoResultError, 9: CancelledError, 10: RefusedError, 11: RefusedError, 12: UntrustedError, 20: PartialError,
}
