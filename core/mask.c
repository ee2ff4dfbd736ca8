#include "mask.h"

#include "memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Labels below this are counted in a table; all others in a sorted list. */
enum { TABLE = 4096, LABELS_MAX = 65536 };

typedef struct rad_census {
    rad_label *table; /* TABLE entries, voxels 0 where the label does not occur */
    rad_label *list;  /* labels outside the table, ascending */
    size_t listed, room;
    double *row;
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
    if (c->listed == c->room) {
        const size_t room = c->room ? 2 * c->room : 64;
        rad_label *list = rad_new(room, sizeof *list, error);
        if (!list) return NULL;
        if (c->listed) memcpy(list, c->list, c->listed * sizeof *list);
        rad_free(c->list);
        c->list = list;
        c->room = room;
    }
    memmove(&c->list[low + 1], &c->list[low], (c->listed - low) * sizeof *c->list);
    c->list[low] = (rad_label){.value = value};
    c->listed++;
    return &c->list[low];
}

static void extend(rad_label *label, size_t begin, size_t end, size_t y, size_t z) {
    if (!label->voxels) label->box = (rad_box){{begin, y, z}, {end, y + 1, z + 1}};
    label->voxels += end - begin;
    rad_box *box = &label->box;
    if (begin < box->begin[0]) box->begin[0] = begin;
    if (end > box->end[0]) box->end[0] = end;
    if (y < box->begin[1]) box->begin[1] = y;
    if (y + 1 > box->end[1]) box->end[1] = y + 1;
    box->end[2] = z + 1;
}

static rad_status add_run(rad_mask *mask, int64_t label, size_t begin, size_t end, rad_error *error) {
    if (mask->run_count == mask->run_room) {
        const size_t room = mask->run_room ? 2 * mask->run_room : 4096;
        rad_run *runs = rad_new_raw(room, sizeof *runs, error);
        if (!runs) return RAD_NO_MEMORY;
        if (mask->run_count) memcpy(runs, mask->runs, mask->run_count * sizeof *runs);
        rad_free(mask->runs);
        mask->runs = runs;
        mask->run_room = room;
    }
    mask->runs[mask->run_count++] = (rad_run){label, (uint32_t)begin, (uint32_t)end};
    return RAD_OK;
}

/* Takes the runs of equal labels of one row. */
static rad_status take_row(rad_mask *mask, const double *row, size_t y, size_t z, const char *path,
                           rad_error *error) {
    const size_t width = mask->volume.geometry.size[0];
    census *c = mask->census;
    for (size_t x = 0, end; x < width; x = end) {
        const double value = row[x];
        for (end = x + 1; end < width && row[end] == value; end++) {
        }
        if (value == 0) continue;
        if (value != rint(value) || !(fabs(value) < 0x1p62))
            return rad_fail(error, RAD_UNREADABLE,
                            "%s: mask voxel (%zu, %zu, %zu) is %g; labels are whole numbers, 0 is background",
                            path, x, y, z, value);
        rad_label *label =
            value > 0 && value < TABLE ? &c->table[(size_t)value] : find_listed(c, (int64_t)value, error);
        if (!label) return RAD_NO_MEMORY;
        if (c->listed > LABELS_MAX)
            return rad_fail(error, RAD_UNREADABLE,
                            "%s: more than %d labels; is this an image and not a mask?", path, LABELS_MAX);
        label->value = (int64_t)value;
        extend(label, x, end, y, z);
        rad_status status = add_run(mask, label->value, x, end, error);
        if (status != RAD_OK) return status;
    }
    return RAD_OK;
}

static bool empty(const unsigned char *bytes, size_t count) {
    return !count || (!bytes[0] && !memcmp(bytes, bytes + 1, count - 1));
}

static void free_census(rad_mask *mask) {
    if (!mask->census) return;
    rad_free(mask->census->table);
    rad_free(mask->census->list);
    rad_free(mask->census->row);
    rad_free(mask->census);
    mask->census = NULL;
}

/* Forgets what was found, keeps the volume. */
static void forget(rad_mask *mask) {
    free_census(mask);
    rad_free(mask->labels);
    rad_free(mask->runs);
    rad_free(mask->row_begin);
    *mask = (rad_mask){.volume = mask->volume};
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
    if (!mask->census || !mask->row_begin)
        return rad_fail(error, RAD_USAGE, "%s: rows come between rad_mask_begin and rad_mask_end", path);
    rad_status status = RAD_OK;
    if (v->intercept != 0 || !empty(voxels, width * rad_type_size(v->type))) {
        rad_volume_convert(v, voxels, width, mask->census->row);
        status = take_row(mask, mask->census->row, y, z, path, error);
    }
    mask->row_begin[z * v->geometry.size[1] + y + 1] = mask->run_count;
    return status;
}

/* Negative listed labels, the table, the listed labels beyond it: ascending. */
rad_status rad_mask_end(rad_mask *mask, rad_error *error) {
    const census *c = mask->census;
    if (!c) return rad_fail(error, RAD_USAGE, "rad_mask_end comes after rad_mask_begin");
    size_t count = c->listed;
    for (size_t i = 0; i < TABLE; i++) count += c->table[i].voxels > 0;
    mask->labels = rad_new(count, sizeof *mask->labels, error);
    if (!mask->labels) return RAD_NO_MEMORY;
    size_t listed = 0;
    for (; listed < c->listed && c->list[listed].value < 0; listed++)
        mask->labels[mask->label_count++] = c->list[listed];
    for (size_t i = 0; i < TABLE; i++)
        if (c->table[i].voxels) mask->labels[mask->label_count++] = c->table[i];
    for (; listed < c->listed; listed++) mask->labels[mask->label_count++] = c->list[listed];
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

static int64_t label_at(const rad_mask *mask, const size_t at[3]) {
    const size_t row = at[2] * mask->volume.geometry.size[1] + at[1];
    size_t low = mask->row_begin[row], high = mask->row_begin[row + 1];
    while (low < high) { /* the first run that ends beyond the voxel */
        const size_t middle = (low + high) / 2;
        if (mask->runs[middle].end <= at[0])
            low = middle + 1;
        else
            high = middle;
    }
    return low < mask->row_begin[row + 1] && mask->runs[low].begin <= at[0] ? mask->runs[low].label : 0;
}

/* One row of the new grid: the nearest label of the old one, or 0 outside of it. */
static bool resample_row(const rad_mask *from, const rad_geometry *grid, size_t y, size_t z, double *out) {
    const size_t *size = from->volume.geometry.size;
    for (size_t x = 0; x < grid->size[0]; x++) {
        double world[3], at[3];
        size_t i[3];
        bool inside = true;
        rad_geometry_world(grid, (double[]){(double)x, (double)y, (double)z}, world);
        if (!rad_geometry_index(&from->volume.geometry, world, at)) return false;
        for (int a = 0; a < 3; a++) {
            const double nearest = floor(at[a] + 0.5);
            inside = inside && nearest >= 0 && nearest < (double)size[a];
            i[a] = inside ? (size_t)nearest : 0;
        }
        out[x] = inside ? (double)label_at(from, i) : 0;
    }
    return true;
}

rad_status rad_mask_resample(rad_mask *mask, const rad_geometry *grid, const char *path, rad_error *error) {
    rad_mask fresh = {.volume = {.geometry = *grid, .type = RAD_FLOAT64, .slope = 1}};
    double *row = rad_new_raw(grid->size[0], sizeof *row, error);
    rad_status status = row ? rad_mask_begin(&fresh, error) : RAD_NO_MEMORY;
    for (size_t i = 0; i < grid->size[1] * grid->size[2] && status == RAD_OK; i++) {
        if (!resample_row(mask, grid, i % grid->size[1], i / grid->size[1], row))
            status =
                rad_fail(error, RAD_UNREADABLE, "%s: the directions of the mask are not invertible", path);
        else
            status = rad_mask_add_row(&fresh, row, i % grid->size[1], i / grid->size[1], path, error);
    }
    if (status == RAD_OK) status = rad_mask_end(&fresh, error);
    rad_free(row);
    if (status != RAD_OK) {
        rad_mask_free(&fresh);
        return status;
    }
    rad_mask_free(mask);
    *mask = fresh;
    return RAD_OK;
}

void rad_mask_free(rad_mask *mask) {
    forget(mask);
    rad_volume_free(&mask->volume);
}
