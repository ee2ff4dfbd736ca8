#!/usr/bin/env python3
"""PyRadiomics' own baselines, and what radiomill gives for the settings that they name.

    pyr_baseline.py BINARY DATA

Test cases of images that are here (brain1, breast1); the flat region is made there in memory, and left out. Exit code 1
where a value differs by more than 1e-6 relative.
"""
import ast
import csv
import json
import os
import subprocess
import sys
import tempfile

binary, data = sys.argv[1:3]
# This column is older than the mesh of PyRadiomics 3: its own 3.0.1 gives what is given here (oracle, s01).
older = {('shape', 'brain1', 'original_shape_' + x): 1e-3
         for x in ('Sphericity', 'SurfaceVolumeRatio', 'MeshVolume', 'SurfaceArea')}
folder = os.path.join(data, 'pyradiomics', 'baseline')


def extract(case, settings, name):
    with tempfile.TemporaryDirectory() as work:
        parameters, out = os.path.join(work, 'params.json'), os.path.join(work, 'out.csv')
        with open(parameters, 'w') as f:
            json.dump({'setting': settings, 'featureClass': {name: []}}, f)
        pair = [os.path.join(data, 'pyradiomics', '%s_%s.nrrd' % (case, k)) for k in ('image', 'label')]
        done = subprocess.run([binary, 'extract', *pair, '-c', parameters, '-o', out], capture_output=True, text=True)
        if not os.path.exists(out):
            return {'error': done.stderr.strip()}
        with open(out) as f:
            rows = list(csv.reader(f))
        return dict(zip(*rows[:2]))


def main():
    total, wrong, worst = 0, [], 0
    for file in sorted(os.listdir(folder)):
        if not file.startswith('baseline_'):
            continue
        name = file[len('baseline_'):-4]
        with open(os.path.join(folder, file)) as f:
            rows = list(csv.reader(f))
        for place in range(1, len(rows[0])):
            column = {row[0]: row[place] for row in rows}
            case = column['diagnostics_Configuration_TestCase']
            if case not in ('brain1', 'breast1') or column['featureName'].endswith('flatRegion'):
                continue
            got = extract(case, ast.literal_eval(column['diagnostics_Configuration_Settings']), name)
            for key, text in column.items():
                if not key.startswith('original_') or text == '':
                    continue
                total += 1
                a, b = float(text), float(got.get(key) or 'nan')
                d = 0 if a == b or (a != a and b != b) else abs(a - b) / max(abs(a), 1e-300)
                worst = max(worst, d if d == d else float('inf'))
                tolerance = older.get((name, column['featureName'], key), 1e-6)
                if not (d <= tolerance or abs(a - b) <= 1e-14):
                    wrong.append('%s %s %s: %s, expected %s' % (name, column['featureName'], key,
                                                               got.get(key, got.get('error')), text))
    for line in wrong[:20]:
        print('# ' + line)
    print('%d of %d values of the baselines agree, worst %.1e' % (total - len(wrong), total, worst))
    return 1 if wrong or not total else 0


sys.exit(main())
