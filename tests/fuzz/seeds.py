#!/usr/bin/env python3
"""Writes the seeds of the fuzzers: small valid files of every kind, and the usual damage."""
import gzip
import os
import struct
import sys

here = sys.argv[1]


def put(fuzzer, name, data):
    os.makedirs(os.path.join(here, fuzzer), exist_ok=True)
    with open(os.path.join(here, fuzzer, name), "wb") as file:
        file.write(data)


def header1(dim, code, bits, order="<", magic=b"n+1\0", offset=352.0, slope=0.0):
    h = struct.pack(order + "i10s18sihcB", 348, b"", b"", 0, 0, b"r", 0)
    h += struct.pack(order + "8h3fhhhh", *dim, 0, 0, 0, 0, code, bits, 0)
    h += struct.pack(order + "8f", 1, 1, 2, 3, 0, 0, 0, 0)
    h += struct.pack(order + "3fhBB4f2i", offset, slope, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0)
    h += struct.pack(order + "80s24s2h6f", b"", b"", 0, 1, 0, 0, 0, 0, 0, 0)
    h += struct.pack(order + "12f16s4s", 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0, b"", magic)
    assert len(h) == 348
    return h + bytes(4)


def header2(dim, code, bits):
    h = struct.pack("<i8shh8qddd", 540, b"n+2\0\r\n\x1a\n", code, bits, *dim, 0, 0, 0)
    h += struct.pack("<8d", 1, 1, 2, 3, 0, 0, 0, 0)
    h += struct.pack("<qddddd", 544, 1, 0, 0, 0, 0)
    h += struct.pack("<dqq80s24sii", 0, 0, 0, b"", b"", 0, 1)
    h += struct.pack("<6d12d", 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0)
    h += struct.pack("<iii16sB15s", 0, 2, 0, b"", 0, b"")
    return h + bytes(544 - len(h))


dim = (3, 3, 2, 2, 1, 1, 1, 1)
types = {2: 8, 256: 8, 512: 16, 4: 16, 768: 32, 8: 32, 1280: 64, 1024: 64, 16: 32, 64: 64, 1536: 128}
for code, bits in types.items():
    put("nifti", f"type{code}", header1(dim, code, bits) + bytes(range(12)) * (bits // 8))
image = header1(dim, 4, 16) + struct.pack("<12h", *range(12))
put("nifti", "big_endian", header1(dim, 4, 16, ">") + struct.pack(">12h", *range(12)))
put("nifti", "version2", header2(dim, 4, 16) + struct.pack("<12h", *range(12)))
put("nifti", "huge", header1((3, 32767, 32767, 1000, 1, 1, 1, 1), 2, 8))
put("nifti", "huge2", header2((3, 10**4, 10**4, 10**4, 1, 1, 1, 1), 2, 8))
put("nifti", "pair", header1(dim, 4, 16, magic=b"ni1\0"))
put("nifti", "truncated", image[:360])
packed = gzip.compress(image, mtime=0)
put("nifti", "gzipped", packed)
put("nifti", "gzip_cut", packed[:-9])
put("gzip", "one", packed)
put("gzip", "two", packed + gzip.compress(b"more", mtime=0))
put("gzip", "stored", gzip.compress(bytes(range(256)), 0, mtime=0))
put("gzip", "zeros", gzip.compress(bytes(100000), mtime=0) + bytes(8))
put("gzip", "tail", packed + b"tail")
put("gzip", "named", b"\x1f\x8b\x08\x1c" + bytes(6) + b"\x04\x00abcdname\0word\0" + packed[10:])
put("gzip", "plain", b"not a gzip stream")
for kind in range(10):
    put("mask", f"type{kind}", bytes([kind, 1, 3, 4, 3, 2]) + bytes([0, 1, 1, 2] * 60))
put("mask", "scaled", bytes([0, 32, 3, 4, 3, 2]) + bytes([0, 2, 4, 6] * 6))
settings = os.path.join(os.path.dirname(os.path.abspath(sys.argv[0])), "../../reference/settings")
for name in sorted(os.listdir(settings)):
    with open(os.path.join(settings, name), "rb") as file:
        put("settings", name, file.read())
put("settings", "deep", b"[" * 200)
put("settings", "alias", b"a: &a [1, *a]\n")
