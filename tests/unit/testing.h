/* What the suites share: a main, comparison of doubles, a random generator and ROIs made to order. */
#ifndef RAD_TESTING_H
#define RAD_TESTING_H

#include "../../core/discretise.h"
#include "../../core/roi.h"

#include <check.h>
#include <math.h>
#include <stdint.h>

/* Fails unless |actual - expected| <= tolerance * max(1, |expected|). */
#define ck_near(actual, expected, tolerance)                                                                 \
    do {                                                                                                     \
        const double a_ = (actual), e_ = (expected), t_ = (tolerance) * (fabs(e_) > 1 ? fabs(e_) : 1);       \
        ck_assert_msg(fabs(a_ - e_) <= t_, "%s = %.17g, expected %.17g within %g", #actual, a_, e_, t_);     \
    } while (0)

/* Fails with the error's own text unless the status is RAD_OK. */
#define ck_ok(call)                                                                                          \
    do {                                                                                                     \
        ck_assert_msg((call) == RAD_OK, "%s: %s", #call, error.text);                                        \
    } while (0)

/* xorshift64*: the same numbers everywhere. */
typedef struct test_random {
    uint64_t state;
} test_random;

double test_uniform(test_random *random);             /* [0, 1) */
size_t test_below(test_random *random, size_t limit); /* 0 .. limit - 1 */

/* A ROI of that size whose box is `margin` voxels wider on each side. Intensities are whole numbers 1..levels
 * everywhere (smooth by repeating the neighbour with probability `smooth`), the morphological mask has
 * density `fill` (holes, islands) and touches every border of its box, the intensity mask keeps 90 % of it
 * when `resegmented`. Release with rad_roi_free. */
typedef struct test_roi_options {
    size_t size[3];
    double spacing[3];
    size_t margin;
    unsigned levels;
    double fill, smooth;
    bool resegmented;
    uint64_t seed;
} test_roi_options;

/* Small shapes: a box, one with a margin, one voxel thin, a rod, and one that is nearly full. */
enum { TEST_SHAPES = 5 };
extern const test_roi_options test_shapes[TEST_SHAPES];

void test_roi_make(const test_roi_options *options, rad_roi *roi);

/* The ROI of a full box, intensity 1 everywhere, no margin. */
void test_roi_full(const size_t size[3], const double spacing[3], rad_roi *roi);

/* Recounts counts and inner box after a test changed the masks. */
void test_roi_recount(rad_roi *roi);

/* The levels of the ROI, intensities taken as grey levels (RAD_BIN_NONE). */
void test_levels_make(const rad_roi *roi, rad_levels *levels);

/* The level at a place of the ROI's box; 0 outside. */
int test_level_at(const rad_levels *levels, int x, int y, int z);

/* A folder for the files of a test, and a path in it; 16 are held at a time. */
void test_folder_make(void);
void test_folder_remove(void);
const char *test_path(const char *name);

/* From now on no file can be opened beside those that are (false), or again as many as before (true). */
void test_open_files(bool more);

/* Runs the suite in forked tests; the exit code for main(). */
int test_run(Suite *suite);

#endif
