/* Every seed of every fuzzer, and changes of it, without libFuzzer: what was found once stays mended. */
#include "../fuzz/fuzz.h"
#include "testing.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <zlib.h>

enum { MOST = 1 << 16, CHANGES = 20 };
static const rlim_t MEMORY = (rlim_t)1 << 32; /* addresses; the sanitizer has its own bound */
#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

/* Codecs keep a part of damaged frames. */
const char *__lsan_default_suppressions(void);  /* NOLINT(bugprone-reserved-identifier): its name */
const char *__lsan_default_suppressions(void) { /* NOLINT(bugprone-reserved-identifier) */
    return "leak:libgdcm\nleak:libopenjp2";
}

#define FUZZER_ROW(name) &fuzzer_##name,
static const fuzzer *const fuzzers[] = {FUZZERS(FUZZER_ROW)};
#undef FUZZER_ROW

static size_t read_seed(const char *folder, const char *name, uint8_t *data) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s", path);
    const size_t size = fread(data, 1, MOST, file);
    fclose(file);
    return size;
}

START_TEST(seeds_and_their_changes) {
    static uint8_t data[MOST], changed[MOST];
    const fuzzer *f = fuzzers[_i];
    char folder[64];
    size_t seeds = 0;
    snprintf(folder, sizeof folder, "tests/fuzz/%s", f->name);
    DIR *list = opendir(folder);
    if (!SANITIZED) ck_assert_int_eq(setrlimit(RLIMIT_AS, &(struct rlimit){MEMORY, MEMORY}), 0);
    ck_assert_msg(list != NULL, "%s: no seeds", folder);
    for (const struct dirent *entry; (entry = readdir(list));) {
        if (entry->d_name[0] == '.') continue;
        const size_t size = read_seed(folder, entry->d_name, data);
        f->run(data, size);
        seeds++;
        for (unsigned i = 0; i < CHANGES; i++) {
            memcpy(changed, data, size);
            size_t now = size;
            if (f->shape)
                now = f->shape(changed, size, MOST, i);
            else if (size)
                changed[i * 7919 % size] ^= (uint8_t)(1 << i % 8);
            f->run(changed, now);
        }
    }
    closedir(list);
    ck_assert_uint_gt(seeds, 0);
}
END_TEST

/* The fewest inputs that took every branch that was ever taken, each with its length before it. */
START_TEST(what_was_found) {
    static uint8_t data[MOST];
    const fuzzer *f = fuzzers[_i];
    char path[64];
    uint32_t size;
    size_t count = 0;
    snprintf(path, sizeof path, "tests/fuzz/found/%s.gz", f->name);
    gzFile file = gzopen(path, "rb");
    if (!file) return; /* none yet */
    for (; gzread(file, &size, sizeof size) == sizeof size; count++) {
        ck_assert(size <= MOST && gzread(file, data, size) == (int)size);
        f->run(data, size);
    }
    ck_assert(gzeof(file) && gzclose(file) == Z_OK && count > 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("seeds");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 300);
    tcase_add_loop_test(all, seeds_and_their_changes, 0, sizeof fuzzers / sizeof fuzzers[0]);
    tcase_add_loop_test(all, what_was_found, 0, sizeof fuzzers / sizeof fuzzers[0]);
    suite_add_tcase(suite, all);
    setenv("RADIOMILL_DECODER", "/nowhere",
           1); /* codecs run in a process of their own: tests/unit/test_decoding.c */
    return test_run(suite);
}
