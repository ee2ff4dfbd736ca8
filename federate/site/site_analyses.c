#include "site_analyses.h"

#define ROW(name, file) [RAD_##name] = &rad_site_##file,
const rad_site_analysis *const rad_site_analyses[] = {RAD_ANALYSIS_LIST(ROW)};
_Static_assert(sizeof rad_site_analyses / sizeof rad_site_analyses[0] == RAD_ANALYSES, "a row each");

bool rad_site_analyses_asked(const rad_study *study, size_t analysis) {
    return rad_site_analyses[analysis]->always || rad_study_asks(study, (rad_analysis)analysis);
}
