"""An installed package works by itself: numpy, this file, and nothing else. Prints what it ran with."""
import os
import platform
import subprocess
import sys
import tempfile
import time

import numpy as np

started = time.perf_counter()
import radiomill  # noqa: E402

seconds = time.perf_counter() - started
from radiomill import _command, _native  # noqa: E402

assert "site-packages" in radiomill.__file__, radiomill.__file__
os.environ["LD_BIND_NOW"] = "1"  # every symbol of every library is there, or nothing starts
compliance = radiomill.validate(only="digital_phantom")
assert compliance.missed == 0 and compliance.met > 400, compliance[:4]
rng = np.random.default_rng(0)
image, mask = rng.integers(0, 400, (24, 30, 36)).astype(np.int16), np.zeros((24, 30, 36), np.uint8)
mask[6:18, 6:20, 6:30] = 1
result = radiomill.extract(image, mask, "ibsi-c", spacing=(0.9, 1, 3))
assert len(result) > 100 and result["original_morph_volume"] > 0
assert abs(float(radiomill.filter(image, "log: {sigma: 2}", spacing=(1, 1, 1)).mean())) < 10
told = subprocess.run([_command.path(), "--version"], capture_output=True, text=True)
assert told.stdout == f"radiomill {radiomill.version()}\n", told
script = os.path.join(os.path.dirname(sys.executable), "radiomill")
assert subprocess.run([script, "--version"], capture_output=True, text=True).stdout == told.stdout
decoder = os.path.join(os.path.dirname(_native.find("RADIOMILL_LIBRARY", "libradiomill.so", "")),
                       "libexec", "radiomill-decoder")
assert subprocess.run([decoder], stdin=subprocess.DEVNULL, capture_output=True).returncode in (0, 1, 2, 3, 4), decoder
with tempfile.TemporaryDirectory() as folder:
    try:
        radiomill.batch([{"image": "none.nii", "mask": "none.nii"}], os.path.join(folder, "RUN"))
        raise AssertionError("a batch of nothing")
    except radiomill.InputError as error:
        assert "0 of 1 case done" in str(error), error
print(f"Python {platform.python_version()}, numpy {np.__version__}, import beyond numpy {1000 * seconds:.0f} ms, "
      f"{len(result)} features: works")
