#include "svd3.h"

#include <math.h>
#include <string.h>

enum { N = 3, ROTATIONS_MAX = 90 };

/* Columns: x[j][i] is row i of column j. s: the diagonal, e: what stands above it. */
typedef struct svd {
    double x[N][N], u[N][N], v[N][N], s[N], e[N];
} svd;

static double dot(const double *a, const double *b, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) sum += a[i] * b[i];
    return sum;
}

static void add(double factor, const double *from, double *to, int count) {
    for (int i = 0; i < count; i++) to[i] += factor * from[i];
}

static void scale(double factor, double *x, int count) {
    for (int i = 0; i < count; i++) x[i] *= factor;
}

static double norm(const double *x, int count) {
    double largest = 0, sum = 1;
    if (count == 1) return fabs(x[0]);
    for (int i = 0; i < count; i++) {
        const double t = fabs(x[i]);
        if (t == 0) continue;
        if (largest < t) {
            sum = 1 + sum * ((largest / t) * (largest / t));
            largest = t;
        } else
            sum += (t / largest) * (t / largest);
    }
    return largest * sqrt(sum);
}

/* Makes x a Householder vector; returns what the first element becomes. */
static double reflect(double *x, int count) {
    double length = norm(x, count);
    if (length == 0) return -length;
    if (x[0] != 0) length = copysign(length, x[0]);
    scale(1 / length, x, count);
    x[0] += 1;
    return -length;
}

/* Column l of U below the diagonal, then row l of V right of the one above it. */
static void bidiagonal(svd *d) {
    for (int l = 0; l < N - 1; l++) {
        d->s[l] = reflect(d->x[l] + l, N - l);
        for (int j = l + 1; j < N; j++) {
            if (d->s[l] != 0)
                add(-dot(d->x[l] + l, d->x[j] + l, N - l) / d->x[l][l], d->x[l] + l, d->x[j] + l, N - l);
            d->e[j] = d->x[j][l];
        }
        memcpy(d->u[l] + l, d->x[l] + l, (size_t)(N - l) * sizeof(double));
        if (l > 0) continue;
        double work[N] = {0};
        d->e[0] = reflect(d->e + 1, N - 1);
        if (d->e[0] != 0) {
            for (int j = 1; j < N; j++) add(d->e[j], d->x[j] + 1, work + 1, N - 1);
            for (int j = 1; j < N; j++) add(-d->e[j] / d->e[1], work + 1, d->x[j] + 1, N - 1);
        }
        memcpy(d->v[0] + 1, d->e + 1, (N - 1) * sizeof(double));
    }
    d->s[N - 1] = d->x[N - 1][N - 1];
    d->e[N - 2] = d->x[N - 1][N - 2];
    d->e[N - 1] = 0;
}

static void unit(double column[N], int l) {
    for (int i = 0; i < N; i++) column[i] = i == l;
}

/* The reflections multiplied out. */
static void generate(svd *d) {
    unit(d->u[N - 1], N - 1);
    for (int l = N - 2; l >= 0; l--) {
        if (d->s[l] == 0) {
            unit(d->u[l], l);
            continue;
        }
        for (int j = l + 1; j < N; j++)
            add(-dot(d->u[l] + l, d->u[j] + l, N - l) / d->u[l][l], d->u[l] + l, d->u[j] + l, N - l);
        scale(-1, d->u[l] + l, N - l);
        d->u[l][l] += 1;
        for (int i = 0; i < l; i++) d->u[l][i] = 0;
    }
    for (int l = N - 1; l >= 0; l--) {
        if (l == 0 && d->e[0] != 0)
            for (int j = 1; j < N; j++)
                add(-dot(d->v[0] + 1, d->v[j] + 1, N - 1) / d->v[0][1], d->v[0] + 1, d->v[j] + 1, N - 1);
        unit(d->v[l], l);
    }
}

/* A rotation that takes b into a. */
typedef struct rotation {
    double cosine, sine;
} rotation;

static rotation rotate(double *a, double b) {
    const double larger = fabs(*a) > fabs(b) ? *a : b, sum = fabs(*a) + fabs(b);
    if (sum == 0) return (rotation){1, 0};
    const double r = copysign(sum * sqrt((*a / sum) * (*a / sum) + (b / sum) * (b / sum)), larger);
    const rotation by = {*a / r, b / r};
    *a = r;
    return by;
}

static void turn(rotation by, double *x, double *y) {
    for (int i = 0; i < N; i++) {
        const double t = by.cosine * x[i] + by.sine * y[i];
        y[i] = by.cosine * y[i] - by.sine * x[i];
        x[i] = t;
    }
}

static double shift_of(const svd *d, int l, int m, double *at) {
    const double largest = fmax(
        fmax(fmax(fmax(fabs(d->s[m]), fabs(d->s[m - 1])), fabs(d->e[m - 1])), fabs(d->s[l])), fabs(d->e[l]));
    const double last = d->s[m] / largest, before = d->s[m - 1] / largest, above = d->e[m - 1] / largest,
                 first = d->s[l] / largest, right = d->e[l] / largest;
    const double b = ((before + last) * (before - last) + above * above) / 2,
                 c = (last * above) * (last * above);
    double shift = 0;
    if (b != 0 || c != 0) {
        shift = sqrt(b * b + c);
        shift = c / (b + (b < 0 ? -shift : shift));
    }
    *at = first * right;
    return (first + last) * (first - last) + shift;
}

/* One step of the shifted QR algorithm on rows l to m. */
static void step(svd *d, int l, int m) {
    double *s = d->s, *e = d->e, g, f = shift_of(d, l, m, &g);
    for (int k = l; k < m; k++) {
        rotation by = rotate(&f, g);
        if (k != l) e[k - 1] = f;
        f = by.cosine * s[k] + by.sine * e[k];
        e[k] = by.cosine * e[k] - by.sine * s[k];
        g = by.sine * s[k + 1];
        s[k + 1] = by.cosine * s[k + 1];
        turn(by, d->v[k], d->v[k + 1]);
        by = rotate(&f, g);
        s[k] = f;
        f = by.cosine * e[k] + by.sine * s[k + 1];
        s[k + 1] = -by.sine * e[k] + by.cosine * s[k + 1];
        g = by.sine * e[k + 1];
        e[k + 1] = by.cosine * e[k + 1];
        turn(by, d->u[k], d->u[k + 1]);
    }
    e[m - 1] = f;
}

static void swap(double *a, double *b) {
    double t[N];
    memcpy(t, a, sizeof t);
    memcpy(a, b, sizeof t);
    memcpy(b, t, sizeof t);
}

/* Singular values are positive and descend. */
static void settle(svd *d, int l) {
    if (d->s[l] < 0) {
        d->s[l] = -d->s[l];
        scale(-1, d->v[l], N);
    }
    for (; l < N - 1 && d->s[l] < d->s[l + 1]; l++) {
        const double t = d->s[l];
        d->s[l] = d->s[l + 1];
        d->s[l + 1] = t;
        swap(d->u[l], d->u[l + 1]);
        swap(d->v[l], d->v[l + 1]);
    }
}

/* False where a singular value is 0, or no sequence of steps ends. */
static bool iterate(svd *d) {
    int m = N - 1;
    for (int steps = 0; m >= 0 && steps < ROTATIONS_MAX; steps++) {
        int l = m - 1;
        for (; l >= 0; l--) {
            const double sum = fabs(d->s[l]) + fabs(d->s[l + 1]);
            if (sum + fabs(d->e[l]) != sum) continue;
            d->e[l] = 0;
            break;
        }
        for (int k = l + 1; k <= m; k++) {
            const double sum = (k < m ? fabs(d->e[k]) : 0) + (k > l + 1 ? fabs(d->e[k - 1]) : 0);
            if (l < m - 1 && sum + fabs(d->s[k]) == sum) return false;
        }
        if (l == m - 1)
            settle(d, m--);
        else
            step(d, l + 1, m);
    }
    return m < 0;
}

bool rad_svd3_inverse(const double m[9], double inverse[9]) {
    svd d = {0};
    for (int k = 0; k < N * N; k++) {
        if (!isfinite(m[k])) return false;
        d.x[k % N][k / N] = m[k];
    }
    bidiagonal(&d);
    generate(&d);
    if (!iterate(&d) || !(d.s[N - 1] > 1e-14 * d.s[0])) return false;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            inverse[N * i + j] = 0;
            for (int k = 0; k < N; k++) inverse[N * i + j] += d.v[k][i] * (1 / d.s[k]) * d.u[k][j];
        }
    for (int k = 0; k < N * N; k++)
        if (!isfinite(inverse[k])) return false;
    return true;
}
