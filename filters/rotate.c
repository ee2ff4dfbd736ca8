#include "rotate.h"

#include "../core/memory.h"
#include "../core/parallel.h"

#include <string.h>

/* Along axis a of the field lies chain[a], backwards where it is flipped. */
typedef struct turn {
    int chain[3];
    bool flipped[3];
} turn;

enum { TURNS_MAX = 24 };

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
    double *level[3], *spare; /* results of the passes along each axis */
    double *out;
    bool begun;
} walk;

/* Runs a chain along an axis; the result is in w->level[axis]. */
static void run_chain(walk *w, const double *in, int axis, int chain, bool flipped) {
    const rad_chain *c = &w->chain[chain];
    double *to = w->level[axis], *other = w->spare;
    for (size_t k = 0; k < c->count; k++) {
        double *target = (c->count - 1 - k) % 2 ? other : to;
        rad_convolve(in, w->field->size, axis, &c->taps[k], flipped, (rad_boundary)w->options->boundary,
                     w->threads, target);
        in = target;
    }
}

/* Turns first..end - 1 agree in the axes before `axis`, whose result is `in`. */
static void descend(walk *w, const double *in, int axis, const turn *turns, size_t count) {
    bool done[TURNS_MAX] = {false};
    if (axis >= w->options->dimension || axis == 3) {
        rad_pool_add(w->out, in, rad_field_count(w->field), (rad_pooling)w->options->pooling, !w->begun,
                     (double)count, w->threads);
        w->begun = true;
        return;
    }
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
        run_chain(w, in, axis, turns[i].chain[axis], turns[i].flipped[axis]);
        descend(w, w->level[axis], axis + 1, same, alike);
    }
}

rad_status rad_rotate_separable(const rad_field *field, const rad_chain chain[3],
                                const rad_filter_options *options, int threads, double *out,
                                rad_error *error) {
    const size_t count = rad_field_count(field);
    walk w = {.field = field, .chain = chain, .options = options, .threads = threads, .out = out};
    turn turns[TURNS_MAX] = {{{0, 1, 2}, {false}}};
    const size_t turn_count = options->rotations ? list_turns(chain, options->dimension, turns) : 1;
    rad_status status = RAD_OK;
    for (int a = 0; a < options->dimension; a++) {
        w.level[a] = rad_new_raw(count, sizeof *out, error);
        if (!w.level[a]) status = RAD_NO_MEMORY;
    }
    w.spare = rad_new_raw(count, sizeof *out, error);
    if (!w.spare) status = RAD_NO_MEMORY;
    if (status == RAD_OK) {
        descend(&w, field->data, 0, turns, turn_count);
        rad_pool_end(out, count, (rad_pooling)options->pooling, (double)turn_count);
    }
    for (int a = 0; a < 3; a++) rad_free(w.level[a]);
    rad_free(w.spare);
    return status;
}

typedef struct pool_job {
    double *pool;
    const double *map;
    size_t count;
    rad_pooling pooling;
    bool first;
    double times;
} pool_job;

enum { PIECE = 1 << 15 };

static void add_piece(size_t piece, void *context) {
    const pool_job *j = context;
    const size_t begin = piece * PIECE, end = j->count - begin < PIECE ? j->count : begin + PIECE;
    const bool adds = j->pooling == RAD_POOL_MEAN || j->pooling == RAD_POOL_SUM;
    const double sign = j->pooling == RAD_POOL_MIN ? -1 : 1, times = j->times;
    double *pool = j->pool;
    const double *map = j->map;
    if (j->first)
        for (size_t i = begin; i < end; i++) pool[i] = adds ? times * map[i] : map[i];
    else if (adds)
        for (size_t i = begin; i < end; i++) pool[i] += times * map[i];
    else
        for (size_t i = begin; i < end; i++) pool[i] = sign * map[i] > sign * pool[i] ? map[i] : pool[i];
}

void rad_pool_add(double *pool, const double *map, size_t count, rad_pooling pooling, bool first,
                  double times, int threads) {
    pool_job j = {pool, map, count, pooling, first, times};
    rad_parallel_for((count + PIECE - 1) / PIECE, threads, add_piece, &j);
}

void rad_pool_end(double *pool, size_t count, rad_pooling pooling, double all) {
    if (pooling != RAD_POOL_MEAN) return;
    for (size_t i = 0; i < count; i++) pool[i] /= all;
}
