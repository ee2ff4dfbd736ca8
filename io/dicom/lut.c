#include "lut.h"

#include "../../core/memory.h"
#include "../../core/printable.h"
#include "lut_segments.h"

#include <math.h>
#include <string.h>

/* Where the elements of a table are. */
typedef struct table {
    rad_tag descriptor, data, segmented;
} table;

static const table modality = {rad_tag_LUTDescriptor, rad_tag_LUTData, 0};
static const table palette[3] = {
    {rad_tag_RedPaletteColorLookupTableDescriptor, rad_tag_RedPaletteColorLookupTableData,
     rad_tag_SegmentedRedPaletteColorLookupTableData},
    {rad_tag_GreenPaletteColorLookupTableDescriptor, rad_tag_GreenPaletteColorLookupTableData,
     rad_tag_SegmentedGreenPaletteColorLookupTableData},
    {rad_tag_BluePaletteColorLookupTableDescriptor, rad_tag_BluePaletteColorLookupTableData,
     rad_tag_SegmentedBluePaletteColorLookupTableData},
};

rad_lut_kind rad_lut_kind_of(const rad_dicom_item *root, const char *photometric) {
    if (!strcmp(photometric, "PALETTE COLOR")) return RAD_LUT_PALETTE;
    return rad_dicom_first(root, rad_tag_ModalityLUTSequence) ? RAD_LUT_MODALITY : RAD_LUT_NONE;
}

/* Bytes lie in words of 16 bits, the first in the lower half. */
static unsigned byte_at(const rad_dicom_bytes *v, size_t i) {
    return v->bytes[v->big_endian ? i ^ 1 : i];
}

/* Number of entries, the first stored value. */
static rad_status read_descriptor(const rad_dicom_item *item, const table *t, bool is_signed,
                                  const char *path, rad_lut *lut, rad_error *error) {
    rad_dicom_bytes d;
    if (!rad_dicom_value(item, t->descriptor, &d) || d.length < 6)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: " RAD_TAG_FORMAT " must be three numbers; stored values mean nothing without it",
                        path, RAD_TAG_WORDS(t->descriptor));
    const unsigned count = rad_dicom_short_at(&d, 0), first = rad_dicom_short_at(&d, 1);
    lut->words = rad_dicom_short_at(&d, 2) > 8;
    lut->count = count ? count : 65536;
    lut->first = is_signed && first > 32767 ? (double)first - 65536 : (double)first;
    return RAD_OK;
}

static rad_status read_entries(const rad_dicom_item *item, const table *t, const char *path,
                               const rad_lut *lut, double *values, rad_error *error) {
    const size_t count = lut->count;
    rad_dicom_bytes v, segments;
    const bool there = rad_dicom_value(item, t->data, &v);
    if (!there && t->segmented && rad_dicom_value(item, t->segmented, &segments))
        return rad_lut_segments_read(&segments, lut->words, path, count, values, error);
    if (!there || v.length < count)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: " RAD_TAG_FORMAT " has %zu byte%s for %zu entr%s; fetch the file again", path,
                        RAD_TAG_WORDS(t->data), v.length, rad_plural(v.length), count,
                        count == 1 ? "y" : "ies");
    const bool words = v.length >= 2 * count;
    for (size_t i = 0; i < count; i++) /* an odd number of bytes ends with half a word */
        values[i] = words                                 ? rad_dicom_short_at(&v, i)
                    : (i ^ 1) < v.length || !v.big_endian ? byte_at(&v, i)
                                                          : 0;
    return RAD_OK;
}

static rad_status read_modality(const rad_dicom_item *root, bool is_signed, const char *path, rad_lut *lut,
                                rad_error *error) {
    const rad_dicom_item *item = rad_dicom_first(root, rad_tag_ModalityLUTSequence);
    rad_status status = read_descriptor(item, &modality, is_signed, path, lut, error);
    if (status != RAD_OK) return status;
    lut->values = rad_new(lut->count, sizeof *lut->values, error);
    return lut->values ? read_entries(item, &modality, path, lut, lut->values, error) : RAD_NO_MEMORY;
}

/* Three tables of one size become one of grey values. */
static rad_status read_palette(const rad_dicom_item *root, bool is_signed, const char *path, rad_lut *lut,
                               rad_error *error) {
    static const double weight[3] = {0.299, 0.587, 0.114};
    rad_lut one[3] = {{.count = 0}};
    rad_status status = RAD_OK;
    for (int c = 0; c < 3 && status == RAD_OK; c++)
        status = read_descriptor(root, &palette[c], is_signed, path, &one[c], error);
    if (status != RAD_OK) return status;
    for (int c = 1; c < 3; c++)
        if (one[c].count != one[0].count || one[c].first != one[0].first)
            return rad_fail(error, RAD_UNREADABLE, "%s: the tables of its palette are not of one size", path);
    const size_t count = one[0].count;
    double *rgb = rad_new(count, 3 * sizeof *rgb, error);
    *lut = one[0];
    lut->values = rad_new(count, sizeof *lut->values, error);
    if (!rgb || !lut->values) status = RAD_NO_MEMORY;
    for (int c = 0; c < 3 && status == RAD_OK; c++)
        status = read_entries(root, &palette[c], path, &one[c], rgb + (size_t)c * count, error);
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        const double r = rgb[i], g = rgb[count + i], b = rgb[2 * count + i];
        const bool grey = r == g && g == b;
        lut->values[i] = grey ? r : weight[0] * r + weight[1] * g + weight[2] * b;
        lut->coloured = lut->coloured || !grey;
    }
    rad_free(rgb);
    return status;
}

rad_status rad_lut_read(const rad_dicom_item *root, rad_lut_kind kind, const rad_pixel_format *format,
                        const char *path, rad_lut *lut, rad_error *error) {
    *lut = (rad_lut){.values = NULL};
    rad_status status = kind == RAD_LUT_MODALITY ? read_modality(root, format->is_signed, path, lut, error)
                                                 : read_palette(root, format->is_signed, path, lut, error);
    if (status != RAD_OK) rad_lut_free(lut);
    return status;
}

rad_status rad_lut_open(const char *path, rad_lut_kind kind, const rad_pixel_format *format, rad_lut *lut,
                        rad_error *error) {
    rad_dicom *file = NULL;
    *lut = (rad_lut){.values = NULL};
    rad_status status = rad_dicom_open(path, &file, error);
    if (status == RAD_OK) status = rad_lut_read(rad_dicom_root(file), kind, format, path, lut, error);
    rad_dicom_close(file);
    return status;
}

void rad_lut_apply(const rad_lut *lut, double *values, size_t count) {
    const double last = (double)(lut->count - 1);
    for (size_t i = 0; i < count; i++)
        values[i] = lut->values[(size_t)fmin(fmax(values[i] - lut->first, 0), last)];
}

void rad_lut_free(rad_lut *lut) {
    rad_free(lut->values);
    *lut = (rad_lut){.values = NULL};
}
