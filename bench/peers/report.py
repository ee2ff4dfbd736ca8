"""Tables, the line of ratios and the plots, of peers.json: report.py PEERS.json DOCUMENT README PICTURES."""
import json
import os
import statistics
import sys
import textwrap

import plots

MODES = {"memory": "arrays, warm", "command": "command", "batch": "batch"}


def median(told, side, what="wall"):
    return statistics.median(told[side][what])


def line(told):
    """What the terminal shows of a row while the run goes on."""
    start = f"{told['row']:12} {told['threads']} {MODES[told['mode']]:12} {told['engine']:16}"
    if "failed" in told:
        return f"{start} {told['failed']}"
    return (f"{start} {1e3 * median(told, 'theirs'):10,.1f} ms, ours {1e3 * median(told, 'ours'):9,.1f} ms: "
            f"{told['ratio']:.1f} times")


def short(ms):
    return f"{ms:,.0f}" if ms >= 100 else f"{ms:.1f}"


def times(ratio):
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.1f}"


def good(rows, **wanted):
    return [r for r in rows if "failed" not in r and all(r[k] == v for k, v in wanted.items())]


def keys(rows):
    """(row, mode, threads) in the order of the run."""
    return list(dict.fromkeys((r["row"], r["mode"], r["threads"]) for r in rows))


def order(key):
    return key[0].startswith("P ") and key[0] != "P", ("memory", "command", "batch").index(key[1]), key[2]


def others(rows):
    return [r for r in rows if r["engine"] != "before"]


def next_best(rows):
    """A line for each case: who comes next to radiomill on the families that both have."""
    lines = ["| case | run | threads | next best | its ms | ours | ratio |", "|---|---|---|---|---|---|---|"]
    for row, mode, threads in sorted(keys(rows), key=order):
        found = good(others(rows), row=row, mode=mode, threads=threads)
        if found:
            best = min(found, key=lambda r: r["ratio"])
            late = any("out of time" in r.get("failed", "") for r in others(rows)
                       if (r["row"], r["mode"], r["threads"]) == (row, mode, threads))
            words = best["engine"] + (", of those that had time" if late else "")
            lines.append(f"| {row} | {MODES[mode]} | {threads} | {words} | {short(1e3 * median(best, 'theirs'))} | "
                         f"{short(1e3 * median(best, 'ours'))} | {times(best['ratio'])} |")
    return lines


def figures(told, side):
    one = told[side]
    peak = f"{one['peak']:.0f}" if one.get("peak") else ""
    return f"{short(1e3 * median(told, side))} | {short(1e3 * median(told, side, 'cpu'))} | {peak}"


def of_engine(rows, engine, says):
    lines = [f"**{engine}** {says}.".replace(" .", ""), "", "| case | run | threads | its ms | CPU ms | MB | ours | CPU ms | MB | ratio |",
             "|---|---|---|---|---|---|---|---|---|---|"]
    for told in sorted(good(rows, engine=engine), key=lambda r: order((r["row"], r["mode"], r["threads"]))):
        once = " (once)" if told["theirs"].get("once") else ""
        lines.append(f"| {told['row']} | {MODES[told['mode']]}{once} | {told['threads']} | {figures(told, 'theirs')} | "
                     f"{figures(told, 'ours')} | {times(told['ratio'])} |")
    return lines + [""] if len(lines) > 4 else []


def bars(rows):
    """What radiomill promises beside PyRadiomics with one parameter file, and what it is."""
    found = {(r["row"], r["mode"], r["threads"]): r for r in good(rows, engine="PyRadiomics")}
    lines = ["| PyRadiomics' parameter file: original, LoG, wavelets | is | bar | |", "|---|---|---|---|"]
    for row, case in (("brain1", "brain1"), ("filters", "CT phantom")):
        one, cold, two = (found.get((row, *key)) for key in (("memory", 1), ("command", 1), ("memory", 2)))
        more = one and two and median(one, "ours") / median(two, "ours")
        for words, is_it, bar in ((f"{case}, warm", one and one["ratio"], 20), (f"{case}, cold", cold and cold["ratio"], 30),
                                  (f"{case}, second thread", more, 1.6)):
            if is_it:
                lines.append(f"| {words} | {is_it:.1f} | {bar} | {'met' if is_it >= bar else 'missed'} |")
    return lines + [""] if len(lines) > 2 else []


def agreements(told):
    lines = ["| engine | its values | of ours | to 1e-9 | 1e-6 | 1e-3 | 1e-2 | not to 1e-2 |",
             "|---|---|---|---|---|---|---|---|"]
    for engine, found in told.items():
        far = [name for name, d in found["differ"].items() if d is None or d > 1e-2]
        names = ", ".join(f"`{name}`" for name in far[:6]) + (f" and {len(far) - 6} more" if len(far) > 6 else "")
        within = " | ".join(str(n) for n in found["within"].values())
        lines.append(f"| {engine} | {found['theirs']} | {found['matched']} | {within} | {names} |")
    return lines


def left_out(told):
    """Reasons, with the rows that share them; families alone are one row here."""
    reasons = {}
    for row in told["rows"]:
        if "failed" in row:
            why = "too slow, by what P took (PEER_LIMIT)" if row["failed"].startswith("left out: about") else row["failed"]
            name = "families of P alone" if row["row"].startswith("P ") else row["row"]
            how = f" ({MODES[row['mode']]})" if row["mode"] == "command" else ""
            threads = " on 2" if row["threads"] == 2 else ""
            reasons.setdefault((row["engine"], why), {})[name + how + threads] = True
    lines = [f"- {engine}: {', '.join(words)}: {why}." for (engine, why), words in reasons.items()]
    return [f"- {engine}: not installed: {why}." for engine, why in told["about"]["absent"].items()] + lines


def wrap(text, indent=""):
    return textwrap.fill(text, 120, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def heading(about):
    versions = "; ".join(f"{name} {version}" for name, version in about["versions"].items())
    cases = "; ".join(f"{name} {told['voxels']:,} voxels in {'x'.join(map(str, told['grid']))}"
                      for name, told in about["cases"].items())
    spatial = "" if about["spatial"] else " Ours computes Moran's I and Geary's C in each row with morphology."
    scale = f" TRIAL: synthetic cases at {about['scale']} of their size." if about["scale"] != 1 else ""
    return wrap(f"{about['machine']}, {about['processor']}, {about['processors']} processors, {about['system']}, {about['date']}, "
                f"commit {about['commit']}; {versions}. Medians of {about['rounds']} rounds in turns, more where calls "
                f"take milliseconds and fewer where they take seconds, after one for warmth; milliseconds; MB: the peak of the process. Cases: {cases}.{spatial}{scale}")


def section(told):
    engines = list(dict.fromkeys(r["engine"] for r in told["rows"]))
    lines = [heading(told["about"]), "", *next_best(told["rows"]), "",
             "![How many times the time of radiomill each engine takes](pictures/bench-ratios.svg)", "",
             "![Peak memory of a whole command](pictures/bench-memory.svg)", ""]
    lines += bars(told["rows"])
    for engine in engines:
        usual = "is radiomill as it was, in the same run" if engine == "before" else ""
        lines += of_engine(told["rows"], engine, told["about"]["says"].get(engine, usual))
    lines += ["Values of P, one thread; relative differences:", "", *agreements(told["agreements"]), ""]
    reasons = left_out(told)
    if reasons:
        lines += ["Left out:", "", *(wrap(one, "  ") for one in reasons)]
    return "\n".join(lines).rstrip() + "\n"


def ratios(told):
    """One sentence for README."""
    found = good(others(told["rows"]), row="P", mode="memory", threads=1)
    if not found:
        return "No engine was compared.\n"
    words = ", ".join(f"{r['engine']} {times(r['ratio'])}" for r in sorted(found, key=lambda r: r["ratio"]))
    return wrap(f"For the features that both have (a lung tumour of {told['about']['cases']['P']['voxels']:,} voxels, arrays in "
                f"memory, one thread) other engines take this many times as long: {words} "
                f"([docs/benchmarks.md](docs/benchmarks.md), {told['about']['date']}).") + "\n"


def between(path, mark, text):
    """What stands between the marks of a file, anew."""
    begin, end = f"<!-- {mark} -->\n", f"<!-- /{mark} -->"
    with open(path) as file:
        whole = file.read()
    if begin not in whole or end not in whole:
        raise SystemExit(f"{path}: lacks the marks {begin.strip()} and {end}")
    head, rest = whole.split(begin, 1)
    with open(f"{path}.new", "w") as file:
        file.write(head + begin + text + end + rest.split(end, 1)[1])
    os.replace(f"{path}.new", path)


def write(path, document, readme, pictures):
    with open(path) as file:
        told = json.load(file)
    between(document, "peers", section(told))
    between(readme, "ratios", ratios(told))
    os.makedirs(pictures, exist_ok=True)
    for name, text in plots.draw(told).items():
        with open(os.path.join(pictures, name), "w") as file:
            file.write(text)
    print(f"written: {document}, {readme}, {pictures}/bench-*.svg; figures: {path}")


if __name__ == "__main__":
    write(*sys.argv[1:])
