/* Where pictures of a case lie in the directory of a run. */
#ifndef RAD_PICTURE_NAME_H
#define RAD_PICTURE_NAME_H

#ifdef __cplusplus
extern "C" {
#endif

/* "pictures/0123456789abcdef.png" of a ROI of a case; rows may move in their manifest. Returns text. */
enum { RAD_PICTURE_NAME = 32 };
const char *rad_picture_name(const char *name, const char *roi, char text[RAD_PICTURE_NAME]);

/* Of all ROIs of a case, by the roi of its row ("" or NULL: none). */
const char *rad_picture_case_name(const char *name, const char *choice, char text[RAD_PICTURE_NAME]);

#ifdef __cplusplus
}
#endif
#endif
