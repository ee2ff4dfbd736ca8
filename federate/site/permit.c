#include "site_analyses.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../core/printable.h"
#include "computing.h"
#include "counted.h"
#include "derived.h"
#include "suppress.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static rad_status refuse(rad_permitting *m, rad_status code, const char *what, const char *rule,
                         const char *format, va_list list) {
    rad_permit *p = m->permit;
    rad_status status =
        rad_grow(&p->refusals, p->refusal_count, &p->refusal_capacity, sizeof *p->refusals, m->error);
    if (status != RAD_OK) return status;
    rad_refusal *r = &p->refusals[p->refusal_count++];
    *r = (rad_refusal){.status = code};
    snprintf(r->what, sizeof r->what, "%s", what);
    snprintf(r->rule, sizeof r->rule, "%s", rule);
    vsnprintf(r->words, sizeof r->words, format, list);
    return RAD_OK;
}

rad_status rad_permit_refuse(rad_permitting *m, const char *what, rad_rule rule, const char *format, ...) {
    va_list list;
    va_start(list, format);
    rad_status status = refuse(m, RAD_REFUSED, what, rad_rule_rows[rule].key.name, format, list);
    va_end(list);
    return status;
}

rad_status rad_permit_refuse_as(rad_permitting *m, rad_status code, const char *what, const char *why,
                                const char *format, ...) {
    va_list list;
    va_start(list, format);
    rad_status status = refuse(m, code, what, why, format, list);
    va_end(list);
    return status;
}

rad_status rad_permit_here(rad_permitting *m, rad_status status, const char *format, ...) {
    rad_refusal *r = status == RAD_OK ? &m->permit->refusals[m->permit->refusal_count - 1] : NULL;
    va_list list;
    if (!r) return status;
    va_start(list, format);
    const int used = snprintf(r->here, sizeof r->here, " (here ");
    vsnprintf(r->here + used, sizeof r->here - (size_t)used - 1, format, list);
    va_end(list);
    memcpy(r->here + strlen(r->here), ")", sizeof ")"); /* for which a byte was left */
    return status;
}

/* The class of variables that are present where this one is. */
static rad_status classify(rad_permitting *m, size_t variable) {
    const rad_cohort *c = m->cohort;
    rad_permit *p = m->permit;
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
            status = rad_grow(&p->classes, k, &p->class_capacity, sizeof *p->classes, m->error);
        if (status == RAD_OK) {
            p->classes[p->class_count++] = (rad_class){.present = present,
                                                       .size = rad_bitset_count(present, c->words),
                                                       .sets = {.words = c->words},
                                                       .audit = {.patients = c->rows},
                                                       .pattern = RAD_PATTERNS_MAX};
            return RAD_OK;
        }
    }
    rad_free(present);
    return status;
}

static void hide_levels(rad_permitting *m, size_t factor) {
    const rad_cohort *c = m->cohort;
    const rad_factor *f = &m->study->factors[factor];
    uint64_t counts[RAD_FACTOR_LEVELS + 1] = {0};
    for (size_t r = 0; r < c->rows; r++) {
        const int8_t level = c->levels[factor * c->rows + r];
        counts[level < 0 ? f->levels : (size_t)level]++;
    }
    rad_suppress_row(counts, f->levels + 1, m->permit->cell, m->permit->hidden[factor]);
    for (size_t l = 0; l <= f->levels; l++) m->permit->withheld += m->permit->hidden[factor][l];
}

static rad_status apply_rules(rad_permitting *m) {
    rad_permit *p = m->permit;
    rad_status status = RAD_OK;
    p->cell = (size_t)m->rules->cell;
    if (m->cohort->rows < p->cell)
        return rad_permit_refuse(m, "cohort", RAD_RULE_CELL, "has %zu patient%s; %zu are needed",
                                 m->cohort->rows, rad_plural(m->cohort->rows), p->cell);
    for (size_t f = 0; f < m->study->factor_count; f++) hide_levels(m, f);
    status = rad_counted_make(m);
    for (size_t i = 0; i < RAD_ANALYSES && status == RAD_OK; i++) {
        if (!rad_site_analyses_asked(m->study, i) || !rad_site_analyses[i]->permit) continue;
        for (size_t k = 0; k < p->class_count; k++) p->classes[k].before = p->classes[k].sets.count;
        status = rad_site_analyses[i]->permit(m);
        if (status == RAD_OK && i == RAD_MOMENTS) status = rad_derived_permit(m);
        if (status == RAD_OK && i == RAD_MOMENTS) status = rad_computed_permit(m);
    }
    return status;
}

static rad_status allow_all(rad_permitting *m) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < RAD_ANALYSES && status == RAD_OK; i++)
        if (rad_site_analyses_asked(m->study, i) && rad_site_analyses[i]->allow_all)
            status = rad_site_analyses[i]->allow_all(m);
    return status;
}

static rad_status allocate(rad_permit *p, const rad_cohort *c, const rad_study *study, rad_error *error) {
    p->of = rad_new(c->count, sizeof *p->of, error);
    p->powers = rad_new((1 + study->factor_count) * c->count, 1, error);
    p->scores = rad_new(c->count, sizeof *p->scores, error);
    p->uncounted = rad_new(c->count, sizeof *p->uncounted, error);
    p->panel = rad_new(c->count, sizeof *p->panel, error);
    p->apart = rad_new(c->count, sizeof *p->apart, error);
    p->unjoined = rad_new(c->count, sizeof *p->unjoined, error);
    bool fine = p->of && p->powers && p->scores && p->uncounted && p->panel && p->apart && p->unjoined;
    for (size_t v = 0; v < c->count && fine; v++) p->panel[v] = c->variables[v].covariance;
    for (size_t i = 0; i < RAD_ANALYSES; i++) {
        if (!rad_analyses[i].cells) continue;
        p->blocks[i] = rad_new(c->count, sizeof *p->blocks[i], error);
        fine = fine && p->blocks[i];
    }
    return fine ? RAD_OK : RAD_NO_MEMORY;
}

rad_status rad_permit_make(const rad_cohort *cohort, const rad_study *study, const rad_rules *rules,
                           int threads, rad_permit *permit, rad_error *error) {
    rad_permitting m = {cohort, study, rules, permit, threads, error};
    size_t cells = 0;
    *permit = (rad_permit){.cell = 0};
    rad_status status = allocate(permit, cohort, study, error);
    for (size_t v = 0; v < cohort->count && status == RAD_OK; v++) status = classify(&m, v);
    if (status == RAD_OK && !rad_multiply(permit->class_count, permit->class_count, &cells))
        status = RAD_NO_MEMORY;
    permit->joint = status == RAD_OK ? rad_new(cells, sizeof *permit->joint, error) : NULL;
    if (status == RAD_OK && !permit->joint) status = RAD_NO_MEMORY;
    if (status == RAD_OK) status = rules ? apply_rules(&m) : allow_all(&m);
    if (status != RAD_OK) rad_permit_free(permit);
    return status;
}

void rad_permit_free(rad_permit *p) {
    for (size_t k = 0; k < p->class_count; k++) {
        rad_free(p->classes[k].present);
        rad_sets_free(&p->classes[k].sets);
        rad_free(p->classes[k].scored);
        rad_free(p->classes[k].weight);
        rad_sets_free(&p->classes[k].weighed);
        rad_audit_free(&p->classes[k].audit);
    }
    for (size_t i = 0; i < RAD_SURVIVALS_MAX; i++) rad_lifetables_free(&p->lifetables[i]);
    for (size_t i = 0; i < RAD_PERFORMANCES_MAX; i++) rad_free(p->score_permits[i].edge);
    rad_free(p->classes);
    rad_free(p->of);
    rad_free(p->powers);
    rad_free(p->scores);
    rad_free(p->uncounted);
    rad_free(p->panel);
    rad_free(p->apart);
    rad_free(p->unjoined);
    for (size_t i = 0; i < RAD_ANALYSES; i++) rad_free(p->blocks[i]);
    rad_free(p->ranked);
    rad_free(p->joint);
    rad_free(p->refusals);
    rad_sets_free(&p->counted);
    *p = (rad_permit){.cell = 0};
}
