#include "harmonise.h"

#include "../../core/memory.h"

#include <math.h>

/* What ComBat leaves of a variable in a row, about the centre of all sites, in their deviations. */
static double residual_of(const rad_harmonisation *c, const rad_batch_rows *of,
                          const rad_site_effect *effects, size_t i, size_t row) {
    const size_t v = c->covbat.of[i];
    const double e = (rad_harmonise_rest(c, of, v, row) / c->variables[v].scale - effects[v].gamma_star) /
                     sqrt(effects[v].delta_star);
    return (e - c->covbat.centre[i]) / c->covbat.scale[i];
}

/* Moves the scores of one component to mean 0 and the deviation of all; each row's residuals with them. */
static rad_status move_scores(const rad_harmonisation *c, size_t part, size_t rows, double *score,
                              double *added, rad_error *error) {
    const rad_covbat *b = &c->covbat;
    double n = 0, mean = 0, square = 0;
    for (size_t r = 0; r < rows; r++) {
        if (isnan(score[r])) continue;
        const double d = score[r] - mean;
        mean += d / ++n;
        square += d * (score[r] - mean);
    }
    const double deviation = sqrt(square / (n - 1));
    if (!(deviation > 0))
        return rad_fail(error, RAD_CONFIG, "harmonisation: component %zu has no spread in these rows",
                        part + 1);
    for (size_t r = 0; r < rows; r++) {
        const double by = (score[r] - mean) / deviation * b->deviation[part] - score[r];
        for (size_t i = 0; i < b->count; i++) {
            const size_t v = b->of[i];
            added[v * rows + r] += by * b->vector[part * b->count + i] * b->scale[i] * c->variables[v].scale;
        }
    }
    return RAD_OK;
}

rad_status rad_harmonise_components(const rad_harmonisation *c, const rad_batch_rows *of,
                                    const rad_site_effect *effects, double **added, rad_error *error) {
    const rad_covbat *b = &c->covbat;
    const size_t rows = of->cohort->rows;
    double *residual = rad_new_raw(b->count * rows, sizeof *residual, error),
           *score = rad_new_raw(rows, sizeof *score, error);
    *added = rad_new(c->count * rows, sizeof **added, error);
    rad_status status = residual && score && *added ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < b->count && status == RAD_OK; i++)
        for (size_t r = 0; r < rows; r++) residual[i * rows + r] = residual_of(c, of, effects, i, r);
    for (size_t p = 0; p < b->parts && status == RAD_OK; p++) {
        for (size_t r = 0; r < rows; r++) {
            score[r] = 0;
            for (size_t i = 0; i < b->count; i++)
                score[r] += b->vector[p * b->count + i] * residual[i * rows + r];
        }
        status = move_scores(c, p, rows, score, *added, error);
    }
    rad_free(residual);
    rad_free(score);
    return status;
}
