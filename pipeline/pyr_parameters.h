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

/* Sets everything from the document, which is kept as settings->pyr.parameters. RAD_CONFIG names key and
 * place: what PyRadiomics has not, and what it has and is not made here, with the reason. */
rad_status rad_pyr_parameters_read(const rad_node *root, const char *name, rad_settings *settings,
                                   rad_error *error) RAD_MUST_CHECK;

/* The same of no document: everything as PyRadiomics has it by default. */
rad_status rad_pyr_parameters_default(rad_settings *settings, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
