/* PyRadiomics' classes shape and shape2D: of the mask alone. */
#include "enclosing.h"
#include "pyr_classes.h"
#include "pyr_mesh.h"

#include "../core/memory.h"

#include <math.h>

enum {
    COMPACTNESS1,
    COMPACTNESS2,
    ELONGATION,
    FLATNESS,
    LEAST_AXIS,
    MAJOR_AXIS,
    DIAMETER_COLUMN,
    DIAMETER_ROW,
    DIAMETER_SLICE,
    DIAMETER,
    MESH_VOLUME,
    MINOR_AXIS,
    DISPROPORTION,
    SPHERICITY,
    AREA,
    RATIO,
    VOXEL_VOLUME,
    FEATURES
};

static const rad_feature features[FEATURES] = {
    [COMPACTNESS1] = {"shape_Compactness1", "SKGS", "1", "Compactness 1", true, .of.own = NULL},
    [COMPACTNESS2] = {"shape_Compactness2", "BQWJ", "1", "Compactness 2", true, .of.own = NULL},
    [ELONGATION] = {"shape_Elongation", "Q3CK", "1", "Elongation", .of.own = NULL},
    [FLATNESS] = {"shape_Flatness", "N17B", "1", "Flatness", .of.own = NULL},
    [LEAST_AXIS] = {"shape_LeastAxisLength", "7J51", "mm", "Least axis length", .of.own = NULL},
    [MAJOR_AXIS] = {"shape_MajorAxisLength", "TDIC", "mm", "Major axis length", .of.own = NULL},
    [DIAMETER_COLUMN] = {"shape_Maximum2DDiameterColumn", "", "mm", "Maximum diameter across y",
                         .of.own = NULL},
    [DIAMETER_ROW] = {"shape_Maximum2DDiameterRow", "", "mm", "Maximum diameter across x", .of.own = NULL},
    [DIAMETER_SLICE] = {"shape_Maximum2DDiameterSlice", "", "mm", "Maximum diameter across z",
                        .of.own = NULL},
    [DIAMETER] = {"shape_Maximum3DDiameter", "L0JK", "mm", "Maximum 3D diameter", .of.own = NULL},
    [MESH_VOLUME] = {"shape_MeshVolume", "RNU0", "mm3", "Volume (mesh)", .of.own = NULL},
    [MINOR_AXIS] = {"shape_MinorAxisLength", "P9VJ", "mm", "Minor axis length", .of.own = NULL},
    [DISPROPORTION] = {"shape_SphericalDisproportion", "KRCK", "1", "Spherical disproportion", true,
                       .of.own = NULL},
    [SPHERICITY] = {"shape_Sphericity", "QCFX", "1", "Sphericity", .of.own = NULL},
    [AREA] = {"shape_SurfaceArea", "C0JK", "mm2", "Surface area (mesh)", .of.own = NULL},
    [RATIO] = {"shape_SurfaceVolumeRatio", "2PR5", "1/mm", "Surface to volume ratio", .of.own = NULL},
    [VOXEL_VOLUME] = {"shape_VoxelVolume", "YEKZ", "mm3", "Volume (voxel counting)", .of.own = NULL},
};

static const double pi = 3.14159265358979323846;

/* Eigenvalues of the covariance of the voxel centres, descending. */
static rad_status find_axes(const rad_roi *roi, const double spacing[3], double eigenvalue[3],
                            rad_error *error) {
    const rad_box *in = &roi->inner;
    double count = 0, first[3] = {0}, second[9] = {0};
    for (size_t z = in->begin[2]; z < in->end[2]; z++)
        for (size_t y = in->begin[1]; y < in->end[1]; y++)
            for (size_t x = in->begin[0]; x < in->end[0]; x++) {
                const double at[3] = {(double)(x - in->begin[0]), (double)(y - in->begin[1]),
                                      (double)(z - in->begin[2])};
                if (!roi->morphological[(z * roi->size[1] + y) * roi->size[0] + x]) continue;
                count++;
                for (int a = 0; a < 3; a++) first[a] += at[a];
                for (int a = 0; a < 9; a++) second[a] += at[a / 3] * at[a % 3];
            }
    for (int a = 0; a < 9; a++)
        second[a] =
            (second[a] - first[a / 3] * first[a % 3] / count) / count * spacing[a % 3] * spacing[a / 3];
    return rad_eigenvalues(second, eigenvalue, error);
}

/* Rounding may put a value that is 0 below it. */
static rad_value root(double eigenvalue) {
    if (eigenvalue < 0 && eigenvalue > -1e-10) eigenvalue = 0;
    return eigenvalue < 0 ? rad_undefined(RAD_NO_EXTENT) : rad_defined(4 * sqrt(eigenvalue));
}

static rad_value ratio_of(rad_value shorter, rad_value longer) {
    if (shorter.reason || longer.reason || longer.value == 0) return rad_undefined(RAD_NO_EXTENT);
    return rad_defined(shorter.value / longer.value);
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    const rad_roi *roi = input->roi;
    const double *spacing = roi->grid.spacing;
    double eigenvalue[3];
    rad_pyr_mesh m;
    rad_value *o = out[0];
    rad_status status = rad_pyr_mesh_measure(roi->morphological, roi->size, &roi->inner, spacing, &m, error);
    if (status == RAD_OK) status = find_axes(roi, spacing, eigenvalue, error);
    if (status != RAD_OK) return status;
    const double a = m.area, v = m.volume, even = cbrt(36 * pi * v * v);
    o[LEAST_AXIS] = root(eigenvalue[2]);
    o[MINOR_AXIS] = root(eigenvalue[1]);
    o[MAJOR_AXIS] = root(eigenvalue[0]);
    o[ELONGATION] = ratio_of(o[MINOR_AXIS], o[MAJOR_AXIS]);
    o[FLATNESS] = ratio_of(o[LEAST_AXIS], o[MAJOR_AXIS]);
    o[DIAMETER_ROW] = rad_defined(m.in_plane[0]);
    o[DIAMETER_COLUMN] = rad_defined(m.in_plane[1]);
    o[DIAMETER_SLICE] = rad_defined(m.in_plane[2]);
    o[DIAMETER] = rad_defined(m.diameter);
    o[MESH_VOLUME] = rad_defined(v);
    o[AREA] = rad_defined(a);
    o[RATIO] = rad_defined(a / v);
    o[SPHERICITY] = rad_defined(even / a);
    o[DISPROPORTION] = rad_defined(a / even);
    o[COMPACTNESS1] = rad_defined(v / (pow(a, 1.5) * sqrt(pi)));
    o[COMPACTNESS2] = rad_defined(36 * pi * v * v / (a * a * a));
    o[VOXEL_VOLUME] = rad_defined((double)roi->morphological_count * (spacing[2] * spacing[0] * spacing[1]));
    return RAD_OK;
}

static const rad_pass pass = {"PyRadiomics shape", RAD_NO_LEVELS, {&rad_family_pyr_shape}, run};

const rad_family rad_family_pyr_shape = {.key = "shape",
                                         .code = "",
                                         .name = "PyRadiomics: shape",
                                         .aggregations = &rad_by_volume,
                                         .features = features,
                                         .count = FEATURES,
                                         .pass = &pass,
                                         .bare = true,
                                         .choice = RAD_PYR_SHAPE};

enum {
    FLAT_ELONGATION,
    FLAT_MAJOR,
    FLAT_DIAMETER,
    FLAT_MESH,
    FLAT_MINOR,
    FLAT_PERIMETER,
    FLAT_RATIO,
    FLAT_PIXELS,
    FLAT_DISPROPORTION,
    FLAT_SPHERICITY,
    FLAT_FEATURES
};

static const rad_feature flat_features[FLAT_FEATURES] = {
    [FLAT_ELONGATION] = {"shape2D_Elongation", "", "1", "Elongation in the slice", .of.own = NULL},
    [FLAT_MAJOR] = {"shape2D_MajorAxisLength", "", "mm", "Major axis length in the slice", .of.own = NULL},
    [FLAT_DIAMETER] = {"shape2D_MaximumDiameter", "", "mm", "Maximum diameter in the slice", .of.own = NULL},
    [FLAT_MESH] = {"shape2D_MeshSurface", "", "mm2", "Surface of the outline", .of.own = NULL},
    [FLAT_MINOR] = {"shape2D_MinorAxisLength", "", "mm", "Minor axis length in the slice", .of.own = NULL},
    [FLAT_PERIMETER] = {"shape2D_Perimeter", "", "mm", "Perimeter", .of.own = NULL},
    [FLAT_RATIO] = {"shape2D_PerimeterSurfaceRatio", "", "1/mm", "Perimeter to surface ratio",
                    .of.own = NULL},
    [FLAT_PIXELS] = {"shape2D_PixelSurface", "", "mm2", "Surface (pixel counting)", .of.own = NULL},
    [FLAT_DISPROPORTION] = {"shape2D_SphericalDisproportion", "", "1", "Spherical disproportion", true,
                            .of.own = NULL},
    [FLAT_SPHERICITY] = {"shape2D_Sphericity", "", "1", "Sphericity in the slice", .of.own = NULL},
};

static rad_status run_flat(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                           rad_error *error) {
    const rad_roi *roi = input->roi;
    const int axis = input->settings->pyr.flat;
    const double *spacing = roi->grid.spacing;
    const double sides[2] = {spacing[axis == 0 ? 1 : 0], spacing[axis == 2 ? 1 : 2]};
    size_t size[2];
    double eigenvalue[3];
    rad_pyr_outline m;
    rad_value *o = out[0];
    if (axis < 0 || roi->inner.end[axis] - roi->inner.begin[axis] != 1) return RAD_OK; /* not computed */
    uint8_t *slice = rad_pyr_slice(roi->morphological, roi->size, &roi->inner, axis, size, error);
    if (!slice) return RAD_NO_MEMORY;
    rad_status status = rad_pyr_outline_measure(slice, size, sides, &m, error);
    rad_free(slice);
    if (status == RAD_OK) status = find_axes(roi, spacing, eigenvalue, error);
    if (status != RAD_OK) return status;
    const double sphericity = 2 * sqrt(pi * m.area) / m.perimeter;
    o[FLAT_MINOR] = root(eigenvalue[1]); /* the third is 0 */
    o[FLAT_MAJOR] = root(eigenvalue[0]);
    o[FLAT_ELONGATION] = ratio_of(o[FLAT_MINOR], o[FLAT_MAJOR]);
    o[FLAT_DIAMETER] = rad_defined(m.diameter);
    o[FLAT_MESH] = rad_defined(m.area);
    o[FLAT_PERIMETER] = rad_defined(m.perimeter);
    o[FLAT_RATIO] = rad_defined(m.perimeter / m.area);
    o[FLAT_PIXELS] = rad_defined((double)roi->morphological_count * (sides[0] * sides[1]));
    o[FLAT_SPHERICITY] = rad_defined(sphericity);
    o[FLAT_DISPROPORTION] = rad_defined(1 / sphericity);
    return RAD_OK;
}

static const rad_pass flat_pass = {"PyRadiomics shape2D", RAD_NO_LEVELS, {&rad_family_pyr_shape2D}, run_flat};

const rad_family rad_family_pyr_shape2D = {.key = "shape2D",
                                           .code = "",
                                           .name = "PyRadiomics: shape of a slice",
                                           .aggregations = &rad_by_volume,
                                           .features = flat_features,
                                           .count = FLAT_FEATURES,
                                           .pass = &flat_pass,
                                           .bare = true,
                                           .choice = RAD_PYR_SHAPE2D};
