#include "score_permit.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "counted.h"
#include "parts.h"
#include "told.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A score at work. */
typedef struct scoring {
    rad_permitting *m;
    const rad_performance *of;
    rad_scored scored;
    rad_score_permit *out;
    char name[RAD_NAME]; /* by which refusals call it */
    bool fits;           /* nothing was refused as yet */
} scoring;

static rad_status refuse(scoring *s, rad_rule rule, const char *words) {
    s->fits = false;
    return rad_permit_refuse(s->m, s->name, rule, "%s", words);
}

/* Who has score and outcome: as many as may be counted, with the event and without. */
static rad_status look_at_counts(scoring *s) {
    const rad_permit *p = s->m->permit;
    const rad_scored *x = &s->scored;
    const size_t words = s->m->cohort->words, events = rad_bitset_count(x->event, words);
    if (events < p->cell || x->count - events < p->cell) {
        s->fits = false;
        return rad_permit_here(
            s->m,
            rad_permit_refuse(
                s->m, s->name, RAD_RULE_CELL,
                "fewer than %zu patients with score and outcome have the event, or have it not. "
                "Leave the score out",
                p->cell),
            "%zu of %zu %s it", events, x->count, events == 1 ? "has" : "have");
    }
    if (x->count > RAD_CONCORDANCE_MAX)
        return refuse(s, RAD_RULE_CELL, "has more patients than are compared");
    const bool hidden = !s->of->timed && p->hidden[s->of->outcome][s->of->event];
    if (hidden || !rad_counted_fits(p, x->both) || !rad_counted_fits(p, x->event) ||
        !rad_counted_fits(p, x->other))
        return refuse(
            s, RAD_RULE_CELL,
            "score or outcome is missing of a few patients, or of a few of a level, or of another level "
            "that differs by a few, whose number would follow. Leave the score out, or these patients");
    return RAD_OK;
}

/* A probability is one, and taken as it is. */
static rad_status look_at_scale(scoring *s) {
    const rad_transform *t = &s->m->cohort->variables[s->scored.variable].transform;
    bool within = !t->logarithm && t->centre == 0;
    for (size_t i = 0; i < s->scored.count; i++)
        within = within && s->scored.x[i] >= 0 && s->scored.x[i] <= 1;
    if (within || !s->of->probability) return RAD_OK;
    s->fits = false;
    return rad_permit_refuse_as(
        s->m, RAD_CONFIG, s->name, "scale",
        "the score is no probability: it has values that are not from 0 to 1, a transform "
        "or a centre. Leave `scale: probability` out, or give the score as one");
}

/* Sums of the score over these patients, which ranks of theirs tell of as well: their sums of ranks are those
 * of the score as a variable of its own. */
static rad_status look_at_sums(scoring *s) {
    rad_permitting *m = s->m;
    rad_class *k = &m->permit->classes[m->permit->of[s->scored.variable]];
    rad_part part = rad_part_make(m->cohort);
    rad_audit_verdict verdict = RAD_AUDIT_FINE;
    bool fine = true;
    double *values = rad_new_raw(m->cohort->rows, sizeof *values, m->error);
    rad_status status = values ? rad_sets_add(&part.sets, s->scored.both, m->error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_sets_add(&part.sets, s->scored.event, m->error);
    if (status == RAD_OK) status = rad_part_admit(m, m->permit->of[s->scored.variable], &part, &verdict);
    if (status == RAD_OK) status = rad_part_add_remainders(k, &part.sets, m->error);
    if (status == RAD_OK && verdict == RAD_AUDIT_FINE)
        status = rad_part_look(m, s->scored.variable, &part.sets, values, &fine, m->error);
    rad_part_free(&part);
    rad_free(values);
    if (status != RAD_OK) return status;
    if (verdict == RAD_AUDIT_MANY)
        return refuse(
            s, RAD_RULE_ROWS,
            "with the groups of the study, too many sums of the score would leave for its patients. Leave "
            "groups or the score out");
    if (verdict != RAD_AUDIT_FINE)
        return refuse(
            s, RAD_RULE_CELL,
            "its patients with the event differ by a few from other sets over which sums leave. Leave the "
            "score out, or the group that is nearly the outcome");
    if (fine) return RAD_OK;
    return refuse(
        s, RAD_RULE_DOMINANCE,
        "of patients with the event, or without, a few make up the sum of the score, differ from the "
        "others or have one of few values. Leave the score out");
}

/* The order of scores tells outcomes where fewer pairs are out of order, or in order, than one patient can
 * be. */
static rad_status look_at_order(scoring *s) {
    rad_concordance c;
    rad_status status = rad_scored_concordance(&s->scored, &c, s->m->error);
    if (status != RAD_OK) return status;
    if (c.pairs && c.doubled >= 2 * c.most && 2 * c.pairs - c.doubled >= 2 * c.most) return RAD_OK;
    return refuse(
        s, RAD_RULE_CELL,
        "the score parts the outcomes so well, or so badly, that whoever knows its order would know the "
        "outcome of some patients. Leave the score out");
}

/* Two outcomes with times that differ in a few patients only: pairs that can be compared are theirs. */
static rad_status look_at_times(scoring *s) {
    const rad_cohort *c = s->m->cohort;
    const rad_study *study = s->m->study;
    rad_status status = RAD_OK;
    for (size_t i = 0; &study->performances[i] < s->of && s->fits && status == RAD_OK; i++) {
        const rad_performance *before = &study->performances[i];
        size_t differ = 0;
        rad_scored other = {0};
        if (!before->timed || !s->of->timed || before->outcome == s->of->outcome ||
            !s->m->permit->score_permits[i].shown)
            continue;
        status = rad_scored_make(c, before, &other, s->m->error);
        const size_t apart = rad_bitset_beyond(other.both, s->scored.both, c->words) +
                             rad_bitset_beyond(s->scored.both, other.both, c->words);
        if (status == RAD_OK && !apart)
            status = rad_concordance_differ(s->scored.time, s->scored.had, other.time, other.had, other.count,
                                            &differ, s->m->error);
        rad_scored_free(&other);
        differ += apart;
        if (status == RAD_OK && differ && differ < s->m->permit->cell)
            status =
                refuse(s, RAD_RULE_CELL,
                       "its outcome differs in a few patients from that of a score before: pairs would be "
                       "theirs. Leave one of both out");
    }
    return status;
}

/* Counts of all scores up to this one: do they tell of a few together? */
static rad_status look_together(const scoring *s, bool *isolates) {
    const rad_permitting *m = s->m;
    rad_sets sets = {.words = m->cohort->words};
    rad_status status = rad_scored_sets(m->cohort, &s->scored, s->out->edge, true, &sets, m->error);
    for (size_t i = 0; &m->study->performances[i] < s->of && status == RAD_OK; i++) {
        rad_scored other;
        if (!m->permit->score_permits[i].shown) continue;
        status = rad_scored_make(m->cohort, &m->study->performances[i], &other, m->error);
        if (status == RAD_OK)
            status =
                rad_scored_sets(m->cohort, &other, m->permit->score_permits[i].edge, true, &sets, m->error);
        rad_scored_free(&other);
    }
    *isolates = false;
    if (status == RAD_OK) status = rad_sets_isolate(&sets, m->permit->cell, isolates, m->error);
    rad_sets_free(&sets);
    return status;
}

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Do classes and powers of the score tell of how many have a value, of all, with the event or without? */
static rad_status look_at_values(const scoring *s, bool *fits) {
    const rad_cutting cutting = rad_scored_cutting(&s->scored, 0);
    const size_t n = s->scored.count;
    double *x = rad_new(n, sizeof *x, s->m->error);
    uint32_t *class = rad_new(n, sizeof *class, s->m->error);
    const bool fine = x && class;
    for (int which = 0; which < 3 && fine && *fits; which++) {
        size_t count = 0;
        for (size_t i = 0; i < n; i++)
            if (which == 2 || s->scored.had[i] == (which == 1)) x[count++] = s->scored.x[i];
        qsort(x, count, sizeof *x, by_value);
        for (size_t i = 0; i < count; i++) {
            class[i] = (uint32_t)rad_cutting_class(&cutting, x[i]);
            while (!s->out->edge[class[i]]) class[i]--;
        }
        *fits = rad_told_fits(&(rad_binned){x, class, count}, 2, s->m->permit->cell);
    }
    rad_free(x);
    rad_free(class);
    return fine ? RAD_OK : RAD_NO_MEMORY;
}

static size_t told_cuts(const scoring *s) {
    size_t count = 0;
    for (size_t k = 1; k <= s->of->cuts; k++) count += s->out->edge[k];
    return count;
}

static void drop_cuts(scoring *s) {
    s->m->permit->withheld += told_cuts(s);
    memset(s->out->edge + 1, 0, s->of->cuts * sizeof *s->out->edge);
}

/* Classes are sets of the score, too: other cuts of it, in this study and in others, are audited with them.
 */
static rad_status admit_classes(const scoring *s, bool *fits) {
    rad_part part = rad_part_make(s->m->cohort);
    rad_audit_verdict verdict = RAD_AUDIT_FINE;
    rad_status status =
        rad_scored_sets(s->m->cohort, &s->scored, s->out->edge, false, &part.sets, s->m->error);
    if (status == RAD_OK)
        status = rad_part_admit(s->m, s->m->permit->of[s->scored.variable], &part, &verdict);
    *fits = verdict == RAD_AUDIT_FINE;
    rad_part_free(&part);
    return status;
}

/* Classes of the score: cuts where enough patients lie on both sides, or none of them. */
static rad_status choose_cuts(scoring *s) {
    const rad_cutting cutting = rad_scored_cutting(&s->scored, s->m->permit->cell);
    size_t dropped = 0;
    bool fits = true, isolates = false;
    rad_status status = rad_cutting_choose(&cutting, s->out->edge, &dropped, s->m->error);
    s->m->permit->withheld += dropped;
    if (status == RAD_OK) status = look_at_values(s, &fits);
    if (status == RAD_OK && !fits) drop_cuts(s);
    if (status == RAD_OK) status = look_together(s, &isolates);
    if (status == RAD_OK && !isolates && told_cuts(s)) {
        status = admit_classes(s, &fits);
        if (status == RAD_OK && !fits) drop_cuts(s);
    }
    if (status == RAD_OK && isolates && told_cuts(s)) {
        drop_cuts(s);
        status = look_together(s, &isolates);
    }
    if (status != RAD_OK || !isolates) return status;
    return refuse(
        s, RAD_RULE_CELL,
        "its patients differ by a few from those of a score before, whose number would follow. Leave one of "
        "both out");
}

/* Sums of a probability in each class, which the audit has. */
static rad_status choose_sums(scoring *s) {
    rad_permitting *m = s->m;
    rad_sets sets = {.words = m->cohort->words};
    double *values = rad_new_raw(m->cohort->rows, sizeof *values, m->error);
    rad_status status = values ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK)
        status = rad_scored_sets(m->cohort, &s->scored, s->out->edge, false, &sets, m->error);
    if (status == RAD_OK)
        status =
            rad_part_add_remainders(&m->permit->classes[m->permit->of[s->scored.variable]], &sets, m->error);
    if (status == RAD_OK)
        status = rad_part_look(m, s->scored.variable, &sets, values, &s->out->predicted, m->error);
    m->permit->withheld += !s->out->predicted;
    rad_sets_free(&sets);
    rad_free(values);
    return status;
}

static rad_status judge(scoring *s) {
    rad_status status = RAD_OK;
    if (!s->m->permit->powers[s->scored.variable])
        return refuse(s, RAD_RULE_CELL, "sums of its score are held back, and so are its ranks");
    rad_status (*const looks[])(scoring *) = {look_at_scale, look_at_counts, look_at_sums,
                                              look_at_order, look_at_times,  choose_cuts};
    for (size_t i = 0; i < sizeof looks / sizeof looks[0] && s->fits && status == RAD_OK; i++)
        status = looks[i](s);
    if (status == RAD_OK && s->fits && s->of->probability) status = choose_sums(s);
    return status;
}

/* Where cuts of a score are told its histogram is not: both together would count who lies between. What has
 * the same order is the same. */
static rad_status hide_histograms(const rad_permitting *m, const rad_scored *scored) {
    const rad_cohort *c = m->cohort;
    rad_status status = RAD_OK;
    for (size_t v = 0; v < c->count && status == RAD_OK; v++) {
        bool alike = false;
        if (m->permit->uncounted[v] || !m->permit->powers[v]) continue;
        status = rad_scored_is_alike(c, scored, v, &alike, m->error);
        if (!alike) continue;
        m->permit->uncounted[v] = true;
        m->permit->withheld += rad_study_asks(m->study, RAD_HISTOGRAMS);
    }
    return status;
}

rad_status rad_score_permit_make(rad_permitting *m, size_t performance, bool rules) {
    const rad_performance *p = &m->study->performances[performance];
    scoring s = {.m = m, .of = p, .out = &m->permit->score_permits[performance], .fits = true};
    snprintf(s.name, sizeof s.name, "performance %s", p->name);
    s.out->edge = rad_new(p->cuts + 2, sizeof *s.out->edge, m->error);
    if (!s.out->edge) return RAD_NO_MEMORY;
    rad_status status = rad_scored_make(m->cohort, p, &s.scored, m->error);
    if (status == RAD_OK && rules) status = judge(&s);
    for (size_t k = 0; k < p->cuts + 2 && !rules; k++) s.out->edge[k] = s.out->predicted = true;
    s.out->shown = status == RAD_OK && s.fits;
    if (s.out->shown && rules && told_cuts(&s)) status = hide_histograms(m, &s.scored);
    rad_scored_free(&s.scored);
    return status;
}
