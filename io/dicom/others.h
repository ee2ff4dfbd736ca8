/* What a folder of DICOM holds beside the image that is asked for, in words. */
#ifndef RAD_OTHERS_H
#define RAD_OTHERS_H

#include "folder.h"

#ifdef __cplusplus
extern "C" {
#endif

/* "RT Dose", or "object of SOP class 1.2.3"; returns text. */
const char *rad_instance_words(const rad_instance *instance, char *text, size_t size);

/* The instance that stands for all of its modality and SOP class: the first of them, from index *at on; how
 * many they are. NULL when there are no more. Damaged files are passed over. */
const rad_instance *rad_others_next(const rad_folder *folder, size_t *at, size_t *count);

/* "RT Plan (RTPLAN), 2 x Encapsulated PDF (DOC)"; returns text. */
const char *rad_others_list(const rad_folder *folder, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
