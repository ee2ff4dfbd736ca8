#!/usr/bin/env python3
"""Every engine that installs against radiomill, pair by pair, in turns, in one run.

    duel.py BUILD PEERS DATA [DOCUMENT README PICTURES]

Engines live in environments of their own below PEERS. What came out is BUILD/bench/peers.json; with DOCUMENT and so on
the tables, the line of ratios and the plots are written anew. Variables: PEER_MINUTES (11), after which rows that are
left say so; PEER_LIMIT (25), seconds of a row; PEER_ROUNDS (5); PEER_ENGINES, PEER_CASES: names, separated by commas;
PEER_SCALE (1): below 1 the synthetic cases are smaller, for trials; PEER_COPIES (3): of each real case in a batch;
BEFORE: the build directory of another radiomill, which then is an engine, too.
"""
import dataclasses
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time

import agreement
import engines as table
import plan
import report
import settings as words
from sides import Failed, Worker, run_command

HERE = os.path.dirname(os.path.abspath(__file__))
ROUNDS = int(os.environ.get("PEER_ROUNDS", "5"))
LIMIT = float(os.environ.get("PEER_LIMIT", "25"))
MINUTES = float(os.environ.get("PEER_MINUTES", "11"))
COPIES = int(os.environ.get("PEER_COPIES", "3"))
STARTING = 120  # seconds that an engine has to start: some compile


def chosen(variable, names):
    wanted = [word for word in os.environ.get(variable, "").split(",") if word]
    return [name for name in names if not wanted or name.lower() in map(str.lower, wanted)]


class Duel:
    def __init__(self, build, peers, data):
        self.build, self.peers, self.data = os.path.abspath(build), os.path.abspath(peers), os.path.abspath(data)
        self.folder = os.path.join(self.build, "bench", "peers")
        os.makedirs(self.folder, exist_ok=True)
        os.makedirs(self.peers, exist_ok=True)
        self.until = time.monotonic() + MINUTES * 60
        self.pythons, self.workers, self.calls, self.versions = {}, {}, {}, {}
        self.rows, self.agreements, self.absent = [], {}, {}
        self.ours_has_spatial, self.broken = False, {}

    def left(self):
        return self.until - time.monotonic()

    def side(self, engine):
        """Adapter, and environment, of an engine; ours is the library of a build."""
        if engine.adapter != table.OURS.adapter:
            return dict(engine.environment)
        build = os.path.dirname(engine.command[0].format(build=self.build))
        package = os.path.join(build, "../python")
        return {"RADIOMILL_LIBRARY": f"{build}/libradiomill.so",
                "PYTHONPATH": package if os.path.isdir(package) else os.path.join(HERE, "../../python")}

    def worker(self, engine, threads):
        key = (engine.name, threads)
        if key in self.workers and self.workers[key].alive:
            return self.workers[key]
        if engine.name in self.broken:
            raise Failed(self.broken[engine.name])
        try:
            made = Worker(self.pythons[engine.name], engine.adapter, threads, self.side(engine),
                          min(STARTING, max(self.left(), 10)))
        except Failed as error:
            self.broken[engine.name] = f"does not start: {error}"
            raise Failed(self.broken[engine.name]) from None
        made.rest()
        self.workers[key] = made
        self.versions[engine.name] = made.about["version"]
        return made

    def prepare(self):
        """Engines, and cases. What cannot be had is a row that says why."""
        scale = os.environ.get("PEER_SCALE", "1")
        for engine in [table.OURS, *self.others()]:
            python, why = table.install(engine, self.peers)
            if not python:
                self.absent[engine.name] = why
                continue
            self.pythons[engine.name] = python
            self.prime(engine)
        if table.OURS.name not in self.pythons:
            raise SystemExit(f"no environment for radiomill itself: {self.absent[table.OURS.name]}")
        self.until = time.monotonic() + MINUTES * 60  # installing is not measuring
        marker = os.path.join(self.folder, "cases.json")
        if not os.path.exists(marker) or json.load(open(marker)).get("scale") != float(scale):
            subprocess.run([f"{self.build}/bench/bench_peers", "prepare", self.folder], check=True,
                           env=dict(os.environ, RADIOMILL_DATA=self.data))
            subprocess.run([self.pythons[table.OURS.name], os.path.join(HERE, "cases.py"), self.folder, self.data, scale],
                           check=True)
        self.told = json.load(open(marker))

    def prime(self, engine):
        """What an engine compiles once and keeps is part of its installation."""
        done = os.path.join(self.peers, engine.package, "primed")
        if not engine.compiles or os.path.exists(done):
            return
        import_it = [self.pythons[engine.name], "-c",
                     f"import sys; sys.path += {[HERE, HERE + '/adapters']!r}; import {engine.adapter} as a; a.start(2); a.prime()"]
        print(f"{engine.name}: compiles what it keeps, some minutes", flush=True)
        if subprocess.run(import_it, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
            open(done, "w").close()

    def others(self):
        found = [table.ENGINES[name] for name in chosen("PEER_ENGINES", table.ENGINES)]
        before = os.environ.get("BEFORE")
        if before:
            command = (os.path.abspath(before) + "/radiomill", *table.OURS.command[1:])
            found.insert(0, dataclasses.replace(table.OURS, name="before", command=command))
        return found

    # One row: both sides prepared, once each for warmth, then in turns.

    def pair(self, engine, row, task, limit):
        mine, theirs = self.worker(table.OURS, row.threads), self.worker(engine, row.threads)
        until = time.monotonic() + min(limit, self.left())
        figures = {"ours": {"wall": [], "cpu": []}, "theirs": {"wall": [], "cpu": []}}
        sides = (("theirs", theirs), ("ours", mine))
        for name, worker in sides:
            worker.ask("load", task, until - time.monotonic())
            worker.rest()
        for count in range(5 * ROUNDS + 1):  # calls of milliseconds have more rounds
            for name, worker in sides:
                found = worker.ask("run", None, until - time.monotonic())
                worker.rest()
                into = figures[name]
                if count == 0:
                    into["first"], into["first_cpu"] = found["wall"], found["cpu"]
                else:
                    into["wall"].append(found["wall"])
                    into["cpu"].append(found["cpu"])
                into["peak"], into["growth"] = found["peak"], found["growth"]
            slow = figures["theirs"]["first"] if count == 0 else figures["theirs"]["wall"][-1]
            if count >= ROUNDS and sum(figures["theirs"]["wall"]) + sum(figures["ours"]["wall"]) > 1:
                break
            if until - time.monotonic() < 1.3 * slow + 1 or (count and sum(figures["theirs"]["wall"]) > 4):
                break
        if not figures["theirs"]["wall"]:  # there was time for one: what it compiles is in it
            for into in figures.values():
                into.update(wall=[into["first"]], cpu=[into["first_cpu"]], once=True)
        for name, worker in sides:
            said = worker.ask("values", None, 30)
            worker.rest()
            figures[name]["columns"] = said["columns"]
            figures[name]["values"], figures[name]["about"] = said["values"], said["about"]
        return figures

    def alone(self, engine, row, task, limit):
        """Ours on two threads beside what an engine without threads took on one."""
        before = [r for r in self.rows if "failed" not in r and r["threads"] == 1 and
                  (r["engine"], r["row"], r["mode"]) == (engine.name, row.key, row.mode)]
        if not before:
            raise Failed("left out: has no threads, and no figure on one")
        theirs, ours = before[0]["theirs"], {"wall": [], "cpu": [], "peak": 0}
        if row.mode == "memory":
            mine = self.worker(table.OURS, row.threads)
            mine.ask("load", task)
        for count in range(min(ROUNDS, 3) + 1):
            if row.mode == "memory":
                found = mine.ask("run", None, limit)
            else:
                line, _ = self.command_of(table.OURS, row, task, self.folder)
                found = run_command(line, row.threads, limit, self.side(table.OURS))
            if count:
                ours["wall"].append(found["wall"])
                ours["cpu"].append(found["cpu"])
                ours["peak"] = max(ours["peak"], found["peak"])
        if row.mode == "memory":
            mine.rest()
        return {"theirs": theirs, "ours": ours}

    def command_of(self, engine, row, task, place):
        settings = os.path.join(place, f"{engine.name}.yaml")
        out = os.path.join(place, f"{engine.name}.csv")
        ours = engine.adapter == table.OURS.adapter
        with open(settings, "w") as file:
            file.write(words.ours_yaml(task, self.ours_has_spatial) if ours else words.pyradiomics_yaml(task))
        if os.path.exists(out):
            os.unlink(out)
        told = dict(bin=os.path.dirname(self.pythons[engine.name] or ""), build=self.build, image=task["files"][0],
                    mask=task["files"][1], settings=settings, threads=row.threads, out=out)
        if engine.command:
            return [word.format(**told) for word in engine.command], out
        with open(settings, "w") as file:
            json.dump(task, file)
        return [self.pythons[engine.name], os.path.join(HERE, "worker.py"), engine.adapter, str(row.threads), settings,
                *task["files"], out], out

    def commands(self, engine, row, task, limit):
        until = time.monotonic() + min(limit, self.left())
        figures = {}
        with_place = os.path.join(self.folder, "commands")
        os.makedirs(with_place, exist_ok=True)
        for count in range(min(ROUNDS, 3)):
            for name, one in (("theirs", engine), ("ours", table.OURS)):
                line, out = self.command_of(one, row, task, with_place)
                found = run_command(line, row.threads, until - time.monotonic(), self.side(one))
                if not os.path.exists(out) or not os.path.getsize(out):
                    raise Failed(f"{one.name} wrote no table")
                into = figures.setdefault(name, {"wall": [], "cpu": [], "peak": 0})
                into["wall"].append(found["wall"])
                into["cpu"].append(found["cpu"])
                into["peak"] = max(into["peak"], found["peak"])
            if until - time.monotonic() < 1.3 * figures["theirs"]["wall"][-1] + 1 or sum(figures["theirs"]["wall"]) > 6:
                break
        return figures

    def batch(self, engine, row, limit):
        """Ours: the command, start and tables included; theirs: its own batch or a loop, in a process that runs already."""
        place = os.path.join(self.folder, f"batch{COPIES}")
        rows = real_cases(self.told["real"], place, COPIES)
        families = [f for f in ("morph", "stat", *plan.TEXTURES) if f in engine.families]
        task = {"kind": "batch", "families": families, "bins": ["fbn32"], "range": None, "filters": None, "labels": [1],
                "standard": "ibsi", "spacing": [1, 1, 1], "case": "real"}
        settings, run = os.path.join(place, "settings.yaml"), os.path.join(place, "run")
        with open(settings, "w") as file:
            file.write(words.ibsi_yaml(task, self.ours_has_spatial))
        for folder in (run, run + "_theirs"):
            shutil.rmtree(folder, ignore_errors=True)
        manifest = os.path.join(place, "cases.csv")
        if engine.adapter == table.OURS.adapter:
            theirs = self.batch_of(engine, row, manifest, settings, run + "_theirs", limit)
        else:
            theirs = self.batch_inside(engine, row, {"task": task, "rows": rows, "out": run + "_theirs"}, limit)
        ours = self.batch_of(table.OURS, row, manifest, settings, run, limit)
        return {"theirs": {"wall": [theirs["wall"]], "cpu": [theirs["cpu"]], "peak": theirs.get("peak", 0)},
                "ours": {"wall": [ours["wall"]], "cpu": [ours["cpu"]], "peak": ours["peak"]}, "cases": len(rows)}

    def batch_of(self, engine, row, manifest, settings, run, limit):
        """The command of a build of ours."""
        program = engine.command[0].format(build=self.build)
        return run_command([program, "batch", manifest, "-c", settings, "-o", run, "-t", str(row.threads)], row.threads,
                           min(limit, self.left()))

    def batch_inside(self, engine, row, cases, limit):
        worker = self.worker(engine, row.threads)
        found = worker.ask("batch", dict(cases, threads=row.threads), min(limit, self.left()))
        worker.rest()
        if found["done"] != len(cases["rows"]):
            raise Failed(f"{found['done']} of {len(cases['rows'])} cases done")
        return found

    def left_out(self, engine, row):
        """Why a row is not worth its start, by what P took; or nothing."""
        if self.left() < 5:
            return "the run was out of time (PEER_MINUTES)"
        cost = self.calls.get(engine.name, 0) * row.work
        if row.mode == "memory" and (engine.threads or row.threads == 1) and 2.2 * cost > LIMIT:
            return f"about {cost:.0f} s a call (PEER_LIMIT)"
        if row.mode == "command" and cost >= LIMIT:
            return f"about {cost:.0f} s a run (PEER_LIMIT)"
        if row.mode == "batch" and cost * len(self.told["real"]) * COPIES > LIMIT:
            return f"about {cost:.1f} s a case (PEER_LIMIT)"
        return ""

    def measure(self, engine, row):
        why = self.left_out(engine, row)
        if why:
            raise Failed(f"left out: {why}")
        limit = min(LIMIT, self.left())
        try:
            return self.run_row(engine, row, limit)
        except Failed as error:
            if "stopped after" not in str(error) or engine.name in self.broken:
                raise
            if row.key == "P" and row.mode == "memory":
                self.calls[engine.name] = limit  # at least
            raise Failed(f"took more than {limit:.0f} s (PEER_LIMIT)") from None

    def run_row(self, engine, row, limit):
        if row.mode == "batch":
            return self.batch(engine, row, limit)
        task = row.make(engine)
        if row.threads > 1 and not engine.threads:
            return self.alone(engine, row, task, limit)
        if row.mode == "command":
            return self.commands(engine, row, task, limit)
        found = self.pair(engine, row, task, limit)
        if row.key == "P" and row.threads == 1:
            self.calls[engine.name] = statistics.median(found["theirs"]["wall"])
            self.agree(engine, task, found)
        return found

    def agree(self, engine, task, found):
        """Which features are the same: PyRadiomics' names are held against PyRadiomics' numbers of ours."""
        ours = found["ours"]["about"]
        if engine.names == "pyradiomics":
            mine = self.worker(table.OURS, 1)
            mine.ask("load", dict(task, standard="pyradiomics"))
            mine.ask("run")
            ours = mine.ask("values")["about"]
            mine.rest()
        self.agreements[engine.name] = agreement.compare(engine.names, found["theirs"]["values"], ours)

    def run(self):
        probe = self.worker(table.OURS, 1)
        self.ours_has_spatial = bool(probe.about.get("spatial"))
        done = set()
        engines = [engine for engine in self.others() if engine.name in self.pythons]
        wanted = chosen("PEER_CASES", [row.key for row, _ in plan.rows(self.told)])
        for row, kind in plan.rows(self.told):
            for engine in engines:
                key = (engine.name, row.key, row.mode, row.threads)
                if key in done or row.key not in wanted or not row.takes(engine, kind) or \
                        (row.make and not row.make(engine)):
                    continue
                done.add(key)
                self.record(engine, row)

    def end(self):
        for worker in self.workers.values():
            if worker.alive:
                worker.end()

    def record(self, engine, row):
        told = {"engine": engine.name, "row": row.key, "what": row.says, "mode": row.mode, "threads": row.threads}
        try:
            told.update(self.measure(engine, row))
            told["ratio"] = statistics.median(told["theirs"]["wall"]) / statistics.median(told["ours"]["wall"])
        except Failed as error:
            told["failed"] = str(error)
        except Exception as error:  # the run goes on, whatever an engine did
            told["failed"] = f"{type(error).__name__}: {error}"[:300]
        for name in ("ours", "theirs"):
            for word in ("values", "about"):
                told.get(name, {}).pop(word, None)
        self.rows.append(told)
        print(report.line(told), flush=True)
        self.save()

    def save(self):
        self.about = {
            "date": time.strftime("%Y-%m-%d"), "machine": platform.machine(), "processor": processor(),
            "processors": os.cpu_count(), "system": system(), "load": os.getloadavg()[0], "minutes": MINUTES, "limit": LIMIT,
            "rounds": ROUNDS, "versions": self.versions, "absent": self.absent, "spatial": self.ours_has_spatial,
            "says": {engine.name: engine.says for engine in self.others() if engine.says}, "commit": commit(), "scale": self.told["scale"], "cases": {k: {"voxels": v["voxels"], "grid": v["grid"]} for k, v
                                                                       in self.told.items() if isinstance(v, dict)}}
        path = os.path.join(self.build, "bench", "peers.json")
        with open(path + ".new", "w") as file:
            json.dump({"about": self.about, "rows": self.rows, "agreements": self.agreements}, file, indent=1)
        os.replace(path + ".new", path)


def real_cases(rows, place, copies):
    """A manifest of the real cases, each several times: copies differ in the time that their gzip header names."""
    os.makedirs(place, exist_ok=True)
    made = []
    for name, image, mask in rows:
        data = open(image, "rb").read()
        for i in range(copies):
            path = os.path.join(place, f"{name}_{i}.nii.gz")
            if not os.path.exists(path):
                with open(path, "wb") as file:
                    file.write(data[:4] + (i + 1).to_bytes(4, "little") + data[8:])
            made.append((f"{name}_{i}", path, mask))
    with open(os.path.join(place, "cases.csv"), "w") as file:
        file.write("case,image,mask\n" + "".join(",".join(row) + "\n" for row in made))
    return made


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def system():
    try:
        told = dict(line.strip().split("=", 1) for line in open("/etc/os-release") if "=" in line)
        return told.get("PRETTY_NAME", "").strip('"')
    except OSError:
        return platform.system()


def commit():
    said = subprocess.run(["git", "-C", HERE, "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return said.stdout.strip() or "unknown"


def main(build, peers, data, *written):
    duel = Duel(build, peers, data)
    duel.prepare()
    for name, why in duel.absent.items():
        print(f"{name}: cannot be installed here: {why}", flush=True)
    try:
        duel.run()
    finally:
        duel.end()
    if written:
        report.write(os.path.join(duel.build, "bench", "peers.json"), *written)


if __name__ == "__main__":
    main(*sys.argv[1:])
