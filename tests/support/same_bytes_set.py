"""The commands that same_bytes.py runs with two builds, and the inputs that they read. A chain is a list of commands in a
folder of its own; chains know nothing of each other, so that they can run side by side."""
import gzip
import os
import random
import re
import shlex
import shutil
import struct
import subprocess
import sys

import same_bytes_many
import same_bytes_seeds
import same_bytes_sites
from nifti import nifti
from same_bytes_chain import ANY, BAD, Chain, Inputs
from same_bytes_words import FILTERS, SETTINGS, WRONG_EXTRACTS, WRONG_FILTERS, WRONG_SETTINGS

COMMANDS = "batch collect extract features filter harmonise info keygen manifest pool slurm study summarise validate".split()
HERE = os.path.dirname(os.path.abspath(__file__))


def make_images(at):
    """Small images and masks, whole and broken."""
    subprocess.run([sys.executable, os.path.join(HERE, "rois.py"), at("small")], check=True)
    size = (6, 5, 4)
    values = [(7 * i * i) % 90 - 20 for i in range(120)]
    labels = [1 if i % 6 in (1, 2, 3) else 2 if i % 6 == 4 else 0 for i in range(120)]
    os.makedirs(at("tiny"))
    put = lambda name, code, bits, fmt, v, size=size: nifti(at("tiny", name), code, bits, fmt, size, v)
    put("image.nii.gz", 4, 16, "h", values)
    put("mask.nii.gz", 2, 8, "B", labels)
    put("mask.nii", 2, 8, "B", labels)
    put("empty.nii", 2, 8, "B", [0] * 120)
    put("negative.nii", 4, 16, "h", [-1] * 120)
    put("fractions.nii", 16, 32, "f", [0.5] * 120)
    put("nan.nii", 16, 32, "f", [float("nan")] * 120)
    put("inf.nii", 16, 32, "f", [float("inf") if i == 7 else i for i in range(120)])
    put("thick.nii", 4, 16, "h", values + values, (6, 5, 8))
    whole = open(at("tiny", "mask.nii"), "rb").read()

    def changed(name, *changes, cut=None, tail=b""):
        data = bytearray(whole)
        for fmt, where, *what in changes:
            struct.pack_into(fmt, data, where, *what)
        open(at("tiny", name), "wb").write(bytes(data[:cut]) + tail)
    changed("shifted.nii", ("<f", 292, 0.5))
    changed("turned.nii", ("<12f", 280, -1, 0, 0, 5, 0, -1, 0, 4, 0, 0, 2, 0))
    changed("sheared.nii", ("<12f", 280, 1, 0.5, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0))
    changed("larger.nii", ("<8h", 40, 3, 6, 5, 5, 1, 1, 1, 1), tail=bytes(30))
    changed("beyond.nii", ("<8h", 40, 3, 6, 5, 5, 1, 1, 1, 1), tail=bytes(29) + b"\1")
    changed("huge.nii", ("<8h", 40, 3, 10000, 10000, 10000, 1, 1, 1, 1), cut=352)
    changed("four.nii", ("<8h", 40, 4, 6, 5, 2, 2, 1, 1, 1))
    changed("flat.nii", ("<8h", 40, 3, 0, 5, 4, 1, 1, 1, 1))
    changed("magic.nii", ("<4s", 344, b"n+9\0"))
    changed("complex.nii", ("<hh", 70, 32, 64))
    changed("cut.nii", cut=400)
    changed("short.nii", cut=100)
    changed("slope.nii", ("<f", 112, 0.5))
    packed = open(at("tiny", "image.nii.gz"), "rb").read()
    for name, data in (("cut.nii.gz", packed[:-20]), ("crc.nii.gz", packed[:-8] + bytes([packed[-8] ^ 1]) + packed[-7:]),
                       ("tail.nii.gz", packed + b"tail"), ("text.nii", b"no image"), ("nothing.nii", b""),
                       ("deflate.nii.gz", packed[:40] + b"\xff" * 20 + packed[60:])):
        open(at("tiny", name), "wb").write(data)
    os.mkfifo(at("tiny", "pipe.nii"))
    shutil.copy(os.path.join(HERE, "every.yaml"), at("every.yaml"))
    os.mkdir(at("tiny", "folder"))
    subprocess.run([sys.executable, os.path.join(HERE, "batch.py"), at("cases"), "8"], check=True)
    odd = at("cases", "it's \"odd\"\nand long")
    os.mkdir(odd)
    shutil.copy(at("cases", "i1.nii.gz"), os.path.join(odd, "\u00fc.nii.gz"))
    subprocess.run(["/usr/bin/python3", os.path.join(HERE, "dicom.py"), at("dicom")], check=True)
    os.makedirs(at("dicom_study"))
    for part in ("explicit", "structures"):
        shutil.copytree(at("dicom", part), at("dicom_study", part))


STUDY = """study: generated
title: Four sites of 100 generated patients
patient: patient
features: [f*]
covariates:
  age: {unit: years}
  sex: {levels: [F, M]}
  stage: {levels: [I, II, III]}
outcomes:
  response: {levels: ["no", "yes"]}
  relapse: {time: months, event: relapse, unit: months, grid: [0, 12, 24, 48], groups: [sex]}
groups: [sex, response]
tables: [[sex, response], [stage, response]]
variables:
  "f*": {grid: {relative: 0.01}}
covariance: [f0000, f0001, f0003, f0006, age]
redundancy: 0.5
volume: f0001
model: [age, sex, stage]
"""
REPEATS = """study: generated-repeats
patient: patient
features: [f000?]
repeats: {occasion: session, levels: [test, retest]}
variables: {"f*": {grid: {relative: 0.01}}}
analyses: [reliability]
"""
BLOCK = "covariance: [f0000, f0001, f0003, f0006, age]"
# Studies that differ from it: old text, new text.
STUDIES = {
    "whole": (), "few": (("features: [f*]", "features: [f000?]"),),
    "moments": (("model: [age, sex, stage]", "analyses: [moments, histograms]"),),
    "groups": (("model: [age, sex, stage]", "analyses: [moments, groups, tables]"),),
    "survival": (("model: [age, sex, stage]", "analyses: [survival]"),),
    "round": (("study: ", "thresholds: {round: 5}\nstudy: "),),
    "datashield": (("study: ", "thresholds: {mode: datashield, minimum_cell: 4}\nquantiles: [0.1, 0.5, 0.9]\nstudy: "),),
    "edge": (("study: ", "quantiles: [0.01]\nstudy: "),),
    "complete": (("study: ", "missing: complete\nstudy: "),),
    "logs": (('"f*": {grid', '"f*": {transform: log, grid'),),
    "centred": (("variables:\n", "variables:\n  age: {centre: 60, grid: {from: 0, to: 120, cells: 60}}\n"),),
    "reference": (("model: ", "reference: s2\nmodel: "),),
    "merge": (("model: ", "batches: {minimum: 110, small: merge}\nmodel: "),),
    "refuse": (("model: ", "batches: {minimum: 110, small: refuse}\nmodel: "),),
    "where": (("study: ", "where: {sex: F}\nstudy: "),),
    "strict": (("study: ", "thresholds: {minimum_cell: 40, minimum_sites: 5, dominance: 0.5, parameters: 0.05}\nstudy: "),),
    "one": (("features: [f*]", "features: [f0001]"), (BLOCK, "covariance: [f0001, age]")),
}


def variant(name):
    text = STUDY.replace("study: generated", "study: " + name)
    for old, new in STUDIES[name]:
        assert old in text
        text = text.replace(old, new)
    return text


def make_federation(at, program):
    """Tables of four sites, studies, keys (made once, for both builds) and what a pool of them gives."""
    os.makedirs(at("fed"))
    generate = [sys.executable, os.path.join(HERE, "cohort.py")]
    subprocess.run(generate + [at("fed"), "4", "100", "40", "2", "--spread", "0.2", "--signal", "0.6", "--repeats"], check=True)
    os.makedirs(at("later"))
    subprocess.run(generate + [at("later"), "1", "125", "40", "5"], check=True)
    write = lambda name, text: open(at("fed", name), "w").write(text)
    environment = dict(os.environ, RADIOMILL_STATE=at("state"))
    run = lambda *words: subprocess.run([program, *words], cwd=at("fed"), check=True, capture_output=True, env=environment)
    for name in STUDIES:
        write(name + ".yaml", variant(name))
    write("repeats.yaml", REPEATS)
    for key in ("s1", "s2", "s3", "s4", "stranger", "A", "B", "C", "B-2"):
        run("keygen", key)
    with open(at("state", "rows.secret"), "wb", opener=lambda *w: os.open(*w, 0o600)) as file:
        file.write(bytes(range(32)))  # would else be drawn, another one for each build
    environment["RADIOMILL_STATE"] = shutil.copytree(at("state"), at("left"))  # chains begin before these summaries
    keys = [open(at("fed", "s%d.pub" % s)).read() for s in (1, 2, 3, 4)]
    write("keys", "".join(keys))
    write("few.keys", "".join(keys[:2]))
    write("wrong.keys", "".join(keys).replace("s2 ", "s9 "))
    write("ABC.keys", "".join(open(at("fed", k + ".pub")).read() for k in "ABC"))
    rows = open(at("fed", "s1.csv")).read().split("\n")
    write("less.csv", "\n".join(rows[:-2]) + "\n")
    write("half.csv", "\n".join(rows[:37]) + "\n")
    write("nine.csv", "\n".join(rows[:10]) + "\n")
    write("clinical.csv", "".join(",".join(line.split(",")[:7]) + "\n" for line in rows[:-1]))
    write("features.csv", "".join(",".join(line.split(",")[:1] + line.split(",")[7:]) + "\n" for line in rows[:-1]))
    write("unmatched.csv", "".join(",".join(line.split(",")[:7]) + "\n" for line in rows[:40]))
    for s in (1, 2, 3, 4):
        run("summarise", "s%d.csv" % s, "-s", "whole.yaml", "-k", "s%d.key" % s, "--withhold")
    run("pool", "whole.yaml", *["s%d.radsum" % s for s in (1, 2, 3, 4)], "-k", "keys", "-o", "pooled")


def help_chains(inp):
    c = Chain("help")
    c.run("--version")
    for line in ("", "nonsense", "Extract", "--hlep", "-V", "version", "help extract", "--help extract"):
        c.run(*line.split(), code=ANY)
    for word in ("help", "--help", "-h"):
        c.run(word)
    for command in COMMANDS:
        c.run(command, "--help")
        c.run(command, "-h", "--nonsense")
        c.run(command, "--nonsense", code=BAD)
        c.run(command, "one", "two", "three", "four", code=BAD)
        if command not in ("features", "validate"):
            c.run(command, code=BAD)
    c.run("features")
    c.run("features", "--markdown")
    c.run("features", "-m", out="/dev/full", code=BAD)
    yield c
    c = Chain("keygen")
    c.run("keygen", "fresh")
    c.run("keygen", "fresh", code=BAD)
    c.run("keygen", "other", "-o", "@run@")
    c.run("keygen", "other", "-o", "nowhere", code=BAD)
    for name in (".hidden", "two words", "a/b", "", "x" * 100, "\u00fc"):
        c.run("keygen", name, code=BAD)
    c.do(lambda here: os.mkdir(os.path.join(here, "taken.pub")))
    c.run("keygen", "taken", code=BAD)
    yield c


def presets():
    top = os.path.join(HERE, "..", "..", "reference", "settings")
    return sorted(name[:-5] for name in os.listdir(top) if name.endswith(".yaml"))


def phantom_chains(inp):
    ct = [inp.data("ibsi1", "ct_phantom", "nifti", n) for n in ("image.nii.gz", "mask.nii.gz")]
    dicom = [inp.data("ibsi1", "ct_phantom", "dicom", n) for n in ("image", "mask")]
    digital = [inp.data("ibsi1", "digital_phantom", n) for n in ("image.nii.gz", "mask.nii.gz")]
    small = [inp("small", "image.nii"), inp("small", "mask.nii")]
    every = inp("every.yaml")
    c = Chain("every")  # the longest first
    c.run("extract", *ct, "-c", every, "-t", "2", "-o", "wide.csv", "-v")
    yield c
    c = Chain("validate_all")
    c.run("validate", "-d", inp.data(), "--all", "-t", "2")
    yield c
    for preset in presets():
        c = Chain("ct_" + preset)
        code = ANY if preset == "ibsi-digital-phantom" else 0
        c.run("extract", *ct, "-c", preset, "-t", "2", "-o", "two.csv", "-v", code=code)
        if preset not in ("ibsi2-5b",):  # seconds
            c.run("extract", *ct, "-c", preset, "-t", "1", "-o", "one.json", "--case", "phantom", code=code)
            c.run("extract", *dicom, "-c", preset, "-t", "1", "-r", "GTV*", code=code)
        c.run("extract", *digital, "-c", preset, "-t", "1", "-o", "digital.json", code=ANY)
        c.run("extract", *small, "-c", preset, "-t", "2", "-o", "small.csv", code=ANY)
        c.run("extract", *small, "-c", preset, "-t", "1", "-o", "small.json", code=ANY)
        yield c
    c = Chain("ct_dicom")
    for options in (["-o", "a.json", "-v"], ["-o", "b.csv", "-r", "gtv-1", "-t", "2"], ["-r", "1", "--ignore-frame-of-reference"],
                    ["-r", "1", "--resample-mask"]):
        c.run("extract", *dicom, "-c", "ibsi-c", *options)
    c.run("extract", dicom[0], ct[1], "-c", "ibsi-a", code=ANY)
    c.run("extract", ct[0], dicom[1], "-c", "ibsi-a", code=ANY)
    for path in ct + dicom + digital:
        for option in ((), ("--json",), ("--labels",), ("--identifiers", "-t", "1")):
            c.run("info", path, *option, code=ANY)
    yield c
    c = Chain("every_small")
    for form in ("csv", "json"):
        for threads in ("1", "2"):
            c.run("extract", *small, "-c", every, "-t", threads, "-o", "t%s.%s" % (threads, form), "-v", code=ANY)
    c.run("extract", small[0], inp("small", "many.nii"), "-c", every, "-t", "2", "-o", "many.csv", code=ANY)
    c.run("extract", inp("small", "slice.nii"), inp("small", "slice_mask.nii"), "-c", every, "-o", "slice.json", code=ANY)
    yield c
    c = Chain("validate")
    c.run("validate", "-t", "1")
    c.run("validate", "--only", "digital_phantom", "--all", "-t", "2")
    for only in ("config_a", "config_e", "ibsi2_1a", "ibsi2_3b", "ibsi2_9b", "nonsense"):
        c.run("validate", "-d", inp.data(), "--only", only, code=ANY)
    c.run("validate", "--only", "ibsi2_2a", "-a", environment={"RADIOMILL_DATA": inp.data()})
    for where in (inp("tiny"), "nowhere", inp("tiny", "text.nii")):
        c.run("validate", "-d", where, code=ANY)
        c.run("validate", "--only", "maps", "-d", where, code=ANY)
        c.run("validate", "--only", "config_b", environment={"RADIOMILL_DATA": where}, code=ANY)
    yield c
    real = ["dicom/pet_raw", "dicom/seg_11_lesions", "dicom/seg_bit_packing"]
    for folder in real + ["sts/STS_003_dicom/" + m for m in ("CT", "MR_T1", "PET")]:
        c = Chain("real_" + folder.replace("/", "_"))
        image, mask = inp.data(folder, "image"), inp.data(folder, "mask")
        for options in (["-o", "a.csv", "-t", "2"], ["-o", "a.json", "-v", "-t", "1"], ["--suv", "none", "-o", "stored.csv"]):
            c.run("extract", image, mask, *options, code=ANY)
        for path in (image, mask):
            c.run("info", path, code=ANY)
            c.run("info", path, "--json", code=ANY)
        yield c
    for patient in ("STS_001", "STS_002"):
        c = Chain("real_" + patient)
        for m in ("CT", "MR_T1", "PET"):
            pair = [inp.data("sts", patient, "%s_%s.nii.gz" % (m, n)) for n in ("image", "mask")]
            c.run("extract", *pair, "-o", m + ".csv", "--verify", code=ANY)
        yield c


def written(name, text):
    def write(here):
        with open(os.path.join(here, name), "w") as file:
            file.write(text.replace("\\n", "\n").replace("\\t", "\t") + "\n")
    return write


def settings_chains(inp):
    small = [inp("small", "image.nii"), inp("small", "mask.nii")]
    for name, text in (("settings", SETTINGS), ("settings_wrong", WRONG_SETTINGS)):
        c = Chain(name)
        for number, line in enumerate(text.split("\n")):
            c.do(written("s%d.yaml" % number, line))
            ending = "json" if number % 2 else "csv"
            c.run("extract", *small, "-c", "s%d.yaml" % number, "-t", "1", "-o", "s%d.%s" % (number, ending), "-v", code=ANY)
        yield c
    c = Chain("filters")
    image = inp("small", "image.nii")
    for number, line in enumerate(FILTERS.split("\n")):
        c.run("filter", image, *line.split(), "-o", "f%d.nii" % number, "-t", str(1 + number % 2))
    for number, line in enumerate(WRONG_FILTERS.split("\n")):
        c.run("filter", image, *line.split(), "-o", "w%d.nii" % number, code=ANY)
    phantom = lambda n: inp.data("ibsi2", "digital_phantoms", n + ".nii.gz")
    for name, line in (("impulse", "simoncelli level=1"), ("checkerboard", "mean size=15"), ("orientation", "log sigma=3"),
                       ("sphere", "lbp")):
        c.run("filter", phantom(name), *line.split(), "-o", name + ".nii.gz", "-t", "2")
    for name in ("odd", "within"):
        c.run("filter", inp("small", name + ".nii"), "log", "-o", name + ".nii", code=BAD)
        c.run("filter", inp("small", name + ".nii"), "log", "--nan", "0", "-o", name + ".nii")
    for words in (["-o", "map.txt"], ["-o", "map"], ["-o", "no/map.nii"], ["-o", "@run@"], ["--nan", "x", "-o", "m.nii"], [],
                  ["--suv", "fat", "-o", "m.nii"], ["--series", "1.2", "-o", "m.nii"], ["-o", "a.nii", "-o", "b.nii"]):
        c.run("filter", image, "square", *words, code=ANY)
    for name in ("text.nii", "pipe.nii", "folder", "cut.nii.gz", "crc.nii.gz", "nan.nii", "none.nii"):
        c.run("filter", inp("tiny", name), "square", "-o", "m.nii", code=BAD)
    yield c


def extract_chains(inp):
    small = lambda n: inp("small", n)
    tiny = lambda n: inp("tiny", n)
    image, mask = small("image.nii"), small("mask.nii")
    c = Chain("rois")
    for words in (["-r", "1"], ["-r", "2", "-r", "1"], ["-r", "1+2"], ["-r", "1+2+3", "-r", "4"], ["-r", "*"],
                  ["-r", "?"], ["-r", "9"],
                  ["-r", "1+9"], ["-r", ""], ["-r", "+"], ["-r", "x*"], ["-r", "1", "-r", "1"], ["--case", "=1+1"], ["--case", ""],
                  ["--case", "=1+1", "--formulas", "keep"], ["--formulas", "quote"], ["--formulas", "drop"], ["--verify"],
                  ["-o", "a.csv", "--case", "a,\"b\"\nc"], ["-o", "a.json", "--case", "\u00fc\x1b[31m"], ["-o", "a.CSV"], ["-oz.csv", "-t1"]):
        c.run("extract", image, mask, "-c", "ibsi-c", *words, code=ANY)
    for name in ("two.nii", "many.nii"):
        for form in ("csv", "json"):
            c.run("extract", image, small(name), "-o", name + "." + form, "-v", code=ANY)
    for name in ("odd", "beside", "filled", "within"):
        for words in ([], ["-c", "ibsi-e"], ["-c", "ibsi2-3b"], ["-c", "ibsi2-3b", "--nan", "0"], ["-c", "ibsi-e", "--nan", "-1.5"]):
            c.run("extract", small(name + ".nii"), mask, *words, code=ANY)
    c.run("extract", small("slice.nii"), small("slice_mask.nii"), "-c", "ibsi-a", "-o", "slice.csv", code=ANY)
    c.run("extract", image, mask, out="/dev/full", code=BAD)
    c.run("extract", image, mask, "-o", "/dev/full", code=ANY)
    c.run("extract", "/dev/stdin", mask, "-c", "ibsi-a", stdin=image, code=ANY)
    yield c
    c = Chain("extract_wrong")
    good = [tiny("image.nii.gz"), tiny("mask.nii.gz")]
    names = sorted(n for n in os.listdir(inp("tiny"))) + ["none.nii", ""]
    for name in names:
        path = tiny(name) if name else ""
        c.run("extract", path, good[1], code=ANY)
        c.run("extract", good[0], path, code=ANY)
        c.run("extract", good[0], path, "--resample-mask", "-t", "2", "-o", name + ".csv", code=ANY)
        c.run("extract", good[0], good[1], "-c", path, code=ANY)
    for line in WRONG_EXTRACTS.split("\n"):
        c.run("extract", *good, *line.split(), code=ANY)
    yield c
    c = Chain("info")
    for name in names:
        for words in ([], ["-l"], ["-l", "-j"], ["--json"]):
            c.run("info", tiny(name) if name else "", *words, code=ANY)
    for name in sorted(os.listdir(inp("small"))):
        c.run("info", small(name), "--labels", code=ANY)
    for folder in (inp("tiny"), inp("small"), inp("dicom"), inp("dicom_study")):
        c.run("info", folder, code=ANY)
        c.run("info", folder, "--json", "-t", "2", code=ANY)
    yield c


def dicom_chains(inp):
    top = inp("dicom")
    masks = ("structures", "other_frame", "nothing")
    for folder in sorted(os.listdir(top)):
        c = Chain("dicom_" + folder)
        path = os.path.join(top, folder)
        for words in ([], ["--json", "-t", "1"], ["--identifiers", "-t", "2"]):
            c.run("info", path, *words, code=ANY)
        if folder in masks or folder.startswith("seg"):
            image = os.path.join(top, "explicit")
            for words in (["-r", "1"], ["-o", "all.csv"], ["-o", "all.json", "-v", "--ignore-frame-of-reference"],
                          ["-r", "gtv*", "-r", "Gr\u00f6\u00dfe"], ["--resample-mask", "-o", "resampled.csv"],
                          ["-r", "GTV-1+Hole"], ["-r", "Tumour", "-r", "2+Needle"]):
                c.run("extract", image, path, *words, code=ANY)
        else:
            c.run("extract", path, os.path.join(top, "structures"), "-r", "GTV-1", "-o", "a.csv", code=ANY)
            c.run("extract", path, os.path.join(top, "seg", "seg.dcm"), "-r", "1", "-o", "a.json", "-v", "-t", "2", code=ANY)
            c.run("filter", path, "square", "-o", "map.nii", code=ANY)
        if folder == "two_series":
            for uid in ("1.2.826.0.1.3680043.8.498.77", "1.2"):
                c.run("extract", path, os.path.join(top, "seg"), "-r", "1", "--series", uid, code=ANY)
                c.run("filter", path, "mean", "--series", uid, "-o", "series.nii", code=ANY)
        if folder.startswith("pet"):
            for form in ("bw", "lbmjanma", "lbmjames128", "bsa", "ibw", "none", "fat"):
                c.run("extract", path, os.path.join(top, "seg"), "-r", "1", "--suv", form, "-v", "-o", form + ".json", code=ANY)
                c.run("filter", path, "square", "--suv", form, "-o", form + ".nii", code=ANY)
        yield c
    c = Chain("dicom_study")
    study = inp("dicom_study")
    c.run("extract", study, study, "-r", "GTV-1")
    c.run("extract", study, os.path.join(study, "structures", "rs.dcm"), "-r", "Hole+Islands", "-o", "a.csv")
    c.run("extract", os.path.join(study, "explicit", "some", "depth", "003.dcm"), study, "-r", "GTV-1", code=ANY)
    c.run("extract", inp("small", "image.nii"), study, "-r", "GTV-1", code=BAD)
    c.run("extract", inp("dicom", "rle"), study, "-r", "GTV-1", environment={"RADIOMILL_DECODER": "/nowhere"}, code=BAD)
    c.run("extract", inp("dicom", "explicit"), inp("dicom"), code=BAD)
    yield c


def typed(readme, source):
    """The commands of a README, word by word, without those that need a shell."""
    with open(readme) as file:
        lines = file.readlines()
    for line in lines:
        match = re.match(r"\s+radiomill ([a-z][^;|`]*)$", line)
        text = re.sub(r"\s#.*", "", match[1]) if match else ""
        if "$(cat uid.txt)" in text:
            with open(os.path.join(source, "uid.txt")) as file:
                text = text.replace("$(cat uid.txt)", file.read().strip())
        try:
            words = shlex.split(text)
        except ValueError:
            continue
        if words and words[0] != "keygen" and "..." not in words and "$" not in text:
            yield words + (["-t", "1", "-q"] if words[0] == "batch" else [])


def cases_chains(inp):
    """What the README of each public case has users type."""
    for kind in ("files", "values", "ux", "reliability"):
        for name in sorted(os.listdir(inp.cases(kind))):
            source = inp.cases(kind, name)
            readme = os.path.join(source, "README.txt")
            if not os.path.exists(readme):
                continue
            c = Chain("case_%s_%s" % (kind, name))
            c.do(lambda here, source=source: copy_into(source, here))
            c.do(lambda here: shutil.copy(inp("fed", "A.key"), here))
            c.do(lambda here: shutil.copytree(inp("state"), os.path.join(here, ".local", "state", "radiomill")))
            for words in typed(readme, source):
                c.run(*words, code=ANY)
            if len(c.steps) > 2:
                yield c
    for name in ["federation/" + n for n in sorted(os.listdir(inp.cases("federation")))] + [
            "values/combat_single_variable", "values/combat_covariate_confounded_with_site"]:
        yield federation_case(inp, inp.cases(*name.split("/")))


def federation_case(inp, source):
    """Every table by every study, with and without what the rules refuse, and a pool where there are three."""
    tables = sorted(n for n in os.listdir(source) if n.endswith(".csv"))
    c = same_bytes_sites.SiteChain("fed_case_" + os.path.basename(source), inp)
    c.do(lambda here: copy_into(source, here))
    for study in sorted(n for n in os.listdir(source) if n.endswith(".yaml")):
        here = "./" + study  # not one of the inputs
        c.run("study", "check", here, code=ANY)
        made = []
        for table in tables:
            key = table[0] if table[0] in "ABC" else "A"
            made.append("%s.%s.radsum" % (table[:-4], study[:-5]))
            for words in ((), ("--withhold",)):
                c.summarise("./" + table, here, key, *words, out=made[-1])
        if len(made) > 2:
            for words in ((), ("--withhold",)):
                c.pool(here, made, "pooled", *words, keys="ABC.keys")
            c.harmonise("./A.csv", here, "pooled/harmonisation.json", "A")
            c.harmonise("./A.csv", here, "pooled/harmonisation.json", "X", "--join")
    return c


def copy_into(source, here):
    for name in os.listdir(source):
        path = os.path.join(source, name)
        (shutil.copytree if os.path.isdir(path) else shutil.copy)(path, os.path.join(here, name))
    for top, folders, files in os.walk(here):
        for n in folders + files:
            os.chmod(os.path.join(top, n), 0o755 if n in folders else 0o644)


def chains(folder, program):
    inp = Inputs(os.path.join(folder, "in"), HERE)
    for top in (inp.data(), inp.cases()):
        if not os.path.isdir(top):
            sys.exit("%s: is needed; RADIOMILL_DATA and RADIOMILL_CASES say where reference data and cases are" % top)
    shutil.rmtree(inp(), ignore_errors=True)
    os.makedirs(inp())
    make_images(inp)
    make_federation(inp, program)
    same_bytes_seeds.make(inp)
    out = []
    for make in (phantom_chains, help_chains, settings_chains, extract_chains, dicom_chains, same_bytes_many.chains,
                 same_bytes_sites.chains, same_bytes_seeds.chains, cases_chains):
        out += make(inp)
    return out
