#include "persons.h"

#include "../../core/memory.h"

#include <stdlib.h>

rad_status rad_persons_allocate(rad_persons *p, rad_error *error) {
    p->id = rad_new(p->patients, sizeof *p->id, error);
    p->column = rad_new(p->sampled, sizeof *p->column, error);
    p->sample = rad_new(p->patients * p->sampled, sizeof *p->sample, error);
    p->person = rad_new(p->patients, sizeof *p->person, error);
    return p->id && p->column && p->sample && p->person ? RAD_OK : RAD_NO_MEMORY;
}

void rad_persons_free(rad_persons *p) {
    rad_free(p->id);
    rad_free(p->column);
    rad_free(p->sample);
    rad_free(p->person);
    *p = (rad_persons){.patients = 0};
}

typedef struct ranked {
    uint64_t key;
    uint32_t patient;
} ranked;

static int by_key(const void *a, const void *b) {
    const ranked *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

static uint32_t look_up(const ranked *sorted, size_t count, uint64_t key) {
    size_t low = 0, high = count;
    while (low < high) {
        const size_t at = (low + high) / 2;
        if (sorted[at].key < key)
            low = at + 1;
        else
            high = at;
    }
    const bool unique =
        low < count && sorted[low].key == key && (low + 1 == count || sorted[low + 1].key != key);
    return unique ? sorted[low].patient : RAD_NOBODY;
}

/* Votes of the sampled columns for each patient of e. */
static void match_samples(const rad_persons *e, const rad_persons *of, ranked *sorted, uint32_t *votes,
                          uint32_t *found) {
    size_t columns = 0;
    for (size_t k = 0; k < e->sampled; k++) {
        size_t other = 0;
        while (other < of->sampled && of->column[other] != e->column[k]) other++;
        if (other == of->sampled) continue;
        for (size_t r = 0; r < of->patients; r++)
            sorted[r] = (ranked){of->sample[other * of->patients + r], (uint32_t)r};
        qsort(sorted, of->patients, sizeof *sorted, by_key);
        for (size_t r = 0; r < e->patients; r++) {
            const uint32_t value = e->sample[k * e->patients + r];
            votes[r * RAD_SAMPLE + columns] = value ? look_up(sorted, of->patients, value) : RAD_NOBODY;
        }
        columns++;
    }
    for (size_t r = 0; r < e->patients; r++) {
        const uint32_t *vote = votes + r * RAD_SAMPLE;
        size_t best = 0, cast = 0;
        uint32_t who = RAD_NOBODY;
        for (size_t a = 0; a < columns; a++) {
            size_t agree = 0;
            cast += vote[a] != RAD_NOBODY;
            for (size_t b = 0; b < columns; b++) agree += vote[b] == vote[a];
            if (vote[a] != RAD_NOBODY && agree > best) {
                best = agree;
                who = vote[a];
            }
        }
        if (found[r] == RAD_NOBODY && best >= 2 && 2 * best > cast) found[r] = who;
    }
}

rad_status rad_persons_match(const rad_persons *e, const rad_persons *of, uint32_t *found, rad_error *error) {
    ranked *sorted = rad_new(of->patients, sizeof *sorted, error);
    uint32_t *votes = rad_new(e->patients * RAD_SAMPLE, sizeof *votes, error);
    rad_status status = sorted && votes ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        for (size_t r = 0; r < of->patients; r++) sorted[r] = (ranked){of->id[r], (uint32_t)r};
        qsort(sorted, of->patients, sizeof *sorted, by_key);
        for (size_t r = 0; r < e->patients; r++) found[r] = look_up(sorted, of->patients, e->id[r]);
        match_samples(e, of, sorted, votes, found);
    }
    rad_free(sorted);
    rad_free(votes);
    return status;
}
