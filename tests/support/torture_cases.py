"""The commands that torture.py runs, small enough for milliseconds."""
import csv
import io
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys

import dicom
import formats
import rounds
from nifti import nifti

HERE = os.path.dirname(os.path.abspath(__file__))
FILTERS = """
interpolation: {spacing: [2, 2, 2]}
resegmentation: {range: [-200, 300], outliers: 3}
discretisation: [fbn8, fbs25]
ivh: fbn100
images:
  - mean: {size: 3}
  - gaussian: {sigma: 2}
  - log: {sigma: 2}
  - laws: {kernels: L3E3S3, rotations: yes, delta: 1, pooling: max}
  - gabor: {sigma: 1.5, lambda: 2, gamma: 1.5, rotations: yes, step: 90, pooling: mean, orthogonal: yes}
  - wavelet: {wavelet: coif1, subband: LLH, rotations: yes, pooling: mean}
  - wavelet: {wavelet: db3, subband: HHL, level: 2}
  - simoncelli: {level: 1, dimension: 2}
  - gradient
  - square
  - squareroot
  - logarithm
  - exponential
  - lbp
"""


class Case:
    def __init__(self, name, command, prepare=None, plain=None, may_be=None, again=False, code=0, memory_codes=(),
                 call_codes=(), other_out=None, plain_text=None, other_end=None, sample=60, calls=True):
        self.name, self.command, self.prepare, self.again, self.code = name, command, prepare, again, code
        self.plain = plain or (lambda name, content: content)
        self.may_be = may_be or (lambda name, content, whole: False)
        self.other_out = other_out or (lambda out: False)
        self.plain_text = plain_text or (lambda text: text)  # of names and output
        self.other_end = other_end or (lambda out, err, left: False)  # with the same exit code
        self.memory_codes, self.call_codes, self.sample = set(memory_codes), set(call_codes), sample
        self.calls = calls  # do these fail, too?


def no_name_of_a_key(text):
    return re.sub("[0-9a-f]{64}", "KEY", text)


def plain_of_keys(name, content):
    return b"whole" if content.endswith(b"\n") or name == "state/rows.secret" and len(content) == 32 else content


def plain_of_seals(name, content):
    """Sealed anew, the same summary has other bytes, as many."""
    return b"sealed %d" % len(content) if content.startswith(b"radiomill sealed 1") else content


def without_ledger(out, err, left):
    """Keys without a ledger: a warning says so, and no output that there is one."""
    return ("no ledger is begun; the first summary needs --begin-ledger" in err and out.count(b"\n") == 2 and b".ledger" not in out
            and {"new.key", "new.pub"} <= set(left) <= {"new.key", "new.pub", "state/KEY.ledger", "state/KEY.rows", "state/rows.secret"}
            and set(left.values()) <= {b"whole", b""})


def not_compared(out, err, left):
    """Names that cannot be compared with those of DICOM: it is said."""
    return "its DICOM files cannot be read again" in err and b"its DICOM files cannot be read again" in left["run/cases.csv"]


def plain_of_a_run(name, content):
    """Times, memory and the journal differ from run to run."""
    name = os.path.basename(name)
    if name.startswith("journal"):
        return None
    if name == "cases.csv":
        rows = list(csv.DictReader(io.StringIO(content.decode())))
        for row in rows:
            row["seconds"] = row["memory_mb"] = ""
        return json.dumps(rows).encode()
    if name == "provenance.json":  # one command more each time, and the date of each
        said = json.loads(content)
        assert all(command["date"] and command["libraries"] for command in said["runs"]), said
        del said["runs"]
        return json.dumps(said).encode()
    return content


def rows_of(content):
    lines = content.split(b"\r\n")
    return lines[0], lines[1:-1] if lines[-1] == b"" else None


def part_of_a_run(name, content, whole):
    """Cases that failed are named and have no row; the others have theirs."""
    base = os.path.basename(name)
    if base == "cases.csv" and name in whole:
        good = json.loads(whole[name])
        rows = json.loads(content)
        return len(rows) == len(good) and all(
            r == g or (r["case"] == g["case"] and (r["status"] == "missing" or r["status"] == "failed" and r["code"] in (
                "3", "6", "130") and r["reason"]))
            for r, g in zip(rows, good))
    if base == "features.csv" and name in whole:
        header, rows = rows_of(content)
        first, all_rows = rows_of(whole[name])
        return header == first and rows is not None and [r for r in all_rows if r in rows] == rows
    if base == "report.html":  # of the rows that there are
        return content.startswith(b"<!DOCTYPE html>") and content.endswith(b"</body></html>\n")
    return base.startswith("journal.db-")


SIZE = (9, 8, 5)


def scene(folder, number):
    """An image i<number>.nii.gz of two ROIs in m<number>.nii."""
    rng = random.Random(number)
    x, y, z = SIZE
    nifti(os.path.join(folder, "i%d.nii.gz" % number), 4, 16, "h", SIZE, [int(rng.gauss(40, 60)) for _ in range(x * y * z)])
    nifti(os.path.join(folder, "m%d.nii" % number), 2, 8, "B", SIZE, [
        (1 if i < 5 else 2) if (i - 4) ** 2 + (j - 4) ** 2 + 4 * (k - 2) ** 2 <= 12 else 0
        for k in range(z) for j in range(y) for i in range(x)])


def run_in(program, folder, *words):
    subprocess.run([program, *words], check=True, cwd=folder, capture_output=True, env=dict(os.environ, RADIOMILL_STATE="state"))


def make(program, folder):
    inputs = os.path.join(folder, "inputs")
    os.mkdir(inputs)
    at = lambda *names: os.path.join(inputs, *names)
    run = lambda *words: run_in(program, inputs, *words)
    for number in range(2):
        scene(inputs, number)
    with open(at("all.yaml"), "w") as file:
        file.write(FILTERS)
    with open(at("plain.yaml"), "w") as file:
        file.write("discretisation: fbn8\n")
    extract = ["extract", at("i1.nii.gz"), at("m1.nii")]
    yield Case("extract_csv", extract + ["-c", at("all.yaml"), "-t", "1", "-o", "o.csv"], sample=100)
    yield Case("extract_json", extract + ["-c", at("plain.yaml"), "-t", "1", "-o", "o.json"], sample=60)
    yield Case("extract_stdout", extract + ["-c", at("plain.yaml"), "-t", "1"], sample=40)
    yield Case("extract_threads", extract + ["-c", at("all.yaml"), "-t", "2", "-o", "o.csv"], sample=40)
    yield Case("filter_write", ["filter", at("i1.nii.gz"), "log", "-t", "1", "-o", "o.nii.gz"], sample=40)
    os.mkdir(at("others"))
    formats.main(pathlib.Path(at("others")))
    for name, image, mask in (("nrrd", "image.nhdr", "mask.seg.nrrd"), ("metaimage", "image.mha", "mask.mha"),
                              ("mgh", "image.mgz", "mask.mgh"), ("analyze", "old.hdr", "old_mask.hdr"),
                              ("npy", "image_F.npy", "mask_C.npy"), ("png", "flat.png", "flat_mask.png"),
                              ("tiff", "flat.tif", "flat_mask.png")):
        yield Case("format_" + name, ["extract", at("others", image), at("others", mask), "-c", at("others", "spaced.yaml"),
                                      "-t", "1", "-o", "o.csv"], sample=30)
    with open(at("two.csv"), "w") as file:
        file.write("case,image,mask\nA,i0.nii.gz,m0.nii\nB,i1.nii.gz,m1.nii\n")
    yield Case("batch_run", ["batch", at("two.csv"), "-c", at("plain.yaml"), "-t", "1", "-q", "-o", "run"], plain=plain_of_a_run,
               may_be=part_of_a_run, again=True, memory_codes=(3, 20), call_codes=(6, 20), sample=100)
    run("batch", "two.csv", "-c", "plain.yaml", "-t", "1", "-q", "-o", "done")
    yield Case("collect_run", ["collect", "run"], prepare=lambda f: shutil.copytree(at("done"), os.path.join(f, "run")),
               plain=plain_of_a_run, may_be=part_of_a_run, again=True, sample=60)
    yield from of_dicom(at, run)
    yield from around_runs(at)
    federation(at, run)
    yield Case("study_init", ["study", "init", at("s1.csv"), "-o", "new.yaml"], sample=40)
    summarise = ["summarise", at("s1.csv"), "-s", at("study.yaml"), "-k", at("s1.key"), "--withhold", "-t", "1",
                 "-o", "s1.radsum"]
    yield Case("summarise_first", summarise, prepare=lambda f: shutil.copytree(at("begun"), os.path.join(f, "state")),
               again=True, sample=120)
    yield Case("summarise_second", ["summarise", at("later.csv")] + summarise[2:],
               prepare=lambda f: shutil.copytree(at("state"), os.path.join(f, "state")), again=True, sample=60)
    yield Case("summarise_anew", summarise + ["--begin-ledger"], prepare=lambda f: shutil.copytree(
        at("state"), os.path.join(f, "state")), plain=lambda name, content: re.sub(b"[0-9a-f]{16,}", b"HEX", content), sample=40)
    known_by_all_columns(at, run)
    yield Case("summarise_renamed", ["summarise", at("renamed.csv"), "-s", at("again.yaml"), "-k", at("whole.key"), "-t", "1",
                                     "-o", "s.radsum"], prepare=lambda f: shutil.copytree(at("whole"), os.path.join(f, "state")),
               again=True, sample=40)
    radsums = [at("s%d.radsum" % s) for s in (1, 2, 3, 4)]
    yield Case("pool_all", ["pool", at("study.yaml"), *radsums, "-k", at("keys"), "-t", "1", "-o", "p"], again=True, sample=100)
    yield Case("harmonise_rows", ["harmonise", at("s1.csv"), "-s", at("study.yaml"), "-m", at("p", "harmonisation.json"),
                                  "--site", "s1", "-o", "h.csv"], sample=80)
    with open(at("weights.csv"), "w") as file:
        file.write("name,weight,centre,scale\n(Intercept),-1,,\nf0001,0.5,1,2\nage,0.01,60,\n")
    weights = ["signature", at("weights.csv"), "-m", "logistic", "--cut", "high=score > 0"]
    yield Case("signature_of_weights", weights + ["-o", "signature.yaml"], again=True, sample=40)
    run(*weights, "-o", "signature.yaml")
    yield Case("score_rows", ["score", at("s1.csv"), "-m", at("signature.yaml"), "-o", "scores.csv"], again=True, sample=40)
    yield Case("study_check", ["study", "check", at("study.yaml")], sample=40)
    rehearsals = [at("s%d.rehearsal" % s) for s in (1, 2, 3, 4)]
    yield Case("pool_rehearsals", ["pool", at("study.yaml"), *rehearsals, "-k", at("keys"), "--rehearse", "-o", "rehearsed.csv"],
               again=True, sample=40)
    coordinator(at, run)
    yield Case("sign_study", ["sign", "signed.yaml", "-k", at("hub.key")],
               prepare=lambda f: shutil.copy(at("study.yaml"), os.path.join(f, "signed.yaml")), again=True, sample=40)
    yield Case("summarise_sealed", ["summarise", at("s1.csv"), "-s", at("signed.yaml"), "-k", at("s1.key"), "--coordinator",
                                    at("hub.pub"), "--withhold", "-t", "1", "-o", "s1.radsum"],
               prepare=lambda f: shutil.copytree(at("begun"), os.path.join(f, "state")), plain=plain_of_seals, sample=60)
    yield Case("pool_sealed", ["pool", at("signed.yaml"), *[at("sealed%d.radsum" % s) for s in (1, 2, 3, 4)], "-k", at("keys"),
                               "--key", at("hub.key"), "-t", "1", "-o", "p"], again=True, sample=40)
    yield from of_rounds(program, at)
    yield Case("keygen_new", ["keygen", "new"], plain=plain_of_keys, plain_text=no_name_of_a_key, other_end=without_ledger,
               sample=20)
    yield Case("info_json", ["info", at("m1.nii"), "--labels", "--json"], sample=30)


def of_dicom(at, run):
    """Small series; names of ROIs and series that iconv has to convert; a run whose names tell of the patient."""
    def german(d, z):
        d.SpecificCharacterSet, d.SeriesDescription = "ISO_IR 100", "Gr\u00f6\u00dfe"

    dicom.top, top = at("dicom"), at
    at = lambda *names, at=at: at("dicom", *names)
    dicom.series("series", german, slices=4)
    dicom.convert(dicom.series("coded", slices=4), "dcmcjpeg", "+e1")
    dicom.structures()
    dicom.segmentation("seg", "BINARY", [(s, z) for s in (1, 2) for z in range(1, 4)])
    extract = lambda name, series, *words: Case(
        name, ["extract", at(series), *words, "-c", at("..", "plain.yaml"), "-t", "1", "-o", "o.csv"], sample=40)
    yield extract("dicom_structures", "series", at("structures", "rs.dcm"), "-r", "Gr\u00f6\u00dfe")
    yield extract("dicom_segments", "series", at("seg", "seg.dcm"), "-r", "Tumour", "-r", "Organ")
    # the process that decodes has memory of its own, which does not fail here
    yield extract("dicom_coded", "coded", at("seg", "seg.dcm"), "-r", "Tumour")
    # a file that cannot be read is listed with the reason
    yield Case("dicom_info", ["info", at(), "--identifiers", "-t", "1"],
               other_out=lambda out: (b"damaged " in out or b"problem " in out) and b"memory" not in out, sample=40)
    with open(top("named.csv"), "w") as file:
        file.write("case,image,mask,roi\nSECRET-17,dicom/series,dicom/seg/seg.dcm,Tumour\n")
    run("batch", "named.csv", "-c", "plain.yaml", "-t", "1", "-q", "--save-mask", "nii.gz", "-o", "named")
    shutil.copy(next(pathlib.Path(top("named", "masks")).iterdir()), top("named", "masks", "left.nii.gz"))
    yield Case("collect_named", ["collect", "run"], prepare=lambda f: shutil.copytree(top("named"), os.path.join(f, "run")),
               plain=plain_of_a_run, may_be=part_of_a_run, other_end=not_compared, other_out=lambda out: b"1 missing" in out, again=True, sample=40)


def around_runs(at):
    """What finds cases, looks at runs, and compares with others."""
    os.makedirs(at("pairs", "imagesTr"))
    os.mkdir(at("pairs", "labelsTr"))
    os.mkdir(at("pairs", "more"))
    for to, name in ((("imagesTr", "a_0000.nii.gz"), "i0.nii.gz"), (("labelsTr", "a.nii"), "m0.nii"),
                     (("more", "b_ct.nii.gz"), "i1.nii.gz"), (("more", "b_mask.nii"), "m1.nii")):
        shutil.copy(at(name), at("pairs", *to))
    with open(at("pairs", "dataset.json"), "w") as file:
        json.dump({"labels": {"background": 0, "tumour": 1}, "channel_names": {"0": "CT"},
                   "training": [{"image": "imagesTr/a_0000.nii.gz", "label": "labelsTr/a.nii"}]}, file)
    shutil.copytree(at("pairs"), at("mixed"))
    for name in "series", "structures":
        shutil.copytree(at("dicom", name), at("mixed", name))
    yield Case("manifest_mixed", ["manifest", at("mixed"), "-t", "1", "-o", "cases.csv"], sample=60,
               other_end=lambda out, err, left: "cases that it belongs to may be missing" in err)
    yield Case("info_pairs", ["info", at("pairs"), "--json", "-t", "1"],
               other_out=lambda out: (b'"problem"' in out or b'"damaged"' in out) and b"memory" not in out, sample=40)
    yield Case("methods_run", ["methods", at("done")], sample=20)
    yield Case("table_run", ["table", at("done"), "--by", "roi", "-o", "wide.csv"], sample=40)
    yield Case("slurm_run", ["slurm", at("two.csv"), "-c", at("plain.yaml"), "--no-submit", "-n", "2", "-o", "run"],
               plain=lambda name, content: re.sub(b"/slurm_run/[0-9]+/", b"/", content),
               plain_text=lambda text: re.sub("/slurm_run/[0-9]+/", "/", text), sample=40)
    pair = [at("i1.nii.gz"), at("m1.nii")]
    yield Case("compare_standards", ["compare-standards", *pair, "-t", "1"], sample=40)
    with open(at("pyr.csv"), "w") as file:
        file.write("Image,Mask,Label\n%s,%s,1\n%s,%s,2\n" % (*pair, *pair))
    # a case whose files cannot be read has a row all the same, without features
    yield Case("pyradiomics_case", ["pyradiomics", *pair, "-f", "csv", "-o", "p.csv"],
               may_be=lambda name, content, whole: not content, calls=False, sample=60)
    yield Case("pyradiomics_batch", ["pyradiomics", at("pyr.csv"), "-f", "csv", "-o", "p.csv"],
               may_be=lambda name, content, whole: whole[name].startswith(content), calls=False, sample=40)


STUDY = """
study: generated
patient: patient
features: [f*]
covariates: {age: {unit: years}, sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}
outcomes:
  response: {levels: ["no", "yes"]}
  relapse: {time: months, event: relapse, unit: months, grid: [0, 12, 24, 36, 48, 60]}
  end: {time: months, event: relapse, causes: [relapse, death], unit: months, grid: [0, 12, 24, 36, 48, 60]}
derived: {old: "age > 57"}
groups: [sex, response]
tables: [[sex, stage], [old, sex]]
covariance: [f0000, f0001, f0003]
model: [age, sex]
"""


ROUNDS = """
study: rounds
features: ["f*"]
covariates: {age: {unit: years, step: 0.25}, sex: {levels: [F, M]}, logt: number}
outcomes: {response: {levels: ["no", "yes"]}, count: number, relapse: {time: months, event: relapsed, grid: [0, 12, 24]}}
analyses: [moments]
models:
  m: {family: logistic, response: response, terms: [f1, f3], digits: 3, validate: leave-one-site-out,
    penalty: {kind: ridge, lambda: [0.1]}}
"""


def federation(at, run):
    subprocess.run([sys.executable, os.path.join(HERE, "cohort.py"), at(), "4", "90", "6"], check=True)
    with open(at("study.yaml"), "w") as file:
        file.write(STUDY)
    with open(at("keys"), "w") as keys:
        for s in (1, 2, 3, 4):
            run("keygen", "s%d" % s)
            with open(at("s%d.pub" % s)) as file:
                keys.write(file.read())
        with open(at("state", "rows.secret"), "wb") as secret:  # the same for every run
            secret.write(bytes(range(32)))
        os.chmod(at("state", "rows.secret"), 0o600)
        shutil.copytree(at("state"), at("begun"))
        for s in (1, 2, 3, 4):
            run("summarise", "s%d.csv" % s, "-s", "study.yaml", "-k", "s%d.key" % s, "--withhold", "--rehearse")
            run("summarise", "s%d.csv" % s, "-s", "study.yaml", "-k", "s%d.key" % s, "--withhold")
    run("pool", "study.yaml", *["s%d.radsum" % s for s in (1, 2, 3, 4)], "-k", "keys", "-o", "p")
    # the same site a year later: other patients
    subprocess.run([sys.executable, os.path.join(HERE, "cohort.py"), at("p"), "1", "90", "6", "9"], check=True)
    with open(at("p", "s1.csv")) as file, open(at("later.csv"), "w") as later:
        later.write(file.read().replace("S1-", "S1-L"))


def known_by_all_columns(at, run):
    """Patients with new names, of whom no column alone tells the last 15: a release of before, and its table again."""
    rng = random.Random(8)
    rows = [[rng.choice("FM"), rng.randint(45, 74), rng.choice([0] * 4 + [1]), rng.randint(40, 60),
             "%.9g" % rng.gauss(100, 15) if i < 45 else 0] for i in range(60)]
    names = rng.sample(range(60), 60)
    for table, name in ("first", "P%02d"), ("renamed", "R%02d"):
        with open(at(table + ".csv"), "w") as file:
            file.write("case,sex,age,flag,score,f\n" + "".join(
                "%s,%s,%d,%d,%d,%s\n" % (name % names[i], *rows[i]) for i in (names if table == "renamed" else range(60))))
    for study in "whole", "again":
        with open(at(study + ".yaml"), "w") as file:
            file.write("study: %s\nfeatures: [age, score]\nanalyses: [moments]\n" % study)
    os.rename(at("state"), at("kept"))
    run("keygen", "whole")
    run("summarise", "first.csv", "-s", "whole.yaml", "-k", "whole.key")
    os.rename(at("state"), at("whole"))
    os.rename(at("kept"), at("state"))


def of_rounds(program, at):
    """A model in rounds: its beginning, an answer, a round in the middle and the last, which has tables and a page."""
    names = "ABCD"
    os.mkdir(at("rounds"))
    at = lambda *words, at=at: at("rounds", *words)
    run = lambda *words: run_in(program, at(), *words)
    rounds.main(at(), 150)
    with open(at("study.yaml"), "w") as file:
        file.write(ROUNDS)
    run("keygen", "hub")
    run("sign", "study.yaml", "-k", "hub.key")
    with open(at("keys"), "w") as keys:
        for name in names:
            run("keygen", name)
            with open(at(name + ".pub")) as file:
                keys.write(file.read())
    fit = ["fit", at("study.yaml"), "-m", "m", "-k", at("keys"), "--key", at("hub.key"), "-o", "m.state"]
    step = lambda name: ["step", at(name + ".csv"), "-s", at("study.yaml"), "--state", at("m.state"), "-k", at(name + ".key"),
                         "--coordinator", at("hub.pub"), "-t", "1"]
    yield Case("fit_begin", fit, again=True, sample=40)
    run(*fit)
    number = 0
    while not os.path.exists(at("m.coefficients.csv")):
        os.mkdir(at("round%d" % number))
        shutil.copy(at("m.state"), at("round%d" % number))
        if number == 1:
            shutil.copytree(at("state"), at("answered"))
            yield Case("step_answer", step("A"), prepare=lambda f: shutil.copytree(at("answered"), os.path.join(f, "state")),
                       plain=plain_of_seals, sample=60)
        for name in names:
            run(*step(name))
        run(*fit, *[at("%s-m-%d.radsum" % (name, number)) for name in names])
        number += 1
    for word, at_round in (("middle", number // 2), ("last", number - 1)):
        yield Case("fit_" + word, fit + [at("%s-m-%d.radsum" % (name, at_round)) for name in names],
                   prepare=lambda f, at_round=at_round: shutil.copy(at("round%d" % at_round, "m.state"), f), again=True, sample=60)


def coordinator(at, run):
    """A study that the coordinator signed, and summaries that are sealed to it."""
    run("keygen", "hub")
    shutil.copy(at("study.yaml"), at("signed.yaml"))
    run("sign", "signed.yaml", "-k", "hub.key")
    os.rename(at("state"), at("kept"))
    shutil.copytree(at("begun"), at("state"))
    for s in (1, 2, 3, 4):
        run("summarise", "s%d.csv" % s, "-s", "signed.yaml", "-k", "s%d.key" % s, "--coordinator", "hub.pub", "--withhold",
            "-o", "sealed%d.radsum" % s)
    shutil.rmtree(at("state"))
    os.rename(at("kept"), at("state"))
