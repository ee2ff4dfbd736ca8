/* radiomill: radiomic features by the Image Biomarker Standardisation Initiative (IBSI), and sums of them
 * that a site may give away. This is the whole interface; C11 and C++.
 *
 * Handles (settings, scan, features) come from a function that makes them and go to the one that frees
 * them; free takes NULL. A handle that is `const` in a call may be used by several threads at once; all
 * functions may be called from several threads at once. Results are the same bytes whatever the number of
 * threads.
 *
 * Whatever fails returns a status other than RAD_OK and says in *error, which may be NULL, what is wrong with
 * which value, and what is allowed: one line. A pointer that must not be NULL and is gives RAD_CONFIG. What a
 * call that failed was to make is NULL, unless it says otherwise.
 *
 * The library prints nothing, ends no process, forks none and handles no signal. Its threads stay when a call
 * has ended; a process that is forked between calls begins anew. Numbers in texts have a point, whatever the
 * locale. Compressed DICOM frames are decoded by a program of its own, libexec/radiomill-decoder, which it
 * starts and ends. */
#ifndef RADIOMILL_H
#define RADIOMILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define RAD_API __attribute__((visibility("default")))
#else
#define RAD_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The values are the exit codes of the command. */
typedef enum rad_status {
    RAD_OK = 0,
    RAD_MISMATCH = 1,   /* a compliance check found a value out of tolerance */
    RAD_USAGE = 2,      /* the command line is wrong */
    RAD_UNREADABLE = 3, /* an input cannot be read or cannot be used */
    RAD_CONFIG = 4,     /* settings or arguments are wrong, or two inputs do not fit each other */
    RAD_UNWRITABLE = 5, /* an output cannot be written */
    RAD_NO_MEMORY = 6,  /* the machine has not the memory that the job needs */
    RAD_NO_RESULT = 7,  /* a computation failed, or the system refuses processes or files */
    RAD_CANCELLED = 9,  /* by the caller's progress function */
    RAD_REFUSED = 10,   /* a disclosure rule forbids it */
    RAD_SPENT = 11,     /* earlier releases have used up what may leave */
    RAD_UNTRUSTED = 12, /* a signature is missing, wrong or not of a trusted key, or a file is out of date */
    RAD_PARTIAL = 20,   /* some cases or ROIs failed; each is listed with its reason */
    RAD_NOTHING = 126,  /* nothing to do */
    RAD_INTERRUPTED = 130, /* by SIGINT; what was done is kept */
    RAD_TERMINATED = 143   /* by SIGTERM */
} rad_status;

typedef struct rad_error {
    rad_status status;
    char text[1024];
} rad_error;

/* Version of the library, "0.2.0"; a string that lives as long as the library. */
RAD_API const char *rad_version(void);

/* Large blocks of memory are kept when they are released, for the next call, up to 1 GiB. From now on at most
 * so many bytes are; what is beyond goes back to the system at once. 0 gives back all that is not in use. */
RAD_API void rad_memory_keep(size_t bytes);

/* Threads of a call and who looks on; NULL in its place: all processors, and nobody. Functions are called on
 * the thread that made the call. */
typedef struct rad_control {
    int threads; /* 0: all processors */
    /* Between the parts of the work, with the share that is done, 0 to 1. Once it returns false the call ends
     * with RAD_CANCELLED, and makes nothing. NULL: nobody looks. */
    bool (*step)(double done, void *context);
    /* A line for people: "warning: ..." of functions that make no table. NULL: nobody reads. */
    void (*note)(const char *text, void *context);
    void *context;
} rad_control;

/* ---- Settings ---- */

/* What is computed, and how: the keys of a settings file (`man radiomill`, SETTINGS). */
typedef struct rad_settings rad_settings;

/* Settings of a preset ("ibsi-c") or of a file of YAML; NULL: the defaults. RAD_UNREADABLE: no such preset or
 * file; RAD_CONFIG names line and column. */
RAD_API rad_status rad_settings_new(const char *preset_or_path, rad_settings **settings, rad_error *error);

/* Settings of a text, as a file would hold it. */
RAD_API rad_status rad_settings_parse(const char *yaml, rad_settings **settings, rad_error *error);

/* Sets one key ("interpolation.spacing") to what would follow it in a file: "2", "[1, 1, 3]", "[fbn32,
 * fbs25]", for `images` "[log: {sigma: [1, 2]}, square]", which takes the place of all images. One line.
 * RAD_CONFIG says what is allowed, and the settings are as they were. */
RAD_API rad_status rad_settings_set(rad_settings *settings, const char *key, const char *text,
                                    rad_error *error);

/* The value of a key in the same form; to be released with rad_text_free. */
RAD_API rad_status rad_settings_get(const rad_settings *settings, const char *key, char **text,
                                    rad_error *error);

/* All settings as YAML that rad_settings_parse reads back; to be released with rad_text_free. */
RAD_API rad_status rad_settings_text(const rad_settings *settings, char **yaml, rad_error *error);

RAD_API void rad_settings_free(rad_settings *settings);

/* Releases a text that a function of the library made. */
RAD_API void rad_text_free(char *text);

/* ---- Images and masks ---- */

typedef enum rad_type {
    RAD_NO_TYPE = 0,
    RAD_UINT8,
    RAD_INT8,
    RAD_UINT16,
    RAD_INT16,
    RAD_UINT32,
    RAD_INT32,
    RAD_UINT64,
    RAD_INT64,
    RAD_FLOAT32,
    RAD_FLOAT64,
    RAD_TYPE_COUNT
} rad_type;

/* An image or a mask in memory, in the byte order of the machine. Axes may go anywhere, as in a file: images
 * and masks are turned to the order left, back, head, so that a patient has one result. Voxels that lie in
 * that order already, x fastest and without gaps, are used where they are; of others the part that ROIs need
 * is copied. */
typedef struct rad_array {
    const void *voxels;
    rad_type type;
    size_t size[3];
    ptrdiff_t stride[3]; /* bytes from one voxel to the next along each axis, also negative; all 0: x fastest,
                            no gaps */
    double spacing[3];   /* mm, > 0 */
    double origin[3];    /* mm: centre of voxel (0, 0, 0) */
    double direction[9]; /* unit vector of axis a in column a: direction[3 * row + a]; all 0: 1 0 0, 0 1 0, 0
                            0 1 */
    bool lps; /* origin and direction are those of DICOM and ITK (left, back, head); else of NIfTI (right,
                 front, head) */
    double slope, intercept; /* intensity = slope * voxel + intercept; slope 0: the voxel as it is */
    const char *name;        /* in messages; NULL: "image in memory" */
    void (*release)(
        void *context); /* called by rad_scan_free; NULL: the caller keeps the voxels until then */
    void *context;
} rad_array;

/* An image or a mask: a path or an array. */
typedef struct rad_scan rad_scan;

/* How a path is read; NULL in its place: all zero. */
typedef struct rad_scan_options {
    const char *series;             /* SeriesInstanceUID, where a folder of DICOM holds several */
    const char *volume;             /* where an image has several at one place: "3", or "EchoTime=80" */
    bool ignore_frame_of_reference; /* of a mask: take contours and segments of another DICOM frame of
                                       reference */
    bool verify;                    /* read gzipped files to their end and check their checksum */
} rad_scan_options;

/* A file or folder of DICOM (series, RTSTRUCT, SEG), NIfTI, NRRD or another format of docs/files.md. Nothing
 * is opened before the scan is used. */
RAD_API rad_status rad_scan_from_path(const char *path, const rad_scan_options *options, rad_scan **scan,
                                      rad_error *error);

/* Borrows the voxels until rad_scan_free. Labels of a mask are whole numbers, 0 is background. RAD_CONFIG: a
 * size, a spacing, a direction or a type that is none; `release` is not called then. */
RAD_API rad_status rad_scan_from_array(const rad_array *array, rad_scan **scan, rad_error *error);

RAD_API void rad_scan_free(rad_scan *scan);

/* Size, type and geometry (of NIfTI's coordinates) of an image, as it is stored; no voxels. name lives as
 * long as the scan. Of a path the header is read, of a series of DICOM that of each file. */
RAD_API rad_status rad_scan_grid(const rad_scan *image, rad_array *grid, rad_error *error);

typedef struct rad_roi_info {
    char name[64]; /* as in the rows of a table */
    int64_t number;
    size_t voxels; /* of the mask; 0: none can be computed of it */
} rad_roi_info;

/* ROIs of a mask, which structure sets need an image for: of *count the first `capacity` into rois, which may
 * be NULL where that is 0. Cost: the mask is read. */
RAD_API rad_status rad_scan_rois(const rad_scan *mask, const rad_scan *image, rad_roi_info *rois,
                                 size_t capacity, size_t *count, rad_error *error);

/* The response map of a filter over the whole image as it is: `count` doubles, one per voxel, as the image is
 * stored, x fastest. The filter is one entry of the setting `images`: "square", "log: {sigma: 3}". Of
 * settings (NULL: the defaults) suv (and suv_weight, suv_dose, suv_time), slice_tolerance, filter_boundary
 * and filter_nan count. The map is NaN where the image is. What `radiomill filter` writes. RAD_CONFIG: no
 * such filter, another count than the image has voxels. Memory: three volumes of doubles. out is undefined
 * where it fails. */
RAD_API rad_status rad_scan_filter(const rad_scan *image, const char *filter, const rad_settings *settings,
                                   const rad_control *control, double *out, size_t count, rad_error *error);

/* What a path holds, as the JSON of `radiomill info --json`; to be released with rad_text_free. labels: read
 * the voxels of other files and list their labels. identifiers: name, id and birth date of the patient, too.
 */
RAD_API rad_status rad_path_info(const char *path, bool labels, bool identifiers, const rad_control *control,
                                 char **json, rad_error *error);

/* ---- Features ---- */

typedef enum rad_reason {
    RAD_DEFINED = 0,
    RAD_NOT_COMPUTED,    /* the family or dimension was not asked for */
    RAD_EMPTY_INTENSITY, /* re-segmentation left no voxel in the intensity mask */
    RAD_ONE_VOXEL,       /* needs at least two voxels */
    RAD_FLAT,            /* all intensities are equal */
    RAD_ONE_LEVEL,       /* all grey levels are equal */
    RAD_NO_PAIRS,        /* no voxel has a neighbour in the ROI */
    RAD_ZERO_DIVISOR,    /* the formula divides by zero here */
    RAD_NO_EXTENT,       /* the ROI has no extent along a principal axis */
    RAD_TOO_LARGE,       /* beyond the range of double precision */
    RAD_NO_MIDDLE,       /* no intensity lies between the 10th and the 90th percentile */
    RAD_SEVERAL_SLICES,  /* the ROI is not in one slice */
    RAD_SMALL,           /* the ROI is smaller than minimum_roi asks for */
    RAD_MANY_LEVELS,     /* needs a matrix of all pairs of grey levels: at most 511 of them */
    RAD_REASON_COUNT
} rad_reason;

/* A feature value, or why there is none. */
typedef struct rad_value {
    double value; /* NaN unless reason is RAD_DEFINED */
    rad_reason reason;
} rad_value;

/* The reason in plain words, "" for RAD_DEFINED. */
RAD_API const char *rad_reason_text(rad_reason reason);

/* Which ROIs of a mask, and how; NULL in its place: all zero. */
typedef struct rad_selection {
    const char *case_name;   /* first column of the rows; NULL: the path or the name of the image */
    const char *const *rois; /* each a name, a number, a pattern (GTV*) or a union (A+B) */
    size_t roi_count;        /* 0: all ROIs, one row each */
    bool resample_mask; /* a mask on a grid of its own: interpolated once, from it to the grid of the features
                         */
} rad_selection;

/* A table of features: rows of ROIs, of one case or of many. */
typedef struct rad_features rad_features;

/* A table without rows: what rad_extract will make of these settings. */
RAD_API rad_status rad_features_new(const rad_settings *settings, rad_features **table, rad_error *error);

/* Computes the features of all ROIs. Appends their rows to *table, where that is one that was made with the
 * same settings; makes it where *table is NULL. What `radiomill extract` writes of the same voxels, byte for
 * byte. RAD_PARTIAL: some ROIs failed, and their rows say why; with every other status but RAD_OK the table
 * is as it was. */
RAD_API rad_status rad_extract(const rad_settings *settings, const rad_scan *image, const rad_scan *mask,
                               const rad_selection *selection, const rad_control *control,
                               rad_features **table, rad_error *error);

/* What a column means. Texts live as long as the table. */
typedef struct rad_column_info {
    const char *name;   /* <image>_<tag>[_<aggregation>][_<discretisation>] */
    const char *image;  /* "original", or the name of a response map */
    const char *family; /* "cm" */
    const char *tag;    /* of the IBSI reference tables: "cm_contrast" */
    const char *code;   /* IBSI identifier, "ACUI" */
    const char *unit;   /* "mm3", "1" */
    const char *feature;
    const char *aggregation, *aggregation_code; /* "3D_avg", "" where there is none */
    const char *discretisation;                 /* "fbs25", "" where there is none */
    bool standardised;
} rad_column_info;

/* A ROI. All of it lives until the next rad_extract into the table. */
typedef struct rad_row_info {
    const char *case_name, *roi;
    rad_status status;       /* RAD_OK, or why the row has no values */
    const char *text;        /* of what failed, else "" */
    const rad_value *values; /* one per column */
} rad_row_info;

/* Column or row of that index, from 0; false beyond the last one, or where the table is NULL. */
RAD_API bool rad_features_column(const rad_features *table, size_t index, rad_column_info *column);
RAD_API bool rad_features_row(const rad_features *table, size_t index, rad_row_info *row);

/* The column of that name, or else the first with that tag and aggregation ("cm_contrast_3D_avg"); SIZE_MAX:
 * none. */
RAD_API size_t rad_features_find(const rad_features *table, const char *name);

/* The warning of that index, from 0: what was assumed, or left out of ROIs; NULL beyond the last one. */
RAD_API const char *rad_features_warning(const rad_features *table, size_t index);

/* Writes the table as `radiomill extract --output` does: CSV, or JSON with settings and warnings where the
 * name ends in .json. The file appears whole or not at all. */
RAD_API rad_status rad_features_write(const rad_features *table, const char *path, rad_error *error);

RAD_API void rad_features_free(rad_features *table);

/* ---- Compliance ---- */

/* One value beside that of a reference table. */
typedef struct rad_compared {
    const char
        *data_set; /* "digital_phantom", "config_a" ... "config_e", "ibsi2_1a" ... "ibsi2_9b", "maps" */
    const char *family, *tag, *code; /* of maps: "map", the map and the filter */
    rad_value value;                 /* of maps: the largest deviation, as a part of the range */
    double reference, tolerance;     /* reference NaN: there is none */
    bool standardised, met;
} rad_compared;

/* Standardised values that are met or missed, and other rows of the tables: without a standard, or without
 * data. */
typedef struct rad_compliance {
    size_t met, missed, excluded, without_data;
} rad_compliance;

/* Compares what this library computes with the reference tables of the IBSI. The digital phantom is built in;
 * other data are looked for below the folder `data`, or are left out. only: one data set, or NULL. see (or
 * NULL) is called for each value, on the thread of the caller, with the context of control. RAD_MISMATCH: one
 * is missed. */
RAD_API rad_status rad_check_compliance(const char *data, const char *only, const rad_control *control,
                                        void (*see)(const rad_compared *value, void *context),
                                        rad_compliance *counts, rad_error *error);

/* ---- Many sites (docs/federation.md) ---- */

/* What `radiomill summarise` takes. Texts that say "NULL" may be. */
typedef struct rad_site_options {
    const char *table;     /* of features: a CSV, or the folder of a batch */
    const char *study;     /* YAML of the statistician */
    const char *key;       /* secret key of the site */
    const char *output;    /* NULL: SITE.radsum in the working directory */
    const char *clinical;  /* CSV of covariates and outcomes; NULL: none */
    const char *policy;    /* YAML of thresholds of the site; NULL: the standard ones, at least */
    const char *state;     /* folder of the ledgers; NULL: $RADIOMILL_STATE, else that of the user */
    const char *ledger;    /* a copy of the ledger, to be restored; NULL: none */
    const char *set_aside; /* new file for half a line at the end of the ledger; NULL: refuse */
    bool preview;          /* say what would leave, write nothing */
    bool withhold;         /* leave out what the rules refuse */
    const char *page;      /* HTML for what the preview says, with every number; NULL: as words, in *said */
    bool rehearse; /* only what fits, without a number: signed, SITE.rehearsal; at most 8 before a release */
    const char
        *approve; /* hash of what leaves, by the page: nothing else may; NULL: whatever the rules allow */
    /* Public key of the coordinator, who must have signed the study (STUDY.sig), and to whom the summary is
     * sealed unless `open`; NULL: the one that the policy names, or none. */
    const char *coordinator;
    bool open;
    bool renamed;      /* names are others than before: patients are known by their values alone */
    bool begin_ledger; /* begin a new ledger: what left before is not known */
    bool others;       /* patients of new names are others than those who left before */
} rad_site_options;

/* Writes the signed summary of a site. *said, to be released with rad_text_free, is what the command says on
 * standard output: one line, or what would leave; said may be NULL. The secret key is in memory meanwhile,
 * and wiped. RAD_REFUSED, RAD_SPENT: a rule forbids it; RAD_MISMATCH: this library misses reference values,
 * and signs nothing. */
RAD_API rad_status rad_summarise_site(const rad_site_options *options, const rad_control *control,
                                      char **said, rad_error *error);

/* What `radiomill pool` takes. */
typedef struct rad_pool_options {
    const char *study;            /* YAML */
    const char *const *summaries; /* .radsum files of the sites */
    size_t summary_count;
    const char *trusted; /* public keys of the sites, a line each */
    const char *output;  /* folder of the tables; NULL: "pooled" */
    bool withhold;       /* leave out what is refused, and write the rest */
    bool
        rehearse; /* summaries are rehearsals: a table (`output`; NULL: "rehearsed.csv") of what sites have */
    const char *key;    /* secret key of the coordinator, which opens sealed summaries and signs
                           harmonisation.json; NULL: none */
    const char *absent; /* sites that sent nothing, in words for the page; NULL: none */
} rad_pool_options;

/* Adds the summaries of sites up, and writes the tables and report.html. *said as above. */
RAD_API rad_status rad_pool_summaries(const rad_pool_options *options, const rad_control *control,
                                      char **said, rad_error *error);

#ifdef __cplusplus
}
#endif
#endif
