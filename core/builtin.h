/* Files that are built into the library: reference tables, presets, style and script of the report. */
#ifndef RAD_BUILTIN_H
#define RAD_BUILTIN_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_embedded_file {
    const char *name; /* "ibsi1_values.csv", "ibsi-a.yaml", "report.css" */
    const char *text;
    size_t length;
} rad_embedded_file;

extern const rad_embedded_file rad_embedded[];
extern const size_t rad_embedded_count;

/* The file of that name, or NULL. */
const rad_embedded_file *rad_embedded_find(const char *name);

#ifdef __cplusplus
}
#endif
#endif
