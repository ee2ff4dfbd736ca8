#include "permit.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../core/parallel.h"
#include "../../core/sort.h"
#include "dominance.h"
#include "suppress.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* 4 moments of fewer patients than this would be equations for the patients. */
enum { FOUR_MOMENTS = 8 };

typedef struct maker {
    const rad_cohort *c;
    const rad_study *s;
    const rad_rules *rules; /* NULL: none */
    rad_permit *p;
    int threads;
    rad_error *error;
    uint8_t *verdict; /* of each variable, from the look at its values */
    uint8_t *order;   /* powers that dominance allows */
    bool *two;        /* does it take two values? Products with it are sums over the patients of either */
} maker;

typedef enum verdict { FINE, DOMINATED, FEW_DIFFER, COARSE } verdict;

static rad_status refuse(maker *m, rad_status code, const char *what, const char *rule, const char *format,
                         ...) RAD_PRINTF(5, 6);
static rad_status refuse(maker *m, rad_status code, const char *what, const char *rule, const char *format,
                         ...) {
    rad_permit *p = m->p;
    rad_status status =
        rad_grow(&p->refusals, p->refusal_count, &p->refusal_room, sizeof *p->refusals, m->error);
    if (status != RAD_OK) return status;
    rad_refusal *r = &p->refusals[p->refusal_count++];
    *r = (rad_refusal){.status = code};
    snprintf(r->what, sizeof r->what, "%s", what);
    snprintf(r->rule, sizeof r->rule, "%s", rule);
    va_list list;
    va_start(list, format);
    vsnprintf(r->words, sizeof r->words, format, list);
    va_end(list);
    return RAD_OK;
}

/* The class of variables that are present where this one is. */
static rad_status classify(maker *m, size_t variable) {
    const rad_cohort *c = m->c;
    rad_permit *p = m->p;
    const double *x = c->values + variable * c->rows;
    uint64_t *present = rad_new(c->words, sizeof *present, m->error);
    if (!present) return RAD_NO_MEMORY;
    for (size_t r = 0; r < c->rows; r++)
        if (!isnan(x[r])) rad_bitset_add(present, r);
    size_t k = 0;
    while (k < p->class_count && memcmp(p->classes[k].present, present, c->words * sizeof *present) != 0) k++;
    p->of[variable] = (uint16_t)k;
    rad_status status = RAD_OK;
    if (k == p->class_count) {
        if (k + 1 >= RAD_ANY_CLASS)
            status =
                rad_fail(m->error, RAD_CONFIG, "more than %d patterns of missing values", RAD_ANY_CLASS - 2);
        else
            status = rad_grow(&p->classes, k, &p->class_room, sizeof *p->classes, m->error);
        if (status == RAD_OK) {
            p->classes[p->class_count++] = (rad_class){
                .present = present, .size = rad_bitset_count(present, c->words), .sets = {.words = c->words}};
            return RAD_OK;
        }
    }
    rad_free(present);
    return status;
}

static size_t collect(const double *x, const uint64_t *set, size_t rows, double *out) {
    size_t count = 0;
    for (size_t r = 0; r < rows; r++)
        if (rad_bitset_has(set, r)) out[count++] = x[r];
    return count;
}

static rad_status look_at(size_t variable, void *context, rad_error *error) {
    const maker *m = context;
    const rad_cohort *c = m->c;
    const rad_class *k = &m->p->classes[m->p->of[variable]];
    const double *x = c->values + variable * c->rows;
    double *sorted = rad_new_raw(c->rows, sizeof *sorted, error);
    if (!sorted) return RAD_NO_MEMORY;
    const size_t count = collect(x, k->present, c->rows, sorted);
    const rad_status status = rad_sort(sorted, count, error);
    if (status == RAD_OK) {
        const size_t differ = rad_dominance_others(sorted, count);
        size_t first = 0;
        while (first < count && sorted[first] == sorted[0]) first++;
        m->two[variable] = first < count && sorted[first] == sorted[count - 1];
        m->order[variable] =
            count >= m->p->cell ? rad_dominance_powers(sorted, count, m->rules->dominance) : 4;
        m->verdict[variable] = differ && differ < m->p->cell && count >= m->p->cell ? FEW_DIFFER
                               : !m->order[variable]                                ? DOMINATED
                               : c->variables[variable].coarse                      ? COARSE
                                                                                    : FINE;
    }
    rad_free(sorted);
    return status;
}

/* What the look at a variable means for it as a whole. */
static rad_status judge(maker *m, size_t variable) {
    rad_permit *p = m->p;
    const char *name = m->c->variables[variable].name;
    const rad_class *k = &p->classes[p->of[variable]];
    uint8_t *powers = &p->powers[variable];
    *powers = 0;
    if (k->size && k->size < p->cell)
        return refuse(m, RAD_REFUSED, name, "minimum_cell",
                      "has values for %zu patients; %zu are needed. Leave the variable out", k->size,
                      p->cell);
    switch ((verdict)m->verdict[variable]) {
    case FEW_DIFFER:
        return refuse(m, RAD_REFUSED, name, "minimum_cell",
                      "is the same for all but a few patients (fewer than %zu): its sums and products would "
                      "be theirs. Leave the variable out",
                      p->cell);
    case DOMINATED:
        return refuse(m, RAD_REFUSED, name, "dominance",
                      "two patients make up %g or more of its sum or of its sum of squares: the sum tells "
                      "their values. Take its logarithm (`transform: log`), or leave the variable out",
                      m->rules->dominance);
    case COARSE:
        return refuse(m, RAD_CONFIG, name, "precision",
                      "24 significant bits do not resolve its spread: the values are far from 0 and close to "
                      "each other. Name a public constant near them as `centre`");
    case FINE:
        break;
    }
    *powers = k->size && k->size < p->cell + FOUR_MOMENTS ? 2 : m->order[variable];
    p->withheld += *powers == 2;
    p->histogram[variable] = true;
    return RAD_OK;
}

static void level_set(const maker *m, size_t factor, int level, const uint64_t *within, uint64_t *out) {
    const rad_cohort *c = m->c;
    const int8_t *of = c->levels + factor * c->rows;
    memset(out, 0, c->words * sizeof *out);
    for (size_t r = 0; r < c->rows; r++)
        if (of[r] == level && (!within || rad_bitset_has(within, r))) rad_bitset_add(out, r);
}

/* Which levels of a factor may be shown for the class, and into its sets with them. The rest follows by
 * subtraction, and is a set as well. */
static rad_status add_groups(maker *m, rad_class *k, size_t factor) {
    const rad_factor *f = &m->s->factors[factor];
    const size_t words = m->c->words;
    uint64_t counts[RAD_FACTOR_LEVELS + 1];
    bool hidden[RAD_FACTOR_LEVELS + 1] = {false}, again = true;
    uint64_t *sets = rad_new((f->levels + 2) * words, sizeof *sets, m->error),
             *rest = sets + (f->levels + 1) * words;
    if (!sets) return RAD_NO_MEMORY;
    for (size_t l = 0; l <= f->levels; l++) {
        level_set(m, factor, l < f->levels ? (int)l : -1, k->present, sets + l * words);
        counts[l] = rad_bitset_count(sets + l * words, words);
    }
    hidden[f->levels] = true; /* sums of those without a level never leave by themselves */
    while (again) {
        again = false;
        rad_suppress_row(counts, f->levels + 1, m->p->cell, hidden);
        memset(rest, 0, words * sizeof *rest);
        for (size_t l = 0; l <= f->levels; l++) {
            for (size_t w = 0; w < words && hidden[l]; w++) rest[w] |= sets[l * words + w];
            if (hidden[l] || !counts[l] || rad_sets_may_add(&k->sets, sets + l * words, m->p->cell)) continue;
            hidden[l] = again = true;
        }
        const bool some = !rad_is_zero(rest, words * sizeof *rest);
        if (!again && some && !rad_sets_may_add(&k->sets, rest, m->p->cell)) /* nothing of the factor, then */
            for (size_t l = 0; l < f->levels; l++) hidden[l] = true;
    }
    rad_status status = RAD_OK;
    for (size_t l = 0; l <= f->levels + 1 && status == RAD_OK; l++) {
        const uint64_t *set = sets + l * words;
        const bool is_rest = l == f->levels + 1;
        if (is_rest ? rad_is_zero(set, words * sizeof *set) : hidden[l] || !counts[l]) continue;
        if (rad_sets_may_add(&k->sets, set, m->p->cell)) status = rad_sets_add(&k->sets, set, m->error);
    }
    for (size_t l = 0; l < f->levels; l++) {
        k->shown[factor][l] = !hidden[l];
        m->p->withheld += hidden[l];
    }
    rad_free(sets);
    return status;
}

/* Powers of a variable by group: what every level that is shown, and the rest, allows. */
static rad_status group_powers(maker *m, size_t variable, size_t factor, double *room, uint64_t *set) {
    const rad_cohort *c = m->c;
    const rad_factor *f = &m->s->factors[factor];
    const rad_class *k = &m->p->classes[m->p->of[variable]];
    uint64_t *rest = set + c->words;
    uint8_t powers = m->p->powers[variable];
    rad_status status = RAD_OK;
    memcpy(rest, k->present, c->words * sizeof *rest);
    for (size_t l = 0; l <= f->levels && powers && status == RAD_OK; l++) {
        const bool last = l == f->levels;
        if (!last && !k->shown[factor][l]) continue;
        if (!last) level_set(m, factor, (int)l, k->present, set);
        for (size_t w = 0; w < c->words && !last; w++) rest[w] &= ~set[w];
        const size_t count = collect(c->values + variable * c->rows, last ? rest : set, c->rows, room);
        if (!count) continue;
        status = rad_sort(room, count, m->error);
        const uint8_t here = rad_dominance_powers(room, count, m->rules->dominance);
        powers = here < powers ? here : powers;
        if (count < m->p->cell + FOUR_MOMENTS && powers > 2) powers = 2;
    }
    m->p->powers[(1 + factor) * c->count + variable] = powers;
    m->p->withheld += m->p->powers[variable] && !powers;
    return status;
}

static rad_status add_group_powers(maker *m) {
    const rad_cohort *c = m->c;
    double *room = rad_new_raw(c->rows, sizeof *room, m->error);
    uint64_t *sets = rad_new(2 * c->words, sizeof *sets, m->error);
    rad_status status = room && sets ? RAD_OK : RAD_NO_MEMORY;
    for (size_t f = 0; f < m->s->factor_count && status == RAD_OK; f++)
        for (size_t v = 0; v < c->count && m->s->factors[f].group && status == RAD_OK; v++)
            status = group_powers(m, v, f, room, sets);
    rad_free(room);
    rad_free(sets);
    return status;
}

/* Those among some patients who have the lesser, or the larger, value of a variable of two. */
static void side_set(const maker *m, size_t variable, const uint64_t *within, bool larger, uint64_t *out) {
    const rad_cohort *c = m->c;
    const double *x = c->values + variable * c->rows;
    double least = INFINITY;
    for (size_t r = 0; r < c->rows; r++) least = fmin(least, x[r]); /* NaN is passed over */
    memset(out, 0, c->words * sizeof *out);
    for (size_t r = 0; r < c->rows; r++)
        if (rad_bitset_has(within, r) && !isnan(x[r]) && (x[r] > least) == larger) rad_bitset_add(out, r);
}

/* Products with a variable of two values are sums over sets, and have to fit among them. */
static rad_status add_sides(maker *m, size_t variable, const bool *used, uint64_t *set) {
    rad_permit *p = m->p;
    bool fits = true;
    rad_status status = RAD_OK;
    for (int add = 0; add < 2; add++)
        for (size_t k = 0; k < p->class_count && fits && status == RAD_OK; k++)
            for (int larger = 0; larger < 2 && used[k] && status == RAD_OK; larger++) {
                side_set(m, variable, p->classes[k].present, larger, set);
                if (rad_is_zero(set, m->c->words * sizeof *set)) continue;
                if (add) status = rad_sets_add(&p->classes[k].sets, set, m->error);
                fits = fits && rad_sets_may_add(&p->classes[k].sets, set, p->cell);
            }
    if (fits || status != RAD_OK) return status;
    for (size_t f = 0; f <= m->s->factor_count; f++) p->powers[f * m->c->count + variable] = 0;
    p->histogram[variable] = false;
    return refuse(
        m, RAD_REFUSED, m->c->variables[variable].name, "minimum_cell",
        "takes two values, and splits the patients almost as a group or another variable does: products with "
        "it would tell of those few (fewer than %zu) in whom they differ. Leave it out of the covariance",
        p->cell);
}

/* May sums over the patients that two classes share leave? */
static rad_status join(maker *m, size_t a, size_t b, uint64_t *set) {
    rad_permit *p = m->p;
    rad_status status = RAD_OK;
    bool allowed = true;
    for (size_t w = 0; w < m->c->words; w++) set[w] = p->classes[a].present[w] & p->classes[b].present[w];
    const size_t ends[] = {a, b};
    if (!rad_is_zero(set, m->c->words * sizeof *set)) {
        for (size_t i = 0; i < 2; i++)
            allowed = allowed && rad_sets_may_add(&p->classes[ends[i]].sets, set, p->cell);
        for (size_t i = 0; i < 2 && allowed && a != b && status == RAD_OK; i++)
            status = rad_sets_add(&p->classes[ends[i]].sets, set, m->error);
    }
    p->joint[a * p->class_count + b] = p->joint[b * p->class_count + a] = allowed;
    p->withheld += !allowed;
    return status;
}

static rad_status join_classes(maker *m) {
    rad_permit *p = m->p;
    uint64_t *set = rad_new(m->c->words, sizeof *set, m->error);
    bool *used = rad_new(p->class_count, sizeof *used, m->error);
    rad_status status = set && used ? RAD_OK : RAD_NO_MEMORY;
    size_t count = 0;
    for (size_t v = 0; v < m->c->count && status == RAD_OK; v++)
        if (m->c->variables[v].covariance && p->powers[v] && !used[p->of[v]] && count < RAD_PATTERNS_MAX) {
            used[p->of[v]] = true;
            count++;
        }
    for (size_t v = 0; v < m->c->count && status == RAD_OK; v++)
        if (m->c->variables[v].covariance && p->powers[v] && m->two[v]) status = add_sides(m, v, used, set);
    for (size_t a = 0; a < p->class_count && status == RAD_OK; a++)
        for (size_t b = 0; b <= a && status == RAD_OK; b++)
            if (used[a] && used[b]) status = join(m, a, b, set);
    rad_free(set);
    rad_free(used);
    return status;
}

/* The panel against the number of patients: a covariance of as many columns as rows gives the rows. */
static rad_status allow_covariance(maker *m) {
    size_t panel = 0;
    for (size_t v = 0; v < m->c->count; v++) panel += m->c->variables[v].covariance && m->p->powers[v];
    m->p->covariance = (double)panel <= m->rules->parameters * (double)m->c->rows;
    if (m->p->covariance) return RAD_OK;
    return refuse(m, RAD_REFUSED, "covariance", "parameters",
                  "%zu variables for %zu patients; at most %g per patient, which are %zu here. Name a "
                  "smaller panel under `covariance`",
                  panel, m->c->rows, m->rules->parameters,
                  (size_t)(m->rules->parameters * (double)m->c->rows));
}

/* Combinations of more than two sets: where one would tell of a few patients, joint sets go first, then the
 * groups. */
static rad_status audit(maker *m, size_t class) {
    rad_permit *p = m->p;
    rad_class *k = &p->classes[class];
    bool isolates;
    rad_status status = rad_sets_isolate(&k->sets, p->cell, &isolates, m->error);
    if (status != RAD_OK || !isolates) return status;
    for (size_t b = 0; b < p->class_count; b++)
        p->joint[class * p->class_count + b] = p->joint[b * p->class_count + class] = false;
    rad_sets_free(&k->sets);
    status = rad_sets_add(&k->sets, k->present, m->error);
    memset(k->shown, 0, sizeof k->shown);
    for (size_t v = 0; v < m->c->count; v++)
        for (size_t f = 0; f < m->s->factor_count && p->of[v] == class; f++) {
            p->powers[(1 + f) * m->c->count + v] = 0;
            p->withheld++;
        }
    for (size_t v = 0; v < m->c->count; v++)
        if (p->of[v] == class) p->modelled[v] = p->repeated[v] = false;
    return status;
}

static size_t variable_of(const rad_cohort *c, const char *name) {
    size_t v = 0;
    while (v < c->count && strcmp(c->variables[v].name, name) != 0) v++;
    return v;
}

/* Part `which` of the patients by a column of the model: those of its level, and with the second level those
 * of the first; either side of a number of two values. False after the last part. */
static bool part_of(const maker *m, const rad_design *d, size_t column, size_t which, const uint64_t *rows,
                    uint64_t *set) {
    if (d->column[column].level) {
        if (which > (d->column[column].at == 1)) return false;
        level_set(m, d->column[column].of, which ? 0 : (int)d->column[column].at, rows, set);
        return true;
    }
    const size_t v = variable_of(m->c, d->column[column].name);
    if (which > 1 || v == m->c->count || !m->two[v]) return false;
    side_set(m, v, rows, which == 1, set);
    return true;
}

/* May the patients of a class who have every column of the model be summed over, and each part of them? */
static rad_status fit_class(maker *m, const rad_design *d, const uint64_t *complete, rad_class *k,
                            uint64_t *set, bool *fits) {
    const size_t words = m->c->words;
    uint64_t *rows = rad_new(words, sizeof *rows, m->error);
    if (!rows) return RAD_NO_MEMORY;
    rad_status status = RAD_OK;
    for (size_t w = 0; w < words; w++) rows[w] = complete[w] & k->present[w];
    *fits = true;
    for (int add = 0; add < 2; add++) {
        *fits = *fits && rad_sets_may_add(&k->sets, rows, m->p->cell);
        if (add && *fits) status = rad_sets_add(&k->sets, rows, m->error);
        for (size_t i = 0; i < d->count && status == RAD_OK; i++)
            for (size_t which = 0; status == RAD_OK && part_of(m, d, i, which, rows, set); which++) {
                if (rad_is_zero(set, words * sizeof *set)) continue;
                *fits = *fits && rad_sets_may_add(&k->sets, set, m->p->cell);
                if (add && *fits) status = rad_sets_add(&k->sets, set, m->error);
            }
    }
    rad_free(rows);
    return status;
}

/* Products of a variable with the numbers of the model, and whether all of these may leave themselves. */
static bool fit_variable(const maker *m, const rad_design *d, const double *columns, size_t v, double *room) {
    const rad_cohort *c = m->c;
    for (size_t i = 0; i < d->count; i++) {
        if (d->column[i].level) continue;
        const size_t own = variable_of(c, d->column[i].name);
        if (own == v || own == c->count || !m->p->powers[own]) return false;
        if (!rad_permit_product(m->p, c->values + v * c->rows, columns + i * c->rows, c->rows,
                                m->rules->dominance, room))
            return false;
    }
    return true;
}

static rad_status fit_all(maker *m, const rad_design *d, const double *columns, uint64_t *sets, double *room,
                          bool *fits) {
    const rad_cohort *c = m->c;
    rad_permit *p = m->p;
    rad_status status = RAD_OK;
    size_t some = 0;
    for (size_t r = 0; r < c->rows; r++) {
        bool all = true;
        for (size_t i = 0; i < d->count; i++) all = all && !isnan(columns[i * c->rows + r]);
        if (all) rad_bitset_add(sets, r);
    }
    for (size_t k = 0; k < p->class_count && status == RAD_OK; k++)
        status = fit_class(m, d, sets, &p->classes[k], sets + c->words, &fits[k]);
    for (size_t v = 0; v < c->count && status == RAD_OK; v++) {
        if (c->variables[v].kind != RAD_FEATURE || !p->powers[v]) continue;
        p->modelled[v] = fits[p->of[v]] && fit_variable(m, d, columns, v, room);
        some += p->modelled[v];
        p->withheld += !p->modelled[v];
    }
    if (status != RAD_OK || some) return status;
    return refuse(m, RAD_REFUSED, "model", "minimum_cell",
                  "the patients who have all its columns, or the levels among them, differ from other sets "
                  "by fewer than %zu. Leave a covariate out of `model`",
                  p->cell);
}

/* The columns of the model against the number of patients, and every sum that it needs. */
static rad_status allow_model(maker *m) {
    const rad_cohort *c = m->c;
    rad_design *d = rad_new(1, sizeof *d, m->error);
    rad_status status = d ? rad_design_make(m->s, d, m->error) : RAD_NO_MEMORY;
    if (status == RAD_OK && (double)d->count + 1 > m->rules->parameters * (double)c->rows) {
        status = refuse(m, RAD_REFUSED, "model", "parameters",
                        "%zu columns with the intercept for %zu patients; at most %g per patient. Leave "
                        "covariates out of `model`",
                        d->count + 1, c->rows, m->rules->parameters);
        rad_free(d);
        return status;
    }
    double *columns = d ? rad_new_raw((d->count + 1) * c->rows, sizeof *columns, m->error) : NULL;
    uint64_t *sets = rad_new(2 * c->words, sizeof *sets, m->error);
    bool *fits = rad_new(m->p->class_count, sizeof *fits, m->error);
    if (status == RAD_OK && (!columns || !sets || !fits)) status = RAD_NO_MEMORY;
    if (status == RAD_OK) {
        rad_cohort_columns(c, m->s, d, columns);
        status = fit_all(m, d, columns, sets, columns + d->count * c->rows, fits);
    }
    rad_free(d);
    rad_free(columns);
    rad_free(sets);
    rad_free(fits);
    return status;
}

static bool wants_model(const rad_study *s) {
    return s->model && s->analyses & RAD_ANALYSIS_MODEL;
}

void rad_repeats_rows(const rad_cohort *c, size_t occasions, size_t variable, uint64_t *rows) {
    memset(rows, 0, c->words * sizeof *rows);
    for (size_t r = 0; r < c->rows; r++) {
        bool all = true;
        for (size_t j = 0; j < occasions; j++)
            all = all && !isnan(c->occasions[(j * c->count + variable) * c->rows + r]);
        if (all) rad_bitset_add(rows, r);
    }
}

/* Values of every occasion and the differences of any two: sums of neither may be those of a few patients. */
static rad_status fit_repeats(maker *m, size_t v, const uint64_t *rows, double *x, bool *fits) {
    const rad_cohort *c = m->c;
    const size_t k = m->s->occasion_count;
    for (size_t j = 0; j < k; j++)
        for (size_t i = 0; i <= j && *fits; i++) { /* i = j: the values themselves */
            const double *a = c->occasions + (i * c->count + v) * c->rows,
                         *b = c->occasions + (j * c->count + v) * c->rows;
            size_t count = 0, moved = 0;
            for (size_t r = 0; r < c->rows; r++)
                if (rad_bitset_has(rows, r)) x[count++] = i < j ? b[r] - a[r] : b[r];
            rad_status status = rad_sort(x, count, m->error);
            if (status != RAD_OK) return status;
            for (size_t r = 0; r < count; r++) moved += x[r] != 0;
            if (i == j) moved = rad_dominance_others(x, count);
            *fits = rad_dominance_powers(x, count, m->rules->dominance) && !(moved && moved < m->p->cell);
        }
    return RAD_OK;
}

static rad_status allow_repeats(maker *m) {
    const rad_cohort *c = m->c;
    rad_permit *p = m->p;
    const size_t k = m->s->occasion_count;
    if ((double)k > m->rules->parameters * (double)c->rows)
        return refuse(m, RAD_REFUSED, "reliability", "parameters",
                      "%zu occasions for %zu patients; at most %g per patient", k, c->rows,
                      m->rules->parameters);
    uint64_t *rows = rad_new(c->words, sizeof *rows, m->error);
    double *x = rad_new_raw(c->rows, sizeof *x, m->error);
    rad_status status = rows && x ? RAD_OK : RAD_NO_MEMORY;
    for (size_t v = 0; v < c->count && status == RAD_OK; v++) {
        rad_class *class = &p->classes[p->of[v]];
        bool fits = p->powers[v] > 0;
        rad_repeats_rows(c, k, v, rows);
        fits = fits && rad_sets_may_add(&class->sets, rows, p->cell);
        if (fits) status = fit_repeats(m, v, rows, x, &fits);
        if (fits && status == RAD_OK) status = rad_sets_add(&class->sets, rows, m->error);
        p->repeated[v] = fits;
        p->withheld += !fits && p->powers[v];
    }
    rad_free(rows);
    rad_free(x);
    return status;
}

static rad_status make_lifetable(maker *m, size_t outcome) {
    return rad_lifetables_make(m->c, m->s, outcome, m->p->cell, &m->p->lifetables[outcome], &m->p->withheld,
                               m->error);
}

/* Do the life tables of this outcome and of those before tell of a few together? They may be of the same
 * times, on two grids, or of times that are the same for most (relapse, and death). */
static rad_status audit_lifetables(maker *m, size_t outcome, bool *isolates) {
    const rad_study *s = m->s;
    rad_status status = RAD_OK;
    *isolates = false;
    for (size_t f = 0; f <= s->factor_count && outcome; f++)
        for (int events = 0; events < 2 && !*isolates && status == RAD_OK; events++) {
            rad_sets sets = {.words = m->c->words};
            for (size_t i = 0; i <= outcome && status == RAD_OK; i++)
                status = rad_lifetables_sets(m->c, s, i, &m->p->lifetables[i], f, events, &sets, m->error);
            if (status == RAD_OK) status = rad_sets_isolate(&sets, m->p->cell, isolates, m->error);
            rad_sets_free(&sets);
        }
    return status;
}

static rad_status allow_outcome(maker *m, size_t outcome) {
    rad_lifetables *t = &m->p->lifetables[outcome];
    const char *name = m->s->survivals[outcome].name;
    bool isolates = false;
    rad_status status = make_lifetable(m, outcome);
    if (status == RAD_OK && !t->stratum[0].edges)
        return refuse(
            m, RAD_REFUSED, name, "minimum_cell",
            "has no time of its grid by which %zu patients had the event and %zu had not, and left and "
            "stayed: fewer could be told apart. Choose other times, or leave the outcome out",
            m->p->cell, m->p->cell);
    if (status == RAD_OK) status = audit_lifetables(m, outcome, &isolates);
    if (status != RAD_OK || !isolates) return status;
    for (size_t i = 0; i < t->strata; i++) rad_lifetable_free(&t->stratum[i]);
    return refuse(
        m, RAD_REFUSED, name, "minimum_cell",
        "would, with the outcomes before it, tell of fewer than %zu patients who differ in them. Leave one "
        "out, or give both the same grid of fewer times",
        m->p->cell);
}

static rad_status allow_survival(maker *m) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < m->s->survival_count && status == RAD_OK; i++) status = allow_outcome(m, i);
    return status;
}

static void hide_levels(maker *m, size_t factor) {
    const rad_cohort *c = m->c;
    const rad_factor *f = &m->s->factors[factor];
    uint64_t counts[RAD_FACTOR_LEVELS + 1] = {0};
    for (size_t r = 0; r < c->rows; r++) {
        const int8_t level = c->levels[factor * c->rows + r];
        counts[level < 0 ? f->levels : (size_t)level]++;
    }
    rad_suppress_row(counts, f->levels + 1, m->p->cell, m->p->hidden[factor]);
    for (size_t l = 0; l <= f->levels; l++) m->p->withheld += m->p->hidden[factor][l];
}

static rad_status apply_rules(maker *m) {
    const rad_cohort *c = m->c;
    rad_permit *p = m->p;
    rad_status status = RAD_OK;
    p->cell = (size_t)m->rules->cell;
    if (c->rows < p->cell)
        return refuse(m, RAD_REFUSED, "cohort", "minimum_cell", "%zu patients; %zu are needed", c->rows,
                      p->cell);
    m->verdict = rad_new(c->count, 1, m->error);
    m->order = rad_new(c->count, 1, m->error);
    m->two = rad_new(c->count, sizeof *m->two, m->error);
    if (!m->verdict || !m->order || !m->two) return RAD_NO_MEMORY;
    status = rad_parallel_try(c->count, m->threads, look_at, m, m->error);
    for (size_t v = 0; v < c->count && status == RAD_OK; v++) status = judge(m, v);
    for (size_t k = 0; k < p->class_count && status == RAD_OK; k++) {
        if (p->classes[k].size >= p->cell)
            status = rad_sets_add(&p->classes[k].sets, p->classes[k].present, m->error);
        for (size_t f = 0; f < m->s->factor_count && status == RAD_OK && p->classes[k].size >= p->cell; f++)
            if (m->s->factors[f].group && m->s->analyses & RAD_ANALYSIS_GROUPS)
                status = add_groups(m, &p->classes[k], f);
    }
    if (status == RAD_OK && m->s->analyses & RAD_ANALYSIS_GROUPS) status = add_group_powers(m);
    if (status == RAD_OK && m->s->analyses & RAD_ANALYSIS_COVARIANCE) status = allow_covariance(m);
    if (status == RAD_OK && p->covariance) status = join_classes(m);
    if (status == RAD_OK && wants_model(m->s)) status = allow_model(m);
    if (status == RAD_OK && m->s->analyses & RAD_ANALYSIS_RELIABILITY) status = allow_repeats(m);
    if (status == RAD_OK && m->s->analyses & RAD_ANALYSIS_SURVIVAL) status = allow_survival(m);
    for (size_t k = 0; k < p->class_count && status == RAD_OK; k++) status = audit(m, k);
    for (size_t f = 0; f < m->s->factor_count; f++) hide_levels(m, f);
    return status;
}

static rad_status allow_all(maker *m) {
    rad_permit *p = m->p;
    memset(p->powers, 4, (1 + m->s->factor_count) * m->c->count);
    memset(p->histogram, true, m->c->count);
    memset(p->joint, true, p->class_count * p->class_count);
    for (size_t k = 0; k < p->class_count; k++) memset(p->classes[k].shown, true, sizeof p->classes[k].shown);
    p->covariance = m->s->analyses & RAD_ANALYSIS_COVARIANCE;
    memset(p->repeated, (m->s->analyses & RAD_ANALYSIS_RELIABILITY) != 0, m->c->count);
    for (size_t v = 0; v < m->c->count; v++)
        p->modelled[v] = wants_model(m->s) && m->c->variables[v].kind == RAD_FEATURE;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < m->s->survival_count && m->s->analyses & RAD_ANALYSIS_SURVIVAL && status == RAD_OK;
         i++)
        status = make_lifetable(m, i);
    return status;
}

rad_status rad_permit_make(const rad_cohort *cohort, const rad_study *study, const rad_rules *rules,
                           int threads, rad_permit *permit, rad_error *error) {
    maker m = {.c = cohort, .s = study, .rules = rules, .p = permit, .threads = threads, .error = error};
    *permit = (rad_permit){.cell = 0};
    permit->of = rad_new(cohort->count, sizeof *permit->of, error);
    permit->powers = rad_new((1 + study->factor_count) * cohort->count, 1, error);
    permit->histogram = rad_new(cohort->count, 1, error);
    permit->modelled = rad_new(cohort->count, sizeof *permit->modelled, error);
    permit->repeated = rad_new(cohort->count, sizeof *permit->repeated, error);
    rad_status status =
        permit->of && permit->powers && permit->histogram && permit->modelled && permit->repeated
            ? RAD_OK
            : RAD_NO_MEMORY;
    for (size_t v = 0; v < cohort->count && status == RAD_OK; v++) status = classify(&m, v);
    size_t cells = 0;
    if (status == RAD_OK && !rad_multiply(permit->class_count, permit->class_count, &cells))
        status = RAD_NO_MEMORY;
    permit->joint = status == RAD_OK ? rad_new(cells, sizeof *permit->joint, error) : NULL;
    if (status == RAD_OK && !permit->joint) status = RAD_NO_MEMORY;
    if (status == RAD_OK && rules) status = apply_rules(&m);
    if (status == RAD_OK && !rules) status = allow_all(&m);
    rad_free(m.verdict);
    rad_free(m.order);
    rad_free(m.two);
    if (status != RAD_OK) rad_permit_free(permit);
    return status;
}

void rad_permit_free(rad_permit *p) {
    for (size_t k = 0; k < p->class_count; k++) {
        rad_free(p->classes[k].present);
        rad_sets_free(&p->classes[k].sets);
    }
    for (size_t i = 0; i < RAD_SURVIVALS_MAX; i++) rad_lifetables_free(&p->lifetables[i]);
    rad_free(p->classes);
    rad_free(p->of);
    rad_free(p->powers);
    rad_free(p->histogram);
    rad_free(p->modelled);
    rad_free(p->repeated);
    rad_free(p->joint);
    rad_free(p->refusals);
    *p = (rad_permit){.cell = 0};
}

bool rad_permit_product(const rad_permit *permit, const double *a, const double *b, size_t rows,
                        double dominance, double *room) {
    size_t count = 0;
    if (!permit->cell) return true;
    for (size_t r = 0; r < rows; r++)
        if (!isnan(a[r]) && !isnan(b[r])) room[count++] = a[r] * b[r];
    return rad_dominance_share(room, count, 0, 1) < dominance;
}
