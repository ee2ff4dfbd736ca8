/* What each stage costs on one thread: medians of several runs on the IBSI CT phantom at 1 mm (P), on a
 * sphere of 50 cm3 (T) and on an ellipsoid of 1500 cm3 (L). T and L are synthetic. The phantom is read from
 * RADIOMILL_DATA (default ../shared/data); without it P is skipped. */
#include "../core/memory.h"
#include "../core/simd.h"
#include "../features/autocorrelation.h"
#include "../features/enclosing.h"
#include "../features/families.h"
#include "../features/mesh.h"
#include "../io/scan/nifti.h"
#include "../pipeline/extract.h"
#include "../pipeline/prepare.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RUNS_MAX = 15 };

#if defined(__has_include)
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#endif
#endif
#ifndef CALLGRIND_ZERO_STATS
#define RUNNING_ON_VALGRIND 0
#define CALLGRIND_ZERO_STATS
#define CALLGRIND_DUMP_STATS_AT(name) (void)(name)
#endif

static int threads = 1, runs_at_most = RUNS_MAX;
static const char *only; /* a part of the names of the stages to run; NULL: all */
static json_t *report;

static void report_stage(const char *name, const char *stage, double ms, double ns, size_t voxels) {
    json_t *row = json_pack("{s:s, s:s, s:f}", "case", name, "stage", stage, "ms", ms);
    if (voxels) json_object_set_new(row, "ns_per_voxel", json_real(ns));
    if (voxels) json_object_set_new(row, "voxels", json_integer((json_int_t)voxels));
    json_array_append_new(report, row);
}

/* --time cpu: of the process, which a busy machine lengthens least. */
static clockid_t timed = CLOCK_MONOTONIC;

static double now(void) {
    struct timespec t;
    clock_gettime(timed, &t);
    return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void die(const rad_error *error) {
    fprintf(stderr, "bench: %s\n", error->text);
    exit(error->status);
}

/* Values of one pass: room for the largest family. */
static rad_value values[RAD_PASS_FAMILIES][256];

typedef struct subject {
    const char *name;
    const rad_volume *image;
    const rad_mask *mask;
    const rad_roi *roi;
    const rad_levels *levels;
    const rad_settings *settings;
    const rad_pass *pass;
    int threads;
} subject;

/* One stage, once. */
typedef rad_status stage_function(const subject *s, rad_error *error);

static rad_status run_pass(const subject *s, rad_error *error) {
    const rad_feature_input input = {s->roi, s->levels, &s->settings->features, s->threads, NULL, NULL};
    rad_value *out[RAD_PASS_FAMILIES] = {values[0], values[1]};
    return s->pass->run(&input, out, error);
}

static rad_status run_discretise(const subject *s, rad_error *error) {
    rad_levels levels;
    rad_status status =
        rad_discretise(s->roi, s->settings->features.discretisation.row[0], s->name, &levels, error);
    if (status == RAD_OK) rad_levels_free(&levels);
    return status;
}

static rad_status make_hull(const subject *s, rad_hull *hull, rad_error *error) {
    const rad_roi *roi = s->roi;
    return rad_hull_make(roi->morphological, roi->size, &roi->inner, roi->grid.spacing, hull, error);
}

static rad_status run_mesh_and_hull(const subject *s, rad_error *error) {
    const rad_roi *roi = s->roi;
    rad_mesh mesh;
    rad_hull hull;
    rad_status status =
        rad_mesh_measure(roi->morphological, roi->size, &roi->inner, roi->grid.spacing, &mesh, error);
    if (status == RAD_OK) status = make_hull(s, &hull, error);
    if (status != RAD_OK) return status;
    values[0][0].value = hull.diameter + mesh.volume;
    rad_hull_free(&hull);
    return RAD_OK;
}

/* With the hull that they start from. */
static rad_status run_enclosing(const subject *s, rad_error *error) {
    rad_hull hull;
    double box[3], axis[3];
    rad_status status = make_hull(s, &hull, error);
    if (status != RAD_OK) return status;
    status = rad_enclosing_box(&hull, s->threads, box, error);
    if (status == RAD_OK) status = rad_enclosing_ellipsoid(&hull, axis, error);
    rad_hull_free(&hull);
    return status;
}

static rad_status run_autocorrelation(const subject *s, rad_error *error) {
    rad_autocorrelation out;
    return rad_autocorrelation_measure(s->roi, s->threads, &out, error);
}

/* Under callgrind the last run is one dump, named after the case and the stage: `bench/counts.py`. */
static double median_of(const char *stage, stage_function *run, const subject *s, int runs) {
    double times[RUNS_MAX];
    char name[96];
    rad_error error = {0};
    if (runs > runs_at_most) runs = runs_at_most;
    for (int i = 0; i < runs; i++) {
        CALLGRIND_ZERO_STATS;
        const double start = now();
        if (run(s, &error) != RAD_OK) die(&error);
        times[i] = now() - start;
    }
    snprintf(name, sizeof name, "%s: %s", s->name, stage);
    CALLGRIND_DUMP_STATS_AT(name);
    qsort(times, (size_t)runs, sizeof times[0], ascending);
    return times[runs / 2];
}

/* One line of the table, one object of the JSON; `share` of all features, or NAN where the line is a part of
 * another. */
static void put(const subject *s, const char *stage, double cost, double share) {
    const double n = (double)s->roi->intensity_count;
    printf("  %-26s %9.2f ms %9.2f ns/voxel", stage, cost, cost * 1e6 / n);
    if (isfinite(share))
        printf(" %5.1f %%\n", 100 * share);
    else
        printf("\n");
    report_stage(s->name, stage, cost, cost * 1e6 / n, s->roi->intensity_count);
}

static bool chosen(const char *wanted, const char *stage) {
    return !wanted || strstr(stage, wanted);
}

static const struct {
    const char *name;
    stage_function *run;
} parts[] = {
    {"discretise", run_discretise},
    {"- mesh, hull, diameter", run_mesh_and_hull},
    {"- hull, OMBB, MVEE", run_enclosing},
    {"- Moran, Geary", run_autocorrelation},
};

/* As the plan of an extraction has them: pairs and runs in one walk. */
static const rad_pass *pass_of(const rad_family *family) {
    return family == &rad_family_cm || family == &rad_family_rlm ? &rad_pass_glcm_glrlm : family->pass;
}

static void bench_roi(const char *name, const rad_roi *roi, const rad_settings *settings, int runs,
                      double first, double prepare) {
    rad_error error = {0};
    rad_levels levels;
    if (rad_discretise(roi, settings->features.discretisation.row[0], name, &levels, &error) != RAD_OK)
        die(&error);
    subject s = {.name = name, .roi = roi, .levels = &levels, .settings = settings, .threads = threads};
    printf("%s: box %zux%zux%zu, %zu voxels, %u levels\n", name, roi->inner.end[0] - roi->inner.begin[0],
           roi->inner.end[1] - roi->inner.begin[1], roi->inner.end[2] - roi->inner.begin[2],
           roi->intensity_count, levels.count);
    put(&s, "prepare, the first time", first, NAN);
    if (isfinite(prepare)) put(&s, "prepare", prepare, NAN);
    for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++)
        if (chosen(only, parts[p].name))
            put(&s, parts[p].name, median_of(parts[p].name, parts[p].run, &s, runs), NAN);
    double total = 0, cost[32] = {0};
    for (size_t f = 0; rad_families[f]; f++) {
        s.pass = pass_of(rad_families[f]);
        if (s.pass->families[0] == rad_families[f] && chosen(only, s.pass->name))
            total += cost[f] = median_of(s.pass->name, run_pass, &s, runs);
    }
    for (size_t f = 0; rad_families[f]; f++)
        if (cost[f] > 0) put(&s, pass_of(rad_families[f])->name, cost[f], cost[f] / total);
    put(&s, "all features", total, NAN);
    rad_levels_free(&levels);
}

/* Everything after reading, on one and on two threads in turns. */
static void bench_extract(const char *name, const rad_volume *image, rad_mask *mask,
                          const rad_settings *settings, int runs) {
    double times[2][RUNS_MAX];
    rad_error error = {0};
    if (RUNNING_ON_VALGRIND || !chosen(only, "extract")) return;
    if (runs > runs_at_most) runs = runs_at_most;
    for (int i = 0; i < 2 * runs; i++) {
        rad_table table = {0};
        const rad_extract_options options = {.case_name = name, .mask_path = name, .threads = 1 + i % 2};
        const double start = now();
        if (rad_extract_volume(image, mask, settings, &options, &table, &error) != RAD_OK) die(&error);
        times[i % 2][i / 2] = now() - start;
        rad_table_free(&table);
    }
    for (int t = 0; t < 2; t++) qsort(times[t], (size_t)runs, sizeof(double), ascending);
    const double one = times[0][runs / 2], two = times[1][runs / 2];
    printf("  extract after reading: %.2f ms, on two threads %.2f ms, %.2f times as fast\n", one, two,
           one / two);
    report_stage(name, "extract, 1 thread", one, NAN, 0);
    report_stage(name, "extract, 2 threads", two, NAN, 0);
}

/* Interpolation, crop and re-segmentation, the first time and again. */
static rad_status run_prepare(const subject *s, rad_error *error) {
    rad_roi roi;
    const rad_status status = rad_prepare_roi(s->image, &(rad_target){s->mask, &s->mask->labels[0], s->name},
                                              s->settings, s->threads, &roi, error);
    if (status == RAD_OK) rad_roi_free(&roi);
    return status;
}

static void bench_case(const char *name, const rad_volume *image, rad_mask *mask,
                       const rad_settings *settings, int runs) {
    rad_error error = {0};
    rad_roi roi;
    const subject s = {.name = name, .settings = settings, .threads = threads, .image = image, .mask = mask};
    const double start = now();
    if (rad_prepare_roi(image, &(rad_target){mask, &mask->labels[0], name}, settings, threads, &roi,
                        &error) != RAD_OK)
        die(&error);
    const double first = now() - start;
    bench_roi(name, &roi, settings, runs, first,
              chosen(only, "prepare") ? median_of("prepare", run_prepare, &s, runs) : NAN);
    bench_extract(name, image, mask, settings, runs);
    rad_roi_free(&roi);
}

static void bench_phantom(const char *data, const rad_settings *settings) {
    char image_path[1024], mask_path[1024];
    snprintf(image_path, sizeof image_path, "%s/ibsi1/ct_phantom/nifti/image.nii.gz", data);
    snprintf(mask_path, sizeof mask_path, "%s/ibsi1/ct_phantom/nifti/mask.nii.gz", data);
    rad_error error = {0};
    rad_volume image = {0};
    rad_mask mask = {0};
    double start = now();
    if (rad_nifti_read(image_path, &image, NULL, &error) != RAD_OK) {
        printf("P: skipped: no reference data (%s)\n", error.text);
        return;
    }
    if (rad_nifti_read_mask(mask_path, &mask, NULL, &error) != RAD_OK) die(&error);
    printf("P: read %.2f ms\n", now() - start);
    bench_case("P", &image, &mask, settings, 7);
    rad_volume_free(&image);
    rad_mask_free(&mask);
}

/* An ellipsoid with these semi-axes (mm = voxels) in smooth tissue with noise. */
static void bench_ellipsoid(const char *name, const double axis[3], const rad_settings *settings, int runs) {
    rad_error error = {0};
    rad_volume image = {
        .type = RAD_INT16, .slope = 1, .geometry = {.direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}}};
    for (int a = 0; a < 3; a++) {
        image.geometry.size[a] = (size_t)(2 * axis[a]) + 21;
        image.geometry.spacing[a] = 1;
    }
    const size_t *size = image.geometry.size, count = rad_geometry_count(&image.geometry);
    rad_mask mask = {.volume = image};
    mask.volume.type = RAD_UINT8;
    int16_t *x = rad_new(count, sizeof *x, &error);
    uint8_t *inside = rad_new(count, 1, &error);
    if (!x || !inside) die(&error);
    uint32_t noise = 1;
    for (size_t i = 0; i < count; i++) {
        const size_t at[3] = {i % size[0], i / size[0] % size[1], i / size[0] / size[1]};
        double r = 0;
        for (int a = 0; a < 3; a++) r += pow(((double)at[a] - ((double)size[a] - 1) / 2) / axis[a], 2);
        noise = noise * 1664525 + 1013904223;
        x[i] =
            (int16_t)(60 * sin((double)at[0] / 9.0) * cos((double)at[1] / 11.0) * cos((double)at[2] / 7.0) +
                      (double)(noise >> 27));
        inside[i] = r <= 1;
    }
    image.voxels = x;
    mask.volume.voxels = inside;
    if (rad_mask_index(&mask, name, &error) != RAD_OK) die(&error);
    bench_case(name, &image, &mask, settings, runs);
    rad_volume_free(&image);
    rad_mask_free(&mask);
}

/* The processor's name as the system gives it. */
static void processor(char *text, size_t length) {
    FILE *file = fopen("/proc/cpuinfo", "r");
    char line[256];
    snprintf(text, length, "unknown");
    while (file && fgets(line, sizeof line, file))
        if (!strncmp(line, "model name", 10) && strchr(line, ':')) {
            snprintf(text, length, "%s", strchr(line, ':') + 2);
            text[strcspn(text, "\n")] = '\0';
            break;
        }
    if (file) fclose(file);
}

static void write_report(const char *path) {
    char cpu[128];
    processor(cpu, sizeof cpu);
    json_t *all = json_pack("{s:s, s:s, s:s, s:s, s:i, s:O}", "version", RAD_VERSION, "commit",
                            getenv("RAD_COMMIT") ? getenv("RAD_COMMIT") : "unknown", "processor", cpu,
                            "kernels", rad_simd_name(), "threads", threads, "stages", report);
    if (!all || json_dump_file(all, path, JSON_INDENT(1) | JSON_REAL_PRECISION(6))) {
        fprintf(stderr, "bench: %s cannot be written\n", path);
        exit(RAD_UNWRITABLE);
    }
    json_decref(all);
}

int main(int argc, char **argv) {
    const char *data = getenv("RADIOMILL_DATA"), *cases = "PTL", *out = NULL;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--cases")) cases = argv[i + 1];
        if (!strcmp(argv[i], "--only")) only = argv[i + 1];
        if (!strcmp(argv[i], "--threads")) threads = atoi(argv[i + 1]);
        if (!strcmp(argv[i], "--runs")) runs_at_most = atoi(argv[i + 1]);
        if (!strcmp(argv[i], "--time") && !strcmp(argv[i + 1], "cpu")) timed = CLOCK_PROCESS_CPUTIME_ID;
        if (!strcmp(argv[i], "--json")) out = argv[i + 1];
        if (!strcmp(argv[i], "--kernels")) rad_simd_allow(strcmp(argv[i + 1], "portable") != 0);
    }
    rad_settings settings;
    rad_settings_default(&settings);
    for (int a = 0; a < 3; a++) settings.sampling.spacing[a] = 1;
    settings.sampling.round = true;
    settings.range[0] = -1000;
    settings.range[1] = 400;
    report = json_array();
    printf("kernels %s, %d thread%s\n", rad_simd_name(), threads, threads > 1 ? "s" : "");
    if (strchr(cases, 'P')) bench_phantom(data && *data ? data : "../shared/data", &settings);
    if (strchr(cases, 'T')) bench_ellipsoid("T", (double[]){22.85, 22.85, 22.85}, &settings, 7);
    if (strchr(cases, 'L')) bench_ellipsoid("L", (double[]){95, 79, 46}, &settings, 5);
    if (out) write_report(out);
    json_decref(report);
    return 0;
}
