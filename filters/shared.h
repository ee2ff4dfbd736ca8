/* What filters of one field leave for each other: the last spectrum, and results of passes. */
#ifndef RAD_SHARED_H
#define RAD_SHARED_H

#include "spectrum.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_SHARED_VOLUMES = 3, RAD_SHARED_KEY = 256 };

/* One result of passes; the key says of which. */
typedef struct rad_shared_volume {
    char key[RAD_SHARED_KEY];
    void *data; /* owned */
} rad_shared_volume;

typedef struct rad_shared {
    char key[RAD_TEXT_MAX]; /* of the spectrum */
    rad_spectrum spectrum;
    rad_shared_volume volume[RAD_SHARED_VOLUMES];
} rad_shared;

/* The spectrum with that key, or NULL. */
rad_spectrum *rad_shared_find(const rad_field *field, const char *key);

/* Moves the spectrum to those that are shared, in place of the last one, and returns where it is: as it was
 * where the field shares nothing. */
rad_spectrum *rad_shared_keep(const rad_field *field, const char *key, rad_spectrum *spectrum);

/* The volume with that key in a slot, or NULL. */
void *rad_shared_find_volume(const rad_shared *shared, size_t slot, const char *key);

/* Gives a volume to a slot, which is empty; a spectrum is forgotten. */
void rad_shared_keep_volume(rad_shared *shared, size_t slot, const char *key, void *data);

/* Forgets volumes from a slot on, those that follow from what it had, too; but no spectrum. */
void rad_shared_clear_volumes(rad_shared *shared, size_t slot);

/* Forgets what is shared; NULL is allowed. */
void rad_shared_clear(rad_shared *shared);

#ifdef __cplusplus
}
#endif
#endif
