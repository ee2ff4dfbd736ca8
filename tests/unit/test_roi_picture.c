/* Pictures of ROIs: where patient's right, front and head lie, how large an outline is, the scale bar. */
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

/* A ball of 12 mm around the middle, of label 1; nothing where the radius is 0. */
static rad_mask make_mask(const rad_geometry *grid, double radius) {
    rad_mask m = {.volume = {.geometry = *grid, .type = RAD_UINT8, .slope = 1}};
    rad_error error = {0};
    uint8_t row[NX];
    ck_ok(rad_mask_begin(&m, &error));
    for (size_t k = 0; k < NZ; k++)
        for (size_t j = 0; j < NY; j++) {
            for (size_t i = 0; i < NX; i++) {
                const double x = (double)i - 29.5, y = ((double)j - 19.5) * 1.5, z = ((double)k - 14.5) * 2;
                row[i] = x * x + y * y + z * z < radius * radius;
            }
            ck_ok(rad_mask_add_row(&m, row, j, k, "mask", &error));
        }
    ck_ok(rad_mask_end(&m, &error));
    return m;
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
    tcase_add_test(tests, nothing_to_draw);
    return test_run(suite);
}
