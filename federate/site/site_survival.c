#include "site_analyses.h"

#include <stdio.h>
#include <string.h>

static rad_status make_lifetable(rad_permitting *m, size_t outcome) {
    const rad_lifetable_limits limits = {m->permit->cell, m->permit->hidden};
    return rad_lifetables_make(m->cohort, m->study, outcome, limits, &m->permit->lifetables[outcome],
                               &m->permit->withheld, m->error);
}

/* Do the life tables of this outcome and of those before tell of a few together? They may be of the same
 * times, on two grids, or of times that are the same for most (relapse, and death). */
static rad_status audit_lifetables(rad_permitting *m, size_t outcome, bool *isolates) {
    const rad_study *s = m->study;
    rad_status status = RAD_OK;
    *isolates = false;
    for (size_t f = 0; f <= s->factor_count && outcome; f++)
        for (int events = 0; events < 2 && !*isolates && status == RAD_OK; events++) {
            rad_sets sets = {.words = m->cohort->words};
            for (size_t i = 0; i <= outcome && status == RAD_OK; i++)
                status = rad_lifetables_sets(m->cohort, s, (rad_lifetable_part){i, f, events == 1},
                                             &m->permit->lifetables[i], &sets, m->error);
            if (status == RAD_OK) status = rad_sets_isolate(&sets, m->permit->cell, isolates, m->error);
            rad_sets_free(&sets);
        }
    return status;
}

static rad_status refuse_without(rad_permitting *m, const char *name, size_t without) {
    return rad_permit_here(
        m,
        rad_permit_refuse(
            m, name, RAD_RULE_CELL,
            "has no time or no event for a few patients (fewer than %zu), whose number would "
            "follow. Give those of whom nothing is known the time 0 and the event 0, or leave the "
            "outcome out",
            m->permit->cell),
        "%zu %s none", without, without == 1 ? "has" : "have");
}

static rad_status allow_outcome(rad_permitting *m, size_t outcome) {
    rad_lifetables *t = &m->permit->lifetables[outcome];
    const char *name = m->study->survivals[outcome].name;
    const size_t without = rad_lifetables_without(m->cohort, outcome);
    bool isolates = false;
    rad_status status = make_lifetable(m, outcome); /* withheld where few have no time */
    if (status == RAD_OK && without && without < m->permit->cell) return refuse_without(m, name, without);
    if (status == RAD_OK && !t->stratum[0].edges)
        return rad_permit_refuse(
            m, name, RAD_RULE_CELL,
            "has no time of its grid by which %zu patients had the event and %zu had not, and left and "
            "stayed: fewer could be told apart. Choose other times, or leave the outcome out",
            m->permit->cell, m->permit->cell);
    if (status == RAD_OK) status = audit_lifetables(m, outcome, &isolates);
    if (status != RAD_OK || !isolates) return status;
    for (size_t i = 0; i < t->strata; i++) rad_lifetable_free(&t->stratum[i]);
    return rad_permit_refuse(m, name, RAD_RULE_CELL,
                             "would, with the outcomes before it, reveal fewer than %zu patients who differ "
                             "in them. Leave one out, or give both the same grid of fewer times",
                             m->permit->cell);
}

static rad_status permit(rad_permitting *m) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < m->study->survival_count && status == RAD_OK; i++) status = allow_outcome(m, i);
    return status;
}

static rad_status allow_all(rad_permitting *m) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < m->study->survival_count && status == RAD_OK; i++) status = make_lifetable(m, i);
    return status;
}

/* The counts of the permit, rounded where the rules want it. */
static rad_status copy_lifetables(const rad_summing *m, size_t outcome) {
    const rad_lifetables *all = &m->permit->lifetables[outcome];
    rad_lifetables *out = &m->summary->lifetables[outcome];
    rad_status status = rad_lifetables_allocate(out, all->strata, m->error);
    for (size_t i = 0; i < all->strata && status == RAD_OK; i++) {
        const rad_lifetable *from = &all->stratum[i];
        if (!from->edges) continue;
        status = rad_lifetable_allocate(&out->stratum[i], from->edges, m->error);
        if (status != RAD_OK) break;
        memcpy(out->stratum[i].edge, from->edge, from->edges * sizeof *from->edge);
        for (size_t k = 0; k < rad_lifetable_cells(from->edges); k++)
            out->stratum[i].counts[k] = rad_summarise_rounded(m, from->counts[k]);
        status = rad_lifetable_allocate_causes(&out->stratum[i], from->causes, m->error);
        for (size_t k = 0; k < from->causes * (from->edges - 1) && status == RAD_OK; k++)
            out->stratum[i].cause[k] = rad_summarise_rounded(m, from->cause[k]);
    }
    return status;
}

static rad_status sum(const rad_summing *m) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < m->study->survival_count && status == RAD_OK; i++) status = copy_lifetables(m, i);
    return status;
}

/* All life tables by one factor with those of all patients: by each factor, then by none; the times at which
 * patients left, and their events. */
static rad_status audit(const rad_cohort *c, const rad_study *s, const rad_permit *p, size_t which,
                        rad_audited *out, rad_error *error) {
    const rad_factor *f = which / 2 < s->factor_count ? &s->factors[which / 2] : NULL;
    rad_status status = RAD_OK;
    *out = (rad_audited){.sets = {.words = c->words}};
    if (which / 2 > s->factor_count) return RAD_OK;
    snprintf(out->name, sizeof out->name, "%s%s%s", which % 2 ? "events" : "times", f ? " by " : "",
             f ? f->name : "");
    for (size_t i = 0; i < s->survival_count && status == RAD_OK; i++)
        status = rad_lifetables_sets(c, s, (rad_lifetable_part){i, which / 2, which % 2 == 1},
                                     &p->lifetables[i], &out->sets, error);
    return status;
}

const rad_site_analysis rad_site_survival = {
    .permit = permit, .allow_all = allow_all, .sum = sum, .audit = audit};
