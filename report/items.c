#include "items.h"

#include "html.h"

#include <stdarg.h>
#include <string.h>

void rad_answer_put(rad_answer *a, const char *format, ...) {
    const size_t used = strlen(a->text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(a->text + used, sizeof a->text - used, format, arguments);
    va_end(arguments);
}

/* What items are about, by their numbers. */
static const struct subject {
    rad_checklist of;
    int number;
    const char *text;
} subjects[] = {
    {RAD_METRICS, 4, "several centres"},
    {RAD_METRICS, 12, "standardised software"},
    {RAD_METRICS, 13, "parameters of extraction"},
    {RAD_METRICS, 14, "features that are not robust"},
    {RAD_METRICS, 15, "redundant features"},
    {RAD_METRICS, 16, "dimensions for the size of the data"},
    {RAD_METRICS, 18, "partition of the data"},
    {RAD_METRICS, 19, "confounding factors"},
    {RAD_METRICS, 20, "measures of performance"},
    {RAD_METRICS, 21, "uncertainty"},
    {RAD_METRICS, 22, "calibration"},
    {RAD_METRICS, 27, "external testing"},
    {RAD_METRICS, 30, "the model can be had"},
    {RAD_CLEAR, 11, "eligibility"},
    {RAD_CLEAR, 13, "source of the data"},
    {RAD_CLEAR, 15, "split of the data"},
    {RAD_CLEAR, 17, "predictors that are not radiomic"},
    {RAD_CLEAR, 25, "extraction of features"},
    {RAD_CLEAR, 27, "number of features"},
    {RAD_CLEAR, 28, "remaining parameters"},
    {RAD_CLEAR, 29, "missing data"},
    {RAD_CLEAR, 30, "imbalance of classes"},
    {RAD_CLEAR, 31, "reliability"},
    {RAD_CLEAR, 33, "reduction of dimensions"},
    {RAD_CLEAR, 34, "algorithms"},
    {RAD_CLEAR, 35, "tuning"},
    {RAD_CLEAR, 36, "confounders"},
    {RAD_CLEAR, 38, "technique of testing"},
    {RAD_CLEAR, 39, "measures of performance"},
    {RAD_CLEAR, 40, "uncertainty"},
    {RAD_CLEAR, 44, "baseline characteristics"},
    {RAD_CLEAR, 45, "flow of patients"},
    {RAD_CLEAR, 46, "statistics of features"},
    {RAD_CLEAR, 47, "performance"},
};

static const char *subject_of(rad_checklist of, int number) {
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++)
        if (subjects[i].of == of && subjects[i].number == number) return subjects[i].text;
    return "";
}

rad_status rad_items_put(FILE *out, const void *of, rad_checklist list, const rad_item *items, size_t count,
                         rad_error *error) {
    static const char *const columns[] = {"item", "<about", "<what is known here", NULL};
    static const char *const captions[] = {
        [RAD_METRICS] = "METRICS (30 items)", [RAD_CLEAR] = "CLEAR (58 items)"};
    rad_html_table(out, captions[list], "this page", count, columns);
    rad_status status = RAD_OK;
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        rad_answer a = {.text = ""};
        char number[16];
        items[i].say(of, &a);
        if (a.status != RAD_OK) status = rad_fail(error, a.status, "out of memory: items of a checklist");
        snprintf(number, sizeof number, "%d", items[i].number);
        rad_html_row(out, number);
        rad_html_cell(out, subject_of(list, items[i].number));
        rad_html_cell(out, *a.text ? a.text : "nothing");
        rad_html_end_row(out);
    }
    rad_html_end_table(out, count);
    return status;
}

void rad_items_say(FILE *out, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    rad_html_text(out, text);
}

const char *rad_items_family(rad_model_family family) {
    static const char *const words[RAD_MODEL_FAMILIES] = {
        [RAD_MODEL_LOGISTIC] = "logistic regression",
        [RAD_MODEL_POISSON] = "Poisson regression",
        [RAD_MODEL_COX] = "Cox regression stratified by site",
        [RAD_MODEL_GAUSSIAN] = "linear regression",
        [RAD_MODEL_MIXED] = "a linear mixed model with a random intercept for each site",
        [RAD_MODEL_LDA] = "a linear discriminant"};
    return words[family];
}

const char *rad_items_penalty(const rad_model *m) {
    static const char *const words[] = {"", "ridge penalty", "lasso", "elastic net"};
    return words[m->penalty.kind];
}
