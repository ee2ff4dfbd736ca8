#include "../../federate/pool/clusters.h"
#include "testing.h"

/* Of three that say the same, the one in the middle stands for them, wherever it is and whatever the signs.
 */
START_TEST(one_of_a_cluster) {
    static const double apart[4] = {0, 1, 2, 9}; /* places: the nearer, the more alike */
    const size_t middle = (size_t)_i;            /* which column is at 1 */
    rad_error error = {0};
    double r[16];
    size_t cluster[4], place[4] = {0, 1, 2, 3}, swap = place[middle];
    bool kept[4];
    place[middle] = place[1];
    place[1] = swap;
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++) {
            const double far = fabs(apart[place[i]] - apart[place[j]]);
            r[4 * i + j] = ((i + j) % 2 ? -1 : 1) * (1 - 0.05 * far);
        }
    const rad_correlations c = {.count = 4, .r = r};
    ck_ok(rad_clusters_compute(&c, 0.9, cluster, kept, &error));
    for (size_t i = 0; i < 4; i++) {
        ck_assert_msg(kept[i] == (place[i] == 1 || place[i] == 3), "%zu", i);
        for (size_t j = 0; j < 4; j++)
            ck_assert((cluster[i] == cluster[j]) == ((place[i] == 3) == (place[j] == 3)));
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("clusters");
    TCase *tests = tcase_create("clusters");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, one_of_a_cluster, 0, 4);
    return test_run(suite);
}
