#include "pool.h"

#include "../../core/memory.h"
#include "../../core/parallel.h"
#include "../../core/printable.h"
#include "plausible.h"
#include "pool_analyses.h"

#include <stdio.h>
#include <string.h>

/* What two sites have to agree on, about one variable. */
static const char *difference(const rad_summary_variable *a, const rad_summary_variable *b) {
    const bool same_grid = a->grid.kind == b->grid.kind && a->grid.bits == b->grid.bits &&
                           a->grid.cells == b->grid.cells && a->grid.from == b->grid.from &&
                           a->grid.to == b->grid.to;
    if (strcmp(a->definition, b->definition) != 0)
        return "is another feature by its definition (image, IBSI code, aggregation, discretisation or unit)";
    if (a->kind != b->kind) return "has another role";
    if (a->logarithm != b->logarithm || a->centre != b->centre) return "is transformed in another way";
    if (a->step != b->step) return "is taken in other steps";
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
            return rad_fail(error, RAD_UNTRUSTED, "site %s is given twice", s->site);
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

/* The total before anything is added: the variables of the first site. */
static rad_status begin(rad_pool *pool, const rad_summary *s, rad_error *error) {
    rad_summary *t = &pool->total;
    rad_status status = rad_summary_allocate(t, pool->study, s->count, error);
    if (status != RAD_OK) return status;
    for (size_t v = 0; v < s->count; v++) copy_variable(&s->variables[v], &t->variables[v]);
    snprintf(t->site, sizeof t->site, "pool");
    memcpy(t->study, s->study, sizeof t->study);
    memcpy(t->study_hash, s->study_hash, sizeof t->study_hash);
    memcpy(t->settings, s->settings, sizeof t->settings);
    pool->rules = pool->study->rules;
    return status;
}

rad_status rad_pool_fail_adding(rad_status status, const rad_summary *site, rad_error *error) {
    return rad_fail(error, status, "site %s: its sums cannot be added", site->site);
}

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

rad_status rad_pool_add_sets(rad_pool *pool, const rad_summary *s, size_t first, size_t end,
                             rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = first * s->count; i < end * s->count && status == RAD_OK; i++)
        status = add_moments(&pool->total.moments[i], &s->moments[i]);
    return status == RAD_OK ? RAD_OK : rad_pool_fail_adding(status, s, error);
}

void rad_pool_add_counts(int64_t *to, const int64_t *from, size_t count) {
    for (size_t i = 0; i < count; i++) to[i] += from[i] > 0 ? from[i] : 0;
}

static rad_status add_blocks(rad_blocks *to, const rad_blocks *from, size_t variables, rad_error *error) {
    rad_status status = RAD_OK;
    if (from->cells && !to->cells) status = rad_blocks_allocate(to, variables, from->cells, error);
    for (size_t v = 0; v < variables && from->cells && status == RAD_OK; v++)
        for (size_t i = 0; i < from->cells && from->shown[v] && status == RAD_OK; i++) {
            status = rad_exact_add(&to->sums[v * to->cells + i], &from->sums[v * from->cells + i], error);
            to->shown[v] = true;
        }
    return status;
}

static void add_head(rad_pool *pool, const rad_summary *s) {
    rad_summary *t = &pool->total;
    t->rows += s->rows;
    t->excluded = rad_summary_add(t->excluded, s->excluded);
    t->repeats = rad_summary_add(t->repeats, s->repeats);
    t->unmatched = rad_summary_add(t->unmatched, s->unmatched);
    t->incomplete = rad_summary_add(t->incomplete, s->incomplete);
    for (size_t i = 0; i < RAD_CODES; i++) t->failures[i] = rad_summary_add(t->failures[i], s->failures[i]);
    rad_rules_join(&pool->rules, &s->rules);
}

static void keep_site(rad_pool *pool, rad_summary *s) {
    size_t at = pool->count++;
    for (; at > 0 && strcmp(pool->sites[at - 1].site, s->site) > 0; at--)
        pool->sites[at] = pool->sites[at - 1];
    pool->sites[at] = *s;
    *s = (rad_summary){.release = 0};
}

static rad_status add_analysis(rad_pool *pool, rad_summary *s, size_t analysis, int threads,
                               rad_error *error) {
    const rad_pool_analysis *row = rad_pool_analyses[analysis];
    rad_status status = add_blocks(&pool->total.blocks[analysis], &s->blocks[analysis], s->count, error);
    return status == RAD_OK && row->add ? row->add(pool, s, threads, error) : status;
}

rad_status rad_pool_add(rad_pool *pool, rad_summary *s, int threads, rad_error *error) {
    rad_status status = check_fit(pool, s, error);
    if (status == RAD_OK)
        status = rad_grow(&pool->sites, pool->count, &pool->capacity, sizeof *pool->sites, error);
    if (status == RAD_OK && !pool->count) status = begin(pool, s, error);
    /* From the last, so that the covariance comes before the moments: where the pairs of earlier sites have
     * to get sums of their own, these are those of their variables, without this site. */
    for (size_t i = RAD_ANALYSES; i-- > 0 && status == RAD_OK;)
        status = add_analysis(pool, s, i, threads, error);
    if (status != RAD_OK) return status;
    add_head(pool, s);
    keep_site(pool, s);
    return RAD_OK;
}

/* A few files are read at once, and added in turn. */
typedef struct reading {
    const char *const *paths;
    const rad_study *study;
    const rad_pool_files *files;
    rad_summary *summary;
    bool *read;
} reading;

static rad_status read_one(size_t i, void *context, rad_error *error) {
    const reading *r = context;
    rad_status status =
        rad_radsum_read(r->paths[i], r->study, r->files->trusted, r->files->reader, &r->summary[i], error);
    if (status == RAD_OK) {
        status = rad_plausible_check(&r->summary[i], r->study, error);
        if (status != RAD_OK) rad_summary_free(&r->summary[i]);
    }
    r->read[i] = status == RAD_OK;
    return status;
}

static rad_status read_some(rad_pool *pool, const char *const *paths, size_t count,
                            const rad_pool_files *files, int threads, rad_error *error) {
    enum { AT_ONCE = 16 };
    rad_summary summary[AT_ONCE];
    bool read[AT_ONCE];
    rad_status status = RAD_OK;
    const size_t most = threads < AT_ONCE ? (size_t)(threads > 1 ? threads : 1) : AT_ONCE;
    for (size_t first = 0; first < count && status == RAD_OK; first += most) {
        const size_t here = count - first < most ? count - first : most;
        reading r = {paths + first, pool->study, files, summary, read};
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
    rad_status status = rad_grow(&pool->replaced, pool->replaced_count, &pool->replaced_capacity,
                                 sizeof *pool->replaced, error);
    if (status != RAD_OK) return status;
    rad_replaced *r = &pool->replaced[pool->replaced_count++];
    *r = (rad_replaced){.release = h->release, .same = same};
    memcpy(r->site, h->site, sizeof r->site);
    return RAD_OK;
}

/* Two files of one site and release: copies, or a contradiction. */
static rad_status check_copies(const char *a, const char *b, const rad_signer *reader,
                               const rad_radsum_head *head, rad_error *error) {
    char x[65], y[65];
    rad_status status = rad_radsum_digest(a, reader, x, error);
    if (status == RAD_OK) status = rad_radsum_digest(b, reader, y, error);
    if (status != RAD_OK || !strcmp(x, y)) return status;
    return rad_fail(error, RAD_UNTRUSTED,
                    "%s and %s: two files of site %s say that they are release %u, and differ", a, b,
                    head->site, head->release);
}

static rad_status choose(rad_pool *pool, const rad_pool_files *files, const rad_radsum_head *heads,
                         const char **chosen, size_t *chosen_count, rad_error *error) {
    const char *const *paths = files->paths;
    const size_t count = files->count;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        bool counts = true;
        for (size_t j = 0; j < count && counts && status == RAD_OK; j++) {
            if (i == j || strcmp(heads[i].site, heads[j].site) != 0) continue;
            const bool same = heads[i].release == heads[j].release;
            if (same) status = check_copies(paths[i], paths[j], files->reader, &heads[i], error);
            counts = same ? i < j : heads[i].release > heads[j].release;
            if (!counts && status == RAD_OK) status = note_replaced(pool, &heads[i], same, error);
        }
        if (counts && status == RAD_OK) chosen[(*chosen_count)++] = paths[i];
    }
    return status;
}

/* A ledger only grows: what a newer release says of it has more before it; one that began again is another.
 */
static rad_status check_ledger(const rad_summary *s, const rad_radsum_head *seen, rad_error *error) {
    const rad_ledger_head *now = &s->ledger, *before = &seen->ledger;
    if (!*before->id || s->release <= seen->release) return RAD_OK;
    if (!strcmp(now->id, before->id) && now->entries > before->entries) return RAD_OK;
    return rad_fail(
        error, RAD_UNTRUSTED,
        "the file of site %s says that its ledger %s had %llu release%s before it; with release %u it "
        "was %s with %llu: it began again, or an older copy was taken. Ask the site, and pool into "
        "another directory",
        s->site, *now->id ? now->id : "(none)", (unsigned long long)now->entries, rad_plural(now->entries),
        seen->release, before->id, (unsigned long long)before->entries);
}

/* A second release of a study has the first one before it. */
static rad_status check_count(const rad_summary *s, rad_error *error) {
    if (!*s->ledger.id || s->ledger.entries + 1 >= s->release) return RAD_OK;
    return rad_fail(error, RAD_UNTRUSTED,
                    "the file of site %s is release %u, but its ledger had %llu release%s before it", s->site,
                    s->release, (unsigned long long)s->ledger.entries, rad_plural(s->ledger.entries));
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
        rad_status status = check_ledger(s, &seen[i], error);
        if (status != RAD_OK) return status;
        if (s->release == seen[i].release && strcmp(seen[i].digest, s->digest) != 0)
            return rad_fail(
                error, RAD_UNTRUSTED,
                "the file of site %s says it is release %u, but that release was a different file before",
                s->site, s->release);
    }
    return check_count(s, error);
}

rad_status rad_pool_read(const rad_pool_files *f, const rad_study *study, int threads, rad_pool *pool,
                         rad_error *error) {
    *pool = (rad_pool){.study = study};
    rad_radsum_head *heads = rad_new(f->count, sizeof *heads, error);
    const char **chosen = rad_new(f->count, sizeof *chosen, error);
    size_t chosen_count = 0;
    rad_status status = heads && chosen ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < f->count && status == RAD_OK; i++)
        status = rad_radsum_peek(f->paths[i], f->reader, &heads[i], error);
    if (status == RAD_OK) status = choose(pool, f, heads, chosen, &chosen_count, error);
    if (status == RAD_OK) status = read_some(pool, chosen, chosen_count, f, threads, error);
    for (size_t i = 0; i < pool->count && status == RAD_OK; i++)
        status = check_seen(&pool->sites[i], f->seen, f->seen_count, error);
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
        return rad_fail(error, RAD_UNREADABLE,
                        "site %s: the number of reference values that its engine met, \"%s\", is impossible; "
                        "%zu are expected. Summarise again with the engine as it was published",
                        s->site, s->check, values);
    if (met == of) return RAD_OK;
    return rad_fail(error, RAD_MISMATCH,
                    "site %s: its engine missed reference values (%s), so its sums may be wrong; have it "
                    "rebuilt until `radiomill validate` passes, and have the site summarise again",
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
                    "%zu site%s; the rules require at least %d, since with fewer each site could subtract "
                    "itself and see another",
                    pool->count, rad_plural(pool->count), pool->rules.sites);
}

rad_status rad_pool_without(const rad_pool *pool, size_t site, size_t set, size_t variable, rad_moments *out,
                            rad_basis *basis, rad_error *error) {
    const size_t at = set * pool->total.count + variable;
    const rad_moments *all = &pool->total.moments[at], *one = &pool->sites[site].moments[at];
    *out = (rad_moments){.powers = all->powers, .n = all->n - (one->powers ? one->n : 0)};
    *basis = rad_pool_basis_of(pool, set, variable);
    *basis = rad_basis_make(&pool->rules, basis->sites - (one->powers && one->n), out->n);
    rad_status status = RAD_OK;
    for (int k = 0; k < all->powers && status == RAD_OK; k++) {
        status = rad_exact_add(&out->sum[k], &all->sum[k], error);
        if (status == RAD_OK && one->powers) status = rad_exact_subtract(&out->sum[k], &one->sum[k], error);
    }
    return status;
}

rad_basis rad_pool_basis_of(const rad_pool *pool, size_t set, size_t variable) {
    const size_t at = set * pool->total.count + variable;
    size_t sites = 0;
    for (size_t i = 0; i < pool->count; i++)
        sites += pool->sites[i].moments[at].powers && pool->sites[i].moments[at].n;
    return rad_basis_make(&pool->rules, sites, pool->total.moments[at].n);
}

rad_basis rad_pool_basis_of_blocks(const rad_pool *pool, rad_analysis analysis, size_t variable) {
    const rad_blocks *all = &pool->total.blocks[analysis];
    size_t sites = 0;
    for (size_t i = 0; i < pool->count; i++) {
        const rad_blocks *b = &pool->sites[i].blocks[analysis];
        sites += b->cells && b->shown[variable] && rad_exact_double(&b->sums[variable * b->cells]) > 0;
    }
    const bool some = all->cells && all->shown[variable];
    return rad_basis_make(&pool->rules, sites,
                          some ? (uint64_t)rad_exact_double(&all->sums[variable * all->cells]) : 0);
}

bool rad_pool_is_nothing(const rad_pool *pool, size_t variable) {
    for (size_t i = 0; i < pool->count; i++)
        if (!pool->sites[i].moments[variable].powers || pool->sites[i].moments[variable].n) return false;
    return true;
}

uint64_t rad_pool_rows_of(const rad_pool *pool, size_t set, size_t variable) {
    uint64_t rows = 0;
    for (size_t i = 0; i < pool->count; i++)
        if (pool->sites[i].moments[set * pool->total.count + variable].powers) rows += pool->sites[i].rows;
    return rows;
}

const rad_lifetables **rad_pool_lifetables(const rad_pool *pool, size_t outcome, size_t first, size_t count,
                                           rad_error *error) {
    const rad_lifetables **list = rad_new(count, sizeof(const rad_lifetables *), error);
    for (size_t i = 0; list && i < count; i++) list[i] = &pool->sites[first + i].lifetables[outcome];
    return list;
}

uint64_t rad_pool_patients(const rad_lifetable *t) {
    uint64_t n = 0;
    for (size_t i = 0; i < rad_lifetable_cells(t->edges); i++) n += t->counts[i];
    return n;
}

void rad_pool_free(rad_pool *pool) {
    rad_summary_free(&pool->total);
    for (size_t i = 0; i < pool->count; i++) rad_summary_free(&pool->sites[i]);
    for (size_t i = 0; i < pool->crossed_count; i++) {
        for (size_t m = 0; m < pool->crossed[i].models; m++) rad_crossed_free(&pool->crossed[i].model[m]);
        rad_free(pool->crossed[i].model);
    }
    rad_free(pool->crossed);
    rad_free(pool->sites);
    rad_free(pool->replaced);
    *pool = (rad_pool){.study = NULL};
}
