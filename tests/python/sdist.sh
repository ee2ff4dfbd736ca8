#!/bin/sh
# pip install of a source distribution, without a network, in a Debian 12 that has the packages of the build and nothing
# else; as root, with debootstrap: sh tests/python/sdist.sh PYTHON FOLDER PACKAGE... PYTHON has pip and hatchling.
set -eu
python=$1 folder=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
if [ "$(id -u)" -ne 0 ] || ! unshare -m true 2>/dev/null; then
    echo 'no Debian for the source distribution: that needs root and unshare' && exit 0
fi
mkdir -p "$folder"
root=$folder/root
sh "$here/../../packaging/root.sh" make "$root" python3-venv "$@"
cp "$here/smoke.py" "$root"
rm -rf "$root/wheels" "$root/venv" && mkdir "$root/wheels"
"$python" -m hatchling build -t sdist -d "$root/wheels"
"$python" -m pip download -q --disable-pip-version-check --only-binary :all: --python-version 3.11 -d "$root/wheels" numpy hatchling
sh "$here/../../packaging/root.sh" run "$root" '
    python3 -m venv /venv
    /venv/bin/pip install -q --no-index --find-links /wheels radiomill
    cd /tmp && /venv/bin/python /smoke.py'
echo '1 passed, 0 failed'
