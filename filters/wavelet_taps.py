"""Writes the tables filters/wavelet_NAME.c: taps of wavelets that double precision cannot factorise.

    pip install mpmath PyWavelets; python filters/wavelet_taps.py filters

Daubechies wavelets, symlets and the biorthogonal ones are computed, with 120 digits, from the zeros of
P(y) = sum over k < K of C(K - 1 + k, k) y^k, y = (2 - z - 1/z) / 4 (I. Daubechies, Ten lectures on wavelets,
1992, chapters 6 and 8; A. Cohen, I. Daubechies, J.-C. Feauveau, Comm. Pure Appl. Math. 45, 1992), and must agree
with PyWavelets to 2e-11, which is as far as its symlets of order 20 and its 9/7 taps go. Coiflets above 5 and the
discrete Meyer wavelet are figures of PyWavelets (MIT), whose equations tests/unit/test_wavelets.c asks of them.
"""

import subprocess
import sys

import mpmath
import pywt
from mpmath import mpc, mpf

mpmath.mp.dps = 120
TINY = mpf(10) ** -60
# Which pairs of zeros lie outside of the unit circle, the innermost first, and whether the taps are turned round.
SYMLETS = {11: (25, True), 12: (21, False), 13: (35, True), 14: (44, False), 15: (99, True), 16: (166, True),
           17: (142, False), 18: (178, True), 19: (116, False), 20: (357, False)}
# K, zeros at -1 and pairs of others of the synthesis low-pass; the analysis has the rest.
FACTORED = {"4.4": (4, 4, [0]), "5.5": (5, 6, [0]), "6.8": (7, 6, [1])}
SPLINES = ["1.1", "1.3", "1.5", "2.2", "2.4", "2.6", "2.8", "3.1", "3.3", "3.5", "3.7", "3.9"]


def zeros(order):
    """Zeros inside the unit circle, the innermost first, and whether each stands for a conjugate pair."""
    coefficients = [mpmath.binomial(order - 1 + k, k) for k in range(order)][::-1]
    found = []
    for y in mpmath.polyroots(coefficients, maxsteps=2000, extraprec=600) if order > 1 else []:
        if mpmath.im(y) < -TINY:
            continue
        middle = 1 - 2 * y
        z = middle + mpmath.sqrt(middle * middle - 1)
        found.append((1 / z if abs(z) > 1 else z, abs(mpmath.im(y)) > TINY))
    return sorted(found, key=lambda pair: abs(pair[0]))


def product(roots):
    taps = [mpc(1)]
    for z in roots:
        longer = taps + [mpc(0)]
        for i, tap in enumerate(taps):
            longer[i + 1] -= z * tap
        taps = longer
    taps = [mpmath.re(tap) for tap in taps]
    return [tap * mpmath.sqrt(2) / sum(taps) for tap in taps]


def orthogonal(order, outside):
    roots = [mpf(-1)] * order
    for i, (z, paired) in enumerate(zeros(order)):
        z = 1 / z if outside >> i & 1 else z
        roots += [z, mpmath.conj(z)] if paired else [z]
    return product(roots)


def factored(order, at_minus_one, pairs):
    """Synthesis and analysis low-pass; each has its zeros and their inverses, so that it is symmetric."""
    sides = [[mpf(-1)] * at_minus_one, [mpf(-1)] * (2 * order - at_minus_one)]
    for i, (z, paired) in enumerate(zeros(order)):
        four = [z, mpmath.conj(z), 1 / z, 1 / mpmath.conj(z)] if paired else [z, 1 / z]
        sides[i not in pairs] += four
    return [product(side) for side in sides]


def spline(name):
    """Cohen, Daubechies and Feauveau: (1 + z)^N against (1 + z)^M P, K = (N + M) / 2."""
    synthesis, analysis = (int(digit) for digit in name.split("."))
    order = (synthesis + analysis) // 2
    roots = [mpf(-1)] * analysis
    for z, paired in zeros(order):
        roots += [z, mpmath.conj(z), 1 / z, 1 / mpmath.conj(z)] if paired else [z, 1 / z]
    return product([mpf(-1)] * synthesis), product(roots)


def padded(taps, like):
    """The taps, with zeros around them, where PyWavelets has them."""
    first = next(i for i, tap in enumerate(like) if tap)
    return [0] * first + list(taps) + [0] * (len(like) - first - len(taps))


def check(name, taps, like):
    assert len(taps) == len(like), name
    worst = max(abs(float(tap) - other) for tap, other in zip(taps, like))
    assert worst < 2e-11, (name, worst)
    return [float(tap) for tap in taps]


def daubechies():
    for order in range(11, 39):
        name = f"db{order}"
        yield name, check(name, orthogonal(order, 0)[::-1], pywt.Wavelet(name).dec_lo), None


def symlets():
    for order, (outside, turned) in SYMLETS.items():
        name, taps = f"sym{order}", orthogonal(order, outside)
        yield name, check(name, taps if turned else taps[::-1], pywt.Wavelet(name).dec_lo)[:], None


def coiflets():
    for name in [f"coif{order}" for order in range(6, 18)] + ["dmey"]:
        wavelet = pywt.Wavelet(name)
        high = [tap if k % 2 else -tap for k, tap in enumerate(wavelet.dec_lo[::-1])]
        yield name, wavelet.dec_lo, None if high == wavelet.dec_hi else wavelet.rec_lo


def biorthogonal():
    for number in sorted(SPLINES + list(FACTORED)):
        low, dual = factored(*FACTORED[number]) if number in FACTORED else spline(number)
        wavelet = pywt.Wavelet("bior" + number)
        yield ("bior" + number, check(number, padded(dual, wavelet.dec_lo), wavelet.dec_lo),
               check(number, padded(low, wavelet.rec_lo), wavelet.rec_lo))


TABLES = {"daubechies": daubechies, "symlets": symlets, "coiflets": coiflets, "biorthogonal": biorthogonal}


def write(folder, table):
    path = f"{folder}/wavelet_{table}.c"
    rows, text = [], ["/* Written by wavelet_taps.py. */", '#include "wavelet_taps.h"', ""]
    for name, low, dual in TABLES[table]():
        word = name.replace(".", "_")
        for part, taps in (("", low), ("_dual", dual)):
            if taps:
                text += [f"static const double {word}{part}[] = {{{', '.join(f'{tap:.17g}' for tap in taps)}}};"]
        rows.append(f'{{"{name}", {len(low)}, {word}, {word + "_dual" if dual else "NULL"}}}')
    text += ["", f"const rad_wavelet_row rad_wavelet_{table}[] = {{{', '.join(rows)}, {{NULL, 0, NULL, NULL}}}};"]
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join(text) + "\n")
    subprocess.run(["clang-format", "-i", path], check=True)


for each in TABLES:
    write(sys.argv[1], each)
