/* Grey level co-occurrence matrix (LFYI): pairs of levels of voxels at a Chebyshev distance, counted both
 * ways. */
#include "glcm.h"
#include "aggregate.h"
#include "families.h"
#include "pairs.h"

#include "../core/memory.h"

#include <math.h>
#include <stdlib.h>

/* The symmetric matrix P as probabilities, summed cell by cell. Level k has index k - 1; differences run from
 * 0, sums from 2. */
typedef struct rad_cooccurrence {
    double total;                 /* T, pairs */
    size_t levels;                /* N_g */
    double *marginal;             /* p(i.); owned */
    double *difference;           /* p(i-j) for k = 0..N_g - 1 */
    double *sum;                  /* p(i+j) for k = 2..2 N_g, at k - 2 */
    double most, energy, product; /* largest p; sums of p^2 and of i j p */
    double mean;                  /* joint average */
    double variance;              /* joint variance */
    double entropy, marginal_entropy;
    uint32_t lowest, highest; /* levels of pairs */
} rad_cooccurrence;

static double entropy_of(const double *p, size_t count) {
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        if (p[k] > 0) sum -= p[k] * log2(p[k]);
    return sum;
}

/* sum of (k + first - centre)^exponent p[k] */
static double moment(const double *p, size_t count, double first, double centre, int exponent) {
    double sum = 0;
    for (size_t k = 0; k < count; k++) {
        const double d = (double)k + first - centre;
        double power = 1;
        for (int e = 0; e < exponent; e++) power *= d;
        sum += power * p[k];
    }
    return sum;
}

static double difference_moment(const rad_cooccurrence *c, double centre, int exponent) {
    return moment(c->difference, c->levels, 0, centre, exponent);
}

static double sum_moment(const rad_cooccurrence *c, double centre, int exponent) {
    return moment(c->sum, 2 * c->levels - 1, 2, centre, exponent);
}

static rad_value joint_maximum(const rad_cooccurrence *c) {
    return rad_defined(c->most);
}

static rad_value joint_average(const rad_cooccurrence *c) {
    return rad_defined(c->mean);
}

static rad_value joint_variance(const rad_cooccurrence *c) {
    return rad_defined(c->variance);
}

static rad_value joint_entropy(const rad_cooccurrence *c) {
    return rad_defined(c->entropy);
}

static rad_value difference_average(const rad_cooccurrence *c) {
    return rad_defined(difference_moment(c, 0, 1));
}

static rad_value difference_variance(const rad_cooccurrence *c) {
    return rad_defined(difference_moment(c, difference_moment(c, 0, 1), 2));
}

static rad_value difference_entropy(const rad_cooccurrence *c) {
    return rad_defined(entropy_of(c->difference, c->levels));
}

static rad_value sum_average(const rad_cooccurrence *c) {
    return rad_defined(sum_moment(c, 0, 1));
}

static rad_value sum_variance(const rad_cooccurrence *c) {
    return rad_defined(sum_moment(c, 2 * c->mean, 2));
}

static rad_value sum_entropy(const rad_cooccurrence *c) {
    return rad_defined(entropy_of(c->sum, 2 * c->levels - 1));
}

static rad_value energy(const rad_cooccurrence *c) {
    return rad_defined(c->energy);
}

static rad_value contrast(const rad_cooccurrence *c) {
    return rad_defined(difference_moment(c, 0, 2));
}

/* sum of p(i-j) / (1 + (k / scale)^exponent) */
static rad_value inverse(const rad_cooccurrence *c, double scale, int exponent) {
    double sum = 0;
    for (size_t k = 0; k < c->levels; k++) {
        const double d = (double)k / scale;
        sum += c->difference[k] / (1 + (exponent == 1 ? d : d * d));
    }
    return rad_defined(sum);
}

static rad_value inverse_difference(const rad_cooccurrence *c) {
    return inverse(c, 1, 1);
}

static rad_value inverse_difference_normalised(const rad_cooccurrence *c) {
    return inverse(c, (double)c->levels, 1);
}

static rad_value inverse_difference_moment(const rad_cooccurrence *c) {
    return inverse(c, 1, 2);
}

static rad_value inverse_difference_moment_normalised(const rad_cooccurrence *c) {
    return inverse(c, (double)c->levels, 2);
}

static rad_value inverse_variance(const rad_cooccurrence *c) {
    double sum = 0;
    for (size_t k = 1; k < c->levels; k++) sum += c->difference[k] / ((double)k * (double)k);
    return rad_defined(sum);
}

static rad_value correlation(const rad_cooccurrence *c) {
    if (!(c->variance > 0)) return rad_undefined(RAD_ONE_LEVEL);
    return rad_defined((c->product - c->mean * c->mean) / c->variance);
}

static rad_value autocorrelation(const rad_cooccurrence *c) {
    return rad_defined(c->product);
}

static rad_value cluster_shade(const rad_cooccurrence *c) {
    return rad_defined(sum_moment(c, 2 * c->mean, 3));
}

static rad_value cluster_prominence(const rad_cooccurrence *c) {
    return rad_defined(sum_moment(c, 2 * c->mean, 4));
}

/* For a symmetric matrix HXY1 = HXY2 = 2 HX. */
static rad_value information_correlation_1(const rad_cooccurrence *c) {
    if (!(c->marginal_entropy > 0)) return rad_undefined(RAD_ONE_LEVEL);
    return rad_defined((c->entropy - 2 * c->marginal_entropy) / c->marginal_entropy);
}

static rad_value information_correlation_2(const rad_cooccurrence *c) {
    return rad_defined(sqrt(1 - exp(-2 * fmax(0, 2 * c->marginal_entropy - c->entropy))));
}

static const rad_feature features[] = {
    {"cm_joint_max", "GYBY", "1", "Joint maximum", .of.cooccurrence = joint_maximum},
    {"cm_joint_avg", "60VM", "level", "Joint average", .of.cooccurrence = joint_average},
    {"cm_joint_var", "UR99", "level2", "Joint variance", .of.cooccurrence = joint_variance},
    {"cm_joint_entr", "TU9B", "bit", "Joint entropy", .of.cooccurrence = joint_entropy},
    {"cm_diff_avg", "TF7R", "level", "Difference average", .of.cooccurrence = difference_average},
    {"cm_diff_var", "D3YU", "level2", "Difference variance", .of.cooccurrence = difference_variance},
    {"cm_diff_entr", "NTRS", "bit", "Difference entropy", .of.cooccurrence = difference_entropy},
    {"cm_sum_avg", "ZGXS", "level", "Sum average", .of.cooccurrence = sum_average},
    {"cm_sum_var", "OEEB", "level2", "Sum variance", .of.cooccurrence = sum_variance},
    {"cm_sum_entr", "P6QZ", "bit", "Sum entropy", .of.cooccurrence = sum_entropy},
    {"cm_energy", "8ZQL", "1", "Angular second moment", .of.cooccurrence = energy},
    {"cm_contrast", "ACUI", "level2", "Contrast", .of.cooccurrence = contrast},
    {"cm_dissimilarity", "8S9J", "level", "Dissimilarity", .of.cooccurrence = difference_average},
    {"cm_inv_diff", "IB1Z", "1", "Inverse difference", .of.cooccurrence = inverse_difference},
    {"cm_inv_diff_norm", "NDRX", "1", "Normalised inverse difference",
     .of.cooccurrence = inverse_difference_normalised},
    {"cm_inv_diff_mom", "WF0Z", "1", "Inverse difference moment",
     .of.cooccurrence = inverse_difference_moment},
    {"cm_inv_diff_mom_norm", "1QCO", "1", "Normalised inverse difference moment",
     .of.cooccurrence = inverse_difference_moment_normalised},
    {"cm_inv_var", "E8JP", "1", "Inverse variance", .of.cooccurrence = inverse_variance},
    {"cm_corr", "NI2N", "1", "Correlation", .of.cooccurrence = correlation},
    {"cm_auto_corr", "QWB0", "level2", "Autocorrelation", .of.cooccurrence = autocorrelation},
    {"cm_clust_tend", "DG8W", "level2", "Cluster tendency", .of.cooccurrence = sum_variance},
    {"cm_clust_shade", "7NFM", "level3", "Cluster shade", .of.cooccurrence = cluster_shade},
    {"cm_clust_prom", "AE86", "level4", "Cluster prominence", .of.cooccurrence = cluster_prominence},
    {"cm_info_corr1", "R8DG", "1", "Information correlation 1", .of.cooccurrence = information_correlation_1},
    {"cm_info_corr2", "JN9H", "1", "Information correlation 2", .of.cooccurrence = information_correlation_2},
};

static const rad_pass pass;

const rad_family rad_family_cm = {
    .key = "cm",
    .code = "LFYI",
    .name = "Co-occurrence matrix",
    .of_original = true,
    .of_maps = true,
    .aggregations = &rad_by_direction,
    .reaches = true,
    .features = features,
    .count = sizeof features / sizeof features[0],
    .pass = &pass,
};

static rad_status begin(rad_cooccurrence *c, double total, size_t levels, rad_error *error) {
    *c = (rad_cooccurrence){.total = total, .levels = levels};
    c->marginal = rad_new(levels, 4 * sizeof *c->marginal, error);
    if (!c->marginal) return RAD_NO_MEMORY;
    c->difference = c->marginal + levels;
    c->sum = c->marginal + 2 * levels;
    return RAD_OK;
}

/* One unordered pair i <= j: p(i,j) = n / 2T off the diagonal, n / T on it. */
static void add_pairs(rad_cooccurrence *c, uint32_t i, uint32_t j, double n) {
    const double p = n / (i == j ? c->total : 2 * c->total);
    const int times = i == j ? 1 : 2;
    c->marginal[i - 1] += n / (2 * c->total);
    c->marginal[j - 1] += n / (2 * c->total);
    c->difference[j - i] += n / c->total;
    c->sum[i + j - 2] += n / c->total;
    c->entropy -= p * log2(p) * times;
    c->most = fmax(c->most, p);
    c->energy += p * p * times;
    c->product += (double)i * j * p * times;
    if (!c->lowest) c->lowest = i;
    c->highest = j;
}

static void add_pair(uint32_t i, uint32_t j, uint64_t count, void *context) {
    add_pairs(context, i, j, (double)count);
}

/* Values of the pairs that were added, in order. */
static void finish(rad_cooccurrence *c, rad_value *out) {
    c->mean = moment(c->marginal, c->levels, 1, 0, 1);
    c->variance = moment(c->marginal, c->levels, 1, c->mean, 2);
    c->marginal_entropy = entropy_of(c->marginal, c->levels);
    if (c->lowest == c->highest) c->variance = 0; /* one level: no rounding noise */
    for (size_t i = 0; i < rad_family_cm.count; i++) out[i] = features[i].of.cooccurrence(c);
    rad_free(c->marginal);
}

static rad_status without(rad_reason reason, rad_value *out) {
    for (size_t i = 0; i < rad_family_cm.count; i++) out[i] = rad_undefined(reason);
    return RAD_OK;
}

rad_status rad_glcm_evaluate(const rad_matrix *matrix, const rad_levels *levels, size_t kind, rad_value *out,
                             rad_error *error) {
    (void)kind;
    rad_cooccurrence c;
    double total = 0;
    for (size_t k = 0; k < matrix->count; k++) total += matrix->cells[k].n;
    if (!(total > 0)) return without(RAD_NO_PAIRS, out);
    rad_status status = begin(&c, total, levels->count, error);
    if (status != RAD_OK) return status;
    for (size_t k = 0; k < matrix->count; k++)
        add_pairs(&c, matrix->cells[k].i, matrix->cells[k].j, matrix->cells[k].n);
    finish(&c, out);
    return RAD_OK;
}

typedef struct walk {
    const uint16_t *level;
    size_t size[2];
    ptrdiff_t step[RAD_DIRECTIONS_MAX];
} walk;

static walk walk_of(const rad_part *part) {
    const rad_levels *l = part->levels;
    walk w = {l->level, {l->size[0], l->size[1]}, {0}};
    for (size_t d = 0; d < part->directions; d++) {
        const int *v = rad_directions[d];
        w.step[d] = part->settings->glcm_distance *
                    (v[0] + (ptrdiff_t)l->size[0] * (v[1] + (ptrdiff_t)l->size[1] * v[2]));
    }
    return w;
}

/* All directions of a voxel at once into private matrices; neighbours outside the ROI fall into column 0.
 * `count` is a constant at each call, so that the loop over directions is unrolled. */
static inline void count_dense(const rad_part *part, const walk *w, rad_tally *tallies, const size_t count) {
    const size_t width = tallies[0].width;
    for (size_t z = part->begin; z < part->end; z++)
        for (size_t y = part->pad; y < w->size[1] - part->pad; y++) {
            const uint16_t *row = w->level + (z * w->size[1] + y) * w->size[0];
            for (size_t x = part->pad; x < w->size[0] - part->pad; x++) {
                const uint16_t *here = row + x;
                if (!*here) continue;
                for (size_t d = 0; d < count; d++) tallies[d].dense[*here * width + here[w->step[d]]]++;
            }
        }
}

/* Pairs are unordered: the lower triangle goes to the upper one. */
static void fold(rad_tally *tally) {
    const size_t width = tally->width;
    for (size_t i = 1; i < width; i++)
        for (size_t j = 1; j < i; j++) {
            tally->dense[j * width + i] += tally->dense[i * width + j];
            tally->dense[i * width + j] = 0;
        }
}

static rad_status build(const rad_part *part, rad_matrix *matrices, rad_error *error) {
    rad_tally *tallies = part->shared;
    const walk w = walk_of(part);
    if (part->flat)
        count_dense(part, &w, tallies, 4);
    else
        count_dense(part, &w, tallies, RAD_DIRECTIONS_MAX);
    rad_status status = RAD_OK;
    for (size_t d = 0; d < part->directions && status == RAD_OK; d++) {
        fold(&tallies[d]);
        status = rad_tally_collect(&tallies[d], &matrices[d], error);
    }
    return status;
}

/* Of many levels the matrix is never held, nor are pairs of directions that weigh differently. */
static rad_status measure(const rad_part *part, size_t first, size_t end, rad_value *out, rad_error *error) {
    const walk w = walk_of(part);
    const size_t plane = w.size[0] * w.size[1];
    rad_pairs pairs = {.level = w.level,
                       .begin = part->begin * plane,
                       .end = part->end * plane,
                       .step = w.step + first,
                       .steps = end - first,
                       .levels = part->levels->count};
    rad_cooccurrence c = {0};
    if (part->settings->weighting && end - first > 1) return without(RAD_MANY_LEVELS, out);
    rad_status status = rad_pairs_count(&pairs, error);
    if (status == RAD_OK && !pairs.total)
        status = without(RAD_NO_PAIRS, out);
    else if (status == RAD_OK)
        status = begin(&c, (double)pairs.total, pairs.levels, error);
    if (status == RAD_OK && pairs.total) status = rad_pairs_each(&pairs, add_pair, &c, error);
    if (status == RAD_OK && pairs.total)
        finish(&c, out);
    else
        rad_free(c.marginal);
    rad_pairs_free(&pairs);
    return status;
}

rad_status rad_glcm_aggregate(const rad_feature_input *input, const rad_glcm_way *way,
                              rad_value *const out[RAD_PASS_FAMILIES], rad_error *error) {
    rad_tally tallies[RAD_DIRECTIONS_MAX] = {0};
    const size_t width = input->levels->count + 1;
    const bool many = width > RAD_DENSE_CELLS / width;
    const rad_builder builder = {.reach = (size_t)input->settings->glcm_distance,
                                 .stride = input->settings->glcm_distance,
                                 .directional = true,
                                 .kinds = 1,
                                 .build = build,
                                 .evaluate = way->evaluate,
                                 .measure = many ? way->measure : NULL,
                                 .shared = tallies};
    rad_status status = RAD_OK;
    for (size_t d = 0; d < RAD_DIRECTIONS_MAX && !many && status == RAD_OK; d++)
        status = rad_tally_make(width, width, &tallies[d], error);
    if (status == RAD_OK) status = rad_aggregate(&builder, input, way->families, out, error);
    for (size_t d = 0; d < RAD_DIRECTIONS_MAX; d++) rad_tally_free(&tallies[d]);
    return status;
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    return rad_glcm_aggregate(input, &(rad_glcm_way){pass.families, rad_glcm_evaluate, measure}, out, error);
}

static const rad_pass pass = {"GLCM", RAD_TEXTURE_LEVELS, {&rad_family_cm}, run};
