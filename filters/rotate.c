#include "rotate.h"

#include "../core/memory.h"

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
    const rad_chain *chain;
    const rad_filter_options *options;
    int threads;
    double *level[2], *spare[2]; /* results of the passes along x and y; between the passes of a chain */
    double *out;
    bool begun;
} walk;

/* Runs a chain along an axis; its last pass goes to `out`, pooled if the pool says how. */
static void run_chain(const walk *w, const double *in, int axis, const turn *t, const rad_pooling_how *pool,
                      double *out) {
    const rad_chain *c = &w->chain[t->chain[axis]];
    for (size_t k = 0; k < c->count; k++) {
        const bool last = k + 1 == c->count;
        double *to = last ? out : w->spare[k % 2];
        const rad_sweep sweep = {&c->taps[k], axis, t->flipped[axis], (rad_boundary)w->options->boundary};
        rad_convolve(in, w->field->size, sweep, w->threads, last ? pool : NULL, to);
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

/* Volumes between the passes of a chain: none, one, or two in turns. */
static size_t spares_of(const rad_chain chain[3], int dimension) {
    size_t most = 1;
    for (int a = 0; a < dimension; a++) most = chain[a].count > most ? chain[a].count : most;
    return most > 3 ? 2 : most - 1;
}

rad_status rad_rotate_separable(const rad_field *field, const rad_chain chain[3],
                                const rad_filter_options *options, int threads, double *out,
                                rad_error *error) {
    const size_t count = rad_field_count(field), levels = (size_t)options->dimension - 1,
                 spares = spares_of(chain, options->dimension);
    walk w = {.field = field, .chain = chain, .options = options, .threads = threads, .out = out};
    turn turns[TURNS_MAX] = {{{0, 1, 2}, {false}}};
    const size_t turn_count = options->rotations ? list_turns(chain, options->dimension, turns) : 1;
    rad_status status = RAD_OK;
    for (size_t a = 0; a < levels + spares && status == RAD_OK; a++) {
        double **room = a < levels ? &w.level[a] : &w.spare[a - levels];
        *room = rad_new_raw(count, sizeof *out, error);
        if (!*room) status = RAD_NO_MEMORY;
    }
    if (status == RAD_OK) {
        descend(&w, field->data, 0, turns, turn_count);
        rad_pooling_end((rad_pooling)options->pooling, (double)turn_count, count, threads, out);
    }
    for (int i = 0; i < 2; i++) {
        rad_free(w.level[i]);
        rad_free(w.spare[i]);
    }
    return status;
}
