#include "site_page.h"

#include "../core/memory.h"
#include "../federate/analyses.h"
#include "../federate/change.h"
#include "../federate/describe.h"
#include "../federate/design.h"
#include "../federate/ranked.h"
#include "../report/html.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { LONG = 40 };

/* A table with a heading of its own; long ones can be folded, and are open in print. */
static void begin(FILE *out, const char *title, size_t rows, const char *const *columns) {
    fputs("<details open><summary>", out);
    rad_html_text(out, title);
    if (rows > LONG) fprintf(out, ": %zu rows", rows);
    fputs("</summary>\n", out);
    rad_html_table(out, "", "", 0, columns);
}

static void end(FILE *out) {
    rad_html_end_table(out, 0);
    fputs("</details>\n", out);
}

static void put_shown(FILE *out, int64_t count) {
    if (count < 0)
        fputs("<td>held back</td>", out);
    else
        rad_html_count(out, (uint64_t)count);
}

static rad_status put_moments(FILE *out, const rad_moments *m, double centre, rad_error *error) {
    rad_description d = {.mean = NAN, .deviation = NAN};
    rad_status status = m->powers ? rad_describe(m, centre, &d, error) : RAD_OK;
    put_shown(out, m->powers ? (int64_t)m->n : -1);
    rad_html_numbers(out, (double[]){d.mean, d.deviation}, 2);
    return status;
}

static rad_status put_variables(FILE *out, const rad_summary *s, rad_error *error) {
    static const char *const columns[] = {"variable",  "<unit",  "n",         "mean",
                                          "deviation", "powers", "intervals", NULL};
    rad_status status = RAD_OK;
    begin(out, "Variables: patients who have a value, and what follows from the sums of its powers", s->count,
          columns);
    for (size_t v = 0; v < s->count && status == RAD_OK; v++) {
        const rad_summary_variable *x = &s->variables[v];
        char unit[RAD_UNIT + 8];
        snprintf(unit, sizeof unit, "%s%s", x->logarithm ? "log " : "", x->unit);
        rad_html_row(out, x->name);
        rad_html_cell(out, unit);
        status = put_moments(out, &s->moments[v], x->centre, error);
        rad_html_count(out, s->moments[v].powers);
        rad_html_count(out, x->counted ? x->count_count : 0);
        rad_html_end_row(out);
    }
    end(out);
    return status;
}

static rad_status put_groups(FILE *out, const rad_summary *s, const rad_study *study, rad_error *error) {
    static const char *const columns[] = {"variable", "<group", "<level", "n", "mean", "deviation", NULL};
    rad_status status = RAD_OK;
    if (s->sets < 2 || !rad_study_asks(study, RAD_GROUPS)) return RAD_OK;
    begin(out, "Variables by group", (s->sets - 1) * s->count, columns);
    for (size_t v = 0; v < s->count; v++)
        for (size_t f = 0; f < study->factor_count; f++)
            for (size_t l = 0; l < study->factors[f].levels && study->factors[f].group && status == RAD_OK;
                 l++) {
                rad_html_row(out, s->variables[v].name);
                rad_html_cell(out, study->factors[f].name);
                rad_html_cell(out, study->factors[f].level[l]);
                status =
                    put_moments(out, rad_summary_level(s, study, f, l, v), s->variables[v].centre, error);
                rad_html_end_row(out);
            }
    end(out);
    return status;
}

static void put_histograms(FILE *out, const rad_summary *s) {
    static const char *const columns[] = {"variable", "from", "to", "patients", NULL};
    size_t rows = 0;
    for (size_t v = 0; v < s->count; v++) rows += s->variables[v].counted ? s->variables[v].count_count : 0;
    if (!rows) return;
    begin(out, "Intervals of public grids", rows, columns);
    for (size_t v = 0; v < s->count; v++) {
        const rad_summary_variable *x = &s->variables[v];
        for (size_t i = 0; i < x->count_count && x->counted; i++) {
            const double edges[] = {rad_grid_edge(&x->grid, x->counts[i].first),
                                    rad_grid_edge(&x->grid, x->counts[i].end)};
            rad_html_row(out, x->name);
            rad_html_numbers(out, edges, 2);
            rad_html_count(out, x->counts[i].count);
            rad_html_end_row(out);
        }
    }
    end(out);
}

static const char *level_of(const rad_factor *f, size_t level) {
    return level < f->levels ? f->level[level] : "missing";
}

/* A level, and of one that is derived which values it has. */
static void put_level(FILE *out, const rad_factor *f, size_t level) {
    char words[2 * RAD_NAME], text[4 * RAD_NAME];
    if (!f->cut || level == f->levels) {
        rad_html_cell(out, level_of(f, level));
        return;
    }
    snprintf(text, sizeof text, "%s (%s)", f->level[level],
             rad_cut_words(f->cut, level, words, sizeof words));
    rad_html_cell(out, text);
}

static void put_levels(FILE *out, const rad_summary *s, const rad_study *study) {
    static const char *const columns[] = {"variable", "<level", "patients", NULL};
    if (!study->factor_count) return;
    begin(out, "Levels", 0, columns);
    for (size_t f = 0; f < study->factor_count; f++)
        for (size_t l = 0; l <= study->factors[f].levels; l++) {
            rad_html_row(out, study->factors[f].name);
            put_level(out, &study->factors[f], l);
            put_shown(out, s->levels[f * (RAD_FACTOR_LEVELS + 1) + l]);
            rad_html_end_row(out);
        }
    end(out);
}

static void put_tables(FILE *out, const rad_summary *s, const rad_study *study) {
    static const char *const columns[] = {"first", "<level", "<second", "<level", "patients", NULL};
    if (!study->table_count || !rad_study_asks(study, RAD_TABLES)) return;
    begin(out, "Tables of pairs", 0, columns);
    for (size_t t = 0; t < study->table_count; t++) {
        const rad_factor *a = &study->factors[study->tables[t][0]], *b = &study->factors[study->tables[t][1]];
        for (size_t i = 0; i < (a->levels + 1) * (b->levels + 1); i++) {
            rad_html_row(out, a->name);
            rad_html_cell(out, level_of(a, i / (b->levels + 1)));
            rad_html_cell(out, b->name);
            rad_html_cell(out, level_of(b, i % (b->levels + 1)));
            put_shown(out, s->tables[t][i]);
            rad_html_end_row(out);
        }
    }
    end(out);
}

static rad_status put_pairs(FILE *out, const rad_summary *s, rad_error *error) {
    static const char *const columns[] = {"variable", "<and", "n", "covariance", "correlation", NULL};
    rad_status status = RAD_OK;
    if (!s->panel) return RAD_OK;
    begin(out, "Pairs, of the patients who have both", s->panel * (s->panel + 1) / 2, columns);
    for (size_t j = 0; j < s->panel; j++)
        for (size_t i = 0; i <= j && status == RAD_OK; i++) {
            rad_pair_view view;
            rad_relation r = {.covariance = NAN, .correlation = NAN};
            const bool shown = rad_summary_pair(s, i, j, &view);
            if (shown) status = rad_describe_pair(&view, &r, error);
            rad_html_row(out, s->variables[s->of[i]].name);
            rad_html_cell(out, s->variables[s->of[j]].name);
            put_shown(out, shown ? (int64_t)r.n : -1);
            rad_html_numbers(out, (double[]){r.covariance, r.correlation}, 2);
            rad_html_end_row(out);
        }
    end(out);
    return status;
}

/* Of batches within a site: others may have joined the level that the column is called by. */
static const char *kind_of(const rad_design *d, size_t column) {
    return column < d->covariates ? "" : "batch of ";
}

/* What the sum at that place of a model is of. */
static void name_model(const rad_design *d, size_t cell, char *name, size_t size) {
    static const char *const first[] = {"patients", "y", "y\xc2\xb2"};
    if (cell < 3) snprintf(name, size, "%s", first[cell]);
    for (size_t i = 0; i < d->count; i++) {
        const char *of = kind_of(d, i), *column = d->column[i].name;
        if (cell == rad_design_d(i)) snprintf(name, size, "%s%s", of, column);
        if (cell == rad_design_dy(d->count, i)) snprintf(name, size, "%s%s \xc2\xb7 y", of, column);
        for (size_t j = i; j < d->count; j++)
            if (cell == rad_design_dd(d->count, i, j))
                snprintf(name, size, "%s%s \xc2\xb7 %s%s", of, column, kind_of(d, j), d->column[j].name);
    }
}

static void name_repeats(const rad_study *study, size_t cell, char *name, size_t size) {
    const size_t k = study->occasion_count;
    if (!cell) snprintf(name, size, "patients");
    for (size_t i = 0; i < k; i++) {
        if (cell == 1 + i) snprintf(name, size, "%s", study->occasions[i]);
        for (size_t j = i; j < k; j++)
            if (cell == rad_repeats_product(k, i, j))
                snprintf(name, size, "%s \xc2\xb7 %s", study->occasions[i], study->occasions[j]);
    }
}

static void name_ranks(const rad_study *study, size_t cell, char *name, size_t size) {
    if (!cell) snprintf(name, size, "patients");
    for (size_t f = 0; f < study->factor_count; f++) {
        const rad_factor *of = &study->factors[f];
        const size_t first = rad_ranked_group(study, f);
        for (size_t l = 0; l < of->levels && of->group; l++)
            if (cell == first + 2 * l || cell == first + 2 * l + 1)
                snprintf(name, size, "%s %s: %s", of->name, of->level[l],
                         cell == first + 2 * l ? "patients" : "ranks");
        if (of->group && cell == rad_ranked_ties(study, f)) snprintf(name, size, "%s: ties", of->name);
    }
}

static void name_change(const rad_study *study, size_t cell, char *name, size_t size) {
    if (!cell) snprintf(name, size, "patients");
    for (size_t f = 0; f < study->factor_count; f++)
        for (size_t l = 0; study->changes_by[f] && l < study->factors[f].levels; l++) {
            const size_t first = rad_change_level(study, f, l);
            const char *factor = study->factors[f].name, *level = study->factors[f].level[l];
            if (cell == first) snprintf(name, size, "%s %s: patients", factor, level);
            for (size_t j = 1; j < study->occasion_count; j++)
                for (size_t k = 0; k < 2; k++)
                    if (cell == first + 2 * j - 1 + k)
                        snprintf(name, size, "%s %s: %s less %s%s", factor, level, study->occasions[j],
                                 study->occasions[0], k ? ", squared" : "");
        }
}

/* Sums that there are of each variable, as they are. */
static void put_blocks(FILE *out, const rad_summary *s, const rad_study *study, size_t a,
                       const rad_design *d) {
    static const char *const columns[] = {"variable", "<sum of", "value", NULL};
    const rad_blocks *b = &s->blocks[a];
    char title[80], name[4 * RAD_NAME + 32];
    size_t shown = 0;
    for (size_t v = 0; v < s->count && b->cells; v++) shown += b->shown[v];
    if (!shown) return;
    snprintf(title, sizeof title, "Sums for %s", rad_analyses[a].word);
    begin(out, title, shown * b->cells, columns);
    for (size_t v = 0; v < s->count; v++)
        for (size_t i = 0; i < b->cells && b->shown[v]; i++) {
            const double value = rad_exact_double(&b->sums[v * b->cells + i]);
            snprintf(name, sizeof name, "%zu", i);
            if (a == RAD_MODEL) name_model(d, i, name, sizeof name);
            if (a == RAD_RANKS) name_ranks(study, i, name, sizeof name);
            if (a == RAD_CHANGE) name_change(study, i, name, sizeof name);
            if (a == RAD_RELIABILITY) name_repeats(study, i, name, sizeof name);
            rad_html_row(out, s->variables[v].name);
            rad_html_cell(out, name);
            rad_html_numbers(out, &value, 1);
            rad_html_end_row(out);
        }
    end(out);
}

/* Events of an interval by cause: "relapse 12, death 0". */
static void put_causes(FILE *out, const rad_survival *v, const rad_lifetable *t, size_t interval) {
    fputs("<td>", out);
    for (size_t c = 0; c < t->causes; c++) {
        fputs(c ? ", " : "", out);
        rad_html_text(out, v->cause[c]);
        fprintf(out, " %llu", (unsigned long long)t->cause[interval * t->causes + c]);
    }
    fputs("</td>", out);
}

static void put_lifetable(FILE *out, const rad_survival *v, const char *who, const rad_lifetable *t) {
    const size_t last = t->edges ? t->edges - 1 : 0;
    for (size_t i = 0; i <= last; i++) {
        rad_html_row(out, v->name);
        rad_html_cell(out, who);
        if (!t->edges) {
            fputs("<td>held back</td><td></td><td></td><td></td>", out);
        } else if (i < last) {
            rad_html_numbers(out, (double[]){v->grid[t->edge[i]], v->grid[t->edge[i + 1]]}, 2);
            rad_html_count(out, t->counts[2 * i]);
            rad_html_count(out, t->counts[2 * i + 1]);
            put_causes(out, v, t, i);
        } else {
            rad_html_numbers(out, (double[]){v->grid[t->edge[last]], INFINITY}, 2);
            fputs("<td></td>", out);
            rad_html_count(out, t->counts[2 * last]);
        }
        if (!t->edges || i == last) fputs("<td></td>", out);
        rad_html_end_row(out);
    }
}

static void put_lifetables(FILE *out, const rad_summary *s, const rad_study *study) {
    static const char *const columns[] = {"outcome", "<patients",      "after",    "up to",
                                          "events",  "seen no longer", "by cause", NULL};
    char who[2 * RAD_NAME + 4];
    if (!study->survival_count || !rad_study_asks(study, RAD_SURVIVAL)) return;
    begin(out, "Life tables", 0, columns);
    for (size_t i = 0; i < study->survival_count; i++) {
        const rad_lifetables *all = &s->lifetables[i];
        if (!all->strata) continue;
        put_lifetable(out, &study->survivals[i], "all", &all->stratum[0]);
        for (size_t f = 0; f < study->factor_count; f++)
            for (size_t l = 0; l < study->factors[f].levels && study->survivals[i].by[f]; l++) {
                snprintf(who, sizeof who, "%s %s", study->factors[f].name, study->factors[f].level[l]);
                put_lifetable(out, &study->survivals[i], who,
                              &all->stratum[rad_lifetable_stratum(study, i, f, l)]);
            }
    }
    end(out);
}

static void put_score(FILE *out, const char *name, const char *what, double value) {
    rad_html_row(out, name);
    rad_html_cell(out, what);
    rad_html_numbers(out, &value, 1);
    rad_html_end_row(out);
}

static void put_classes(FILE *out, const rad_performance *of, const rad_performed *p) {
    char what[120];
    for (size_t k = 0; k < rad_performed_classes(p); k++) {
        const size_t from = p->classes.edge[k], to = p->classes.edge[k + 1];
        for (int o = 0; o < (p->predicted ? 3 : 2); o++) {
            static const char *const words[] = {"with the event", "without", "sum of the score"};
            snprintf(what, sizeof what, "%s, %s %.6g%s", words[o], to <= of->cuts ? "up to" : "above",
                     to <= of->cuts ? of->cut[to - 1]
                     : from         ? of->cut[from - 1]
                                    : -INFINITY,
                     from && to <= of->cuts ? ", above the cut before" : "");
            put_score(out, of->name, what,
                      o < 2 ? (double)p->classes.counts[2 * k + (size_t)o]
                            : rad_exact_double(&p->predicted[k]));
        }
    }
}

/* Scores: pairs of patients in order, and classes. */
static void put_performances(FILE *out, const rad_summary *s, const rad_study *study) {
    static const char *const columns[] = {"score", "<what", "value", NULL};
    static const char *const ranks[2][RAD_PERFORMED_TIMES] = {
        {"pairs in order, doubled, with tied ones", "spread of pairs over patients"},
        {"pairs in order, doubled, with tied ones", "pairs", "squares of a patient's pairs in order",
         "the same by a patient's pairs", "squares of a patient's pairs"}};
    if (!study->performance_count || !rad_study_asks(study, RAD_PERFORMANCE)) return;
    begin(out, "Scores and their outcomes", 0, columns);
    for (size_t i = 0; i < study->performance_count; i++) {
        const rad_performance *of = &study->performances[i];
        const rad_performed *p = &s->performed[i];
        if (!p->shown) continue;
        put_score(out, of->name, "patients with the event", (double)p->events);
        put_score(out, of->name, "patients without", (double)p->others);
        for (size_t k = 0; k < rad_performed_ranks(of); k++)
            put_score(out, of->name, ranks[of->timed][k], rad_exact_double(&p->ranks[k]));
        put_classes(out, of, p);
        if (of->probability)
            put_score(out, of->name, "squares of score less outcome", rad_exact_double(&p->squares));
    }
    end(out);
}

rad_status rad_site_page_numbers(FILE *out, const rad_site_page *p, rad_error *error) {
    const rad_summary *s = p->release->summary;
    const rad_study *study = p->release->study;
    rad_design *d = rad_new(1, sizeof *d, error);
    rad_status status = d ? rad_design_make(study, d, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = put_variables(out, s, error);
    if (status == RAD_OK) status = put_groups(out, s, study, error);
    put_levels(out, s, study);
    put_tables(out, s, study);
    put_histograms(out, s);
    if (status == RAD_OK) status = put_pairs(out, s, error);
    for (size_t a = 0; a < RAD_ANALYSES && status == RAD_OK; a++) put_blocks(out, s, study, a, d);
    put_lifetables(out, s, study);
    put_performances(out, s, study);
    rad_free(d);
    return status;
}
