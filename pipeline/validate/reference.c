#include "reference.h"

#include "../../core/memory.h"
#include "../../core/printable.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

rad_status rad_reference_open(const char *name, rad_sheet *sheet, rad_error *error) {
    const rad_embedded_file *file = rad_embedded_find(name);
    *sheet = (rad_sheet){.path = NULL};
    if (!file) return rad_fail(error, RAD_UNREADABLE, "%s is not built into this library; rebuild it", name);
    const char *text = file->text;
    while (*text == '#') { /* where the table comes from */
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return rad_sheet_open_text(name, text, file->length - (size_t)(text - file->text), sheet, error);
}

static double number(const char *text) {
    return *text ? strtod(text, NULL) : NAN;
}

/* Appends the rows of a table, whose fields live as long as it is open. */
static rad_status read_rows(rad_sheet *sheet, rad_reference_table *table, rad_error *error) {
    bool more = true;
    rad_status status = RAD_OK;
    if (sheet->columns != 6)
        return rad_fail(error, RAD_UNREADABLE, "%s: %zu column%s; six are expected", sheet->path,
                        sheet->columns, rad_plural(sheet->columns));
    while (status == RAD_OK && (status = rad_sheet_next(sheet, &more, error)) == RAD_OK && more) {
        char **f = sheet->field;
        status = rad_grow(&table->rows, table->count, &table->room, sizeof *table->rows, error);
        if (status == RAD_OK)
            table->rows[table->count++] = (rad_reference_value){.data_set = f[0],
                                                                .family = f[1],
                                                                .tag = f[2],
                                                                .text = f[3],
                                                                .value = number(f[3]),
                                                                .tolerance = number(f[4]),
                                                                .standardised = !strcmp(f[5], "yes")};
    }
    return status;
}

rad_status rad_reference_read(rad_reference_table *table, rad_error *error) {
    static const char *const names[2] = {"ibsi1_values.csv", "ibsi2_values.csv"};
    rad_status status = RAD_OK;
    *table = (rad_reference_table){.count = 0};
    for (int i = 0; i < 2 && status == RAD_OK; i++) {
        status = rad_reference_open(names[i], &table->sheet[i], error);
        if (status == RAD_OK) status = read_rows(&table->sheet[i], table, error);
    }
    if (status != RAD_OK) rad_reference_free(table);
    return status;
}

void rad_reference_free(rad_reference_table *table) {
    for (int i = 0; i < 2; i++) rad_sheet_close(&table->sheet[i]);
    rad_free(table->rows);
    *table = (rad_reference_table){.count = 0};
}

/* Significant digits that a published number shows: "125256" 6, "0.0411" 3, "1200" 2, "12.0" 3. */
static int digits_shown(const char *text) {
    int digits = 0, zeros = 0;
    bool fraction = false;
    for (; *text && *text != 'e' && *text != 'E'; text++) {
        if (*text == '.')
            fraction = true;
        else if (*text == '0' && digits)
            zeros++;
        else if (*text >= '1' && *text <= '9') {
            digits += zeros + 1;
            zeros = 0;
        }
    }
    return digits + (fraction ? zeros : 0);
}

bool rad_reference_meets(const rad_reference_value *reference, double value) {
    if (!isfinite(value)) return false;
    const int shown = digits_shown(reference->text);
    char text[64];
    snprintf(text, sizeof text, "%.*e", (shown > 3 ? shown : 3) - 1, value);
    const double rounded = strtod(text, NULL), slack = 1e-9 * fabs(reference->value);
    return fabs(rounded - reference->value) <= reference->tolerance + slack;
}

enum { PHANTOM_X = 5, PHANTOM_Y = 4, PHANTOM_Z = 4, PHANTOM_VOXELS = PHANTOM_X * PHANTOM_Y * PHANTOM_Z };

static const rad_geometry phantom_geometry = {.size = {PHANTOM_X, PHANTOM_Y, PHANTOM_Z},
                                              .spacing = {2, 2, 2},
                                              .direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}};

static rad_status fill_phantom(rad_sheet *sheet, uint8_t *image, uint8_t *mask, rad_error *error) {
    bool more = true;
    size_t count = 0;
    rad_status status = RAD_OK;
    while (status == RAD_OK && (status = rad_sheet_next(sheet, &more, error)) == RAD_OK && more) {
        unsigned long v[5] = {0};
        for (size_t i = 0; i < 5 && i < sheet->columns; i++) v[i] = strtoul(sheet->field[i], NULL, 10);
        if (v[0] >= PHANTOM_X || v[1] >= PHANTOM_Y || v[2] >= PHANTOM_Z || v[3] < 1 || v[3] > UINT8_MAX ||
            v[4] > 1)
            return rad_fail(error, RAD_UNREADABLE, "%s: not a voxel of the phantom: row %zu", sheet->path,
                            count + 1);
        const size_t i = (v[2] * PHANTOM_Y + v[1]) * PHANTOM_X + v[0];
        image[i] = (uint8_t)v[3];
        mask[i] = (uint8_t)v[4];
        count++;
    }
    if (status != RAD_OK || count == PHANTOM_VOXELS) return status;
    return rad_fail(error, RAD_UNREADABLE, "%s: %zu voxels, %d expected", sheet->path, count, PHANTOM_VOXELS);
}

rad_status rad_phantom_make(rad_volume *image, rad_mask *mask, rad_error *error) {
    *mask = (rad_mask){0};
    *image = (rad_volume){.geometry = phantom_geometry, .type = RAD_UINT8, .slope = 1};
    mask->volume = *image;
    image->voxels = rad_new(PHANTOM_VOXELS, 1, error);
    mask->volume.voxels = rad_new(PHANTOM_VOXELS, 1, error);
    rad_sheet sheet;
    rad_status status = rad_reference_open("digital_phantom.csv", &sheet, error);
    if (!image->voxels || !mask->volume.voxels) status = RAD_NO_MEMORY;
    if (status == RAD_OK) status = fill_phantom(&sheet, image->voxels, mask->volume.voxels, error);
    if (status == RAD_OK) status = rad_mask_index(mask, "digital phantom", error);
    rad_sheet_close(&sheet);
    if (status == RAD_OK) return RAD_OK;
    rad_volume_free(image);
    rad_mask_free(mask);
    return status;
}
