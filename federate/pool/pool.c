#include "pool.h"

#include "../../core/memory.h"
#include "../../core/parallel.h"
#include "../describe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One summary on its way into the total. */
typedef struct adding {
    rad_pool *pool;
    const rad_summary *from;
    int64_t *column;             /* of the site's panel for each column of the pool's; -1: none */
    rad_relation *relations;     /* of the site, kept */
    uint64_t *least, least_pair; /* patients of a pair: by column, of all */
} adding;

static rad_status add_moments(rad_moments *to, const rad_moments *from) {
    rad_status status = RAD_OK;
    if (!from->powers) return RAD_OK;
    for (int k = 0; k < from->powers && k < (to->powers ? to->powers : 4) && status == RAD_OK; k++)
        status = rad_exact_add(&to->sum[k], &from->sum[k], NULL);
    if (!to->powers || from->powers < to->powers) {
        for (int k = from->powers; k < 4; k++) rad_exact_free(&to->sum[k]);
        to->powers = from->powers;
    }
    to->n += from->n;
    return status;
}

/* What two sites have to agree on, about one variable. */
static const char *difference(const rad_summary_variable *a, const rad_summary_variable *b) {
    const bool same_grid = a->grid.kind == b->grid.kind && a->grid.bits == b->grid.bits &&
                           a->grid.cells == b->grid.cells && a->grid.from == b->grid.from &&
                           a->grid.to == b->grid.to;
    if (strcmp(a->definition, b->definition) != 0)
        return "is another feature by its definition (image, IBSI code, aggregation, discretisation or unit)";
    if (a->kind != b->kind) return "has another role";
    if (a->logarithm != b->logarithm || a->centre != b->centre) return "is transformed in another way";
    return same_grid ? NULL : "is counted on another grid";
}

static rad_status check_variables(const rad_pool *pool, const rad_summary *s, rad_error *error) {
    const rad_summary *first = &pool->sites[0];
    for (size_t v = 0; v < s->count && v < first->count; v++) {
        const char *name = s->variables[v].name;
        size_t other = v;
        if (strcmp(name, first->variables[v].name) != 0)
            for (other = 0; other < first->count && strcmp(name, first->variables[other].name) != 0;) other++;
        const bool extra = other == first->count;
        const char *what = extra ? "is a variable that the others do not have"
                                 : difference(&s->variables[v], &first->variables[other]);
        if (other != v && !extra)
            what = "comes in another order; columns must be in the same order at all sites";
        if (what)
            return rad_fail(error, RAD_CONFIG, "site %s does not fit site %s: %.100s %s", s->site,
                            first->site, name, what);
    }
    if (s->count == first->count) return RAD_OK;
    const rad_summary *more = s->count > first->count ? s : first, *less = more == s ? first : s;
    return rad_fail(error, RAD_CONFIG, "site %s does not fit site %s: it has no variable %.100s", less->site,
                    more->site, more->variables[less->count].name);
}

static rad_status check_fit(const rad_pool *pool, const rad_summary *s, rad_error *error) {
    const rad_summary *first = pool->sites;
    for (size_t i = 0; i < pool->count; i++)
        if (!strcmp(pool->sites[i].site, s->site))
            return rad_fail(error, RAD_UNTRUSTED, "site %s is there twice", s->site);
    if (!pool->count) return RAD_OK;
    if (strcmp(first->settings, s->settings) != 0)
        return rad_fail(
            error, RAD_CONFIG,
            "site %s does not fit site %s: features were extracted with other settings (id %.40s, not %.40s)",
            s->site, first->site, *s->settings ? s->settings : "none",
            *first->settings ? first->settings : "none");
    return check_variables(pool, s, error);
}

static void copy_variable(const rad_summary_variable *from, rad_summary_variable *to) {
    *to = *from;
    to->counts = NULL;
    to->count_count = 0;
    to->counted = false;
    to->panel = -1;
    to->pattern = 0;
}

/* The total before anything is added: the variables of the first site, the panel of the study. */
static rad_status begin(rad_pool *pool, const rad_summary *s, rad_error *error) {
    rad_summary *t = &pool->total;
    const rad_study *study = pool->study;
    size_t panel = 0;
    rad_status status = rad_summary_room(t, study, s->count, error);
    if (status != RAD_OK) return status;
    for (size_t v = 0; v < s->count; v++) {
        copy_variable(&s->variables[v], &t->variables[v]);
        if (study->analyses & RAD_ANALYSIS_COVARIANCE &&
            rad_study_in_panel(study, s->variables[v].name, s->variables[v].kind == RAD_FEATURE))
            t->variables[v].panel = (int64_t)panel++;
    }
    if (panel) status = rad_summary_panel(t, panel, 1, error);
    for (size_t v = 0; v < s->count && status == RAD_OK; v++)
        if (t->variables[v].panel >= 0) t->of[t->variables[v].panel] = v;
    snprintf(t->site, sizeof t->site, "pool");
    memcpy(t->study, s->study, sizeof t->study);
    memcpy(t->study_hash, s->study_hash, sizeof t->study_hash);
    memcpy(t->settings, s->settings, sizeof t->settings);
    pool->rules = study->rules;
    return status;
}

static void add_counts(int64_t *to, const int64_t *from, size_t count) {
    for (size_t i = 0; i < count; i++) to[i] += from[i] > 0 ? from[i] : 0;
}

static rad_status add_blocks(rad_blocks *to, const rad_blocks *from, size_t variables, rad_error *error) {
    rad_status status = RAD_OK;
    if (from->cells && !to->cells) status = rad_blocks_room(to, variables, from->cells, error);
    for (size_t v = 0; v < variables && from->cells && status == RAD_OK; v++)
        for (size_t i = 0; i < from->cells && from->shown[v] && status == RAD_OK; i++) {
            status = rad_exact_add(&to->sums[v * to->cells + i], &from->sums[v * from->cells + i], error);
            to->shown[v] = true;
        }
    return status;
}

static void add_head(rad_pool *pool, const rad_summary *s) {
    rad_summary *t = &pool->total;
    const rad_study *study = pool->study;
    t->rows += s->rows;
    t->excluded += s->excluded;
    t->repeats += s->repeats;
    t->unmatched += s->unmatched;
    t->incomplete += s->incomplete;
    for (size_t i = 0; i < RAD_CODES; i++) t->failures[i] += s->failures[i];
    add_counts(t->levels, s->levels, study->factor_count * (RAD_FACTOR_LEVELS + 1));
    for (size_t i = 0; i < study->table_count; i++)
        add_counts(t->tables[i], s->tables[i],
                   (study->factors[study->tables[i][0]].levels + 1) *
                       (study->factors[study->tables[i][1]].levels + 1));
    rad_rules_join(&pool->rules, &s->rules);
}

/* Are the pairs of the site those of its variables, all of them? */
static bool is_regular(const adding *a) {
    const rad_summary *s = a->from, *t = &a->pool->total;
    if (s->panel != t->panel || s->patterns != 1) return false;
    for (size_t i = 0; i < s->panel * (s->panel + 1) / 2; i++)
        if (!s->product_shown[i]) return false;
    return true;
}

static rad_status add_pair(rad_pair *to, const rad_pair_view *from, rad_error *error) {
    to->n += from->n;
    rad_status status = rad_exact_add(&to->a, from->a, error);
    if (status == RAD_OK) status = rad_exact_add(&to->aa, from->aa, error);
    if (status == RAD_OK) status = rad_exact_add(&to->b, from->b, error);
    if (status == RAD_OK) status = rad_exact_add(&to->bb, from->bb, error);
    return status;
}

/* Pairs of the pool get sums of their own: copies of those of their variables, so far. */
static rad_status split_pairs(size_t j, void *context, rad_error *error) {
    const adding *a = context;
    rad_summary *t = &a->pool->total;
    rad_status status = RAD_OK;
    for (size_t i = 0; i <= j && status == RAD_OK; i++) {
        rad_pair *pair = &t->pairs[j * (j + 1) / 2 + i];
        const rad_moments *x = &t->moments[t->of[i]], *y = &t->moments[t->of[j]];
        const rad_pair_view all = {
            .n = x->n, .a = &x->sum[0], .b = &y->sum[0], .aa = &x->sum[1], .bb = &y->sum[1]};
        status = add_pair(pair, &all, error);
    }
    return status;
}

static rad_status add_column(size_t j, void *context, rad_error *error) {
    const adding *a = context;
    rad_summary *t = &a->pool->total;
    rad_status status = RAD_OK;
    uint64_t least = 0;
    for (size_t i = 0; i <= j && a->column[j] >= 0 && status == RAD_OK; i++) {
        const size_t at = j * (j + 1) / 2 + i;
        rad_pair_view view;
        if (a->column[i] < 0 || !rad_summary_pair(a->from, (size_t)a->column[i], (size_t)a->column[j], &view))
            continue;
        t->product_shown[at] = true;
        if (view.n && (!least || view.n < least)) least = view.n;
        if (a->relations) status = rad_relate(&view, &a->relations[at], error);
        if (status == RAD_OK) status = rad_exact_add(&t->products[at], view.ab, error);
        if (status == RAD_OK && t->pairs) status = add_pair(&t->pairs[at], &view, error);
    }
    a->least[j] = least;
    return status;
}

static rad_status no_sum(const rad_summary *s, rad_status status, rad_error *error) {
    return rad_fail(error, status, "site %s: sums that cannot be added", s->site);
}

static rad_status add_panel(adding *a, int threads, rad_error *error) {
    rad_summary *t = &a->pool->total;
    const size_t pairs = t->panel * (t->panel + 1) / 2;
    const bool few = t->panel <= RAD_RELATIONS_MAX;
    rad_status status = RAD_OK;
    if (!t->panel) return RAD_OK;
    a->column = rad_new_raw(t->panel, sizeof *a->column, error);
    a->least = rad_new(t->panel, sizeof *a->least, error);
    a->relations = few ? rad_new(pairs, sizeof *a->relations, error) : NULL;
    if (!a->column || !a->least || (few && !a->relations)) return RAD_NO_MEMORY;
    for (size_t i = 0; i < t->panel; i++) a->column[i] = a->from->variables[t->of[i]].panel;
    if (!t->pairs && !is_regular(a)) {
        t->pairs = rad_new(pairs, sizeof *t->pairs, error);
        if (!t->pairs) return RAD_NO_MEMORY;
        if (a->pool->count) status = rad_parallel_try(t->panel, threads, split_pairs, a, NULL);
    }
    if (status == RAD_OK) status = rad_parallel_try(t->panel, threads, add_column, a, NULL);
    if (status != RAD_OK) return no_sum(a->from, status, error);
    for (size_t j = 0; j < t->panel; j++)
        if (a->least[j] && (!a->least_pair || a->least[j] < a->least_pair)) a->least_pair = a->least[j];
    return RAD_OK;
}

/* What the pool keeps of a site has no covariance: memory goes with the square of the panel, not with the
 * sites. */
static void drop_panel(rad_summary *s) {
    const size_t pairs = s->panel * (s->panel + 1) / 2;
    for (size_t i = 0; i < s->panel * s->patterns; i++) rad_moments_free(&s->partial[i]);
    for (size_t i = 0; i < pairs; i++) rad_exact_free(&s->products[i]);
    rad_free(s->of);
    rad_free(s->partial);
    rad_free(s->products);
    rad_free(s->product_shown);
    s->of = NULL;
    s->partial = NULL;
    s->products = NULL;
    s->product_shown = NULL;
    s->panel = s->patterns = 0;
}

static void keep_site(rad_pool *pool, rad_summary *s) {
    size_t at = pool->count++;
    for (; at > 0 && strcmp(pool->sites[at - 1].site, s->site) > 0; at--)
        pool->sites[at] = pool->sites[at - 1];
    pool->sites[at] = *s;
    *s = (rad_summary){.release = 0};
}

rad_status rad_pool_add(rad_pool *pool, rad_summary *s, int threads, rad_error *error) {
    adding a = {.pool = pool, .from = s};
    rad_status status = check_fit(pool, s, error);
    if (status == RAD_OK)
        status = rad_grow(&pool->sites, pool->count, &pool->room, sizeof *pool->sites, error);
    if (status == RAD_OK && !pool->count) status = begin(pool, s, error);
    if (status == RAD_OK) status = add_panel(&a, threads, error); /* pairs split off before variables go on */
    if (status == RAD_OK) status = add_blocks(&pool->total.models, &s->models, s->count, error);
    if (status == RAD_OK) status = add_blocks(&pool->total.repeated, &s->repeated, s->count, error);
    for (size_t i = 0; i < s->sets * s->count && status == RAD_OK; i++) {
        status = add_moments(&pool->total.moments[i], &s->moments[i]);
        if (status != RAD_OK) no_sum(s, status, error);
    }
    rad_free(a.column);
    rad_free(a.least);
    if (status != RAD_OK) {
        rad_free(a.relations);
        return status;
    }
    add_head(pool, s);
    s->relations = a.relations;
    s->least_pair = a.least_pair;
    drop_panel(s);
    keep_site(pool, s);
    return RAD_OK;
}

/* A few files are read at once, and added in turn. */
typedef struct reading {
    const char *const *paths;
    const rad_study *study;
    const rad_trusted *trusted;
    rad_summary *summary;
    bool *read;
} reading;

static rad_status read_one(size_t i, void *context, rad_error *error) {
    const reading *r = context;
    const rad_status status = rad_radsum_read(r->paths[i], r->study, r->trusted, &r->summary[i], error);
    r->read[i] = status == RAD_OK;
    return status;
}

static rad_status read_some(rad_pool *pool, const char *const *paths, size_t count,
                            const rad_trusted *trusted, int threads, rad_error *error) {
    enum { AT_ONCE = 16 };
    rad_summary summary[AT_ONCE];
    bool read[AT_ONCE];
    rad_status status = RAD_OK;
    const size_t most = threads < AT_ONCE ? (size_t)(threads > 1 ? threads : 1) : AT_ONCE;
    for (size_t first = 0; first < count && status == RAD_OK; first += most) {
        const size_t here = count - first < most ? count - first : most;
        reading r = {paths + first, pool->study, trusted, summary, read};
        memset(read, 0, sizeof read);
        const rad_status done = rad_parallel_try(here, threads, read_one, &r, error);
        for (size_t i = 0; i < here && read[i] && status == RAD_OK; i++)
            status = rad_pool_add(pool, &summary[i], threads, error);
        for (size_t i = 0; i < here; i++)
            if (read[i]) rad_summary_free(&summary[i]);
        if (status == RAD_OK) status = done;
    }
    return status;
}

static rad_status note_replaced(rad_pool *pool, const rad_radsum_head *h, bool same, rad_error *error) {
    rad_status status =
        rad_grow(&pool->replaced, pool->replaced_count, &pool->replaced_room, sizeof *pool->replaced, error);
    if (status != RAD_OK) return status;
    rad_replaced *r = &pool->replaced[pool->replaced_count++];
    *r = (rad_replaced){.release = h->release, .same = same};
    memcpy(r->site, h->site, sizeof r->site);
    return RAD_OK;
}

/* Two files of one site and release: copies, or a contradiction. */
static rad_status check_copies(const char *a, const char *b, const rad_radsum_head *head, rad_error *error) {
    char x[65], y[65];
    rad_status status = rad_radsum_digest(a, x, error);
    if (status == RAD_OK) status = rad_radsum_digest(b, y, error);
    if (status != RAD_OK || !strcmp(x, y)) return status;
    return rad_fail(error, RAD_UNTRUSTED,
                    "%s and %s: two files of site %s say that they are release %u, and differ", a, b,
                    head->site, head->release);
}

static rad_status choose(rad_pool *pool, const char *const *paths, const rad_radsum_head *heads, size_t count,
                         const char **chosen, size_t *chosen_count, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        bool counts = true;
        for (size_t j = 0; j < count && counts && status == RAD_OK; j++) {
            if (i == j || strcmp(heads[i].site, heads[j].site) != 0) continue;
            const bool same = heads[i].release == heads[j].release;
            if (same) status = check_copies(paths[i], paths[j], &heads[i], error);
            counts = same ? i < j : heads[i].release > heads[j].release;
            if (!counts && status == RAD_OK) status = note_replaced(pool, &heads[i], same, error);
        }
        if (counts && status == RAD_OK) chosen[(*chosen_count)++] = paths[i];
    }
    return status;
}

static rad_status check_seen(const rad_summary *s, const rad_radsum_head *seen, size_t count,
                             rad_error *error) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(seen[i].site, s->site) != 0) continue;
        if (s->release < seen[i].release)
            return rad_fail(error, RAD_UNTRUSTED,
                            "the file of site %s is release %u, but release %u was pooled before; ask for "
                            "the newest file, or pool "
                            "into another directory",
                            s->site, s->release, seen[i].release);
        if (s->release == seen[i].release && strcmp(seen[i].digest, s->digest) != 0)
            return rad_fail(error, RAD_UNTRUSTED,
                            "the file of site %s says it is release %u, but that was another file before",
                            s->site, s->release);
    }
    return RAD_OK;
}

rad_status rad_pool_read(const char *const *paths, size_t count, const rad_study *study,
                         const rad_trusted *trusted, const rad_radsum_head *seen, size_t seen_count,
                         int threads, rad_pool *pool, rad_error *error) {
    *pool = (rad_pool){.study = study};
    rad_radsum_head *heads = rad_new(count, sizeof *heads, error);
    const char **chosen = rad_new(count, sizeof *chosen, error);
    size_t chosen_count = 0;
    rad_status status = heads && chosen ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < count && status == RAD_OK; i++)
        status = rad_radsum_peek(paths[i], &heads[i], error);
    if (status == RAD_OK) status = choose(pool, paths, heads, count, chosen, &chosen_count, error);
    if (status == RAD_OK) status = read_some(pool, chosen, chosen_count, trusted, threads, error);
    for (size_t i = 0; i < pool->count && status == RAD_OK; i++)
        status = check_seen(&pool->sites[i], seen, seen_count, error);
    rad_free(heads);
    rad_free(chosen);
    if (status != RAD_OK) rad_pool_free(pool);
    return status;
}

static rad_status check_engine(const rad_summary *s, size_t values, rad_error *error) {
    size_t met = 0, of = 0;
    char again[RAD_CHECK];
    const bool counted = sscanf(s->check, "digital_phantom: %zu of %zu", &met, &of) == 2,
               ours = !strcmp(s->engine, "radiomill " RAD_VERSION);
    rad_summary_say_check(met, of, again);
    if (!counted || strcmp(again, s->check) != 0 || !of || met > of || (ours && of != values))
        return rad_fail(
            error, RAD_UNREADABLE,
            "site %s: how many reference values its engine met cannot be: \"%s\"; %zu are expected. "
            "Summarise again with an engine that is as it was published",
            s->site, s->check, values);
    if (met == of) return RAD_OK;
    return rad_fail(error, RAD_MISMATCH,
                    "site %s: its engine missed reference values (%s), so its sums may be wrong; have it "
                    "built anew until `radiomill validate` passes, and the site summarise again",
                    s->site, s->check);
}

rad_status rad_pool_check_engines(const rad_pool *pool, size_t values, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < pool->count && status == RAD_OK; i++)
        status = check_engine(&pool->sites[i], values, error);
    return status;
}

rad_status rad_pool_check(const rad_pool *pool, rad_error *error) {
    if (pool->count >= (size_t)pool->rules.sites) return RAD_OK;
    return rad_fail(error, RAD_REFUSED,
                    "%zu sites; the rules want %d at least, since with fewer each site could subtract itself "
                    "and see another",
                    pool->count, pool->rules.sites);
}

rad_status rad_pool_without(const rad_pool *pool, size_t site, size_t set, size_t variable, rad_moments *out,
                            rad_error *error) {
    const size_t at = set * pool->total.count + variable;
    const rad_moments *all = &pool->total.moments[at], *one = &pool->sites[site].moments[at];
    *out = (rad_moments){.powers = all->powers, .n = all->n - (one->powers ? one->n : 0)};
    rad_status status = RAD_OK;
    for (int k = 0; k < all->powers && status == RAD_OK; k++) {
        status = rad_exact_add(&out->sum[k], &all->sum[k], error);
        if (status == RAD_OK && one->powers) status = rad_exact_subtract(&out->sum[k], &one->sum[k], error);
    }
    return status;
}

size_t rad_pool_sites_of(const rad_pool *pool, size_t set, size_t variable) {
    size_t count = 0;
    for (size_t i = 0; i < pool->count; i++) {
        const rad_moments *m = &pool->sites[i].moments[set * pool->total.count + variable];
        count += m->powers && m->n;
    }
    return count;
}

uint64_t rad_pool_rows_of(const rad_pool *pool, size_t set, size_t variable) {
    uint64_t rows = 0;
    for (size_t i = 0; i < pool->count; i++)
        if (pool->sites[i].moments[set * pool->total.count + variable].powers) rows += pool->sites[i].rows;
    return rows;
}

static int by_first(const void *a, const void *b) {
    const rad_grid_count *x = a, *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

rad_status rad_pool_histogram(const rad_pool *pool, size_t variable, rad_grid_count **out, size_t *count,
                              rad_error *error) {
    size_t total = 0, used = 0;
    for (size_t i = 0; i < pool->count; i++) total += pool->sites[i].variables[variable].count_count;
    rad_grid_count *all = rad_new(total, sizeof *all, error);
    if (!all) return RAD_NO_MEMORY;
    for (size_t i = 0; i < pool->count; i++) {
        const rad_summary_variable *v = &pool->sites[i].variables[variable];
        if (v->count_count) memcpy(all + used, v->counts, v->count_count * sizeof *all);
        used += v->count_count;
    }
    if (total > 1) qsort(all, total, sizeof *all, by_first);
    *count = 0;
    for (size_t i = 0; i < total; i++) { /* those that overlap become one */
        rad_grid_count *last = *count ? &all[*count - 1] : NULL;
        if (last && all[i].first < last->end) {
            last->count += all[i].count;
            last->end = all[i].end > last->end ? all[i].end : last->end;
        } else {
            all[(*count)++] = all[i];
        }
    }
    *out = all;
    return RAD_OK;
}

typedef struct weighted {
    double edge;
    uint64_t count;
} weighted;

static int by_edge(const void *a, const void *b) {
    const weighted *x = a, *y = b;
    return (x->edge > y->edge) - (x->edge < y->edge);
}

/* The k-th smallest (from 1) of sorted edges with weights. */
static double select_edge(const weighted *list, size_t count, uint64_t k) {
    size_t i = 0;
    for (uint64_t below = list[0].count; i + 1 < count && below < k;) below += list[++i].count;
    return list[i].edge;
}

rad_status rad_pool_edge(const rad_pool *pool, size_t variable, double q, uint64_t n, rad_error *error) {
    const double least = n ? fmin(0.5, pool->rules.cell / (double)n) : 0.5;
    return rad_fail(
        error, RAD_REFUSED,
        "quantile %g of %s: fewer than %d of %llu patients lie beyond it, and it would tell of them; ask for "
        "quantiles from %.3g to %.3g",
        q, pool->total.variables[variable].name, pool->rules.cell, (unsigned long long)n, least, 1 - least);
}

rad_status rad_pool_quantiles(const rad_pool *pool, size_t variable, rad_quantile *out, rad_error *error) {
    size_t room = 0, count = 0;
    uint64_t n = 0;
    for (size_t i = 0; i < pool->count; i++) room += pool->sites[i].variables[variable].count_count;
    weighted *low = rad_new(room, sizeof *low, error), *high = rad_new(room, sizeof *high, error);
    rad_status status = low && high ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < pool->count && status == RAD_OK; i++) {
        const rad_summary_variable *v = &pool->sites[i].variables[variable];
        for (size_t k = 0; k < v->count_count; k++, count++) {
            const rad_grid_count *c = &v->counts[k];
            low[count] = (weighted){rad_grid_edge(&v->grid, c->first), c->count};
            high[count] = (weighted){rad_grid_edge(&v->grid, c->end), c->count};
            n += c->count;
        }
    }
    if (count > 1) qsort(low, count, sizeof *low, by_edge);
    if (count > 1) qsort(high, count, sizeof *high, by_edge);
    for (size_t i = 0; i < pool->study->quantile_count && status == RAD_OK; i++) {
        const double q = pool->study->quantiles[i], h = n ? (double)(n - 1) * q + 1 : 0;
        out[i] = (rad_quantile){n, NAN, NAN, n && (double)n * fmin(q, 1 - q) < pool->rules.cell};
        if (!n || out[i].edge) continue;
        out[i].low = select_edge(low, count, (uint64_t)floor(h));
        out[i].high = select_edge(high, count, (uint64_t)ceil(h));
    }
    rad_free(low);
    rad_free(high);
    return status;
}

void rad_pool_free(rad_pool *pool) {
    rad_summary_free(&pool->total);
    for (size_t i = 0; i < pool->count; i++) rad_summary_free(&pool->sites[i]);
    rad_free(pool->sites);
    rad_free(pool->replaced);
    *pool = (rad_pool){.study = NULL};
}
