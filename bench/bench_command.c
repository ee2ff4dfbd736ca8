/* What the command costs from start to end: case B, a CT of 512x512x300 in a .nii.gz with one ROI, and the
 * same CT with a mask of 40 labels. The files are made on the first run. Prints medians of wall time and the
 * peak of resident memory.
 *
 *   bench_command RADIOMILL FOLDER [FILE.json] */
#include "../core/clock.h"
#include "../core/memory.h"
#include "../io/scan/nifti.h"

#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NX = 512, NY = 512, NZ = 300, RUNS = 9, LABELS = 40 };
static const double SPACING[3] = {0.9765625, 0.9765625, 3};

static void die(const char *what) {
    fprintf(stderr, "bench: %s\n", what);
    exit(EXIT_FAILURE);
}

static uint32_t next_noise(uint32_t *state) {
    *state = *state * 1664525 + 1013904223;
    return *state >> 24;
}

/* A body of soft tissue with structure and noise, in noisy air. */
static void fill_image(int16_t *x) {
    uint32_t state = 1;
    double wave[3][NX];
    for (int i = 0; i < NX; i++) {
        wave[0][i] = sin(i / 17.0);
        wave[1][i] = cos(i / 23.0);
        wave[2][i] = sin(i / 5.0);
    }
    for (int z = 0; z < NZ; z++)
        for (int y = 0; y < NY; y++)
            for (int i = 0; i < NX; i++) {
                const double r = (i - 256) * (i - 256) / 4e4 + (y - 256) * (y - 256) / 2.5e4;
                const double noise = (double)(next_noise(&state) + next_noise(&state)) / 8 - 32;
                *x++ = (int16_t)(r > 1 ? -1000 + noise / 4
                                       : 40 + 60 * wave[0][i] * wave[1][y] + 20 * wave[2][z] + noise);
            }
}

/* Ellipsoids: one of 101x100x44 mm below the middle of the stack, or 40 smaller ones everywhere. */
static void fill_mask(uint8_t *m, int labels) {
    for (int k = 0; k < labels; k++) {
        const int column = k % 5, row = k / 5 % 2, layer = k / 10;
        const double centre[3] = {labels > 1 ? 120.0 + 68 * column : 230,
                                  labels > 1 ? 200.0 + 110 * row : 260, labels > 1 ? 40.0 + 70 * layer : 154};
        const double axis[3] = {labels > 1 ? 20 : 50.5, labels > 1 ? 22 : 50, labels > 1 ? 30 : 22};
        for (int z = 0; z < NZ; z++)
            for (int y = 0; y < NY; y++)
                for (int x = 0; x < NX; x++) {
                    const int at[3] = {x, y, z};
                    double r = 0;
                    for (int a = 0; a < 3; a++) r += pow((at[a] - centre[a]) * SPACING[a] / axis[a], 2);
                    if (r <= 1) m[((size_t)z * NY + (size_t)y) * NX + (size_t)x] = (uint8_t)(k + 1);
                }
    }
}

static void make_file(const char *path, rad_type type, int labels) {
    rad_error error = {0};
    rad_volume v = {.geometry = {.size = {NX, NY, NZ}, .direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}},
                    .type = type,
                    .slope = 1};
    if (!access(path, R_OK)) return;
    memcpy(v.geometry.spacing, SPACING, sizeof SPACING);
    v.voxels = rad_new((size_t)NX * NY * NZ, rad_type_size(type), &error);
    if (!v.voxels) die(error.text);
    if (labels)
        fill_mask(v.voxels, labels);
    else
        fill_image(v.voxels);
    if (rad_nifti_write(path, &v, &error) != RAD_OK) die(error.text);
    rad_volume_free(&v);
}

typedef struct cost {
    double ms, mb;
} cost;

static cost run_once(char *const words[]) {
    struct rusage use;
    int status = 0;
    const double begin = rad_clock_seconds();
    const pid_t child = fork();
    if (child < 0) die("fork failed");
    if (child == 0) {
        const int null = open("/dev/null", O_WRONLY);
        if (null < 0 || dup2(null, STDOUT_FILENO) < 0) _exit(127);
        execv(words[0], words);
        _exit(127);
    }
    if (wait4(child, &status, 0, &use) != child || status != 0) die("the command failed");
    return (cost){(rad_clock_seconds() - begin) * 1e3, (double)use.ru_maxrss / 1024};
}

static int ascending(const void *a, const void *b) {
    const double x = ((const cost *)a)->ms, y = ((const cost *)b)->ms;
    return (x > y) - (x < y);
}

static cost median_of(char *const words[]) {
    cost all[RUNS];
    double mb = 0;
    for (int i = 0; i < RUNS; i++) {
        all[i] = run_once(words);
        mb = fmax(mb, all[i].mb);
    }
    qsort(all, RUNS, sizeof all[0], ascending);
    return (cost){all[RUNS / 2].ms, mb};
}

int main(int argc, char **argv) {
    if (argc < 3) die("usage: bench_command RADIOMILL FOLDER [FILE.json]");
    char image[512], mask[512], labels[512], settings[512];
    snprintf(image, sizeof image, "%s/b_image.nii.gz", argv[2]);
    snprintf(mask, sizeof mask, "%s/b_mask.nii.gz", argv[2]);
    snprintf(labels, sizeof labels, "%s/b_labels.nii.gz", argv[2]);
    snprintf(settings, sizeof settings, "%s/b_settings.yaml", argv[2]);
    make_file(image, RAD_INT16, 0);
    make_file(mask, RAD_UINT8, 1);
    make_file(labels, RAD_UINT8, LABELS);
    FILE *file = fopen(settings, "w");
    if (!file) die("the settings cannot be written");
    fputs("interpolation:\n  spacing: [1, 1, 1]\n  round: yes\nresegmentation:\n  range: [-1000, 400]\n",
          file);
    fclose(file);
    const struct {
        const char *name;
        char *mask, *threads, *last;
    } cases[] = {
        {"B, 1 thread", mask, "1", NULL},
        {"B, 2 threads", mask, "2", NULL},
        {"B, 1 thread, --verify", mask, "1", "--verify"},
        {"B, 40 labels, 1 thread", labels, "1", NULL},
        {"B, 40 labels, 2 threads", labels, "2", NULL},
    };
    rad_memory_trim(); /* a child counts the memory of its parent until it is another program */
    json_t *report = json_array();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *words[] = {argv[1], "extract",        image,         cases[i].mask, "-c", settings,
                         "-t",    cases[i].threads, cases[i].last, NULL};
        const cost c = median_of(words);
        printf("%-26s %9.1f ms %9.1f MB resident\n", cases[i].name, c.ms, c.mb);
        json_array_append_new(report,
                              json_pack("{s:s, s:f, s:f}", "case", cases[i].name, "ms", c.ms, "mb", c.mb));
    }
    if (argc > 3 && json_dump_file(report, argv[3], JSON_INDENT(1))) die("the report cannot be written");
    json_decref(report);
    return 0;
}
