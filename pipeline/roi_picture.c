#include "roi_picture.h"

#include "../core/memory.h"
#include "../core/simd.h"
#include "../core/sort.h"
#include "../io/png_write.h"
#include "sampler.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SLICES = 12, ACROSS = 6, DOWN = 4, SAMPLES = 4000 };

/* What is drawn, and the number of the ROI of each voxel in the box of them (0: none). */
typedef struct scene {
    const rad_roi_picture *what;
    const rad_geometry *grid; /* of the mask */
    uint8_t *roi;             /* owned */
    rad_box box;              /* of all ROIs, on the grid of the mask */
    size_t slice[3];          /* of the largest area along each axis */
} scene;

/* A plane, where it is drawn, and the letters at its sides: left, right, top, bottom; NULL: none. */
typedef struct panel {
    rad_plane plane;
    long x, y;
    const char *letters;
} panel;

static bool is_drawn(const scene *s, const rad_label *l) {
    return l->voxels && !l->fault && (!s->what->label || s->what->label == l);
}

/* Runs of a label, one after the other. */
typedef void see_run(scene *s, const size_t at[3], size_t length, uint8_t number, void *context);

static void see_runs(scene *s, see_run *see, void *context) {
    const rad_mask *mask = s->what->mask;
    for (size_t i = 0; i < mask->label_count; i++) {
        const rad_label *l = &mask->labels[i];
        const uint8_t number = (uint8_t)(s->what->label ? 1 : 1 + i % RAD_COLOURS);
        if (!is_drawn(s, l)) continue;
        for (size_t z = l->box.begin[2]; z < l->box.end[2]; z++)
            for (size_t y = l->box.begin[1]; y < l->box.end[1]; y++) {
                const size_t row = z * s->grid->size[1] + y;
                for (size_t r = mask->row_begin[row]; r < mask->row_begin[row + 1]; r++)
                    if (mask->runs[r].label == l->value)
                        see(s, (size_t[]){mask->runs[r].begin, y, z}, mask->runs[r].end - mask->runs[r].begin,
                            number, context);
            }
    }
}

/* ROIs as numbers; of those that overlap the last is seen. */
static void number_run(scene *s, const size_t at[3], size_t length, uint8_t number, void *context) {
    const rad_box *b = &s->box;
    const size_t row = (at[2] - b->begin[2]) * (b->end[1] - b->begin[1]) + at[1] - b->begin[1];
    (void)context;
    memset(s->roi + row * (b->end[0] - b->begin[0]) + at[0] - b->begin[0], number, length);
}

static rad_status number_rois(scene *s, const char *path, rad_error *error) {
    const rad_mask *mask = s->what->mask;
    for (size_t i = 0; i < mask->label_count; i++)
        if (is_drawn(s, &mask->labels[i]))
            s->box = s->box.end[0] ? rad_box_join(&s->box, &mask->labels[i].box) : mask->labels[i].box;
    if (!s->box.end[0]) return rad_fail(error, RAD_UNREADABLE, "%s: no ROI has a voxel to draw", path);
    s->roi = rad_new(rad_box_count(&s->box), 1, error);
    if (!s->roi) return RAD_NO_MEMORY;
    see_runs(s, number_run, NULL);
    return RAD_OK;
}

/* Areas along y and z; along x what changes from one column to the next. */
static void add_area(scene *s, const size_t at[3], size_t length, uint8_t number, void *context) {
    ptrdiff_t *const *area = context;
    (void)s;
    (void)number;
    area[0][at[0]]++;
    area[0][at[0] + length]--;
    area[1][at[1]] += (ptrdiff_t)length;
    area[2][at[2]] += (ptrdiff_t)length;
}

/* The slice of the largest area along each axis; the first of several. ROIs that overlap count twice. */
static rad_status find_slices(scene *s, rad_error *error) {
    const size_t *size = s->grid->size;
    ptrdiff_t *area[3], *all = rad_new(size[0] + size[1] + size[2] + 1, sizeof *all, error);
    if (!all) return RAD_NO_MEMORY;
    area[0] = all;
    area[1] = all + size[0] + 1;
    area[2] = area[1] + size[1];
    see_runs(s, add_area, area);
    for (size_t i = 1; i < size[0]; i++) area[0][i] += area[0][i - 1];
    for (int a = 0; a < 3; a++)
        for (size_t i = 0; i < size[a]; i++)
            if (area[a][i] > area[a][s->slice[a]]) s->slice[a] = i;
    rad_free(all);
    return RAD_OK;
}

/* The voxels of a picture's row, as they are stored and as intensities. */
typedef struct gathered {
    uint64_t raw[RAD_SAMPLER_ROW]; /* as bytes of the type */
    double value[RAD_SAMPLER_ROW]; /* whole lanes of it are shaded */
    uint8_t grey[RAD_SAMPLER_ROW];
} gathered;

/* Some voxel where there is none: fixed sizes and no branches are moves of a few cycles. */
#define GATHER(bytes)                                                                                        \
    for (long i = 0; i < pixels; i++)                                                                        \
    memcpy(raw + (bytes)*i, voxels + (bytes) * (place[1 + i] < 0 ? 0 : place[1 + i]), (bytes))

static void gather(const rad_volume *image, const ptrdiff_t *place, long pixels, gathered *g) {
    const unsigned char *voxels = image->voxels;
    unsigned char *raw = (unsigned char *)g->raw;
    switch (rad_type_size(image->type)) {
    case 1:
        GATHER(1);
        break;
    case 2:
        GATHER(2);
        break;
    case 4:
        GATHER(4);
        break;
    default:
        GATHER(8);
        break;
    }
    rad_volume_convert(image, g->raw, (size_t)pixels, g->value);
}

/* From black to white; NaN is black. */
RAD_KERNEL_LOOP void shade_loop(const double *value, size_t pixels, double low, double scale,
                                uint8_t *restrict grey) {
    enum { LANES = 8 };
    for (size_t i = 0; i < pixels; i += LANES) {
        int32_t level[LANES];
#pragma omp simd
        for (int k = 0; k < LANES; k++) {
            double g = (value[i + (size_t)k] - low) * scale;
            g = g > 0 ? g : 0;
            level[k] = (int32_t)(g < RAD_WHITE ? g : RAD_WHITE);
        }
        for (int k = 0; k < LANES; k++) grey[i + (size_t)k] = (uint8_t)level[k];
    }
}
RAD_KERNEL(shade, (const double *value, size_t pixels, double low, double scale, uint8_t *restrict grey),
           (value, pixels, low, scale, grey))

static void draw_grey(const scene *s, const panel *p, rad_canvas *c, gathered *g) {
    const rad_volume *image = s->what->image;
    const rad_box held = rad_volume_held(image);
    const double low = s->what->window[0], scale = RAD_WHITE / (s->what->window[1] - low);
    const long n = p->plane.size;
    ptrdiff_t place[RAD_SAMPLER_ROW];
    rad_sampler sampler;
    if (!rad_sampler_begin(&image->geometry, &held, &p->plane, &sampler)) return;
    for (long j = 0; j < n; j++) {
        uint8_t *row = c->pixel + (size_t)(p->y + j) * c->width + p->x;
        if (j && rad_sampler_repeats(&sampler, j)) {
            memcpy(row, row - c->width, (size_t)n);
            continue;
        }
        if (!rad_sampler_row(&sampler, j, n, place)) continue;
        gather(image, place, n, g);
        shade(g->value, (size_t)n, low, scale, g->grey);
        for (long i = 0; i < n; i++) row[i] = place[1 + i] < 0 ? 0 : g->grey[i];
    }
}

/* A row of pixels, from one before the first to one behind the last; is there a ROI in it? */
static bool read_rois(const scene *s, const rad_sampler *sampler, long j, long pixels, uint8_t *row) {
    ptrdiff_t place[RAD_SAMPLER_ROW];
    uint8_t any = 0;
    memset(row, 0, (size_t)pixels + 2);
    if (!rad_sampler_row(sampler, j, pixels, place)) return false;
    for (long i = sampler->begin; i < sampler->end; i++) any |= row[i] = place[i] < 0 ? 0 : s->roi[place[i]];
    return any;
}

/* The last pixels of a ROI on their way to another one or to none; rows from the pixel before on. */
RAD_KERNEL_LOOP void mark_edges_loop(const uint8_t *above, const uint8_t *row, const uint8_t *below,
                                     size_t pixels, uint8_t *restrict out) {
#pragma omp simd
    for (size_t i = 0; i < pixels; i++) {
        const uint8_t here = row[i + 1];
        const bool ends =
            (row[i] != here) | (row[i + 2] != here) | (above[i + 1] != here) | (below[i + 1] != here);
        out[i] = ((here != 0) & ends) ? (uint8_t)(RAD_GREYS + here - 1) : out[i];
    }
}
RAD_KERNEL(mark_edges,
           (const uint8_t *above, const uint8_t *row, const uint8_t *below, size_t pixels,
            uint8_t *restrict out),
           (above, row, below, pixels, out))

static void draw_outlines(const scene *s, const panel *p, rad_canvas *c) {
    uint8_t rows[3][RAD_SAMPLER_ROW]; /* of row j at j % 3 */
    bool any[3];
    const long n = p->plane.size;
    rad_sampler sampler;
    if (!rad_sampler_begin(s->grid, &s->box, &p->plane, &sampler)) return;
    const long begin = sampler.begin > 1 ? sampler.begin : 1, end = sampler.end < n + 1 ? sampler.end : n + 1;
    read_rois(s, &sampler, -1, n, rows[2]);
    any[0] = read_rois(s, &sampler, 0, n, rows[0]);
    for (long j = 0; j < n; j++) {
        const uint8_t *above = rows[(j + 2) % 3], *row = rows[j % 3], *below = rows[(j + 1) % 3];
        if (rad_sampler_repeats(&sampler, j + 1)) {
            memcpy(rows[(j + 1) % 3], row, (size_t)n + 2);
            any[(j + 1) % 3] = any[j % 3];
        } else {
            any[(j + 1) % 3] = read_rois(s, &sampler, j + 1, n, rows[(j + 1) % 3]);
        }
        if (any[j % 3] && begin < end)
            mark_edges(above + begin - 1, row + begin - 1, below + begin - 1, (size_t)(end - begin),
                       c->pixel + (size_t)(p->y + j) * c->width + p->x + begin - 1);
    }
}

/* White on a rim of black, to be seen on both. */
static void write_text(rad_canvas *c, long x, long y, int size, const char *text) {
    rad_canvas_text(c, x, y, size, text, 0, 1);
    rad_canvas_text(c, x, y, size, text, RAD_WHITE, 0);
}

/* A bar of a round length, at most two fifths of the plane, and its millimetres. */
static void draw_bar(const panel *p, rad_canvas *c) {
    static const double lengths[] = {500, 200, 100, 50,   20,   10,   5,    2,    1,
                                     0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 5e-3, 2e-3, 1e-3};
    const long n = p->plane.size;
    char text[24];
    size_t i = 0;
    while (i + 1 < sizeof lengths / sizeof lengths[0] && lengths[i] / p->plane.pixel > 0.4 * (double)n) i++;
    const long width = lround(fmin(lengths[i] / p->plane.pixel, (double)n));
    rad_canvas_box(c, p->x + 7, p->y + n - 11, width + 2, 4, 0);
    rad_canvas_box(c, p->x + 8, p->y + n - 10, width, 2, RAD_WHITE);
    snprintf(text, sizeof text, "%g mm", lengths[i]);
    write_text(c, p->x + 8, p->y + n - 20, 1, text);
}

static void draw_letters(const panel *p, rad_canvas *c) {
    const long n = p->plane.size, middle = n / 2;
    char text[2] = "";
    if (!p->letters) return;
    const long at[4][2] = {{4, middle - 7}, {n - 15, middle - 7}, {middle - 5, 4}, {middle - 5, n - 18}};
    for (int i = 0; i < 4; i++) {
        text[0] = p->letters[i];
        write_text(c, p->x + at[i][0], p->y + at[i][1], 2, text);
    }
}

static void draw_panel(const scene *s, const panel *p, rad_canvas *c, gathered *g) {
    draw_grey(s, p, c, g);
    draw_outlines(s, p, c);
    draw_letters(p, c);
    draw_bar(p, c);
}

/* What the planes show of the world: all that is held, or the ROI and what is around it, if there is that
 * much. */
static void find_view(const scene *s, double low[3], double high[3]) {
    const rad_box held = rad_volume_held(s->what->image);
    double from[3], to[3];
    rad_geometry_extent(&s->what->image->geometry, &held, 0.5, low, high);
    if (!(s->what->around > 0)) return;
    rad_geometry_extent(s->grid, &s->box, 0.5, from, to);
    for (int a = 0; a < 3; a++) {
        low[a] = fmax(low[a], from[a] - s->what->around);
        high[a] = fmin(high[a], to[a] + s->what->around);
        if (low[a] < high[a]) continue;
        low[a] = from[a];
        high[a] = to[a];
    }
}

/* Axial, coronal and sagittal, through the slices of the largest area. */
static void draw_planes(const scene *s, rad_canvas *c, gathered *g) {
    static const struct {
        double across[3], down[3];
        int cut; /* axis of the world that the plane stands on */
        const char *letters;
    } ways[] = {{{-1, 0, 0}, {0, -1, 0}, 2, "RLAP"},
                {{-1, 0, 0}, {0, 0, -1}, 1, "RLSI"},
                {{0, -1, 0}, {0, 0, -1}, 0, "APSI"}};
    const long side = 2 * s->what->side;
    double low[3], high[3], through[3];
    find_view(s, low, high);
    rad_geometry_world(s->grid, (double[]){(double)s->slice[0], (double)s->slice[1], (double)s->slice[2]},
                       through);
    for (long w = 0; w < 3; w++) {
        panel p = {.plane.size = side, .x = w * side, .letters = ways[w].letters};
        double widest = 0;
        for (int a = 0; a < 3; a++) {
            p.plane.middle[a] = a == ways[w].cut ? through[a] : (low[a] + high[a]) / 2;
            if (a != ways[w].cut) widest = fmax(widest, high[a] - low[a]);
        }
        memcpy(p.plane.across, ways[w].across, sizeof p.plane.across);
        memcpy(p.plane.down, ways[w].down, sizeof p.plane.down);
        p.plane.pixel = widest / (double)side;
        draw_panel(s, &p, c, g);
    }
}

/* Up to 12 axial slices from the first to the last of the ROIs, near to them. */
static void draw_slices(const scene *s, rad_canvas *c, gathered *g) {
    const long side = s->what->side;
    double low[3], high[3];
    rad_geometry_extent(s->grid, &s->box, 0.5, low, high);
    const double thickness = fmax(s->grid->spacing[2], 1e-3),
                 widest = fmax(high[0] - low[0], high[1] - low[1]);
    const long there = lround(fmin(SLICES, fmax(1, floor((high[2] - low[2]) / thickness + 0.5))));
    for (long i = 0; i < there; i++) {
        panel p = {.plane = {.across = {-1, 0, 0},
                             .down = {0, -1, 0},
                             .size = side,
                             .pixel = 1.4 * widest / (double)side},
                   .x = i % ACROSS * side,
                   .y = (2 + i / ACROSS) * side};
        p.plane.middle[0] = (low[0] + high[0]) / 2;
        p.plane.middle[1] = (low[1] + high[1]) / 2;
        p.plane.middle[2] = /* from the head down */
            high[2] - (high[2] - low[2]) * ((double)i + 0.5) / (double)there;
        draw_panel(s, &p, c, g);
    }
}

rad_status rad_roi_picture_window(const rad_volume *image, const char *modality, double window[2],
                                  rad_error *error) {
    const rad_box held = rad_volume_held(image);
    const size_t count = rad_box_count(&held), step = count / SAMPLES + 1, bytes = rad_type_size(image->type);
    double *x = rad_new_raw(count / step + 1, sizeof *x, error);
    size_t n = 0;
    if (!x) return RAD_NO_MEMORY;
    for (size_t i = 0; i < count; i += step) {
        rad_volume_convert(image, (const unsigned char *)image->voxels + i * bytes, 1, &x[n]);
        n += isfinite(x[n]) != 0;
    }
    rad_status status = rad_sort(x, n, error);
    window[0] = n ? x[n / 100] : 0;
    window[1] = n ? x[n - 1 - n / 100] : 1;
    if (!strcmp(modality, "CT")) {
        window[0] = -160;
        window[1] = 240;
    }
    if (!strcmp(modality, "PT")) {
        window[0] = 0;
        window[1] = fmax(window[1], 5);
    }
    if (!(window[1] > window[0])) window[1] = window[0] + 1;
    rad_free(x);
    return status;
}

rad_status rad_roi_picture_write(const char *path, const rad_roi_picture *what, rad_error *error) {
    scene s = {.what = what, .grid = &what->mask->volume.geometry};
    rad_canvas canvas = {.pixel = NULL};
    gathered *g = rad_new_raw(1, sizeof *g, error);
    rad_status status = g ? number_rois(&s, path, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = find_slices(&s, error);
    if (status == RAD_OK)
        status = rad_canvas_begin(&canvas, (size_t)(ACROSS * what->side), (size_t)(DOWN * what->side), error);
    if (status == RAD_OK) {
        draw_planes(&s, &canvas, g);
        draw_slices(&s, &canvas, g);
        status = rad_png_write(path, &canvas, error);
    }
    rad_canvas_free(&canvas);
    rad_free(g);
    rad_free(s.roi);
    return status;
}
