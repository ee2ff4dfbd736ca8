/* Pictures: each frame by itself, in the scale of the region that a ROI lies in. */
#ifndef RAD_VIEWS_H
#define RAD_VIEWS_H

#include "../io/scan/source.h"
#include "extract.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As rad_extract_run, of a picture that is open and a mask on its grid: a row for each ROI of each frame,
 * whose name then ends in " frame N". Where the picture has regions, a ROI has the scale of the one that it
 * lies in, and a fault where there is none. Reads one frame at a time. */
rad_status rad_views_extract(const rad_source *picture, const rad_source_options *how, const rad_mask *mask,
                             const rad_settings *settings, const rad_extract_options *options,
                             rad_table *table, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
