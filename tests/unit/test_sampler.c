/* Pixels of planes: the nearest voxel, by the geometry point by point; names of files. */
#include "../../io/file_name.h"
#include "../../pipeline/sampler.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The naive way: the point of a pixel, its voxel, is it in the box? */
static ptrdiff_t find_place(const rad_geometry *g, const rad_box *b, const rad_plane *p, long i, long j) {
    double world[3], index[3];
    ptrdiff_t place = 0;
    for (int a = 0; a < 3; a++)
        world[a] = p->middle[a] + p->pixel * (((double)i + 0.5 - (double)p->size / 2) * p->across[a] +
                                              ((double)j + 0.5 - (double)p->size / 2) * p->down[a]);
    ck_assert(rad_geometry_index(g, world, index));
    for (int a = 2; a >= 0; a--) {
        const double near = floor(index[a] + 0.5);
        if (near < (double)b->begin[a] || near >= (double)b->end[a]) return -1;
        place = place * (ptrdiff_t)(b->end[a] - b->begin[a]) + (ptrdiff_t)near - (ptrdiff_t)b->begin[a];
    }
    return place;
}

static void check(const rad_geometry *g, int parted) {
    const rad_box box = {{2, 3, 1}, {18, 14, 9}};
    const rad_plane planes[] = {
        {{4, 9, 7}, {-1, 0, 0}, {0, -1, 0}, 0.611, 61},
        {{3.1, 8, 6}, {-1, 0, 0}, {0, 0, -1}, 0.417, 60},
        {{4, 9, 7}, {0, -1, 0}, {0, 0, -1}, 1.903, 33},
    };
    rad_sampler s;
    size_t inside = 0;
    int found = 0;
    for (size_t k = 0; k < sizeof planes / sizeof planes[0]; k++) {
        ptrdiff_t place[RAD_SAMPLER_ROW], before[RAD_SAMPLER_ROW];
        const long n = planes[k].size;
        ck_assert(rad_sampler_begin(g, &box, &planes[k], &s));
        found += s.parted;
        for (long j = -1; j <= n; j++) {
            bool any = false;
            memcpy(before, place, sizeof place);
            const bool said = rad_sampler_row(&s, j, n, place);
            for (long i = -1; i <= n; i++) {
                ck_assert_int_eq(place[1 + i], find_place(g, &box, &planes[k], i, j));
                any = any || place[1 + i] >= 0;
                inside += place[1 + i] >= 0;
            }
            ck_assert(said || !any);
            if (j >= 0 && rad_sampler_repeats(&s, j))
                ck_assert_mem_eq(before, place, (size_t)(n + 2) * sizeof place[0]);
        }
    }
    ck_assert_int_eq(found, parted);
    ck_assert_uint_gt(inside, 500);
}

START_TEST(straight) {
    const rad_geometry g = {{20, 15, 10}, {0.9, 1.3, 2.1}, {-4, 1, -3}, {1, 0, 0, 0, 1, 0, 0, 0, 1}};
    check(&g, 3);
}
END_TEST

START_TEST(turned) { /* axes change places and point backwards */
    const rad_geometry g = {{20, 15, 10}, {0.9, 1.3, 2.1}, {-4, 17, -3}, {0, 0, 1, -1, 0, 0, 0, 1, 0}};
    check(&g, 3);
}
END_TEST

START_TEST(oblique) {
    const double c = cos(0.3), s = sin(0.3);
    const rad_geometry g = {{20, 15, 10}, {0.9, 1.3, 2.1}, {-4, 1, -3}, {c, -s, 0, s, c, 0, 0, 0, 1}};
    check(&g, 2); /* not the axial one */
}
END_TEST

START_TEST(flat_grids_have_no_places) {
    const rad_geometry g = {{4, 4, 4}, {1, 1, 1}, {0, 0, 0}, {1, 1, 0, 0, 0, 0, 0, 0, 1}};
    const rad_box box = rad_geometry_box(&g);
    const rad_plane plane = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, 1, 4};
    rad_sampler s;
    ck_assert(!rad_sampler_begin(&g, &box, &plane, &s));
}
END_TEST

START_TEST(file_names) {
    static const struct {
        const char *name, *roi, *want; /* a '*' ends what must be there, before the hash */
    } rows[] = {
        {"case1", "GTV-1", "case1__GTV-1"},
        {"", "GTV", "GTV"},
        {"p/1.nii", "GTV", "p_1.nii__GTV-*"},
        {"", "../x", "_._x-*"},
        {".hidden", "x", "_hidden__x-*"},
        {"a_", "b", "a___b-*"},
        {"a", "_b", "a___b-*"},
        {"a__b", "c", "a__b__c-*"},
        {"", "", "-*"},
        {"\xc3\xa4", "B (left)", "____B__left_-*"},
    };
    char text[RAD_FILE_NAME], other[RAD_FILE_NAME], length[200];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *want = rows[i].want, *star = strchr(want, '*');
        rad_file_name(rows[i].name, rows[i].roi, text);
        if (star)
            ck_assert_msg(!strncmp(text, want, (size_t)(star - want)) && strlen(text) == strlen(want) + 15,
                          "%s", text);
        else
            ck_assert_str_eq(text, want);
        ck_assert_ptr_null(strchr(text, '/'));
    }
    rad_file_name("a_", "b", text);
    rad_file_name("a", "_b", other);
    ck_assert_str_ne(text, other);
    memset(length, 'x', sizeof length);
    length[sizeof length - 1] = '\0';
    ck_assert_uint_lt(strlen(rad_file_name(length, length, text)), RAD_FILE_NAME);
    ck_assert_str_ne(rad_file_name(length, length + 1, other), text);
    for (size_t kept = 59; kept <= 62; kept++) { /* names that differ in their last letter alone */
        char one[64], two[64];
        snprintf(one, sizeof one, "%.*sa", (int)kept, length);
        snprintf(two, sizeof two, "%.*sb", (int)kept, length);
        ck_assert_str_ne(rad_file_name(one, "GTV", text), rad_file_name(two, "GTV", other));
        ck_assert_str_ne(rad_file_name("", one, text), rad_file_name("", two, other));
        ck_assert_int_eq(strlen(rad_file_name("", one, text)) == kept + 1, kept < 60);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("sampler");
    TCase *tests = tcase_create("sampler");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, straight);
    tcase_add_test(tests, turned);
    tcase_add_test(tests, oblique);
    tcase_add_test(tests, flat_grids_have_no_places);
    tcase_add_test(tests, file_names);
    return test_run(suite);
}
