/* Rules of disclosure against brute force: every table that a reader could think of, every combination of
 * sums. */
#include "../../core/memory.h"
#include "../../federate/grid.h"
#include "../../federate/rules.h"
#include "../../federate/site/permit.h"
#include "../../federate/site/sets.h"
#include "../../federate/site/summarise.h"
#include "../../federate/site/suppress.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static rad_error error;

START_TEST(margins) {
    const struct {
        uint64_t counts[5];
        bool hidden[5];
    } cases[] = {
        {{20, 30, 40, 0, 0}, {false, false, false, false, false}},
        {{3, 30, 40, 12, 0}, {true, false, false, true, false}}, /* 3 alone would follow from the total */
        {{3, 4, 40, 12, 0}, {true, true, false, true, false}},   /* 7 together are too few */
        {{5, 6, 40, 50, 0}, {true, true, false, false, false}},
        {{1, 0, 0, 0, 0}, {true, true, true, true, true}}, /* nothing else to hide but that they are 0 */
        {{1, 1, 1, 0, 0}, {true, true, true, true, true}},
        {{9, 9, 9, 30, 40}, {true, true, true, true, false}}, /* 27 together are three nines */
        {{9, 9, 8, 30, 40}, {true, true, true, false, false}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool hidden[5] = {false};
        rad_suppress_row(cases[i].counts, 5, 10, hidden);
        ck_assert_msg(!memcmp(hidden, cases[i].hidden, sizeof hidden), "case %zu", i);
    }
}
END_TEST

/* All tables with the same margins and the same shown cells, by trying: the range of one cell. */
typedef struct search {
    size_t rows, columns, cell;
    const uint64_t *counts;
    const bool *hidden;
    uint64_t row[4], column[4], now[16], low, high;
} search;

static void try_cell(search *s, size_t at) {
    if (at == s->rows * s->columns) {
        for (size_t i = 0; i < s->rows; i++)
            if (s->row[i]) return;
        for (size_t i = 0; i < s->columns; i++)
            if (s->column[i]) return;
        s->low = s->now[s->cell] < s->low ? s->now[s->cell] : s->low;
        s->high = s->now[s->cell] > s->high ? s->now[s->cell] : s->high;
        return;
    }
    uint64_t *row = &s->row[at / s->columns], *column = &s->column[at % s->columns];
    const uint64_t most = *row < *column ? *row : *column;
    for (uint64_t v = s->hidden[at] ? 0 : s->counts[at];
         v <= (s->hidden[at] ? most : s->counts[at]) && v <= most; v++) {
        s->now[at] = v;
        *row -= v;
        *column -= v;
        try_cell(s, at + 1);
        *row += v;
        *column += v;
    }
}

static void range_of(const uint64_t *counts, size_t rows, size_t columns, const bool *hidden, size_t cell,
                     uint64_t *low, uint64_t *high) {
    search s = {.rows = rows,
                .columns = columns,
                .cell = cell,
                .counts = counts,
                .hidden = hidden,
                .low = UINT64_MAX};
    for (size_t i = 0; i < rows * columns; i++) {
        s.row[i / columns] += counts[i];
        s.column[i % columns] += counts[i];
    }
    try_cell(&s, 0);
    *low = s.low;
    *high = s.high;
}

START_TEST(crossed) {
    enum { LEAST = 3 };
    test_random random = {31};
    size_t hidden_tables = 0, extra = 0;
    for (int t = 0; t < 300; t++) {
        const size_t rows = 2 + test_below(&random, 2), columns = test_below(&random, 2) ? 2 : 3;
        uint64_t counts[9], low, high, expected_low, expected_high;
        bool hidden[9];
        for (size_t i = 0; i < rows * columns; i++) counts[i] = test_below(&random, 7);
        rad_suppress_table(counts, rows, columns, LEAST, hidden);
        bool all = true; /* of those in rows and columns with anybody in them */
        uint64_t row[3] = {0}, column[3] = {0};
        for (size_t i = 0; i < rows * columns; i++) {
            row[i / columns] += counts[i];
            column[i % columns] += counts[i];
        }
        for (size_t i = 0; i < rows * columns; i++)
            all = all && (hidden[i] || !row[i / columns] || !column[i % columns]);
        for (size_t i = 0; i < rows * columns; i++) {
            rad_suppress_interval(counts, rows, columns, hidden, i, &low, &high);
            range_of(counts, rows, columns, hidden, i, &expected_low, &expected_high);
            ck_assert_msg(low == expected_low && high == expected_high, "%llu..%llu, not %llu..%llu",
                          (unsigned long long)low, (unsigned long long)high, (unsigned long long)expected_low,
                          (unsigned long long)expected_high);
            if (counts[i] < LEAST && row[i / columns] && column[i % columns]) {
                ck_assert(hidden[i]);
                ck_assert(high - low >= LEAST || all);
                hidden_tables++;
            }
            extra += hidden[i] && counts[i] >= LEAST;
        }
    }
    ck_assert(hidden_tables > 100 && extra > 100);
}
END_TEST

static uint64_t set_of(const char *members) {
    uint64_t set = 0;
    for (size_t i = 0; members[i]; i++) set |= (uint64_t)(members[i] == '1') << i;
    return set;
}

static bool isolates(const char *const *members, size_t count, size_t least) {
    rad_sets sets = {.words = 1};
    bool answer = false;
    for (size_t i = 0; i < count; i++) {
        const uint64_t set = set_of(members[i]);
        ck_ok(rad_sets_add(&sets, &set, &error));
    }
    ck_ok(rad_sets_isolate(&sets, least, &answer, &error));
    rad_sets_free(&sets);
    return answer;
}

START_TEST(sums) {
    const char *const same[] = {"111111111111", "111111111111"}, *const half[] = {same[0], "111111000000"},
                      *const without_one[] = {same[0], "011111111111"}, *const few[] = {"110000000000"};
    ck_assert(!isolates(same, 2, 3));
    ck_assert(!isolates(half, 2, 3));
    ck_assert(isolates(without_one, 2, 3)); /* differs by one */
    ck_assert(isolates(few, 1, 3));
    /* the first two less the third are twice the first patient, though any two differ by five */
    const char *const tricky[] = {"111110000", "100001111", "011111111"};
    ck_assert(isolates(tricky, 3, 2));
    ck_assert(!isolates(tricky, 2, 2));
    const char *const parts[] = {"1111111111110", "1111000000000", "0000111100000", "0000000011110"};
    ck_assert(!isolates(parts, 4, 3));
    const char *const rest[] = {"111111111", "111100000", "000011110"};
    ck_assert(isolates(rest, 3, 3)); /* the last one is what is left */
}
END_TEST

/* Row reduction finds what trying all small combinations of coefficients finds. */
START_TEST(combinations) {
    enum { SETS = 4, PATIENTS = 6 };
    test_random random = {37};
    size_t found = 0;
    for (int t = 0; t < 400; t++) {
        char members[SETS][PATIENTS + 1] = {{0}};
        const char *list[SETS];
        for (size_t s = 0; s < SETS; s++) {
            for (size_t i = 0; i < PATIENTS; i++) members[s][i] = test_below(&random, 2) ? '1' : '0';
            list[s] = members[s];
        }
        bool expected = false;
        for (int code = 0; code < 9 * 9 * 9 * 9 && !expected; code++) { /* coefficients -4 .. 4 */
            int sum[PATIENTS] = {0}, single = 0;
            for (int s = 0, c = code; s < SETS; s++, c /= 9)
                for (size_t i = 0; i < PATIENTS; i++) sum[i] += (members[s][i] == '1') * (c % 9 - 4);
            for (size_t i = 0; i < PATIENTS; i++) single += sum[i] != 0;
            expected = single == 1;
        }
        ck_assert_msg(isolates(list, SETS, 2) == expected, "%s %s %s %s", list[0], list[1], list[2], list[3]);
        found += expected;
    }
    ck_assert(found > 50 && found < 350);
}
END_TEST

/* Sites of four kinds of patients: `few` that three groups tell from the others only together, {few, 1},
 * {few, 2} and {1, 2}, no two of which differ by fewer than 20. One feature lacks them and half of the last.
 */
enum { ONE = 20, TWO = 20, LAST = 30 };

static void make_site(size_t few, rad_study *study, rad_cohort *cohort) {
    static const char text[] = "study: audit\nfeatures: [all, some]\n"
                               "covariates:\n  age: number\n  a: {levels: [y, n]}\n  b: {levels: [y, n]}\n"
                               "  c: {levels: [y, n]}\n"
                               "groups: [a, b, c]\ncovariance: [all, some]\nmodel: [age]\n";
    char path[] = "/tmp/radiomill-audit-XXXXXX";
    test_random random = {43};
    FILE *file = fdopen(mkstemp(path), "w");
    ck_assert(file && fputs("case,age,a,b,c,all,some", file) >= 0);
    for (size_t i = 0; i < few + ONE + TWO + LAST; i++) {
        const bool is_few = i < few, one = !is_few && i < few + ONE,
                   two = !is_few && !one && i < few + ONE + TWO;
        const bool lacks = is_few || i >= few + ONE + TWO + LAST / 2;
        fprintf(file, "\np%zu,%zu,%c,%c,%c,%.3f,", i, 40 + test_below(&random, 40), is_few || one ? 'y' : 'n',
                is_few || two ? 'y' : 'n', one || two ? 'y' : 'n', 1 + test_uniform(&random));
        if (!lacks) fprintf(file, "%.3f", 1 + test_uniform(&random));
    }
    ck_assert(!fclose(file));
    ck_ok(rad_study_parse(text, strlen(text), "study.yaml", study, &error));
    ck_ok(rad_cohort_read(path, NULL, study, cohort, &error));
    unlink(path);
}

/* The last of the groups goes, of those whom it would tell, and of nobody else; what else is asked for stays.
 * With ten nothing has to go. */
START_TEST(three_groups_together) {
    static const size_t sizes[] = {1, 9, 10};
    rad_study study;
    rad_cohort cohort;
    rad_permit permit;
    const bool fine = sizes[_i] >= 10;
    bool isolated = true;
    make_site(sizes[_i], &study, &cohort);
    ck_assert_uint_eq(cohort.rows, sizes[_i] + ONE + TWO + LAST);
    ck_ok(rad_permit_make(&cohort, &study, &study.rules, 1, &permit, &error));
    ck_assert(permit.cell == 10 && permit.class_count >= 2 && !permit.refusal_count);
    size_t all = 0, some = 0;
    while (strcmp(cohort.variables[all].name, "all") != 0) all++;
    while (strcmp(cohort.variables[some].name, "some") != 0) some++;
    const size_t of_all = permit.of[all], of_some = permit.of[some];
    ck_assert(of_all != of_some);
    for (size_t f = 0; f < 3; f++) {
        const bool there = fine || f < 2;
        ck_assert(permit.powers[(1 + f) * cohort.count + all] == (there ? 2 : 0));
        ck_assert(permit.powers[(1 + f) * cohort.count + some] == (fine || f == 2 ? 2 : 0));
        for (size_t l = 0; l < 2; l++)
            ck_assert(permit.classes[of_all].shown[f][l] == there &&
                      permit.classes[of_some].shown[f][l] == (fine || f == 2)); /* by a and b few miss it */
    }
    ck_assert(permit.blocks[RAD_MODEL][all] && permit.blocks[RAD_MODEL][some]);
    for (size_t a = 0; a < 2; a++)
        for (size_t b = 0; b < 2; b++)
            ck_assert(permit.joint[(a ? of_all : of_some) * permit.class_count + (b ? of_all : of_some)]);
    ck_assert(permit.powers[all] == 2 && permit.powers[some] == 2); /* of all patients */
    for (size_t k = 0; k < permit.class_count; k++) {               /* what is left tells of nobody */
        ck_ok(rad_sets_isolate(&permit.classes[k].sets, permit.cell, &isolated, &error));
        ck_assert(!isolated);
    }
    ck_assert(fine == (permit.withheld == 0));
    rad_permit_free(&permit);
    rad_cohort_free(&cohort);
    rad_study_free(&study);
}
END_TEST

/* Third and fourth powers leave where a study asks for skewness, of 18 patients or more, whom no two of them
 * dominate; never by group. */
START_TEST(powers) {
    static const struct {
        const char *analyses;
        size_t rows;
        double largest;
        int all;
    } tries[] = {{"", 60, 2, 2},
                 {"analyses: [moments, groups]\n", 60, 2, 2},
                 {"analyses: [groups, skewness]\n", 60, 2, 4},
                 {"analyses: [moments, skewness, groups]\n", 18, 2, 4},
                 {"analyses: [moments, skewness, groups]\n", 17, 2, 2},
                 {"analyses: [moments, skewness, groups]\n", 60, 6, 2}};
    char text[256], path[] = "/tmp/radiomill-powers-XXXXXX";
    rad_study study;
    rad_cohort cohort;
    rad_permit permit;
    rad_summary summary;
    test_random random = {47};
    FILE *file = fdopen(mkstemp(path), "w");
    ck_assert(file && fputs("case,sex,x", file) >= 0);
    for (size_t i = 0; i < tries[_i].rows; i++) /* one of 6 among numbers of 1 to 2 has most of the x^4 */
        fprintf(file, "\np%zu,%c,%.3f", i, i % 2 ? 'F' : 'M',
                i ? 1 + test_uniform(&random) * (tries[_i].largest > 2 ? 0.1 : 1) : tries[_i].largest);
    ck_assert(!fclose(file));
    snprintf(text, sizeof text,
             "study: s\nfeatures: [x]\ncovariates: {sex: {levels: [F, M]}}\ngroups: [sex]\n%s",
             tries[_i].analyses);
    ck_ok(rad_study_parse(text, strlen(text), "study.yaml", &study, &error));
    ck_ok(rad_cohort_read(path, NULL, &study, &cohort, &error));
    unlink(path);
    for (int rules = 0; rules < 2; rules++) {
        ck_ok(rad_permit_make(&cohort, &study, rules ? &study.rules : NULL, 1, &permit, &error));
        ck_ok(rad_summarise(&cohort, &study, &study.rules, &permit, 1, &summary, &error));
        const bool asked = strstr(tries[_i].analyses, "skewness");
        ck_assert_int_eq(summary.moments[0].powers, rules ? tries[_i].all : asked ? 4 : 2);
        for (size_t set = 1; set < summary.sets; set++) ck_assert(summary.moments[set].powers <= 2);
        rad_summary_free(&summary);
        rad_permit_free(&permit);
    }
    rad_cohort_free(&cohort);
    rad_study_free(&study);
}
END_TEST

static int by_value(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

START_TEST(grids) {
    const rad_grid grid = _i ? (rad_grid){.kind = RAD_GRID_LINEAR, .from = -1, .to = 3, .cells = 100}
                             : (rad_grid){.kind = RAD_GRID_RELATIVE, .bits = 7};
    test_random random = {41};
    double before = -INFINITY;
    for (int i = 0; i < 20000; i++) { /* a value lies in its cell, and cells are narrow */
        const double x = _i ? test_uniform(&random) * 6 - 2
                            : ldexp(test_uniform(&random) - 0.5, (int)test_below(&random, 200) - 100);
        const uint32_t cell = rad_grid_cell(&grid, x);
        const double low = rad_grid_edge(&grid, cell), high = rad_grid_edge(&grid, cell + 1);
        ck_assert_msg(low <= x && x <= high && low < high, "%g in %g .. %g", x, low, high);
        if (_i ? x >= -1 && x < 3 : x != 0)
            ck_assert_msg(high - low <= (_i ? 0.0400001 : fabs(x) / 64), "%g in %g .. %g", x, low, high);
    }
    for (int i = -400; i <= 400; i++) { /* in order */
        const double x = _i ? i / 100.0 : copysign(exp(abs(i) / 10.0), i),
                     edge = rad_grid_edge(&grid, rad_grid_cell(&grid, x));
        ck_assert(edge >= before);
        before = edge;
    }
    for (int t = 0; t < 500; t++) {
        const size_t n = test_below(&random, 60), least = 1 + test_below(&random, 12);
        uint32_t cells[60];
        rad_grid_count counts[61];
        uint64_t total = 0;
        for (size_t i = 0; i < n; i++) cells[i] = rad_grid_cell(&grid, exp(test_uniform(&random) * 3) - 2);
        qsort(cells, n, sizeof *cells, by_value);
        const size_t used = rad_grid_count_cells(&grid, cells, n, least, counts);
        ck_assert(rad_grid_counts_fit(&grid, counts, used));
        for (size_t i = 0; i < used; i++) {
            uint64_t inside = 0; /* the outer ones also have what lies beyond */
            for (size_t k = 0; k < n; k++)
                inside += (!i || cells[k] >= counts[i].first) && (i + 1 == used || cells[k] < counts[i].end);
            ck_assert(inside == counts[i].count && inside >= least);
            total += inside;
        }
        ck_assert_uint_eq(total, n >= least ? n : 0);
        if (!used) continue;
        uint64_t below = 0, beyond = 0;
        for (size_t k = 0; k < n; k++) {
            below += cells[k] < counts[0].first;
            beyond += cells[k] >= counts[used - 1].end;
        }
        ck_assert(below < least && beyond < least);
        if (n < 2 * least) ck_assert(counts[0].first == 0 && counts[0].end == rad_grid_cells(&grid));
        /* the values beyond the least-th from either end may be any */
        rad_grid_count moved[61];
        const size_t most = n < 2 * least ? 0 : least - 1;
        for (size_t k = 0; k < most; k++) {
            cells[k] = test_below(&random, 2) ? 0 : cells[most];
            cells[n - 1 - k] = test_below(&random, 2) ? rad_grid_cells(&grid) - 1 : cells[n - 1 - most];
        }
        qsort(cells, n, sizeof *cells, by_value);
        ck_assert(rad_grid_count_cells(&grid, cells, n, least, moved) == used);
        for (size_t i = 0; i < used; i++)
            ck_assert(moved[i].first == counts[i].first && moved[i].end == counts[i].end &&
                      moved[i].count == counts[i].count);
        if (_i || n < 2 * least) continue; /* powers of two */
        const double low = rad_grid_edge(&grid, counts[0].first),
                     high = rad_grid_edge(&grid, counts[used - 1].end);
        ck_assert((low == 0 || log2(fabs(low)) == floor(log2(fabs(low)))) &&
                  (high == 0 || log2(fabs(high)) == floor(log2(fabs(high)))));
    }
    ck_assert_double_eq(rad_grid_edge(&grid, rad_grid_cells(&grid)), INFINITY);
}
END_TEST

START_TEST(policies) {
    char path[] = "/tmp/radiomill-policy-XXXXXX";
    static const char text[] = "minimum_cell: 20\nparameters: 0.3\ndominance: 0.5\n";
    const int file = mkstemp(path);
    ck_assert_int_eq(write(file, text, sizeof text - 1), (int)sizeof text - 1);
    close(file);
    rad_rules rules, floor;
    ck_ok(rad_rules_read(NULL, "study", &rules, &error));
    ck_assert_int_eq(rules.cell, 10);
    ck_ok(rad_rules_tighten(path, &rules, &floor, &error));
    ck_assert(rules.cell == 20 && rules.owner[RAD_RULE_CELL] == RAD_OWNER_SITE);
    ck_assert(rules.parameters == 0.1 &&
              rules.owner[RAD_RULE_PARAMETERS] == RAD_OWNER_DEFAULT); /* the study's is stricter */
    ck_assert(rules.dominance == 0.5 && rules.sites == 3);
    unlink(path);
}
END_TEST

/* What a study and a site agree on: of each rule, the stricter one of study and floor; a site without a
 * policy has the standard as its floor. */
START_TEST(floors) {
    static const struct {
        const char *study, *policy; /* policy "": none */
        double parameters;
        int cell;
        rad_owner owner;    /* of the cell */
        const char *milder; /* what the study is told */
    } rows[] = {
        {"mode: datashield", "", 0.1, 10, RAD_OWNER_DEFAULT,
         "minimum_cell 3, where this site has 10; "
         "parameters 0.33, where this site has 0.1; "
         "rows 0.4, where this site has 0.2"},
        {"minimum_cell: 9", "", 0.1, 10, RAD_OWNER_DEFAULT, "minimum_cell 9, where this site has 10"},
        {"minimum_cell: 10", "", 0.1, 10, RAD_OWNER_STUDY, ""},
        {"minimum_cell: 11", "", 0.1, 11, RAD_OWNER_STUDY, ""},
        {"minimum_cell: 3", "minimum_cell: 3", 0.1, 3, RAD_OWNER_STUDY, ""},
        {"minimum_cell: 3", "minimum_cell: 4", 0.1, 4, RAD_OWNER_SITE,
         "minimum_cell 3, where this site has 4"},
        {"minimum_cell: 5", "minimum_cell: 4", 0.1, 5, RAD_OWNER_STUDY, ""},
        {"mode: standard", "mode: datashield", 0.1, 10, RAD_OWNER_DEFAULT, ""},
        {"mode: datashield", "mode: datashield", 0.33, 3, RAD_OWNER_STUDY, ""},
        {"mode: datashield", "{minimum_cell: 5, mode: datashield}", 0.33, 5, RAD_OWNER_SITE,
         "minimum_cell 3, where this site has 5"},
        {"mode: datashield", "minimum_cell: 3", 0.1, 3, RAD_OWNER_STUDY,
         "parameters 0.33, where this site has 0.1; rows 0.4, where this site has 0.2"},
        {"minimum_cell: 10", "minimum_cell: 10", 0.1, 10, RAD_OWNER_STUDY, ""},
        {"round: 0", "minimum_cell: 10", 0.1, 10, RAD_OWNER_SITE, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[] = "/tmp/radiomill-policy-XXXXXX", text[512];
        const int file = mkstemp(path);
        rad_rules rules, asked, floor;
        rad_node map;
        dprintf(file, "%s\n", rows[i].policy);
        close(file);
        ck_ok(rad_document_parse(rows[i].study, strlen(rows[i].study), "study", &map, &error));
        ck_ok(rad_rules_read(&map, "study", &asked, &error));
        rules = asked;
        ck_ok(rad_rules_tighten(*rows[i].policy ? path : NULL, &rules, &floor, &error));
        ck_assert_msg(rules.cell == rows[i].cell && rules.parameters == rows[i].parameters, "%zu: %d %g", i,
                      rules.cell, rules.parameters);
        ck_assert_msg(rules.owner[RAD_RULE_CELL] == rows[i].owner, "%zu: %d", i, rules.owner[RAD_RULE_CELL]);
        ck_assert_str_eq(rad_rules_milder(&asked, &floor, text, sizeof text), rows[i].milder);
        rad_node_free(&map);
        unlink(path);
    }
}
END_TEST

/* Of each rule, the stricter value of two sites, whoever comes first. */
START_TEST(stricter_of_two) {
    rad_rules loose, strict;
    ck_ok(rad_rules_read(NULL, "study", &loose, &error));
    strict = loose;
    strict.cell = 11;
    strict.sites = 4;
    strict.dominance = 0.8;
    strict.parameters = 0.05;
    strict.round = 5;
    for (int order = 0; order < 2; order++) {
        rad_rules joined = order ? strict : loose;
        rad_rules_join(&joined, order ? &loose : &strict);
        ck_assert(joined.cell == 11 && joined.sites == 4 && joined.round == 5);
        ck_assert(joined.dominance == 0.8 && joined.parameters == 0.05);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("disclosure");
    TCase *tests = tcase_create("disclosure");
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, margins);
    tcase_add_test(tests, crossed);
    tcase_add_test(tests, sums);
    tcase_add_test(tests, combinations);
    tcase_add_loop_test(tests, three_groups_together, 0, 3);
    tcase_add_loop_test(tests, powers, 0, 6);
    tcase_add_loop_test(tests, grids, 0, 2);
    tcase_add_test(tests, policies);
    tcase_add_test(tests, floors);
    tcase_add_test(tests, stricter_of_two);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
