#include "command.h"

#include "../core/memory.h"
#include "../core/number.h"
#include "../core/printable.h"
#include "../core/quota.h"
#include "../features/aliases.h"
#include "../pipeline/batch/rundir.h"
#include "../pipeline/batch/tables.h"
#include "../pipeline/roi_save.h"
#include "../pipeline/validate/validate.h"
#include "../report/run_page.h"
#include "batch_auto.h"
#include "made.h"
#include "presets.h"
#include "screen.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    SETTINGS,
    RUN,
    THREADS,
    MEMORY,
    TIMEOUT,
    RETRY,
    FORCE,
    MAX_FAILURES,
    FAIL_FAST,
    DRY_RUN,
    SHARD,
    LONG_TABLE,
    JSON_LINES,
    QUIET,
    JSON_LOG,
    RESAMPLE,
    ANY_FRAME,
    VERIFY,
    FORMULAS,
    PICTURES,
    SAVE_MASK,
    SAVE_IMAGE,
};
static const rad_option options[] = {
    [SETTINGS] = {"--settings", 'c', "FILE",
                  "settings file or preset, as for extract; auto: a run for each modality, RUN/ct, RUN/mr "
                  "...; in place "
                  "of it, a column settings of the table: a run for each of them"},
    [RUN] = {"--output", 'o', "RUN",
             "the run directory; the same command again computes what is missing, failed or changed"},
    [THREADS] = {"--threads", 't', "N",
                 "budget of the whole run; default: all processors; never changes a result"},
    [MEMORY] = {"--memory", 'm', "SIZE",
                "what all cases at work may take together, such as 12G; default: 80 % of what is free, or "
                "nine tenths of what Slurm gives"},
    [TIMEOUT] = {"--timeout", 0, "SECONDS", "what a case may take; default: no limit"},
    [RETRY] = {"--retry-failed", 0, NULL, "only the cases that failed before"},
    [FORCE] = {"--force", 'f', NULL, "all cases anew, also with other settings than before"},
    [MAX_FAILURES] = {"--max-failures", 0, "N", "stop when more cases than that have failed"},
    [FAIL_FAST] = {"--fail-fast", 0, NULL, "stop at the first failure"},
    [DRY_RUN] = {"--dry-run", 'n', NULL,
                 "check headers, geometry and ROIs of every case; print what is wrong"},
    [SHARD] = {"--shard", 0, "I/N",
               "only this share of the cases; default: from SLURM_ARRAY_TASK_ID and _COUNT"},
    [LONG_TABLE] = {"--long", 0, NULL, "write features_long.csv too: case, roi, image, feature, value"},
    [JSON_LINES] = {"--json-lines", 0, NULL, "write features.jsonl too"},
    [QUIET] = {"--quiet", 'q', NULL, "no progress"},
    [JSON_LOG] = {"--json-log", 0, NULL, "progress as one JSON object per case"},
    [RESAMPLE] = {"--resample-mask", 0, NULL, "as for extract"},
    [ANY_FRAME] = {"--ignore-frame-of-reference", 0, NULL, "as for extract"},
    [VERIFY] = {"--verify", 0, NULL, "as for extract"},
    [FORMULAS] = RAD_OPTION_FORMULAS,
    [PICTURES] = {"--pictures", 0, NULL,
                  "draw each ROI that is computed into RUN/pictures; RUN/report.html shows them"},
    [SAVE_MASK] = {"--save-mask", 0, "FORM",
                   "write each ROI as features use it (resampled, cropped; 2: of its shape alone) into "
                   "RUN/masks, as nii, nii.gz or nrrd"},
    [SAVE_IMAGE] = {"--save-image", 0, "FORM",
                    "and the image (resampled, normalised, cropped) into RUN/images"},
};

/* What Slurm gives, in bytes; 0 where it gives nothing. */
static size_t slurm_memory(void) {
    const char *node = getenv("SLURM_MEM_PER_NODE"), *each = getenv("SLURM_MEM_PER_CPU"), /* MB */
                                                         *processors = getenv("SLURM_CPUS_PER_TASK");
    if (node && atoll(node) > 0) return (size_t)atoll(node) << 20;
    if (!each || atoll(each) <= 0) return 0;
    const long long count = processors && atoll(processors) > 0 ? atoll(processors) : 1;
    return (size_t)atoll(each) * (size_t)count << 20;
}

/* 80 % of the memory that is free, also within a container, or 90 % of what Slurm gives, as far as the
 * container has it; 0 where nobody says. */
static size_t free_memory(void) {
    char line[256];
    unsigned long long kilobytes = 0;
    const size_t given = slurm_memory(), quota = rad_quota_memory("");
    if (given) return (quota < given ? quota : given) / 10 * 9;
    FILE *file = fopen("/proc/meminfo", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "MemAvailable: %llu kB", &kilobytes) == 1) break;
    if (file) fclose(file);
    const size_t free = (size_t)kilobytes << 10;
    return (quota < free ? quota : free) / 10 * 8;
}

static rad_status read_size(const char *text, size_t *bytes, rad_error *error) {
    static const char units[] = "kMGT";
    char *end = NULL;
    double value = strtod(text, &end);
    const char *unit = *end ? strchr(units, *end) : NULL;
    if (unit) {
        value *= pow(1024, (double)(unit - units + 1));
        end++;
    }
    if (end != text && !*end && value >= 1 << 20 && value < 0x1p60) {
        *bytes = (size_t)value;
        return RAD_OK;
    }
    return rad_fail(error, RAD_USAGE, "--memory: %s is not a size of at least 1M, such as 800M or 12G", text);
}

static rad_status read_shard(const char *text, size_t *shard, size_t *shards, rad_error *error) {
    char fallback[64];
    int used = 0;
    const char *task = getenv("SLURM_ARRAY_TASK_ID"), *tasks = getenv("SLURM_ARRAY_TASK_COUNT"),
               *first = getenv("SLURM_ARRAY_TASK_MIN");
    if (!text && task && tasks) {
        snprintf(fallback, sizeof fallback, "%lld/%.20s", atoll(task) - (first ? atoll(first) : 1) + 1,
                 tasks);
        text = fallback;
    }
    *shard = *shards = 0;
    if (!text) return RAD_OK;
    if (sscanf(text, "%zu/%zu%n", shard, shards, &used) == 2 && !text[used] && *shard >= 1 &&
        *shard <= *shards && *shards <= 1000000)
        return RAD_OK;
    return rad_fail(error, RAD_USAGE, "--shard: %s is not I/N with 1 <= I <= N, such as 3/8", text);
}

/* Of a file: its ending. */
static rad_status check_form(const char *option, const char *form, rad_error *error) {
    if (!form) return RAD_OK;
    for (size_t i = 0; rad_roi_save_forms[i]; i++)
        if (!strcmp(form, rad_roi_save_forms[i])) return RAD_OK;
    return rad_fail(error, RAD_USAGE, "%s: %s is none of nii, nii.gz, nrrd", option, form);
}

static rad_status read_options(const rad_arguments *a, rad_settings *settings, rad_batch_options *o,
                               rad_error *error) {
    long long failures = 0;
    *o = (rad_batch_options){.run = a->value[RUN],
                             .max_failures = a->value[FAIL_FAST] ? 0 : SIZE_MAX,
                             .retry_failed = a->value[RETRY] != NULL,
                             .force = a->value[FORCE] != NULL,
                             .quiet = a->value[QUIET] != NULL,
                             .json_lines = a->value[JSON_LOG] != NULL,
                             .memory = free_memory()};
    o->work.check_only = a->value[DRY_RUN] != NULL;
    o->work.settings = settings;
    o->work.run = o->work.check_only ? NULL : o->run;
    o->work.pictures = a->value[PICTURES] != NULL;
    o->work.masks = a->value[SAVE_MASK];
    o->work.images = a->value[SAVE_IMAGE];
    o->work.options = (rad_extract_options){.resample_mask = a->value[RESAMPLE] != NULL,
                                            .any_frame = a->value[ANY_FRAME] != NULL,
                                            .verify = a->value[VERIFY] != NULL};
    rad_settings_default(settings);
    rad_status status = rad_argument_formulas(a->value[FORMULAS], error);
    if (status == RAD_OK) status = check_form("--save-mask", a->value[SAVE_MASK], error);
    if (status == RAD_OK) status = check_form("--save-image", a->value[SAVE_IMAGE], error);
    if (status == RAD_OK) status = rad_argument_threads(a->value[THREADS], &o->threads, error);
    if (status == RAD_OK && !o->run && !o->work.check_only)
        status = rad_fail(error, RAD_USAGE, "batch: --output RUN is needed, the directory of the run");
    if (status == RAD_OK && a->value[MEMORY]) status = read_size(a->value[MEMORY], &o->memory, error);
    if (status == RAD_OK && a->value[TIMEOUT] &&
        (!rad_number_read(a->value[TIMEOUT], &o->timeout) || !(o->timeout > 0)))
        status =
            rad_fail(error, RAD_USAGE, "--timeout: %s is not a number of seconds above 0", a->value[TIMEOUT]);
    if (status == RAD_OK && a->value[MAX_FAILURES]) {
        status =
            rad_argument_integer("--max-failures", a->value[MAX_FAILURES], 0, INT32_MAX, &failures, error);
        o->max_failures = (size_t)failures;
    }
    if (status == RAD_OK && !o->work.check_only)
        status = read_shard(a->value[SHARD], &o->shard, &o->shards, error);
    if (status == RAD_OK && a->value[SETTINGS]) status = rad_preset_read(a->value[SETTINGS], settings, error);
    o->work.memory = o->memory;
    return status == RAD_OK ? rad_rundir_settings_id(settings, &o->work, error) : status;
}

/* What came of the run as an exit code. */
static rad_status sum_up(const rad_batch_result *r, const char *what, rad_error *error) {
    if (r->signal) return r->signal == SIGTERM ? RAD_TERMINATED : RAD_INTERRUPTED;
    if (!r->failed && !r->partial && !r->missing) return RAD_OK;
    const rad_status status = r->done + r->partial ? RAD_PARTIAL : RAD_UNREADABLE;
    return rad_fail(
        error, status,
        "%s: %zu of %zu case%s done, %zu partly, %zu failed, %zu missing; cases.csv has the reasons", what,
        r->done, r->cases, rad_plural(r->cases), r->partial, r->failed, r->missing);
}

static rad_status write_tables(const rad_arguments *a, const rad_batch_options *o, const rad_case *cases,
                               rad_journal **journal, rad_warnings *warnings, rad_error *error) {
    const rad_tables_options t = {.run = o->run,
                                  .manifest = o->work.manifest,
                                  .settings = o->work.settings,
                                  .cases = cases,
                                  .journals = journal,
                                  .journal_count = 1,
                                  .warnings = warnings,
                                  .more = {a->value[LONG_TABLE] ? "features_long.csv" : NULL,
                                           a->value[JSON_LINES] ? "features.jsonl" : NULL}};
    rad_status status = rad_tables_write(&t, error);
    return status == RAD_OK ? rad_run_page_write(o->run, rad_core_tags, RAD_CORE, error) : status;
}

/* The problems that a dry run found, one line each. */
static rad_status print_problems(const rad_batch_options *o, const rad_case *cases, rad_journal *journal,
                                 size_t *problems, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < o->work.manifest->count && status == RAD_OK; i++) {
        rad_outcome outcome;
        bool found = false;
        status = rad_journal_load(journal, &cases[i].id, &outcome, &found, error);
        if (status == RAD_OK && (!found || outcome.status != RAD_OK || *outcome.warnings)) {
            rad_manifest_row row;
            rad_error why = {0};
            const bool wrong = rad_manifest_read(o->work.manifest, i, &row, &why) != RAD_OK;
            rad_screen_put(4, "row %zu  %s  %s%s%s", i + 1, wrong ? "" : row.name,
                           wrong ? why.text : outcome.reason,
                           *outcome.reason && *outcome.warnings ? "  " : "", outcome.warnings);
            rad_manifest_row_free(&row);
            *problems += !found || outcome.status != RAD_OK;
        }
        rad_outcome_free(&outcome);
    }
    return status;
}

static rad_status dry_run(const rad_batch_options *o, rad_case *cases, rad_error *error) {
    rad_journal *journal = NULL;
    rad_batch_result result;
    size_t problems = 0;
    rad_status status = rad_journal_open(":memory:", &journal, NULL, error);
    if (status == RAD_OK) status = rad_batch_run(o, journal, cases, &result, error);
    if (status == RAD_OK) status = print_problems(o, cases, journal, &problems, error);
    rad_journal_close(journal);
    if (status != RAD_OK || result.signal) return status == RAD_OK ? sum_up(&result, "", error) : status;
    rad_show(stdout, "%zu case%s checked, %zu with problems\n", o->work.manifest->count,
             rad_plural(o->work.manifest->count), problems);
    return problems ? problems == o->work.manifest->count ? RAD_UNREADABLE : RAD_PARTIAL : RAD_OK;
}

static rad_status begin_run(const rad_arguments *a, rad_batch_options *o, rad_journal **journal,
                            rad_warnings *warnings, rad_error *error) {
    o->made = rad_made_by(&rad_command_batch, a);
    rad_status status = o->made ? rad_rundir_begin(o, journal, warnings, error)
                                : rad_fail(error, RAD_NO_MEMORY, "out of memory: the provenance of the run");
    json_decref(o->made);
    o->made = NULL;
    return status;
}

static rad_status compute(const rad_arguments *a, rad_batch_options *o, rad_case *cases, rad_error *error) {
    rad_journal *journal = NULL;
    rad_batch_result result = {0};
    rad_warnings warnings = {0};
    rad_status status = begin_run(a, o, &journal, &warnings, error);
    if (status == RAD_OK && o->force) status = rad_journal_clear(journal, error);
    if (status == RAD_OK) status = rad_batch_run(o, journal, cases, &result, error);
    if (status == RAD_OK && !o->shards) {
        for (size_t i = 0; i < o->work.manifest->count && status != RAD_NO_MEMORY; i++)
            if (cases[i].state == RAD_CASE_MISSING) { /* rows that an interrupted run did not come to */
                status = rad_batch_look_up(&o->work, journal, i, &cases[i], error);
                if (status != RAD_OK) cases[i].state = RAD_CASE_FAILED;
            }
        if (status != RAD_NO_MEMORY) status = write_tables(a, o, cases, &journal, &warnings, error);
    }
    rad_journal_close(journal);
    if ((!a->value[SETTINGS] || o->work.settings->unset) && !o->quiet && !o->json_lines)
        rad_presets_tell(&(rad_facts){.count = 0});
    if (result.damaged)
        rad_warn(&warnings, "%s: the journal held %zu damaged record%s; what these held was computed again",
                 o->run, result.damaged, rad_plural(result.damaged));
    rad_print_warnings(&warnings);
    if (status != RAD_OK) return status;
    if (result.warned && !o->quiet && !o->json_lines)
        rad_show(stderr, "radiomill: %s: %zu case%s with warnings, such as %s; cases.csv has all\n", o->run,
                 result.warned, rad_plural(result.warned), result.warning);
    if (!o->quiet && !o->json_lines)
        rad_show(
            stderr,
            "radiomill: %s: %zu case%s: %zu done, %zu partly, %zu failed, %zu missing; %zu computed now\n",
            o->run, result.cases, rad_plural(result.cases), result.done, result.partial, result.failed,
            result.missing, result.computed);
    return sum_up(&result, o->run, error);
}

static rad_status run_all(const rad_arguments *a, rad_error *error) {
    rad_settings settings;
    rad_manifest manifest = {.count = 0};
    rad_batch_options o;
    rad_status status = read_options(a, &settings, &o, error);
    if (status == RAD_OK) status = rad_manifest_open(a->operand[0], &manifest, error);
    o.work.manifest = &manifest;
    if (status == RAD_OK) status = rad_batch_check_names(&manifest, error);
    rad_case *cases = status == RAD_OK ? rad_new(manifest.count, sizeof *cases, error) : NULL;
    if (status == RAD_OK)
        status = !cases              ? RAD_NO_MEMORY
                 : o.work.check_only ? dry_run(&o, cases, error)
                                     : compute(a, &o, cases, error);
    rad_free(cases);
    rad_manifest_close(&manifest);
    rad_settings_clear(&settings);
    return status;
}

/* The same arguments for the cases of one modality. */
static rad_status run_part(const char *manifest, const char *preset, const char *run, void *context,
                           rad_error *error) {
    rad_arguments own = *(const rad_arguments *)context;
    own.operand[0] = manifest;
    own.value[SETTINGS] = preset;
    own.value[RUN] = run;
    return run_all(&own, error);
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    bool named = false;
    struct stat there;
    if (!stat(a->operand[0], &there) && S_ISDIR(there.st_mode))
        return rad_fail(
            error, RAD_UNREADABLE,
            "%.300s: is a folder; batch takes a table of cases, which `radiomill manifest FOLDER -o "
            "cases.csv` writes",
            a->operand[0]);
    const rad_status status = rad_batch_names_settings(a->operand[0], &named, error);
    if (status != RAD_OK) return status;
    if (!named && (!a->value[SETTINGS] || strcmp(a->value[SETTINGS], "auto") != 0)) return run_all(a, error);
    if (named && a->value[SETTINGS])
        return rad_fail(
            error, RAD_USAGE,
            "%.300s: has a column settings; leave out --settings, or that column: features of other "
            "settings are no columns of one table",
            a->operand[0]);
    if (!a->value[RUN])
        return rad_fail(error, RAD_USAGE, "batch: %s needs --output RUN, below which it makes its runs",
                        named ? "a column settings" : "--settings auto");
    rad_arguments own = *a;
    return rad_batch_auto(a->operand[0], a->value[RUN], run_part, &own, error);
}

const rad_command rad_command_batch = {
    "batch",
    "CASES.csv",
    1,
    1,
    "Features of many cases into a run directory; restartable, in worker processes.",
    options,
    sizeof options / sizeof options[0],
    run,
};
