"""Tables of a site with all that must not get into a study: names, numbers, dates, rare levels, what rules refuse.

    tests/support/odd_tables.py FOLDER
"""
import random
import sys


def main():
    folder, draw, rows, clinical = sys.argv[1], random.Random(8), [], []
    for i in range(80):
        name = f'P{i:03d}'
        x = draw.gauss(10, 3)
        for roi in ('GTV-1', 'GTV-2') if i % 4 else ('GTV-1',): # two ROIs of most patients
            rows.append([name, roi, x, draw.gauss(0, 1), draw.lognormvariate(0, 3), 7.25, 1.5 if i else 88.125,
                         draw.gauss(5e8, 2e8), draw.gauss(3e-7, 1e-7), 1000017 + 13 * i])
        clinical.append([name, draw.randrange(40, 90), draw.choice('FM'), draw.choice(['I', 'II', 'III']),
                         'pos' if i == 3 else draw.choice(['low', 'high']), draw.choice(['A', 'B']), 70000123 + 7919 * i,
                         f'{1930 + i}-0{1 + i % 9}-1{i % 10}', 19300101 + 10000 * i + 100 * (i % 12), f'Smith{i}',
                         f'seen by Dr. X{i % 31}', round(draw.expovariate(0.03), 2), draw.randrange(2),
                         200.5 + i * 7 % 80, i * 7 % 80 + 3001, f'{1 + i % 28:02d}{1 + i % 12:02d}{1941 + i}'])
    tables = {'odd': ('patient roi original_stat_mean original_stat_skew original_stat_energy original_stat_min '
                      'original_stat_max original_cm_var original_cm_corr scan_no', rows),
              'clinical': ('patient age sex stage hiv arm mrn birth_date seen_on surname remarks os_months death '
                           'PatientNr turn seen_last', clinical)}
    for table, (head, lines) in tables.items():
        for turn in ('', '_turned'):
            with open(f'{folder}/{table}{turn}.csv', 'w') as out:
                out.write(','.join(head.split()) + '\n')
                for line in lines:
                    out.write(','.join(str(v) for v in line) + '\n')
            lines = lines[::-1]


if __name__ == '__main__':
    main()
