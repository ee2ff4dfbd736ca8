#!/bin/sh
# A bootstrapped Debian 12 in the folder named first, with the packages named after it, and a command in a root:
#   root.sh make FOLDER [PACKAGE...]     root.sh run FOLDER COMMAND     (a line for sh, with the network of this machine)
set -eu
if [ "$(id -u)" -ne 0 ] || ! unshare -m true 2>/dev/null; then echo 'a root needs root and unshare' >&2 && exit 1; fi
what=$1 root=$2
shift 2
case $what in
make)
    # a root that was not finished, or has other packages, is made anew
    [ "$(cat "$root/etc/made-with" 2>/dev/null)" != "made with: $*" ] || exit 0
    rm -rf "$root"
    debootstrap --variant=minbase ${1:+"--include=$(echo "$@" | tr ' ' ,)"} bookworm "$root" >"$root.log"
    echo "made with: $*" >"$root/etc/made-with" ;;
run)
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    # shellcheck disable=SC2016 # of the inner shell
    unshare -mp --fork sh -c 'mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" &&
        exec chroot "$1" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive sh -ec "$2"' root "$root" "$1" ;;
esac
