/* Plots as SVG: a frame, axes with round ticks and titles, text. Coordinates are pixels of a phone: a plot
 * that is RAD_PLOT_WIDTH wide fits there with text of 11 px, and grows elsewhere. */
#ifndef RAD_PLOT_H
#define RAD_PLOT_H

#include "../federate/summary.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_PLOT_WIDTH = 330, RAD_PLOT_COLOURS = 8, RAD_TICKS_MAX = 16 };

/* Values from..to lie at the places low..high. */
typedef struct rad_axis {
    double from, to, low, high;
} rad_axis;

/* A range that is empty or not finite becomes one that can be drawn. */
rad_axis rad_plot_axis(double from, double to, double low, double high);
double rad_plot_at(const rad_axis *axis, double value);
double rad_plot_inside(const rad_axis *axis, double value); /* the same, not beyond the ends */

/* Round ticks, at most that many (2 to RAD_TICKS_MAX), in 10^power of the unit; their number. */
typedef struct rad_ticks {
    size_t count;
    double at[RAD_TICKS_MAX];
    char text[RAD_TICKS_MAX][24];
    int power;
} rad_ticks;
void rad_plot_ticks(const rad_axis *axis, size_t most, rad_ticks *ticks);

/* An axis widened to its next round ticks. */
void rad_plot_widen(rad_axis *axis, size_t most);

/* <figure> around a plot with its caption, escaped; full: as wide as the page. */
void rad_plot_figure(FILE *out, bool full, const char *caption);
void rad_plot_end_figure(FILE *out);

/* title and desc say in words what is seen. */
void rad_plot_begin(FILE *out, const char *title, const char *desc, double width, double height);
void rad_plot_end(FILE *out);

/* Axis below the frame left..right x top..bottom, with lines across it; its title and unit. */
typedef struct rad_frame {
    double left, right, top, bottom;
} rad_frame;
void rad_plot_x(FILE *out, const rad_frame *frame, const rad_axis *axis, const char *title, const char *unit);
void rad_plot_x_at(FILE *out, const rad_frame *frame, const rad_axis *axis, const rad_ticks *ticks,
                   const char *title, const char *unit);
void rad_plot_y(FILE *out, const rad_frame *frame, const rad_axis *axis, const char *title, const char *unit);

/* Text of a class ("l": from x on, "m": about x, "r": up to x), cut where it is wider; all of it is in its
 * title then. */
void rad_plot_text(FILE *out, double x, double y, const char *class, const char *text, double width);

/* A list that says what the lines are. */
void rad_plot_legend(FILE *out);
void rad_plot_legend_item(FILE *out, size_t series, const char *text);
void rad_plot_end_legend(FILE *out);

/* Class of the line of a series: colour and dashes; grey after RAD_PLOT_COLOURS. */
const char *rad_plot_series(size_t series);

/* The places of the `want` smallest keys, in their order, earlier ones first; NaN stay out. Their number. */
size_t rad_plot_smallest(const double *key, size_t count, size_t want, size_t *out);

/* The unit of a variable as the study takes it: "log unit" where it is a logarithm, "arbitrary units" where
 * none is given, "no unit" for "1". */
const char *rad_plot_unit(const rad_summary_variable *variable);

#ifdef __cplusplus
}
#endif
#endif
