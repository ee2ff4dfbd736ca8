#include "parallel.h"

#include <omp.h>

void rad_parallel_for(size_t count, int threads, rad_body *body, void *context) {
    if (threads <= 1 || count <= 1) {
        for (size_t i = 0; i < count; i++) body(i, context);
        return;
    }
#pragma omp parallel for schedule(dynamic, 1) num_threads((size_t)threads < count ? threads : (int)count)
    for (size_t i = 0; i < count; i++) body(i, context);
}

int rad_parallel_processors(void) {
    return omp_get_num_procs();
}
