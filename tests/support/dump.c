/* What is read of a file, for comparison with other readers: grid and voxels as the file stores them.
 *
 *   dump image PATH OUT          one line of the grid (RAS); the voxels as doubles, x fastest, to OUT
 *   dump mask PATH IMAGE OUT     one line for each ROI: number, voxels, name; their voxels one after the
 * other as bytes 0 and 1, in the order that masks are read into, to OUT
 *
 * DUMP_SPACING=X,Y,Z in the environment is for files that say none. */
#include "../../core/memory.h"
#include "../../io/scan/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const rad_error *error) {
    fprintf(stderr, "%s\n", error->text);
    return (int)error->status;
}

static void print_grid(const rad_geometry *g, const char *type) {
    printf("%zu %zu %zu %s", g->size[0], g->size[1], g->size[2], type);
    for (int a = 0; a < 3; a++) printf(" %.17g", g->spacing[a]);
    for (int a = 0; a < 3; a++) printf(" %.17g", g->origin[a]);
    for (int i = 0; i < 9; i++) printf(" %.17g", g->direction[i]);
    printf("\n");
}

static int put(const char *path, const void *bytes, size_t count, size_t size, const char *how) {
    FILE *out = fopen(path, how);
    const bool good = out && fwrite(bytes, size, count, out) == count;
    return out && !fclose(out) && good ? 0 : 5;
}

static int dump_image(const char *path, const char *to, const rad_source_options *options) {
    rad_error error = {0};
    rad_warnings warnings = {0};
    rad_source source;
    rad_volume all = {0};
    if (rad_source_open(path, options, &source, &warnings, &error) != RAD_OK) return fail(&error);
    rad_status status = rad_source_read(&source, options, NULL, &all, &warnings, &error);
    if (status == RAD_OK) status = rad_volume_restore(&all, &source.stored, &error);
    const rad_box box = rad_geometry_box(&all.geometry);
    double *x = status == RAD_OK ? rad_new_raw(rad_box_count(&box), sizeof *x, &error) : NULL;
    if (!x) {
        rad_volume_free(&all);
        rad_source_close(&source);
        return fail(&error);
    }
    rad_volume_crop(&all, &box, x);
    print_grid(&source.stored, rad_type_name(all.type));
    for (size_t i = 0; i < warnings.count && i < RAD_WARNINGS_KEPT; i++)
        fprintf(stderr, "warning: %s\n", warnings.text[i]);
    const int code = put(to, x, rad_box_count(&box), sizeof *x, "wb");
    rad_free(x);
    rad_volume_free(&all);
    rad_source_close(&source);
    return code;
}

static int dump_mask(const char *path, const char *image, const char *to, const rad_source_options *options) {
    rad_error error = {0};
    rad_warnings warnings = {0};
    rad_source source;
    rad_mask mask;
    if (rad_source_open(image, options, &source, &warnings, &error) != RAD_OK) return fail(&error);
    if (rad_source_read_mask(path, &source, options, NULL, &mask, &warnings, &error) != RAD_OK) {
        rad_source_close(&source);
        return fail(&error);
    }
    const rad_box box = rad_geometry_box(&mask.volume.geometry);
    uint8_t *inside = rad_new_raw(rad_box_count(&box), 1, &error);
    if (!inside) return fail(&error);
    int code = 0;
    print_grid(&mask.volume.geometry, "mask");
    for (size_t i = 0; i < mask.label_count; i++) {
        char name[256];
        printf("%lld %zu %s\n", (long long)mask.labels[i].value, mask.labels[i].voxels,
               rad_label_text(&mask.labels[i], name, sizeof name));
        rad_mask_crop(&mask, mask.labels[i].value, &box, inside);
        if (!code) code = put(to, inside, rad_box_count(&box), 1, i ? "ab" : "wb");
    }
    rad_free(inside);
    rad_mask_free(&mask);
    rad_source_close(&source);
    return code;
}

int main(int count, char **word) {
    rad_source_options options = {.verify = true, .threshold = 0.5};
    const char *spacing = getenv("DUMP_SPACING"), *frame = getenv("DUMP_FRAME");
    if (spacing &&
        sscanf(spacing, "%lf,%lf,%lf", &options.spacing[0], &options.spacing[1], &options.spacing[2]) != 3)
        return 1;
    options.series.flat.spacing[0] = options.spacing[0];
    options.series.flat.spacing[1] = options.spacing[1];
    if (frame) options.series.flat.frame = strtoul(frame, NULL, 10);
    if (count == 4 && !strcmp(word[1], "image")) return dump_image(word[2], word[3], &options);
    if (count == 5 && !strcmp(word[1], "mask")) return dump_mask(word[2], word[3], word[4], &options);
    fprintf(stderr, "dump image PATH OUT; dump mask PATH IMAGE OUT\n");
    return 1;
}
