"""The page of a run against its tables: run_page.py RUN. Stops at what does not hold."""
import csv
import html
import os
import re
import statistics
import sys

run = sys.argv[1]
page = open(os.path.join(run, "report.html"), encoding="utf-8").read()
rows = list(csv.DictReader(open(os.path.join(run, "features.csv"))))
cases = list(csv.DictReader(open(os.path.join(run, "cases.csv"))))

# Nothing is loaded but pictures of the run; every link leads somewhere.
assert not re.search(r'(src|href)="(?!#|pictures/)', page)
targets = set(re.findall(r' id="([^"]+)"', page))
assert all(t in targets for t in re.findall(r'href="#([^"]+)"', page))
pictures = re.findall(r'src="([^"]+)"', page)
assert len(pictures) == len(rows) and all(os.path.exists(os.path.join(run, p)) for p in pictures)
assert "gone &amp; &lt;lost&gt;" in page and "<lost>" not in page

# Two cases of one kind of failure are one row.
failures = page[page.index('id="failures"'):page.index('id="warnings"')]
assert re.search(r"<td>2</td><td class=\"t\"><a href=\"#r25\">lost</a>, <a href=\"#r26\">", failures), failures


def shown(x):
    return float("%.4g" % x)


def of(name):
    return [float(r[name]) if r[name] else None for r in rows]


figures = re.findall(r"<figcaption>([^<]*): median (\S+), half of the rows within (\S+) and (\S+)</figcaption>(.*?)</figure>", page, re.S)
assert len(figures) >= 25, len(figures)
far_out, values = 0, {}
for label, median, low, high, body in figures:
    name = re.search(r"<title[^>]*>([^<]*)</title>", body).group(1)
    x = [v for v in of(name) if v is not None]
    values[html.unescape(label)] = of(name)
    q = statistics.quantiles(x, n=4, method="inclusive")
    got = [float(v) for v in (low, median, high)]
    assert all(abs(a - shown(b)) <= 1.01e-4 * abs(b) + 1e-300 for a, b in zip(got, q)), (name, got, q)
    far = [v for v in x if v < q[0] - 3 * (q[2] - q[0]) or v > q[2] + 3 * (q[2] - q[0])] if q[2] > q[0] else []
    said = re.search(r"<p>(\d+) far out: (.*?)</p>", body, re.S)
    assert (int(said.group(1)) if said else 0) == len(far), (name, len(far))
    far_out += len(far)
    if said:  # the furthest first, by its row
        assert said.group(2).count("<a ") == min(6, len(far))
        furthest = max(far, key=lambda v: max(q[0] - v, v - q[2]))
        assert abs(float(re.search(r"\(([^)]*)\)", said.group(2)).group(1)) - shown(furthest)) <= 1e-4 * abs(furthest)
assert far_out, "no row is far out: the test shows nothing"


def groups_hold(by):
    """Every row of the table of groups against the tables: medians, quartiles, how far apart."""
    part = page[page.index('id="groups"'):page.index('id="clusters"')]
    levels = sorted(set(r[by] for r in rows), key=[r[by] for r in rows].index)
    assert "Rows: " + ", ".join("%s %d" % (x, sum(r[by] == x for r in rows)) for x in levels) in part
    head = re.search(r"<thead>(.*?)</thead>", part, re.S).group(1)
    assert re.findall(r"<th[^>]*>([^<]*)</th>", head)[2:] == levels, head
    last, seen = float("inf"), 0
    for label, apart, cells in re.findall(r'<tr><th scope="row">([^<]*)</th><td>([^<]*)</td>(.*?)</tr>', part, re.S):
        label = html.unescape(label)
        x = values[label] if label in values else values[label[:label.rindex(", ")]]
        of_level = [[v for v, r in zip(x, rows) if r[by] == name and v is not None] for name in levels]
        most = max(abs(statistics.mean(a) - statistics.mean(b)) / ((statistics.variance(a) + statistics.variance(b)) / 2) ** 0.5
                   for a in of_level for b in of_level if a is not b)
        assert abs(float(apart) - most) <= 1.01e-3 * most and float(apart) <= last, (label, apart, most)
        last, seen = float(apart), seen + 1
        for cell, v in zip(re.findall(r"<td[^>]*>([^<]*)</td>", cells), of_level):
            low, median, high = statistics.quantiles(v, n=4, method="inclusive")
            got = [float(n) for n in re.match(r"(\S+) \((\S+) to (\S+)\)$", cell).groups()]
            assert all(abs(g - w) <= 1.01e-3 * abs(w) + 1e-300 for g, w in zip(got, (median, low, high))), (label, cell)
    assert seen >= 25 and part.count("<svg") == 6, (seen, part.count("<svg"))


groups_hold("site")


def ranks(x):
    order = sorted(range(len(x)), key=x.__getitem__)
    out = [0.0] * len(x)
    for i in order:
        same = [k for k in range(len(x)) if x[order[k]] == x[i]]
        out[i] = statistics.mean(same)
    return out


def spearman(a, b):
    both = [(x, y) for x, y in zip(values[a], values[b]) if x is not None and y is not None]
    return statistics.correlation(ranks([x for x, _ in both]), ranks([y for _, y in both]))


clusters = re.findall(r'<tr><th scope="row">([^<]*)</th><td>(\d+)</td><td class="t">([^<]*)</td>', page[page.index('id="clusters"'):])
assert clusters
for kept, count, others in clusters:
    members = [html.unescape(kept)] + html.unescape(others).split(", ")
    if len(members) != int(count):
        continue  # a label that has a comma
    assert all(abs(spearman(a, b)) >= 0.9 - 1e-12 for a in members for b in members), members
