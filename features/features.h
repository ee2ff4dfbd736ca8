/* The public header of features/. */
#ifndef RAD_FEATURES_H
#define RAD_FEATURES_H

#include "aggregate.h"
#include "autocorrelation.h"
#include "enclosing.h"
#include "families.h"
#include "feature.h"
#include "hull.h"
#include "matrix.h"
#include "mesh.h"
#include "peaks.h"
#include "sample.h"
#include "texture.h"

#endif
