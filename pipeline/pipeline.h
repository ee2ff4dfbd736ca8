/* The public header of pipeline/. */
#ifndef RAD_PIPELINE_H
#define RAD_PIPELINE_H

#include "diagnostics.h"
#include "extract.h"
#include "maps.h"
#include "plan.h"
#include "prepare.h"
#include "reference.h"
#include "response.h"
#include "validate.h"

#endif
