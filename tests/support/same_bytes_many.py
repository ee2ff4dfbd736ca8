"""Commands on many cases and many sites, for same_bytes_set.py."""
import ctypes
import hashlib
import os
import re
import shutil

from same_bytes_chain import ANY, BAD, Chain


def write(name, text, mode=0o644):
    def step(here):
        path = os.path.join(here, name)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, mode)
    return step


def remove(*names):
    def step(here):
        for name in names:
            path = os.path.join(here, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.path.lexists(path) and os.remove(path)
    return step


def copy(source, name, mode=0o644):
    def step(here):
        path = os.path.join(here, name)
        shutil.copyfile(source if os.path.isabs(source) else os.path.join(here, source), path)
        os.chmod(path, mode)
    return step


def edit(name, old, new, to=None):
    """Fails where the file has no such bytes: a change that changes nothing tests nothing."""
    def step(here):
        with open(os.path.join(here, name), "rb") as file:
            data = file.read()
        if old not in data:
            raise ValueError("%s: has no %r" % (name, old))
        with open(os.path.join(here, to or name), "wb") as file:
            file.write(data.replace(old, new, 1))
    return step


def cut(name, length):
    return lambda here: os.truncate(os.path.join(here, name), length if length >= 0
                                    else max(0, os.path.getsize(os.path.join(here, name)) + length))


def batch_chains(inp):
    at = lambda n: inp("cases", n)
    tiny = lambda n: inp("tiny", n)
    good = at("cases.csv")
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
    c = Chain("batch_shards")
    for shard in ("1/3", "3/3"):
        c.run("batch", good, "-o", "s", "--shard", shard, "-t", "1")
    c.run("collect", "s", code=BAD)
    c.run("batch", good, "-o", "s", "-t", "1", environment={"SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_COUNT": "3"})
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
    c = Chain("batch_failing")
    odd = at("it's \"odd\"\nand long/\u00fc.nii.gz").replace('"', '""')
    rows = [("good", at("i1.nii.gz"), at("m1.nii"), ""), ("odd", '"%s"' % odd, at("m1.nii"), "2"), ("absent", "none.nii", at("m1.nii"), ""),
            ("text", tiny("text.nii"), at("m1.nii"), ""), ("no label", at("i2.nii.gz"), at("m2.nii"), "9"), ("pipe", tiny("pipe.nii"), at("m2.nii"), ""),
            ("no mask", at("i2.nii.gz"), "", ""), ("empty", tiny("image.nii.gz"), tiny("empty.nii"), ""), ("grid", tiny("image.nii.gz"), tiny("shifted.nii"), ""),
            ("cut", tiny("cut.nii.gz"), tiny("mask.nii"), ""), ("nan", tiny("nan.nii"), tiny("mask.nii"), ""), ("partly", inp("small", "odd.nii"), inp("small", "mask.nii"), ""),
            ("=dicom", inp("dicom", "explicit"), inp("dicom", "structures"), ""), ("gtv", inp("dicom", "rle"), inp("dicom", "structures"), "GTV-1"),
            ("cut jpeg", inp("dicom", "cut_jpeg"), inp("dicom", "structures"), "GTV-1"), ("last", at("i3.nii.gz"), at("m3.nii"), "1")]
    table = "case,image,mask,label\n" + "".join("%s,%s,%s,%s\n" % r for r in rows)
    c.do(write("list.csv", table))
    c.do(write("d.yaml", "diagnostics: yes\ndiscretisation: [fbn8, fbs25]\n"))
    c.run("batch", "list.csv", "-n", "-t", "1", code=20)
    c.run("batch", "list.csv", "-o", "r", "-t", "1", code=20)
    c.run("batch", "list.csv", "-o", "r", "-t", "1", "--retry-failed", code=20)
    c.run("collect", "r", code=20)
    c.run("batch", "list.csv", "-o", "j", "-t", "1", "--json-log", "-c", "d.yaml", "--resample-mask", code=20)
    c.run("batch", "list.csv", "-o", "q", "-t", "2", "-q", "-c", "d.yaml", "--long", "--json-lines", "--formulas", "keep", code=20)
    c.run("collect", "q", "--formulas", "quote", code=20)
    c.run("batch", "list.csv", "-o", "first", "-t", "1", "--fail-fast", code=20)
    c.run("batch", "list.csv", "-o", "few", "-t", "1", "--max-failures", "3", code=20)
    c.run("batch", "list.csv", "-o", "verify", "-t", "1", "--verify", "-q", "--ignore-frame-of-reference", code=20)
    c.do(edit("list.csv", b"no label", b"renamed"))
    c.run("batch", "list.csv", "-o", "r", "-t", "1", code=20)
    yield c
    c = Chain("batch_wrong")
    c.do(write("cases.csv", "case,image,mask\na,%s,%s\n" % (at("i1.nii.gz"), at("m1.nii"))))
    for line in """batch cases.csv|batch -o run|batch cases.csv -o run -m much|batch cases.csv -o run -m 12X|batch cases.csv -o run -m 12
        batch cases.csv -o run --timeout -1|batch cases.csv -o run --timeout soon|batch cases.csv -o run --timeout 0|batch cases.csv -o run --max-failures -1
        batch cases.csv -o run --shard 3/2|batch cases.csv -o run --shard 0/2|batch cases.csv -o run --shard 1|batch cases.csv -o run --shard 1/2x
        batch none.csv -o run|batch . -o run|batch cases.csv -o cases.csv|batch cases.csv -o no/run|batch cases.csv -o run -c none
        batch cases.csv -o run --retry-failed --force|batch cases.csv -o run --fail-fast --max-failures 2|batch cases.csv -o run -q --json-log
        batch cases.csv -o run --formulas no|batch cases.csv -o run -t 0|batch cases.csv -o run -m 1k -t 1 -q|collect|collect run run|collect cases.csv
        slurm cases.csv -o run|slurm cases.csv -n 3|slurm cases.csv -o run -n 0|slurm none.csv -o run -n 2|slurm cases.csv -o none/run -n 2|slurm cases.csv -o run -n 2 -c none
        slurm cases.csv -o sl -n 2|slurm cases.csv -o sl -n 2 --no-submit -c ibsi-a --resample-mask|slurm cases.csv -o sl -n 1 --no-submit -- --mem=1G
        manifest|manifest none|manifest cases.csv|manifest empty|manifest . --image|manifest . -o no/m.csv""".replace("\n", "|").split("|"):
        c.run(*line.split(), code=ANY)
    c.do(write("sbatch", "#!/bin/sh\necho '77;cluster'\necho \"$@\" >>asked\n", 0o755))
    c.run("slurm", "cases.csv", "-o", "it's here", "-n", "2", "-c", "ibsi-a", "--", "--mem=1G", "--comment=it's", environment={"PATH": ".:" + os.environ["PATH"]})
    for number, text in enumerate(("", "case,image,mask\n", "case,image\na,b\n", "image,mask\na,b,c\n", "case,image,mask\na,b\n", "case,image,mask\nx,a,b\ny,c,d\nx,a,b\n",
                                   "case,image,image,mask\na,b,c,d\n", "case;image;mask\na;b;c\n", "case\timage\tmask\na\tb\tc\n", "case,image,mask\n\"a,b,c\n",
                                   "case,image,mask\n\"a\"x,b,c\n", "case,image,mask,label,roi\na,b,c,1,2\n", "\ufeffCase,Image,Mask\r\na,b,c\r\n", "case,image,mask\n,b,c\n",
                                   "case,image,mask,features\na,b,c,d\n", "case,image,mask,series\na,b,c,1.2\n", "\0\1\2", "case,image,mask\na\x1bb,\u202e,c\n")):
        c.do(write("m%d.csv" % number, text))
        c.run("batch", "m%d.csv" % number, "-n", "-t", "1", code=ANY)
        c.run("batch", "m%d.csv" % number, "-o", "run%d" % number, "-t", "1", "-q", code=ANY)
    yield c
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


def sign(text, key):
    """The body of a summary, signed anew as whoever holds the key can: a site that is faulty or hostile."""
    sodium = ctypes.CDLL("libsodium.so.23")
    sodium.sodium_init()
    with open(key) as file:
        seed = bytes.fromhex(file.read().split()[2])
    public, secret, out = (ctypes.create_string_buffer(n) for n in (32, 64, 64))
    sodium.crypto_sign_seed_keypair(public, secret, seed)
    body = text[:text.rindex(b',\n "signature"')] if b',\n "signature"' in text else text
    digest = hashlib.blake2b(b"radiomill radsum\0" + body, digest_size=64).digest()
    sodium.crypto_sign_detached(out, None, digest, ctypes.c_ulonglong(len(digest)), secret)
    return body + (',\n "signature": {"algorithm": "Ed25519", "key": "%s", "value": "%s"}\n}\n' % (public.raw.hex(), out.raw.hex())).encode()


# What a summary that is well signed may say: a pattern, and what it becomes.
FORGED = [
    (rb'"patients":60', b'"patients":61'), (rb'"patients":60', b'"patients":1000000000'), (rb'"patients":60', b'"patients":-1'), (rb'"patients":60', b'"patients":"60"'),
    (rb'"site": "s1"', b'"site": "s2"'), (rb'"site": "s1"', b'"site": "a b"'), (rb'"release": 1', b'"release": 2'), (rb'"release": 1', b'"release": 0'),
    (rb'"format": "radsum \d+"', b'"format": "radsum 9"'), (rb'"engine": "radiomill', b'"engine": "other'), (rb'482 of 482', b'480 of 482'), (rb'482 of 482', b'1 of 1'),
    (rb'"check": "[^"]*"', b'"check": ""'), (rb'"settings": "[^"]*"', b'"settings": "0123"'), (rb'"minimum_cell":\["10"', b'"minimum_cell":["2"'),
    (rb'"minimum_cell":\["10"', b'"minimum_cell":["30"'), (rb'"minimum_sites":\["3"', b'"minimum_sites":["9"'), (rb'"round":\["0"', b'"round":["5"'), (rb'"dominance"', b'"nonsense"'),
    (rb'"name":"f0001"', b'"name":"f0002"'), (rb'"name":"f0001"', b'"name":"g0001"'), (rb'"name":"f0001"', b'"name":"\\\\u001b[31m"'), (rb'"kind":"feature"', b'"kind":"creature"'),
    (rb'"transform":"none"', b'"transform":"log"'), (rb'"centre":0.0', b'"centre":1.0'), (rb'"unit":"years"', b'"unit":"days"'), (rb'"definition":"[0-9a-f]', b'"definition":"x'),
    (rb'"sets":\[\[60,"', b'"sets":[[60,"-'), (rb'"sets":\[\[60,', b'"sets":[[59,'), (rb'"sets":\[\[60,', b'"sets":[[61,'), (rb'(p[-+]\d+",")([0-9a-f])', rb'\1-\2'),
    (rb'"histogram":\[\[(\d+),(\d+),\d+\]', rb'"histogram":[[\1,\2,900]'), (rb'"histogram":\[\[(\d+),(\d+),', rb'"histogram":[[\2,\1,'), (rb'"withheld": \{"cells":\d+', b'"withheld": {"cells":-1'),
    (rb'"tables"', b'"tablets"'), (rb'"levels":\[\d+', b'"levels":[999'), (rb'"survival"', b'"revival"'), (rb'"edges":\[0,', b'"edges":[9,'), (rb'"counts":\[\d+', b'"counts":[7777'),
    (rb'"hash":"[0-9a-f]', b'"hash":"x'), (rb'"study": \{"id":"[^"]*"', b'"study": {"id":"other"'), (rb'\{', b'['), (rb'"cohort"', b'"cohort" '), (rb'"excluded":0', b'"excluded":7'),
]


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


def federation_chains(inp):
    fed = lambda n: inp("fed", n)
    key = lambda s: fed("s%d.key" % s)
    sums = ["s%d.radsum" % s for s in (1, 2, 3, 4)]

    def summarise(c, s, study, *words, table=None, out=None, **how):
        c.run("summarise", fed(table or "s%d.csv" % s), "-s", fed(study) if "/" not in study else study, "-k", key(s), "--ledger", "s%d.ledger" % s,
              "-o", out or "s%d.radsum" % s, *words, **how)

    for study in sorted(n[:-5] for n in os.listdir(inp("fed")) if n.endswith(".yaml")):
        c = Chain("fed_" + study)
        file = study + ".yaml"
        table = (lambda s: "s%d_repeats.csv" % s) if study == "repeats" else lambda s: "s%d.csv" % s
        c.run("study", "check", fed(file))
        c.run("summarise", fed(table(1)), "-s", fed(file), "-k", key(1), "--ledger", "s1.ledger", "--preview", code=ANY)
        c.run("summarise", fed(table(1)), "-s", fed(file), "-k", key(1), "--ledger", "s1.ledger", "--preview", "--withhold", "-t", "1", code=ANY)
        for s in (1, 2, 3, 4):
            summarise(c, s, file, table=table(s), code=ANY)
            summarise(c, s, file, "--withhold", "-t", "1", table=table(s), code=ANY)
        c.run("pool", fed(file), *sums, "-k", fed("keys"), "-o", "pooled", "-t", "1", code=ANY)
        c.run("pool", fed(file), *reversed(sums), "-k", fed("keys"), "-o", "withheld", "-t", "2", "--withhold", "--formulas", "keep", code=ANY)
        c.run("pool", fed(file), *sums[:3], "-k", fed("keys"), "-o", "three", "--withhold", code=ANY)
        for pooled in ("pooled", "withheld"):
            model = ["-s", fed(file), "-m", pooled + "/harmonisation.json"]
            for site in ("s1", "s3", "s4"):
                c.run("harmonise", fed(site + ".csv"), *model, "--site", site, "-o", "%s_%s.csv" % (pooled, site), code=ANY)
            c.run("harmonise", fed("s4.csv"), *model, "--site", "new", "--join", code=ANY)
            c.run("harmonise", fed("nine.csv"), *model, "--site", "new", "--join", code=ANY)
            c.run("harmonise", fed("features.csv"), *model, "--site", "s1", "--clinical", fed("clinical.csv"), "--formulas", "keep", code=ANY)
            c.run("harmonise", fed("s1.csv"), *model, "--site", "unknown", code=ANY)
        yield c

    c = Chain("fed_releases")
    for s in (1, 2, 3, 4):
        summarise(c, s, "whole.yaml", "--withhold")
    summarise(c, 1, "whole.yaml", "--withhold", out="again.radsum")
    c.run("pool", fed("whole.yaml"), "again.radsum", *sums, "-k", fed("keys"), "-o", "p")
    for table in ("less", "half", "nine"):
        summarise(c, 1, "whole.yaml", "--withhold", table=table + ".csv", out=table + ".radsum", code=ANY)
    for study in ("few", "moments", "survival", "logs", "centred", "where", "one", "strict"):
        for table in ("s1", "less", "half"):
            summarise(c, 1, study + ".yaml", "--withhold", table=table + ".csv", out="%s_%s.radsum" % (study, table), code=ANY)
    c.run("summarise", inp("later", "s1.csv"), "-s", fed("whole.yaml"), "-k", key(1), "--ledger", "s1.ledger", "--withhold", "-o", "new.radsum", code=ANY)
    c.run("pool", fed("whole.yaml"), "new.radsum", *sums, "-k", fed("keys"), "-o", "p", code=ANY)
    c.run("pool", fed("whole.yaml"), *sums, "-k", fed("keys"), "-o", "p", code=ANY)
    c.do(remove("s1.ledger"))
    summarise(c, 1, "whole.yaml", "--withhold", table="half.csv", out="other.radsum", code=ANY)
    c.run("pool", fed("whole.yaml"), "other.radsum", *sums, "-k", fed("keys"), "-o", "t", code=ANY)
    c.run("pool", fed("whole.yaml"), "other.radsum", *sums[1:], "-k", fed("keys"), "-o", "p", code=ANY)
    c.run("summarise", fed("features.csv"), "-s", fed("whole.yaml"), "-k", key(2), "--clinical", fed("clinical.csv"), "--ledger", "c.ledger", "--withhold",
          "-o", "c.radsum", code=ANY)
    c.run("summarise", fed("features.csv"), "-s", fed("whole.yaml"), "-k", key(2), "--clinical", fed("unmatched.csv"), "--ledger", "u.ledger", "--withhold",
          "-o", "u.radsum", code=ANY)
    c.do(copy(key(4), "own.key", 0o600))
    c.run("summarise", fed("s4.csv"), "-s", fed("whole.yaml"), "-k", "own.key", "--withhold")
    yield c

    c = Chain("fed_run_directory")
    c.run("batch", inp("cases", "cases.csv"), "-o", "run", "-t", "1", "-q")
    c.do(write("study.yaml", "study: run\nfeatures: [original_stat_*]\nanalyses: [moments]\nthresholds: {mode: datashield}\n"))
    c.do(write("roi.yaml", "study: roi\nwhere: {roi: 1}\nfeatures: [original_stat_*]\nanalyses: [moments]\nthresholds: {mode: datashield}\n"))
    for study in ("study.yaml", "roi.yaml"):
        for words in ((), ("--withhold",), ("--preview", "--withhold")):
            c.run("summarise", "run", "-s", study, "-k", key(1), "--ledger", "l", "-o", "s1.radsum", *words, code=ANY)
    c.do(remove("run/provenance.json", "run/cases.csv"))
    c.run("summarise", "run", "-s", "roi.yaml", "-k", key(1), "--ledger", "k", "-o", "s1.radsum", "--withhold", code=ANY)
    yield c

    c = Chain("fed_ledger")
    summarise(c, 1, "whole.yaml", "--withhold")
    summarise(c, 1, "moments.yaml", "--withhold", table="half.csv", out="m.radsum", code=ANY)
    c.do(copy("s1.ledger", "keep"))

    def ledger(*changes):
        c.do(copy("keep", "s1.ledger"))
        for change in changes:
            c.do(change)
        for table, words in (("s1.csv", ()), ("less.csv", ()), ("less.csv", ("--preview",)), ("s1.csv", ("--set-aside", "rest"))):
            summarise(c, 1, "whole.yaml", "--withhold", *words, table=table, out="x.radsum", code=ANY)
        c.do(remove("rest", "x.radsum"))
    for length in (-1, -2, -67, -132, -200, 10, 0):
        ledger(cut("s1.ledger", length))
    for old, new in ((b'"patients":60', b'"patients":59'), (b'"signature":"', b'"signature":"0'), (b'"previous":"', b'"previous":"0'), (b'{', b'['), (b'"entry"', b'"Entry"')):
        ledger(edit("s1.ledger", old, new))
    ledger(lambda here: open(os.path.join(here, "s1.ledger"), "a").write('{"entry":3'))
    ledger(lambda here: open(os.path.join(here, "s1.ledger"), "a").write("\n\n"))
    ledger(lambda here: open(os.path.join(here, "rest"), "w").write("keep"), lambda here: open(os.path.join(here, "s1.ledger"), "a").write('{"entry":3'))
    c.run("summarise", fed("s2.csv"), "-s", fed("whole.yaml"), "-k", key(2), "--ledger", "keep", "--withhold", "-o", "x.radsum", code=BAD)
    for where in ("nowhere/l", ".", "/dev/null"):
        c.run("summarise", fed("s2.csv"), "-s", fed("whole.yaml"), "-k", key(2), "--ledger", where, "--withhold", "-o", "x.radsum", code=ANY)
    for mode in (0o640, 0o604, 0o400, 0o700):
        c.do(copy(key(3), "s3.key", mode))
        c.run("summarise", fed("s3.csv"), "-s", fed("whole.yaml"), "-k", "s3.key", "--withhold", "-o", "x.radsum", code=ANY)
        c.do(remove("s3.key"))
    yield c

    c = Chain("fed_forged")
    for s in (1, 2, 3, 4):
        summarise(c, s, "whole.yaml", "--withhold")
    for number in range(len(FORGED)):
        c.do(forge("s1.radsum", number, key(1), "forged.radsum"))
        for option in ((), ("--withhold",)):
            c.run("pool", fed("whole.yaml"), "forged.radsum", *sums[1:], "-k", fed("keys"), "-o", "p%d" % number, *option, label="forged%d" % number, code=ANY)
    for old, new in ((b'"patients":60', b'"patients":61'), (b'"signature"', b'"signatures"'), (b'"Ed25519"', b'"Ed448"'), (b'"value": "', b'"value": "0')):
        c.do(edit("s1.radsum", old, new, "bad.radsum"))
        c.run("pool", fed("whole.yaml"), "bad.radsum", *sums[1:], "-k", fed("keys"), "-o", "p", code=BAD)
    for length in (3000, 10, 0, -1, -30):
        c.do(copy("s1.radsum", "bad.radsum"))
        c.do(cut("bad.radsum", length))
        c.run("pool", fed("whole.yaml"), "bad.radsum", *sums[1:], "-k", fed("keys"), "-o", "p", code=BAD)
    yield c

    c = Chain("fed_wrong")
    for s in (1, 2, 3, 4):
        summarise(c, s, "whole.yaml", "--withhold")
    for name in ("whole.yaml", "few.yaml", "keys", "few.keys", "wrong.keys", "s1.csv", "clinical.csv"):
        c.do(copy(fed(name), name))
    c.do(copy(key(1), "s1.key", 0o600))
    c.do(copy(inp("fed", "pooled", "harmonisation.json"), "h.json"))
    for line in """pool whole.yaml s1.radsum s2.radsum s3.radsum|pool -k keys whole.yaml|pool whole.yaml s1.radsum s2.radsum -k keys -o p|pool whole.yaml s1.radsum s2.radsum s3.radsum -k few.keys -o p
        pool whole.yaml s1.radsum s2.radsum s3.radsum -k wrong.keys -o p|pool whole.yaml s1.radsum s2.radsum s3.radsum -k whole.yaml -o p|pool few.yaml s1.radsum s2.radsum s3.radsum -k keys -o p
        pool whole.yaml none.radsum s2.radsum s3.radsum -k keys -o p|pool none.yaml s1.radsum s2.radsum s3.radsum -k keys|pool whole.yaml s1.csv s2.radsum s3.radsum -k keys|pool whole.yaml . s2.radsum s3.radsum -k keys
        pool whole.yaml s1.radsum s2.radsum s3.radsum -k none -o p|pool whole.yaml s1.radsum s2.radsum s3.radsum -k keys -o s1.csv|pool whole.yaml s1.radsum s2.radsum s3.radsum -k keys -o no/p|pool s1.radsum whole.yaml -k keys
        pool whole.yaml s1.radsum s2.radsum s3.radsum -k keys -o p -t 0|pool whole.yaml s1.radsum s2.radsum s3.radsum -k keys --formulas x|pool whole.yaml s1.radsum s1.radsum s2.radsum s3.radsum -k keys -o p
        summarise s1.csv|summarise s1.csv -s whole.yaml|summarise s1.csv -k s1.key|summarise none.csv -s whole.yaml -k s1.key|summarise s1.csv -s none.yaml -k s1.key|summarise s1.csv -s whole.yaml -k none.key
        summarise s1.csv -s whole.yaml -k keys|summarise s1.csv -s s1.csv -k s1.key|summarise whole.yaml -s whole.yaml -k s1.key|summarise . -s whole.yaml -k s1.key|summarise s1.csv -s whole.yaml -k s1.key -o no/x
        summarise s1.csv -s whole.yaml -k s1.key --clinical none.csv|summarise s1.csv -s whole.yaml -k s1.key --clinical clinical.csv|summarise s1.csv -s whole.yaml -k s1.key -p none.yaml|summarise s1.csv -s whole.yaml -k s1.key -p whole.yaml
        summarise s1.csv -s whole.yaml -k s1.key -t x|summarise s1.csv -s whole.yaml -k s1.key --set-aside rest|summarise s1.csv -s whole.yaml -k .|summarise s1.csv -s . -k s1.key
        harmonise s1.csv|harmonise s1.csv -s whole.yaml|harmonise s1.csv -s whole.yaml -m h.json|harmonise s1.csv -s whole.yaml -m h.json --site s9|harmonise none.csv -s whole.yaml -m h.json --site s1
        harmonise s1.csv -s few.yaml -m h.json --site s1|harmonise s1.csv -s whole.yaml -m keys --site s1|harmonise s1.csv -s whole.yaml -m none --site s1|harmonise clinical.csv -s whole.yaml -m h.json --site s1
        harmonise s1.csv -s whole.yaml -m h.json --site s1 -o no/h.csv|harmonise s1.csv -s whole.yaml -m h.json --site s1 -o h.xls|harmonise s1.csv -s whole.yaml -m h.json --join|harmonise s1.csv -s whole.yaml -m h.json --site s1 --join
        harmonise s1.csv -s whole.yaml -m h.json --site s1 --formulas x|harmonise . -s whole.yaml -m h.json --site s1|study|study check|study check none.yaml|study check s1.csv|study show whole.yaml|study whole.yaml
        study check whole.yaml few.yaml|study check .|study check keys""".replace("\n", "|").split("|"):
        c.run(*line.split(), code=ANY)
    for number, text in enumerate(("minimum_cell: 70", "minimum_cell: 3", "minimum_sell: 3", "minimum_cell: 2", "minimum_cell: x", "dominance: 0.5", "dominance: 2", "parameters: 0.01",
                                   "round: 5", "round: -1", "minimum_sites: 9", "mode: datashield", "[]", "minimum_cell: 20\nminimum_cell: 20", "")):
        c.do(write("policy.yaml", text + "\n"))
        c.run("summarise", "s1.csv", "-s", "whole.yaml", "-k", "s1.key", "-p", "policy.yaml", "--ledger", "p.ledger", "--withhold", "--preview", label="policy%d" % number, code=ANY)
    with open(fed("s1.csv")) as file:
        rows = file.read().split("\n")
    for number, (place, change) in enumerate((
            (3, lambda r: re.sub(",[FM],", ",X,", r)), (3, lambda r: re.sub(r",\d+,", ",old,", r, count=1)), (3, lambda r: re.sub("^[^,]*", "S1-0000", r)),
            (0, lambda r: r.replace("stage", "Stage")), (0, lambda r: r.replace("f0002", "f0001")), (3, lambda r: r[:r.rindex(",")]), (3, lambda r: '"' + r),
            (3, lambda r: re.sub(r",\d+,", ",inf,", r, count=1)), (3, lambda r: re.sub(r",\d+,", ",1e400,", r, count=1)), (3, lambda r: re.sub(r",\d+,", ",nan,", r, count=1)),
            (3, lambda r: re.sub("^[^,]*", "", r)), (3, lambda r: re.sub(r"(,[0-9.]+),[01],", r"\1,2,", r)), (0, lambda r: r.replace("patient", "person")), (5, lambda r: ""))):
        c.do(write("fault.csv", "\n".join(change(r) if i == place else r for i, r in enumerate(rows))))
        c.run("summarise", "fault.csv", "-s", "whole.yaml", "-k", "s1.key", "--ledger", "f.ledger", "--withhold", "-o", "f.radsum", label="fault%d" % number, code=ANY)
        c.do(remove("f.ledger"))
    with open(fed("whole.yaml")) as file:
        text = file.read()
    for number, (old, new) in enumerate((
            ("patient: patient", "pacient: patient"), ("relative: 0.01", "relative: 9"), ("groups: [sex, response]", "groups: [sex, size]"), ("features: [f*]", "features: f*"),
            ("features: [f*]", "features: []"), ("levels: [F, M]", "levels: [F, F]"), ("levels: [F, M]", "levels: [F]"), ("study: whole", "study: a/b"), ("study: whole\n", ""),
            ("[[sex, response]", "[[sex, sex]"), ("[[sex, response]", "[[sex, age]"), ("[0, 12", "[1, 12"), ("[0, 12", "[0, 48"), ("event: relapse, ", ""), ("event: relapse", "evnt: relapse"),
            ("groups: [sex]}", "groups: [size]}"), ("model: [age, sex, stage]", "model: [height]"), ("model: [age, sex, stage]", "model: [age, age]"), ("redundancy: 0.5", "redundancy: 2"),
            ("volume: f0001", "volume: g"), ("covariance: [f0000", "covariance: [nothing"), ("unit: years", "units: years"), ('"f*": {grid', '"f*": {transform: sqrt, grid'),
            ("model: ", "batches: {minimum: 1}\nmodel: "), ("model: ", "batches: {small: drop}\nmodel: "), ("model: ", "batches: {least: 3}\nmodel: "), ("model: ", "batches: 20\nmodel: "),
            ("model: ", "analyses: [magic]\nmodel: "), ("model: ", "analyses: [reliability]\nmodel: "), ("model: ", "quantiles: [2]\nmodel: "), ("model: ", "quantiles: x\nmodel: "),
            ("model: ", "missing: guess\nmodel: "), ("model: ", "thresholds: {minimum_cell: 1}\nmodel: "), ("model: ", "thresholds: {mode: lax}\nmodel: "), ("model: ", "where: {zip: 1}\nmodel: "),
            ("model: ", "repeats: {occasion: session, levels: [a]}\nmodel: "), ("model: ", "reference: nobody\nmodel: "), ("study: ", "study: x\nstudy: "), ("study: ", "\tstudy: "))):
        assert old in text, old
        c.do(write("slip.yaml", text.replace(old, new, 1)))
        c.run("study", "check", "slip.yaml", label="study%d" % number, code=ANY)
        c.run("summarise", "s1.csv", "-s", "slip.yaml", "-k", "s1.key", "--ledger", "g.ledger", "--withhold", "--preview", label="study%d" % number, code=ANY)
    yield c
