/* The public header of pipeline/. */
#ifndef RAD_PIPELINE_H
#define RAD_PIPELINE_H

#include "batch/batch.h"
#include "diagnostics.h"
#include "batch/discover.h"
#include "extract.h"
#include "validate/maps.h"
#include "plan.h"
#include "prepare.h"
#include "validate/reference.h"
#include "response.h"
#include "batch/rundir.h"
#include "batch/tables.h"
#include "validate/validate.h"

#endif
