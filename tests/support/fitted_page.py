"""The pages of models in rounds say what their tables say: fitted_page.py FOLDER MODEL... Stops at what does not hold.

Numbers of the page are those of the tables at four digits; places in plots are those of the numbers, up to a line.
"""
import csv
import html.parser
import math
import os
import re
import sys


class Tables(html.parser.HTMLParser):
    """Cells of each table by its caption, and all words of each section."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.words, self.rows, self.cell, self.section, self.caption = {}, {}, None, None, "", None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "section":
            self.section = dict(attributes)["id"]
        if tag == "table":
            self.rows = []
        if tag == "caption":
            self.caption = ""
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.cell = ""

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append(self.cell)
            self.cell = None
        if tag == "caption":
            self.tables[self.section, self.caption] = self.rows
            self.caption = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data
        if self.caption is not None:
            self.caption += data
        self.words[self.section] = self.words.get(self.section, "") + data


def told(text):
    """A number of a table as the page has it."""
    return "%.4g" % float(text) if text not in ("", "NA") else "\u2013"


def read(folder, model, name):
    with open(os.path.join(folder, "%s.%s.csv" % (model, name)), newline="") as file:
        rows = list(csv.DictReader(file))
    return [dict(r, **({"lambda": repr(float(r["lambda"]))} if r["lambda"] else {})) for r in rows]


def on_a_line(pairs):
    """Are places a line of the values, but for their rounding to a tenth of a pixel?"""
    (a, x), (b, y) = min(pairs), max(pairs)
    return all(abs(x + (v - a) / (b - a) * (y - x) - at) < 0.16 for v, at in pairs) if b > a else True


def points(text, title, kind):
    """Places of a path of a plot."""
    plot = next(p for p in text.split("<svg ")[1:] if "<title>%s</title>" % title in p)
    return re.search(r'<path class="%s" d="([^"]*)"' % kind, plot).group(1)


def check_coefficients(page, text, rows, shown):
    several = len({r["lambda"] for r in rows}) > 1
    here = [r for r in rows if shown is None or r["lambda"] == shown]
    names = ["estimate", "se", "low", "high", "ratio", "ratio_low", "ratio_high", "p"]
    table = page.tables["coefficients", "Coefficients"]
    assert [row[0] for row in table[1:]] == [r["term"] for r in here], table
    for row, r in zip(table[1:], here):
        assert row[1:] == [told(r[k]) for k in ["lambda"][: int(several)] + names], (row, r)
    drawn = sorted((r for r in here if r["term"] != "(intercept)" and float(r["scaled"])), key=lambda r: -abs(float(r["scaled"])))
    if shown is None or not drawn:
        return
    title = "%s: %ss" % (here[0]["model"], table[0][5 + several])
    dots = [float(x) for x in re.findall(r"M([\d.]+) ", points(text, title, "dots big"))]
    assert len(dots) == len(drawn) and on_a_line([(float(r["scaled"]), x) for r, x in zip(drawn, dots)]), (dots, drawn)
    spans = [float(x) for m in re.findall(r"M([\d.]+) [\d.]+H([\d.]+)", points(text, title, "span")) for x in m]
    assert len(spans) == (2 * len(drawn) if drawn[0]["se"] else 0), spans
    if spans:  # without a scale, ratios are those of the columns
        ends = [math.log(float(r[k])) for r in drawn for k in ("ratio_low", "ratio_high")]
        assert on_a_line(list(zip(ends, spans))), (ends, spans)


def check_path(page, text, rows, fits, model):
    table = page.tables["path", "Lambdas"]
    for row, f in zip(table[1:], fits):
        names = ["lambda", "log_likelihood", "deviance", "left_out_deviance"]
        assert [row[0], *row[2:5]] == [told(f[k]) for k in names], (row, f)
        assert [row[1], *row[5:]] == [f["terms"], f["rounds"], f["halvings"]], (row, f)
    assert len(table) == len(fits) + 1
    last = [r for r in rows if r["term"] != "(intercept)" and r["lambda"] == fits[-1]["lambda"]]
    best = max(last, key=lambda r: abs(float(r["scaled"])))["term"]
    line = [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", points(text, model + ": path", "s s0"))]
    value = [float(r["scaled"]) for r in rows if r["term"] == best]
    assert len(line) == len(fits) and on_a_line(list(zip(value, (y for _, y in line)))), (value, line)
    assert on_a_line([(math.log(float(f["lambda"])), x) for f, (x, _) in zip(fits, line)]), line


def check_validation(page, folder, model, shown):
    rows = [r for r in read(folder, model, "validation") if shown is None or r["lambda"] == shown]
    table = page.tables["validation", "Each site at the coefficients of the others"]
    assert len(table) == len(rows) + 1
    for row, r in zip(table[1:], rows):
        assert row == [r["site"], told(r["lambda"]), r["terms"], told(r["deviance"]), told(r["left_out_deviance"])], (row, r)
    if not os.path.exists(os.path.join(folder, model + ".performance.csv")):
        return
    measured = {(r["site"], r["measure"]): r for r in read(folder, model, "performance")}
    table = page.tables["validation", "How the fit to the others does at each site"]
    assert len(table) == len(measured) + 1, table
    for row in table[1:]:
        r = measured[row[0], row[1]]
        assert row[2:6] == [told(r[k]) for k in ("estimate", "se", "low", "high")] and row[6:] == [r["patients"], r["events"]], (row, r)
    for (site, measure), r in measured.items():
        if site == "random effects" and r["estimate"]:
            words = "REML %s (95 %% %s to %s); prediction %s to %s" % tuple(
                told(r[k]) for k in ("estimate", "low", "high", "predict_low", "predict_high"))
            assert words in page.words["validation"], (measure, words)
    slopes = {s: r["estimate"] for (s, m), r in measured.items() if m == "calibration slope" and s != "random effects"}
    home = page.tables["withheld", "What each site told, of what it was asked of itself"][1:]
    assert {row[0]: row[2] for row in home} == {s: "told" if v else "stayed at home" for s, v in slopes.items()}, home
    cuts = {s: r["estimate"] for (s, m), r in measured.items() if m == "calibration intercept" and s != "random effects"}
    assert {row[0]: row[3] for row in home if cuts} == {s: "told" if v else "stayed at home" for s, v in cuts.items()}, home
    kept = sum(not v for v in slopes.values()), sum(not v for v in cuts.values())
    said = "%d the slope of their calibration" % kept[0] + (", %d its intercept." % kept[1] if cuts else ".")  # times have none
    assert said in page.words["withheld"], page.words["withheld"]
    assert ("(minimum_cell)" in page.words["withheld"]) == (sum(kept) > 0)


def check(folder, model):
    with open(os.path.join(folder, model + ".report.html"), encoding="utf-8") as file:
        text = file.read()
    page = Tables(text)
    rows, fits = read(folder, model, "coefficients"), read(folder, model, "fits")
    left = [f for f in fits if f["left_out_deviance"]]
    shown = fits[0]["lambda"] if len(fits) == 1 else min(left, key=lambda f: float(f["left_out_deviance"]))["lambda"] if left else None
    assert "%s patients" % fits[0]["patients"] in page.words["methods"], page.words
    if not rows:
        assert fits[0]["result"] in page.words["coefficients"] and fits[0]["result"] in page.words["methods"], page.words
        return
    check_coefficients(page, text, rows, shown)
    if len(fits) > 1:
        check_path(page, text, rows, fits, model)
    table = page.tables["rounds", "Rounds"]
    every = [row for row in table if row[0] == "all sites"]
    assert [row[2:4] for row in every] == [[f["rounds"], f["halvings"]] for f in fits], (every, fits)
    if os.path.exists(os.path.join(folder, model + ".validation.csv")):
        check_validation(page, folder, model, shown)


if __name__ == "__main__":
    for each in sys.argv[2:]:
        check(sys.argv[1], each)
