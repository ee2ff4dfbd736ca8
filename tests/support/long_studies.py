"""Studies of a megabyte, and a table of many columns: what costs minutes where names are compared by pairs.

    tests/support/long_studies.py FOLDER [COLUMNS]
"""
import random
import sys

MOST = 1048000


def fill(head, item, tail=''):
    """Items until the file is as long as a study may be."""
    parts, length, i = [head], len(head), 0
    while length < MOST:
        parts.append(item(i))
        length += len(parts[-1])
        i += 1
    return ''.join(parts) + tail


def main():
    folder, columns = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100000
    studies = {
        'features': fill('study: a\nfeatures: [f', lambda i: f',f{i}', ']\n'),
        'where': fill('study: a\nfeatures: [f*]\nwhere:\n', lambda i: f' k{i}: a\n'),
        'values': fill('study: a\nfeatures: [f*]\nwhere: {roi: [a', lambda i: f',v{i}', ']}\n'),
        'covariance': fill('study: a\nfeatures: [f*]\ncovariance: [a', lambda i: f',v{i}', ']\n'),
        'patterns': fill('study: a\npatient: patient\nfeatures: [f*]\nvariables:\n', lambda i: f' "f{i}*": {{transform: log}}\n'),
        'near': 'study: a\nfeatures: [' + ','.join('a' * 180 + str(i) for i in range(5000)) + ']\nvariables:\n'
        + ''.join(f' "*{"a" * 95}b{i}": {{step: 1}}\n' for i in range(120)),
    }
    named = fill('study: a\nmissing: complete\nfeatures: [f', lambda i: f',f{i}', ']\n')[: MOST // 2]
    named = named[: named.rindex(',')] + ']\n'
    studies['both'] = fill(named + 'variables:\n', lambda i: f' "*{i}": {{step: 1}}\n')
    studies['terms'] = fill(named + 'covariance: [f]\ncovariates: {y: number}\nmodels: {m: {family: gaussian, response: y, terms: [f', lambda i: f',f{i}', ']}}\n')
    for name, text in studies.items():
        with open(f'{folder}/{name}.yaml', 'w') as out:
            out.write(text)
    draw = random.Random(4)
    names = [f'f{i:06d}' for i in range(columns)]
    with open(f'{folder}/wide.csv', 'w') as out:
        out.write('patient,' + ','.join(names) + '\n')
        for r in range(40):
            out.write(f'p{r},' + ','.join(f'{draw.gauss(10, 3):.6g}' for _ in names) + '\n')
    with open(f'{folder}/wide.yaml', 'w') as out: # each column by its name, in another order
        out.write('study: wide\npatient: patient\nanalyses: [moments, histograms]\nfeatures: [' + ','.join(reversed(names)) + ']\n')


if __name__ == '__main__':
    main()
