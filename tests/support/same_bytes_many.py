"""Batches, for same_bytes_set.py. Where progress is shown one case is at work at a time, so that its lines have one order."""
import os

from same_bytes_chain import ANY, BAD, Chain, cut, edit, remove, write
from same_bytes_words import LISTS, WRONG_BATCHES


def runs(inp):
    good = inp("cases", "cases.csv")
    c = Chain("batch_runs")
    c.run("batch", good, "-o", "one", "-t", "1")
    c.run("batch", good, "-o", "one", "-t", "1")
    c.run("batch", good, "-o", "one", "-t", "1", "-c", "ibsi-c", code=BAD)
    c.run("batch", good, "-o", "one", "-t", "1", "-c", "ibsi-c", "--force")
    c.run("batch", good, "-o", "one", "-t", "1", "--retry-failed", code=ANY)
    c.run("collect", "one")
    c.run("batch", good, "-o", "log", "-t", "1", "--json-log")
    c.run("batch", good, "-o", "log", "-t", "1", "--json-log")
    c.run("batch", good, "-o", "two", "-t", "2", "-q", "--long", "--json-lines", "-c", inp("every.yaml"))
    c.run("collect", "two", "--long", "--json-lines")
    c.run("collect", "two", "--formulas", "keep")
    c.run("batch", good, "-n", "-t", "1")
    c.run("batch", good, "-o", "limits", "-t", "1", "-m", "2G", "--timeout", "500", "--verify", "--resample-mask", "-q")
    yield c


def shards(inp):
    good = inp("cases", "cases.csv")
    slurm = {"SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_COUNT": "3"}
    c = Chain("batch_shards")
    for shard in ("1/3", "3/3"):
        c.run("batch", good, "-o", "s", "--shard", shard, "-t", "1")
    c.run("collect", "s", code=BAD)
    c.run("batch", good, "-o", "s", "-t", "1", environment=slurm)
    c.run("collect", "s", "--long")
    c.run("batch", good, "-o", "s", "--shard", "1/2", "-t", "1", "-q", code=ANY)
    c.run("collect", "s", code=ANY)
    for name in ("cases.csv", "nothing", "s/features.csv"):
        c.run("collect", name, code=BAD)
    c.do(lambda here: os.mkdir(os.path.join(here, "empty")))
    c.run("collect", "empty", code=BAD)
    c.do(remove("s/provenance.json"))
    c.run("collect", "s", code=ANY)
    c.do(write("s/settings.yaml", "nonsense: 1\n"))
    c.run("collect", "s", code=ANY)
    yield c


def failing(inp):
    at, tiny = lambda n: inp("cases", n), lambda n: inp("tiny", n)
    dicom, structures = lambda n: inp("dicom", n), inp("dicom", "structures")
    odd = at("it's \"odd\"\nand long/\u00fc.nii.gz").replace('"', '""')
    rows = [
        ("good", at("i1.nii.gz"), at("m1.nii"), ""), ("odd", '"%s"' % odd, at("m1.nii"), "2"),
        ("absent", "none.nii", at("m1.nii"), ""), ("text", tiny("text.nii"), at("m1.nii"), ""),
        ("no label", at("i2.nii.gz"), at("m2.nii"), "9"), ("pipe", tiny("pipe.nii"), at("m2.nii"), ""),
        ("no mask", at("i2.nii.gz"), "", ""), ("empty", tiny("image.nii.gz"), tiny("empty.nii"), ""),
        ("grid", tiny("image.nii.gz"), tiny("shifted.nii"), ""), ("cut", tiny("cut.nii.gz"), tiny("mask.nii"), ""),
        ("nan", tiny("nan.nii"), tiny("mask.nii"), ""), ("=dicom", dicom("explicit"), structures, ""),
        ("partly", inp("small", "odd.nii"), inp("small", "mask.nii"), ""), ("gtv", dicom("rle"), structures, "GTV-1"),
        ("cut jpeg", dicom("cut_jpeg"), structures, "GTV-1"), ("last", at("i3.nii.gz"), at("m3.nii"), "1")]
    c = Chain("batch_failing")
    c.do(write("list.csv", "case,image,mask,label\n" + "".join("%s,%s,%s,%s\n" % r for r in rows)))
    c.do(write("d.yaml", "diagnostics: yes\ndiscretisation: [fbn8, fbs25]\n"))
    many = lambda *words: c.run("batch", "list.csv", *words, code=20)
    many("-n", "-t", "1")
    many("-o", "r", "-t", "1")
    many("-o", "r", "-t", "1", "--retry-failed")
    c.run("collect", "r", code=20)
    many("-o", "j", "-t", "1", "--json-log", "-c", "d.yaml", "--resample-mask")
    many("-o", "q", "-t", "2", "-q", "-c", "d.yaml", "--long", "--json-lines", "--formulas", "keep")
    c.run("collect", "q", "--formulas", "quote", code=20)
    many("-o", "first", "-t", "1", "--fail-fast")
    many("-o", "few", "-t", "1", "--max-failures", "3")
    many("-o", "verify", "-t", "1", "--verify", "-q", "--ignore-frame-of-reference")
    c.do(edit("list.csv", b"no label", b"renamed"))
    many("-o", "r", "-t", "1")
    yield c


def wrong(inp):
    c = Chain("batch_wrong")
    c.do(write("cases.csv", "case,image,mask\na,%s,%s\n" % (inp("cases", "i1.nii.gz"), inp("cases", "m1.nii"))))
    for line in WRONG_BATCHES.split("\n"):
        c.run(*line.split(), code=ANY)
    c.do(write("sbatch", "#!/bin/sh\necho '77;cluster'\necho \"$@\" >>asked\n", 0o755))
    c.run("slurm", "cases.csv", "-o", "it's here", "-n", "2", "-c", "ibsi-a", "--", "--mem=1G", "--comment=it's",
          environment={"PATH": ".:" + os.environ["PATH"]})
    for number, text in enumerate(LISTS):
        c.do(write("m%d.csv" % number, text))
        c.run("batch", "m%d.csv" % number, "-n", "-t", "1", code=ANY)
        c.run("batch", "m%d.csv" % number, "-o", "run%d" % number, "-t", "1", "-q", code=ANY)
    yield c


def journals(inp):
    good = inp("cases", "cases.csv")
    c = Chain("batch_journal")
    c.run("batch", good, "-o", "run", "-t", "1", "-q")
    c.do(write("run/journal.db", "no journal at all, but some text\n" * 100))
    c.run("batch", good, "-o", "run", "-t", "1", "-q", code=ANY)
    c.run("collect", "run", code=ANY)
    c.do(cut("run/journal.db", 0))
    c.run("collect", "run", code=ANY)
    c.do(remove("run/journal.db"))
    c.run("collect", "run", code=ANY)
    c.do(lambda here: os.mkdir(os.path.join(here, "run", "journal.db")))
    c.run("batch", good, "-o", "run", "-t", "1", "-q", code=BAD)
    c.run("collect", "run", code=ANY)
    yield c


def manifests(inp):
    c = Chain("batch_manifest")
    for folder in (inp("cases"), inp("dicom"), inp("dicom_study"), inp("small"), inp("tiny")):
        c.run("manifest", folder, "-t", "1", code=ANY)
        c.run("manifest", folder, "-t", "2", "-o", os.path.basename(folder) + ".csv", "--formulas", "keep", code=ANY)
        c.run("manifest", folder, "--image", "i*.nii.gz", "--mask", "m*.nii", code=ANY)
        c.run("manifest", folder, "--image", "*", "--mask", "*mask*", code=ANY)
    c.run("manifest", inp.data("sts"), "-o", "sts.csv", code=ANY)
    c.run("manifest", inp.data("dicom"), "-o", "found.csv", code=ANY)
    c.run("batch", "sts.csv", "-n", "-t", "1", code=ANY)
    c.run("batch", "found.csv", "-o", "r", "-t", "1", code=ANY)
    c.run("batch", "dicom_study.csv", "-o", "study", "-t", "2", "-q", code=ANY)
    yield c


def chains(inp):
    for make in (runs, shards, failing, wrong, journals, manifests):
        yield from make(inp)
