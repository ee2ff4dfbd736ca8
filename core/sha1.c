#include "sha1.h"

#include <stdio.h>
#include <string.h>

void rad_sha1_begin(rad_sha1 *sha) {
    *sha = (rad_sha1){.state = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0}};
}

static uint32_t turn(uint32_t x, unsigned by) {
    return x << by | x >> (32 - by);
}

/* f and K of a round. */
static uint32_t mix(unsigned round, uint32_t b, uint32_t c, uint32_t d) {
    if (round < 20) return ((b & c) | (~b & d)) + 0x5A827999;
    if (round < 40) return (b ^ c ^ d) + 0x6ED9EBA1;
    if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC;
    return (b ^ c ^ d) + 0xCA62C1D6;
}

static void take_block(uint32_t state[5], const unsigned char *block) {
    uint32_t w[80], s[5];
    for (unsigned t = 0; t < 16; t++)
        w[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 |
               (uint32_t)block[4 * t + 2] << 8 | (uint32_t)block[4 * t + 3];
    for (unsigned t = 16; t < 80; t++) w[t] = turn(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    memcpy(s, state, sizeof s);
    for (unsigned t = 0; t < 80; t++) {
        const uint32_t next = turn(s[0], 5) + mix(t, s[1], s[2], s[3]) + s[4] + w[t];
        s[4] = s[3];
        s[3] = s[2];
        s[2] = turn(s[1], 30);
        s[1] = s[0];
        s[0] = next;
    }
    for (unsigned i = 0; i < 5; i++) state[i] += s[i];
}

void rad_sha1_add(rad_sha1 *sha, const void *bytes, size_t length) {
    const unsigned char *from = bytes;
    while (length) {
        const size_t used = sha->bytes % 64, room = 64 - used, some = length < room ? length : room;
        const unsigned char *block = from;
        if (some < 64) {
            memcpy(sha->block + used, from, some);
            block = sha->block;
        }
        sha->bytes += some;
        if (used + some == 64) take_block(sha->state, block);
        from += some;
        length -= some;
    }
}

void rad_sha1_end(rad_sha1 *sha, char text[RAD_SHA1_TEXT]) {
    const uint64_t bits = sha->bytes * 8;
    const size_t used = sha->bytes % 64;
    unsigned char tail[72] = {0x80};
    const size_t fill = (used < 56 ? 56 : 120) - used;
    for (unsigned i = 0; i < 8; i++) tail[fill + i] = (unsigned char)(bits >> (56 - 8 * i));
    rad_sha1_add(sha, tail, fill + 8);
    for (unsigned i = 0; i < 5; i++) snprintf(text + 8 * i, 9, "%08x", (unsigned)sha->state[i]);
}
