"""The command `radiomill` of an installed package: that of the engine, and what is made in Python."""
from __future__ import annotations

import os
import sys
from typing import NoReturn

from . import _native as native


def path() -> str:
    """Where the command of the engine is."""
    return str(native.find("RADIOMILL_COMMAND", "bin/radiomill", "radiomill"))


def main() -> NoReturn:
    """Becomes the command of the engine."""
    command = path()
    os.execv(command, [command, *sys.argv[1:]])
