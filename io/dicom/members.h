/* Which instances of a folder make up the series that is asked for, and which of its files are left out. */
#ifndef RAD_MEMBERS_H
#define RAD_MEMBERS_H

#include "folder.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The next image series of a folder from instance *at on: fills `members` (room for folder->count) in the
 * order of the folder and moves *at on. 0 when there are no more. For lists of what a folder holds. */
size_t rad_series_next(const rad_folder *folder, size_t *at, const rad_instance **members);

/* Leaves out of one series what is beside it, unless that is all there is: localizers, pictures without a
 * place, a few slices that stand on all others, copies of a SOP instance with the same voxels. One warning
 * for each kind. RAD_UNREADABLE: an instance that is left is damaged. */
rad_status rad_members_clean(const rad_instance **members, size_t *count, rad_warnings *warnings,
                             rad_error *error) RAD_MUST_CHECK;

/* The instances of the series `uid` or, where that is NULL, of the only one that can be used, cleaned.
 * `members` has room for folder->count. RAD_UNREADABLE: no image, several series (they are listed) or none of
 * that UID; a damaged file that may be of the series. Damaged files of other series are left out with a
 * warning. */
rad_status rad_members_choose(const char *path, const rad_folder *folder, const char *uid,
                              const rad_instance **members, size_t *count, rad_warnings *warnings,
                              rad_error *error) RAD_MUST_CHECK;

/* The same place, format and PixelData: byte for byte, or as it is decoded where their transfer syntaxes
 * differ. */
bool rad_members_same(const rad_instance *a, const rad_instance *b);

#ifdef __cplusplus
}
#endif
#endif
