"""The page of a run in headless Chromium: run_browser.py SCREENSHOTS RUN. Stops at what does not hold."""
import os
import sys
import tempfile

from browser import shoot, start, window

shots, run = sys.argv[1:]
with tempfile.TemporaryDirectory() as profile:
    browser = start(profile)
    try:
        for width, scheme in ((1200, "light"), (390, "light"), (390, "dark"), (360, "dark")):
            window(browser, width, 900, scheme)
            browser.get("file://" + os.path.abspath(run) + "/report.html")
            wide = browser.execute_script("return document.documentElement.scrollWidth")
            assert wide <= width, (wide, width)
            tables = browser.execute_script("return [...document.querySelectorAll('.kinds table')].map(t => [t.scrollWidth, t.parentElement.clientWidth])")
            assert tables and all(t <= room for t, room in tables), tables
            tables = browser.execute_script("return [...document.querySelectorAll('table')].map(t => [t.rows[0].cells.length, t.scrollWidth, t.parentElement.clientWidth])")
            assert all(cells > 3 or t <= room for cells, t, room in tables), tables
            shoot(browser, os.path.join(shots, "run-%s-%d.png" % (scheme, width)))
            boxes = browser.find_elements("css selector", "#groups svg")
            assert len(boxes) == 6 and all(b.size["width"] >= 300 for b in boxes), len(boxes)
            for image in browser.find_elements("css selector", ".cases img"):  # loaded once they are seen
                browser.execute_script("arguments[0].scrollIntoView()", image)
                browser.execute_async_script("const [i, done] = arguments; i.decode().then(done)", image)
            assert browser.execute_script("return [...document.images].every(i => i.naturalWidth === 480)")
        window(browser, 794, 1123)  # a sheet of A4
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": []})
        wide = browser.execute_script("return document.documentElement.scrollWidth")
        assert wide <= 794, wide
        shoot(browser, os.path.join(shots, "run-print.png"))
        window(browser, 1200, 900)
        link = browser.find_element("css selector", "#features a[href^='#r']")
        browser.get(link.get_attribute("href"))
        assert browser.execute_script("return document.querySelector('.cases figure:target') !== null")
        said = [e for e in browser.get_log("browser") if e["level"] == "SEVERE"]
        assert not said, said
    finally:
        browser.quit()
