#include "confounding.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Means and combinations that differ by less than this part are the same: 1e-12 of the variance, as in a fit.
 */
static const double SAME = 1e-6;

/* A text that is cut where its buffer ends. */
typedef struct writer {
    char *text;
    size_t length, used;
} writer;

static void put(writer *w, const char *format, ...) RAD_PRINTF(2, 3);
static void put(writer *w, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const int more = vsnprintf(w->text + w->used, w->length - w->used, format, args);
    va_end(args);
    w->used = more < 0 || w->used + (size_t)more >= w->length ? w->length - 1 : w->used + (size_t)more;
}

static const char *name_of(const rad_batches *b, size_t column) {
    const size_t of = b->design->column[column].of;
    return b->design->column[column].level ? b->study->factors[of].name : b->study->numbers[of].name;
}

static bool is_batch(const rad_batches *b, size_t site) {
    return b->batch[site] == site && b->scatter[site].n > 0;
}

/* The sites of the batches whose mean of the column is the value; NaN: of all batches. */
static void put_sites(writer *w, const rad_batches *b, size_t column, double value) {
    enum { NAMED = 8 };
    size_t count = 0;
    for (size_t i = 0; i < b->sites; i++) {
        const size_t batch = b->batch[i];
        if (batch == b->sites || !is_batch(b, batch)) continue;
        if (!isnan(value) && fabs(b->scatter[batch].d[column] - value) > 0.5) continue;
        if (count++ < NAMED) put(w, "%s%.40s", count > 1 ? ", " : "", b->site[i]);
    }
    if (count > NAMED) put(w, " and %zu more", count - NAMED);
}

/* Do the means of a column that is constant within each batch differ between batches? */
static bool differs(const rad_batches *b, size_t column) {
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < b->sites; i++) {
        if (!is_batch(b, i)) continue;
        low = fmin(low, b->scatter[i].d[column]);
        high = fmax(high, b->scatter[i].d[column]);
    }
    return high - low > SAME * SAME * fmax(fabs(low), fabs(high));
}

static void tell_one(writer *w, const rad_batches *b, size_t column) {
    const bool level = b->design->column[column].level;
    put(w, "covariate %.60s is confounded with the sites: ", name_of(b, column));
    if (!level) {
        put(w, "it does not vary at any of ");
        put_sites(w, b, column, NAN);
        return;
    }
    put(w, "all patients of ");
    put_sites(w, b, column, 1);
    put(w, " are %.60s, and none of ",
        b->study->factors[b->design->column[column].of].level[b->design->column[column].at]);
    put_sites(w, b, column, 0);
}

/* The scatter of the columns over all batches, without regard to them. */
static void add_between(const rad_batches *b, const rad_scatter *within, double *total) {
    const size_t q = b->design->covariates;
    double n = 0;
    memcpy(total, within->dd, q * q * sizeof *total);
    for (size_t i = 0; i < b->sites; i++) n += is_batch(b, i) ? b->scatter[i].n : 0;
    for (size_t j = 0; j < q; j++)
        for (size_t k = 0; k < q; k++) {
            double cross = 0, first = 0, second = 0;
            for (size_t i = 0; i < b->sites; i++) {
                if (!is_batch(b, i)) continue;
                const rad_scatter *s = &b->scatter[i];
                cross += s->n * s->d[j] * s->d[k];
                first += s->n * s->d[j];
                second += s->n * s->d[k];
            }
            total[j * q + k] += cross - first * second / n;
        }
}

/* Cholesky's factor of the correlations of the columns, as far as it goes: the first column that follows from
 * those before it, and by which weights; q: there is none. Columns that do not vary are skipped. */
static size_t find_dependent(const rad_scatter *within, size_t q, double *weight) {
    double factor[RAD_DESIGN_MAX * RAD_DESIGN_MAX] = {0};
    for (size_t j = 0; j < q; j++) {
        const double scale = sqrt(within->dd[j * q + j]);
        if (!(scale > 0)) continue;
        double left = 1;
        for (size_t k = 0; k < j; k++) {
            if (!(within->dd[k * q + k] > 0)) continue;
            double sum = within->dd[j * q + k] / (scale * sqrt(within->dd[k * q + k]));
            for (size_t m = 0; m < k; m++) sum -= factor[j * q + m] * factor[k * q + m];
            factor[j * q + k] = sum / factor[k * q + k];
            left -= factor[j * q + k] * factor[j * q + k];
        }
        if (left >= SAME * SAME) {
            factor[j * q + j] = sqrt(left);
            continue;
        }
        for (size_t k = j;
             k-- > 0;) { /* back substitution: column j as a sum of those before, of length 1 each */
            weight[k] = 0;
            if (!(within->dd[k * q + k] > 0)) continue;
            weight[k] = factor[j * q + k];
            for (size_t m = k + 1; m < j; m++) weight[k] -= factor[m * q + k] * weight[m];
            weight[k] /= factor[k * q + k];
        }
        for (size_t k = 0; k < j; k++) weight[k] *= weight[k] != 0 ? scale / sqrt(within->dd[k * q + k]) : 0;
        weight[j] = -1;
        return j;
    }
    return q;
}

/* Is the combination constant over all batches, too? */
static bool depends_everywhere(const rad_batches *b, const rad_scatter *within, const double *weight,
                               size_t last) {
    double total[RAD_DESIGN_MAX * RAD_DESIGN_MAX], sum = 0, size = 0;
    const size_t q = b->design->covariates;
    add_between(b, within, total);
    for (size_t j = 0; j <= last; j++)
        for (size_t k = 0; k <= last; k++) {
            sum += weight[j] * weight[k] * total[j * q + k];
            size += fabs(weight[j] * weight[k] * total[j * q + k]);
        }
    return sum <= SAME * size;
}

static void tell_several(writer *w, const rad_batches *b, const rad_scatter *within, const double *weight,
                         size_t last) {
    const char *before = "";
    put(w, "covariates ");
    for (size_t k = 0; k <= last; k++) {
        if (fabs(weight[k]) * sqrt(within->dd[k * b->design->covariates + k]) <=
            SAME * sqrt(within->dd[last * b->design->covariates + last]))
            continue;
        put(w, "%s%.60s", before, b->design->column[k].name);
        before = ", ";
    }
    if (depends_everywhere(b, within, weight, last)) {
        put(w, " depend on each other: one of them follows from the others");
        return;
    }
    put(w, " are confounded with the sites: within each of ");
    put_sites(w, b, last, NAN);
    put(w, " one of them follows from the others");
}

bool rad_confounding_find(const rad_batches *b, const rad_scatter *within, char *text, size_t length) {
    const size_t q = b->design->covariates;
    double weight[RAD_DESIGN_MAX] = {0};
    writer w = {text, length, 0};
    for (size_t j = 0; j < q; j++) {
        if (within->dd[j * q + j] > 0 || !differs(b, j)) continue;
        tell_one(&w, b, j);
        return true;
    }
    const size_t last = find_dependent(within, q, weight);
    if (last == q) return false;
    tell_several(&w, b, within, weight, last);
    return true;
}
