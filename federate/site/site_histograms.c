#include "site_analyses.h"

#include "../../core/parallel.h"
#include "computing.h"
#include "derived.h"
#include "intervals.h"

/* Sums of fourth powers go first, then the intervals: where both together tell of how many patients have some
 * value. */
static rad_status look_at(size_t variable, void *context, rad_error *error) {
    const rad_permitting *m = context;
    uint8_t *powers = &m->permit->powers[variable];
    rad_derived_bins bins;
    if (!*powers || !m->permit->cell) return RAD_OK;
    if (m->cohort->variables[variable].computed) { /* its source has one */
        m->permit->uncounted[variable] = true;
        return RAD_OK;
    }
    const rad_derived_of of = {m->cohort, m->study, m->permit, variable};
    rad_status status = rad_derived_count(&of, m->permit->cell, &bins, error);
    if (status != RAD_OK) return status;
    const size_t cell = m->permit->cell;
    if (bins.intervals) {
        if (*powers > 2 && !rad_derived_fits(&of, &bins, *powers, cell)) *powers = 2;
        bool fits = rad_derived_fits(&of, &bins, *powers, cell);
        status =
            rad_computed_counts_fit(m, variable, &(rad_binned){bins.x, bins.part, bins.count}, &fits, error);
        m->permit->uncounted[variable] = !fits;
    } else {
        m->permit->uncounted[variable] = bins.count >= cell;
    }
    rad_derived_bins_free(&bins);
    return status;
}

static rad_status permit(rad_permitting *m) {
    const size_t count = m->cohort->count;
    size_t four = 0;
    for (size_t v = 0; v < count; v++) four += m->permit->powers[v] == 4;
    rad_status status = rad_parallel_try(count, m->threads, look_at, m, m->error);
    for (size_t v = 0; v < count; v++) {
        four -= m->permit->powers[v] == 4;
        m->permit->withheld += m->permit->uncounted[v] && !m->cohort->variables[v].computed;
    }
    m->permit->withheld += four;
    return status == RAD_OK ? rad_intervals_permit(m) : status;
}

static rad_status count_variable(size_t v, void *context, rad_error *error) {
    const rad_summing *m = context;
    rad_summary_variable *to = &m->summary->variables[v];
    rad_derived_bins bins;
    if (!m->permit->powers[v] || m->permit->uncounted[v]) return RAD_OK;
    const rad_derived_of of = {m->cohort, m->study, m->permit, v};
    rad_status status = rad_derived_count(&of, m->permit->cell, &bins, error);
    if (status != RAD_OK) return status;
    to->counts = bins.counts;
    to->count_count = bins.intervals;
    bins.counts = NULL;
    for (size_t i = 0; i < to->count_count; i++)
        to->counts[i].count = rad_summarise_rounded(m, to->counts[i].count);
    to->counted = true;
    rad_derived_bins_free(&bins);
    return status;
}

static rad_status sum(const rad_summing *m) {
    return rad_summarise_each(m, count_variable);
}

const rad_site_analysis rad_site_histograms = {.permit = permit, .sum = sum};
