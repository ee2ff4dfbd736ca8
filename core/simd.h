/* One loop, several instruction sets, the same bytes.
 *
 * A kernel is an inlined function `name_loop` in plain C, without reductions over floats. RAD_KERNEL compiles
 * it for the baseline of the platform and, on x86-64, once more for AVX2; the function `name` runs what the
 * processor has. No level may contract or reorder an operation (-ffp-contract=off, no -ffast-math), so that
 * all levels give the same bytes; the suite compares them. */
#ifndef RAD_SIMD_H
#define RAD_SIMD_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RAD_KERNEL_LOOP static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define RAD_KERNEL(name, parameters, arguments)                                                              \
    __attribute__((target("avx2"))) static void name##_avx2 parameters {                                     \
        name##_loop arguments;                                                                               \
    }                                                                                                        \
    static void name##_portable parameters {                                                                 \
        name##_loop arguments;                                                                               \
    }                                                                                                        \
    static void name parameters {                                                                            \
        (rad_simd_wide() ? name##_avx2 : name##_portable) arguments;                                         \
    }
#else
#define RAD_KERNEL(name, parameters, arguments)                                                              \
    static void name parameters {                                                                            \
        name##_loop arguments;                                                                               \
    }
#endif

/* Numbers of 16 bits that kernels take at once, from any place; what they take whole blocks of has room for
 * one block more. */
enum { RAD_BLOCK = 16 };
typedef uint16_t rad_block __attribute__((vector_size(2 * RAD_BLOCK), aligned(2), may_alias));

/* Does the processor have more than the baseline, and may kernels use it? */
bool rad_simd_wide(void);

/* false: kernels use the baseline only, whatever the processor has. For tests and comparisons. */
void rad_simd_allow(bool wide);

/* What kernels run: "avx2" or "portable". */
const char *rad_simd_name(void);

#ifdef __cplusplus
}
#endif
#endif
