"""What is declared twice, in include/radiomill.h and for ctypes, is the same: structures by the compiler, functions by name."""
import ctypes
import re
import shutil
import subprocess

import pytest

from radiomill import _native as native

HEADER = "include/radiomill.h"
STRUCTURES = {
    "rad_error": native.Error, "rad_control": native.Control, "rad_array": native.Array,
    "rad_scan_options": native.ScanOptions, "rad_roi_info": native.RoiInfo, "rad_selection": native.Selection,
    "rad_column_info": native.ColumnInfo, "rad_row_info": native.RowInfo, "rad_compliance": native.Compliance,
    "rad_site_options": native.SiteOptions, "rad_pool_options": native.PoolOptions,
}


@pytest.mark.skipif(not shutil.which("cc"), reason="no compiler")
def test_structures(tmp_path):
    sizes = {**STRUCTURES, "rad_compared": native.Compared}
    lines = ['#include "radiomill.h"', "#include <stdio.h>", "int main(void) {"]
    expected = []
    for name, structure in sizes.items():
        lines.append(f'printf("%zu\\n", sizeof({name}));')
        expected.append(ctypes.sizeof(structure))
        for field, *_ in structure._fields_:
            if name == "rad_compared" and field == "reason":
                continue  # of the value, which is a structure of its own there
            lines.append(f'printf("%zu\\n", offsetof({name}, {field}));')
            expected.append(getattr(structure, field).offset)
    (tmp_path / "s.c").write_text("\n".join(lines) + "\nreturn 0; }\n")
    subprocess.run(["cc", "-Iinclude", tmp_path / "s.c", "-o", tmp_path / "s"], check=True)
    done = subprocess.run([tmp_path / "s"], capture_output=True, text=True, check=True)
    assert list(map(int, done.stdout.split())) == expected


def test_fields_and_functions():
    """A member, a function, a type or a status that is added to the header is added here, too."""
    text = re.sub(r"/\*.*?\*/", "", open(HEADER).read(), flags=re.S)
    for name, structure in STRUCTURES.items():
        body = re.search(r"typedef struct %s \{(.*?)\} %s;" % (name, name), text, re.S).group(1)
        members = sum(part.count(",") + 1 if "(" not in part else 1 for part in body.split(";") if part.strip())
        assert members == len(structure._fields_), name
    declared = set(re.findall(r"^RAD_API [^;]*?\b(rad_\w+)\(", text, re.M))
    not_used = {"rad_features_find"}  # Result is a mapping
    assert declared - not_used == set(native._FUNCTIONS)
    types = re.search(r"typedef enum rad_type \{(.*?)\}", text, re.S).group(1).split(",")
    assert len([t for t in types if t.strip()]) - 1 == len(native.TYPES)
