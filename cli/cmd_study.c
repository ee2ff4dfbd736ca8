#include "command.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../federate/analyses.h"
#include "../federate/closed.h"
#include "../federate/outlook.h"
#include "../federate/site/propose.h"
#include "../io/bytes.h"

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

static void print_survival(const rad_study *s, const rad_survival *v) {
    rad_show(stdout, "  outcome     %s: time %s, event %s, by %g to %g%s%s, %zu times", v->name, v->time,
             v->event, v->grid[1], v->grid[v->times - 1], *v->unit ? " " : "", v->unit, v->times - 1);
    for (size_t c = 0; c < v->causes; c++) rad_show(stdout, "%s%s", c ? ", " : "; causes ", v->cause[c]);
    for (size_t f = 0, first = 1; f < s->factor_count; f++)
        if (v->by[f]) {
            rad_show(stdout, "%s%s", first ? "; by " : ", ", s->factors[f].name);
            first = 0;
        }
    rad_show(stdout, "\n");
}

static void print_changes(const rad_study *s) {
    bool some = false;
    for (size_t f = 0; f < s->factor_count; f++) {
        if (!s->changes_by[f]) continue;
        rad_show(stdout, "%s %s", some ? "," : "  changes     of repeats from the first, by",
                 s->factors[f].name);
        some = true;
    }
    if (some) rad_show(stdout, "\n");
}

static void print_performance(const rad_study *s, const rad_performance *p) {
    if (p->timed)
        rad_show(stdout, "  performance %s: %s for the time to %s\n", p->name, p->score,
                 s->survivals[p->outcome].name);
    else
        rad_show(stdout, "  performance %s: %s for %s %s%s, %zu cuts\n", p->name, p->score,
                 s->factors[p->outcome].name, s->factors[p->outcome].level[p->event],
                 p->probability ? ", a probability" : "", p->cuts);
}

static void print_model(const rad_study *s) {
    rad_show(stdout, "  model      ");
    for (size_t i = 0; i < s->model->count; i++) rad_show(stdout, " %s", s->model->child[i].text);
    printf("%s\n", s->model->count ? "" : " no covariates");
    if (s->batch_by)
        rad_show(stdout, "  harmonised  by %s within sites, of fewer than %d patients %s\n", s->batch_by,
                 s->batch_minimum, s->batch_merge ? "together" : "refused");
    else
        rad_show(stdout, "  harmonised  sites of fewer than %d patients are %s%s%s\n", s->batch_minimum,
                 s->batch_merge ? "one batch" : "refused", s->reference ? "; reference " : "",
                 s->reference ? s->reference : "");
}

static void print_penalty(const rad_model *m) {
    static const char *const kinds[] = {"no penalty", "ridge", "lasso", "elastic net"};
    const rad_penalty *p = &m->penalty;
    rad_show(stdout, "; %s", kinds[p->kind]);
    if (p->kind == RAD_PENALTY_ELASTIC) rad_show(stdout, " of alpha %g", p->alpha);
    if (p->lambdas)
        rad_show(stdout, ", %zu lambda%s from %g", p->lambdas, p->lambdas == 1 ? "" : "s", p->lambda[0]);
    else if (p->kind != RAD_PENALTY_NONE)
        rad_show(stdout, ", %d lambdas down to %g of the first", p->path, p->ratio);
}

static void print_selection(const rad_model *m) {
    static const char *const by[] = {"", "AIC", "BIC", "F"};
    if (m->select != RAD_SELECT_NONE) rad_show(stdout, ", forward by %s", by[m->select]);
    if (m->select == RAD_SELECT_F) rad_show(stdout, " below %g", m->enter);
    if (m->family == RAD_MODEL_MIXED) rad_show(stdout, ", random site, %s", m->ml ? "ML" : "REML");
}

/* What a model is; what fits by its rounds depends on the patients of each site. */
static void print_fitted(const rad_model *m) {
    static const char *const scales[] = {"as they are", "by the deviations of a pool",
                                         "by the study's numbers"};
    rad_show(stdout, "  models      %s: %s", m->name, rad_model_family_word(m->family));
    if (m->family == RAD_MODEL_COX)
        rad_show(stdout, ", strata site, ties %s", m->ties == RAD_TIES_EFRON ? "efron" : "breslow");
    rad_show(stdout, ", of %s by", m->response);
    for (size_t i = 0; i < m->terms.list->count; i++) rad_show(stdout, " %s", m->terms.list->child[i].text);
    if (m->offset) rad_show(stdout, ", offset %s", m->offset);
    print_penalty(m);
    print_selection(m);
    if (!rad_closed_is(m) || m->penalty.kind != RAD_PENALTY_NONE)
        rad_show(stdout, "; terms %s", scales[m->scale]);
    if (m->leave_one_site_out) rad_show(stdout, "; leave one site out");
    if (rad_closed_is(m)) rad_show(stdout, "; from sums that leave once");
    if (m->family <= RAD_MODEL_COX) rad_show(stdout, "; at most %d rounds", m->rounds);
    rad_show(stdout, "\n");
}

/* The step of each variable that the study names by its full name, then those by pattern. */
static rad_status print_steps(const rad_study *s, rad_error *error) {
    rad_status status = RAD_OK;
    const size_t count = s->number_count + s->features->count;
    rad_show(stdout, "  steps      ");
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        const char *name =
            i < s->number_count ? s->numbers[i].name : s->features->child[i - s->number_count].text;
        rad_transform t;
        if (strpbrk(name, "*?")) continue;
        status = rad_study_transform(s, name, &t, error);
        if (status == RAD_OK) rad_show(stdout, " %s %g;", name, ldexp(1, t.step));
    }
    for (size_t i = 0; s->variables && i < s->variables->count; i++) {
        const rad_node *step = rad_node_find(&s->variables->child[i], "step");
        if (step && strpbrk(s->variables->child[i].key, "*?"))
            rad_show(stdout, " %s a power of two not above %s;", s->variables->child[i].key, step->text);
    }
    rad_show(stdout, " others by default (docs/numerics.md)\n");
    return status;
}

/* Which values its levels are. */
static void print_derived(const rad_factor *f) {
    char words[2 * RAD_NAME];
    rad_show(stdout, "  derived     %s:", f->name);
    for (size_t l = 0; l < f->levels; l++)
        rad_show(stdout, "%s %s (%s)", l ? "," : "", f->level[l],
                 rad_cut_words(f->cut, l, words, sizeof words));
    rad_show(stdout, "%s\n", f->group ? ", features by group" : "");
}

static void print_study(const rad_study *s) {
    char rules[RAD_COMPUTED_WORDS], where[1024];
    rad_show(stdout, "study %s%s%s: fine\n", s->id, *s->title ? ", " : "", s->title);
    rad_show(stdout, "  hash        %s\n", s->hash);
    rad_show(stdout, "  patient     column %s%s%s\n", s->patient, s->occasion ? ", repeats by " : "",
             s->occasion ? s->occasion : "");
    print_changes(s);
    if (s->where) rad_show(stdout, "  rows        where %s\n", rad_study_where(s, where, sizeof where));
    rad_show(stdout, "  features   ");
    for (size_t i = 0; i < s->features->count; i++) rad_show(stdout, " %s", s->features->child[i].text);
    rad_show(stdout, "\n");
    for (size_t i = 0; i < s->number_count; i++)
        if (s->numbers[i].computed)
            rad_show(stdout, "  derived     %s: %s\n", s->numbers[i].name,
                     rad_computed_words(s->numbers[i].computed, rules));
        else
            rad_show(stdout, "  %s %s: number%s%s\n", s->numbers[i].outcome ? "outcome    " : "covariate  ",
                     s->numbers[i].name, *s->numbers[i].unit ? ", " : "", s->numbers[i].unit);
    for (size_t i = 0; i < s->factor_count; i++)
        if (s->factors[i].cut)
            print_derived(&s->factors[i]);
        else
            rad_show(stdout, "  %s %s: %zu levels%s\n", s->factors[i].outcome ? "outcome    " : "covariate  ",
                     s->factors[i].name, s->factors[i].levels,
                     s->factors[i].group ? ", features by group" : "");
    for (size_t i = 0; i < s->survival_count; i++) print_survival(s, &s->survivals[i]);
    for (size_t i = 0; i < s->performance_count; i++) print_performance(s, &s->performances[i]);
    if (s->model) print_model(s);
    for (size_t i = 0; i < s->model_count; i++) print_fitted(&s->models[i]);
    rad_show(stdout, "  analyses   ");
    for (size_t i = 0; i < RAD_ANALYSES; i++)
        if (rad_study_asks(s, (rad_analysis)i)) rad_show(stdout, " %s", rad_analyses[i].word);
    rad_show(stdout, "\n  thresholds  %s\n", rad_rules_text(&s->rules, rules, sizeof rules));
}

/* What would be held back at sites of these sizes. */
static rad_status show_outlook(const rad_arguments *a, const rad_study *study, rad_error *error) {
    rad_outlook *o = rad_new(1, sizeof *o, error);
    if (!o) return RAD_NO_MEMORY;
    o->study = study;
    rad_status status = rad_outlook_sites(a->value[SITES], o, error);
    for (size_t i = 0; i < a->many_count && status == RAD_OK; i++)
        status = rad_outlook_shares(a->many[i], o, error);
    if (status == RAD_OK) status = rad_outlook_compute(o, error);
    if (status == RAD_OK) rad_outlook_show(o, stdout);
    rad_outlook_free(o);
    rad_free(o);
    return status;
}

static rad_status check(const rad_arguments *a, rad_error *error) {
    rad_study study;
    if (a->many_count && !a->value[SITES])
        return rad_fail(error, RAD_USAGE, "study check: --share goes with --sites");
    if (a->operands > 2) return rad_fail(error, RAD_USAGE, "study check: one study is expected");
    rad_status status = rad_study_read(a->operand[1], &study, error);
    if (status != RAD_OK) return status;
    print_study(&study);
    status = print_steps(&study, error);
    if (status == RAD_OK && a->value[SITES]) status = show_outlook(a, &study, error);
    rad_study_free(&study);
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
        rad_show(stdout, "%s: a first study; read every line, then `radiomill study check`\n", path);
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
