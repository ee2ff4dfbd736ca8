/* Masks on grids of their own: a naive twin, volumes, storage orders, what lies beyond, the way through
 * extract. */
#include "testing.h"

#include "../../core/interpolate.h"
#include "../../core/memory.h"
#include "../../core/regrid.h"
#include "../../features/families.h"
#include "../../pipeline/extract.h"
#include "../../pipeline/remarks.h"

#include <stdio.h>
#include <string.h>

static const double unit[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};

/* A grid of cubes around the origin. */
static rad_geometry cubes(size_t count, double spacing) {
    rad_geometry g = {.size = {count, count, count}, .spacing = {spacing, spacing, spacing}};
    memcpy(g.direction, unit, sizeof unit);
    for (int a = 0; a < 3; a++) g.origin[a] = -spacing * ((double)count - 1) / 2;
    return g;
}

/* A mask from a function of world coordinates; label 0 is background. */
typedef int64_t label_at(const double world[3], const void *context);

static rad_mask make_mask(const rad_geometry *g, label_at *label, const void *context) {
    rad_mask mask = {.volume = {.geometry = *g, .type = RAD_UINT8, .slope = 1}};
    rad_error error = {0};
    const size_t *n = g->size;
    uint8_t *voxels = rad_new(n[0] * n[1] * n[2], 1, &error);
    ck_assert(voxels != NULL);
    for (size_t i = 0; i < n[0] * n[1] * n[2]; i++) {
        const size_t x = i % n[0], y = i / n[0] % n[1], z = i / n[0] / n[1];
        double world[3];
        rad_geometry_world(g, (double[]){(double)x, (double)y, (double)z}, world);
        voxels[i] = (uint8_t)label(world, context);
    }
    mask.volume.voxels = voxels;
    ck_ok(rad_mask_index(&mask, "mask", &error));
    return mask;
}

typedef struct ellipsoid {
    double centre[3], radius[3];
} ellipsoid;

static int64_t in_ellipsoid(const double world[3], const void *context) {
    const ellipsoid *e = context;
    double r = 0;
    for (int a = 0; a < 3; a++) r += pow((world[a] - e->centre[a]) / e->radius[a], 2);
    return r <= 1;
}

/* Two halves and a shell around them. */
static int64_t three_labels(const double world[3], const void *context) {
    const ellipsoid *e = context;
    ellipsoid inner = *e;
    for (int a = 0; a < 3; a++) inner.radius[a] *= 0.6;
    if (in_ellipsoid(world, &inner)) return world[0] > e->centre[0] ? 1 : 2;
    return in_ellipsoid(world, e) ? 7 : 0;
}

static int held(const rad_mask *mask, int64_t label, const ptrdiff_t v[3]) {
    const size_t *n = mask->volume.geometry.size;
    for (int a = 0; a < 3; a++)
        if (v[a] < 0 || v[a] >= (ptrdiff_t)n[a]) return 0;
    return ((const uint8_t *)
                mask->volume.voxels)[((size_t)v[2] * n[1] + (size_t)v[1]) * n[0] + (size_t)v[0]] == label;
}

/* The partial volume at a voxel of the grid by the definition; NaN where it is a matter of rounding. */
static double naive(const rad_mask *mask, int64_t label, const rad_geometry *grid, const size_t v[3],
                    bool nearest) {
    double world[3], at[3], sum = 0;
    const size_t *n = mask->volume.geometry.size;
    rad_geometry_world(grid, (double[]){(double)v[0], (double)v[1], (double)v[2]}, world);
    ck_assert(rad_geometry_index(&mask->volume.geometry, world, at));
    for (int a = 0; a < 3; a++) {
        const double high = (double)n[a] - 0.5;
        if (fabs(at[a] + 0.5) < 2e-3 || fabs(at[a] - high) < 2e-3) return NAN;
        if (at[a] < -0.5 || at[a] > high) return 0;
        if (nearest && fabs(at[a] - floor(at[a]) - 0.5) < 2e-3) return NAN;
        at[a] = fmin(fmax(at[a], 0), (double)n[a] - 1);
    }
    if (nearest) {
        const ptrdiff_t near[3] = {lround(at[0]), lround(at[1]), lround(at[2])};
        return held(mask, label, near);
    }
    for (int corner = 0; corner < 8; corner++) {
        ptrdiff_t c[3];
        double w = 1;
        for (int a = 0; a < 3; a++) {
            const double low = floor(at[a]);
            c[a] = (ptrdiff_t)low + (corner >> a & 1);
            w *= corner >> a & 1 ? at[a] - low : 1 - at[a] + low;
        }
        sum += w * held(mask, label, c);
    }
    return sum;
}

/* A grid of another spacing, turned, shifted and with axes in another order. */
static rad_geometry any_grid(test_random *random, bool oblique) {
    rad_geometry g = {
        .size = {10 + test_below(random, 12), 10 + test_below(random, 12), 8 + test_below(random, 9)}};
    const size_t first = test_below(random, 3), step = 1 + test_below(random, 2);
    const double angle = oblique ? test_uniform(random) : 0, c = cos(angle), s = sin(angle);
    for (size_t a = 0; a < 3; a++) {
        const size_t axis = (first + step * a) % 3;
        const double sign = test_below(random, 2) ? 1 : -1;
        const double turned[3][3] = {{c, s, 0}, {-s, c, 0}, {0, 0, 1}};
        for (size_t r = 0; r < 3; r++) g.direction[3 * r + a] = sign * turned[axis][r];
        g.spacing[a] = 0.4 + 1.5 * test_uniform(random);
    }
    for (int r = 0; r < 3; r++) {
        g.origin[r] = 2 * test_uniform(random) - 1;
        for (int a = 0; a < 3; a++)
            g.origin[r] -= g.direction[3 * r + a] * g.spacing[a] * ((double)g.size[a] - 1) / 2;
    }
    return g;
}

START_TEST(naive_twin) {
    test_random random = {(uint64_t)_i + 3};
    rad_error error = {0};
    const ellipsoid e = {{0.3, -0.2, 0.1}, {5, 4, 4.5}};
    const rad_geometry own = any_grid(&random, _i % 2), grid = any_grid(&random, _i % 3 == 0);
    rad_mask mask = make_mask(&own, three_labels, &e);
    size_t checked = 0, inside = 0;
    for (size_t l = 0; l < mask.label_count; l++)
        for (int nearest = 0; nearest < 2; nearest++) {
            const double threshold = nearest ? 0.5 : 0.2 + 0.6 * test_uniform(&random);
            rad_drawn drawn;
            ck_ok(rad_regrid_draw(&mask, &mask.labels[l], &grid,
                                  (rad_regrid_way){nearest ? RAD_NEAREST : RAD_LINEAR, threshold}, 1 + _i % 3,
                                  &drawn, &error));
            const rad_box *b = &drawn.box;
            const size_t width = b->end[0] - b->begin[0], height = b->end[1] - b->begin[1];
            for (size_t i = 0; i < rad_geometry_count(&grid); i++) {
                const size_t v[3] = {i % grid.size[0], i / grid.size[0] % grid.size[1],
                                     i / grid.size[0] / grid.size[1]};
                const double part = naive(&mask, mask.labels[l].value, &grid, v, nearest);
                bool in = drawn.inside != NULL, got = false;
                if (isnan(part) || fabs(part - threshold) < 5e-3) continue;
                for (int a = 0; a < 3; a++) in = in && v[a] >= b->begin[a] && v[a] < b->end[a];
                if (in)
                    got = drawn.inside[((v[2] - b->begin[2]) * height + v[1] - b->begin[1]) * width + v[0] -
                                       b->begin[0]];
                ck_assert_msg(got == (part >= threshold),
                              "label %d at %zu %zu %zu: %d, partial volume %g of %g",
                              (int)mask.labels[l].value, v[0], v[1], v[2], got, part, threshold);
                checked++;
                inside += got;
            }
            rad_free(drawn.inside);
        }
    ck_assert(checked > 3000 && inside > 50);
    rad_mask_free(&mask);
}
END_TEST

static double volume_on(const rad_mask *mask, size_t label, const rad_geometry *grid,
                        rad_interpolation method) {
    rad_error error = {0};
    rad_drawn drawn;
    size_t count = 0;
    ck_ok(
        rad_regrid_draw(mask, &mask->labels[label], grid, (rad_regrid_way){method, 0.5}, 2, &drawn, &error));
    for (size_t i = 0; drawn.inside && i < rad_box_count(&drawn.box); i++) count += drawn.inside[i];
    rad_free(drawn.inside);
    return (double)count * grid->spacing[0] * grid->spacing[1] * grid->spacing[2];
}

/* Whatever the two spacings, the volume stays, also where every second voxel is half covered. */
START_TEST(volumes_stay) {
    static const double cases[][3] = {{0.2, 0.5, 1}, {0.25, 0.5, 1}, {0.5, 1, 1},    {0.25, 1, 1},
                                      {0.3, 1, 1},   {0.5, 0.5, 1},  {0.5, 0.25, 1}, {2, 1, 0}};
    test_random random = {99};
    double before = 0, linear = 0, nearest = 0;
    for (int repeat = 0; repeat < 12; repeat++) {
        ellipsoid e = {.radius = {6.6, 6, 5.4}};
        for (int a = 0; a < 3; a++) e.centre[a] = test_uniform(&random) - 0.5;
        const rad_geometry own = cubes((size_t)(16 / cases[_i][0] + 0.5), cases[_i][0]),
                           grid = cubes((size_t)(16 / cases[_i][1] + 0.5), cases[_i][1]);
        rad_mask mask = make_mask(&own, in_ellipsoid, &e);
        before += (double)mask.labels[0].voxels * pow(cases[_i][0], 3);
        linear += volume_on(&mask, 0, &grid, RAD_LINEAR);
        nearest += volume_on(&mask, 0, &grid, RAD_NEAREST);
        rad_mask_free(&mask);
    }
    ck_near(nearest / before, 1, 0.01);
    if (cases[_i][2] > 0) ck_near(linear / before, 1, 0.015);
}
END_TEST

/* The mask in each of the 48 orders of its axes gives the same bytes, ties included. */
START_TEST(storage_order_changes_nothing) {
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    rad_error error = {0};
    const ellipsoid e = {{0.25, 0.5, 0}, {3, 3.5, 4}};
    const rad_geometry plain = {.size = {20, 22, 24},
                                .spacing = {0.5, 0.5, 0.5},
                                .origin = {-5, -5.25, -5.5},
                                .direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}};
    const rad_geometry grid = cubes(12, 1);
    uint8_t *first = NULL;
    for (int turn = 0; turn < 48; turn++) {
        rad_geometry own = plain;
        memset(own.direction, 0, sizeof own.direction);
        for (int a = 0; a < 3; a++) {
            const int axis = orders[turn / 8][a], flipped = turn >> a & 1;
            own.size[a] = plain.size[axis];
            own.direction[3 * axis + a] = flipped ? -1 : 1;
            own.origin[axis] = plain.origin[axis] + (flipped ? 0.5 * ((double)plain.size[axis] - 1) : 0);
        }
        rad_mask mask = make_mask(&own, in_ellipsoid, &e);
        for (int nearest = 0; nearest < 2; nearest++) {
            rad_drawn drawn;
            uint8_t *all = rad_new(2, 12 * 12 * 12, NULL);
            ck_assert(all != NULL);
            ck_ok(rad_regrid_draw(&mask, &mask.labels[0], &grid,
                                  (rad_regrid_way){nearest ? RAD_NEAREST : RAD_LINEAR, 0.5}, 1, &drawn,
                                  &error));
            size_t from = 0;
            for (size_t z = drawn.box.begin[2]; z < drawn.box.end[2]; z++)
                for (size_t y = drawn.box.begin[1]; y < drawn.box.end[1]; y++)
                    for (size_t x = drawn.box.begin[0]; x < drawn.box.end[0]; x++)
                        all[(z * 12 + y) * 12 + x] = drawn.inside[from++];
            if (!first) first = rad_new(2, 12 * 12 * 12, NULL);
            if (!turn) memcpy(first + nearest * 12 * 12 * 12, all, 12 * 12 * 12);
            ck_assert_msg(!memcmp(first + nearest * 12 * 12 * 12, all, 12 * 12 * 12), "order %d, nearest %d",
                          turn, nearest);
            rad_free(all);
            rad_free(drawn.inside);
        }
        rad_mask_free(&mask);
    }
    rad_free(first);
}
END_TEST

/* On its own grid nothing changes; beyond the grid is counted; elsewhere there is nothing. */
START_TEST(edges) {
    rad_error error = {0};
    const ellipsoid e = {{0, 0, 0}, {5.2, 5.2, 5.2}}; /* touches the borders */
    const rad_geometry own = cubes(10, 1);
    rad_geometry moved = own, away = own;
    rad_mask mask = make_mask(&own, in_ellipsoid, &e);
    ck_near(volume_on(&mask, 0, &own, RAD_LINEAR), (double)mask.labels[0].voxels, 0);
    moved.origin[0] += 4;
    moved.origin[1] += 0.25;
    size_t beyond = 0;
    for (size_t i = 0; i < 1000; i++) beyond += ((const uint8_t *)mask.volume.voxels)[i] && i % 10 < 4;
    ck_assert_uint_eq(rad_regrid_beyond(&mask, &mask.labels[0], &moved), beyond);
    ck_assert_uint_eq(rad_regrid_beyond(&mask, &mask.labels[0], &own), 0);
    away.origin[2] += 100;
    rad_drawn drawn;
    ck_ok(
        rad_regrid_draw(&mask, &mask.labels[0], &away, (rad_regrid_way){RAD_LINEAR, 0.5}, 1, &drawn, &error));
    ck_assert(!drawn.inside && !rad_box_count(&drawn.box));
    ck_assert_uint_eq(rad_regrid_beyond(&mask, &mask.labels[0], &away), mask.labels[0].voxels);
    /* a threshold of 1 takes what is covered as a whole */
    ck_ok(rad_regrid_draw(&mask, &mask.labels[0], &own, (rad_regrid_way){RAD_LINEAR, 1}, 1, &drawn, &error));
    size_t whole = 0;
    for (size_t i = 0; i < rad_box_count(&drawn.box); i++) whole += drawn.inside[i];
    ck_assert_uint_eq(whole, mask.labels[0].voxels);
    rad_free(drawn.inside);
    rad_mask_free(&mask);
}
END_TEST

/* An image of 1 mm, its intensity the distance along x. */
static rad_volume make_image(const rad_geometry *g) {
    rad_volume v = {.geometry = *g, .type = RAD_FLOAT32, .slope = 1};
    rad_error error = {0};
    float *x = rad_new(rad_geometry_count(g), sizeof *x, &error);
    ck_assert(x != NULL);
    for (size_t i = 0; i < rad_geometry_count(g); i++) x[i] = (float)(i % g->size[0]);
    v.voxels = x;
    return v;
}

static double feature(const rad_table *t, size_t row, const char *tag) {
    const rad_column *c = rad_table_find(t, tag);
    ck_assert_msg(c != NULL, "%s", tag);
    return t->rows[row].values[c - t->columns].value;
}

/* Three labels on a grid of 0.25 mm: volumes as on their own grid, on the image's grid, on a finer one,
 * slice-wise. */
START_TEST(through_extract) {
    static const double spacing[][3] = {{0, 0, 0}, {0.5, 0.5, 0.5}, {0.7, 0.7, 0}, {1, 1, 1}};
    const ellipsoid e = {{0.3, -0.4, 0.1}, {7, 6.5, 6}};
    const rad_geometry own = cubes(64, 0.25), grid = cubes(18, 1);
    rad_geometry features;
    rad_settings *settings = rad_new(1, sizeof *settings, NULL);
    rad_warnings *warnings = rad_new(1, sizeof *warnings, NULL);
    rad_error error = {0};
    rad_volume image = make_image(&grid);
    ck_assert(settings && warnings);
    for (int with = 0; with < 2; with++) {
        rad_mask mask = make_mask(&own, three_labels, &e);
        rad_table table = {0};
        rad_extract_options options = {
            .case_name = "case", .mask_path = "mask", .threads = 2, .warnings = warnings};
        rad_settings_default(settings);
        settings->features.families = rad_family_bit(&rad_family_morph) | rad_family_bit(&rad_family_stat);
        settings->diagnostics = with;
        memcpy(settings->sampling.spacing, spacing[_i], sizeof spacing[_i]);
        ck_assert_int_eq(rad_extract_volume(&image, &mask, settings, &options, &table, &error), RAD_CONFIG);
        ck_assert_msg(strstr(error.text, "Give --resample-mask"), "%s", error.text);
        rad_table_free(&table);
        options.resample_mask = true;
        ck_ok(rad_extract_volume(&image, &mask, settings, &options, &table, &error));
        ck_assert_uint_eq(table.row_count, 3);
        ck_ok(rad_interpolation_grid(&grid, settings->sampling.spacing, &features, &error));
        for (size_t r = 0; r < 3; r++) {
            const double volume = feature(&table, r, "morph_vol_approx");
            ck_near(volume, volume_on(&mask, r, &features, _i ? RAD_LINEAR : RAD_NEAREST), 1e-12);
            ck_near(volume / ((double)mask.labels[r].voxels / 64), 1, 0.12); /* flat faces between voxels */
        }
        /* label 1 lies at the higher side of label 2 */
        ck_assert(feature(&table, 0, "stat_min") >= feature(&table, 1, "stat_max") - 1);
        ck_near(feature(&table, 0, "stat_mean") - feature(&table, 1, "stat_mean"), 3.1, 0.2);
        ck_assert_uint_eq(warnings->count, 0);
        rad_table_free(&table);
        rad_mask_free(&mask);
    }
    rad_volume_free(&image);
    rad_free(settings);
    rad_free(warnings);
}
END_TEST

/* Half of a mask lies beyond the image; a label that does as a whole fails by itself. */
START_TEST(partly_beyond) {
    const ellipsoid e = {{10, 0, 0}, {7, 6.5, 6}};
    const rad_geometry own = cubes(72, 0.5), grid = cubes(18, 1);
    rad_settings *settings = rad_new(1, sizeof *settings, NULL);
    rad_warnings *warnings = rad_new(1, sizeof *warnings, NULL);
    rad_error error = {0};
    rad_table table = {0};
    rad_volume image = make_image(&grid);
    rad_mask mask =
        make_mask(&own, three_labels, &e); /* 1: x > 10 and inner, 2: x < 10 and inner, 7: the shell */
    rad_extract_options options = {
        .case_name = "case", .mask_path = "mask", .threads = 1, .resample_mask = true, .warnings = warnings};
    ck_assert(settings && warnings);
    rad_settings_default(settings);
    settings->features.families = rad_family_bit(&rad_family_morph) | rad_family_bit(&rad_family_stat);
    ck_assert_int_eq(rad_extract_volume(&image, &mask, settings, &options, &table, &error), RAD_PARTIAL);
    ck_assert_int_eq(table.rows[0].status, RAD_UNREADABLE);
    ck_assert_msg(strstr(table.rows[0].text, "ROI 1: all of it lies beyond the image"), "%s",
                  table.rows[0].text);
    ck_assert(table.rows[1].status == RAD_OK && table.rows[2].status == RAD_OK);
    ck_assert_uint_eq(warnings->count, 2);
    ck_assert_msg(strstr(warnings->text[0], "voxels of the mask lie beyond the image and are left out"), "%s",
                  warnings->text[0]);
    ck_assert_msg(strstr(warnings->text[1], "ROI 2: interpolation: ") &&
                      strstr(warnings->text[1], "the same for ROI 7") &&
                      strstr(warnings->text[1], "on the grid of 1 mm"),
                  "%s", warnings->text[1]);
    rad_table_free(&table);
    rad_mask_free(&mask);
    rad_volume_free(&image);
    rad_free(settings);
    rad_free(warnings);
}
END_TEST

/* 40 ROIs with the same remark about 90 response maps: two warnings, which count what they stand for. */
START_TEST(remarks_do_not_flood) {
    enum { ROIS = 40, MAPS = 90 };
    rad_remarks rois[ROIS] = {{0}};
    rad_remarked list[ROIS];
    char text[ROIS][16];
    rad_warnings *warnings = rad_new(1, sizeof *warnings, NULL);
    rad_error error = {0};
    ck_assert(warnings != NULL);
    for (int i = 0; i < ROIS; i++) {
        list[i] = (rad_remarked){text[i], &rois[i]};
        snprintf(text[i], sizeof text[i], "L%d", i + 1);
        if (i) ck_ok(rad_remarks_add(&rois[i], NULL, "discretisation fbs25", &error, "of %d", i + 1));
        for (int m = 0; m < MAPS && i != 3; m++) {
            char map[16];
            snprintf(map, sizeof map, "map%d", m);
            ck_ok(rad_remarks_add(&rois[i], map, "discretisation fbs25", &error, "of %s", map));
        }
    }
    rad_remarks_tell(list, ROIS, warnings);
    ck_assert_uint_eq(warnings->count, 2);
    ck_assert_str_eq(warnings->text[0],
                     "ROI L1: map0: discretisation fbs25: of map0; the same for ROI L2, L3, L5, L6, L7, "
                     "L8, L9, L10 and 30 more; 3510 response maps in all");
    ck_assert_str_eq(warnings->text[1],
                     "ROI L2: discretisation fbs25: of 2; the same for ROI L3, L4, L5, L6, L7, L8, L9, "
                     "L10 and 30 more");
    for (int i = 0; i < ROIS; i++) rad_remarks_free(&rois[i]);
    rad_free(warnings);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("regrid");
    TCase *tests = tcase_create("regrid");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, naive_twin, 0, 12);
    tcase_add_loop_test(tests, volumes_stay, 0, 8);
    tcase_add_test(tests, storage_order_changes_nothing);
    tcase_add_test(tests, edges);
    tcase_add_loop_test(tests, through_extract, 0, 4);
    tcase_add_test(tests, partly_beyond);
    tcase_add_test(tests, remarks_do_not_flood);
    return test_run(suite);
}
