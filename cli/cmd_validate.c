#include "command.h"

#include "../core/printable.h"
#include "../pipeline/validate/maps.h"
#include "../pipeline/validate/validate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DATA, ONLY, ALL, THREADS };
static const rad_option options[] = {
    [DATA] = {"--data", 'd', "DIR", "folder with the IBSI data; default: RADIOMILL_DATA"},
    [ONLY] = {"--only", 0, "SET", "digital_phantom, config_a ... config_e, ibsi2_1a ... ibsi2_9b, or maps"},
    [ALL] = {"--all", 'a', NULL, "print every value, not only the misses"},
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
    bool all;
    tally features, diagnostics, maps;
} report;

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
    printf("  %-6s %4zu of %4zu\n", family, here.met, here.total);
    for (size_t i = 0; i < count; i++)
        if (r->all || (checks[i].reference->standardised && !checks[i].met)) put_check(&checks[i]);
    tally *sum = strcmp(family, "diag") != 0 ? &r->features : &r->diagnostics;
    sum->met += here.met;
    sum->total += here.total;
}

static void put_report(report *r, const rad_validation *v) {
    printf("%s\n", v->data_set);
    if (!v->ran) rad_show(stdout, "  skipped: %s\n", v->skipped);
    if (r->all && v->ran)
        printf("  %-34s %-5s %14s %12s %10s  %s\n", "tag", "code", "value", "reference", "tolerance",
               "verdict");
    for (size_t i = 0, end; i < v->count; i = end) {
        for (end = i;
             end < v->count && !strcmp(v->checks[end].reference->family, v->checks[i].reference->family);)
            end++;
        put_family(r, &v->checks[i], end - i);
    }
}

/* The largest deviation of each response map. */
static rad_status put_maps(report *r, rad_error *error) {
    rad_map_check c;
    printf("response maps\n");
    for (size_t i = 0;; i++) {
        rad_status status = rad_map_validate(i, r->data, r->threads, &c, error);
        if (status != RAD_OK || !*c.map) return status;
        if (!c.ran) {
            rad_show(stdout, "  %-8s %-12s skipped: no reference data below %s\n", c.map, c.filter,
                     r->data ? r->data : "the folder that --data names");
            continue;
        }
        r->maps.total++;
        r->maps.met += c.met;
        printf("  %-8s %-12s %9.5f %% of the range  %s\n", c.map, c.filter, 100 * c.deviation,
               c.met ? "ok" : "MISS");
    }
}

static rad_status put_data_set(report *r, size_t set, rad_error *error) {
    rad_validation v;
    rad_status status = rad_validate(rad_data_sets[set].name, &r->reference, r->data, r->threads, &v, error);
    if (status != RAD_OK) return status;
    put_report(r, &v);
    rad_validation_free(&v);
    return RAD_OK;
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    const char *only = a->value[ONLY];
    report r = {.data = a->value[DATA] ? a->value[DATA] : getenv("RADIOMILL_DATA"), .all = a->value[ALL]};
    rad_status status = rad_argument_threads(a->value[THREADS], &r.threads, error);
    if (status == RAD_OK) status = rad_reference_read(&r.reference, error);
    if (status != RAD_OK) return status;
    bool known = false;
    for (size_t i = 0; i < RAD_DATA_SETS && status == RAD_OK; i++) {
        if (only && strcmp(only, rad_data_sets[i].name) != 0) continue;
        known = true;
        status = put_data_set(&r, i, error);
    }
    rad_reference_free(&r.reference);
    if (status == RAD_OK && (!only || !strcmp(only, "maps"))) {
        known = true;
        status = put_maps(&r, error);
    }
    if (status != RAD_OK) return status;
    if (!known)
        return rad_fail(error, RAD_USAGE,
                        "--only: %s is not a data set; the data sets are digital_phantom, config_a ... "
                        "config_e, ibsi2_1a ... ibsi2_9b and maps",
                        only);
    if (!only || strcmp(only, "maps") != 0)
        printf("%zu of %zu standardised values and %zu of %zu diagnostics within tolerance\n", r.features.met,
               r.features.total, r.diagnostics.met, r.diagnostics.total);
    if (r.maps.total)
        printf("%zu of %zu response maps within 1 %% of their range\n", r.maps.met, r.maps.total);
    return r.features.met == r.features.total && r.diagnostics.met == r.diagnostics.total &&
                   r.maps.met == r.maps.total
               ? RAD_OK
               : RAD_MISMATCH;
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
