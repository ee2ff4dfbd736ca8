/* Pictures of ROIs: where patient's right, front and head lie, how large an outline is, the scale bar. */
#include "../../core/canvas.h"
#include "../../core/memory.h"
#include "../../pipeline/roi_picture.h"
#include "testing.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* 60 mm along each axis, in voxels of 1 x 1.5 x 2 mm. */
enum { NX = 60, NY = 40, NZ = 30, WIDTH = 960, HEIGHT = 640, PANEL = 320 };

static uint8_t pixels[HEIGHT][WIDTH][3];

/* Columns of 200 at the right front, along z; at the right of the head, along y; at the front of the head,
 * along x; 50 elsewhere. */
static rad_volume make_image(void) {
    rad_volume v = {.geometry = {.size = {NX, NY, NZ},
                                 .spacing = {1, 1.5, 2},
                                 .origin = {-30, -30, -30},
                                 .direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}},
                    .type = RAD_UINT8,
                    .slope = 1};
    uint8_t *x = rad_new_raw((size_t)NX * NY * NZ, 1, NULL);
    ck_assert_ptr_nonnull(x);
    for (int k = 0; k < NZ; k++)
        for (int j = 0; j < NY; j++)
            for (int i = 0; i < NX; i++) {
                const bool right = i >= 50, front = j >= 33, head = k >= 25;
                x[(k * NY + j) * NX + i] = (right && front) || (right && head) || (front && head) ? 200 : 50;
            }
    v.voxels = x;
    return v;
}

typedef uint8_t label_at(size_t i, size_t j, size_t k);

static rad_mask make_labels(const rad_geometry *grid, label_at *label) {
    rad_mask m = {.volume = {.geometry = *grid, .type = RAD_UINT8, .slope = 1}};
    rad_error error = {0};
    uint8_t row[NX];
    ck_ok(rad_mask_begin(&m, &error));
    for (size_t k = 0; k < NZ; k++)
        for (size_t j = 0; j < NY; j++) {
            for (size_t i = 0; i < NX; i++) row[i] = label(i, j, k);
            ck_ok(rad_mask_add_row(&m, row, j, k, "mask", &error));
        }
    ck_ok(rad_mask_end(&m, &error));
    return m;
}

static double radius_of_ball;

static uint8_t ball(size_t i, size_t j, size_t k) {
    const double x = (double)i - 29.5, y = ((double)j - 19.5) * 1.5, z = ((double)k - 14.5) * 2;
    return x * x + y * y + z * z < radius_of_ball * radius_of_ball;
}

/* A ball around the middle, of label 1; nothing where the radius is 0. */
static rad_mask make_mask(const rad_geometry *grid, double radius) {
    radius_of_ball = radius;
    return make_labels(grid, ball);
}

static void read_picture(const char *path) {
    png_image image = {.version = PNG_IMAGE_VERSION};
    ck_assert(png_image_begin_read_from_file(&image, path));
    ck_assert(image.width == WIDTH && image.height == HEIGHT);
    image.format = PNG_FORMAT_RGB;
    ck_assert(png_image_finish_read(&image, NULL, pixels, 0, NULL));
}

static bool is_grey(int x, int y, int low, int high) {
    const uint8_t *p = pixels[y][x];
    return p[0] == p[1] && p[1] == p[2] && p[0] >= low && p[0] <= high;
}

/* Columns and rows from the first to the last of the colour of the first ROI. */
static void find_outline(int x0, int y0, int size, int *width, int *height) {
    int low[2] = {size, size}, high[2] = {-1, -1};
    for (int y = 0; y < size; y++)
        for (int x = 0; x < size; x++) {
            const uint8_t *p = pixels[y0 + y][x0 + x];
            if (p[0] != 255 || p[1] != 60 || p[2] != 60) continue;
            low[0] = x < low[0] ? x : low[0], high[0] = x > high[0] ? x : high[0];
            low[1] = y < low[1] ? y : low[1], high[1] = y > high[1] ? y : high[1];
        }
    *width = high[0] - low[0] + 1;
    *height = high[1] - low[1] + 1;
}

static void make_file(char *path) {
    const int file = mkstemps(path, 4);
    ck_assert_int_ge(file, 0);
    close(file);
}

START_TEST(sides_and_sizes) {
    char path[] = "/tmp/picture.XXXXXX.png";
    rad_error error = {0};
    make_file(path);
    rad_volume image = make_image();
    rad_mask mask = make_mask(&image.geometry, 12);
    rad_roi_picture what = {.image = &image, .mask = &mask, .side = 160};
    ck_ok(rad_roi_picture_window(&image, "", what.window, &error));
    ck_ok(rad_roi_picture_write(path, &what, &error));
    read_picture(path);
    for (int panel = 0; panel < 3; panel++) {
        const int x = panel * PANEL;
        int width, height;
        ck_assert_msg(is_grey(x + 40, 30, 250, 255), "panel %d: left of the top", panel); /* 200 is white */
        ck_assert_msg(is_grey(x + 280, 30, 0, 5), "panel %d: right of the top", panel);
        ck_assert_msg(is_grey(x + 40, 280, 0, 5), "panel %d: left of the bottom", panel);
        find_outline(x, 0, PANEL, &width, &height);
        /* 24 mm of 60, and a voxel of at most 2 mm on either side */
        ck_assert_int_le(abs(width - 128), 12);
        ck_assert_int_le(abs(height - 128), 12);
        int bar = 0;
        for (int i = 0; i < 140; i++) bar += is_grey(x + i, PANEL - 10, 255, 255);
        ck_assert_int_eq(bar, 107); /* 20 mm of 60 in 320 pixels */
    }
    for (int slice = 0; slice < 12; slice++) {
        int width, height;
        find_outline(slice % 6 * 160, PANEL + slice / 6 * 160, 160, &width, &height);
        ck_assert_int_gt(width, 10);
        ck_assert_int_le(width, 118);
    }
    unlink(path);
    rad_mask_free(&mask);
    rad_volume_free(&image);
}
END_TEST

/* The same picture of a thousandth of its size has a bar of as many micrometres. */
START_TEST(bar_of_micrometres) {
    char path[] = "/tmp/picture.XXXXXX.png";
    rad_error error = {0};
    make_file(path);
    rad_volume image = make_image();
    rad_mask mask = make_mask(&image.geometry, 12);
    for (int a = 0; a < 3; a++) {
        image.geometry.spacing[a] /= 1000;
        mask.volume.geometry.spacing[a] /= 1000;
    }
    const rad_roi_picture what = {.image = &image, .mask = &mask, .side = 160, .window = {0, 200}};
    ck_ok(rad_roi_picture_write(path, &what, &error));
    read_picture(path);
    int bar = 0;
    for (int i = 0; i < 140; i++) bar += is_grey(i, PANEL - 10, 255, 255);
    ck_assert_int_eq(bar, 107); /* 0.02 mm of 0.06 in 320 pixels */
    unlink(path);
    rad_mask_free(&mask);
    rad_volume_free(&image);
}
END_TEST

/* Grey of the two intensities of the image, 50 and 200 in the file, where it is of a modality. */
START_TEST(window_of_a_modality) {
    static const struct {
        const char *modality;
        double slope, intercept, dark, bright;
    } rows[] = {
        {"CT", 1, 0, 255 * 210 / 400.0, 255 * 360 / 400.0}, /* -160 to 240 HU */
        {"CT", 4, -400, 0, 255},                            /* -200 and 400 HU lie beyond */
        {"PT", 0.01, 0, 255 * 0.5 / 5, 255 * 2 / 5.0},      /* SUV 0 to 5 */
        {"PT", 0.1, 0, 255 * 5 / 20.0, 255},                /* to the 99th percentile where that is more */
        {"MR", 1, 0, 0, 255},                               /* the 1st to the 99th percentile */
        {"US", 0.1, 7, 0, 255},
        {"", 3, -1, 0, 255},
    };
    char path[] = "/tmp/picture.XXXXXX.png";
    rad_error error = {0};
    make_file(path);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rad_volume image = make_image();
        rad_mask mask = make_mask(&image.geometry, 12);
        rad_roi_picture what = {.image = &image, .mask = &mask, .side = 160};
        image.slope = rows[i].slope;
        image.intercept = rows[i].intercept;
        ck_ok(rad_roi_picture_window(&image, rows[i].modality, what.window, &error));
        ck_ok(rad_roi_picture_write(path, &what, &error));
        read_picture(path);
        for (int panel = 0; panel < 3;
             panel++) { /* the right front and the left back, as in sides_and_sizes */
            ck_assert_msg(fabs(pixels[30][panel * PANEL + 40][0] - rows[i].bright) <= 2, "%zu: %d, not %g", i,
                          pixels[30][panel * PANEL + 40][0], rows[i].bright);
            ck_assert_msg(fabs(pixels[280][panel * PANEL + 280][0] - rows[i].dark) <= 2, "%zu: %d, not %g", i,
                          pixels[280][panel * PANEL + 280][0], rows[i].dark);
        }
        rad_mask_free(&mask);
        rad_volume_free(&image);
    }
    unlink(path);
}
END_TEST

/* Labels 1 to 8, cubes of 4 voxels along a diagonal of the axial plane, and a ninth with the first colour. */
static uint8_t cubes(size_t i, size_t j, size_t k) {
    const size_t cube = j / 4;
    return cube < 9 && k >= 10 && k < 14 && i >= 6 * cube && i < 6 * cube + 4 ? (uint8_t)(cube + 1) : 0;
}

static bool is_coloured(int x, int y, const rad_colour *colour) {
    return !memcmp(pixels[y][x], colour, sizeof *colour);
}

/* ROIs have the colours in turn, each where it lies; one that is chosen has the first. */
START_TEST(colours_of_rois) {
    char path[] = "/tmp/picture.XXXXXX.png";
    rad_error error = {0};
    make_file(path);
    rad_volume image = make_image();
    rad_mask mask = make_labels(&image.geometry, cubes);
    rad_roi_picture what = {.image = &image, .mask = &mask, .side = 160, .window = {0, 200}};
    ck_assert_uint_eq(mask.label_count, 9);
    for (int chosen = -1; chosen < 9; chosen++) {
        what.label = chosen < 0 ? NULL : &mask.labels[chosen];
        ck_ok(rad_roi_picture_write(path, &what, &error));
        read_picture(path);
        int strange = 0;
        for (int y = 0; y < PANEL; y++)
            for (int x = 0; x < PANEL; x++) {
                const uint8_t *p = pixels[y][x];
                if (p[0] == p[1] && p[1] == p[2]) continue;
                /* 60 mm are 320 pixels; the right of the patient, who has small x, on the left of a picture
                 * that looks from the feet: x and y of the world go against those of the picture */
                const int cube = (int)((60 - (y + 0.5) * 60 / PANEL) / 6);
                const double from = 60 - (x + 0.5) * 60 / PANEL - 6 * cube;
                const bool there = cube < 9 && from > 0 && from < 4 && (chosen < 0 || chosen == cube);
                strange +=
                    !there || !is_coloured(x, y, &rad_canvas_colours[chosen < 0 ? cube % RAD_COLOURS : 0]);
            }
        ck_assert_msg(strange == 0, "%d: %d pixels", chosen, strange);
        for (int cube = 0; cube < 9; cube++) { /* the middle of an edge */
            const double x = PANEL * (1 - (6 * cube + 2) / 60.0);
            int found = 0;
            for (int y = (int)(PANEL * (1 - (cube + 1) / 10.0)); y < PANEL * (1 - cube / 10.0); y++)
                found += is_coloured((int)x, y, &rad_canvas_colours[chosen < 0 ? cube % RAD_COLOURS : 0]);
            ck_assert_msg((found > 0) == (chosen < 0 || chosen == cube), "%d of %d: %d", cube, chosen, found);
        }
    }
    unlink(path);
    rad_mask_free(&mask);
    rad_volume_free(&image);
}
END_TEST

START_TEST(nothing_to_draw) {
    rad_error error = {0};
    rad_volume image = make_image();
    rad_mask mask = make_mask(&image.geometry, 0);
    const rad_roi_picture what = {.image = &image, .mask = &mask, .side = 160, .window = {0, 1}};
    ck_assert_int_eq(rad_roi_picture_write("/tmp/none.png", &what, &error), RAD_UNREADABLE);
    ck_assert_int_ne(access("/tmp/none.png", F_OK), 0);
    rad_mask_free(&mask);
    mask = make_mask(&image.geometry, 5);
    ck_assert_int_eq(rad_roi_picture_write("/none/none.png", &what, &error), RAD_UNWRITABLE);
    rad_mask_free(&mask);
    rad_volume_free(&image);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("roi_picture");
    TCase *tests = tcase_create("roi_picture");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, sides_and_sizes);
    tcase_add_test(tests, bar_of_micrometres);
    tcase_add_test(tests, window_of_a_modality);
    tcase_add_test(tests, colours_of_rois);
    tcase_add_test(tests, nothing_to_draw);
    return test_run(suite);
}
