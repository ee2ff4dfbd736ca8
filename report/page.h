/* What every page begins and ends with. */
#ifndef RAD_PAGE_H
#define RAD_PAGE_H

#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Up to <body>: the style, and a policy by which only the page's own script runs, by its hash, and only those
 * images ("data:") are loaded. */
void rad_page_begin(FILE *out, const char *title, const char *images);

/* The same of a page without script or images, which ends by itself. */
void rad_page_begin_plain(FILE *out, const char *title);

/* The script, and the end. */
void rad_page_end(FILE *out);

/* The contents: begun, an entry for each section, and ended, where the sections begin. */
void rad_page_contents(FILE *out);
void rad_page_entry(FILE *out, const char *id, const char *title);
void rad_page_main(FILE *out);

/* A section's title, what it says first, and tables beside the page, which end with NULL: their names behind
 * `before` are those of the files. */
typedef struct rad_page_head {
    const char *id, *title, *lead, *before;
    const char *files[6];
} rad_page_head;

void rad_page_section(FILE *out, const rad_page_head *head);

/* A line of a <dl>. */
void rad_page_fact(FILE *out, const char *what, const char *value);
void rad_page_count(FILE *out, const char *what, uint64_t count);

#ifdef __cplusplus
}
#endif
#endif
