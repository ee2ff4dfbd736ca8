/* Presets for a modality, and which of them fits an image. */
#ifndef RAD_PRESETS_H
#define RAD_PRESETS_H

#include "../core/facts.h"
#include "../pipeline/settings.h"

/* The preset for images of that modality ("CT", "PET" or "PT", in any case), or NULL. */
const char *rad_preset_of(const char *modality);

/* The preset for the modality that the headers of an image say, or, where they say nothing, what is said of
 * it elsewhere ("": nothing). RAD_CONFIG: there is none, or one without a preset. */
rad_status rad_presets_of(const char *image, const char *series, const char *said, const char **preset,
                          rad_error *error) RAD_MUST_CHECK;

/* Reads a preset, a file, or what `auto` means for the image. RAD_CONFIG: nothing says its modality. */
rad_status rad_presets_read(const char *name, const char *image, const char *series, rad_settings *settings,
                            rad_error *error) RAD_MUST_CHECK;

/* One line of what is assumed where nobody gave settings, on standard error. */
void rad_presets_tell(const rad_facts *facts);

/* Names of all presets, those of modalities first; NULL after the last. */
const char *rad_presets_next(size_t *at, char name[64]);

#endif
