/* Items of checklists of which a page knows something, and words for models that pages share. */
#ifndef RAD_ITEMS_H
#define RAD_ITEMS_H

#include "../federate/model.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_answer {
    char text[512];
    rad_status status; /* RAD_NO_MEMORY: what is known could not be found out */
} rad_answer;

void rad_answer_put(rad_answer *answer, const char *format, ...) RAD_PRINTF(2, 3);

/* METRICS: Kocak et al. 2024, 10.1186/s13244-023-01572-w; CLEAR: Kocak et al. 2023,
 * 10.1186/s13244-023-01415-8. */
typedef enum rad_checklist { RAD_METRICS, RAD_CLEAR } rad_checklist;

/* An item by its number; `say` adds what is known, or nothing. */
typedef struct rad_item {
    int number;
    void (*say)(const void *of, rad_answer *answer);
} rad_item;

/* A table of the items; those without an answer say "nothing". */
rad_status rad_items_put(FILE *out, const void *of, rad_checklist list, const rad_item *items, size_t count,
                         rad_error *error) RAD_MUST_CHECK;

/* Adds to a paragraph, escaped. */
void rad_items_say(FILE *out, const char *format, ...) RAD_PRINTF(2, 3);

/* "logistic regression", ... */
const char *rad_items_family(rad_model_family family);

/* "ridge penalty", "lasso", "elastic net", or "". */
const char *rad_items_penalty(const rad_model *model);

#ifdef __cplusplus
}
#endif
#endif
