#include "parallel.h"

#include <omp.h>

/* Pieces per thread: enough that a slow one does not keep the others waiting. */
enum { PIECES = 16 };

void rad_parallel_for(size_t count, int threads, rad_body *body, void *context) {
    if (threads <= 1 || count <= 1) {
        for (size_t i = 0; i < count; i++) body(i, context);
        return;
    }
    const size_t pieces = PIECES * (size_t)threads, piece = count > pieces ? count / pieces : 1;
    if (omp_in_parallel()) { /* tasks for the team that is at work; waits for these tasks only */
#pragma omp taskloop grainsize(piece) default(none) firstprivate(count, body, context)
        for (size_t i = 0; i < count; i++) body(i, context);
        return;
    }
#pragma omp parallel num_threads(threads)
#pragma omp single /* nogroup: at the barrier all threads take any task, those of inner loops too */
#pragma omp taskloop nogroup grainsize(piece) default(none) firstprivate(count, body, context)
    for (size_t i = 0; i < count; i++) body(i, context);
}

int rad_parallel_processors(void) {
    return omp_get_num_procs();
}
