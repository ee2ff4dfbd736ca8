#include "plots.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "html.h"
#include "plot.h"

#include <math.h>
#include <png.h>
#include <sodium.h>
#include <string.h>

enum { COLOURS = 65, NAMED = 40, NAMES = 170, CELL = 14, TOP = 8 };

/* From blue by near white to vermilion, which colour-blind readers tell apart. */
static void colour_of(size_t level, unsigned char *rgb) {
    static const double ends[2][3] = {{0, 114, 178}, {213, 94, 0}}, middle[3] = {247, 247, 247};
    const double x = 2.0 * (double)level / (COLOURS - 1) - 1;
    for (int i = 0; i < 3; i++)
        rgb[i] = (unsigned char)lround(middle[i] + fabs(x) * (ends[x > 0][i] - middle[i]));
}

static unsigned char level_of(double r) {
    return (unsigned char)lround((r + 1) / 2 * (COLOURS - 1));
}

/* A palette image as <image>, in a box of the plot. */
static rad_status put_image(FILE *out, const unsigned char *cells, size_t width, size_t height,
                            const rad_frame *f, rad_error *error) {
    unsigned char map[3 * COLOURS];
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)width,
                       .height = (png_uint_32)height,
                       .format = PNG_FORMAT_RGB_COLORMAP,
                       .flags = PNG_IMAGE_FLAG_FAST,
                       .colormap_entries = COLOURS};
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    for (size_t i = 0; i < COLOURS; i++) colour_of(i, map + 3 * i);
    unsigned char *png = rad_new_raw(size, 1, error);
    char *base64 = rad_new_raw(sodium_base64_encoded_len(size, sodium_base64_VARIANT_ORIGINAL), 1, error);
    rad_status status = png && base64 ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK && !png_image_write_to_memory(&image, png, &size, 0, cells, (png_int_32)width, map))
        status = rad_fail(error, strstr(image.message, "memory") ? RAD_NO_MEMORY : RAD_NO_RESULT,
                          "an image of %zu x %zu cells cannot be created: %s", width, height, image.message);
    if (status == RAD_OK) {
        sodium_bin2base64(base64, sodium_base64_encoded_len(size, sodium_base64_VARIANT_ORIGINAL), png, size,
                          sodium_base64_VARIANT_ORIGINAL);
        fprintf(out,
                "<image x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" preserveAspectRatio=\"none\" "
                "href=\"data:image/png;base64,%s\"/>\n",
                f->left, f->top, f->right - f->left, f->bottom - f->top, base64);
    }
    rad_free(png);
    rad_free(base64);
    return status;
}

/* Columns by cluster, the largest cluster first, then by its number; size[i]: columns in the cluster of i. */
static void arrange(const size_t *cluster, size_t n, size_t *size, size_t *start, size_t *order) {
    size_t clusters = 0, at = 0;
    memset(size, 0, n * sizeof *size);
    for (size_t i = 0; i < n; i++) {
        size[cluster[i] - 1]++;
        clusters = cluster[i] > clusters ? cluster[i] : clusters;
    }
    for (size_t s = n; s; s--) /* by size: counting, since there are as many sizes as columns at most */
        for (size_t k = 0; k < clusters; k++)
            if (size[k] == s) {
                start[k] = at;
                at += s;
            }
    for (size_t i = 0; i < n; i++) order[start[cluster[i] - 1]++] = i;
    for (size_t k = 0; k < clusters; k++) start[k] -= size[k];
}

static rad_status put_cells(FILE *out, const rad_correlations *c, const size_t *order, const rad_frame *f,
                            rad_error *error) {
    const size_t n = c->count;
    unsigned char *cells = rad_new_raw(n * n, 1, error);
    if (!cells) return RAD_NO_MEMORY;
    for (size_t j = 0; j < n; j++)
        for (size_t i = 0; i < n; i++) cells[j * n + i] = level_of(c->r[order[j] * n + order[i]]);
    rad_status status = put_image(out, cells, n, n, f, error);
    rad_free(cells);
    return status;
}

static void put_outlines(FILE *out, const size_t *size, const size_t *start, size_t n, const rad_frame *f) {
    const double cell = (f->right - f->left) / (double)n;
    fputs("<path class=\"outline\" d=\"", out);
    for (size_t k = 0; k < n && size[k]; k++) {
        const double side = (double)size[k] * cell, at = (double)start[k] * cell;
        if (size[k] > 1)
            fprintf(out, "M%.1f %.1fh%.1fv%.1fh%.1fz", f->left + at, f->top + at, side, side, -side);
    }
    fputs("\"/>\n", out);
}

/* Which of each cluster to keep: a mark by the name, or at the right where there are no names. */
static void put_names(FILE *out, const rad_results *r, const size_t *order, const rad_frame *f, bool named) {
    const size_t n = r->covariance.correlations.count;
    const double cell = (f->bottom - f->top) / (double)n, thick = fmin(cell, 2);
    fputs("<path class=\"kept\" d=\"", out);
    for (size_t i = 0; i < n; i++)
        if (r->covariance.kept[order[i]])
            fprintf(out, "M%.1f %.2fh6v%.2fh-6z", named ? f->left - 8 : f->right + 2,
                    f->top + ((double)i + 0.5) * cell - thick / 2, thick);
    fputs("\"/>\n", out);
    for (size_t i = 0; i < n && named; i++)
        rad_plot_text(out, f->left - 11, f->top + ((double)i + 0.5) * cell + 4, "r",
                      r->pool->total.variables[r->covariance.correlations.of[order[i]]].name, f->left - 13);
}

/* The bar of colours below. */
static rad_status put_bar(FILE *out, double left, double right, double y, rad_error *error) {
    unsigned char cells[COLOURS];
    const rad_frame f = {left, right, y, y + 10};
    const rad_axis x = rad_plot_axis(-1, 1, left, right);
    for (size_t i = 0; i < COLOURS; i++) cells[i] = (unsigned char)i;
    rad_status status = put_image(out, cells, COLOURS, 1, &f, error);
    rad_plot_x(out, &f, &x, "correlation r", "no unit");
    return status;
}

static rad_status put_map(FILE *out, const rad_results *r, const size_t *order, const size_t *size,
                          const size_t *start, rad_error *error) {
    const size_t n = r->covariance.correlations.count;
    const bool named = n <= NAMED;
    const double left = named ? NAMES : 34, side = named ? fmax(150, (double)n * CELL) : RAD_PLOT_WIDTH - 42;
    const rad_frame f = {left, left + side, named ? TOP : 26, (named ? TOP : 26) + side};
    const double bar = f.bottom + (named ? 14 : 44), width = named ? f.right + 8 : RAD_PLOT_WIDTH;
    if (named) fprintf(out, "<div class=\"scroll\" tabindex=\"0\" style=\"--width:%.0fpx\">", width);
    rad_plot_begin(
        out, "Correlations",
        "Heat map of the correlations of all pairs of variables, ordered by cluster; clusters are outlined.",
        width, bar + 44);
    if (!named) {
        const rad_axis x = rad_plot_axis(0, (double)n, f.left, f.right),
                       y = rad_plot_axis(0, (double)n, f.top, f.bottom);
        rad_plot_y(out, &f, &y, "variable by cluster", "number");
        rad_plot_x(out, &f, &x, "variable by cluster", "number");
    }
    rad_status status = put_cells(out, &r->covariance.correlations, order, &f, error);
    put_outlines(out, size, start, n, &f);
    put_names(out, r, order, &f, named);
    if (status == RAD_OK) status = put_bar(out, named ? f.left : 60, named ? f.left + 150 : 270, bar, error);
    rad_plot_end(out);
    if (named) fputs("</div>\n", out);
    return status;
}

static rad_status put_figure(FILE *out, const rad_results *r, rad_error *error) {
    const size_t n = r->covariance.correlations.count;
    char caption[256];
    size_t kept = 0, *all = rad_new(3 * n, sizeof *all, error);
    if (!all) return RAD_NO_MEMORY;
    size_t *size = all, *start = all + n, *order = all + 2 * n;
    for (size_t i = 0; i < n; i++) kept += r->covariance.kept[i];
    arrange(r->covariance.cluster, n, size, start, order);
    snprintf(caption, sizeof caption,
             "Correlations of %zu variable%s in %zu cluster%s with |r| of at least %.4g", n, rad_plural(n),
             kept, rad_plural(kept), r->pool->study->redundancy);
    rad_plot_figure(out, true, caption);
    rad_status status = put_map(out, r, order, size, start, error);
    if (n > NAMED) rad_html_say(out, "clusters.csv has the names and the cluster of each.");
    rad_plot_end_figure(out);
    rad_free(all);
    return status;
}

rad_status rad_section_heatmap(FILE *out, const rad_results *r, rad_error *error) {
    if (r->covariance.correlations.count > 1) return put_figure(out, r, error);
    rad_html_nothing(out, "Fewer than two variables of the panel have all their correlations: the others are "
                          "held back or do not vary.");
    return RAD_OK;
}
