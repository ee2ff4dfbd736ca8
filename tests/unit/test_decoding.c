/* The decoder: what a codec does wrong ends neither this process nor the next frame.
 * tests/support/bad_codec.c does what real codecs are not known to do. */
#include "../../core/memory.h"
#include "../../core/parallel.h"
#include "../../io/dicom/codestream.h"
#include "../../io/dicom/decoding.h"
#include "../../io/dicom/instance.h"
#include "testing.h"

#include <dirent.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
enum { SANITISED = 1 }; /* signals are caught, and memory has no bound */
#else
enum { SANITISED = 0 };
#endif

enum { COLUMNS = 4, ROWS = 3, CODED = 80 };
static const rad_pixel_format format = {.rows = ROWS,
                                        .columns = COLUMNS,
                                        .samples = 1,
                                        .bits_allocated = 8,
                                        .bits_stored = 8,
                                        .high_bit = 7,
                                        .syntax = "1.2.840.10008.1.2.5"};
static const size_t from[2] = {1, 1}, to[2] = {4, 3};

/* The decoder with the bad codec lies beside this program. Emulated programs are started by a script. */
static void use_bad_codec(void) {
    char path[4096];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 32);
    ck_assert(length > 0);
    path[length] = '\0';
    snprintf(strrchr(path, '/'), 32, "/bad_decoder");
    ck_assert(!setenv(getenv("RADIOMILL_EMULATED") ? "RADIOMILL_EMULATED" : "RADIOMILL_DECODER", path, 1));
}

static rad_status read_frame(rad_decoders *decoders, char what, size_t number, rad_error *error) {
    unsigned char bytes[CODED] = {[0] = 1, [4] = 64, [64] = (unsigned char)what}, out[6] = {0};
    ck_assert_uint_eq(rad_codestream_bits(&format, bytes, sizeof bytes), 8);
    const rad_coded_frame coded = {"a/file.dcm", number, &format, bytes, sizeof bytes};
    const rad_status status = rad_decoders_read(decoders, &coded, from, to, out, error);
    static const unsigned char expected[6] = {5, 6, 7, 9, 10, 11};
    if (status == RAD_OK) ck_assert(!memcmp(out, expected, sizeof out));
    return status;
}

static size_t open_files(void) {
    size_t count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (folder && readdir(folder)) count++;
    if (folder) closedir(folder);
    return count;
}

static const struct {
    char what;
    bool by_filter; /* ends so where there is a filter of system calls */
    const char *says;
} faults[] = {
    {'A', false, "signal 6"},
    {'S', false, "signal 11"},
    {'L', false, "more than 1 s of processor time"},
    {'W', false, "more than 2 s;"},
    {'M', false, "more memory than"},
    {'E', false, "code 7"},
    {'R', false, "damaged"},
    {'o', true, "a system call that is not allowed"},
    {'n', true, "a system call that is not allowed"},
    {'p', true, "a system call that is not allowed"},
    {'k', true, "a system call that is not allowed"},
    {'f', true, "a system call that is not allowed"},
    {'e', true, "a system call that is not allowed"},
    {'x', true, "a system call that is not allowed"},
    {'r', true, "a system call that is not allowed"},
    {'t', true, "a system call that is not allowed"},
    {'w', true, "a system call that is not allowed"},
    {'l', true, "a system call that is not allowed"},
};

START_TEST(faults_are_named) {
    rad_decoders decoders = {.seconds = 1, .patience = faults[_i].what == 'W' ? 2 : 600};
    rad_error error = {0};
    use_bad_codec();
    const size_t files = open_files();
    if (SANITISED && faults[_i].what == 'M') return;
    ck_ok(read_frame(&decoders, 'G', 0, &error));
    if (faults[_i].by_filter && decoders.uncaged) {
        printf("decoding: skipped: no filter of system calls here (%s)\n", strerror(decoders.uncaged));
        return;
    }
    ck_assert_int_eq(read_frame(&decoders, faults[_i].what, 6, &error), RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "a/file.dcm: frame 7 cannot be decoded") == error.text, "%s",
                  error.text);
    ck_assert_msg(SANITISED || strstr(error.text, faults[_i].says), "%c: %s", faults[_i].what, error.text);
    ck_assert(!strchr(error.text, '\n'));
    ck_ok(read_frame(&decoders, 'G', 0, &error)); /* the next frame */
    rad_decoders_end(&decoders, "a", NULL);
    ck_assert_uint_eq(open_files(), files);
    ck_assert(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}
END_TEST

/* What a codec prints reaches neither the answer nor the terminal. */
START_TEST(prints_lead_nowhere) {
    rad_decoders decoders = {.seconds = 0};
    rad_error error = {0};
    FILE *caught = tmpfile();
    use_bad_codec();
    ck_assert(caught && dup2(fileno(caught), STDERR_FILENO) >= 0 && dup2(fileno(caught), STDOUT_FILENO) >= 0);
    ck_ok(read_frame(&decoders, 'P', 0, &error));
    ck_ok(read_frame(&decoders, 'G', 0, &error));
    rad_decoders_end(&decoders, "a", NULL);
    ck_assert_int_eq(fseek(caught, 0, SEEK_END), 0);
    ck_assert_int_eq(ftell(caught), 0);
    fclose(caught);
}
END_TEST

/* Any descriptor may be free in the process that asks, and it need not keep its children. */
START_TEST(odd_processes_decode) {
    rad_decoders decoders = {.seconds = 0};
    rad_error error = {0};
    use_bad_codec();
    if (_i < 3) close(_i);
    if (_i == 3) signal(SIGCHLD, SIG_IGN);
    ck_ok(read_frame(&decoders, 'G', 0, &error));
    ck_assert_int_eq(read_frame(&decoders, 'A', 0, &error), RAD_UNREADABLE);
    ck_assert_msg(SANITISED || strstr(error.text, _i == 3 ? ": the decoder ended;" : "signal 6"), "%s",
                  error.text);
    ck_ok(read_frame(&decoders, 'G', 0, &error));
    rad_decoders_end(&decoders, "a", NULL);
}
END_TEST

enum { FRAMES = 60 };
typedef struct crowd {
    rad_decoders decoders;
    rad_status status[FRAMES];
} crowd;

static void crowd_body(size_t index, void *context) {
    crowd *c = context;
    rad_error error = {0};
    c->status[index] = read_frame(&c->decoders, index % 5 == 3 ? 'A' : 'G', index, &error);
}

START_TEST(threads_have_decoders_of_their_own) {
    crowd c = {.decoders = {.seconds = 0}};
    use_bad_codec();
    rad_parallel_for(FRAMES, 4, crowd_body, &c);
    rad_decoders_end(&c.decoders, "a", NULL);
    for (size_t i = 0; i < FRAMES; i++) ck_assert_int_eq(c.status[i], i % 5 == 3 ? RAD_UNREADABLE : RAD_OK);
}
END_TEST

static const struct {
    const char *program, *says;
} programs[] = {
    {"/nowhere/decoder", "cannot be started: No such file"},
    {"/etc/passwd", "cannot be started: Permission denied"},
    {"/bin/true", "ended with code 0"},
    {"/bin/false", "ended with code 1"},
};

START_TEST(a_decoder_that_does_not_start) {
    rad_decoders decoders = {.seconds = 0};
    rad_error error = {0};
    setenv("RADIOMILL_DECODER", programs[_i].program, 1);
    ck_assert_int_eq(read_frame(&decoders, 'G', 0, &error), RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "a/file.dcm: ") == error.text, "%s", error.text);
    ck_assert_msg(strstr(error.text, programs[_i].program) && strstr(error.text, programs[_i].says), "%s",
                  error.text);
    rad_decoders_end(&decoders, "a", NULL);
}
END_TEST

/* What the system refuses is no fault of the file. */
START_TEST(a_decoder_without_files) {
    rad_decoders decoders = {.seconds = 0};
    rad_error error = {0};
    use_bad_codec();
    test_open_files(false);
    const rad_status status = read_frame(&decoders, 'G', 0, &error);
    test_open_files(true);
    ck_assert_int_eq(status, RAD_NO_RESULT);
    ck_assert_msg(
        strstr(error.text, "cannot be started: Too many open files; allow more processes and open files"),
        "%s", error.text);
    rad_decoders_end(&decoders, "a", NULL);
}
END_TEST

/* It ends itself, long before this process gives up; so it does not need the processor for ever. */
START_TEST(a_start_that_never_ends) {
    rad_decoders decoders = {.seconds = 0};
    rad_error error = {0};
    use_bad_codec();
    setenv("RADIOMILL_BAD_START", "1", 1);
    ck_assert_int_eq(read_frame(&decoders, 'G', 0, &error), RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "a/file.dcm: ") == error.text &&
                      strstr(error.text, "cannot be started: it took too much processor time to start;"),
                  "%s", error.text);
    unsetenv("RADIOMILL_BAD_START");
    ck_ok(read_frame(&decoders, 'G', 0, &error));
    rad_decoders_end(&decoders, "a", NULL);
    ck_assert(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
}
END_TEST

/* What bounds the start does not bound the frames. */
START_TEST(a_frame_longer_than_a_start) {
    rad_decoders decoders = {.seconds = 0};
    rad_error error = {0};
    use_bad_codec();
    ck_ok(read_frame(&decoders, 'T', 0, &error));
    ck_ok(read_frame(&decoders, 'G', 0, &error));
    rad_decoders_end(&decoders, "a", NULL);
}
END_TEST

/* Where filters are forbidden, as in some containers, frames are decoded all the same, and that is said. */
START_TEST(without_a_filter) {
    struct sock_filter words[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PR_SET_SECCOMP, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    };
    words[1].jt = 4; /* seccomp: refused */
    words[2].jf = 2; /* neither: allowed */
    const struct sock_fprog program = {sizeof words / sizeof words[0], words};
    rad_decoders decoders = {.seconds = 0};
    rad_warnings warnings = {0};
    rad_error error = {0};
    use_bad_codec();
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
        printf("decoding: skipped: no filter of system calls here\n");
        return;
    }
    ck_ok(read_frame(&decoders, 'G', 0, &error));
    ck_assert_int_eq(read_frame(&decoders, 'A', 0, &error), RAD_UNREADABLE);
    ck_ok(read_frame(&decoders, 'o', 0, &error)); /* no descriptor is left to open a file */
    rad_decoders_end(&decoders, "a/series", &warnings);
    ck_assert_uint_eq(warnings.count, 1);
    ck_assert_msg(strstr(warnings.text[0], "a/series: ") &&
                      strstr(warnings.text[0], "without a system call filter"),
                  "%s", warnings.text[0]);
}
END_TEST

/* Frames of real codecs, from tests/fuzz/source. */
typedef struct stream {
    rad_instance instance;
    unsigned char *bytes; /* its one fragment */
    size_t length;
} stream;

static uint32_t word_of(const unsigned char *b) {
    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static void open_stream(const char *name, stream *s) {
    static unsigned char all[1 << 20];
    char path[256];
    snprintf(path, sizeof path, "tests/fuzz/source/%s.dcm", name);
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s", path);
    const size_t size = fread(all, 1, sizeof all, file);
    fclose(file);
    s->instance = (rad_instance){.path = rad_text_copy(path, NULL)};
    rad_instance_read(&s->instance);
    ck_assert(s->instance.data.encapsulated);
    const size_t first = s->instance.data.offset, at = first + 8 + word_of(all + first + 4) + 8;
    s->length = word_of(all + at - 4);
    ck_assert(at + s->length <= size);
    s->bytes = rad_new_raw(s->length, 1, NULL);
    memcpy(s->bytes, all + at, s->length);
}

/* A few bytes changed, most of them among the first; sometimes cut, sometimes a part twice. */
static size_t mutate(const stream *s, unsigned char *bytes, test_random *random) {
    size_t length = s->length;
    memcpy(bytes, s->bytes, length);
    const size_t kind = test_below(random, 8);
    if (kind == 0) length = 1 + test_below(random, length);
    if (kind == 1) {
        const size_t at = test_below(random, length), more = test_below(random, length - at);
        memmove(bytes + at + more, bytes + at, length - at);
        length += more;
    }
    for (size_t n = 1 + test_below(random, 6); n > 0; n--) {
        const size_t range = test_below(random, 3) && length > 128 ? 128 : length,
                     at = test_below(random, range);
        const unsigned flipped = bytes[at] ^ 1U << test_below(random, 8);
        bytes[at] = (unsigned char)(test_below(random, 2) ? test_below(random, 256) : flipped);
    }
    return length;
}

static const char *const codecs[] = {"rle", "jpeg_baseline", "jpeg_lossless", "jpeg_ls", "jpeg_2000"};

START_TEST(mutated_streams) {
    const char *many = getenv("MUTATIONS");
    const size_t count = many ? strtoul(many, NULL, 10) : 150;
    size_t walked = 0, read = 0, died = 0;
    rad_decoders decoders = {.seconds = 1, .patience = 600};
    rad_error error = {0};
    test_random random = {1 + (uint64_t)_i};
    stream s;
    open_stream(codecs[_i], &s);
    const rad_pixel_format *f = &s.instance.format;
    const size_t files = open_files();
    const size_t begin[2] = {0, 0}, end[2] = {f->columns, f->rows};
    unsigned char *bytes = rad_new_raw(2 * s.length, 1, NULL);
    void *out = rad_new_raw((size_t)f->rows * f->columns, 4, NULL);
    for (size_t i = 0; i <= count; i++) {
        const size_t length = mutate(&s, bytes, &random);
        const rad_coded_frame coded = {"file", i, f, i ? bytes : s.bytes, i ? length : s.length};
        if (i && !rad_codestream_bits(f, bytes, length)) continue;
        walked++;
        const rad_status status = rad_decoders_read(&decoders, &coded, begin, end, out, &error);
        ck_assert_msg(status == RAD_OK || (i && status == RAD_UNREADABLE), "%zu: %s", i, error.text);
        read += status == RAD_OK;
        died += status != RAD_OK && !strstr(error.text, "damaged");
    }
    if (many)
        printf("%s: of %zu mutated streams %zu passed the walk, %zu were decoded, %zu ended a decoder\n",
               codecs[_i], count, walked, read, died);
    rad_decoders_end(&decoders, "file", NULL);
    ck_assert_uint_eq(open_files(), files);
    rad_instance_free(&s.instance);
    rad_free(s.bytes);
    rad_free(bytes);
    rad_free(out);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("decoding");
    TCase *tests = tcase_create("decoding");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 7200);
    tcase_add_loop_test(tests, faults_are_named, 0, sizeof faults / sizeof faults[0]);
    tcase_add_test(tests, prints_lead_nowhere);
    tcase_add_loop_test(tests, odd_processes_decode, 0, 4);
    tcase_add_test(tests, threads_have_decoders_of_their_own);
    tcase_add_loop_test(tests, a_decoder_that_does_not_start, 0, sizeof programs / sizeof programs[0]);
    tcase_add_test(tests, a_decoder_without_files);
    tcase_add_test(tests, a_start_that_never_ends);
    tcase_add_test(tests, a_frame_longer_than_a_start);
    tcase_add_test(tests, without_a_filter);
    tcase_add_loop_test(tests, mutated_streams, 0, sizeof codecs / sizeof codecs[0]);
    return test_run(suite);
}
