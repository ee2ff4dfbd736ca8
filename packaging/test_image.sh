#!/bin/sh
# The image of build/image with one processor, 2 GB, a root that cannot be written, no network, as nobody: by podman where
# it can run containers, else what is in the image under bubblewrap.
set -eu
build=${BUILD:-build}
image=$(pwd)/$build/image/radiomill.tar
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/data" "$work/oci" "$work/root"
python3 samples/phantom.py "$work/data"
chmod 777 "$work/data"
tar -xf "$image" -C "$work/oci"
# What the image says of itself, and its layers.
python3 - "$work" <<'END'
import json, os, subprocess, sys
work = sys.argv[1]
def blob(digest):
    return os.path.join(work, 'oci', 'blobs', *digest.split(':'))
index = json.load(open(os.path.join(work, 'oci', 'index.json')))
manifest = json.load(open(blob(index['manifests'][0]['digest'])))
config = json.load(open(blob(manifest['config']['digest'])))['config']
assert config['User'] == '65532:65532' and config['Entrypoint'] == ['/usr/bin/radiomill'] and config['WorkingDir'] == '/data', config
for layer in manifest['layers']:
    subprocess.check_call(['tar', '-xf', blob(layer['digest']), '-C', os.path.join(work, 'root')])
END
if podman --root "$work/storage" --runroot "$work/run" --storage-driver vfs load -q -i "$image" >/dev/null 2>&1 &&
    podman --root "$work/storage" --runroot "$work/run" --storage-driver vfs run --rm --network none --read-only --cpus 1 \
        --memory 2g radiomill:"$(sed -n 's/^VERSION := //p' Makefile)" --version >"$work/podman" 2>&1; then
    echo 'by podman'
    in_image() {
        podman --root "$work/storage" --runroot "$work/run" --storage-driver vfs run --rm --cpus 1 --memory 2g --read-only \
            --network none -v "$work/data:/data" radiomill:"$(sed -n 's/^VERSION := //p' Makefile)" "$@"
    }
else
    echo "podman cannot run containers here: $(tail -n 1 "$work/podman" 2>/dev/null || true)"
    echo 'by bubblewrap'
    one=$(taskset -pc $$ | sed 's/.*: //; s/[,-].*//') # the first of the processors
    in_image() (
        # shellcheck disable=SC3045 # dash has it; kB
        ulimit -v 2097152
        taskset -c "$one" bwrap --unshare-all --uid 65532 --gid 65532 --ro-bind "$work/root" / --proc /proc --dev /dev --tmpfs /tmp \
            --bind "$work/data" /data --chdir /data --clearenv --setenv HOME /tmp --setenv LC_ALL C.UTF-8 \
            --setenv PATH /usr/bin:/bin /usr/bin/radiomill "$@"
    )
fi
in_image validate --only digital_phantom --all
in_image extract phantom.nii mask.nii -c ibsi-digital-phantom -o features.csv --picture seen.png
[ "$(cut -d, -f3 "$work/data/features.csv" | tail -n 1)" = 556.3333333333334 ]
[ "$(head -c 4 "$work/data/seen.png" | tail -c 3)" = PNG ]
printf 'case,image,mask\na,phantom.nii,mask.nii\n' >"$work/data/cases.csv"
in_image batch cases.csv -c ibsi-digital-phantom -o RUN -q
[ -s "$work/data/RUN/report.html" ]
! in_image extract phantom.nii mask.nii -o /usr/features.csv 2>"$work/err" || { echo 'the root can be written' && exit 1; }
grep -q '/usr/features.csv' "$work/err"
[ -x "$work/root/usr/libexec/radiomill-decoder" ]
if chroot "$work/root" /bin/sh -c 'ldd /usr/libexec/radiomill-decoder /usr/bin/radiomill' | grep 'not found'; then exit 1; fi
echo '1 passed, 0 failed'
