"""Plots of peers.json as SVG: 360 wide for a phone; engines differ by colour (Okabe and Ito's), shape and name."""
import math
import statistics
from xml.sax.saxutils import escape

WIDTH, LEFT, RIGHT, LINE = 360, 84, 14, 22
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8A6F00")
ORDER = ("Pictologics", "Flash-Radiomics", "PyRadiomics", "Nyxus", "fastrad", "MIRP", "RadiomicsJ", "pyCERR")
STYLE = "text{font:12px system-ui,sans-serif;fill:#222}.s{font-size:11px}.b{font-weight:600}"


def style_of(engine):
    if engine == "radiomill":
        return "#000000", len(ORDER)
    at = ORDER.index(engine) if engine in ORDER else len(ORDER) - 1
    return COLOURS[at % len(COLOURS)], at


def shape(at, x, y, colour):
    """Circle, square, triangle, diamond, the same hollow, and a cross."""
    if at == len(ORDER):
        return f'<path d="M{x - 4.5:.1f} {y - 4.5:.1f}l9 9m0 -9l-9 9" stroke="{colour}" stroke-width="2.6"/>'
    paint = f'fill="{colour}" stroke="{colour}"' if at < 4 else f'fill="#fff" stroke="{colour}"'
    paint += ' stroke-width="1.8"'
    kind = at % 4
    if kind == 0:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" {paint}/>'
    if kind == 1:
        return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" {paint}/>'
    points = ((0, -5), (5, 4), (-5, 4)) if kind == 2 else ((0, -5.5), (5.5, 0), (0, 5.5), (-5.5, 0))
    return f'<polygon points="{" ".join(f"{x + a:.1f},{y + b:.1f}" for a, b in points)}" {paint}/>'


def text(x, y, words, anchor="start", kind=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{escape(words)}</text>'


def frame(height, title, inside):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">'
            f"<title>{escape(title)}</title><style>{STYLE}</style>"
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>' + "".join(inside) + "</svg>\n")


class Scale:
    """Logarithmic, from x to x."""

    def __init__(self, low, high):
        self.low, self.high = math.log10(low), math.log10(high)

    def __call__(self, value):
        share = (math.log10(value) - self.low) / max(self.high - self.low, 1e-9)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def ticks(self):
        steps = (1,) if self.high - self.low > 2.5 else (1, 3)
        found = [s * 10.0 ** p for p in range(math.floor(self.low), math.ceil(self.high) + 1) for s in steps]
        return [v for v in found if self.low - 1e-9 <= math.log10(v) <= self.high + 1e-9]


def legend(engines, y):
    parts, x = [], 10
    for engine in engines:
        colour, at = style_of(engine)
        if x + 20 + 7 * len(engine) > WIDTH:
            x, y = 10, y + 18
        parts += [shape(at, x + 5, y - 4, colour), text(x + 15, y, engine, kind="s")]
        x += 28 + 6.4 * len(engine)
    return parts, y + 10


def dots(title, note, lines, unit, least):
    """lines: (label, [(engine, value)]); a dot each on one logarithmic axis."""
    values = [v for _, found in lines for _, v in found]
    if not values:
        return frame(40, title, [text(10, 24, title + ": no figures", kind="b")])
    scale = Scale(min(least, min(values) * 0.8), max(values) * 1.3)
    engines = [e for e in ORDER if any(e == name for _, found in lines for name, _ in found)]
    engines = sorted({name for _, found in lines for name, _ in found} - set(engines)) + engines
    parts = [text(10, 20, title, kind="b"), text(10, 36, note, kind="s")]
    more, top = legend(engines, 56)
    parts += more
    bottom = top + LINE * len(lines) + 6
    for tick in scale.ticks():
        x = scale(tick)
        parts.append(f'<path d="M{x:.1f} {top:.0f}V{bottom:.0f}" stroke="{"#666" if tick == 1 else "#ddd"}"/>')
        parts.append(text(x, bottom + 14, f"{tick:g}{unit}", "middle", "s"))
    for i, (label, found) in enumerate(lines):
        y = top + LINE * (i + 0.5) + 3
        parts.append(text(LEFT - 8, y + 4, label, "end", "s"))
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#eee"/>')
        for engine, value in sorted(found, key=lambda p: -p[1]):
            colour, at = style_of(engine)
            parts.append(shape(at, scale(value), y, colour))
    return frame(int(bottom + 24), title, parts)


def rows_of(told, keep):
    found = {}
    for row in told["rows"]:
        if "failed" not in row and row["engine"] != "before" and keep(row):
            found.setdefault((row["row"], row["threads"]), []).append(row)
    return found


def ratios(told):
    found = rows_of(told, lambda r: r["mode"] in ("memory", "batch") and not r["row"].startswith("P "))
    lines = [(f"{key}, {threads} thr", [(r["engine"], r["ratio"]) for r in rows])
             for (key, threads), rows in sorted(found.items(), key=lambda p: p[0][1])]
    return dots("Times as long as radiomill", "same features of the same arrays, warm; logarithmic", lines, "x", 1)


def memory(told):
    found = rows_of(told, lambda r: r["mode"] == "command" and r["threads"] == 1)
    lines = []
    for (key, _), rows in found.items():
        ours = statistics.median(r["ours"]["peak"] for r in rows)
        lines.append((key, [("radiomill", ours)] + [(r["engine"], r["theirs"]["peak"]) for r in rows]))
    return dots("Peak memory of a whole command", "MB, one thread; logarithmic", lines, "", 10)


def draw(told):
    return {"bench-ratios.svg": ratios(told), "bench-memory.svg": memory(told)}
