"""A run of 5,000 cases with pictures: its page is below 3 MB, and opens within 2 s: run_large.py PROGRAM FOLDER.

The time is that of the processor, of the thread that lays the page out: the machine may do other work."""
import os
import subprocess
import sys
import tempfile

from browser import start, window
from nifti import nifti

CASES, BYTES, SECONDS = 5000, 3e6, 2
program, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
os.makedirs(folder)
size, n = (8, 8, 4), 256
nifti(folder + "/m.nii", 2, 8, "B", size, [int(1 <= i % 8 <= 6 and 1 <= i // 8 % 8 <= 6) for i in range(n)])
rows = ["case,image,mask,site"]
for c in range(CASES):
    values = [(7 * i * (c % 97 + 1) + 13 * c) % (50 + c % 300) for i in range(n)]
    values[0] = c  # no two images are the same
    nifti("%s/i%d.nii" % (folder, c), 4, 16, "h", size, values)
    rows.append("case%04d,i%d.nii,m.nii,%s" % (c, c, "AB"[c % 2]))
with open(folder + "/cases.csv", "w") as file:
    file.write("\n".join(rows) + "\n")
run = folder + "/run"
subprocess.run([program, "batch", folder + "/cases.csv", "-o", run, "--pictures", "-q"], check=True)
page = os.path.abspath(run) + "/report.html"
assert len(os.listdir(run + "/pictures")) == CASES, len(os.listdir(run + "/pictures"))
assert os.path.getsize(page) < BYTES, os.path.getsize(page)

with tempfile.TemporaryDirectory() as profile:
    browser = start(profile)
    try:
        window(browser, 1200, 900)
        browser.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
        browser.get("file://" + page)
        metrics = {m["name"]: m["value"] for m in browser.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]}
        seconds = metrics["TaskDuration"]
        assert 0 < seconds < SECONDS, metrics
        loaded = browser.execute_script("return [...document.images].filter(i => i.complete && i.naturalWidth).length")
        there = browser.execute_script("return document.images.length")
        assert there == CASES and loaded < there / 10, (loaded, there)  # loaded once they are seen
        said = [e for e in browser.get_log("browser") if e["level"] == "SEVERE"]
        assert not said, said
    finally:
        browser.quit()
print("a page of %d cases: %.1f MB, opens in %.2f s, %d of %d pictures loaded" % (CASES, os.path.getsize(page) / 1e6, seconds, loaded, there))
