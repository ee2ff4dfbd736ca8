/* The elements of one DICOM file: parsed, and asked for in every way. */
#include "../../io/dicom/lut.h"
#include "fuzz.h"

#include <math.h>
#include <string.h>

static void ask(const rad_dicom_item *item, int depth) {
    static const uint32_t tags[] = {
#define ROW(keyword, number) number,
        RAD_TAGS(ROW)
#undef ROW
    };
    char text[65];
    double numbers[8];
    unsigned small;
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        const uint32_t tag = tags[i];
        size_t items = 0;
        if (rad_tag_is_sequence((rad_tag)tag)) {
            for (const rad_dicom_item *in = rad_dicom_first(item, tag); in; in = rad_dicom_next(in), items++)
                if (depth < 3) ask(in, depth + 1);
            FUZZ_CHECK(items == rad_dicom_count(item, tag));
        }
        if (rad_dicom_text(item, tag, text, sizeof text)) FUZZ_CHECK(memchr(text, 0, sizeof text));
        const size_t count = rad_dicom_numbers(item, tag, NULL, 0),
                     found = rad_dicom_numbers(item, tag, numbers, 8);
        FUZZ_CHECK(!found || found == count);
        rad_dicom_short(item, tag, &small);
    }
}

static void read_table(const rad_dicom_item *root, const char *path, const rad_pixel_format *format) {
    static const rad_lut_kind kinds[] = {RAD_LUT_MODALITY, RAD_LUT_PALETTE};
    for (int i = 0; i < 2; i++) {
        rad_lut lut;
        rad_error error = {0};
        double values[3] = {-1e9, 0, 1e9};
        if (rad_lut_read(root, kinds[i], format, path, &lut, &error) != RAD_OK) {
            FUZZ_REFUSED(error);
            continue;
        }
        rad_lut_apply(&lut, values, 3);
        FUZZ_CHECK(values[0] == lut.values[0] && values[2] == lut.values[lut.count - 1]);
        rad_lut_free(&lut);
    }
}

static void run(const uint8_t *data, size_t size) {
    static fuzz_file input;
    const char *path = fuzz_put(&input, data, size);
    char text[33];
    rad_dicom *file;
    rad_error error = {0};
    rad_pixel_format format;
    rad_pixel_data pixels;
    if (rad_dicom_open(path, &file, &error) != RAD_OK) {
        FUZZ_REFUSED(error);
        FUZZ_CHECK(!file);
        return;
    }
    const rad_dicom_item *root = rad_dicom_root(file);
    ask(root, 0);
    if (rad_dicom_words(file, root, rad_tag_SeriesDescription, text, sizeof text, &error) == RAD_OK)
        for (const char *c = text; *c; c++) FUZZ_CHECK((unsigned char)*c >= ' ' && *c != 0x7F);
    rad_dicom_text(root, rad_dicom_private(root, 0x0009, 0x0D, "GEMS_PETD_01"), text, sizeof text);
    if (rad_dicom_pixels(file, path, &format, &pixels, &error) == RAD_OK)
        FUZZ_CHECK(format.bits_stored <= format.bits_allocated &&
                   (pixels.deflated_at || pixels.offset <= size));
    read_table(root, path, &format);
    rad_dicom_close(file);
}

const fuzzer fuzzer_dicom = {"dicom", run, fuzz_shape_dicom};
