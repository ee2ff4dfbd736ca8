/* Names of cases and ROIs as the name of a file. */
#ifndef RAD_FILE_NAME_H
#define RAD_FILE_NAME_H

#ifdef __cplusplus
extern "C" {
#endif

/* "case__roi", or "roi" where the case is "". Letters, digits, '.', '-' and '_' stay, all else becomes '_';
 * where two pairs could get one name, or the name is long, sixteen digits of a hash of both follow. Returns
 * text. */
enum { RAD_FILE_NAME = 160 };
const char *rad_file_name(const char *name, const char *roi, char text[RAD_FILE_NAME]);

#ifdef __cplusplus
}
#endif
#endif
