#include "parallel.h"

#include <omp.h>

/* Pieces per thread: enough that a slow one does not keep the others waiting. */
enum { PIECES = 16 };

typedef struct loop {
    size_t count, piece;
    rad_body *body;
    void *context;
} loop;

static void run_piece(const loop *l, size_t first) {
    for (size_t i = first; i < l->count && i < first + l->piece; i++) l->body(i, l->context);
}

static void make_tasks(const loop *l) {
    for (size_t first = 0; first < l->count; first += l->piece) {
#pragma omp task firstprivate(l, first)
        run_piece(l, first);
    }
}

void rad_parallel_for(size_t count, int threads, rad_body *body, void *context) {
    if (threads <= 1 || count <= 1) {
        for (size_t i = 0; i < count; i++) body(i, context);
        return;
    }
    const size_t pieces = PIECES * (size_t)threads;
    const loop l = {count, count > pieces ? count / pieces : 1, body, context};
    if (omp_in_parallel()) { /* tasks for the team that is at work; waits for these tasks only */
#pragma omp taskgroup
        make_tasks(&l);
        return;
    }
#pragma omp parallel num_threads(threads)
#pragma omp single nowait /* at the barrier all threads take any task, those of inner loops too */
    make_tasks(&l);
}

int rad_parallel_processors(void) {
    return omp_get_num_procs();
}
