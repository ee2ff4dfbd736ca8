#!/bin/sh
# Copies the files of this tree, without what was built, into a folder: tree.sh FOLDER
set -eu
list=$(mktemp)
trap 'rm -f "$list"' EXIT
if [ -e .git ]; then git ls-files -z; else find . -path "./${BUILD:-build}" -prune -o -type f -print0; fi >"$list"
mkdir -p "$1"
tar --null -T "$list" -cf - | tar -xf - -C "$1"
