/* Days and times as DICOM writes them (DA, TM, DT). */
#ifndef RAD_DATETIME_H
#define RAD_DATETIME_H

#include "dicom.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Seconds of one calendar; NaN where the file does not say. */
typedef struct rad_datetime {
    double day;    /* when the day began */
    double second; /* since then */
} rad_datetime;

/* A date and a time of two elements, each by itself. */
rad_datetime rad_datetime_read(const rad_dicom_item *item, uint32_t date, uint32_t time);

/* The same in the time of the object, where both say how far they are from UTC. */
rad_datetime rad_datetime_read_local(const rad_dicom_item *root, const rad_dicom_item *item, uint32_t tag);

/* Both of one element (DT); its offset from UTC is left out, as times without one are local too. */
rad_datetime rad_datetime_read_whole(const rad_dicom_item *item, uint32_t tag);

#ifdef __cplusplus
}
#endif
#endif
