// The functions of fft.h by KISS FFT, headers of C++ under a BSD licence: make FFT=kissfft. Slower than FFTW,
// and other last bits; nothing that is linked with it need be GPL.
#include "fft.h"

#include "memory.h"

#include <complex>
#include <kissfft/kissfft.hh>
#include <memory>
#include <new>

namespace {

using number = std::complex<double>;

bool has_other_factors(std::size_t n, std::size_t largest) {
    for (std::size_t prime : {2, 3, 5, 7})
        while (prime <= largest && n % prime == 0) n /= prime;
    return n != 1;
}

struct lines_plan {
    std::size_t n, count;
    bool copied; // factors other than 2, 3 and 5 make the library write into its tables: a copy for each run
    kissfft<double> whole, half; // half: of the real transform of an even n
    lines_plan(std::size_t values, std::size_t lines, bool back, bool real)
        : n(values), count(lines), copied(has_other_factors(values, 5)), whole(values, back),
          half(real && values % 2 == 0 ? values / 2 : 1, back) {}
};

rad_status make(std::size_t n, std::size_t count, bool back, bool real, rad_fft_lines *lines,
                rad_error *error) {
    std::size_t doubles = 0;
    lines->plan = nullptr;
    if (!n || !rad_multiply(2 * (n + 2), count, &doubles) || doubles > INT32_MAX)
        return rad_fail(error, RAD_CONFIG,
                        "%zu Fourier transforms of %zu values are more than can be planned", count, n);
    try {
        lines->plan = new lines_plan(n, count, back, real);
    } catch (const std::bad_alloc &) {
        return rad_fail(error, RAD_NO_MEMORY,
                        "out of memory: a plan for %zu Fourier transforms of %zu values", count, n);
    }
    return RAD_OK;
}

// A line of reals: the complex transform of half as many, where there is a half.
void run_real_line(const lines_plan &p, const double *in, number *out, number *room) {
    const std::size_t half = p.n / 2;
    if (p.n % 2 == 0 && half > 0) {
        p.half.transform_real(in, out);
        out[half] = out[0].imag();
        out[0] = out[0].real();
        return;
    }
    for (std::size_t i = 0; i < p.n; i++) room[i] = in[i];
    p.whole.transform(room, room + p.n);
    for (std::size_t i = 0; i <= half; i++) out[i] = room[p.n + i];
}

// The other half of the spectrum is the conjugate of this one.
void run_back_line(const lines_plan &p, const number *in, double *out, number *room) {
    for (std::size_t i = 0; i < p.n; i++) room[i] = i <= p.n / 2 ? in[i] : std::conj(in[p.n - i]);
    p.whole.transform(room, room + p.n);
    for (std::size_t i = 0; i < p.n; i++) out[i] = room[p.n + i].real();
}

void run_complex_line(const lines_plan &p, number *data, number *room) {
    p.whole.transform(data, room);
    for (std::size_t i = 0; i < p.n; i++) data[i] = room[i];
}

template <class F> bool run_lines(const rad_fft_lines *lines, F line) {
    const lines_plan &shared = *static_cast<const lines_plan *>(lines->plan);
    auto *room = static_cast<number *>(rad_new_raw(2 * shared.n, sizeof(number), nullptr));
    if (!room) return false;
    bool fine = true;
    try {
        const std::unique_ptr<lines_plan> own(shared.copied ? new lines_plan(shared) : nullptr);
        for (std::size_t i = 0; i < shared.count; i++) line(own ? *own : shared, i, room);
    } catch (const std::bad_alloc &) {
        fine = false;
    }
    rad_free(room);
    return fine;
}

} // namespace

size_t rad_fft_good_size(size_t n) {
    for (n = n ? n + n % 2 : 2; has_other_factors(n, 7);) n += 2;
    return n;
}

rad_status rad_fft_make_real(size_t n, size_t count, rad_fft_lines *lines, rad_error *error) {
    return make(n, count, false, true, lines, error);
}

rad_status rad_fft_make_back(size_t n, rad_fft_lines *lines, rad_error *error) {
    return make(n, 1, true, false, lines, error);
}

rad_status rad_fft_make_complex(size_t n, size_t count, rad_fft_lines *lines, rad_error *error) {
    return make(n, count, false, false, lines, error);
}

bool rad_fft_run_real(const rad_fft_lines *lines, double *in, double *out) {
    auto *to = reinterpret_cast<number *>(out);
    return run_lines(lines, [=](const lines_plan &p, std::size_t i, number *room) {
        run_real_line(p, in + i * p.n, to + i * (p.n / 2 + 1), room);
    });
}

bool rad_fft_run_back(const rad_fft_lines *lines, double *in, double *out) {
    const auto *from = reinterpret_cast<const number *>(in);
    return run_lines(lines, [=](const lines_plan &p, std::size_t i, number *room) {
        run_back_line(p, from + i * (p.n / 2 + 1), out + i * p.n, room);
    });
}

bool rad_fft_run_complex(const rad_fft_lines *lines, double *data) {
    auto *all = reinterpret_cast<number *>(data);
    return run_lines(lines, [=](const lines_plan &p, std::size_t i, number *room) {
        run_complex_line(p, all + i * p.n, room);
    });
}

void rad_fft_free(rad_fft_lines *lines) {
    delete static_cast<lines_plan *>(lines->plan);
    lines->plan = nullptr;
}

const char *rad_fft_library(void) {
    return "KISS FFT";
}
