"""Opens the pages of pools in headless Chromium and looks at what is there.

usage: report.py SCREENSHOTS NAME=POOL...
Prints what fails, and counts as Check does.
"""
import base64
import csv
import json
import os
import re
import shutil
import statistics
import struct
import sys
import tempfile
import time
import urllib.parse
import xml.etree.ElementTree
import zlib

from browser import CONTRAST, PLOTS, shoot, start, window

shots, pools = sys.argv[1], dict(a.split("=", 1) for a in sys.argv[2:])
MOST_BYTES, MOST_MS = 5 << 20, 2000
checks, failures = 0, 0

# Plots that each pool must have, by the heading of their section: at least so many; sections that must be absent.
EXPECTED = {
    "whole": {"heterogeneity": 6, "groups": 3 + 6, "harmonisation": 12, "correlations": 1, "components": 1, "models": 5,
              "fitted": 4, "reliability": 1, "survival": 3 + 1, "performance": 5 + 3 + 1, "risk": 1 + 4, "tables": 1},
    "hostile": {"heterogeneity": 6, "groups": 1 + 6, "harmonisation": 12, "correlations": 1, "components": 1, "models": 1,
                "survival": 2 + 1},
    "ruled": {"heterogeneity": 6, "groups": 2 + 6, "harmonisation": 12, "models": 2, "survival": 1 + 1},
    "alone": {"groups": 1, "correlations": 1, "components": 1, "models": 1, "survival": 2},
    "some": {"groups": 3 + 6, "harmonisation": 12, "models": 5},
    "many": {"heterogeneity": 6, "groups": 1 + 6, "harmonisation": 12, "correlations": 1, "components": 1, "models": 2},
    "large": {"heterogeneity": 6, "groups": 2 + 6, "harmonisation": 12, "correlations": 1, "components": 1, "models": 2},
}
ABSENT = {"whole": [], "hostile": ["reliability", "risk"], "ruled": ["reliability", "risk"], "alone": ["reliability"],
          "some": ["variables", "heterogeneity", "correlations", "components", "reliability", "survival", "performance", "tables"],
          "many": ["survival", "reliability"], "large": ["survival", "reliability"]}


def check(what, good, detail=""):
    global checks, failures
    checks += 1
    if not good:
        failures += 1
        print("tests/support/report.py: %s\n    %s" % (what, str(detail)[:1500]))


def requests_of(browser):
    found = []
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            found.append(message["params"]["request"]["url"])
    return found


def processor_time(browser):
    """Seconds of the page's main thread; a page may come with a process of its own, and begin at 0."""
    return {m["name"]: m["value"] for m in browser.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]}["TaskDuration"]


def load(browser, name, url):
    browser.get("about:blank")
    browser.get_log("performance"), browser.get_log("browser")
    browser.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
    times = []
    for _ in range(3):
        before = processor_time(browser)
        browser.get(url)
        after = processor_time(browser)
        times.append(1000 * (after - before if after > before else after))
    took = statistics.median(times)
    by_clock = browser.execute_script(
        "const t = performance.getEntriesByType('navigation')[0]; return t.loadEventEnd - t.startTime")
    print("%s: loaded in %.0f ms of the processor, %.0f by the clock" % (name, took, by_clock))
    check(name + ": opens within %d ms of the processor" % MOST_MS, 0 < took < MOST_MS, times)
    others = [u for u in requests_of(browser) if u not in (url, "about:blank") and not u.startswith("data:")]
    check(name + ": asks for nothing but itself", not others, others)
    messages = [m for m in browser.get_log("browser") if m["level"] in ("SEVERE", "WARNING")]
    check(name + ": a quiet console", not messages, messages)


def look_at_plots(browser, name):
    plots = browser.execute_script(PLOTS)
    counts = {}
    for p in plots:
        counts[p["section"]] = counts.get(p["section"], 0) + 1
    for section, count in EXPECTED[name].items():
        check("%s: %d plots in %s" % (name, count, section), counts.get(section, 0) == count, counts)
    rest = {s: n for s, n in counts.items() if s not in EXPECTED[name]}
    check(name + ": no other plots", not rest, rest)
    return plots


def check_plots(name, width, plots):
    where = "%s at %d px: " % (name, width)
    check(where + "plots can be seen", all(p["width"] > 100 and p["height"] > 60 and p["drawn"] for p in plots),
          [p["title"] for p in plots if not (p["width"] > 100 and p["height"] > 60 and p["drawn"])])
    check(where + "titles and descriptions", all(p["title"] and p["desc"] for p in plots))
    check(where + "axis titles with units", all(p["titles"] and all(re.search(r"\(.+\)$", t) for t in p["titles"]) for p in plots),
          [(p["title"], p["titles"]) for p in plots])
    check(where + "no text is cut", not any(p["bad"] for p in plots), [(p["title"], p["bad"]) for p in plots if p["bad"]])
    check(where + "no text on text", not any(p["overlaps"] for p in plots),
          [(p["title"], p["overlaps"][:6]) for p in plots if p["overlaps"]])
    check(where + "text of 11 px", all(p["size"] >= 11 for p in plots), sorted((p["size"], p["title"]) for p in plots)[:5])


def heads_agree(name, facts):
    with open(os.path.join(pools[name], "pooled.json"), encoding="utf-8") as file:
        pooled = json.load(file)
    return (facts["hash of the study"] == pooled["study"]["hash"] and facts["rules in force"] == pooled["rules"] and
            facts["study"] == pooled["study"]["id"] and int(facts["patients"]) == pooled["patients"] and
            int(facts["sites"]) == len(pooled["sites"]))


def check_structure(browser, name):
    ids = browser.execute_script("return [...document.querySelectorAll('section')].map(s => s.id)")
    links = browser.execute_script("return [...document.querySelectorAll('nav a')].map(a => a.getAttribute('href'))")
    check(name + ": contents lead to the sections", links == ["#" + i for i in ids], (links, ids))
    check(name + ": sections of other studies are absent", not set(ids) & set(ABSENT[name]), ids)
    empty = browser.execute_script(
        "return [...document.querySelectorAll('section')].filter(s => !s.querySelector('svg[role=img], table, .nothing')).map(s => s.id)")
    check(name + ": a section shows something or says why not", not empty, empty)
    files = browser.execute_script("return [...new Set([...document.querySelectorAll('section a')].map(a => a.getAttribute('href')))]"
                                   ".filter(h => !h.startsWith('#'))")
    lost = [f for f in files if not os.path.exists(os.path.join(pools[name], f))]
    check(name + ": tables beside the page are there", files and not lost, lost)
    odd = browser.execute_script("const width = r => [...r.cells].reduce((sum, c) => sum + c.colSpan, 0); return [...document.querySelectorAll('table')].filter(t => [...t.rows].some(r => width(r) !== width(t.rows[0])))"
                                 ".map(t => t.caption.textContent)")
    check(name + ": rows of tables are as long as their heads", not odd, odd)
    images = browser.execute_script("return [...document.querySelectorAll('image')].map(i => i.getAttribute('href').slice(0, 22))")
    facts = browser.execute_script("return [...document.querySelectorAll('header dt')].map(d => d.textContent + ': ' + d.nextElementSibling.textContent)")
    wanted = ["study", "hash of the study", "engine", "sites", "patients", "variables", "settings", "rules in force"]
    check(name + ": the head", [f.split(": ")[0] for f in facts] == wanted and all(len(f.split(": ")[1]) for f in facts), facts)
    check(name + ": the head says what pooled.json says", heads_agree(name, dict(f.split(": ", 1) for f in facts)), facts)
    check(name + ": images are inside", all(i == "data:image/png;base64," for i in images), images)


def check_phone(browser, name):
    wide = browser.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
    check(name + ": no sideways scroll at 360 px", wide[0] <= 360 and wide[1] == 360, wide)
    loose = browser.execute_script(
        "return [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > 361 && !e.closest('.scroll'))"
        ".map(e => e.tagName + ' ' + e.className).slice(0, 5)")
    check(name + ": only tables scroll by themselves", not loose, loose)


def check_dark(browser, name):
    for scheme in ("light", "dark"):
        window(browser, 1100, 900, scheme)
        found = browser.execute_script(CONTRAST)
        back = found.pop("back")
        check("%s, %s: the background is %s" % (name, scheme, scheme), back < 0.05 if scheme == "dark" else back > 0.9, back)
        check("%s, %s: text is legible" % (name, scheme), all(v >= 4.5 for v in found.values()), found)


def check_print(browser, name):
    data = browser.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": False})["data"]
    pdf = base64.b64decode(data)
    with open(os.path.join(shots, name + "-print.pdf"), "wb") as out:
        out.write(pdf)
    check(name + ": prints", pdf.startswith(b"%PDF") and len(pdf) > 20000, len(pdf))


def check_files(browser, name):
    """Each plot can be had as a file, which needs nothing of the page."""
    files = browser.execute_script("""
        return [...document.querySelectorAll('a.file')].map(a => {
            a.addEventListener('click', e => e.preventDefault());
            a.click();
            const svg = a.previousElementSibling;
            return [a.download, a.href, svg.viewBox.baseVal.width, svg.querySelectorAll('*').length];
        });""")
    plots = browser.execute_script("return document.querySelectorAll('svg[role=img]').length")
    check(name + ": a file of each plot", len(files) == plots, (len(files), plots))
    for download, href, width, parts in files:
        head, _, text = href.partition(",")
        text = urllib.parse.unquote(text)
        check("%s: %s is a file" % (name, download), head == "data:image/svg+xml;charset=utf-8" and
              re.fullmatch(r"\w+\.svg", download) is not None, head)
        root = xml.etree.ElementTree.fromstring(text.encode())
        whole = root.tag == "{http://www.w3.org/2000/svg}svg" and float(root.get("width")) == width
        check("%s: %s is whole" % (name, download), whole and len(list(root.iter())) == parts + 1, (root.tag, parts))
        check("%s: %s needs no style sheet" % (name, download), "var(" not in text and "class=" not in text and
              "fill:rgb" in text and "url(" not in text, text[:300])


def check_hostile(browser):
    texts = browser.execute_script("return document.body.innerText")
    for text in ("<script>alert(1)</script>", "</h1><script>alert(3)</script> & more", '"&', "<img src=x onerror=alert(1)>"):
        check("hostile: %s is text" % text, text in texts, texts[:400])
    check("hostile: units too", "<b>months" in browser.execute_script(
        "return [...document.querySelectorAll('text.title')].map(t => t.textContent).join()"))
    made = browser.execute_script("return [document.scripts.length, document.images.length, document.querySelectorAll('main b').length]")
    check("hostile: no element comes of it", made == [1, 0, 0], made)


def check_filter(browser):
    found = browser.execute_script("""
        const d = document.querySelector('details.long'); d.open = true;
        const field = d.querySelector('input'), rows = [...d.querySelectorAll('tbody tr')];
        field.value = 'F0123'; field.dispatchEvent(new Event('input'));
        const left = rows.filter(r => !r.hidden).map(r => r.cells[0].textContent);
        field.value = ''; field.dispatchEvent(new Event('input'));
        const all = rows.filter(r => !r.hidden).length;
        d.open = false;
        return [rows.length, left, all];""")
    check("large: a long table has all rows and a filter", found == [1001, ["f0123"], 1001], found)


def read(name, file):
    with open(os.path.join(pools[name], file), encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def pixels_of(png):
    """Palette indices of an 8-bit PNG without interlace."""
    at, data, head = 8, b"", None
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        if kind == b"IHDR":
            head = struct.unpack(">IIBBBBB", png[at + 8:at + 8 + length])
        if kind == b"IDAT":
            data += png[at + 8:at + 8 + length]
        at += 12 + length
    width, height, depth, colour = head[:4]
    assert (depth, colour) == (8, 3), head
    raw, rows, above = zlib.decompress(data), [], bytes(width)
    for y in range(height):
        kind, row = raw[y * (width + 1)], bytearray(raw[y * (width + 1) + 1:(y + 1) * (width + 1)])
        for x in range(width):
            a, b, c = row[x - 1] if x else 0, above[x], above[x - 1] if x else 0
            p = a + b - c
            near = a if abs(p - a) <= abs(p - b) and abs(p - a) <= abs(p - c) else b if abs(p - b) <= abs(p - c) else c
            row[x] = row[x] + [0, a, b, (a + b) // 2, near][kind] & 255
        rows.append(bytes(row))
        above = rows[-1]
    return rows


def check_heat_map(browser, name):
    """Cells in the order of the clusters have the colours of covariance.csv."""
    href = browser.execute_script("return document.querySelector('#correlations image').getAttribute('href')")
    rows = pixels_of(base64.b64decode(href.split(",", 1)[1]))
    clusters = read(name, "clusters.csv")
    sizes = {}
    for c in clusters:
        sizes[c["cluster"]] = sizes.get(c["cluster"], 0) + 1
    order = [c["variable"] for c in sorted(clusters, key=lambda c: (-sizes[c["cluster"]], int(c["cluster"])))]
    r = {}
    for pair in read(name, "covariance.csv"):
        r[pair["a"], pair["b"]] = r[pair["b"], pair["a"]] = float(pair["correlation"] or "nan")
    bad = [(a, b) for y, a in enumerate(order) for x, b in enumerate(order)
           if abs(rows[y][x] - (r[a, b] + 1) * 32) > 0.5 + 1e-6]
    check(name + ": the heat map has the correlations of covariance.csv", len(rows) == len(order) and not bad, bad[:5])
    names = browser.execute_script("return [...document.querySelectorAll('#correlations text.r')].map(t => t.firstChild.textContent)")
    check(name + ": its names are in that order", len(order) > 40 or names == order, names)


def check_forest(browser, name):
    """The six largest I2, with the numbers of meta.csv."""
    means = [m for m in read(name, "meta.csv") if m["estimate_of"] == "mean" and m["method"] == "REML"]
    largest = sorted(means, key=lambda m: -float(m["i2"] or "-1"))[:6]
    shown = browser.execute_script(
        "return [...document.querySelectorAll('#heterogeneity figure')].map(f => [f.querySelector('figcaption').textContent, f.querySelector('p').textContent])")
    check(name + ": forests of the largest I2", [s[0] for s in shown] == [m["variable"] for m in largest], shown)
    for (_, words), m in zip(shown, largest):
        wanted = ["REML %.4g (95 %% %.4g to %.4g)" % tuple(float(m[k]) for k in ("estimate", "low", "high")),
                  "prediction %.4g to %.4g" % (float(m["predict_low"]), float(m["predict_high"])), "%.1f %%" % float(m["i2"])]
        check(name + ": their numbers are those of meta.csv", all(w in words for w in wanted), (words, wanted))


def check_curves(browser, name):
    """Corners of the curve of all patients lie at survival.csv, on the axes of the plot."""
    path = browser.execute_script("return document.querySelector('#survival svg[role=img] path.s.s0:not(.band)').getAttribute('d')")
    points = [p for p in read(name, "survival.csv") if not p["group"]]
    last = float(points[-1]["time"])
    wanted = "M%.1f %.1f" % (34, 26) + "".join(
        "H%.1fV%.1f" % (34 + float(p["time"]) / last * 280, 190 - 164 * float(p["survival"])) for p in points[1:])
    number = re.compile(r"-?[\d.]+")
    near = len(number.findall(path)) == len(number.findall(wanted)) and all(
        abs(float(a) - float(b)) < 0.11 for a, b in zip(number.findall(path), number.findall(wanted)))
    check(name + ": the curve is that of survival.csv", near, (path, wanted))


def check_site_curves(browser, name):
    """Risk groups of each site: its curves have as many corners as survival_by_site.csv has times of a level."""
    drawn = browser.execute_script(
        "return [...document.querySelectorAll('#risk svg[role=img]')].map(s => [s.querySelector('title').textContent,"
        " [...s.querySelectorAll('path.s:not(.band)')].map(p => p.getAttribute('d')).filter(d => d.includes('V')).map(d => d.split('V').length)])")
    rows = [r for r in read(name, "survival_by_site.csv") if r["group"] == "class"]
    for site in sorted({r["site"] for r in rows}):
        levels = {}
        for r in rows:
            if r["site"] == site:
                levels[r["level"]] = levels.get(r["level"], 0) + 1
        corners = [sorted(c) for title, c in drawn if title.endswith(", site " + site)]
        check(name + ": risk groups at " + site, corners == [sorted(n for n in levels.values() if n > 1)], (corners, levels))


def check_p_values(browser, name):
    """As many points as there are p-values, and the smallest 15 in the table."""
    tests = [r for r in read(name, "tests.csv") if r["group"] == "sex" and r["test"] == "welch" and r["p"]]
    count, shown = browser.execute_script(
        "const s = document.querySelector('#groups .beside'); return [s.querySelector('path.dots').getAttribute('d').split('M').length - 1,"
        " [...s.querySelectorAll('tbody tr')].map(r => [r.cells[0].textContent, r.cells[6].textContent])]")
    wanted = [[r["variable"], "%.4g" % float(r["p"])] for r in sorted(tests, key=lambda r: float(r["p"]))[:15]]
    check(name + ": points and smallest p are those of tests.csv", count == len(tests) and shown == wanted, (count, shown, wanted))


def without_script(name, url):
    folder = tempfile.mkdtemp()
    browser = start(folder, "--blink-settings=scriptEnabled=false")
    browser.get(url)
    check(name + ": without its script no dead field stands there", "<input" not in browser.page_source and "<svg" in browser.page_source)
    browser.quit()
    shutil.rmtree(folder, ignore_errors=True)


def look(browser, name):
    path = os.path.join(os.path.abspath(pools[name]), "report.html")
    with open(path, encoding="utf-8") as page:
        text = page.read()
    check(name + ": below 5 MB", len(text.encode()) < MOST_BYTES, len(text))
    check(name + ": no path, no address", not re.search(r"https?://|/tmp/|/home/|file:", text))
    window(browser, 1100, 900)
    load(browser, name, "file://" + path)
    check_structure(browser, name)
    check_plots(name, 1100, look_at_plots(browser, name))
    shoot(browser, os.path.join(shots, name + "-light.png"))
    if name == "hostile":
        check_hostile(browser)
    if name == "large":
        check_filter(browser)
    if name in ("whole", "large", "many"):
        check_heat_map(browser, name)
        check_forest(browser, name)
        check_p_values(browser, name)
    if name in ("whole", "alone"):
        check_curves(browser, name)
    if name == "whole":
        check_site_curves(browser, name)
    check_files(browser, name)
    check_dark(browser, name)
    shoot(browser, os.path.join(shots, name + "-dark.png"))
    window(browser, 360, 740)
    check_phone(browser, name)
    check_plots(name, 360, look_at_plots(browser, name))
    shoot(browser, os.path.join(shots, name + "-phone.png"))
    window(browser, 1100, 900)
    check_print(browser, name)


def main():
    folder = tempfile.mkdtemp()
    browser = start(folder)
    began = time.time()
    try:
        for name in pools:
            look(browser, name)
    finally:
        browser.quit()
        shutil.rmtree(folder, ignore_errors=True)
    without_script("whole", "file://" + os.path.join(os.path.abspath(pools["whole"]), "report.html"))
    print("%d pages in %.0f s, screenshots in %s" % (len(pools), time.time() - began, shots))
    print("Running suite(s): report")
    print("%d%%: Checks: %d, Failures: %d, Errors: 0" % (100 * (checks - failures) // checks, checks, failures))
    return failures > 0


sys.exit(main())
