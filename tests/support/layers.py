"""Walls between folders, on the closure of what a file includes; names that exist once; no circle; files, functions and lists of parameters stay short.

    tests/support/layers.py [--sizes]     --sizes also prints how long functions are
"""
import os, re, subprocess, sys
from pathlib import Path

# What each folder may reach, itself included. `a/` stands for the folder and those below it.
LAYERS = {
    'core': 'core',
    'io': 'io core',
    'io/scan': 'io/scan io/dicom io core',
    'io/dicom': 'io/dicom io core',
    'decoder': 'decoder io/dicom core',
    'filters': 'filters core',
    'features': 'features core',
    'pipeline': 'pipeline filters features io/ core',
    'pipeline/batch': 'pipeline/batch pipeline filters features io/ core',
    'pipeline/validate': 'pipeline/validate pipeline filters features io/ core',
    'federate': 'federate io core',
    'federate/site': 'federate/site federate io core',
    'federate/pool': 'federate/pool federate io core',
    'report': 'report federate/pool federate io core',
    'library': 'library report federate/ pipeline pipeline/validate filters features io/ core',
    'cli': 'cli library report federate/ pipeline/ filters features io/ core',
}
FILE_LINES, FUNCTION_LINES, PARAMETERS = 600, 50, 7
LEAST_LIMIT = 120  # seconds by the clock that a test may take: a minute of the processor on a machine that is shared
CONVERSIONS = 14  # of a format: for more, printf may allocate, and a failure of that is lost
INCLUDE = re.compile(r'^#include "([^"]+)"', re.M)


def sources():
    for folder in LAYERS:
        yield from sorted(p for p in Path(folder).iterdir() if p.suffix in ('.c', '.h', '.cc'))


def includes(path):
    return [os.path.normpath(path.parent / to) for to in INCLUDE.findall(path.read_text())]


def reached(start, graph):
    """What a file includes, and what these include: each with the file that led there."""
    via, waiting = {}, [start]
    while waiting:
        at = waiting.pop()
        for to in graph.get(at, ()):
            if to not in via:
                via[to] = at
                waiting.append(to)
    return via


def may(folder, to):
    return any(to == word or word.endswith('/') and (to + '/').startswith(word) for word in LAYERS[folder].split())


def walls(graph):
    for file in graph:
        folder = os.path.dirname(file)
        via = reached(file, graph)
        for to in sorted(via):
            if os.path.dirname(to) in LAYERS and not may(folder, os.path.dirname(to)):
                way = [to]
                while way[-1] != file:
                    way.append(via[way[-1]])
                if len(way) == 2 or may(folder, os.path.dirname(way[1])):
                    yield f"{file}: {folder} must not reach {to}" + (f" (by {way[1]})" if len(way) > 2 else '')
        if file in via:
            yield f'{file}: includes itself by {via[file]}'


def functions(text):
    """Name and lines of each function, from the first line of its signature to its closing brace."""
    lines, start, body = text.split('\n'), None, False
    for at, line in enumerate(lines):
        if start is None and re.match(r'[A-Za-z_][^=;]*\(', line) and not line.startswith(('typedef', '_Static_assert')):
            start, body = at, False
        if start is None:
            continue
        if body and line == '}':
            yield re.search(r'(\w+)\(', lines[start]).group(1), at - start + 1
        elif body or not line.endswith((';', '{')):
            continue
        elif line.endswith('{'):
            body = True
            continue
        start = None


def parameters(text):
    """Name of each function and type of function, and how many parameters it takes."""
    text = re.sub(r'/\*.*?\*/|//[^\n]*|"(\\.|[^"\\])*"', '', text, flags=re.S)
    for found in re.finditer(r'^(?!#|else|return|_Static_assert)[A-Za-z_][^=;{}()#]*?\b(\w+)\(|\(\*(\w+)\)\(', text, re.M):
        at, depth, count = found.end(), 1, 1
        while depth and at < len(text):
            depth += {'(': 1, ')': -1}.get(text[at], 0)
            count += text[at] == ',' and depth == 1
            at += 1
        yield found.group(1) or found.group(2), count


def conversions(text):
    """How many conversions each text has, %% included; macros between its pieces count as letters."""
    text = re.sub(r'/\*.*?\*/', '', text, flags=re.S)
    for found in re.finditer(r'"(?:\\.|[^"\\\n])*"(?:\s*(?:PRI\w+\s*)?"(?:\\.|[^"\\\n])*")*', text):
        yield len(re.findall(r'%%|%', found.group()))


def tests():
    return sorted(p for p in Path('tests').rglob('*') if p.suffix in ('.c', '.h', '.py'))


def main():
    paths = list(sources())
    graph = {str(p): includes(p) for p in paths}
    bad = list(walls(graph))
    lengths, ours = {}, set(paths)
    for p in paths + tests():
        text = p.read_text()
        if text.count('\n') > FILE_LINES:
            bad.append(f"{p}: {text.count(chr(10))} lines, at most {FILE_LINES}")
        bad += [f'{p}: a limit of {n} s, at least {LEAST_LIMIT}' for n in re.findall(r'tcase_set_timeout\(\w+, (\d+)\)', text) if int(n) < LEAST_LIMIT]
        if p.suffix != '.py':
            bad += [f'{p}: {name} takes {n} parameters, at most {PARAMETERS}' for name, n in sorted(set(parameters(text))) if n > PARAMETERS]
        if p.suffix not in ('.h', '.py') and p in ours:
            lengths.update({f'{p}: {name}': n for name, n in functions(text)})
            bad += [f'{p}: {n} conversions in a format, at most {CONVERSIONS}' for n in conversions(text) if n > CONVERSIONS]
    bad += [f'{name}: {n} lines, at most {FUNCTION_LINES}' for name, n in lengths.items() if n > FUNCTION_LINES]
    files = subprocess.run(['git', 'ls-files', '*.c', '*.cc', '*.h'], capture_output=True, text=True).stdout.split()
    names = sorted(os.path.basename(f) for f in files)
    bad += [f'{a}: two files have this name' for a, b in zip(names, names[1:]) if a == b]
    if '--sizes' in sys.argv:
        sizes = sorted(lengths.values())
        print(f'{len(sizes)} functions: median {sizes[len(sizes) // 2]} lines, 90 % have at most {sizes[len(sizes) * 9 // 10]}, longest {sizes[-1]}')
        for name, n in sorted(lengths.items(), key=lambda row: -row[1])[:60]:
            print(f'{n:4} {name}')
    print('\n'.join(bad) if bad else 'layers: fine')
    sys.exit(bool(bad))


if __name__ == '__main__':
    main()
