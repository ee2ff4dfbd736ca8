/* The public header of io/. */
#ifndef RAD_IO_H
#define RAD_IO_H

#include "bytes.h"
#include "csv.h"
#include "fingerprint.h"
#include "json.h"
#include "manifest.h"
#include "nifti.h"
#include "rtstruct.h"
#include "segmentation.h"
#include "series.h"
#include "source.h"
#include "suv.h"
#include "yaml.h"

#endif
