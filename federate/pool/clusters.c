#include "clusters.h"

#include "../../core/memory.h"

#include <math.h>
#include <string.h>

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
