#include "pool_rehearsals.h"

#include "../core/bitset.h"
#include "../core/memory.h"
#include "../core/printable.h"
#include "../federate/rehearsal.h"
#include "../io/bytes.h"
#include "../io/csv.h"
#include "visit.h"

#include <string.h>

typedef struct job {
    const rad_pool_options *options;
    const char *path;
    rad_study study;
    rad_trusted trusted;
    rad_rehearsal *rehearsals; /* owned, as many as files */
    size_t count;
    rad_rehearsed *parts;
    size_t part_count;
} job;

static rad_status read_all(job *j, rad_error *error) {
    const rad_pool_options *o = j->options;
    rad_status status = rad_study_read(o->study, &j->study, error);
    if (status == RAD_OK) status = rad_trusted_read(o->trusted, &j->trusted, error);
    if (status == RAD_OK) j->rehearsals = rad_new(o->summary_count, sizeof *j->rehearsals, error);
    if (status == RAD_OK && !j->rehearsals) status = RAD_NO_MEMORY;
    for (size_t i = 0; i < o->summary_count && status == RAD_OK; i++) {
        status = rad_rehearsal_read(o->summaries[i], &j->study, &j->trusted, &j->rehearsals[j->count], error);
        if (status != RAD_OK) break;
        const char *site = j->rehearsals[j->count++].site;
        for (size_t k = 0; k + 1 < j->count && status == RAD_OK; k++)
            if (!strcmp(j->rehearsals[k].site, site))
                status = rad_fail(error, RAD_CONFIG,
                                  "%s: is a second rehearsal of site %s; give the newer one alone",
                                  o->summaries[i], site);
    }
    return status;
}

/* Sites that would show it, "A;B"; those that would not. */
static void put_sites(FILE *out, const job *j, const rad_rehearsed *part, bool have) {
    char text[4096] = "";
    for (size_t s = 0, used = 0; s < j->count && used < sizeof text; s++)
        if (rad_bitset_has(part->have, s) == have)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? ";" : "",
                                     j->rehearsals[s].site);
    fputc(',', out);
    rad_csv_put(out, text);
}

static rad_status put_table(FILE *out, void *context, rad_error *error) {
    enum { TEXTS = 4 };
    const job *j = context;
    (void)error;
    fputs("analysis,variable,group,level,other_level,sites,of,enough,at,not_at\n", out);
    for (size_t i = 0; i < j->part_count; i++) {
        const rad_rehearsed *p = &j->parts[i];
        rad_csv_put(out, p->analysis);
        for (size_t k = 1; k <= TEXTS; k++) {
            const char *text =
                k + 1 < json_array_size(p->part) ? json_string_value(json_array_get(p->part, k)) : "";
            fputc(',', out);
            rad_csv_put(out, text);
        }
        fprintf(out, ",%zu,%zu,%s", p->sites, j->count,
                p->sites >= (size_t)j->study.rules.sites ? "yes" : "no");
        put_sites(out, j, p, true);
        put_sites(out, j, p, false);
        fputc('\n', out);
    }
    return RAD_OK;
}

/* How many parts of each analysis all sites have, enough of them, too few, none. */
static rad_status put_said(FILE *out, void *context, rad_error *error) {
    const job *j = context;
    (void)error;
    rad_show(out, "%s: what %zu site%s would have of study %s; nothing was released\n", j->path, j->count,
             rad_plural(j->count), j->study.id);
    rad_show(out, "  %-14s %7s %9s %12s %8s %8s\n", "analysis", "parts", "at all", "at enough", "too few",
             "nowhere");
    for (size_t first = 0; first < j->part_count; first++) {
        const char *analysis = j->parts[first].analysis;
        size_t seen = 0, counts[5] = {0};
        while (strcmp(j->parts[seen].analysis, analysis) != 0) seen++;
        if (seen < first) continue; /* said already */
        for (size_t i = first; i < j->part_count; i++) {
            const size_t sites = j->parts[i].sites;
            if (strcmp(j->parts[i].analysis, analysis) != 0) continue;
            const size_t enough = (size_t)j->study.rules.sites;
            counts[0]++;
            counts[!sites ? 4 : sites < enough ? 3 : sites < j->count ? 2 : 1]++;
        }
        rad_show(out, "  %-14.14s %7zu %9zu %12zu %8zu %8zu\n", analysis, counts[0], counts[1], counts[2],
                 counts[3], counts[4]);
    }
    return RAD_OK;
}

rad_status rad_pool_rehearsals(const rad_pool_options *options, char **said, rad_error *error) {
    job j = {.options = options, .path = options->output ? options->output : "rehearsed.csv"};
    rad_status status = read_all(&j, error);
    if (status == RAD_OK) status = rad_rehearsal_join(j.rehearsals, j.count, &j.parts, &j.part_count, error);
    if (status == RAD_OK) status = rad_bytes_stream(j.path, put_table, &j, error);
    if (status == RAD_OK) status = rad_visit_say(put_said, &j, said, error);
    rad_rehearsed_free(j.parts, j.part_count);
    for (size_t i = 0; i < j.count; i++) rad_rehearsal_free(&j.rehearsals[i]);
    rad_free(j.rehearsals);
    rad_trusted_free(&j.trusted);
    rad_study_free(&j.study);
    return status;
}
