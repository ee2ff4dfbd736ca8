#!/usr/bin/env python3
"""One engine in one process, in its own environment; duel.py asks it for one thing at a time.

    worker.py ADAPTER THREADS            lines of JSON in, lines of JSON out
    worker.py ADAPTER THREADS TASK.json IMAGE MASK OUT.csv    a whole command: read, extract, write
"""
import csv
import ctypes
import importlib
import json
import os
import resource
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [place for place in sys.path if place != HERE] + [HERE, os.path.join(HERE, "adapters")]  # theirs come first


def cpu():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def status(word):
    for line in open("/proc/self/status"):
        if line.startswith(word):
            return int(line.split()[1]) / 1024
    return 0.0


def forget_peak():
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass


def tidy():
    """Arrays of the row before that the C library has put on its heap are no memory of this row."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)


class Work:
    def __init__(self, adapter):
        self.adapter, self.call, self.result = adapter, None, None

    def load(self, task):
        """Arrays, and whatever an engine can prepare without them."""
        self.result = None
        if not self.adapter.__dict__.get("reads_files"):
            import numpy
            self.image, self.mask = numpy.load(task["image"]), numpy.load(task["mask"])
        self.call = self.adapter.prepare(task)
        tidy()
        return {"resident": status("VmRSS")}

    def run(self, _):
        """One extraction of fresh copies, so that nothing is kept from the last."""
        self.result = None
        files = self.adapter.__dict__.get("reads_files")
        arrays = () if files else (self.image.copy(), self.mask.copy())
        before = status("VmRSS")
        forget_peak()
        start, used = time.perf_counter(), cpu()
        self.result = self.call(*arrays)
        return {"wall": time.perf_counter() - start, "cpu": cpu() - used, "peak": status("VmHWM"),
                "growth": max(status("VmHWM") - before, 0)}

    def values(self, _):
        count = getattr(self.adapter, "columns", None)
        found = self.adapter.values(self.result)
        more = getattr(self.adapter, "describe", None)
        return {"values": found, "columns": count(self.result) if count else len(found),
                "about": more(self.result) if more else None}

    def batch(self, cases):
        """The engine's own batch, or a loop over files."""
        start, used, done = time.perf_counter(), cpu(), 0
        if hasattr(self.adapter, "batch"):
            done = self.adapter.batch(cases, cases["out"], cases["threads"])
        else:
            call = self.adapter.open_files(cases["task"])
            for _, image, mask in cases["rows"]:
                done += len(self.adapter.values(call(image, mask))) > 0
        return {"wall": time.perf_counter() - start, "cpu": cpu() - used, "done": done}


def serve(name, threads):
    """What engines print goes to standard error; answers have a descriptor of their own."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    start = time.perf_counter()
    adapter = importlib.import_module(name)
    version = adapter.start(threads)
    work = Work(adapter)
    reply = {"version": version, "spatial": getattr(adapter, "has_spatial", None), "start": time.perf_counter() - start, "resident": status("VmRSS")}
    while True:
        answers.write(json.dumps(reply) + "\n")
        answers.flush()
        line = sys.stdin.readline()
        if not line:
            return
        asked = json.loads(line)
        try:
            reply = getattr(work, asked["do"])(asked.get("what"))
        except BaseException as error:  # noqa: B036 - an engine may raise anything
            if isinstance(error, (KeyboardInterrupt, SystemExit)) and not str(error):
                raise
            reply = {"error": f"{type(error).__name__}: {error}".strip()[:400].replace("\n", " ")}


def whole(name, threads, task, image, mask, out):
    adapter = importlib.import_module(name)
    adapter.start(threads)
    with open(task) as file:
        told = json.load(file)
    found = adapter.values(adapter.open_files(told)(image, mask))
    with open(out, "w", newline="") as file:
        csv.writer(file).writerows([list(found), list(found.values())])


if __name__ == "__main__":
    if len(sys.argv) == 3:
        serve(sys.argv[1], int(sys.argv[2]))
    else:
        whole(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
