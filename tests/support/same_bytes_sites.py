"""Studies, summaries, pools and harmonisation, for same_bytes_set.py; keys are made once, for both builds."""
import ctypes
import hashlib
import os
import re

from same_bytes_chain import ANY, BAD, Chain, copy, cut, edit, remove, write
from same_bytes_words import FORGED, POLICIES, STUDY_SLIPS, WRONG_SUMS

SUMS = ["s%d.radsum" % s for s in (1, 2, 3, 4)]


class SiteChain(Chain):
    """Names stand for the tables, studies and keys among the inputs, or else, and after ./, for files of the chain."""
    def __init__(self, name, inp):
        super().__init__(name)
        self.inp, self.states = inp, set()

    def fed(self, name):
        return self.inp("fed", name) if name[:2] != "./" and os.path.exists(self.inp("fed", name)) else name

    def state(self, site, name=None):
        """The variable that names a state folder which no other key has, since rows may not leave with two keys of one
        folder; with the ledger of this site's key as keygen left it, if that is among the inputs."""
        name = (name or site) + ".state"
        public = self.inp("fed", site + ".pub")
        if name not in self.states and os.path.exists(public):
            self.do(fresh_state(self.inp("state"), key_of(public), name))
        self.states.add(name)
        return {"RADIOMILL_STATE": "@run@/" + name}

    def summarise(self, table, study, site, *words, key=None, state=None, out=None, **how):
        self.run("summarise", self.fed(table), "-s", self.fed(study), "-k", self.fed((key or site) + ".key"),
                 "-o", out or site + ".radsum", *words, environment=self.state(site, state), **{"code": ANY, **how})

    def pool(self, study, sums, out, *words, keys="keys", **how):
        self.run("pool", self.fed(study), *sums, "-k", self.fed(keys), "-o", out, *words, **{"code": ANY, **how})

    def harmonise(self, table, study, model, site, *words):
        self.run("harmonise", self.fed(table), "-s", self.fed(study), "-m", model, "--site", site, *words, code=ANY)

    def everybody(self, study, **how):
        for s in (1, 2, 3, 4):
            self.summarise("s%d.csv" % s, study, "s%d" % s, "--withhold", code=0)


def key_of(public):
    with open(public) as file:
        return file.read().split()[1]


def fresh_state(states, key, name):
    def step(here):
        os.makedirs(os.path.join(here, name), 0o700)
        for file in (key + ".ledger", key + ".rows", "rows.secret"):
            copy(os.path.join(states, file), os.path.join(name, file), 0o600)(here)
    return step


def studies(inp):
    for study in sorted(n for n in os.listdir(inp("fed")) if n.endswith(".yaml")):
        c = SiteChain("fed_" + study[:-5], inp)
        ending = "_repeats.csv" if study == "repeats.yaml" else ".csv"
        c.run("study", "check", inp("fed", study))
        for words in (["--preview"], ["--preview", "--withhold", "-t", "1"]):
            c.summarise("s1" + ending, study, "s1", *words)
        for s in ("s1", "s2", "s3", "s4"):
            c.summarise(s + ending, study, s)
            c.summarise(s + ending, study, s, "--withhold", "-t", "1")
        c.pool(study, SUMS, "pooled", "-t", "1")
        c.pool(study, reversed(SUMS), "withheld", "-t", "2", "--withhold", "--formulas", "keep")
        c.pool(study, SUMS[:3], "three", "--withhold")
        for pooled in ("pooled", "withheld"):
            model = pooled + "/harmonisation.json"
            for site in ("s1", "s3", "s4"):
                c.harmonise(site + ".csv", study, model, site, "-o", "%s_%s.csv" % (pooled, site))
            for table in ("s4.csv", "nine.csv"):
                c.harmonise(table, study, model, "new", "--join")
            c.harmonise("features.csv", study, model, "s1", "--clinical", inp("fed", "clinical.csv"), "--formulas", "keep")
            c.harmonise("s1.csv", study, model, "unknown")
        yield c


def releases(inp):
    c = SiteChain("fed_releases", inp)
    c.everybody("whole.yaml")
    c.summarise("s1.csv", "whole.yaml", "s1", "--withhold", out="again.radsum", code=0)
    c.pool("whole.yaml", ["again.radsum", *SUMS], "p", code=0)
    for table in ("less", "half", "nine"):
        c.summarise(table + ".csv", "whole.yaml", "s1", "--withhold", out=table + ".radsum")
    for study in ("few", "moments", "survival", "logs", "centred", "where", "one", "strict"):
        for table in ("s1", "less", "half"):
            c.summarise(table + ".csv", study + ".yaml", "s1", "--withhold", out="%s_%s.radsum" % (study, table))
    c.summarise(inp("later", "s1.csv"), "whole.yaml", "s1", "--withhold", out="new.radsum")
    c.pool("whole.yaml", ["new.radsum", *SUMS], "p")
    c.pool("whole.yaml", SUMS, "p")
    c.summarise("half.csv", "whole.yaml", "s1", "--withhold", state="lost", out="other.radsum")
    c.pool("whole.yaml", ["other.radsum", *SUMS], "t")
    c.pool("whole.yaml", ["other.radsum", *SUMS[1:]], "p")
    for clinical in ("clinical.csv", "unmatched.csv"):
        c.summarise("features.csv", "whole.yaml", "s2", "--clinical", inp("fed", clinical), "--withhold",
                    state=clinical, out=clinical + ".radsum")
    c.do(copy(inp("fed", "s4.key"), "own.key", 0o600))
    c.run("summarise", inp("fed", "s4.csv"), "-s", inp("fed", "whole.yaml"), "-k", "own.key", "--withhold",
          environment=c.state("s4"))
    yield c


def run_directory(inp):
    c = SiteChain("fed_run_directory", inp)
    c.run("batch", inp("cases", "cases.csv"), "-o", "run", "-t", "1", "-q")
    rest = "features: [original_stat_*]\nanalyses: [moments]\nthresholds: {mode: datashield}\n"
    c.do(write("study.yaml", "study: run\n" + rest))
    c.do(write("roi.yaml", "study: roi\nwhere: {roi: 1}\n" + rest))
    for study in ("study.yaml", "roi.yaml"):
        for words in ((), ("--withhold",), ("--preview", "--withhold")):
            c.summarise("run", study, "s1", *words)
    c.do(remove("run/provenance.json", "run/cases.csv"))
    c.summarise("run", "roi.yaml", "s1", "--withhold", state="second")
    yield c


def appended(name, text):
    def step(here):
        with open(os.path.join(here, name), "a") as file:
            file.write(text)
    return step


def ledgers(inp):
    c = SiteChain("fed_ledger", inp)
    c.summarise("s1.csv", "whole.yaml", "s1", "--withhold", code=0)
    c.summarise("half.csv", "moments.yaml", "s1", "--withhold", out="m.radsum")
    ledger = "s1.state/%s.ledger" % key_of(inp("fed", "s1.pub"))
    rows = ledger.replace(".ledger", ".rows")
    for name, kept in ((ledger, "keep"), (rows, "keep.rows")):
        c.do(copy(name, kept, 0o600))
    changes = [[cut(ledger, length)] for length in (-1, -2, -67, -132, -200, 10, 0)]
    changes += [[edit(ledger, old, new)] for old, new in (
        (b'"patients":100', b'"patients":99'), (b'"signature":"', b'"signature":"0'), (b'"previous":"', b'"previous":"0'),
        (b"{", b"["), (b'"entry"', b'"Entry"'))]
    rest = appended(ledger, '{"entry":3')
    changes += [[rest], [appended(ledger, "\n\n")], [write("rest", "keep"), rest]]
    for change in changes:
        for step in (copy("keep", ledger, 0o600), copy("keep.rows", rows, 0o600), *change):
            c.do(step)
        for table, words in (("s1", ()), ("less", ()), ("less", ("--preview",)), ("s1", ("--set-aside", "rest"))):
            c.summarise(table + ".csv", "whole.yaml", "s1", "--withhold", *words, out="x.radsum")
        c.do(remove("rest", "x.radsum"))
    for other in ("keep", "nowhere/l", ".", "/dev/null"):
        c.summarise("s2.csv", "whole.yaml", "s2", "--withhold", "--ledger", other, out="x.radsum")
    for mode in (0o640, 0o604, 0o400, 0o700):
        c.do(copy(inp("fed", "s3.key"), "mine.key", mode))
        c.summarise("s3.csv", "whole.yaml", "s3", "--withhold", key="./mine", out="x.radsum")
        c.do(remove("mine.key"))
    yield c


def sign(text, key):
    """The body of a summary, signed anew as whoever holds the key can: a site that is faulty or hostile."""
    sodium = ctypes.CDLL("libsodium.so.23")
    sodium.sodium_init()
    with open(key) as file:
        seed = bytes.fromhex(file.read().split()[2])
    public, secret, out = (ctypes.create_string_buffer(n) for n in (32, 64, 64))
    sodium.crypto_sign_seed_keypair(public, secret, seed)
    mark = b',\n "signature"'
    body = text[:text.rindex(mark)] if mark in text else text
    digest = hashlib.blake2b(b"radiomill radsum\0" + body, digest_size=64).digest()
    sodium.crypto_sign_detached(out, None, digest, ctypes.c_ulonglong(len(digest)), secret)
    tail = mark.decode() + ': {"algorithm": "Ed25519", "key": "%s", "value": "%s"}\n}\n'
    return body + (tail % (public.raw.hex(), out.raw.hex())).encode()


def forge(name, number, key, to):
    def step(here):
        with open(os.path.join(here, name), "rb") as file:
            text = file.read()
        pattern, new = FORGED[number]
        changed = re.sub(pattern, new, text, count=1)
        if changed == text:
            raise ValueError("%s: has no %r" % (name, pattern))
        with open(os.path.join(here, to), "wb") as file:
            file.write(sign(changed, key))
    return step


def forged(inp):
    c = SiteChain("fed_forged", inp)
    c.everybody("whole.yaml")
    others = SUMS[1:]
    for number in range(len(FORGED)):
        c.do(forge("s1.radsum", number, inp("fed", "s1.key"), "forged.radsum"))
        for words in ((), ("--withhold",)):
            c.pool("whole.yaml", ["forged.radsum", *others], "p%d" % number, *words, label="forged%d" % number)
    for old, new in ((b'"patients":100', b'"patients":101'), (b'"signature"', b'"signatures"'), (b'"Ed25519"', b'"Ed448"'),
                     (b'"value": "', b'"value": "0')):
        c.do(edit("s1.radsum", old, new, "bad.radsum"))
        c.pool("whole.yaml", ["bad.radsum", *others], "p", code=BAD)
    for length in (3000, 10, 0, -1, -30):
        c.do(copy("s1.radsum", "bad.radsum"))
        c.do(cut("bad.radsum", length))
        c.pool("whole.yaml", ["bad.radsum", *others], "p", code=BAD)
    yield c


# A row of a table (0: its header), and what becomes of it.
FAULTS = [
    (3, r",[FM],", ",X,"), (3, r",\d+,", ",old,"), (3, r"^[^,]*", "S1-0000"), (0, "stage", "Stage"), (0, "f0002", "f0001"),
    (3, r",[^,]*$", ""), (3, "^", '"'), (3, r",\d+,", ",inf,"), (3, r",\d+,", ",1e400,"), (3, r",\d+,", ",nan,"),
    (3, r"^[^,]*", ""), (3, r"(,[0-9.]+),[01],", r"\1,2,"), (0, "patient", "person"), (5, ".*", "")]


def wrong(inp):
    c = SiteChain("fed_wrong", inp)
    c.everybody("whole.yaml")
    for name in ("whole.yaml", "few.yaml", "keys", "few.keys", "wrong.keys", "s1.csv", "clinical.csv"):
        c.do(copy(inp("fed", name), name))
    c.do(copy(inp("fed", "s1.key"), "s1.key", 0o600))
    c.do(copy(inp("fed", "pooled", "harmonisation.json"), "h.json"))
    for line in WRONG_SUMS.split("\n"):
        c.run(*line.split(), code=ANY, environment=c.state("s1"))
    preview = ("--withhold", "--preview")
    for number, text in enumerate(POLICIES):
        c.do(write("policy.yaml", text + "\n"))
        c.summarise("s1.csv", "whole.yaml", "s1", "-p", "policy.yaml", *preview, state="p", label="policy%d" % number)
    with open(inp("fed", "s1.csv")) as file:
        rows = file.read().split("\n")
    for number, (place, old, new) in enumerate(FAULTS):
        changed = [re.sub(old, new, r, count=1) if i == place else r for i, r in enumerate(rows)]
        assert changed != rows, old
        c.do(write("fault.csv", "\n".join(changed)))
        c.summarise("fault.csv", "whole.yaml", "s1", "--withhold", state="f%d" % number, out="f.radsum", label="fault%d" % number)
    with open(inp("fed", "whole.yaml")) as file:
        text = file.read()
    for number, (old, new) in enumerate(STUDY_SLIPS):
        assert old in text, old
        c.do(write("slip.yaml", text.replace(old, new, 1)))
        c.run("study", "check", "slip.yaml", label="study%d" % number, code=ANY)
        c.summarise("s1.csv", "slip.yaml", "s1", *preview, state="g", label="study%d" % number)
    yield c


def chains(inp):
    for make in (studies, releases, run_directory, ledgers, forged, wrong):
        yield from make(inp)
