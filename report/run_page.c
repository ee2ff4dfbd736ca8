#include "run_page.h"

#include "../io/bytes.h"
#include "../io/picture_name.h"
#include "../io/tree.h"
#include "html.h"
#include "page.h"
#include "run_groups.h"
#include "run_plots.h"

#include <string.h>

typedef struct page {
    const char *run;
    rad_run_cases cases;
    rad_run_values values;
    json_t *provenance;
    rad_bytes settings;
} page;

static size_t count_of(const page *p, const char *state) {
    size_t count = 0;
    for (size_t i = 0; i < p->cases.count; i++)
        count += !strcmp(rad_run_case(&p->cases, i, RAD_RUN_STATUS), state);
    return count;
}

static void put_facts(FILE *out, const page *p) {
    static const char *const states[] = {"done", "partial", "failed", "missing"};
    char text[128];
    const json_t *engine = json_object_get(p->provenance, "engine");
    const char *version = json_string_value(json_object_get(engine, "version")),
               *id = json_string_value(json_object_get(p->provenance, "settings_id"));
    fputs("<header><h1>A run of radiomill</h1>\n<dl>", out);
    snprintf(text, sizeof text, "radiomill %.60s", version ? version : "of an unknown version");
    rad_page_fact(out, "engine", text);
    rad_page_fact(out, "id of the settings", id ? id : "unknown");
    snprintf(text, sizeof text, "%zu", p->cases.count);
    rad_page_fact(out, "cases", text);
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        snprintf(text, sizeof text, "%zu", count_of(p, states[i]));
        rad_page_fact(out, states[i], text);
    }
    snprintf(text, sizeof text, "%zu", p->values.rows);
    rad_page_fact(out, "rows (ROIs)", text);
    fputs("</dl></header>\n", out);
}

static void put_settings(FILE *out, const page *p) {
    fputs("<details><summary>All settings</summary><pre>", out);
    for (size_t i = 0; i < p->settings.length; i++) {
        const char one[] = {(char)p->settings.data[i], '\0'};
        if (strchr("<>&", *one) && *one)
            rad_html_text(out, one);
        else
            fputc(*one, out);
    }
    fputs("</pre></details>\n", out);
}

static rad_status put_done(FILE *out, const page *p, rad_error *error) {
    (void)error;
    rad_html_say(out, "radiomill methods writes the paragraph of a paper from the same files.");
    put_settings(out, p);
    return RAD_OK;
}

static rad_status put_failures(FILE *out, const page *p, rad_error *error) {
    return rad_run_cases_kinds(out, &p->cases, RAD_RUN_REASON, "Reasons", error);
}

static rad_status put_warnings(FILE *out, const page *p, rad_error *error) {
    return rad_run_cases_kinds(out, &p->cases, RAD_RUN_WARNINGS, "Warnings", error);
}

static rad_status put_features(FILE *out, const page *p, rad_error *error) {
    if (p->values.rows) return rad_run_plots_columns(out, &p->values, &p->cases, error);
    rad_html_nothing(out, "No row.");
    return RAD_OK;
}

static rad_status put_groups(FILE *out, const page *p, rad_error *error) {
    return rad_run_groups_put(out, &p->values, error);
}

static rad_status put_clusters(FILE *out, const page *p, rad_error *error) {
    return rad_run_plots_clusters(out, &p->values, error);
}

/* Below it what it shows ("": nothing), where the case has several. */
static void put_picture(FILE *out, const char *picture, const char *shows, const char *roi) {
    fprintf(out,
            "<a href=\"%s\"><img loading=\"lazy\" width=\"480\" height=\"320\" alt=\"outlines\" src=\"%s\">",
            picture, picture);
    rad_html_text(out, shows);
    rad_html_text(out, roi);
    fputs("</a>", out);
}

/* Of all ROIs where some failed, and of each that has values; *next: the first row of features of the case.
 */
static void put_pictures(FILE *out, const page *p, size_t row, size_t *next, size_t *shown) {
    char picture[RAD_PICTURE_NAME];
    const rad_run_values *v = &p->values;
    const char *name = rad_run_case(&p->cases, row, RAD_RUN_CASE);
    const size_t rows = rad_run_case_rows(&p->cases, row);
    if (rad_run_case_picture(&p->cases, p->run, row, NULL, picture))
        put_picture(out, picture, rows ? "all ROIs" : "", "");
    for (size_t i = 0; i < rows && *next < v->rows && !strcmp(v->name[*next], name); i++, ++*next)
        if (*shown < RAD_RUN_SHOWN && rad_run_case_picture(&p->cases, p->run, row, v->roi[*next], picture)) {
            put_picture(out, picture, rows > 1 ? "ROI " : "", rows > 1 ? v->roi[*next] : "");
            ++*shown;
        }
}

static void put_case(FILE *out, const page *p, size_t row, size_t *next, size_t *shown) {
    const rad_run_cases *c = &p->cases;
    const char *roi = rad_run_case(c, row, RAD_RUN_ROI), *rois = rad_run_case(c, row, RAD_RUN_ROIS);
    fprintf(out, "<figure id=\"r%zu\">", row + 1);
    put_pictures(out, p, row, next, shown);
    fputs("<figcaption>", out);
    rad_html_text(out, rad_run_case(c, row, RAD_RUN_CASE));
    fputc(' ', out);
    rad_html_text(out, roi);
    fprintf(out, "<br><small>%zu, ", row + 1);
    rad_html_text(out, rad_run_case(c, row, RAD_RUN_STATUS));
    fputs(", ROIs ", out);
    rad_html_text(out, *rois ? rois : "0");
    fputs("</small></figcaption></figure>\n", out);
}

static rad_status put_cases(FILE *out, const page *p, rad_error *error) {
    (void)error;
    size_t next = 0, shown = 0;
    fputs("<div class=\"cases\">\n", out);
    for (size_t i = 0; i < p->cases.count && i < RAD_RUN_SHOWN; i++) put_case(out, p, i, &next, &shown);
    fputs("</div>\n", out);
    if (p->cases.count > RAD_RUN_SHOWN)
        rad_html_say(out, "And %zu more: cases.csv has all.", p->cases.count - RAD_RUN_SHOWN);
    if (shown == RAD_RUN_SHOWN) rad_html_say(out, "Pictures beyond %zu are in pictures/ alone.", shown);
    return RAD_OK;
}

static const struct section {
    const char *id, *title, *lead;
    rad_status (*body)(FILE *out, const page *p, rad_error *error);
} sections[] = {
    {"done", "What was done", "The settings of all cases; columns.json says of each column what it is.",
     put_done},
    {"failures", "Failures", "Why cases or ROIs have no values, alike reasons together.", put_failures},
    {"warnings", "Warnings", "What was assumed, left out, or looks odd.", put_warnings},
    {"features", "Features",
     "The core set, of the original image. A row is far out where it lies beyond a quartile by more than "
     "three times the distance of the quartiles: look at its picture first.",
     put_features},
    {"groups", "Groups beside each other",
     "The core set by the columns of the manifest that name groups, the furthest apart first: the difference "
     "of the two means that differ most, in standard deviations (of the root of the mean of both variances).",
     put_groups},
    {"clusters", "Features that say the same",
     "Of the core set, those whose rank correlations over the rows are at least 0.9 in size, all with all.",
     put_clusters},
    {"cases", "Cases",
     "In the order of the manifest. Pictures are there where the run made them (batch --pictures).",
     put_cases},
};
enum { SECTIONS = sizeof sections / sizeof sections[0] };

static rad_status put_page(FILE *out, void *context, rad_error *error) {
    const page *p = context;
    rad_status status = RAD_OK;
    rad_page_begin(out, "A run of radiomill", "'self' file:");
    put_facts(out, p);
    rad_page_contents(out);
    for (size_t i = 0; i < SECTIONS; i++) rad_page_entry(out, sections[i].id, sections[i].title);
    rad_page_main(out);
    for (size_t i = 0; i < SECTIONS && status == RAD_OK; i++) {
        rad_page_section(out,
                         &(rad_page_head){sections[i].id, sections[i].title, sections[i].lead, "", {NULL}});
        status = sections[i].body(out, p, error);
        fputs("</section>\n", out);
    }
    fputs("</main>\n<footer><p>Names of cases and ROIs are those of the manifest: this page stays where the "
          "run is.</p></footer>\n",
          out);
    rad_page_end(out);
    return status;
}

rad_status rad_run_page_write(const char *run, const char *const *tags, size_t tag_count, rad_error *error) {
    char path[4096];
    page p = {.run = run};
    snprintf(path, sizeof path, "%.4000s/provenance.json", run);
    rad_status status = rad_tree_read(path, &p.provenance, error);
    snprintf(path, sizeof path, "%.4000s/settings.yaml", run);
    if (status == RAD_OK) status = rad_bytes_read(path, &p.settings, error);
    if (status == RAD_OK) status = rad_run_cases_read(run, &p.cases, error);
    if (status == RAD_OK) status = rad_run_values_read(run, tags, tag_count, &p.values, error);
    snprintf(path, sizeof path, "%.4000s/report.html", run);
    if (status == RAD_OK) status = rad_bytes_stream(path, put_page, &p, error);
    json_decref(p.provenance);
    rad_bytes_free(&p.settings);
    rad_run_cases_free(&p.cases);
    rad_run_values_free(&p.values);
    return status;
}
