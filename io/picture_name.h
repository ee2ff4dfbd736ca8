/* Where the picture of a case lies in the directory of a run. */
#ifndef RAD_PICTURE_NAME_H
#define RAD_PICTURE_NAME_H

#ifdef __cplusplus
extern "C" {
#endif

/* "pictures/0123456789abcdef.png", by the case and the roi of its row ("" or NULL: none), which no other row
 * has: rows may move in their manifest. Returns text. */
enum { RAD_PICTURE_NAME = 32 };
const char *rad_picture_name(const char *name, const char *roi, char text[RAD_PICTURE_NAME]);

#ifdef __cplusplus
}
#endif
#endif
