/* A worker seen from its parent: files that change between identity and outcome, and ways to die. */
#include "../../io/scan/nifti.h"
#include "../../pipeline/batch/worker.h"
#include "../../pipeline/settings.h"
#include "../../pipeline/settings_file.h"
#include "testing.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char folder[] = "/tmp/radiomill-worker-XXXXXX";
static rad_settings settings;
static rad_manifest manifest;
static rad_work work = {.manifest = &manifest, .settings = &settings};

/* An image of 8 x 8 x 4 whose values follow from `seed`, or the mask of its middle, renamed into place. */
static void write_image(const char *name, int seed) {
    unsigned char voxels[256];
    char path[256], last[256];
    rad_error error = {0};
    rad_volume v = {.type = RAD_UINT8, .voxels = voxels, .slope = 1};
    v.geometry =
        (rad_geometry){.size = {8, 8, 4}, .spacing = {1, 1, 2}, .direction = {1, 0, 0, 0, 1, 0, 0, 0, 1}};
    for (int i = 0; i < 256; i++) {
        const int x = i % 8 - 4, y = i / 8 % 8 - 4, z = i / 64 - 2;
        voxels[i] =
            (unsigned char)(seed < 0 ? x * x + y * y + 4 * z * z <= 9 : (i * (31 + seed) + seed) % 101);
    }
    snprintf(path, sizeof path, "%s/new.nii", folder);
    snprintf(last, sizeof last, "%s/%s", folder, name);
    ck_ok(rad_nifti_write(path, &v, &error));
    ck_assert(!rename(path, last));
}

static void begin(rad_worker *worker) {
    char path[256];
    rad_error error = {0};
    snprintf(path, sizeof path, "%s/cases.csv", folder);
    FILE *file = fopen(path, "w");
    ck_assert(file && fputs("image,mask\nimage.nii,mask.nii\n", file) >= 0 && !fclose(file));
    write_image("image.nii", 1);
    write_image("mask.nii", -1);
    rad_settings_default(&settings);
    ck_ok(rad_manifest_open(path, &manifest, &error));
    ck_ok(rad_worker_start(&work, worker, &error));
    ck_assert(rad_worker_give(worker, 0, 1));
}

static void end(rad_worker *worker) {
    rad_worker_stop(worker, NULL, 0);
    rad_manifest_close(&manifest);
}

/* The answer to the identity; `seed` of an image that takes the place of the first meanwhile, 0 for none. */
static rad_answer go_on(rad_worker *worker, int seed, rad_identity *who, rad_outcome *outcome) {
    if (seed) write_image("image.nii", seed);
    ck_assert(rad_worker_go_on(worker, true));
    return rad_worker_receive(worker, who, outcome);
}

/* The values stand under the identity of the image that they are of. */
START_TEST(replaced) {
    rad_worker worker = {0};
    rad_identity first, second, known;
    rad_outcome outcome = {.status = RAD_OK}, right = {.status = RAD_OK};
    begin(&worker);
    ck_assert_int_eq(rad_worker_receive(&worker, &first, &outcome), RAD_ANSWER_IDENTITY);
    ck_assert_int_eq(go_on(&worker, 2, &second, &outcome), RAD_ANSWER_IDENTITY);
    ck_assert(memcmp(&first.id, &second.id, sizeof first.id) != 0);
    ck_assert_int_eq(go_on(&worker, 0, &known, &outcome), RAD_ANSWER_OUTCOME);
    ck_assert_int_eq(outcome.status, RAD_OK);
    ck_assert(rad_worker_give(&worker, 0, 1)); /* the same, untouched */
    ck_assert_int_eq(rad_worker_receive(&worker, &known, &right), RAD_ANSWER_IDENTITY);
    ck_assert(!memcmp(&known.id, &second.id, sizeof known.id));
    ck_assert_int_eq(go_on(&worker, 0, &known, &right), RAD_ANSWER_OUTCOME);
    ck_assert_uint_eq(right.length, outcome.length);
    ck_assert(!memcmp(right.rows, outcome.rows, right.length));
    rad_outcome_free(&outcome);
    rad_outcome_free(&right);
    end(&worker);
}
END_TEST

/* A file that never rests fails with that reason; the worker goes on with the next case. */
START_TEST(never_at_rest) {
    rad_worker worker = {0};
    rad_identity who;
    rad_outcome outcome = {.status = RAD_OK};
    begin(&worker);
    ck_assert_int_eq(rad_worker_receive(&worker, &who, &outcome), RAD_ANSWER_IDENTITY);
    int seed = 2;
    while (seed < 20 && go_on(&worker, seed, &who, &outcome) == RAD_ANSWER_IDENTITY) seed++;
    ck_assert_int_eq(outcome.status, RAD_UNREADABLE);
    ck_assert_msg(strstr(outcome.reason, "image.nii") &&
                      strstr(outcome.reason, "was changed while it was read"),
                  "%s", outcome.reason);
    ck_assert_uint_eq(outcome.length, 0);
    rad_outcome_free(&outcome);
    ck_assert(rad_worker_give(&worker, 0, 1));
    ck_assert_int_eq(rad_worker_receive(&worker, &who, &outcome), RAD_ANSWER_IDENTITY);
    ck_assert_int_eq(go_on(&worker, 0, &who, &outcome), RAD_ANSWER_OUTCOME);
    ck_assert_int_eq(outcome.status, RAD_OK);
    rad_outcome_free(&outcome);
    end(&worker);
}
END_TEST

/* A case that is known already is left, and the worker takes the next. */
START_TEST(left) {
    rad_worker worker = {0};
    rad_identity who, again;
    rad_outcome outcome = {.status = RAD_OK};
    begin(&worker);
    ck_assert_int_eq(rad_worker_receive(&worker, &who, &outcome), RAD_ANSWER_IDENTITY);
    ck_assert(rad_worker_go_on(&worker, false) && rad_worker_give(&worker, 0, 1));
    ck_assert_int_eq(rad_worker_receive(&worker, &again, &outcome), RAD_ANSWER_IDENTITY);
    ck_assert(!memcmp(&who, &again, sizeof who));
    end(&worker);
}
END_TEST

/* What filters see is told between reading and the end of the features. */
typedef enum event { NOTHING, NEW_IMAGE, NEW_MASK, TOUCHED, GONE, EVENTS } event;

static void do_it(const char *text, void *context) {
    char path[256];
    const event e = *(const event *)context;
    snprintf(path, sizeof path, "%s/image.nii", folder);
    ck_assert(strstr(text, "square") != NULL);
    if (e == NEW_IMAGE) write_image("image.nii", 5);
    if (e == NEW_MASK) write_image("mask.nii", -1);
    if (e == TOUCHED) ck_assert(!utimensat(AT_FDCWD, path, (const struct timespec[2]){{1, 0}, {1, 0}}, 0));
    if (e == GONE) ck_assert(!unlink(path));
}

static rad_status extract(event e, bool stamped, rad_table *table, rad_error *error) {
    static const char text[] = "families: [stat]\nfilter_families: [stat]\nimages: [square]\n";
    char image[256], mask[256];
    rad_settings own;
    const rad_extract_options options = {.threads = 1, .stamped = stamped, .note = do_it, .note_context = &e};
    write_image("image.nii", 1);
    write_image("mask.nii", -1);
    ck_assert_msg(rad_settings_file_parse(text, strlen(text), "settings", &own, error) == RAD_OK, "%s",
                  error->text);
    snprintf(image, sizeof image, "%s/image.nii", folder);
    snprintf(mask, sizeof mask, "%s/mask.nii", folder);
    const rad_status status =
        rad_extract_files((rad_case_paths){image, mask}, &own, options, table, NULL, NULL, error);
    rad_settings_clear(&own);
    return status;
}

/* Without a worker the same holds, and nobody tries again. */
START_TEST(changed_meanwhile) {
    for (event e = NOTHING; e < EVENTS; e++)
        for (int stamped = 0; stamped < 2; stamped++) {
            rad_error error = {0};
            rad_table table = {0};
            const rad_status status = extract(e, stamped, &table, &error);
            if (e == NOTHING || stamped) /* whoever calls looks */
                ck_assert_msg(status == RAD_OK, "%s", error.text);
            else
                ck_assert_msg(status == RAD_UNREADABLE && strstr(error.text, "/image.nii, ") &&
                                  strstr(error.text, "/mask.nii: image or mask was changed while it was "
                                                     "read; run again when nothing writes to them"),
                              "%d: %s", (int)e, error.text);
            rad_table_free(&table);
        }
}
END_TEST

/* What cannot be read says so, as ever. */
START_TEST(never_there) {
    rad_error error = {0};
    rad_table table = {0};
    rad_settings_default(&settings);
    ck_assert_int_eq(rad_extract_files((rad_case_paths){"/nowhere/image.nii", "/nowhere/mask.nii"}, &settings,
                                       (rad_extract_options){.threads = 1}, &table, NULL, NULL, &error),
                     RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "/nowhere/image.nii: ") == error.text, "%s", error.text);
    rad_table_free(&table);
}
END_TEST

/* Why a process died, in words. */
START_TEST(deaths) {
    static const struct {
        int signal;
        const char *said;
    } ways[] = {{SIGSEGV, "died by signal 11 (SIGSEGV, Segmentation fault)"},
                {SIGKILL, "died by signal 9 (SIGKILL, Killed); the system does that where memory is short"},
                {SIGABRT, "died by signal 6 (SIGABRT, Aborted)"}};
    rad_worker worker = {0};
    rad_identity who;
    rad_outcome outcome = {.status = RAD_OK};
    char how[256];
    begin(&worker);
    ck_assert_int_eq(rad_worker_receive(&worker, &who, &outcome), RAD_ANSWER_IDENTITY);
    signal(ways[_i].signal == SIGKILL ? SIGCHLD : ways[_i].signal, SIG_DFL);
    ck_assert(!kill(worker.pid, ways[_i].signal));
    ck_assert_int_eq(rad_worker_receive(&worker, &who, &outcome), RAD_ANSWER_DEAD);
    rad_worker_stop(&worker, how, sizeof how);
#ifndef __SANITIZE_ADDRESS__ /* which ends the process itself, with a code */
    ck_assert_msg(strstr(how, ways[_i].said) != NULL, "%s", how);
#endif
    end(&worker);
}
END_TEST

/* No memory was asked for: another exit code, and what to do. */
START_TEST(without_files) {
    rad_worker worker = {0}, more = {0};
    rad_error error = {0};
    begin(&worker);
    test_open_files(false);
    const rad_status status = rad_worker_start(&work, &more, &error);
    test_open_files(true);
    ck_assert_int_eq(status, RAD_NO_RESULT);
    ck_assert_msg(
        strstr(error.text, "a worker process cannot be started: Too many open files; use fewer --threads"),
        "%s", error.text);
    end(&worker);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("worker");
    TCase *tests = tcase_create("worker");
    if (!mkdtemp(folder)) return 1;
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, replaced);
    tcase_add_test(tests, never_at_rest);
    tcase_add_test(tests, left);
    tcase_add_test(tests, changed_meanwhile);
    tcase_add_test(tests, never_there);
    tcase_add_loop_test(tests, deaths, 0, 3);
    tcase_add_test(tests, without_files);
    suite_add_tcase(suite, tests);
    const int code = test_run(suite);
    char command[300];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) ? 1 : code;
}
