/* The images of an extraction besides the original: response maps of filters, each with its parameters and
 * with the features that are computed of it. */
#ifndef RAD_IMAGES_H
#define RAD_IMAGES_H

#include "../features/feature_settings.h"
#include "../filters/filter.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_image {
    rad_filter_options options; /* first, so that the keys of its filter are keys of the image */
    char name[RAD_TEXT_MAX];    /* first part of the columns: "log1.5mm" */
    rad_feature_settings features;
    unsigned given; /* bits of rad_image_given */
} rad_image;

/* What the settings of an image said, and rad_settings_finish need not fill in. */
enum rad_image_given {
    RAD_GIVEN_NAME = 1,
    RAD_GIVEN_FAMILIES = 2,
    RAD_GIVEN_DISCRETISATION = 4,
    RAD_GIVEN_IVH = 8,
    RAD_GIVEN_BOUNDARY = 16
};

/* An image of that filter with all options as they are when nobody sets them. RAD_CONFIG: no such filter. */
rad_status rad_image_begin(rad_image *image, const char *filter, rad_error *error) RAD_MUST_CHECK;

/* The key of that name that the filter of the image takes, or RAD_CONFIG with those that it takes. */
rad_status rad_image_find(const rad_image *image, const char *name, const rad_key **key,
                          rad_error *error) RAD_MUST_CHECK;

/* Sets one key of the image. */
rad_status rad_image_set(rad_image *image, const rad_key *key, const char *const *words, size_t count,
                         rad_error *error) RAD_MUST_CHECK;

/* Sets the key of that name from one text, which commas separate where it takes a list. */
rad_status rad_image_set_text(rad_image *image, const char *name, const char *text,
                              rad_error *error) RAD_MUST_CHECK;

/* The keys that the image takes, one after the other from *at = 0; NULL after the last. */
const rad_key *rad_image_next(const rad_image *image, size_t *at);

/* The name that follows from filter and options: options that characterise the filter, others where they
 * differ from their default. The same options have the same name, whatever else is asked for. */
void rad_image_make_name(const rad_image *image, char name[RAD_TEXT_MAX]);

#ifdef __cplusplus
}
#endif
#endif
