/* Weights by distance against naive twins: each pair, run and neighbour of random ROIs is weighed by itself.
 */
#include "testing.h"

#include "../../features/families.h"
#include "../../features/weighting.h"
#include "../../pipeline/settings.h"

#include <stdlib.h>
#include <string.h>

enum { LEVELS = 12, COLUMNS = 4000 };

static const test_roi_options rois[] = {
    {{7, 6, 5}, {1, 1, 1}, 0, 4, 0.7, 0.5, false, 1},
    {{9, 5, 6}, {0.5, 2, 3}, 1, 8, 0.5, 0.7, true, 2},
    {{6, 6, 6}, {0.7, 0.7, 1.25}, 2, 3, 0.9, 0.1, false, 5},
};
enum { ROIS = sizeof rois / sizeof rois[0] };

static const struct {
    rad_weighting by;
    rad_norm norm;
    int voxels;
} ways[] = {
    {RAD_WEIGHTED_EXPONENTIAL, RAD_NORM_EUCLIDEAN, 0}, {RAD_WEIGHTED_EXPONENTIAL, RAD_NORM_CHEBYSHEV, 1},
    {RAD_WEIGHTED_INVERSE, RAD_NORM_MANHATTAN, 0},     {RAD_WEIGHTED_INVERSE, RAD_NORM_EUCLIDEAN, 1},
    {RAD_UNWEIGHTED, RAD_NORM_EUCLIDEAN, 0},
};
enum { WAYS = sizeof ways / sizeof ways[0] };

typedef struct fixture {
    rad_roi roi;
    rad_levels levels;
    rad_settings settings;
    int way;
} fixture;

static fixture make(int index) {
    fixture f = {.way = index % WAYS};
    test_roi_make(&rois[index / WAYS], &f.roi);
    test_levels_make(&f.roi, &f.levels);
    rad_settings_default(&f.settings);
    rad_feature_settings *s = &f.settings.features;
    s->merging = RAD_AVERAGED | RAD_MERGED;
    s->dimensions = RAD_2D | RAD_2_5D | RAD_3D;
    s->weighting = s->ngtdm_weighting = s->ngldm_weighting = (int)ways[f.way].by;
    s->norm = (int)ways[f.way].norm;
    s->weighted_in_voxels = ways[f.way].voxels;
    return f;
}

static void release(fixture *f) {
    rad_roi_free(&f->roi);
    rad_levels_free(&f->levels);
}

static int level(const fixture *f, int x, int y, int z) {
    return test_level_at(&f->levels, x, y, z);
}

#define FOR_VOXELS(f, x, y, z)                                                                               \
    for (int z = 0; z < (int)(f)->levels.size[2] - 2; z++)                                                   \
        for (int y = 0; y < (int)(f)->levels.size[1] - 2; y++)                                               \
            for (int x = 0; x < (int)(f)->levels.size[0] - 2; x++)

/* By the definitions, once more. */
static double weight(const fixture *f, int x, int y, int z) {
    const double *s = f->roi.grid.spacing;
    const bool voxels = ways[f->way].voxels;
    const double a = abs(x) * (voxels ? 1 : s[0]), b = abs(y) * (voxels ? 1 : s[1]),
                 c = abs(z) * (voxels ? 1 : s[2]);
    const double d = ways[f->way].norm == RAD_NORM_EUCLIDEAN   ? sqrt(a * a + b * b + c * c)
                     : ways[f->way].norm == RAD_NORM_MANHATTAN ? a + b + c
                                                               : fmax(fmax(a, b), c);
    return ways[f->way].by == RAD_UNWEIGHTED             ? 1
           : ways[f->way].by == RAD_WEIGHTED_EXPONENTIAL ? exp(-d * d)
                                                         : 1 / d;
}

static rad_value value_of(const fixture *f, const rad_family *family, const char *tag, size_t aggregation) {
    static rad_value values[RAD_PASS_FAMILIES][256];
    const rad_pass *pass = family->pass;
    rad_value *out[RAD_PASS_FAMILIES] = {values[0], values[1]};
    rad_error error = {0};
    const rad_feature_input input = {&f->roi, &f->levels, &f->settings.features, 1, NULL, NULL};
    ck_ok(pass->run(&input, out, &error));
    for (int k = 0; k < RAD_PASS_FAMILIES && pass->families[k]; k++)
        for (size_t i = 0; i < pass->families[k]->count; i++)
            if (!strcmp(tag, pass->families[k]->features[i].tag))
                return values[k][aggregation * pass->families[k]->count + i];
    ck_abort_msg("no feature %s", tag);
}

static void compare(rad_value actual, double expected) {
    ck_assert_int_eq(actual.reason, RAD_DEFINED);
    ck_near(actual.value, expected, 1e-11);
}

static double cells[LEVELS][COLUMNS];

/* sum of i^a j^b p(i,j), or the entropy, or the non-uniformity of columns. */
static double moment(int a, int b) {
    double total = 0, sum = 0;
    for (int i = 1; i < LEVELS; i++)
        for (int j = 1; j < COLUMNS; j++) total += cells[i][j];
    for (int i = 1; i < LEVELS; i++)
        for (int j = 1; j < COLUMNS; j++) sum += pow(i, a) * pow(j, b) * cells[i][j] / total;
    return sum;
}

static double entropy(void) {
    double total = 0, sum = 0;
    for (int i = 1; i < LEVELS; i++)
        for (int j = 1; j < COLUMNS; j++) total += cells[i][j];
    for (int i = 1; i < LEVELS; i++)
        for (int j = 1; j < COLUMNS; j++)
            if (cells[i][j] > 0) sum -= cells[i][j] / total * log2(cells[i][j] / total);
    return sum;
}

static double contrast(void) {
    double total = 0, sum = 0;
    for (int i = 1; i < LEVELS; i++)
        for (int j = 1; j < LEVELS; j++) {
            total += cells[i][j];
            sum += (i - j) * (i - j) * cells[i][j];
        }
    return sum / total;
}

/* All pairs of voxels at a Chebyshev distance along the 13 directions, or the four of a slice, both ways. */
static void weigh_pairs(const fixture *f, int distance, bool flat) {
    memset(cells, 0, sizeof cells);
    FOR_VOXELS(f, x, y, z)
    for (int c = flat ? 0 : -1; c <= (flat ? 0 : 1); c++)
        for (int b = -1; b <= 1; b++)
            for (int a = -1; a <= 1; a++) {
                const int here = level(f, x, y, z),
                          there = level(f, x + a * distance, y + b * distance, z + c * distance);
                if ((!a && !b && !c) || !here || !there) continue;
                cells[here][there] += weight(f, a * distance, b * distance, c * distance);
            }
}

START_TEST(pairs) {
    fixture f = make(_i);
    for (int distance = 1; distance <= 2; distance++)
        for (int flat = 0; flat <= 1; flat++) {
            const size_t aggregation = flat ? RAD_2_5D_COMB : RAD_3D_COMB;
            f.settings.features.glcm_distance = distance;
            weigh_pairs(&f, distance, flat);
            compare(value_of(&f, &rad_family_cm, "cm_contrast", aggregation), contrast());
            compare(value_of(&f, &rad_family_cm, "cm_joint_entr", aggregation), entropy());
            compare(value_of(&f, &rad_family_cm, "cm_auto_corr", aggregation), moment(1, 1));
            compare(value_of(&f, &rad_family_cm, "cm_joint_avg", aggregation), moment(1, 0));
        }
    release(&f);
}
END_TEST

/* Averages are of directions, each of which has one weight. */
START_TEST(averages_have_none) {
    fixture f = make(_i);
    const rad_value weighted = value_of(&f, &rad_family_cm, "cm_contrast", RAD_3D_AVG),
                    runs = value_of(&f, &rad_family_rlm, "rlm_rlnu", RAD_3D_AVG);
    f.settings.features.weighting = RAD_UNWEIGHTED;
    compare(value_of(&f, &rad_family_cm, "cm_contrast", RAD_3D_AVG), weighted.value);
    compare(value_of(&f, &rad_family_rlm, "rlm_rlnu", RAD_3D_AVG), runs.value);
    release(&f);
}
END_TEST

START_TEST(runs) {
    fixture f = make(_i);
    double count = 0, voxels = 0, rows = 0;
    memset(cells, 0, sizeof cells);
    for (int c = 0; c <= 1; c++)
        for (int b = -1; b <= 1; b++)
            for (int a = -1; a <= 1; a++) {
                if (!(c > 0 || (c == 0 && (b > 0 || (b == 0 && a > 0))))) continue;
                const double w = weight(&f, a, b, c);
                FOR_VOXELS(&f, x, y, z) {
                    const int here = level(&f, x, y, z);
                    int length = 1;
                    if (!here) continue;
                    voxels += w;
                    if (level(&f, x - a, y - b, z - c) == here) continue;
                    while (level(&f, x + length * a, y + length * b, z + length * c) == here) length++;
                    cells[here][length] += w;
                    count += w;
                }
            }
    for (int i = 1; i < LEVELS; i++) {
        double row = 0;
        for (int j = 1; j < COLUMNS; j++) row += cells[i][j];
        rows += row * row;
    }
    compare(value_of(&f, &rad_family_rlm, "rlm_sre", RAD_3D_COMB), moment(0, -2));
    compare(value_of(&f, &rad_family_rlm, "rlm_lrhge", RAD_3D_COMB), moment(2, 2));
    compare(value_of(&f, &rad_family_rlm, "rlm_rl_entr", RAD_3D_COMB), entropy());
    compare(value_of(&f, &rad_family_rlm, "rlm_glnu", RAD_3D_COMB), rows / count);
    compare(value_of(&f, &rad_family_rlm, "rlm_r_perc", RAD_3D_COMB), count / voxels);
    release(&f);
}
END_TEST

/* Weights of the neighbours of a voxel, of those that differ by at most `coarseness` (-1: all); their
 * weighted sum. */
static double weigh_neighbours(const fixture *f, const int at[3], int reach, int coarseness, double *sum) {
    const int here = level(f, at[0], at[1], at[2]);
    double all = 0;
    *sum = 0;
    for (int c = -reach; c <= reach; c++)
        for (int b = -reach; b <= reach; b++)
            for (int a = -reach; a <= reach; a++) {
                const int there = level(f, at[0] + a, at[1] + b, at[2] + c);
                if ((!a && !b && !c) || !there) continue;
                if (coarseness >= 0 && abs(there - here) > coarseness) continue;
                all += weight(f, a, b, c);
                *sum += weight(f, a, b, c) * there;
            }
    return all;
}

START_TEST(neighbourhoods) {
    fixture f = make(_i);
    for (int reach = 1; reach <= 2; reach++) {
        double n[LEVELS] = {0}, s[LEVELS] = {0}, total = 0, ps = 0, sum, complexity = 0;
        f.settings.features.ngtdm_distance = f.settings.features.ngldm_distance = reach;
        f.settings.features.ngldm_coarseness = reach - 1;
        memset(cells, 0, sizeof cells);
        FOR_VOXELS(&f, x, y, z) {
            const int here = level(&f, x, y, z), at[3] = {x, y, z};
            if (!here) continue;
            cells[here][(int)floor(1.5 + weigh_neighbours(&f, at, reach, reach - 1, &sum))]++;
            const double all = weigh_neighbours(&f, at, reach, -1, &sum);
            if (!(all > 0)) continue;
            n[here]++;
            s[here] += fabs(here - sum / all);
            total++;
        }
        for (int i = 1; i < LEVELS; i++) {
            ps += n[i] / total * s[i];
            for (int j = 1; j < LEVELS; j++)
                if (n[i] > 0 && n[j] > 0)
                    complexity += abs(i - j) * (n[i] * s[i] + n[j] * s[j]) / (n[i] + n[j]);
        }
        compare(value_of(&f, &rad_family_ngt, "ngt_coarseness", RAD_VOLUME), 1 / ps);
        compare(value_of(&f, &rad_family_ngt, "ngt_complexity", RAD_VOLUME), complexity / total);
        compare(value_of(&f, &rad_family_ngt, "ngl_lde", RAD_VOLUME), moment(0, -2));
        compare(value_of(&f, &rad_family_ngt, "ngl_hdhge", RAD_VOLUME), moment(2, 2));
        compare(value_of(&f, &rad_family_ngt, "ngl_dc_entr", RAD_VOLUME), entropy());
    }
    release(&f);
}
END_TEST

/* One family of the pass weighs, the other does not. */
START_TEST(each_family_by_itself) {
    fixture f = make(_i);
    rad_feature_settings *s = &f.settings.features;
    const double tones = value_of(&f, &rad_family_ngt, "ngt_complexity", RAD_SLICES_MERGED).value,
                 dependences = value_of(&f, &rad_family_ngt, "ngl_dcnu", RAD_SLICES_MERGED).value;
    const int by = s->ngtdm_weighting;
    s->ngtdm_weighting = s->ngldm_weighting = RAD_UNWEIGHTED;
    const double plain = value_of(&f, &rad_family_ngt, "ngt_complexity", RAD_SLICES_MERGED).value,
                 counts = value_of(&f, &rad_family_ngt, "ngl_dcnu", RAD_SLICES_MERGED).value;
    s->ngtdm_weighting = by;
    compare(value_of(&f, &rad_family_ngt, "ngt_complexity", RAD_SLICES_MERGED), tones);
    compare(value_of(&f, &rad_family_ngt, "ngl_dcnu", RAD_SLICES_MERGED), counts);
    s->ngtdm_weighting = RAD_UNWEIGHTED;
    s->ngldm_weighting = by;
    compare(value_of(&f, &rad_family_ngt, "ngt_complexity", RAD_SLICES_MERGED), plain);
    compare(value_of(&f, &rad_family_ngt, "ngl_dcnu", RAD_SLICES_MERGED), dependences);
    release(&f);
}
END_TEST

/* Of many levels pairs of all directions are never held: no value, and why. */
START_TEST(many_levels) {
    for (uint32_t extra = 0; extra <= 1; extra++) {
        fixture f = make(0);
        f.levels.count = 511 + extra;
        const rad_value v = value_of(&f, &rad_family_cm, "cm_contrast", RAD_3D_COMB);
        ck_assert_int_eq(v.reason, extra ? RAD_MANY_LEVELS : RAD_DEFINED);
        ck_assert_int_eq(value_of(&f, &rad_family_cm, "cm_contrast", RAD_3D_AVG).reason, RAD_DEFINED);
        release(&f);
    }
}
END_TEST

/* Voxels so small that 1/d counts a neighbour by the million. */
START_TEST(too_heavy) {
    fixture f = make(2);
    rad_value values[2][256], *out[2] = {values[0], values[1]};
    rad_error error = {0};
    const rad_feature_input input = {&f.roi, &f.levels, &f.settings.features, 1, NULL, NULL};
    for (int a = 0; a < 3; a++) f.roi.grid.spacing[a] = 2e-5; /* 26 neighbours: 730,000 */
    ck_ok(rad_family_ngl.pass->run(&input, out, &error));
    for (int a = 0; a < 3; a++) f.roi.grid.spacing[a] = 1e-5;
    ck_assert_int_eq(rad_family_ngl.pass->run(&input, out, &error), RAD_CONFIG);
    ck_assert_ptr_nonnull(strstr(error.text, "weighting_unit: voxels"));
    release(&f);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("weighting");
    TCase *tests = tcase_create("weighting");
    tcase_add_loop_test(tests, pairs, 0, ROIS * WAYS);
    tcase_add_loop_test(tests, averages_have_none, 0, ROIS * WAYS);
    tcase_add_loop_test(tests, runs, 0, ROIS * WAYS);
    tcase_add_loop_test(tests, neighbourhoods, 0, ROIS * WAYS);
    tcase_add_loop_test(tests, each_family_by_itself, 0, ROIS * WAYS);
    tcase_add_test(tests, many_levels);
    tcase_add_test(tests, too_heavy);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
