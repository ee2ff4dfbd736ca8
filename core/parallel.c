#include "parallel.h"

#include <omp.h>

/* Pieces per thread: enough that a slow one does not keep the others waiting. */
enum { PIECES = 16 };

/* Tasks of the team that is at work: threads of it that have nothing else to do take them. */
static void share(size_t count, size_t piece, rad_body *body, void *context) {
#pragma omp taskloop grainsize(piece) default(none) firstprivate(count, body, context)
    for (size_t i = 0; i < count; i++) body(i, context);
}

void rad_parallel_for(size_t count, int threads, rad_body *body, void *context) {
    if (threads <= 1 || count <= 1) {
        for (size_t i = 0; i < count; i++) body(i, context);
        return;
    }
    const size_t pieces = PIECES * (size_t)threads, piece = count > pieces ? count / pieces : 1;
    if (omp_in_parallel()) {
        share(count, piece, body, context);
        return;
    }
#pragma omp parallel num_threads(threads)
#pragma omp single
    share(count, piece, body, context);
}

int rad_parallel_processors(void) {
    return omp_get_num_procs();
}
