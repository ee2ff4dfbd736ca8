#include "site_analyses.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../core/parallel.h"
#include "left_out.h"

#include <string.h>

/* n and sums over the patients of a set who have a value. */
rad_status rad_summarise_set(const rad_summing *m, size_t variable, const uint64_t *set, unsigned powers,
                             rad_moments *out, rad_error *error) {
    const rad_cohort *c = m->cohort;
    const uint64_t *present = m->permit->classes[m->permit->of[variable]].present;
    uint64_t *rows = rad_new(c->words, sizeof *rows, error);
    if (!rows) return RAD_NO_MEMORY;
    for (size_t w = 0; w < c->words; w++) rows[w] = set ? set[w] & present[w] : present[w];
    out->powers = (uint8_t)powers;
    out->n = rad_bitset_count(rows, c->words);
    rad_status status =
        rad_exact_sum_powers(c->values + variable * c->rows, rows, c->rows, powers, out->sum, error);
    rad_free(rows);
    return status;
}

uint64_t rad_summarise_rounded(const rad_summing *m, uint64_t count) {
    const uint64_t to = m->permit->cell ? (uint64_t)m->rules->round : 0;
    return to ? (count + to / 2) / to * to : count;
}

rad_status rad_summarise_each(const rad_summing *m, rad_attempt *body) {
    rad_status status = rad_parallel_try(m->cohort->count, m->threads, body, (void *)m, NULL);
    return status == RAD_OK ? status : rad_fail(m->error, status, "out of memory: a summary");
}

static void copy_variables(const rad_summing *m) {
    for (size_t v = 0; v < m->cohort->count; v++) {
        const rad_variable *from = &m->cohort->variables[v];
        rad_summary_variable *to = &m->summary->variables[v];
        memcpy(to->name, from->name, sizeof to->name);
        memcpy(to->definition, from->definition, sizeof to->definition);
        memcpy(to->unit, from->unit, sizeof to->unit);
        to->kind = from->kind;
        to->centre = from->transform.centre;
        to->logarithm = from->transform.logarithm;
        to->step = from->transform.step;
        to->grid = from->transform.grid;
        to->panel = -1;
    }
}

static void count_levels(const rad_summing *m) {
    const rad_cohort *c = m->cohort;
    for (size_t f = 0; f < m->study->factor_count; f++) {
        const size_t levels = m->study->factors[f].levels;
        int64_t *to = m->summary->levels + f * (RAD_FACTOR_LEVELS + 1);
        for (size_t r = 0; r < c->rows; r++) {
            const int8_t level = c->levels[f * c->rows + r];
            to[level < 0 ? levels : (size_t)level]++;
        }
        for (size_t l = 0; l <= levels; l++)
            to[l] = m->permit->hidden[f][l] ? -1 : (int64_t)rad_summarise_rounded(m, (uint64_t)to[l]);
    }
}

static rad_status copy_head(const rad_summing *m) {
    const rad_cohort *c = m->cohort;
    rad_summary *out = m->summary;
    memcpy(out->study_hash, m->study->hash, sizeof out->study_hash);
    strncpy(out->study, m->study->id, sizeof out->study - 1);
    strncpy(out->engine, "radiomill " RAD_VERSION, sizeof out->engine - 1);
    memcpy(out->settings, c->settings, sizeof out->settings);
    if (m->rules) out->rules = *m->rules;
    out->rows = c->rows;
    out->excluded = (int64_t)c->excluded;
    out->repeats = (int64_t)c->repeats;
    out->unmatched = (int64_t)c->unmatched;
    out->incomplete = (int64_t)c->incomplete;
    for (size_t i = 0; i < RAD_CODES; i++) out->failures[i] = (int64_t)c->failures[i];
    out->withheld = m->permit->withheld;
    out->refused = m->permit->refusal_count;
    out->refusals = rad_new(m->permit->refusal_count, sizeof *out->refusals, m->error);
    if (!out->refusals) return RAD_NO_MEMORY;
    if (out->refused) memcpy(out->refusals, m->permit->refusals, out->refused * sizeof *out->refusals);
    return RAD_OK;
}

rad_status rad_summarise(const rad_cohort *cohort, const rad_study *study, const rad_rules *rules,
                         const rad_permit *permit, int threads, rad_summary *summary, rad_error *error) {
    const rad_summing m = {cohort, study, rules, permit, summary, threads, error};
    *summary = (rad_summary){.release = 1};
    rad_status status = rad_summary_allocate(summary, study, cohort->count, error);
    if (status == RAD_OK) status = copy_head(&m);
    if (status == RAD_OK) {
        copy_variables(&m);
        count_levels(&m);
    }
    for (size_t i = 0; i < RAD_ANALYSES && status == RAD_OK; i++)
        if (rad_site_analyses_asked(study, i) && rad_site_analyses[i]->sum)
            status = rad_site_analyses[i]->sum(&m);
    if (status == RAD_OK && rules) rad_left_out_judge(cohort, study, rules, summary);
    if (status != RAD_OK) rad_summary_free(summary);
    return status;
}
