#!/usr/bin/env python3
"""Runs the same ROIs through radiomill and the other engines that can be installed, in turns.

    peers.py BUILD [DOCUMENT]

Engines live in virtual environments of their own below BUILD/peers; one that cannot be installed is named and left
out. All take the same files (1 mm, already interpolated, uncompressed), one thread, bins of 25 HU from -1000 HU, and
the families that both sides have. A cold run is a whole process with one extraction; a warm one is the second
extraction in a process. DOCUMENT: the Markdown file whose part between the peers marks is replaced.
"""
import json
import os
import platform
import statistics
import subprocess
import sys
import time

ROUNDS = 3
ENGINES = {
    # name: (packages, families of ours that it has too)
    "pyradiomics": (
        ["numpy<2", "setuptools<70", "wheel", "versioneer", "cython", "SimpleITK", "PyWavelets", "pykwalify", "six"],
        ["--no-build-isolation", "--no-deps", "pyradiomics==3.0.1"],
        "morph, stat, cm, rlm, szm, ngt, ngl",
    ),
    "mirp": ([], ["mirp"], "morph, loc, stat, ih, ivh, cm, rlm, szm, dzm, ngt, ngl"),
    "nyxus": ([], ["nyxus"], "morph, stat, ih, cm, rlm, szm, dzm, ngt, ngl"),
}


def run_pyradiomics(image, mask):
    import logging

    from radiomics import featureextractor

    logging.getLogger("radiomics").setLevel(logging.ERROR)
    extractor = featureextractor.RadiomicsFeatureExtractor(
        binWidth=25, resegmentRange=[-1000, 400], label=1, additionalInfo=False
    )
    extractor.disableAllFeatures()
    for family in ("shape", "firstorder", "glcm", "glrlm", "glszm", "ngtdm", "gldm"):
        extractor.enableFeatureClassByName(family)
    return lambda: len(extractor.execute(image, mask))


def run_mirp(image, mask):
    import logging

    from mirp import extract_features

    logging.disable(logging.CRITICAL)
    return lambda: extract_features(
        image=image,
        mask=mask,
        by_slice=False,
        base_discretisation_method="fixed_bin_size",
        base_discretisation_bin_width=25.0,
        resegmentation_intensity_range=[-1000.0, 400.0],
        base_feature_families="all",
        write_features=False,
        export_features=True,
    )[0].shape[1]


def run_nyxus(image, mask):
    from nyxus import Nyxus3D

    engine = Nyxus3D(["*3D_ALL*"], n_feature_calc_threads=1, coarse_gray_depth=32)
    return lambda: engine.featurize_files([image], [mask], False).shape[1]


def worker(engine, image, mask, count):
    began = time.perf_counter()
    call = globals()[f"run_{engine}"](image, mask)
    times, columns = [], 0
    for _ in range(count):
        start = time.perf_counter()
        columns = call()
        times.append((time.perf_counter() - start) * 1e3)
    print("PEER" + json.dumps({"times": times, "columns": int(columns), "setup": (start - began) * 1e3}))


def install(build, name):
    home = os.path.join(build, "peers", name)
    python = os.path.join(home, "bin", "python")
    if not os.path.exists(os.path.join(home, "done")):
        first, then, _ = ENGINES[name]
        try:
            subprocess.run([sys.executable, "-m", "venv", home], check=True, capture_output=True)
            for packages in (first, then):
                if packages:
                    subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True, capture_output=True)
        except subprocess.CalledProcessError as error:
            print(f"{name}: cannot be installed here: {error.stderr.decode().strip().splitlines()[-1:]}")
            return None
        open(os.path.join(home, "done"), "w").close()
    return python


def version(python, name):
    code = f"import importlib.metadata as m; print(m.version('{name}'))"
    return subprocess.run([python, "-c", code], capture_output=True, text=True).stdout.strip()


def spawn(words):
    environment = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS="1")
    start = time.perf_counter()
    done = subprocess.run(words, capture_output=True, text=True, env=environment)
    took = (time.perf_counter() - start) * 1e3
    if done.returncode:
        raise RuntimeError((done.stderr or done.stdout).strip()[-500:])
    return took, done.stdout


def settings_for(build, families):
    path = os.path.join(build, "peers", "settings.yaml")
    with open(path, "w") as file:
        file.write(f"families: [{families}]\nresegmentation:\n  range: [-1000, 400]\n")
        file.write("discretisation: [fbs25]\ntexture:\n  dimensions: [3D]\n")
    return path


def compare(build, name, python, image, mask):
    """Medians of cold and warm runs, ours and theirs, in turns."""
    settings = settings_for(build, ENGINES[name][2])
    ours = {"cold": [], "warm": []}
    theirs = {"cold": [], "warm": []}
    columns = 0
    for _ in range(ROUNDS):
        ours["cold"].append(
            spawn([f"{build}/radiomill", "extract", image, mask, "-c", settings, "--threads", "1", "-o", "-"])[0]
        )
        lines = spawn([f"{build}/bench/bench_peers", "time", image, mask, settings, "2"])[1].split()
        ours["warm"].append(float(lines[1]))
        theirs["cold"].append(spawn([python, os.path.abspath(__file__), "--worker", name, image, mask, "1"])[0])
        out = spawn([python, os.path.abspath(__file__), "--worker", name, image, mask, "2"])[1]
        found = json.loads(out[out.index("PEER") + 4 :].splitlines()[0])
        theirs["warm"].append(found["times"][1])
        columns = found["columns"]
    median = statistics.median
    return {
        "columns": columns,
        **{f"ours_{k}": median(v) for k, v in ours.items()},
        **{f"theirs_{k}": median(v) for k, v in theirs.items()},
    }


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def main(build, document):
    os.makedirs(os.path.join(build, "peers"), exist_ok=True)
    folder = os.path.join(build, "peers")
    subprocess.run([f"{build}/bench/bench_peers", "prepare", folder], check=True)
    ours = subprocess.run([f"{build}/radiomill", "--version"], capture_output=True, text=True).stdout.strip()
    rows, versions = [], [ours]
    for name in ENGINES:
        python = install(build, name)
        if not python:
            continue
        versions.append(f"{name} {version(python, name)}")
        for case in ("p", "s"):
            try:
                r = compare(build, name, python, f"{folder}/p_image.nii", f"{folder}/{case}_mask.nii")
            except RuntimeError as error:
                print(f"{name}: failed: {error}")
                continue
            rows.append(
                f"| {name} | {case.upper()} | {r['theirs_cold']:,.0f} | {r['ours_cold']:,.0f} "
                f"| {r['theirs_cold'] / r['ours_cold']:.1f} | {r['theirs_warm']:,.0f} | {r['ours_warm']:,.0f} "
                f"| {r['theirs_warm'] / r['ours_warm']:.1f} |"
            )
            print(rows[-1], flush=True)
    text = (
        f"{platform.machine()}, {processor()}, {os.cpu_count()} processors, {time.strftime('%Y-%m-%d')}; "
        f"{'; '.join(versions)}. Medians of {ROUNDS} rounds in turns, one thread, milliseconds.\n\n"
        "| engine | ROI | its cold run | ours | ratio | its warm run | ours | ratio |\n"
        "|---|---|---|---|---|---|---|---|\n" + "\n".join(rows) + "\n"
    )
    print("\n" + text)
    if document:
        begin, end = "<!-- peers -->\n", "<!-- /peers -->"
        whole = open(document).read()
        head, rest = whole.split(begin)
        with open(document, "w") as file:
            file.write(head + begin + text + end + rest.split(end)[1])


if __name__ == "__main__":
    if sys.argv[1] == "--worker":
        worker(sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]))
    else:
        main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
