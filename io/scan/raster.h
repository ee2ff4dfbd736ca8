/* Voxels of a grid as files hold them: one after the other, x fastest, plain or compressed or as text, in one
 * file or several. What the header of such a format says is a raster; the rest is the same for all. */
#ifndef RAD_RASTER_H
#define RAD_RASTER_H

#include "../../core/mask.h"
#include "header_text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How elements are written into a file. */
typedef enum rad_raster_coding {
    RAD_RASTER_FOUND,    /* bytes, plain or gzipped, as the file begins; `skip` counts in the content */
    RAD_RASTER_PLAIN,    /* bytes */
    RAD_RASTER_DEFLATED, /* bytes, gzip or zlib */
    RAD_RASTER_HEX,      /* bytes, as two hexadecimal digits each */
    RAD_RASTER_TEXT,     /* numbers between white space */
} rad_raster_coding;

/* What a label of a channel is called. */
typedef struct rad_raster_label {
    int64_t value;
    size_t channel;
    char *name; /* owned */
} rad_raster_label;

struct rad_raster;

/* Rows that a library decodes, from the first to the last, where a coding has no bytes of its own. */
typedef struct rad_raster_decoder {
    /* *state is to be closed, whatever is returned. */
    rad_status (*open)(const struct rad_raster *raster, void **state, rad_error *error);
    rad_status (*read)(void *state, void *row, rad_error *error); /* the next */
    rad_status (*finish)(void *state, rad_error *error);          /* after the last */
    void (*close)(void *state);                                   /* NULL is allowed */
} rad_raster_decoder;

typedef struct rad_raster {
    rad_volume header;  /* grid as it is stored, type, slope and intercept; no voxels */
    rad_geometry other; /* another grid that the header gives, at odds with that; of size 0: none */
    size_t width;       /* bytes of an element: those of the type, or 16 of a long double */
    bool swapped;       /* elements have the other byte order than this machine */
    bool no_place;      /* the file says no origin and no directions: a picture, an array (unplaced.h) ... */
    bool no_spacing;    /* ... and no spacing */
    bool unset_place;   /* the header has room for a place, and says none: it is assumed */
    int reversed;       /* the first of so many axes is the fastest, and is the last of x, y, z; 0: x is */
    size_t channels;    /* elements of a voxel, at least 1 ... */
    bool planar;        /* ... each in a grid of its own, one after the other; else side by side */
    size_t chosen;      /* of several channels, the one that is the image, from 1; 0: none */
    char **files;       /* owned; each holds as many elements as the others */
    size_t file_count, file_room;
    bool lacks_file; /* one of them is not there */
    rad_raster_coding coding;
    size_t begin; /* bytes of each file before its elements ... */
    size_t lines; /* ... and lines after those bytes ... */
    size_t skip;  /* ... and bytes of the content after both */
    bool goes_on; /* more content may follow the elements */
    bool at_end;  /* elements are the last bytes of each file, whatever stands before them */
    const rad_raster_decoder *decoder; /* NULL: the coding */
    rad_raster_label *labels;          /* owned */
    size_t label_count, label_room;
    double least;           /* of masks of fractions, as rad_mask has it */
    rad_warnings *warnings; /* of what its voxels hold; borrowed, or NULL */
} rad_raster;

/* Reads a header into an empty raster, whose `channels` is 1. */
typedef rad_status rad_raster_parse_header(const char *path, rad_raster *raster, rad_warnings *warnings,
                                           rad_error *error);

/* The same, and looks at what it said; the raster is to be freed, whatever is returned. */
rad_status rad_raster_parse(const char *path, rad_raster_parse_header *parse, rad_raster *raster,
                            rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

/* Another file of the raster, its name copied. */
rad_status rad_raster_add_file(rad_raster *raster, const char *path, rad_error *error) RAD_MUST_CHECK;

/* The same of a name that stands in the file `beside`: relative to the folder of that one. */
rad_status rad_raster_add_beside(rad_raster *raster, const char *beside, const char *name,
                                 rad_error *error) RAD_MUST_CHECK;

/* The names on the lines that are left of a header. */
rad_status rad_raster_add_list(rad_raster *raster, const char *path, rad_header_text *header,
                               rad_error *error) RAD_MUST_CHECK;

/* "PATTERN FIRST LAST STEP", with one %d in the pattern; *value is cut, and goes past it. */
rad_status rad_raster_add_pattern(rad_raster *raster, const char *path, char **value,
                                  rad_error *error) RAD_MUST_CHECK;

rad_status rad_raster_add_label(rad_raster *raster, int64_t value, size_t channel, const char *name,
                                rad_error *error) RAD_MUST_CHECK;

void rad_raster_free(rad_raster *raster);

/* Bytes of all elements of a file. */
size_t rad_raster_bytes(const rad_raster *raster);

/* Can the first file hold what the header asks for? RAD_UNREADABLE, before memory is asked for. */
rad_status rad_raster_check_files(const rad_raster *raster, rad_error *error) RAD_MUST_CHECK;

/* The voxels of a box only; box NULL: all. With an order, grid and box are those that the raster has in that
 * order; NULL: as it is stored. Memory is asked for the box and a few rows. Compressed files are read up to
 * the last slice of the box, and their checksum is looked at only where that is the last slice of all;
 * `verify` reads on to the end in any case. RAD_UNREADABLE: several channels, truncated, damaged, more than
 * the header asks for. */
rad_status rad_raster_read_box(const rad_raster *raster, const rad_order *order, const rad_box *box,
                               bool verify, rad_volume *volume, rad_error *error) RAD_MUST_CHECK;

/* The raster as a mask, row by row; its voxels are never in memory together. Named labels get their names;
 * those of several channels may overlap. Without names, each of several channels is a ROI, of all voxels that
 * are not 0: "channel:2". */
rad_status rad_raster_read_mask(const rad_raster *raster, rad_mask *mask, rad_error *error) RAD_MUST_CHECK;

/* A walk over rows: rows y0..y1 of slices z0..z1 of the channels come, `depth` slices at a time, `row` and
 * `slice` bytes apart, in the byte order of this machine and the type of the header. Large slices come in
 * bands, which y0..y1 then are. */
typedef struct rad_raster_walk {
    rad_box box; /* whole rows are read; x is cut by whoever takes them; y is that of what is taken */
    size_t channel_begin, channel_end;
    rad_status (*take)(const struct rad_raster_walk *walk, unsigned char *rows, const size_t at[2],
                       size_t slices, rad_error *error); /* at: first slice, channel */
    void *target;
    bool to_end;  /* inflate on to the checksum after the last slice that is needed */
    size_t depth; /* 1 or more */
    size_t row, slice;
} rad_raster_walk;
rad_status rad_raster_walk_rows(const rad_raster *raster, rad_raster_walk *walk,
                                rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
