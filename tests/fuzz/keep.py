#!/usr/bin/env python3
"""Keeps what fuzzers found: keep.py BUILD CORPUS NAME... For each fuzzer, the fewest inputs of CORPUS/NAME (at most 4,000
bytes each) that take all branches, one after the other with its length before it, into tests/fuzz/found/NAME.gz."""
import gzip
import os
import struct
import subprocess
import sys
import tempfile

build, corpus, names = sys.argv[1], sys.argv[2], sys.argv[3:]
here = os.path.dirname(os.path.abspath(sys.argv[0]))
for name in names:
    with tempfile.TemporaryDirectory() as few:
        subprocess.run([f"{build}/tests/fuzz/fuzz_{name}", "-set_cover_merge=1", "-use_counters=0", "-max_len=4000", few,
                        f"{here}/{name}", f"{corpus}/{name}"], check=True, capture_output=True)
        inputs = sorted((open(os.path.join(few, f), "rb").read() for f in os.listdir(few)), key=lambda i: (len(i), i))
    with open(f"{here}/found/{name}.gz", "wb") as out:
        out.write(gzip.compress(b"".join(struct.pack("<I", len(i)) + i for i in inputs), mtime=0))
    print(f"{name}: {len(inputs)} inputs, {os.path.getsize(f'{here}/found/{name}.gz')} bytes")
