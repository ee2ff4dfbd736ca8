#include "mask.h"

#include "memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Labels below this are counted in a table; all others in a sorted list. */
enum { TABLE = 65536, LABELS_MAX = 65536 };

typedef struct census {
    rad_label *table; /* TABLE entries, voxels 0 where the label does not occur */
    rad_label *list;  /* labels outside the table, ascending */
    size_t listed, room;
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

/* Counts the runs of equal labels of one row. */
static rad_status count_row(census *c, const double *row, size_t width, size_t y, size_t z, const char *path,
                            rad_error *error) {
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
    }
    return RAD_OK;
}

static bool empty(const unsigned char *bytes, size_t count) {
    return !count || (!bytes[0] && !memcmp(bytes, bytes + 1, count - 1));
}

static rad_status take_census(census *c, const rad_volume *volume, const char *path, rad_error *error) {
    const size_t *size = volume->geometry.size, bytes = size[0] * rad_type_size(volume->type);
    double *row = rad_new_raw(size[0], sizeof *row, error);
    rad_status status = row ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < size[1] * size[2] && status == RAD_OK; i++) {
        if (volume->intercept == 0 && empty((const unsigned char *)volume->voxels + i * bytes, bytes))
            continue;
        const size_t y = i % size[1], z = i / size[1];
        rad_volume_crop(volume, &(rad_box){{0, y, z}, {size[0], y + 1, z + 1}}, row);
        status = count_row(c, row, size[0], y, z, path, error);
    }
    rad_free(row);
    return status;
}

/* Negative listed labels, the table, the listed labels beyond it: ascending. */
static rad_status keep_labels(const census *c, rad_mask *mask, rad_error *error) {
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
    return RAD_OK;
}

rad_status rad_mask_index(rad_mask *mask, const char *path, rad_error *error) {
    census c = {.table = rad_new(TABLE, sizeof *c.table, error)};
    rad_free(mask->labels);
    mask->labels = NULL;
    mask->label_count = 0;
    rad_status status = c.table ? take_census(&c, &mask->volume, path, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = keep_labels(&c, mask, error);
    rad_free(c.table);
    rad_free(c.list);
    return status;
}

const rad_label *rad_mask_find(const rad_mask *mask, int64_t value) {
    for (size_t i = 0; i < mask->label_count; i++)
        if (mask->labels[i].value == value) return &mask->labels[i];
    return NULL;
}

void rad_mask_crop(const rad_mask *mask, int64_t value, const rad_box *box, uint8_t *out) {
    enum { PIECE = 512 };
    double piece[PIECE];
    for (size_t z = box->begin[2]; z < box->end[2]; z++)
        for (size_t y = box->begin[1]; y < box->end[1]; y++)
            for (size_t x = box->begin[0], end; x < box->end[0]; x = end) {
                end = box->end[0] - x < PIECE ? box->end[0] : x + PIECE;
                rad_volume_crop(&mask->volume, &(rad_box){{x, y, z}, {end, y + 1, z + 1}}, piece);
                for (size_t i = 0; i < end - x; i++) *out++ = piece[i] == (double)value;
            }
}

/* One row of the new grid: nearest voxel of the old volume, or 0 outside of it. */
static bool resample_row(const rad_volume *from, const rad_geometry *grid, size_t y, size_t z,
                         unsigned char *out) {
    const size_t *size = from->geometry.size, bytes = rad_type_size(from->type);
    for (size_t x = 0; x < grid->size[0]; x++, out += bytes) {
        double world[3], at[3];
        size_t i[3];
        bool inside = true;
        rad_geometry_world(grid, (double[]){(double)x, (double)y, (double)z}, world);
        if (!rad_geometry_index(&from->geometry, world, at)) return false;
        for (int a = 0; a < 3; a++) {
            const double nearest = floor(at[a] + 0.5);
            inside = inside && nearest >= 0 && nearest < (double)size[a];
            i[a] = inside ? (size_t)nearest : 0;
        }
        if (inside)
            memcpy(out,
                   (const unsigned char *)from->voxels + ((i[2] * size[1] + i[1]) * size[0] + i[0]) * bytes,
                   bytes);
    }
    return true;
}

rad_status rad_mask_resample(rad_mask *mask, const rad_geometry *grid, const char *path, rad_error *error) {
    const size_t bytes = rad_type_size(mask->volume.type), row = grid->size[0] * bytes;
    unsigned char *voxels = rad_new(rad_geometry_count(grid), bytes, error);
    if (!voxels) return RAD_NO_MEMORY;
    for (size_t i = 0; i < grid->size[1] * grid->size[2]; i++)
        if (!resample_row(&mask->volume, grid, i % grid->size[1], i / grid->size[1], voxels + i * row)) {
            rad_free(voxels);
            return rad_fail(error, RAD_UNREADABLE, "%s: the directions of the mask are not invertible", path);
        }
    rad_free(mask->volume.voxels);
    mask->volume.voxels = voxels;
    mask->volume.geometry = *grid;
    return rad_mask_index(mask, path, error);
}

void rad_mask_free(rad_mask *mask) {
    rad_volume_free(&mask->volume);
    rad_free(mask->labels);
    *mask = (rad_mask){0};
}
