#include "audit_search.h"

#include "../../core/memory.h"
#include "modular.h"

#include <stdlib.h>
#include <string.h>

void rad_atoms_free(rad_atoms *a) {
    rad_free(a->weight);
    rad_free(a->size);
    *a = (rad_atoms){0};
}

/* Leaves the combinations of m[rows][count] that are 0 at a column; how many rows are left. */
static size_t make_zero(uint64_t *m, size_t rows, size_t count, size_t column) {
    size_t pivot = 0;
    while (pivot < rows && !m[pivot * count + column]) pivot++;
    if (pivot == rows) return rows;
    const uint64_t scale = rad_modular_inverse(m[pivot * count + column]);
    const uint64_t *of = m + pivot * count;
    for (size_t k = pivot + 1; k < rows; k++)
        rad_modular_reduce(m + k * count, of, rad_modular_multiply(scale, m[k * count + column]), 0, count);
    if (pivot + 1 < rows)
        memmove(m + pivot * count, m + (pivot + 1) * count, (rows - pivot - 1) * count * sizeof *m);
    return rows - 1;
}

void rad_atoms_confine(rad_atoms *a, size_t size) {
    for (size_t i = 0; i < a->count && a->size[i] >= size; i++)
        a->rows = make_zero(a->weight, a->rows, a->count, i);
}

/* What the branches of a search share. */
typedef struct hunt {
    size_t count;
    const size_t *size;
    double work, most_work;
    bool found, unsure;
    rad_error *error;
} hunt;

/* A node: rows, the columns that count still, how many patients the combination may still rest on. */
typedef struct node {
    uint64_t *m;
    size_t rows, columns;
    uint32_t *column;
    size_t most;
} node;

static rad_status copy_node(const hunt *h, const node *from, node *to, rad_error *error) {
    *to = *from;
    to->m = rad_new_raw(from->rows * h->count, sizeof *to->m, error);
    to->column = rad_new_raw(from->columns, sizeof *to->column, error);
    if (!to->m || !to->column) return RAD_NO_MEMORY;
    memcpy(to->m, from->m, from->rows * h->count * sizeof *to->m);
    memcpy(to->column, from->column, from->columns * sizeof *to->column);
    return RAD_OK;
}

static void free_node(node *n) {
    rad_free(n->m);
    rad_free(n->column);
}

/* Columns in which all that is left is 0 count no more. */
static void drop_zeros(const hunt *h, node *n) {
    size_t left = 0;
    for (size_t i = 0; i < n->columns; i++) {
        bool zero = true;
        for (size_t k = 0; k < n->rows && zero; k++) zero = !n->m[k * h->count + n->column[i]];
        if (!zero) n->column[left++] = n->column[i];
    }
    n->columns = left;
}

/* Adds a column to those that are independent so far, as rows of e; false: it follows from them. */
static bool add_column(const hunt *h, const node *n, uint32_t column, uint64_t *e, size_t *pivot,
                       size_t rank) {
    uint64_t *x = e + rank * n->rows;
    for (size_t k = 0; k < n->rows; k++) x[k] = n->m[k * h->count + column];
    for (size_t k = 0; k < rank; k++) rad_modular_reduce(x, e + k * n->rows, x[pivot[k]], 0, n->rows);
    size_t at = 0;
    while (at < n->rows && !x[at]) at++;
    if (at == n->rows) return false;
    const uint64_t scale = rad_modular_inverse(x[at]);
    for (size_t k = 0; k < n->rows; k++) x[k] = rad_modular_multiply(x[k], scale);
    pivot[rank] = at;
    return true;
}

/* Disjoint sets of columns of full rank: a combination is not 0 somewhere in each. *patients: that it rests
 * on at least; stops beyond n->most. false: not even all columns together have full rank. */
static rad_status pack(hunt *h, const node *n, size_t *patients, bool *full) {
    uint64_t *e = rad_new_raw(n->rows * n->rows, sizeof *e, h->error);
    size_t *pivot = rad_new_raw(n->rows, sizeof *pivot, h->error);
    bool *used = rad_new(n->columns, sizeof *used, h->error);
    const bool fine = e && pivot && used;
    *patients = 0;
    for (size_t rank = n->rows, base = 0; fine && rank == n->rows && *patients <= n->most; base++) {
        rank = 0;
        for (size_t i = 0; i < n->columns && rank < n->rows; i++) {
            if (used[i]) continue;
            h->work += (double)(n->rows * (rank + 1));
            if (!add_column(h, n, n->column[i], e, pivot, rank)) continue;
            used[i] = true;
            if (++rank == n->rows) *patients += h->size[n->column[i]]; /* the smallest */
        }
        if (!base) *full = rank == n->rows;
    }
    rad_free(e);
    rad_free(pivot);
    rad_free(used);
    return fine ? RAD_OK : RAD_NO_MEMORY;
}

/* Either a combination rests on the first column, or it is 0 there. */
static rad_status look(hunt *h, node *n) {
    rad_status status = RAD_OK;
    for (size_t patients; n->rows && !h->found && !h->unsure && status == RAD_OK;) {
        bool full = false;
        drop_zeros(h, n);
        status = pack(h, n, &patients, &full);
        if (status != RAD_OK || (full && patients > n->most)) break;
        h->found = !full || n->rows == 1;
        h->unsure = !h->found && h->work > h->most_work;
        if (h->found || h->unsure) break;
        const uint32_t first = n->column[0];
        memmove(n->column, n->column + 1, --n->columns * sizeof *n->column);
        if (h->size[first] <= n->most) {
            node child;
            status = copy_node(h, n, &child, h->error);
            child.most -= h->size[first];
            if (status == RAD_OK) status = look(h, &child);
            free_node(&child);
        }
        h->work += (double)(n->rows * h->count);
        n->rows = make_zero(n->m, n->rows, h->count, first);
    }
    return status;
}

rad_status rad_atoms_few(rad_atoms *a, size_t most, double work, bool *few, bool *unsure, rad_error *error) {
    hunt h = {.count = a->count, .size = a->size, .most_work = work, .error = error};
    node root = {a->weight, a->rows, a->count, rad_new_raw(a->count, sizeof *root.column, error), most};
    if (!root.column) return RAD_NO_MEMORY;
    for (size_t i = 0; i < a->count; i++) root.column[i] = (uint32_t)i;
    rad_status status = look(&h, &root);
    rad_free(root.column);
    *few = h.found;
    *unsure = h.unsure;
    return status;
}
