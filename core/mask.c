#include "mask.h"

#include "memory.h"
#include "printable.h"

#include <endian.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Labels below this are counted in a table; all others in a sorted list. */
enum { TABLE = 1024, LABELS_MAX = 65536 };

typedef struct rad_census {
    rad_label *table; /* TABLE entries, voxels 0 where the label does not occur */
    rad_label *list;  /* labels outside the table, ascending */
    size_t listed, capacity;
    double *row;
    size_t *rows, rows_room; /* of each run, where they come in any order */
} census;

static rad_label *find_listed(census *c, int64_t value, rad_error *error) {
    size_t low = 0, high = c->listed;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (c->list[middle].value < value)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < c->listed && c->list[low].value == value) return &c->list[low];
    if (rad_grow(&c->list, c->listed, &c->capacity, sizeof *c->list, error) != RAD_OK) return NULL;
    memmove(&c->list[low + 1], &c->list[low], (c->listed - low) * sizeof *c->list);
    c->list[low] = (rad_label){.value = value};
    c->listed++;
    return &c->list[low];
}

/* The label of that value, listed if it was not. */
static rad_label *meet(census *c, int64_t value, rad_error *error) {
    rad_label *label = value > 0 && value < TABLE ? &c->table[(size_t)value] : find_listed(c, value, error);
    if (label) label->value = value;
    return label;
}

/* One axis at a time: this is done for every run. */
static void extend(rad_label *label, size_t begin, size_t end, size_t y, size_t z) {
    const size_t low[3] = {begin, y, z}, high[3] = {end, y + 1, z + 1};
    rad_box *box = &label->box;
    for (int a = 0; a < 3; a++) {
        if (!label->voxels || low[a] < box->begin[a]) box->begin[a] = low[a];
        if (!label->voxels || high[a] > box->end[a]) box->end[a] = high[a];
    }
    label->voxels += end - begin;
}

static rad_status put_run(rad_mask *mask, int64_t label, size_t begin, size_t end, rad_error *error) {
    rad_status status = rad_grow(&mask->runs, mask->run_count, &mask->run_room, sizeof *mask->runs, error);
    if (status == RAD_OK) mask->runs[mask->run_count++] = (rad_run){label, (uint32_t)begin, (uint32_t)end};
    return status;
}

static rad_status not_begun(rad_error *error) {
    return rad_fail(error, RAD_USAGE,
                    "rows, runs and labels of a mask come between rad_mask_begin and rad_mask_end");
}

rad_status rad_mask_add_run(rad_mask *mask, int64_t value, size_t begin, size_t end, size_t y, size_t z,
                            rad_error *error) {
    census *c = mask->census;
    if (!c) return not_begun(error);
    rad_label *label = meet(c, value, error);
    if (!label) return RAD_NO_MEMORY;
    rad_status status = rad_grow(&c->rows, mask->run_count, &c->rows_room, sizeof *c->rows, error);
    if (status != RAD_OK) return status;
    c->rows[mask->run_count] = z * mask->volume.geometry.size[1] + y;
    extend(label, begin, end, y, z);
    return put_run(mask, value, begin, end, error);
}

rad_status rad_mask_add_label(rad_mask *mask, int64_t value, const char *name, const char *fault,
                              rad_error *error) {
    if (!mask->census) return not_begun(error);
    rad_label *label = meet(mask->census, value, error);
    if (!label) return RAD_NO_MEMORY;
    char number[24];
    rad_free(label->name);
    rad_free(label->fault);
    label->fault = NULL;
    snprintf(number, sizeof number, "%" PRId64, value);
    label->name = rad_text_copy(name ? name : number, error);
    if (fault) label->fault = rad_text_copy(fault, error);
    return label->name && (!fault || label->fault) ? RAD_OK : RAD_NO_MEMORY;
}

const char *rad_label_text(const rad_label *label, char *text, size_t length) {
    if (label->name)
        snprintf(text, length, "%s", label->name);
    else
        snprintf(text, length, "%" PRId64, label->value);
    return text;
}

enum { CLOSE, ROUGH, OFF };

/* How a number is from the label that was meant: saving in steps of the slope moves it by up to half of one.
 */
static int distance_of(const rad_mask *mask, double value, double whole) {
    static const double close = 1e-3, widest = 0.1;
    const rad_volume *v = &mask->volume;
    const double off = fabs(value - whole), slope = fabs(v->slope);
    const bool stepped =
        v->type != RAD_FLOAT32 && v->type != RAD_FLOAT64 && slope <= widest && !(mask->least > 0);
    if (off <= close) return CLOSE;
    return stepped && off <= 0.5 * slope + 1e-6 * fmax(1, fabs(value)) ? ROUGH : OFF;
}

rad_status rad_mask_round(rad_mask *mask, double *row, size_t y, size_t z, const char *path,
                          rad_error *error) {
    for (size_t x = 0; x < mask->volume.geometry.size[0]; x++) {
        const double whole = rint(row[x]);
        const int distance = distance_of(mask, row[x], whole);
        const bool near = distance != OFF, part = row[x] > 0 && row[x] < 1;
        if (isnan(row[x])) {
            mask->nan_voxels++;
            row[x] = 0;
        } else if (part && mask->least > 0 && (!near || (whole == 0 && row[x] >= mask->least))) {
            mask->partial = true;
            row[x] = row[x] >= mask->least;
        } else if (!(near && fabs(whole) < 0x1p62)) {
            return rad_fail(
                error, RAD_UNREADABLE,
                "%s: mask voxel (%zu, %zu, %zu) is %.9g; labels are whole numbers to within 0.001, "
                "0 is background%s",
                path, x, y, z, row[x],
                part ? "; a mask of fractions 0..1 needs --fractions 0.5 (setting "
                       "mask_fractions), or another part"
                     : "");
        } else {
            if (distance == ROUGH) mask->rounded = fmax(mask->rounded, fabs(row[x] - whole));
            row[x] = whole;
        }
    }
    return RAD_OK;
}

/* How many bytes from here on are those of a voxel further; eight are compared at once. */
static size_t count_alike(const unsigned char *at, size_t bytes, size_t count) {
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        uint64_t here, next;
        memcpy(&here, at + i, sizeof here);
        memcpy(&next, at + bytes + i, sizeof next);
        if (here != next) return i + (size_t)__builtin_ctzll(le64toh(here ^ next)) / 8;
    }
    while (i < count && at[i] == at[bytes + i]) i++;
    return i;
}

/* The first voxel behind x that is another. */
static size_t find_end(const unsigned char *row, size_t bytes, size_t x, size_t width) {
    return x + count_alike(row + x * bytes, bytes, (width - 1 - x) * bytes) / bytes + 1;
}

/* Takes the runs of equal labels of one row; `as` says what its voxels are. */
static rad_status add_row(rad_mask *mask, const rad_volume *as, const void *voxels, size_t y, size_t z,
                          const char *path, rad_error *error) {
    const size_t width = mask->volume.geometry.size[0], bytes = rad_type_size(as->type);
    const unsigned char *row = voxels;
    census *c = mask->census;
    for (size_t x = 0, end; x < width; x = end) {
        double value;
        rad_volume_convert(as, row + x * bytes, 1, &value);
        end = find_end(row, bytes, x, width);
        if (value == 0) continue;
        rad_label *label = meet(c, (int64_t)value, error);
        if (!label) return RAD_NO_MEMORY;
        if (c->listed > LABELS_MAX)
            return rad_fail(error, RAD_UNREADABLE,
                            "%s: more than %d labels; is this an image and not a mask?", path, LABELS_MAX);
        extend(label, x, end, y, z);
        rad_status status = put_run(mask, label->value, x, end, error);
        if (status != RAD_OK) return status;
    }
    return RAD_OK;
}

static void free_texts(rad_label *label) {
    rad_free(label->name);
    rad_free(label->fault);
    label->name = label->fault = NULL;
}

/* Names move from the census to the labels; what is still here was not listed. */
static void free_census(rad_mask *mask) {
    if (!mask->census) return;
    for (size_t i = 0; mask->census->table && i < TABLE; i++) free_texts(&mask->census->table[i]);
    for (size_t i = 0; i < mask->census->listed; i++) free_texts(&mask->census->list[i]);
    rad_free(mask->census->rows);
    rad_free(mask->census->table);
    rad_free(mask->census->list);
    rad_free(mask->census->row);
    rad_free(mask->census);
    mask->census = NULL;
}

/* Forgets what was found, keeps the volume. */
static void forget(rad_mask *mask) {
    free_census(mask);
    for (size_t i = 0; mask->labels && i < mask->label_count; i++) free_texts(&mask->labels[i]);
    rad_free(mask->labels);
    rad_free(mask->runs);
    rad_free(mask->row_begin);
    *mask = (rad_mask){.volume = mask->volume, .least = mask->least};
}

rad_status rad_mask_begin(rad_mask *mask, rad_error *error) {
    const size_t *size = mask->volume.geometry.size;
    forget(mask);
    if (size[0] > UINT32_MAX)
        return rad_fail(error, RAD_UNREADABLE, "a mask of %zu voxels along x; at most %u are possible",
                        size[0], UINT32_MAX);
    mask->row_begin = rad_new(size[1] * size[2] + 1, sizeof *mask->row_begin, error);
    mask->census = rad_new(1, sizeof *mask->census, error);
    if (!mask->row_begin || !mask->census) return RAD_NO_MEMORY;
    mask->census->table = rad_new(TABLE, sizeof *mask->census->table, error);
    mask->census->row = rad_new_raw(size[0], sizeof *mask->census->row, error);
    return mask->census->table && mask->census->row ? RAD_OK : RAD_NO_MEMORY;
}

rad_status rad_mask_add_row(rad_mask *mask, const void *voxels, size_t y, size_t z, const char *path,
                            rad_error *error) {
    const rad_volume *v = &mask->volume;
    const size_t width = v->geometry.size[0];
    if (!mask->census || !mask->row_begin) return not_begun(error);
    static const rad_volume doubles = {.type = RAD_FLOAT64, .slope = 1};
    const bool whole = v->slope == 1 && v->intercept == 0 && v->type < RAD_UINT64;
    rad_status status = RAD_OK;
    if (v->intercept == 0 && rad_is_zero(voxels, width * rad_type_size(v->type))) {
        /* background */
    } else if (whole) {
        status = add_row(mask, v, voxels, y, z, path, error);
    } else {
        double *row = mask->census->row;
        rad_volume_convert(v, voxels, width, row);
        status = rad_mask_round(mask, row, y, z, path, error);
        if (status == RAD_OK) status = add_row(mask, &doubles, row, y, z, path, error);
    }
    mask->row_begin[z * v->geometry.size[1] + y + 1] = mask->run_count;
    return status;
}

rad_status rad_mask_check(const rad_mask *mask, const char *path, rad_error *error) {
    for (size_t i = 0; i < mask->label_count && mask->partial; i++)
        if (mask->labels[i].value != 1)
            return rad_fail(error, RAD_UNREADABLE,
                            "%s: holds fractions between 0 and 1, and the label %" PRId64
                            "; fractions are of one ROI, 0..1",
                            path, mask->labels[i].value);
    return RAD_OK;
}

void rad_mask_warn(const rad_mask *mask, const char *path, rad_warnings *warnings) {
    if (mask->partial)
        rad_warn(warnings, "%.300s: the mask holds fractions; voxels of at least %g are the ROI", path,
                 mask->least);
    if (mask->rounded > 0)
        rad_warn(warnings,
                 "%.300s: labels are up to %.2g from whole numbers, as saving in steps of %.3g leaves them; "
                 "they are "
                 "rounded",
                 path, mask->rounded, fabs(mask->volume.slope));
    if (mask->nan_voxels)
        rad_warn(warnings, "%.300s: %zu voxel%s of the mask %s NaN and count%s as background", path,
                 mask->nan_voxels, rad_plural(mask->nan_voxels), mask->nan_voxels == 1 ? "is" : "are",
                 mask->nan_voxels == 1 ? "s" : "");
}

/* Moves a label with its texts. */
static void move_label(rad_mask *mask, rad_label *from) {
    if (!from->voxels && !from->name) return;
    mask->labels[mask->label_count++] = *from;
    from->name = from->fault = NULL;
}

/* Runs that came in any order, row by row; those of a row stay in the order in which they came. */
static rad_status sort_runs(rad_mask *mask, rad_error *error) {
    const size_t *rows = mask->census->rows;
    const size_t count = mask->volume.geometry.size[1] * mask->volume.geometry.size[2];
    if (!rows) return RAD_OK;
    rad_run *sorted = rad_new_raw(mask->run_count, sizeof *sorted, error);
    if (!sorted) return RAD_NO_MEMORY;
    size_t *begin = mask->row_begin;
    for (size_t i = 0; i < mask->run_count; i++) begin[rows[i] + 1]++;
    for (size_t i = 0; i < count; i++) begin[i + 1] += begin[i];
    for (size_t i = 0; i < mask->run_count; i++) sorted[begin[rows[i]]++] = mask->runs[i];
    memmove(begin + 1, begin, count * sizeof *begin);
    begin[0] = 0;
    rad_free(mask->runs);
    mask->runs = sorted;
    mask->run_room = mask->run_count;
    return RAD_OK;
}

/* Negative listed labels, the table, the listed labels beyond it: ascending. */
rad_status rad_mask_end(rad_mask *mask, rad_error *error) {
    census *c = mask->census;
    if (!c) return not_begun(error);
    size_t count = c->listed, listed = 0;
    for (size_t i = 0; i < TABLE; i++) count += c->table[i].voxels > 0 || c->table[i].name;
    mask->labels = rad_new(count, sizeof *mask->labels, error);
    rad_status status = mask->labels ? sort_runs(mask, error) : RAD_NO_MEMORY;
    if (status != RAD_OK) return status;
    for (; listed < c->listed && c->list[listed].value < 0; listed++) move_label(mask, &c->list[listed]);
    for (size_t i = 0; i < TABLE; i++) move_label(mask, &c->table[i]);
    for (; listed < c->listed; listed++) move_label(mask, &c->list[listed]);
    free_census(mask);
    return RAD_OK;
}

rad_status rad_mask_index(rad_mask *mask, const char *path, rad_error *error) {
    const size_t *size = mask->volume.geometry.size, bytes = size[0] * rad_type_size(mask->volume.type);
    rad_status status = rad_mask_begin(mask, error);
    for (size_t i = 0; i < size[1] * size[2] && status == RAD_OK; i++)
        status = rad_mask_add_row(mask, (const unsigned char *)mask->volume.voxels + i * bytes, i % size[1],
                                  i / size[1], path, error);
    return status == RAD_OK ? rad_mask_end(mask, error) : status;
}

const rad_label *rad_mask_find(const rad_mask *mask, int64_t value) {
    for (size_t i = 0; i < mask->label_count; i++)
        if (mask->labels[i].value == value) return &mask->labels[i];
    return NULL;
}

void rad_mask_crop(const rad_mask *mask, int64_t value, const rad_box *box, uint8_t *out) {
    const size_t width = box->end[0] - box->begin[0], height = mask->volume.geometry.size[1];
    memset(out, 0, rad_box_count(box));
    for (size_t z = box->begin[2]; z < box->end[2]; z++)
        for (size_t y = box->begin[1]; y < box->end[1]; y++, out += width)
            for (size_t r = mask->row_begin[z * height + y]; r < mask->row_begin[z * height + y + 1]; r++) {
                const rad_run *run = &mask->runs[r];
                const size_t begin = run->begin > box->begin[0] ? run->begin : box->begin[0],
                             end = run->end < box->end[0] ? run->end : box->end[0];
                if (run->label == value && begin < end) memset(out + begin - box->begin[0], 1, end - begin);
            }
}

/* The voxels of the new grid whose centres may lie in a box of the old one. */
static bool find_box(const rad_geometry *from, const rad_geometry *to, const rad_box *box, rad_box *found) {
    double low[3] = {INFINITY, INFINITY, INFINITY}, high[3] = {-INFINITY, -INFINITY, -INFINITY};
    for (int corner = 0; corner < 8; corner++) {
        double at[3], world[3];
        for (int a = 0; a < 3; a++) at[a] = (double)(corner >> a & 1 ? box->end[a] : box->begin[a]) - 0.5;
        rad_geometry_world(from, at, world);
        if (!rad_geometry_index(to, world, at)) return false;
        for (int a = 0; a < 3; a++) {
            low[a] = fmin(low[a], at[a]);
            high[a] = fmax(high[a], at[a]);
        }
    }
    for (int a = 0; a < 3; a++) {
        const double size = (double)to->size[a];
        found->begin[a] = (size_t)fmin(fmax(floor(low[a]), 0), size);
        found->end[a] = (size_t)fmin(fmax(ceil(high[a]) + 1, (double)found->begin[a]), size);
    }
    return true;
}

/* Is the voxel of the old grid that is nearest to this voxel of the new one in the box, and inside? */
static bool is_inside(const rad_geometry *from, const rad_geometry *to, const size_t v[3], const rad_box *box,
                      const uint8_t *inside) {
    double world[3], at[3];
    size_t place = 0;
    rad_geometry_world(to, (double[]){(double)v[0], (double)v[1], (double)v[2]}, world);
    if (!rad_geometry_index(from, world, at)) return false;
    for (int a = 2; a >= 0; a--) {
        const double nearest = floor(at[a] + 0.5) - (double)box->begin[a];
        if (!(nearest >= 0 && nearest < (double)(box->end[a] - box->begin[a]))) return false;
        place = place * (box->end[a] - box->begin[a]) + (size_t)nearest;
    }
    return inside[place];
}

static rad_status resample_label(const rad_mask *from, const rad_label *label, rad_mask *to, const char *path,
                                 rad_error *error) {
    const rad_geometry *old = &from->volume.geometry, *grid = &to->volume.geometry;
    rad_box box;
    if (!label->voxels) return RAD_OK;
    if (!find_box(old, grid, &label->box, &box))
        return rad_fail(error, RAD_UNREADABLE, "%s: the directions of the mask are not invertible", path);
    uint8_t *inside = rad_new_raw(rad_box_count(&label->box), 1, error);
    rad_status status = inside ? RAD_OK : RAD_NO_MEMORY;
    if (inside) rad_mask_crop(from, label->value, &label->box, inside);
    for (size_t z = box.begin[2]; z < box.end[2]; z++)
        for (size_t y = box.begin[1]; y < box.end[1]; y++)
            for (size_t x = box.begin[0], end; x < box.end[0] && status == RAD_OK; x = end) {
                end = x;
                while (end < box.end[0] && is_inside(old, grid, (size_t[]){end, y, z}, &label->box, inside))
                    end++;
                if (end > x)
                    status = rad_mask_add_run(to, label->value, x, end, y, z, error);
                else
                    end++;
            }
    rad_free(inside);
    return status;
}

/* The runs of a mask on a new grid are complete unless `status` says otherwise: names follow, and it takes
 * the place of the old one. */
static rad_status replace(rad_mask *mask, rad_mask *fresh, rad_status status, rad_error *error) {
    for (size_t l = 0; l < mask->label_count && status == RAD_OK; l++) {
        const rad_label *label = &mask->labels[l];
        if (label->name) status = rad_mask_add_label(fresh, label->value, label->name, label->fault, error);
    }
    if (status == RAD_OK) status = rad_mask_end(fresh, error);
    rad_mask_free(status == RAD_OK ? mask : fresh);
    if (status == RAD_OK) *mask = *fresh;
    return status;
}

rad_status rad_mask_resample(rad_mask *mask, const rad_geometry *grid, const char *path, rad_error *error) {
    rad_mask fresh = {.volume = {.geometry = *grid, .type = RAD_FLOAT64, .slope = 1}};
    rad_status status = rad_mask_begin(&fresh, error);
    for (size_t l = 0; l < mask->label_count && status == RAD_OK; l++)
        status = resample_label(mask, &mask->labels[l], &fresh, path, error);
    return replace(mask, &fresh, status, error);
}

/* Rows stay rows: their runs are put in another place, the other way round where x runs backwards. */
static rad_status turn_rows(const rad_mask *from, const rad_order *order, rad_mask *to, rad_error *error) {
    const size_t width = from->volume.geometry.size[0], height = from->volume.geometry.size[1];
    const size_t *size = to->volume.geometry.size;
    const bool back = order->backwards[0];
    rad_status status = RAD_OK;
    for (size_t row = 0; row < size[1] * size[2]; row++) {
        const size_t y = row % size[1], z = row / size[1];
        size_t stored[3];
        rad_order_index(order, &to->volume.geometry, (size_t[]){0, y, z}, stored);
        const size_t at = stored[2] * height + stored[1];
        const size_t begin = from->row_begin[at], end = from->row_begin[at + 1];
        for (size_t i = begin; i < end && status == RAD_OK; i++) {
            const rad_run *r = &from->runs[back ? begin + end - 1 - i : i];
            status = rad_mask_add_run(to, r->label, back ? width - r->end : r->begin,
                                      back ? width - r->begin : r->end, y, z, error);
        }
    }
    return status;
}

/* Runs of a row that begins at x of row (y, z). */
static rad_status put_runs(rad_mask *mask, int64_t label, const uint8_t *row, size_t count,
                           const size_t at[3], rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t x = 0, end; x < count && status == RAD_OK; x = end + 1) {
        for (end = x; end < count && row[end]; end++) {
        }
        if (end > x) status = rad_mask_add_run(mask, label, at[0] + x, at[0] + end, at[1], at[2], error);
    }
    return status;
}

/* A plane of the grid, whose rows are columns of a plane of the box: x of the grid is axis `along` there. */
static void turn_plane(const uint8_t *plane, const size_t size[3], int along, const rad_order *inverse,
                       uint8_t *out) {
    const bool back_x = inverse->backwards[along], back_row = inverse->backwards[0];
    const ptrdiff_t width = (ptrdiff_t)size[along], step[2] = {back_row ? -width : width, back_x ? -1 : 1};
    rad_order_put_rows(
        plane, along == 1 ? size[0] : size[0] * size[1], (const size_t[]){size[0], size[along]}, 1,
        out + (back_row ? ((ptrdiff_t)size[0] - 1) * width : 0) + (back_x ? width - 1 : 0), step);
}

/* Has any label a voxel there? Slices far apart have many between them that are empty. */
static bool is_empty(const rad_mask *mask, const rad_box *box, size_t z) {
    const size_t *row = mask->row_begin + z * mask->volume.geometry.size[1];
    return row[box->begin[1]] == row[box->end[1]];
}

/* The box of a label voxel by voxel, where x becomes another axis: plane by plane. */
static rad_status turn_label(const rad_mask *from, const rad_label *label, const rad_order *order,
                             rad_mask *to, rad_error *error) {
    const rad_order inverse = rad_order_inverse(order);
    const rad_box box = rad_order_box(&inverse, &from->volume.geometry, &label->box);
    const int along = order->axis[0], other = 3 - along, row_axis = inverse.axis[0],
              plane_axis = inverse.axis[other];
    size_t size[3];
    if (!label->voxels) return RAD_OK;
    for (int a = 0; a < 3; a++) size[a] = label->box.end[a] - label->box.begin[a];
    uint8_t *inside = rad_new_raw(rad_box_count(&box), 1, error),
            *plane = rad_new_raw(size[0], size[along], error);
    rad_status status = inside && plane ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) rad_mask_crop(from, label->value, &label->box, inside);
    for (size_t p = 0; p < size[other] && status == RAD_OK; p++) {
        size_t at[3] = {box.begin[0]};
        if (other == 2 && is_empty(from, &label->box, label->box.begin[2] + p)) continue;
        turn_plane(inside + p * (other == 1 ? size[0] : size[0] * size[1]), size, along, &inverse, plane);
        at[plane_axis] = inverse.backwards[other] ? box.end[plane_axis] - 1 - p : box.begin[plane_axis] + p;
        for (size_t r = 0; r < size[0] && status == RAD_OK; r++) {
            at[row_axis] = box.begin[row_axis] + r;
            status = put_runs(to, label->value, plane + r * size[along], size[along], at, error);
        }
    }
    rad_free(inside);
    rad_free(plane);
    return status;
}

rad_status rad_mask_turn(rad_mask *mask, rad_error *error) {
    const rad_order order = rad_order_find(&mask->volume.geometry);
    if (!order.turned) return RAD_OK;
    rad_mask fresh = {.volume = mask->volume};
    fresh.volume.voxels = NULL;
    fresh.volume.order = order;
    fresh.volume.geometry = rad_order_grid(&order, &mask->volume.geometry);
    rad_status status = rad_mask_begin(&fresh, error);
    if (status == RAD_OK && order.axis[0] == 0) status = turn_rows(mask, &order, &fresh, error);
    for (size_t l = 0; l < mask->label_count && status == RAD_OK && order.axis[0] != 0; l++)
        status = turn_label(mask, &mask->labels[l], &order, &fresh, error);
    return replace(mask, &fresh, status, error);
}

void rad_mask_free(rad_mask *mask) {
    forget(mask);
    rad_volume_free(&mask->volume);
}
