"""Commands whose allocations and system calls fail, one after the other.

usage: torture.py PROGRAM FAILING.so FOLDER [--every | --places] [--only NAME] [--seed N] [--show]

Each command runs under failing.c once for every allocation, and once for every system call and way to fail, until a run
passes untouched. With --places: once for each way by which the program comes to allocate, and for all of the calls;
without either once for each line of it that does, and a sample. What must hold after each run: an exit code that fits,
one line that says why, files as a run without failures leaves them or as they were before, no other files, the same
standard output or none, no warning less where all is well; and the same command, run again, ends well.
"""
import argparse
import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(__file__))
import torture_cases

parser = argparse.ArgumentParser()
for name in ("program", "library", "folder"):
    parser.add_argument(name)
much = parser.add_mutually_exclusive_group()
much.add_argument("--every", action="store_true")
much.add_argument("--places", action="store_true")
parser.add_argument("--only")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--show", action="store_true", help="the stack of each allocation that was handled wrongly")
given = parser.parse_args()
given.program = os.path.abspath(given.program)
given.folder = os.path.abspath(given.folder)
OURS = {"out", "err", "stacks"}
CALLS = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC, "EINTR": errno.EINTR, "short": 0}
NO_MEMORY, UNREADABLE, UNWRITABLE = 6, 3, 5


class Server:
    """The program, loaded once; every run is a fork of it."""

    def __init__(self, command, cwd):
        orders, self.orders = os.pipe()
        self.answers, answers = os.pipe()
        environment = dict(os.environ, RADIOMILL_STATE="state", LD_PRELOAD=os.path.abspath(given.library), OMP_NUM_THREADS="1",
                           FAILING_PIPES="%d,%d" % (orders, answers))
        self.process = subprocess.Popen([given.program] + command, cwd=cwd, env=environment, pass_fds=(orders, answers),
                                        stdin=subprocess.DEVNULL)
        os.close(orders)
        os.close(answers)
        self.lines = os.fdopen(self.answers)

    def run(self, folder, what="nothing", first=0, last=0, how=0):
        """Exit code (negative: by that signal) and number of events."""
        os.write(self.orders, ("%s %d %d %d %s\n" % (what, first, last, how, folder)).encode())
        status, events = map(int, self.lines.readline().split())
        return os.waitstatus_to_exitcode(status), events

    def close(self):
        os.close(self.orders)
        self.process.wait()
        self.lines.close()


def files_of(folder):
    """Relative path: content, of all that a run left."""
    found = {}
    for top, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(top, name)
            key = os.path.relpath(path, folder)
            if key not in OURS:
                with open(path, "rb") as file:
                    found[key] = file.read()
    return found


def words_of(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


def warnings_in(text):
    return {l for l in text.splitlines() if l.startswith("radiomill: warning: ")}


class Source:
    """Where in the program stacks lead."""
    ours = os.path.basename(given.program)
    names = {}  # (function, file and line) by address

    @classmethod
    def read(cls, stacks):
        wanted = sorted({word.rpartition("+")[2] for stack in stacks for word in stack.split() if word.startswith(cls.ours + "+")}
                        - set(cls.names))
        lines = subprocess.run(["addr2line", "-f", "-s", "-e", given.program], input="".join(
            "0x%x\n" % (int(at, 16) - 1) for at in wanted), capture_output=True, text=True).stdout.split("\n")
        cls.names.update(zip(wanted, zip(lines[::2], (line.partition(" ")[0] for line in lines[1::2]))))

    @classmethod
    def functions(cls, stack):
        """Of our program, and libraries between them; the innermost first."""
        pairs = (word.rpartition("+") for word in stack.split())
        return [cls.names[at] if name == cls.ours else (name, "") for name, _, at in pairs]

    @classmethod
    def place(cls, stack):
        """The line that asks for memory, behind core/memory.c; the stack where no line of ours does."""
        return next((f for f in cls.functions(stack) if f[1] and not f[1].startswith("memory.c:")), stack)

    @classmethod
    def words(cls, stack):
        return " < ".join(name + (" (%s)" % line if line else "") for name, line in cls.functions(stack)[:14])


class Torture:
    reached = set()  # places that a case before asked for memory at

    def __init__(self, case, base):
        self.case, self.base = case, base
        self.before = {}
        self.runs = 0
        self.complaints = []
        self.lock = threading.Lock()
        self.number = 0

    def fresh(self):
        with self.lock:
            self.number += 1
            folder = os.path.join(self.base, str(self.number))
        os.mkdir(folder)
        if self.case.prepare:
            self.case.prepare(folder)
        return folder

    def server(self):
        return Server(self.case.command, self.base)

    def left_in(self, folder):
        """Files and what is in them, but for what differs from run to run."""
        plain = ((self.case.plain_text(name), self.case.plain(name, content)) for name, content in files_of(folder).items())
        return {name: content for name, content in plain if content is not None}

    def out_in(self, folder):
        return self.case.plain_text(words_of(folder, "out").decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def err_in(self, folder):
        return self.case.plain_text(words_of(folder, "err").decode("utf-8", "replace"))

    def learn(self):
        """What a run without failures does; the stacks of its allocations."""
        folder = self.fresh()
        self.before = self.left_in(folder)
        server = self.server()
        code, _ = server.run(folder)
        assert code == self.case.code, (self.case.name, code, words_of(folder, "err"))
        self.whole = self.left_in(folder)
        self.out = self.out_in(folder)
        assert b"Traceback" not in self.out
        self.warnings = warnings_in(self.err_in(folder))
        folder = self.fresh()
        _, self.allocations = server.run(folder, "log", 2**62, 2**62)
        with open(os.path.join(folder, "stacks")) as file:
            self.stacks = dict(line.rstrip("\n").partition(" ")[::2] for line in file)
        Source.read(set(self.stacks.values()))
        folder = self.fresh()
        _, self.calls = server.run(folder, "calls", 2**62, 2**62)
        server.close()

    def judge(self, folder, code, fitting):
        """What is wrong with what a run left."""
        left = self.left_in(folder)
        out, err = self.out_in(folder), self.err_in(folder)
        bad = []
        lines = [l for l in err.splitlines() if not l.startswith("radiomill: warning: ")]
        if code < 0:
            bad.append("ended by signal %d: %s" % (-code, err[-300:]))
        elif code == self.case.code and self.case.other_end(out, err, left):
            pass
        elif code == self.case.code:
            if left != self.whole:
                other = sorted(k for k in set(left) | set(self.whole) if left.get(k) != self.whole.get(k))
                bad.append("exit code %d and other files: %s: %r" % (code, other, (left.get(other[0]) or b"")[:1000]))
            if out != self.out and not self.case.other_out(out):
                bad.append("exit code %d and another output: %r" % (code, out[-200:]))
            said = warnings_in(err)
            for line in (w for w in self.warnings if not any(s.startswith(w) for s in said)):
                bad.append("exit code %d and not said: %s" % (code, line))
        else:
            if code not in fitting:
                bad.append("exit code %d: %s" % (code, err[-300:]))
            if len(lines) != 1 or not lines[0].startswith("radiomill: "):
                bad.append("not one line: %r" % err[-400:])
            for name, content in left.items():
                if content not in (self.whole.get(name), self.before.get(name)) and not self.case.may_be(
                        name, content, self.whole):
                    bad.append("half a file, or a stray one: %s" % name)
            for name in self.before:
                if name not in left:
                    bad.append("lost: %s" % name)
            if out and out != self.out and not self.case.other_out(out):
                bad.append("half an output: %r" % out[-200:])
        return bad

    def again(self, server, folder):
        """The same command, run again where that one ended."""
        code, _ = server.run(folder)
        left = self.left_in(folder)
        if code == self.case.code and left == self.whole:
            return []
        return ["run again: exit code %d, other files: %s; %s" % (
            code, sorted(k for k in set(left) | set(self.whole) if left.get(k) != self.whole.get(k)),
            words_of(folder, "err")[-300:])]

    def one(self, server, what, first, last, how, word, fitting):
        folder = self.fresh()
        code, events = server.run(folder, what, first, last, how)
        bad = self.judge(folder, code, fitting)
        if self.case.again and code >= 0:
            bad += self.again(server, folder)
        with self.lock:
            self.runs += 1
            for text in bad:
                self.complaints.append(("%s of %s" % (what, self.case.name), first, word, text))
        shutil.rmtree(folder)
        return events >= first

    def choose(self, rng, place_of):
        """One allocation of each place, by chance."""
        places = {}
        for number, stack in self.stacks.items():
            if stack in place_of:
                places.setdefault(place_of[stack], []).append(int(number))
        return [rng.choice(of) for of in places.values()]

    def plan(self):
        """(what, first, last, errno, word, exit codes that fit) of each run."""
        rng = random.Random("%s %d" % (self.case.name, given.seed))
        memory = {self.case.code, NO_MEMORY} | self.case.memory_codes
        calls = {self.case.code, UNREADABLE, UNWRITABLE} | self.case.call_codes
        numbers = list(range(1, self.allocations + 1))
        turns = [(n, word) for n in range(1, self.calls + 1) for word in CALLS]
        if given.places:
            numbers = self.choose(rng, {stack: stack for stack in self.stacks.values()})
        elif not given.every:
            places = {stack: Source.place(stack) for stack in self.stacks.values()}
            some = rng.sample(numbers, min(len(numbers), self.case.sample // 2))
            numbers = self.choose(rng, {s: p for s, p in places.items() if p not in self.reached}) + some
            self.reached.update(places.values())
            turns = [(n, rng.choice(list(CALLS))) for n in
                     rng.sample(range(1, self.calls + 1), min(self.calls, self.case.sample // 2))]
        for number in numbers:
            yield "memory", number, number + 1, errno.ENOMEM, "once", memory  # and when rad_new asks again
        for number in numbers[::7]:
            yield "memory", number, 2**62, errno.ENOMEM, "from then on", memory
        for number, word in turns if self.case.calls else []:
            yield "calls", number, number, CALLS[word], word, calls

    def work(self, plan):
        server = self.server()
        while True:
            with self.lock:
                run = next(plan, None)
            if not run:
                break
            self.one(server, *run)
        server.close()

    def all(self):
        self.learn()
        plan = self.plan()
        threads = [threading.Thread(target=self.work, args=(plan,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


total = failures = 0
for case in torture_cases.make(given.program, given.folder):
    if given.only and given.only not in case.name.split("_") and given.only != case.name:
        continue
    base = os.path.join(given.folder, case.name)
    os.mkdir(base)
    t, begun = Torture(case, base), time.monotonic()
    t.all()
    total += t.runs
    failures += len(t.complaints)
    for what, first, word, text in sorted(t.complaints, key=lambda c: c[:3]):
        print("%s: number %d, %s: %s" % (what, first, word, text))
        if given.show and what.startswith("memory"):
            print("    " + Source.words(t.stacks.get(str(first), "")))
    print("%s: %d allocations at %d places, %d calls: %d runs in %d s" % (
        case.name, t.allocations, len(set(map(Source.place, t.stacks.values()))), t.calls, t.runs, time.monotonic() - begun))
    sys.stdout.flush()
    shutil.rmtree(base)
print("Running suite(s): torture")
print("%d%%: Checks: %d, Failures: %d, Errors: 0" % (100 * (total - failures) // max(total, 1), total, failures))
sys.exit(failures > 0)
