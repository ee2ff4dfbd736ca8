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

void rad_items_put(FILE *out, const void *of, const char *caption, const rad_item *items, size_t count) {
    static const char *const columns[] = {"item", "<about", "<what is known here", NULL};
    rad_html_table(out, caption, "this page", count, columns);
    for (size_t i = 0; i < count; i++) {
        rad_answer a = {""};
        char number[16];
        items[i].say(of, &a);
        snprintf(number, sizeof number, "%d", items[i].number);
        rad_html_row(out, number);
        rad_html_cell(out, items[i].subject);
        rad_html_cell(out, *a.text ? a.text : "nothing");
        rad_html_end_row(out);
    }
    rad_html_end_table(out, count);
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
