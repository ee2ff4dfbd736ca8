/* One patient, one result: the 48 orders in which a file can store the axes of a grid. */
#include "testing.h"

#include "../../core/memory.h"
#include "../../io/scan/nifti.h"
#include "../../io/scan/source.h"
#include "../../pipeline/extract.h"
#include "../../pipeline/response.h"
#include "../../pipeline/settings_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ORDERS = 48 };
static const int permutations[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
static char folder[] = "/tmp/test_order_XXXXXX";

static const char *path_of(const char *name) {
    static char paths[4][128];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void make_folder(void) {
    ck_assert(mkdtemp(folder));
}

static void remove_folder(void) {
    static const char *const names[] = {"image.nii", "image.nii.gz", "mask.nii.gz"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) unlink(path_of(names[i]));
    ck_assert(!rmdir(folder));
}

/* Grids whose axes go to left, back and head, with float affines. */
static const struct {
    const char *name;
    size_t size[3];
    double spacing[3], direction[9];
    int slices; /* axis that has to come last */
} grids[] = {
    {"even", {12, 10, 8}, {2, 2, 2}, {-1, 0, 0, 0, -1, 0, 0, 0, 1}, 2},
    {"axial", {12, 10, 6}, {1, 1, 3}, {-1, 0, 0, 0, -1, 0, 0, 0, 1}, 2},
    {"sagittal", {7, 12, 10}, {4, 1, 1.25}, {-1, 0, 0, 0, -1, 0, 0, 0, 1}, 0},
    {"coronal, turned by 30 degrees",
     {12, 6, 10},
     {1.5, 2, 1.5},
     {-0.8660254, 0.5, 0, -0.5, -0.8660254, 0, 0, 0, 1},
     1},
    {"turned by 45 degrees",
     {11, 10, 8},
     {1, 1, 1},
     {-0.70710678, 0.70710678, 0, -0.70710678, -0.70710678, 0, 0, 0, 1},
     2},
    {"one coronal slice", {12, 1, 10}, {1, 1, 1}, {-1, 0, 0, 0, -1, 0, 0, 0, 1}, 1},
    {"larger than what is turned at once", {41, 35, 37}, {1, 1, 1}, {-1, 0, 0, 0, -1, 0, 0, 0, 1}, 2},
};
enum { GRIDS = sizeof grids / sizeof grids[0] };

static rad_geometry grid_of(int which) {
    rad_geometry g = {.origin = {20, -30, 40}};
    memcpy(g.size, grids[which].size, sizeof g.size);
    memcpy(g.spacing, grids[which].spacing, sizeof g.spacing);
    memcpy(g.direction, grids[which].direction, sizeof g.direction);
    return g;
}

/* How order number `order` stores a grid: axis s of the file is axis from[s] of the grid. */
static rad_geometry store_grid(const rad_geometry *grid, int order, int from[3], bool back[3]) {
    rad_geometry g = *grid;
    for (int s = 0; s < 3; s++) {
        from[s] = permutations[order / 8][s];
        back[s] = order >> s & 1;
        g.size[s] = grid->size[from[s]];
        g.spacing[s] = grid->spacing[from[s]];
        for (int r = 0; r < 3; r++) {
            const double d = grid->direction[3 * r + from[s]];
            g.direction[3 * r + s] = back[s] ? -d : d;
            if (back[s]) g.origin[r] += d * g.spacing[s] * (double)(g.size[s] - 1);
        }
    }
    return g;
}

/* Voxel by voxel, from a volume of shorts. */
static rad_volume store(const rad_volume *plain, int order) {
    int from[3];
    bool back[3];
    rad_error error = {0};
    rad_volume v = *plain;
    v.geometry = store_grid(&plain->geometry, order, from, back);
    const size_t *n = v.geometry.size, *m = plain->geometry.size;
    int16_t *out = v.voxels = rad_new(rad_geometry_count(&v.geometry), sizeof *out, &error);
    ck_assert(out);
    for (size_t i = 0; i < rad_geometry_count(&v.geometry); i++) {
        const size_t at[3] = {i % n[0], i / n[0] % n[1], i / n[0] / n[1]};
        size_t place[3];
        for (int s = 0; s < 3; s++) place[from[s]] = back[s] ? n[s] - 1 - at[s] : at[s];
        out[i] = ((const int16_t *)plain->voxels)[(place[2] * m[1] + place[1]) * m[0] + place[0]];
    }
    return v;
}

static rad_volume make_plain(int which, bool mask) {
    rad_error error = {0};
    test_random random = {(uint64_t)which + 3};
    rad_volume v = {.geometry = grid_of(which), .type = RAD_INT16, .slope = 1};
    const size_t *n = v.geometry.size, count = rad_geometry_count(&v.geometry);
    int16_t *voxel = v.voxels = rad_new(count, sizeof *voxel, &error);
    ck_assert(voxel);
    for (size_t i = 0; i < count; i++) {
        const size_t at[3] = {i % n[0], i / n[0] % n[1], i / n[0] / n[1]};
        bool in = true;
        for (int a = 0; a < 3; a++) in = in && (n[a] < 4 || (at[a] > 0 && at[a] + 2 < n[a]));
        const double noise = test_uniform(&random);
        voxel[i] = (int16_t)(mask ? (!in || noise < 0.1) ? 0 : at[0] < n[0] / 2 ? 1 : 5 : 200 * noise);
    }
    return v;
}

static void write_order(const rad_volume *plain, int order, const char *path) {
    rad_error error = {0};
    rad_volume v = store(plain, order);
    ck_ok(rad_nifti_write(path, &v, &error));
    rad_volume_free(&v);
}

static const char everything[] = "families: [morph, loc, stat, ih, ivh, cm, rlm, szm, dzm, ngt, ngl]\n"
                                 "diagnostics: yes\n"
                                 "discretisation: [fbn8]\n"
                                 "texture: {dimensions: [2D, 2.5D, 3D]}\n"
                                 "filter_families: [stat, cm]\n"
                                 "filter_discretisation: fbn6\n"
                                 "images:\n"
                                 "  - mean: {size: 3}\n"
                                 "  - gaussian: {sigma: 2}\n"
                                 "  - log: {sigma: 2}\n"
                                 "  - log: {sigma: 2, dimension: 2}\n"
                                 "  - log: {sigma: 2, riesz: [1, 0, 0], boundary: zero}\n"
                                 "  - log: {sigma: 2, riesz: [0, 1, 1], steered: 2}\n"
                                 "  - laws: {kernels: L5E5S5}\n"
                                 "  - laws: {kernels: E5L5S5, rotations: yes, delta: 2}\n"
                                 "  - wavelet: {wavelet: db3, subband: LLH}\n"
                                 "  - wavelet: {wavelet: haar, subband: HLL, rotations: yes, level: 2}\n"
                                 "  - gradient\n"
                                 "  - square\n"
                                 "  - squareroot\n"
                                 "  - logarithm\n"
                                 "  - exponential\n"
                                 "  - lbp: {pattern: code}\n"
                                 "  - lbp: {pattern: minimum, dimension: 2, radius: 1.5}\n";

static void extract(const char *text, rad_table *table) {
    rad_settings settings;
    rad_error error = {0};
    const rad_extract_options options = {.case_name = "case", .threads = 1};
    ck_ok(rad_settings_file_parse(text, strlen(text), "s", &settings, &error));
    ck_ok(rad_extract_files((rad_case_paths){path_of("image.nii.gz"), path_of("mask.nii.gz")}, &settings,
                            options, table, NULL, NULL, &error));
    rad_settings_clear(&settings);
}

static void compare(const rad_table *a, const rad_table *b, int order) {
    ck_assert_uint_eq(a->row_count, b->row_count);
    for (size_t r = 0; r < a->row_count; r++)
        for (size_t c = 0; c < a->column_count; c++) {
            const rad_value *x = &a->rows[r].values[c], *y = &b->rows[r].values[c];
            ck_assert_msg(!memcmp(&x->value, &y->value, sizeof x->value) && x->reason == y->reason,
                          "order %d, ROI %s: %s is %.17g, %.17g in the first order", order, a->rows[r].roi,
                          a->columns[c].name, y->value, x->value);
        }
}

/* The same bytes of all families and filters in every order, whatever grid they are resampled to. */
static void check_orders(int which, const char *settings) {
    rad_volume image = make_plain(which, false), mask = make_plain(which, true);
    rad_table first = {0};
    for (int order = 0; order < ORDERS; order++) {
        rad_table table = {0};
        write_order(&image, order, path_of("image.nii.gz"));
        write_order(&mask, (order * 7) % ORDERS, path_of("mask.nii.gz"));
        extract(settings, order ? &table : &first);
        ck_assert_uint_eq(first.row_count, 2);
        if (order) compare(&first, &table, order);
        rad_table_free(&table);
    }
    rad_table_free(&first);
    rad_volume_free(&image);
    rad_volume_free(&mask);
}

enum { COMPARED = 3 };
START_TEST(every_order_gives_the_same_bytes) {
    static const int compared[COMPARED] = {0, 2, 5};
    char text[4096];
    const double *s = grids[compared[_i]].spacing;
    const bool cubes = s[0] == s[1] && s[1] == s[2];
    snprintf(text, sizeof text, "%s%s", everything,
             cubes ? "  - simoncelli: {level: 1}\n  - simoncelli: {level: 2, riesz: [1, 0, 0]}\n"
                     "  - gabor: {sigma: 3, lambda: 4, theta: 30}\n"
                     "  - gabor: {sigma: 3, lambda: 4, rotations: yes, orthogonal: yes}\n"
                   : "interpolation: {spacing: [1.5, 1.5, 2.5], method: cubic}\n");
    check_orders(compared[_i], text);
}
END_TEST

/* The grid that a source gives is the one of the patient, the axis of the slices last, and any box of it has
 * the voxels that the file has at that place. */
START_TEST(voxels_keep_their_place) {
    rad_error error = {0};
    test_random random = {(uint64_t)_i + 11};
    rad_volume plain = make_plain(_i, false);
    for (int order = 0; order < ORDERS; order++) {
        const char *path = path_of(order % 2 ? "image.nii" : "image.nii.gz");
        const rad_source_options how = {.series = {.threads = 1}};
        rad_source source;
        rad_volume part;
        write_order(&plain, order, path);
        ck_ok(rad_source_open(path, &how, &source, NULL, &error));
        const rad_geometry *g = &source.header.geometry;
        rad_box box;
        for (int a = 0; a < 3; a++) {
            box.begin[a] = test_below(&random, g->size[a]);
            box.end[a] = box.begin[a] + 1 + test_below(&random, g->size[a] - box.begin[a]);
        }
        ck_assert_uint_eq(g->size[2], grids[_i].size[grids[_i].slices]);
        ck_ok(rad_source_read(&source, &how, &box, &part, NULL, &error));
        double *x = rad_new(rad_box_count(&box), sizeof *x, &error);
        rad_volume_crop(&part, &box, x);
        for (size_t z = box.begin[2], i = 0; z < box.end[2]; z++)
            for (size_t y = box.begin[1]; y < box.end[1]; y++)
                for (size_t v = box.begin[0]; v < box.end[0]; v++, i++) {
                    double world[3], at[3], value;
                    rad_box here;
                    rad_geometry_world(g, (double[]){(double)v, (double)y, (double)z}, world);
                    ck_assert(rad_geometry_index(&plain.geometry, world, at));
                    for (int a = 0; a < 3; a++) {
                        ck_assert(fabs(at[a] - rint(at[a])) < 1e-4);
                        here.end[a] = (here.begin[a] = (size_t)lrint(at[a])) + 1;
                    }
                    rad_volume_crop(&plain, &here, &value);
                    ck_assert(x[i] == value);
                }
        rad_free(x);
        rad_volume_free(&part);
        rad_source_close(&source);
    }
    rad_volume_free(&plain);
}
END_TEST

/* Axes at a tie go the same way in all orders, even if the header is rounded; so do axes turned in all
 * directions. */
/* Rows of every width, with gaps, forwards and backwards, into any place. */
START_TEST(rows_become_columns) {
    const size_t width = (size_t)1 << _i;
    test_random random = {7 + width};
    rad_error error = {0};
    for (int t = 0; t < 200; t++) {
        const size_t count[2] = {1 + test_below(&random, 90), 1 + test_below(&random, 90)},
                     pitch = (count[0] + test_below(&random, 5)) * width, cells = count[0] * count[1];
        const bool columns = test_below(&random, 2);
        ptrdiff_t step[2] = {columns ? (ptrdiff_t)count[1] : 1, columns ? 1 : (ptrdiff_t)count[0]}, first = 0;
        for (int a = 0; a < 2; a++)
            if (test_below(&random, 2)) {
                first += (ptrdiff_t)(count[a] - 1) * step[a];
                step[a] = -step[a];
            }
        unsigned char *rows = rad_new_raw(count[1], pitch, &error), *out = rad_new_raw(cells, width, &error);
        ck_assert(rows && out);
        for (size_t i = 0; i < count[1] * pitch; i++) rows[i] = (unsigned char)test_below(&random, 256);
        rad_order_put_rows(rows, pitch, count, width, out + first * (ptrdiff_t)width, step);
        for (size_t j = 0; j < count[1]; j++)
            for (size_t i = 0; i < count[0]; i++) {
                const ptrdiff_t at = first + (ptrdiff_t)i * step[0] + (ptrdiff_t)j * step[1];
                ck_assert(!memcmp(out + at * (ptrdiff_t)width, rows + j * pitch + i * width, width));
            }
        rad_free(rows);
        rad_free(out);
    }
}
END_TEST

START_TEST(ties_do_not_depend_on_the_order) {
    test_random random = {5};
    for (int turn = 0; turn < 8 * 8 * 8; turn++) {
        rad_geometry g = grid_of(0), first = {.size = {0}};
        const double step = acos(-1) / 4;
        const int turns[3] = {turn % 8, turn / 8 % 8, turn / 64};
        const double a = step * turns[0], b = step * turns[1], c = step * turns[2];
        const double m[9] = {cos(a) * cos(b),
                             cos(a) * sin(b) * sin(c) - sin(a) * cos(c),
                             cos(a) * sin(b) * cos(c) + sin(a) * sin(c),
                             sin(a) * cos(b),
                             sin(a) * sin(b) * sin(c) + cos(a) * cos(c),
                             sin(a) * sin(b) * cos(c) - cos(a) * sin(c),
                             -sin(b),
                             cos(b) * sin(c),
                             cos(b) * cos(c)};
        memcpy(g.direction, m, sizeof m);
        for (int order = 0; order < ORDERS; order++) {
            int from[3];
            bool back[3];
            rad_geometry stored = store_grid(&g, order, from, back);
            for (int i = 0; i < 9; i++) stored.direction[i] += (test_uniform(&random) - 0.5) * 1e-6;
            const rad_order found = rad_order_find(&stored);
            const rad_geometry grid = rad_order_grid(&found, &stored);
            if (!order) first = grid;
            for (int i = 0; i < 9; i++) ck_assert(fabs(grid.direction[i] - first.direction[i]) < 1e-5);
            for (int i = 0; i < 3; i++) ck_assert(fabs(grid.origin[i] - first.origin[i]) < 1e-3);
            ck_assert(grid.direction[0] < 0.5 && grid.direction[4] < 0.5 && grid.direction[8] > -0.5);
        }
    }
}
END_TEST

/* A map goes back to where its image was: voxels and grid of the file. */
START_TEST(maps_lie_on_the_file) {
    rad_error error = {0};
    rad_volume plain = make_plain(2, false);
    rad_image square;
    ck_ok(rad_image_begin(&square, "square", &error));
    for (int order = 0; order < ORDERS; order++) {
        const rad_source_options how = {.series = {.threads = 1}};
        rad_source source;
        rad_volume image, map, stored = store(&plain, order);
        ck_ok(rad_nifti_write(path_of("image.nii"), &stored, &error));
        ck_ok(rad_source_open(path_of("image.nii"), &how, &source, NULL, &error));
        ck_ok(rad_source_read(&source, &how, NULL, &image, NULL, &error));
        ck_ok(rad_response_make(&image, "image", &square.options, NAN, 1, &map, &error));
        ck_ok(rad_volume_restore(&map, &source.stored, &error));
        ck_assert(rad_geometry_same(&map.geometry, &stored.geometry));
        for (size_t i = 0; i < rad_geometry_count(&stored.geometry); i++) {
            const double x = ((const int16_t *)stored.voxels)[i];
            ck_assert(((const double *)map.voxels)[i] == x * x);
        }
        rad_volume_free(&map);
        rad_volume_free(&image);
        rad_volume_free(&stored);
        rad_source_close(&source);
    }
    rad_volume_free(&plain);
}
END_TEST

/* A file with slices across x: said where voxels are even and something goes slice by slice, else not. */
START_TEST(slices_that_are_assumed_are_said) {
    static const struct {
        int grid, order;
        const char *settings;
        bool said;
    } rows[] = {{4, 32, "texture: {dimensions: [2D]}\n", true}, /* file: z, x, y */
                {4, 24, "texture: {dimensions: [2D]}\n", true}, /* y, z, x */
                {4, 24, "texture: {dimensions: [3D]}\n", false},
                {4, 24, "texture: {dimensions: [3D]}\nimages: [mean: {dimension: 2}]\n", true},
                {4, 7, "texture: {dimensions: [2D]}\n", false},  /* flipped only */
                {2, 24, "texture: {dimensions: [2D]}\n", false}, /* longer along x: the slices of the file */
                {1, 24, "texture: {dimensions: [2D]}\n", false}};
    rad_error error = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rad_settings settings;
        rad_warnings warnings = {0};
        size_t rois;
        rad_volume image = make_plain(rows[i].grid, false), mask = make_plain(rows[i].grid, true);
        write_order(&image, rows[i].order, path_of("image.nii.gz"));
        write_order(&mask, 0, path_of("mask.nii.gz"));
        ck_ok(rad_settings_file_parse(rows[i].settings, strlen(rows[i].settings), "s", &settings, &error));
        ck_ok(rad_extract_check((rad_case_paths){path_of("image.nii.gz"), path_of("mask.nii.gz")}, &settings,
                                (rad_extract_options){.threads = 1}, &rois, &warnings, &error));
        ck_assert_msg(warnings.count == rows[i].said, "row %zu: %zu warnings, %s", i, warnings.count,
                      warnings.text[0]);
        if (rows[i].said) ck_assert(strstr(warnings.text[0], "stores slices across"));
        rad_settings_clear(&settings);
        rad_volume_free(&image);
        rad_volume_free(&mask);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("order");
    TCase *tests = tcase_create("order");
    tcase_set_timeout(tests, 300);
    tcase_add_unchecked_fixture(tests, make_folder, remove_folder);
    tcase_add_loop_test(tests, every_order_gives_the_same_bytes, 0, COMPARED);
    tcase_add_loop_test(tests, voxels_keep_their_place, 0, GRIDS);
    tcase_add_loop_test(tests, rows_become_columns, 0, 4);
    tcase_add_test(tests, ties_do_not_depend_on_the_order);
    tcase_add_test(tests, maps_lie_on_the_file);
    tcase_add_test(tests, slices_that_are_assumed_are_said);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
