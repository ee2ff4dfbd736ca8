/* The public header of pipeline/. */
#ifndef RAD_PIPELINE_H
#define RAD_PIPELINE_H

#include "batch.h"
#include "diagnostics.h"
#include "discover.h"
#include "extract.h"
#include "maps.h"
#include "plan.h"
#include "prepare.h"
#include "reference.h"
#include "response.h"
#include "rundir.h"
#include "tables.h"
#include "validate.h"

#endif
