#include "command.h"
#include "screen.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../features/aliases.h"
#include "../pipeline/batch/rundir.h"
#include "../pipeline/batch/runs_below.h"
#include "../pipeline/batch/tables.h"
#include "../report/run_page.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { LONG_TABLE, JSON_LINES, FORMULAS };
static const rad_option options[] = {
    [LONG_TABLE] = {"--long", 0, NULL, "write features_long.csv too: case, roi, image, feature, value"},
    [JSON_LINES] = {"--json-lines", 0, NULL, "write features.jsonl too"},
    [FORMULAS] = RAD_OPTION_FORMULAS,
};

/* Where each case is; says which are missing, a few by name. */
static rad_status find_cases(const rad_work *work, rad_journal **journals, size_t count, rad_case *cases,
                             size_t states[RAD_CASE_ELSEWHERE + 1], rad_error *error) {
    enum { NAMED = 5 };
    for (size_t i = 0; i < work->manifest->count; i++) {
        rad_manifest_row row;
        rad_error why = {0};
        for (size_t j = 0; j < count && cases[i].state == RAD_CASE_MISSING; j++) {
            const rad_status status = rad_batch_look_up(work, journals[j], i, &cases[i], &why);
            if (status == RAD_NO_MEMORY) return rad_fail(error, status, "%s", why.text);
            if (status != RAD_OK) cases[i].state = RAD_CASE_FAILED;
        }
        const size_t missing = states[cases[i].state]++;
        if (cases[i].state != RAD_CASE_MISSING || missing >= NAMED) continue;
        if (rad_manifest_read(work->manifest, i, &row, error) != RAD_OK) return error->status;
        rad_show(stderr, "radiomill: missing: row %zu, %s%s%s\n", i + 1, row.name,
                 cases[i].damaged || *why.text ? ": " : "",
                 cases[i].damaged ? "its record is damaged; run batch again" : why.text);
        rad_manifest_row_free(&row);
    }
    if (states[RAD_CASE_MISSING] > NAMED)
        rad_show(stderr, "radiomill: missing: and %zu more\n", states[RAD_CASE_MISSING] - NAMED);
    return RAD_OK;
}

static rad_status join(const rad_arguments *a, const char *run, const rad_work *work, rad_error *error) {
    rad_journal **journals = NULL;
    size_t count = 0, states[RAD_CASE_ELSEWHERE + 1] = {0};
    rad_case *cases = rad_new(work->manifest->count, sizeof *cases, error);
    rad_status status = cases ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_rundir_open_journals(run, &journals, &count, error);
    if (status == RAD_OK) status = find_cases(work, journals, count, cases, states, error);
    rad_warnings warnings = {0};
    const rad_tables_options t = {.run = run,
                                  .manifest = work->manifest,
                                  .settings = work->settings,
                                  .cases = cases,
                                  .journals = journals,
                                  .journal_count = count,
                                  .warnings = &warnings,
                                  .more = {a->value[LONG_TABLE] ? "features_long.csv" : NULL,
                                           a->value[JSON_LINES] ? "features.jsonl" : NULL}};
    if (status == RAD_OK) status = rad_tables_write(&t, error);
    if (status == RAD_OK) status = rad_run_page_write(t.run, rad_core_tags, RAD_CORE, error);
    rad_print_warnings(&warnings);
    for (size_t i = 0; journals && i < count; i++) rad_journal_close(journals[i]);
    rad_free(journals);
    rad_free(cases);
    if (status != RAD_OK) return status;
    rad_screen_put(4, "%zu case%s from %zu journal%s: %zu done, %zu partly, %zu failed, %zu missing",
                   work->manifest->count, rad_plural(work->manifest->count), count, rad_plural(count),
                   states[RAD_CASE_DONE], states[RAD_CASE_PARTIAL], states[RAD_CASE_FAILED],
                   states[RAD_CASE_MISSING]);
    if (states[RAD_CASE_DONE] == work->manifest->count) return RAD_OK;
    return states[RAD_CASE_DONE] + states[RAD_CASE_PARTIAL] ? RAD_PARTIAL : RAD_UNREADABLE;
}

static rad_status collect(const rad_arguments *a, const char *run, rad_error *error) {
    rad_settings settings = {.image_count = 0};
    rad_manifest manifest = {.count = 0};
    rad_work work = {.manifest = &manifest};
    char *path = NULL;
    rad_status status = rad_rundir_read(run, &settings, &work, &path, error);
    if (status == RAD_OK) status = rad_manifest_open(path, &manifest, error);
    if (status == RAD_OK) status = join(a, run, &work, error);
    rad_manifest_close(&manifest);
    rad_settings_clear(&settings);
    rad_free(path);
    return status;
}

/* Every run of a batch of several settings; what came of them is what came of all, or partly. */
static rad_status collect_all(const rad_arguments *a, const rad_runs_below *runs, rad_error *error) {
    rad_status all = RAD_OK;
    for (size_t i = 0; i < runs->count; i++) {
        rad_show(stderr, "radiomill: %s\n", runs->path[i]);
        const rad_status status = collect(a, runs->path[i], error);
        if (status != RAD_OK && status != RAD_PARTIAL && status != RAD_UNREADABLE) return status;
        all = !i || all == status ? status : RAD_PARTIAL;
    }
    return all;
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    const char *folder = a->operand[0];
    rad_runs_below runs = {.count = 0};
    struct stat there;
    rad_status status = rad_argument_formulas(a->value[FORMULAS], error);
    if (status == RAD_OK && !rad_runs_below_is_run(folder) && !stat(folder, &there) && S_ISDIR(there.st_mode))
        status = rad_runs_below_find(folder, &runs, error);
    if (status == RAD_OK) status = runs.count ? collect_all(a, &runs, error) : collect(a, folder, error);
    rad_runs_below_free(&runs);
    return status;
}

const rad_command rad_command_collect = {
    "collect",
    "RUN",
    1,
    1,
    "Joins the shards of a run into its tables (of all runs that a batch of several settings made), and says "
    "what is missing.",
    options,
    sizeof options / sizeof options[0],
    run,
};
