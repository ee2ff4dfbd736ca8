#include "site_analyses.h"

/* Models are of sums that leave for the covariance, the groups and the model. */
const rad_site_analysis rad_site_models = {.always = false};
