/* All DICOM files of a folder, at any depth and under any names, or one file. */
#ifndef RAD_FOLDER_H
#define RAD_FOLDER_H

#include "instance.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_folder {
    rad_instance *instances; /* by path, owned */
    size_t count;
    size_t others; /* files that are not DICOM ... */
    size_t packed; /* ... of which so many are archives or packed, by their names */
} rad_folder;

/* Files that are not DICOM are passed over; damaged ones have their error. RAD_UNREADABLE: no such folder, or
 * one below it that cannot be read. */
rad_status rad_folder_scan(const char *path, int threads, rad_folder *folder,
                           rad_error *error) RAD_MUST_CHECK;

/* RAD_UNREADABLE with the first damaged file, if there is one: a series may lack slices without a sign. */
rad_status rad_folder_check(const rad_folder *folder, rad_error *error) RAD_MUST_CHECK;

void rad_folder_free(rad_folder *folder);

#ifdef __cplusplus
}
#endif
#endif
