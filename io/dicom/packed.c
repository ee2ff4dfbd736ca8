#include "packed.h"

#include "../../core/memory.h"
#include "colour.h"

#include <libdeflate.h>
#include <string.h>

static const char deflated[] = "1.2.840.10008.1.2.8.1", as_it_is[] = "1.2.840.10008.1.2.1.98",
                  rle[] = "1.2.840.10008.1.2.5";

/* Colours of several bytes, whose segments the codec of RLE puts together in a wrong order. */
static bool is_wide_colour(const rad_pixel_format *f) {
    return f->samples == 3 && f->bits_allocated > 8;
}

bool rad_packed_is(const rad_pixel_format *f) {
    return !strcmp(f->syntax, deflated) || !strcmp(f->syntax, as_it_is) ||
           ((f->bits_allocated == 1 || is_wide_colour(f)) && !strcmp(f->syntax, rle));
}

size_t rad_packed_size(const rad_pixel_format *f) {
    if (f->hue != RAD_HUE_GREY) return rad_colour_size(f);
    const size_t voxels = (size_t)f->rows * f->columns;
    size_t size = 0;
    return rad_multiply(voxels, f->samples * (f->bits_allocated == 1 ? 1 : f->bits_allocated / 8), &size)
               ? size
               : 0;
}

/* Raw deflate of exactly that many bytes; a padding byte may follow. */
static rad_status inflate_frame(const rad_coded_frame *coded, unsigned char *out, size_t size, bool *whole,
                                rad_error *error) {
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    size_t used = 0;
    if (!d) return rad_fail(error, RAD_NO_MEMORY, "out of memory: a deflated frame of %s", coded->path);
    *whole = libdeflate_deflate_decompress_ex(d, coded->bytes, coded->length, out, size, &used, NULL) ==
                 LIBDEFLATE_SUCCESS &&
             coded->length - used <= 1;
    libdeflate_free_decompressor(d);
    return RAD_OK;
}

/* PackBits (PS3.5 annex G), one segment: returns the bytes that it gives, SIZE_MAX where they are more. Zeros
 * may fill its end. */
static size_t unpack(const unsigned char *coded, size_t length, unsigned char *out, size_t size) {
    size_t got = 0;
    for (size_t at = 0; at + 1 < length;) {
        const unsigned head = coded[at++];
        if (got == size && !head) continue;
        if (head == 128) continue;
        const size_t count = head < 128 ? head + 1 : 257 - head;
        if (count > size - got || (head < 128 && count > length - at)) return SIZE_MAX;
        if (head < 128)
            memcpy(out + got, coded + at, count);
        else
            memset(out + got, coded[at], count);
        got += count;
        at += head < 128 ? count : 1;
    }
    return got;
}

/* The lowest bit of a byte is the first; from the last one on, since both may lie in the same memory. */
static void spread(const unsigned char *bits, size_t count, unsigned char *out) {
    for (size_t i = count; i-- > 0;) out[i] = bits[i / 8] >> i % 8 & 1;
}

/* One segment, of a byte a voxel as programs write it, or of bits. */
static bool unpack_bits(const unsigned char *coded, size_t length, unsigned char *out, size_t voxels) {
    static const unsigned char head[8] = {1, 0, 0, 0, 64, 0, 0, 0};
    if (length <= 64 || memcmp(coded, head, sizeof head) != 0) return false;
    const size_t got = unpack(coded + 64, length - 64, out, voxels);
    if (got == voxels && voxels > 1) {
        for (size_t i = 0; i < voxels; i++) out[i] = out[i] != 0;
        return true;
    }
    if (got != (voxels + 7) / 8) return false;
    spread(out, voxels, out);
    return true;
}

static size_t offset_of(const unsigned char *coded, size_t segment) {
    const unsigned char *b = coded + 4 + 4 * segment;
    return (size_t)b[0] | (size_t)b[1] << 8 | (size_t)b[2] << 16 | (size_t)b[3] << 24;
}

/* A segment for each byte of a sample, the high one first. */
static bool unpack_colour(const rad_coded_frame *coded, unsigned char *plane, unsigned char *out) {
    const rad_pixel_format *f = coded->format;
    const size_t pixels = (size_t)f->rows * f->columns, width = f->bits_allocated / 8, segments = 3 * width;
    const unsigned char head[8] = {(unsigned char)segments, [4] = 64};
    if (f->hue == RAD_HUE_YBR_422 || coded->length <= 64 || memcmp(coded->bytes, head, sizeof head) != 0)
        return false;
    for (size_t s = 0; s < segments; s++) {
        const size_t begin = offset_of(coded->bytes, s),
                     end = s + 1 < segments ? offset_of(coded->bytes, s + 1) : coded->length;
        if (begin < 64 || begin > end || end > coded->length ||
            unpack(coded->bytes + begin, end - begin, plane, pixels) != pixels)
            return false;
        for (size_t p = 0; p < pixels; p++)
            out[width * (f->planar ? s / width * pixels + p : 3 * p + s / width) + width - 1 - s % width] =
                plane[p];
    }
    return true;
}

static rad_status unpack_wide(const rad_coded_frame *coded, unsigned char *out, bool *whole,
                              rad_error *error) {
    unsigned char *plane = rad_new_raw(coded->format->rows, coded->format->columns, error);
    if (!plane) return RAD_NO_MEMORY;
    *whole = unpack_colour(coded, plane, out);
    rad_free(plane);
    return RAD_OK;
}

rad_status rad_packed_read(const rad_coded_frame *coded, unsigned char *out, rad_error *error) {
    const rad_pixel_format *f = coded->format;
    const bool bits = f->bits_allocated == 1;
    const size_t whole = rad_packed_size(f), size = bits ? (whole + 7) / 8 : whole;
    bool done = false, spread_out = bits;
    rad_status status = RAD_OK;
    if (!strcmp(f->syntax, rle) && !bits) {
        status = unpack_wide(coded, out, &done, error);
    } else if (!strcmp(f->syntax, rle)) {
        done = unpack_bits(coded->bytes, coded->length, out, whole);
        spread_out = false;
    } else if (!strcmp(f->syntax, as_it_is)) {
        done = coded->length >= size && coded->length - size <= 1;
        if (done) memcpy(out, coded->bytes, size);
    } else {
        status = inflate_frame(coded, out, size, &done, error);
    }
    if (done && spread_out) spread(out, whole, out);
    if (status != RAD_OK || done) return status;
    return rad_fail(
        error, RAD_UNREADABLE,
        "%s: frame %zu cannot be unpacked (transfer syntax %s): damaged, or not of %u x %u voxels; "
        "fetch it again, or save it uncompressed",
        coded->path, coded->number + 1, f->syntax, f->columns, f->rows);
}
