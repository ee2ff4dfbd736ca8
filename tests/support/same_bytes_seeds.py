"""Seeds of the fuzzers as inputs of commands: what each of them found takes another branch of a reader, often to an error."""
import glob
import gzip
import os
import re
import struct
import zlib

from same_bytes_chain import ANY, Chain, copy
from same_bytes_sites import SUMS, SiteChain, sign

FUZZ = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fuzz")
NAMES = ("dicom filter gzip harmonisation ledger manifest nifti policy radsum rtstruct seg series settings source study table "
         "trusted").split()
STUDY = {  # what the fuzzers of these files read them against
    "harmonisation": "study: harmonise\npatient: patient\nfeatures: [f*]\ncovariates: {age: number}\nmodel: [age]\n"
                     "analyses: [model]\n",
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
    for name, text in (*STUDY.items(), ("stat", "families: stat\n")):
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


def pools_of(inp, name, sites):
    """A chain that has the summaries of these sites for the study of the fuzzer."""
    c = SiteChain("seeds_" + name, inp)
    for s in sites:
        c.summarise(s + ".csv", inp("seeds", name + ".yaml"), s, "--withhold", code=0)
    return c


def federation(inp):
    table, preview = "s1.csv", ("--preview", "--withhold")
    for name in ("study", "policy", "table", "trusted", "ledger", "harmonisation", "radsum"):
        c = pools_of(inp, name, {"harmonisation": ("s1", "s2", "s3"), "radsum": ("s3", "s4")}.get(name, ()))
        study = inp("seeds", name + ".yaml")
        if name == "harmonisation":
            c.pool(study, ["s1.radsum", "s2.radsum", "s3.radsum"], "pooled", code=0)
        for number in sorted(os.listdir(inp("seeds", name))):
            seed, how = inp("seeds", name, number, "seed"), {"code": ANY, "label": number}
            own = name + number
            if name == "study":
                c.run("study", "check", seed, **how)
                c.summarise(table, seed, "s1", *preview, **how)
            elif name == "policy":
                c.summarise(table, "whole.yaml", "s1", "-p", seed, *preview, **how)
            elif name == "table":
                clinical = inp("seeds", name, number, "clinical")
                c.summarise(seed, study, "s1", *preview, *(["--clinical", clinical] if os.path.exists(clinical) else []), **how)
            elif name == "trusted":
                c.pool("whole.yaml", [inp("fed", s) for s in SUMS], own, keys=seed, **how)
                c.do(copy(seed, own + ".key", 0o600))
                c.summarise(table, "whole.yaml", own, *preview, **how)
            elif name == "ledger":
                c.do(copy(seed, own, 0o600))
                c.summarise(table, "whole.yaml", "s1", "--withhold", "--ledger", own, **how)
            elif name == "harmonisation":
                c.do(adapted(inp, name, number, "pooled/harmonisation.json", own))
                for words in (["s1"], ["new", "--join"]):
                    c.harmonise(table, study, own, *words)
            else:
                c.do(adapted(inp, name, number, "s3.radsum", own))
                c.pool(study, [own, "s3.radsum", "s4.radsum"], "p" + number, "--withhold", **how)
        yield c


def readers(inp):
    small = [inp("small", "image.nii"), inp("small", "mask.nii")]
    explicit, stat = inp("dicom", "explicit"), inp("seeds", "stat.yaml")
    one = ("-t", "1")
    for name in ("settings", "manifest", "filter", "nifti", "gzip", "dicom", "rtstruct", "seg", "series", "source"):
        c = Chain("seeds_" + name)
        for number in sorted(os.listdir(inp("seeds", name))):
            seed, how = inp("seeds", name, number, "seed"), {"code": ANY, "label": number}
            out, filtered = ("-o", number + ".csv"), ("-o", "f%s.nii" % number)
            if name == "settings":
                c.run("extract", *small, "-c", seed, *one, *out, **how)
            elif name == "manifest":
                c.run("batch", seed, "-n", *one, **how)
            elif name == "filter":
                words = words_of(seed)
                if words:
                    c.run("filter", small[0], *words, *filtered, **how)
            elif name in ("nifti", "gzip"):
                c.run("info", seed, **how)
                if is_small(seed):
                    c.run("info", seed, "-l", **how)
                    c.run("extract", seed, seed, "-c", stat, *one, *out, **how)
            elif name == "dicom":
                c.run("info", seed, **how)
            elif name in ("rtstruct", "seg"):
                c.run("info", seed, "-j", **how)
                c.run("extract", explicit, seed, "--ignore-frame-of-reference", "-c", "ibsi-c", *one, *out, **how)
            elif name == "series":
                folder = os.path.dirname(seed)
                c.run("info", folder, *one, **how)
                c.run("filter", folder, "square", *filtered, *one, **how)
            else:
                c.run("info", seed, **how)
                c.run("filter", seed, "square", *filtered, *one, **how)
                c.run("extract", explicit, seed, "-c", "ibsi-c", "-r", "1", **how)
        yield c


def words_of(seed):
    """A filter and its keys, one a line; none where the seed has no such form."""
    with open(seed, "rb") as file:
        words = [w.split(b"\0")[0] for w in file.read().split(b"\n")]
    return [w.decode("utf-8", "surrogateescape") for w in words] if all(words) and len(words) < 40 else []


def chains(inp):
    yield from readers(inp)
    yield from federation(inp)
