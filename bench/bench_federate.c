/* What federation costs: a site of 500 patients and 1,000 features with all covariances summarised, from its
 * table to the signed file; 50 such files pooled, from signatures to tables. Below the rules of disclosure,
 * which would not let so many covariances leave; the same with the rules and a panel of 20.
 *
 *   bench_federate FOLDER [FILE.json] */
#include "../core/clock.h"
#include "../core/memory.h"
#include "../core/parallel.h"
#include "../federate/site/round_order.h"
#include "../federate/site/summarise.h"
#include "../report/pooled.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATIENTS = 500, FEATURES = 1000, SITES = 50, RUNS = 5, MANY = 100000, TIMED = 5000 };
static rad_error error;
static json_t *results;

static void must(rad_status status) {
    if (status == RAD_OK) return;
    fprintf(stderr, "bench: %s\n", error.text);
    exit(EXIT_FAILURE);
}

static double uniform(uint64_t *state) {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (double)((*state * 0x2545F4914F6CDD1DULL) >> 11) * 0x1p-53;
}

static void write_table(const char *path, uint64_t seed) {
    FILE *out = fopen(path, "w");
    if (!out) exit(EXIT_FAILURE);
    fputs("case", out);
    for (int c = 0; c < FEATURES; c++) fprintf(out, ",f%04d_stat_mean", c);
    for (int r = 0; r < PATIENTS; r++) {
        fprintf(out, "\np%d", r);
        for (int c = 0; c < FEATURES; c++)
            fprintf(out, ",%.9g",
                    pow(10, c % 18 - 5) * exp(uniform(&seed) + uniform(&seed) + uniform(&seed)));
    }
    fputc('\n', out);
    fclose(out);
}

static void study_of(bool all, rad_study *study) {
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out) exit(EXIT_FAILURE);
    fprintf(out, "study: bench\nfeatures: [f*]\ncovariance: [%s]\nvariables:\n", all ? "f*" : "f000*, f001*");
    for (int c = 0; c < FEATURES; c++) fprintf(out, "  f%04d_stat_mean: {step: 1e%d}\n", c, c % 18 - 9);
    fclose(out);
    must(rad_study_parse(text, length, "bench.yaml", study, &error));
    free(text);
}

/* From the table to the signed file. */
static double summarise(const char *table, const char *file, const rad_study *study, const rad_signer *me,
                        int threads) {
    rad_cohort cohort;
    rad_permit permit;
    rad_summary summary;
    rad_bytes body;
    const double begin = rad_clock_seconds();
    must(rad_cohort_read(table, NULL, study, &cohort, &error));
    rad_rules rules = study->rules;
    if (rad_study_in_panel(study, "f0999", true)) rules.parameters = FEATURES;
    must(rad_permit_make(&cohort, study, &rules, threads, &permit, &error));
    must(rad_summarise(&cohort, study, &study->rules, &permit, threads, &summary, &error));
    snprintf(summary.site, sizeof summary.site, "%s", me->name);
    must(rad_radsum_body(&summary, study, &body, &error));
    must(rad_radsum_write(file, &body, me, &error));
    const double seconds = rad_clock_seconds() - begin;
    rad_bytes_free(&body);
    rad_summary_free(&summary);
    rad_permit_free(&permit);
    rad_cohort_free(&cohort);
    return seconds;
}

static double pool(const char *const *files, const rad_study *study, const rad_trusted *trusted,
                   const char *folder, int threads, double *reading) {
    rad_pool p;
    const double begin = rad_clock_seconds();
    must(rad_pool_read(&(rad_pool_files){files, SITES, trusted, NULL, 0, NULL}, study, threads, &p, &error));
    *reading = rad_clock_seconds() - begin;
    must(rad_pooled_write(&p, folder, true, threads, NULL, NULL, &error));
    const double seconds = rad_clock_seconds() - begin;
    rad_pool_free(&p);
    return seconds;
}

/* Numbers and weights of a predictor, with its calibration: of times, or of two outcomes. */
static double order(bool timed, size_t n, double *x) {
    static const rad_round_point point = {.digits = -30, .beta = {1}};
    static double one = 1;
    static int size = -10;
    uint64_t seed = 7;
    const rad_model model = {.family = timed ? RAD_MODEL_COX : RAD_MODEL_LOGISTIC};
    rad_round_rows rows = {.model = &model, .n = n, .columns = 1, .size = &size, .deviation = &one};
    rows.intercept = !timed;
    rows.x = x, rows.time = x + n, rows.y = x + 2 * n, rows.offset = x + 3 * n;
    rad_exact sums[RAD_CALIBRATED_CELLS] = {{0}};
    rad_round_cells cells = {.sums = sums};
    const rad_rules rules = {.dominance = 0.9};
    rad_round_order out = {.some = false};
    for (size_t i = 0; i < n; i++) {
        x[i] = uniform(&seed), rows.time[i] = uniform(&seed);
        rows.y[i] = uniform(&seed) < 0.5, rows.offset[i] = 0;
        rows.events += rows.y[i] > 0;
    }
    const double begin = rad_clock_seconds();
    must(rad_round_order_find(&rows, &point, &rules, &cells, &out, &error));
    const double seconds = rad_clock_seconds() - begin;
    rad_round_order_free(&out);
    for (size_t k = 0; k < RAD_CALIBRATED_CELLS; k++) rad_exact_free(&sums[k]);
    return seconds;
}

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void report(const char *name, double *seconds, double bar) {
    qsort(seconds, RUNS, sizeof *seconds, by_value);
    printf("%-44s %8.3f s (%.3f to %.3f)", name, seconds[RUNS / 2], seconds[0], seconds[RUNS - 1]);
    printf(bar > 0 ? "   bar %.0f s\n" : "\n", bar);
    json_object_set_new(results, name, json_real(seconds[RUNS / 2]));
}

/* How a predictor orders the patients of a large site; the calibration of times goes with events x patients.
 */
static void orders(void) {
    double seconds[RUNS], *x = rad_new(MANY, 4 * sizeof *x, &error);
    for (int timed = 0; timed < 2 && x; timed++) {
        for (int i = 0; i < RUNS; i++) seconds[i] = order(timed, timed ? TIMED : MANY, x);
        report(timed ? "order of 5,000 patients, times" : "order of 100,000 patients, two outcomes", seconds,
               timed ? 0 : 2);
    }
    rad_free(x);
}

int main(int argc, char **argv) {
    const char *folder = argc > 1 ? argv[1] : "build/bench";
    char path[4096], keys[4096], name[64], *files[SITES];
    rad_study study;
    rad_trusted trusted;
    rad_signer me;
    double seconds[RUNS], reading[RUNS];
    const int all = rad_parallel_processors();
    results = json_object();
    orders();
    snprintf(path, sizeof path, "%s/federate", folder);
    mkdir(path, 0777);
    snprintf(keys, sizeof keys, "%s/federate/keys", folder);
    remove(keys);
    study_of(true, &study);
    for (int s = 0; s < SITES; s++) {
        char table[4200], key[4200];
        snprintf(name, sizeof name, "site%d", s);
        snprintf(path, sizeof path, "%s/federate", folder);
        snprintf(key, sizeof key, "%s/%s.key", path, name);
        snprintf(table, sizeof table, "%s/%s.csv", path, name);
        if (access(key, R_OK)) must(rad_signer_make(name, path, &error));
        if (access(table, R_OK)) write_table(table, (uint64_t)s + 1);
        must(rad_signer_read(key, &me, &error));
        snprintf(path, sizeof path, "%s/federate/%s.radsum", folder, name);
        files[s] = rad_text_copy(path, &error);
        summarise(table, files[s], &study, &me, all);
        FILE *list = fopen(keys, "a");
        fprintf(list, "%s ", name);
        for (int i = 0; i < RAD_KEY_BYTES; i++) fprintf(list, "%02x", me.public_key[i]);
        fputc('\n', list);
        fclose(list);
    }
    must(rad_trusted_read(keys, &trusted, &error));
    snprintf(path, sizeof path, "%s/federate/site%d.csv", folder, SITES - 1);
    char out[4200];
    snprintf(out, sizeof out, "%s.radsum", path);
    for (int threads = 1; threads <= all; threads = threads < all ? all : all + 1) {
        for (int i = 0; i < RUNS; i++) seconds[i] = summarise(path, out, &study, &me, threads);
        snprintf(name, sizeof name, "summarise 1,000 x 500, %d threads", threads);
        report(name, seconds, 2);
    }
    for (int threads = 1; threads <= all; threads = threads < all ? all : all + 1) {
        snprintf(path, sizeof path, "%s/federate/pooled", folder);
        for (int i = 0; i < RUNS; i++)
            seconds[i] = pool((const char *const *)files, &study, &trusted, path, threads, &reading[i]);
        snprintf(name, sizeof name, "pool 50 sites of 1,000, %d threads", threads);
        report(name, seconds, 5);
        snprintf(name, sizeof name, "  of it reading and adding, %d threads", threads);
        report(name, reading, 0);
    }
    snprintf(path, sizeof path, "%s/federate/pooled/report.html", folder);
    struct stat page;
    if (stat(path, &page)) exit(EXIT_FAILURE);
    printf("%-44s %8.2f MB   bar 5 MB\n", "report.html of 1,000 features", (double)page.st_size / 1e6);
    json_object_set_new(results, "report.html (MB)", json_real((double)page.st_size / 1e6));
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("%-44s %8.0f MB\n", "peak memory", (double)usage.ru_maxrss / 1024);
    json_object_set_new(results, "peak memory (MB)", json_real((double)usage.ru_maxrss / 1024));
    rad_study ruled;
    study_of(false, &ruled);
    snprintf(path, sizeof path, "%s/federate/site0.csv", folder);
    for (int i = 0; i < RUNS; i++) seconds[i] = summarise(path, out, &ruled, &me, all);
    report("summarise with the rules, panel of 20", seconds, 2);
    if (argc > 2 && json_dump_file(results, argv[2], JSON_INDENT(1))) return EXIT_FAILURE;
    return EXIT_SUCCESS;
}
