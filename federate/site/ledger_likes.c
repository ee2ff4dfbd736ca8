#include "../../core/memory.h"
#include "ledger_checks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of two patients some rows apart: which has the smaller value; two bits each. */
enum { UNKNOWN, LESS, MORE, SAME };
static const size_t strides[] = {1, 2, 4, 8};

/* So many comparisons that are not of the same values tell columns from each other: 2^-24. */
enum { LEAST = 24, STRIDES = sizeof strides / sizeof *strides };

static unsigned compare(double a, double b) {
    return isnan(a) || isnan(b) ? UNKNOWN : a < b ? LESS : a > b ? MORE : SAME;
}

/* Comparisons in the order of the rows; how many of them lie before those of a stride. */
static size_t count_before(size_t rows, size_t strides_before) {
    size_t count = 0;
    for (size_t s = 0; s < strides_before; s++) count += rows > strides[s] ? rows - strides[s] : 0;
    return count;
}

static size_t order_bytes(size_t rows) {
    return (2 * count_before(rows, STRIDES) + 7) / 8;
}

static json_t *order_of(const double *x, size_t rows, unsigned char *bytes) {
    size_t at = 0;
    memset(bytes, 0, order_bytes(rows));
    for (size_t s = 0; s < STRIDES; s++)
        for (size_t r = 0; r + strides[s] < rows; r++, at++)
            bytes[at / 4] |= (unsigned char)(compare(x[r], x[r + strides[s]]) << at % 4 * 2);
    return rad_ledger_encoded(bytes, order_bytes(rows));
}

json_t *rad_ledger_orders(const rad_release *r) {
    const rad_cohort *c = r->cohort;
    unsigned char *bytes = rad_new(order_bytes(c->rows), 1, NULL);
    json_t *all = bytes ? json_object() : NULL;
    for (size_t v = 0; v < c->count && bytes; v++)
        if (r->permit->powers[v])
            rad_tree_set(&all, c->variables[v].definition, order_of(c->values + v * c->rows, c->rows, bytes));
    rad_free(bytes);
    return all;
}

/* Comparisons of an entry whose two patients are here again. */
typedef struct compared {
    size_t *place, *a, *b; /* in the order of the entry, and rows of this release; owned */
    size_t count;
} compared;

static void free_compared(compared *x) {
    rad_free(x->place);
    rad_free(x->a);
    rad_free(x->b);
    *x = (compared){.count = 0};
}

static rad_status find_compared(const rad_ledger_entry *e, const size_t *row, compared *out,
                                rad_error *error) {
    const size_t n = e->who.patients, most = count_before(n, STRIDES);
    *out = (compared){rad_new(most, sizeof *out->place, error), rad_new(most, sizeof *out->a, error),
                      rad_new(most, sizeof *out->b, error), 0};
    if (!out->place || !out->a || !out->b) return RAD_NO_MEMORY;
    for (size_t s = 0, at = 0; s < STRIDES; s++)
        for (size_t r = 0; r + strides[s] < n; r++, at++) {
            const size_t a = row[e->who.person[r]], b = row[e->who.person[r + strides[s]]];
            if (a == SIZE_MAX || b == SIZE_MAX) continue;
            out->place[out->count] = at;
            out->a[out->count] = a;
            out->b[out->count++] = b;
        }
    return RAD_OK;
}

/* The order of a column, whichever way it goes, as a hash; 0: it tells too little. */
typedef struct ordering {
    uint64_t hash;
    size_t informative;
    unsigned first;
} ordering;

static void add_comparison(ordering *o, unsigned code) {
    if (!o->hash) o->hash = 0xcbf29ce484222325u;
    if (code == LESS || code == MORE) {
        if (!o->first) o->first = code;
        code = code == o->first ? LESS : MORE;
        o->informative++;
    }
    o->hash = (o->hash ^ code) * 0x100000001b3u;
}

typedef struct ordered {
    uint64_t hash;
    size_t variable;
} ordered;

static int by_hash(const void *a, const void *b) {
    const ordered *x = a, *y = b;
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    return (x->variable > y->variable) - (x->variable < y->variable);
}

/* Variables of this release by their order in these comparisons. */
static size_t order_variables(const rad_release *r, const compared *x, ordered *list) {
    const rad_cohort *c = r->cohort;
    size_t count = 0;
    for (size_t v = 0; v < c->count; v++) {
        ordering o = {0};
        if (!r->permit->powers[v]) continue;
        for (size_t i = 0; i < x->count; i++)
            add_comparison(&o, compare(c->values[v * c->rows + x->a[i]], c->values[v * c->rows + x->b[i]]));
        if (o.informative >= LEAST) list[count++] = (ordered){o.hash, v};
    }
    qsort(list, count, sizeof *list, by_hash);
    return count;
}

static rad_status add_like(rad_likes *likes, const char *definition, size_t variable, rad_error *error) {
    rad_status status = rad_grow(&likes->row, likes->count, &likes->capacity, sizeof *likes->row, error);
    if (status == RAD_OK) likes->row[likes->count++] = (rad_name){definition, variable};
    return status;
}

static rad_status find_in_entry(const rad_ledger_checked *c, const rad_ledger_entry *e, const compared *x,
                                ordered *list, rad_likes *likes, rad_error *error) {
    const rad_cohort *cohort = c->release->cohort;
    const size_t count = order_variables(c->release, x, list), length = order_bytes(e->who.patients);
    unsigned char *bytes = rad_new(length, 1, error);
    const char *definition;
    json_t *order;
    rad_status status = bytes ? RAD_OK : RAD_NO_MEMORY;
    json_object_foreach(json_object_get(e->line, "orders"), definition, order) {
        ordering o = {0};
        if (status != RAD_OK || !count || !rad_ledger_decode(order, bytes, length)) continue;
        for (size_t i = 0; i < x->count; i++)
            add_comparison(&o, bytes[x->place[i] / 4] >> x->place[i] % 4 * 2 & 3);
        if (o.informative < LEAST) continue;
        size_t low = 0, high = count;
        while (low < high) {
            const size_t at = (low + high) / 2;
            if (list[at].hash < o.hash)
                low = at + 1;
            else
                high = at;
        }
        for (; low < count && list[low].hash == o.hash && status == RAD_OK; low++)
            if (strcmp(cohort->variables[list[low].variable].definition, definition) != 0)
                status = add_like(likes, definition, list[low].variable, error);
    }
    rad_free(bytes);
    return status;
}

rad_status rad_ledger_find_likes(const rad_ledger_checked *c, rad_likes *likes, rad_error *error) {
    size_t *row = rad_new(c->persons, sizeof *row, error);
    ordered *list = rad_new(c->release->cohort->count, sizeof *list, error);
    rad_status status = row && list ? RAD_OK : RAD_NO_MEMORY;
    for (size_t p = 0; p < c->persons && status == RAD_OK; p++) row[p] = SIZE_MAX;
    for (size_t r = 0; r < c->now->who.patients && status == RAD_OK; r++) row[c->now->who.person[r]] = r;
    for (size_t i = 0; i < c->ledger->count && status == RAD_OK; i++) {
        const rad_ledger_entry *e = &c->ledger->entries[i];
        compared x = {.count = 0};
        if (!c->shared[i] || !json_object_size(json_object_get(e->line, "orders"))) continue;
        status = find_compared(e, row, &x, error);
        if (status == RAD_OK) status = find_in_entry(c, e, &x, list, likes, error);
        free_compared(&x);
    }
    rad_free(row);
    rad_free(list);
    return status;
}
