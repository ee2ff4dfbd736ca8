#!/bin/sh
# A wheel in a clean virtual environment of each Python that is here (PYTHONS), and, as root with debootstrap, again in a
# Debian 12 without any of the libraries: sh tests/python/wheel.sh WHEEL FOLDER
set -eu
wheel=$1 folder=$2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder"
folder=$(cd "$folder" && pwd) root=$folder/root
if [ -z "${PYTHONS:-}" ]; then
    PYTHONS=$(for version in 3.9 3.10 3.11 3.12 3.13 3.14; do
        for python in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python; do
            "$python" -c 'import sys; print(sys.executable)' 2>/dev/null && break
        done
    done; true)
fi
case $wheel in
*py3-none-manylinux_2_*) ;;
*) echo "$wheel: the tag is not py3-none-manylinux" >&2 && exit 1 ;;
esac
passed=0 failed=0
try() { # what, command
    echo "$1:"
    shift
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# In the root, the same virtual environments: their Python lies under the same path there.
if command -v debootstrap >/dev/null && [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
    sh "$here/../../packaging/root.sh" make "$root" python3-venv libsqlite3-0
else
    root= && echo 'no bare Debian: that needs root, debootstrap and unshare'
fi
bare() { # venv, folder of its Python
    mkdir -p "$root$1" "$root$2"
    cp "$here/smoke.py" "$root/smoke.py"
    # shellcheck disable=SC2016 # of the inner shell
    unshare -m sh -c 'mount --bind "$2" "$1$2" && mount --bind "$3" "$1$3" && mount -t proc proc "$1/proc" &&
        exec chroot "$1" env -i PATH=/usr/bin:/bin HOME=/tmp "$3/bin/python" /smoke.py' bare "$root" "$2" "$1"
}
for python in $PYTHONS; do
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    venv=$folder/venv-$version
    rm -rf "$venv"
    "$python" -m venv "$venv"
    "$venv/bin/pip" install -q --disable-pip-version-check "$wheel"
    try "$version" env -C / "$venv/bin/python" "$here/smoke.py"
    base=$("$python" -c 'import sys; print(sys.base_prefix)')
    [ -z "$root" ] || [ "$base" = /usr ] || try "$version in a bare Debian" bare "$venv" "$base"
done
if [ -n "$root" ]; then
    for library in libfftw3 libgdcm libqhull liblapack libnifti libjansson libsodium libdeflate libisal libpng libtiff libyaml; do
        ! find "$root/usr/lib" -name "$library*.so*" | grep -q . || { echo "the bare Debian has $library" >&2 && failed=$((failed + 1)); }
    done
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
