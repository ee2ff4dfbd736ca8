#include "testing.h"
#include "../../core/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static char folder[64];

void test_folder_make(void) {
    snprintf(folder, sizeof folder, "/tmp/radiomill-test-XXXXXX");
    ck_assert(mkdtemp(folder) != NULL);
}

void test_folder_remove(void) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

const char *test_path(const char *name) {
    static char path[16][256];
    static int turn;
    turn = (turn + 1) % 16;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

double test_uniform(test_random *random) {
    random->state ^= random->state >> 12;
    random->state ^= random->state << 25;
    random->state ^= random->state >> 27;
    return (double)((random->state * 0x2545F4914F6CDD1DULL) >> 11) * 0x1p-53;
}

size_t test_below(test_random *random, size_t limit) {
    return (size_t)(test_uniform(random) * (double)limit);
}

const test_roi_options test_shapes[TEST_SHAPES] = {
    {{7, 6, 5}, {1, 1, 1}, 0, 2, 0.5, 0, false, 1},
    {{9, 5, 8}, {0.5, 2, 3}, 2, 2, 0.3, 0, false, 2},
    {{1, 8, 6}, {1, 1, 2}, 0, 2, 0.7, 0, false, 3},
    {{12, 1, 1}, {0.1, 10, 1}, 1, 2, 0.6, 0, false, 4},
    {{10, 11, 12}, {0.98, 0.98, 3}, 0, 2, 0.9, 0, false, 5},
};

static void allocate(const size_t size[3], const double spacing[3], size_t margin, rad_roi *roi) {
    *roi = (rad_roi){.range = {-INFINITY, INFINITY}};
    for (int a = 0; a < 3; a++) {
        roi->size[a] = roi->grid.size[a] = size[a] + 2 * margin;
        roi->grid.spacing[a] = spacing[a];
        roi->grid.direction[4 * a] = 1;
        roi->box.end[a] = roi->size[a];
    }
    const size_t count = rad_geometry_count(&roi->grid);
    roi->intensity = rad_new(count, sizeof *roi->intensity, NULL);
    roi->morphological = rad_new(count, 1, NULL);
    roi->intensity_mask = rad_new(count, 1, NULL);
    ck_assert(roi->intensity && roi->morphological && roi->intensity_mask);
}

void test_roi_recount(rad_roi *roi) {
    roi->morphological_count = roi->intensity_count = 0;
    rad_box inner = {{SIZE_MAX, SIZE_MAX, SIZE_MAX}, {0, 0, 0}};
    for (size_t z = 0, i = 0; z < roi->size[2]; z++)
        for (size_t y = 0; y < roi->size[1]; y++)
            for (size_t x = 0; x < roi->size[0]; x++, i++) {
                roi->intensity_count += roi->intensity_mask[i];
                if (!roi->morphological[i]) continue;
                roi->morphological_count++;
                const size_t at[3] = {x, y, z};
                for (int a = 0; a < 3; a++) {
                    if (at[a] < inner.begin[a]) inner.begin[a] = at[a];
                    if (at[a] + 1 > inner.end[a]) inner.end[a] = at[a] + 1;
                }
            }
    roi->inner = inner;
}

void test_roi_make(const test_roi_options *o, rad_roi *roi) {
    test_random random = {o->seed * 2654435761U + 88172645463325252U};
    allocate(o->size, o->spacing, o->margin, roi);
    double last = 1;
    for (size_t z = 0, i = 0; z < roi->size[2]; z++)
        for (size_t y = 0; y < roi->size[1]; y++)
            for (size_t x = 0; x < roi->size[0]; x++, i++) {
                if (i == 0 || test_uniform(&random) >= o->smooth)
                    last = 1 + (double)test_below(&random, o->levels);
                roi->intensity[i] = last;
                const size_t at[3] = {x, y, z};
                bool in = true, corner = true;
                for (int a = 0; a < 3; a++) {
                    const size_t first = o->margin, end = first + o->size[a];
                    in = in && at[a] >= first && at[a] < end;
                    corner = corner && (at[a] == first || at[a] + 1 == end);
                }
                roi->morphological[i] = in && (corner || test_uniform(&random) < o->fill);
                const bool keep = !o->resegmented || test_uniform(&random) < 0.9;
                roi->intensity_mask[i] = roi->morphological[i] && keep;
            }
    test_roi_recount(roi);
}

void test_roi_full(const size_t size[3], const double spacing[3], rad_roi *roi) {
    allocate(size, spacing, 0, roi);
    for (size_t i = 0; i < rad_geometry_count(&roi->grid); i++)
        roi->intensity[i] = roi->morphological[i] = roi->intensity_mask[i] = 1;
    test_roi_recount(roi);
}

void test_levels_make(const rad_roi *roi, rad_levels *levels) {
    rad_error error = {0};
    ck_ok(rad_discretise(roi, (rad_discretisation){.binning = RAD_BIN_NONE, .amount = 0}, "test", levels,
                         &error));
}

/* Check stops a test after four seconds unless it is told otherwise; a busy machine needs more, and ten times
 * of what a suite gives: what counts is the time of the processor, which Check does not know. It looks when a
 * group of tests is made, so that this comes first. */
__attribute__((constructor)) static void wait_longer(void) {
    setenv("CK_DEFAULT_TIMEOUT", "300", 0);
    setenv("CK_TIMEOUT_MULTIPLIER", "10", 0);
}

void test_open_files(bool more) {
    static struct rlimit before;
    if (more) {
        ck_assert(!setrlimit(RLIMIT_NOFILE, &before));
        return;
    }
    const int next = dup(STDERR_FILENO);
    ck_assert(next >= 0 && !close(next) && !getrlimit(RLIMIT_NOFILE, &before));
    const struct rlimit limit = {(rlim_t)next, before.rlim_max};
    ck_assert(!setrlimit(RLIMIT_NOFILE, &limit));
}

int test_run(Suite *suite) {
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int test_level_at(const rad_levels *l, int x, int y, int z) {
    const int size[3] = {(int)l->size[0], (int)l->size[1],
                         (int)l->size[2]}; /* one voxel of border on each side */
    if (x < 0 || y < 0 || z < 0 || x >= size[0] - 2 || y >= size[1] - 2 || z >= size[2] - 2) return 0;
    return l->level[((z + 1) * size[1] + y + 1) * size[0] + x + 1];
}
