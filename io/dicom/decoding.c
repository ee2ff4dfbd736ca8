#include "decoding.h"

#include "../../core/clock.h"
#include "../../core/memory.h"
#include "frame_job.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

typedef struct rad_decoder {
    struct rad_decoder *next;
    pid_t pid;
    int socket, memory;    /* descriptors, -1: none */
    unsigned char *shared; /* voxels, then coded bytes */
    size_t size;
} decoder;

/* How a decoder ended, in the words of waitpid; -1 where nobody knows. */
typedef struct ending {
    int state;
    bool late; /* it took longer than it may, and was killed for that */
} ending;

/* Where the program is, and for as long as it takes to start it the open file, or -1. */
typedef struct place {
    char path[PATH_MAX];
    int file;
} place;

/* Descriptors that are handed on lie above those of the decoder, so that none is overwritten on the way. */
static int lift(int file) {
    if (file < 0 || file > RAD_DECODER_MEMORY) return file;
    const int high = fcntl(file, F_DUPFD_CLOEXEC, RAD_DECODER_MEMORY + 1), failure = errno;
    close(file);
    errno = failure;
    return high;
}

/* The file that holds this code: the library, or the program that it is linked into. */
static bool find_module(char *path) {
    static const char here;
    Dl_info info;
    struct link_map *map = NULL;
    if (!dladdr1(&here, &info, (void **)&map, RTLD_DL_LINKMAP) || !map) return false;
    return realpath(*map->l_name ? map->l_name : "/proc/self/exe", path) != NULL;
}

/* Is it a program, and of nobody who could not have replaced the module as well? */
static bool is_trusted(int file, const struct stat *module) {
    struct stat s;
    return !fstat(file, &s) && S_ISREG(s.st_mode) && s.st_mode & S_IXUSR && !(s.st_mode & S_IWOTH) &&
           (!s.st_uid || s.st_uid == geteuid() || s.st_uid == module->st_uid);
}

/* Where $RADIOMILL_DECODER says; else in libexec/, beside the module or one folder up (bin/, lib/); else
 * where it was to be installed. */
static void find_program(place *p) {
    static const char name[] = "libexec/radiomill-decoder";
    char module[PATH_MAX];
    struct stat about;
    const char *named = getenv("RADIOMILL_DECODER");
    p->file = -1;
    snprintf(p->path, sizeof p->path, "%s",
             named && *named ? named : RAD_PREFIX "/libexec/radiomill-decoder");
    if ((named && *named) || !find_module(module) || stat(module, &about) != 0) return;
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(module, '/'), path[sizeof p->path];
        if (!slash) return;
        *slash = '\0';
        if ((size_t)snprintf(path, sizeof path, "%s/%s", module, name) >= sizeof path) return;
        const int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file >= 0 && is_trusted(file, &about)) {
            snprintf(p->path, sizeof p->path, "%s", path);
            p->file = file;
            return;
        }
        if (file >= 0) close(file);
    }
}

/* Signals of the terminal are for the process that asked: the decoder is in a group of its own. */
static int spawn(const place *p, int socket, int memory, size_t most, pid_t *pid) {
    extern char **environ;
    char by_file[32], bytes[24];
    char *const words[] = {(char *)(uintptr_t)p->path, bytes, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    snprintf(bytes, sizeof bytes, "%zu", most);
    snprintf(by_file, sizeof by_file, "/proc/self/fd/%d", p->file);
    int failure = posix_spawn_file_actions_init(&files);
    if (failure) return failure;
    failure = posix_spawnattr_init(&how);
    if (!failure) {
        posix_spawnattr_setflags(&how,
                                 POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
        posix_spawnattr_setsigdefault(&how, &all);
        posix_spawnattr_setsigmask(&how, &none);
        failure = posix_spawn_file_actions_adddup2(&files, socket, RAD_DECODER_SOCKET);
        if (!failure) failure = posix_spawn_file_actions_adddup2(&files, memory, RAD_DECODER_MEMORY);
        for (int f = STDOUT_FILENO; f <= STDERR_FILENO && !failure; f++)
            failure = posix_spawn_file_actions_addopen(&files, f, "/dev/null", O_WRONLY, 0);
        if (!failure)
            failure = posix_spawn(pid, p->file < 0 ? p->path : by_file, &files, &how, words, environ);
        posix_spawnattr_destroy(&how);
    }
    posix_spawn_file_actions_destroy(&files);
    return failure;
}

/* Memory that the other side cannot shorten under this one, nor run. */
static int new_memory(void) {
    int memory = memfd_create("radiomill-frame", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
    if (memory < 0 && errno == EINVAL)
        memory = memfd_create("radiomill-frame", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    memory = lift(memory);
    if (memory >= 0 && fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_SEAL) != 0) {
        close(memory);
        return -1;
    }
    return memory;
}

static ending stop(decoder *d) {
    ending e = {.state = -1};
    if (d->pid > 0) {
        kill(d->pid, SIGKILL);
        while (waitpid(d->pid, &e.state, 0) < 0) {
            if (errno == EINTR) continue;
            e.state = -1; /* the program that uses the library does not keep its children */
            break;
        }
    }
    if (d->socket >= 0) close(d->socket);
    if (d->shared) munmap(d->shared, d->size);
    if (d->memory >= 0) close(d->memory);
    rad_free(d);
    return e;
}

/* Waits for an answer; only seconds that pass here count, so that a process that was stopped loses nothing.
 */
static bool receive(int socket, void *bytes, size_t length, size_t seconds, bool *late) {
    size_t waited = 0;
    for (size_t got = 0; got < length;) {
        struct pollfd wait = {.fd = socket, .events = POLLIN};
        const int ready = poll(&wait, 1, 1000);
        *late = !ready && ++waited >= seconds;
        if (*late) return false;
        if (!ready || (ready < 0 && errno == EINTR)) continue;
        const ssize_t n = ready < 0 ? -1 : recv(socket, (char *)bytes + got, length - got, 0);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        got += (size_t)n;
    }
    return true;
}

/* `seconds` is 0 for a start that was not late: the decoder itself bounds it. */
static void describe(const ending *e, size_t seconds, char *text, size_t size) {
    const int s = e->state;
    if (e->late)
        snprintf(text, size, "it took more than %zu s", seconds);
    else if (s == -1)
        snprintf(text, size, "the decoder ended");
    else if (!WIFSIGNALED(s))
        snprintf(text, size, "the decoder ended with code %d", WEXITSTATUS(s));
    else if (WTERMSIG(s) == SIGSYS)
        snprintf(text, size, "the codec made a system call that is not allowed");
    else if (WTERMSIG(s) == SIGXCPU && !seconds)
        snprintf(text, size, "it took too much processor time to start");
    else if (WTERMSIG(s) == SIGXCPU)
        snprintf(text, size, "it took more than %zu s of processor time", seconds);
    else
        snprintf(text, size, "the codec ended by signal %d (%s)", WTERMSIG(s), strsignal(WTERMSIG(s)));
}

static rad_status fail_start(const char *path, const place *p, const char *why, int failure,
                             rad_error *error) {
    const bool limits = failure == EAGAIN || failure == EMFILE || failure == ENFILE;
    const rad_status status = failure == ENOMEM ? RAD_NO_MEMORY : limits ? RAD_NO_RESULT : RAD_UNREADABLE;
    const char *help = failure == ENOMEM ? ""
                       : limits          ? "; allow more processes and open files (ulimit -u, -n)"
                                : "; install radiomill as a whole, or name the program in RADIOMILL_DECODER";
    return rad_fail(error, status, "%s: holds compressed frames, but the decoder %s cannot be started: %s%s",
                    path, p->path, why, help);
}

/* Its files and its process; an errno where they are not to be had. */
static int launch(decoder *d, const place *p, const rad_pixel_format *f) {
    enum { PER_VOXEL = 64 };
    static const size_t at_least = (size_t)1 << 30;
    const size_t most = at_least + PER_VOXEL * (size_t)f->rows * f->columns;
    int pair[2];
    d->memory = new_memory();
    if (d->memory < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return errno;
    d->socket = pair[0];
    const int other = lift(pair[1]);
    if (other < 0) return errno;
    const int failure = spawn(p, other, d->memory, most, &d->pid);
    if (failure) d->pid = 0;
    close(other);
    return failure;
}

static rad_status start(const rad_coded_frame *coded, decoder **started, int *uncaged, rad_error *error) {
    enum { LONGEST = 600 };
    rad_decoder_ready ready = {0};
    char why[256];
    place p;
    decoder *d = rad_new(1, sizeof *d, error);
    if (!d) return RAD_NO_MEMORY;
    d->memory = d->socket = -1;
    find_program(&p);
    const int failure = launch(d, &p, coded->format);
    if (p.file >= 0) close(p.file);
    if (failure) {
        stop(d);
        return fail_start(coded->path, &p, strerror(failure), failure, error);
    }
    bool late = false;
    const bool heard = receive(d->socket, &ready, sizeof ready, LONGEST, &late);
    if (heard && ready.protocol == RAD_DECODER_PROTOCOL) {
        *uncaged = ready.uncaged;
        *started = d;
        return RAD_OK;
    }
    ending e = stop(d);
    e.late = late;
    describe(&e, late ? LONGEST : 0, why, sizeof why);
    return fail_start(coded->path, &p, heard ? "it is a different version" : why, 0, error);
}

/* An idle decoder, or a new one. */
static rad_status take(rad_decoders *decoders, const rad_coded_frame *coded, decoder **taken,
                       rad_error *error) {
    int uncaged = 0;
    pthread_mutex_lock(&decoders->lock);
    decoder *d = decoders->idle;
    if (d) decoders->idle = d->next;
    pthread_mutex_unlock(&decoders->lock);
    *taken = d;
    if (d) return RAD_OK;
    const rad_status status = start(coded, taken, &uncaged, error);
    pthread_mutex_lock(&decoders->lock);
    if (uncaged) decoders->uncaged = uncaged;
    pthread_mutex_unlock(&decoders->lock);
    return status;
}

static void give_back(rad_decoders *decoders, decoder *d) {
    pthread_mutex_lock(&decoders->lock);
    d->next = decoders->idle;
    decoders->idle = d;
    pthread_mutex_unlock(&decoders->lock);
}

/* Blocks are set aside first: a page that the system does not have would end this process later. */
static rad_status share(decoder *d, size_t size, rad_error *error) {
    enum { STEP = 1 << 20 };
    if (d->shared && size <= d->size) return RAD_OK;
    size = (size / STEP + 1) * STEP;
    if (d->shared) munmap(d->shared, d->size);
    d->shared = NULL;
    d->size = 0;
    int failure = 0;
    do failure = posix_fallocate(d->memory, 0, (off_t)size);
    while (failure == EINTR);
    void *shared = failure ? MAP_FAILED : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, d->memory, 0);
    if (shared == MAP_FAILED) {
        rad_fail(error, RAD_NO_MEMORY, "out of memory: %zu bytes for a compressed frame", size);
        return RAD_NO_MEMORY;
    }
    d->shared = shared;
    d->size = size;
    return RAD_OK;
}

/* The processor time that is left to a decoder from now on. */
static void allow_seconds(pid_t pid, size_t seconds) {
    const double used = rad_clock_processor(pid);
    struct rlimit limit;
    if (used < 0 || prlimit(pid, RLIMIT_CPU, NULL, &limit)) return; /* it is gone */
    const rlim_t most = (rlim_t)used + 1 + seconds;
    limit.rlim_cur = most < limit.rlim_max ? most : limit.rlim_max;
    prlimit(pid, RLIMIT_CPU, &limit, NULL);
}

/* What a frame may take, by the clock more than of processor time: others may be at work as well. */
typedef struct budget {
    size_t seconds, patience;
} budget;

static budget budget_of(const rad_decoders *decoders, size_t voxels) {
    enum { LEAST = 60, VOXELS_PER_SECOND = 100000, BY_THE_CLOCK = 10 };
    const size_t seconds = decoders->seconds ? decoders->seconds : LEAST + voxels / VOXELS_PER_SECOND;
    return (budget){seconds, decoders->patience ? decoders->patience : BY_THE_CLOCK * seconds};
}

static bool ask(decoder *d, const rad_frame_job *job, budget b, rad_decoded *answer, bool *late) {
    allow_seconds(d->pid, b.seconds);
    return send(d->socket, job, sizeof *job, MSG_NOSIGNAL) == (ssize_t)sizeof *job &&
           receive(d->socket, answer, sizeof *answer, b.patience, late);
}

static size_t width_of(const rad_pixel_format *f) {
    return f->bits_allocated / 8 * (f->hue == RAD_HUE_GREY ? 1 : 3);
}

static void crop(const decoder *d, const rad_pixel_format *f, const size_t begin[2], const size_t end[2],
                 unsigned char *out) {
    const size_t bytes = (end[0] - begin[0]) * width_of(f);
    for (size_t y = begin[1]; y < end[1]; y++, out += bytes)
        memcpy(out, d->shared + (y * f->columns + begin[0]) * width_of(f), bytes);
}

static rad_status fail_frame(const rad_coded_frame *coded, const char *why, rad_error *error) {
    return rad_fail(
        error, RAD_UNREADABLE,
        "%s: frame %zu cannot be decoded (transfer syntax %s): %s; fetch it again, or save it uncompressed",
        coded->path, coded->number + 1, coded->format->syntax, why);
}

rad_status rad_decoders_read(rad_decoders *decoders, const rad_coded_frame *coded, const size_t begin[2],
                             const size_t end[2], void *out, rad_error *error) {
    const rad_pixel_format *f = coded->format;
    const size_t voxels = (size_t)f->rows * f->columns;
    const budget b = budget_of(decoders, voxels);
    rad_frame_job job = {.format = *f, .coded_at = voxels * width_of(f), .length = coded->length};
    decoder *d = NULL;
    rad_decoded answer = RAD_DECODED_NOT;
    bool late = false;
    rad_status status = take(decoders, coded, &d, error);
    if (status != RAD_OK) return status;
    status = share(d, job.coded_at + job.length, error);
    job.size = d->size;
    if (status == RAD_OK) memcpy(d->shared + job.coded_at, coded->bytes, coded->length);
    if (status == RAD_OK && !ask(d, &job, b, &answer, &late)) {
        char why[256];
        ending e = stop(d);
        e.late = late;
        describe(&e, late ? b.patience : b.seconds, why, sizeof why);
        return fail_frame(coded, why, error);
    }
    if (status == RAD_OK && answer == RAD_DECODED_NO_MEMORY)
        status = fail_frame(coded, "it needs more memory than a decoder may have", error);
    else if (status == RAD_OK && answer != RAD_DECODED)
        status = fail_frame(coded, "damaged, or of a kind that is not supported", error);
    if (status == RAD_OK) crop(d, f, begin, end, out);
    give_back(decoders, d);
    return status;
}

void rad_decoders_end(rad_decoders *decoders, const char *path, rad_warnings *warnings) {
    for (decoder *d = decoders->idle; d; d = decoders->idle) {
        decoders->idle = d->next;
        stop(d);
    }
    if (decoders->uncaged)
        rad_warn(warnings,
                 "%.200s: decoded in a separate process with limits on time, memory and files, but without a "
                 "system call filter, which this system does not allow (%s)",
                 path, strerror(decoders->uncaged));
    decoders->uncaged = 0;
}
