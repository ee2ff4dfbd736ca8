/* What a feature, a family and a pass are.
 *
 * A feature is one row of the table in its family's file. A pass is one walk over the ROI that serves one
 * family, or two that share their work; the pipeline knows passes only. Columns, units, the catalogue, and
 * the coverage of the reference tables all come from these rows. */
#ifndef RAD_FEATURE_H
#define RAD_FEATURE_H

#include "../core/roi.h"
#include "../core/value.h"
#include "feature_settings.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the functions of the families take; each type is defined in its family's header. */
struct rad_morphology;
struct rad_peaks;
struct rad_sample;
struct rad_histogram;
struct rad_ivh;
struct rad_cooccurrence;
struct rad_texture;
struct rad_tone;

typedef struct rad_feature {
    const char *tag;  /* of the IBSI reference tables, without aggregation: "cm_joint_max" */
    const char *code; /* IBSI identifier */
    const char *unit; /* "1", "mm", "mm2", "mm3", "intensity", "intensity2", "level", "voxel", ... */
    const char *name;
    bool not_standardised; /* listed by the reference tables without a standardised value */
    union {
        rad_value (*morphology)(const struct rad_morphology *);
        rad_value (*peaks)(const struct rad_peaks *);
        rad_value (*sample)(const struct rad_sample *);
        rad_value (*histogram)(const struct rad_histogram *);
        rad_value (*ivh)(const struct rad_ivh *);
        rad_value (*cooccurrence)(const struct rad_cooccurrence *);
        rad_value (*texture)(const struct rad_texture *);
        rad_value (*tone)(const struct rad_tone *);
        rad_value (*own)(const void *); /* what only the family's file knows */
    } of;
    bool slot;     /* stands for what the row before it lists, and is in no catalogue */
    bool of_pairs; /* takes every pair of voxels: the setting `spatial: no` leaves it out */
} rad_feature;

typedef struct rad_aggregation {
    const char *tag;         /* "3D_avg": the suffix in the reference tables */
    const char *code;        /* IBSI identifier */
    const char *name;        /* "3D, averaged" */
    rad_dimension dimension; /* which settings ask for it ... */
    unsigned merging;        /* ... rad_merging; 0: there are no directions */
} rad_aggregation;

/* The aggregations of a family, in column order. */
typedef struct rad_aggregations {
    const rad_aggregation *rows; /* one row with an empty tag for families that have none */
    size_t count;
} rad_aggregations;

extern const rad_aggregations rad_by_volume;        /* one value per ROI */
extern const rad_aggregations rad_by_direction;     /* 2D_avg 2D_comb 2_5D_avg 2_5D_comb 3D_avg 3D_comb */
extern const rad_aggregations rad_by_neighbourhood; /* 2D 2_5D 3D */

/* Indices into rad_by_direction.rows and rad_by_neighbourhood.rows. */
enum { RAD_2D_AVG, RAD_2D_COMB, RAD_2_5D_AVG, RAD_2_5D_COMB, RAD_3D_AVG, RAD_3D_COMB };
enum { RAD_SLICES, RAD_SLICES_MERGED, RAD_VOLUME };

struct rad_pass;

typedef struct rad_family {
    const char *key;  /* "cm": word of the setting `families` and first part of the tags */
    const char *code; /* IBSI identifier */
    const char *name;
    bool of_original,
        of_maps; /* computed of the original image, of response maps, when settings do not say */
    const rad_aggregations *aggregations;
    const rad_feature *features;
    size_t count;
    /* Voxels of image around the ROI that the family looks at; NULL: none. */
    void (*margin)(const double spacing[3], size_t margin[3]);
    const struct rad_pass *pass; /* that computes it */
    bool reaches; /* looks at neighbours at a distance of settings, and again at others: pass of its own */
    bool bare;    /* PyRadiomics': columns are image_class_Feature, without aggregation and levels ... */
    int choice;   /* ... and features are those of pyr.chosen[choice] */
    /* Of a family whose features settings list: is the one of that index listed, and its tag, or NULL without
     * memory. */
    bool (*listed)(const rad_feature_settings *settings, size_t i);
    const char *(*tag)(const rad_feature_settings *settings, size_t i, rad_error *error);
} rad_family;

struct rad_matrix;
struct rad_border; /* border.h */

/* Who takes the matrices of a pass in place of its features: those of its families, direction by direction,
 * of the whole ROI. */
typedef struct rad_matrix_view {
    bool flat; /* neighbours lie in the slice */
    rad_status (*see)(const struct rad_matrix *matrices, size_t directions, void *context, rad_error *error);
    void *context;
} rad_matrix_view;

typedef struct rad_feature_input {
    const rad_roi *roi;       /* intensity_count > 0 */
    const rad_levels *levels; /* for RAD_TEXTURE_LEVELS, else NULL */
    const rad_feature_settings *settings;
    int threads;
    const rad_matrix_view *view; /* of texture; NULL: features are computed */
    struct rad_border *border;   /* of the ROI, for all of its images; or NULL */
} rad_feature_input;

/* Is the feature of that index asked for? */
static inline bool rad_family_has(const rad_family *family, const rad_feature_settings *settings, size_t i) {
    if (family->listed) return family->listed(settings, i);
    if (!family->bare) return settings->spatial || !family->features[i].of_pairs;
    return settings->pyr.chosen[family->choice] >> i & 1;
}

enum { RAD_PASS_FAMILIES = 2 };

/* What a pass reads besides the ROI. */
typedef enum rad_level_use { RAD_NO_LEVELS, RAD_TEXTURE_LEVELS } rad_level_use;

typedef struct rad_pass {
    const char *name;
    rad_level_use levels;
    const rad_family *families[RAD_PASS_FAMILIES];
    /* Fills out[f][aggregation * family->count + feature] for each family f of the pass; out[f] is NULL where
     * the family was not asked for. Entries come in as RAD_NOT_COMPUTED and stay so for dimensions that the
     * settings do not ask for. */
    rad_status (*run)(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error);
} rad_pass;

#ifdef __cplusplus
}
#endif
#endif
