#include "affine.h"

#include <math.h>

const char *rad_affine_geometry(const rad_affine *affine, double scale, rad_geometry *geometry) {
    double *d = geometry->direction;
    for (int a = 0; a < 3; a++) {
        double norm = 0;
        for (int r = 0; r < 3; r++) norm += affine->m[r][a] * affine->m[r][a];
        norm = sqrt(norm);
        geometry->spacing[a] = norm * scale;
        geometry->origin[a] = affine->m[a][3] * scale;
        if (!isfinite(norm) || !isfinite(geometry->spacing[a]) || !isfinite(geometry->origin[a]))
            return "is not finite";
        if (!(norm > 0) || !(geometry->spacing[a] > 0)) return "has a spacing of 0";
        for (int r = 0; r < 3; r++) d[3 * r + a] = affine->m[r][a] / norm;
    }
    for (int a = 0; a < 3; a++) {
        const int b = (a + 1) % 3;
        if (fabs(d[a] * d[b] + d[3 + a] * d[3 + b] + d[6 + a] * d[6 + b]) > 1e-3)
            return "has axes that are not at right angles";
    }
    return NULL;
}

bool rad_affine_named(rad_geometry *geometry, size_t axis, double spacing) {
    if (!(fabs(geometry->spacing[axis] - spacing) <= 1e-6 * spacing)) return false;
    geometry->spacing[axis] = spacing;
    return true;
}

void rad_affine_complete(rad_affine *affine) {
    double(*m)[4] = affine->m, norm = 0, cross[3];
    for (int r = 0; r < 3; r++) norm += m[r][2] * m[r][2];
    if (norm > 0) return;
    for (int r = 0; r < 3; r++) {
        const int s = (r + 1) % 3, t = (r + 2) % 3;
        cross[r] = m[s][0] * m[t][1] - m[t][0] * m[s][1];
        norm += cross[r] * cross[r];
    }
    for (int r = 0; r < 3; r++) m[r][2] = norm > 0 ? cross[r] / sqrt(norm) : r == 2;
}

void rad_affine_turn_lps(rad_affine *affine) {
    for (int r = 0; r < 2; r++)
        for (int a = 0; a < 4; a++) affine->m[r][a] = 0 - affine->m[r][a];
}
