"""Every block of docs/howto-python.md runs and prints what the page says; the notebooks run, and show their pictures."""
from __future__ import annotations

import base64
import contextlib
import io
import os
import re
import sys
import warnings
from pathlib import Path

import pytest

DOCS = Path("docs").resolve()
PICTURES = Path(os.environ.get("RADIOMILL_PICTURES", "build/python/notebooks")).resolve()


def test_howto(tmp_path, monkeypatch):
    blocks = re.findall(r"^```(python|text)\n(.*?)^```$", (DOCS / "howto-python.md").read_text(), re.M | re.S)
    assert sum(kind == "python" for kind, _ in blocks) >= 9
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    for (kind, text), (after, expected) in zip(blocks, [*blocks[1:], ("", "")]):
        if kind != "python":
            continue
        said = io.StringIO()
        with contextlib.redirect_stdout(said), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(text, "howto-python.md", "exec"), names)
        assert said.getvalue() == (expected if after == "text" else ""), text


@pytest.mark.parametrize("name", sorted(path.stem for path in (DOCS / "notebooks").glob("*.ipynb")))
def test_notebook(name, tmp_path, monkeypatch):
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.read(DOCS / "notebooks" / f"{name}.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells), "outputs are not kept in the project"
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(str(Path(p).resolve()) for p in sys.path if p))
    client = nbclient.NotebookClient(notebook, timeout=240, kernel_name="python3",
                                     resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [o for o in outputs if o.output_type == "stream" and o.name == "stderr"]
    pictures = [o.data["image/png"] for o in outputs if "image/png" in o.get("data", {})]
    assert pictures
    PICTURES.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, PICTURES / f"{name}.ipynb")
    for number, picture in enumerate(pictures):
        png = base64.b64decode(picture)
        assert len(png) > 5000
        (PICTURES / f"{name}-{number}.png").write_bytes(png)
