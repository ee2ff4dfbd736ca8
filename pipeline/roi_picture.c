#include "roi_picture.h"

#include "../core/memory.h"
#include "../core/sort.h"
#include "../io/png_write.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 960, HEIGHT = 640, PANEL = 320, SMALL = 160, SLICES = 12, SAMPLES = 20000, COLOURS = 8 };

static const rad_colour white = {255, 255, 255},
                        colours[COLOURS] = {{255, 60, 60}, {60, 220, 90},  {70, 150, 255}, {255, 200, 0},
                                            {0, 220, 220}, {230, 90, 255}, {255, 140, 30}, {170, 255, 120}};

/* What is drawn: the image, the number of the ROI of each voxel of the mask (0: none), the window. */
typedef struct scene {
    const rad_volume *image;
    const rad_geometry *grid; /* of the mask */
    uint8_t *roi;             /* owned */
    rad_box box;              /* of all ROIs, on the grid of the mask */
    size_t slice[3];          /* of the largest area along each axis */
    double low, high;         /* black and white */
} scene;

/* A plane in the world: its middle, the direction of columns and of rows, mm a pixel; where it is drawn. */
typedef struct plane {
    double middle[3], across[3], down[3], pixel;
    long x, y, size;
    const char *letters; /* left, right, top, bottom; NULL: none */
} plane;

/* ROIs as numbers; of those that overlap the last is seen. */
static rad_status number_rois(scene *s, const rad_mask *mask, rad_error *error) {
    const size_t *size = s->grid->size;
    s->roi = rad_new(rad_geometry_count(s->grid), 1, error);
    if (!s->roi) return RAD_NO_MEMORY;
    for (size_t i = 0; i < mask->label_count; i++) {
        const rad_label *l = &mask->labels[i];
        if (!l->voxels || l->fault) continue;
        s->box = s->box.end[0] ? rad_box_join(&s->box, &l->box) : l->box;
        for (size_t z = l->box.begin[2]; z < l->box.end[2]; z++)
            for (size_t y = l->box.begin[1]; y < l->box.end[1]; y++) {
                const size_t row = z * size[1] + y;
                for (size_t r = mask->row_begin[row]; r < mask->row_begin[row + 1]; r++)
                    if (mask->runs[r].label == l->value)
                        memset(s->roi + row * size[0] + mask->runs[r].begin, (int)(1 + i % COLOURS),
                               mask->runs[r].end - mask->runs[r].begin);
            }
    }
    return RAD_OK;
}

/* The slice of the largest area along each axis; the first of several. */
static rad_status find_slices(scene *s, rad_error *error) {
    const size_t *size = s->grid->size;
    size_t *area[3], *all = rad_new(size[0] + size[1] + size[2], sizeof *all, error);
    if (!all) return RAD_NO_MEMORY;
    area[0] = all;
    area[1] = all + size[0];
    area[2] = all + size[0] + size[1];
    for (size_t z = s->box.begin[2]; z < s->box.end[2]; z++)
        for (size_t y = s->box.begin[1]; y < s->box.end[1]; y++)
            for (size_t x = s->box.begin[0]; x < s->box.end[0]; x++) {
                if (!s->roi[(z * size[1] + y) * size[0] + x]) continue;
                area[0][x]++;
                area[1][y]++;
                area[2][z]++;
            }
    for (int a = 0; a < 3; a++)
        for (size_t i = 0; i < size[a]; i++)
            if (area[a][i] > area[a][s->slice[a]]) s->slice[a] = i;
    rad_free(all);
    return RAD_OK;
}

static double voxel_at(const rad_volume *image, const size_t at[3]) {
    double value;
    rad_volume_crop(image, &(rad_box){{at[0], at[1], at[2]}, {at[0] + 1, at[1] + 1, at[2] + 1}}, &value);
    return value;
}

/* Black and white: known of CT and PET, of others by voxels at even distances. */
static rad_status find_window(scene *s, const char *modality, rad_error *error) {
    const size_t count = rad_geometry_count(&s->image->geometry), step = count / SAMPLES + 1;
    const size_t *size = s->image->geometry.size;
    double *x = rad_new_raw(count / step + 1, sizeof *x, error);
    size_t n = 0;
    if (!x) return RAD_NO_MEMORY;
    for (size_t i = 0; i < count; i += step) {
        const double value =
            voxel_at(s->image, (size_t[]){i % size[0], i / size[0] % size[1], i / size[0] / size[1]});
        if (isfinite(value)) x[n++] = value;
    }
    rad_status status = rad_sort(x, n, error);
    s->low = n ? x[n / 100] : 0;
    s->high = n ? x[n - 1 - n / 100] : 1;
    if (!strcmp(modality, "CT")) {
        s->low = -160;
        s->high = 240;
    }
    if (!strcmp(modality, "PT")) {
        s->low = 0;
        s->high = fmax(s->high, 5);
    }
    if (!(s->high > s->low)) s->high = s->low + 1;
    rad_free(x);
    return status;
}

/* The voxel of a grid at a point of the world; false where that lies beyond it. */
static bool find_voxel(const rad_geometry *g, const double world[3], size_t at[3]) {
    double index[3];
    if (!rad_geometry_index(g, world, index)) return false;
    for (int a = 0; a < 3; a++) {
        const double near = floor(index[a] + 0.5);
        if (!(near >= 0 && near < (double)g->size[a])) return false;
        at[a] = (size_t)near;
    }
    return true;
}

static void find_point(const plane *p, long i, long j, double world[3]) {
    const double right = ((double)i + 0.5 - (double)p->size / 2) * p->pixel,
                 below = ((double)j + 0.5 - (double)p->size / 2) * p->pixel;
    for (int a = 0; a < 3; a++) world[a] = p->middle[a] + right * p->across[a] + below * p->down[a];
}

static int roi_at(const scene *s, const plane *p, long i, long j) {
    double world[3];
    size_t at[3];
    find_point(p, i, j, world);
    if (!find_voxel(s->grid, world, at)) return 0;
    return s->roi[(at[2] * s->grid->size[1] + at[1]) * s->grid->size[0] + at[0]];
}

static void draw_grey(const scene *s, const plane *p, rad_canvas *c) {
    for (long j = 0; j < p->size; j++)
        for (long i = 0; i < p->size; i++) {
            double world[3];
            size_t at[3];
            find_point(p, i, j, world);
            if (!find_voxel(&s->image->geometry, world, at)) continue;
            const double part = (voxel_at(s->image, at) - s->low) / (s->high - s->low);
            const uint8_t grey = (uint8_t)(part > 0 ? 255 * fmin(part, 1) : 0); /* NaN is black */
            rad_canvas_dot(c, p->x + i, p->y + j, (rad_colour){grey, grey, grey});
        }
}

/* A row of pixels, from one before the first to one behind the last. */
static void read_rois(const scene *s, const plane *p, long j, uint8_t row[PANEL + 2]) {
    for (long i = -1; i <= p->size; i++) row[i + 1] = (uint8_t)roi_at(s, p, i, j);
}

/* The last pixels of a ROI on their way to another one or to none. */
static void draw_outlines(const scene *s, const plane *p, rad_canvas *c) {
    uint8_t rows[3][PANEL + 2]; /* of row j at j % 3 */
    read_rois(s, p, -1, rows[2]);
    read_rois(s, p, 0, rows[0]);
    for (long j = 0; j < p->size; j++) {
        const uint8_t *above = rows[(j + 2) % 3], *row = rows[j % 3], *below = rows[(j + 1) % 3];
        read_rois(s, p, j + 1, rows[(j + 1) % 3]);
        for (long i = 1; i <= p->size; i++) {
            const uint8_t here = row[i];
            if (here && (row[i - 1] != here || row[i + 1] != here || above[i] != here || below[i] != here))
                rad_canvas_dot(c, p->x + i - 1, p->y + j, colours[here - 1]);
        }
    }
}

/* White on a rim of black, to be seen on both. */
static void write_text(rad_canvas *c, long x, long y, int size, const char *text) {
    for (int j = -1; j <= 1; j++)
        for (int i = -1; i <= 1; i++) rad_canvas_text(c, x + i, y + j, size, text, (rad_colour){0, 0, 0});
    rad_canvas_text(c, x, y, size, text, white);
}

/* A bar of a round length, at most two fifths of the plane, and its millimetres. */
static void draw_bar(const plane *p, rad_canvas *c) {
    static const double lengths[] = {500, 200, 100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1};
    char text[24];
    size_t i = 0;
    while (i + 1 < sizeof lengths / sizeof lengths[0] && lengths[i] / p->pixel > 0.4 * (double)p->size) i++;
    const long width = lround(lengths[i] / p->pixel);
    rad_canvas_box(c, p->x + 7, p->y + p->size - 11, width + 2, 4, (rad_colour){0, 0, 0});
    rad_canvas_box(c, p->x + 8, p->y + p->size - 10, width, 2, white);
    snprintf(text, sizeof text, "%g mm", lengths[i]);
    write_text(c, p->x + 8, p->y + p->size - 20, 1, text);
}

static void draw_letters(const plane *p, rad_canvas *c) {
    const long middle = p->size / 2;
    char text[2] = "";
    if (!p->letters) return;
    const long at[4][2] = {
        {4, middle - 7}, {p->size - 15, middle - 7}, {middle - 5, 4}, {middle - 5, p->size - 18}};
    for (int i = 0; i < 4; i++) {
        text[0] = p->letters[i];
        write_text(c, p->x + at[i][0], p->y + at[i][1], 2, text);
    }
}

static void draw_plane(const scene *s, const plane *p, rad_canvas *c) {
    draw_grey(s, p, c);
    draw_outlines(s, p, c);
    draw_letters(p, c);
    draw_bar(p, c);
}

/* Axial, coronal and sagittal, through the slices of the largest area. */
static void draw_planes(const scene *s, rad_canvas *c) {
    static const struct {
        double across[3], down[3];
        int cut; /* axis of the world that the plane stands on */
        const char *letters;
    } ways[] = {{{-1, 0, 0}, {0, -1, 0}, 2, "RLAP"},
                {{-1, 0, 0}, {0, 0, -1}, 1, "RLSI"},
                {{0, -1, 0}, {0, 0, -1}, 0, "APSI"}};
    const rad_box all = rad_geometry_box(&s->image->geometry);
    double low[3], high[3], through[3];
    rad_geometry_extent(&s->image->geometry, &all, 0.5, low, high);
    rad_geometry_world(s->grid, (double[]){(double)s->slice[0], (double)s->slice[1], (double)s->slice[2]},
                       through);
    for (long w = 0; w < 3; w++) {
        plane p = {.x = w * PANEL, .size = PANEL, .letters = ways[w].letters};
        double widest = 0;
        for (int a = 0; a < 3; a++) {
            p.middle[a] = a == ways[w].cut ? through[a] : (low[a] + high[a]) / 2;
            if (a != ways[w].cut) widest = fmax(widest, high[a] - low[a]);
        }
        memcpy(p.across, ways[w].across, sizeof p.across);
        memcpy(p.down, ways[w].down, sizeof p.down);
        p.pixel = widest / PANEL;
        draw_plane(s, &p, c);
    }
}

/* Up to 12 axial slices from the first to the last of the ROIs, near to them. */
static void draw_slices(const scene *s, rad_canvas *c) {
    double low[3], high[3];
    rad_geometry_extent(s->grid, &s->box, 0.5, low, high);
    const double thickness = fmax(s->grid->spacing[2], 1e-3),
                 widest = fmax(high[0] - low[0], high[1] - low[1]);
    const long there = lround(fmin(SLICES, fmax(1, floor((high[2] - low[2]) / thickness + 0.5))));
    for (long i = 0; i < there; i++) {
        plane p = {.across = {-1, 0, 0}, .down = {0, -1, 0}, .size = SMALL, .pixel = 1.4 * widest / SMALL};
        p.x = i % (WIDTH / SMALL) * SMALL;
        p.y = PANEL + i / (WIDTH / SMALL) * SMALL;
        p.middle[0] = (low[0] + high[0]) / 2;
        p.middle[1] = (low[1] + high[1]) / 2;
        p.middle[2] =
            high[2] - (high[2] - low[2]) * ((double)i + 0.5) / (double)there; /* from the head down */
        draw_plane(s, &p, c);
    }
}

rad_status rad_roi_picture_write(const char *path, const rad_volume *image, const rad_mask *mask,
                                 const char *modality, rad_error *error) {
    scene s = {.image = image, .grid = &mask->volume.geometry};
    rad_canvas canvas = {.pixel = NULL};
    rad_status status = number_rois(&s, mask, error);
    if (status == RAD_OK && !s.box.end[0])
        status = rad_fail(error, RAD_UNREADABLE, "%s: no ROI has a voxel to draw", path);
    if (status == RAD_OK) status = find_slices(&s, error);
    if (status == RAD_OK) status = find_window(&s, modality, error);
    if (status == RAD_OK) status = rad_canvas_begin(&canvas, WIDTH, HEIGHT, error);
    if (status == RAD_OK) {
        draw_planes(&s, &canvas);
        draw_slices(&s, &canvas);
        status = rad_png_write(path, &canvas, error);
    }
    rad_canvas_free(&canvas);
    rad_free(s.roi);
    return status;
}
