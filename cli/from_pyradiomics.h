/* A parameter file of PyRadiomics as a settings file of the IBSI's standard. */
#ifndef RAD_FROM_PYRADIOMICS_H
#define RAD_FROM_PYRADIOMICS_H

#include "../pipeline/settings.h"

/* Writes the settings that come nearest on standard output, with a comment wherever they are not the same.
 * RAD_CONFIG: it is no parameter file of PyRadiomics. */
rad_status rad_from_pyradiomics(const char *path, rad_error *error) RAD_MUST_CHECK;

#endif
