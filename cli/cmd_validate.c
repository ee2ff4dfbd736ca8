#include "command.h"

#include "../core/printable.h"
#include "bar.h"
#include "screen.h"
#include "validation.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DATA, ONLY, REQUIRE, ALL, AS_JSON, JUNIT, THREADS };
static const rad_option options[] = {
    [DATA] = {"--data", 'd', "DIR", "folder with the IBSI data; default: RADIOMILL_DATA"},
    [ONLY] = {"--only", 0, "SET", "digital_phantom, config_a ... config_e, ibsi2_1a ... ibsi2_9b, or maps"},
    [REQUIRE] = {"--require", 0, "all",
                 "fail where a data set or a response map is skipped, for lack of its data"},
    [ALL] = {"--all", 'a', NULL, "print every value, not only the misses"},
    [AS_JSON] = {"--json", 'j', NULL, "for programs: all values as JSON"},
    [JUNIT] = {"--junit", 0, "FILE", "the same in JUnit's form, too, for CI: FILE.xml"},
    [THREADS] = {"--threads", 't', "N", "default: all processors"},
};

typedef struct tally {
    size_t met, total;
} tally;

/* What is asked for, and what came of it. */
typedef struct report {
    rad_reference_table reference;
    const char *data;
    int threads;
    bool all, quiet;
    tally features, diagnostics, maps;
    size_t skipped; /* sets and maps */
    char first[80]; /* of them */
    json_t *sets;
    rad_bar bar;
} report;

/* Sets and maps that are skipped are told in one line, since most people have no data at all. */
static void skip(report *r, const char *name) {
    if (!r->skipped++) snprintf(r->first, sizeof r->first, "%s", name);
}

static const char *verdict(const rad_check *c) {
    if (!*c->reference->text) return "no reference";
    if (c->met) return c->reference->standardised ? "ok" : "ok (not standardised)";
    return c->reference->standardised ? "MISS" : "differs (not standardised)";
}

static void put_check(const rad_check *c) {
    const rad_reference_value *r = c->reference;
    char value[64];
    if (c->value.reason)
        snprintf(value, sizeof value, "none");
    else
        snprintf(value, sizeof value, "%.6g", c->value.value);
    printf("  %-34s %-5s %14s %12s %10g  %s%s%s\n", r->tag, c->column ? c->column->code : "", value,
           *r->text ? r->text : "-", *r->text ? r->tolerance : 0, verdict(c), c->value.reason ? ": " : "",
           rad_reason_text(c->value.reason));
}

/* Values with a reference and a standard count; the others are only printed. */
static void put_family(report *r, const rad_check *checks, size_t count) {
    const char *family = checks[0].reference->family;
    tally here = {0};
    for (size_t i = 0; i < count; i++)
        if (checks[i].reference->standardised) {
            here.total++;
            here.met += checks[i].met;
        }
    if (!r->quiet) printf("  %-6s %4zu of %4zu\n", family, here.met, here.total);
    for (size_t i = 0; i < count && !r->quiet; i++)
        if (r->all || (checks[i].reference->standardised && !checks[i].met)) put_check(&checks[i]);
    tally *sum = strcmp(family, "diag") != 0 ? &r->features : &r->diagnostics;
    sum->met += here.met;
    sum->total += here.total;
}

static void put_report(report *r, const rad_validation *v) {
    rad_validation_add_set(&r->sets, v);
    if (!v->ran) {
        skip(r, v->data_set);
        return;
    }
    if (!r->quiet) printf("%s\n", v->data_set);
    if (r->all && !r->quiet)
        printf("  %-34s %-5s %14s %12s %10s  %s\n", "tag", "code", "value", "reference", "tolerance",
               "verdict");
    for (size_t i = 0, end; i < v->count; i = end) {
        for (end = i;
             end < v->count && !strcmp(v->checks[end].reference->family, v->checks[i].reference->family);)
            end++;
        put_family(r, &v->checks[i], end - i);
    }
}

static void put_map(report *r, const rad_map_check *c) {
    char name[80];
    rad_validation_add_map(&r->sets, c);
    snprintf(name, sizeof name, "map %s", c->map);
    if (!c->ran) {
        skip(r, name);
        return;
    }
    if (!r->maps.total++ && !r->quiet) printf("response maps\n");
    r->maps.met += c->met;
    if (!r->quiet)
        printf("  %-8s %-12s %9.5f %% of the range  %s\n", c->map, c->filter, 100 * c->deviation,
               c->met ? "ok" : "MISS");
}

/* The largest deviation of each response map. */
static rad_status put_maps(report *r, rad_error *error) {
    enum { MAPS = 33 };
    rad_map_check c;
    for (size_t i = 0;; i++) {
        rad_bar_draw(&r->bar, fmin(1, (double)i / MAPS), "response maps");
        rad_status status = rad_map_validate(i, r->data, r->threads, &c, error);
        if (status != RAD_OK || !*c.map) return status;
        rad_bar_clear(&r->bar);
        put_map(r, &c);
    }
}

static rad_status put_data_set(report *r, size_t set, rad_error *error) {
    rad_validation v;
    rad_bar_draw(&r->bar, (double)set / RAD_DATA_SETS, rad_data_sets[set].name);
    rad_status status = rad_validate(rad_data_sets[set].name, &r->reference, r->data, r->threads, &v, error);
    if (status != RAD_OK) return status;
    rad_bar_clear(&r->bar);
    put_report(r, &v);
    rad_validation_free(&v);
    return RAD_OK;
}

static rad_status put_all(report *r, const char *only, rad_error *error) {
    rad_status status = RAD_OK;
    bool known = false;
    for (size_t i = 0; i < RAD_DATA_SETS && status == RAD_OK; i++) {
        if (only && strcmp(only, rad_data_sets[i].name) != 0) continue;
        known = true;
        status = put_data_set(r, i, error);
    }
    if (status == RAD_OK && (!only || !strcmp(only, "maps"))) {
        known = true;
        status = put_maps(r, error);
    }
    rad_bar_clear(&r->bar);
    if (status != RAD_OK || known) return status;
    return rad_fail(error, RAD_USAGE,
                    "--only: %s is not a data set; the data sets are digital_phantom, config_a ... "
                    "config_e, ibsi2_1a ... ibsi2_9b and maps",
                    only);
}

static void put_totals(const report *r, const char *only) {
    if (r->skipped)
        rad_screen_put(4,
                       "skipped: %zu of the data sets and response maps, from %s on: no reference data %s%s; "
                       "`make data` says where they are",
                       r->skipped, r->first,
                       r->data ? "below " : "(--data DIR or RADIOMILL_DATA names their folder)",
                       r->data ? r->data : "");
    if (!only || strcmp(only, "maps") != 0)
        rad_screen_put(4, "%zu of %zu standardised value%s and %zu of %zu diagnostic%s within tolerance",
                       r->features.met, r->features.total, rad_plural(r->features.total), r->diagnostics.met,
                       r->diagnostics.total, rad_plural(r->diagnostics.total));
    if (r->maps.total)
        printf("%zu of %zu response map%s within 1 %% of the range\n", r->maps.met, r->maps.total,
               rad_plural(r->maps.total));
}

static json_t *tally_of(tally t) {
    return json_pack("{s:I, s:I}", "met", (json_int_t)t.met, "total", (json_int_t)t.total);
}

static rad_status put_json(const report *r, rad_error *error) {
    json_t *all = json_pack("{s:s, s:s}", "engine", "radiomill", "version", RAD_VERSION);
    rad_tree_set(&all, "values", tally_of(r->features));
    rad_tree_set(&all, "diagnostics", tally_of(r->diagnostics));
    rad_tree_set(&all, "response_maps", tally_of(r->maps));
    rad_tree_set(&all, "skipped", json_integer((json_int_t)r->skipped));
    rad_tree_set(&all, "sets", json_incref(r->sets));
    return rad_tree_write("-", all, error);
}

/* What --data names was asked for: to skip what is absent is right where nobody named a folder. */
static rad_status check_data(const char *data, rad_error *error) {
    DIR *folder = data ? opendir(data) : NULL;
    if (data && !folder)
        return rad_fail(error, rad_errno_status(RAD_UNREADABLE),
                        "%s: cannot be read: %s; --data is the folder with the IBSI data, "
                        "which `make data` tells of",
                        data, strerror(errno));
    if (folder) closedir(folder);
    return RAD_OK;
}

/* The verdict on all. */
static rad_status judge(const report *r, const rad_arguments *a, rad_error *error) {
    const size_t ran = json_array_size(r->sets) - r->skipped;
    const bool named = a->value[DATA] && ran <= !a->value[ONLY]; /* the digital phantom is built in */
    if (r->features.met != r->features.total || r->diagnostics.met != r->diagnostics.total ||
        r->maps.met != r->maps.total)
        return RAD_MISMATCH;
    if (!r->skipped || !(a->value[REQUIRE] || a->value[ONLY] || named)) return RAD_OK;
    return rad_fail(
        error, RAD_UNREADABLE,
        "%zu of the data sets and response maps could not be checked, from %s on: no reference data below %s",
        r->skipped, r->first, r->data ? r->data : "the folder that --data names");
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    const char *usual = getenv("RADIOMILL_DATA");
    report r = {.data = a->value[DATA]    ? a->value[DATA]
                        : usual && *usual ? usual
                                          : NULL,
                .all = a->value[ALL],
                .quiet = a->value[AS_JSON],
                .sets = json_array()};
    rad_bar_begin(&r.bar);
    rad_status status = rad_argument_threads(a->value[THREADS], &r.threads, error);
    if (status == RAD_OK && a->value[REQUIRE] && strcmp(a->value[REQUIRE], "all") != 0)
        status = rad_fail(error, RAD_USAGE, "--require: %s is not all", a->value[REQUIRE]);
    if (status == RAD_OK && a->value[AS_JSON] && a->value[JUNIT] && !strcmp(a->value[JUNIT], "-"))
        status = rad_fail(error, RAD_USAGE, "--junit: standard output is that of --json; give a file");
    if (status == RAD_OK) status = check_data(a->value[DATA], error);
    if (status == RAD_OK) status = rad_reference_read(&r.reference, error);
    if (status == RAD_OK) {
        status = put_all(&r, a->value[ONLY], error);
        rad_reference_free(&r.reference);
    }
    if (status == RAD_OK && a->value[JUNIT])
        status = rad_validation_write_junit(a->value[JUNIT], r.sets, error);
    if (status == RAD_OK && a->value[AS_JSON]) status = put_json(&r, error);
    if (status == RAD_OK && !a->value[AS_JSON]) put_totals(&r, a->value[ONLY]);
    if (status == RAD_OK) status = judge(&r, a, error);
    json_decref(r.sets);
    return status;
}

const rad_command rad_command_validate = {
    "validate",
    "",
    0,
    0,
    "Checks this installation against the IBSI reference tables.",
    options,
    sizeof options / sizeof options[0],
    run,
};
