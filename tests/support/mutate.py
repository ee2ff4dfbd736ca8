"""Mutation testing: does a suite notice when one comparison, constant or check of the source is turned?

    tests/support/mutate.py FOLDER [--mutants 200] [--seed 1] [--jobs 2] [--seconds 120] [--survivors]
    tests/support/mutate.py FOLDER --file io/dicom/codestream.c --suite build/tests/test_codestream [--suite command]

FOLDER keeps copies of the tree, what each suite covers and one line per mutant (results.jsonl): the same command again goes
on where it stopped. A mutant runs the suites that reach its line (of a table, its file) until one fails, those first that
reach much of the file in little time; --seconds ends that early, and what is then alive has survived: the share is
a lower bound. One that does not compile is drawn again. The second form tries one file against the suites that are named,
without counting lines first. tests/mutants.txt lists mutants that change nothing anyone can see, with the reason; they
are counted apart.
"""
import argparse, json, os, random, re, shutil, subprocess, sys, time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path

PLACES = ('features', 'filters', 'io', 'federate', 'pipeline/batch/manifest.c')
FLIPS = {'<': ['<=', '>='], '<=': ['<', '>'], '>': ['>=', '<='], '>=': ['>', '<'], '==': ['!='], '!=': ['=='], '&&': ['||'], '||': ['&&']}
PLAIN = '-O2 -w'
SKIPPED = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', re.S | re.M)
TOKEN = re.compile(r'->|<<|>>|<=|>=|==|!=|&&|\|\||[<>]|(?<![\w.])(?:\d+\.\d*(?:e[-+]?\d+)?|\d+)(?![\w.])|\bif \(|\breturn RAD_[A-Z_]+')
FAILURES = set(re.findall(r'^    (RAD_[A-Z_]+) = \d', (Path(__file__).parents[2] / 'include/radiomill.h').read_text(), re.M)) - {'RAD_OK'}
SIZE = re.compile(r'^\s*(?:static |const |unsigned |struct )*[a-z]\w* \**\w+\[[^=]*$')


def sites(root):
    """Every change that can be made, in a fixed order: (file, line, column, old, new)."""
    for path in sorted(p for place in PLACES for p in ([root / place] if place.endswith('.c') else (root / place).rglob('*.c'))):
        text = path.read_text()
        blank = SKIPPED.sub(lambda m: re.sub(r'[^\n]', ' ', m.group()), text)
        for number, line in enumerate(blank.split('\n'), 1):
            if SIZE.match(line):
                continue
            for m in TOKEN.finditer(line):
                for new in changes(line, m):
                    yield str(path.relative_to(root)), number, m.start(), m.group(), new


def draw(root, seed):
    """All changes in an order by chance, checks, comparisons and constants in turns."""
    kinds = defaultdict(list)
    for site in sites(root):
        kinds['check' if site[3][0] in 'ir' else 'constant' if site[3][0].isdigit() else 'comparison'].append(site)
    for kind in sorted(kinds):
        random.Random(f'{seed} {kind}').shuffle(kinds[kind])
    return [site for turn in zip_longest(*(kinds[k] for k in sorted(kinds))) for site in turn if site]


def changes(line, m):
    old = m.group()
    if old == 'if (':
        return ['if (0 && ']
    if old.startswith('return RAD_'):
        return ['return RAD_OK'] if old[7:] in FAILURES else []
    if old[0].isdigit():
        if '.' in old or 'e' in old:
            return [f'({old} * 1.01 + 1e-3)']
        if line[:m.start()].endswith('{') and line[m.end():].startswith('}'):
            return []  # {0} empties a struct
        if re.search(r'sizeof \w+\[$|[(,] *(?:const )?\w+ \**\w+\[$', line[:m.start()]):
            return []  # an element is as large as any other; an array as a parameter has no size
        return ['1'] if old == '0' else ['0', '2'] if old == '1' else [str(int(old) - 1), str(int(old) + 1)]
    return FLIPS.get(old, [])


class Tree:
    """A copy of the tree in which one mutant at a time is built and tried."""

    def __init__(self, root, folder, cflags):
        self.root, self.path, self.cflags = root, folder, cflags
        files = subprocess.run(['git', 'ls-files'], cwd=root, capture_output=True, text=True, check=True).stdout.split('\n')
        for name in filter(None, files):
            to = folder / name
            to.parent.mkdir(parents=True, exist_ok=True)
            if not to.exists() or to.read_bytes() != (root / name).read_bytes():
                shutil.copyfile(root / name, to)
                shutil.copymode(root / name, to)

    def make(self, *targets, cflags=None):
        flags = cflags or self.cflags
        return self.run(['make', '-s', f'CFLAGS={flags}', f'CXXFLAGS={flags}', *targets], 600) == 0

    def build(self):
        # the decoder may not write counts: it is built without
        return self.make('build/libexec/radiomill-decoder', 'build/tests/bad_decoder', cflags=PLAIN) and self.make('all')

    def link(self, suites):
        """What these suites need, by one make: reading its rules takes as long as a short suite."""
        return self.make(*dict.fromkeys(t for s in suites for t in ([s] if s.startswith('build/') else ['all', 'tools'])))

    def fails(self, suite, command, seconds):
        """None where it passes; what it needs is linked first."""
        return 'link' if not self.link([suite]) else self.run(command, seconds) or None

    def run(self, command, seconds, **environment):
        with open(self.path / 'log', 'w') as log:
            process = subprocess.Popen(command, cwd=self.path, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
                                       env={**os.environ, 'BUILD': 'build', 'SANITIZE': '', **environment})
            try:
                return process.wait(seconds)
            except subprocess.TimeoutExpired:
                return 'time'
            finally:
                # by session: tests of Check have process groups of their own
                subprocess.run(['pkill', '-KILL', '--session', str(process.pid)])
                process.wait()

    def suites(self):
        # a browser, Slurm, or the whole tree built anew: too dear for each
        scripts = sorted({p.stem[5:] for p in (self.path / 'tests/command').glob('test_*.sh')} - {'report', 'slurm', 'contributing'})
        data = os.environ.get('RADIOMILL_DATA', '')
        units = sorted(f'build/tests/{p.stem}' for p in (self.path / 'tests').rglob('test_*.c'))
        return {**{u: [u] for u in units}, **{s: ['sh', f'tests/command/test_{s}.sh'] for s in scripts},
                'validate': ['build/radiomill', 'validate', '--data', data],
                **({'r': ['sh', 'tests/oracle/test_r.sh']} if shutil.which('Rscript') else {})}


def coverage(tree, folder):
    """Which suites reach which line, and how long each takes; gcov's counts of one suite at a time."""
    kept = folder / 'coverage.json'
    if kept.exists():
        return json.loads(kept.read_text())
    if not tree.build():
        sys.exit((tree.path / 'log').read_text()[-2000:])
    plain = Tree(tree.root, folder / 'tree0', PLAIN)
    reached, seconds = defaultdict(list), {}
    for name, command in tree.suites().items():
        for count in tree.path.glob('build/**/*.gcda'):
            count.unlink()
        start = time.monotonic()
        if tree.fails(name, command, 3600) and not (plain.build() and not plain.fails(name, command, 3600)):
            print(f'{name} is left out: it fails without a mutant\n' + (plain.path / 'log').read_text()[-1000:], flush=True)
            continue  # what fails for want of a place for its counts only is kept
        seconds[name] = time.monotonic() - start
        counts = [str(p) for p in tree.path.glob('build/**/*.gcda')]
        out = subprocess.run(['gcov', '--json-format', '--stdout', *counts], cwd=tree.path, capture_output=True, text=True).stdout
        lines = {f"{f['file']}:{line['line_number']}" for text in out.split('\n') if text for f in json.loads(text)['files']
                 for line in f['lines'] if line['count'] and not f['file'].startswith('/')}
        for line in lines:
            reached[line].append(name)
        print(f'{name}: {seconds[name]:.1f} s, {len(lines)} lines', flush=True)
    kept.write_text(json.dumps({'reached': reached, 'seconds': seconds}))
    return json.loads(kept.read_text())


def order(file, number, cover, limit):
    """The suites for a line, the likeliest and cheapest first, together of at most `limit` seconds."""
    lines = cover['files'].get(file, {})
    reached = cover['reached'].get(f'{file}:{number}') or list(lines) or list(cover['seconds'])
    wanted, spent = [], 0
    for suite in sorted(reached, key=lambda s: cover['seconds'][s] / lines.get(s, 1)):
        if spent + cover['seconds'][suite] <= limit or not wanted:
            wanted.append(suite)
            spent += cover['seconds'][suite]
    return wanted


def attempt(tree, mutant, cover, limit):
    """'killed' with the suite, 'survived' or 'unbuilt'."""
    file, number, column, old, new = mutant
    path = tree.path / file
    text = path.read_text()
    lines = text.split('\n')
    assert lines[number - 1][column:].startswith(old), mutant
    lines[number - 1] = lines[number - 1][:column] + new + lines[number - 1][column + len(old):]
    try:
        path.write_text('\n'.join(lines))
        reached = order(file, number, cover, limit)
        for at, suite in enumerate(reached):
            if at & (at + 1) == 0 and not tree.link(reached[at:2 * at + 1]):  # of 1, 2, 4, 8 ... suites at once
                return ('killed', f'{suite} (link)') if at else ('unbuilt', '')
            code = tree.run(tree.suites()[suite], 60 + 10 * cover['seconds'][suite])
            if code:
                return 'killed', f'{suite} ({code})'
        return 'survived', ''
    finally:
        path.write_text(text)


def equivalent(root):
    """Reviewed mutants: `file | source line | old -> new | reason`."""
    path = root / 'tests/mutants.txt'
    rows = [line.split(' | ') for line in path.read_text().split('\n') if ' | ' in line and line[0] != '#'] if path.exists() else []
    return {(r[0], r[1].strip(), r[2]) for r in rows}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('folder', type=Path)
    arguments.add_argument('--mutants', type=int, default=200)
    arguments.add_argument('--seed', type=int, default=1)
    arguments.add_argument('--jobs', type=int, default=2)
    arguments.add_argument('--seconds', type=float, default=float('inf'), help='of suites for a mutant, as they take without it')
    arguments.add_argument('--file', help='mutants of this file alone')
    arguments.add_argument('--suite', action='append', help='with --file: the suites to run, in this order')
    arguments.add_argument('--survivors', action='store_true', help='try only what survived before')
    options = arguments.parse_args()
    root = Path(__file__).resolve().parent.parent.parent
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for name in ('RADIOMILL_DATA', 'RADIOMILL_CASES'):
        default = '../shared/' + name[10:].lower()
        os.environ[name] = str((root / os.environ.get(name, default)).resolve())
    if options.file:
        cover = {'reached': {}, 'seconds': {suite: place for place, suite in enumerate(options.suite or [], 1)}}
    else:
        cover = coverage(Tree(root, folder / 'counted', '-O2 -g -w --coverage'), folder)
    cover['files'] = defaultdict(lambda: defaultdict(int))
    for line, suites in cover['reached'].items():
        for suite in suites:
            cover['files'][line.rsplit(':', 1)[0]][suite] += 1
    trees = [Tree(root, folder / f'tree{i}', PLAIN) for i in range(options.jobs)]
    for tree in trees:
        if not tree.build():
            sys.exit((tree.path / 'log').read_text()[-2000:])
    results = folder / f"{(options.file or 'results').replace('/', '-')}.jsonl"
    known = {}
    for line in results.read_text().split('\n') if results.exists() else []:
        if line:
            row = json.loads(line)
            known[tuple(row['mutant'])] = row
    wanted, free = iter([m for m in draw(root, options.seed) if options.file in (None, m[0])]), list(trees)
    counted = []

    def one(mutant):
        row = known.get(mutant)
        if row and not (options.survivors and row['result'] == 'survived'):
            return row
        tree = free.pop()
        try:
            result, suite = attempt(tree, mutant, cover, options.seconds)
        finally:
            free.append(tree)
        source = (root / mutant[0]).read_text().split('\n')[mutant[1] - 1].strip()
        row = {'mutant': mutant, 'result': result, 'suite': suite, 'source': source}
        with open(results, 'a') as f:
            f.write(json.dumps(row) + '\n')
        print(f"{result} {mutant[0]}:{mutant[1]} {mutant[3]} -> {mutant[4]} {suite}", flush=True)
        return row

    with ThreadPoolExecutor(options.jobs) as pool:
        while len(counted) < options.mutants:
            batch = [m for m, _ in zip(wanted, range(options.mutants - len(counted)))]
            if not batch:
                break
            counted += [r for r in pool.map(one, batch) if r['result'] != 'unbuilt']
    same = equivalent(root)
    key = lambda r: (r['mutant'][0], r['source'], f"{r['mutant'][3].strip()} -> {r['mutant'][4].strip()}")
    survivors = [r for r in counted if r['result'] == 'survived']
    excused = [r for r in survivors if key(r) in same]
    killed = len(counted) - len(survivors)
    print(f'\nmutants {len(counted)}, killed {killed}, survived {len(survivors)}, of these without effect {len(excused)}')
    for r in survivors:
        if key(r) not in same:
            print(' | '.join(key(r)) + f" | line {r['mutant'][1]}")
    share = killed / max(1, len(counted) - len(excused))
    print(f'killed: {100 * share:.1f} % (at least 90 %)')
    sys.exit(share < 0.9)


if __name__ == '__main__':
    main()
