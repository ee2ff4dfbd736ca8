"""Runs one set of commands with two builds and compares all that they write: see same_bytes.sh.

Each build is copied to the same place and works in the same folder, so that no path differs; both read the same inputs,
with keys that OLD made. A difference is one line; exit code 1 with any, 2 where the set itself is wrong. FOLDER then holds
old/ and new/: in said/ what each command wrote to its streams and its exit code, in run/ the files that it left; `commands`
lists which is which. --allow FILE: differences that are meant. A line of "# reason", and below it rows of
    EXPRESSION ==> TEXT     in a line of OLD becomes TEXT, as re.sub does; the line must then be that of NEW
    EXPRESSION              is found in "said/CHAIN/01-extract.err: line", of OLD and of NEW; for lines that come or go
"""
import argparse
import concurrent.futures
import csv
import difflib
import io
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile

import same_bytes_set

SHOWN = 10  # differences of one file that are printed
TIMEOUT = 300


# What may differ: the clock, the memory that a process took, and what is drawn at random.
def without_columns(*names):
    """The raw text of these columns of a CSV goes, quotes and all; nothing else is touched."""
    cell = re.compile(r'("(?:[^"]|"")*"|[^,"\r\n]*)(,|\r?\n|$)')

    def mask(text):
        header = next(csv.reader(io.StringIO(text)), [])
        places = {header.index(n) for n in names if n in header}
        out, column, at, row = [], 0, 0, 0
        while at < len(text):
            match = cell.match(text, at)
            if not match or match.end() == at:
                return text  # no CSV: compared as it is
            hide = row > 0 and column in places
            out.append(("#" if hide else match[1]) + match[2])
            column, row = (column + 1, row) if match[2] == "," else (0, row + 1)
            at = match.end()
        return "".join(out)
    return mask


def without(pattern, to):
    return lambda text: re.sub(pattern, to, text, flags=re.M)


MASKS = [
    (r"^run/.*/cases\.csv$", without_columns("seconds", "memory_mb")),
    (r"^run/.*/provenance\.json$", without(r',\n "runs": \[[\s\S]*?\n \]', "")),
    (r"^said/.*\.err$", without(r"(\d+ ROIs), \d+\.\d\d s, \d+ MB", r"\1, # s, # MB")),
    (r"^said/batch.*\.err$", without(r'"seconds":[0-9.e+-]+', '"seconds":#')),
    (r"^said/batch.*\.err$", without(r'"memory_mb":\d+', '"memory_mb":#')),
    (r"^said/help/.*--version\.out$", without(r"^radiomill \d+\.\d+\.\d+\S*$", "radiomill #")),
    (r"^run/keygen/.*\.(key|pub)$", without(r"[0-9a-f]{64}", "#")),
    (r"^said/keygen/.*\.out$", without(r"[0-9a-f]{16,}", "#")),
]
# Columns of a journal: times of files, of computing, memory, and the hashes over them.
JOURNAL = {"cases": {"seconds", "memory", "hash"}, "files": {"stamp", "hash"}}


def journal_lines(path):
    db = sqlite3.connect("file:%s?mode=ro&immutable=1" % path, uri=True)
    try:
        out = [sql or "" for sql, in db.execute("SELECT sql FROM sqlite_master ORDER BY name")]
        for table, in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
            rows = db.execute('SELECT * FROM "%s"' % table)
            names = [d[0] for d in rows.description]
            out += sorted("%s: %s" % (table, ", ".join(
                "%s %s" % (n, "#" if n in JOURNAL.get(table, ()) else v.hex() if isinstance(v, bytes) else repr(v))
                for n, v in zip(names, row))) for row in rows)
        return out
    finally:
        db.close()


def lines_of(path, name):
    """What is compared of a file: a line for its kind and mode, then its content; bytes that are no text by their blocks."""
    about = os.lstat(path)
    head = ["mode %o" % about.st_mode]
    if stat.S_ISLNK(about.st_mode):
        return head + [os.readlink(path)]
    if not stat.S_ISREG(about.st_mode):
        return head
    with open(path, "rb") as file:
        data = file.read()
    if data.startswith(b"SQLite format 3\0"):
        try:
            return head + journal_lines(path)
        except sqlite3.Error:
            pass
    if b"\0" in data:
        return head + [data[i:i + 64].hex() for i in range(0, len(data), 64)]
    text = data.decode("utf-8", "surrogateescape")
    for pattern, mask in MASKS:
        if re.search(pattern, name):
            text = mask(text)
    return head + text.split("\n")


class Allowed:
    """Rows of expression, what it becomes or None, reason, how often it allowed something."""
    def __init__(self, path):
        self.rows, reason = [], None
        for number, line in enumerate(open(path) if path else (), 1):
            line = line.rstrip("\n")
            if line.startswith("#"):
                reason = line[1:].strip()
            elif line.strip():
                if not reason:
                    sys.exit("%s:%d: no reason above it" % (path, number))
                old, arrow, new = line.partition(" ==> ")
                self.rows.append([re.compile(old), new if arrow else None, reason, 0])

    def has(self, name, old, new):
        """OLD's line becomes NEW's by the rows with an arrow, or each line that is there is found by one without."""
        became, used = old, []
        for row in self.rows:
            if row[1] is not None and became is not None and row[0].search(became):
                became = row[0].sub(row[1], became)
                used.append(row)
        if not used or became != new:
            texts = [t for t in (old, new) if t is not None]
            used = [next((r for r in self.rows if r[1] is None and r[0].search("%s: %s" % (name, t))), None) for t in texts]
        if not used or None in used:
            return False
        for row in used:
            row[3] += 1
        return True


def excerpt(a, b):
    """The two lines from a little before where they part."""
    at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    begin = max(0, at - 40) if max(len(a), len(b)) > 160 else 0
    cut = lambda t: ("..." if begin else "") + t[begin:begin + 160] + ("..." if len(t) > begin + 160 else "")
    return at, cut(a), cut(b)


def column_of(name, header, line, at):
    """(its name) of the column of a wide table in which two lines part."""
    names = header.rstrip("\r").split(",")
    column = line[:at].count(",")
    known = name.endswith(".csv") and '"' not in line[:at] + header and column < len(names)
    return " (%s)" % names[column] if known else ""


def pairs_of(old, new):
    """Lines that differ, as pairs; None where one side has no line."""
    if len(old) == len(new):
        return [(i, a, b) for i, (a, b) in enumerate(zip(old, new)) if a != b]
    if len(old) * len(new) > 10 ** 8:
        return [(0, "%d lines" % len(old), "%d lines" % len(new))]
    out = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            for i in range(max(b - a, d - c)):
                out.append((a + i, old[a + i] if a + i < b else None, new[c + i] if c + i < d else None))
    return out


def compare(old, new, allowed, say):
    """Number of differences, of those that are allowed, and of what was compared."""
    def names(top):
        return {os.path.relpath(os.path.join(where, n), top) for where, folders, files in os.walk(top) for n in folders + files}
    left, right = names(old), names(new)
    differences = accepted = 0
    for name in sorted(left | right):
        if name not in left or name not in right:
            side = "NEW" if name in right else "OLD"
            found = [(0, "only %s has it" % side, None)]
        else:
            a, b = os.path.join(old, name), os.path.join(new, name)
            found = []
            if not same_files(a, b):
                old_lines = lines_of(a, name)
                header = old_lines[1] if len(old_lines) > 1 else ""
                found = pairs_of(old_lines, lines_of(b, name))
        shown = 0
        for number, a, b in found:
            if allowed.has(name, a, b):
                accepted += 1
                continue
            differences += 1
            shown += 1
            if shown > SHOWN:
                continue
            if b is None and name not in left & right:
                say("%s: %s" % (name, a))
                continue
            at, one, two = excerpt(a or "", b or "")
            where = "%s:%d:%d%s" % (name, number, at + 1, column_of(name, header, a or "", at)) if number else name
            none = "has no such line"
            say("%s: OLD %s | NEW %s" % (where, none if a is None else one, none if b is None else two))
        if shown > SHOWN:
            say("%s: and %d more" % (name, shown - SHOWN))
    return differences, accepted, len(left | right)


def same_files(a, b):
    one, two = os.lstat(a), os.lstat(b)
    if (one.st_mode, one.st_size) != (two.st_mode, two.st_size) or not stat.S_ISREG(one.st_mode):
        return False
    with open(a, "rb") as x, open(b, "rb") as y:
        return x.read() == y.read()


def stamps(top):
    """What shows whether a command wrote where it should only read."""
    paths = [os.path.join(where, n) for where, folders, files in os.walk(top) for n in folders + files]
    return {p: (s.st_mode, s.st_size, s.st_mtime_ns) for p, s in ((p, os.lstat(p)) for p in paths)}


class Runner:
    def __init__(self, folder, chains):
        self.folder, self.chains, self.faults, self.count = folder, chains, [], 0
        self.program = os.path.join(folder, "program", "radiomill")

    def install(self, program):
        """The build at the one place, with what it looks for beside itself."""
        shutil.rmtree(os.path.join(self.folder, "program"), ignore_errors=True)
        os.makedirs(os.path.join(self.folder, "program", "libexec"))
        shutil.copy2(program, self.program)
        here = os.path.dirname(os.path.realpath(program))
        for decoder in ("libexec/radiomill-decoder", "../libexec/radiomill-decoder"):
            if os.path.exists(os.path.join(here, decoder)):
                shutil.copy2(os.path.join(here, decoder), os.path.join(self.folder, "program", "libexec"))
                break
        for name in os.listdir(here):
            if name.startswith("libradiomill.so"):
                shutil.copy2(os.path.join(here, name), os.path.join(self.folder, "program"))

    def step(self, chain, number, step, here, said):
        if step.function:
            try:
                step.function(here)
            except (OSError, ValueError) as error:
                self.faults.append("%s/%02d: %s" % (chain.name, number, error))
            return None
        words = [w.replace("@run@", here) for w in step.words]
        name = "%02d-%s" % (number, re.sub(r"[^A-Za-z0-9_.-]", "_", step.label or (words[0] if words else "nothing"))[:40])
        environment = {"PATH": os.environ["PATH"], "HOME": here, "LC_ALL": "C.UTF-8",
                       **{k: v.replace("@run@", here) for k, v in step.environment.items()}}
        if "LD_LIBRARY_PATH" in os.environ:
            environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
        out = step.out or os.path.join(said, name + ".out")
        with open(out, "wb") as o, open(os.path.join(said, name + ".err"), "wb") as e, open(step.stdin or os.devnull, "rb") as i:
            try:
                code = subprocess.run([self.program, *words], cwd=here, stdin=i, stdout=o, stderr=e, env=environment,
                                      timeout=TIMEOUT, umask=0o22).returncode
            except subprocess.TimeoutExpired:
                code = "none after %d s" % TIMEOUT
        with open(os.path.join(said, name + ".code"), "w") as file:
            file.write("exit code %s\n" % code)
        self.count += 1
        line = "%s/%s: radiomill %s" % (chain.name, name, " ".join(words))
        if not step.fits(code):
            self.faults.append("%s: exit code %s" % (line, code))
        return line

    def run_chain(self, chain):
        here = os.path.join(self.folder, "run", chain.name)
        said = os.path.join(self.folder, "said", chain.name)
        os.makedirs(here)
        os.makedirs(said)
        lines = [self.step(chain, n, s, here, said) for n, s in enumerate(chain.steps, 1)]
        return [line for line in lines if line]

    def run(self, program, to):
        """All chains, two at a time; what they leave becomes the folder `to`."""
        self.install(program)
        self.faults, self.count = [], 0
        for name in ("run", "said"):
            shutil.rmtree(os.path.join(self.folder, name), ignore_errors=True)
        with concurrent.futures.ThreadPoolExecutor(max(2, len(os.sched_getaffinity(0)))) as pool:
            lines = [line for some in pool.map(self.run_chain, self.chains) for line in some]
        with open(os.path.join(self.folder, "commands"), "w", errors="surrogateescape") as file:
            file.write("".join(line + "\n" for line in lines))
        target = os.path.join(self.folder, to)
        os.makedirs(target)
        for name in ("run", "said"):
            os.rename(os.path.join(self.folder, name), os.path.join(target, name))
        return self.count, self.faults


def main():
    parser = argparse.ArgumentParser(usage="same_bytes.sh OLD NEW [FOLDER] [--allow FILE] [--only PATTERN]")
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--allow", help="file of differences that are meant, with reasons")
    parser.add_argument("--only", default="", help="chains whose names this regular expression finds")
    given = parser.parse_args()
    allowed = Allowed(given.allow)
    for program in (given.old, given.new):
        if not os.access(program, os.X_OK):
            sys.exit("%s: is no program" % program)
    folder = os.path.abspath(given.folder) if given.folder else tempfile.mkdtemp(prefix="same-bytes-")
    os.makedirs(folder, exist_ok=True)
    for name in ("in", "old", "new", "run", "said", "program"):
        shutil.rmtree(os.path.join(folder, name), ignore_errors=True)
    runner = Runner(folder, [])
    runner.install(given.old)
    chains = same_bytes_set.chains(folder, runner.program)
    runner.chains = [c for c in chains if re.search(given.only, c.name)]
    before = stamps(os.path.join(folder, "in"))
    count, faults = runner.run(os.path.abspath(given.old), "old")
    after = stamps(os.path.join(folder, "in"))
    faults += ["%s: an input changes" % p for p in sorted(before.keys() | after.keys()) if before.get(p) != after.get(p)]
    runner.run(os.path.abspath(given.new), "new")
    for fault in faults:
        print("the set does not say what OLD does: %s" % fault)
    differences, accepted, compared = compare(os.path.join(folder, "old"), os.path.join(folder, "new"), allowed,
                                              lambda line: print(line.encode("utf-8", "backslashreplace").decode()))
    for pattern, _, reason, used in allowed.rows:
        if not used:
            print("%s: allows nothing: %s (%s)" % (given.allow, pattern.pattern, reason))
    print("%d commands, %d outputs compared: %d differences%s" % (
        count, compared, differences, ", %d more are allowed" % accepted if accepted else ""))
    if differences or faults or given.folder:
        print("see %s" % folder)
    else:
        shutil.rmtree(folder)
    sys.exit(2 if faults or not count else 1 if differences else 0)


if __name__ == "__main__":
    main()
