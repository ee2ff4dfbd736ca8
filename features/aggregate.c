#include "aggregate.h"
#include "weighting.h"

#include "../core/memory.h"

#include <stdlib.h>
#include <string.h>

const int rad_directions[RAD_DIRECTIONS_MAX][3] = {
    {-1, 0, 0},  {-1, -1, 0}, {0, -1, 0},   {1, -1, 0},  {0, 0, -1},  {-1, 0, -1}, {1, 0, -1},
    {0, -1, -1}, {0, 1, -1},  {-1, -1, -1}, {1, -1, -1}, {-1, 1, -1}, {1, 1, -1},
};

/* Mean of the defined values of many matrices. */
typedef struct average {
    double sum;
    size_t count;
    rad_reason reason; /* of the first undefined one */
} average;

typedef struct run_state {
    const rad_builder *builder;
    const rad_feature_input *input;
    const rad_family *const *families;
    rad_value *const *out;
    rad_levels padded; /* own copy where the reach is above one */
    rad_part part;
    rad_matrix matrices[RAD_MATRICES_MAX];   /* of the current part */
    rad_matrix totals[RAD_MATRICES_MAX];     /* slices merged */
    rad_matrix merged;                       /* directions merged */
    rad_matrix weighed;                      /* one of them, by its weight */
    average *averages[2][RAD_PASS_FAMILIES]; /* by direction and slice; by slice */
    rad_value *values;
} run_state;

static void add(average *to, const rad_value *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (values[i].reason) {
            if (!to[i].reason) to[i].reason = values[i].reason;
            continue;
        }
        to[i].sum += values[i].value;
        to[i].count++;
    }
}

/* Writes the averages and forgets them. */
static void settle(average *from, size_t count, rad_value *out) {
    for (size_t i = 0; i < count; i++)
        out[i] = from[i].count ? rad_defined(from[i].sum / (double)from[i].count)
                               : rad_undefined(from[i].reason ? from[i].reason : RAD_EMPTY_INTENSITY);
    memset(from, 0, count * sizeof *from);
}

static bool is_asked(const run_state *s, size_t kind) {
    return s->out[kind] != NULL;
}

/* Averages of directions of a family, or NULL where nobody asks for them. */
static average *directions_of(const run_state *s, size_t kind) {
    const bool asked = s->builder->directional && s->input->settings->merging != RAD_MERGED;
    return asked ? s->averages[0][kind] : NULL;
}

/* Settings may ask for one direction alone. */
static bool is_looked_at(const run_state *s, size_t direction) {
    const size_t only = (size_t)s->input->settings->direction;
    return !s->builder->directional || !only || direction + 1 == only;
}

/* The step to the neighbour in a direction. */
static void step_of(const run_state *s, size_t direction, int step[3]) {
    for (int a = 0; a < 3; a++) step[a] = rad_directions[direction][a] * s->builder->stride;
}

static rad_status merge(run_state *s, const rad_matrix *m, size_t direction, rad_error *error) {
    const rad_feature_settings *settings = s->part.settings;
    int step[3];
    if (!s->builder->directional || !settings->weighting) return rad_matrix_merge(&s->merged, m, error);
    step_of(s, direction, step);
    const double weight =
        rad_weight(settings, (rad_weighting)settings->weighting, s->input->roi->grid.spacing, step);
    rad_status status = rad_matrix_weigh(m, weight, &s->weighed, error);
    return status == RAD_OK ? rad_matrix_merge(&s->merged, &s->weighed, error) : status;
}

/* Directions of one family: each evaluated into the averages (NULL: not asked), and all merged. */
static rad_status add_directions(run_state *s, const rad_matrix *matrices, size_t kind, average *averages,
                                 rad_error *error) {
    const size_t directions = rad_part_matrices(&s->part), count = s->families[kind]->count;
    rad_matrix_clear(&s->merged);
    rad_status status = RAD_OK;
    for (size_t d = 0; d < directions && status == RAD_OK; d++) {
        const rad_matrix *m = &matrices[kind * directions + d];
        if (!is_looked_at(s, d)) continue;
        if (averages) {
            status = s->builder->evaluate(m, s->part.levels, kind, s->values, error);
            if (status == RAD_OK) add(averages, s->values, count);
        }
        if (status == RAD_OK) status = merge(s, m, d, error);
    }
    return status;
}

static rad_status build(run_state *s, rad_error *error) {
    const size_t each = rad_part_matrices(&s->part), n = s->builder->kinds * each;
    for (size_t m = 0; m < n; m++) rad_matrix_clear(&s->matrices[m]);
    rad_status status = s->builder->build(&s->part, s->matrices, error);
    const size_t together = s->part.directions / each;
    for (size_t m = 0; m < n; m++) s->matrices[m].voxels = s->part.voxels * (double)together;
    return status;
}

static double voxels_of(const run_state *s, size_t z) {
    const rad_levels *l = s->part.levels;
    const size_t plane = l->size[0] * l->size[1];
    size_t count = 0;
    for (size_t i = 0; i < plane; i++) count += l->level[z * plane + i] > 0;
    return (double)count;
}

/* One slice into the averages of 2D and the totals of 2.5D. */
static rad_status add_slice(run_state *s, size_t z, rad_error *error) {
    s->part.begin = z;
    s->part.end = z + 1;
    s->part.voxels = voxels_of(s, z);
    if (s->part.voxels == 0) return RAD_OK;
    rad_status status = build(s, error);
    const bool planes = s->input->settings->dimensions & RAD_2D;
    for (size_t k = 0; k < s->builder->kinds && status == RAD_OK; k++) {
        if (!is_asked(s, k)) continue;
        if (planes) {
            status = add_directions(s, s->matrices, k, directions_of(s, k), error);
            if (status == RAD_OK)
                status = s->builder->evaluate(&s->merged, s->part.levels, k, s->values, error);
            if (status == RAD_OK) add(s->averages[1][k], s->values, s->families[k]->count);
        }
        for (size_t d = 0; d < rad_part_matrices(&s->part) && status == RAD_OK; d++) {
            const size_t m = k * rad_part_matrices(&s->part) + d;
            status = rad_matrix_merge(&s->totals[m], &s->matrices[m], error);
        }
    }
    return status;
}

/* Averaged and merged directions of matrices that stand for the whole ROI, into two rows of the output. */
static rad_status add_whole(run_state *s, const rad_matrix *matrices, size_t kind, rad_value *averaged,
                            rad_value *merged, rad_error *error) {
    const size_t count = s->families[kind]->count;
    rad_status status = add_directions(s, matrices, kind, directions_of(s, kind), error);
    if (averaged) settle(s->averages[0][kind], count, averaged);
    if (status == RAD_OK) status = s->builder->evaluate(&s->merged, s->part.levels, kind, merged, error);
    return status;
}

static rad_status run_slices(run_state *s, rad_error *error) {
    const bool directional = s->builder->directional;
    const unsigned dimensions = s->input->settings->dimensions;
    s->part.flat = true;
    s->part.directions = directional ? 4 : 1;
    rad_status status = RAD_OK;
    for (size_t z = s->part.pad; z < s->part.levels->size[2] - s->part.pad && status == RAD_OK; z++)
        status = add_slice(s, z, error);
    for (size_t k = 0; k < s->builder->kinds && status == RAD_OK; k++) {
        if (!is_asked(s, k)) continue;
        const size_t n = s->families[k]->count;
        rad_value *out = s->out[k];
        if (dimensions & RAD_2D) {
            if (directional) settle(s->averages[0][k], n, out + RAD_2D_AVG * n);
            settle(s->averages[1][k], n, out + (directional ? RAD_2D_COMB : RAD_SLICES) * n);
        }
        if (dimensions & RAD_2_5D)
            status = add_whole(s, s->totals, k, directional ? out + RAD_2_5D_AVG * n : NULL,
                               out + (directional ? RAD_2_5D_COMB : RAD_SLICES_MERGED) * n, error);
    }
    return status;
}

static rad_status run_volume(run_state *s, rad_error *error) {
    const bool directional = s->builder->directional;
    s->part.flat = false;
    s->part.directions = directional ? RAD_DIRECTIONS_MAX : 1;
    s->part.begin = s->part.pad;
    s->part.end = s->part.levels->size[2] - s->part.pad;
    s->part.voxels = (double)s->part.levels->voxels;
    rad_status status = build(s, error);
    for (size_t k = 0; k < s->builder->kinds && status == RAD_OK; k++) {
        if (!is_asked(s, k)) continue;
        const size_t n = s->families[k]->count;
        status = add_whole(s, s->matrices, k, directional ? s->out[k] + RAD_3D_AVG * n : NULL,
                           s->out[k] + (directional ? RAD_3D_COMB : RAD_VOLUME) * n, error);
    }
    return status;
}

/* The part without matrices: its directions one by one into the averages, then all of them into s->values. */
static rad_status measure_part(run_state *s, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t d = 0; d < s->part.directions && directions_of(s, 0) && status == RAD_OK; d++) {
        status = s->builder->measure(&s->part, d, d + 1, s->values, error);
        if (status == RAD_OK) add(s->averages[0][0], s->values, s->families[0]->count);
    }
    const size_t only = (size_t)s->input->settings->direction, first = only ? only - 1 : 0,
                 end = only ? only : s->part.directions;
    return status == RAD_OK ? s->builder->measure(&s->part, first, end, s->values, error) : status;
}

static rad_status measure_slices(run_state *s, rad_error *error) {
    const size_t first = s->part.begin, end = s->part.end, n = s->families[0]->count;
    rad_status status = RAD_OK;
    for (size_t z = first; z < end && status == RAD_OK; z++) {
        if (voxels_of(s, z) == 0) continue;
        s->part.begin = z;
        s->part.end = z + 1;
        status = measure_part(s, error);
        if (status == RAD_OK) add(s->averages[1][0], s->values, n);
    }
    s->part.begin = first;
    s->part.end = end;
    settle(s->averages[0][0], n, s->out[0] + RAD_2D_AVG * n);
    settle(s->averages[1][0], n, s->out[0] + RAD_2D_COMB * n);
    return status;
}

/* All slices at once, in the slice or in space, into two rows of the output. */
static rad_status measure_whole(run_state *s, size_t averaged, size_t merged, rad_error *error) {
    const size_t n = s->families[0]->count;
    rad_status status = measure_part(s, error);
    settle(s->averages[0][0], n, s->out[0] + averaged * n);
    memcpy(s->out[0] + merged * n, s->values, n * sizeof *s->values);
    return status;
}

static rad_status measure_all(run_state *s, rad_error *error) {
    const unsigned dimensions = s->input->settings->dimensions;
    rad_status status = RAD_OK;
    s->part.begin = s->part.pad;
    s->part.end = s->part.levels->size[2] - s->part.pad;
    s->part.flat = true;
    s->part.directions = 4;
    if (dimensions & RAD_2D) status = measure_slices(s, error);
    if (status == RAD_OK && dimensions & RAD_2_5D)
        status = measure_whole(s, RAD_2_5D_AVG, RAD_2_5D_COMB, error);
    s->part.flat = false;
    s->part.directions = RAD_DIRECTIONS_MAX;
    if (status == RAD_OK && dimensions & RAD_3D) status = measure_whole(s, RAD_3D_AVG, RAD_3D_COMB, error);
    return status;
}

/* The matrices of the whole ROI for who wants them. */
static rad_status show(run_state *s, rad_error *error) {
    const rad_matrix_view *view = s->input->view;
    s->part.flat = view->flat;
    s->part.directions = !s->builder->directional ? 1 : view->flat ? 4 : RAD_DIRECTIONS_MAX;
    s->part.begin = s->part.pad;
    s->part.end = s->part.levels->size[2] - s->part.pad;
    s->part.voxels = (double)s->part.levels->voxels;
    rad_status status = build(s, error);
    return status == RAD_OK ? view->see(s->matrices, s->part.directions, view->context, error) : status;
}

/* Merges slices and directions of matrices. */
static rad_status build_all(run_state *s, rad_error *error) {
    const unsigned dimensions = s->input->settings->dimensions;
    if (s->input->view) return show(s, error);
    rad_status status = RAD_OK;
    if (dimensions & (RAD_2D | RAD_2_5D)) status = run_slices(s, error);
    if (status == RAD_OK && dimensions & RAD_3D) status = run_volume(s, error);
    return status;
}

static rad_status allocate(run_state *s, rad_error *error) {
    size_t most = 0;
    for (size_t k = 0; k < s->builder->kinds; k++) {
        if (s->families[k]->count > most) most = s->families[k]->count;
        for (int i = 0; i < 2; i++) {
            s->averages[i][k] = rad_new(s->families[k]->count, sizeof *s->averages[i][k], error);
            if (!s->averages[i][k]) return RAD_NO_MEMORY;
        }
    }
    s->values = rad_new(most, sizeof *s->values, error);
    return s->values && s->averages[0][0] && s->averages[1][0] ? RAD_OK : RAD_NO_MEMORY;
}

/* Nothing needs a direction alone. */
static bool are_merged(const rad_builder *builder, const rad_feature_input *input) {
    const rad_feature_settings *settings = input->settings;
    return builder->merges && !input->view && settings->merging == RAD_MERGED && !settings->weighting &&
           !settings->direction;
}

rad_status rad_aggregate(const rad_builder *builder, const rad_feature_input *input,
                         const rad_family *const families[RAD_PASS_FAMILIES],
                         rad_value *const out[RAD_PASS_FAMILIES], rad_error *error) {
    run_state s = {.builder = builder, .input = input, .families = families, .out = out};
    s.part =
        (rad_part){.levels = input->levels, .settings = input->settings, .pad = 1, .shared = builder->shared};
    s.part.merged = are_merged(builder, input);
    rad_status status = allocate(&s, error);
    if (status == RAD_OK && builder->reach > 1) {
        s.part.pad = builder->reach;
        status = rad_levels_widen(input->levels, builder->reach, &s.padded, error);
        s.part.levels = &s.padded;
    }
    if (status == RAD_OK) status = (builder->measure ? measure_all : build_all)(&s, error);
    for (size_t k = 0; k < builder->kinds; k++)
        for (int i = 0; i < 2; i++) rad_free(s.averages[i][k]);
    for (int m = 0; m < RAD_MATRICES_MAX; m++) {
        rad_matrix_free(&s.matrices[m]);
        rad_matrix_free(&s.totals[m]);
    }
    rad_matrix_free(&s.merged);
    rad_matrix_free(&s.weighed);
    rad_levels_free(&s.padded);
    rad_free(s.values);
    return status;
}
