#include "ledger_checks.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../core/names.h"
#include "parts.h"
#include "site_analyses.h"

#include <math.h>
#include <string.h>

void rad_ledger_spread(const rad_ledger_entry *e, const uint64_t *set, size_t words, uint64_t *out) {
    memset(out, 0, words * sizeof *out);
    for (size_t r = 0; r < e->who.patients; r++)
        if (rad_bitset_has(set, r)) rad_bitset_add(out, e->who.person[r]);
}

/* What is audited together: the variables of a class, or what an analysis says. Its sets, and how the ledger
 * calls it. Zeroed before the first. */
typedef struct audited {
    size_t class, analysis, which; /* of the permit; class_count: sets number `which` of an analysis */
    const rad_sets *sets;          /* NULL: there are no more */
    rad_names names;               /* definitions of the variables of the class */
    rad_audited own;
} audited;

static void free_audited(audited *a) {
    rad_sets_free(&a->own.sets);
    rad_names_free(&a->names);
}

/* Variables of a class of which sums leave, by their definitions, and by those that they had before. */
static rad_status name_class(const rad_release *r, const rad_likes *likes, audited *a, rad_error *error) {
    size_t count = 0;
    rad_status status = rad_names_allocate(&a->names, r->cohort->count + (likes ? likes->count : 0), error);
    if (status != RAD_OK) return status;
    for (size_t i = 0; likes && i < likes->count; i++)
        if (r->permit->of[likes->row[i].place] == a->class) a->names.row[count++] = likes->row[i];
    for (size_t v = 0; v < r->cohort->count; v++)
        if (r->permit->of[v] == a->class && r->permit->powers[v])
            a->names.row[count++] = (rad_name){r->cohort->variables[v].definition, v};
    a->names.count = count;
    rad_names_sort(&a->names);
    return RAD_OK;
}

static rad_status next_audited(const rad_release *r, const rad_likes *likes, audited *a, rad_error *error) {
    const rad_permit *p = r->permit;
    free_audited(a);
    if (a->sets && a->class < p->class_count) a->class += 1;
    a->sets = a->class < p->class_count ? &p->classes[a->class].sets : NULL;
    if (a->sets) return name_class(r, likes, a, error);
    for (; !a->sets && a->analysis < RAD_ANALYSES; a->analysis++, a->which = 0) {
        const rad_site_analysis *row = rad_site_analyses[a->analysis];
        if (!row->audit) continue;
        rad_status status = row->audit(r->cohort, r->study, p, a->which++, &a->own, error);
        if (status != RAD_OK) return status;
        if (!*a->own.name) continue;
        a->sets = &a->own.sets;
        break;
    }
    return RAD_OK;
}

/* Is that what the ledger calls it, or one of its variables? */
static bool is_called(const rad_release *r, const audited *a, const char *text) {
    if (a->class >= r->permit->class_count) return !strcmp(a->own.name, text);
    return rad_names_find(&a->names, text) != SIZE_MAX;
}

/* Has a release this, or one of these variables, in a list of its line? */
static bool touches(const rad_release *r, const audited *a, const json_t *list) {
    size_t k;
    json_t *text;
    json_array_foreach(list, k, text) {
        const char *name = json_string_value(text);
        if (name && is_called(r, a, name)) return true;
    }
    return false;
}

/* Sets of a line over which sums of the same left, of all persons; of sums of fourth powers the first, which
 * is that of all patients with a value. */
static rad_status collect_line(const rad_ledger_entry *e, const rad_release *r, const audited *a, bool four,
                               rad_sets *out, rad_error *error) {
    const size_t own = rad_bitset_words(e->who.patients);
    uint64_t *set = rad_new(own, sizeof *set, error), *wide = rad_new(out->words, sizeof *wide, error);
    size_t i, k;
    json_t *group, *text;
    rad_status status = set && wide ? RAD_OK : RAD_NO_MEMORY;
    json_array_foreach(json_object_get(e->line, "classes"), i, group) {
        if (status != RAD_OK || !touches(r, a, json_object_get(group, four ? "fourth" : "variables")))
            continue;
        json_array_foreach(json_object_get(group, "sets"), k, text) {
            if (status != RAD_OK || (four && k) || !rad_ledger_decode(text, set, own * sizeof *set)) continue;
            rad_ledger_spread(e, set, out->words, wide);
            status = rad_sets_add(out, wide, error);
        }
    }
    rad_free(set);
    rad_free(wide);
    return status;
}

static rad_status collect(const rad_ledger_checked *c, const audited *a, bool four, rad_sets *before,
                          rad_sets *now, rad_error *error) {
    const size_t count = four && a->sets->count ? 1 : a->sets->count;
    uint64_t *wide = rad_new(before->words, sizeof *wide, error);
    rad_status status = wide ? RAD_OK : RAD_NO_MEMORY;
    for (size_t n = 0; n < c->ledger->count && status == RAD_OK; n++)
        status = collect_line(&c->ledger->entries[n], c->release, a, four, before, error);
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        rad_ledger_spread(c->now, a->sets->bits + i * a->sets->words, now->words, wide);
        status = rad_sets_add(now, wide, error);
    }
    rad_free(wide);
    return status;
}

static rad_status refuse_times(const rad_release *r, const char *name, rad_error *error) {
    return rad_fail(error, RAD_REFUSED,
                    "refused (differencing): the %s of its life tables, with those of an earlier release, "
                    "would reveal fewer than %d patients. Keep to the times, groups and rows of that release",
                    name, r->rules->cell);
}

static rad_status add_score(const rad_ledger_entry *e, const double *own, double *wide, size_t persons,
                            rad_audit *rows, rad_error *error) {
    memset(wide, 0, persons * sizeof *wide);
    for (size_t r = 0; r < e->who.patients; r++)
        if (isfinite(own[r])) wide[e->who.person[r]] = own[r];
    return rad_audit_add(rows, wide, false, error);
}

/* Sums of products with a score, of all persons: of the releases before (now: of this one). */
static rad_status add_scores(const rad_ledger_checked *c, const audited *a, bool now, rad_audit *rows,
                             rad_error *error) {
    const rad_class *class = &c->release->permit->classes[a->class];
    double *own = rad_new(rad_ledger_most_patients(c), sizeof *own, error),
           *wide = rad_new(c->persons, sizeof *wide, error);
    rad_status status = own && wide ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; now && i < class->scores && status == RAD_OK; i++)
        status = add_score(c->now, class->scored + i * c->now->who.patients, wide, c->persons, rows, error);
    for (size_t n = 0; !now && n < c->ledger->count && status == RAD_OK; n++) {
        const rad_ledger_entry *e = &c->ledger->entries[n];
        size_t i, k;
        json_t *group, *text;
        json_array_foreach(json_object_get(e->line, "classes"), i, group) {
            if (status != RAD_OK || !touches(c->release, a, json_object_get(group, "variables"))) continue;
            json_array_foreach(json_object_get(group, "scores"), k, text) {
                if (status != RAD_OK || !rad_ledger_decode(text, own, e->who.patients * sizeof *own))
                    continue;
                status = add_score(e, own, wide, c->persons, rows, error);
            }
        }
    }
    rad_free(own);
    rad_free(wide);
    return status;
}

/* Measurements as weights: 0 for who has none. */
static void copy_weights(const rad_release *r, size_t variable, double *out) {
    const double *x = r->cohort->values + variable * r->cohort->rows;
    for (size_t i = 0; i < r->cohort->rows; i++) out[i] = isnan(x[i]) ? 0 : x[i];
}

static rad_status add_weighed(const rad_ledger_entry *e, const uint64_t *set, const double *value,
                              double *wide, size_t persons, rad_audit *rows, rad_error *error) {
    memset(wide, 0, persons * sizeof *wide);
    for (size_t r = 0; r < e->who.patients; r++)
        if (rad_bitset_has(set, r) && isfinite(value[r])) wide[e->who.person[r]] = value[r];
    return rad_audit_add(rows, wide, true, error);
}

/* Room for one row of an entry. */
typedef struct weighing {
    uint64_t *set;
    double *value;
    double *wide;
} weighing; /* all owned */

static rad_status make_weighing(const rad_ledger_checked *c, weighing *w, rad_error *error) {
    const size_t most = rad_ledger_most_patients(c);
    *w = (weighing){rad_new(rad_bitset_words(most) + 1, sizeof *w->set, error),
                    rad_new(most, sizeof *w->value, error), rad_new(c->persons, sizeof *w->wide, error)};
    return w->set && w->value && w->wide ? RAD_OK : RAD_NO_MEMORY;
}

static void free_weighing(weighing *w) {
    rad_free(w->set);
    rad_free(w->value);
    rad_free(w->wide);
}

/* Sums of products with measurements that left in a line. */
static rad_status add_line_weighed(const rad_ledger_checked *c, const audited *a, const rad_ledger_entry *e,
                                   weighing *w, rad_audit *rows, rad_error *error) {
    const size_t own = rad_bitset_words(e->who.patients);
    const json_t *weights = json_object_get(e->line, "weights");
    size_t i, k;
    json_t *group, *row;
    rad_status status = RAD_OK;
    json_array_foreach(json_object_get(e->line, "classes"), i, group) {
        if (status != RAD_OK || !touches(c->release, a, json_object_get(group, "variables"))) continue;
        json_array_foreach(json_object_get(group, "weighed"), k, row) {
            const char *of = json_string_value(json_array_get(row, 0));
            if (status != RAD_OK || !of ||
                !rad_ledger_decode(json_array_get(row, 1), w->set, own * sizeof *w->set))
                continue;
            status = rad_ledger_unseal(c->ledger, json_object_get(weights, of), w->value,
                                       e->who.patients * sizeof *w->value,
                                       (size_t)(e - c->ledger->entries) + 1, error);
            if (status == RAD_OK) status = add_weighed(e, w->set, w->value, w->wide, c->persons, rows, error);
        }
    }
    return status;
}

/* Of the releases before (now: of this one). */
static rad_status add_measured(const rad_ledger_checked *c, const audited *a, bool now, rad_audit *rows,
                               rad_error *error) {
    const rad_class *class = &c->release->permit->classes[a->class];
    weighing w;
    rad_status status = make_weighing(c, &w, error);
    for (size_t i = 0; now && i < class->weighed.count && status == RAD_OK; i++) {
        copy_weights(c->release, class->weight[i], w.value);
        status = add_weighed(c->now, class->weighed.bits + i * class->weighed.words, w.value, w.wide,
                             c->persons, rows, error);
    }
    for (size_t n = 0; !now && n < c->ledger->count && status == RAD_OK; n++)
        status = add_line_weighed(c, a, &c->ledger->entries[n], &w, rows, error);
    free_weighing(&w);
    return status;
}

static rad_status refuse_products(const rad_release *r, rad_error *error) {
    return rad_fail(
        error, RAD_REFUSED,
        "refused (differencing): sums of products (covariance, model) left for other patients before; with "
        "those "
        "of now they would tell of fewer than %d who came or went. Leave `covariance` and `model` out of "
        "`analyses`, keep to the patients of that release, or wait until more have changed",
        r->rules->cell);
}

/* What measurements as weights add to that. */
static rad_status look_at_measured(const rad_ledger_checked *c, const audited *a, rad_audit *rows,
                                   const rad_audit_limits *limits, rad_audit_verdict *verdict,
                                   rad_error *error) {
    const size_t rank = rows->all.rank;
    rad_status status = add_measured(c, a, false, rows, error);
    if (status == RAD_OK) status = add_measured(c, a, true, rows, error);
    if (status != RAD_OK || rows->all.rank == rank) return status;
    return rad_audit_look(rows, limits, verdict, error);
}

static rad_status spend(const rad_release *r, bool four, rad_error *error) {
    return rad_fail(
        error, RAD_SPENT,
        "refused (%s): with what left before, sums of %s of the same variable would leave over more "
        "sets of these patients than %g for each of them. Keep to the groups and rows of an earlier "
        "release",
        rad_rule_rows[RAD_RULE_ROWS].key.name, four ? "fourth powers" : "powers",
        four ? r->rules->rows / 2 : r->rules->rows);
}

/* What the sets of this release tell with those before, if they are others. Life tables are counts, of which
 * there may be many. */
static rad_status audit(const rad_ledger_checked *c, const audited *a, bool four, const rad_sets *before,
                        const rad_sets *now, rad_error *error) {
    const rad_release *r = c->release;
    const bool class = a->class < r->permit->class_count;
    const rad_audit_limits limits = {four ? 1 : (size_t)r->rules->cell, !class ? 1
                                                                        : four ? r->rules->rows / 2
                                                                               : r->rules->rows};
    rad_audit rows = {.patients = c->persons};
    rad_audit_verdict verdict = RAD_AUDIT_FINE;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < before->count && status == RAD_OK; i++)
        status = rad_audit_add_set(&rows, before->bits + i * before->words, error);
    if (status == RAD_OK && class && !four) status = add_scores(c, a, false, &rows, error);
    const size_t rank = rows.all.rank;
    for (size_t i = 0; i < now->count && status == RAD_OK; i++)
        status = rad_audit_add_set(&rows, now->bits + i * now->words, error);
    if (status == RAD_OK && class && !four) status = add_scores(c, a, true, &rows, error);
    if (status == RAD_OK && rank && rows.all.rank > rank)
        status = rad_audit_look(&rows, &limits, &verdict, error);
    const bool sets = verdict != RAD_AUDIT_FINE;
    if (status == RAD_OK && !sets && rank && class && !four)
        status = look_at_measured(c, a, &rows, &limits, &verdict, error);
    rad_audit_free(&rows);
    if (status != RAD_OK || verdict == RAD_AUDIT_FINE) return status;
    if (verdict == RAD_AUDIT_MANY) return spend(r, four, error);
    if (!sets) return refuse_products(r, error);
    const rad_ledger_pair pair = {before, now, a->sets, class ? &r->permit->classes[a->class] : NULL};
    return class ? rad_ledger_refuse_pair(c, &pair, error) : refuse_times(r, a->own.name, error);
}

/* What one set has beyond another, as rows of this release; false: nobody, or some who are not in it. */
static bool find_rest(const rad_ledger_checked *c, const uint64_t *from, const uint64_t *less,
                      uint64_t *rows) {
    const size_t count = rad_bitset_beyond(from, less, rad_bitset_words(c->persons));
    size_t found = 0;
    for (size_t r = 0; r < c->now->who.patients && count; r++) {
        const size_t person = c->now->who.person[r];
        if (!rad_bitset_has(from, person) || rad_bitset_has(less, person)) continue;
        rad_bitset_add(rows, r);
        found++;
    }
    return count && found == count;
}

/* What is left over where one lies in the other; else, where they have somebody in common, the difference. */
static rad_status add_rest(const rad_ledger_checked *c, const uint64_t *one, const uint64_t *other,
                           rad_sets *rests, rad_sets *apart, rad_error *error) {
    const size_t persons = rad_bitset_words(c->persons), words = rests->words;
    const bool all = !rad_bitset_beyond(one, other, persons), none = !rad_bitset_beyond(other, one, persons);
    if ((all && none) || !rad_bitset_common(one, other, persons)) return RAD_OK;
    uint64_t *sides = rad_new(2 * words, sizeof *sides, error);
    if (!sides) return RAD_NO_MEMORY;
    const bool here = all || find_rest(c, one, other, sides),
               there = none || find_rest(c, other, one, sides + words);
    rad_status status = RAD_OK;
    if (here && there)
        status = all || none ? rad_sets_add(rests, all ? sides + words : sides, error)
                             : rad_sets_add_difference(apart, sides, error);
    rad_free(sides);
    return status;
}

/* The same of a set and of several that lie in it for the most part and have nobody in common: levels of a
 * grouping that left in one release, together. */
static rad_status add_nearest(const rad_ledger_checked *c, const rad_sets *of, const uint64_t *set,
                              rad_sets *rests, rad_sets *apart, rad_error *error) {
    const size_t words = of->words;
    uint64_t *all = rad_new(words, sizeof *all, error);
    if (!all) return RAD_NO_MEMORY;
    const size_t most = rad_bitset_count(set, words) - 1; /* a set is none of its parts */
    const size_t count = rad_sets_nearest(of, set, most, all);
    rad_status status = count > 1 ? add_rest(c, set, all, rests, apart, error) : RAD_OK;
    rad_free(all);
    return status;
}

/* What holds for a set holds for what one release leaves over of a set of another. */
static rad_status look_at_rests(const rad_ledger_checked *c, const audited *a, const rad_sets *before,
                                const rad_sets *now, rad_error *error) {
    const rad_release *r = c->release;
    const rad_permitting m = {.cohort = r->cohort, .rules = r->rules, .permit = (rad_permit *)r->permit};
    rad_sets rests = {.words = r->cohort->words}, apart = rests;
    double *values = rad_new_raw(r->cohort->rows, sizeof *values, error);
    rad_status status = values ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < before->count; i++)
        for (size_t k = 0; k < now->count && status == RAD_OK; k++) {
            const uint64_t *one = before->bits + i * before->words, *other = now->bits + k * now->words;
            if (!rad_sets_have(now, now->count, one)) status = add_rest(c, one, other, &rests, &apart, error);
        }
    for (size_t i = 0; i < before->count && status == RAD_OK; i++)
        if (!rad_sets_have(now, now->count, before->bits + i * before->words))
            status = add_nearest(c, now, before->bits + i * before->words, &rests, &apart, error);
    for (size_t k = 0; k < now->count && status == RAD_OK; k++)
        status = add_nearest(c, before, now->bits + k * now->words, &rests, &apart, error);
    for (size_t v = 0; v < r->cohort->count && status == RAD_OK; v++) {
        bool fine = true;
        if (r->permit->of[v] != a->class || !r->permit->powers[v]) continue;
        status = rad_part_look(&m, v, &rests, values, &fine, error);
        if (status == RAD_OK && fine) status = rad_part_look(&m, v, &apart, values, &fine, error);
        if (status == RAD_OK && !fine)
            status =
                rad_fail(error, RAD_REFUSED,
                         "refused (differencing): %s: an earlier release leaves over patients, of whom few "
                         "make up the sum, or differ from the others. Keep to the groups and rows of that "
                         "release",
                         r->cohort->variables[v].name);
    }
    rad_sets_free(&rests);
    rad_sets_free(&apart);
    rad_free(values);
    return status;
}

static bool has_fourth(const rad_release *r, const audited *a) {
    for (size_t v = 0; v < r->cohort->count; v++)
        if (r->permit->of[v] == a->class && r->permit->powers[v] == 4) return true;
    return false;
}

static rad_status check_sets(const rad_ledger_checked *c, const audited *a, rad_error *error) {
    const bool class = a->class < c->release->permit->class_count;
    rad_status status = RAD_OK;
    for (int four = 0; four < (class && has_fourth(c->release, a) ? 2 : 1) && status == RAD_OK; four++) {
        rad_sets before = {.words = rad_bitset_words(c->persons)}, now = before;
        status = collect(c, a, four == 1, &before, &now, error);
        if (status == RAD_OK) status = audit(c, a, four == 1, &before, &now, error);
        if (status == RAD_OK && class && !four) status = look_at_rests(c, a, &before, &now, error);
        rad_sets_free(&before);
        rad_sets_free(&now);
    }
    return status;
}

rad_status rad_ledger_check_sets(const rad_ledger_checked *c, rad_error *error) {
    audited a = {.class = 0};
    rad_status status = RAD_OK;
    for (bool more = true; more && status == RAD_OK;) {
        status = next_audited(c->release, c->likes, &a, error);
        more = a.sets != NULL;
        if (status == RAD_OK && more) status = check_sets(c, &a, error);
    }
    free_audited(&a);
    return status;
}

static json_t *class_object(const rad_release *r, const audited *a) {
    json_t *variables = json_array(), *list = json_array(), *fourth = json_array(), *scores = json_array(),
           *weighed = json_array();
    const rad_class *class = a->class < r->permit->class_count ? &r->permit->classes[a->class] : NULL;
    if (*a->own.name) rad_tree_add(&variables, json_string(a->own.name));
    for (size_t v = 0; v < r->cohort->count; v++)
        if (r->permit->of[v] == a->class && r->permit->powers[v])
            rad_tree_add(&variables, json_string(r->cohort->variables[v].definition));
    for (size_t v = 0; v < r->cohort->count; v++)
        if (r->permit->of[v] == a->class && r->permit->powers[v] == 4)
            rad_tree_add(&fourth, json_string(r->cohort->variables[v].definition));
    for (size_t i = 0; i < a->sets->count; i++)
        rad_tree_add(&list, rad_ledger_encoded(a->sets->bits + i * a->sets->words,
                                               a->sets->words * sizeof *a->sets->bits));
    for (size_t i = 0; class && i < class->scores; i++)
        rad_tree_add(&scores, rad_ledger_encoded(class->scored + i * r->cohort->rows,
                                                 r->cohort->rows * sizeof *class->scored));
    for (size_t i = 0; class && i < class->weighed.count; i++)
        rad_tree_add(&weighed,
                     json_pack("[s, o]", r->cohort->variables[class->weight[i]].definition,
                               rad_ledger_encoded(class->weighed.bits + i * class->weighed.words,
                                                  class->weighed.words * sizeof *class->weighed.bits)));
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "variables", variables, "fourth", fourth, "sets", list,
                     "scores", scores, "weighed", weighed);
}

/* Names and sets of all that is audited together. */
json_t *rad_ledger_classes(const rad_release *r) {
    json_t *all = json_array();
    audited a = {.class = 0};
    rad_status status = next_audited(r, NULL, &a, NULL);
    for (; a.sets && status == RAD_OK; status = next_audited(r, NULL, &a, NULL))
        rad_tree_add(&all, class_object(r, &a));
    free_audited(&a);
    if (status == RAD_OK) return all;
    json_decref(all);
    return NULL;
}

json_t *rad_ledger_weights(const rad_ledger *l, const rad_release *r) {
    double *value = rad_new(r->cohort->rows, sizeof *value, NULL);
    json_t *all = value ? json_object() : NULL;
    for (size_t k = 0; k < r->permit->class_count && all; k++)
        for (size_t i = 0; i < r->permit->classes[k].weighed.count; i++) {
            const size_t v = r->permit->classes[k].weight[i];
            const char *name = r->cohort->variables[v].definition;
            if (json_object_get(all, name)) continue;
            copy_weights(r, v, value);
            rad_tree_set(&all, name, rad_ledger_seal(l, value, r->cohort->rows * sizeof *value));
        }
    rad_free(value);
    return all;
}
