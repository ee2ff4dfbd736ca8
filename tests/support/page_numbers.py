"""Is every number of a summary on the page of its preview?

    tests/support/page_numbers.py SITE.radsum PAGE.html
"""
import json
import math
import re
import sys
from fractions import Fraction


def exact(text):
    sign, whole, power = re.fullmatch(r'(-?)([0-9a-fA-F]+)(?:p([+-]?[0-9]+))?', text).groups()
    return (-1 if sign else 1) * int(whole, 16) * Fraction(2) ** int(power or 0)


def rows(page, title):
    part = re.search(r'<summary>' + re.escape(title) + r'[^<]*</summary>.*?</details>', page, re.S)
    assert part, title
    return [re.findall(r'<t[hd][^>]*>(.*?)</t[hd]>', row) for row in part.group().split('<tr>')[2:]]


def main():
    summary, page = json.load(open(sys.argv[1])), open(sys.argv[2]).read()
    names = [v['name'] for v in summary['variables']]
    sets = {r[0]: r for r in rows(page, 'Variables: ')}
    groups = iter(rows(page, 'Variables by group'))
    intervals = iter(rows(page, 'Intervals of public grids'))
    for v in summary['variables']:
        for k, sums in enumerate(v['sets']):
            row = sets[v['name']][2:5] if k == 0 else next(groups)[3:6]
            if sums is None:
                assert row[0] == 'held back', (v['name'], row)
                continue
            n, s1, s2 = sums[0], exact(sums[1]), exact(sums[2])
            mean, variance = s1 / n + Fraction(v['centre']), (n * s2 - s1 * s1) / (n * (n - 1))
            assert row[0] == str(n), row
            assert math.isclose(float(row[1]), float(mean), rel_tol=1e-3), (row, float(mean))
            assert math.isclose(float(row[2]), math.sqrt(variance), rel_tol=1e-3), (row, float(variance))
        for _, _, count in v['histogram'] or []:
            assert next(intervals)[3] == str(count)
    assert next(groups, None) is None and next(intervals, None) is None
    for title, table in (('Levels', summary['levels']), ('Tables of pairs', [r for t in summary['tables'] for r in t])):
        counts = ['held back' if c is None else str(c) for row in table for c in row]
        assert [r[-1] for r in rows(page, title)] == counts, title
    table = rows(page, 'Life tables')
    for t in (t for outcome in summary['survival'] for t in outcome if t):
        counts = t['counts']
        for i in range(len(t['edges']) - 1):
            assert table.pop(0)[4:6] == [str(counts[2 * i]), str(counts[2 * i + 1])]
        assert table.pop(0)[5] == str(counts[-1])
    panel = summary['covariance']['panel'] if summary['covariance'] else []
    assert len(rows(page, 'Pairs, ')) == len(panel) * (len(panel) + 1) // 2 > 0
    models = {n for n, m in zip(names, summary['models']) if m}
    assert {r[0] for r in rows(page, 'Sums for model')} == models and models


if __name__ == '__main__':
    main()
