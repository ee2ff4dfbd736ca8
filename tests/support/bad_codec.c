/* In place of the codec in tests/unit/test_decoding.c: what the fields of a frame of RLE ask for, no library
 * does.
 */
#include "../../decoder/codec.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Overwrites itself by way of a mapping that may be run. */
static void run_data(void) {
    void *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code != MAP_FAILED) munmap(code, 4096);
}

static void take_memory(void) {
    void *volatile block = NULL;
    do block = malloc(1 << 24);
    while (block); /* NOLINT(clang-analyzer-unix.Malloc): nobody frees them */
}

static void spin(void) {
    for (volatile unsigned i = 0;; i++) {
    }
}

static void wait_for_nobody(void) {
    uint32_t word = 0;
    for (;;) syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void ask_system(char what) {
    if (what == 'o') close(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
    if (what == 'n') close(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (what == 'p') ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
    if (what == 'k') kill(getppid(), SIGKILL);
    if (what == 'f') _exit(fork() < 0);
    if (what == 'e') execl("/bin/true", "true", (char *)NULL);
    if (what == 'x') run_data();
    if (what == 'r') syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0);
    if (what == 't') syscall(SYS_ftruncate, RAD_DECODER_MEMORY, 0);
    if (what == 'w') syscall(SYS_write, RAD_DECODER_MEMORY, "x", 1);
    if (what == 'l') { /* longer than a second of processor time is allowed */
        const struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
        setrlimit(RLIMIT_CPU, &more);
    }
}

/* A start that never ends, where the environment asks for it. */
const unsigned rad_codec_start = 1;
void rad_codec_prepare(void) {
    if (getenv("RADIOMILL_BAD_START")) spin();
}

/* A frame that takes longer than a start may. */
static void work(void) {
    struct timespec used = {0};
    while (used.tv_sec <= (time_t)rad_codec_start) clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
}

/* The byte after the header of RLE says what happens; the voxels become 1, 2, 3, ... */
rad_decoded rad_codec_decode(const rad_pixel_format *format, const unsigned char *coded, size_t length,
                             void *frame) {
    const char what = length > 64 ? (char)coded[64] : '?';
    unsigned char *voxels = frame;
    if (what == 'A') abort();
    if (what == 'S') *(volatile char *)0 = 1; /* NOLINT(clang-analyzer-core.NullDereference): asked for */
    if (what == 'L') spin();
    if (what == 'W') wait_for_nobody();
    if (what == 'T') work();
    if (what == 'M') {
        take_memory();
        return RAD_DECODED_NO_MEMORY;
    }
    if (what == 'P') printf("%s", "a codec that prints\n"), fprintf(stderr, "and complains\n");
    if (what == 'E') exit(7);
    ask_system(what);
    if (what == 'R') return RAD_DECODED_NOT;
    for (size_t i = 0; i < (size_t)format->rows * format->columns; i++) voxels[i] = (unsigned char)i;
    return RAD_DECODED;
}
