"""How far two values of PyRadiomics are apart, as texts."""
import math


def numbers(text):
    """The numbers of a diagnostic: "(1.0, 2.0)" or "1.0 2.0"; its text where it has none."""
    words = text.strip('()').replace(',', ' ').split()
    try:
        return [float(w) for w in words]
    except ValueError:
        return text


def difference(expected, got):
    """Relative; infinite where the two are no numbers of the same kind."""
    a, b = numbers(expected), numbers(got)
    if isinstance(a, str) or isinstance(b, str):
        return 0 if a == b else math.inf
    if len(a) != len(b):
        return math.inf
    worst = 0
    for x, y in zip(a, b):
        d = abs(x - y)
        if (x != x and y != y) or d <= 1e-14:
            continue
        worst = max(worst, d / abs(x) if x and d == d else math.inf)
    return worst
