#include "command.h"
#include "screen.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../federate/analyses.h"
#include "../federate/closed.h"
#include "../federate/outlook.h"
#include "../federate/site/propose.h"
#include "../io/bytes.h"
#include "../library/visit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SITES, SHARE, OUTPUT };
static const rad_option options[] = {
    [SITES] = {"--sites", 0, "61,143,88", "check: also what would be held back at sites of so many patients"},
    [SHARE] = {"--share", 0, "NAME=0.4,0.6...",
               "with --sites: how patients part into the levels of a variable; may be given again; default: "
               "equally"},
    [OUTPUT] = {"--output", 'o', "STUDY.yaml", "init: default: study.yaml, which is never overwritten"},
};

static void print_survival(FILE *out, const rad_study *s, const rad_survival *v) {
    rad_show(out, "  outcome     %s: time %s, event %s, by %g to %g%s%s, %zu time%s", v->name, v->time,
             v->event, v->grid[1], v->grid[v->times - 1], *v->unit ? " " : "", v->unit, v->times - 1,
             rad_plural(v->times - 1));
    for (size_t c = 0; c < v->causes; c++) rad_show(out, "%s%s", c ? ", " : "; causes ", v->cause[c]);
    for (size_t f = 0, first = 1; f < s->factor_count; f++)
        if (v->by[f]) {
            rad_show(out, "%s%s", first ? "; by " : ", ", s->factors[f].name);
            first = 0;
        }
    rad_show(out, "\n");
}

static void print_changes(FILE *out, const rad_study *s) {
    bool some = false;
    for (size_t f = 0; f < s->factor_count; f++) {
        if (!s->changes_by[f]) continue;
        rad_show(out, "%s %s", some ? "," : "  changes     of repeats from the first, by",
                 s->factors[f].name);
        some = true;
    }
    if (some) rad_show(out, "\n");
}

static void print_performance(FILE *out, const rad_study *s, const rad_performance *p) {
    if (p->timed)
        rad_show(out, "  performance %s: %s for the time to %s\n", p->name, p->score,
                 s->survivals[p->outcome].name);
    else
        rad_show(out, "  performance %s: %s for %s %s%s, %zu cut%s\n", p->name, p->score,
                 s->factors[p->outcome].name, s->factors[p->outcome].level[p->event],
                 p->probability ? ", a probability" : "", p->cuts, rad_plural(p->cuts));
}

static void print_model(FILE *out, const rad_study *s) {
    rad_show(out, "  model      ");
    for (size_t i = 0; i < s->model->count; i++) rad_show(out, " %s", s->model->child[i].text);
    fprintf(out, "%s\n", s->model->count ? "" : " no covariates");
    if (s->batch_by)
        rad_show(out, "  harmonised  by %s within sites, of fewer than %d patients %s\n", s->batch_by,
                 s->batch_minimum, s->batch_merge ? "together" : "refused");
    else
        rad_show(out, "  harmonised  sites of fewer than %d patients are %s%s%s\n", s->batch_minimum,
                 s->batch_merge ? "one batch" : "refused", s->reference ? "; reference " : "",
                 s->reference ? s->reference : "");
}

static void print_penalty(FILE *out, const rad_model *m) {
    static const char *const kinds[] = {"no penalty", "ridge", "lasso", "elastic net"};
    const rad_penalty *p = &m->penalty;
    rad_show(out, "; %s", kinds[p->kind]);
    if (p->kind == RAD_PENALTY_ELASTIC) rad_show(out, " of alpha %g", p->alpha);
    if (p->lambdas)
        rad_show(out, ", %zu lambda%s from %g", p->lambdas, rad_plural(p->lambdas), p->lambda[0]);
    else if (p->kind != RAD_PENALTY_NONE)
        rad_show(out, ", %d lambdas down to %g of the first", p->path, p->ratio);
    if (p->choose != RAD_CHOOSE_LEFT_OUT)
        rad_show(out, ", chosen by %s", p->choose == RAD_CHOOSE_AIC ? "AIC" : "BIC");
}

static void print_selection(FILE *out, const rad_model *m) {
    static const char *const by[] = {"", "AIC", "BIC", "F"};
    if (m->select != RAD_SELECT_NONE) rad_show(out, ", forward by %s", by[m->select]);
    if (m->select == RAD_SELECT_F) rad_show(out, " below %g", m->enter);
    if (m->family == RAD_MODEL_MIXED) rad_show(out, ", random site, %s", m->ml ? "ML" : "REML");
}

/* What a model is; what fits by its rounds depends on the patients of each site. */
static void print_fitted(FILE *out, const rad_model *m) {
    static const char *const scales[] = {"as they are", "by the deviations of a pool",
                                         "by the study's numbers"};
    rad_show(out, "  models      %s: %s", m->name, rad_model_family_word(m->family));
    if (m->family == RAD_MODEL_COX)
        rad_show(out, ", strata site, ties %s", m->ties == RAD_TIES_EFRON ? "efron" : "breslow");
    rad_show(out, ", of %s by", m->response);
    for (size_t i = 0; i < m->terms.list->count; i++) rad_show(out, " %s", m->terms.list->child[i].text);
    if (m->offset) rad_show(out, ", offset %s", m->offset);
    print_penalty(out, m);
    print_selection(out, m);
    if (!rad_closed_is(m) || m->penalty.kind != RAD_PENALTY_NONE)
        rad_show(out, "; terms %s", scales[m->scale]);
    if (m->leave_one_site_out) rad_show(out, "; leave one site out");
    if (rad_closed_is(m)) rad_show(out, "; from sums that leave once");
    if (m->family <= RAD_MODEL_COX)
        rad_show(out, "; at most %d round%s", m->rounds, rad_plural((size_t)m->rounds));
    rad_show(out, "\n");
}

/* The step of each variable that the study names by its full name, then those by pattern. */
static rad_status print_steps(FILE *out, const rad_study *s, rad_error *error) {
    rad_status status = RAD_OK;
    const size_t count = s->number_count + s->features->count;
    rad_show(out, "  steps      ");
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        const char *name =
            i < s->number_count ? s->numbers[i].name : s->features->child[i - s->number_count].text;
        rad_transform t;
        if (strpbrk(name, "*?")) continue;
        status = rad_study_transform(s, name, &t, error);
        if (status == RAD_OK) rad_show(out, " %s %g;", name, ldexp(1, t.step));
    }
    for (size_t i = 0; s->variables && i < s->variables->count; i++) {
        const rad_node *step = rad_node_find(&s->variables->child[i], "step");
        if (step && strpbrk(s->variables->child[i].key, "*?"))
            rad_show(out, " %s a power of two not above %s;", s->variables->child[i].key, step->text);
    }
    rad_show(out, " others by default (docs/numerics.md)\n");
    return status;
}

/* Which values its levels are. */
static void print_derived(FILE *out, const rad_factor *f) {
    char words[2 * RAD_NAME];
    rad_show(out, "  derived     %s:", f->name);
    for (size_t l = 0; l < f->levels; l++)
        rad_show(out, "%s %s (%s)", l ? "," : "", f->level[l], rad_cut_words(f->cut, l, words, sizeof words));
    rad_show(out, "%s\n", f->group ? ", features by group" : "");
}

static void print_study(FILE *out, const rad_study *s) {
    char rules[RAD_COMPUTED_WORDS], where[1024];
    rad_show(out, "study %s%s%s: fine\n", s->id, *s->title ? ", " : "", s->title);
    rad_show(out, "  hash        %s\n", s->hash);
    rad_show(out, "  patient     column %s%s%s\n", s->patient, s->occasion ? ", repeats by " : "",
             s->occasion ? s->occasion : "");
    print_changes(out, s);
    if (s->where) rad_show(out, "  rows        where %s\n", rad_study_where(s, where, sizeof where));
    rad_show(out, "  features   ");
    for (size_t i = 0; i < s->features->count; i++) rad_show(out, " %s", s->features->child[i].text);
    rad_show(out, "\n");
    for (size_t i = 0; i < s->number_count; i++)
        if (s->numbers[i].computed)
            rad_show(out, "  derived     %s: %s\n", s->numbers[i].name,
                     rad_computed_words(s->numbers[i].computed, rules));
        else
            rad_show(out, "  %s %s: number%s%s\n", s->numbers[i].outcome ? "outcome    " : "covariate  ",
                     s->numbers[i].name, *s->numbers[i].unit ? ", " : "", s->numbers[i].unit);
    for (size_t i = 0; i < s->factor_count; i++)
        if (s->factors[i].cut)
            print_derived(out, &s->factors[i]);
        else
            rad_show(out, "  %s %s: %zu levels%s\n", s->factors[i].outcome ? "outcome    " : "covariate  ",
                     s->factors[i].name, s->factors[i].levels,
                     s->factors[i].group ? ", features by group" : "");
    for (size_t i = 0; i < s->survival_count; i++) print_survival(out, s, &s->survivals[i]);
    for (size_t i = 0; i < s->performance_count; i++) print_performance(out, s, &s->performances[i]);
    if (s->model) print_model(out, s);
    for (size_t i = 0; i < s->model_count; i++) print_fitted(out, &s->models[i]);
    rad_show(out, "  analyses   ");
    for (size_t i = 0; i < RAD_ANALYSES; i++)
        if (rad_study_asks(s, (rad_analysis)i)) rad_show(out, " %s", rad_analyses[i].word);
    rad_show(out, "\n  thresholds  %s\n", rad_rules_text(&s->rules, rules, sizeof rules));
}

/* What would be held back at sites of these sizes. */
static rad_status put_outlook(FILE *out, const rad_arguments *a, const rad_study *study, rad_error *error) {
    rad_outlook *o = rad_new(1, sizeof *o, error);
    if (!o) return RAD_NO_MEMORY;
    o->study = study;
    rad_status status = rad_outlook_sites(a->value[SITES], o, error);
    for (size_t i = 0; i < a->many_count && status == RAD_OK; i++)
        status = rad_outlook_shares(a->many[i], o, error);
    if (status == RAD_OK) status = rad_outlook_compute(o, error);
    if (status == RAD_OK) rad_outlook_show(o, out);
    rad_outlook_free(o);
    rad_free(o);
    return status;
}

typedef struct checked {
    const rad_arguments *a;
    rad_study study;
} checked;

static rad_status put_checked(FILE *out, void *context, rad_error *error) {
    const checked *c = context;
    print_study(out, &c->study);
    const rad_status status = print_steps(out, &c->study, error);
    return status == RAD_OK && c->a->value[SITES] ? put_outlook(out, c->a, &c->study, error) : status;
}

static rad_status check(const rad_arguments *a, rad_error *error) {
    checked c = {.a = a};
    char *said = NULL;
    if (a->many_count && !a->value[SITES])
        return rad_fail(error, RAD_USAGE, "study check: --share goes with --sites");
    if (a->operands > 2) return rad_fail(error, RAD_USAGE, "study check: one study is expected");
    rad_status status = rad_study_read(a->operand[1], &c.study, error);
    if (status != RAD_OK) return status;
    status = rad_visit_say(put_checked, &c, &said, error);
    if (status == RAD_OK) rad_screen_text(said);
    rad_text_free(said);
    rad_study_free(&c.study);
    return status;
}

static rad_status init(const rad_arguments *a, rad_error *error) {
    const char *path = a->value[OUTPUT] ? a->value[OUTPUT] : "study.yaml";
    const rad_place place = {.fresh = true};
    rad_bytes text;
    if (a->many_count || a->value[SITES])
        return rad_fail(error, RAD_USAGE, "study init: --sites and --share go with check");
    rad_status status =
        rad_propose_study(a->operand[1], a->operands > 2 ? a->operand[2] : NULL, &text, error);
    if (status == RAD_OK) status = rad_bytes_place(path, &text, 1, &place, error);
    rad_bytes_free(&text);
    if (status == RAD_OK)
        rad_screen_put(4, "%s: a first study; read every line, then `radiomill study check`", path);
    return status;
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    if (!strcmp(a->operand[0], "check")) return check(a, error);
    if (!strcmp(a->operand[0], "init")) return init(a, error);
    return rad_fail(error, RAD_USAGE, "study: %s is not an action; the actions are init and check",
                    a->operand[0]);
}

const rad_command rad_command_study = {
    "study",
    "init TABLE.csv [TABLE.csv] | check STUDY.yaml",
    2,
    3,
    "Writes a first study from the columns of tables (or of a run); checks a study, says what it asks for, "
    "and what would be held back at sites of given sizes.",
    options,
    sizeof options / sizeof options[0],
    run,
};
