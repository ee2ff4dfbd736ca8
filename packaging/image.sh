#!/bin/sh
# An OCI image: a root of Debian 12 from its packages alone, with radiomill's of build/deb. For `make image`.
set -eu
build=${BUILD:-build} version=${VERSION:?} limit=250
out=$build/image
rm -rf "$out"
mkdir -p "$out"
deb=$(ls "$build/deb/radiomill_${version}"_*.deb)
needs=$(dpkg-deb -f "$deb" Depends | sed 's/([^)]*)//g; s/|[^,]*//g; s/ //g')
SOURCE_DATE_EPOCH=$(date -d "$(sed -n 's/^ -- .*>  //p' debian/changelog | head -n 1)" +%s)
export SOURCE_DATE_EPOCH
# shellcheck disable=SC2016 # $1 is mmdebstrap's
mmdebstrap --quiet --variant=essential --include="$needs" --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-include=/usr/share/doc/*/copyright' --dpkgopt='path-exclude=/usr/share/info/*' \
    --customize-hook="copy-in $deb /tmp" --customize-hook='chroot "$1" dpkg -i /tmp/'"${deb##*/}" \
    --customize-hook='rm -rf "$1"/tmp/* "$1"/var/cache/* "$1"/var/log/* "$1"/etc/resolv.conf && mkdir -p "$1/data"' \
    bookworm "$out/root.tar"
cp Containerfile "$out"
at() { buildah --root "$(pwd)/$out/storage" --runroot "$(pwd)/$out/run" --storage-driver vfs "$@"; }
at bud -q --isolation chroot --format oci --timestamp "$SOURCE_DATE_EPOCH" -t "radiomill:$version" -f "$out/Containerfile" "$out" >/dev/null
at push -q "radiomill:$version" "oci-archive:$out/radiomill.tar:radiomill:$version"
rm -rf "$out/storage" "$out/run"
size=$(($(stat -c %s "$out/root.tar") / 1000000))
echo "$out/radiomill.tar: $(($(stat -c %s "$out/radiomill.tar") / 1000000)) MB, $size MB unpacked"
[ "$size" -lt $limit ] || { echo "the image is larger than $limit MB" >&2 && exit 1; }
