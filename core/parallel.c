#include "parallel.h"

#include "clock.h"
#include "number.h"
#include "quota.h"

#include <locale.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Why no OpenMP: its runtime ends the process when a thread or a few bytes are not to be had. Here loops lie
 * on the stack of their caller, who takes part in them: without memory, or without a second thread, they are
 * slower and nothing else. */

enum { PIECES = 16 }; /* per thread: enough that a slow one does not keep the others waiting */
enum { HELPERS_MAX = 1023 };
/* Nanoseconds of waiting before a thread sleeps: about what sleeping and waking cost. Turns of a loop would
 * be another time on each processor, up to a millisecond, which others could have used. */
enum { PATIENCE = 100000 };
enum { TURNS = 32 }; /* between looks at the clock */

typedef struct loop {
    size_t count, piece, helpers; /* helpers: those of a higher number do not take part */
    rad_body *body;
    void *context;
    size_t next;        /* the first index that nobody took */
    atomic_size_t left; /* indices that are not done */
    struct loop *older, *newer;
} loop;

static struct {
    pthread_mutex_t lock;
    pthread_cond_t news; /* a loop was opened, or one is done */
    loop *oldest, *newest;
    size_t helpers;
    atomic_bool patience; /* none where there are more threads than processors */
    atomic_uint opened;   /* how often a loop was */
} team = {.lock = PTHREAD_MUTEX_INITIALIZER, .news = PTHREAD_COND_INITIALIZER};

static void breathe(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static bool nothing_new(unsigned seen, const loop *l) {
    return atomic_load(&team.opened) == seen && (!l || atomic_load(&l->left));
}

/* Until a loop is opened or `l`, if there is one, is done; or patience ends. */
static void wait_awake(unsigned seen, const loop *l) {
    if (!atomic_load(&team.patience)) return;
    const double end = rad_clock_seconds() + PATIENCE * 1e-9;
    while (nothing_new(seen, l) && rad_clock_seconds() < end)
        for (int i = 0; i < TURNS && nothing_new(seen, l); i++) breathe();
}

static void add_loop(loop *l) {
    l->older = team.newest;
    *(team.newest ? &team.newest->newer : &team.oldest) = l;
    team.newest = l;
}

static void remove_loop(loop *l) {
    *(l->older ? &l->older->newer : &team.oldest) = l->newer;
    *(l->newer ? &l->newer->older : &team.newest) = l->older;
}

/* Runs the next piece of the loop; with the lock, which is open meanwhile. */
static void run_piece(loop *l) {
    const size_t first = l->next, end = l->count - first > l->piece ? first + l->piece : l->count;
    l->next = end;
    pthread_mutex_unlock(&team.lock);
    for (size_t i = first; i < end; i++) l->body(i, l->context);
    pthread_mutex_lock(&team.lock);
    /* the caller, who may see this without the lock, does not leave before it has the lock */
    if (atomic_fetch_sub(&l->left, end - first) == end - first) pthread_cond_broadcast(&team.news);
}

/* The oldest loop from `from` on of which there is something left to take. */
static loop *find_work(loop *from, size_t number) {
    while (from && (from->next == from->count || number >= from->helpers)) from = from->newer;
    return from;
}

static void *help(void *argument) {
    const size_t number = (size_t)(uintptr_t)argument;
    uselocale(rad_number_locale());
    pthread_mutex_lock(&team.lock);
    for (;;) {
        loop *l = find_work(team.oldest, number);
        if (l) {
            run_piece(l);
            continue;
        }
        const unsigned seen = atomic_load(&team.opened);
        pthread_mutex_unlock(&team.lock);
        wait_awake(seen, NULL);
        pthread_mutex_lock(&team.lock);
        while (nothing_new(seen, NULL)) pthread_cond_wait(&team.news, &team.lock);
    }
    return NULL;
}

/* A child of the process has none of the threads: it begins a team of its own. */
static void before_fork(void) {
    pthread_mutex_lock(&team.lock);
}

static void after_fork(void) {
    pthread_mutex_unlock(&team.lock);
}

static void in_child(void) {
    team.news = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
    team.helpers = 0;
    team.oldest = team.newest = NULL; /* loops of threads that are not here */
    pthread_mutex_unlock(&team.lock);
}

static void watch_forks(void) {
    pthread_atfork(before_fork, after_fork, in_child);
}

/* A thread that takes no signal but those of its own faults: who holds signals back, as around the two names
 * of a file, holds them back for all. */
static bool start_helper(const pthread_attr_t *detached, size_t number) {
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
    pthread_t thread;
    sigset_t held, before;
    sigfillset(&held);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) sigdelset(&held, faults[i]);
    pthread_sigmask(SIG_SETMASK, &held, &before);
    const bool starts = !pthread_create(&thread, detached, help, (void *)(uintptr_t)number); // NOLINT
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return starts;
}

/* As many as the loop may have, or as the system gives. */
static void find_helpers(size_t wanted) {
    pthread_attr_t detached;
    if (team.helpers >= wanted || pthread_attr_init(&detached)) return;
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    while (team.helpers < wanted && team.helpers < HELPERS_MAX && start_helper(&detached, team.helpers))
        team.helpers++;
    team.patience = team.helpers < (size_t)rad_parallel_processors();
    pthread_attr_destroy(&detached);
}

/* Pieces of the loop, and while others are at its last ones, pieces of loops that are newer: those are what
 * the others may be waiting for. */
static void run_pieces(loop *l) {
    while (l->next < l->count) run_piece(l);
    while (atomic_load(&l->left)) {
        loop *inner = find_work(l->newer, 0);
        if (inner) {
            run_piece(inner);
            continue;
        }
        const unsigned seen = atomic_load(&team.opened);
        pthread_mutex_unlock(&team.lock);
        wait_awake(seen, l);
        pthread_mutex_lock(&team.lock);
        if (nothing_new(seen, l)) pthread_cond_wait(&team.news, &team.lock);
    }
}

void rad_parallel_for(size_t count, int threads, rad_body *body, void *context) {
    if (threads <= 1 || count <= 1) {
        for (size_t i = 0; i < count; i++) body(i, context);
        return;
    }
    const size_t pieces = PIECES * (size_t)threads;
    loop l = {.count = count,
              .piece = count > pieces ? count / pieces : 1,
              .helpers = (size_t)threads - 1,
              .body = body,
              .context = context};
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch_forks);
    atomic_init(&l.left, count);
    pthread_mutex_lock(&team.lock);
    find_helpers(l.helpers);
    add_loop(&l);
    atomic_fetch_add(&team.opened, 1);
    pthread_cond_broadcast(&team.news);
    run_pieces(&l);
    remove_loop(&l);
    pthread_mutex_unlock(&team.lock);
}

typedef struct attempts {
    rad_attempt *body;
    void *context;
    pthread_mutex_t lock;
    atomic_size_t failed; /* the lowest index so far */
    rad_status status;
    rad_error *error; /* the caller's, may be NULL */
} attempts;

static void try_one(size_t index, void *context) {
    attempts *a = context;
    rad_error error;
    if (atomic_load(&a->failed) < index) return;
    error.status = RAD_OK;
    error.text[0] = '\0';
    const rad_status status = a->body(index, a->context, &error);
    if (status == RAD_OK) return;
    pthread_mutex_lock(&a->lock);
    if (index < atomic_load(&a->failed)) {
        atomic_store(&a->failed, index);
        a->status = status;
        if (a->error) memcpy(a->error, &error, sizeof error);
    }
    pthread_mutex_unlock(&a->lock);
}

rad_status rad_parallel_try(size_t count, int threads, rad_attempt *body, void *context, rad_error *error) {
    attempts a = {.body = body, .context = context, .lock = PTHREAD_MUTEX_INITIALIZER, .error = error};
    atomic_init(&a.failed, SIZE_MAX);
    rad_parallel_for(count, threads, try_one, &a);
    return a.status;
}

static int count_processors(void) {
    cpu_set_t mine; /* too small on machines of more than 1024 processors */
    if (!sched_getaffinity(0, sizeof mine, &mine) && CPU_COUNT(&mine)) return CPU_COUNT(&mine);
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 1 && online <= HELPERS_MAX ? (int)online : online > 1 ? HELPERS_MAX : 1;
}

/* A whole number above 0 in the environment; 0: there is none. */
static long number_of(const char *name) {
    const char *text = getenv(name);
    char *end = NULL;
    const long value = text ? strtol(text, &end, 10) : 0;
    return text && end != text && (!*end || *end == ',') && value > 0 ? value
                                                                      : 0; /* OMP_NUM_THREADS: a list */
}

static int allowed;

static void find_allowed(void) {
    const long bounds[] = {(long)rad_quota_processors(""), number_of("OMP_NUM_THREADS"),
                           number_of("SLURM_CPUS_PER_TASK")};
    allowed = count_processors();
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++)
        if (bounds[i] > 0 && bounds[i] < allowed) allowed = (int)bounds[i];
}

int rad_parallel_processors(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, find_allowed);
    return allowed;
}
