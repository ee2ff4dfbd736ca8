#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../core/names.h"
#include "audit_search.h"
#include "ledger_checks.h"
#include "ledger_rounds.h"

#include <math.h>
#include <string.h>

/* What the ledger keeps of weights has so many digits. */
static const double least_noise = 1e-7;

/* Shares of the squared weight that every combination has beyond one patient, and beyond one less than
 * minimum_cell (a fiftieth and, for 10, a thousandth). So nobody who knows all other columns tells a value
 * closer than to a seventh of the deviation, and nobody who also knows this one of these few but one closer
 * than to a thirtieth: with the weight a on one, b on the others of the few and c beyond, it is told to
 * c / sqrt(a^2 + c^2), which is c at least where a^2 + b^2 + c^2 = 1. */
static const double one_rest = 0.02, few_rest = 0.01;

/* With rows that hold for small changes only, too: a tenth. Whoever is close by the others gets closer by
 * these, from far away: it was tried (tests/adversary/exposed.py). */
static const double all_rest = 0.01;

/* With sums of squares, which leave beside those of values, exactly, a thirtieth: of a model of few terms
 * they tell of its furthest patient, however many there are, what a tenth would refuse. */
static const double square_rest = 1.0 / 900;

/* Orthonormal rows over all persons, and over what rounding adds to each number: a place of its own. What
 * follows from the rows before but for the noise is noise then, and tells nothing of persons. */
typedef struct space {
    size_t n, rows, wide; /* persons; rows, at most; both */
    size_t count;
    double *normal; /* [row][person, then noise], owned */
    double *plain;  /* [row][person]: as they were added, owned */
    double *noise;  /* [row]: of these, owned */
    size_t *model;  /* [row]: and of which model, owned */
    double *apart;  /* [person], owned */
    size_t sets[2]; /* rows of this range are sets of releases */
} space;

static double length_of(const double *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i] * x[i];
    return sqrt(sum);
}

/* The variance of what rounding adds to the difference of two rows of that noise. A contribution that is
 * nearly the same in both is mostly rounded to the same, and else to the next step, by a chance that is its
 * part of a step. */
static double noise_between(const space *s, const double *row, const double *of, double noise, size_t n) {
    const double step = noise * sqrt(12 / (double)n);
    double variance = 0;
    for (size_t i = 0; i < s->n; i++) variance += fmin(step * step / 6, fabs(row[i] - of[i]) * step);
    return variance;
}

/* The row of another model from which rounding hides the difference least; SIZE_MAX: from none less than the
 * row. Of one model weights differ by the coefficients alone, which nobody chooses by patient. */
static size_t closest(const space *s, const double *row, double noise, size_t n, size_t model,
                      double *between) {
    size_t best = SIZE_MAX;
    double least = noise * noise;
    for (size_t k = 0; k < s->count; k++) {
        if (s->model[k] == model) continue;
        if (!(fabs(s->noise[k] - noise) <= 1e-6 * noise)) continue; /* other digits are rounded otherwise */
        const double variance = noise_between(s, row, s->plain + k * s->n, noise, n);
        if (variance < least) best = k, least = variance;
    }
    *between = sqrt(least);
    return best;
}

/* Adds what of the row is orthogonal to those before. */
static void add_normal(space *s, const double *row, double noise) {
    const double before = hypot(length_of(row, s->n), noise);
    double *to = s->normal + s->count * s->wide;
    memset(to, 0, s->wide * sizeof *to);
    for (size_t i = 0; i < s->n; i++) to[i] = row[i] / before;
    to[s->n + s->count] = fmax(noise / before, least_noise);
    for (int again = 0; again < 2; again++)
        for (size_t k = 0; k < s->count; k++) {
            const double *of = s->normal + k * s->wide;
            double by = 0;
            for (size_t i = 0; i < s->n + s->count; i++) by += to[i] * of[i];
            for (size_t i = 0; i < s->n + s->count; i++) to[i] -= by * of[i];
        }
    const double after = length_of(to, s->n + s->count + 1);
    for (size_t i = 0; i < s->n + s->count + 1; i++) to[i] /= after;
    s->count++;
}

/* A row over so many patients; what it tells beyond one that is nearly the same is their difference. */
static void add(space *s, const double *row, double noise, size_t patients, size_t model) {
    double between = 0;
    if (!(length_of(row, s->n) > 0) || s->count == s->rows) return;
    const size_t near = noise > 0 ? closest(s, row, noise, patients, model, &between) : SIZE_MAX;
    const double *of = near < SIZE_MAX ? s->plain + near * s->n : NULL;
    for (size_t i = 0; i < s->n; i++) s->apart[i] = row[i] - (of ? of[i] : 0);
    if (!(length_of(s->apart, s->n) > 0)) return;
    memcpy(s->plain + s->count * s->n, row, s->n * sizeof *row);
    s->noise[s->count] = noise;
    s->model[s->count] = model;
    add_normal(s, s->apart, of ? between : noise);
}

/* What is looked at: a class of variables of the permit, or levels alone (class_count). */
typedef struct looking {
    const rad_ledger *ledger;
    const rad_ledger_round *round;
    size_t class;
    const uint32_t *person; /* [row of the cohort] */
    space *space;
    rad_round_worth *worth; /* the most of all classes */
    double *wide;           /* [person] */
    rad_error *error;
} looking;

/* A row over some patients, the places of whom among all persons are given; of: place of each in that list,
 * NULL: the same. */
static void add_spread(const looking *k, const double *row, size_t n, const uint32_t *person,
                       const size_t *of, double noise, size_t model) {
    memset(k->wide, 0, k->space->n * sizeof *k->wide);
    for (size_t i = 0; i < n; i++) {
        const size_t at = person[of ? of[i] : i];
        if (at < k->space->n) k->wide[at] = row[i];
    }
    add(k->space, k->wide, noise, n, model);
}

static bool is_of_class(const looking *k, const rad_names *names, const json_t *group) {
    size_t i;
    json_t *text;
    json_array_foreach(json_object_get(group, "variables"), i, text) {
        const char *name = json_string_value(text);
        if (name && rad_names_find(names, name) != SIZE_MAX) return true;
    }
    (void)k;
    return false;
}

/* Sets over which a variable of the class left in a release. */
static rad_status add_release(const looking *k, const rad_ledger_entry *e, const rad_names *names) {
    const size_t words = rad_bitset_words(e->who.patients);
    uint64_t *set = rad_new(words, sizeof *set, k->error);
    size_t i, j;
    json_t *group, *text;
    rad_status status = set ? RAD_OK : RAD_NO_MEMORY;
    json_array_foreach(json_object_get(e->line, "classes"), i, group) {
        if (status != RAD_OK || !is_of_class(k, names, group)) continue;
        json_array_foreach(json_object_get(group, "sets"), j, text) {
            if (status != RAD_OK || !rad_ledger_decode(text, set, words * sizeof *set)) continue;
            memset(k->wide, 0, k->space->n * sizeof *k->wide);
            for (size_t r = 0; r < e->who.patients; r++)
                if (rad_bitset_has(set, r) && e->who.person[r] < k->space->n) k->wide[e->who.person[r]] = 1;
            add(k->space, k->wide, 0, e->who.patients, SIZE_MAX);
        }
    }
    rad_free(set);
    return status;
}

/* All releases, this study's with the weights that it has now. */
static rad_status add_releases(const looking *k) {
    const rad_permit *p = k->round->permit;
    const rad_cohort *c = k->round->rows->cohort;
    rad_names names = {0};
    size_t count = 0;
    if (k->class >= p->class_count) return RAD_OK;
    const rad_audit *a = &p->classes[k->class].audit;
    rad_status status = rad_names_allocate(&names, c->count, k->error);
    for (size_t v = 0; v < c->count && status == RAD_OK; v++)
        if (p->of[v] == k->class) names.row[count++] = (rad_name){c->variables[v].definition, v};
    if (status == RAD_OK) {
        names.count = count;
        rad_names_sort(&names);
    }
    for (size_t i = 0; i < a->normals && status == RAD_OK; i++)
        add_spread(k, a->normal + i * a->patients, a->patients, k->person, NULL, 0, SIZE_MAX);
    k->space->sets[0] = k->space->count;
    for (size_t i = 0; i < k->ledger->count && status == RAD_OK; i++)
        status = add_release(k, &k->ledger->entries[i], &names);
    k->space->sets[1] = k->space->count;
    rad_names_free(&names);
    return status;
}

/* Rounds of all models and studies: any of them may have had the column that is sought. */
static rad_status add_rounds(const looking *k, bool curved) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < rad_ledger_round_count(k->ledger) && status == RAD_OK; i++) {
        rad_round_weights w;
        uint32_t *person = NULL;
        const size_t model = rad_ledger_round_model(k->ledger, i);
        status = rad_ledger_round_weights(k->ledger, i, &w, &person, k->error);
        for (size_t j = 0; j < w.count && status == RAD_OK; j++)
            if ((w.noise[j] < 0) == curved)
                add_spread(k, w.row + j * w.n, w.n, person, NULL, fabs(w.noise[j]), model);
        rad_round_weights_free(&w);
        rad_free(person);
    }
    return status;
}

/* The weights of the round at hand. */
static void add_now(const looking *k, bool curved) {
    const rad_round_weights *w = k->round->weights;
    const size_t model = rad_ledger_round_first(k->ledger, k->round);
    for (size_t j = 0; j < w->count; j++)
        if ((w->noise[j] < 0) == curved)
            add_spread(k, w->row + j * w->n, w->n, k->person, k->round->rows->row, fabs(w->noise[j]), model);
}

/* The orthonormal rows without the noise, in a block of their own; the sum of their squares is how many
 * equations for persons they are worth. */
static double take_persons(const space *s, double *persons, double *one) {
    double sum = 0;
    for (size_t k = 0; k < s->count; k++)
        memcpy(persons + k * s->n, s->normal + k * s->wide, s->n * sizeof *persons);
    for (size_t i = 0; i < s->n; i++) {
        double leverage = 0;
        for (size_t k = 0; k < s->count; k++) leverage += persons[k * s->n + i] * persons[k * s->n + i];
        *one = fmax(*one, leverage);
        sum += leverage;
    }
    return sum;
}

/* The term whose value is furthest from its mean, in deviations, at one of the patients of whom most is told;
 * SIZE_MAX: none is far. Persons are orthonormal rows. */
static size_t find_far(const looking *k, const double *persons, double *far) {
    const space *s = k->space;
    const rad_round_rows *r = k->round->rows;
    size_t found = SIZE_MAX;
    *far = 4;
    for (size_t i = 0; i < r->n; i++) {
        const size_t at = k->person[r->row[i]];
        double leverage = 0;
        for (size_t row = 0; row < s->count && at < s->n; row++)
            leverage += persons[row * s->n + at] * persons[row * s->n + at];
        for (size_t j = r->intercept; j < r->columns && leverage > 0.5; j++) {
            const double off = fabs(r->x[j * r->n + i] - r->mean[j]) / r->deviation[j];
            if (!(off > *far)) continue;
            *far = off;
            found = j;
        }
    }
    return found;
}

/* What to do is said of the term that is to blame, where one is. */
static rad_status refuse_few(const looking *k, const double *persons) {
    const rad_round_state *state = k->round->state;
    double far;
    const size_t column = find_far(k, persons, &far);
    char what[3 * RAD_NAME + 160] =
        "fewer terms, more patients, a penalty, `digits: 2` and no validation let sums tell less";
    if (column < SIZE_MAX)
        snprintf(what, sizeof what,
                 "%s has a value %.1f deviations from its mean, by which one patient stands out: take its "
                 "logarithm (variables: transform: log), cut it off at public bounds in the table, or leave "
                 "it out",
                 state->terms[column - k->round->rows->intercept].name, far);
    return rad_fail(k->error, RAD_REFUSED,
                    "refused (minimum_cell): at the coefficients of round %u of model %s the sums, with all "
                    "that left before, would tell of fewer than %d patients: %s",
                    state->round, state->model, k->round->rules->cell, what);
}

/* Does a combination rest on one patient, but for a share, or on fewer than the minimum? */
static rad_status judge_few(const looking *k, double one, double some) {
    const space *s = k->space;
    const int cell = k->round->rules->cell;
    bool few = false;
    double *persons = rad_new_raw(s->count, s->n * sizeof *persons, k->error);
    if (!persons) return RAD_NO_MEMORY;
    take_persons(s, persons, &k->worth->one); /* the most of all that is looked at */
    rad_status status = rad_normal_few(persons, s->count, s->n, 1, one, &few, k->error);
    if (status == RAD_OK && !few && some > 0)
        status = rad_normal_few(persons, s->count, s->n, (size_t)cell - 1, some / cell, &few, k->error);
    if (status == RAD_OK && few) status = refuse_few(k, persons);
    rad_free(persons);
    return status;
}

static rad_status judge_many(const looking *k) {
    const rad_ledger_round *r = k->round;
    const double most = 2 * r->rules->rows * (double)r->rows->n;
    double *persons = rad_new_raw(k->space->count, k->space->n * sizeof *persons, k->error);
    if (!persons) return RAD_NO_MEMORY;
    const double equations = take_persons(k->space, persons, &(double){0});
    rad_free(persons);
    k->worth->most = most;
    k->worth->equations = fmax(k->worth->equations, equations);
    if (equations <= most + 1e-9) return RAD_OK;
    return rad_fail(
        k->error, RAD_SPENT,
        "refused (rows): with round %u of model %s, what left of the same patients would be worth "
        "%.1f equations for the values of a column, of at most %.1f (2 rows n): fewer terms or "
        "lambdas, no validation, or more patients",
        r->state->round, r->state->model, equations, most);
}

/* As many rows as there can be; sets count twice, for squares. */
static size_t count_rows(const looking *k) {
    size_t rows = k->round->weights->count + 1;
    if (k->class < k->round->permit->class_count) rows += k->round->permit->classes[k->class].audit.normals;
    for (size_t i = 0; i < k->ledger->count; i++) {
        size_t g;
        json_t *group;
        json_array_foreach(json_object_get(k->ledger->entries[i].line, "classes"), g, group) rows +=
            2 * json_array_size(json_object_get(group, "sets"));
    }
    return rows + rad_ledger_round_rows(k->ledger);
}

static rad_status begin(looking *k, size_t rows) {
    space *s = k->space;
    *s = (space){.n = s->n, .rows = rows, .wide = s->n + rows};
    s->normal = rad_new(rows, s->wide * sizeof *s->normal, k->error);
    s->plain = rad_new_raw(rows, s->n * sizeof *s->plain, k->error);
    s->noise = rad_new_raw(rows, sizeof *s->noise, k->error);
    s->model = rad_new_raw(rows, sizeof *s->model, k->error);
    s->apart = rad_new_raw(s->n, sizeof *s->apart, k->error);
    return s->normal && s->plain && s->noise && s->model && s->apart ? RAD_OK : RAD_NO_MEMORY;
}

static void end(looking *k) {
    rad_free(k->space->normal);
    rad_free(k->space->plain);
    rad_free(k->space->noise);
    rad_free(k->space->model);
    rad_free(k->space->apart);
}

/* With its sums leave those of a column's squares, over all patients of the model and over each set of a
 * release; to first order they tell the values themselves. A column has its own alone. */
static rad_status judge_squares(const looking *k) {
    space *s = k->space;
    const rad_round_rows *r = k->round->rows;
    const size_t before = s->count;
    double *own = rad_new(s->n, sizeof *own, k->error);
    rad_status status = own ? RAD_OK : RAD_NO_MEMORY;
    for (size_t j = r->intercept; j < r->columns && status == RAD_OK; j++) {
        if (r->variable[j] == SIZE_MAX || k->round->permit->of[r->variable[j]] != k->class) continue;
        for (size_t i = 0; i < r->n; i++) {
            const size_t at = k->person[r->row[i]];
            if (at < s->n) own[at] = (r->x[j * r->n + i] - r->mean[j]) / r->deviation[j];
        }
        add(s, own, 0, r->n, SIZE_MAX);
        for (size_t row = s->sets[0]; row < s->sets[1]; row++) {
            for (size_t i = 0; i < s->n; i++) k->wide[i] = own[i] * s->plain[row * s->n + i];
            add(s, k->wide, 0, r->n, SIZE_MAX);
        }
        status = judge_few(k, square_rest, 0);
        s->count = before;
    }
    rad_free(own);
    return status;
}

/* What is asked of a column: at first without rows that hold for small changes only, which are many. */
static rad_status look_at_columns(looking *k) {
    rad_status status = begin(k, count_rows(k));
    if (status == RAD_OK) status = add_releases(k);
    if (status == RAD_OK) status = add_rounds(k, false);
    if (status == RAD_OK) {
        add_now(k, false);
        status = judge_few(k, one_rest, few_rest);
    }
    if (status == RAD_OK) status = add_rounds(k, true);
    if (status == RAD_OK) {
        add_now(k, true);
        status = judge_few(k, all_rest, 0);
    }
    if (status == RAD_OK) status = judge_squares(k);
    if (status == RAD_OK) status = judge_many(k);
    end(k);
    return status;
}

typedef rad_status reader(const rad_ledger *ledger, size_t at, rad_round_weights *rows, uint32_t **person,
                          rad_error *error);

/* By columns, or by the order of predictors, of all models before: any may be of the same outcome. */
static rad_status add_told(const looking *k, reader *read) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < rad_ledger_round_count(k->ledger) && status == RAD_OK; i++) {
        rad_round_weights w;
        uint32_t *person = NULL;
        status = read(k->ledger, i, &w, &person, k->error);
        for (size_t j = 0; j < w.count && status == RAD_OK; j++)
            add_spread(k, w.row + j * w.n, w.n, person, NULL, 0, SIZE_MAX);
        rad_round_weights_free(&w);
        rad_free(person);
    }
    return status;
}

/* Of the response, sums by the columns leave, whatever the coefficients: of this model and of all before. And
 * what the orders of predictors tell of it. */
static rad_status look_at_response(looking *k) {
    const rad_round_rows *r = k->round->rows;
    const rad_round_weights *ranks = k->round->ranks;
    rad_status status = begin(k, r->columns + ranks->count + rad_ledger_round_told(k->ledger));
    if (status == RAD_OK) {
        for (size_t j = 0; j < r->columns; j++)
            add_spread(k, r->x + j * r->n, r->n, k->person, r->row, 0, SIZE_MAX);
        for (size_t j = 0; j < ranks->count; j++)
            add_spread(k, ranks->row + j * ranks->n, ranks->n, k->person, r->row, 0, SIZE_MAX);
        status = add_told(k, rad_ledger_round_columns);
    }
    if (status == RAD_OK) status = add_told(k, rad_ledger_round_ranks);
    if (status == RAD_OK) status = judge_few(k, one_rest, few_rest);
    if (status == RAD_OK) status = judge_many(k);
    end(k);
    return status;
}

rad_status rad_round_together(const rad_ledger *l, const rad_ledger_round *r, rad_round_worth *worth,
                              rad_error *error) {
    const rad_cohort *c = r->rows->cohort;
    space s = {0};
    *worth = (rad_round_worth){0};
    uint32_t *person = rad_new_raw(c->rows, sizeof *person, error);
    bool *seen = rad_new(r->permit->class_count + 1, sizeof *seen, error);
    rad_status status = person && seen ? rad_ledger_round_persons(l, c, person, &s.n, error) : RAD_NO_MEMORY;
    double *wide = status == RAD_OK ? rad_new(s.n, sizeof *wide, error) : NULL;
    if (status == RAD_OK && !wide) status = RAD_NO_MEMORY;
    for (size_t j = 0; j < r->rows->columns && status == RAD_OK; j++) {
        const size_t v = r->rows->variable[j],
                     class = v == SIZE_MAX ? r->permit->class_count : r->permit->of[v];
        looking k = {l, r, class, person, &s, worth, wide, error};
        if (!j) status = look_at_response(&k);
        if (status == RAD_OK && !seen[class]) status = look_at_columns(&k);
        seen[class] = true;
    }
    rad_free(person);
    rad_free(seen);
    rad_free(wide);
    return status;
}
