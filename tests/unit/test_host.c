/* The public header in the process of its caller: memory, forks, locale, eight threads at once. */
#include "scans.h"

#include "../../core/memory.h"

#include <dirent.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whoever calls may write one half as 0,5: texts and tables of the library do not. */
START_TEST(comma) {
    static const char yaml[] = "families: [stat]\ndiscretisation: fbs0.5\ninterpolation: {spacing: 1.25}\n"
                               "images: [log: {sigma: 1.5}]\n";
    static const char numeric[] =
        "LC_NUMERIC\ndecimal_point \",\"\nthousands_sep \".\"\ngrouping 3\nEND LC_NUMERIC\n";
    char command[400];
    write_text("comma", numeric);
    snprintf(command, sizeof command,
             "localedef --no-archive -c -i %s/comma -f ANSI_X3.4-1968 %s/comma_XX >/dev/null 2>&1", folder,
             folder);
    if (system(command) > 256 || setenv("LOCPATH", folder, 1)) return; /* no localedef here */
    rad_settings *settings = parse(yaml);
    fill();
    const rad_array image = array_of(image_voxels, RAD_INT16, 0), mask = array_of(mask_voxels, RAD_UINT8, 0);
    char *expected = csv_of(settings, scan_array(&image), scan_array(&mask), 1), text[24];
    rad_settings_free(settings);
    if (!setlocale(LC_NUMERIC, "comma_XX")) {
        free(expected);
        return;
    }
    snprintf(text, sizeof text, "%.1f", 0.5);
    ck_assert_str_eq(text, "0,5");
    settings = parse(yaml);
    check_value(settings, "interpolation.spacing", "[1.25, 1.25, 1.25]");
    char *got = csv_of(settings, scan_array(&image), scan_array(&mask), 4);
    ck_assert_str_eq(expected, got);
    snprintf(text, sizeof text, "%.1f", 0.5);
    ck_assert_str_eq(text, "0,5");
    free(expected);
    free(got);
    rad_settings_free(settings);
}
END_TEST

static size_t address_space(void) {
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    ck_assert(file && fscanf(file, "%lu", &pages) == 1);
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* A block that was released is kept, and goes when nothing may be kept. */
START_TEST(memory_goes_back) {
    enum { MANY = 64 << 20, MOST = 60 << 20 };
    rad_error error;
    const size_t before = address_space();
    rad_free(rad_new_raw(MANY, 1, &error));
    const size_t kept = address_space();
#if defined(__SANITIZE_ADDRESS__)
    return; /* it keeps what it likes */
#endif
    ck_assert(kept > before + MOST);
    rad_memory_keep(0);
    ck_assert(address_space() < kept - MOST);
    rad_free(rad_new_raw(MANY, 1, &error));
    ck_assert(address_space() < kept - MOST);
    rad_memory_keep(MANY);
    rad_free(rad_new_raw(MANY, 1, &error));
    ck_assert(address_space() > before + MOST);
}
END_TEST

static size_t count_threads(void) {
    size_t threads = 0;
    DIR *tasks = opendir("/proc/self/task");
    while (tasks && readdir(tasks)) threads++;
    if (tasks) closedir(tasks);
    return threads > 2 ? threads - 2 : 0; /* . and .. */
}

/* A process that was forked has a team of its own. */
START_TEST(forked) {
    rad_settings *settings = parse(all_kinds);
    fill();
    const rad_array image = array_of(image_voxels, RAD_INT16, 1), mask = array_of(mask_voxels, RAD_UINT8, 1);
    char *expected = csv_of(settings, scan_array(&image), scan_array(&mask), 4);
    ck_assert_uint_eq(count_threads(), 4);
    const pid_t child = fork();
    if (!child) {
        const bool alone = count_threads() == 1;
        char *got = csv_of(settings, scan_array(&image), scan_array(&mask), 3);
        _exit(!alone || strcmp(expected, got) != 0 || count_threads() != 3);
    }
    int how = -1;
    ck_assert(waitpid(child, &how, 0) == child && how == 0);
    char *again = csv_of(settings, scan_array(&image), scan_array(&mask), 4);
    ck_assert_str_eq(expected, again);
    free(expected);
    free(again);
    rad_settings_free(settings);
}
END_TEST

/* One of eight: everything that a thread may do, again and again, and what one thread alone got. */
typedef struct worker {
    const rad_settings *shared; /* by all threads */
    const rad_scan *image, *mask;
    const char *csv, *settings;
    const double *map;
    int number;
    bool same;
} worker;

static const char eight_kinds[] = "families: [morph, stat, cm, szm, ngt]\n"
                                  "filter_families: [stat]\n"
                                  "interpolation: {spacing: 2}\n"
                                  "images: [laws: {kernels: L5E5S5}, simoncelli: {level: 1}]\n";

static void *work(void *context) {
    worker *w = context;
    rad_error error;
    char path[160];
    double *map = calloc(VOXELS, sizeof *map);
    w->same = map != NULL;
    snprintf(path, sizeof path, "%s/thread%d.csv", folder, w->number);
    for (int turn = 0; turn < 2 && w->same; turn++) {
        rad_settings *own = NULL;
        rad_features *table = NULL;
        char *text = NULL, *csv = NULL;
        const rad_control control = {.threads = 1 + (w->number + turn) % 3};
        const rad_selection one = {.case_name = "one"};
        w->same =
            rad_settings_new("ibsi2-5a", &own, &error) == RAD_OK &&
            rad_settings_set(own, "discretisation", "fbs10", &error) == RAD_OK &&
            rad_settings_text(own, &text, &error) == RAD_OK && !strcmp(text, w->settings) &&
            rad_scan_filter(w->image, "log: {sigma: 2}", NULL, &control, map, VOXELS, &error) == RAD_OK &&
            !memcmp(map, w->map, VOXELS * sizeof *map) &&
            rad_extract(w->shared, w->image, w->mask, &one, &control, &table, &error) == RAD_OK &&
            rad_features_write(table, path, &error) == RAD_OK && (csv = content(path)) &&
            !strcmp(csv, w->csv) && rad_settings_set(own, "discretisation", "fbx10", &error) == RAD_CONFIG &&
            strstr(error.text, "fbs<bin width>");
        rad_memory_keep(w->number % 2 ? 0 : (size_t)1 << 30);
        rad_text_free(text);
        free(csv);
        rad_features_free(table);
        rad_settings_free(own);
    }
    free(map);
    return NULL;
}

START_TEST(eight_threads) {
    enum { THREADS = 8 };
    rad_error error;
    rad_settings *shared = parse(eight_kinds), *own;
    char *text;
    worker workers[THREADS];
    pthread_t threads[THREADS];
    fill();
    const rad_array image = array_of(image_voxels, RAD_INT16, 1), mask = array_of(mask_voxels, RAD_UINT8, 1);
    ck_ok(rad_settings_new("ibsi2-5a", &own, &error));
    ck_ok(rad_settings_set(own, "discretisation", "fbs10", &error));
    ck_ok(rad_settings_text(own, &text, &error));
    char *csv = csv_of(shared, scan_array(&image), scan_array(&mask), 1);
    double *map = map_of(&image, "log: {sigma: 2}", NULL, 1);
    rad_scan *i = scan_array(&image), *m = scan_array(&mask);
    for (int t = 0; t < THREADS; t++) {
        workers[t] = (worker){shared, i, m, csv, text, map, t, false};
        ck_assert(!pthread_create(&threads[t], NULL, work, &workers[t]));
    }
    for (int t = 0; t < THREADS; t++) {
        ck_assert(!pthread_join(threads[t], NULL));
        ck_assert_msg(workers[t].same, "thread %d", t);
    }
    rad_scan_free(i);
    rad_scan_free(m);
    rad_text_free(text);
    rad_settings_free(own);
    rad_settings_free(shared);
    free(csv);
    free(map);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("host");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 120);
    tcase_add_unchecked_fixture(all, make_folder, remove_folder);
    tcase_add_test(all, comma);
    tcase_add_test(all, memory_goes_back);
    tcase_add_test(all, forked);
    TCase *threads = tcase_create("threads");
    tcase_set_timeout(threads, 600);
    tcase_add_unchecked_fixture(threads, make_folder, remove_folder);
    tcase_add_test(threads, eight_threads);
    suite_add_tcase(suite, threads);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
