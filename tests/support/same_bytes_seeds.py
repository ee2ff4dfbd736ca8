"""Seeds of the fuzzers as inputs of commands: what each of them found takes another branch of a reader, often to an error."""
import glob
import gzip
import os
import re
import shutil
import struct
import zlib

from same_bytes_chain import ANY, Chain
from same_bytes_many import sign

FUZZ = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fuzz")
NAMES = "dicom filter gzip harmonisation ledger manifest nifti policy radsum rtstruct seg series settings source study table trusted".split()
STUDY = {  # what the fuzzers of these files read them against
    "harmonisation": "study: harmonise\npatient: patient\nfeatures: [f*]\ncovariates: {age: number}\nmodel: [age]\nanalyses: [model]\n",
    "table": "study: fuzz\nfeatures: [f*]\ncovariates: {sex: {levels: [F, M]}, age: number}\n"
             "outcomes: {relapse: {time: months, event: dead, grid: [0, 12]}}\nvariables: {f1: {transform: log}}\n",
    "radsum": "study: fuzz\npatient: patient\nfeatures: [f*]\ncovariates: {sex: {levels: [F, M]}, age: number}\n"
              "outcomes: {response: {levels: [\"no\", \"yes\"]}, death: {time: months, event: relapse, grid: [0, 6, 12, 24, 36]}}\n"
              "groups: [sex]\ntables: [[sex, response]]\ncovariance: [f*]\nmodel: [sex]\nthresholds: {mode: datashield}\n",
}


def seeds_of(name):
    out = []
    for path in sorted(glob.glob(os.path.join(FUZZ, name, "*"))):
        with open(path, "rb") as file:
            out.append(file.read())
    found = os.path.join(FUZZ, "found", name + ".gz")
    data = gzip.open(found).read() if os.path.exists(found) else b""
    while data:
        length, = struct.unpack_from("<I", data)
        out.append(data[4:4 + length])
        data = data[4 + length:]
    return out


def make(inp):
    """Each in a folder of its own: what reads DICOM looks at the folder of a file, too."""
    for name in NAMES:
        for number, data in enumerate(seeds_of(name)):
            folder = inp("seeds", name, "%03d" % number)
            os.makedirs(folder)
            if name == "series":
                for i in range(8):
                    if len(data) >= 2:
                        length = struct.unpack_from("<H", data)[0]
                        with open(os.path.join(folder, str(i)), "wb") as file:
                            file.write(data[2:2 + length])
                        data = data[2 + length:]
                continue
            parts = data.split(b"\f", 1) if name == "table" else [data]
            for part, label in zip(parts, ("seed", "clinical")):
                with open(os.path.join(folder, label), "wb") as file:
                    file.write(part)
    for name, text in STUDY.items():
        with open(inp("seeds", name + ".yaml"), "w") as file:
            file.write(text)


def is_small(path):
    """Does the header of a NIfTI file, if it is one, ask for few voxels? Others take seconds to be read."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"\x1f\x8b":
        try:
            data = zlib.decompressobj(31).decompress(data, 1024)
        except zlib.error:
            return True
    product = 1
    for order in "<>":
        if len(data) >= 56 and struct.unpack_from(order + "i", data)[0] in (348, 540):
            new = struct.unpack_from(order + "i", data)[0] == 540
            for n in struct.unpack_from(order + ("7q" if new else "7h"), data, 24 if new else 42) if len(data) >= 80 else ():
                product *= max(1, n)
    return product < 1000000


def adapted(inp, name, number, known, to):
    """A seed with the hash of the study as this engine writes it, and signed."""
    def step(here):
        with open(inp("seeds", name, number, "seed"), "rb") as file:
            text = file.read()
        with open(os.path.join(here, known), "rb") as file:
            whole = file.read()
        pattern = rb'("study_hash": ?")([0-9a-f]{64})' if name == "harmonisation" else rb'("hash": ?")([0-9a-f]{64})'
        ours = re.search(pattern, whole)
        if not ours:
            raise ValueError("%s: has no hash of its study" % known)
        text = re.sub(pattern, lambda m: m[1] + ours[2], text, count=1)
        site = re.search(rb'"site": ?"(s[1-4])"', text)
        with open(os.path.join(here, to), "wb") as file:
            file.write(text if name == "harmonisation" else sign(text, inp("fed", (site[1].decode() if site else "s1") + ".key")))
    return step


def chains(inp):
    small = [inp("small", "image.nii"), inp("small", "mask.nii")]
    key, table, whole = inp("fed", "s1.key"), inp("fed", "s1.csv"), inp("fed", "whole.yaml")
    explicit = inp("dicom", "explicit")
    sums = [inp("fed", "s%d.radsum" % s) for s in (1, 2, 3, 4)]
    for name in NAMES:
        c = Chain("seeds_" + name)
        if name == "harmonisation":
            for s in (1, 2, 3):
                c.run("summarise", inp("fed", "s%d.csv" % s), "-s", inp("seeds", name + ".yaml"), "-k", inp("fed", "s%d.key" % s), "--ledger", "l%d" % s,
                      "-o", "s%d.radsum" % s, "--withhold")
            c.run("pool", inp("seeds", name + ".yaml"), "s1.radsum", "s2.radsum", "s3.radsum", "-k", inp("fed", "keys"), "-o", "pooled")
        if name == "radsum":
            for s in (3, 4):
                c.run("summarise", inp("fed", "s%d.csv" % s), "-s", inp("seeds", name + ".yaml"), "-k", inp("fed", "s%d.key" % s), "--ledger", "l%d" % s,
                      "-o", "s%d.radsum" % s, "--withhold")
        for number in sorted(os.listdir(inp("seeds", name))):
            seed, how = inp("seeds", name, number, "seed"), {"code": ANY, "label": number}
            if name == "settings":
                c.run("extract", *small, "-c", seed, "-t", "1", "-o", number + ".csv", **how)
            elif name == "study":
                c.run("study", "check", seed, **how)
                c.run("summarise", table, "-s", seed, "-k", key, "--ledger", "l", "--preview", "--withhold", **how)
            elif name == "policy":
                c.run("summarise", table, "-s", whole, "-k", key, "-p", seed, "--ledger", "l", "--preview", "--withhold", **how)
            elif name == "manifest":
                c.run("batch", seed, "-n", "-t", "1", **how)
            elif name == "table":
                clinical = inp("seeds", name, number, "clinical")
                c.run("summarise", seed, "-s", inp("seeds", "table.yaml"), "-k", key, "--ledger", "l", "--preview", "--withhold",
                      *(["--clinical", clinical] if os.path.exists(clinical) else []), **how)
            elif name == "trusted":
                c.run("pool", whole, *sums, "-k", seed, "-o", "p" + number, **how)
                c.do(secret(seed, "secret" + number))
                c.run("summarise", table, "-s", whole, "-k", "secret" + number, "--ledger", "l", "--preview", "--withhold", **how)
            elif name == "ledger":
                c.do(secret(seed, "ledger" + number))
                c.run("summarise", table, "-s", whole, "-k", key, "--ledger", "ledger" + number, "-o", "s.radsum", "--withhold", **how)
            elif name == "harmonisation":
                c.do(adapted(inp, name, number, "pooled/harmonisation.json", "h%s.json" % number))
                for words in (["--site", "s1"], ["--site", "new", "--join"]):
                    c.run("harmonise", table, "-s", inp("seeds", name + ".yaml"), "-m", "h%s.json" % number, *words, **how)
            elif name == "radsum":
                c.do(adapted(inp, name, number, "s3.radsum", "forged%s.radsum" % number))
                c.run("pool", inp("seeds", "radsum.yaml"), "forged%s.radsum" % number, "s3.radsum", "s4.radsum", "-k", inp("fed", "keys"), "-o", "p" + number, "--withhold", **how)
            elif name == "filter":
                with open(seed, "rb") as file:
                    words = [w.split(b"\0")[0] for w in file.read().split(b"\n")]
                if all(words) and len(words) < 40:
                    c.run("filter", small[0], *[w.decode("utf-8", "surrogateescape") for w in words], "-o", "f%s.nii" % number, **how)
            elif name in ("nifti", "gzip"):
                c.run("info", seed, **how)
                if is_small(seed):
                    c.run("info", seed, "-l", **how)
                    c.run("extract", seed, seed, "-t", "1", "-o", number + ".csv", **how)
            elif name == "dicom":
                c.run("info", seed, **how)
            elif name in ("rtstruct", "seg"):
                c.run("info", seed, "-j", **how)
                c.run("extract", explicit, seed, "--ignore-frame-of-reference", "-c", "ibsi-c", "-t", "1", "-o", number + ".csv", **how)
            elif name == "series":
                c.run("info", os.path.dirname(seed), "-t", "1", **how)
                c.run("filter", os.path.dirname(seed), "square", "-o", "f%s.nii" % number, "-t", "1", **how)
            elif name == "source":
                c.run("info", seed, **how)
                c.run("filter", seed, "square", "-o", "f%s.nii" % number, "-t", "1", **how)
                c.run("extract", explicit, seed, "-c", "ibsi-c", "-r", "1", **how)
        yield c


def secret(source, name):
    def step(here):
        path = os.path.join(here, name)
        shutil.copyfile(source, path)
        os.chmod(path, 0o600)
    return step
