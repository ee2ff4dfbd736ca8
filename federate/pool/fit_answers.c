#include "fit.h"

#include "../../core/memory.h"
#include "../../core/printable.h"

#include <math.h>
#include <string.h>

static const rad_round_sums *answer_of(const rad_fit_answers *a, const char *site) {
    for (size_t i = 0; i < a->count; i++)
        if (!strcmp(a->sums[i].site, site)) return &a->sums[i];
    return NULL;
}

static rad_status impossible(const rad_round_sums *s, const char *what, rad_error *error) {
    return rad_fail(error, RAD_UNTRUSTED,
                    "site %s: round %u has sums that no patients can have (%s); ask the site", s->site,
                    s->round, what);
}

/* An information is that of weights above 0, a likelihood one of probabilities. */
static rad_status check_cells(const rad_rounds_fit *f, const rad_round_sums *s, size_t point,
                              rad_error *error) {
    const size_t c = rad_round_columns(&f->state);
    const rad_round_cells *cells = &s->points[point];
    const rad_model_family family = f->model->family;
    if (family != RAD_MODEL_POISSON && rad_exact_double(&cells->sums[0]) > 1e-6)
        return impossible(s, "a likelihood above 1", error);
    for (size_t k = 0; k < cells->count; k++)
        if (!(fabs(rad_exact_double(&cells->sums[k])) < 1e300)) return impossible(s, "beyond range", error);
    if (f->state.points[point].ask == RAD_ASK_ORDER && !rad_fit_order_is_possible(f, s, point))
        return impossible(s, "pairs in order, or their calibration", error);
    if (f->state.points[point].ask != RAD_ASK_INFORMATION) return RAD_OK;
    for (size_t j = 0; j < c; j++) {
        const double jj = rad_exact_double(&cells->sums[rad_round_information_cell(c, j, j)]);
        if (!(jj >= 0)) return impossible(s, "a negative information", error);
        for (size_t l = 0; l < j; l++) {
            const double ll = rad_exact_double(&cells->sums[rad_round_information_cell(c, l, l)]),
                         lj = rad_exact_double(&cells->sums[rad_round_information_cell(c, l, j)]);
            if (lj * lj > jj * ll * (1 + 1e-6) + 1e-12)
                return impossible(s, "terms that correlate beyond 1", error);
        }
    }
    if (f->state.intercept && family == RAD_MODEL_LOGISTIC &&
        rad_exact_double(&cells->sums[rad_round_information_cell(c, 0, 0)]) >
            (double)s->patients / 4 * (1 + 1e-9))
        return impossible(s, "more information than patients", error);
    return RAD_OK;
}

static rad_status check_answer(const rad_rounds_fit *f, const rad_round_sums *s, rad_error *error) {
    rad_status status = RAD_OK;
    if (s->events > s->patients) return impossible(s, "more events than patients", error);
    for (size_t i = 0; i < f->site_count; i++)
        if (!strcmp(f->sites[i].name, s->site) &&
            (f->sites[i].patients != (double)s->patients || f->sites[i].events != (double)s->events))
            return impossible(s, "other patients than in the rounds before", error);
    for (size_t i = 0; i < s->point_count && status == RAD_OK; i++)
        if (s->points[i].count) status = check_cells(f, s, i, error);
    return status;
}

/* The sites of the first round are those of the model. */
static rad_status take_sites(rad_rounds_fit *f, const rad_fit_answers *a, rad_error *error) {
    rad_free(f->sites);
    f->sites = rad_new(a->count, sizeof *f->sites, error);
    if (!f->sites) return RAD_NO_MEMORY;
    for (; f->site_count < a->count; f->site_count++) {
        const rad_round_sums *s = &a->sums[f->site_count];
        rad_fit_site *to = &f->sites[f->site_count];
        memcpy(to->name, s->site, sizeof to->name);
        to->patients = (double)s->patients;
        to->events = (double)s->events;
        to->saturated = rad_exact_double(&s->saturated);
    }
    return RAD_OK;
}

/* Tracks without a site that has gone are of no use; what was found with it is not that of the others. */
static void leave_out(rad_rounds_fit *f, const char *site) {
    size_t kept = 0;
    for (size_t i = 0; i < f->track_count; i++) {
        rad_fit_track *t = &f->tracks[i];
        if (!strcmp(t->without, site)) {
            rad_free(t->curvature);
            rad_free(t->start);
            continue;
        }
        if (!rad_fit_asks(t)) {
            t->phase = RAD_FIT_SEARCH;
            memcpy(t->trial, t->base, sizeof t->trial);
        }
        if (*t->without && rad_fit_chooses_first(f)) t->phase = RAD_FIT_WAITING; /* of all it is found anew */
        t->at = t->rounds = t->halvings = t->halved = 0;
        t->likelihood = RAD_FIT_NOTHING; /* whatever comes is better than what was of others */
        f->tracks[kept++] = *t;
    }
    f->track_count = kept;
    f->found_count = 0;
    kept = 0;
    for (size_t i = 0; i < f->site_count; i++)
        if (strcmp(f->sites[i].name, site) != 0) f->sites[kept++] = f->sites[i];
    f->site_count = kept;
}

static rad_status find_missing(rad_rounds_fit *f, const rad_fit_answers *a, bool go_on, char missing[512],
                               rad_error *error) {
    size_t used = 0, count = 0;
    char gone[RAD_SITE];
    *missing = '\0';
    for (size_t i = 0; i < f->site_count; i++)
        if (!answer_of(a, f->sites[i].name)) {
            count++;
            if (used < 512)
                used +=
                    (size_t)snprintf(missing + used, 512 - used, "%s%s", used ? ", " : "", f->sites[i].name);
        }
    if (count && !go_on)
        return rad_fail(error, RAD_CONFIG,
                        "no answer to round %u of %zu site%s: %s; wait for them, or go on without them "
                        "(--go-on), from the coefficients that were asked",
                        f->state.round, count, rad_plural(count), missing);
    used = strlen(f->gone);
    if (count)
        snprintf(f->gone + used, sizeof f->gone - used, "%s%s (round %u)", used ? ", " : "", missing,
                 f->state.round);
    for (size_t i = 0; i < f->site_count && count;) {
        if (answer_of(a, f->sites[i].name)) {
            i++;
            continue;
        }
        memcpy(gone, f->sites[i].name, sizeof gone);
        leave_out(f, gone);
    }
    return RAD_OK;
}

rad_status rad_fit_check(rad_rounds_fit *f, const rad_fit_answers *a, bool go_on, char missing[512],
                         rad_error *error) {
    const size_t least = (size_t)f->study->rules.sites;
    rad_status status = RAD_OK;
    *missing = '\0';
    for (size_t i = 0; i < a->count && status == RAD_OK; i++) status = check_answer(f, &a->sums[i], error);
    if (status != RAD_OK) return status;
    if (a->count < least)
        return rad_fail(error, RAD_REFUSED,
                        "refused (minimum_sites): %zu site%s for round %u of model %s, at least %zu are "
                        "needed",
                        a->count, rad_plural(a->count), f->state.round, f->state.model, least);
    if (!f->state.round && f->model->leave_one_site_out && a->count <= least)
        return rad_fail(
            error, RAD_REFUSED,
            "refused (minimum_sites): with one site left out, %zu sites would be %zu; at least %zu "
            "are needed: leave validate out, or find more sites",
            a->count, a->count - 1, least);
    if (!f->state.round) return f->site_count ? RAD_OK : take_sites(f, a, error);
    for (size_t i = 0; i < a->count; i++) {
        size_t k = 0;
        while (k < f->site_count && strcmp(f->sites[k].name, a->sums[i].site) != 0) k++;
        if (k == f->site_count)
            return rad_fail(error, RAD_CONFIG, "site %s was not in the first round of model %s",
                            a->sums[i].site, f->state.model);
    }
    status = find_missing(f, a, go_on, missing, error);
    if (status == RAD_OK && *missing && f->model->leave_one_site_out && f->site_count <= least)
        status = rad_fail(error, RAD_REFUSED,
                          "refused (minimum_sites): without %s, and with one site left out, too few sites "
                          "remain",
                          missing);
    return status;
}

rad_status rad_fit_add(const rad_rounds_fit *f, const rad_fit_answers *a, size_t point, const char *without,
                       rad_fit_sums *out, rad_error *error) {
    const size_t c = rad_round_columns(&f->state),
                 count = rad_round_cell_count(f->state.points[point].ask, c);
    rad_exact *sum = rad_new(count, sizeof *sum, error);
    rad_status status = sum ? RAD_OK : RAD_NO_MEMORY;
    *out = (rad_fit_sums){.likelihood = 0};
    for (size_t i = 0; i < a->count && status == RAD_OK; i++) {
        if (!a->sums[i].points[point].count || !strcmp(a->sums[i].site, without)) continue;
        out->patients += (double)a->sums[i].patients;
        out->events += (double)a->sums[i].events;
        for (size_t k = 0; k < count && status == RAD_OK; k++)
            status = rad_exact_add(&sum[k], &a->sums[i].points[point].sums[k], error);
    }
    if (status == RAD_OK) out->likelihood = rad_exact_double(&sum[0]);
    const rad_round_ask ask = f->state.points[point].ask;
    for (size_t j = 0; j < c && status == RAD_OK && ask >= RAD_ASK_SCORE; j++)
        out->score[j] = rad_exact_double(&sum[rad_round_score_cell(j)]);
    for (size_t j = 0; j < c && status == RAD_OK && f->state.points[point].ask == RAD_ASK_MOMENTS; j++)
        for (int power = 1; power <= 2; power++)
            out->moment[power - 1][j] = rad_exact_double(&sum[rad_round_moment_cell(c, power, j)]);
    if (status == RAD_OK && f->state.points[point].ask == RAD_ASK_INFORMATION) {
        out->information = rad_new(c, c * sizeof *out->information, error);
        if (!out->information) status = RAD_NO_MEMORY;
        for (size_t j = 0; j < c && out->information; j++)
            for (size_t l = 0; l <= j; l++)
                out->information[j * c + l] = out->information[l * c + j] =
                    rad_exact_double(&sum[rad_round_information_cell(c, l, j)]);
    }
    for (size_t k = 0; k < count && sum; k++) rad_exact_free(&sum[k]);
    rad_free(sum);
    return status;
}

void rad_fit_answers_free(rad_fit_answers *a) {
    for (size_t i = 0; i < a->count; i++) rad_round_sums_free(&a->sums[i]);
    rad_free(a->sums);
    *a = (rad_fit_answers){.count = 0};
}
