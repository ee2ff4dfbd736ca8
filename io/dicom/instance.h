/* What one DICOM file says about itself: the elements that series, SUV and masks are built from. */
#ifndef RAD_INSTANCE_H
#define RAD_INSTANCE_H

#include "classes.h"
#include "lut.h"
#include "pet.h"
#include "regions.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One frame: patient coordinates (LPS) and its rescaling. NaN where the file does not say. */
typedef struct rad_frame {
    double position[3];    /* mm, centre of the first voxel */
    double orientation[6]; /* along a row, along a column */
    double spacing[2];     /* mm, between rows, between columns */
    double slope, intercept;
    double mapping[2]; /* Enhanced PET: slope and intercept to its units */
} rad_frame;

enum { RAD_UID = 257 };

typedef struct rad_instance {
    char *path; /* owned */
    rad_object object;
    char series[RAD_UID]; /* longer than UIDs may be: programs that do not count have images, too */
    char sop_class[65], sop_instance[65], frame_of_reference[65], modality[17], photometric[17];
    bool localizer, captured; /* ImageType says so: LOCALIZER; SECONDARY or a screen */
    size_t kin;               /* of a folder: the first image with the same series */
    rad_lut_kind lut;
    bool nan_slope; /* RescaleSlope or RescaleIntercept is NaN, in a frame or more */
    bool pads;      /* has PixelPaddingValue: stored values pad[0]..pad[1] were not measured */
    double pad[2];
    char description[129];    /* fit to print */
    char referenced[RAD_UID]; /* of structure sets and segmentations: the series that they were made on */
    rad_pixel_format format;
    rad_pixel_data data;
    char unit[17];        /* of a dose: GY or RELATIVE */
    bool placed;          /* of a picture: it has a place in the patient nevertheless */
    rad_tag spacing_from; /* of a picture: the element that the spacing is from */
    rad_region *regions;  /* of ultrasound, owned */
    size_t region_count;
    double thickness, between; /* mm: SliceThickness, SpacingBetweenSlices; NaN where absent */
    rad_frame *frames;         /* owned */
    size_t frame_count;
    rad_pet pet;
    rad_error error; /* why the rest is empty, or why its voxels cannot be read */
} rad_instance;

/* Reads one file into *instance, whose path is set; what is wrong with it goes to instance->error. */
void rad_instance_read(rad_instance *instance);

/* Position, orientation, spacings and rescaling of a frame, from its own item and the shared one. */
void rad_instance_read_groups(const rad_dicom_item *shared, const rad_dicom_item *own, rad_frame *frame,
                              double *thickness, double *between);

/* NumberOfFrames, 1 where it is absent, and room for as many. RAD_UNREADABLE: not 1 to 65535. */
rad_status rad_instance_new_frames(const rad_dicom_item *root, rad_instance *instance,
                                   rad_error *error) RAD_MUST_CHECK;

/* Along a row times along a column; not of unit length where those are not. */
void rad_frame_normal(const rad_frame *frame, double normal[3]);

/* Does it hold voxels of a series? */
bool rad_instance_is_image(const rad_instance *instance);

void rad_instance_free(rad_instance *instance);

#ifdef __cplusplus
}
#endif
#endif
