/* The public header of io/. */
#ifndef RAD_IO_H
#define RAD_IO_H

#include "bytes.h"
#include "csv.h"
#include "scan/fingerprint.h"
#include "json.h"
#include "../pipeline/batch/manifest.h"
#include "scan/nifti.h"
#include "dicom/rtstruct.h"
#include "dicom/segmentation.h"
#include "dicom/series.h"
#include "scan/source.h"
#include "dicom/suv.h"

#endif
