#include "border.h"

#include "../core/memory.h"
#include "../core/simd.h"

void rad_border_begin(rad_border *border) {
    *border = (rad_border){.distance = {NULL}};
    pthread_mutex_init(&border->lock, NULL);
}

/* d = the least of d and what two neighbours have, plus one. */
RAD_KERNEL_LOOP void approach_loop(uint16_t *d, const uint16_t *beside, const uint16_t *above, size_t width) {
#pragma omp simd
    for (size_t x = 0; x < width; x++) {
        const uint16_t least = beside[x] < above[x] ? beside[x] : above[x];
        d[x] = least < d[x] ? (uint16_t)(least + 1) : d[x];
    }
}
RAD_KERNEL(approach, (uint16_t * d, const uint16_t *beside, const uint16_t *above, size_t width),
           (d, beside, above, width))

/* The same along the row, forwards and backwards. */
static void approach_along(uint16_t *d, size_t width, ptrdiff_t step) {
    uint16_t before = 0;
    for (size_t k = 0; k < width; k++, d += step) {
        before = before < *d ? (uint16_t)(before + 1) : *d;
        *d = before;
    }
}

/* In two passes, forwards and backwards. */
static void map_distances(const rad_roi *roi, const size_t size[3], bool flat, uint16_t *distance) {
    const size_t width = size[0] - 2, plane = flat ? 0 : size[0] * size[1];
    for (size_t z = 1; z + 1 < size[2]; z++)
        for (size_t y = 1; y + 1 < size[1]; y++) {
            uint16_t *d = distance + (z * size[1] + y) * size[0] + 1;
            const uint8_t *in = roi->morphological + rad_roi_row(roi, y - 1, z - 1);
            for (size_t x = 0; x < width; x++) d[x] = in[x] ? UINT16_MAX - 1 : 0;
            approach(d, d - size[0], plane ? d - plane : d - size[0], width);
            approach_along(d, width, 1);
        }
    for (size_t z = size[2] - 1; z-- > 1;)
        for (size_t y = size[1] - 1; y-- > 1;) {
            uint16_t *d = distance + (z * size[1] + y) * size[0] + 1;
            approach(d, d + size[0], plane ? d + plane : d + size[0], width);
            approach_along(d + width - 1, width, -1);
        }
}

rad_status rad_border_distance(rad_border *border, const rad_roi *roi, bool flat, const uint16_t **distance,
                               rad_error *error) {
    size_t size[3];
    pthread_mutex_lock(&border->lock);
    uint16_t **own = &border->distance[flat];
    for (int a = 0; a < 3; a++) size[a] = roi->inner.end[a] - roi->inner.begin[a] + 2;
    if (!*own) {
        *own = rad_new(size[0] * size[1] * size[2], sizeof **own, error);
        if (*own) map_distances(roi, size, flat, *own);
    }
    *distance = *own;
    pthread_mutex_unlock(&border->lock);
    return *distance ? RAD_OK : RAD_NO_MEMORY;
}

void rad_border_clear(rad_border *border) {
    for (int i = 0; i < 2; i++) {
        rad_free(border->distance[i]);
        border->distance[i] = NULL;
    }
}

void rad_border_end(rad_border *border) {
    rad_border_clear(border);
    pthread_mutex_destroy(&border->lock);
}
