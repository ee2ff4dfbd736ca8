/* Shape of a ROI in one slice. IBSI defines no such features: the definitions are those of PyRadiomics (class
 * shape2D), whose outline goes by marching squares through the middles between pixel centres. Axes are 4
 * sqrt(eigenvalue) of the population covariance of the pixel centres, slices those of the grid. */
#include "families.h"
#include "pyr_mesh.h"

#include "../core/memory.h"

#include <math.h>

typedef struct shape {
    rad_pyr_outline outline; /* mm2, mm, mm */
    double pixels;           /* mm2 */
    double axes[2];          /* mm, the longer first */
} shape;

static const double pi = 3.14159265358979323846;

static rad_value mesh_surface(const void *of) {
    return rad_defined(((const shape *)of)->outline.area);
}

static rad_value pixel_surface(const void *of) {
    return rad_defined(((const shape *)of)->pixels);
}

static rad_value perimeter(const void *of) {
    return rad_defined(((const shape *)of)->outline.perimeter);
}

static rad_value ratio(const void *of) {
    const rad_pyr_outline *o = &((const shape *)of)->outline;
    return rad_defined(o->perimeter / o->area);
}

static rad_value sphericity(const void *of) {
    const rad_pyr_outline *o = &((const shape *)of)->outline;
    return rad_defined(2 * sqrt(pi * o->area) / o->perimeter);
}

static rad_value disproportion(const void *of) {
    const rad_pyr_outline *o = &((const shape *)of)->outline;
    return rad_defined(o->perimeter / (2 * sqrt(pi * o->area)));
}

static rad_value diameter(const void *of) {
    return rad_defined(((const shape *)of)->outline.diameter);
}

static rad_value major_axis(const void *of) {
    return rad_defined(((const shape *)of)->axes[0]);
}

static rad_value minor_axis(const void *of) {
    return rad_defined(((const shape *)of)->axes[1]);
}

static rad_value elongation(const void *of) {
    const shape *s = of;
    return s->axes[0] > 0 ? rad_defined(s->axes[1] / s->axes[0]) : rad_undefined(RAD_NO_EXTENT);
}

static const rad_feature features[] = {
    {"shape2d_mesh_surface", "", "mm2", "Surface in the slice (mesh)", .of.own = mesh_surface},
    {"shape2d_pixel_surface", "", "mm2", "Surface in the slice (pixel counting)", .of.own = pixel_surface},
    {"shape2d_perimeter", "", "mm", "Perimeter", .of.own = perimeter},
    {"shape2d_perimeter_surface_ratio", "", "1/mm", "Perimeter to surface ratio", .of.own = ratio},
    {"shape2d_sphericity", "", "1", "Sphericity in the slice", .of.own = sphericity},
    {"shape2d_spherical_disproportion", "", "1", "Spherical disproportion in the slice",
     .of.own = disproportion},
    {"shape2d_max_diameter", "", "mm", "Maximum diameter in the slice", .of.own = diameter},
    {"shape2d_major_axis", "", "mm", "Major axis length in the slice", .of.own = major_axis},
    {"shape2d_minor_axis", "", "mm", "Minor axis length in the slice", .of.own = minor_axis},
    {"shape2d_elongation", "", "1", "Elongation in the slice", .of.own = elongation},
};
enum { FEATURES = sizeof features / sizeof features[0] };

/* Pixels of the slice in the box of the ROI, and the lengths of the axes. */
static void measure_axes(const uint8_t *slice, const size_t size[2], const double spacing[2], shape *s) {
    double count = 0, x_sum = 0, y_sum = 0, xx = 0, xy = 0, yy = 0;
    for (size_t y = 0; y < size[1]; y++)
        for (size_t x = 0; x < size[0]; x++) {
            if (!slice[y * size[0] + x]) continue;
            count++;
            x_sum += (double)x;
            y_sum += (double)y;
        }
    for (size_t y = 0; y < size[1]; y++)
        for (size_t x = 0; x < size[0]; x++) {
            if (!slice[y * size[0] + x]) continue;
            const double u = ((double)x - x_sum / count) * spacing[0],
                         v = ((double)y - y_sum / count) * spacing[1];
            xx += u * u / count;
            xy += u * v / count;
            yy += v * v / count;
        }
    const double middle = (xx + yy) / 2, apart = sqrt((xx - yy) * (xx - yy) / 4 + xy * xy);
    const double least = middle - apart; /* rounding must not give a line a width */
    s->axes[0] = 4 * sqrt(middle + apart);
    s->axes[1] = least > 1e-12 * middle ? 4 * sqrt(least) : 0;
    s->pixels = count * spacing[0] * spacing[1];
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    const rad_roi *roi = input->roi;
    const rad_box *in = &roi->inner;
    size_t size[2];
    shape s;
    if (in->end[2] - in->begin[2] != 1) {
        for (size_t i = 0; i < FEATURES; i++) out[0][i] = rad_undefined(RAD_SEVERAL_SLICES);
        return RAD_OK;
    }
    uint8_t *slice = rad_pyr_slice(roi->morphological, roi->size, in, 2, size, error);
    if (!slice) return RAD_NO_MEMORY;
    rad_status status = rad_pyr_outline_measure(slice, size, roi->grid.spacing, &s.outline, error);
    measure_axes(slice, size, roi->grid.spacing, &s);
    rad_free(slice);
    for (size_t i = 0; i < FEATURES && status == RAD_OK; i++) out[0][i] = features[i].of.own(&s);
    return status;
}

static const rad_pass pass = {"shape in a slice", RAD_NO_LEVELS, {&rad_family_shape2d}, run};

const rad_family rad_family_shape2d = {
    .key = "shape2d",
    .code = "",
    .name = "Shape in a slice",
    .aggregations = &rad_by_volume,
    .features = features,
    .count = FEATURES,
    .pass = &pass,
};
