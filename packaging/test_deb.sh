#!/bin/sh
# The packages of build/deb in a bootstrapped Debian 12: what they bring along works, and goes when they go.
set -eu
build=${BUILD:-build}
root=$build/roots/deb
mkdir -p "$build/roots"
rm -rf "$root"
sh packaging/root.sh make "$root"
cp "$build"/deb/radiomill_*.deb "$build"/deb/libradiomill0_*.deb "$build"/deb/libradiomill-dev_*.deb "$root/root"
python3 samples/phantom.py "$root/root"
sh packaging/root.sh run "$root" '
    cd /root
    apt-get update -q
    apt-get install -q -y --no-install-recommends ./*.deb pkgconf
    radiomill validate --only digital_phantom --all
    radiomill extract phantom.nii mask.nii -c ibsi-digital-phantom -o features.csv --picture seen.png
    test "$(cut -d, -f3 features.csv | tail -n 1)" = 556.3333333333334
    test "$(head -c 4 seen.png | tail -c 3)" = PNG
    test -x /usr/libexec/radiomill-decoder
    if ldd /usr/libexec/radiomill-decoder | grep "not found"; then exit 1; fi
    test -e /usr/share/man/man1/radiomill.1.gz
    test -e /usr/share/zsh/vendor-completions/_radiomill -a -e /usr/share/bash-completion/completions/radiomill
    test -e "$(pkg-config --variable=libdir radiomill)/libradiomill.so"
    apt-get remove -q -y --purge radiomill libradiomill0 libradiomill-dev
    test ! -e /usr/bin/radiomill -a ! -e /usr/libexec/radiomill-decoder'
echo '1 passed, 0 failed'
