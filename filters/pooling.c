#include "pooling.h"

#include "../core/parallel.h"
#include "../core/simd.h"

#include <string.h>

RAD_KERNEL_LOOP void pool_row_loop(const rad_pooling_how *how, const double *map, size_t count,
                                   double *restrict pool) {
    const double times = how->times;
    const bool adds = how->pooling == RAD_POOL_MEAN || how->pooling == RAD_POOL_SUM;
    if (how->first && adds) {
#pragma omp simd
        for (size_t i = 0; i < count; i++) pool[i] = times * map[i];
    } else if (how->first) {
        memcpy(pool, map, count * sizeof *map);
    } else if (adds) {
#pragma omp simd
        for (size_t i = 0; i < count; i++) pool[i] += times * map[i];
    } else if (how->pooling == RAD_POOL_MAX) {
#pragma omp simd
        for (size_t i = 0; i < count; i++) pool[i] = map[i] > pool[i] ? map[i] : pool[i];
    } else {
#pragma omp simd
        for (size_t i = 0; i < count; i++) pool[i] = map[i] < pool[i] ? map[i] : pool[i];
    }
}
RAD_KERNEL(pool_row, (const rad_pooling_how *how, const double *map, size_t count, double *restrict pool),
           (how, map, count, pool))

void rad_pooling_row(const rad_pooling_how *how, const double *map, size_t count, double *pool) {
    pool_row(how, map, count, pool);
}

enum { PIECE = 1 << 15 };

typedef struct job {
    const rad_pooling_how *how;
    const double *map;
    double divisor;
    size_t count;
    double *pool;
} job;

static size_t length_of(const job *j, size_t piece) {
    return j->count - piece * PIECE < PIECE ? j->count - piece * PIECE : PIECE;
}

static void pool_piece(size_t piece, void *context) {
    const job *j = context;
    pool_row(j->how, j->map + piece * PIECE, length_of(j, piece), j->pool + piece * PIECE);
}

static void divide_piece(size_t piece, void *context) {
    const job *j = context;
    double *pool = j->pool + piece * PIECE;
    for (size_t i = 0; i < length_of(j, piece); i++) pool[i] /= j->divisor;
}

void rad_pooling_map(const rad_pooling_how *how, const double *map, size_t count, int threads, double *pool) {
    job j = {.how = how, .map = map, .count = count, .pool = pool};
    rad_parallel_for((count + PIECE - 1) / PIECE, threads, pool_piece, &j);
}

void rad_pooling_end(rad_pooling pooling, double all, size_t count, int threads, double *pool) {
    job j = {.divisor = all, .count = count, .pool = pool};
    if (pooling == RAD_POOL_MEAN) rad_parallel_for((count + PIECE - 1) / PIECE, threads, divide_piece, &j);
}
