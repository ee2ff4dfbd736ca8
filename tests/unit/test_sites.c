/* The public header: summaries of sites, and their pool. */
#include "scans.h"

#include "../../federate/site/ledger.h"
#include "../../federate/site/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Patients of a site with two features. */
static const char *write_site(int site, int patients) {
    static char text[1 << 16];
    char name[32];
    size_t used = (size_t)snprintf(text, sizeof text, "patient,f1,f2\n");
    test_random random = {(uint64_t)site + 5};
    for (int i = 0; i < patients; i++) {
        const double a = test_uniform(&random), b = test_uniform(&random);
        used += (size_t)snprintf(text + used, sizeof text - used, "S%d-%d,%.9f,%.9f\n", site, i, a + site,
                                 100 * b);
    }
    snprintf(name, sizeof name, "site%d.csv", site);
    return write_text(name, text);
}

static void count_notes(const char *text, void *context) {
    ck_assert(*text && !strchr(text, '\n'));
    (*(int *)context)++;
}

/* As keygen does. */
static void begin_ledger(int s) {
    rad_error error;
    rad_signer me;
    char key[160], path[RAD_STATE_PATH];
    snprintf(key, sizeof key, "%s/s%d.key", folder, s);
    ck_ok(rad_signer_read(key, &me, &error));
    ck_ok(rad_state_ledger(folder, me.public_key, path, &error));
    ck_ok(rad_ledger_begin(path, &me, &error));
    rad_signer_wipe(&me);
}

START_TEST(sites_and_pool) {
    enum { SITES = 4 };
    rad_error error;
    char *said, keys[8][160], summaries[SITES][160];
    const char *files[SITES];
    int notes = 0;
    const rad_control control = {.threads = 2, .note = count_notes, .context = &notes};
    const char *study = write_text("study.yaml", "study: test\npatient: patient\nfeatures: [f*]\n");
    char trusted[4096] = "";
    for (int s = 0; s < SITES; s++) {
        char name[24];
        snprintf(name, sizeof name, "s%d", s);
        ck_ok(rad_signer_make(name, folder, &error));
        begin_ledger(s);
        snprintf(keys[s], sizeof keys[s], "%s/s%d.key", folder, s);
        snprintf(summaries[s], sizeof summaries[s], "%s/s%d.radsum", folder, s);
        snprintf(name, sizeof name, "s%d.pub", s);
        char *pub = content(path_of(name));
        strncat(trusted, pub, sizeof trusted - strlen(trusted) - 1);
        free(pub);
        files[s] = summaries[s];
        const rad_site_options o = {.table = write_site(s, 60),
                                    .study = study,
                                    .key = keys[s],
                                    .output = summaries[s],
                                    .state = folder,
                                    .withhold = true};
        rad_site_options preview = o;
        preview.preview = true;
        ck_ok(rad_summarise_site(&preview, &control, &said, &error));
        ck_assert(strstr(said, "What would leave site") && access(summaries[s], F_OK));
        rad_text_free(said);
        looker l = {.most = 2};
        const rad_control cancel = {.step = look, .context = &l};
        ck_assert_int_eq(rad_summarise_site(&o, &cancel, &said, &error), RAD_CANCELLED);
        ck_assert(!said && access(summaries[s], F_OK));
        ck_ok(rad_summarise_site(&o, &control, &said, &error));
        ck_assert_msg(strstr(said, "release 1 of site s") && strstr(said, "60 patients"), "%s", said);
        rad_text_free(said);
        ck_ok(rad_summarise_site(&o, NULL, NULL, &error)); /* as before */
    }
    const rad_site_options few = {
        .table = write_site(9, 5), .study = study, .key = keys[0], .output = summaries[0], .state = folder};
    ck_assert_int_eq(rad_summarise_site(&few, &control, &said, &error), RAD_REFUSED);
    ck_assert(!said && strstr(error.text, "refused"));

    const char *table = path_of("pooled");
    rad_pool_options p = {.study = study,
                          .summaries = files,
                          .summary_count = SITES,
                          .trusted = write_text("keys", trusted),
                          .output = table};
    looker l = {.most = 2};
    const rad_control cancel = {.step = look, .context = &l};
    ck_assert_int_eq(rad_pool_summaries(&p, &cancel, &said, &error), RAD_CANCELLED);
    ck_assert(access(table, F_OK));
    ck_ok(rad_pool_summaries(&p, &control, &said, &error));
    ck_assert_msg(strstr(said, "4 sites, 240 patients, 2 variables"), "%s", said);
    rad_text_free(said);
    ck_assert(!access(path_of("pooled/moments.csv"), R_OK) && !access(path_of("pooled/report.html"), R_OK));
    p.trusted = path_of("s1.pub");
    ck_assert_int_eq(rad_pool_summaries(&p, &control, &said, &error), RAD_UNTRUSTED);
    ck_assert(!said);
}
END_TEST

START_TEST(more_nulls) {
    rad_error error;
    char *text;
    double map[1];
    size_t count;
    rad_array grid;
    rad_compliance counts;
    rad_roi_info roi;
    const char *const none[] = {NULL};
    const rad_array image = array_of(image_voxels, RAD_INT16, 0);
    rad_scan *i = scan_array(&image);
    REFUSED(rad_scan_grid(NULL, &grid, &error));
    REFUSED(rad_scan_grid(i, NULL, &error));
    REFUSED(rad_scan_rois(NULL, i, &roi, 1, &count, &error));
    REFUSED(rad_scan_rois(i, NULL, &roi, 1, &count, &error));
    REFUSED(rad_scan_rois(i, i, NULL, 1, &count, &error));
    REFUSED(rad_scan_rois(i, i, &roi, 1, NULL, &error));
    REFUSED(rad_scan_filter(NULL, "square", NULL, NULL, map, 1, &error));
    REFUSED(rad_scan_filter(i, NULL, NULL, NULL, map, 1, &error));
    REFUSED(rad_scan_filter(i, "square", NULL, NULL, NULL, 1, &error));
    REFUSED(rad_path_info(NULL, false, false, NULL, &text, &error));
    REFUSED(rad_path_info("x", false, false, NULL, NULL, &error));
    REFUSED(rad_check_compliance(NULL, NULL, NULL, NULL, NULL, &error));
    REFUSED(rad_summarise_site(NULL, NULL, &text, &error));
    REFUSED(rad_summarise_site(&(rad_site_options){.study = "x", .key = "x"}, NULL, &text, &error));
    REFUSED(rad_summarise_site(&(rad_site_options){.table = "x", .key = "x"}, NULL, &text, &error));
    REFUSED(rad_summarise_site(&(rad_site_options){.table = "x", .study = "x"}, NULL, &text, &error));
    REFUSED(rad_pool_summaries(NULL, NULL, &text, &error));
    REFUSED(rad_pool_summaries(&(rad_pool_options){.summaries = none, .trusted = "x"}, NULL, &text, &error));
    REFUSED(rad_pool_summaries(&(rad_pool_options){.study = "x", .trusted = "x"}, NULL, &text, &error));
    REFUSED(rad_pool_summaries(&(rad_pool_options){.study = "x", .summaries = none}, NULL, &text, &error));
    REFUSED(rad_pool_summaries(
        &(rad_pool_options){.study = "x", .trusted = "x", .summaries = none, .summary_count = 1}, NULL, &text,
        &error));
    ck_assert_int_eq(rad_summarise_site(NULL, NULL, NULL, NULL), RAD_CONFIG);
    ck_assert_int_eq(rad_pool_summaries(NULL, NULL, NULL, NULL), RAD_CONFIG);
    ck_assert_int_eq(rad_path_info("/no/such/file", false, false, NULL, &text, NULL), RAD_UNREADABLE);
    ck_assert_int_eq(rad_check_compliance(NULL, "x", NULL, NULL, &counts, NULL), RAD_CONFIG);
    ck_assert_int_eq(rad_scan_filter(i, "squar", NULL, NULL, map, 1, NULL), RAD_CONFIG);
    rad_scan_free(i);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("sites");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 120);
    tcase_add_unchecked_fixture(all, make_folder, remove_folder);
    tcase_add_test(all, sites_and_pool);
    tcase_add_test(all, more_nulls);
    suite_add_tcase(suite, all);
    return test_run(suite);
}
