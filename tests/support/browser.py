"""Headless Chromium, for pages that tests look at."""
import base64
import shutil

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

SWITCHES = """--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync --hide-scrollbars""".split()

# Each plot: its words, its size, text that is cut or lies on other text, whether anything is drawn.
PLOTS = """
return [...document.querySelectorAll('svg[role=img]')].map(svg => {
    const box = svg.getBoundingClientRect(), bad = [], overlaps = [];
    const scale = box.width / svg.viewBox.baseVal.width;
    const texts = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
    for (const [text, b] of texts)
        if (b.left < box.left - 1.5 || b.right > box.right + 1.5 || b.top < box.top - 1.5 || b.bottom > box.bottom + 1.5)
            bad.push(text + ' ' + [b.left - box.left, box.right - b.right, b.top - box.top, box.bottom - b.bottom].map(Math.round));
    for (let i = 0; i < texts.length; i++)
        for (let j = 0; j < i; j++) {
            const a = texts[i][1], b = texts[j][1];
            const w = Math.min(a.right, b.right) - Math.max(a.left, b.left), h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (w > 1 && h > 4 * scale) overlaps.push(texts[i][0] + ' / ' + texts[j][0]);
        }
    const drawn = [...svg.querySelectorAll('path.mark,path.dots,path.s,image,path.sum')].some(
        m => m.getBoundingClientRect().width + m.getBoundingClientRect().height > 0);
    return {section: svg.closest('section').id, title: svg.querySelector('title').textContent,
            desc: svg.querySelector('desc').textContent, width: box.width, height: box.height, bad, overlaps, drawn,
            titles: [...svg.querySelectorAll('text.title')].map(t => t.textContent),
            size: Math.min(...[...svg.querySelectorAll('text')].map(t => parseFloat(getComputedStyle(t).fontSize) * scale))};
});"""

# Contrast of text against the page: body, captions, axis text, links, table heads.
CONTRAST = """
const parts = c => c.match(/[\\d.]+/g).slice(0, 3).map(Number);
const light = c => { const [r, g, b] = parts(c).map(x => (x /= 255) <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
                     return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const back = getComputedStyle(document.body).backgroundColor;
const ratio = (c, d) => { const [a, b] = [light(c), light(d)].sort((x, y) => y - x); return (a + 0.05) / (b + 0.05); };
const out = {back: light(back)};
for (const name of ['p', 'figcaption', 'a', 'dt', 'td', 'caption', 'summary', '.nothing', 'footer p', 'figure p', '.key li']) {
    const e = document.querySelector(name);
    if (e) out[name] = ratio(getComputedStyle(e).color, back);
}
const head = document.querySelector('thead th');
out.head = ratio(getComputedStyle(head).color, getComputedStyle(head).backgroundColor);
for (const name of ['svg text', 'svg text.title', 'svg text.soft']) {
    const e = document.querySelector(name);
    if (e) out[name] = ratio(getComputedStyle(e).fill, back);
}
return out;"""


def start(folder, *switches):
    options = Options()
    for switch in [*SWITCHES, "--user-data-dir=" + folder, *switches]:
        options.add_argument(switch)
    options.binary_location = shutil.which("chromium")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)


def window(browser, width, height, scheme="light"):
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia",
                            {"media": "", "features": [{"name": "prefers-color-scheme", "value": scheme}]})


def shoot(browser, path):
    height = browser.execute_script("return Math.ceil(document.documentElement.scrollHeight)")
    width = browser.execute_script("return window.innerWidth")
    shot = browser.execute_cdp_cmd("Page.captureScreenshot", {
        "format": "png", "captureBeyondViewport": True,
        "clip": {"x": 0, "y": 0, "width": width, "height": min(height, 15000), "scale": 1}})
    with open(path, "wb") as out:
        out.write(base64.b64decode(shot["data"]))
