#include "score_test.h"

#include "../../core/linear.h"
#include "../study.h"
#include "distributions.h"

enum { LEVELS = RAD_FACTOR_LEVELS };

bool rad_score_test_run(const rad_score_test *t, double *statistic, double *df, double *p) {
    double a[LEVELS * LEVELS], x[LEVELS];
    size_t of[LEVELS], used = 0;
    for (size_t l = 0; l < t->levels; l++)
        if (t->has[l]) of[used++] = l;
    if (used < 2) return false;
    const size_t q = used - 1;
    for (size_t i = 0; i < q; i++) {
        x[i] = t->score[of[i]];
        for (size_t k = 0; k < q; k++) a[i * q + k] = t->variance[of[i] * t->stride + of[k]];
    }
    if (!rad_linear_solve((int)q, a, x)) return false;
    *statistic = 0;
    for (size_t i = 0; i < q; i++) *statistic += t->score[of[i]] * x[i];
    *df = (double)q;
    *p = rad_chi_square_tail(*statistic, *df);
    return true;
}
