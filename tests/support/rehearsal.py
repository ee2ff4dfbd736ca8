"""A rehearsal against the summary that it was of, or the table of several against them.

    tests/support/rehearsal.py fits STUDY.json SITE.rehearsal SITE.radsum
    tests/support/rehearsal.py joined REHEARSED.csv SITE.rehearsal...
"""
import csv
import json
import re
import sys


def expected(study, summary):
    """What the summary shows, by the texts of each part; nothing here looks at numbers."""
    shown, names = {}, [v['name'] for v in summary['variables']]
    factors = study['factors']
    for v, x in enumerate(summary['variables']):
        shown['moments', x['name']] = x['sets'][0] is not None
        sets = iter(x['sets'][1:])
        for name, levels, group in factors:
            for level in levels if group else ():
                shown['groups', x['name'], name, level] = next(sets) is not None
        shown['histograms', x['name']] = x['histogram'] is not None
        if x['kind'] == 'feature':
            shown['model', x['name']] = summary['models'][v] is not None
    for (name, levels, _), counts in zip(factors, summary['levels']):
        for level, count in zip(levels + [''], counts):
            shown['levels', name, level] = count is not None
    by_name = {name: levels + [''] for name, levels, _ in factors}
    for (a, b), table in zip(study['tables'], summary['tables']):
        for level, row in zip(by_name[a], table):
            for other, count in zip(by_name[b], row):
                shown['tables', a, level, b, other] = count is not None
    covariance = summary['covariance']
    for j, q in enumerate(covariance['panel'] if covariance else ()):
        for p in covariance['panel'][:j + 1]:
            shown['covariance', names[p], names[q]] = True # of this study all are
    strata = iter(summary['survival'][0])
    for name, level in [('', '')] + [(n, l) for n, levels, _ in factors if n in study['by'] for l in levels]:
        table = next(strata)
        for place, time in enumerate(study['grid'][1:], 1):
            shown['survival', study['outcome'], name, level, str(time)] = bool(table) and place in table['edges']
    return shown


def parts(path):
    text = open(path).read()
    head, rest = text.split('"parts"')
    assert not re.search(r'[\[,](-?[0-9])', rest.split('"signature"')[0]), 'a number'
    return {tuple(p[:-1]): p[-1] for p in json.loads(text)['parts']}


def main():
    what, first, *files = sys.argv[1:]
    if what == 'fits':
        want, got = expected(json.load(open(first)), json.load(open(files[1]))), parts(files[0])
        assert got == want, {k: (got.get(k), want.get(k)) for k in got.keys() | want.keys() if got.get(k) != want.get(k)}
        assert len(set(got.values())) == 2, 'some fit, some do not'
        return
    sites = {json.load(open(f))['site']: parts(f) for f in files}
    rows = list(csv.DictReader(open(first)))
    assert len(rows) == len(set().union(*sites.values()))
    for row in rows:
        texts = [row[k] for k in ('analysis', 'variable', 'group', 'level', 'other_level')]
        have = [s for s, p in sites.items() if any(fits and list(k) + [''] * (5 - len(k)) == texts for k, fits in p.items())]
        assert row['at'] == ';'.join(have) and int(row['sites']) == len(have) and int(row['of']) == len(sites), row
        assert row['not_at'] == ';'.join(s for s in sites if s not in have), row
        assert row['enough'] == ('yes' if len(have) >= 3 else 'no'), row


if __name__ == '__main__':
    main()
