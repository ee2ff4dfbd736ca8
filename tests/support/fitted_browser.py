"""Pages of models in rounds in headless Chromium: fitted_browser.py SCREENSHOTS FOLDER. Stops at what does not hold."""
import os
import re
import sys
import tempfile
import urllib.parse
import xml.etree.ElementTree

from browser import CONTRAST, PLOTS, shoot, start, window

# Plots of each model by section.
EXPECTED = {
    "plain": {"coefficients": 1},
    "counts": {"coefficients": 1},
    "path": {"path": 1},
    "left": {"coefficients": 1, "validation": 3},
    "times": {"coefficients": 1, "path": 1, "validation": 2},
    "few": {},
}
TEXT = ["p", "a", "dt", "td", "caption", "head", "svg text", "svg text.title"]
SVG = "{http://www.w3.org/2000/svg}"


def look(browser, name, width, scheme):
    """One page at one width: nothing is cut, small or hidden, and it asks for nothing but itself."""
    plots = browser.execute_script(PLOTS)
    counts = {}
    for p in plots:
        counts[p["section"]] = counts.get(p["section"], 0) + 1
        assert p["drawn"] and p["width"] > 100 and p["height"] > 60, (name, width, p)
        assert p["title"] and p["desc"] and not p["bad"] and not p["overlaps"] and p["size"] >= 11, (name, width, p)
        assert p["titles"] and all(re.search(r"\(.+\)$", t) for t in p["titles"]), (name, width, p)
    assert counts == EXPECTED[name], (name, counts)
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    assert wide <= width, (name, wide, width)
    contrast = browser.execute_script(CONTRAST)
    assert (contrast["back"] > 0.5) == (scheme == "light"), contrast
    low = {k: v for k, v in contrast.items() if k in TEXT and v < 4.5}
    assert not low, (name, scheme, low)


def download(browser, name):
    """Each plot as a file of its own: SVG that parses, with the words of the plot and no class of the page."""
    links = browser.find_elements("css selector", "a.file")
    assert len(links) == sum(EXPECTED[name].values()), (name, len(links))
    for link in links:
        browser.execute_script("arguments[0].addEventListener('click', e => e.preventDefault()); arguments[0].click()", link)
        href = link.get_attribute("href")
        root = xml.etree.ElementTree.fromstring(urllib.parse.unquote(href.split(",", 1)[1]).encode())
        assert root.tag == SVG + "svg" and root.find(SVG + "title").text and root.find(SVG + "text") is not None, href[:200]
        assert not [e for e in root.iter() if e.get("class")], href[:200]


def check(browser, shots, folder, name):
    url = "file://%s/%s.report.html" % (os.path.abspath(folder), name)
    browser.get(url)
    for width, scheme in ((1200, "light"), (390, "light"), (390, "dark")):
        window(browser, width, 900, scheme)
        browser.get(url)
        look(browser, name, width, scheme)
        shoot(browser, os.path.join(shots, "fit-%s-%d-%s.png" % (name, width, scheme)))
    window(browser, 794, 1123)  # a sheet of A4
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": []})
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    assert wide <= 794, (name, wide)
    assert not browser.execute_script("return [...document.querySelectorAll('a.file')].some(a => a.offsetParent)")
    shoot(browser, os.path.join(shots, "fit-%s-print.png" % name))
    window(browser, 1200, 900)
    browser.get(url)
    files = browser.execute_script("return [...document.querySelectorAll('section a')].map(a => a.getAttribute('href'))")
    lost = [f for f in files if not f.startswith("#") and not os.path.exists(os.path.join(folder, f))]
    assert not lost, (name, lost)
    download(browser, name)
    said = [e for e in browser.get_log("browser") if e["level"] in ("SEVERE", "WARNING")]
    assert not said, (name, said)


def main(shots, folder):
    with tempfile.TemporaryDirectory() as profile:
        browser = start(profile)
        try:
            for name in EXPECTED:
                check(browser, shots, folder, name)
        finally:
            browser.quit()


if __name__ == "__main__":
    main(*sys.argv[1:])
