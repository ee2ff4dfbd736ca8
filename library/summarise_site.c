#include "site_job.h"

#include "../core/pace.h"
#include "../core/printable.h"
#include "../federate/signed.h"
#include "../federate/site/ledger.h"
#include "../federate/site/state.h"
#include "../federate/site/summarise.h"
#include "../pipeline/validate/validate.h"
#include "approval.h"
#include "rehearse_site.h"

#include <stdio.h>
#include <string.h>

/* The digital phantom of the IBSI through this very program: one that misses a value signs nothing. */
static rad_status check_engine(int threads, char text[RAD_CHECK], rad_error *error) {
    rad_reference_table table = {0};
    rad_validation v = {0};
    size_t met = 0, total = 0;
    const char *missed = "";
    rad_status status = rad_reference_read(&table, error);
    if (status == RAD_OK) status = rad_validate("digital_phantom", &table, NULL, threads, &v, error);
    for (size_t i = v.count; i-- > 0 && status == RAD_OK;) {
        const rad_reference_value *r = v.checks[i].reference;
        total += r->standardised;
        met += r->standardised && v.checks[i].met;
        if (r->standardised && !v.checks[i].met) missed = r->tag;
    }
    rad_summary_say_check(met, total, text);
    if (status == RAD_OK && met < total)
        status = rad_fail(error, RAD_MISMATCH,
                          "this program misses reference values (%s; the first is %s): its features may be "
                          "wrong, and nothing is signed. `radiomill validate` lists them; rebuild it",
                          text, missed);
    rad_validation_free(&v);
    rad_reference_free(&table);
    return status;
}

typedef rad_site_job job;

static void note_refusals(const job *j, const char *what) {
    const rad_permit *p = &j->permit;
    for (size_t i = 0; i < p->refusal_count; i++)
        rad_visit_note(j->control, "%s (%s): %s %s%s", what, p->refusals[i].rule, p->refusals[i].what,
                       p->refusals[i].words, p->refusals[i].here);
}

/* Refusals end it, unless they are to be left out. */
static rad_status judge(const job *j, rad_error *error) {
    const rad_permit *p = &j->permit;
    const bool nothing = p->refusal_count && !strcmp(p->refusals[0].what, "cohort");
    if (!p->refusal_count) return RAD_OK;
    if ((j->options->withhold || j->options->rehearse) && !nothing) {
        note_refusals(j, "warning: left out");
        return RAD_OK;
    }
    const rad_refusal *first = &p->refusals[0];
    if (p->refusal_count == 1)
        return rad_fail(error, first->status, "refused (%s): %s %s%s%s", first->rule, first->what,
                        first->words, first->here, nothing ? "" : "; or write the rest with --withhold");
    note_refusals(j, "warning: refused");
    return rad_fail(
        error, first->status,
        "%zu parts are refused by the rules, as listed; change the study, or write the rest with --withhold",
        p->refusal_count);
}

static rad_status next(job *j, rad_error *error) {
    rad_pace_add(&j->pace, 1);
    return rad_pace_check(&j->pace, error);
}

/* No study gets below the floor of the site; one that tries is told of. */
static rad_status apply_floor(job *j, rad_error *error) {
    char milder[512];
    rad_rules floor;
    j->rules = j->study.rules;
    const rad_status status = rad_rules_tighten(j->options->policy, &j->rules, &floor, error);
    if (status == RAD_OK && *rad_rules_milder(&j->study.rules, &floor, milder, sizeof milder))
        rad_visit_note(j->control,
                       "warning: the study asks for weaker rules (%s); the site's hold. The site may allow "
                       "them in a policy of its own (--policy)",
                       milder);
    return status;
}

/* Whose studies count, and who may read the summary; NULL: nobody is named. */
const rad_trusted *rad_site_job_coordinator(const job *j) {
    return j->given.count ? &j->given : j->wanted.count ? &j->wanted : NULL;
}

static rad_status read_coordinator(job *j, rad_error *error) {
    const rad_site_options *o = j->options;
    rad_status status = o->policy ? rad_signed_policy(o->policy, &j->wanted, error) : RAD_OK;
    if (status == RAD_OK && o->coordinator) status = rad_trusted_read_one(o->coordinator, &j->given, error);
    if (status != RAD_OK || !j->given.count || !j->wanted.count) return status;
    if (!memcmp(j->given.key[0], j->wanted.key[0], RAD_KEY_BYTES)) return RAD_OK;
    return rad_fail(error, RAD_UNTRUSTED, "%s: is not the key of the coordinator that %s names (%s)",
                    o->coordinator, o->policy, j->wanted.name[0]);
}

/* A study that somebody could have changed on its way, and a summary that somebody could read. */
static void note_trust(const job *j) {
    if (!rad_site_job_coordinator(j))
        rad_visit_note(j->control,
                       "warning: the study is %s and the summary is open: whoever is in between can change "
                       "the study and read the sums. Name the key of the coordinator (--coordinator PUB)",
                       *j->by ? "signed with a key that nothing names," : "not signed,");
}

rad_status rad_site_job_prepare(job *j, rad_error *error) {
    const rad_site_options *o = j->options;
    rad_status status = rad_signer_read(o->key, &j->me, error);
    if (status == RAD_OK) status = read_coordinator(j, error);
    if (status == RAD_OK)
        status = rad_signed_study(o->study, rad_site_job_coordinator(j), &j->study, j->by, error);
    if (status != RAD_OK) return status;
    note_trust(j);
    status = apply_floor(j, error);
    if (status == RAD_OK) status = rad_cohort_read(o->table, o->clinical, &j->study, &j->cohort, error);
    if (status == RAD_OK && *j->cohort.shaped)
        rad_visit_note(
            j->control,
            "warning: %s, which the study names, looks like dates or numbers of patients; is it meant "
            "to leave?",
            j->cohort.shaped);
    if (status == RAD_OK) status = next(j, error);
    if (status == RAD_OK)
        status = rad_permit_make(&j->cohort, &j->study, &j->rules, j->threads, &j->permit, error);
    if (status == RAD_OK) status = judge(j, error);
    if (status == RAD_OK) status = next(j, error);
    if (status == RAD_OK)
        status = rad_summarise(&j->cohort, &j->study, &j->rules, &j->permit, j->threads, &j->summary, error);
    if (status == RAD_OK) status = next(j, error);
    if (status == RAD_OK) status = check_engine(j->threads, j->summary.check, error);
    snprintf(j->summary.site, sizeof j->summary.site, "%s", j->me.name);
    return status == RAD_OK ? next(j, error) : status;
}

rad_status rad_site_job_open(job *j, rad_error *error) {
    char folder[RAD_STATE_PATH], path[RAD_STATE_PATH], old[RAD_STATE_PATH], news[1024];
    const char *key = j->options->key;
    const size_t length = strlen(key),
                 stem = length > 4 && !strcmp(key + length - 4, ".key") ? length - 4 : length;
    const int fits = snprintf(old, sizeof old, "%.*s.ledger", (int)stem, key);
    const rad_ledger_place place = {.path = path,
                                    .old = fits < (int)sizeof old ? old : NULL,
                                    .restore = j->options->ledger,
                                    .renamed = j->options->renamed,
                                    .others = j->options->others,
                                    .begin = j->options->begin_ledger};
    rad_status status = rad_state_folder(j->options->state, folder, error);
    if (status == RAD_OK) status = rad_state_ledger(folder, j->me.public_key, path, error);
    if (status == RAD_OK) status = rad_ledger_open(&place, &j->me, &j->ledger, error);
    if (status == RAD_OK && *rad_ledger_news(j->ledger, news, sizeof news))
        rad_visit_note(j->control, "warning: %s", news);
    return status;
}

static rad_status put_preview(FILE *out, void *context, rad_error *error) {
    const job *j = context;
    (void)error;
    rad_radsum_explain(&j->summary, &j->study, j->body.length + RAD_RADSUM_TAIL_LENGTH, out);
    return RAD_OK;
}

static rad_status put_release(FILE *out, void *context, rad_error *error) {
    const job *j = context;
    (void)error;
    const rad_trusted *to = j->options->open ? NULL : rad_site_job_coordinator(j);
    rad_show(out, "%s: release %u of site %s for study %s, %zu patient%s, %zu variable%s%s%s%s\n", j->output,
             j->summary.release, j->me.name, j->study.id, j->cohort.rows, rad_plural(j->cohort.rows),
             j->cohort.count, rad_plural(j->cohort.count), j->known ? ", as before" : "",
             to ? ", sealed to " : "", to ? to->name[0] : "");
    return RAD_OK;
}

static rad_status release(job *j, rad_error *error) {
    snprintf(j->usual_output, sizeof j->usual_output, "%s.radsum", j->me.name);
    j->output = j->options->output ? j->options->output : j->usual_output;
    const rad_release r = {&j->cohort, &j->study, &j->rules, &j->permit, &j->summary};
    rad_status status = rad_site_job_open(j, error);
    if (status == RAD_OK) rad_ledger_set_aside(j->ledger, j->options->set_aside);
    if (status == RAD_OK) status = rad_ledger_body(j->ledger, &r, &j->body, &j->known, error);
    if (status == RAD_OK && !j->known) status = rad_ledger_check(j->ledger, &r, error);
    if (status != RAD_OK) return status;
    if (rad_ledger_held(j->ledger))
        rad_visit_note(
            j->control,
            "warning: histograms that stay at home: %zu; with those that left before they would tell of few "
            "patients between edges",
            rad_ledger_held(j->ledger));
    if (j->options->rehearse)
        return rad_rehearse_site(j->options->output, j->ledger, &r, &j->me, j->said, error);
    const rad_approval a = {j->options, j->ledger, &r, &j->body, j->known};
    status = rad_approval_check(&a, error);
    if (status == RAD_OK && j->options->preview && j->options->page)
        return rad_approval_show(&a, j->said, error);
    if (status == RAD_OK && j->options->preview) return rad_visit_say(put_preview, j, j->said, error);
    if (status == RAD_OK) status = rad_approval_keep(&a, error);
    if (status == RAD_OK) status = next(j, error);
    if (status == RAD_OK && !j->known) /* before the file: what may have left is written down */
        status = rad_ledger_append(j->ledger, &r, &j->body, error);
    const rad_trusted *to = j->options->open ? NULL : rad_site_job_coordinator(j);
    if (status == RAD_OK)
        status = to ? rad_radsum_seal(j->output, &j->body, &j->me, to->key[0], error)
                    : rad_radsum_write(j->output, &j->body, &j->me, error);
    if (status != RAD_OK) return status;
    if (j->known && rad_ledger_rest(j->ledger))
        rad_visit_note(j->control,
                       "warning: the end of the ledger (%zu byte%s) is not a whole line; the next release "
                       "will be refused",
                       rad_ledger_rest(j->ledger), rad_plural(rad_ledger_rest(j->ledger)));
    return rad_visit_say(put_release, j, j->said, error);
}

void rad_site_job_free(job *j) {
    rad_ledger_close(j->ledger);
    rad_signer_wipe(&j->me);
    rad_trusted_free(&j->given);
    rad_trusted_free(&j->wanted);
    rad_bytes_free(&j->body);
    rad_summary_free(&j->summary);
    rad_permit_free(&j->permit);
    rad_cohort_free(&j->cohort);
    rad_study_free(&j->study);
}

rad_status rad_summarise_site(const rad_site_options *options, const rad_control *control, char **said,
                              rad_error *error) {
    RAD_VISIT(error);
    if (said) *said = NULL;
    RAD_NEEDS(options);
    RAD_NEEDS(options->table);
    RAD_NEEDS(options->study);
    RAD_NEEDS(options->key);
    job j = {.options = options, .control = control, .said = said, .threads = rad_visit_threads(control)};
    rad_pace_begin(&j.pace, control, 5);
    rad_status status = rad_site_job_prepare(&j, error);
    if (status == RAD_OK) status = release(&j, error);
    rad_site_job_free(&j);
    return status;
}
