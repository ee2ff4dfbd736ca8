#include "kept.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct kept {
    struct kept *next;
    char text[];
} kept;

/* Not of rad_new: it is never freed, and nobody counts it. */
static kept *add(kept *next, const char *text) {
    const size_t length = strlen(text) + 1;
    kept *k = malloc(sizeof *k + length);
    if (!k) return NULL;
    k->next = next;
    memcpy(k->text, text, length);
    return k;
}

const char *rad_kept(const char *text, rad_error *error) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static kept *first;
    pthread_mutex_lock(&lock);
    kept *k = first;
    while (k && strcmp(k->text, text) != 0) k = k->next;
    if (!k && (k = add(first, text))) first = k;
    pthread_mutex_unlock(&lock);
    if (!k) rad_fail(error, RAD_NO_MEMORY, "out of memory");
    return k ? k->text : NULL;
}
