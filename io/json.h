/* Feature tables as JSON: engine, settings in force, columns with their meaning, rows with values or reasons.
 */
#ifndef RAD_JSON_H
#define RAD_JSON_H

#include "../core/facts.h"
#include "../pipeline/settings.h"
#include "../core/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes all rows; one that failed has `error` in place of `values`; facts, which may be NULL, are of the
 * image, warnings, which may be too, of the case. path NULL or "-" is standard output. The file appears whole
 * or not at all. */
rad_status rad_json_write(const char *path, const rad_table *table, const rad_settings *settings,
                          const rad_facts *facts, const rad_warnings *warnings,
                          rad_error *error) RAD_MUST_CHECK;

/* What each column of the table means, as an array of objects. */
rad_status rad_json_write_columns(const char *path, const rad_table *table, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
