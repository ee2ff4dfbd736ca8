#include "components.h"

#include "../../core/memory.h"

#include <lapacke.h>
#include <lapacke_utils.h>
#include <math.h>
#include <string.h>

/* The column with the most undefined entries among those in use, or the number of columns. */
static size_t find_worst(const double *r, size_t columns, const bool *used) {
    size_t worst = columns, most = 0;
    for (size_t i = 0; i < columns; i++) {
        size_t missing = 0;
        for (size_t j = 0; j < columns && used[i]; j++) missing += used[j] && isnan(r[i * columns + j]);
        if (missing > most) {
            most = missing;
            worst = i;
        }
    }
    return worst;
}

rad_status rad_correlations_compute(const rad_summary *t, const rad_relation *pairs, rad_correlations *out,
                                    rad_error *error) {
    const size_t panel = t->panel;
    size_t cells, worst;
    *out = (rad_correlations){.count = 0};
    if (!rad_multiply(panel, panel, &cells)) return rad_fail(error, RAD_NO_MEMORY, "too many correlations");
    bool *used = rad_new(panel, sizeof *used, error);
    out->r = rad_new(cells, sizeof *out->r, error);
    out->of = rad_new(panel, sizeof *out->of, error);
    rad_status status = used && out->r && out->of ? RAD_OK : RAD_NO_MEMORY;
    for (size_t j = 0; j < panel && status == RAD_OK; j++)
        for (size_t i = 0; i <= j; i++)
            out->r[i * panel + j] = out->r[j * panel + i] = pairs[j * (j + 1) / 2 + i].correlation;
    if (used) memset(used, true, panel * sizeof *used);
    while (status == RAD_OK && (worst = find_worst(out->r, panel, used)) < panel) used[worst] = false;
    for (size_t i = 0; i < panel && status == RAD_OK; i++)
        if (used[i]) out->of[out->count++] = i;
    for (size_t i = 0; i < out->count && status == RAD_OK; i++)
        for (size_t j = 0; j < out->count; j++)
            out->r[i * out->count + j] = out->r[out->of[i] * panel + out->of[j]];
    for (size_t i = 0; i < out->count && status == RAD_OK; i++) out->of[i] = t->of[out->of[i]];
    rad_free(used);
    if (status != RAD_OK) rad_correlations_free(out);
    return status;
}

void rad_correlations_free(rad_correlations *c) {
    rad_free(c->of);
    rad_free(c->r);
    *c = (rad_correlations){.count = 0};
}

/* Largest first; the largest entry of each vector positive. */
static void arrange(size_t n, size_t count, const double *ascending, const double *columns, double *values,
                    double *vectors) {
    for (size_t k = 0; k < n; k++) values[k] = ascending[n - 1 - k];
    for (size_t k = 0; k < count; k++) {
        const double *from = columns + (count - 1 - k) * n;
        double largest = 0;
        for (size_t i = 0; i < n; i++)
            if (fabs(from[i]) > fabs(largest) * (1 + 1e-9)) largest = from[i];
        for (size_t i = 0; i < n; i++) vectors[k * n + i] = largest < 0 ? -from[i] : from[i];
    }
}

/* The matrix, and what LAPACK works in. */
typedef struct problem {
    lapack_int n, count; /* vectors that are wanted */
    double *matrix, *work, *ascending, *columns;
    double *buffer;
    lapack_int size, *whole; /* of buffer; 10 n whole numbers */
} problem;

/* The most that the steps below ask for. */
static rad_status allocate_buffer(problem *p, rad_error *error) {
    double first = 0, last = 0;
    LAPACKE_dsytrd_work(LAPACK_COL_MAJOR, 'L', p->n, NULL, p->n, NULL, NULL, NULL, &first, -1);
    LAPACKE_dormtr_work(LAPACK_COL_MAJOR, 'L', 'L', 'N', p->n, p->count, NULL, p->n, NULL, NULL, p->n, &last,
                        -1);
    p->size = (lapack_int)fmax(18.0 * p->n, fmax(first, last));
    p->buffer = rad_new((size_t)p->size, sizeof *p->buffer, error);
    p->whole = rad_new((size_t)p->n, 10 * sizeof *p->whole, error);
    return p->buffer && p->whole ? RAD_OK : RAD_NO_MEMORY;
}

/* To a tridiagonal matrix once; of that all eigenvalues, and only the vectors that are wanted: others would
 * cost most. */
static bool solve(const problem *p) {
    const lapack_int n = p->n;
    double *d = p->work, *e = d + n, *tau = d + 2 * n, *d2 = d + 3 * n, *e2 = d + 4 * n, *w = d + 5 * n;
    lapack_int found = 0, *support = (lapack_int *)(void *)(d + 6 * n);
    lapack_logical accurate = 1;
    if (LAPACKE_dsy_nancheck(LAPACK_COL_MAJOR, 'L', n, p->matrix, n) ||
        LAPACKE_dsytrd_work(LAPACK_COL_MAJOR, 'L', n, p->matrix, n, d, e, tau, p->buffer, p->size))
        return false;
    memcpy(p->ascending, d, (size_t)n * sizeof *d);
    memcpy(e2, e, (size_t)n * sizeof *e);
    memcpy(d2, d, (size_t)n * sizeof *d);
    if (LAPACKE_dsterf_work(n, p->ascending, e2)) return false;
    if (!p->count) return true;
    if (LAPACKE_dstemr_work(LAPACK_COL_MAJOR, 'V', 'I', n, d2, e, 0, 0, n - p->count + 1, n, &found, w,
                            p->columns, n, p->count, support, &accurate, p->buffer, p->size, p->whole,
                            10 * n) ||
        found != p->count)
        return false;
    return !LAPACKE_dormtr_work(LAPACK_COL_MAJOR, 'L', 'L', 'N', n, p->count, p->matrix, n, tau, p->columns,
                                n, p->buffer, p->size);
}

rad_status rad_components_compute(const rad_correlations *c, size_t count, double *values, double *vectors,
                                  rad_error *error) {
    const size_t n = c->count;
    if (!n) return RAD_OK;
    problem p = {.n = (lapack_int)n, .count = (lapack_int)count};
    p.matrix = rad_new_raw(n * n, sizeof *p.matrix, error);
    p.work = rad_new(8 * n, sizeof *p.work, error);
    p.ascending = rad_new(n, sizeof *p.ascending, error);
    p.columns = rad_new(n * (count + 1), sizeof *p.columns, error);
    rad_status status =
        p.matrix && p.work && p.ascending && p.columns ? allocate_buffer(&p, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        memcpy(p.matrix, c->r, n * n * sizeof *p.matrix);
        if (!solve(&p))
            status =
                rad_fail(error, RAD_CONFIG, "the eigenvalues of %zu correlations do not converge", n * n);
    }
    if (status == RAD_OK) arrange(n, count, p.ascending, p.columns, values, vectors);
    rad_free(p.matrix);
    rad_free(p.work);
    rad_free(p.ascending);
    rad_free(p.columns);
    rad_free(p.buffer);
    rad_free(p.whole);
    return status;
}

/* Complete linkage by chains of nearest neighbours (Murtagh): d[i][j] of the clusters that are alive, by
 * their first column. */
typedef struct linkage {
    size_t count;
    double *d;
    bool *alive;
    size_t *parent; /* cluster that a column was joined to, at or below the threshold */
} linkage;

static size_t nearest(const linkage *l, size_t to, size_t previous) {
    size_t best = previous;
    double least = previous < l->count ? l->d[to * l->count + previous] : INFINITY;
    for (size_t j = 0; j < l->count; j++)
        if (l->alive[j] && j != to && l->d[to * l->count + j] < least) {
            least = l->d[to * l->count + j];
            best = j;
        }
    return best;
}

static size_t root(const linkage *l, size_t i) {
    while (l->parent[i] != i) i = l->parent[i];
    return i;
}

static void join(linkage *l, size_t a, size_t b, double cut) {
    const size_t into = a < b ? a : b, from = a < b ? b : a;
    if (l->d[a * l->count + b] <= cut) l->parent[root(l, from)] = root(l, into);
    for (size_t j = 0; j < l->count; j++) {
        const double far = fmax(l->d[a * l->count + j], l->d[b * l->count + j]);
        l->d[into * l->count + j] = l->d[j * l->count + into] = far;
    }
    l->alive[from] = false;
}

static void link_all(linkage *l, size_t *chain, double cut) {
    size_t length = 0, left = l->count;
    while (left > 1) {
        if (!length)
            for (size_t i = 0; i < l->count && !length; i++)
                if (l->alive[i]) chain[length++] = i;
        const size_t top = chain[length - 1],
                     next = nearest(l, top, length > 1 ? chain[length - 2] : l->count);
        if (length > 1 && next == chain[length - 2]) {
            length -= 2;
            join(l, top, next, cut);
            left--;
        } else {
            chain[length++] = next;
        }
    }
}

static void keep_one(const rad_correlations *c, const size_t *cluster, size_t which, bool *kept) {
    size_t best = c->count;
    double most = -1;
    for (size_t i = 0; i < c->count; i++) {
        double sum = 0;
        kept[i] = kept[i] && cluster[i] != which;
        for (size_t j = 0; j < c->count && cluster[i] == which; j++)
            if (cluster[j] == which && j != i) sum += fabs(c->r[i * c->count + j]);
        if (cluster[i] == which && sum > most * (1 + 1e-12)) {
            most = sum;
            best = i;
        }
    }
    if (best < c->count) kept[best] = true;
}

rad_status rad_clusters_compute(const rad_correlations *c, double threshold, size_t *cluster, bool *kept,
                                rad_error *error) {
    const size_t n = c->count;
    linkage l = {n, rad_new(n * n, sizeof(double), error), rad_new(n, sizeof(bool), error),
                 rad_new(n, sizeof(size_t), error)};
    size_t *chain = rad_new(n + 1, sizeof *chain, error), clusters = 0;
    rad_status status = l.d && l.alive && l.parent && chain ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < n * n && status == RAD_OK; i++) l.d[i] = 1 - fabs(c->r[i]);
    for (size_t i = 0; i < n && status == RAD_OK; i++) {
        l.alive[i] = true;
        l.parent[i] = i;
    }
    if (status == RAD_OK) {
        link_all(&l, chain, 1 - threshold);
        for (size_t i = 0; i < n; i++) cluster[i] = root(&l, i) == i ? ++clusters : cluster[root(&l, i)];
        memset(kept, false, n * sizeof *kept);
        for (size_t k = 1; k <= clusters; k++) keep_one(c, cluster, k, kept);
    }
    rad_free(l.d);
    rad_free(l.alive);
    rad_free(l.parent);
    rad_free(chain);
    return status;
}

double rad_correlations_given(const rad_correlations *c, size_t a, size_t b, size_t given) {
    const double x = c->r[a * c->count + given], y = c->r[b * c->count + given];
    const double free_of = (1 - x * x) * (1 - y * y);
    return free_of > 0 && a != given && b != given ? (c->r[a * c->count + b] - x * y) / sqrt(free_of) : NAN;
}
