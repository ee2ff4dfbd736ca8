#include "step_page.h"

#include "../core/memory.h"
#include "../report/html.h"
#include "../report/page.h"

#include <inttypes.h>
#include <string.h>

enum { NAME = 5 * RAD_NAME };

static void put_facts(FILE *out, const rad_step_page *p) {
    const rad_round_sums *s = p->round->sums;
    fputs("<header><h1>What would leave site ", out);
    rad_html_text(out, s->site);
    fputs(" in a round</h1>\n<dl>", out);
    rad_page_fact(out, "study", p->round->study->id);
    rad_page_fact(out, "hash of the study", s->study_hash);
    rad_page_fact(out, "model", s->model);
    rad_page_fact(out, "what it tells", p->model->response);
    rad_page_count(out, p->known ? "round, which was answered before" : "round", s->round);
    rad_page_fact(out, "hash of the state that asks", s->state);
    rad_page_count(out, "patients", s->patients);
    rad_page_count(out, "of them with the event", s->events);
    rad_page_fact(out, "hash of what is signed", p->hash);
    fputs("</dl>\n<p>Sums over patients: no row, no name.</p></header>\n", out);
}

static void put_worth(FILE *out, const rad_step_page *p) {
    const rad_round_worth *w = p->worth;
    fputs("<section id=\"worth\"><h2>What it tells with all that left before</h2>\n", out);
    if (p->known)
        rad_html_say(out, "Nothing more: the same sums left before, and leave again.");
    else
        rad_html_say(
            out,
            "For somebody who knows all other columns: %.1f equations for the values of a column, of at "
            "most %.1f (2 rows n). Of what is told of one patient, %.0f %% or less is about that "
            "patient alone.",
            w->equations, w->most, 100 * w->one);
    fputs("</section>\n", out);
}

static const char *column_of(const rad_round_state *s, size_t column) {
    if (s->intercept && !column) return "(intercept)";
    return s->terms[column - s->intercept].name;
}

/* NULL: of the other family, and always 0. */
static const char *order_of(const rad_model *m, size_t cell) {
    static const char *const words[2][RAD_CALIBRATED_CELLS - RAD_ORDER_FIRST] = {
        {"pairs in order, doubled", "what their error is of", "sum of the probabilities",
         "sum of squares of outcomes less these", NULL, "slope of the calibration", "its variance",
         "intercept of the calibration", "its variance"},
        {"pairs in order, doubled", "pairs", "squares of a patient's pairs in order", "products of both",
         "squares of a patient's pairs", "slope of the calibration", "its variance", NULL, NULL}};
    return words[m->family == RAD_MODEL_COX][cell - RAD_ORDER_FIRST];
}

/* What a number is. */
static const char *name_of(const rad_step_page *p, rad_round_ask ask, size_t cell, char text[NAME]) {
    const rad_round_state *s = p->round->state;
    const size_t c = rad_round_columns(s);
    if (!cell) return "log likelihood";
    if (ask == RAD_ASK_ORDER) return order_of(p->model, cell);
    if (cell <= c) {
        snprintf(text, NAME, "score of %s", column_of(s, cell - 1));
    } else if (ask == RAD_ASK_MOMENTS) {
        const size_t at = cell - 1 - c;
        snprintf(text, NAME, "%s, weighted: %s", at < c ? "sum" : "sum of squares",
                 column_of(s, at < c ? at : at - c));
    } else {
        size_t j = 0;
        while (rad_round_information_cell(c, 0, j + 1) <= cell) j++;
        snprintf(text, NAME, "information of %s and %s",
                 column_of(s, cell - rad_round_information_cell(c, 0, j)), column_of(s, j));
    }
    return text;
}

/* Coefficients, then each number with all its digits. */
static void put_point(FILE *out, const rad_step_page *p, size_t at, char exact[RAD_EXACT_TEXT]) {
    static const char *const asked[] = {"term", "coefficient", NULL}, *const told[] = {"number", "value",
                                                                                       "<exactly", NULL};
    const rad_round_state *s = p->round->state;
    const rad_round_point *point = &s->points[at];
    const rad_round_cells *cells = &p->round->sums->points[at];
    char text[NAME];
    if (!cells->count) return;
    fprintf(out, "<h3>Coefficients %zu of %zu%s%s</h3>\n", at + 1, s->point_count,
            *point->without ? ", without one site" : "",
            *point->only ? ", which this site had no part in" : "");
    rad_html_table(out, "Asked at", "", 0, asked);
    for (size_t k = 0; k < rad_round_columns(s); k++) {
        rad_html_row(out, column_of(s, k));
        rad_html_numbers(out, &point->beta[k], 1);
        rad_html_end_row(out);
    }
    rad_html_end_table(out, 0);
    rad_html_table(out, "Told", "", 0, told);
    for (size_t k = 0; k < cells->count; k++) {
        const double value = rad_exact_double(&cells->sums[k]);
        const char *name = name_of(p, point->ask, k, text);
        if (!name && value == 0) continue;
        rad_html_row(out, name ? name : "unused");
        rad_html_numbers(out, &value, 1);
        rad_html_cell(out, rad_exact_write(&cells->sums[k], exact));
        rad_html_end_row(out);
    }
    rad_html_end_table(out, 0);
    if (point->ask == RAD_ASK_ORDER && cells->count == 1)
        rad_html_nothing(out,
                         "How the predictor orders the patients, and how it is calibrated, stays at home.");
    if (point->ask == RAD_ASK_ORDER && cells->count == RAD_ORDER_CELLS)
        rad_html_nothing(out, "How the predictor is calibrated stays at home.");
    if (point->ask == RAD_ASK_ORDER && cells->count == RAD_SLOPE_CELLS && p->model->family != RAD_MODEL_COX)
        rad_html_nothing(out, "The intercept of the calibration stays at home.");
}

rad_status rad_step_page_put(FILE *out, void *context, rad_error *error) {
    const rad_step_page *p = context;
    const rad_round_sums *s = p->round->sums;
    char *exact = rad_new_raw(RAD_EXACT_TEXT, 1, error), title[RAD_SITE + sizeof s->model + 32];
    if (!exact) return RAD_NO_MEMORY;
    snprintf(title, sizeof title, "%s: round %" PRIu32 " of %s", s->site, s->round, s->model);
    rad_page_begin_plain(out, title);
    put_facts(out, p);
    put_worth(out, p);
    fputs("<section id=\"leaves\"><h2>What leaves</h2>\n", out);
    for (size_t i = 0; i < p->round->state->point_count; i++) put_point(out, p, i, exact);
    fputs("</section>\n<footer><p>For the site: this page is no part of what "
          "leaves.</p></footer>\n</body></html>\n",
          out);
    rad_free(exact);
    return RAD_OK;
}
