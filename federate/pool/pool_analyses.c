#include "pool_analyses.h"

#define ROW(name, file) [RAD_##name] = &rad_pool_##file,
const rad_pool_analysis *const rad_pool_analyses[] = {RAD_ANALYSIS_LIST(ROW)};
_Static_assert(sizeof rad_pool_analyses / sizeof rad_pool_analyses[0] == RAD_ANALYSES, "a row each");
