#include "exact_spline.h"

#include "interpolate.h"
#include "parallel.h"

#include <math.h>

/* Lines that lie side by side go through the filter together. */
enum { STRIP = 64 };

typedef struct job {
    double *data, pole;
    rad_spline_of whose;
    size_t length, inner, strips; /* of a line; lines side by side */
} job;

/* What the mirrored signal leaves before the first sample of a line. */
static void start_scipy(double *c, size_t n, size_t stride, double pole) {
    const double last = pow(pole, (double)n - 1);
    double power = pole;
    c[0] = c[0] + last * c[(n - 1) * stride];
    for (size_t i = 1; i + 1 < n; i++) {
        c[0] += power * (c[i * stride] + last * c[(n - 1 - i) * stride]);
        power *= pole;
    }
    c[0] /= 1 - last * last;
}

static void start_itk(double *c, size_t n, size_t stride, double pole) {
    const size_t horizon = (size_t)ceil(log(1e-10) / log(fabs(pole)));
    double power = pole, sum = c[0];
    if (horizon < n) {
        for (size_t i = 1; i < horizon; i++) {
            sum += power * c[i * stride];
            power *= pole;
        }
        c[0] = sum;
        return;
    }
    const double back = 1 / pole;
    double mirrored = pow(pole, (double)n - 1);
    sum += mirrored * c[(n - 1) * stride];
    mirrored *= mirrored * back;
    for (size_t i = 1; i + 1 < n; i++) {
        sum += (power + mirrored) * c[i * stride];
        power *= pole;
        mirrored *= back;
    }
    c[0] = sum / (1 - power * power);
}

static void end_lines(const job *j, double *last, size_t width) {
    const double z = j->pole;
    for (size_t k = 0; k < width; k++) {
        const double sum = z * *(last + k - j->inner) + last[k];
        last[k] = j->whose == RAD_SPLINE_ITK ? z / (z * z - 1) * sum : sum * z / (z * z - 1);
    }
}

static void filter_strip(size_t index, void *context) {
    const job *j = context;
    const size_t first = index % j->strips * STRIP, left = j->inner - first, n = j->length, stride = j->inner,
                 width = left < STRIP ? left : STRIP;
    double *c = j->data + index / j->strips * n * stride + first;
    const double z = j->pole, gain = (1 - z) * (1 - 1 / z);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < width; k++) c[i * stride + k] *= gain;
    for (size_t k = 0; k < width; k++)
        (j->whose == RAD_SPLINE_ITK ? start_itk : start_scipy)(c + k, n, stride, z);
    for (size_t i = 1; i < n; i++)
        for (size_t k = 0; k < width; k++) c[i * stride + k] += z * c[(i - 1) * stride + k];
    end_lines(j, c + (n - 1) * stride, width);
    for (size_t i = n - 1; i-- > 0;)
        for (size_t k = 0; k < width; k++)
            c[i * stride + k] = z * (c[(i + 1) * stride + k] - c[i * stride + k]);
}

void rad_exact_spline_filter(double *data, const size_t size[3], rad_spline_of whose, int threads) {
    for (int turn = 0; turn < 3; turn++) {
        const int axis = whose == RAD_SPLINE_ITK ? turn : 2 - turn;
        /* ITK's pole is the rounded root of 3 less 2; SciPy's is what that rounds to */
        job j = {.data = data,
                 .pole = whose == RAD_SPLINE_ITK ? sqrt(3) - 2 : -0.267949192431122706472553658494127633,
                 .whose = whose,
                 .length = size[axis],
                 .inner = 1};
        size_t outer = 1;
        for (int a = 0; a < axis; a++) j.inner *= size[a];
        for (int a = axis + 1; a < 3; a++) outer *= size[a];
        j.strips = (j.inner + STRIP - 1) / STRIP;
        if (j.length > 1) rad_parallel_for(outer * j.strips, threads, filter_strip, &j);
    }
}

double rad_exact_spline_scipy(const double *coefficients, const size_t size[3], const double at[3]) {
    size_t index[3][4];
    double weight[3][4], sum = 0;
    for (int a = 0; a < 3; a++) {
        if (at[a] < 0 || at[a] > (double)size[a] - 1) return 0;
        const double i = floor(at[a]), f = at[a] - i, g = 1 - f;
        double *w = weight[a];
        w[0] = g * g * g / 6;
        w[1] = (f * f * (f - 2) * 3 + 4) / 6;
        w[2] = (g * g * (g - 2) * 3 + 4) / 6;
        w[3] = 1 - w[0] - w[1] - w[2];
        for (int k = 0; k < 4; k++) index[a][k] = rad_mirror((ptrdiff_t)i - 1 + k, size[a]);
    }
    for (int z = 0; z < 4; z++)
        for (int y = 0; y < 4; y++) {
            const double *row = coefficients + (index[2][z] * size[1] + index[1][y]) * size[0];
            for (int x = 0; x < 4; x++) sum += row[index[0][x]] * weight[2][z] * weight[1][y] * weight[0][x];
        }
    return sum;
}
