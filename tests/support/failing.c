/* Loaded before a program (LD_PRELOAD): runs its main again and again, each time with one allocation or
 * system call that fails. The program starts once; every run is a fork of it, so that thousands take seconds.
 * torture.py talks to it over two pipes (FAILING_PIPES=in,out): a line `what from to how folder` for a run, a
 * line `status count` in return. what    memory, calls, nothing, or log: writes the stack of every event of
 * memory into `stacks` from to which events fail, by number how     an errno, or 0 for a short count Threads
 * and forked processes share the count. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIMIT_SECONDS = 100, DEPTH = 24 };
enum { NOTHING, MEMORY, CALLS };

static struct {
    int what, how;
    uint64_t from, to;
    int log;
} plan = {.log = -1};
static uint64_t *events; /* shared by all processes of a run */
static _Thread_local bool inside;

static void write_stack(uint64_t number) {
    void *at[DEPTH];
    char line[DEPTH * 320];
    int used = snprintf(line, sizeof line, "%llu", (unsigned long long)number);
    const int depth = backtrace(at, DEPTH);
    for (int i = 2; i < depth; i++) {
        Dl_info about;
        if (!dladdr(at[i], &about) || !about.dli_fname) continue;
        const char *name = strrchr(about.dli_fname, '/');
        used += snprintf(line + used, sizeof line - (size_t)used, " %.200s+%lx",
                         name ? name + 1 : about.dli_fname,
                         (unsigned long)((char *)at[i] - (char *)about.dli_fbase));
    }
    line[used++] = '\n';
    syscall(SYS_write, plan.log, line, (size_t)used);
}

/* Is it the turn of this one? */
static bool fails(int what) {
    if (plan.what != what || inside) return false;
    const uint64_t number = __atomic_add_fetch(events, 1, __ATOMIC_SEQ_CST);
    if (plan.log >= 0) {
        inside = true;
        write_stack(number);
        inside = false;
    }
    return number >= plan.from && number <= plan.to;
}

static bool is_short(void) {
    if (!fails(MEMORY)) return false;
    errno = ENOMEM;
    return true;
}

/* An errno; 0 for a short count, -1 where nothing happens. */
static int call(void) {
    return fails(CALLS) ? plan.how : -1;
}

static bool refused(void) {
    const int how = call();
    if (how > 0) errno = how;
    return how > 0;
}

/* Half of it, at least a byte. */
static bool cut(size_t *length) {
    const int how = call();
    if (how > 0) errno = how;
    if (how == 0 && *length > 1) *length /= 2;
    return how > 0;
}

/* NOLINTBEGIN(bugprone-reserved-identifier): those are the names of the C library */
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
/* NOLINTEND(bugprone-reserved-identifier) */

void *malloc(size_t size) {
    return is_short() ? NULL : __libc_malloc(size);
}
void *calloc(size_t count, size_t size) {
    return is_short() ? NULL : __libc_calloc(count, size);
}
void *realloc(void *memory, size_t size) {
    return is_short() ? NULL : __libc_realloc(memory, size);
}
void *memalign(size_t to, size_t size) {
    return is_short() ? NULL : __libc_memalign(to, size);
}
void *aligned_alloc(size_t to, size_t size) {
    return memalign(to, size);
}
int posix_memalign(void **memory, size_t to, size_t size) {
    if (is_short()) return ENOMEM;
    *memory = __libc_memalign(to, size);
    return *memory ? 0 : ENOMEM;
}

#define REAL(name, type)                                                                                     \
    static __typeof__(type) *real;                                                                           \
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, name)

void *mmap(void *at, size_t length, int protection, int flags, int file, off_t offset) {
    if (is_short()) return MAP_FAILED;
    return (void *)syscall(SYS_mmap, at, length, protection, flags, file, offset);
}
void *mmap64(void *at, size_t length, int protection, int flags, int file, off_t offset) {
    return mmap(at, length, protection, flags, file, offset);
}
pid_t fork(void) {
    REAL("fork", pid_t(void));
    return is_short() ? -1 : real();
}
int pthread_create(void *thread, const void *attributes, void *(*body)(void *), void *argument) {
    REAL("pthread_create", int(void *, const void *, void *(*)(void *), void *));
    return is_short() ? EAGAIN : real(thread, attributes, body, argument);
}
int socketpair(int domain, int type, int protocol, int pair[2]) {
    return is_short() ? -1 : (int)syscall(SYS_socketpair, domain, type, protocol, pair);
}

ssize_t write(int file, const void *from, size_t length) {
    return cut(&length) ? -1 : syscall(SYS_write, file, from, length);
}
ssize_t pwrite(int file, const void *from, size_t length, off_t at) {
    return cut(&length) ? -1 : syscall(SYS_pwrite64, file, from, length, at);
}
ssize_t pwrite64(int file, const void *from, size_t length, off_t at) {
    return pwrite(file, from, length, at);
}
ssize_t read(int file, void *to, size_t length) {
    return cut(&length) ? -1 : syscall(SYS_read, file, to, length);
}
ssize_t pread(int file, void *to, size_t length, off_t at) {
    return cut(&length) ? -1 : syscall(SYS_pread64, file, to, length, at);
}
ssize_t pread64(int file, void *to, size_t length, off_t at) {
    return pread(file, to, length, at);
}
int fsync(int file) {
    return refused() ? -1 : (int)syscall(SYS_fsync, file);
}
int fdatasync(int file) {
    return refused() ? -1 : (int)syscall(SYS_fdatasync, file);
}
int ftruncate(int file, off_t length) {
    return refused() ? -1 : (int)syscall(SYS_ftruncate, file, length);
}
int ftruncate64(int file, off_t length) {
    return ftruncate(file, length);
}
int rename(const char *from, const char *to) {
    return refused() ? -1 : (int)syscall(SYS_rename, from, to);
}
int link(const char *from, const char *to) {
    return refused() ? -1 : (int)syscall(SYS_link, from, to);
}
int linkat(int a, const char *from, int b, const char *to, int flags) {
    return refused() ? -1 : (int)syscall(SYS_linkat, a, from, b, to, flags);
}
/* The file is closed either way, as on Linux. */
int close(int file) {
    const bool bad = refused();
    const int why = errno, got = (int)syscall(SYS_close, file);
    if (bad) errno = why;
    return bad ? -1 : got;
}
struct dirent *readdir(DIR *folder) {
    REAL("readdir", struct dirent * (DIR *));
    return refused() ? NULL : real(folder);
}
static int open_any(int folder, const char *path, int flags, va_list more) {
    const bool makes = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
    const int mode = makes ? va_arg(more, int) : 0;
    return refused() ? -1 : (int)syscall(SYS_openat, folder, path, flags, mode);
}
#define OPEN(name, before, folder)                                                                           \
    int name(before const char *path, int flags, ...) {                                                      \
        va_list more;                                                                                        \
        va_start(more, flags);                                                                               \
        const int file = open_any(folder, path, flags, more);                                                \
        va_end(more);                                                                                        \
        return file;                                                                                         \
    }
#define FOLDER int folder,
OPEN(open, , AT_FDCWD)
OPEN(open64, , AT_FDCWD)
OPEN(openat, FOLDER, folder)
OPEN(openat64, FOLDER, folder)

static int (*program)(int, char **, char **);

static _Noreturn void run(const char *folder, const char *what, int argc, char **argv, char **envp) {
    static const struct {
        const char *word;
        int what;
    } words[] = {{"memory", MEMORY}, {"calls", CALLS}, {"nothing", NOTHING}, {"log", MEMORY}};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(LIMIT_SECONDS); /* a run that hangs */
    if (chdir(folder)) _exit(99);
    for (int file = 1; file <= 2; file++) {
        const int to = open(file == 1 ? "out" : "err", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0666);
        if (to < 0 || dup2(to, file) < 0) _exit(99);
        close(to);
    }
    if (!strcmp(what, "log")) plan.log = open("stacks", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!strcmp(words[i].word, what)) plan.what = words[i].what;
    exit(program(argc, argv, envp));
}

static int serve(int argc, char **argv, char **envp) {
    const char *pipes = getenv("FAILING_PIPES");
    int in, out, status;
    char line[4096], what[16], folder[2048];
    unsigned long long from, to;
    void *warm[2];
    if (!pipes || sscanf(pipes, "%d,%d", &in, &out) != 2) return program(argc, argv, envp);
    unsetenv("LD_PRELOAD");
    backtrace(warm, 2); /* loads what it needs */
    events = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    FILE *orders = fdopen(in, "r");
    while (orders && fgets(line, sizeof line, orders)) {
        if (sscanf(line, "%15s %llu %llu %d %2047s", what, &from, &to, &plan.how, folder) != 5) return 99;
        plan.from = from;
        plan.to = to;
        *events = 0;
        const pid_t child = fork();
        if (!child) {
            close(in);
            close(out);
            run(folder, what, argc, argv, envp);
        }
        while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
        dprintf(out, "%d %llu\n", status, (unsigned long long)*events);
    }
    return 0;
}

/* NOLINTNEXTLINE(bugprone-reserved-identifier) */
int __libc_start_main(int (*entry)(int, char **, char **), int argc, char **argv, void (*begin)(void),
                      void (*end)(void), void (*unload)(void), void *stack) {
    REAL("__libc_start_main", int(int (*)(int, char **, char **), int, char **, void (*)(void),
                                  void (*)(void), void (*)(void), void *));
    program = entry;
    return real(serve, argc, argv, begin, end, unload, stack);
}
