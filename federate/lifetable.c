#include "lifetable.h"

#include "../core/memory.h"

#include <string.h>

size_t rad_lifetable_cells(size_t edges) {
    return edges ? 2 * (edges - 1) + 1 : 0;
}

size_t rad_lifetable_strata(const rad_study *s, size_t outcome) {
    size_t strata = 1;
    for (size_t f = 0; f < s->factor_count; f++)
        strata += s->survivals[outcome].by[f] ? s->factors[f].levels : 0;
    return strata;
}

size_t rad_lifetable_stratum(const rad_study *s, size_t outcome, size_t factor, size_t level) {
    size_t stratum = 1;
    if (!s->survivals[outcome].by[factor]) return 0;
    for (size_t f = 0; f < factor; f++) stratum += s->survivals[outcome].by[f] ? s->factors[f].levels : 0;
    return stratum + level;
}

rad_status rad_lifetable_allocate(rad_lifetable *t, size_t edges, rad_error *error) {
    t->edge = rad_new(edges, sizeof *t->edge, error);
    t->counts = rad_new(rad_lifetable_cells(edges), sizeof *t->counts, error);
    t->edges = t->edge && t->counts ? edges : 0;
    return t->edges == edges ? RAD_OK : RAD_NO_MEMORY;
}

rad_status rad_lifetable_allocate_causes(rad_lifetable *t, size_t causes, rad_error *error) {
    if (!causes || !t->edges) return RAD_OK;
    t->cause = rad_new(t->edges - 1, causes * sizeof *t->cause, error);
    t->causes = t->cause ? causes : 0;
    return t->cause ? RAD_OK : RAD_NO_MEMORY;
}

rad_status rad_lifetables_allocate(rad_lifetables *t, size_t strata, rad_error *error) {
    t->stratum = rad_new(strata, sizeof *t->stratum, error);
    t->strata = t->stratum ? strata : 0;
    return t->stratum ? RAD_OK : RAD_NO_MEMORY;
}

void rad_lifetable_free(rad_lifetable *t) {
    rad_free(t->edge);
    rad_free(t->counts);
    rad_free(t->cause);
    *t = (rad_lifetable){.edges = 0};
}

void rad_lifetables_free(rad_lifetables *t) {
    for (size_t i = 0; t->stratum && i < t->strata; i++) rad_lifetable_free(&t->stratum[i]);
    rad_free(t->stratum);
    *t = (rad_lifetables){.strata = 0};
}

/* What of the sites has part in a sum. */
typedef struct joining {
    rad_joining of;
    bool *used, *trial; /* [site] */
    bool taken[RAD_TIMES_MAX];
    uint64_t *patients;
    bool *has; /* [site][RAD_TIMES_MAX]: edges that all its strata have */
} joining;

static void begin_site(joining *j, size_t i) {
    size_t with[RAD_TIMES_MAX] = {0};
    const rad_joining *of = &j->of;
    j->used[i] = of->first + of->count <= of->tables[i]->strata;
    for (size_t s = of->first; s < of->first + of->count && j->used[i]; s++) {
        const rad_lifetable *t = &of->tables[i]->stratum[s];
        j->used[i] = t->edges > 0;
        for (size_t e = 0; e < t->edges; e++) with[t->edge[e]]++;
        for (size_t c = 0; c < rad_lifetable_cells(t->edges); c++) j->patients[i] += t->counts[c];
    }
    for (size_t e = 0; e < RAD_TIMES_MAX; e++) j->has[i * RAD_TIMES_MAX + e] = with[e] == of->count;
    j->used[i] = j->used[i] && j->patients[i];
}

/* Patients of the sites that are left and have the edge. */
static uint64_t patients_with(const joining *j, size_t edge) {
    uint64_t n = 0;
    for (size_t i = 0; i < j->of.sites; i++)
        n += j->trial[i] && j->has[i * RAD_TIMES_MAX + edge] ? j->patients[i] : 0;
    return n;
}

static size_t count_sites(const joining *j, const bool *which) {
    size_t count = 0;
    for (size_t i = 0; i < j->of.sites; i++) count += which[i];
    return count;
}

static size_t sites_with(const joining *j, size_t edge) {
    size_t count = 0;
    for (size_t i = 0; i < j->of.sites; i++) count += j->trial[i] && j->has[i * RAD_TIMES_MAX + edge];
    return count;
}

/* The edge of most patients that is not taken, of sites enough; 0 when no more than *most of them have one.
 */
static size_t next_edge(const joining *j, uint64_t *most) {
    size_t best = 0;
    for (size_t e = 1; e < RAD_TIMES_MAX; e++) {
        const uint64_t n = j->taken[e] ? 0 : patients_with(j, e);
        if (n <= *most || sites_with(j, e) < j->of.least) continue;
        *most = n;
        best = e;
    }
    return best;
}

/* Takes edges in turn, while the sites that have them all are enough, with more than half of the patients.
 * The beginning of this list with the most intervals times patients is kept: j->used are its sites, edge[i]
 * tells its edges. Returns how many. */
static size_t common_edges(joining *j, bool *edge) {
    size_t count = 1;
    uint64_t best = 0;
    memcpy(j->trial, j->used, j->of.sites * sizeof *j->trial);
    memset(edge, 0, RAD_TIMES_MAX * sizeof *edge);
    edge[0] = j->taken[0] = true;
    const uint64_t half = patients_with(j, 0) / 2;
    for (size_t intervals = 1;; intervals++) {
        uint64_t n = half;
        const size_t e = next_edge(j, &n);
        if (!e) return count;
        j->taken[e] = true;
        for (size_t i = 0; i < j->of.sites; i++) j->trial[i] = j->trial[i] && j->has[i * RAD_TIMES_MAX + e];
        if (n * intervals <= best) continue;
        best = n * intervals;
        count = intervals + 1;
        memcpy(j->used, j->trial, j->of.sites * sizeof *j->used);
        memcpy(edge, j->taken, sizeof j->taken);
    }
}

/* Adds a table to one of coarser edges, of the same causes. */
static void add_table(const rad_lifetable *from, rad_lifetable *to) {
    const size_t cells = rad_lifetable_cells(to->edges);
    bool some = false;
    for (size_t i = 0; i < rad_lifetable_cells(from->edges); i++) some = some || from->counts[i];
    to->sites += some;
    const uint64_t *x = from->counts;
    size_t interval = 0;
    for (size_t i = 0; i + 1 < from->edges; i++, x += 2) {
        while (interval + 1 < to->edges && from->edge[i + 1] > to->edge[interval + 1]) interval++;
        const bool inside = interval + 1 < to->edges;
        to->counts[inside ? 2 * interval : cells - 1] += x[0];
        to->counts[inside ? 2 * interval + 1 : cells - 1] += x[1];
        for (size_t c = 0; c < to->causes && inside; c++)
            to->cause[interval * to->causes + c] += from->cause[i * to->causes + c];
    }
    to->counts[cells - 1] += *x;
}

static rad_status add_up(joining *j, rad_lifetable *out, size_t *sites, rad_error *error) {
    bool common[RAD_TIMES_MAX];
    const size_t kept = common_edges(j, common);
    rad_status status = RAD_OK;
    *sites = count_sites(j, j->used);
    if (*sites < j->of.least || !*sites) return RAD_OK;
    for (size_t s = 0; s < j->of.count && status == RAD_OK; s++) {
        status = rad_lifetable_allocate(&out[s], kept, error);
        for (size_t i = 0; i < j->of.sites && status == RAD_OK && !out[s].causes; i++)
            if (j->used[i])
                status = rad_lifetable_allocate_causes(
                    &out[s], j->of.tables[i]->stratum[j->of.first + s].causes, error);
        for (size_t e = 0, at = 0; e < RAD_TIMES_MAX && status == RAD_OK; e++)
            if (common[e]) out[s].edge[at++] = (uint16_t)e;
        for (size_t i = 0; i < j->of.sites && status == RAD_OK; i++)
            if (j->used[i]) add_table(&j->of.tables[i]->stratum[j->of.first + s], &out[s]);
    }
    return status;
}

rad_status rad_lifetables_join(const rad_joining *of, rad_lifetable *out, size_t *sites, rad_error *error) {
    joining j = {.of = *of};
    j.used = rad_new(of->sites, sizeof *j.used, error);
    j.trial = rad_new(of->sites, sizeof *j.trial, error);
    j.patients = rad_new(of->sites, sizeof *j.patients, error);
    j.has = rad_new(of->sites, RAD_TIMES_MAX * sizeof *j.has, error);
    rad_status status = j.used && j.trial && j.patients && j.has ? RAD_OK : RAD_NO_MEMORY;
    *sites = 0;
    memset(out, 0, of->count * sizeof *out);
    for (size_t i = 0; i < of->sites && status == RAD_OK; i++) begin_site(&j, i);
    if (status == RAD_OK) status = add_up(&j, out, sites, error);
    rad_free(j.used);
    rad_free(j.trial);
    rad_free(j.patients);
    rad_free(j.has);
    return status;
}
