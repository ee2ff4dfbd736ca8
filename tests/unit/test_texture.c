/* Texture matrices against naive twins: the matrices are rebuilt by plain loops on random ROIs with holes and
 * islands, and features computed from them by their definitions. */
#include "testing.h"

#include "../../core/simd.h"
#include "../../features/families.h"
#include "../../pipeline/settings.h"

#include <stdlib.h>
#include <string.h>

enum { LEVELS_MOST = 400, SIZE_MOST = 3000 };

static const test_roi_options rois[] = {
    {{7, 6, 5}, {1, 1, 1}, 0, 4, 0.7, 0.5, false, 1},   {{9, 5, 6}, {0.5, 2, 3}, 1, 8, 0.5, 0.7, true, 2},
    {{1, 7, 9}, {1, 1, 1}, 0, 3, 0.8, 0.4, true, 3},    {{12, 1, 1}, {1, 1, 1}, 0, 2, 0.9, 0.6, false, 4},
    {{6, 6, 6}, {1, 1, 1}, 2, 300, 0.9, 0.1, false, 5}, {{8, 8, 3}, {2, 2, 2}, 0, 1, 0.6, 0, true, 6},
};
enum { ROIS = sizeof rois / sizeof rois[0] };

typedef struct fixture {
    rad_roi roi;
    rad_levels levels;
    rad_settings settings;
} fixture;

static fixture make(int index) {
    fixture f;
    test_roi_make(&rois[index], &f.roi);
    test_levels_make(&f.roi, &f.levels);
    rad_settings_default(&f.settings);
    f.settings.features.merging = RAD_AVERAGED | RAD_MERGED;
    f.settings.features.dimensions = RAD_2D | RAD_2_5D | RAD_3D;
    return f;
}

static void release(fixture *f) {
    rad_roi_free(&f->roi);
    rad_levels_free(&f->levels);
}

/* Level at a place of the inner box; 0 outside. */
static int level(const fixture *f, int x, int y, int z) {
    return test_level_at(&f->levels, x, y, z);
}

static bool in_mask(const fixture *f, int x, int y, int z) {
    const rad_box *in = &f->roi.inner;
    const int at[3] = {x, y, z};
    for (int a = 0; a < 3; a++)
        if (at[a] < 0 || at[a] >= (int)(in->end[a] - in->begin[a])) return false;
    return f->roi.morphological[(((size_t)z + in->begin[2]) * f->roi.size[1] + (size_t)y + in->begin[1]) *
                                    f->roi.size[0] +
                                (size_t)x + in->begin[0]];
}

#define FOR_VOXELS(f, x, y, z)                                                                               \
    for (int z = 0; z < (int)(f)->levels.size[2] - 2; z++)                                                   \
        for (int y = 0; y < (int)(f)->levels.size[1] - 2; y++)                                               \
            for (int x = 0; x < (int)(f)->levels.size[0] - 2; x++)

/* Runs the pass of a family and returns the value of one feature under one aggregation. */
static rad_value value_of(const fixture *f, const rad_family *family, const char *tag, size_t aggregation,
                          int threads) {
    static rad_value values[RAD_PASS_FAMILIES][256];
    const rad_pass *pass = family->pass;
    rad_value *out[RAD_PASS_FAMILIES] = {values[0], values[1]};
    rad_error error = {0};
    const rad_feature_input input = {&f->roi, &f->levels, &f->settings.features, threads, NULL, NULL};
    ck_ok(pass->run(&input, out, &error));
    for (int k = 0; k < RAD_PASS_FAMILIES && pass->families[k]; k++)
        for (size_t i = 0; i < pass->families[k]->count; i++)
            if (!strcmp(tag, pass->families[k]->features[i].tag))
                return values[k][aggregation * pass->families[k]->count + i];
    ck_abort_msg("no feature %s", tag);
}

static void compare(rad_value actual, double expected) {
    if (isnan(expected)) {
        ck_assert(actual.reason != RAD_DEFINED && isnan(actual.value));
        return;
    }
    ck_assert_int_eq(actual.reason, RAD_DEFINED);
    ck_near(actual.value, expected, 1e-11);
}

static double matrix[LEVELS_MOST][LEVELS_MOST];

/* The symmetric co-occurrence matrix of one direction, or of all 13. Returns the sum of its elements. */
static double count_pairs(const fixture *f, int (*direction)[3], int directions, int distance) {
    double total = 0;
    memset(matrix, 0, sizeof matrix);
    for (int d = 0; d < directions; d++) FOR_VOXELS(f, x, y, z) {
            const int a = level(f, x, y, z),
                      b = level(f, x + distance * direction[d][0], y + distance * direction[d][1],
                                z + distance * direction[d][2]);
            if (!a || !b) continue;
            matrix[a][b]++;
            matrix[b][a]++;
            total += 2;
        }
    return total;
}

/* All half neighbours. */
static int half_neighbours(int (*direction)[3]) {
    int n = 0;
    for (int z = -1; z <= 1; z++)
        for (int y = -1; y <= 1; y++)
            for (int x = -1; x <= 1; x++)
                if (z > 0 || (z == 0 && (y > 0 || (y == 0 && x > 0)))) {
                    direction[n][0] = x;
                    direction[n][1] = y;
                    direction[n++][2] = z;
                }
    return n;
}

typedef enum pair_feature {
    MAXIMUM,
    CONTRAST,
    ENTROPY,
    SHADE,
    CORRELATION,
    INFORMATION_1,
    INFORMATION_2
} pair_feature;

/* A co-occurrence feature by its definition over the full matrix. */
static double pair_value(double total, pair_feature which) {
    double mean = 0, variance = 0, sum = 0, marginal[LEVELS_MOST] = {0}, hx = 0, hxy = 0, hxy1 = 0, hxy2 = 0;
    if (total == 0) return NAN;
    for (int i = 1; i < LEVELS_MOST; i++)
        for (int j = 1; j < LEVELS_MOST; j++) marginal[i] += matrix[i][j] / total;
    for (int i = 1; i < LEVELS_MOST; i++) mean += i * marginal[i];
    for (int i = 1; i < LEVELS_MOST; i++) variance += (i - mean) * (i - mean) * marginal[i];
    for (int i = 1; i < LEVELS_MOST; i++) hx -= marginal[i] > 0 ? marginal[i] * log2(marginal[i]) : 0;
    for (int i = 1; i < LEVELS_MOST; i++)
        for (int j = 1; j < LEVELS_MOST; j++) {
            const double p = matrix[i][j] / total, q = marginal[i] * marginal[j];
            if (q > 0) {
                hxy1 -= p * log2(q);
                hxy2 -= q * log2(q);
            }
            if (p == 0) continue;
            hxy -= p * log2(p);
            switch (which) {
            case MAXIMUM:
                sum = fmax(sum, p);
                break;
            case CONTRAST:
                sum += (i - j) * (i - j) * p;
                break;
            case SHADE:
                sum += pow(i + j - 2 * mean, 3) * p;
                break;
            case CORRELATION:
                sum += (i - mean) * (j - mean) * p;
                break;
            default:
                break;
            }
        }
    switch (which) {
    case ENTROPY:
        return hxy;
    case CORRELATION:
        return variance > 1e-12 ? sum / variance : NAN;
    case INFORMATION_1:
        return hx > 0 ? (hxy - hxy1) / hx : NAN;
    case INFORMATION_2:
        return sqrt(1 - exp(-2 * fmax(0, hxy2 - hxy)));
    default:
        return sum;
    }
}

static const struct {
    const char *tag;
    pair_feature which;
} pair_features[] = {
    {"cm_joint_max", MAXIMUM},        {"cm_contrast", CONTRAST}, {"cm_joint_entr", ENTROPY},
    {"cm_clust_shade", SHADE},        {"cm_corr", CORRELATION},  {"cm_info_corr1", INFORMATION_1},
    {"cm_info_corr2", INFORMATION_2},
};

START_TEST(cooccurrence) {
    fixture f = make(_i);
    int direction[13][3];
    ck_assert_int_eq(half_neighbours(direction), 13);
    for (int distance = 1; distance <= 3; distance += 2) {
        f.settings.features.glcm_distance = distance;
        for (size_t k = 0; k < sizeof pair_features / sizeof pair_features[0]; k++) {
            double merged = count_pairs(&f, direction, 13, distance), sum = 0, count = 0;
            merged = pair_value(merged, pair_features[k].which);
            for (int d = 0; d < 13; d++) {
                const double one =
                    pair_value(count_pairs(&f, &direction[d], 1, distance), pair_features[k].which);
                if (isnan(one)) continue;
                sum += one;
                count++;
            }
            compare(value_of(&f, &rad_family_cm, pair_features[k].tag, RAD_3D_COMB, 1), merged);
            compare(value_of(&f, &rad_family_cm, pair_features[k].tag, RAD_3D_AVG, 1),
                    count > 0 ? sum / count : NAN);
        }
    }
    release(&f);
}
END_TEST

/* Shape of a matrix of counts: grey level by length, size, distance or dependence. */
static double counts[LEVELS_MOST][SIZE_MOST];

static double texture_value(int a, int b, bool entropy) {
    double total = 0, sum = 0;
    for (int i = 1; i < LEVELS_MOST; i++)
        for (int j = 1; j < SIZE_MOST; j++) total += counts[i][j];
    if (total == 0) return NAN;
    for (int i = 1; i < LEVELS_MOST; i++)
        for (int j = 1; j < SIZE_MOST; j++) {
            const double p = counts[i][j] / total;
            if (p > 0) sum += entropy ? -p * log2(p) : pow(i, a) * pow(j, b) * p;
        }
    return sum;
}

/* Runs of one direction: starts where the voxel before has another level. */
static void count_runs(const fixture *f, const int v[3]) {
    FOR_VOXELS(f, x, y, z) {
        const int a = level(f, x, y, z);
        int length = 1;
        if (!a || level(f, x - v[0], y - v[1], z - v[2]) == a) continue;
        while (level(f, x + length * v[0], y + length * v[1], z + length * v[2]) == a) length++;
        counts[a][length]++;
    }
}

START_TEST(run_lengths) {
    fixture f = make(_i);
    int direction[13][3];
    half_neighbours(direction);
    memset(counts, 0, sizeof counts);
    for (int d = 0; d < 13; d++) count_runs(&f, direction[d]);
    compare(value_of(&f, &rad_family_rlm, "rlm_sre", RAD_3D_COMB, 1), texture_value(0, -2, false));
    compare(value_of(&f, &rad_family_rlm, "rlm_lrhge", RAD_3D_COMB, 1), texture_value(2, 2, false));
    compare(value_of(&f, &rad_family_rlm, "rlm_rl_entr", RAD_3D_COMB, 1), texture_value(0, 0, true));
    memset(counts, 0, sizeof counts); /* merged over slices and the four directions in them */
    for (int d = 0; d < 13; d++)
        if (!direction[d][2]) count_runs(&f, direction[d]);
    compare(value_of(&f, &rad_family_rlm, "rlm_lre", RAD_2_5D_COMB, 1), texture_value(0, 2, false));
    compare(value_of(&f, &rad_family_rlm, "rlm_srlge", RAD_2_5D_COMB, 1), texture_value(-2, -2, false));
    release(&f);
}
END_TEST

/* Distance to the nearest voxel that is not in the mask, by looking at all of them. */
static int distance_naive(const fixture *f, int x, int y, int z, bool flat) {
    int least = 1000;
    for (int c = flat ? z : -1; c <= (flat ? z : (int)f->levels.size[2] - 2); c++)
        for (int b = -1; b <= (int)f->levels.size[1] - 2; b++)
            for (int a = -1; a <= (int)f->levels.size[0] - 2; a++)
                if (!in_mask(f, a, b, c)) {
                    const int d = abs(a - x) + abs(b - y) + abs(c - z);
                    if (d < least) least = d;
                }
    return least;
}

static bool seen[16][16][16];

/* Flood fill of one zone: its size, and its least distance. */
static int fill_zone(const fixture *f, int x, int y, int z, bool flat, int *distance) {
    int size = 1;
    const int here = distance_naive(f, x, y, z, flat);
    seen[z][y][x] = true;
    if (here < *distance) *distance = here;
    for (int c = flat ? 0 : -1; c <= (flat ? 0 : 1); c++)
        for (int b = -1; b <= 1; b++)
            for (int a = -1; a <= 1; a++)
                if (level(f, x + a, y + b, z + c) == level(f, x, y, z) && !seen[z + c][y + b][x + a])
                    size += fill_zone(f, x + a, y + b, z + c, flat, distance);
    return size;
}

static void count_zones(const fixture *f, bool flat, bool by_size) {
    memset(counts, 0, sizeof counts);
    memset(seen, 0, sizeof seen);
    FOR_VOXELS(f, x, y, z) {
        int distance = 1000;
        if (!level(f, x, y, z) || seen[z][y][x]) continue;
        const int size = fill_zone(f, x, y, z, flat, &distance);
        counts[level(f, x, y, z)][by_size ? size : distance]++;
    }
}

START_TEST(zones) {
    fixture f = make(_i);
    for (int flat = 0; flat <= 1; flat++) {
        const size_t aggregation = flat ? RAD_SLICES_MERGED : RAD_VOLUME;
        count_zones(&f, flat, true);
        compare(value_of(&f, &rad_family_szm, "szm_lze", aggregation, 1), texture_value(0, 2, false));
        compare(value_of(&f, &rad_family_szm, "szm_szhge", aggregation, 1), texture_value(2, -2, false));
        compare(value_of(&f, &rad_family_szm, "szm_zs_entr", aggregation, 1), texture_value(0, 0, true));
        count_zones(&f, flat, false);
        compare(value_of(&f, &rad_family_szm, "dzm_lde", aggregation, 1), texture_value(0, 2, false));
        compare(value_of(&f, &rad_family_szm, "dzm_sdlge", aggregation, 1), texture_value(-2, -2, false));
        compare(value_of(&f, &rad_family_szm, "dzm_zd_entr", aggregation, 1), texture_value(0, 0, true));
    }
    release(&f);
}
END_TEST

START_TEST(dependence) {
    static const int coarsenesses[] = {0, 1, 400};
    fixture f = make(_i);
    for (int reach = 1; reach <= 2; reach++)
        for (int k = 0; k < 3; k++) {
            const int coarse = coarsenesses[k];
            f.settings.features.ngldm_distance = reach;
            f.settings.features.ngldm_coarseness = coarse;
            memset(counts, 0, sizeof counts);
            FOR_VOXELS(&f, x, y, z) {
                int alike = 0;
                const int here = level(&f, x, y, z);
                for (int c = -reach; here && c <= reach; c++)
                    for (int b = -reach; b <= reach; b++)
                        for (int a = -reach; a <= reach; a++) {
                            const int there = level(&f, x + a, y + b, z + c);
                            alike += there && abs(there - here) <= coarse; /* the centre counts */
                        }
                if (here) counts[here][alike]++;
            }
            compare(value_of(&f, &rad_family_ngt, "ngl_lde", RAD_VOLUME, 1), texture_value(0, -2, false));
            compare(value_of(&f, &rad_family_ngt, "ngl_hdhge", RAD_VOLUME, 1), texture_value(2, 2, false));
            compare(value_of(&f, &rad_family_ngt, "ngl_dc_entr", RAD_VOLUME, 1), texture_value(0, 0, true));
        }
    release(&f);
}
END_TEST

/* Tone differences and their five features by the definitions. */
START_TEST(tone) {
    fixture f = make(_i);
    double n[LEVELS_MOST] = {0}, s[LEVELS_MOST] = {0}, total = 0, ps = 0, ss = 0, present = 0;
    double contrast = 0, busy = 0, complexity = 0, strength = 0;
    FOR_VOXELS(&f, x, y, z) {
        const int here = level(&f, x, y, z);
        double sum = 0, count = 0;
        for (int k = 0; here && k < 27; k++) {
            const int there = k == 13 ? 0 : level(&f, x + k % 3 - 1, y + k / 3 % 3 - 1, z + k / 9 - 1);
            sum += there;
            count += there > 0;
        }
        if (count == 0) continue;
        n[here]++;
        s[here] += fabs(here - sum / count);
        total++;
    }
    for (int i = 1; i < LEVELS_MOST; i++) {
        present += n[i] > 0;
        ps += n[i] / total * s[i];
        ss += s[i];
        for (int j = 1; j < LEVELS_MOST; j++) {
            const double p = n[i] / total, q = n[j] / total;
            if (p == 0 || q == 0) continue;
            contrast += p * q * (i - j) * (i - j);
            busy += fabs(i * p - j * q);
            complexity += abs(i - j) * (p * s[i] + q * s[j]) / (p + q);
            strength += (p + q) * (i - j) * (i - j);
        }
    }
    const bool flat = present < 2;
    compare(value_of(&f, &rad_family_ngt, "ngt_coarseness", RAD_VOLUME, 1), ps > 0 ? fmin(1 / ps, 1e6) : 1e6);
    compare(value_of(&f, &rad_family_ngt, "ngt_contrast", RAD_VOLUME, 1),
            flat ? 0 : contrast / (present * (present - 1)) * ss / total);
    compare(value_of(&f, &rad_family_ngt, "ngt_busyness", RAD_VOLUME, 1), flat ? 0 : ps / busy);
    compare(value_of(&f, &rad_family_ngt, "ngt_complexity", RAD_VOLUME, 1), complexity / total);
    compare(value_of(&f, &rad_family_ngt, "ngt_strength", RAD_VOLUME, 1), ss > 0 ? strength / ss : 0);
    release(&f);
}
END_TEST

/* A ROI of one voxel: no pairs, one run, one zone of one voxel at distance 1. */
START_TEST(one_voxel) {
    fixture f;
    test_roi_full((size_t[]){1, 1, 1}, (double[]){1, 1, 1}, &f.roi);
    test_levels_make(&f.roi, &f.levels);
    rad_settings_default(&f.settings);
    f.settings.features.merging = RAD_AVERAGED | RAD_MERGED;
    ck_assert_int_eq(value_of(&f, &rad_family_cm, "cm_contrast", RAD_3D_COMB, 1).reason, RAD_NO_PAIRS);
    ck_assert_int_eq(value_of(&f, &rad_family_ngt, "ngt_contrast", RAD_VOLUME, 1).reason, RAD_NO_PAIRS);
    compare(value_of(&f, &rad_family_rlm, "rlm_sre", RAD_3D_AVG, 1), 1);
    compare(value_of(&f, &rad_family_rlm, "rlm_r_perc", RAD_3D_COMB, 1), 1);
    compare(value_of(&f, &rad_family_szm, "szm_lze", RAD_VOLUME, 1), 1);
    compare(value_of(&f, &rad_family_szm, "dzm_lde", RAD_VOLUME, 1), 1);
    compare(value_of(&f, &rad_family_ngt, "ngl_dc_energy", RAD_VOLUME, 1), 1);
    release(&f);
}
END_TEST

/* A full box of one level: every voxel one zone; correlation has no meaning. */
START_TEST(one_level) {
    fixture f;
    test_roi_full((size_t[]){4, 3, 5}, (double[]){1, 1, 1}, &f.roi);
    test_levels_make(&f.roi, &f.levels);
    rad_settings_default(&f.settings);
    f.settings.features.merging = RAD_AVERAGED | RAD_MERGED;
    ck_assert_int_eq(value_of(&f, &rad_family_cm, "cm_corr", RAD_3D_COMB, 1).reason, RAD_ONE_LEVEL);
    ck_assert_int_eq(value_of(&f, &rad_family_cm, "cm_info_corr1", RAD_3D_COMB, 1).reason, RAD_ONE_LEVEL);
    compare(value_of(&f, &rad_family_cm, "cm_energy", RAD_3D_COMB, 1), 1);
    compare(value_of(&f, &rad_family_cm, "cm_joint_entr", RAD_3D_AVG, 1), 0);
    compare(value_of(&f, &rad_family_szm, "szm_lze", RAD_VOLUME, 1), 3600);
    compare(value_of(&f, &rad_family_ngt, "ngt_coarseness", RAD_VOLUME, 1), 1e6);
    compare(value_of(&f, &rad_family_ngt, "ngt_busyness", RAD_VOLUME, 1), 0);
    compare(value_of(&f, &rad_family_ngt, "ngt_strength", RAD_VOLUME, 1), 0);
    release(&f);
}
END_TEST

/* 65,535 levels in a row of as many voxels: bounded memory, and values that can be written down. */
START_TEST(all_levels) {
    fixture f;
    const size_t n = 65535;
    test_roi_full((size_t[]){n / 255, 255, 1}, (double[]){1, 1, 1}, &f.roi);
    for (size_t i = 0; i < n; i++) f.roi.intensity[i] = (double)(i + 1);
    test_levels_make(&f.roi, &f.levels);
    ck_assert_uint_eq(f.levels.count, n);
    rad_settings_default(&f.settings);
    f.settings.features.merging = RAD_AVERAGED | RAD_MERGED;
    compare(value_of(&f, &rad_family_szm, "szm_sze", RAD_VOLUME, 1), 1);
    compare(value_of(&f, &rad_family_rlm, "rlm_r_perc", RAD_3D_COMB, 1), 1);
    const double width = 257, rows = 255, along = rows * (width - 1), across = width * (rows - 1),
                 slant = (width - 1) * (rows - 1);
    compare(
        value_of(&f, &rad_family_cm, "cm_contrast", RAD_3D_COMB, 1),
        (along + across * width * width + slant * ((width - 1) * (width - 1) + (width + 1) * (width + 1))) /
            (along + across + 2 * slant));
    release(&f);
}
END_TEST

/* Pairs and runs in one walk are those of the two passes, bit for bit. */
static void compare_walks(const fixture *f) {
    static rad_value joined[RAD_PASS_FAMILIES][256], apart[RAD_PASS_FAMILIES][256];
    const rad_feature_input input = {&f->roi, &f->levels, &f->settings.features, 1, NULL, NULL};
    const rad_pass *pass = &rad_pass_glcm_glrlm;
    rad_error error = {0};
    memset(joined, 0, sizeof joined);
    memset(apart, 0, sizeof apart);
    ck_ok(pass->run(&input, (rad_value *[]){joined[0], joined[1]}, &error));
    for (int k = 0; k < RAD_PASS_FAMILIES; k++)
        ck_ok(pass->families[k]->pass->run(&input, (rad_value *[]){apart[k], NULL}, &error));
    for (int k = 0; k < RAD_PASS_FAMILIES; k++)
        for (size_t i = 0; i < pass->families[k]->aggregations->count * pass->families[k]->count; i++) {
            ck_assert_int_eq(joined[k][i].reason, apart[k][i].reason);
            ck_assert(!memcmp(&joined[k][i].value, &apart[k][i].value, sizeof joined[k][i].value));
        }
}

/* Where nobody asks for directions they are counted together. */
static void compare_mergings(fixture *f) {
    f->settings.features.merging = RAD_AVERAGED | RAD_MERGED;
    compare_walks(f);
    f->settings.features.merging = RAD_MERGED;
    compare_walks(f);
}

START_TEST(one_walk_is_two_passes) {
    static const unsigned dimensions[] = {RAD_2D | RAD_2_5D | RAD_3D, RAD_2D, RAD_3D};
    static const int weightings[] = {0, RAD_WEIGHTED_INVERSE};
    fixture f = make(_i);
    for (size_t k = 0; k < sizeof dimensions / sizeof dimensions[0]; k++)
        for (size_t w = 0; w < sizeof weightings / sizeof weightings[0]; w++)
            for (int direction = 0; direction <= 13; direction += 6) {
                f.settings.features.dimensions = dimensions[k];
                f.settings.features.weighting = weightings[w];
                f.settings.features.direction = direction;
                compare_mergings(&f);
            }
    release(&f);
}
END_TEST

/* Rows of more voxels than go through at a time, runs as long as the box, and more levels than are held. */
START_TEST(one_walk_of_any_size) {
    static const test_roi_options large[] = {{{301, 7, 5}, {1, 1, 1}, 0, 6, 0.9, 0.8, false, 7},
                                             {{270, 5, 6}, {1, 1, 1}, 1, 1, 0.95, 0, true, 8},
                                             {{128, 3, 2}, {1, 1, 1}, 0, 500, 1, 0, false, 9},
                                             {{40, 9, 9}, {1, 1, 1}, 0, 600, 1, 0.5, false, 10},
                                             {{4000, 2, 2}, {1, 1, 1}, 0, 100, 1, 0.5, false, 11}};
    fixture f;
    test_roi_make(&large[_i], &f.roi);
    test_levels_make(&f.roi, &f.levels);
    rad_settings_default(&f.settings);
    f.settings.features.merging = RAD_AVERAGED | RAD_MERGED;
    f.settings.features.dimensions = RAD_2_5D | RAD_3D;
    compare_mergings(&f);
    release(&f);
}
END_TEST

/* The same bytes from any number of threads. */
START_TEST(threads_change_nothing) {
    static const rad_family *const families[] = {&rad_family_cm, &rad_family_rlm, &rad_family_szm,
                                                 &rad_family_ngt};
    fixture f = make(1);
    for (int p = 0; p < 4; p++) {
        const rad_family *family = families[p];
        for (size_t i = 0; i < family->count; i++) {
            const rad_value one = value_of(&f, family, family->features[i].tag, 2, 1);
            for (int threads = 2; threads <= 8; threads += 3) {
                const rad_value many = value_of(&f, family, family->features[i].tag, 2, threads);
                ck_assert(!memcmp(&one.value, &many.value, sizeof one.value) && one.reason == many.reason);
            }
        }
    }
    release(&f);
}
END_TEST

static void use_baseline(void) {
    rad_simd_allow(false);
}

static void use_all(void) {
    rad_simd_allow(true);
}

static void add_tests(Suite *suite, const char *name, void (*kernels)(void)) {
    TCase *tests = tcase_create(name);
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 300);
    tcase_add_checked_fixture(tests, kernels, use_all);
    tcase_add_loop_test(tests, cooccurrence, 0, ROIS);
    tcase_add_loop_test(tests, run_lengths, 0, ROIS);
    tcase_add_loop_test(tests, zones, 0, ROIS);
    tcase_add_loop_test(tests, dependence, 0, ROIS);
    tcase_add_loop_test(tests, tone, 0, ROIS);
    tcase_add_test(tests, one_voxel);
    tcase_add_test(tests, one_level);
    tcase_add_test(tests, all_levels);
    tcase_add_loop_test(tests, one_walk_is_two_passes, 0, ROIS);
    tcase_add_loop_test(tests, one_walk_of_any_size, 0, 5);
    tcase_add_test(tests, threads_change_nothing);
}

int main(void) {
    Suite *suite = suite_create("texture");
    add_tests(suite, "texture", use_all);
    add_tests(suite, "baseline", use_baseline);
    return test_run(suite);
}
