/* The files of a case. */
#ifndef RAD_CASE_FILES_H
#define RAD_CASE_FILES_H

#include "../io/scan/source.h"
#include "settings.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What settings say about sources; the rest is zero. */
rad_source_options rad_case_source_options(const rad_settings *settings, const char *series, int threads);

#ifdef __cplusplus
}
#endif
#endif
