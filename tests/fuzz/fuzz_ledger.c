/* What left a site: lines are made to follow each other and their signatures hold (sodium.c); then a release
 * is checked against them and, in one of eight, appended: the ledger must open again. */
#include "../../core/hash.h"
#include "../../federate/site/ledger.h"
#include "../../federate/site/summarise.h"
#include "fuzz.h"

#include <fcntl.h>
#include <sodium.h>

enum { MOST = 1 << 16 };

static const char study_text[] =
    "study: fuzz\npatient: patient\nfeatures: [f*]\ncovariates: {sex: {levels: [F, M]}, age: number}\n"
    "outcomes: {death: {time: months, event: relapse, grid: [0, 6, 12, 24, 36]}}\n"
    "groups: [sex]\ncovariance: [f*]\nmodel: [sex]\n"
    "variables: {f*: {grid: {from: 0, to: 100, cells: 10}}}\n"
    "thresholds: {mode: datashield}\n";

static struct release {
    rad_study study;
    rad_cohort cohort;
    rad_permit permit;
    rad_summary summary;
    rad_signer me;
    char path[128];
    rad_ledger_place place;
    int file; /* descriptor + 1 */
} release;

static void open_file(void) {
    if (release.file) close(release.file - 1);
    release.file = open(release.path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) + 1;
    FUZZ_CHECK(release.file);
}

/* Twenty patients, two features. */
static void make_release(void) {
    static fuzz_file table;
    static char text[4096];
    rad_error error = {0};
    size_t used = (size_t)snprintf(text, sizeof text, "patient,f1,f2,sex,age,months,relapse\n");
    for (int i = 0; i < 20; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "p%d,%d,%d,%s,%d,%d,%d\n", i, i * 7 % 41,
                                 i * i % 53, i % 2 ? "F" : "M", 40 + i, 3 + i * 2, i % 3 == 0);
    FUZZ_CHECK(sodium_init() >= 0);
    FUZZ_CHECK(rad_study_parse(study_text, sizeof study_text - 1, "study", &release.study, &error) == RAD_OK);
    if (rad_cohort_read(fuzz_put(&table, (uint8_t *)text, used), NULL, &release.study, &release.cohort,
                        &error) != RAD_OK ||
        rad_permit_make(&release.cohort, &release.study, &release.study.rules, 1, &release.permit, &error) !=
            RAD_OK) {
        fprintf(stderr, "%s\n", error.text);
        abort();
    }
    FUZZ_CHECK(rad_summarise(&release.cohort, &release.study, &release.study.rules, &release.permit, 1,
                             &release.summary, &error) == RAD_OK);
    snprintf(release.me.name, sizeof release.me.name, "fuzz");
    snprintf(release.path, sizeof release.path, "%s/ledger", fuzz_folder());
    release.place = (rad_ledger_place){.path = release.path};
    open_file();
}

/* Lines with the hash of the line before and a signature. */
static size_t chain(const uint8_t *data, size_t size, char *out) {
    static const char previous[] = "\"previous\":\"", mark[] = ",\"signature\":\"";
    char last[RAD_DIGEST_TEXT] = "", zeros[2 * RAD_SIGNATURE + 1] = "";
    size_t used = 0;
    memset(zeros, '0', sizeof zeros - 1);
    for (const uint8_t *end; size && used < MOST - 1024; data = end + 1) {
        end = memchr(data, '\n', size);
        if (!end) end = data + size;
        size_t length = (size_t)(end - data);
        size -= length < size ? length + 1 : size;
        const uint8_t *signature = memmem(data, length, mark, sizeof mark - 1),
                      *before = memmem(data, length, previous, sizeof previous - 1);
        if (signature) length = (size_t)(signature - data);
        if (!signature && length && data[length - 1] == '}') length--;
        if (length > MOST - 1024 - used) break;
        char *line = out + used;
        size_t at = length;
        if (before && before + sizeof previous - 1 <= data + length) { /* whatever stands there gives way */
            const size_t head = (size_t)(before - data) + sizeof previous - 1;
            const uint8_t *quote = memchr(data + head, '"', length - head);
            const size_t rest = quote ? length - (size_t)(quote - data) : 0;
            memcpy(line, data, head);
            stpcpy(line + head, last);
            if (rest) memcpy(line + head + strlen(last), quote, rest);
            at = head + strlen(last) + rest;
        } else {
            memcpy(line, data, length);
        }
        at += (size_t)sprintf(line + at, "%s%s\"}", mark, zeros);
        rad_hash_digest(line, at, last);
        line[at] = '\n';
        used += at + 1;
    }
    return used;
}

static void append(rad_ledger *ledger, const rad_release *r) {
    rad_bytes body;
    bool known;
    rad_error error = {0};
    if (rad_ledger_body(ledger, r, &body, &known, &error) != RAD_OK) {
        FUZZ_REFUSED(error);
        return;
    }
    const rad_status status = known ? RAD_REFUSED : rad_ledger_append(ledger, r, &body, &error);
    rad_bytes_free(&body);
    rad_ledger_close(ledger);
    FUZZ_CHECK(known || status == RAD_OK);
    FUZZ_CHECK(rad_ledger_open(&release.place, &release.me, &ledger, &error) == RAD_OK);
    rad_ledger_close(ledger);
    open_file(); /* it was replaced */
}

static void run(const uint8_t *data, size_t size) {
    static char text[MOST];
    rad_error error = {0};
    rad_ledger *ledger;
    if (!release.file) make_release();
    const size_t length = chain(data, size, text);
    const rad_release r = {&release.cohort, &release.study, &release.study.rules, &release.permit,
                           &release.summary};
    FUZZ_CHECK(!ftruncate(release.file - 1, (off_t)length));
    FUZZ_CHECK(pwrite(release.file - 1, text, length, 0) == (ssize_t)length);
    if (rad_ledger_open(&release.place, &release.me, &ledger, &error) != RAD_OK) {
        FUZZ_REFUSED(error);
        return;
    }
    const rad_status status = rad_ledger_check(ledger, &r, &error);
    if (status != RAD_OK) FUZZ_REFUSED(error);
    if (status == RAD_OK && size % 8 == 0)
        append(ledger, &r);
    else
        rad_ledger_close(ledger);
}

const fuzzer fuzzer_ledger = {"ledger", run, fuzz_shape_text};
