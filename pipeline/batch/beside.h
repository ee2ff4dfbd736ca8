/* What a run keeps of a case beside its values: pictures, and ROIs as features use them. */
#ifndef RAD_BESIDE_H
#define RAD_BESIDE_H

#include "worker.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of one case that is computed. */
typedef struct rad_beside {
    const rad_work *work;
    const rad_manifest_row *row;
    rad_onlooker onlooker;
    rad_warnings *warnings;
    bool told; /* why there is no picture: once for a case */
} rad_beside;

/* The onlooker of the case; it borrows all of these. */
void rad_beside_begin(rad_beside *beside, const rad_work *work, const rad_manifest_row *row,
                      rad_warnings *warnings);

/* Where ROIs failed, a picture of all of them. Of what is not wanted, files of the case from before go. */
void rad_beside_end(rad_beside *beside, const rad_settings *settings, const rad_extract_options *options,
                    const rad_table *table, rad_status status);

/* Makes the folders in the run that are wanted. */
rad_status rad_beside_folders(const rad_work *work, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
