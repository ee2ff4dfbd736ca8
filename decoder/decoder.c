/* radiomill-decoder: decodes compressed frames for one process that started it, and can do nothing else. */
#include "cage.h"
#include "codec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

static bool receive(void *bytes, size_t length) {
    for (size_t got = 0; got < length;) {
        const ssize_t n = read(RAD_DECODER_SOCKET, (char *)bytes + got, length - got);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        got += (size_t)n;
    }
    return true;
}

static bool answer(const void *bytes, size_t length) {
    return write(RAD_DECODER_SOCKET, bytes, length) == (ssize_t)length;
}

/* The memory that both sides see; it grows with the frames. */
static unsigned char *map(size_t size) {
    static void *memory;
    static size_t mapped;
    if (size <= mapped) return memory;
    if (memory) munmap(memory, mapped);
    mapped = size;
    memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, RAD_DECODER_MEMORY, 0);
    if (memory == MAP_FAILED) memory = NULL;
    if (!memory) mapped = 0;
    return memory;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "radiomill-decoder: radiomill starts this program by itself\n");
        return 2;
    }
    prctl(PR_SET_NAME, "radiomill-decod");
    unsetenv("OPJ_NUM_THREADS");
    setvbuf(stdout, NULL, _IONBF, 0);
    rad_cage_limit(strtoull(argv[1], NULL, 10), rad_codec_start);
    rad_codec_prepare();
    const rad_decoder_ready ready = {RAD_DECODER_PROTOCOL, rad_cage_enter()};
    bool alive = answer(&ready, sizeof ready);
    rad_frame_job job;
    while (alive && receive(&job, sizeof job)) {
        unsigned char *memory = map(job.size);
        rad_decoded how = RAD_DECODED_NO_MEMORY;
        if (memory) how = rad_codec_decode(&job.format, memory + job.coded_at, job.length, memory);
        alive = answer(&how, sizeof how);
    }
    _exit(0);
}
