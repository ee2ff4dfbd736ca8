/* PyRadiomics' class glcm: pairs of levels by direction, counted one way or both; features of each direction
 * are averaged, or those of the weighted sum of all directions are taken. */
#include "aggregate.h"
#include "families.h"
#include "pyr_classes.h"

#include "../core/eigen.h"
#include "../core/linear.h"
#include "../core/memory.h"
#include "../core/parallel.h"

#include <math.h>

enum {
    AUTOCORRELATION,
    CLUSTER_PROMINENCE,
    CLUSTER_SHADE,
    CLUSTER_TENDENCY,
    CONTRAST,
    CORRELATION,
    DIFFERENCE_AVERAGE,
    DIFFERENCE_ENTROPY,
    DIFFERENCE_VARIANCE,
    ID,
    IDM,
    IDMN,
    IDN,
    IMC1,
    IMC2,
    INVERSE_VARIANCE,
    JOINT_AVERAGE,
    JOINT_ENERGY,
    JOINT_ENTROPY,
    MCC,
    MAXIMUM_PROBABILITY,
    SUM_AVERAGE,
    SUM_ENTROPY,
    SUM_SQUARES,
    FEATURES
};

static const rad_feature features[FEATURES] = {
    [AUTOCORRELATION] = {"glcm_Autocorrelation", "QWB0", "level2", "Autocorrelation", .of.own = NULL},
    [CLUSTER_PROMINENCE] = {"glcm_ClusterProminence", "AE86", "level4", "Cluster prominence", .of.own = NULL},
    [CLUSTER_SHADE] = {"glcm_ClusterShade", "7NFM", "level3", "Cluster shade", .of.own = NULL},
    [CLUSTER_TENDENCY] = {"glcm_ClusterTendency", "DG8W", "level2", "Cluster tendency", .of.own = NULL},
    [CONTRAST] = {"glcm_Contrast", "ACUI", "level2", "Contrast", .of.own = NULL},
    [CORRELATION] = {"glcm_Correlation", "NI2N", "1", "Correlation", .of.own = NULL},
    [DIFFERENCE_AVERAGE] = {"glcm_DifferenceAverage", "TF7R", "level", "Difference average", .of.own = NULL},
    [DIFFERENCE_ENTROPY] = {"glcm_DifferenceEntropy", "NTRS", "bit", "Difference entropy", .of.own = NULL},
    [DIFFERENCE_VARIANCE] = {"glcm_DifferenceVariance", "D3YU", "level2", "Difference variance",
                             .of.own = NULL},
    [ID] = {"glcm_Id", "IB1Z", "1", "Inverse difference", .of.own = NULL},
    [IDM] = {"glcm_Idm", "WF0Z", "1", "Inverse difference moment", .of.own = NULL},
    [IDMN] = {"glcm_Idmn", "1QCO", "1", "Normalised inverse difference moment", .of.own = NULL},
    [IDN] = {"glcm_Idn", "NDRX", "1", "Normalised inverse difference", .of.own = NULL},
    [IMC1] = {"glcm_Imc1", "R8DG", "1", "Information correlation 1", .of.own = NULL},
    [IMC2] = {"glcm_Imc2", "JN9H", "1", "Information correlation 2", .of.own = NULL},
    [INVERSE_VARIANCE] = {"glcm_InverseVariance", "E8JP", "1", "Inverse variance", .of.own = NULL},
    [JOINT_AVERAGE] = {"glcm_JointAverage", "60VM", "level", "Joint average", .of.own = NULL},
    [JOINT_ENERGY] = {"glcm_JointEnergy", "8ZQL", "1", "Joint energy", .of.own = NULL},
    [JOINT_ENTROPY] = {"glcm_JointEntropy", "TU9B", "bit", "Joint entropy", .of.own = NULL},
    [MCC] = {"glcm_MCC", "", "1", "Maximal correlation coefficient", .of.own = NULL},
    [MAXIMUM_PROBABILITY] = {"glcm_MaximumProbability", "GYBY", "1", "Maximum probability", .of.own = NULL},
    [SUM_AVERAGE] = {"glcm_SumAverage", "ZGXS", "level", "Sum average", .of.own = NULL},
    [SUM_ENTROPY] = {"glcm_SumEntropy", "P6QZ", "bit", "Sum entropy", .of.own = NULL},
    [SUM_SQUARES] = {"glcm_SumSquares", "UR99", "level2", "Sum of squares", .of.own = NULL},
};

/* A matrix of probabilities by its sums; level k has index k. */
typedef struct sums {
    const rad_pyr_cells *cells; /* n: probabilities */
    size_t levels;              /* N_g, the highest level */
    double *row, *column;       /* p_x, p_y */
    double *difference;         /* of k = 0 .. N_g - 1 */
    double *sum;                /* of k = 2 .. 2 N_g */
    double mean[2];
    bool flat; /* the ROI has one level */
} sums;

/* sum of p[k] (k - centre)^power */
static double moment(const double *p, size_t first, size_t end, double centre, int power) {
    double all = 0;
    for (size_t k = first; k < end; k++) {
        double term = p[k];
        for (int e = 0; e < power; e++) term *= (double)k - centre;
        all += term;
    }
    return all;
}

static double entropy(const double *p, size_t end) {
    double all = 0;
    for (size_t k = 0; k < end; k++)
        if (p[k] > 0) all -= p[k] * rad_pyr_log2(p[k]);
    return all;
}

static rad_status sums_make(const rad_pyr_cells *cells, const rad_levels *of, sums *s, rad_error *error) {
    const size_t levels = of->count;
    *s = (sums){.cells = cells, .levels = levels, .flat = of->different < 2};
    s->row = rad_new(5 * (levels + 1), sizeof *s->row, error);
    if (!s->row) return RAD_NO_MEMORY;
    s->column = s->row + levels + 1;
    s->difference = s->column + levels + 1;
    s->sum = s->difference + levels + 1;
    for (size_t c = 0; c < cells->count; c++) {
        const rad_pyr_cell *at = &cells->row[c];
        s->row[at->i] += at->n;
        s->column[at->j] += at->n;
        s->difference[at->i > at->j ? at->i - at->j : at->j - at->i] += at->n;
        s->sum[at->i + at->j] += at->n;
    }
    s->mean[0] = moment(s->row, 1, levels + 1, 0, 1);
    s->mean[1] = moment(s->column, 1, levels + 1, 0, 1);
    return RAD_OK;
}

static void measure_cells(const sums *s, double out[FEATURES]) {
    double covariance = 0;
    for (size_t c = 0; c < s->cells->count; c++) {
        const rad_pyr_cell *at = &s->cells->row[c];
        const double i = at->i, j = at->j, p = at->n;
        out[AUTOCORRELATION] += p * (i * j);
        out[JOINT_ENERGY] += p * p;
        out[JOINT_ENTROPY] -= p * rad_pyr_log2(p);
        out[MAXIMUM_PROBABILITY] = fmax(out[MAXIMUM_PROBABILITY], p);
        covariance += p * (i - s->mean[0]) * (j - s->mean[1]);
    }
    out[SUM_SQUARES] = moment(s->row, 1, s->levels + 1, s->mean[0], 2);
    const double spread = sqrt(out[SUM_SQUARES]) * sqrt(moment(s->column, 1, s->levels + 1, s->mean[1], 2));
    out[CORRELATION] = s->flat || spread == 0 ? 1 : covariance / (spread + 0x1p-52);
}

static void measure_differences(const sums *s, double out[FEATURES]) {
    const double *p = s->difference, all = (double)s->levels;
    out[DIFFERENCE_AVERAGE] = moment(p, 0, s->levels, 0, 1);
    out[DIFFERENCE_VARIANCE] = moment(p, 0, s->levels, out[DIFFERENCE_AVERAGE], 2);
    out[DIFFERENCE_ENTROPY] = entropy(p, s->levels);
    out[CONTRAST] = moment(p, 0, s->levels, 0, 2);
    for (size_t k = 0; k < s->levels; k++) {
        const double d = (double)k;
        out[ID] += p[k] / (1 + d);
        out[IDM] += p[k] / (1 + d * d);
        out[IDN] += p[k] / (1 + d / all);
        out[IDMN] += p[k] / (1 + d * d / (all * all));
        if (k) out[INVERSE_VARIANCE] += p[k] / (d * d);
    }
}

static void measure_sums(const sums *s, double out[FEATURES]) {
    const size_t end = 2 * s->levels + 1;
    const double centre = s->mean[0] + s->mean[1];
    out[JOINT_AVERAGE] = s->mean[0];
    out[SUM_AVERAGE] = moment(s->sum, 2, end, 0, 1);
    out[SUM_ENTROPY] = entropy(s->sum, end);
    out[CLUSTER_TENDENCY] = moment(s->sum, 2, end, centre, 2);
    out[CLUSTER_SHADE] = moment(s->sum, 2, end, centre, 3);
    out[CLUSTER_PROMINENCE] = moment(s->sum, 2, end, centre, 4);
}

/* HXY2 - HXY as PyRadiomics rounds them, where they hardly differ: the sign of what is left decides about
 * NaN. */
static double find_gain(const sums *s) {
    double hxy = 0, hxy2 = 0;
    for (size_t c = 0; c < s->cells->count; c++) hxy += s->cells->row[c].n * rad_pyr_log2(s->cells->row[c].n);
    for (size_t i = 1; i <= s->levels; i++)
        for (size_t k = 1; k <= s->levels && s->row[i] > 0; k++) {
            const double p = s->row[i] * s->column[k];
            if (p > 0) hxy2 += p * rad_pyr_log2(p);
        }
    return hxy - hxy2;
}

/* HXY1 and HXY2 are the sum of the entropies of rows and columns. */
static void measure_information(const sums *s, double out[FEATURES]) {
    const double hx = entropy(s->row, s->levels + 1), hy = entropy(s->column, s->levels + 1),
                 hxy = out[JOINT_ENTROPY], most = fmax(hx, hy), gain = hx + hy - hxy;
    if (s->cells->count < 2) return; /* both are 0 */
    out[IMC1] = most != 0 ? -gain / most : 0;
    out[IMC2] = sqrt(1 - exp(-2 * (fabs(gain) < 1e-9 ? find_gain(s) : gain))); /* NaN below 0, as there */
}

/* The second singular value of P scaled by the roots of its row and column sums: the root of the second
 * eigenvalue of Q. */
static rad_status measure_mcc(const sums *s, bool symmetric, double *out, rad_error *error) {
    size_t n = 0;
    *out = 1;
    uint32_t *index = rad_new(s->levels + 1, sizeof *index, error);
    if (!index) return RAD_NO_MEMORY;
    for (size_t k = 1; k <= s->levels; k++)
        if (s->row[k] > 0 || s->column[k] > 0) index[k] = (uint32_t)n++;
    double *matrix = n >= 2 ? rad_new(n * n, sizeof *matrix, error) : NULL;
    rad_status status = n >= 2 && !matrix ? RAD_NO_MEMORY : RAD_OK;
    for (size_t c = 0; matrix && c < s->cells->count; c++) {
        const rad_pyr_cell *at = &s->cells->row[c];
        matrix[index[at->i] * n + index[at->j]] =
            at->n /
            sqrt(s->row[at->i] * s->column[at->j] + 0x1p-52); /* as there: seen where pairs are rare */
    }
    if (matrix)
        status = symmetric ? rad_eigen_second(n, matrix, out, error)
                           : rad_linear_second_singular((int)n, matrix, out, error);
    else if (status == RAD_OK && !s->flat)
        *out = 0;
    rad_free(matrix);
    rad_free(index);
    return status;
}

typedef struct job {
    const rad_feature_input *input;
    const rad_pyr_settings *settings;
    rad_pyr_mean means[FEATURES];
} job;

/* The features of a matrix of counts, without a cell that is there twice; those of an empty one are NaN. */
static rad_status measure(const job *j, rad_pyr_cells *cells, double out[FEATURES], rad_error *error) {
    double total = 0;
    sums s;
    for (size_t c = 0; c < cells->count; c++) total += cells->row[c].n;
    for (int f = 0; f < FEATURES; f++) out[f] = total > 0 ? 0 : NAN;
    if (!(total > 0)) return RAD_OK;
    for (size_t c = 0; c < cells->count; c++) cells->row[c].n /= total;
    rad_status status = sums_make(cells, j->input->levels, &s, error);
    if (status != RAD_OK) return status;
    measure_cells(&s, out);
    measure_differences(&s, out);
    measure_sums(&s, out);
    measure_information(&s, out);
    if (j->settings->chosen[RAD_PYR_GLCM] >> MCC & 1)
        status = measure_mcc(&s, j->settings->symmetric, &out[MCC], error);
    rad_free(s.row);
    return status;
}

static void add_means(job *j, const double out[FEATURES]) {
    for (int f = 0; f < FEATURES; f++) rad_pyr_mean_add(&j->means[f], out[f]);
}

static rad_status evaluate(job *j, rad_pyr_cells *cells, rad_error *error) {
    double out[FEATURES];
    rad_pyr_cells_join(cells);
    rad_status status = measure(j, cells, out, error);
    if (status == RAD_OK) add_means(j, out);
    return status;
}

static void count_pairs(const rad_levels *l, const rad_pyr_step *step, bool both, rad_tally *tally) {
    const size_t size = l->size[0] * l->size[1] * l->size[2];
    for (size_t v = 0; v < size; v++) {
        const uint16_t a = l->level[v];
        if (!a) continue;
        const uint16_t b = *(l->level + v + step->jump);
        if (!b) continue;
        rad_tally_add(tally, a, b, 1);
        if (both) rad_tally_add(tally, b, a, 1);
    }
}

/* A matrix of one direction, both ways; `matrix` has each pair once. No cell is there twice. */
static rad_status add_folded(const rad_matrix *matrix, double weight, rad_pyr_cells *cells,
                             rad_error *error) {
    const size_t before = cells->count;
    rad_status status = rad_pyr_cells_add(cells, matrix, weight, error);
    if (status == RAD_OK) status = rad_pyr_cells_add(cells, matrix, weight, error);
    if (status != RAD_OK) return status;
    size_t kept = before + matrix->count;
    for (size_t k = before; k < before + matrix->count; k++) {
        rad_pyr_cell *c = &cells->row[k];
        if (c->i == c->j)
            c->n *= 2;
        else
            cells->row[kept++] = (rad_pyr_cell){c->j, c->i, c->n};
    }
    cells->count = kept;
    return RAD_OK;
}

/* Of the matrix of a direction in the sum of all. */
static double weight_of(const job *j, const rad_pyr_step *step) {
    const int by = j->settings->weighting;
    const double length = rad_pyr_length(step, j->input->roi->grid.spacing, by);
    return by == RAD_PYR_APART || by == RAD_PYR_ALIKE ? 1 : exp(-length * length);
}

/* Directions one by one, side by side, or their sum. */
typedef struct directions {
    const job *job;
    const rad_matrix *matrices;
    double (*out)[FEATURES];
} directions;

static rad_status add_direction(const directions *all, size_t d, rad_pyr_cells *cells, rad_error *error) {
    const int *v = rad_directions[d];
    const rad_pyr_step step = {{v[0], v[1], v[2]}, 0};
    return add_folded(&all->matrices[d], weight_of(all->job, &step), cells, error);
}

static rad_status measure_direction(size_t d, void *context, rad_error *error) {
    const directions *all = context;
    rad_pyr_cells cells = {0};
    rad_status status = add_direction(all, d, &cells, error);
    if (status == RAD_OK) status = measure(all->job, &cells, all->out[d], error);
    rad_pyr_cells_free(&cells);
    return status;
}

static rad_status see_pairs(const rad_matrix *matrices, size_t count, void *context, rad_error *error) {
    job *j = context;
    double out[RAD_DIRECTIONS_MAX][FEATURES];
    directions all = {j, matrices, out};
    rad_pyr_cells cells = {0};
    rad_status status = RAD_OK;
    if (j->settings->weighting == RAD_PYR_APART) {
        status = rad_parallel_try(count, j->input->threads, measure_direction, &all, error);
        for (size_t d = 0; d < count && status == RAD_OK; d++) add_means(j, out[d]);
        return status;
    }
    for (size_t d = 0; d < count && status == RAD_OK; d++) status = add_direction(&all, d, &cells, error);
    if (status == RAD_OK && cells.count) status = evaluate(j, &cells, error);
    rad_pyr_cells_free(&cells);
    return status;
}

/* Levels of which the co-occurrence of the other standard keeps its matrices. */
enum { WALKED_LEVELS = 511 };

static rad_status run_steps(job *j, rad_error *error) {
    const rad_pyr_settings *s = j->settings;
    const size_t width = (size_t)j->input->levels->count + 1;
    rad_pyr_grid grid;
    rad_tally tally = {0};
    rad_pyr_cells cells = {0};
    rad_matrix matrix = {0};
    rad_status status = rad_pyr_grid_make(j->input->levels, s, s->distances, &grid, error);
    if (status != RAD_OK) return status;
    status = rad_tally_make(width, width, &tally, error);
    for (size_t d = 0; d < grid.steps && status == RAD_OK; d++) {
        count_pairs(grid.levels, &grid.step[d], s->symmetric, &tally);
        status = rad_tally_collect(&tally, &matrix, error);
        if (status == RAD_OK) status = rad_pyr_cells_add(&cells, &matrix, weight_of(j, &grid.step[d]), error);
        if (status == RAD_OK && s->weighting == RAD_PYR_APART) {
            status = evaluate(j, &cells, error);
            cells.count = 0;
        }
    }
    if (status == RAD_OK && cells.count) status = evaluate(j, &cells, error);
    rad_pyr_cells_free(&cells);
    rad_matrix_free(&matrix);
    rad_tally_free(&tally);
    rad_pyr_grid_free(&grid);
    return status;
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    const rad_pyr_settings *s = &input->settings->pyr;
    job j = {.input = input, .settings = s};
    const rad_matrix_view view = {s->flat >= 0, see_pairs, &j};
    const bool walked =
        s->symmetric && input->levels->count <= WALKED_LEVELS && rad_pyr_has_walk(s, s->distances);
    rad_status status = walked ? rad_pyr_walk(input, &rad_family_cm, &view, error) : run_steps(&j, error);
    for (int f = 0; f < FEATURES; f++) out[0][f] = rad_pyr_mean_value(&j.means[f]);
    return status;
}

static const rad_pass pass = {"PyRadiomics glcm", RAD_TEXTURE_LEVELS, {&rad_family_pyr_glcm}, run};

const rad_family rad_family_pyr_glcm = {.key = "glcm",
                                        .code = "",
                                        .name = "PyRadiomics: co-occurrence",
                                        .aggregations = &rad_by_volume,
                                        .features = features,
                                        .count = FEATURES,
                                        .pass = &pass,
                                        .bare = true,
                                        .choice = RAD_PYR_GLCM};
