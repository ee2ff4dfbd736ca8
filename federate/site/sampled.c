#include "loader.h"

#include "../../core/hash.h"
#include "../../core/number.h"
#include "../exact.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Columns of the sample: those whose names have the smallest hashes, so that tables that share columns share
 * some. */
void rad_sampled_choose(rad_loader *l) {
    uint64_t best[RAD_SAMPLE];
    size_t *count = &l->c->sampled;
    for (size_t i = 0; i < l->table.columns; i++) {
        rad_hash state;
        uint64_t hash;
        const char *name = l->table.names[i];
        if (i == l->patient || strlen(name) >= RAD_NAME) continue;
        rad_hash_begin(&state, sizeof hash, "sampled columns ", 16);
        rad_hash_add(&state, name, strlen(name));
        rad_hash_end(&state, &hash);
        size_t at = *count;
        while (at > 0 && best[at - 1] > hash) at--;
        if (at == RAD_SAMPLE) continue;
        const size_t last = *count < RAD_SAMPLE ? (*count)++ : RAD_SAMPLE - 1;
        memmove(&best[at + 1], &best[at], (last - at) * sizeof *best);
        memmove(&l->sample[at + 1], &l->sample[at], (last - at) * sizeof *l->sample);
        best[at] = hash;
        l->sample[at] = i;
    }
    for (size_t i = 0; i < *count; i++)
        snprintf(l->c->sample_name[i], RAD_NAME, "%s", l->table.names[l->sample[i]]);
}

void rad_sampled_read(rad_loader *l) {
    const size_t count = l->c->sampled;
    for (size_t i = 0; i < count; i++) {
        double value = NAN;
        if (!rad_number_read(l->table.field[l->sample[i]], &value)) value = NAN;
        l->c->sample[l->c->rows * count + i] = rad_exact_rounded(value);
    }
}
