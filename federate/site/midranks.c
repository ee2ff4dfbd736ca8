#include "midranks.h"

#include "../../core/memory.h"

#include <math.h>
#include <stdlib.h>

typedef struct place {
    double x;
    size_t row;
} place;

static int by_value(const void *a, const void *b) {
    const place *p = a, *q = b;
    return (p->x > q->x) - (p->x < q->x);
}

rad_status rad_midranks(double *x, size_t rows, rad_error *error) {
    place *list = rad_new_raw(rows, sizeof *list, error);
    size_t n = 0;
    if (!list) return RAD_NO_MEMORY;
    for (size_t r = 0; r < rows; r++)
        if (!isnan(x[r])) list[n++] = (place){x[r], r};
    if (n) qsort(list, n, sizeof *list, by_value);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && list[end].x == list[i].x;) end++;
        for (size_t k = i; k < end; k++) x[list[k].row] = (double)(i + end + 1) - (double)(n + 1);
    }
    rad_free(list);
    return RAD_OK;
}
