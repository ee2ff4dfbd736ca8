/* Morphological features (HCUG). */
#include "autocorrelation.h"
#include "enclosing.h"
#include "families.h"
#include "hull.h"
#include "mesh.h"
#include "roi_sums.h"

#include <math.h>

typedef struct rad_morphology {
    double volume, area; /* of the mesh; mm3, mm2 */
    double voxel_volume; /* of the counted voxels */
    double diameter;     /* mm */
    double hull_volume, hull_area;
    double semi_axis[3]; /* of the ellipsoid of the voxel centres, descending: 2 sqrt(eigenvalue) */
    double aabb[3];      /* sides of the box along the axes */
    double ombb[3];      /* of the oriented box */
    double mvee[3];      /* semi-axes of the enclosing ellipsoid */
    rad_value shift;     /* of the centre of mass, mm */
    rad_value mean;      /* intensity */
    rad_autocorrelation autocorrelation;
} rad_morphology;

static const double pi = 3.14159265358979323846;

static rad_value volume(const rad_morphology *m) {
    return rad_defined(m->volume);
}

static rad_value voxel_volume(const rad_morphology *m) {
    return rad_defined(m->voxel_volume);
}

static rad_value area(const rad_morphology *m) {
    return rad_defined(m->area);
}

static rad_value surface_to_volume(const rad_morphology *m) {
    return rad_defined(m->area / m->volume);
}

static rad_value compactness_1(const rad_morphology *m) {
    return rad_defined(m->volume / (sqrt(pi) * pow(m->area, 1.5)));
}

static rad_value compactness_2(const rad_morphology *m) {
    return rad_defined(36 * pi * m->volume * m->volume / (m->area * m->area * m->area));
}

static rad_value sphericity(const rad_morphology *m) {
    return rad_defined(cbrt(36 * pi * m->volume * m->volume) / m->area);
}

static rad_value spherical_disproportion(const rad_morphology *m) {
    return rad_defined(m->area / cbrt(36 * pi * m->volume * m->volume));
}

static rad_value asphericity(const rad_morphology *m) {
    return rad_defined(m->area / cbrt(36 * pi * m->volume * m->volume) - 1);
}

static rad_value shift(const rad_morphology *m) {
    return m->shift;
}

static rad_value diameter(const rad_morphology *m) {
    return rad_defined(m->diameter);
}

static rad_value major_axis(const rad_morphology *m) {
    return rad_defined(2 * m->semi_axis[0]);
}

static rad_value minor_axis(const rad_morphology *m) {
    return rad_defined(2 * m->semi_axis[1]);
}

static rad_value least_axis(const rad_morphology *m) {
    return rad_defined(2 * m->semi_axis[2]);
}

static rad_value axis_ratio(const rad_morphology *m, int axis) {
    return m->semi_axis[0] > 0 ? rad_defined(m->semi_axis[axis] / m->semi_axis[0])
                               : rad_undefined(RAD_NO_EXTENT);
}

static rad_value elongation(const rad_morphology *m) {
    return axis_ratio(m, 1);
}

static rad_value flatness(const rad_morphology *m) {
    return axis_ratio(m, 2);
}

static double box_volume(const double side[3]) {
    return side[0] * side[1] * side[2];
}

static double box_area(const double side[3]) {
    return 2 * (side[0] * side[1] + side[1] * side[2] + side[2] * side[0]);
}

static rad_value volume_in_aabb(const rad_morphology *m) {
    return rad_defined(m->volume / box_volume(m->aabb));
}

static rad_value area_of_aabb(const rad_morphology *m) {
    return rad_defined(m->area / box_area(m->aabb));
}

static rad_value volume_in_ombb(const rad_morphology *m) {
    return rad_defined(m->volume / box_volume(m->ombb));
}

static rad_value area_of_ombb(const rad_morphology *m) {
    return rad_defined(m->area / box_area(m->ombb));
}

static rad_value volume_in_ellipsoid(const rad_morphology *m, const double semi_axis[3]) {
    if (!(semi_axis[2] > 0)) return rad_undefined(RAD_NO_EXTENT);
    return rad_defined(3 * m->volume / (4 * pi * box_volume(semi_axis)));
}

static rad_value area_of_ellipsoid(const rad_morphology *m, const double semi_axis[3]) {
    if (!(semi_axis[2] > 0)) return rad_undefined(RAD_NO_EXTENT);
    return rad_defined(m->area / rad_ellipsoid_area(semi_axis));
}

static rad_value volume_in_aee(const rad_morphology *m) {
    return volume_in_ellipsoid(m, m->semi_axis);
}

static rad_value area_of_aee(const rad_morphology *m) {
    return area_of_ellipsoid(m, m->semi_axis);
}

static rad_value volume_in_mvee(const rad_morphology *m) {
    return volume_in_ellipsoid(m, m->mvee);
}

static rad_value area_of_mvee(const rad_morphology *m) {
    return area_of_ellipsoid(m, m->mvee);
}

static rad_value volume_in_hull(const rad_morphology *m) {
    return rad_defined(m->volume / m->hull_volume);
}

static rad_value area_of_hull(const rad_morphology *m) {
    return rad_defined(m->area / m->hull_area);
}

static rad_value integrated_intensity(const rad_morphology *m) {
    return m->mean.reason ? m->mean : rad_defined(m->volume * m->mean.value);
}

static rad_value moran_i(const rad_morphology *m) {
    return m->autocorrelation.moran_i;
}

static rad_value geary_c(const rad_morphology *m) {
    return m->autocorrelation.geary_c;
}

static const rad_feature features[] = {
    {"morph_volume", "RNU0", "mm3", "Volume (mesh)", .of.morphology = volume},
    {"morph_vol_approx", "YEKZ", "mm3", "Volume (voxel counting)", .of.morphology = voxel_volume},
    {"morph_area_mesh", "C0JK", "mm2", "Surface area (mesh)", .of.morphology = area},
    {"morph_av", "2PR5", "1/mm", "Surface to volume ratio", .of.morphology = surface_to_volume},
    {"morph_comp_1", "SKGS", "1", "Compactness 1", .of.morphology = compactness_1},
    {"morph_comp_2", "BQWJ", "1", "Compactness 2", .of.morphology = compactness_2},
    {"morph_sph_dispr", "KRCK", "1", "Spherical disproportion", .of.morphology = spherical_disproportion},
    {"morph_sphericity", "QCFX", "1", "Sphericity", .of.morphology = sphericity},
    {"morph_asphericity", "25C7", "1", "Asphericity", .of.morphology = asphericity},
    {"morph_com", "KLMA", "mm", "Centre of mass shift", .of.morphology = shift},
    {"morph_diam", "L0JK", "mm", "Maximum 3D diameter", .of.morphology = diameter},
    {"morph_pca_maj_axis", "TDIC", "mm", "Major axis length", .of.morphology = major_axis},
    {"morph_pca_min_axis", "P9VJ", "mm", "Minor axis length", .of.morphology = minor_axis},
    {"morph_pca_least_axis", "7J51", "mm", "Least axis length", .of.morphology = least_axis},
    {"morph_pca_elongation", "Q3CK", "1", "Elongation", .of.morphology = elongation},
    {"morph_pca_flatness", "N17B", "1", "Flatness", .of.morphology = flatness},
    {"morph_vol_dens_aabb", "PBX1", "1", "Volume density (AABB)", .of.morphology = volume_in_aabb},
    {"morph_area_dens_aabb", "R59B", "1", "Area density (AABB)", .of.morphology = area_of_aabb},
    {"morph_vol_dens_ombb", "ZH1A", "1", "Volume density (OMBB)", true, .of.morphology = volume_in_ombb},
    {"morph_area_dens_ombb", "IQYR", "1", "Area density (OMBB)", true, .of.morphology = area_of_ombb},
    {"morph_vol_dens_aee", "6BDE", "1", "Volume density (AEE)", .of.morphology = volume_in_aee},
    {"morph_area_dens_aee", "RDD2", "1", "Area density (AEE)", .of.morphology = area_of_aee},
    {"morph_vol_dens_mvee", "SWZ1", "1", "Volume density (MVEE)", true, .of.morphology = volume_in_mvee},
    {"morph_area_dens_mvee", "BRI8", "1", "Area density (MVEE)", true, .of.morphology = area_of_mvee},
    {"morph_vol_dens_conv_hull", "R3ER", "1", "Volume density (convex hull)",
     .of.morphology = volume_in_hull},
    {"morph_area_dens_conv_hull", "7T7F", "1", "Area density (convex hull)", .of.morphology = area_of_hull},
    {"morph_integ_int", "99N0", "intensity*mm3", "Integrated intensity",
     .of.morphology = integrated_intensity},
    {"morph_moran_i", "N365", "1", "Moran's I index", .of.morphology = moran_i, .of_pairs = true},
    {"morph_geary_c", "NPT7", "1", "Geary's C measure", .of.morphology = geary_c, .of_pairs = true},
};

static const rad_pass pass;

const rad_family rad_family_morph = {
    .key = "morph",
    .code = "HCUG",
    .name = "Morphology",
    .of_original = true,
    .aggregations = &rad_by_volume,
    .features = features,
    .count = sizeof features / sizeof features[0],
    .pass = &pass,
};

/* Semi-axes of the ellipsoid with the covariance of the voxel centres. */
static rad_status measure_axes(const rad_roi_sums *m, const double spacing[3], rad_morphology *out,
                               rad_error *error) {
    const double n = (double)m->count;
    double covariance[9] = {0}; /* the reference values take the unbiased one */
    for (int a = 0; a < 9 && m->count > 1; a++) {
        const int row = a / 3, column = a % 3;
        const double product = (double)m->first[row] / n * (double)m->first[column];
        covariance[a] = ((double)m->second[a] - product) / (n - 1) * spacing[row] * spacing[column];
    }
    rad_status status = rad_eigenvalues(covariance, out->semi_axis, error);
    /* rounding must not give a flat ROI a thickness */
    const double floor = 1e-12 * fmax(out->semi_axis[0], 0);
    for (int a = 0; a < 3; a++)
        out->semi_axis[a] = out->semi_axis[a] > floor ? 2 * sqrt(out->semi_axis[a]) : 0;
    return status;
}

static void measure_intensity(const rad_roi *roi, const rad_roi_sums *m, rad_morphology *out) {
    const double n = (double)m->count;
    double square = 0;
    if (!roi->intensity_count) {
        out->mean = out->shift = rad_undefined(RAD_EMPTY_INTENSITY);
        return;
    }
    out->mean = rad_defined(m->intensity / (double)roi->intensity_count);
    out->shift = rad_undefined(RAD_ZERO_DIVISOR); /* intensities that cancel have no centre */
    if (!(fabs(m->intensity) > 1e-13 * m->magnitude)) return;
    for (int a = 0; a < 3; a++) {
        const double d = ((double)m->first[a] / n - m->weighted[a] / m->intensity) * roi->grid.spacing[a];
        square += d * d;
    }
    out->shift = rad_defined(sqrt(square));
}

static rad_status measure_hull(const rad_roi *roi, int threads, rad_morphology *out, rad_error *error) {
    rad_hull hull;
    rad_status status =
        rad_hull_make(roi->morphological, roi->size, &roi->inner, roi->grid.spacing, &hull, error);
    if (status != RAD_OK) return status;
    out->hull_volume = hull.volume;
    out->hull_area = hull.area;
    out->diameter = hull.diameter;
    status = rad_enclosing_box(&hull, threads, out->ombb, error);
    if (status == RAD_OK) status = rad_enclosing_ellipsoid(&hull, out->mvee, error);
    rad_hull_free(&hull);
    return status;
}

static rad_status measure(const rad_feature_input *input, rad_morphology *out, rad_error *error) {
    const rad_roi *roi = input->roi;
    const double *spacing = roi->grid.spacing;
    rad_mesh mesh;
    rad_status status = rad_mesh_measure(roi->morphological, roi->size, &roi->inner, spacing, &mesh, error);
    if (status == RAD_OK) status = measure_hull(roi, input->threads, out, error);
    if (status != RAD_OK) return status;
    out->volume = mesh.volume;
    out->area = mesh.area;
    out->voxel_volume = (double)roi->morphological_count * spacing[0] * spacing[1] * spacing[2];
    for (int a = 0; a < 3; a++) /* mesh vertices lie half a voxel beyond the outermost centres */
        out->aabb[a] = (double)(roi->inner.end[a] - roi->inner.begin[a]) * spacing[a];
    rad_roi_sums m;
    rad_roi_sums_measure(roi, &m);
    measure_intensity(roi, &m, out);
    out->autocorrelation.moran_i = out->autocorrelation.geary_c = rad_undefined(RAD_NOT_COMPUTED);
    status = measure_axes(&m, spacing, out, error);
    if (status != RAD_OK || !input->settings->spatial) return status;
    return rad_autocorrelation_measure(roi, input->threads, &out->autocorrelation, error);
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    rad_morphology m = {0};
    rad_status status = measure(input, &m, error);
    for (size_t i = 0; i < rad_family_morph.count && status == RAD_OK; i++)
        out[0][i] = features[i].of.morphology(&m);
    return status;
}

static const rad_pass pass = {"morphology", RAD_NO_LEVELS, {&rad_family_morph}, run};
