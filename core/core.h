/* The public header of core/. */
#ifndef RAD_CORE_H
#define RAD_CORE_H

#include "bitset.h"
#include "builtin.h"
#include "choice.h"
#include "clock.h"
#include "discretise.h"
#include "facts.h"
#include "fft.h"
#include "geometry.h"
#include "hash.h"
#include "interpolate.h"
#include "keys.h"
#include "mask.h"
#include "memory.h"
#include "number.h"
#include "order.h"
#include "parallel.h"
#include "polygon.h"
#include "resegment.h"
#include "roi.h"
#include "sort.h"
#include "status.h"
#include "sum.h"
#include "table.h"
#include "value.h"
#include "volume.h"

#endif
