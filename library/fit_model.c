#include "rounds.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../federate/radsum.h"
#include "../federate/round_terms.h"
#include "../federate/signed.h"
#include "../report/fitted.h"
#include "visit.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct fitting {
    const rad_fit_options *options;
    const rad_control *control;
    rad_study study;
    const rad_model *model;
    rad_signer me;
    rad_trusted trusted, own; /* own: the key of the coordinator, which signed the state */
    rad_rounds_fit fit;
    rad_fit_answers answers;
    char missing[512], folder[PATH_MAX];
    bool again; /* the answers were added up before */
} fitting;

static const rad_signer *signer(const fitting *j) {
    return j->options->key ? &j->me : NULL;
}

static rad_status read_keys(fitting *j, rad_error *error) {
    const rad_fit_options *o = j->options;
    rad_status status = rad_study_read(o->study, &j->study, error);
    if (status == RAD_OK) status = rad_round_model(&j->study, o->model, &j->model, error);
    if (status == RAD_OK && o->trusted) status = rad_trusted_read(o->trusted, &j->trusted, error);
    if (status == RAD_OK && o->key) status = rad_signer_read(o->key, &j->me, error);
    if (status == RAD_OK && !o->key)
        rad_visit_note(j->control,
                       "warning: without the key of the coordinator (--key) the state is not signed, and "
                       "what it remembers of the sites can be read by whoever has it");
    return status;
}

/* The state that is there, which this coordinator must have written. */
static rad_status read_state(fitting *j, rad_error *error) {
    const rad_fit_options *o = j->options;
    bool is_signed = false;
    char name[1][RAD_SITE];
    unsigned char key[1][RAD_KEY_BYTES];
    memcpy(name[0], j->me.name, sizeof name[0]);
    memcpy(key[0], j->me.public_key, sizeof key[0]);
    const rad_trusted own = {.name = name, .key = key, .count = 1};
    rad_status status = rad_round_state_read(o->from ? o->from : o->state, o->key ? &own : NULL,
                                             &j->fit.state, &is_signed, error);
    if (status == RAD_OK && strcmp(j->fit.state.model, o->model) != 0)
        status = rad_fail(error, RAD_CONFIG, "%s: is the state of model %s, not of %.60s",
                          o->from ? o->from : o->state, j->fit.state.model, o->model);
    return status == RAD_OK ? rad_fit_recall(&j->study, signer(j), &j->fit, error) : status;
}

static int by_site(const void *a, const void *b) {
    const rad_round_sums *x = a, *y = b;
    return strcmp(x->site, y->site);
}

/* Are these the answers that the state was made of? */
static rad_status were_summed(fitting *j, rad_error *error) {
    const rad_round_state *s = &j->fit.state;
    rad_status status = RAD_OK;
    size_t found = 0;
    for (size_t i = 0; i < j->options->answer_count && status == RAD_OK; i++) {
        char digest[65];
        status = rad_radsum_digest(j->options->answers[i], signer(j), digest, error);
        for (size_t k = 0; k < s->summed_count && status == RAD_OK; k++)
            found += !strcmp(s->summed[k].digest, digest);
    }
    j->again = status == RAD_OK && found && found == j->options->answer_count && found >= s->summed_count;
    return status;
}

static rad_status read_answers(fitting *j, rad_error *error) {
    const rad_fit_options *o = j->options;
    rad_fit_answers *a = &j->answers;
    if (!o->trusted)
        return rad_fail(error, RAD_USAGE, "fit: --trusted KEYS is needed, the public keys of the sites");
    a->sums = rad_new(o->answer_count, sizeof *a->sums, error);
    rad_status status = a->sums ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < o->answer_count && status == RAD_OK; i++) {
        status = rad_round_sums_read(o->answers[i], &j->fit.state, &j->trusted, signer(j), &a->sums[a->count],
                                     error);
        a->count += status == RAD_OK;
    }
    if (status == RAD_OK && a->count > 1) qsort(a->sums, a->count, sizeof *a->sums, by_site);
    for (size_t i = 1; i < a->count && status == RAD_OK;) {
        if (strcmp(a->sums[i - 1].site, a->sums[i].site) != 0) {
            i++;
            continue;
        }
        if (strcmp(a->sums[i - 1].digest, a->sums[i].digest) != 0)
            return rad_fail(error, RAD_UNTRUSTED, "site %s answers round %u twice, with other sums",
                            a->sums[i].site, j->fit.state.round);
        rad_round_sums_free(&a->sums[i]);
        memmove(&a->sums[i], &a->sums[i + 1], (--a->count - i) * sizeof *a->sums);
    }
    return status;
}

static void find_folder(fitting *j) {
    const char *slash = strrchr(j->options->state, '/');
    if (j->options->results)
        snprintf(j->folder, sizeof j->folder, "%s", j->options->results);
    else if (slash)
        snprintf(j->folder, sizeof j->folder, "%.*s",
                 (int)(slash - j->options->state + (slash == j->options->state)), j->options->state);
    else
        snprintf(j->folder, sizeof j->folder, ".");
}

static rad_status write_state(fitting *j, rad_error *error) {
    rad_status status = rad_fit_remember(&j->fit, signer(j), error);
    return status == RAD_OK ? rad_round_state_write(j->options->state, &j->fit.state, signer(j), error)
                            : status;
}

static rad_status add_up(fitting *j, rad_error *error) {
    rad_status status = were_summed(j, error);
    if (status != RAD_OK || j->again) return status;
    if (*j->fit.state.result)
        return rad_fail(error, RAD_CONFIG, "%s: the model has ended (%s): there is nothing to add up",
                        j->options->state, j->fit.state.result);
    status = read_answers(j, error);
    if (status == RAD_OK) status = rad_fit_check(&j->fit, &j->answers, j->options->go_on, j->missing, error);
    if (status == RAD_OK) status = rad_fit_advance(&j->fit, &j->answers, error);
    if (status == RAD_OK && *j->missing)
        rad_visit_note(j->control, "warning: the fit goes on without %s, which did not answer", j->missing);
    if (status == RAD_OK && *j->fit.state.result) /* before the state: it says that they are there */
        status = rad_fitted_write(&j->fit, j->folder, error);
    return status == RAD_OK ? write_state(j, error) : status;
}

static rad_status fit(fitting *j, rad_error *error) {
    const rad_fit_options *o = j->options;
    const char *from = o->from ? o->from : o->state;
    const bool there = !access(from, F_OK);
    find_folder(j);
    rad_status status = read_keys(j, error);
    if (status != RAD_OK) return status;
    if (!there && (o->answer_count || o->from))
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: the state of the model is not there; without answers `fit` "
                        "begins it",
                        from);
    if (there) {
        status = read_state(j, error);
        return status == RAD_OK && o->answer_count ? add_up(j, error) : status;
    }
    status = rad_fit_begin(&j->study, j->model, o->moments, &j->fit, error);
    if (status == RAD_OK) status = rad_fit_ask(&j->fit, error);
    return status == RAD_OK ? write_state(j, error) : status;
}

static rad_status put_said(FILE *out, void *context, rad_error *error) {
    const fitting *j = context;
    const rad_round_state *s = &j->fit.state;
    (void)error;
    if (*s->result)
        rad_show(out, "%s: model %s %s after %" PRIu32 " round%s%s; %s/%s.report.html\n", j->options->state,
                 s->model, s->result, s->round, rad_plural(s->round), j->again ? ", as before" : "",
                 j->folder, s->model);
    else
        rad_show(out, "%s: round %" PRIu32 " of model %s%s%s goes to the sites%s\n", j->options->state,
                 s->round, s->model, *s->lambda ? ", lambda " : "", s->lambda, j->again ? ", as before" : "");
    return RAD_OK;
}

/* What did not end well is a failure, with all that there is written. */
static rad_status judge(const fitting *j, rad_error *error) {
    const rad_round_state *s = &j->fit.state;
    const rad_fit_track *t = &j->fit.tracks[0];
    if (!strcmp(s->result, "separated"))
        return rad_fail(error, RAD_NO_RESULT,
                        "%s: model %s is separated after %" PRIu32 " round%s: %s tells the response of all "
                        "patients of a kind, and has no finite coefficient; leave it out, or penalise",
                        j->options->state, s->model, s->round, rad_plural(s->round),
                        t->term >= s->intercept ? s->terms[t->term - s->intercept].name : "a term");
    if (!strcmp(s->result, "did not converge"))
        return rad_fail(error, RAD_NO_RESULT,
                        "%s: model %s did not converge in %" PRIu32
                        " rounds; allow more (rounds), or put its "
                        "terms on a scale (scale)",
                        j->options->state, s->model, s->round);
    return RAD_OK;
}

rad_status rad_fit_model(const rad_fit_options *options, const rad_control *control, char **said,
                         rad_error *error) {
    RAD_VISIT(error);
    if (said) *said = NULL;
    fitting *j = rad_new(1, sizeof *j, error);
    if (!j) return RAD_NO_MEMORY;
    j->options = options;
    j->control = control;
    rad_status status = fit(j, error);
    if (status == RAD_OK) status = rad_visit_say(put_said, j, said, error);
    if (status == RAD_OK) status = judge(j, error);
    rad_fit_answers_free(&j->answers);
    rad_fit_free(&j->fit);
    rad_trusted_free(&j->trusted);
    rad_signer_wipe(&j->me);
    rad_study_free(&j->study);
    rad_free(j);
    return status;
}
