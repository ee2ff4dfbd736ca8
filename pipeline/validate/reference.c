#include "reference.h"

#include "../../core/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A writable copy of a built-in file. */
static char *copy_of(const char *name, rad_error *error) {
    const rad_embedded_file *file = rad_embedded_find(name);
    if (!file) {
        rad_fail(error, RAD_UNREADABLE, "%s is not built into this library; build it anew", name);
        return NULL;
    }
    char *text = rad_new(file->length + 1, 1, error);
    if (text) memcpy(text, file->text, file->length);
    return text;
}

/* The next line that is neither a comment nor empty, cut at its end; NULL at the end of the text. */
static char *next_line(char **rest) {
    while (**rest) {
        char *line = *rest, *end = line + strcspn(line, "\n");
        *rest = *end ? end + 1 : end;
        *end = '\0';
        if (*line && *line != '#') return line;
    }
    return NULL;
}

/* Splits a line at commas into exactly count fields; false when there are more or fewer. */
static bool split(char *line, char **fields, size_t count) {
    for (size_t i = 0; i < count; i++) {
        fields[i] = line;
        line = strchr(line, ',');
        if ((line != NULL) != (i + 1 < count)) return false;
        if (line) *line++ = '\0';
    }
    return true;
}

static double number(const char *text) {
    return *text ? strtod(text, NULL) : NAN;
}

/* Appends the rows of a table. */
static rad_status take_rows(const char *name, char *text, rad_reference_table *table, rad_error *error) {
    char *rest = text, *line = next_line(&rest); /* the column names */
    while (line && (line = next_line(&rest))) {
        char *f[6];
        if (!split(line, f, 6))
            return rad_fail(error, RAD_UNREADABLE, "%s: a row has not six fields: %s", name, line);
        table->rows[table->count++] = (rad_reference_value){.data_set = f[0],
                                                            .family = f[1],
                                                            .tag = f[2],
                                                            .text = f[3],
                                                            .value = number(f[3]),
                                                            .tolerance = number(f[4]),
                                                            .standardised = !strcmp(f[5], "yes")};
    }
    return RAD_OK;
}

rad_status rad_reference_read(rad_reference_table *table, rad_error *error) {
    static const char *const names[2] = {"ibsi1_values.csv", "ibsi2_values.csv"};
    size_t lines = 0;
    rad_status status = RAD_OK;
    *table = (rad_reference_table){0};
    for (int i = 0; i < 2 && status == RAD_OK; i++) {
        table->text[i] = copy_of(names[i], error);
        if (!table->text[i]) status = error->status;
        for (const char *c = table->text[i]; c && *c; c++) lines += *c == '\n';
    }
    if (status == RAD_OK) {
        table->rows = rad_new(lines + 2, sizeof *table->rows, error);
        if (!table->rows) status = RAD_NO_MEMORY;
    }
    for (int i = 0; i < 2 && status == RAD_OK; i++)
        status = take_rows(names[i], table->text[i], table, error);
    if (status != RAD_OK) rad_reference_free(table);
    return status;
}

void rad_reference_free(rad_reference_table *table) {
    for (int i = 0; i < 2; i++) rad_free(table->text[i]);
    rad_free(table->rows);
    *table = (rad_reference_table){0};
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

static rad_status fill_phantom(char *text, uint8_t *image, uint8_t *mask, rad_error *error) {
    char *line = next_line(&text);
    size_t count = 0;
    while (line && (line = next_line(&text))) {
        char *f[5];
        unsigned long v[5] = {0};
        if (split(line, f, 5))
            for (int i = 0; i < 5; i++) v[i] = strtoul(f[i], NULL, 10);
        if (v[0] >= PHANTOM_X || v[1] >= PHANTOM_Y || v[2] >= PHANTOM_Z || v[3] < 1 || v[3] > UINT8_MAX ||
            v[4] > 1)
            return rad_fail(error, RAD_UNREADABLE, "digital_phantom.csv: not a voxel of the phantom: %s",
                            line);
        const size_t i = (v[2] * PHANTOM_Y + v[1]) * PHANTOM_X + v[0];
        image[i] = (uint8_t)v[3];
        mask[i] = (uint8_t)v[4];
        count++;
    }
    if (count == PHANTOM_VOXELS) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE, "digital_phantom.csv: %zu voxels, %d expected", count,
                    PHANTOM_VOXELS);
}

rad_status rad_phantom_make(rad_volume *image, rad_mask *mask, rad_error *error) {
    *mask = (rad_mask){0};
    *image = (rad_volume){.geometry = phantom_geometry, .type = RAD_UINT8, .slope = 1};
    mask->volume = *image;
    image->voxels = rad_new(PHANTOM_VOXELS, 1, error);
    mask->volume.voxels = rad_new(PHANTOM_VOXELS, 1, error);
    char *text = copy_of("digital_phantom.csv", error);
    rad_status status = image->voxels && mask->volume.voxels && text ? RAD_OK : error->status;
    if (status == RAD_OK) status = fill_phantom(text, image->voxels, mask->volume.voxels, error);
    if (status == RAD_OK) status = rad_mask_index(mask, "digital phantom", error);
    rad_free(text);
    if (status == RAD_OK) return RAD_OK;
    rad_volume_free(image);
    rad_mask_free(mask);
    return status;
}
