"""Last bits of exact sums, and odd cube roots modulo powers of two."""


def last(x):
    """The power of two of the last bit of a fraction; of 0 beyond all."""
    if not x:
        return 10**6
    n, d = abs(x.numerator), x.denominator
    return (n & -n).bit_length() - 1 if d == 1 else 1 - d.bit_length()


def cube_root(c, bits):
    x = 1
    for b in range(1, bits):
        if (x**3 - c) % (1 << b + 1):
            x |= 1 << b
    return x
