#include "plots.h"

#include "../federate/pool/pool_analyses.h"
#include "html.h"
#include "tally.h"

#include <inttypes.h>
#include <string.h>

/* "3 to 5", "5", a dash. */
static void put_range(FILE *out, const rad_tally *t, uint64_t least, uint64_t most) {
    char text[64] = "";
    if (t->shown && least < most)
        snprintf(text, sizeof text, "%" PRIu64 " to %" PRIu64, least, most);
    else if (t->shown)
        snprintf(text, sizeof text, "%" PRIu64, least);
    fprintf(out, "<td>%s</td>", *text ? text : "\xe2\x80\x93");
}

/* A row per table. */
static void put_tables(FILE *out, const rad_results *r) {
    static const char *const columns[] = {"table",          "sites", "patients", "rows with numbers",
                                          "of fewer sites", "empty", "<for",     NULL};
    size_t count = 0;
    for (size_t i = 0; i < r->tally_count; i++) count += r->tallies[i].shown || r->tallies[i].empty;
    rad_html_table(out, "Tables", "evidence", count, columns);
    for (size_t i = 0; i < r->tally_count; i++) {
        const rad_tally *t = &r->tallies[i];
        if (!t->shown && !t->empty) continue;
        rad_html_row(out, t->file);
        put_range(out, t, t->least_sites, t->most_sites);
        put_range(out, t, t->least_patients, t->most_patients);
        rad_html_count(out, t->shown);
        rad_html_count(out, t->fewer);
        rad_html_count(out, t->empty);
        rad_html_cell(out, t->single ? "coordinator" : "readers");
        rad_html_end_row(out);
    }
    rad_html_end_table(out, count);
}

/* Words tell: a full, a half, an empty circle, and how many. */
static void put_part(FILE *out, const rad_covered *x) {
    static const char *const marks[] = {"\xe2\x97\x8b", "\xe2\x97\x90", "\xe2\x97\x8f"};
    const int which = x->shown == x->parts ? 2 : x->shown > 0;
    fputs("<td>", out);
    if (which == 2)
        fprintf(out, "%s all", marks[which]);
    else if (which)
        fprintf(out, "%s %" PRIu64 " of %" PRIu64, marks[which], x->shown, x->parts);
    else
        fprintf(out, "%s none", marks[which]);
    fputs("</td>", out);
}

/* Rules by which sites hold parts back, each once. */
static void put_rules(FILE *out, const rad_coverage *c, size_t part) {
    char text[4 * RAD_COVERAGE_RULES] = "";
    for (size_t s = 0; s < c->sites; s++) {
        const char *rules = c->covered[part * c->sites + s].rules;
        const size_t used = strlen(text);
        if (*rules && !strstr(text, rules))
            snprintf(text + used, sizeof text - used, "%s%s", used ? ", " : "", rules);
    }
    rad_html_cell(out, text);
}

/* How many sites show all of a part, some, none, and the first of those that do not show all. */
static void put_sites(FILE *out, const rad_pool *p, const rad_coverage *c, size_t part) {
    char text[512] = "";
    size_t how[3] = {0};
    for (size_t s = 0; s < c->sites; s++) {
        const rad_covered *x = &c->covered[part * c->sites + s];
        const size_t used = strlen(text);
        how[x->shown == x->parts ? 0 : x->shown ? 1 : 2]++;
        if (x->shown == x->parts) continue;
        if (used + RAD_SITE + 48 < sizeof text)
            snprintf(text + used, sizeof text - used, "%s%s %" PRIu64 " of %" PRIu64, used ? ", " : "",
                     p->sites[s].site, x->shown, x->parts);
        else if (text[used - 1] != '.')
            snprintf(text + used, sizeof text - used, ", ...");
    }
    for (size_t i = 0; i < 3; i++) rad_html_count(out, how[i]);
    rad_html_cell(out, text);
}

/* A column for each site, as long as a page has room for them. */
enum { COLUMNS = 8 };
static void name_columns(const rad_pool *p, const char **columns) {
    static const char *const many[] = {"sites with all", "with some", "with none", "<not all"};
    const bool few = p->count <= COLUMNS;
    const size_t count = few ? p->count : sizeof many / sizeof many[0];
    columns[0] = "analysis";
    columns[1] = "parts";
    for (size_t i = 0; i < count; i++) columns[2 + i] = few ? p->sites[i].site : many[i];
    columns[2 + count] = "<held back by";
    columns[3 + count] = NULL;
}

static void put_coverage(FILE *out, const rad_pool *p, const rad_coverage *c) {
    const char *columns[COLUMNS + 4];
    size_t count = 0;
    for (size_t i = 0; i < c->count; i++) count += rad_study_asks(p->study, c->part[i].analysis);
    name_columns(p, columns);
    rad_html_table(out, "What each site shows of each analysis", "coverage.csv", count, columns);
    for (size_t i = 0; i < c->count; i++) {
        const char *word = rad_analyses[c->part[i].analysis].word;
        char name[4 * RAD_NAME];
        if (!rad_study_asks(p->study, c->part[i].analysis)) continue;
        snprintf(name, sizeof name, "%s%s%s", word, *c->part[i].name ? ": " : "", c->part[i].name);
        rad_html_row(out, name);
        rad_html_count(out, c->covered[i * c->sites].parts);
        for (size_t s = 0; s < c->sites && c->sites <= COLUMNS; s++)
            put_part(out, &c->covered[i * c->sites + s]);
        if (c->sites > COLUMNS) put_sites(out, p, c, i);
        put_rules(out, c, i);
        rad_html_end_row(out);
    }
    rad_html_end_table(out, count);
}

rad_status rad_section_coverage(FILE *out, const rad_results *r, rad_error *error) {
    rad_coverage c;
    rad_status status = rad_coverage_make(r->pool, &c, error);
    put_tables(out, r);
    if (status == RAD_OK) put_coverage(out, r->pool, &c);
    rad_coverage_free(&c);
    return status;
}
