#include "memory.h"

#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

bool rad_multiply(size_t a, size_t b, size_t *product) {
    if (b && a > SIZE_MAX / b) return false;
    *product = a * b;
    return true;
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
enum { POOLED = 0 }; /* the sanitizer sees the bounds of every block */
#else
enum { POOLED = 1 };
#endif
enum { LARGE = 1 << 20, PAGE = 1 << 21, BLOCKS_MAX = 256 };

typedef struct block {
    void *memory; /* on a PAGE boundary */
    size_t size;  /* whole PAGEs */
    bool used;
} block;

static struct {
    pthread_mutex_t lock;
    block blocks[BLOCKS_MAX];
    size_t count, idle; /* blocks; bytes in those that are not used */
    size_t most;        /* bytes that may lie idle */
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER, .most = (size_t)1 << 30};

/* The smallest idle block that is large enough. */
static block *find_idle(size_t size) {
    block *best = NULL;
    for (size_t i = 0; i < pool.count; i++) {
        block *b = &pool.blocks[i];
        if (!b->used && b->size >= size && (!best || b->size < best->size)) best = b;
    }
    return best;
}

/* What is not needed of an idle block stays idle. */
static block *cut(block *b, size_t size) {
    if (b->size == size || pool.count == BLOCKS_MAX) return b;
    b->size -= size;
    pool.blocks[pool.count] = (block){(char *)b->memory + b->size, size, false};
    return &pool.blocks[pool.count++];
}

/* Idle blocks side by side become one. */
static void join_idle(block *b) {
    for (size_t i = 0; i < pool.count; i++) {
        block *a = &pool.blocks[i];
        const bool before = (char *)a->memory + a->size == (char *)b->memory,
                   after = (char *)b->memory + b->size == (char *)a->memory;
        if (a->used || !(before || after)) continue;
        if (before) b->memory = a->memory;
        b->size += a->size;
        *a = pool.blocks[--pool.count];
        join_idle(b == &pool.blocks[pool.count] ? a : b);
        return;
    }
}

static void forget(block *b) {
    munmap(b->memory, b->size);
    *b = pool.blocks[--pool.count];
}

/* Maps more than is needed and cuts it to a PAGE boundary. */
static void *map_pages(size_t size) {
    if (size > SIZE_MAX - PAGE) return NULL;
    char *raw = mmap(NULL, size + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (raw == MAP_FAILED) return NULL;
    const size_t before = (PAGE - (uintptr_t)raw % PAGE) % PAGE;
    if (before) munmap(raw, before);
    munmap(raw + before + size, PAGE - before);
    madvise(raw + before, size, MADV_HUGEPAGE); /* advice: nothing is lost without it */
    return raw + before;
}

/* Moves pages, one at a time since each may have come from elsewhere, over those at `to`. Where the system
 * fails at a page nobody can say whose its place is now: it is left alone, and the others go. */
static bool move_pages(char *from, size_t size, char *to, size_t room) {
    for (size_t at = 0; at < size; at += PAGE) {
        if (mremap(from + at, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to + at) != MAP_FAILED) continue;
        munmap(from + at, size - at);
        if (at) munmap(to, at);
        if (room > at + PAGE) munmap(to + at + PAGE, room - at - PAGE);
        return false;
    }
    return true;
}

static block *largest_idle(void) {
    block *best = NULL;
    for (size_t i = 0; i < pool.count; i++)
        if (!pool.blocks[i].used && (!best || pool.blocks[i].size > best->size)) best = &pool.blocks[i];
    return best;
}

/* A block of a new size, of the pages of idle ones as far as they go: the system clears a page before it
 * gives it, which takes longer than most of what is done with it. */
static void *gather_pages(size_t size, bool *fresh) {
    char *memory = map_pages(size);
    size_t have = 0;
    for (block *b; memory && have < size && (b = largest_idle());) {
        const size_t taken = b->size < size - have ? b->size : size - have;
        *fresh = false;
        b->size -= taken;
        pool.idle -= taken;
        char *from = (char *)b->memory + b->size;
        if (!b->size) *b = pool.blocks[--pool.count];
        if (!move_pages(from, taken, memory + have, size - have)) {
            if (have) munmap(memory, have);
            memory = NULL;
        }
        have += taken;
    }
    return memory;
}

/* A child that is forked while another thread is in the pool finds it open, and whole. */
static void before_fork(void) {
    pthread_mutex_lock(&pool.lock);
}

static void after_fork(void) {
    pthread_mutex_unlock(&pool.lock);
}

static void watch_forks(void) {
    pthread_atfork(before_fork, after_fork, after_fork);
}

/* NULL when the pool is full or memory is short; *fresh says whether the block is zero already. */
static void *find_block(size_t bytes, bool *fresh) {
    const size_t size = (bytes + PAGE - 1) / PAGE * PAGE;
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch_forks);
    pthread_mutex_lock(&pool.lock);
    block *b = find_idle(size);
    *fresh = !b;
    if (b) {
        b = cut(b, size);
        pool.idle -= b->size;
        b->used = true;
    } else if (pool.count < BLOCKS_MAX) {
        void *memory = gather_pages(size, fresh);
        if (memory) {
            b = &pool.blocks[pool.count++];
            *b = (block){memory, size, true};
        }
    }
    void *memory = b ? b->memory : NULL;
    pthread_mutex_unlock(&pool.lock);
    return memory;
}

/* False when the memory is none of the pool's blocks. */
static bool return_block(void *memory) {
    bool found = false;
    pthread_mutex_lock(&pool.lock);
    for (size_t i = 0; i < pool.count && !found; i++) {
        block *b = &pool.blocks[i];
        if (b->memory != memory) continue;
        found = true;
        b->used = false;
        if (pool.idle + b->size > pool.most) {
            forget(b);
        } else {
            pool.idle += b->size;
            join_idle(b);
        }
    }
    pthread_mutex_unlock(&pool.lock);
    return found;
}

/* Blocks of the heap, from MIDDLE to LARGE, that were released: malloc gives their pages back, and the system
 * would clear them for the next image. */
enum { MIDDLE = 1 << 16, SHELF = 32 };
static const size_t SHELF_BYTES = (size_t)4 << 20;

static struct {
    void *memory[SHELF];
    size_t count, bytes;
} shelf; /* with the lock of the pool */

static void *leave_shelf(size_t i) {
    void *memory = shelf.memory[i];
    shelf.bytes -= malloc_usable_size(memory);
    shelf.memory[i] = shelf.memory[--shelf.count];
    return memory;
}

/* One of at most twice the size, or NULL. */
static void *find_on_shelf(size_t bytes) {
    void *memory = NULL;
    size_t best = SHELF, least = 2 * bytes + 1;
    pthread_mutex_lock(&pool.lock);
    for (size_t i = 0; i < shelf.count; i++) {
        const size_t size = malloc_usable_size(shelf.memory[i]);
        if (size < bytes || size >= least) continue;
        least = size;
        best = i;
    }
    if (best < SHELF) memory = leave_shelf(best);
    pthread_mutex_unlock(&pool.lock);
    return memory;
}

static bool put_on_shelf(void *memory) {
    const size_t size = malloc_usable_size(memory);
    if (size < MIDDLE || size >= LARGE) return false;
    pthread_mutex_lock(&pool.lock);
    const bool fits = shelf.count < SHELF && shelf.bytes + size <= SHELF_BYTES && size <= pool.most;
    if (fits) {
        shelf.memory[shelf.count++] = memory;
        shelf.bytes += size;
    }
    pthread_mutex_unlock(&pool.lock);
    return fits;
}

/* Forgets idle blocks while there are more bytes in them than `most`; with the lock. */
static void shrink(size_t most) {
    while (shelf.count && shelf.bytes > most) free(leave_shelf(0));
    for (size_t i = pool.count; i-- > 0 && pool.idle > most;)
        if (!pool.blocks[i].used) {
            pool.idle -= pool.blocks[i].size;
            forget(&pool.blocks[i]);
        }
}

void rad_memory_trim(void) {
    pthread_mutex_lock(&pool.lock);
    shrink(0);
    pthread_mutex_unlock(&pool.lock);
}

void rad_memory_limit(size_t bytes) {
    pthread_mutex_lock(&pool.lock);
    pool.most = bytes;
    shrink(bytes);
    pthread_mutex_unlock(&pool.lock);
}

static void *from_heap(size_t bytes, bool zero) {
    return zero ? calloc(bytes ? bytes : 1, 1) : malloc(bytes ? bytes : 1);
}

static void *take(size_t count, size_t size, bool zero, rad_error *error) {
    size_t bytes = 0;
    void *memory = NULL;
    const bool fits = rad_multiply(count, size, &bytes) && bytes < SIZE_MAX / 2;
    if (fits && POOLED && bytes >= LARGE) {
        bool fresh = false;
        memory = find_block(bytes, &fresh);
        if (memory && zero && !fresh) memset(memory, 0, bytes);
    } else if (fits && POOLED && bytes >= MIDDLE) {
        memory = find_on_shelf(bytes);
        if (memory && zero) memset(memory, 0, bytes);
    }
    if (fits && !memory) memory = from_heap(bytes, zero);
    if (fits && !memory) { /* what lies idle may make room */
        rad_memory_trim();
        memory = from_heap(bytes, zero);
    }
    if (!memory)
        rad_fail(error, RAD_NO_MEMORY, "out of memory: %zu elements of %zu bytes are needed", count, size);
    return memory;
}

void *rad_new(size_t count, size_t size, rad_error *error) {
    return take(count, size, true, error);
}

void *rad_new_raw(size_t count, size_t size, rad_error *error) {
    return take(count, size, false, error);
}

void rad_free(void *memory) {
    if (!memory || (POOLED && !((uintptr_t)memory % PAGE) && return_block(memory))) return;
    if (!POOLED || !put_on_shelf(memory)) free(memory);
}

rad_status rad_grow(void *array, size_t count, size_t *capacity, size_t size, rad_error *error) {
    enum { FIRST = 64 };
    void *old = NULL, *more = NULL;
    size_t twice = FIRST;
    if (count < *capacity) return RAD_OK;
    if (*capacity && !rad_multiply(*capacity, 2, &twice)) twice = SIZE_MAX;
    more = rad_new_raw(twice, size, error);
    if (!more) return RAD_NO_MEMORY;
    memcpy(&old, array, sizeof old);
    if (count) memcpy(more, old, count * size);
    rad_free(old);
    memcpy(array, &more, sizeof more);
    *capacity = twice;
    return RAD_OK;
}

char *rad_text_copy(const char *text, rad_error *error) {
    const size_t length = text ? strlen(text) + 1 : 0;
    char *copy = length ? rad_new_raw(length, 1, error) : NULL;
    if (copy) memcpy(copy, text, length);
    return copy;
}

bool rad_is_zero(const void *bytes, size_t count) {
    const unsigned char *b = bytes;
    return !count || (!b[0] && !memcmp(b, b + 1, count - 1));
}
