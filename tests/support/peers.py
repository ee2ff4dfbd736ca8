"""The bench of other engines on engines that are none: what fails, hangs, dies or chatters must not end the run."""
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

HERE = Path(__file__).resolve().parents[2] / "bench/peers"
sys.path.insert(0, str(HERE))
import agreement  # noqa: E402
import duel  # noqa: E402
import engines  # noqa: E402
import plots  # noqa: E402
import report  # noqa: E402
import sides  # noqa: E402

ADAPTER = """
import os, time
reads_files = True
def start(threads):
    print('chatter of an import')
    %s
    return '1.%%d' %% threads
def prepare(task):
    def call():
        print('chatter of a call')
        %s
        return {'morph_volume': 8.0, 'stat_mean_d1': 2.0}
    return call
def open_files(task):
    return lambda image, mask: prepare(task)()
def values(result):
    return result
def describe(result):
    return [{'name': 'original_morph_volume', 'tag': 'morph_volume', 'code': 'RNU0', 'aggregation': '', 'value': 8.0},
            {'name': 'original_stat_mean', 'tag': 'stat_mean', 'code': 'Q4LE', 'aggregation': '', 'value': 2.0000001}]
"""
BODIES = {"fake_ours": ("pass", "time.sleep(0.01)"), "fake_good": ("pass", "time.sleep(0.03)"),
          "fake_fails": ("pass", "raise ValueError('no such mask')"), "fake_hangs": ("pass", "time.sleep(60)"),
          "fake_dies": ("pass", "os._exit(3)"), "fake_absent": ("import no_such_library", "pass"),
          "fake_spins": ("pass", "end = time.process_time() + 0.2\n        while time.process_time() < end: pass")}


def write_adapters(folder):
    for name, bodies in BODIES.items():
        (folder / f"{name}.py").write_text(ADAPTER % bodies)


class Engines(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.folder = Path(self.place.name)
        write_adapters(self.folder)
        self.more = {"PYTHONPATH": self.place.name}

    def tearDown(self):
        self.place.cleanup()

    def worker(self, name, limit=30):
        made = sides.Worker(sys.executable, name, 1, self.more, limit)
        self.addCleanup(lambda: made.alive and made.end())
        return made

    def test_answers_beside_chatter(self):
        one = self.worker("fake_good")
        self.assertEqual(one.about["version"], "1.1")
        one.ask("load", {"files": []})
        found = one.ask("run")
        self.assertGreaterEqual(found["wall"], 0.03)
        self.assertLess(found["cpu"], found["wall"])
        self.assertEqual(one.ask("values")["values"], {"morph_volume": 8.0, "stat_mean_d1": 2.0})

    def test_processor_time_is_counted(self):
        one = self.worker("fake_spins")
        one.ask("load", {"files": []})
        found = one.ask("run")
        self.assertGreaterEqual(found["cpu"], 0.19)
        self.assertGreaterEqual(found["wall"], found["cpu"] - 0.02)

    def test_who_rests_is_stopped_and_answers_again(self):
        one = self.worker("fake_good")
        one.ask("load", {"files": []})
        one.rest()
        time.sleep(0.1)
        state = Path(f"/proc/{one.process.pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        self.assertEqual(state, "T")
        self.assertIn("wall", one.ask("run"))

    def test_failures_say_why(self):
        for name, words in (("fake_fails", "ValueError: no such mask"), ("fake_hangs", "stopped after 1 s"),
                            ("fake_dies", r"ended \(3\)")):
            one = self.worker(name)
            one.ask("load", {"files": []})
            with self.assertRaisesRegex(sides.Failed, words):
                one.ask("run", None, 1)
            self.assertEqual(one.alive, name == "fake_fails")
        with self.assertRaisesRegex(sides.Failed, "no_such_library"):
            self.worker("fake_absent")

    def test_nothing_outlives_the_bench(self):
        starts = ("import sys, time; sys.path.insert(0, %r); import sides; one = sides.Worker(sys.executable, 'fake_good', 1, "
                  "{'PYTHONPATH': %r}, 30); one.rest(); print(one.process.pid, flush=True); time.sleep(60)")
        bench = subprocess.Popen([sys.executable, "-c", starts % (str(HERE), self.place.name)], stdout=subprocess.PIPE, text=True)
        worker = int(bench.stdout.readline())
        self.assertTrue(Path(f"/proc/{worker}").exists())
        bench.kill()
        bench.communicate()
        for _ in range(100):
            if not Path(f"/proc/{worker}").exists() or "Z" in Path(f"/proc/{worker}/stat").read_text().rsplit(")", 1)[1].split()[0]:
                return
            time.sleep(0.1)
        self.fail("the worker is still there")

    def test_commands(self):
        touch = "import time; x = b'1' * (96 << 20); end = time.process_time() + 0.1\nwhile time.process_time() < end: pass"
        found = sides.run_command([sys.executable, "-c", touch], 1, 60)
        self.assertGreater(found["peak"], 96)
        self.assertLess(found["peak"], 160)
        self.assertGreaterEqual(found["cpu"], 0.1)
        with self.assertRaisesRegex(sides.Failed, "exit code 4: odd"):
            sides.run_command([sys.executable, "-c", "import sys; print('odd'); sys.exit(4)"], 1, 60)
        with self.assertRaisesRegex(sides.Failed, "stopped after 1 s"):
            sides.run_command([sys.executable, "-c", "import time; time.sleep(60)"], 1, 1)

    def test_whole_run(self):
        def row(name, **more):
            return engines.Engine(name, f"fake_{name}", name, kinds=("extract",), **more)
        command = (sys.executable, "-c", "import sys; open(sys.argv[1], 'w').write('x')", "{out}")
        ours = dataclasses.replace(row("ours", command=command), name="radiomill")
        others = [row(name) for name in ("good", "fails", "hangs", "dies", "absent")] + [row("spins", threads=False)]
        case = {"image": "", "mask": "", "files": ["", ""], "spacing": [1, 1, 1], "labels": [1], "voxels": 8, "grid": [2, 2, 2],
                "says": "a cube"}
        os.environ["PYTHONPATH"] = self.place.name
        self.addCleanup(os.environ.pop, "PYTHONPATH")
        one = duel.Duel(self.folder / "build", self.folder / "peers", self.folder)
        one.told = {"scale": 1.0, "real": [], "brain1": None, **{name: case for name in ("P", "T", "L", "CT", "organs", "phantom")}}
        kept = duel.table.OURS, duel.table.ENGINES, duel.LIMIT
        duel.table.OURS, duel.table.ENGINES, duel.LIMIT = ours, {e.name: e for e in others}, 3
        os.environ["PEER_CASES"] = "P,T"
        self.addCleanup(os.environ.pop, "PEER_CASES")
        try:
            one.pythons = {e.name: sys.executable for e in (ours, *others)}
            one.side = lambda engine: {}
            one.run()
        finally:
            one.end()
            duel.table.OURS, duel.table.ENGINES, duel.LIMIT = kept
        told = json.loads((self.folder / "build/bench/peers.json").read_text())
        rows = {(r["engine"], r["row"], r["mode"], r["threads"]): r for r in told["rows"]}
        self.assertEqual(len(rows), len(told["rows"]))
        self.assertGreater(rows["good", "P", "memory", 1]["ratio"], 1)
        self.assertIn("ratio", rows["good", "P", "command", 1])
        self.assertEqual(rows["spins", "P", "memory", 2]["theirs"], rows["spins", "P", "memory", 1]["theirs"])
        self.assertIn("no such mask", rows["fails", "P", "memory", 1]["failed"])
        self.assertIn("took more than 3 s", rows["hangs", "P", "memory", 1]["failed"])
        self.assertIn("left out: about", rows["hangs", "T", "memory", 1]["failed"])
        self.assertIn("ended (3)", rows["dies", "T", "memory", 2]["failed"])
        self.assertIn("does not start", rows["absent", "P", "memory", 1]["failed"])
        self.assertEqual(told["agreements"]["good"]["within"], {"1e-09": 1, "1e-06": 2, "0.001": 2, "0.01": 2})
        self.assertEqual(list(told["agreements"]), ["good", "spins"])


class Names(unittest.TestCase):
    OURS = [{"name": "o", "tag": tag, "code": code, "aggregation": way, "value": value} for tag, code, way, value in (
        ("cm_energy", "8ZQL", "3D avg", 1.0), ("cm_energy", "8ZQL", "3D comb", 2.0), ("rlm_glnu", "R5YN", "3D avg", 3.0),
        ("rlm_glnu_norm", "OVBL", "3D avg", 4.0), ("stat_mean", "Q4LE", "", 5.0))]

    def test_rules(self):
        names = {"rlm_glnu_norm_3d_fbs": 0.0, "rlm_glnu_3d": 0.0, "stat_means": 0.0}
        self.assertEqual(agreement.by_tag(names, self.OURS), {"rlm_glnu_norm_3d_fbs": "rlm_glnu_norm", "rlm_glnu_3d": "rlm_glnu"})
        self.assertEqual(agreement.by_code({"mean_Q4LE": 0.0, "mean_ABCD": 0.0}, self.OURS), {"mean_Q4LE": "stat_mean"})
        ours = [{"tag": f"ivh_v{n}", "code": "BC2M"} for n in (10, 90)]
        self.assertEqual(agreement.by_code({"at_0.90_BC2M_90": 0.0}, ours), {"at_0.90_BC2M_90": "ivh_v90"})
        names = ["IntensityBasedStatistical_a", "IntensityBasedStatistical_b", "GLCM_a"]
        self.assertEqual(list(agreement.by_order(dict.fromkeys(names), []).values()), ["stat_mean", "stat_var", "cm_joint_max"])

    def test_the_way_that_agrees_is_taken(self):
        for value, within in ((1.0, 1), (2.0, 1), (1.5, 0)):
            found = agreement.compare("ibsi", {"cm_energy_3d": value}, self.OURS)
            self.assertEqual((found["matched"], found["within"]["1e-09"]), (1, within))

    def test_steps(self):
        for step, word in zip(agreement.STEPS, ("1e-09", "1e-06", "0.001", "0.01")):
            for factor, inside in ((0.99, 1), (1.01, 0)):
                found = agreement.compare("ibsi", {"stat_mean": 5.0 * (1 - step * factor)}, self.OURS)
                self.assertEqual(found["within"][word], inside, (step, factor))
        nan = agreement.compare("ibsi", {"stat_mean": float("nan")}, self.OURS)
        self.assertEqual((nan["within"]["0.01"], nan["differ"]), (0, {"stat_mean": None}))


def row(engine, key, ratio, **more):
    side = {"wall": [0.1], "cpu": [0.1], "peak": 50}
    return {"engine": engine, "row": key, "what": key, "mode": "memory", "threads": 1, "ours": side, "ratio": ratio,
            "theirs": dict(side, wall=[0.1 * ratio], peak=50 * ratio), **more}


class Report(unittest.TestCase):
    TOLD = {"about": {"machine": "m", "processor": "p", "processors": 2, "system": "s", "date": "2026-01-02", "commit": "c",
                      "versions": {"A": "1"}, "rounds": 3, "spatial": True, "scale": 1.0, "absent": {"B": "no wheel"}, "says": {"MIRP": "takes subsets"},
                      "cases": {"P": {"voxels": 1234, "grid": [10, 20, 30]}}},
            "agreements": {"MIRP": {"theirs": 9, "matched": 3, "within": {"1e-09": 1, "1e-06": 2, "0.001": 3, "0.01": 3},
                                    "differ": {"x": 1e-5}}},
            "rows": [row("MIRP", "P", 60.0), row("Pictologics", "P", 2.5), row("MIRP", "P", 70.0, mode="command"),
                     row("before", "P", 1.1), {"engine": "Nyxus", "row": "P", "what": "", "mode": "memory", "threads": 1,
                                               "failed": "stopped after 9 s"}]}

    def test_documents(self):
        with tempfile.TemporaryDirectory() as place:
            told, document, readme = (Path(place, name) for name in ("told.json", "d.md", "r.md"))
            told.write_text(json.dumps(self.TOLD))
            document.write_text("above\n<!-- peers -->\nold\n<!-- /peers -->\nbelow\n")
            readme.write_text("above\n<!-- ratios -->\nold\n<!-- /ratios -->\nbelow\n")
            report.write(told, document, readme, Path(place, "pictures"))
            text = document.read_text()
            for words in ("| P | arrays, warm | 1 | Pictologics | 250 | 100 | 2.5 |", "B: not installed: no wheel",
                          "**MIRP** takes subsets.\n", "**Pictologics**\n", "- Nyxus: P: stopped after 9 s.", "| MIRP | 9 | 3 | 1 | 2 | 3 | 3 |  |"):
                self.assertIn(words, text)
            self.assertTrue(text.startswith("above\n") and text.endswith("below\n") and "old" not in text)
            self.assertIn("as long: Pictologics 2.5, MIRP 60.0 (", readme.read_text().replace("\n", " "))
            self.assertLessEqual(max(map(len, readme.read_text().splitlines())), 120)
            self.assertTrue(Path(place, "pictures/bench-ratios.svg").exists())
            readme.write_text("no marks\n")
            with self.assertRaisesRegex(SystemExit, "lacks the marks"):
                report.write(told, document, readme, Path(place, "pictures"))
            self.assertEqual(readme.read_text(), "no marks\n")

    def test_bars(self):
        rows = [row("PyRadiomics", "brain1", 20.0), row("PyRadiomics", "brain1", 29.9, mode="command")]
        rows.append(row("PyRadiomics", "brain1", 30.0, threads=2, ours={"wall": [0.0626], "cpu": [0.1]}))
        self.assertEqual([line.split("|")[2:5] for line in report.bars(rows)[2:5]],
                         [[" 20.0 ", " 20 ", " met "], [" 29.9 ", " 30 ", " missed "], [" 1.6 ", " 1.6 ", " missed "]])
        self.assertEqual(report.bars(rows[1:1]), [])

    def test_plots(self):
        drawn = plots.draw(self.TOLD)
        root = xml.fromstring(drawn["bench-ratios.svg"])
        words = [t.text for t in root.iter("{http://www.w3.org/2000/svg}text")]
        self.assertTrue({"Pictologics", "MIRP", "P, 1 thr"} <= set(words) and "before" not in words)
        self.assertLessEqual(int(root.get("width")), 360)
        scale = plots.Scale(1, 100)
        self.assertAlmostEqual(scale(10) - scale(1), scale(100) - scale(10))
        self.assertEqual((scale(1), scale(100)), (plots.LEFT, plots.WIDTH - plots.RIGHT))
        colours = {plots.style_of(name) for name in plots.ORDER}
        self.assertEqual(len(colours), len(plots.ORDER))


if __name__ == "__main__":
    unittest.main(verbosity=2)
