#!/bin/sh
# Writes the named files as one C table: rad_embedded[] in core/builtin.h.
set -eu
echo '#include "core/builtin.h"'
i=0
for file in "$@"; do
    echo "static const unsigned char data_$i[] = {"
    od -An -v -tu1 "$file" | sed 's/  *\([0-9]\)/\1/; s/  */,/g; s/$/,/'
    echo '0};'
    i=$((i + 1))
done
echo 'const rad_embedded_file rad_embedded[] = {'
i=0
for file in "$@"; do
    echo "    {\"$(basename "$file")\", (const char *)data_$i, sizeof data_$i - 1},"
    i=$((i + 1))
done
echo '};'
echo 'const size_t rad_embedded_count = sizeof rad_embedded / sizeof rad_embedded[0];'
