/* Frames that are unpacked without a codec: colours of 16 bits in RLE, six segments, the high bytes first. */
#include "../../core/memory.h"
#include "../../io/dicom/packed.h"
#include "testing.h"

#include <string.h>

enum { ROWS = 5, COLUMNS = 7, PIXELS = ROWS * COLUMNS, MOST = 64 + 6 * 2 * PIXELS };

/* The samples of a pixel by a rule, with runs of equal ones. */
static unsigned sample(size_t p, size_t c) {
    return (unsigned)(p / 5 * 4099 + c * 257 + (p % 5 > 2)) & 0xFFFFU;
}

/* As PackBits: runs of two and more, else single bytes. */
static size_t pack(const unsigned char *plane, unsigned char *out) {
    size_t made = 0;
    for (size_t at = 0, end; at < PIXELS; at = end) {
        for (end = at + 1; end < PIXELS && plane[end] == plane[at]; end++) {
        }
        out[made++] = (unsigned char)(end - at > 1 ? 257 - (end - at) : 0);
        out[made++] = plane[at];
    }
    return made;
}

static size_t encode(unsigned char coded[MOST]) {
    size_t used = 64;
    memset(coded, 0, 64);
    coded[0] = 6;
    for (size_t s = 0; s < 6; s++) {
        unsigned char plane[PIXELS];
        for (size_t p = 0; p < PIXELS; p++)
            plane[p] = (unsigned char)(s % 2 ? sample(p, s / 2) & 0xFF : sample(p, s / 2) >> 8);
        coded[4 + 4 * s] = (unsigned char)(used & 0xFF);
        coded[5 + 4 * s] = (unsigned char)(used >> 8);
        used += pack(plane, coded + used);
    }
    return used;
}

static rad_status unpack(const unsigned char *coded, size_t length, bool planar, unsigned char *out,
                         rad_error *error) {
    rad_pixel_format f = {.rows = ROWS,
                          .columns = COLUMNS,
                          .samples = 3,
                          .bits_allocated = 16,
                          .bits_stored = 16,
                          .high_bit = 15,
                          .hue = RAD_HUE_RGB,
                          .planar = planar,
                          .syntax = "1.2.840.10008.1.2.5"};
    unsigned char *copy = rad_new_raw(length ? length : 1, 1, error);
    memcpy(copy, coded, length);
    const rad_coded_frame frame = {"frame", 0, &f, copy, length};
    ck_assert(rad_packed_is(&f) && rad_packed_size(&f) == 6 * PIXELS);
    const rad_status status = rad_packed_read(&frame, out, error);
    rad_free(copy);
    return status;
}

START_TEST(wide_colours) {
    unsigned char coded[MOST], out[6 * PIXELS];
    rad_error error = {0};
    const size_t length = encode(coded);
    for (int planar = 0; planar < 2; planar++) {
        ck_ok(unpack(coded, length, planar, out, &error));
        for (size_t p = 0; p < PIXELS; p++)
            for (size_t c = 0; c < 3; c++) {
                const unsigned char *b = out + 2 * (planar ? c * PIXELS + p : 3 * p + c);
                ck_assert_uint_eq((unsigned)b[0] | (unsigned)b[1] << 8, sample(p, c));
            }
    }
    for (size_t cut = 0; cut < length; cut++) {
        ck_assert_int_eq(unpack(coded, cut, false, out, &error), RAD_UNREADABLE);
        ck_assert(strstr(error.text, "frame 1 cannot be unpacked") != NULL);
    }
    static const size_t odd[] = {0, 4, 8, 9, 24, 25, 27};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) { /* bytes of the header */
        unsigned char other[MOST];
        memcpy(other, coded, length);
        other[odd[i]] ^= 0xFF;
        ck_assert_int_eq(unpack(other, length, false, out, &error), RAD_UNREADABLE);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("packed");
    TCase *tests = tcase_create("packed");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, wide_colours);
    return test_run(suite);
}
