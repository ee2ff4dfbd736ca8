#include "fft_four.h"

#include "memory.h"
#include "simd.h"

#include <math.h>

enum { LANES = RAD_FFT_LANES };

/* Stockham's algorithm: a stage of radix r takes values r apart in time, n / r at a time, and leaves its
 * results in the order that the next stage and, after the last one, the caller wants. `groups` butterflies
 * differ by what they are turned by; `step` doubles lie between the values of one. */
typedef struct stage {
    size_t groups, step;
    size_t in_plane, out_plane; /* from real to imaginary parts */
    const double *turns;        /* [group][1..radix - 1], cosine and sine */
} stage;

/* Result k of a butterfly, turned; of the last stage nothing is turned. */
#define PUT(k, real, imaginary)                                                                              \
    do {                                                                                                     \
        const double re = (real), im = (imaginary);                                                          \
        to[(k)*step + l] = last ? re : re * w[2 * (k)-2] - im * w[2 * (k)-1];                                \
        to[(k)*step + l + out_plane] = last ? im : re * w[2 * (k)-1] + im * w[2 * (k)-2];                    \
    } while (0)
#define PUT_FIRST(real, imaginary)                                                                           \
    do {                                                                                                     \
        to[l] = real;                                                                                        \
        to[l + out_plane] = imaginary;                                                                       \
    } while (0)
#define RE(j) from[(j)*jump + l]
#define IM(j) from[(j)*jump + l + in_plane]

/* Four lines at a time, a number that compilers know. */
#define EACH_LINE                                                                                            \
    for (const double *end = from + step; from < end; from += LANES, to += LANES)                            \
    _Pragma("omp simd") for (size_t l = 0; l < LANES; l++)

/* What the loops of all radices begin with. */
#define GROUP(radix)                                                                                         \
    const size_t step = t->step, jump = t->groups * step, in_plane = t->in_plane, out_plane = t->out_plane;  \
    const double *from = in + g * step, *w = t->turns + g * 2 * ((radix)-1);                                 \
    double *to = out + g * (radix)*step

RAD_KERNEL_LOOP void group_2(const double *in, const stage *t, size_t g, bool last, double *restrict out) {
    GROUP(2);
    EACH_LINE {
        const double ar = RE(0), ai = IM(0), br = RE(1), bi = IM(1);
        PUT_FIRST(ar + br, ai + bi);
        PUT(1, ar - br, ai - bi);
    }
}

RAD_KERNEL_LOOP void group_3(const double *in, const stage *t, size_t g, bool last, double *restrict out) {
    static const double s = 0.86602540378443864676;
    GROUP(3);
    EACH_LINE {
        const double ar = RE(0), ai = IM(0), tr = RE(1) + RE(2), ti = IM(1) + IM(2);
        const double dr = s * (RE(1) - RE(2)), di = s * (IM(1) - IM(2));
        const double cr = ar - 0.5 * tr, ci = ai - 0.5 * ti;
        PUT_FIRST(ar + tr, ai + ti);
        PUT(1, cr + di, ci - dr);
        PUT(2, cr - di, ci + dr);
    }
}

RAD_KERNEL_LOOP void group_4(const double *in, const stage *t, size_t g, bool last, double *restrict out) {
    GROUP(4);
    EACH_LINE {
        const double ar = RE(0) + RE(2), ai = IM(0) + IM(2), br = RE(0) - RE(2), bi = IM(0) - IM(2);
        const double cr = RE(1) + RE(3), ci = IM(1) + IM(3), dr = RE(1) - RE(3), di = IM(1) - IM(3);
        PUT_FIRST(ar + cr, ai + ci);
        PUT(1, br + di, bi - dr);
        PUT(2, ar - cr, ai - ci);
        PUT(3, br - di, bi + dr);
    }
}

/* The same where the second half of a line is zero. */
RAD_KERNEL_LOOP void group_half(const double *in, const stage *t, size_t g, bool last, double *restrict out) {
    GROUP(4);
    EACH_LINE {
        const double ar = RE(0), ai = IM(0), cr = RE(1), ci = IM(1);
        PUT_FIRST(ar + cr, ai + ci);
        PUT(1, ar + ci, ai - cr);
        PUT(2, ar - cr, ai - ci);
        PUT(3, ar - ci, ai + cr);
    }
}

RAD_KERNEL_LOOP void group_5(const double *in, const stage *t, size_t g, bool last, double *restrict out) {
    static const double c1 = 0.30901699437494742410, c2 = -0.80901699437494742410,
                        s1 = 0.95105651629515357212, s2 = 0.58778525229247312917;
    GROUP(5);
    EACH_LINE {
        const double ar = RE(0), ai = IM(0), pr = RE(1) + RE(4), pi = IM(1) + IM(4), qr = RE(2) + RE(3),
                     qi = IM(2) + IM(3);
        const double dr = RE(1) - RE(4), di = IM(1) - IM(4), er = RE(2) - RE(3), ei = IM(2) - IM(3);
        const double ur = ar + c1 * pr + c2 * qr, ui = ai + c1 * pi + c2 * qi, vr = ar + c2 * pr + c1 * qr,
                     vi = ai + c2 * pi + c1 * qi;
        const double fr = s1 * dr + s2 * er, fi = s1 * di + s2 * ei, hr = s2 * dr - s1 * er,
                     hi = s2 * di - s1 * ei;
        PUT_FIRST(ar + pr + qr, ai + pi + qi);
        PUT(1, ur + fi, ui - fr);
        PUT(2, vr + hi, vi - hr);
        PUT(3, vr - hi, vi + hr);
        PUT(4, ur - fi, ui + fr);
    }
}

RAD_KERNEL_LOOP void group_7(const double *in, const stage *t, size_t g, bool last, double *restrict out) {
    static const double c1 = 0.62348980185873353053, c2 = -0.22252093395631440429,
                        c3 = -0.90096886790241912624, s1 = 0.78183148246802980871,
                        s2 = 0.97492791218182360702, s3 = 0.43388373911755812048;
    GROUP(7);
    EACH_LINE {
        const double ar = RE(0), ai = IM(0);
        const double pr = RE(1) + RE(6), pi = IM(1) + IM(6), qr = RE(2) + RE(5), qi = IM(2) + IM(5),
                     rr = RE(3) + RE(4), ri = IM(3) + IM(4);
        const double dr = RE(1) - RE(6), di = IM(1) - IM(6), er = RE(2) - RE(5), ei = IM(2) - IM(5),
                     fr = RE(3) - RE(4), fi = IM(3) - IM(4);
        const double ur = ar + c1 * pr + c2 * qr + c3 * rr, ui = ai + c1 * pi + c2 * qi + c3 * ri,
                     vr = ar + c2 * pr + c3 * qr + c1 * rr, vi = ai + c2 * pi + c3 * qi + c1 * ri,
                     xr = ar + c3 * pr + c1 * qr + c2 * rr, xi = ai + c3 * pi + c1 * qi + c2 * ri;
        const double kr = s1 * dr + s2 * er + s3 * fr, ki = s1 * di + s2 * ei + s3 * fi,
                     lr = s2 * dr - s3 * er - s1 * fr, li = s2 * di - s3 * ei - s1 * fi,
                     mr = s3 * dr - s1 * er + s2 * fr, mi = s3 * di - s1 * ei + s2 * fi;
        PUT_FIRST(ar + pr + qr + rr, ai + pi + qi + ri);
        PUT(1, ur + ki, ui - kr);
        PUT(2, vr + li, vi - lr);
        PUT(3, xr + mi, xi - mr);
        PUT(4, xr - mi, xi + mr);
        PUT(5, vr - li, vi + lr);
        PUT(6, ur - ki, ui + kr);
    }
}

/* Two butterflies of four, of the even and of the odd values, the latter turned by eighths. */
RAD_KERNEL_LOOP void group_8(const double *in, const stage *t, size_t g, bool last, double *restrict out) {
    static const double h = 0.70710678118654752440;
    GROUP(8);
    EACH_LINE {
        const double ar = RE(0) + RE(4), ai = IM(0) + IM(4), br = RE(0) - RE(4), bi = IM(0) - IM(4);
        const double cr = RE(2) + RE(6), ci = IM(2) + IM(6), dr = RE(2) - RE(6), di = IM(2) - IM(6);
        const double er = RE(1) + RE(5), ei = IM(1) + IM(5), fr = RE(1) - RE(5), fi = IM(1) - IM(5);
        const double kr = RE(3) + RE(7), ki = IM(3) + IM(7), mr = RE(3) - RE(7), mi = IM(3) - IM(7);
        const double pr = ar + cr, pi = ai + ci, qr = er + kr, qi = ei + ki;
        PUT_FIRST(pr + qr, pi + qi);
        PUT(4, pr - qr, pi - qi);
        const double rr = ar - cr, ri = ai - ci, sr = er - kr, si = ei - ki;
        PUT(2, rr + si, ri - sr);
        PUT(6, rr - si, ri + sr);
        const double ur = br + di, ui = bi - dr, vr = fr + mi, vi = fi - mr;
        const double xr = h * (vr + vi), xi = h * (vi - vr);
        PUT(1, ur + xr, ui + xi);
        PUT(5, ur - xr, ui - xi);
        const double wr = br - di, wi = bi + dr, zr = fr - mi, zi = fi + mr;
        const double nr = h * (zi - zr), ni = h * (-zr - zi);
        PUT(3, wr + nr, wi + ni);
        PUT(7, wr - nr, wi - ni);
    }
}

#define STAGE(name)                                                                                          \
    RAD_KERNEL_LOOP void run_##name##_loop(const double *in, const stage *t, double *restrict out) {         \
        if (t->groups == 1)                                                                                  \
            group_##name(in, t, 0, true, out);                                                               \
        else                                                                                                 \
            for (size_t g = 0; g < t->groups; g++) group_##name(in, t, g, false, out);                       \
    }                                                                                                        \
    RAD_KERNEL(run_##name, (const double *in, const stage *t, double *restrict out), (in, t, out))
STAGE(2)
STAGE(3)
STAGE(4)
STAGE(half)
STAGE(5)
STAGE(7)
STAGE(8)

typedef void run_stage(const double *in, const stage *t, double *restrict out);
static run_stage *const stages[] = {
    [2] = run_2, [3] = run_3, [4] = run_4, [5] = run_5, [7] = run_7, [8] = run_8};

size_t rad_fft_four_size(size_t n) {
    for (n = n > 4 ? (n + 3) / 4 * 4 : 4;; n += 4) {
        size_t left = n;
        for (size_t prime = 2; prime <= 7; prime++)
            while (left % prime == 0) left /= prime;
        if (left == 1) return n;
    }
}

/* Another stage, of what is left of the length; returns what is left then. */
static size_t add_stage(rad_fft_four *plan, size_t left, size_t radix, double **turns) {
    static const double pi = 3.14159265358979323846;
    plan->radix[plan->stages++] = radix;
    for (size_t g = 0; g < left / radix; g++)
        for (size_t k = 1; k < radix; k++) {
            const double angle = 2 * pi * (double)(g * k) / (double)left;
            *(*turns)++ = cos(angle);
            *(*turns)++ = -sin(angle);
        }
    return left / radix;
}

rad_status rad_fft_four_make(size_t n, rad_fft_four *plan, rad_error *error) {
    static const size_t radices[] = {4, 7, 5, 3, 2};
    *plan = (rad_fft_four){.n = n};
    plan->turns = rad_new(4 * n, sizeof *plan->turns, error); /* n (1 + 1/2 + 1/4 ...) turns at most */
    if (!plan->turns) return RAD_NO_MEMORY;
    double *w = plan->turns;
    size_t left = add_stage(plan, n, 4, &w); /* whose second half may be zero */
    if (left % 8 == 0 && __builtin_ctzll(left) % 2)
        left = add_stage(plan, left, 8, &w); /* no single 2 remains */
    for (size_t i = 0; i < sizeof radices / sizeof radices[0]; i++)
        while (left % radices[i] == 0 && left > 1) left = add_stage(plan, left, radices[i], &w);
    return RAD_OK;
}

void rad_fft_four_run(const rad_fft_four *plan, const double *in, size_t in_plane, bool half,
                      double *const buffer[2]) {
    const size_t plane = plan->n * LANES;
    stage t = {plan->n, LANES, in_plane, plane, plan->turns};
    for (size_t i = 0; i < plan->stages; i++) {
        const size_t r = plan->radix[i];
        double *out = buffer[(plan->stages - 1 - i) % 2];
        t.groups /= r;
        (half && !i ? run_half : stages[r])(in, &t, out);
        t.turns += t.groups * 2 * (r - 1);
        t.step *= r;
        t.in_plane = plane;
        in = out;
    }
}

void rad_fft_four_free(rad_fft_four *plan) {
    rad_free(plan->turns);
    *plan = (rad_fft_four){.n = 0};
}
