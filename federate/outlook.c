#include "outlook.h"

#include "../core/memory.h"
#include "../core/number.h"
#include "../core/printable.h"
#include "closed.h"
#include "design.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Third and fourth powers of fewer patients, beyond the minimum, stay at home (site/permit.h). */
enum { FOUR_MOMENTS = 8, PATIENTS_MOST = 100000000 };

rad_status rad_outlook_sites(const char *text, rad_outlook *o, rad_error *error) {
    const char *at = text;
    for (o->sites = 0; o->sites < RAD_OUTLOOK_SITES; at++) {
        char *end = NULL;
        errno = 0;
        const unsigned long long n = *at >= '0' && *at <= '9' ? strtoull(at, &end, 10) : 0;
        if (!end || errno || n < 1 || n > PATIENTS_MOST || (*end && *end != ',')) break;
        o->patients[o->sites++] = n;
        if (!*end) return RAD_OK;
        at = end;
    }
    return rad_fail(error, RAD_USAGE,
                    "--sites: %.60s is not a list of at most %d sizes from 1 to %d, such as 61,143,88", text,
                    RAD_OUTLOOK_SITES, PATIENTS_MOST);
}

rad_status rad_outlook_shares(const char *text, rad_outlook *o, rad_error *error) {
    const rad_study *s = o->study;
    const char *equals = strchr(text, '=');
    size_t f = 0, level = 0;
    double sum = 0;
    while (equals && f < s->factor_count &&
           (strncmp(s->factors[f].name, text, (size_t)(equals - text)) != 0 ||
            s->factors[f].name[equals - text]))
        f++;
    if (!equals || f == s->factor_count)
        return rad_fail(error, RAD_USAGE,
                        "--share: %.60s does not name a variable with levels, such as sex=0.4,0.6", text);
    o->known[f] = false;
    for (const char *at = equals + 1; *at && level <= s->factors[f].levels;) {
        char word[RAD_NUMBER_TEXT];
        const size_t length = strcspn(at, ",");
        double share = NAN;
        snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : 0), at);
        if (!rad_number_read(word, &share) || !(share >= 0 && share <= 1)) break;
        sum += share;
        if (level < s->factors[f].levels) o->share[f][level] = share;
        level++;
        at += length + (at[length] == ',');
        o->known[f] = !*at && level == s->factors[f].levels && sum <= 1 + 1e-9;
    }
    if (o->known[f]) return RAD_OK;
    return rad_fail(error, RAD_USAGE,
                    "--share: %.60s is not a share from 0 to 1 for each of the %zu levels of %s, at most 1 "
                    "together",
                    text, s->factors[f].levels, s->factors[f].name);
}

rad_prospect rad_outlook_count(uint64_t n, double share, uint64_t least) {
    const double mean = (double)n * share, spread = 2 * sqrt(mean * (1 - share));
    if (mean - spread >= (double)least) return RAD_FITS;
    return mean + spread < (double)least ? RAD_HELD_BACK : RAD_PERHAPS;
}

static rad_prospect worse(rad_prospect a, rad_prospect b) {
    return a > b ? a : b;
}

/* What rows are made with. */
typedef struct making {
    rad_outlook *o;
    rad_rules rules; /* of the study, not below the floor of a site without a policy */
    rad_error *error;
} making;

static rad_outlook_row *add(making *m, rad_rule rule, rad_status *status) {
    rad_outlook *o = m->o;
    *status = rad_grow(&o->rows, o->count, &o->capacity, sizeof *o->rows, m->error);
    if (*status != RAD_OK) return NULL;
    rad_outlook_row *row = &o->rows[o->count++];
    *row = (rad_outlook_row){.rule = rad_rule_rows[rule].key.name};
    return row;
}

/* As many patients as that, or it is refused. */
static rad_status add_least(making *m, const char *part, rad_rule rule, double least) {
    rad_status status;
    rad_outlook_row *row = add(m, rule, &status);
    if (!row) return status;
    snprintf(row->part, sizeof row->part, "%s", part);
    snprintf(row->note, sizeof row->note, "needs %.0f patients", ceil(least));
    for (size_t i = 0; i < m->o->sites; i++)
        row->prospect[i] = (double)m->o->patients[i] >= least ? RAD_FITS : RAD_FORBIDDEN;
    return RAD_OK;
}

/* So many columns for each patient. */
static rad_status add_columns(making *m, const char *part, size_t columns) {
    return add_least(m, part, RAD_RULE_PARAMETERS, (double)columns / m->rules.parameters);
}

static double share_of(const rad_outlook *o, size_t factor, size_t level) {
    return o->known[factor] ? o->share[factor][level] : 1 / (double)o->study->factors[factor].levels;
}

/* Cells of so many patients each, by the levels of one factor, or of two that have nothing to do with each
 * other. */
static rad_status add_cells(making *m, const char *what, size_t a, size_t b, double times) {
    const rad_study *s = m->o->study;
    const size_t one = s->factors[a].levels, two = b < s->factor_count ? s->factors[b].levels : 1;
    const bool known = m->o->known[a] && (b == s->factor_count || m->o->known[b]);
    const uint64_t least = (uint64_t)(times * (double)m->rules.cell);
    rad_status status;
    rad_outlook_row *row = add(m, RAD_RULE_CELL, &status);
    if (!row) return status;
    snprintf(row->part, sizeof row->part, "%s %s%s%s", what, s->factors[a].name, two > 1 ? " x " : "",
             two > 1 ? s->factors[b].name : "");
    snprintf(row->note, sizeof row->note, "%zu cell%s%s", one * two, rad_plural(one * two),
             known ? "" : ", at equal shares");
    for (size_t i = 0; i < m->o->sites; i++)
        for (size_t cell = 0; cell < one * two; cell++) {
            const double share =
                share_of(m->o, a, cell / two) * (two > 1 ? share_of(m->o, b, cell % two) : 1);
            if (share > 0)
                row->prospect[i] =
                    worse(row->prospect[i], rad_outlook_count(m->o->patients[i], share, least));
        }
    return RAD_OK;
}

/* How many columns the panel has, and whether that is all: patterns match what only tables tell. */
static size_t panel_of(const rad_study *s, bool *all) {
    const rad_patterns *p = s->covariance ? &s->panel_names : &s->feature_names;
    const size_t more = rad_closed_more(s, all);
    *all = *all && !p->wild_count;
    return p->plain.count + more;
}

static rad_status add_covariance(making *m) {
    bool all;
    char part[64];
    const size_t columns = panel_of(m->o->study, &all);
    snprintf(part, sizeof part, "covariance of %zu column%s%s", columns + !all, rad_plural(columns + !all),
             all ? "" : " or more");
    rad_status status = add_columns(m, part, columns + !all);
    if (status != RAD_OK || all) return status;
    rad_outlook_row *row = &m->o->rows[m->o->count - 1];
    snprintf(row->note, sizeof row->note, "patterns: no more than");
    for (size_t i = 0, used = strlen(row->note); i < m->o->sites && used < sizeof row->note; i++)
        used += (size_t)snprintf(row->note + used, sizeof row->note - used, "%s %.0f", i ? "," : "",
                                 floor(m->rules.parameters * (double)m->o->patients[i]));
    return RAD_OK;
}

static rad_status add_model(making *m, size_t *columns) {
    char part[64];
    rad_design *d = rad_new(1, sizeof *d, m->error);
    rad_status status = d ? rad_design_make(m->o->study, d, m->error) : RAD_NO_MEMORY;
    *columns = status == RAD_OK ? d->count + 1 : 0;
    const double least = status == RAD_OK ? (double)(d->covariates + 1) / m->rules.parameters : 0;
    const bool some = status == RAD_OK && d->covariates < d->count;
    rad_free(d);
    snprintf(part, sizeof part, "model of %zu column%s", *columns, rad_plural(*columns));
    if (status == RAD_OK) status = add_columns(m, part, *columns);
    if (status != RAD_OK || !some) return status;
    rad_outlook_row *row = &m->o->rows[m->o->count - 1]; /* fewer batches at a site are fewer columns */
    for (size_t i = 0; i < m->o->sites; i++)
        if (row->prospect[i] == RAD_FORBIDDEN && (double)m->o->patients[i] >= least)
            row->prospect[i] = RAD_PERHAPS;
    return RAD_OK;
}

/* Sums of one variable that do not follow from each other: all patients, levels, columns of the model and the
 * panel. What does not fit is held back. */
static rad_status add_rows(making *m, size_t model) {
    const rad_study *s = m->o->study;
    const bool four = rad_study_asks(s, RAD_SKEWNESS);
    bool all;
    const size_t panel = panel_of(s, &all);
    size_t rows = 1 + (model ? model - 1 : 0);
    rad_status status;
    for (size_t f = 0; f < s->factor_count; f++)
        rows += s->factors[f].group && rad_study_asks(s, RAD_GROUPS) ? s->factors[f].levels - 1 : 0;
    if (rad_study_asks(s, RAD_COVARIANCE)) rows += panel ? panel - 1 : 0;
    rad_outlook_row *row = add(m, RAD_RULE_ROWS, &status);
    if (!row) return status;
    const double share = m->rules.rows / (four ? 2 : 1), least = (double)rows / share;
    snprintf(row->part, sizeof row->part, "%zu row%s of sums%s", rows, rad_plural(rows),
             all ? "" : " or more");
    snprintf(row->note, sizeof row->note, "needs %.0f patients", ceil(least));
    for (size_t i = 0; i < m->o->sites; i++)
        row->prospect[i] = (double)m->o->patients[i] >= least ? RAD_FITS : RAD_HELD_BACK;
    return RAD_OK;
}

static rad_status add_survival(making *m, const rad_survival *v) {
    char part[RAD_NAME + 32];
    snprintf(part, sizeof part, "survival %.150s", v->name);
    rad_status status =
        add_least(m, part, RAD_RULE_CELL, 2 * m->rules.cell); /* with the event, and without */
    for (size_t f = 0; f < m->o->study->factor_count && status == RAD_OK; f++) {
        snprintf(part, sizeof part, "survival %.150s by", v->name);
        if (v->by[f]) status = add_cells(m, part, f, m->o->study->factor_count, 2);
    }
    return status;
}

/* Of so many patients, are there as many with the event and without? */
static rad_prospect foresee(const rad_outlook *o, const rad_performance *p, uint64_t patients,
                            uint64_t least) {
    const double share = share_of(o, p->outcome, p->event);
    return worse(rad_outlook_count(patients, share, least), rad_outlook_count(patients, 1 - share, least));
}

/* Refused where there are too few of either in all; where they are too few for classes at all cuts there are
 * fewer of these. */
static rad_status add_performance(making *m, const rad_performance *p) {
    char part[RAD_NAME + 32];
    rad_status status = RAD_OK;
    snprintf(part, sizeof part, "performance %.80s", p->name);
    if (p->timed) return add_least(m, part, RAD_RULE_CELL, 2 * m->rules.cell);
    const char *shares = m->o->known[p->outcome] ? "" : ", at equal shares";
    for (int classes = 0; classes < (p->cuts ? 2 : 1) && status == RAD_OK; classes++) {
        rad_outlook_row *row = add(m, RAD_RULE_CELL, &status);
        if (!row) return status;
        const uint64_t least = (uint64_t)m->rules.cell * (classes ? p->cuts + 1 : 1);
        if (classes)
            snprintf(row->part, sizeof row->part, "%s in %zu classes", part, p->cuts + 1);
        else
            snprintf(row->part, sizeof row->part, "%s", part);
        snprintf(row->note, sizeof row->note, "%s%s",
                 classes ? "or fewer classes" : "with the event, and without", shares);
        for (size_t i = 0; i < m->o->sites; i++) {
            row->prospect[i] = foresee(m->o, p, m->o->patients[i], least);
            if (!classes && row->prospect[i] == RAD_HELD_BACK) row->prospect[i] = RAD_FORBIDDEN;
        }
    }
    return status;
}

static rad_status add_batches(making *m) {
    const rad_study *s = m->o->study;
    if (s->batch_by) /* each batch within a site */
        return add_cells(m, "batches of", rad_study_factor(s, s->batch_by), s->factor_count,
                         (double)s->batch_minimum / m->rules.cell);
    rad_status status = add_least(m, "harmonised by itself", RAD_RULE_CELL, s->batch_minimum);
    if (status != RAD_OK) return status;
    rad_outlook_row *row = &m->o->rows[m->o->count - 1];
    row->rule = "batches";
    for (size_t i = 0; i < m->o->sites && s->batch_merge; i++)
        if (row->prospect[i] == RAD_FORBIDDEN) row->prospect[i] = RAD_HELD_BACK;
    if (s->batch_merge) snprintf(row->note, sizeof row->note, "smaller sites are one batch");
    return RAD_OK;
}

/* A model in rounds. Its columns are a share of the patients; what its rounds tell together follows from the
 * values of terms, so that bounds are measured ones (docs/federation.md): coefficients that are nearly the
 * same, of several lambdas or of fits without a site, are told with few digits, at sites of 150, both at once
 * of some 600; with all digits at sites of 500. */
static rad_status add_rounds(making *m, const rad_model *x) {
    enum { FEW_DIGITS = 150, BOTH = 600, ALL_DIGITS = 500 };
    const bool path = x->penalty.kind != RAD_PENALTY_NONE &&
                      (x->penalty.lambdas ? x->penalty.lambdas > 1 : x->penalty.path > 1),
               both = path && x->leave_one_site_out && x->penalty.choose == RAD_CHOOSE_LEFT_OUT;
    const size_t columns = x->terms.plain.count + (x->terms.wild_count > 0);
    char part[RAD_NAME + 64];
    rad_status status;
    snprintf(part, sizeof part, "%.60s, %zu term%s%s", x->name, columns, rad_plural(columns),
             x->terms.wild_count ? " or more" : "");
    status = add_columns(m, part, columns);
    if (status != RAD_OK || (!path && !x->leave_one_site_out)) return status;
    rad_outlook_row *row = add(m, RAD_RULE_CELL, &status);
    if (!row) return status;
    const int least = both ? BOTH : x->digits ? FEW_DIGITS : ALL_DIGITS;
    snprintf(row->part, sizeof row->part, "%.60s, all rounds", x->name);
    snprintf(row->note, sizeof row->note, "%s",
             both         ? "choose: bic, and sites left out at that lambda alone: fits"
             : !x->digits ? "digits: 3 fits"
                          : "");
    for (size_t i = 0; i < m->o->sites; i++)
        row->prospect[i] = m->o->patients[i] >= (uint64_t)least ? RAD_FITS : RAD_PERHAPS;
    return RAD_OK;
}

static rad_status add_pool(making *m) {
    rad_status status;
    rad_outlook_row *row = add(m, RAD_RULE_SITES, &status);
    if (!row) return status;
    size_t part = 0;
    for (size_t i = 0; i < m->o->sites; i++) part += m->o->patients[i] >= (uint64_t)m->rules.cell;
    snprintf(row->part, sizeof row->part, "a pool");
    snprintf(row->note, sizeof row->note, "%zu of %d sites", part, m->rules.sites);
    for (size_t i = 0; i < m->o->sites; i++)
        row->prospect[i] = part >= (size_t)m->rules.sites ? RAD_FITS : RAD_FORBIDDEN;
    return RAD_OK;
}

static rad_status add_factors(making *m) {
    const rad_study *s = m->o->study;
    rad_status status = RAD_OK;
    for (size_t f = 0; f < s->factor_count && status == RAD_OK; f++) {
        status = add_cells(m, "levels of", f, s->factor_count, 1);
        if (status == RAD_OK && s->factors[f].group && rad_study_asks(s, RAD_GROUPS))
            status = add_cells(m, "features by", f, s->factor_count, 1);
        if (status == RAD_OK && s->factors[f].group && rad_study_asks(s, RAD_RANKS))
            status = add_cells(m, "ranks by", f, s->factor_count, 1);
    }
    for (size_t t = 0; t < s->table_count && rad_study_asks(s, RAD_TABLES) && status == RAD_OK; t++)
        status = add_cells(m, "table", s->tables[t][0], s->tables[t][1], 1);
    return status;
}

rad_status rad_outlook_compute(rad_outlook *o, rad_error *error) {
    const rad_study *s = o->study;
    making m = {o, s->rules, error};
    rad_rules floor;
    size_t model = 0;
    rad_status status = rad_rules_tighten(NULL, &m.rules, &floor, error);
    if (status == RAD_OK) status = add_least(&m, "a summary, and each variable", RAD_RULE_CELL, m.rules.cell);
    if (status == RAD_OK && rad_study_asks(s, RAD_SKEWNESS))
        status = add_least(&m, "skewness, kurtosis", RAD_RULE_CELL, m.rules.cell + FOUR_MOMENTS);
    if (status == RAD_OK) status = add_factors(&m);
    if (status == RAD_OK && rad_study_asks(s, RAD_COVARIANCE)) status = add_covariance(&m);
    if (status == RAD_OK && rad_study_asks(s, RAD_MODEL)) status = add_model(&m, &model);
    if (status == RAD_OK) status = add_rows(&m, model);
    if (status == RAD_OK && rad_study_asks(s, RAD_RELIABILITY))
        status = add_columns(&m, "reliability", s->occasion_count);
    for (size_t i = 0; i < s->survival_count && rad_study_asks(s, RAD_SURVIVAL) && status == RAD_OK; i++)
        status = add_survival(&m, &s->survivals[i]);
    for (size_t i = 0; i < s->performance_count && rad_study_asks(s, RAD_PERFORMANCE) && status == RAD_OK;
         i++)
        status = add_performance(&m, &s->performances[i]);
    for (size_t i = 0; i < s->model_count && status == RAD_OK; i++)
        if (s->models[i].family <= RAD_MODEL_COX) status = add_rounds(&m, &s->models[i]);
    if (status == RAD_OK && rad_study_asks(s, RAD_MODEL)) status = add_batches(&m);
    return status == RAD_OK ? add_pool(&m) : status;
}

static const char *const words[] = {[RAD_FITS] = "fits",
                                    [RAD_PERHAPS] = "perhaps",
                                    [RAD_HELD_BACK] = "held back",
                                    [RAD_FORBIDDEN] = "refused"};

void rad_outlook_show(const rad_outlook *o, FILE *out) {
    rad_show(out, "\n  %-36s %-13s", "at sites of so many patients", "rule");
    for (size_t i = 0; i < o->sites; i++) rad_show(out, " %10" PRIu64, o->patients[i]);
    rad_show(out, "\n");
    for (size_t k = 0; k < o->count; k++) {
        const rad_outlook_row *row = &o->rows[k];
        char part[160];
        rad_printable(row->part, part, sizeof part);
        rad_show(out, "  %-36s %-13s", part, row->rule);
        for (size_t i = 0; i < o->sites; i++) rad_show(out, " %10s", words[row->prospect[i]]);
        rad_show(out, "%s%s\n", *row->note ? "   " : "", row->note);
    }
    fputs("Also at each site: two patients may not make up most of a sum (dominance), sets "
          "of patients may not differ by a few, and what left before counts. `summarise "
          "--rehearse` looks at the rows.\n",
          out);
}

void rad_outlook_free(rad_outlook *o) {
    rad_free(o->rows);
    o->rows = NULL;
    o->count = o->capacity = 0;
}
