#include "even_spheres.h"

#include "../core/distances.h"
#include "../core/memory.h"

#include <math.h>

/* Within a sphere a way leads from any voxel to its centre from neighbour to neighbour: where two intensities
 * lie in it, so do two neighbours that have them. */
static void mark_edges(const rad_roi *roi, uint8_t *edge) {
    const size_t count = rad_box_count(&roi->box);
    for (size_t i = 0; i < count; i++) edge[i] = isfinite(roi->intensity[i]) == 0;
    for (size_t a = 0, step = 1; a < 3; step *= roi->size[a++]) {
        const size_t line = step * roi->size[a];
        for (size_t begin = 0; begin < count; begin += line)
            for (size_t i = begin; i + step < begin + line; i++)
                if (roi->intensity[i] != roi->intensity[i + step]) edge[i] = edge[i + step] = 1;
    }
}

/* Places from where the box begins and ends as far away as the sphere reaches are one. */
static size_t place_of(const rad_even_spheres *e, int axis, size_t at) {
    const size_t n = e->roi->size[axis], reach = e->reach[axis];
    if (n <= 2 * reach || at < reach) return at;
    return at + reach >= n ? at - (n - 1 - 2 * reach) : reach;
}

static rad_status find_distances(rad_even_spheres *e, rad_error *error) {
    const double *side = e->roi->grid.spacing;
    uint8_t *edge = rad_new_raw(rad_box_count(&e->roi->box), 1, error);
    if (!edge) return RAD_NO_MEMORY;
    mark_edges(e->roi, edge);
    const rad_distance_of of = {edge, e->roi->size, {side[0], side[1], side[2]}};
    const rad_status status = rad_distance_squared(&of, e->away, error);
    rad_free(edge);
    return status;
}

rad_status rad_even_spheres_begin(const rad_roi *roi, double radius, const size_t reach[3],
                                  rad_even_spheres *e, rad_error *error) {
    *e = (rad_even_spheres){.roi = roi, .square = radius * radius * (1 + 1e-9)}; /* distances are rounded */
    size_t places = 1;
    for (int a = 0; a < 3; a++) {
        e->reach[a] = reach[a];
        e->places[a] = roi->size[a] <= 2 * reach[a] ? roi->size[a] : 2 * reach[a] + 1;
        places *= e->places[a];
    }
    e->away = rad_new_raw(rad_box_count(&roi->box), sizeof *e->away, error);
    e->seen = e->away ? rad_new_raw(places, sizeof *e->seen, error) : NULL;
    rad_status status = e->seen ? find_distances(e, error) : RAD_NO_MEMORY;
    for (size_t i = 0; i < places && status == RAD_OK; i++) e->seen[i] = NAN;
    if (status != RAD_OK) rad_even_spheres_free(e);
    return status;
}

bool rad_even_spheres_repeats(rad_even_spheres *e, const size_t at[3]) {
    const size_t *size = e->roi->size, here = (at[2] * size[1] + at[1]) * size[0] + at[0];
    if (!(e->away[here] > e->square)) return false;
    double *seen = &e->seen[(place_of(e, 2, at[2]) * e->places[1] + place_of(e, 1, at[1])) * e->places[0] +
                            place_of(e, 0, at[0])];
    const bool repeats = *seen == e->roi->intensity[here];
    *seen = e->roi->intensity[here];
    return repeats;
}

void rad_even_spheres_free(rad_even_spheres *e) {
    rad_free(e->away);
    rad_free(e->seen);
    *e = (rad_even_spheres){.roi = NULL};
}
