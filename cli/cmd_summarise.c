#include "command.h"

#include "../core/printable.h"
#include "../federate/site/ledger.h"
#include "../federate/site/summarise.h"
#include "../pipeline/validate/validate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STUDY, KEY, OUTPUT, CLINICAL, POLICY, LEDGER, SET_ASIDE, PREVIEW, WITHHOLD, THREADS };
static const rad_option options[] = {
    [STUDY] = {"--study", 's', "STUDY.yaml", "what the statistician asks for"},
    [KEY] = {"--key", 'k', "SITE.key", "secret key of the site, by `radiomill keygen`"},
    [OUTPUT] = {"--output", 'o', "FILE", "default: SITE.radsum"},
    [CLINICAL] = {"--clinical", 0, "TABLE.csv", "covariates and outcomes, joined by the patient column"},
    [POLICY] = {"--policy", 'p', "POLICY.yaml", "thresholds of the site; the stricter ones hold"},
    [LEDGER] = {"--ledger", 0, "FILE", "what left before; default: SITE.ledger beside the key"},
    [SET_ASIDE] = {"--set-aside", 0, "FILE",
                   "a ledger that ends in half a line, with which nothing left: keep that in FILE"},
    [PREVIEW] = {"--preview", 0, NULL, "show what would leave, and write nothing"},
    [WITHHOLD] = {"--withhold", 0, NULL, "leave out what the rules refuse, and write the rest"},
    [THREADS] = {"--threads", 't', "N", "default: all processors"},
};

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
        status = rad_fail(
            error, RAD_MISMATCH,
            "this program misses reference values (%s; the first is %s): its features may be wrong, and "
            "nothing is signed. `radiomill validate` lists them; build it anew",
            text, missed);
    rad_validation_free(&v);
    rad_reference_free(&table);
    return status;
}

static void print_refusals(const rad_permit *p, const char *what) {
    for (size_t i = 0; i < p->refusal_count; i++)
        rad_show(stderr, "radiomill: %s (%s): %s %s\n", what, p->refusals[i].rule, p->refusals[i].what,
                 p->refusals[i].words);
}

/* Refusals end it, unless they are to be left out. */
static rad_status judge(const rad_arguments *a, const rad_permit *p, rad_error *error) {
    const bool nothing = p->refusal_count && !strcmp(p->refusals[0].what, "cohort");
    if (!p->refusal_count) return RAD_OK;
    if (a->value[WITHHOLD] && !nothing) {
        print_refusals(p, "warning: left out");
        return RAD_OK;
    }
    const rad_refusal *first = &p->refusals[0];
    if (p->refusal_count == 1)
        return rad_fail(error, first->status, "refused (%s): %s %s%s", first->rule, first->what, first->words,
                        nothing ? "" : "; or write the rest with --withhold");
    print_refusals(p, "warning: refused");
    return rad_fail(
        error, first->status,
        "%zu parts are refused by the rules, as listed; change the study, or write the rest with --withhold",
        p->refusal_count);
}

typedef struct job {
    rad_signer me;
    rad_study study;
    rad_rules rules;
    rad_cohort cohort;
    rad_permit permit;
    rad_summary summary;
    rad_ledger *ledger;
    rad_bytes body;
    int threads;
} job;

static rad_status prepare(const rad_arguments *a, job *j, rad_error *error) {
    rad_status status = rad_argument_threads(a->value[THREADS], &j->threads, error);
    if (status == RAD_OK && (!a->value[STUDY] || !a->value[KEY]))
        status = rad_fail(error, RAD_USAGE, "summarise: --study and --key are needed");
    if (status == RAD_OK) status = rad_signer_read(a->value[KEY], &j->me, error);
    if (status == RAD_OK) status = rad_study_read(a->value[STUDY], &j->study, error);
    if (status != RAD_OK) return status;
    j->rules = j->study.rules;
    if (a->value[POLICY]) status = rad_rules_tighten(a->value[POLICY], &j->rules, error);
    if (status == RAD_OK)
        status = rad_cohort_read(a->operand[0], a->value[CLINICAL], &j->study, &j->cohort, error);
    if (status == RAD_OK)
        status = rad_permit_make(&j->cohort, &j->study, &j->rules, j->threads, &j->permit, error);
    if (status == RAD_OK) status = judge(a, &j->permit, error);
    if (status == RAD_OK)
        status = rad_summarise(&j->cohort, &j->study, &j->rules, &j->permit, j->threads, &j->summary, error);
    if (status == RAD_OK) status = check_engine(j->threads, j->summary.check, error);
    snprintf(j->summary.site, sizeof j->summary.site, "%s", j->me.name);
    return status;
}

static rad_status open_ledger(const rad_arguments *a, job *j, rad_error *error) {
    char path[4096];
    const char *key = a->value[KEY];
    const size_t length = strlen(key),
                 stem = length > 4 && !strcmp(key + length - 4, ".key") ? length - 4 : length;
    snprintf(path, sizeof path, "%.*s.ledger", (int)stem, key);
    return rad_ledger_open(a->value[LEDGER] ? a->value[LEDGER] : path, &j->me, &j->ledger, error);
}

static rad_status release(const rad_arguments *a, job *j, rad_error *error) {
    char path[RAD_SITE + 16];
    snprintf(path, sizeof path, "%s.radsum", j->me.name);
    const char *output = a->value[OUTPUT] ? a->value[OUTPUT] : path;
    const rad_release r = {&j->cohort, &j->study, &j->rules, &j->permit, &j->summary};
    rad_status status = open_ledger(a, j, error);
    bool known = false;
    if (status == RAD_OK) rad_ledger_set_aside(j->ledger, a->value[SET_ASIDE]);
    if (status == RAD_OK) status = rad_ledger_body(j->ledger, &r, &j->body, &known, error);
    if (status == RAD_OK && !known) status = rad_ledger_check(j->ledger, &r, error);
    if (status != RAD_OK) return status;
    if (a->value[PREVIEW]) {
        rad_radsum_explain(&j->summary, &j->study, j->body.length + RAD_RADSUM_TAIL_LENGTH, stdout);
        return RAD_OK;
    }
    if (!known) /* before the file: what may have left is written down */
        status = rad_ledger_append(j->ledger, &r, &j->body, error);
    if (status == RAD_OK) status = rad_radsum_write(output, &j->body, &j->me, error);
    if (status == RAD_OK && known && rad_ledger_rest(j->ledger))
        rad_show(
            stderr,
            "radiomill: warning: the last %zu bytes of the ledger are no whole line; the next release will "
            "be refused\n",
            rad_ledger_rest(j->ledger));
    if (status == RAD_OK)
        rad_show(stdout, "%s: release %u of site %s for study %s, %zu patients, %zu variables%s\n", output,
                 j->summary.release, j->me.name, j->study.id, j->cohort.rows, j->cohort.count,
                 known ? ", as before" : "");
    return status;
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    job j = {.threads = 1};
    rad_hold_secrets();
    rad_status status = prepare(a, &j, error);
    if (status == RAD_OK) status = release(a, &j, error);
    rad_ledger_close(j.ledger);
    rad_signer_wipe(&j.me);
    rad_bytes_free(&j.body);
    rad_summary_free(&j.summary);
    rad_permit_free(&j.permit);
    rad_cohort_free(&j.cohort);
    rad_study_free(&j.study);
    return status;
}

const rad_command rad_command_summarise = {
    "summarise",
    "RUN|TABLE.csv",
    1,
    1,
    "Writes the signed summary of a site: sums, no rows; within the rules of disclosure.",
    options,
    sizeof options / sizeof options[0],
    run,
};
