#!/bin/sh
# Cross-compiles for arm64, runs the suites under qemu-user and compares the features of the CT phantom with those of
# this machine. The libraries of the other architecture go to a folder of their own, BUILD/root.
#   tests/support/arm64.sh BUILD package...
set -eu
cd "$(dirname "$0")/../.."
build=$(realpath -m "$1")
shift
root=$build/root
libraries=$root/usr/lib/aarch64-linux-gnu
if [ ! -e "$build/root.done" ]; then
    rm -rf "$root" "$build/apt"
    mkdir -p "$root" "$build/apt/state/lists/partial" "$build/apt/cache/archives/partial"
    : >"$build/apt/status"
    set -- -q -y -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State="$build/apt/state" \
        -o Dir::State::status="$build/apt/status" -o Dir::Cache="$build/apt/cache" -o APT::Sandbox::User=root \
        -o Debug::NoLocking=1 "$@"
    options= packages=
    for word in "$@"; do
        case $word in
        libc6-dev | lib* | zlib* | check) packages="$packages $word" ;;
        *) options="$options $word" ;;
        esac
    done
    # shellcheck disable=SC2086 # lists of words
    apt-get $options update >"$build/apt.log" 2>&1 || { tail "$build/apt.log" && exit 1; }
    # shellcheck disable=SC2086
    apt-get $options install --download-only --no-install-recommends $packages >>"$build/apt.log" 2>&1 ||
        { tail "$build/apt.log" && exit 1; }
    for package in "$build"/apt/cache/archives/*.deb; do dpkg-deb -x "$package" "$root"; done
    find "$root" -type l -lname '/*' | while read -r link; do # links to the root of the other system
        ln -sfn "$root$(readlink "$link")" "$link"
    done
    : >"$build/root.done"
fi

# The alternatives of BLAS and LAPACK are links that only an installation makes.
algebra=$libraries/blas:$libraries/lapack
export PKG_CONFIG_SYSROOT_DIR="$root" PKG_CONFIG_LIBDIR="$libraries/pkgconfig:$root/usr/share/pkgconfig"
make -s BUILD="$build" NIFTI="$root/usr/include/nifti" CC="aarch64-linux-gnu-gcc --sysroot=$root" \
    LDFLAGS="-Wl,-rpath-link,$algebra:$libraries" "$build/radiomill" "$build/libexec/radiomill-decoder" suites
run() {
    qemu-aarch64 -L "$root" -E LD_LIBRARY_PATH="$algebra" "$@"
}
# The decoder is a program of the other architecture, and emulators know no filters of system calls: readers say so.
cat >"$build/decoder" <<EOF
#!/bin/sh
exec qemu-aarch64 -L "$root" -E LD_LIBRARY_PATH="$algebra" "\$RADIOMILL_EMULATED" "\$@"
EOF
chmod +x "$build/decoder"
export RADIOMILL_DECODER="$build/decoder" RADIOMILL_EMULATED="$build/libexec/radiomill-decoder"
status=0
for suite in "$build"/tests/test_*; do
    case $suite in *.*) continue ;; esac
    CK_DEFAULT_TIMEOUT=600 run "$suite" >"$suite.log" 2>&1 || { status=1 && cat "$suite.log"; }
    printf 'arm64: %s\n' "$(grep '%: Checks' "$suite.log" || echo "$suite did not finish")"
done

# Features of both machines: the same but for the last digits where other libraries count (Fourier transforms,
# eigenvalues, cube roots), and the smallest ellipsoid, which is found to 1e-5.
phantom=${RADIOMILL_DATA:-../shared/data}/ibsi1/ct_phantom/nifti
if [ -e "$phantom/image.nii.gz" ]; then
    run "$build/radiomill" extract "$phantom/image.nii.gz" "$phantom/mask.nii.gz" -c ibsi-c -o "$build/arm64.csv"
    "${build%/arm64}/radiomill" extract "$phantom/image.nii.gz" "$phantom/mask.nii.gz" -c ibsi-c -o "$build/here.csv"
    python3 - "$build/arm64.csv" "$build/here.csv" <<'PY' || status=1
import csv, sys
(names, there), (_, here) = (list(csv.reader(open(path))) for path in sys.argv[1:])
same, wrong = 0, []
for name, a, b in zip(names[2:], there[2:], here[2:]):
    same += a == b
    slack = 1e-5 if "mvee" in name else 1e-12
    if a != b and not abs(float(a) - float(b)) <= slack * abs(float(b)):
        wrong.append(f"{name}: {a} on arm64, {b} here")
print(f"arm64: {same} of {len(names) - 2} features have the same bytes as here; {len(wrong)} differ")
print("\n".join(wrong))
sys.exit(bool(wrong))
PY
else
    echo 'arm64: comparison skipped: no reference data'
fi
exit $status
