"""One engine is one row: what pip installs, whose names its features have, which families it has, and how it runs.

The adapter of a row is adapters/ADAPTER.py, which runs inside the environment of its engine:
    start(threads)      imports the engine, and returns its version
    prepare(task)       returns a function of the arrays (z, y, x) of image and mask
    open_files(task)    returns a function of their paths, for the whole command of an engine without a program
    values(result)      a dict of numbers by the engine's own names
The engine's own program, where it has one, is the row's `command`: words, with {bin}, {image}, {mask}, {settings},
{threads} and {out}.
"""
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field

IBSI = ("morph", "spatial", "loc", "stat", "ih", "ivh", "cm", "rlm", "szm", "dzm", "ngt", "ngl")
PYRADIOMICS = ("morph", "stat", "cm", "rlm", "szm", "ngt", "ngl")
FILES = "reads files: there is no way to give it 3D arrays"


@dataclass(frozen=True)
class Engine:
    name: str
    adapter: str
    package: str
    steps: tuple = ()
    python: tuple = (3, 9)
    needs: str = ""
    families: tuple = IBSI
    names: str = "ibsi"
    kinds: tuple = ("extract", "organs", "configs", "filters", "batch")
    command: tuple = ()
    says: str = ""
    threads: bool = True
    compiles: bool = False
    environment: dict = field(default_factory=dict)


def _pip(*packages):
    return (packages,)


ENGINES = {row.name: row for row in (
    Engine("Pictologics", "pictologics_engine", "pictologics", _pip("pictologics>=0.9"), (3, 12),
           says="compiles at its first import, and keeps that on the disk", compiles=True),
    Engine("Flash-Radiomics", "flash_engine", "flash-radiomics",
           _pip("flash-radiomics>=1.0", "numpy", "h5py", "SimpleITK", "pykwalify", "PyWavelets", "scipy", "scikit-image",
                "scikit-learn", "trimesh"), (3, 10),
           families=PYRADIOMICS + ("ih", "ivh", "dzm"), names="pyradiomics", says="writes an HDF5 file each time"),
    Engine("PyRadiomics", "pyradiomics_engine", "pyradiomics",
           (("numpy<2", "setuptools<70", "wheel", "versioneer", "cython", "SimpleITK", "PyWavelets", "pykwalify", "six"),
            ("--no-build-isolation", "--no-deps", "pyradiomics==3.0.1")),
           families=PYRADIOMICS, names="pyradiomics", threads=False,
           command=("{bin}/pyradiomics", "{image}", "{mask}", "-p", "{settings}", "-f", "csv", "-o", "{out}", "-v", "1")),
    Engine("Nyxus", "nyxus_engine", "nyxus", _pip("nyxus"), families=("morph", "stat", "ih", "cm", "rlm", "szm", "dzm", "ngt",
           "ngl"), names="nyxus", kinds=("extract", "organs"), says=FILES + "; bins into levels of its own"),
    Engine("fastrad", "fastrad_engine", "fastrad", (("numpy", "scipy", "pandas", "pydicom", "nibabel", "SimpleITK", "loguru",
           "requests", "matplotlib", "seaborn", "torch"), ("--no-deps", "fastrad")),
           (3, 11), families=PYRADIOMICS, names="pyradiomics", kinds=("extract",),
           says="has no range of intensities: its mask, shape too, is cut to the range before"),
    Engine("MIRP", "mirp_engine", "mirp", _pip("mirp"), (3, 11), threads=False, kinds=("extract", "batch"),
           says="Moran's I and Geary's C of random subsets above 1000 voxels"),
    Engine("RadiomicsJ", "radiomicsj_engine", "radiomicsj", _pip("radiomicsj"), (3, 10), needs="java", threads=False,
           families=tuple(f for f in IBSI if f != "spatial"), names="order", kinds=("extract", "configs"), says="runs in a JVM (JPype)"),
    Engine("pyCERR", "pycerr_engine", "pycerr", _pip("pycerr"), (3, 11), threads=False,
           families=PYRADIOMICS, kinds=("extract", "configs")),
)}
# The side that all others are set against; not installed, but built here.
OURS = Engine("radiomill", "radiomill_engine", "radiomill", _pip("numpy"),
              command=("{build}/radiomill", "extract", "{image}", "{mask}", "-c", "{settings}", "-t", "{threads}", "-o", "{out}"))


def find_python(oldest):
    """A Python that is at least as new: this one, those on the path, pyenv's, what uv finds."""
    patterns = [sys.executable] + [shutil.which(f"python3.{minor}") for minor in range(oldest[1], 15)]
    root = os.path.expanduser("~/.pyenv/versions")
    found = sorted(os.listdir(root), key=lambda v: [int(p) if p.isdigit() else 0 for p in v.split(".")]) \
        if os.path.isdir(root) else []
    patterns += [f"{root}/{name}/bin/python" for name in found]
    if shutil.which("uv"):
        patterns.append(subprocess.run(["uv", "python", "find", f">={oldest[0]}.{oldest[1]}"], capture_output=True,
                                       text=True).stdout.strip())
    for python in filter(None, patterns):
        try:
            said = subprocess.run([python, "-c", "import sys, venv, ensurepip; print(*sys.version_info[:2])"],
                                  capture_output=True, text=True, timeout=20)
            version = tuple(int(part) for part in said.stdout.split())
        except (OSError, ValueError, subprocess.TimeoutExpired):
            continue
        if said.returncode == 0 and oldest <= version < (3, 14):
            return python
    return None


def install(engine, folder):
    """The Python of the engine's environment below folder, or why there is none."""
    home = os.path.join(folder, engine.package)
    python, done = os.path.join(home, "bin", "python"), os.path.join(home, "done")
    if os.path.exists(done):
        return python, ""
    if engine.needs and not shutil.which(engine.needs):
        return None, f"{engine.needs} is not here"
    base = find_python(engine.python)
    if not base:
        return None, "no Python %d.%d or later is here" % engine.python
    try:
        subprocess.run([base, "-m", "venv", "--clear", home], check=True, capture_output=True)
        for packages in engine.steps:
            subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True, capture_output=True,
                           timeout=int(os.environ.get("PEER_INSTALL", "900")))
    except subprocess.CalledProcessError as error:
        lines = (error.stderr or error.stdout).decode(errors="replace").strip().splitlines()
        return None, "pip: " + (lines[-1] if lines else f"exit code {error.returncode}")
    except subprocess.TimeoutExpired:
        return None, "pip did not end in time"
    open(done, "w").close()
    return python, ""
