#!/bin/sh
# Compressed DICOM and the command: one line for a frame that cannot be decoded, and the next case goes on; where the
# decoder is found, and what is linked with GDCM.
set -u
build=${BUILD:-build}
run=$build/radiomill
cases=${RADIOMILL_CASES:-../shared/cases}/reliability
. tests/support/checks.sh

# A series of three slices in RLE, and a mask on its grid.
python3 - "$work" <<'PY'
import os, re, struct, sys
work = sys.argv[1]
seed = open('tests/fuzz/source/rle.dcm', 'rb').read()
def with_text(data, group, element, vr, text):  # the value of an element, explicit little endian
    head = struct.pack('<HH', group, element) + vr
    at = data.index(head)
    length = struct.unpack('<H', data[at + 6:at + 8])[0]
    text = text.encode() + b' ' * (len(text) % 2)
    return data[:at + 6] + struct.pack('<H', len(text)) + text + data[at + 8 + length:]
for name in ('good', 'bad'):
    os.makedirs(work + '/' + name)
    for z in range(3):
        data = with_text(seed, 0x20, 0x32, b'DS', '-30.5\\-20.25\\%g' % (10 + 2.5 * z))
        if name == 'bad' and z == 1:
            data = with_text(data, 0x28, 0x101, b'US', '\x05\x00')
            data = with_text(data, 0x28, 0x102, b'US', '\x04\x00')
        open('%s/%s/%d.dcm' % (work, name, z), 'wb').write(data)
PY
check 'a series in RLE' expect 0 '' "$run" filter "$work/good" square -o "$work/grid.nii"
python3 - "$work" <<'PY'
import struct, sys
h = bytearray(open(sys.argv[1] + '/grid.nii', 'rb').read()[:352])
nx, ny, nz = struct.unpack_from('<3h', h, 42)
struct.pack_into('<hh', h, 70, 2, 8)
inside = lambda x, y: 3 <= x < nx - 3 and 3 <= y < ny - 3
open(sys.argv[1] + '/mask.nii', 'wb').write(
    bytes(h) + bytes(inside(x, y) for z in range(nz) for y in range(ny) for x in range(nx)))
PY
check 'features of it' expect 0 '' "$run" extract "$work/good" "$work/mask.nii" -o "$work/good.csv"
check 'bits that the header cuts' expect_line 3 'bad/1.dcm: frame 1 ' "$run" extract "$work/bad" "$work/mask.nii" -o "$work/bad.csv"
check 'no file of it' test ! -e "$work/bad.csv"

printf 'case,image,mask\nfirst,bad,mask.nii\nsecond,good,mask.nii\n' >"$work/cases.csv"
check 'the next case goes on' expect 20 '' "$run" batch "$work/cases.csv" -o "$work/run"
check 'the case says why' grep -q '^1,first,.*1.dcm: frame 1 holds voxels of 16 bits' "$work/run/cases.csv"
check 'and the other has its row' grep -q '^second,' "$work/run/features.csv"

# A codec that does as it likes: whatever it is asked, the bytes after the header of RLE tell it.
bad_codec() { # command...
    RADIOMILL_DECODER=$build/tests/bad_decoder "$@"
}
python3 - "$work" <<'PY'
import os, sys
work = sys.argv[1]
for what in 'ASMoE':
    os.makedirs('%s/%s' % (work, what))
    for z in range(3):
        data = bytearray(open('%s/good/%d.dcm' % (work, z), 'rb').read())
        at = data.rindex(b'\xfe\xff\x00\xe0') + 8 + 64
        data[at] = ord(what if z == 1 else 'G')
        open('%s/%s/%d.dcm' % (work, what, z), 'wb').write(data)
PY
for what in A S M o E; do
    [ $what = M ] && [ -n "${SANITIZE:-}" ] && continue # memory has no bound there
    check "a codec that does $what" bad_codec expect_line 3 "$what/1.dcm: frame 1 cannot be decoded" \
        "$run" extract "$work/$what" "$work/mask.nii" -o "$work/x.csv"
    check 'no file of it' test ! -e "$work/x.csv"
done
printf 'case,image,mask\nfirst,A,mask.nii\nsecond,good,mask.nii\n' >"$work/cases.csv"
check 'in a batch' bad_codec expect 20 '' "$run" batch "$work/cases.csv" -o "$work/run2"
check 'the worker lives on' grep -q '^1,first,.*1.dcm: frame 1 cannot be decoded' "$work/run2/cases.csv"
check 'and so does the other case' grep -q '^second,' "$work/run2/features.csv"

# Installed anywhere: bin/ and libexec/ beside each other.
mkdir -p "$work/prefix/bin" "$work/prefix/libexec" "$work/alone/bin"
cp "$run" "$work/prefix/bin/"
cp "$run" "$work/alone/bin/"
cp "$build/libexec/radiomill-decoder" "$work/prefix/libexec/"
check 'moved as a whole' expect 0 '' "$work/prefix/bin/radiomill" filter "$work/good" square -o "$work/moved.nii"
check 'the same' cmp "$work/grid.nii" "$work/moved.nii"
ln -s "$work/prefix/bin/radiomill" "$work/link"
check 'by a link' expect 0 '' "$work/link" filter "$work/good" square -o "$work/moved.nii"
chmod 777 "$work/prefix/libexec/radiomill-decoder"
if [ ! -e /usr/local/libexec/radiomill-decoder ]; then
    check 'a decoder that anybody may write' expect_line 3 '/usr/local/libexec/radiomill-decoder cannot be started' \
        "$work/prefix/bin/radiomill" filter "$work/good" square -o "$work/x.nii"
    check 'alone: says what is missing' expect_line 3 '0.dcm: holds compressed frames, but the decoder' \
        "$work/alone/bin/radiomill" filter "$work/good" square -o "$work/x.nii"
fi
check 'the decoder by itself' expect 2 'starts this program by itself' "$build/libexec/radiomill-decoder"
check 'no process is started without need' env RADIOMILL_DECODER=/nowhere "$run" validate --only digital_phantom
for file in "$run" "$build/libradiomill.so"; do
    check "$file: without GDCM" sh -c "! readelf -d '$file' | grep -iE 'gdcm|openjp|charls'"
done

if [ -d "$cases" ]; then
    for case in jpeg_ls_of_32_bits bits_stored_below_the_stream; do
        check "$case" expect_line 3 "$case/image/003.dcm: frame 1 " "$run" filter "$cases/$case/image" square -o "$work/x.nii"
        check "$case: info" expect 0 '' "$run" info "$cases/$case/image"
    done
else
    echo 'decoder: skipped: no cases'
fi
report decoder
