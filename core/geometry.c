#include "geometry.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t rad_geometry_count(const rad_geometry *geometry) {
    return geometry->size[0] * geometry->size[1] * geometry->size[2];
}

size_t rad_box_count(const rad_box *box) {
    size_t count = 1;
    for (int a = 0; a < 3; a++) count *= box->end[a] > box->begin[a] ? box->end[a] - box->begin[a] : 0;
    return count;
}

rad_box rad_geometry_box(const rad_geometry *geometry) {
    return (rad_box){{0, 0, 0}, {geometry->size[0], geometry->size[1], geometry->size[2]}};
}

rad_box rad_box_join(const rad_box *a, const rad_box *b) {
    rad_box both = *a;
    for (int axis = 0; axis < 3; axis++) {
        if (b->begin[axis] < both.begin[axis]) both.begin[axis] = b->begin[axis];
        if (b->end[axis] > both.end[axis]) both.end[axis] = b->end[axis];
    }
    return both;
}

rad_box rad_box_grow(rad_box box, const size_t margin[3], const rad_geometry *geometry) {
    for (int a = 0; a < 3; a++) {
        box.begin[a] -= margin[a] < box.begin[a] ? margin[a] : box.begin[a];
        size_t room = geometry->size[a] - box.end[a];
        box.end[a] += margin[a] < room ? margin[a] : room;
    }
    return box;
}

bool rad_geometry_same(const rad_geometry *a, const rad_geometry *b) {
    const double tolerance = 1e-3;
    for (int i = 0; i < 3; i++) {
        if (a->size[i] != b->size[i]) return false;
        if (!(fabs(a->spacing[i] - b->spacing[i]) <= tolerance)) return false;
        if (!(fabs(a->origin[i] - b->origin[i]) <= tolerance)) return false;
    }
    for (int i = 0; i < 9; i++)
        if (!(fabs(a->direction[i] - b->direction[i]) <= tolerance)) return false;
    return true;
}

bool rad_geometry_coincides(const rad_geometry *part, const rad_geometry *whole) {
    for (int corner = 0; corner < 8; corner++) {
        double at[3], world[3];
        for (int a = 0; a < 3; a++) at[a] = corner >> a & 1 ? (double)part->size[a] - 1 : 0;
        rad_geometry_world(part, at, world);
        if (!rad_geometry_index(whole, world, at)) return false;
        for (int a = 0; a < 3; a++)
            if (!(fabs(at[a] - rint(at[a])) <= 0.05)) return false;
    }
    for (int a = 0; a < 3;
         a++) { /* one step along an axis of the part is one step along an axis of the whole */
        double first[3], next[3], world[3], step = 0;
        rad_geometry_world(part, (double[]){0, 0, 0}, world);
        if (!rad_geometry_index(whole, world, first)) return false;
        rad_geometry_world(part, (double[]){a == 0, a == 1, a == 2}, world);
        if (!rad_geometry_index(whole, world, next)) return false;
        for (int b = 0; b < 3; b++) step += fabs(next[b] - first[b]);
        if (part->size[a] > 1 && !(fabs(step - 1) <= 0.05)) return false;
    }
    return true;
}

static const double SAME = 5e-13; /* rounding of sums and norms */

static double decimal(double spacing) {
    const bool single = fabs(spacing - (float)spacing) <= SAME * spacing;
    for (int digits = 0; digits < 12; digits++) {
        char text[32];
        snprintf(text, sizeof text, "%.*e", digits, spacing);
        const double d = strtod(text, NULL);
        if (single ? (float)d == (float)spacing : fabs(d - spacing) <= SAME * spacing) return d;
    }
    return spacing;
}

void rad_geometry_settle(rad_geometry *g) {
    for (int a = 0; a < 3; a++) g->spacing[a] = decimal(g->spacing[a]);
}

static void describe_direction(const double *d, char *text, size_t length) {
    snprintf(text, length, "direction [%g %g %g; %g %g %g; %g %g %g]", d[0], d[1], d[2], d[3], d[4], d[5],
             d[6], d[7], d[8]);
}

const char *rad_geometry_describe(const rad_geometry *g, char *text, size_t length) {
    snprintf(text, length, "size %zux%zux%zu, spacing %gx%gx%g mm, origin (%g, %g, %g), ", g->size[0],
             g->size[1], g->size[2], g->spacing[0], g->spacing[1], g->spacing[2], g->origin[0], g->origin[1],
             g->origin[2]);
    const size_t used = strlen(text);
    describe_direction(g->direction, text + used, length - used);
    return text;
}

void rad_geometry_world(const rad_geometry *g, const double index[3], double world[3]) {
    for (int r = 0; r < 3; r++) {
        world[r] = g->origin[r];
        for (int a = 0; a < 3; a++) world[r] += g->direction[3 * r + a] * g->spacing[a] * index[a];
    }
}

bool rad_geometry_index(const rad_geometry *g, const double world[3], double index[3]) {
    const double *d = g->direction;
    const double determinant = d[0] * (d[4] * d[8] - d[5] * d[7]) - d[1] * (d[3] * d[8] - d[5] * d[6]) +
                               d[2] * (d[3] * d[7] - d[4] * d[6]);
    if (!(fabs(determinant) > 1e-6)) return false;
    const double p[3] = {world[0] - g->origin[0], world[1] - g->origin[1], world[2] - g->origin[2]};
    for (int a = 0; a < 3; a++) { /* Cramer's rule: column a replaced by the point */
        double m[9];
        for (int i = 0; i < 9; i++) m[i] = i % 3 == a ? p[i / 3] : d[i];
        index[a] = (m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) +
                    m[2] * (m[3] * m[7] - m[4] * m[6])) /
                   (determinant * g->spacing[a]);
    }
    return true;
}

void rad_geometry_extent(const rad_geometry *g, const rad_box *box, double rim, double low[3],
                         double high[3]) {
    for (int a = 0; a < 3; a++) {
        low[a] = INFINITY;
        high[a] = -INFINITY;
    }
    for (int corner = 0; corner < 8; corner++) {
        double at[3], world[3];
        for (int a = 0; a < 3; a++)
            at[a] = corner >> a & 1 ? (double)box->end[a] - 1 + rim : (double)box->begin[a] - rim;
        rad_geometry_world(g, at, world);
        for (int a = 0; a < 3; a++) {
            low[a] = fmin(low[a], world[a]);
            high[a] = fmax(high[a], world[a]);
        }
    }
}
