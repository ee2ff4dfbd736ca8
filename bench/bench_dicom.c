/* What reading DICOM costs: a CT of 512x512x300 in 300 files, uncompressed and in JPEG 2000; headers alone,
 * all slices, and 45 of them; cold (files put out of the page cache) and warm, on one thread and on two. The
 * files are made on the first run; JPEG 2000 needs gdcmconv. dcm2niix is timed beside, where it is installed.
 * Then a study of 20 series of 500 slices, one of which is opened.
 *
 *   bench_dicom FOLDER [FILE.json] */
#include "../core/clock.h"
#include "../core/memory.h"
#include "../io/dicom/series.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NX = 512, NY = 512, NZ = 300, RUNS = 5, STUDY = 20, STUDY_SLICES = 500 };
static const double SLICE_MB = NX * NY * 2 / 1e6;

static void die(const char *what) {
    fprintf(stderr, "bench: %s\n", what);
    exit(EXIT_FAILURE);
}

/* Writes one element: explicit VR, little endian. */
static void put(FILE *file, uint32_t tag, const char *vr, const void *value, uint32_t length) {
    const uint16_t words[2] = {(uint16_t)(tag >> 16), (uint16_t)tag}, none = 0;
    const uint32_t even = length + (length & 1);
    const uint16_t small = (uint16_t)even;
    fwrite(words, 2, 2, file);
    fwrite(vr, 1, 2, file);
    if (!strcmp(vr, "OB") || !strcmp(vr, "OW")) {
        fwrite(&none, 2, 1, file);
        fwrite(&even, 4, 1, file);
    } else {
        fwrite(&small, 2, 1, file);
    }
    fwrite(value, 1, length, file);
    if (length & 1) fputc(!strcmp(vr, "UI") ? 0 : ' ', file);
}

static void put_text(FILE *file, uint32_t tag, const char *vr, const char *text) {
    put(file, tag, vr, text, (uint32_t)strlen(text));
}

static void put_short(FILE *file, uint32_t tag, uint16_t value) {
    put(file, tag, "US", &value, 2);
}

/* Without voxels, their place is a hole in the file. */
static void write_slice(const char *path, int series, int z, const int16_t *voxels) {
    char text[64];
    static const char head[132] = {[128] = 'D', 'I', 'C', 'M'};
    FILE *file = fopen(path, "wb");
    if (!file) die("a slice cannot be written");
    fwrite(head, 1, sizeof head, file);
    snprintf(text, sizeof text, "1.2.826.0.1.3680043.8.498.5.%d.%d", series + 1, z + 1);
    put_text(file, 0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.2");
    put_text(file, 0x00020003, "UI", text);
    put_text(file, 0x00020010, "UI", "1.2.840.10008.1.2.1");
    put_text(file, 0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2");
    put_text(file, 0x00080018, "UI", text);
    put_text(file, 0x00080060, "CS", "CT");
    put_text(file, 0x0020000D, "UI", "1.2.826.0.1.3680043.8.498.3");
    snprintf(text, sizeof text, "1.2.826.0.1.3680043.8.498.4.%d", series + 1);
    put_text(file, 0x0020000E, "UI", text);
    snprintf(text, sizeof text, "%d", z + 1);
    put_text(file, 0x00200013, "IS", text);
    snprintf(text, sizeof text, "-250\\-250\\%d", 2 * z);
    put_text(file, 0x00200032, "DS", text);
    put_text(file, 0x00200037, "DS", "1\\0\\0\\0\\1\\0");
    put_short(file, 0x00280002, 1);
    put_text(file, 0x00280004, "CS", "MONOCHROME2");
    put_short(file, 0x00280010, NY);
    put_short(file, 0x00280011, NX);
    put_text(file, 0x00280030, "DS", "0.9765625\\0.9765625");
    put_short(file, 0x00280100, 16);
    put_short(file, 0x00280101, 16);
    put_short(file, 0x00280102, 15);
    put_short(file, 0x00280103, 1);
    put_text(file, 0x00281052, "DS", "0");
    put_text(file, 0x00281053, "DS", "1");
    if (voxels) {
        put(file, 0x7FE00010, "OW", voxels, NX * NY * 2);
    } else {
        static const unsigned char element[12] = {
            0xE0, 0x7F, 0x10, 0, 'O', 'W', 0, 0, 0, 0, NX * NY * 2 >> 16, 0};
        fwrite(element, 1, sizeof element, file);
        fflush(file);
        if (ftruncate(fileno(file), ftell(file) + NX * NY * 2) != 0) die("a slice cannot be written");
    }
    if (fclose(file) != 0) die("a slice cannot be written");
}

/* Tissue with noise, in air with noise. */
static void make_slices(const char *folder) {
    char path[1024];
    static int16_t x[NX * NY];
    uint32_t state = 1;
    if (mkdir(folder, 0777) != 0) return; /* they are there */
    for (int z = 0; z < NZ; z++) {
        for (int i = 0; i < NX * NY; i++) {
            const int u = i % NX - 256, v = i / NX - 256;
            state = state * 1664525 + 1013904223;
            const int noise = (int)(state >> 26) - 32;
            x[i] =
                (int16_t)(u * u / 4 + v * v / 3 > 10000 ? -1000 + noise / 4 : 40 + (u * z / 64 & 31) + noise);
        }
        snprintf(path, sizeof path, "%s/%03d.dcm", folder, z);
        write_slice(path, 0, z, x);
    }
}

static void make_study(const char *folder) {
    char path[1100];
    if (mkdir(folder, 0777) != 0) return;
    for (int i = 0; i < STUDY; i++) {
        snprintf(path, sizeof path, "%s/%02d", folder, i);
        if (mkdir(path, 0777) != 0) die("a series cannot be written");
        for (int z = 0; z < STUDY_SLICES; z++) {
            snprintf(path, sizeof path, "%s/%02d/%03d.dcm", folder, i, z);
            write_slice(path, i, z, NULL);
        }
    }
}

static bool compress(const char *from, const char *to) {
    char command[4096];
    if (!access(to, R_OK)) return true;
    snprintf(command, sizeof command,
             "mkdir '%s' && for f in '%s'/*; do gdcmconv --j2k \"$f\" '%s'/\"${f##*/}\" || exit 1; done "
             "2>/dev/null",
             to, from, to);
    if (!system(command)) return true;
    rmdir(to);
    return false;
}

/* Puts the files out of the page cache. */
static void chill(const char *folder) {
    char path[1024];
    for (int z = 0; z < NZ; z++) {
        snprintf(path, sizeof path, "%s/%03d.dcm", folder, z);
        const int file = open(path, O_RDONLY);
        if (file < 0) die("a slice is gone");
        fdatasync(file);
        posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
        close(file);
    }
}

/* Of the study; NULL: the only series of a folder. */
static const char *wanted;

/* Seconds for headers (count 0) or for a box of that many slices as well. */
static double read_once(const char *folder, int threads, size_t count) {
    rad_error error = {0};
    rad_series series;
    rad_volume volume = {.voxels = NULL};
    const rad_series_options how = {.uid = wanted, .tolerance = 1, .threads = threads};
    const double begin = rad_clock_seconds();
    if (rad_series_open(folder, &how, &series, NULL, &error) != RAD_OK) die(error.text);
    const rad_box box = {{0, 0, 100}, {NX, NY, 100 + count}}, all = rad_geometry_box(&series.header.geometry);
    if (count &&
        rad_series_read(&series, NULL, count == NZ ? &all : &box, threads, &volume, NULL, &error) != RAD_OK)
        die(error.text);
    const double seconds = rad_clock_seconds() - begin;
    rad_volume_free(&volume);
    rad_series_free(&series);
    return seconds;
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const char *folder, int threads, size_t count, bool cold) {
    double all[RUNS];
    for (int i = 0; i < RUNS; i++) {
        if (cold) chill(folder);
        all[i] = read_once(folder, threads, count);
    }
    qsort(all, RUNS, sizeof all[0], ascending);
    return all[RUNS / 2];
}

static void report(json_t *rows, const char *kind, const char *what, const char *folder, size_t count) {
    for (int cold = 1; cold >= 0; cold--) {
        const double one = median(folder, 1, count, cold), two = median(folder, 2, count, cold);
        const double mb = (double)count * SLICE_MB;
        printf("%-14s %-11s %-5s %8.1f ms %8.1f ms %6.2fx", kind, what, cold ? "cold" : "warm", one * 1e3,
               two * 1e3, one / two);
        if (count) printf(" %8.0f MB/s %8.0f MB/s", mb / one, mb / two);
        printf("\n");
        json_array_append_new(rows, json_pack("{s:s, s:s, s:b, s:f, s:f}", "files", kind, "read", what,
                                              "cold", cold, "seconds_1", one, "seconds_2", two));
    }
}

static void run_other(const char *kind, const char *folder) {
    char command[4096];
    double all[RUNS];
    if (system("command -v dcm2niix >/dev/null 2>&1")) {
        printf("dcm2niix: skipped: not installed\n");
        return;
    }
    snprintf(command, sizeof command, "d=$(mktemp -d) && dcm2niix -z n -o $d '%s' >/dev/null; rm -r $d",
             folder);
    for (int i = 0; i < RUNS; i++) {
        const double begin = rad_clock_seconds();
        if (system(command)) die("dcm2niix failed");
        all[i] = rad_clock_seconds() - begin;
    }
    qsort(all, RUNS, sizeof all[0], ascending);
    printf("%-14s %-11s %-5s %8.1f ms (a whole run of dcm2niix, NIfTI written)\n", kind, "dcm2niix", "warm",
           all[RUNS / 2] * 1e3);
}

/* A series of a study, whose folder is known: all headers are read to find it. */
static void report_study(json_t *rows, const char *folder) {
    make_study(folder);
    wanted = "1.2.826.0.1.3680043.8.498.4.1";
    const double one = median(folder, 1, 0, false), two = median(folder, 2, 0, false);
    wanted = NULL;
    printf("%-14s %-11s %-5s %8.1f ms %8.1f ms %6.2fx (%d files)\n", "study", "headers", "warm", one * 1e3,
           two * 1e3, one / two, STUDY * STUDY_SLICES);
    json_array_append_new(rows, json_pack("{s:s, s:s, s:b, s:f, s:f}", "files", "study", "read", "headers",
                                          "cold", 0, "seconds_1", one, "seconds_2", two));
}

int main(int argc, char **argv) {
    char plain[512], packed[512], study[512];
    if (argc < 2) die("usage: bench_dicom FOLDER [FILE.json]");
    snprintf(plain, sizeof plain, "%s/dicom", argv[1]);
    snprintf(packed, sizeof packed, "%s/dicom_j2k", argv[1]);
    make_slices(plain);
    const bool has_packed = compress(plain, packed);
    if (!has_packed) printf("JPEG 2000: skipped: gdcmconv is not installed\n");
    printf("300 files of 512x512, 16 bits            1 thread   2 threads\n");
    json_t *rows = json_array();
    for (int k = 0; k < 1 + has_packed; k++) {
        const char *kind = k ? "JPEG 2000" : "uncompressed", *folder = k ? packed : plain;
        report(rows, kind, "headers", folder, 0);
        report(rows, kind, "45 slices", folder, 45);
        report(rows, kind, "300 slices", folder, NZ);
        run_other(kind, folder);
    }
    snprintf(study, sizeof study, "%s/dicom_study", argv[1]);
    report_study(rows, study);
    if (argc > 2 && json_dump_file(rows, argv[2], JSON_INDENT(1))) die("the report cannot be written");
    json_decref(rows);
    return 0;
}
