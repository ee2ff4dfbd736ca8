/* Maximal correlation coefficient of the co-occurrence matrix (R. Haralick et al., IEEE Trans. Syst. Man
 * Cybern. 3, 1973, feature 14), which the IBSI leaves out: the root of the second largest eigenvalue of
 * Q(i,j) = sum over k of p(i,k) p(j,k) / (p(i.) p(k.)). Of the symmetric matrix it is the second largest size
 * of an eigenvalue of p(i,j) / sqrt(p(i.) p(j.)). */
#include "families.h"
#include "glcm.h"

#include "../core/eigen.h"
#include "../core/memory.h"

#include <math.h>

static const rad_feature features[] = {
    {"mcc_max_corr", "", "1", "Maximal correlation coefficient", .of.own = NULL},
};

/* Levels that pairs have are numbered from 0 on; how many. margin[k]: sum of row k. */
static size_t number_levels(const rad_matrix *m, uint32_t *index, double *margin) {
    size_t n = 0;
    for (size_t c = 0; c < m->count; c++) {
        const rad_cell *at = &m->cells[c];
        margin[at->i] += at->n;
        margin[at->j] += at->n; /* a pair of one level is there twice, as others are on both sides */
    }
    for (uint32_t k = 0; margin[k] >= 0; k++)
        if (margin[k] > 0) index[k] = (uint32_t)n++;
    return n;
}

static rad_status evaluate(const rad_matrix *m, const rad_levels *levels, size_t kind, rad_value *out,
                           rad_error *error) {
    (void)kind;
    double value = 0;
    uint32_t *index = rad_new(levels->count + 2, sizeof *index, error);
    double *margin = rad_new(levels->count + 2, sizeof *margin, error);
    rad_status status = index && margin ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) margin[levels->count + 1] = -1; /* the end */
    const size_t n = status == RAD_OK ? number_levels(m, index, margin) : 0;
    double *matrix = n >= 2 ? rad_new(n * n, sizeof *matrix, error) : NULL;
    if (n >= 2 && !matrix) status = RAD_NO_MEMORY;
    for (size_t c = 0; matrix && c < m->count; c++) {
        const rad_cell *at = &m->cells[c];
        const double here = at->n * (at->i == at->j ? 2 : 1) / sqrt(margin[at->i] * margin[at->j]);
        matrix[index[at->i] * n + index[at->j]] = here;
        matrix[index[at->j] * n + index[at->i]] = here;
    }
    if (matrix) status = rad_eigen_second(n, matrix, &value, error);
    *out = n >= 2 ? rad_defined(fmin(value, 1)) : rad_undefined(n ? RAD_ONE_LEVEL : RAD_NO_PAIRS);
    rad_free(matrix);
    rad_free(margin);
    rad_free(index);
    return status;
}

static rad_status measure(const rad_part *part, size_t first, size_t end, rad_value *out, rad_error *error) {
    (void)part, (void)first, (void)end, (void)error;
    *out = rad_undefined(RAD_MANY_LEVELS);
    return RAD_OK;
}

static const rad_pass pass;

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    return rad_glcm_aggregate(input, &(rad_glcm_way){pass.families, evaluate, measure}, out, error);
}

static const rad_pass pass = {"MCC", RAD_TEXTURE_LEVELS, {&rad_family_mcc}, run};

const rad_family rad_family_mcc = {
    .key = "mcc",
    .code = "",
    .name = "Maximal correlation of co-occurrence",
    .aggregations = &rad_by_direction,
    .reaches = true,
    .features = features,
    .count = 1,
    .pass = &pass,
};
