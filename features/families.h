/* The passes that exist: a new family adds one line here and one in registry.c. */
#ifndef RAD_FAMILIES_H
#define RAD_FAMILIES_H

#include "feature.h"

extern const rad_pass rad_pass_morphology;
extern const rad_pass rad_pass_local_intensity;
extern const rad_pass rad_pass_statistics;
extern const rad_pass rad_pass_histogram;
extern const rad_pass rad_pass_ivh;
extern const rad_pass rad_pass_glcm;
extern const rad_pass rad_pass_glrlm;
extern const rad_pass rad_pass_zones;
extern const rad_pass rad_pass_neighbours;

#endif
