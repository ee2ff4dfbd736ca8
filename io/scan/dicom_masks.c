#include "dicom_masks.h"

#include "../../core/memory.h"
#include "../../core/names.h"
#include "../../core/printable.h"
#include "../dicom/classes.h"
#include "../dicom/others.h"
#include "../dicom/segmentation.h"
#include "../file.h"
#include "../tree.h"
#include "mask_join.h"

#include <stdio.h>
#include <string.h>

static json_t *list_structures(const char *path, rad_error *error) {
    rad_structure *structures = NULL;
    size_t count = 0;
    json_t *rois = json_array();
    if (rad_rtstruct_list(path, &structures, &count, error) == RAD_OK)
        for (size_t i = 0; i < count; i++)
            rad_tree_add(&rois, json_pack("{s:I, s:o, s:I}", "number", (json_int_t)structures[i].number,
                                          "name", rad_tree_name(structures[i].name), "contours",
                                          (json_int_t)structures[i].contours));
    rad_free(structures);
    return rois;
}

static json_t *list_segments(const char *path, rad_error *error) {
    rad_segment *segments = NULL;
    size_t count = 0;
    json_t *rois = json_array();
    if (rad_segmentation_list(path, &segments, &count, error) == RAD_OK)
        for (size_t i = 0; i < count; i++)
            rad_tree_add(&rois, json_pack("{s:I, s:o, s:I}", "number", (json_int_t)segments[i].number,
                                          "label", rad_tree_name(segments[i].name), "frames",
                                          (json_int_t)segments[i].frames));
    rad_free(segments);
    return rois;
}

const rad_mask_object rad_mask_objects[RAD_MASK_OBJECTS] = {
    {RAD_OBJECT_STRUCTURES, "structure_sets", "rois", "name", list_structures, rad_rtstruct_read, true},
    {RAD_OBJECT_SEGMENTATION, "segmentations", "segments", "label", list_segments, rad_segmentation_read,
     false},
};

const rad_mask_object *rad_mask_object_find(rad_object object) {
    for (size_t i = 0; i < RAD_MASK_OBJECTS; i++)
        if (rad_mask_objects[i].object == object) return &rad_mask_objects[i];
    return NULL;
}

/* An object that may be the mask. */
typedef struct candidate {
    const rad_instance *file;
    const rad_mask_object *kind;
    json_t *rois; /* owned; NULL while there is one object only */
    bool copy;
} candidate;

typedef struct choosing {
    const char *path;
    const rad_drawing *drawing;
    candidate *row; /* owned */
    size_t count;
    rad_warnings *warnings;
} choosing;

static void free_rows(choosing *c) {
    for (size_t i = 0; i < c->count; i++) json_decref(c->row[i].rois);
    rad_free(c->row);
}

static rad_status no_mask(const char *path, const rad_folder *folder, rad_error *error) {
    static const char help[] = "a structure set, a segmentation or a NIfTI mask is needed";
    char there[500] = "";
    for (size_t i = 0; i < folder->count; i++)
        if (rad_instance_is_image(&folder->instances[i]))
            return rad_fail(error, RAD_UNREADABLE, "%s: holds images, not a mask; %s", path, help);
    rad_others_list(folder, there, sizeof there);
    return rad_fail(error, RAD_UNREADABLE, "%s: no mask among %zu DICOM file%s and %zu other%s%s%s; %s", path,
                    folder->count, rad_plural(folder->count), folder->others, rad_plural(folder->others),
                    *there ? "; the DICOM files: " : "", there, help);
}

static rad_status find_candidates(choosing *c, const rad_folder *folder, rad_error *error) {
    c->row = rad_new(folder->count, sizeof *c->row, error);
    if (!c->row) return RAD_NO_MEMORY;
    for (size_t i = 0; i < folder->count; i++) {
        const rad_instance *n = &folder->instances[i];
        const rad_mask_object *kind = rad_mask_object_find(n->object);
        if (kind) c->row[c->count++] = (candidate){.file = n, .kind = kind};
        if (kind && !rad_class_words(n->sop_class))
            rad_warn(c->warnings,
                     "%.200s: " RAD_TAG_FORMAT
                     " is %s, which is not known; it is taken as a mask by its modality %s",
                     n->path, RAD_TAG_WORDS(rad_tag_SOPClassUID), *n->sop_class ? n->sop_class : "absent",
                     n->modality);
        if (!kind && n->error.status != RAD_OK && rad_mask_object_find(rad_class_object(n->sop_class)))
            rad_warn(c->warnings, "%.450s; it is left out", n->error.text);
    }
    return c->count ? RAD_OK : no_mask(c->path, folder, error);
}

static const char *name_of(const candidate *k, size_t roi) {
    const char *name = json_string_value(json_object_get(json_array_get(k->rois, roi), k->kind->name));
    return name ? name : "";
}

/* Numbers say nothing where several objects count for themselves. */
static bool wants(const choosing *c, const candidate *k, size_t roi) {
    return rad_choice_wants(c->drawing->choice, name_of(k, roi), INT64_MIN);
}

static bool is_original(const choosing *c, const candidate *k) {
    (void)c;
    return !k->copy;
}

static bool in_frame(const choosing *c, const candidate *k) {
    const char *image = c->drawing->frame_of_reference, *own = k->file->frame_of_reference;
    return c->drawing->any_frame || !image || !*image || !*own || !strcmp(image, own);
}

static bool on_series(const choosing *c, const candidate *k) {
    return !c->drawing->series || !*c->drawing->series || !strcmp(c->drawing->series, k->file->referenced);
}

static bool has_wanted(const choosing *c, const candidate *k) {
    bool has = false;
    for (size_t i = 0; i < json_array_size(k->rois); i++) has = has || wants(c, k, i);
    return has;
}

/* Leaves out the objects that fail a test which some pass. */
static void keep(choosing *c, bool (*test)(const choosing *, const candidate *), const char *why) {
    size_t passed = 0, kept = 0;
    const candidate *first = NULL;
    for (size_t i = 0; i < c->count; i++) passed += test(c, &c->row[i]);
    if (!passed || passed == c->count) return;
    for (size_t i = 0; i < c->count && !first; i++)
        if (!test(c, &c->row[i])) first = &c->row[i];
    if (!first) return;
    const size_t out = c->count - passed;
    rad_warn(c->warnings, "%.200s: %zu structure set%s or segmentation%s %s left out, the first %.200s: %s",
             c->path, out, rad_plural(out), rad_plural(out), out == 1 ? "is" : "are", first->file->path, why);
    for (size_t i = 0; i < c->count; i++)
        if (test(c, &c->row[i]))
            c->row[kept++] = c->row[i];
        else
            json_decref(c->row[i].rois);
    c->count = kept;
}

/* Files of one SOPInstanceUID and the same bytes; many objects of one UID are no copies. */
static rad_status mark_copies(choosing *c, rad_error *error) {
    enum { MOST = 8 };
    rad_names uid;
    rad_status status = rad_names_allocate(&uid, c->count, error);
    if (status != RAD_OK) return status;
    for (size_t i = 0; i < c->count; i++) uid.row[i] = (rad_name){c->row[i].file->sop_instance, i};
    rad_names_sort(&uid);
    for (size_t i = 1; i < c->count; i++) {
        candidate *own = &c->row[uid.row[i].place];
        for (size_t k = i; k-- > 0 && i - k <= MOST && *uid.row[i].text && !own->copy;) {
            if (strcmp(uid.row[k].text, uid.row[i].text) != 0) break;
            own->copy = rad_file_same(c->row[uid.row[k].place].file->path, own->file->path);
        }
    }
    rad_names_free(&uid);
    return RAD_OK;
}

/* A name that two objects have, of those that are wanted; or NULL. */
static rad_status find_shared(const choosing *c, const char **name, rad_error *error) {
    rad_names names;
    size_t count = 0, first = c->count;
    *name = NULL;
    for (size_t i = 0; i < c->count; i++) count += json_array_size(c->row[i].rois);
    rad_status status = rad_names_allocate(&names, count, error);
    if (status != RAD_OK) return status;
    names.count = 0;
    for (size_t i = 0; i < c->count; i++)
        for (size_t a = 0; a < json_array_size(c->row[i].rois); a++)
            if (wants(c, &c->row[i], a)) names.row[names.count++] = (rad_name){name_of(&c->row[i], a), i};
    rad_names_sort(&names);
    for (size_t r = 1; r < names.count; r++) {
        const rad_name *n = &names.row[r];
        if (strcmp(n->text, n[-1].text) != 0 || n->place == n[-1].place || n->place >= first) continue;
        *name = n->text;
        first = n->place;
    }
    rad_names_free(&names);
    return RAD_OK;
}

/* "a.dcm (GTV, CTV), b.dcm (GTV)": as many as there is room for. */
static const char *list_candidates(const choosing *c, char *text, size_t size) {
    size_t used = 0;
    *text = '\0';
    for (size_t i = 0; i < c->count; i++) {
        const candidate *k = &c->row[i];
        const size_t rois = json_array_size(k->rois);
        if (used + 260 > size) {
            snprintf(text + used, size - used, ", ... and %zu more", c->count - i);
            break;
        }
        used += (size_t)snprintf(text + used, size - used, "%s%.120s (", i ? ", " : "", k->file->path);
        for (size_t r = 0; r < rois && r < 3; r++)
            used += (size_t)snprintf(text + used, size - used, "%s%.30s", r ? ", " : "", name_of(k, r));
        used += (size_t)snprintf(text + used, size - used, "%s", rois > 3 ? ", ...)" : ")");
    }
    return text;
}

static rad_status refuse(const choosing *c, const char *name, rad_error *error) {
    char there[620], why[120];
    snprintf(why, sizeof why, name ? "several have the ROI %.64s" : "none has a ROI of --roi by name", name);
    return rad_fail(
        error, RAD_UNREADABLE,
        "%.160s: holds %zu structure sets or segmentations for this image, and %s; give one file, "
        "or choose with --roi by names that one has: %s",
        c->path, c->count, why, list_candidates(c, there, sizeof there));
}

static rad_status list_rois(choosing *c, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < c->count && status == RAD_OK; i++) {
        rad_error why = {0};
        c->row[i].rois = c->row[i].kind->list(c->row[i].file->path, &why);
        if (why.status != RAD_OK) {
            status = why.status;
            if (error) *error = why;
        }
    }
    return status;
}

static rad_status read_one(const choosing *c, const candidate *k, rad_mask *mask, rad_error *error) {
    rad_status status = k->kind->read(k->file->path, c->drawing, mask, c->warnings, error);
    return status == RAD_OK && !k->kind->drawn && !c->drawing->flat ? rad_mask_turn(mask, error) : status;
}

/* The labels of one object that are wanted, behind those of the objects before. */
static rad_status join_one(const choosing *c, const candidate *k, int64_t *number, rad_mask *all,
                           rad_error *error) {
    rad_mask one = {.label_count = 0};
    rad_status status = read_one(c, k, &one, error);
    if (status == RAD_OK) status = rad_mask_join_settle(&one, &all->volume.geometry, k->file->path, error);
    for (size_t i = 0; i < one.label_count && status == RAD_OK; i++) {
        const rad_label *l = &one.labels[i];
        char name[160];
        rad_label_text(l, name, sizeof name);
        if (rad_choice_wants(c->drawing->choice, name, INT64_MIN))
            status = rad_mask_join_label(&one, l, ++*number, name, all, error);
    }
    rad_mask_free(&one);
    return status;
}

static rad_status join(const choosing *c, rad_mask *mask, rad_error *error) {
    int64_t number = 0;
    *mask = (rad_mask){.volume = {.geometry = *c->drawing->grid, .type = RAD_FLOAT64, .slope = 1}};
    rad_status status = rad_mask_begin(mask, error);
    for (size_t i = 0; i < c->count && status == RAD_OK; i++)
        status = join_one(c, &c->row[i], &number, mask, error);
    if (status == RAD_OK) status = rad_mask_end(mask, error);
    if (status != RAD_OK) rad_mask_free(mask);
    return status;
}

/* Several objects: those that do not belong to the image or to the choice are left out. */
static rad_status choose(choosing *c, rad_mask *mask, rad_error *error) {
    const char *shared;
    rad_status status = mark_copies(c, error);
    if (status != RAD_OK) return status;
    keep(c, is_original, "a copy of another file");
    keep(c, in_frame, "it is in another frame of reference than the image");
    keep(c, on_series, "it was made on another series than the image");
    status = list_rois(c, error);
    if (status != RAD_OK || c->count == 1) return status;
    keep(c, has_wanted, "it has no ROI of --roi");
    if (c->count == 1) return RAD_OK;
    status = find_shared(c, &shared, error);
    if (status != RAD_OK) return status;
    if (shared || !has_wanted(c, c->row)) return refuse(c, shared, error);
    return join(c, mask, error);
}

rad_status rad_dicom_masks_read(const char *path, const rad_folder *folder, const rad_drawing *drawing,
                                rad_mask *mask, rad_warnings *warnings, rad_error *error) {
    choosing c = {.path = path, .drawing = drawing, .warnings = warnings};
    rad_status status = find_candidates(&c, folder, error);
    if (status == RAD_OK && c.count > 1) status = choose(&c, mask, error);
    if (status == RAD_OK && c.count == 1) status = read_one(&c, c.row, mask, error);
    free_rows(&c);
    return status;
}
