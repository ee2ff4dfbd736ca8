#include "audit.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "audit_search.h"
#include "modular.h"

#include <stdlib.h>
#include <string.h>

/* A direction that is all rounding tells nothing. */
static const double least_direction = 1e-12;

/* Multiplications that a search may take: some seconds, and what nobody notices. */
static const double long_search = 2e9, short_search = 2e7;

/* What of the weights is orthogonal to the rows before, as a row more. */
static rad_status add_normal(rad_audit *a, const double *weights, rad_error *error) {
    const size_t n = a->patients;
    double most = 0, before = 0, after = 0;
    rad_status status = rad_grow(&a->normal, a->normals, &a->capacity, n * sizeof *a->normal, error);
    if (status != RAD_OK) return status;
    double *to = a->normal + a->normals * n;
    for (size_t i = 0; i < n; i++) most = fmax(most, fabs(weights[i]));
    for (size_t i = 0; i < n; i++) {
        to[i] = weights[i] / most;
        before += to[i] * to[i];
    }
    for (int again = 0; again < 2; again++)
        for (size_t k = 0; k < a->normals; k++) {
            const double *of = a->normal + k * n;
            double by = 0;
            for (size_t i = 0; i < n; i++) by += to[i] * of[i];
            for (size_t i = 0; i < n; i++) to[i] -= by * of[i];
        }
    for (size_t i = 0; i < n; i++) after += to[i] * to[i];
    if (after <= least_direction * least_direction * before) return RAD_OK;
    for (size_t i = 0; i < n; i++) to[i] /= sqrt(after);
    a->normals++;
    return RAD_OK;
}

/* Adds what of the row does not follow from those of the space; *fresh: there is something. */
static rad_status add_row(rad_audit_space *s, size_t n, const double *weights, bool *fresh,
                          rad_error *error) {
    size_t pivot = 0, capacity = s->capacity;
    rad_status status = rad_grow(&s->basis, s->rank, &capacity, n * sizeof *s->basis, error);
    if (status == RAD_OK) status = rad_grow(&s->pivot, s->rank, &s->capacity, sizeof *s->pivot, error);
    if (status != RAD_OK) return status;
    uint64_t *to = s->basis + s->rank * n;
    for (size_t i = 0; i < n; i++) to[i] = rad_modular_place(weights[i]);
    for (size_t k = 0; k < s->rank; k++) rad_modular_reduce(to, s->basis + k * n, to[s->pivot[k]], 0, n);
    while (pivot < n && !to[pivot]) pivot++;
    *fresh = pivot < n;
    if (!*fresh) return RAD_OK;
    const uint64_t scale = rad_modular_inverse(to[pivot]);
    for (size_t i = 0; i < n; i++) to[i] = rad_modular_multiply(to[i], scale);
    for (size_t k = 0; k < s->rank; k++)
        rad_modular_reduce(s->basis + k * n, to, s->basis[k * n + pivot], 0, n);
    s->pivot[s->rank++] = pivot;
    return RAD_OK;
}

rad_status rad_audit_add(rad_audit *a, const double *weights, bool measured, rad_error *error) {
    bool fresh = false, fresh_exact = false;
    rad_status status = add_row(&a->all, a->patients, weights, &fresh, error);
    if (status == RAD_OK && !measured) status = add_row(&a->exact, a->patients, weights, &fresh_exact, error);
    return status == RAD_OK && fresh ? add_normal(a, weights, error) : status;
}

rad_status rad_audit_add_set(rad_audit *a, const uint64_t *set, rad_error *error) {
    double *weights = rad_new_raw(a->patients, sizeof *weights, error);
    if (!weights) return RAD_NO_MEMORY;
    for (size_t i = 0; i < a->patients; i++) weights[i] = rad_bitset_has(set, i);
    rad_status status = rad_audit_add(a, weights, false, error);
    rad_free(weights);
    return status;
}

static rad_status copy_space(const rad_audit_space *s, size_t n, rad_audit_space *to, rad_error *error) {
    *to = (rad_audit_space){s->rank, s->rank, rad_new_raw(s->rank, n * sizeof *s->basis, error),
                            rad_new_raw(s->rank, sizeof *s->pivot, error)};
    if (!to->basis || !to->pivot) return RAD_NO_MEMORY;
    if (!s->rank) return RAD_OK;
    memcpy(to->basis, s->basis, s->rank * n * sizeof *s->basis);
    memcpy(to->pivot, s->pivot, s->rank * sizeof *s->pivot);
    return RAD_OK;
}

rad_status rad_audit_copy(const rad_audit *a, rad_audit *copy, rad_error *error) {
    const size_t n = a->patients;
    *copy = (rad_audit){.patients = n, .normals = a->normals, .capacity = a->normals};
    copy->normal = rad_new_raw(a->normals, n * sizeof *a->normal, error);
    rad_status status = copy->normal ? copy_space(&a->all, n, &copy->all, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = copy_space(&a->exact, n, &copy->exact, error);
    if (status == RAD_OK && a->normals) memcpy(copy->normal, a->normal, a->normals * n * sizeof *a->normal);
    if (status != RAD_OK) rad_audit_free(copy);
    return status;
}

void rad_audit_free(rad_audit *a) {
    rad_audit_space *const spaces[] = {&a->all, &a->exact};
    for (size_t i = 0; i < 2; i++) {
        rad_free(spaces[i]->basis);
        rad_free(spaces[i]->pivot);
    }
    rad_free(a->normal);
    *a = (rad_audit){.patients = a->patients};
}

/* A patient's weights in all rows. */
typedef struct column {
    const uint64_t *weights;
    size_t rows, patients; /* of whom there are so many */
} column;

static int by_weights(const void *a, const void *b) {
    const column *x = a, *y = b;
    for (size_t k = 0; k < x->rows; k++)
        if (x->weights[k] != y->weights[k]) return x->weights[k] < y->weights[k] ? -1 : 1;
    return 0;
}

/* Many patients first; then in an order that is that of no table. */
static int by_size(const void *a, const void *b) {
    const column *x = a, *y = b;
    return x->patients != y->patients ? (x->patients < y->patients ? 1 : -1) : by_weights(a, b);
}

/* Puts patients who are alike together; how many columns are left, without those in no row. */
static size_t merge(column *list, size_t patients) {
    size_t count = 0;
    qsort(list, patients, sizeof *list, by_weights);
    for (size_t i = 0, end; i < patients; i = end) {
        for (end = i + 1; end < patients && !by_weights(&list[i], &list[end]);) end++;
        if (rad_is_zero(list[i].weights, list[i].rows * sizeof *list[i].weights)) continue;
        list[count] = list[i];
        list[count++].patients = end - i;
    }
    qsort(list, count, sizeof *list, by_size);
    return count;
}

static rad_status make_atoms(const rad_audit_space *s, size_t n, rad_atoms *out, rad_error *error) {
    uint64_t *across = rad_new_raw(n * s->rank, sizeof *across, error);
    column *list = rad_new_raw(n, sizeof *list, error);
    *out = (rad_atoms){.rows = s->rank};
    out->weight = rad_new_raw(n * s->rank, sizeof *out->weight, error);
    out->size = rad_new_raw(n, sizeof *out->size, error);
    const bool fine = across && list && out->weight && out->size;
    if (fine) {
        for (size_t i = 0; i < n; i++) {
            for (size_t k = 0; k < s->rank; k++) across[i * s->rank + k] = s->basis[k * n + i];
            list[i] = (column){across + i * s->rank, s->rank, 1};
        }
        out->count = merge(list, n);
        for (size_t i = 0; i < out->count; i++) {
            out->size[i] = list[i].patients;
            for (size_t k = 0; k < s->rank; k++) out->weight[k * out->count + i] = list[i].weights[k];
        }
    }
    rad_free(across);
    rad_free(list);
    if (!fine) rad_atoms_free(out);
    return fine ? RAD_OK : RAD_NO_MEMORY;
}

/* Rows that are confined to the atoms below a size, of each size that there is, against the patients in
 * these. One row is always allowed: whether its patients are enough is another question. */
static void count_rows(rad_atoms *atoms, double share, bool *all, bool *confined) {
    size_t patients = 0;
    for (size_t i = 0; i < atoms->count; i++) patients += atoms->size[i];
    for (size_t i = 0; i < atoms->count && atoms->rows && !*confined;) {
        const size_t size = atoms->size[i];
        *confined = atoms->rows > 1 && (double)atoms->rows > share * (double)patients + 1e-9;
        *all = *all || (!i && *confined);
        for (; i < atoms->count && atoms->size[i] == size; i++) patients -= size;
        rad_atoms_confine(atoms, size);
    }
}

static rad_status search(const rad_audit_space *s, size_t n, size_t least, double work, bool *few,
                         bool *unsure, rad_error *error) {
    rad_atoms atoms;
    rad_status status = make_atoms(s, n, &atoms, error);
    if (status != RAD_OK) return status;
    rad_atoms_confine(&atoms, least);
    status = rad_atoms_few(&atoms, least - 1, work, few, unsure, error);
    rad_atoms_free(&atoms);
    return status;
}

static rad_status look_for_many(const rad_audit *a, double share, bool *all, bool *confined,
                                rad_error *error) {
    rad_atoms atoms;
    rad_status status = make_atoms(&a->all, a->patients, &atoms, error);
    if (status != RAD_OK) return status;
    count_rows(&atoms, share, all, confined);
    rad_atoms_free(&atoms);
    return RAD_OK;
}

/* With measurements a search may not end; one of the other rows then does. */
static rad_status look_for_few(const rad_audit *a, size_t least, bool *few, bool *unsure, rad_error *error) {
    const bool measured = a->exact.rank < a->all.rank;
    rad_status status = RAD_OK;
    if (least < 2) return RAD_OK;
    if (measured)
        status =
            rad_normal_few(a->normal, a->normals, a->patients, least - 1, 0.1 / (double)least, few, error);
    if (status == RAD_OK && measured && !*few)
        status = search(&a->all, a->patients, least, short_search, few, unsure, error);
    if (*few || (measured && !*unsure)) return status;
    *unsure = false;
    if (status == RAD_OK && a->exact.rank)
        status = search(&a->exact, a->patients, least, long_search, few, unsure, error);
    return status;
}

rad_status rad_audit_look(const rad_audit *a, const rad_audit_limits *limits, rad_audit_verdict *verdict,
                          rad_error *error) {
    bool few = false, unsure = false, all = false, confined = false;
    *verdict = RAD_AUDIT_FINE;
    if (!a->all.rank) return RAD_OK;
    rad_status status = look_for_many(a, limits->share, &all, &confined, error);
    if (status == RAD_OK && !all) status = look_for_few(a, limits->least, &few, &unsure, error);
    *verdict = few               ? RAD_AUDIT_FEW
               : all || confined ? RAD_AUDIT_MANY
               : unsure          ? RAD_AUDIT_UNSURE
                                 : RAD_AUDIT_FINE;
    return status;
}
