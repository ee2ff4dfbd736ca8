#!/bin/sh
# Packages of Debian from the files of this tree, checked by lintian: build/deb. For `make deb`.
set -eu
build=${BUILD:-build} version=${VERSION:?}
out=$build/deb tree=$build/deb/radiomill-$version
grep -q "^radiomill ($version) " debian/changelog || { echo "debian/changelog is not of $version" >&2 && exit 1; }
rm -rf "$out"
sh packaging/tree.sh "$tree"
unset MAKEFLAGS MFLAGS BUILD VERSION
(cd "$tree" && dpkg-buildpackage -us -uc -j"$(nproc)" >../build.log 2>&1) || { tail -n 40 "$out/build.log" && exit 1; }
# These go to no archive: no bug report waits for them, and the project has no address of mail. All else counts.
lintian --allow-root --fail-on error,warning \
    --suppress-tags initial-upload-closes-no-bugs,bogus-mail-host,bogus-mail-host-in-debian-changelog "$out"/*.changes
ls -l "$out"/*.deb
