#include "filter_options.h"

const char *const rad_boundary_words[] = {"zero", "nearest", "periodic", "mirror", NULL};
static const char *const poolings[] = {"max", "min", "mean", "sum", NULL}, *const no[] = {"no", NULL};

#define AT(member) offsetof(rad_filter_options, member)
const rad_key rad_dimension_key = {
    "dimension", RAD_KEY_INTEGER, AT(dimension), 2, 3, NULL, "3", "2 or 3", "slice by slice, or in space",
    "_%sD"};
const rad_key rad_boundary_key = {"boundary",
                                  RAD_KEY_WORD,
                                  AT(boundary),
                                  0,
                                  0,
                                  rad_boundary_words,
                                  "mirror",
                                  NULL,
                                  "what lies outside of the image",
                                  "_%s"};
const rad_key rad_sigma_key = {"sigma", RAD_KEY_NUMBER, AT(sigma), 1e-3,        1e3,
                               NULL,    "1.5",          NULL,      "width, mm", "%smm"};
const rad_key rad_cutoff_key = {
    "cutoff", RAD_KEY_NUMBER, AT(cutoff), 1, 20, NULL, "4", NULL, "half width of the kernel in sigma",
    "_cut%s"};
const rad_key rad_level_key = {"level", RAD_KEY_INTEGER,       AT(level), 1, 10, NULL, "1",
                               NULL,    "decomposition level", "_level%s"};
const rad_key rad_rotations_key = {"rotations",
                                   RAD_KEY_TRUTH,
                                   AT(rotations),
                                   0,
                                   1,
                                   NULL,
                                   "no",
                                   NULL,
                                   "pool over right-angle rotations, or over the angles of Gabor",
                                   "_rot"};
const rad_key rad_pooling_key = {"pooling",
                                 RAD_KEY_WORD,
                                 AT(pooling),
                                 0,
                                 0,
                                 poolings,
                                 "max",
                                 NULL,
                                 "how rotations, and planes of Gabor, are pooled",
                                 "_%s"};
const rad_key rad_riesz_key = {"riesz",
                               RAD_KEY_TRIPLE,
                               AT(riesz),
                               0,
                               9,
                               NULL,
                               "0 0 0",
                               NULL,
                               "order of the Riesz transform along x, y, z",
                               "_riesz%s"};
const rad_key rad_steered_key = {"steered",
                                 RAD_KEY_OPTIONAL,
                                 AT(steered),
                                 1e-3,
                                 1e3,
                                 no,
                                 "no",
                                 "no or sigma in mm, 0.001..1000",
                                 "align the Riesz transform with the structure tensor of that width",
                                 "_steered%smm"};
