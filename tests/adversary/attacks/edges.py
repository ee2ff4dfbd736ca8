"""Where intervals end: the outer ends of histograms, and cuts of life tables, that lie where single patients are.

No background knowledge but the program's source.
"""

import math
import struct

from claims import Claim
from released import exact


def relative_edge(cell, bits):
    order, half = cell << (52 - bits), 1 << 63
    if cell >> (12 + bits):
        return math.inf
    raw = order - half if order >= half else (half - order) | half
    return struct.unpack("<d", struct.pack("<Q", raw % 2**64))[0]


def edge(grid, cell):
    if "bits" in grid:
        return relative_edge(cell, grid["bits"])
    if not cell:
        return -math.inf
    if cell > grid["cells"] + 1:
        return math.inf
    return grid["from"] + (grid["to"] - grid["from"]) * (cell - 1) / grid["cells"]


def deviation(v):
    n, s1, s2 = [float(exact(x)) if isinstance(x, str) else float(x) for x in v["sets"][0][:3]]
    return math.sqrt(max(s2 / n - (s1 / n) ** 2, 0))


def histograms(outcome):
    """The last interval ends with the step that holds the largest value, the first begins with the smallest one's."""
    out = []
    for at, release in enumerate(outcome.releases):
        for v in release.summary["variables"]:
            bars, grid = v["histogram"], v["grid"]
            if not bars or not v["sets"][0] or len(v["sets"][0]) < 3:
                continue
            cells = 1 << 12 + grid["bits"] if "bits" in grid else grid["cells"] + 2
            step = 1 << grid["bits"] if "bits" in grid else 1
            while "bits" not in grid and step * 8 < cells:
                step *= 2
            ends = []
            if bars[0][0] > 1 or ("bits" in grid and bars[0][0]):
                ends.append((bars[0][0], bars[0][0] + step))
            if bars[-1][1] < cells - ("bits" not in grid):
                ends.append((bars[-1][1] - step, bars[-1][1]))
            for a, b in ends:
                low, high = edge(grid, max(a, 0)) - v["centre"], edge(grid, b) - v["centre"]
                if high - low < 0.3 * deviation(v):
                    words = "%s: an outermost value is in %g to %g" % (v["name"], low, high)
                    out.append(
                        Claim(
                            "ends", "interval", words, at, ("number", v["name"]), low=low, high=high, certain=False
                        )
                    )
    return out


def life_tables(outcome):
    """After intervals in which nobody left somebody did: one cut more would have fitted."""
    out = []
    for at, release in enumerate(outcome.releases):
        for name, how in (release.study.get("outcomes") or {}).items():
            if not isinstance(how, dict) or "time" not in how:
                continue
            grid, left, edges = how["grid"], {}, set()
            for item in release.items:
                if len(item.where) == 1 and item.where[0][0] == "left" and item.where[0][1] == name:
                    _, _, event, a, b = item.where[0]
                    edges.add(a)
                    if event is not None:
                        left[a, b] = left.get((a, b), 0) + item.value
            for (a, b), count in sorted(left.items()):
                after = [v for (c, _), v in left.items() if c == b]
                if count or (after and not after[0]) or b not in grid[:-1]:
                    continue
                end = grid[grid.index(b) + 1]
                where = (("left", name, None, b, end),)
                words = "somebody left in %g to %g" % (b, end)
                out.append(Claim("cuts", "time", words, at, where=where, certain=False))
    return out


def attack(outcome, rng):
    return histograms(outcome) + life_tables(outcome)
