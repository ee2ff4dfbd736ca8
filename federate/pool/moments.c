#include "findings.h"

#include "../../core/memory.h"

#include <math.h>

const char *const rad_test_words[RAD_TEST_KINDS] = {"t", "welch", "anova"};

/* All variables, as a whole and by site. */
static rad_status describe_all(const rad_pool *p, rad_findings *f, rad_error *error) {
    const size_t count = p->total.count;
    size_t cells;
    if (!rad_multiply(count, p->count, &cells))
        return rad_fail(error, RAD_NO_MEMORY, "too many variables of sites");
    f->all = rad_new(count, sizeof *f->all, error);
    f->site = rad_new(cells, sizeof *f->site, error);
    rad_status status = f->all && f->site ? RAD_OK : RAD_NO_MEMORY;
    for (size_t v = 0; v < count && status == RAD_OK; v++) {
        const double centre = p->total.variables[v].centre;
        status = rad_describe(&p->total.moments[v], centre, &f->all[v], error);
        for (size_t s = 0; s < p->count && status == RAD_OK; s++)
            status = rad_describe(&p->sites[s].moments[v], centre, &f->site[v * p->count + s], error);
    }
    return status;
}

static rad_status room_for_tests(size_t count, rad_tests *t, rad_error *error) {
    t->test = rad_new(count, sizeof *t->test, error);
    t->adjusted = rad_new(count, sizeof *t->adjusted, error);
    return t->test && t->adjusted ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status adjust(size_t count, rad_tests *t, rad_error *error) {
    double *values = rad_new(count, sizeof *values, error);
    if (!values) return RAD_NO_MEMORY;
    for (size_t v = 0; v < count; v++) values[v] = t->test[v].p;
    rad_status status = rad_test_adjust(values, count, t->adjusted, error);
    rad_free(values);
    return status;
}

static rad_status test_one(const rad_pool *p, const rad_tests *t, size_t variable, rad_test *out,
                           rad_error *error) {
    const rad_factor *f = &p->study->factors[t->factor];
    const rad_moments *groups[RAD_FACTOR_LEVELS];
    for (size_t l = 0; l < f->levels; l++)
        groups[l] = rad_summary_level(&p->total, p->study, t->factor, l, variable);
    if (t->kind == RAD_TEST_ANOVA) return rad_test_anova(groups, f->levels, out, error);
    return rad_test_means(groups[0], groups[1], t->kind == RAD_TEST_WELCH, out, error);
}

static rad_status test_groups(const rad_pool *p, rad_findings *f, rad_error *error) {
    const rad_study *s = p->study;
    rad_status status = RAD_OK;
    f->groups = rad_new(s->factor_count * RAD_TEST_KINDS, sizeof *f->groups, error);
    if (!f->groups) return RAD_NO_MEMORY;
    for (size_t g = 0; g < s->factor_count; g++)
        for (int how = 0; how < RAD_TEST_KINDS && s->factors[g].group && status == RAD_OK; how++) {
            if (how != RAD_TEST_ANOVA && s->factors[g].levels != 2) continue;
            rad_tests *t = &f->groups[f->group_count++];
            t->factor = g;
            t->kind = (rad_test_kind)how;
            status = room_for_tests(p->total.count, t, error);
            for (size_t v = 0; v < p->total.count && status == RAD_OK; v++)
                status = test_one(p, t, v, &t->test[v], error);
            if (status == RAD_OK) status = adjust(p->total.count, t, error);
        }
    return status;
}

static rad_status test_sites(const rad_pool *p, rad_findings *f, rad_error *error) {
    const rad_moments **groups = rad_new(p->count, sizeof(const rad_moments *), error);
    rad_status status = groups ? room_for_tests(p->total.count, &f->sites, error) : RAD_NO_MEMORY;
    f->sites.kind = RAD_TEST_ANOVA;
    for (size_t v = 0; v < p->total.count && status == RAD_OK; v++) {
        for (size_t s = 0; s < p->count; s++) groups[s] = &p->sites[s].moments[v];
        status = rad_test_anova(groups, p->count, &f->sites.test[v], error);
    }
    if (status == RAD_OK) status = adjust(p->total.count, &f->sites, error);
    rad_free(groups);
    return status;
}

static rad_status take_clusters(const rad_pool *p, const rad_correlations *c, rad_findings *f,
                                rad_error *error) {
    f->cluster = rad_new(c->count, sizeof *f->cluster, error);
    f->kept = rad_new(c->count, sizeof *f->kept, error);
    return f->cluster && f->kept ? rad_clusters_take(c, p->study->redundancy, f->cluster, f->kept, error)
                                 : RAD_NO_MEMORY;
}

static rad_status take_repeats(const rad_pool *p, rad_findings *f, rad_error *error) {
    const rad_blocks *b = &p->total.repeated;
    rad_status status = RAD_OK;
    f->repeats = rad_new(p->total.count, sizeof *f->repeats, error);
    if (!f->repeats) return RAD_NO_MEMORY;
    for (size_t v = 0; v < p->total.count && status == RAD_OK; v++)
        if (b->shown[v])
            status =
                rad_reliability_take(&b->sums[v * b->cells], p->study->occasion_count, &f->repeats[v], error);
    return status;
}

rad_status rad_findings_take(const rad_pool *p, const rad_correlations *c, rad_findings *f,
                             rad_error *error) {
    const unsigned asked = p->study->analyses;
    *f = (rad_findings){.all = NULL};
    rad_status status = describe_all(p, f, error);
    if (status == RAD_OK && asked & RAD_ANALYSIS_GROUPS) status = test_groups(p, f, error);
    if (status == RAD_OK) status = test_sites(p, f, error);
    if (status == RAD_OK && asked & RAD_ANALYSIS_COVARIANCE) status = take_clusters(p, c, f, error);
    if (status == RAD_OK && p->total.repeated.cells) status = take_repeats(p, f, error);
    return status;
}

static void tests_free(rad_tests *t) {
    rad_free(t->test);
    rad_free(t->adjusted);
}

void rad_findings_free(rad_findings *f) {
    for (size_t i = 0; i < f->group_count; i++) tests_free(&f->groups[i]);
    tests_free(&f->sites);
    rad_free(f->all);
    rad_free(f->site);
    rad_free(f->groups);
    rad_free(f->cluster);
    rad_free(f->kept);
    rad_free(f->repeats);
    *f = (rad_findings){.all = NULL};
}

const rad_tests *rad_findings_tests(const rad_findings *f, size_t factor, rad_test_kind kind) {
    for (size_t i = 0; i < f->group_count; i++)
        if (f->groups[i].factor == factor && f->groups[i].kind == kind) return &f->groups[i];
    return NULL;
}
