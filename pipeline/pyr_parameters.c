#include "pyr_parameters.h"

#include "../core/memory.h"
#include "../core/number.h"
#include "../features/pyr_classes.h"
#include "../filters/pyr_filters.h"
#include "pyr_images.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum kind { TRUTH, WHOLE, NUMBER, WHOLES, NUMBERS, WORD, TEXT, INTERPOLATOR, WEIGHTING } kind;

/* Where a key counts: in `setting` alone, or also among the keys of an image type. */
typedef enum place { BEFORE, ANYWHERE, VOXELS } place;

typedef struct parameter {
    const char *name;
    kind kind;
    place place;
    size_t offset;
    double low, high;
    const char *const *words;
} parameter;

#define AT(member) offsetof(rad_pyr_arguments, member)
static const char *const modes[] = {"absolute", "relative", "sigma", NULL};
static const char *const patterns[] = {"default", "ror", "uniform", "var", NULL};
static const char *const interpolators[] = {"sitkNearestNeighbor",
                                            "sitkLinear",
                                            "sitkBSpline",
                                            "sitkGaussian",
                                            "sitkLabelGaussian",
                                            "sitkHammingWindowedSinc",
                                            "sitkCosineWindowedSinc",
                                            "sitkWelchWindowedSinc",
                                            "sitkLanczosWindowedSinc",
                                            "sitkBlackmanWindowedSinc",
                                            NULL};
static const char *const weightings[] = {"manhattan", "euclidean", "infinity", "no_weighting", NULL};
static const int weighting_values[] = {RAD_PYR_MANHATTAN, RAD_PYR_EUCLIDEAN, RAD_PYR_INFINITY, RAD_PYR_ALIKE};

static const parameter parameters[] = {
    {"minimumROIDimensions", WHOLE, BEFORE, AT(first.least_dimensions), 1, 3, NULL},
    {"minimumROISize", NUMBER, BEFORE, AT(first.least_size), 1, 1e18, NULL},
    {"geometryTolerance", NUMBER, BEFORE, AT(first.tolerance), 0, 1e9, NULL},
    {"correctMask", TRUTH, BEFORE, AT(first.correct_mask), 0, 0, NULL},
    {"additionalInfo", TRUTH, BEFORE, AT(first.information), 0, 0, NULL},
    {"label", WHOLE, BEFORE, AT(first.label), 1, 2147483647, NULL},
    {"label_channel", WHOLE, BEFORE, AT(first.label_channel), 0, 65535, NULL},
    {"normalize", TRUTH, BEFORE, AT(first.normalise), 0, 0, NULL},
    {"normalizeScale", NUMBER, BEFORE, AT(first.scale), 0, 1e300, NULL},
    {"removeOutliers", NUMBER, BEFORE, AT(first.outliers), 0, 1e300, NULL},
    {"resampledPixelSpacing", NUMBERS, BEFORE, AT(first.spacing), 0, 1000, NULL},
    {"interpolator", INTERPOLATOR, BEFORE, AT(first.interpolator), 0, 0, interpolators},
    {"padDistance", WHOLE, BEFORE, AT(first.pad), 0, 100000, NULL},
    {"preCrop", TRUTH, BEFORE, AT(first.crop), 0, 0, NULL},
    {"resegmentRange", NUMBERS, BEFORE, AT(first.range), -1e300, 1e300, NULL},
    {"resegmentMode", WORD, BEFORE, AT(first.range_mode), 0, 0, modes},
    {"resegmentShape", TRUTH, BEFORE, AT(first.range_shape), 0, 0, NULL},
    {"binWidth", NUMBER, ANYWHERE, AT(width), 0, 1e300, NULL},
    {"binCount", WHOLE, ANYWHERE, AT(bins), 1, RAD_LEVELS_MAX, NULL},
    {"distances", WHOLES, ANYWHERE, AT(distances), 1, RAD_PYR_DISTANCE_MAX, NULL},
    {"force2D", TRUTH, ANYWHERE, AT(flat), 0, 0, NULL},
    {"force2Ddimension", WHOLE, ANYWHERE, AT(flat_dimension), 0, 2, NULL},
    {"voxelArrayShift", NUMBER, ANYWHERE, AT(shift), -1e300, 1e300, NULL},
    {"symmetricalGLCM", TRUTH, ANYWHERE, AT(symmetric), 0, 0, NULL},
    {"weightingNorm", WEIGHTING, ANYWHERE, AT(weighting), 0, 0, weightings},
    {"gldm_a", WHOLE, ANYWHERE, AT(alike), 0, RAD_LEVELS_MAX, NULL},
    {"sigma", NUMBERS, ANYWHERE, AT(sigma), 0, 1000, NULL},
    {"start_level", WHOLE, ANYWHERE, AT(start_level), 0, 10, NULL},
    {"level", WHOLE, ANYWHERE, AT(level), 1, 10, NULL},
    {"wavelet", TEXT, ANYWHERE, AT(wavelet), 0, 0, NULL},
    {"gradientUseSpacing", TRUTH, ANYWHERE, AT(gradient_spacing), 0, 0, NULL},
    {"lbp2DRadius", NUMBER, ANYWHERE, AT(lbp_radius), 0, 50, NULL},
    {"lbp2DSamples", WHOLE, ANYWHERE, AT(lbp_samples), 1, 24, NULL},
    {"lbp2DMethod", WORD, ANYWHERE, AT(lbp_method), 0, 0, patterns},
    {"lbp3DLevels", WHOLE, ANYWHERE, AT(lbp3_levels), 1, 8, NULL},
    {"lbp3DIcosphereRadius", NUMBER, ANYWHERE, AT(lbp3_radius), 0, 50, NULL},
    {"lbp3DIcosphereSubdivision", WHOLE, ANYWHERE, AT(lbp3_subdivision), 0, 4, NULL},
    {"kernelRadius", WHOLE, VOXELS, AT(unused), 1, 1e9, NULL},
    {"maskedKernel", TRUTH, VOXELS, AT(unused_truth), 0, 0, NULL},
    {"initValue", NUMBER, VOXELS, AT(unused_number), -INFINITY, INFINITY, NULL},
    {"voxelBatch", WHOLE, VOXELS, AT(unused), 1, 1e9, NULL},
};
#undef AT
enum { PARAMETERS = sizeof parameters / sizeof parameters[0] };

static const parameter *find_parameter(const char *name) {
    for (size_t i = 0; i < PARAMETERS; i++)
        if (!strcmp(parameters[i].name, name)) return &parameters[i];
    return NULL;
}

bool rad_pyr_parameters_has(const char *key) {
    return find_parameter(key) != NULL;
}

typedef struct reader {
    const char *name;
    rad_settings *settings;
    rad_pyr_overrides overrides;
    rad_error *error;
} reader;

/* YAML's ways to write nothing. */
static bool is_nothing(const rad_node *node) {
    const char *t = node->text;
    return node->kind == RAD_NODE_TEXT && (!*t || !strcmp(t, "~") || !strcasecmp(t, "null"));
}

static bool read_truth(const char *text, bool *value) {
    static const char *const yes[] = {"true", "yes", "on", "1"}, *const no[] = {"false", "no", "off", "0"};
    for (size_t i = 0; i < 4; i++) {
        if (!strcasecmp(text, yes[i]) || !strcasecmp(text, no[i])) {
            *value = !strcasecmp(text, yes[i]);
            return true;
        }
    }
    return false;
}

/* Where any number is allowed, so is none: `initValue: nan`. */
static bool read_number(const parameter *p, const char *text, bool whole, double *value) {
    if (isinf(p->low) && !strcasecmp(text + (*text == '.'), "nan")) {
        *value = NAN;
        return true;
    }
    return rad_number_read(text, value) && *value >= p->low && *value <= p->high && isfinite(*value) &&
           (!whole || *value == floor(*value));
}

static int find_word(const char *const *words, const char *text) {
    for (int i = 0; words[i]; i++)
        if (!strcmp(words[i], text)) return i;
    return -1;
}

/* A number as Python's str writes it: "3", "3.0", "0.5". */
static void write_python(const char *text, double value, char out[32]) {
    char number[RAD_NUMBER_TEXT];
    const bool whole = text[strspn(text, "+-0123456789")] == '\0';
    rad_number_write(value, number);
    const bool bare = number[strspn(number, "-0123456789")] == '\0';
    snprintf(out, 32, "%.28s%s", number, bare && !whole ? ".0" : "");
}

static bool read_list(const parameter *p, const rad_node *node, bool whole, rad_pyr_list *list) {
    const rad_node *each = node->kind == RAD_NODE_LIST ? node->child : node;
    const size_t count = node->kind == RAD_NODE_LIST ? node->count : 1;
    *list = (rad_pyr_list){.count = count};
    if (count > RAD_PYR_LIST_MAX) return false;
    for (size_t i = 0; i < count; i++) {
        if (each[i].kind != RAD_NODE_TEXT || !read_number(p, each[i].text, whole, &list->value[i]))
            return false;
        write_python(each[i].text, list->value[i], list->text[i]);
    }
    return true;
}

/* 1..10, or the name of SimpleITK. */
static bool read_interpolator(const char *text, int *value) {
    double number;
    *value = find_word(interpolators, text);
    if (*value < 0 && rad_number_read(text, &number) && number >= 1 && number <= RAD_ITK_INTERPOLATORS &&
        number == floor(number))
        *value = (int)number - 1;
    return *value >= 0;
}

static bool read_text(const rad_node *node, char out[RAD_TEXT_MAX]) {
    const size_t length = strlen(node->text);
    if (!length || length >= RAD_TEXT_MAX) return false;
    memcpy(out, node->text, length + 1);
    return true;
}

static bool read_value(const parameter *p, const rad_node *node, void *member) {
    double number = 0;
    const bool text = node->kind == RAD_NODE_TEXT;
    int word;
    if (p->kind == WHOLES || p->kind == NUMBERS) return read_list(p, node, p->kind == WHOLES, member);
    if (!text) return false;
    switch (p->kind) {
    case TRUTH:
        return read_truth(node->text, member);
    case WHOLE:
        if (!read_number(p, node->text, true, &number)) return false;
        *(int *)member = (int)number;
        return true;
    case NUMBER:
        return read_number(p, node->text, false, member);
    case INTERPOLATOR:
        return read_interpolator(node->text, member);
    case WORD:
    case WEIGHTING:
        word = find_word(p->words, node->text);
        if (word >= 0) *(int *)member = p->kind == WEIGHTING ? weighting_values[word] : word;
        return word >= 0;
    default:
        return read_text(node, member);
    }
}

static const char *allowed(const parameter *p, char *text, size_t length) {
    size_t used = 0;
    *text = '\0';
    switch (p->kind) {
    case TRUTH:
        return "true or false";
    case TEXT:
        return "a name";
    case INTERPOLATOR:
        return "sitkNearestNeighbor, sitkLinear, sitkBSpline, sitkGaussian, sitkLabelGaussian, "
               "sitkHamming-, Cosine-, Welch-, Lanczos- or BlackmanWindowedSinc, or 1..10";
    case WORD:
    case WEIGHTING:
        for (size_t i = 0; p->words[i] && used < length; i++)
            used += (size_t)snprintf(text + used, length - used, "%s%s", i ? ", " : "", p->words[i]);
        return text;
    case WHOLES:
    case NUMBERS:
        snprintf(text, length, "a list of at most %d %snumbers in %.10g..%.10g", RAD_PYR_LIST_MAX,
                 p->kind == WHOLES ? "whole " : "", p->low, p->high);
        return text;
    default:
        snprintf(text, length, "a %snumber in %.10g..%.10g", p->kind == WHOLE ? "whole " : "", p->low,
                 p->high);
        return text;
    }
}

static rad_status unknown(const reader *r, const rad_node *node) {
    return rad_node_fail(node, r->name, r->error,
                         "`%.60s` is not a setting of PyRadiomics; docs/pyradiomics.md lists them",
                         node->key);
}

/* Adds the name of a key that only voxel-based extraction uses. */
static void note_voxelwise(const parameter *p, char names[static 64]) {
    const size_t used = strlen(names);
    if (!strstr(names, p->name)) snprintf(names + used, 64 - used, "%s%s", used ? ", " : "", p->name);
}

static rad_status read_parameter(reader *r, const rad_node *node, const char *image,
                                 rad_pyr_arguments *arguments) {
    char text[256];
    const parameter *p = find_parameter(node->key);
    if (!p) return unknown(r, node);
    if (image && p->place == BEFORE)
        return rad_node_fail(node, r->name, r->error,
                             "`%s` has no effect in %s: it is done before any filter; put it into `setting`",
                             p->name, image);
    if (p->place == VOXELS) note_voxelwise(p, r->settings->pyr.voxelwise);
    void *member = (char *)arguments + p->offset;
    if (is_nothing(node)) { /* as if it were not there */
        const rad_pyr_arguments standard = rad_pyr_arguments_default();
        const size_t size = p->kind == TRUTH                          ? sizeof(bool)
                            : p->kind == NUMBER                       ? sizeof(double)
                            : p->kind == TEXT                         ? RAD_TEXT_MAX
                            : p->kind == WHOLES || p->kind == NUMBERS ? sizeof(rad_pyr_list)
                                                                      : sizeof(int);
        memcpy(member, (const char *)&standard + p->offset, size);
        if (p->kind == INTERPOLATOR) *(int *)member = -1; /* None: not resampled */
        return RAD_OK;
    }
    if (read_value(p, node, member)) return RAD_OK;
    return rad_node_fail_value(node, r->name, r->error, "`%s` must be %s", p->name,
                               allowed(p, text, sizeof text));
}

static rad_status check_arguments(const reader *r, const rad_node *node, const rad_pyr_arguments *a) {
    const rad_pyr_case *c = &a->first;
    if (c->spacing.count && c->spacing.count != 3)
        return rad_node_fail(node, r->name, r->error, "`resampledPixelSpacing` needs three numbers, x, y, z");
    if (c->range.count > 2)
        return rad_node_fail(node, r->name, r->error, "`resegmentRange` needs one number or two");
    if (!(a->width > 0)) return rad_node_fail(node, r->name, r->error, "`binWidth` must be above 0");
    if (!a->distances.count) return rad_node_fail(node, r->name, r->error, "`distances` is empty");
    for (size_t i = 0; i < a->sigma.count; i++)
        if (!(a->sigma.value[i] > 0))
            return rad_node_fail(node, r->name, r->error, "`sigma` must be above 0");
    return RAD_OK;
}

static rad_status read_arguments(reader *r, const rad_node *map, const char *image,
                                 rad_pyr_arguments *arguments) {
    rad_status status = RAD_OK;
    if (is_nothing(map)) return RAD_OK;
    if (map->kind != RAD_NODE_MAP)
        return rad_node_fail_value(map, r->name, r->error, "keys and values are expected here");
    for (size_t i = 0; i < map->count && status == RAD_OK; i++)
        status = read_parameter(r, &map->child[i], image, arguments);
    return status == RAD_OK ? check_arguments(r, map, arguments) : status;
}

/* Names that PyRadiomics has and that give nothing there, since another feature says the same. */
static bool is_void(const char *class_name, const char *feature) {
    static const char *const names[] = {"glcm_Dissimilarity",
                                        "glcm_Homogeneity1",
                                        "glcm_Homogeneity2",
                                        "glcm_SumVariance",
                                        "gldm_GrayLevelNonUniformityNormalized",
                                        "gldm_DependencePercentage"};
    const size_t length = strlen(class_name);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!strncmp(names[i], class_name, length) && names[i][length] == '_' &&
            !strcmp(names[i] + length + 1, feature))
            return true;
    return false;
}

static rad_status read_class(const reader *r, const rad_node *node, rad_pyr_settings *pyr, size_t *next) {
    int c = 0;
    while (c < RAD_PYR_CLASSES && strcmp(rad_pyr_classes[c]->key, node->key) != 0) c++;
    if (c == RAD_PYR_CLASSES)
        return rad_node_fail(node, r->name, r->error,
                             "`%.60s` is not a feature class; the classes are firstorder, glcm, gldm, glrlm, "
                             "glszm, ngtdm, shape, shape2D",
                             node->key);
    pyr->order[(*next)++] = (unsigned char)c;
    pyr->chosen[c] = 0;
    if (is_nothing(node) || (node->kind == RAD_NODE_LIST && !node->count)) {
        pyr->chosen[c] = rad_pyr_standard(c);
        return RAD_OK;
    }
    if (node->kind != RAD_NODE_LIST)
        return rad_node_fail_value(node, r->name, r->error, "a list of features is expected here");
    for (size_t i = 0; i < node->count; i++) {
        const rad_node *feature = &node->child[i];
        const int bit = feature->kind == RAD_NODE_TEXT ? rad_pyr_find(c, feature->text) : -1;
        if (bit < 0 && !(feature->kind == RAD_NODE_TEXT && is_void(node->key, feature->text)))
            return rad_node_fail(feature, r->name, r->error, "`%.80s` is not a feature of %s",
                                 feature->kind == RAD_NODE_TEXT ? feature->text : "a list", node->key);
        if (bit >= 0) pyr->chosen[c] |= 1U << bit;
    }
    return RAD_OK;
}

/* Shape first, then classes in the order of the file, then those that are not asked for. */
static void order_classes(const unsigned char *asked, size_t count, rad_pyr_settings *pyr) {
    bool there[RAD_PYR_CLASSES] = {false};
    size_t next = 0;
    for (int shapes = 1; shapes >= 0; shapes--)
        for (size_t i = 0; i < count; i++) {
            const bool shape = asked[i] >= RAD_PYR_SHAPE;
            if (shape != shapes || there[asked[i]]) continue;
            there[asked[i]] = true;
            pyr->order[next++] = asked[i];
        }
    for (int c = 0; c < RAD_PYR_CLASSES; c++)
        if (!there[c]) pyr->order[next++] = (unsigned char)c;
}

/* A map without keys is as none; a text or a list is none of the two. */
static bool is_empty(const rad_node *map) {
    return !map || is_nothing(map) || (map->kind == RAD_NODE_MAP && !map->count);
}

static rad_status read_classes(const reader *r, const rad_node *map, rad_pyr_settings *pyr) {
    unsigned char asked[RAD_PYR_CLASSES];
    size_t count = 0;
    rad_status status = RAD_OK;
    if (is_empty(map)) {
        for (int c = 0; c < RAD_PYR_CLASSES; c++) {
            asked[count++] = (unsigned char)c;
            /* as there: a file without classes has shape2D, no file has not */
            pyr->chosen[c] = c == RAD_PYR_SHAPE2D && !r->name ? 0 : rad_pyr_standard(c);
        }
    } else if (map->kind != RAD_NODE_MAP) {
        return rad_node_fail_value(map, r->name, r->error, "classes are keys, such as `glcm: [Contrast]`");
    } else {
        for (size_t i = 0; i < map->count && status == RAD_OK; i++)
            status = read_class(r, &map->child[i], pyr, &count);
        memcpy(asked, pyr->order, count);
    }
    if (status == RAD_OK) order_classes(asked, count, pyr);
    return status;
}

static rad_status read_images(reader *r, const rad_node *map, const rad_pyr_settings *classes,
                              const rad_pyr_arguments *base) {
    rad_settings *s = r->settings;
    rad_status status = RAD_OK;
    const bool original = is_empty(map);
    s->pyr.original = original;
    rad_pyr_images_original(s, base, classes, original);
    if (original) return RAD_OK;
    if (map->kind != RAD_NODE_MAP)
        return rad_node_fail_value(map, r->name, r->error, "image types are keys, such as `Wavelet: {}`");
    for (size_t i = 0; i < map->count && status == RAD_OK; i++) {
        const rad_node *node = &map->child[i];
        rad_pyr_arguments own = *base;
        rad_error why = {0};
        status = read_arguments(r, node, node->key, &own);
        if (status == RAD_OK && !strcmp(node->key, "Original")) {
            s->pyr.original = true;
            rad_pyr_images_original(s, &own, classes, true);
        } else if (status == RAD_OK && rad_pyr_images_add(s, node->key, &own, classes, &why) != RAD_OK) {
            status = why.status == RAD_NO_MEMORY ? rad_fail(r->error, RAD_NO_MEMORY, "%s", why.text)
                                                 : rad_node_fail(node, r->name, r->error, "%s", why.text);
        }
    }
    return status;
}

static void write_text(FILE *out, const char *text) {
    fputc('"', out);
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\') fputc('\\', out);
        fputc(*c, out);
    }
    fputc('"', out);
}

static void write_node(FILE *out, const rad_node *node);

static void write_children(FILE *out, const rad_node *node) {
    for (size_t i = 0; i < node->count; i++) {
        if (i) fputs(", ", out);
        if (node->kind == RAD_NODE_MAP) fprintf(out, "%s: ", node->child[i].key);
        write_node(out, &node->child[i]);
    }
}

/* The document as text that reads back, however it was written. */
static void write_node(FILE *out, const rad_node *node) {
    if (node->kind == RAD_NODE_TEXT) {
        write_text(out, node->text);
        return;
    }
    fputc(node->kind == RAD_NODE_MAP ? '{' : '[', out);
    write_children(out, node);
    fputc(node->kind == RAD_NODE_MAP ? '}' : ']', out);
}

/* The settings of the file but for those that are overridden, then these. */
static void write_setting(FILE *out, const rad_node *setting, rad_pyr_overrides overrides) {
    const char *before = "setting: {";
    for (size_t i = 0; setting && setting->kind == RAD_NODE_MAP && i < setting->count; i++) {
        size_t k = 0;
        while (k < overrides.count && strcmp(overrides.row[k].name, setting->child[i].key) != 0) k++;
        if (k < overrides.count) continue;
        fprintf(out, "%s%s: ", before, setting->child[i].key);
        write_node(out, &setting->child[i]);
        before = ", ";
    }
    for (size_t k = 0; k < overrides.count; k++) {
        const bool list = strchr(overrides.row[k].value, ',') != NULL;
        fprintf(out, "%s%s: %s", before, overrides.row[k].name, list ? "[" : "");
        for (const char *at = overrides.row[k].value;; at += strcspn(at, ",") + 1) {
            char part[128];
            snprintf(part, sizeof part, "%.*s", (int)strcspn(at, ","), at);
            write_text(out, part);
            if (!at[strcspn(at, ",")]) break;
            fputs(", ", out);
        }
        if (list) fputc(']', out);
        before = ", ";
    }
    if (*before == ',') fputs("}\n", out);
}

static rad_status keep_text(const reader *r, const rad_node *root) {
    char *text = NULL;
    size_t length = 0;
    rad_settings *settings = r->settings;
    FILE *out = open_memstream(&text, &length);
    if (!out) return rad_fail(r->error, RAD_NO_MEMORY, "out of memory");
    fputs("standard: pyradiomics\n", out);
    write_setting(out, root ? rad_node_find(root, "setting") : NULL, r->overrides);
    for (size_t i = 0; root && i < root->count; i++) {
        const rad_node *node = &root->child[i];
        if (!strcmp(node->key, "standard") || !strcmp(node->key, "setting") ||
            rad_settings_is_beside(node->key))
            continue;
        fprintf(out, "%s: ", node->key);
        write_node(out, node);
        fputc('\n', out);
    }
    const bool whole = fclose(out) == 0;
    settings->pyr.parameters = whole ? rad_text_copy(text, r->error) : NULL;
    free(text); /* libc's */
    return settings->pyr.parameters ? RAD_OK : rad_fail(r->error, RAD_NO_MEMORY, "out of memory");
}

bool rad_pyr_parameters_sniff(const rad_node *root) {
    static const char *const own[] = {"setting", "imageType", "featureClass", "voxelSetting"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (rad_node_find(root, own[i])) return true;
    const rad_node *standard = rad_node_find(root, "standard");
    return standard && standard->kind == RAD_NODE_TEXT && !strcmp(standard->text, "pyradiomics");
}

static rad_status read_beside(const reader *r, const rad_node *node) {
    rad_error why = {0};
    const char *word = node->kind == RAD_NODE_TEXT ? node->text : "";
    if (rad_settings_set_words(r->settings, node->key, &word, 1, &why) == RAD_OK) return RAD_OK;
    return rad_node_fail(node, r->name, r->error, "%s", why.text);
}

/* As if the file had it: text, or a list of what commas separate. */
static rad_status read_override(reader *r, const rad_pyr_override *o, rad_pyr_arguments *base) {
    enum { PARTS = RAD_PYR_LIST_MAX + 1 }; /* one more is too many */
    char key[64], text[1024], *rest = text;
    rad_node part[PARTS], node = {.kind = RAD_NODE_TEXT, .key = key, .text = text};
    size_t count = 0;
    rad_error why = {0};
    reader own = {"-s", r->settings, {NULL, 0}, &why};
    snprintf(key, sizeof key, "%s", o->name);
    if (snprintf(text, sizeof text, "%s", o->value) >= (int)sizeof text)
        return rad_fail(r->error, RAD_CONFIG, "--setting %s: the value is longer than %zu bytes", o->name,
                        sizeof text - 1);
    const parameter *p = find_parameter(key);
    if (p && (p->kind == WHOLES || p->kind == NUMBERS)) {
        while (rest && count < PARTS)
            part[count++] = (rad_node){.kind = RAD_NODE_TEXT, .key = key, .text = strsep(&rest, ",")};
        node = (rad_node){.kind = RAD_NODE_LIST, .key = key, .child = part, .count = count};
    }
    rad_status status = read_parameter(&own, &node, NULL, base);
    if (status == RAD_OK) status = check_arguments(&own, &node, base);
    return status == RAD_OK ? RAD_OK
                            : rad_fail(r->error, RAD_CONFIG, "--setting %s:%s: %s", o->name, o->value,
                                       strrchr(why.text, '`') ? strchr(why.text, '`') : why.text);
}

static rad_status read_document(reader *r, const rad_node *root) {
    static const char *const known[] = {"standard", "setting", "imageType", "featureClass", "voxelSetting"};
    rad_pyr_arguments base = rad_pyr_arguments_default();
    rad_pyr_settings classes = {.flat = -1};
    rad_status status = RAD_OK;
    for (size_t i = 0; root && i < root->count; i++) {
        size_t k = 0;
        while (k < sizeof known / sizeof known[0] && strcmp(known[k], root->child[i].key) != 0) k++;
        if (rad_settings_is_beside(root->child[i].key)) {
            status = read_beside(r, &root->child[i]);
            if (status != RAD_OK) return status;
        } else if (k == sizeof known / sizeof known[0])
            return rad_node_fail(&root->child[i], r->name, r->error,
                                 "`%.60s` is not a key of a parameter file of PyRadiomics; the keys are "
                                 "setting, imageType, featureClass, voxelSetting",
                                 root->child[i].key);
    }
    const rad_node *setting = root ? rad_node_find(root, "setting") : NULL,
                   *voxels = root ? rad_node_find(root, "voxelSetting") : NULL;
    if (setting) status = read_arguments(r, setting, NULL, &base);
    for (size_t i = 0; i < r->overrides.count && status == RAD_OK; i++)
        status = read_override(r, &r->overrides.row[i], &base);
    if (voxels && status == RAD_OK) status = read_arguments(r, voxels, NULL, &base);
    if (status == RAD_OK)
        status = read_classes(r, root ? rad_node_find(root, "featureClass") : NULL, &classes);
    if (status == RAD_OK) {
        memcpy(base.first.voxelwise, r->settings->pyr.voxelwise, sizeof base.first.voxelwise);
        r->settings->pyr = base.first;
        r->settings->pyr.no_slice =
            !base.flat && classes.chosen[RAD_PYR_SHAPE2D] && root && rad_node_find(root, "featureClass");
        status = read_images(r, root ? rad_node_find(root, "imageType") : NULL, &classes, &base);
    }
    return status;
}

static rad_status read_parameters(reader *r, const rad_node *root) {
    rad_settings_clear(r->settings);
    rad_settings_default(r->settings);
    r->settings->standard = RAD_PYRADIOMICS;
    rad_status status = read_document(r, root);
    return status == RAD_OK ? keep_text(r, root) : status;
}

rad_status rad_pyr_parameters_read(const rad_node *root, const char *name, rad_settings *settings,
                                   rad_error *error) {
    return read_parameters(&(reader){name, settings, {NULL, 0}, error}, root);
}

rad_status rad_pyr_parameters_file(const char *path, rad_pyr_overrides overrides, rad_settings *settings,
                                   rad_error *error) {
    rad_node root;
    reader r = {path, settings, overrides, error};
    rad_settings_default(settings);
    if (!path) return read_parameters(&r, NULL);
    rad_status status = rad_document_read(path, &root, error);
    if (status != RAD_OK) return status;
    status = read_parameters(&r, &root);
    rad_node_free(&root);
    if (status != RAD_OK) rad_settings_clear(settings);
    return status;
}
