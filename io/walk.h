/* What a folder holds, and all files below one. (fts, which does the latter, crashes or ends early when
 * memory is short.) */
#ifndef RAD_WALK_H
#define RAD_WALK_H

#include "../core/status.h"

#include <sys/stat.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef rad_status rad_take_name(const char *name, void *context, rad_error *error);

/* Calls take for every name in the folder but . and .., in no order. RAD_UNREADABLE: it cannot be listed, or
 * not to its end; `so` says what that means and what to do, or is NULL. */
rad_status rad_walk_names(const char *folder, const char *so, rad_take_name *take, void *context,
                          rad_error *error) RAD_MUST_CHECK;

typedef rad_status rad_visit(const char *path, const struct stat *about, void *context, rad_error *error);

/* Calls visit for every regular file below the folder, or for the path itself where it is one; in no order.
 * Links are followed, but for those that lead nowhere or back to a folder above. RAD_UNREADABLE names the
 * folder that cannot be read. */
rad_status rad_walk(const char *path, rad_visit *visit, void *context, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
