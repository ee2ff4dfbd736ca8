#include "codestream.h"

#include <string.h>

static unsigned word(const unsigned char *b) {
    return (unsigned)b[0] << 8 | b[1];
}

static unsigned long_word(const unsigned char *b) {
    return word(b) << 16 | word(b + 2);
}

/* The bits, where that many need as many bytes as are allocated; else 0. */
static unsigned depth_that_fits(const rad_pixel_format *f, unsigned bits) {
    const bool fits = f->bits_allocated == 8    ? bits >= 2 && bits <= 8
                      : f->bits_allocated == 16 ? bits > 8 && bits <= 16
                                                : false;
    return fits ? bits : 0;
}

static unsigned components_of(const rad_pixel_format *f) {
    return f->hue == RAD_HUE_GREY ? 1 : 3;
}

/* Grey is not subsampled; of a picture in colour the colours may be, by 2. */
static bool samples_fit(unsigned components, const unsigned char *b) {
    if (components == 1) return b[1] == 0x11;
    const bool first = b[1] == 0x11 || b[1] == 0x21 || b[1] == 0x12 || b[1] == 0x22;
    return first && b[4] == 0x11 && b[7] == 0x11;
}

/* SOF, one of those allowed: precision, lines, columns, then the components. */
static unsigned frame_bits(const rad_pixel_format *f, const unsigned char *b, size_t length) {
    const unsigned components = components_of(f);
    const bool fits = length >= 8 + 3 * (size_t)components && word(b + 3) == f->rows &&
                      word(b + 5) == f->columns && b[7] == components && samples_fit(components, b + 8);
    return fits ? depth_that_fits(f, b[2]) : 0;
}

/* Markers from SOI up to the first SOS; `frames` are the SOF markers that are allowed. */
static unsigned jpeg_bits(const rad_pixel_format *f, unsigned char *coded, size_t length,
                          const char *frames) {
    size_t at = 2;
    unsigned found = 0;
    if (length < 4 || word(coded) != 0xFFD8) return 0;
    while (length - at >= 4 && coded[at] == 0xFF) {
        const unsigned marker = coded[at + 1];
        if (marker == 0xFF) { /* fill bytes */
            at++;
            continue;
        }
        const size_t size = word(coded + at + 2);
        if (marker < 0xC0 || (marker >= 0xD0 && marker <= 0xD9) || size < 2 || size > length - at - 2)
            return 0;
        const bool table = marker == 0xC4 || marker == 0xC8 || marker == 0xCC; /* among the SOF, but none */
        if ((marker < 0xD0 && !table) || marker == 0xF7) {
            if (found || !strchr(frames, (int)marker)) return 0;
            found = frame_bits(f, coded + at + 2, size);
            if (!found) return 0;
        }
        if (marker == 0xDA)
            return size >= 8 && (coded[at + 4] == 1 || coded[at + 4] == components_of(f)) ? found : 0;
        if (marker >= 0xE0 && marker <= 0xEF) coded[at + 1] = 0xFE;
        at += 2 + size;
    }
    return 0;
}

/* Precision and subsampling (none) of each component. */
static bool are_alike(const unsigned char *b, unsigned components) {
    for (unsigned i = 0; i < components; i++)
        if (b[3 * i] != b[0] || b[3 * i + 1] != 1 || b[3 * i + 2] != 1) return false;
    return true;
}

/* SIZ comes first: size and offset of image and tiles, then the components. */
static unsigned jpeg_2000_bits(const rad_pixel_format *f, const unsigned char *coded, size_t length) {
    const unsigned components = components_of(f);
    if (length < 48 + 3 * (size_t)components || long_word(coded) != 0xFF4FFF51) return 0;
    const unsigned char *b = coded + 6; /* after the length */
    const unsigned width = long_word(b + 2), height = long_word(b + 6), left = long_word(b + 10),
                   top = long_word(b + 14);
    const unsigned tile_width = long_word(b + 18), tile_height = long_word(b + 22);
    const bool fits = width > left && height > top && width - left == f->columns && height - top == f->rows &&
                      tile_width && tile_height && word(b + 34) == components &&
                      are_alike(b + 36, components);
    const unsigned bits = (b[36] & 0x7FU) + 1;
    if (bits == 1 && f->bits_allocated == 8 && f->bits_stored == 1) return fits; /* masks of single bits */
    return fits ? depth_that_fits(f, bits) : 0;
}

/* Number of segments, one for each byte of a voxel, and where each begins. */
static unsigned rle_bits(const rad_pixel_format *f, const unsigned char *coded, size_t length) {
    if (length < 64) return 0;
    unsigned start[16];
    for (size_t i = 0; i < 16; i++)
        start[i] = coded[4 * i] | (unsigned)coded[4 * i + 1] << 8 | (unsigned)coded[4 * i + 2] << 16 |
                   (unsigned)coded[4 * i + 3] << 24;
    bool fits = start[0] == f->bits_allocated / 8 * components_of(f) && start[1] == 64;
    for (unsigned i = 2; i <= start[0] && i < 16 && fits; i++)
        fits = start[i] >= start[i - 1] && start[i] < length;
    return fits ? f->bits_allocated : 0;
}

rad_hue rad_codestream_hue(const unsigned char *coded, size_t length) {
    size_t at = 2;
    if (length < 4 || word(coded) != 0xFFD8) return RAD_HUE_GREY;
    while (length - at >= 4 && coded[at] == 0xFF && coded[at + 1] >= 0xC0) {
        const size_t size = word(coded + at + 2);
        if (size < 2 || size > length - at - 2) break;
        const unsigned char *b = coded + at + 4;
        if (coded[at + 1] == 0xE0 && size >= 7 && !memcmp(b, "JFIF", 5)) return RAD_HUE_YBR;
        if (coded[at + 1] == 0xEE && size >= 14 && !memcmp(b, "Adobe", 5))
            return b[11] ? RAD_HUE_YBR : RAD_HUE_RGB;
        at += 2 + size;
    }
    return RAD_HUE_GREY;
}

void rad_codestream_unwrap(unsigned char **coded, size_t *length) {
    static const unsigned char signature[12] = {0, 0, 0, 12, 'j', 'P', ' ', ' ', 0x0D, 0x0A, 0x87, 0x0A};
    unsigned char *b = *coded;
    size_t left = *length;
    if (left < sizeof signature || memcmp(b, signature, sizeof signature) != 0) return;
    while (left >= 8) {
        const bool last = !long_word(b); /* it goes on to the end of the file */
        const size_t size = last ? left : long_word(b);
        if (size < 8 || size > left) return; /* also those of 64 bits, which no frame needs */
        if (!memcmp(b + 4, "jp2c", 4)) {
            *coded = b + 8;
            *length = size - 8;
            return;
        }
        b += size;
        left -= size;
    }
}

typedef enum kind { RLE, JPEG, JPEG_LS, JPEG_2000 } kind;

unsigned rad_codestream_bits(const rad_pixel_format *format, unsigned char *coded, size_t length) {
    static const struct {
        const char *syntax;
        kind kind;
        const char *frames; /* SOF markers */
    } rows[] = {
        {"1.2.840.10008.1.2.5", RLE, ""},
        {"1.2.840.10008.1.2.4.50", JPEG, "\xC0"},
        {"1.2.840.10008.1.2.4.51", JPEG, "\xC0\xC1"},
        {"1.2.840.10008.1.2.4.57", JPEG, "\xC3"},
        {"1.2.840.10008.1.2.4.70", JPEG, "\xC3"},
        {"1.2.840.10008.1.2.4.80", JPEG_LS, "\xF7"},
        {"1.2.840.10008.1.2.4.81", JPEG_LS, "\xF7"},
        {"1.2.840.10008.1.2.4.90", JPEG_2000, ""},
        {"1.2.840.10008.1.2.4.91", JPEG_2000, ""},
        {"1.2.840.10008.1.2.4.201", JPEG_2000, ""}, /* with the coder of high throughput */
        {"1.2.840.10008.1.2.4.202", JPEG_2000, ""},
        {"1.2.840.10008.1.2.4.203", JPEG_2000, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(format->syntax, rows[i].syntax) != 0) continue;
        if (rows[i].kind == RLE) return rle_bits(format, coded, length);
        if (rows[i].kind == JPEG_2000) return jpeg_2000_bits(format, coded, length);
        return jpeg_bits(format, coded, length, rows[i].frames);
    }
    return 0;
}
