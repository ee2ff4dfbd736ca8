#include "mask_steps.h"

#include <stdio.h>
#include <string.h>

#define AT(member) offsetof(rad_mask_step, member)

enum { MM = 1, INNER = 2, FLAT = 4, OTHER = 8 };

/* The words, and the keys that a step takes beside roi and name. */
static const struct {
    const char *word;
    unsigned takes;
} ops[] = {[RAD_MASK_GROW] = {"grow", MM | FLAT},
           [RAD_MASK_SHRINK] = {"shrink", MM | FLAT},
           [RAD_MASK_RING] = {"ring", MM | INNER | FLAT},
           [RAD_MASK_LARGEST] = {"largest", 0},
           [RAD_MASK_FILL] = {"fill", FLAT},
           [RAD_MASK_UNION] = {"union", OTHER},
           [RAD_MASK_INTERSECTION] = {"intersection", OTHER},
           [RAD_MASK_MINUS] = {"minus", OTHER},
           [RAD_MASK_DIFFERENCE] = {"difference", OTHER}};
_Static_assert(sizeof ops / sizeof ops[0] == RAD_MASK_OPS, "every step has a row");

static const struct {
    rad_key key;
    unsigned of; /* 0: every step */
} rows[] = {
    {{"mm", RAD_KEY_NUMBER, AT(mm), 1e-6, 1000, NULL, NULL, "0.000001..1000, mm",
      "distance between centres of voxels, up to which it goes", NULL},
     MM},
    {{"inner", RAD_KEY_NUMBER, AT(inner), 0, 1000, NULL, "0", "0..1000, mm",
      "distance beyond which a ring begins", NULL},
     INNER},
    {{"dimension", RAD_KEY_INTEGER, AT(dimension), 2, 3, NULL, "3", "2 or 3", "2: slice by slice", NULL},
     FLAT},
    {{"roi", RAD_KEY_NAME, AT(roi), 0, 0, NULL, NULL, NULL, "ROIs, as --roi takes them; none: each", NULL},
     0},
    {{"other", RAD_KEY_NAME, AT(other), 0, 0, NULL, NULL, NULL, "the second ROI; of several their union",
      NULL},
     OTHER},
    {{"name", RAD_KEY_NAME, AT(name), 0, 0, NULL, NULL, NULL,
      "of a new ROI, * for the name of the first; none: it takes the place of the first", NULL},
     0},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

rad_status rad_mask_step_begin(rad_mask_step *step, const char *word, rad_error *error) {
    char words[160] = "";
    memset(step, 0, sizeof *step);
    for (int i = 0; i < RAD_MASK_OPS; i++) {
        const size_t used = strlen(words);
        snprintf(words + used, sizeof words - used, "%s%s", i ? ", " : "", ops[i].word);
        if (strcmp(word, ops[i].word) != 0) continue;
        for (size_t k = 0; k < ROWS; k++) rad_keys_default(&rows[k].key, 1, step);
        step->op = i;
        return RAD_OK;
    }
    return rad_fail(error, RAD_CONFIG, "`%.60s` is not done to masks; the steps are %s", word, words);
}

const char *rad_mask_step_word(const rad_mask_step *step) {
    return ops[step->op].word;
}

const rad_key *rad_mask_step_next(const rad_mask_step *step, size_t *at) {
    while (*at < ROWS && rows[*at].of && !(rows[*at].of & ops[step->op].takes)) ++*at;
    return *at < ROWS ? &rows[(*at)++].key : NULL;
}

rad_status rad_mask_step_find(const rad_mask_step *step, const char *name, const rad_key **key,
                              rad_error *error) {
    char words[120] = "";
    size_t at = 0;
    while ((*key = rad_mask_step_next(step, &at)) && strcmp((*key)->name, name) != 0) {
        const size_t used = strlen(words);
        snprintf(words + used, sizeof words - used, "%s%s", used ? " " : "", (*key)->name);
    }
    if (*key) return RAD_OK;
    return rad_fail(error, RAD_CONFIG, "%s has no key `%.60s`; its keys are %s", ops[step->op].word, name,
                    words);
}

rad_status rad_mask_step_check(const rad_mask_step *step, rad_error *error) {
    const unsigned takes = ops[step->op].takes;
    const char *word = ops[step->op].word;
    if (takes & MM && !(step->mm > 0)) return rad_fail(error, RAD_CONFIG, "%s needs `mm`, a distance", word);
    if (takes & INNER && !(step->inner < step->mm))
        return rad_fail(error, RAD_CONFIG, "%s: inner %g must be below mm %g", word, step->inner, step->mm);
    if (takes & OTHER && (!*step->roi || !*step->other))
        return rad_fail(error, RAD_CONFIG, "%s needs `roi` and `other`, the two ROIs", word);
    return RAD_OK;
}
