#include "rotate.h"
#include "shared.h"

#include "../core/memory.h"

#include <stdio.h>
#include <string.h>

/* Along axis a of the field lies chain[a], backwards where it is flipped. */
typedef struct turn {
    int chain[3];
    bool flipped[3];
} turn;

enum { TURNS_MAX = 24 };

void rad_chain_reach(const rad_chain chain[3], const rad_filter_options *options, size_t reach[3]) {
    size_t most = 0;
    for (int a = 0; a < options->dimension; a++) {
        size_t here = 0;
        for (size_t k = 0; k < chain[a].count; k++) here += chain[a].taps[k].length / 2;
        reach[a] += here;
        most = here > most ? here : most;
    }
    for (int a = 0; a < options->dimension && options->rotations; a++) reach[a] = most;
}

void rad_chain_free(rad_chain chain[3]) {
    for (int a = 0; a < 3; a++)
        for (size_t k = 0; k < chain[a].count; k++) rad_taps_free(&chain[a].taps[k]);
}

static bool is_even(const rad_chain *c) {
    for (size_t k = 0; k < c->count; k++) {
        const rad_taps *t = &c->taps[k];
        if (t->length % 2 == 0) return false;
        for (size_t i = 0; i < t->length / 2; i++)
            if (t->tap[i] != t->tap[t->length - 1 - i]) return false;
    }
    return true;
}

static bool is_same(const rad_chain *a, const rad_chain *b) {
    if (a->count != b->count) return false;
    for (size_t k = 0; k < a->count; k++)
        if (a->taps[k].length != b->taps[k].length ||
            memcmp(a->taps[k].tap, b->taps[k].tap, a->taps[k].length * sizeof(double)) != 0)
            return false;
    return true;
}

/* Equal chains get one number, chains without a direction no flip: equal passes are then seen as such. */
static turn simplify(turn t, const rad_chain chain[3], int dimension) {
    for (int a = 0; a < dimension; a++) {
        for (int b = 0; b < t.chain[a]; b++)
            if (is_same(&chain[b], &chain[t.chain[a]])) t.chain[a] = b;
        if (is_even(&chain[t.chain[a]])) t.flipped[a] = false;
    }
    return t;
}

/* Proper rotations: permutations and flips with determinant 1. */
static size_t list_turns(const rad_chain chain[3], int dimension, turn *list) {
    static const int permutations[6][3] = {{0, 1, 2}, {1, 2, 0}, {2, 0, 1}, {1, 0, 2}, {0, 2, 1}, {2, 1, 0}};
    size_t count = 0;
    for (int p = 0; p < 6; p++) {
        if (dimension == 2 && permutations[p][2] != 2) continue;
        for (unsigned flips = 0; flips < 1U << dimension; flips++) {
            const bool odd = p > 2, mirrored = __builtin_popcount(flips) % 2;
            if (odd != mirrored) continue;
            turn t = {{0}, {false}};
            for (int a = 0; a < dimension; a++) {
                t.chain[a] = permutations[p][a];
                t.flipped[a] = flips >> a & 1;
            }
            list[count++] = simplify(t, chain, dimension);
        }
    }
    return count;
}

typedef struct walk {
    const rad_field *field;
    rad_box wanted;
    const rad_chain *chain;
    const rad_filter_options *options;
    int threads;
    double *level[2], *spare[2]; /* results of the passes along x and y; between the passes of a chain */
    double *out;
    bool begun;
} walk;

/* The size of what the passes along the axes before have left: there it is what is wanted. */
static void size_before(const walk *w, int axis, size_t size[3]) {
    for (int a = 0; a < 3; a++) {
        const bool done = a < axis || a >= w->options->dimension;
        size[a] = done ? w->wanted.end[a] - w->wanted.begin[a] : w->field->size[a];
    }
}

/* Runs a chain along an axis; its last pass goes to `out`, pooled if the pool says how. */
static void run_chain(const walk *w, const double *in, int axis, const turn *t, const rad_pooling_how *pool,
                      double *out) {
    const rad_chain *c = &w->chain[t->chain[axis]];
    const size_t part[2] = {w->wanted.begin[axis], w->wanted.end[axis]}, all[2] = {0, w->field->size[axis]};
    size_t size[3];
    size_before(w, axis, size);
    for (size_t k = 0; k < c->count; k++) {
        const bool last = k + 1 == c->count;
        double *to = last ? out : w->spare[k % 2];
        const rad_sweep sweep = {&c->taps[k], axis, t->flipped[axis], (rad_boundary)w->options->boundary};
        rad_convolve_part(in, size, &sweep, last ? part : all, w->threads, last ? pool : NULL, to);
        in = to;
    }
}

/* The turns agree in the axes before `axis`, whose result is `in`. */
static void descend(walk *w, const double *in, int axis, const turn *turns, size_t count) {
    bool done[TURNS_MAX] = {false};
    const bool last = axis == 2 || axis + 1 >= w->options->dimension;
    for (size_t i = 0; i < count; i++) {
        turn same[TURNS_MAX];
        size_t alike = 0;
        if (done[i]) continue;
        for (size_t k = i; k < count; k++)
            if (turns[k].chain[axis] == turns[i].chain[axis] &&
                turns[k].flipped[axis] == turns[i].flipped[axis]) {
                same[alike++] = turns[k];
                done[k] = true;
            }
        const rad_pooling_how pool = {(rad_pooling)w->options->pooling, !w->begun, (double)alike};
        run_chain(w, in, axis, &turns[i], last ? &pool : NULL, last ? w->out : w->level[axis]);
        if (last)
            w->begun = true;
        else
            descend(w, w->level[axis], axis + 1, same, alike);
    }
}

/* Filters that begin alike share their first passes: what they gave stays with the field. */
static bool is_shared(const walk *w) {
    bool named = w->field->shared && !w->options->rotations;
    for (int a = 0; a < w->options->dimension; a++) named = named && w->chain[a].name[0];
    return named;
}

static rad_status run_shared(walk *w, const double *in, const turn *t, rad_error *error) {
    const rad_filter_options *o = w->options;
    const rad_box *b = &w->wanted;
    const rad_pooling_how pool = {(rad_pooling)o->pooling, true, 1};
    char key[RAD_SHARED_KEY];
    int length = snprintf(key, sizeof key, "%d %d %zu-%zu %zu-%zu %zu-%zu", o->dimension, o->boundary,
                          b->begin[0], b->end[0], b->begin[1], b->end[1], b->begin[2], b->end[2]);
    for (int axis = 0; axis + 1 < o->dimension; axis++) {
        size_t size[3];
        length += snprintf(key + length, sizeof key - (size_t)length, " %s", w->chain[axis].name);
        double *out = rad_shared_find_volume(w->field->shared, (size_t)axis, key);
        if (!out) {
            size_before(w, axis + 1, size);
            rad_shared_clear_volumes(w->field->shared, (size_t)axis);
            out = rad_new_raw(size[0] * size[1], size[2] * sizeof *out, error);
            if (!out) return RAD_NO_MEMORY;
            run_chain(w, in, axis, t, NULL, out);
            rad_shared_keep_volume(w->field->shared, (size_t)axis, key, out);
        }
        in = out;
    }
    run_chain(w, in, o->dimension - 1, t, &pool, w->out);
    return RAD_OK;
}

/* Volumes between the passes of a chain: none, one, or two in turns. */
static size_t spares_of(const rad_chain chain[3], int dimension) {
    size_t most = 1;
    for (int a = 0; a < dimension; a++) most = chain[a].count > most ? chain[a].count : most;
    return most > 3 ? 2 : most - 1;
}

static rad_status allocate(walk *w, rad_error *error) {
    const size_t levels = is_shared(w) ? 0 : (size_t)w->options->dimension - 1,
                 spares = spares_of(w->chain, w->options->dimension);
    for (size_t a = 0; a < levels + spares; a++) {
        double **room = a < levels ? &w->level[a] : &w->spare[a - levels];
        size_t size[3];
        size_before(w, a < levels ? (int)a + 1 : 0, size);
        *room = rad_new_raw(size[0] * size[1], size[2] * sizeof **room, error);
        if (!*room) return RAD_NO_MEMORY;
    }
    return RAD_OK;
}

rad_status rad_rotate_separable(const rad_field *field, const rad_chain chain[3],
                                const rad_filter_options *options, int threads, double *out,
                                rad_error *error) {
    walk w = {.field = field,
              .wanted = rad_field_wanted(field),
              .chain = chain,
              .options = options,
              .threads = threads,
              .out = out}; /* what is wanted, side by side, until the end */
    const size_t count = rad_box_count(&w.wanted);
    const double *data = field->data;
    if (options->dimension == 2) data += w.wanted.begin[2] * field->size[0] * field->size[1];
    turn turns[TURNS_MAX] = {{{0, 1, 2}, {false}}};
    const size_t turn_count = options->rotations ? list_turns(chain, options->dimension, turns) : 1;
    rad_status status = allocate(&w, error);
    if (status == RAD_OK && is_shared(&w))
        status = run_shared(&w, data, turns, error);
    else if (status == RAD_OK)
        descend(&w, data, 0, turns, turn_count);
    if (status == RAD_OK) {
        rad_pooling_end((rad_pooling)options->pooling, (double)turn_count, count, threads, out);
        rad_convolve_place(out, &w.wanted, field->size, out);
    }
    for (int i = 0; i < 2; i++) {
        rad_free(w.level[i]);
        rad_free(w.spare[i]);
    }
    return status;
}
