#!/bin/sh
# Do two builds write the same bytes? One fixed set of commands (same_bytes_set.py) with each, and every byte of standard
# output, standard error, exit codes and files compared. What the clock says is left out, by name (same_bytes.py).
# usage: same_bytes.sh OLD NEW [FOLDER] [--allow FILE] [--only PATTERN]     OLD, NEW: .../radiomill, its decoder beside it
exec /usr/bin/python3 "$(dirname "$0")/same_bytes.py" "$@"
