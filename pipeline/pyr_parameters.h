/* Parameter files of PyRadiomics: a row for each of its keys, and what each becomes here. */
#ifndef RAD_PYR_PARAMETERS_H
#define RAD_PYR_PARAMETERS_H

#include "../io/document.h"
#include "settings.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Is the document a parameter file of PyRadiomics: are there keys that only those have, or `standard:
 * pyradiomics`? */
bool rad_pyr_parameters_sniff(const rad_node *root);

/* Is it a setting of PyRadiomics? */
bool rad_pyr_parameters_has(const char *key);

/* A setting from outside of the file, which takes the place of what the file says: "binWidth", "25"; lists
 * have commas. */
typedef struct rad_pyr_override {
    const char *name, *value;
} rad_pyr_override;

typedef struct rad_pyr_overrides {
    const rad_pyr_override *row;
    size_t count;
} rad_pyr_overrides;

/* Settings of a parameter file (NULL: everything by default), with overrides. RAD_UNREADABLE: no file. */
rad_status rad_pyr_parameters_file(const char *path, rad_pyr_overrides overrides, rad_settings *settings,
                                   rad_error *error) RAD_MUST_CHECK;

/* Sets everything from the document, which is kept as settings->pyr.parameters. RAD_CONFIG names key and
 * place: what PyRadiomics has not, and what it has and is not made here, with the reason. */
rad_status rad_pyr_parameters_read(const rad_node *root, const char *name, rad_settings *settings,
                                   rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
