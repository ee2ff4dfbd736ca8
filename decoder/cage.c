#include "cage.h"

#include "../io/dicom/frame_job.h"

#include <errno.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

void rad_cage_limit(size_t memory, unsigned seconds) {
    closefrom(RAD_DECODER_MEMORY + 1);
    prctl(PR_SET_DUMPABLE, 0); /* a dump would hold voxels of a patient */
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){RAD_DECODER_MEMORY + 1, RAD_DECODER_MEMORY + 1});
    struct rlimit
        time; /* libseccomp without memory goes round and round; the parent allows more for a frame */
    if (!getrlimit(RLIMIT_CPU, &time)) setrlimit(RLIMIT_CPU, &(struct rlimit){seconds, time.rlim_max});
#ifndef __SANITIZE_ADDRESS__ /* whose shadow counts */
    setrlimit(RLIMIT_AS, &(struct rlimit){memory, memory});
#else
    (void)memory;
#endif
}

/* A system call that is allowed, whatever its arguments, or with one of them as it must be. */
typedef struct permit {
    int call;
    unsigned conditions; /* 0 or 1 */
    struct scmp_arg_cmp condition;
} permit;

static int allow(scmp_filter_ctx filter) {
    const permit permits[] = {
        /* the socket; what a codec prints leads nowhere */
        {SCMP_SYS(read), 1, SCMP_A0(SCMP_CMP_EQ, RAD_DECODER_SOCKET, 0)},
        {SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_LE, STDERR_FILENO, 0)},
        /* memory that is not code */
        {SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)},
        {SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)},
        {SCMP_SYS(munmap), 0, {0}},
        {SCMP_SYS(mremap), 0, {0}},
        {SCMP_SYS(madvise), 0, {0}},
        {SCMP_SYS(brk), 0, {0}},
        {SCMP_SYS(futex), 0, {0}},
        {SCMP_SYS(sched_yield), 0, {0}},
        {SCMP_SYS(clock_gettime), 0, {0}},
        {SCMP_SYS(gettimeofday), 0, {0}},
        {SCMP_SYS(getrandom), 0, {0}},
        {SCMP_SYS(sigaltstack), 0, {0}}, /* longjmp() of errors */
        /* the end, also by abort() */
        {SCMP_SYS(rt_sigaction), 0, {0}},
        {SCMP_SYS(rt_sigprocmask), 0, {0}},
        {SCMP_SYS(rt_sigreturn), 0, {0}},
        {SCMP_SYS(getpid), 0, {0}},
        {SCMP_SYS(gettid), 0, {0}},
        {SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0)},
        {SCMP_SYS(exit), 0, {0}},
        {SCMP_SYS(exit_group), 0, {0}},
        {SCMP_SYS(restart_syscall), 0, {0}},
    };
    int failure = 0;
    for (size_t i = 0; i < sizeof permits / sizeof permits[0] && !failure; i++)
        failure = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, permits[i].call, permits[i].conditions,
                                         &permits[i].condition);
    return failure;
}

int rad_cage_enter(void) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter) return ENOMEM;
    int failure = allow(filter);
    if (!failure) failure = seccomp_load(filter);
    seccomp_release(filter);
    return -failure;
}
