#include "nearest.h"

#include <stdint.h>
#include <string.h>

size_t rad_word_distance(const char *a, const char *b) {
    enum { LONGEST = 64 };
    size_t n = strlen(b), line[LONGEST + 1];
    if (n > LONGEST || strlen(a) > LONGEST) return SIZE_MAX;
    for (size_t j = 0; j <= n; j++) line[j] = j;
    for (size_t i = 1; *a; a++, i++) {
        size_t diagonal = line[0];
        line[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = diagonal + (*a != b[j - 1]);
            if (line[j] + 1 < best) best = line[j] + 1;
            if (line[j - 1] + 1 < best) best = line[j - 1] + 1;
            diagonal = line[j];
            line[j] = best;
        }
    }
    return line[n];
}

void rad_nearest_try(rad_nearest *nearest, const char *given, const char *known) {
    const size_t distance = rad_word_distance(given, known);
    if (distance < nearest->distance) *nearest = (rad_nearest){known, distance};
}

bool rad_word_is_near(const char *word, size_t distance) {
    const size_t third = strlen(word) / 3;
    return distance <= (third > 1 ? third : 1);
}
