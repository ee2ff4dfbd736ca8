"""Type hints hold: mypy finds nothing under --strict, and the package says that it is typed."""
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path("python/radiomill")


def test_mypy(tmp_path):
    pytest.importorskip("mypy")
    done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--ignore-missing-imports",
                           "--cache-dir", tmp_path, PACKAGE], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert (PACKAGE / "py.typed").exists()


def test_docstrings():
    """Whatever is public says what it does."""
    import radiomill

    bare = [name for name in radiomill.__all__ if not (getattr(radiomill, name).__doc__ or "").strip()]
    assert not bare
