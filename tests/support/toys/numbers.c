/* Images as text: "numbers", size along x, y and z, side of a voxel in mm, then the intensities, x fastest; x
 * to the left, y to the back, z to the head. The world begins at the last voxel of x and y, the first of z.
 */
#include "../../core/memory.h"
#include "../tree.h"
#include "source.h"

#include <stdio.h>
#include <string.h>

static FILE *open_text(const char *path, rad_geometry *g) {
    FILE *in = fopen(path, "r");
    double side;
    if (!in) return NULL;
    if (fscanf(in, "numbers %4zu %4zu %4zu %lf", &g->size[0], &g->size[1], &g->size[2], &side) == 4 &&
        rad_geometry_count(g) && side > 0) {
        for (size_t a = 0; a < 3; a++) g->spacing[a] = side;
        return in;
    }
    fclose(in);
    return NULL;
}

static bool sniff(const rad_glance *glance) {
    return glance->count > 8 && !memcmp(glance->bytes, "numbers ", 8);
}

static rad_status open_image(rad_source *source, const rad_source_options *options, rad_warnings *warnings,
                             rad_error *error) {
    rad_geometry *g = &source->header.geometry;
    FILE *in = open_text(source->path, g);
    (void)options;
    (void)warnings;
    if (!in) return rad_fail(error, RAD_UNREADABLE, "%s: is not an image of numbers", source->path);
    fclose(in);
    for (size_t a = 0; a < 3; a++) g->direction[4 * a] = a == 2 ? 1 : -1;
    for (size_t a = 0; a < 2; a++) g->origin[a] = g->spacing[a] * (double)(g->size[a] - 1);
    source->header.type = RAD_FLOAT64;
    source->header.slope = 1;
    return RAD_OK;
}

/* The whole image; its boxes are small enough. */
static rad_status read_image(const rad_source *source, const rad_source_options *options, const rad_box *box,
                             rad_volume *volume, rad_warnings *warnings, rad_error *error) {
    const size_t count = rad_geometry_count(&source->header.geometry);
    rad_geometry g = {0};
    double *voxels = rad_new_raw(count, sizeof *voxels, error);
    FILE *in = open_text(source->path, &g);
    size_t n = 0;
    (void)options;
    (void)box;
    (void)warnings;
    while (voxels && in && n < count && fscanf(in, "%lf", &voxels[n]) == 1) n++;
    if (in) fclose(in);
    *volume = source->header;
    volume->voxels = voxels;
    if (voxels && n == count) return RAD_OK;
    rad_volume_free(volume);
    return voxels ? rad_fail(error, RAD_UNREADABLE, "%s: %zu of %zu voxels", source->path, n, count)
                  : RAD_NO_MEMORY;
}

static rad_status info(const char *path, const rad_source_wants *wants, json_t **all, rad_warnings *warnings,
                       rad_error *error) {
    rad_source source = {.path = path};
    rad_status status = open_image(&source, NULL, warnings, error);
    (void)wants;
    rad_tree_set(all, "format", json_string("numbers"));
    rad_source_tell_grid(all, &source.header);
    return status;
}

const rad_reader rad_reader_numbers = {
    .name = "numbers",
    .endings = (const char *const[]){".numbers", NULL},
    .sniff = sniff,
    .open = open_image,
    .read = read_image,
    .info = info,
};
