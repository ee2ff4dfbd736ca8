/* What discovery works on: the files of a folder, and the pairs that were found so far. */
#ifndef RAD_FINDER_H
#define RAD_FINDER_H

#include "../../core/names.h"
#include "../../io/dicom/folder.h"
#include "discover.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A file of a scan by its ending. */
typedef struct rad_candidate {
    char *path;        /* owned */
    const char *below; /* the path below the folder that is searched */
    size_t stem;       /* of below, without the ending */
    char *key;         /* name without the ending and without words that tell images from masks; owned */
    double bytes;
    bool worded;            /* a word of masks is in its name, or only in that of its folder */
    bool image, mask;       /* may it be one? */
    bool is_image, is_mask; /* of a pair that was found */
} rad_candidate;

typedef struct rad_finder {
    const char *folder;
    const rad_discover_options *options;
    rad_discovery *out;
    rad_candidate *files; /* by folder, then by name; owned */
    size_t count, capacity;
    char **lists; /* paths of JSON files and scenes, owned */
    size_t list_count, list_capacity;
    rad_folder dicom;
} rad_finder;

/* "sub-01_CT_mask" has the key "sub-01_ct", and a word of masks. key has room for length + 1. */
void rad_finder_key(const char *name, size_t length, char *key, bool *worded);

/* The name of a file in its path. */
const char *rad_finder_base(const char *path);
bool rad_finder_same_folder(const char *a, const char *b);

rad_status rad_finder_add_pair(rad_finder *finder, const char *image, const char *mask, const char *series,
                               rad_error *error) RAD_MUST_CHECK;
rad_status rad_finder_add_alone(rad_finder *finder, const char *mask, rad_error *error) RAD_MUST_CHECK;

/* A pair of files, which are used from then on. */
rad_status rad_finder_join(rad_finder *finder, rad_candidate *image, rad_candidate *mask,
                           rad_error *error) RAD_MUST_CHECK;

/* The files of a finder by their paths, seen from a list. */
typedef struct rad_listing {
    rad_finder *finder;
    rad_names names;
    const char *folder; /* of the list, with a slash at its end */
    size_t length;
} rad_listing;

/* The file of a path that starts at the list; NULL where there is no such file below the folder. */
rad_candidate *rad_listing_find(const rad_listing *listing, const char *path, rad_error *error);

/* Pairs of a scene of 3D Slicer: a segmentation and the volume that it was drawn on. RAD_UNREADABLE: no such
 * file. */
rad_status rad_listing_read_scene(const rad_listing *listing, const char *path,
                                  rad_error *error) RAD_MUST_CHECK;

/* Each finds pairs among files that are not used yet. */
rad_status rad_finder_by_lists(rad_finder *finder,
                               rad_error *error) RAD_MUST_CHECK;                    /* dataset.json, scenes */
rad_status rad_finder_by_bids(rad_finder *finder, rad_error *error) RAD_MUST_CHECK; /* entities */
rad_status rad_finder_by_layouts(rad_finder *finder, rad_error *error) RAD_MUST_CHECK; /* rad_layouts */
rad_status rad_finder_by_words(rad_finder *finder, rad_error *error) RAD_MUST_CHECK;   /* names */
rad_status rad_finder_by_dicom(rad_finder *finder, rad_error *error) RAD_MUST_CHECK;   /* references */

/* Gives pairs the names of channels and labels that dataset.json has. */
rad_status rad_finder_name_by_lists(rad_finder *finder, rad_error *error) RAD_MUST_CHECK;

/* Whose they are, when made, and by what. */
rad_status rad_finder_name_subjects(rad_finder *finder, rad_error *error) RAD_MUST_CHECK;

/* What the patterns could be, in the words of an error; "" where the files tell nothing. */
rad_status rad_finder_suggest(const rad_finder *finder, char *text, size_t size,
                              rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
