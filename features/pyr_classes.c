#include "pyr_classes.h"

#include "matrix.h"

#include "../core/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const rad_family *const rad_pyr_classes[RAD_PYR_CLASSES + 1] = {
    [RAD_PYR_FIRSTORDER] = &rad_family_pyr_firstorder,
    [RAD_PYR_GLCM] = &rad_family_pyr_glcm,
    [RAD_PYR_GLDM] = &rad_family_pyr_gldm,
    [RAD_PYR_GLRLM] = &rad_family_pyr_glrlm,
    [RAD_PYR_GLSZM] = &rad_family_pyr_glszm,
    [RAD_PYR_NGTDM] = &rad_family_pyr_ngtdm,
    [RAD_PYR_SHAPE] = &rad_family_pyr_shape,
    [RAD_PYR_SHAPE2D] = &rad_family_pyr_shape2D,
};

uint32_t rad_pyr_standard(int class_index) {
    const rad_family *f = rad_pyr_classes[class_index];
    uint32_t bits = 0;
    for (size_t i = 0; i < f->count; i++)
        if (!f->features[i].not_standardised) bits |= 1U << i;
    return bits;
}

int rad_pyr_find(int class_index, const char *feature) {
    const rad_family *f = rad_pyr_classes[class_index];
    const size_t prefix = strlen(f->key) + 1;
    for (size_t i = 0; i < f->count; i++)
        if (!strcmp(f->features[i].tag + prefix, feature)) return (int)i;
    return -1;
}

double rad_pyr_log2(double p) {
    return log2(p + 0x1p-52);
}

void rad_pyr_mean_add(rad_pyr_mean *mean, double value) {
    if (isnan(value)) return;
    mean->sum += value;
    mean->count++;
}

rad_value rad_pyr_mean_value(const rad_pyr_mean *mean) {
    return mean->count ? rad_defined(mean->sum / (double)mean->count) : rad_undefined(RAD_NO_PAIRS);
}

static bool is_asked(const int at[3], const rad_pyr_settings *s, uint32_t distances) {
    int longest = 0;
    for (int a = 0; a < 3; a++) {
        if (a == s->flat && at[a]) return false;
        if (abs(at[a]) > longest) longest = abs(at[a]);
    }
    return longest && distances >> longest & 1;
}

/* Half of the steps: the last coordinate that is not 0 is above 0. */
static bool is_forward(const int at[3]) {
    return at[2] ? at[2] > 0 : at[1] ? at[1] > 0 : at[0] > 0;
}

static rad_status list_steps(const rad_pyr_settings *s, uint32_t distances, int reach, rad_pyr_grid *g,
                             rad_error *error) {
    const size_t side = 2 * (size_t)reach + 1, size[2] = {g->levels->size[0], g->levels->size[1]};
    g->step = rad_new(side * side * side, sizeof *g->step, error);
    if (!g->step) return RAD_NO_MEMORY;
    for (int z = reach; z >= -reach; z--)
        for (int y = reach; y >= -reach; y--)
            for (int x = reach; x >= -reach; x--) {
                const int at[3] = {x, y, z};
                if (!is_forward(at) || !is_asked(at, s, distances)) continue;
                g->step[g->steps++] =
                    (rad_pyr_step){{x, y, z}, x + (ptrdiff_t)size[0] * (y + (ptrdiff_t)size[1] * z)};
            }
    for (size_t i = 0; i < g->steps; i++) {
        const rad_pyr_step *t = &g->step[i];
        g->step[g->steps + i] = (rad_pyr_step){{-t->at[0], -t->at[1], -t->at[2]}, -t->jump};
    }
    return RAD_OK;
}

rad_status rad_pyr_grid_make(const rad_levels *levels, const rad_pyr_settings *s, uint32_t distances,
                             rad_pyr_grid *g, rad_error *error) {
    int reach = 1;
    while (distances >> (reach + 1)) reach++;
    *g = (rad_pyr_grid){.levels = levels};
    rad_status status = reach > 1 ? rad_levels_widen(levels, (size_t)reach, &g->wide, error) : RAD_OK;
    if (reach > 1) g->levels = &g->wide;
    if (status == RAD_OK) status = list_steps(s, distances, reach, g, error);
    if (status != RAD_OK) rad_pyr_grid_free(g);
    return status;
}

void rad_pyr_grid_free(rad_pyr_grid *g) {
    rad_levels_free(&g->wide);
    rad_free(g->step);
    g->step = NULL;
}

double rad_pyr_length(const rad_pyr_step *step, const double spacing[3], int weighting) {
    double sum = 0, squares = 0, most = 0;
    for (int a = 0; a < 3; a++) {
        const double d = abs(step->at[a]) * spacing[a];
        sum += d;
        squares += d * d;
        most = fmax(most, d);
    }
    return weighting == RAD_PYR_MANHATTAN   ? sum
           : weighting == RAD_PYR_EUCLIDEAN ? sqrt(squares)
           : weighting == RAD_PYR_INFINITY  ? most
                                            : 1;
}

rad_status rad_pyr_cells_add(rad_pyr_cells *cells, const rad_matrix *matrix, double weight,
                             rad_error *error) {
    const size_t need = cells->count + matrix->count;
    if (need > cells->room) {
        rad_pyr_cell *more = rad_new_raw(2 * need, sizeof *more, error);
        if (!more) return RAD_NO_MEMORY;
        if (cells->count) memcpy(more, cells->row, cells->count * sizeof *more);
        rad_free(cells->row);
        cells->row = more;
        cells->room = 2 * need;
    }
    for (size_t k = 0; k < matrix->count; k++) {
        const rad_cell *c = &matrix->cells[k];
        cells->row[cells->count++] = (rad_pyr_cell){c->i, c->j, weight * c->n};
    }
    return RAD_OK;
}

static int by_place(const void *a, const void *b) {
    const rad_pyr_cell *x = a, *y = b;
    if (x->i != y->i) return x->i < y->i ? -1 : 1;
    return (x->j > y->j) - (x->j < y->j);
}

void rad_pyr_cells_join(rad_pyr_cells *cells) {
    size_t kept = 0;
    bool sorted = true;
    for (size_t k = 1; k < cells->count && sorted; k++)
        sorted = by_place(&cells->row[k - 1], &cells->row[k]) < 0;
    if (sorted) return;
    qsort(cells->row, cells->count, sizeof *cells->row, by_place);
    for (size_t k = 0; k < cells->count; k++) {
        if (kept && !by_place(&cells->row[kept - 1], &cells->row[k]))
            cells->row[kept - 1].n += cells->row[k].n;
        else
            cells->row[kept++] = cells->row[k];
    }
    cells->count = kept;
}

void rad_pyr_cells_free(rad_pyr_cells *cells) {
    rad_free(cells->row);
    *cells = (rad_pyr_cells){0};
}

bool rad_pyr_has_walk(const rad_pyr_settings *settings, uint32_t distances) {
    return distances == 2 && (settings->flat < 0 || settings->flat == 2);
}

rad_status rad_pyr_walk(const rad_feature_input *input, const rad_family *family, const rad_matrix_view *view,
                        rad_error *error) {
    rad_value none[1] = {{0, RAD_NOT_COMPUTED}};
    rad_value *out[RAD_PASS_FAMILIES] = {NULL}; /* the view takes the matrices of the one family instead */
    for (int f = 0; f < RAD_PASS_FAMILIES; f++)
        if (family->pass->families[f] == family) out[f] = none;
    rad_feature_settings settings = *input->settings;
    rad_feature_input own = *input;
    settings.glcm_distance = settings.ngtdm_distance = settings.ngldm_distance = 1;
    settings.ngldm_coarseness = settings.pyr.alike;
    own.settings = &settings;
    own.view = view;
    return family->pass->run(&own, out, error);
}

static double square(double x) {
    return x * x;
}

/* Sums over the cells: emphases, entropy, and what variances need. */
static void sum_cells(const rad_pyr_cells *cells, double total, double out[RAD_PYR_SIZE_FEATURES],
                      double mean[2]) {
    double all = 0;
    for (size_t k = 0; k < cells->count; k++) {
        const rad_pyr_cell *c = &cells->row[k];
        const double i = c->i, j = c->j, n = c->n, p = n / total, ii = i * i, jj = j * j;
        out[RAD_PYR_SHORT] += n / jj;
        out[RAD_PYR_LONG] += n * jj;
        out[RAD_PYR_LOW] += n / ii;
        out[RAD_PYR_HIGH] += n * ii;
        out[RAD_PYR_SHORT_LOW] += n / (ii * jj);
        out[RAD_PYR_SHORT_HIGH] += n * ii / jj;
        out[RAD_PYR_LONG_LOW] += n * jj / ii;
        out[RAD_PYR_LONG_HIGH] += n * (jj * ii);
        out[RAD_PYR_ENTROPY] -= p * rad_pyr_log2(p);
        mean[0] += p * i;
        mean[1] += p * j;
        all += n * j;
    }
    for (int f = RAD_PYR_SHORT; f <= RAD_PYR_LONG_HIGH; f++) out[f] /= total;
    out[RAD_PYR_SHARE] = total / all;
}

rad_status rad_pyr_sizes(const rad_pyr_cells *cells, double out[RAD_PYR_SIZE_FEATURES], rad_error *error) {
    double total = 0, mean[2] = {0}, row = 0;
    uint32_t longest = 0;
    for (size_t k = 0; k < cells->count; k++) {
        total += cells->row[k].n;
        if (cells->row[k].j > longest) longest = cells->row[k].j;
    }
    for (int f = 0; f < RAD_PYR_SIZE_FEATURES; f++) out[f] = total > 0 ? 0 : NAN;
    if (!(total > 0)) return RAD_OK;
    double *column = rad_new((size_t)longest + 1, sizeof *column, error);
    if (!column) return RAD_NO_MEMORY;
    sum_cells(cells, total, out, mean);
    for (size_t k = 0; k < cells->count; k++) {
        const rad_pyr_cell *c = &cells->row[k];
        column[c->j] += c->n;
        row += c->n;
        out[RAD_PYR_LEVEL_VARIANCE] += c->n / total * square(c->i - mean[0]);
        out[RAD_PYR_SIZE_VARIANCE] += c->n / total * square(c->j - mean[1]);
        if (k + 1 < cells->count && cells->row[k + 1].i == c->i) continue;
        out[RAD_PYR_LEVELS_UNEVEN] += row * row / total;
        row = 0;
    }
    for (uint32_t j = 0; j <= longest; j++) out[RAD_PYR_SIZES_UNEVEN] += column[j] * column[j] / total;
    out[RAD_PYR_LEVELS_UNEVEN_NORMALISED] = out[RAD_PYR_LEVELS_UNEVEN] / total;
    out[RAD_PYR_SIZES_UNEVEN_NORMALISED] = out[RAD_PYR_SIZES_UNEVEN] / total;
    rad_free(column);
    return RAD_OK;
}
