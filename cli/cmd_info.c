#include "command.h"

#include "../core/mask.h"
#include "../core/settings.h"
#include "../io/nifti.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LABELS };
static const rad_option options[] = {
    [LABELS] = {"--labels", 'l', NULL, "read the voxels and list the labels of a mask"},
};

static rad_status put_labels(const char *path, rad_error *error) {
    rad_mask mask = {0};
    rad_status status = rad_nifti_read_mask(path, &mask, NULL, error);
    for (size_t i = 0; status == RAD_OK && i < mask.label_count; i++) {
        const rad_label *l = &mask.labels[i];
        printf("label      %" PRId64 ": %zu voxels, box %zu..%zu, %zu..%zu, %zu..%zu\n", l->value, l->voxels,
               l->box.begin[0], l->box.end[0] - 1, l->box.begin[1], l->box.end[1] - 1, l->box.begin[2],
               l->box.end[2] - 1);
    }
    if (status == RAD_OK && !mask.label_count) printf("label      none: all voxels are 0\n");
    rad_mask_free(&mask);
    return status;
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    rad_volume volume;
    rad_warnings warnings = {0};
    const char *path = a->operand[0];
    rad_status status = rad_nifti_read_header(path, &volume, &warnings, error);
    rad_print_warnings(&warnings);
    if (status != RAD_OK) return status;
    const rad_geometry *g = &volume.geometry;
    const double *d = g->direction;
    printf("file       %s\nsize       %zu x %zu x %zu\nspacing    %g x %g x %g mm\norigin     %g, %g, %g mm "
           "(RAS)\n",
           path, g->size[0], g->size[1], g->size[2], g->spacing[0], g->spacing[1], g->spacing[2],
           g->origin[0], g->origin[1], g->origin[2]);
    printf("direction  [%g %g %g; %g %g %g; %g %g %g]\n", d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7],
           d[8]);
    printf("voxels     %s, slope %g, intercept %g\n", rad_type_name(volume.type), volume.slope,
           volume.intercept);
    return a->value[LABELS] ? put_labels(path, error) : RAD_OK;
}

const rad_command rad_command_info = {
    "info",
    "PATH",
    1,
    1,
    "What a file holds: geometry, voxel type, labels.",
    options,
    sizeof options / sizeof options[0],
    run,
};
