/* Every setting of an extraction: one struct, one table of bounds (settings.c). A key exists in one row
 * there; parsing, validation, help, the echo into outputs and the canonical form all come from that row. */
#ifndef RAD_SETTINGS_H
#define RAD_SETTINGS_H

#include "discretise.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_interpolation { RAD_NEAREST, RAD_LINEAR, RAD_CUBIC } rad_interpolation;

/* Bits of rad_settings.dimensions. */
typedef enum rad_dimension { RAD_2D = 1, RAD_2_5D = 2, RAD_3D = 4 } rad_dimension;

/* Bits of rad_settings.families. */
typedef enum rad_family_bit {
    RAD_FAMILY_MORPH,
    RAD_FAMILY_LOC,
    RAD_FAMILY_STAT,
    RAD_FAMILY_IH,
    RAD_FAMILY_IVH,
    RAD_FAMILY_CM,
    RAD_FAMILY_RLM,
    RAD_FAMILY_SZM,
    RAD_FAMILY_DZM,
    RAD_FAMILY_NGT,
    RAD_FAMILY_NGL,
    RAD_FAMILY_COUNT
} rad_family_bit;

/* Their words in settings, which are the keys of the families. */
extern const char *const rad_family_words[RAD_FAMILY_COUNT];

enum { RAD_DISCRETISATIONS_MAX = 16 };

typedef struct rad_settings {
    double spacing[3]; /* interpolation.spacing, mm; 0 keeps that axis */
    rad_interpolation image_method;
    rad_interpolation mask_method; /* nearest or linear */
    double mask_threshold;         /* partial volume, (0, 1] */
    bool round;                    /* intensities to whole numbers after interpolation */
    double range[2];               /* re-segmentation; -inf, +inf: none */
    double outliers;               /* standard deviations kept; 0: keep all */
    size_t discretisation_count;
    rad_discretisation discretisations[RAD_DISCRETISATIONS_MAX]; /* of histogram and texture */
    rad_discretisation ivh;
    unsigned dimensions; /* of texture: rad_dimension bits */
    int glcm_distance;   /* Chebyshev, voxels */
    int ngtdm_distance;
    int ngldm_distance;
    double ngldm_coarseness;
    unsigned families; /* 1 << rad_family_bit */
    bool diagnostics;
} rad_settings;

/* Everything as it is when no settings file says otherwise. */
void rad_settings_default(rad_settings *settings);

/* Sets one key ("interpolation.spacing") from its words. RAD_CONFIG says what is allowed, or names the
 * nearest key when there is no such key. */
rad_status rad_settings_set(rad_settings *settings, const char *key, const char *const *words, size_t count,
                            rad_error *error) RAD_MUST_CHECK;

/* Is the key the name of a group of keys ("interpolation")? */
bool rad_settings_is_group(const char *key);

/* The number of keys, and of one key: its name, what it takes, what it means. */
size_t rad_settings_keys(void);
void rad_settings_describe(size_t index, const char **key, const char **takes, const char **help);

/* The words in force for the key with this index, separated by ", "; numbers read back equal. */
void rad_settings_words(const rad_settings *settings, size_t index, char *text, size_t length);

/* All settings as YAML that reads back to the same settings, in the order of the table. Returns the length
 * that the text has, as snprintf does. */
size_t rad_settings_write(const rad_settings *settings, char *text, size_t length);

#ifdef __cplusplus
}
#endif
#endif
