#!/usr/bin/env python3
"""One parameter file of PyRadiomics through PyRadiomics and through radiomill, in turns.

    pyradiomics.py BUILD [IMAGE MASK]...

Original image, LoG of 1 and 3 mm, wavelets, all classes. Without images those that peers.py prepares. PyRadiomics has one
thread; radiomill one, and two. cold: a whole process; warm: the second extraction in a process. A number above 1 says how
many times radiomill is faster.
"""
import os
import statistics
import subprocess
import sys

import peers

ROUNDS = 3
PARAMETERS = """setting: {binWidth: 25, label: 1, additionalInfo: false}
imageType: {Original: {}, LoG: {sigma: [1.0, 3.0]}, Wavelet: {}}
featureClass: {shape: , firstorder: , glcm: , glrlm: , glszm: , gldm: , ngtdm: }
"""
THEIRS = """
import logging, sys, time
logging.getLogger('radiomics').setLevel(50)
from radiomics import featureextractor
extractor = featureextractor.RadiomicsFeatureExtractor(sys.argv[3])
for _ in range(int(sys.argv[4])):
    start = time.perf_counter()
    extractor.execute(sys.argv[1], sys.argv[2])
print('TOOK', (time.perf_counter() - start) * 1e3)
"""


def measure(build, python, image, mask, parameters):
    times = {word: [] for word in ('their cold', 'their warm', 'cold', 'warm', 'cold, two threads')}
    for _ in range(ROUNDS):
        for count, word in ((1, 'their cold'), (2, 'their warm')):
            took, out = peers.spawn([python, '-c', THEIRS, image, mask, parameters, str(count)])
            times[word].append(took if count == 1 else float(out.split('TOOK')[1].split()[0]))
        for threads, word in ((1, 'cold'), (2, 'cold, two threads')):
            times[word].append(peers.spawn([f'{build}/radiomill', 'extract', image, mask, '-c', parameters, '-t',
                                            str(threads), '-o', f'{build}/peers/pyradiomics.csv'])[0])
        lines = peers.spawn([f'{build}/bench/bench_peers', 'time', image, mask, parameters, '2'])[1].split()
        times['warm'].append(float(lines[1]))
    return {word: statistics.median(v) for word, v in times.items()}


def main(build, pairs):
    folder = f'{build}/peers'
    os.makedirs(folder, exist_ok=True)
    if not pairs:
        subprocess.run([f'{build}/bench/bench_peers', 'prepare', folder], check=True)
        pairs = [f'{folder}/p_image.nii', f'{folder}/p_mask.nii']
    python = peers.install(build, 'pyradiomics')
    if not python:
        return 1
    parameters = f'{folder}/pyradiomics.yaml'
    with open(parameters, 'w') as file:
        file.write(PARAMETERS)
    for image, mask in zip(pairs[::2], pairs[1::2]):
        t = measure(build, python, image, mask, parameters)
        print(f"{os.path.basename(image)}: warm {t['their warm']:.0f} ms and {t['warm']:.0f} ms, "
              f"{t['their warm'] / t['warm']:.1f} times; cold {t['their cold']:.0f} ms and {t['cold']:.0f} ms, "
              f"{t['their cold'] / t['cold']:.1f} times; two threads {t['cold'] / t['cold, two threads']:.2f} times")
    return 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
