/* The public header of io/. */
#ifndef RAD_IO_H
#define RAD_IO_H

#include "bytes.h"
#include "csv.h"
#include "json.h"
#include "nifti.h"
#include "yaml.h"

#endif
