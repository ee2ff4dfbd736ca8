/* Names and patterns against loops over all of them. */
#include "testing.h"

#include "../../core/names.h"
#include "../../federate/patterns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Short texts over a few letters, so that many are alike. */
static void make_text(test_random *random, const char *letters, size_t most, char *text) {
    const size_t length = test_below(random, most + 1);
    for (size_t i = 0; i < length; i++) text[i] = letters[test_below(random, strlen(letters))];
    text[length] = '\0';
}

START_TEST(names_are_found) {
    enum { MOST = 40 };
    rad_error error = {0};
    test_random random = {(uint64_t)_i + 3};
    char text[MOST][8], asked[8];
    const size_t count = test_below(&random, MOST + 1);
    rad_names names;
    ck_ok(rad_names_allocate(&names, count, &error));
    size_t repeated = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        make_text(&random, "ab", _i % 2 ? 6 : 2, text[i]);
        names.row[i] = (rad_name){text[i], i};
        for (size_t j = 0; j < i && repeated == SIZE_MAX; j++)
            if (!strcmp(text[i], text[j])) repeated = i;
    }
    rad_names_sort(&names);
    ck_assert_uint_eq(rad_names_repeated(&names), repeated);
    for (int turn = 0; turn < 50; turn++) {
        size_t first = SIZE_MAX;
        make_text(&random, "abc", 4, asked);
        for (size_t i = count; i-- > 0;)
            if (!strcmp(text[i], asked)) first = i;
        ck_assert_uint_eq(rad_names_find(&names, asked), first);
    }
    rad_names_free(&names);
    rad_names_free(&names);
}
END_TEST

/* As one says what `*` and `?` are. */
static bool matches(const char *pattern, const char *name) {
    if (!*pattern) return !*name;
    if (*pattern == '*') return matches(pattern + 1, name) || (*name && matches(pattern, name + 1));
    return *name && (*pattern == '?' || *pattern == *name) && matches(pattern + 1, name + 1);
}

/* The same as a table of prefixes, for texts of any length. */
static bool table_matches(const char *pattern, const char *name) {
    const size_t count = strlen(name) + 1;
    bool *now = calloc(count, 1), *next = calloc(count, 1);
    ck_assert(now && next);
    now[0] = true;
    for (; *pattern; pattern++) {
        for (size_t i = 0; i < count; i++)
            next[i] = *pattern == '*' ? now[i] || (i && next[i - 1])
                                      : i && now[i - 1] && (*pattern == '?' || *pattern == name[i - 1]);
        bool *other = now;
        now = next;
        next = other;
    }
    const bool end = now[count - 1];
    free(now);
    free(next);
    return end;
}

START_TEST(patterns_are_all_found) {
    enum { MOST = 20 };
    rad_error error = {0};
    test_random random = {(uint64_t)_i + 11};
    char text[MOST][8], name[8];
    rad_node child[MOST], list = {.kind = _i % 2 ? RAD_NODE_MAP : RAD_NODE_LIST, .child = child};
    list.count = test_below(&random, MOST + 1);
    for (size_t i = 0; i < list.count; i++) {
        make_text(&random, i % 3 ? "ab*?" : "ab", 5, text[i]);
        child[i] = list.kind == RAD_NODE_MAP ? (rad_node){.key = text[i]} : (rad_node){.text = text[i]};
    }
    for (size_t i = 0; i < list.count; i++) /* a study has no pattern twice */
        for (size_t j = 0; j < i; j++)
            if (!strcmp(text[i], text[j])) strcpy(text[i], "c");
    rad_patterns patterns;
    ck_ok(rad_patterns_make(&list, &patterns, &error));
    for (int turn = 0; turn < 100; turn++) {
        make_text(&random, "ab", 6, name);
        bool any = false;
        for (size_t from = list.count + 1, next = SIZE_MAX; from-- > 0;) {
            if (from < list.count && matches(text[from], name)) next = from;
            ck_assert_msg(rad_patterns_next(&patterns, from, name) == next, "%s from %zu", name, from);
            any = next != SIZE_MAX;
        }
        ck_assert(rad_patterns_match(&patterns, name) == any);
    }
    rad_patterns_free(&patterns);
    rad_patterns_free(&patterns);
}
END_TEST

/* Names of any length: patterns that are made of them, some spoilt by a byte. */
START_TEST(patterns_of_long_names) {
    enum { MOST = 1000 };
    rad_error error = {0};
    test_random random = {(uint64_t)_i + 17};
    char name[MOST + 1], text[MOST + 1];
    for (int turn = 0; turn < 200; turn++) {
        make_text(&random, "abc", _i % 2 ? MOST : 140, name);
        size_t used = 0;
        for (size_t i = 0; name[i]; i++) {
            const size_t kind = test_below(&random, 40);
            if (kind == 0 && (!used || text[used - 1] != '*')) text[used++] = '*';
            if (kind < 2) i += test_below(&random, 1 + strlen(name + i) / 4);
            if (name[i]) text[used++] = kind == 3 ? '?' : kind == 4 && turn % 2 ? 'a' : name[i];
        }
        text[used] = '\0';
        rad_node child = {.text = text}, list = {.kind = RAD_NODE_LIST, .child = &child, .count = 1};
        rad_patterns patterns;
        ck_ok(rad_patterns_make(&list, &patterns, &error));
        ck_assert_msg(rad_patterns_match(&patterns, name) == table_matches(text, name), "%s: %s", text, name);
        rad_patterns_free(&patterns);
    }
}
END_TEST

/* A hundred thousand names against patterns that are wrong in their last byte: tried at every place of a name
 * they would take minutes. */
START_TEST(patterns_that_nearly_match) {
    enum { COUNT = 100, NAMES = 100000, LONG = 180 };
    rad_error error = {0};
    char text[COUNT][LONG / 2 + 8], name[LONG + 8];
    rad_node child[COUNT], list = {.kind = RAD_NODE_LIST, .child = child, .count = COUNT};
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(text[i], sizeof text[i], "*%0*db%zu*", LONG / 2, 0, i);
        child[i] = (rad_node){.text = text[i]};
    }
    rad_patterns patterns;
    ck_ok(rad_patterns_make(&list, &patterns, &error));
    for (size_t i = 0; i < NAMES; i++) {
        snprintf(name, sizeof name, "%0*d%zu", LONG, 0, i);
        ck_assert(!rad_patterns_match(&patterns, name));
    }
    snprintf(name, sizeof name, "%0*db99", LONG, 0);
    ck_assert_uint_eq(rad_patterns_next(&patterns, 0, name), 9);
    ck_assert_uint_eq(rad_patterns_next(&patterns, 10, name), 99);
    rad_patterns_free(&patterns);
}
END_TEST

/* Lists as long as a file may hold: comparisons by pairs would take minutes. */
START_TEST(long_lists) {
    enum { COUNT = 1000000 };
    rad_error error = {0};
    rad_names names;
    char *text = calloc(COUNT, 8);
    ck_assert(text);
    ck_ok(rad_names_allocate(&names, COUNT, &error));
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(text + 8 * i, 8, "%zu", i * 7919 % COUNT);
        names.row[i] = (rad_name){text + 8 * i, i};
    }
    rad_names_sort(&names);
    ck_assert_uint_eq(rad_names_repeated(&names), SIZE_MAX);
    for (size_t i = 0; i < COUNT; i++) ck_assert(rad_names_find(&names, text + 8 * i) == i);
    rad_names_free(&names);
    free(text);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("names");
    TCase *tests = tcase_create("names");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, names_are_found, 0, 40);
    tcase_add_loop_test(tests, patterns_are_all_found, 0, 60);
    tcase_add_loop_test(tests, patterns_of_long_names, 0, 20);
    tcase_add_test(tests, patterns_that_nearly_match);
    tcase_add_test(tests, long_lists);
    return test_run(suite);
}
