#include "left_out.h"

#include "../../core/memory.h"

#include <stdlib.h>
#include <string.h>

rad_status rad_left_out_add(rad_loader *l, const char *patient, rad_record *record) {
    rad_status status = rad_grow(&l->left, l->left_count, &l->left_capacity, sizeof *l->left, l->error);
    if (status != RAD_OK) return status;
    l->left[l->left_count] = rad_text_copy(patient, l->error);
    if (!l->left[l->left_count]) return RAD_NO_MEMORY;
    l->left_count++;
    l->c->excluded++;
    if (record) record->left = true;
    return RAD_OK;
}

void rad_left_out_free(rad_loader *l) {
    for (size_t i = 0; i < l->left_count; i++) rad_free(l->left[i]);
    rad_free(l->left);
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorts names, and drops those that are there already. */
static size_t sort_names(const char **names, size_t count) {
    size_t kept = 0;
    if (count > 1) qsort(names, count, sizeof *names, by_text);
    for (size_t i = 0; i < count; i++)
        if (!i || strcmp(names[i], names[kept - 1]) != 0) names[kept++] = names[i];
    return kept;
}

rad_status rad_left_out_count(rad_loader *l) {
    rad_cohort *c = l->c;
    rad_behind *b = &c->behind;
    const char **names = rad_new(c->rows + l->left_count, sizeof *names, l->error);
    if (!names) return RAD_NO_MEMORY;
    for (size_t i = 0; i < c->rows; i++) names[i] = c->patients[i];
    b->with = sort_names(names, c->rows);
    const char **left = names + c->rows;
    for (size_t i = 0; i < l->left_count; i++) left[i] = l->left[i];
    b->excluded = sort_names(left, l->left_count);
    for (size_t i = 0; i < b->excluded && b->with; i++)
        b->both += bsearch(&left[i], names, b->with, sizeof *names, by_text) != NULL;
    rad_free(names);
    for (size_t i = 0; i < l->record_count; i++) {
        const rad_record *r = &l->records[i];
        c->unmatched += !r->used;
        b->excluded_records += !r->used && r->left;
        b->spare_records += !r->used && !r->left;
    }
    return RAD_OK;
}

static bool is_few(size_t count, const rad_rules *rules) {
    return count && count < (size_t)rules->cell;
}

/* Further rows beyond those of the patients behind a shown sum of repeats, as if each of these others had
 * all occasions. */
static bool are_nearly_all(const rad_summary *s, const rad_blocks *b, size_t occasions,
                           const rad_rules *rules) {
    const double each = (double)occasions - 1;
    for (size_t v = 0; b->cells && v < s->count; v++) {
        if (!b->shown[v]) continue;
        const double beyond = (double)s->repeats - each * rad_exact_double(&b->sums[v * b->cells]);
        if (beyond > 0 && beyond < each * rules->cell) return true;
    }
    return false;
}

void rad_left_out_judge(const rad_cohort *c, const rad_study *study, const rad_rules *rules, rad_summary *s) {
    const rad_behind *b = &c->behind;
    size_t failed = 0;
    for (size_t i = 0; i < RAD_CODES; i++) failed += c->failures[i];
    const size_t apart = failed > c->unmatched ? failed - c->unmatched : c->unmatched - failed;
    s->held.excluded = is_few(b->excluded, rules) || (b->both && is_few(b->with - b->both, rules));
    s->held.repeats = is_few(b->again, rules) ||
                      are_nearly_all(s, &s->blocks[RAD_RELIABILITY], study->occasion_count, rules) ||
                      are_nearly_all(s, &s->blocks[RAD_CHANGE], study->occasion_count, rules);
    s->held.unmatched = is_few(b->excluded_records, rules) || is_few(b->incomplete_records, rules) ||
                        is_few(b->spare_records, rules) || (c->unmatched && failed && is_few(apart, rules));
}
