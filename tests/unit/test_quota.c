/* What control groups allow, on trees of files as containers, services and jobs have them; the line of
 * progress in a terminal of any width; words that are meant by others. */
#include "../../core/nearest.h"
#include "../../core/parallel.h"
#include "../../core/quota.h"
#include "../../pipeline/batch/progress.h"
#include "testing.h"

#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[64];

/* A file of the tree, with its folders. */
static void put(const char *name, const char *text) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", root, name);
    for (char *at = path + strlen(root) + 1; (at = strchr(at, '/')); at++) {
        *at = '\0';
        mkdir(path, 0700);
        *at = '/';
    }
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void begin(const char *groups) {
    snprintf(root, sizeof root, "/tmp/quota.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
    put("proc/self/cgroup", groups);
}

static void end(void) {
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", root);
    ck_assert_int_eq(system(command), 0); // NOLINT
}

/* The least of a group and those above it, rounded up. */
START_TEST(nested_groups) {
    begin("0::/slice/job/step\n");
    put("sys/fs/cgroup/slice/cpu.max", "250000 100000\n");
    put("sys/fs/cgroup/slice/job/cpu.max", "max 100000\n");
    put("sys/fs/cgroup/slice/job/step/cpu.max", "400000 100000\n");
    put("sys/fs/cgroup/slice/memory.max", "1000000\n");
    put("sys/fs/cgroup/slice/memory.current", "400000\n");
    put("sys/fs/cgroup/slice/job/memory.max", "max\n");
    put("sys/fs/cgroup/slice/job/step/memory.max", "700000\n");
    put("sys/fs/cgroup/slice/job/step/memory.current", "800000\n");
    ck_assert_uint_eq(rad_quota_processors(root), 3);
    ck_assert_uint_eq(rad_quota_memory(root), 0); /* the step has less than it uses */
    put("sys/fs/cgroup/slice/job/step/memory.current", "50000\n");
    ck_assert_uint_eq(rad_quota_memory(root), 600000);
    put("sys/fs/cgroup/slice/job/cpu.max", "50000 100000\n");
    ck_assert_uint_eq(rad_quota_processors(root), 1); /* half a processor is one thread */
    put("sys/fs/cgroup/slice/job/cpu.max", "200000 100000\n");
    ck_assert_uint_eq(rad_quota_processors(root), 2);
    put("sys/fs/cgroup/slice/job/cpu.max", "200001 100000\n");
    ck_assert_uint_eq(rad_quota_processors(root), 3);
    end();
}
END_TEST

/* In a container the group of the process is the top, whether its path says so or leads nowhere. */
START_TEST(container) {
    static const char *const paths[] = {"0::/\n", "0::/docker/0123abcd\n", "0::/../../other\n"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        begin(paths[i]);
        put("sys/fs/cgroup/cpu.max", "200000 100000\n");
        put("sys/fs/cgroup/memory.max", "2000\n");
        ck_assert_uint_eq(rad_quota_processors(root), 2);
        ck_assert_uint_eq(rad_quota_memory(root), 2000);
        end();
    }
}
END_TEST

/* Version 1, whose controllers have hierarchies of their own; 2^63 - 4096 is its word for no limit. */
START_TEST(first_version) {
    begin("12:memory:/job_7\n4:cpu,cpuacct:/job_7/step\n1:name=systemd:/x\n0::/\n");
    put("sys/fs/cgroup/cpu/job_7/step/cpu.cfs_quota_us", "-1\n");
    put("sys/fs/cgroup/cpu/job_7/step/cpu.cfs_period_us", "100000\n");
    put("sys/fs/cgroup/cpu/job_7/cpu.cfs_quota_us", "350000\n");
    put("sys/fs/cgroup/cpu/job_7/cpu.cfs_period_us", "100000\n");
    put("sys/fs/cgroup/memory/job_7/memory.limit_in_bytes", "9223372036854771712\n");
    put("sys/fs/cgroup/memory/memory.limit_in_bytes", "5000\n");
    put("sys/fs/cgroup/memory/memory.usage_in_bytes", "2000\n");
    ck_assert_uint_eq(rad_quota_processors(root), 4);
    ck_assert_uint_eq(rad_quota_memory(root), 3000);
    end();
}
END_TEST

/* Nothing, and nonsense, is no limit. */
START_TEST(no_limit) {
    static const char *const texts[] = {"",         "max\n", "max 100000\n", "0 100000\n", "-5 100000\n",
                                        "100000\n", "x y\n", "100000 0\n",   "nan 1\n",    "inf 1\n"};
    begin("0::/a\n");
    ck_assert_uint_eq(rad_quota_processors(root), 0);
    ck_assert_uint_eq(rad_quota_memory(root), SIZE_MAX);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        put("sys/fs/cgroup/a/cpu.max", texts[i]);
        ck_assert_uint_eq(rad_quota_processors(root), 0);
    }
    put("proc/self/cgroup", "no colon\n::\n0:\n");
    ck_assert_uint_eq(rad_quota_processors(root), 0);
    end();
    ck_assert_uint_eq(rad_quota_processors("/none"), 0);
}
END_TEST

/* What the environment asks for is a bound, and never a wish for more. */
START_TEST(environment) {
    static const struct {
        const char *name, *value;
        int most;
    } rows[] = {{"OMP_NUM_THREADS", "1", 1},   {"SLURM_CPUS_PER_TASK", "1", 1},
                {"OMP_NUM_THREADS", "1,4", 1}, {"OMP_NUM_THREADS", "4096", 0},
                {"OMP_NUM_THREADS", "0", 0},   {"OMP_NUM_THREADS", "many", 0}};
    unsetenv("OMP_NUM_THREADS");
    unsetenv("SLURM_CPUS_PER_TASK");
    setenv(rows[_i].name, rows[_i].value, 1);
    const int now = rad_parallel_processors();
    ck_assert_int_ge(now, 1);
    ck_assert_int_le(now, rows[_i].most ? rows[_i].most : (int)sysconf(_SC_NPROCESSORS_ONLN));
    unsetenv(rows[_i].name);
    ck_assert_int_eq(rad_parallel_processors(), now); /* found once */
}
END_TEST

/* Of the processors that the process may run on one is left. */
START_TEST(affinity) {
    cpu_set_t mine, one;
    unsetenv("OMP_NUM_THREADS");
    unsetenv("SLURM_CPUS_PER_TASK");
    ck_assert_int_eq(sched_getaffinity(0, sizeof mine, &mine), 0);
    size_t last = CPU_SETSIZE;
    while (!CPU_ISSET(last - 1, &mine)) last--;
    CPU_ZERO(&one);
    CPU_SET(last - 1, &one);
    ck_assert_int_eq(sched_setaffinity(0, sizeof one, &one), 0);
    ck_assert_int_eq(rad_parallel_processors(), 1);
    ck_assert_int_eq(sched_setaffinity(0, sizeof mine, &mine), 0);
}
END_TEST

/* In every width the line is shorter than the terminal, and says more the wider that is. */
START_TEST(line_fits) {
    const rad_progress states[] = {
        {.total = 6},
        {.total = 123456, .done = 120000, .failed = 3456, .computed = 99999, .memory = (size_t)900 << 30}};
    for (size_t s = 0; s < 2; s++) {
        size_t before = 0;
        for (size_t columns = 1; columns < 140; columns++) {
            char text[256];
            rad_progress_line(&states[s], true, columns, text, sizeof text);
            const size_t length = strlen(text);
            ck_assert_msg(length < columns, "%zu columns: %s", columns, text);
            ck_assert_msg(length + 30 > before, "%zu columns: %s", columns, text);
            before = length;
            ck_assert_int_eq(columns > 30 && !strstr(text, " cases"), 0);
            ck_assert_int_eq(columns >= 130 && (!strstr(text, " MB") || text[0] != '['), 0);
        }
    }
}
END_TEST

START_TEST(near_words) {
    ck_assert_uint_eq(rad_word_distance("extrac", "extract"), 1);
    ck_assert_uint_eq(rad_word_distance("kitten", "sitting"), 3);
    ck_assert_uint_eq(rad_word_distance("", "abc"), 3);
    ck_assert(rad_word_is_near("a", 1) && !rad_word_is_near("a", 2));
    ck_assert(rad_word_is_near("extracts", 2) && !rad_word_is_near("extracts", 3));
    char word[80];
    memset(word, 'x', sizeof word);
    word[64] = '\0';
    ck_assert_uint_eq(rad_word_distance(word, "x"), 63);
    word[64] = 'x';
    word[65] = '\0';
    ck_assert(rad_word_distance(word, "x") == SIZE_MAX && rad_word_distance("x", word) == SIZE_MAX);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("quota");
    TCase *tests = tcase_create("quota");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, nested_groups);
    tcase_add_test(tests, container);
    tcase_add_test(tests, first_version);
    tcase_add_test(tests, no_limit);
    tcase_add_loop_test(tests, environment, 0, 6);
    tcase_add_test(tests, affinity);
    tcase_add_test(tests, line_fits);
    tcase_add_test(tests, near_words);
    return test_run(suite);
}
