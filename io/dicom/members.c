#include "members.h"

#include "../../core/memory.h"
#include "../../core/names.h"
#include "../../core/printable.h"
#include "../file.h"
#include "frames.h"
#include "others.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

size_t rad_series_next(const rad_folder *folder, size_t *at, const rad_instance **members) {
    const rad_instance *all = folder->instances;
    while (*at < folder->count && (!rad_instance_is_image(&all[*at]) || all[*at].kin != *at)) ++*at;
    size_t count = 0;
    for (size_t i = *at; i < folder->count; i++)
        if (rad_instance_is_image(&all[i]) && all[i].kin == *at) members[count++] = &all[i];
    ++*at;
    return count;
}

static bool is_placed(const rad_instance *n) {
    return n->frame_count && isfinite(n->frames[0].position[0]);
}

/* What it is, where it is not one of the slices: a picture for orientation or a report. Else NULL. */
static const char *aside(const rad_instance *n) {
    if (n->localizer) return "a localizer (ImageType)";
    if (n->object == RAD_OBJECT_DOSE) return "a dose";
    if (n->object == RAD_OBJECT_FLAT) return "a picture, not a slice";
    if (is_placed(n)) return NULL;
    if (n->error.status != RAD_OK && n->format.samples > 1) return "a picture in colour without a position";
    return n->captured ? "a secondary picture (ImageType) without a position" : NULL;
}

static bool is_usable(const rad_instance *n) {
    return n->error.status == RAD_OK && !aside(n);
}

/* Files of one kind that are left out: one warning. */
typedef struct left {
    const rad_instance *first;
    const char *why;
    size_t count;
} left;

static void leave(left *l, const rad_instance *n, const char *why) {
    if (!l->count++) {
        l->first = n;
        l->why = why;
    }
}

static void tell(const left *l, const char *of, rad_warnings *warnings) {
    char more[48] = "";
    if (!l->count) return;
    if (l->count > 1)
        snprintf(more, sizeof more, "; %zu more like it %s", l->count - 1, l->count == 2 ? "is" : "are");
    rad_warn(warnings, "%.200s: is left out: %s%.200s%s", l->first->path, of, l->why, more);
}

static void drop_aside(const rad_instance **members, size_t *count, rad_warnings *warnings) {
    left localizers = {.count = 0}, pictures = {.count = 0};
    size_t kept = 0, here = 0;
    for (size_t i = 0; i < *count; i++) kept += !aside(members[i]);
    if (!kept) return;
    for (size_t i = 0; i < *count; i++) {
        const char *why = aside(members[i]);
        if (why)
            leave(members[i]->localizer ? &localizers : &pictures, members[i], why);
        else
            members[here++] = members[i];
    }
    *count = here;
    tell(&localizers, "", warnings);
    tell(&pictures, "", warnings);
}

static bool same_format(const rad_instance *a, const rad_instance *b) {
    const rad_pixel_format *f = &a->format, *g = &b->format;
    return f->rows == g->rows && f->columns == g->columns && f->samples == g->samples &&
           f->bits_allocated == g->bits_allocated && f->bits_stored == g->bits_stored &&
           f->high_bit == g->high_bit && f->is_signed == g->is_signed && f->hue == g->hue &&
           a->frame_count == b->frame_count &&
           !memcmp(a->frames, b->frames, a->frame_count * sizeof *a->frames);
}

/* Where the PixelData of a file lies, as the file has it. */
static bool open_pixels(const rad_instance *n, int *file, size_t *begin, size_t *length) {
    rad_moment moment;
    if (rad_file_open(n->path, file, &moment, NULL) != RAD_OK) return false;
    const bool coded = n->data.encapsulated || n->data.deflated_at;
    *begin = n->data.deflated_at ? n->data.deflated_at : n->data.offset;
    if (moment.size < *begin) return false;
    *length = coded ? moment.size - *begin : n->data.length;
    return true;
}

/* The same PixelData, byte for byte; files that cannot be read are not the same, and say why later. */
static bool same_pixels(const rad_instance *a, const rad_instance *b) {
    enum { PIECE = 1 << 14 };
    const rad_instance *const of[2] = {a, b};
    int files[2] = {-1, -1};
    size_t begin[2] = {0}, length[2] = {0};
    unsigned char bytes[2][PIECE];
    bool same = true;
    for (int i = 0; i < 2 && same; i++) same = open_pixels(of[i], &files[i], &begin[i], &length[i]);
    same = same && length[0] == length[1];
    for (size_t at = 0, piece; at < length[0] && same; at += piece) {
        piece = length[0] - at < PIECE ? length[0] - at : PIECE;
        for (int i = 0; i < 2 && same; i++)
            same = rad_file_read(of[i]->path, files[i], bytes[i], piece, begin[i] + at, NULL) == RAD_OK;
        same = same && !memcmp(bytes[0], bytes[1], piece);
    }
    for (int i = 0; i < 2; i++)
        if (files[i] >= 0) close(files[i]);
    return same;
}

/* A frame of both, each of them decoded. */
static bool same_frame(const rad_frames of[2], size_t frame, unsigned char *const voxels[2], size_t bytes) {
    const size_t begin[2] = {0, 0}, end[2] = {of[0].format.columns, of[0].format.rows};
    bool same = true;
    for (int i = 0; i < 2 && same; i++)
        same = rad_frames_read(&of[i], frame, begin, end, voxels[i], NULL) == RAD_OK;
    return same && !memcmp(voxels[0], voxels[1], bytes);
}

/* The same voxels, however each file packs them. */
static bool same_voxels(const rad_instance *a, const rad_instance *b) {
    const rad_instance *const of[2] = {a, b};
    rad_frames frames[2] = {{.file = 0}, {.file = 0}};
    unsigned char *voxels[2] = {NULL, NULL};
    rad_decoders decoders = {0};
    const size_t pixels = (size_t)a->format.rows * a->format.columns,
                 width = rad_type_size(rad_frames_type(&a->format));
    bool same = true;
    for (int i = 0; i < 2 && same; i++) {
        const rad_instance *n = of[i];
        voxels[i] = rad_new_raw(pixels, width, NULL);
        same = voxels[i] && rad_frames_open(n->path, &n->format, &n->data, n->frame_count, &decoders,
                                            &frames[i], NULL) == RAD_OK;
    }
    for (size_t f = 0; f < a->frame_count && same; f++) same = same_frame(frames, f, voxels, pixels * width);
    for (int i = 0; i < 2; i++) {
        rad_frames_close(&frames[i]);
        rad_free(voxels[i]);
    }
    rad_decoders_end(&decoders, a->path, NULL);
    return same;
}

bool rad_members_same(const rad_instance *a, const rad_instance *b) {
    if (!same_format(a, b)) return false;
    if (strcmp(a->format.syntax, b->format.syntax) != 0) return same_voxels(a, b);
    return a->data.length == b->data.length && same_pixels(a, b);
}

/* Does the slice lie in the plane of the other (1), stand on it (-1), or neither? */
static int plane_of(const rad_instance *n, const rad_instance *other) {
    static const double along = 0.9, across = 0.5;
    double a[3], b[3];
    rad_frame_normal(&n->frames[0], a);
    rad_frame_normal(&other->frames[0], b);
    const double cosine = fabs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
    return cosine > along ? 1 : cosine < across ? -1 : 0;
}

static bool is_slice(const rad_instance *n) {
    return n->frame_count == 1 && is_placed(n) && isfinite(n->frames[0].orientation[0]);
}

/* A slice in whose plane more than half of them lie, if there is one. */
static const rad_instance *most_common(const rad_instance *const *members, size_t count) {
    const rad_instance *found = NULL;
    for (size_t i = 0, votes = 0; i < count; i++) {
        if (!is_slice(members[i])) return NULL;
        if (!votes) found = members[i];
        votes += votes && plane_of(members[i], found) != 1 ? (size_t)-1 : 1;
    }
    return found;
}

/* A few slices that stand on all others: a localizer, or a reformat, whose ImageType does not say so. If one
 * has the place of a slice, the others lack it, and are refused for that. */
static void drop_standing(const rad_instance **members, size_t *count, rad_warnings *warnings) {
    enum { FOR_EACH = 3 };
    left standing = {.count = 0};
    const rad_instance *usual = most_common(members, *count);
    size_t upright = 0, here = 0;
    for (size_t i = 0; i < *count && usual; i++) {
        const int plane = plane_of(members[i], usual);
        if (!plane) return;
        upright += plane < 0;
    }
    if (!usual || !upright || upright * FOR_EACH > *count - upright) return;
    for (size_t i = 0; i < *count; i++)
        if (plane_of(members[i], usual) < 0)
            leave(&standing, members[i],
                  "it stands on all other slices of the series (a localizer, a reformat)");
        else
            members[here++] = members[i];
    *count = here;
    tell(&standing, "", warnings);
}

/* Of members in the order of their SOPInstanceUID: is this a copy of one before it? */
static bool is_copy(const rad_names *names, size_t at, const rad_instance *const *members) {
    const rad_instance *n = members[names->row[at].place];
    for (size_t i = at; *n->sop_instance && i > 0 && !strcmp(names->row[i - 1].text, n->sop_instance); i--) {
        const rad_instance *before = members[names->row[i - 1].place];
        if (rad_members_same(before, n)) return true;
        if (at - i > 8) break; /* many objects of one UID are no copies */
    }
    return false;
}

static const char damaged_copy[] = "a damaged copy of a file that is whole beside it";

/* Can its voxels be read? */
static rad_status look_whole(const rad_instance *n, bool *whole, rad_error *error) {
    rad_frames frames = {.file = 0};
    rad_decoders none = {0};
    rad_error why = n->error;
    if (why.status == RAD_OK)
        why.status = rad_frames_open(n->path, &n->format, &n->data, n->frame_count, &none, &frames, &why);
    rad_frames_close(&frames);
    *whole = why.status == RAD_OK;
    return why.status == RAD_NO_MEMORY ? rad_fail(error, RAD_NO_MEMORY, "%s", why.text) : RAD_OK;
}

/* Of members in the order of their SOPInstanceUID, from..end of one UID: damaged ones beside one that is
 * whole, as a download leaves them that was broken off. */
static rad_status find_damaged(const rad_names *names, size_t from, size_t end,
                               const rad_instance *const *members, bool *drop, rad_error *error) {
    bool any = false, whole;
    for (size_t i = from; i < end; i++) {
        const size_t at = names->row[i].place;
        if (look_whole(members[at], &whole, error) != RAD_OK) return RAD_NO_MEMORY;
        drop[at] = !whole;
        any = any || whole;
    }
    for (size_t i = from; i < end && !any; i++) drop[names->row[i].place] = false;
    return RAD_OK;
}

/* Members that are marked are left out. */
static void drop_marked(const rad_instance **members, size_t *count, const bool *drop, const char *why,
                        rad_warnings *warnings) {
    left out = {.count = 0};
    size_t here = 0;
    for (size_t i = 0; i < *count; i++)
        if (drop[i])
            leave(&out, members[i], why);
        else
            members[here++] = members[i];
    *count = here;
    tell(&out, "", warnings);
}

static rad_status sort_members(const rad_instance *const *members, size_t count, rad_names *names,
                               bool **drop, rad_error *error) {
    *drop = rad_new(count, sizeof **drop, error);
    if (!*drop) return RAD_NO_MEMORY;
    rad_status status = rad_names_allocate(names, count, error);
    for (size_t i = 0; i < count && status == RAD_OK; i++)
        names->row[i] = (rad_name){members[i]->sop_instance, i};
    if (status == RAD_OK) rad_names_sort(names);
    return status;
}

static rad_status drop_damaged(const rad_instance **members, size_t *count, rad_warnings *warnings,
                               rad_error *error) {
    rad_names names = {.count = 0};
    bool *drop;
    rad_status status = sort_members(members, *count, &names, &drop, error);
    for (size_t i = 0, end; i < *count && status == RAD_OK; i = end) {
        const char *uid = names.row[i].text;
        for (end = i + 1; end < *count && !strcmp(names.row[end].text, uid); end++) {
        }
        if (*uid && end - i > 1) status = find_damaged(&names, i, end, members, drop, error);
    }
    if (status == RAD_OK) drop_marked(members, count, drop, damaged_copy, warnings);
    rad_names_free(&names);
    rad_free(drop);
    return status;
}

static rad_status drop_copies(const rad_instance **members, size_t *count, rad_warnings *warnings,
                              rad_error *error) {
    rad_names names = {.count = 0};
    bool *drop;
    rad_status status = sort_members(members, *count, &names, &drop, error);
    for (size_t i = 1; i < *count && status == RAD_OK; i++)
        drop[names.row[i].place] = is_copy(&names, i, members);
    if (status == RAD_OK)
        drop_marked(members, count, drop,
                    "a copy of another file of the series (SOPInstanceUID and voxels are the same)",
                    warnings);
    rad_names_free(&names);
    rad_free(drop);
    return status;
}

rad_status rad_members_clean(const rad_instance **members, size_t *count, rad_warnings *warnings,
                             rad_error *error) {
    drop_aside(members, count, warnings);
    const rad_status status = drop_damaged(members, count, warnings, error);
    if (status != RAD_OK) return status;
    for (size_t i = 0; i < *count; i++)
        if (members[i]->error.status != RAD_OK) {
            *error = members[i]->error;
            return error->status;
        }
    drop_standing(members, count, warnings);
    return drop_copies(members, count, warnings, error);
}

static size_t count_usable(const rad_instance *const *members, size_t count) {
    size_t usable = 0;
    for (size_t i = 0; i < count; i++) usable += is_usable(members[i]);
    return usable;
}

/* "1.2.3 (CT, 60 files), 4.5.6 (PT, 51 files)": series of which anything can be used, or all where none can.
 */
static void list_series(const rad_folder *folder, bool all, const rad_instance **members, char *text,
                        size_t size, size_t *series) {
    size_t at = 0, used = 0, files;
    *text = '\0';
    for (*series = 0; (files = rad_series_next(folder, &at, members)) > 0;) {
        if (!all && !count_usable(members, files)) continue;
        if (used + 100 < size)
            used +=
                (size_t)snprintf(text + used, size - used, "%s%s (%.16s, %zu file%s)", *series ? ", " : "",
                                 members[0]->series, members[0]->modality, files, rad_plural(files));
        ++*series;
    }
}

/* What a word may say of a series, in this order of precedence. */
typedef enum naming { UID, MODALITY, DESCRIPTION, NUMBER, PART, NAMINGS } naming;

static bool is_named(naming how, const char *word, const rad_instance *n, size_t number) {
    char digits[24];
    switch (how) {
    case UID:
        return !strcmp(n->series, word);
    case MODALITY:
        return !strcasecmp(n->modality, word);
    case DESCRIPTION:
        return *n->description && !strcasecmp(n->description, word);
    case NUMBER:
        snprintf(digits, sizeof digits, "%zu", number);
        return !strcmp(digits, word);
    default:
        return *n->description && strcasestr(n->description, word);
    }
}

/* The UID of the one series that the word means: *found series, of which the last has it. */
static const char *find_named(const rad_folder *folder, const char *word, const rad_instance **members,
                              size_t *found) {
    const char *uid = word;
    *found = 0;
    for (naming how = UID; how < NAMINGS && !*found; how++) {
        size_t at = 0, number = 0;
        while (rad_series_next(folder, &at, members) > 0)
            if (is_named(how, word, members[0], ++number)) {
                uid = members[0]->series;
                ++*found;
            }
    }
    return uid;
}

static rad_status choose(const char *path, const rad_folder *folder, const char *word,
                         const rad_instance **members, size_t *count, rad_error *error) {
    char there[700];
    size_t named = 0;
    const char *uid = word ? find_named(folder, word, members, &named) : NULL;
    size_t series = 0, at = 0;
    bool all = uid != NULL;
    list_series(folder, all, members, there, sizeof there, &series);
    if (!series && !all) list_series(folder, all = true, members, there, sizeof there, &series);
    if (!series) {
        rad_others_list(folder, there, sizeof there);
        if (!folder->count && folder->packed)
            snprintf(there, sizeof there, "; %zu of them %s", folder->packed,
                     folder->packed == 1 ? "is packed: unpack it, and give its folder"
                                         : "are packed: unpack them, and give their folder");
        return rad_fail(error, RAD_UNREADABLE, "%.200s: no image among %zu DICOM file%s and %zu other%s%s%s",
                        path, folder->count, rad_plural(folder->count), folder->others,
                        rad_plural(folder->others), folder->count ? "; the DICOM files: " : "", there);
    }
    if (series > 1 && !uid)
        return rad_fail(
            error, RAD_UNREADABLE,
            "%.200s: %zu series; choose one with --series, by UID, modality, description or number: %s", path,
            series, there);
    if (named > 1)
        return rad_fail(error, RAD_UNREADABLE,
                        "%.200s: %zu series are meant by %.100s; choose one by its UID: %s", path, named,
                        word, there);
    while ((*count = rad_series_next(folder, &at, members)) > 0)
        if (uid ? !strcmp(members[0]->series, uid) : all || count_usable(members, *count)) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE, "%.200s: has no series %.100s; its series: %s", path, uid, there);
}

static void warn_of_uid(const rad_instance *n, rad_warnings *warnings) {
    enum { ALLOWED = 64 };
    const size_t length = strlen(n->series);
    if (length > ALLOWED)
        rad_warn(warnings, "%.200s: " RAD_TAG_FORMAT " has %zu characters; up to %d are allowed", n->path,
                 RAD_TAG_WORDS(rad_tag_SeriesInstanceUID), length, ALLOWED);
}

/* Is a damaged file a copy of an image whose header is whole? */
static bool is_copied(const rad_folder *folder, const rad_instance *n) {
    if (n->error.status != RAD_UNREADABLE || !*n->sop_instance) return false;
    for (size_t i = 0; i < folder->count; i++) {
        const rad_instance *m = &folder->instances[i];
        if (m->error.status == RAD_OK && rad_instance_is_image(m) &&
            !strcmp(m->sop_instance, n->sop_instance) && !strcmp(m->series, n->series))
            return true;
    }
    return false;
}

/* Files that are neither of the series nor whole: one that may be of it stops it, since slices may be lost
 * without a sign; others are left out. So are pictures that are stored with the series. */
static rad_status pass_over(const rad_folder *folder, const rad_instance *chosen, bool asked,
                            rad_warnings *warnings, rad_error *error) {
    left damaged = {.count = 0}, captures = {.count = 0}, pictures = {.count = 0}, copies = {.count = 0};
    for (size_t i = 0; i < folder->count; i++) {
        const rad_instance *n = &folder->instances[i];
        const bool same = !strcmp(n->series, chosen->series);
        if (rad_instance_is_image(n) && same) continue;
        const bool may_be =
            same || (!*n->series && (!*n->modality || !strcmp(n->modality, chosen->modality)));
        if (is_copied(folder, n)) {
            leave(&copies, n, damaged_copy);
            continue;
        }
        if (n->error.status != RAD_OK && may_be) {
            *error = n->error;
            return error->status;
        }
        if (n->error.status != RAD_OK)
            leave(&damaged, n, strstr(n->error.text, ": ") ? strstr(n->error.text, ": ") + 2 : n->error.text);
        else if (same)
            leave(&captures, n, "a picture or report that is stored with the series, not one of its slices");
        else if (!asked && rad_instance_is_image(n) && n->object != RAD_OBJECT_DOSE && aside(n))
            leave(&pictures, n, aside(n)); /* nobody said that its series is not meant */
    }
    tell(&damaged, "of another series: ", warnings);
    tell(&pictures, "of another series: ", warnings);
    tell(&captures, "", warnings);
    tell(&copies, "", warnings);
    return RAD_OK;
}

rad_status rad_members_choose(const char *path, const rad_folder *folder, const char *uid,
                              const rad_instance **members, size_t *count, rad_warnings *warnings,
                              rad_error *error) {
    size_t at = 0;
    rad_status status = RAD_OK;
    if (!rad_series_next(folder, &at, members)) status = rad_folder_check(folder, error);
    if (status == RAD_OK) status = choose(path, folder, uid, members, count, error);
    if (status == RAD_OK) status = pass_over(folder, members[0], uid != NULL, warnings, error);
    if (status == RAD_OK) warn_of_uid(members[0], warnings);
    return status == RAD_OK ? rad_members_clean(members, count, warnings, error) : status;
}
