#include "simd.h"

#include <stdatomic.h>

static atomic_bool portable_only;

bool rad_simd_wide(void) {
#if defined(__x86_64__)
    return !atomic_load_explicit(&portable_only, memory_order_relaxed) && __builtin_cpu_supports("avx2");
#else
    return false;
#endif
}

void rad_simd_allow(bool wide) {
    atomic_store(&portable_only, !wide);
}

const char *rad_simd_name(void) {
    return rad_simd_wide() ? "avx2" : "portable";
}
