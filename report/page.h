/* What every page begins and ends with. */
#ifndef RAD_PAGE_H
#define RAD_PAGE_H

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Up to <body>: the style, and a policy by which only the page's own script runs, by its hash, and only those
 * images ("data:") are loaded. */
void rad_page_begin(FILE *out, const char *title, const char *images);

/* The script, and the end. */
void rad_page_end(FILE *out);

/* A line of a <dl>. */
void rad_page_fact(FILE *out, const char *what, const char *value);

#ifdef __cplusplus
}
#endif
#endif
