/* Settings files: YAML, a mapping of groups to keys. */
#ifndef RAD_SETTINGS_FILE_H
#define RAD_SETTINGS_FILE_H

#include "settings.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Starts from the defaults and sets what the text says. Errors are RAD_CONFIG, `name:line:column: ...`:
 * unknown or repeated key, wrong value, a tag, an anchor, a second document, bad YAML, more than 1 MiB. */
rad_status rad_settings_file_parse(const char *text, size_t length, const char *name, rad_settings *settings,
                                   rad_error *error) RAD_MUST_CHECK;

/* Sets what the text says and leaves the rest as it is; where it fails half of it is set, and no image is
 * left. */
rad_status rad_settings_file_update(const char *text, size_t length, const char *name, rad_settings *settings,
                                    rad_error *error) RAD_MUST_CHECK;

/* The first for a file; one that cannot be read is RAD_UNREADABLE. */
rad_status rad_settings_file_read(const char *path, rad_settings *settings, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
