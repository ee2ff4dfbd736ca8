#include "scores.h"

#include <math.h>

void rad_score_find(const double *x, size_t count, rad_score *s) {
    double gap = INFINITY;
    *s = (rad_score){0};
    size_t values = 0;
    for (size_t i = 0; i < count; i++) {
        if (i && x[i] == x[i - 1]) continue;
        if (values == RAD_SCORE_VALUES) return;
        if (i) gap = fmin(gap, x[i] - x[i - 1]);
        s->value[values++] = x[i];
    }
    const bool even = values > 1 && x[count - 1] - x[0] <= 2 * (double)values * gap;
    if (values > 1 && (2 * values <= count || even)) s->count = (uint8_t)values;
}

int8_t rad_score_place(const rad_score *s, double x) {
    for (uint8_t i = 0; i < s->count; i++)
        if (s->value[i] == x) return (int8_t)i;
    return -1;
}

bool rad_score_fits(const rad_score *s, const double *x, size_t count, size_t least) {
    size_t counts[RAD_SCORE_VALUES] = {0};
    for (size_t i = 0; i < count; i++) {
        const int8_t place = rad_score_place(s, x[i]);
        if (place >= 0) counts[place]++;
    }
    for (uint8_t i = 0; i < s->count; i++)
        if (counts[i] < least) return false;
    return true;
}

bool rad_score_table_fits(const int8_t *a, const int8_t *b, size_t count, size_t least) {
    size_t cell[RAD_SCORE_PLACES][RAD_SCORE_PLACES] = {{0}}, row[RAD_SCORE_PLACES] = {0},
           column[RAD_SCORE_PLACES] = {0};
    for (size_t i = 0; i < count; i++) {
        if (a[i] < 0 || b[i] < 0) continue;
        cell[a[i]][b[i]]++;
        row[a[i]]++;
        column[b[i]]++;
    }
    for (size_t i = 0; i < RAD_SCORE_PLACES; i++)
        for (size_t j = 0; j < RAD_SCORE_PLACES; j++)
            if (row[i] && column[j] && cell[i][j] < least) return false;
    return true;
}
