/* What the SOP class of a file says that it is. */
#ifndef RAD_CLASSES_H
#define RAD_CLASSES_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_object {
    RAD_OBJECT_OTHER, /* reports, plans: not for us */
    RAD_OBJECT_IMAGE, /* one slice, or frames with their own geometry */
    RAD_OBJECT_STACK, /* NM: frames along one line */
    RAD_OBJECT_DOSE,  /* RT dose: planes at offsets from the first */
    RAD_OBJECT_FLAT,  /* ultrasound, projections, captures: pictures without a place in the patient */
    RAD_OBJECT_STRUCTURES,
    RAD_OBJECT_SEGMENTATION
} rad_object;

/* RAD_OBJECT_OTHER also for a class that is not known. */
rad_object rad_class_object(const char *uid);

/* "RT Dose"; NULL where the class is not known. */
const char *rad_class_words(const char *uid);

#ifdef __cplusplus
}
#endif
#endif
