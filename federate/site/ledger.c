#include "ledger.h"

#include "../../core/memory.h"
#include "../../core/printable.h"
#include "ledger_checks.h"
#include "neighbours.h"
#include "site_analyses.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* What the summary says of the ledger as it was before entry `at`. */
static void say_ledger(const rad_ledger *l, size_t at, rad_summary *s) {
    s->ledger = l->head;
    s->ledger.entries = at;
    snprintf(s->ledger.head, sizeof s->ledger.head, "%s",
             at < l->count ? rad_ledger_entry_text(&l->entries[at], "previous") : l->last);
}

void rad_ledger_forget_checked(rad_ledger *l) {
    rad_ledger_entry_free(&l->checked);
    rad_free(l->shared);
    rad_free(l->likes.row);
    l->shared = NULL;
    l->likes = (rad_likes){.count = 0};
    json_decref(l->alike);
    l->alike = NULL;
    l->of = NULL;
}

/* Patients of the release at hand as persons of the ledger, and columns that it knows by another name: once
 * for what is held back and what is refused. */
static rad_status begin_check(rad_ledger *l, const rad_release *r, rad_ledger_checked *c, rad_error *error) {
    const bool known = l->shared && l->of == r->cohort;
    rad_status status = RAD_OK;
    if (!known) {
        rad_ledger_forget_checked(l);
        l->numbered = l->persons;
        l->shared = rad_new(l->count, sizeof *l->shared, error);
        status = l->shared ? rad_ledger_entry_make(l, r->cohort, &l->checked, error) : RAD_NO_MEMORY;
        if (status == RAD_OK)
            status = rad_ledger_entry_number(l, &l->checked, l->count, &l->numbered, l->shared, error);
    }
    *c = (rad_ledger_checked){l, r, &l->checked, l->shared, l->numbered, &l->likes};
    if (status == RAD_OK && !known) status = rad_ledger_find_likes(c, &l->likes, error);
    if (status == RAD_OK)
        l->of = r->cohort;
    else
        rad_ledger_forget_checked(l);
    return status;
}

static rad_status hold_histograms(rad_ledger *l, const rad_release *r, rad_error *error) {
    rad_ledger_checked c;
    l->held = 0;
    if (!l->count || !r->rules->cell || !rad_study_asks(r->study, RAD_HISTOGRAMS)) return RAD_OK;
    rad_status status = begin_check(l, r, &c, error);
    return status == RAD_OK ? rad_ledger_hold_histograms(&c, &l->held, error) : status;
}

size_t rad_ledger_held(const rad_ledger *l) {
    return l->held;
}

rad_status rad_ledger_body(rad_ledger *l, const rad_release *r, rad_bytes *body, bool *known,
                           rad_error *error) {
    size_t last = l->count;
    char hash[RAD_DIGEST_TEXT];
    *known = false;
    for (size_t i = 0; i < l->count; i++)
        if (!strcmp(rad_ledger_entry_text(&l->entries[i], "study"), r->study->id)) last = i;
    const bool again = last < l->count;
    r->summary->release =
        again ? (uint32_t)json_integer_value(json_object_get(l->entries[last].line, "release")) : 1;
    say_ledger(l, last, r->summary);
    rad_status status = hold_histograms(l, r, error);
    if (status == RAD_OK) status = rad_radsum_body(r->summary, r->study, body, error);
    if (status != RAD_OK || !again) return status;
    rad_hash_digest(body->data, body->length, hash);
    *known = !strcmp(hash, rad_ledger_entry_text(&l->entries[last], "hash"));
    if (*known) return RAD_OK;
    rad_bytes_free(body);
    r->summary->release++;
    say_ledger(l, l->count, r->summary);
    return rad_radsum_body(r->summary, r->study, body, error);
}

/* Whoever cut the last line, or a machine that failed: a file may have left with it. */
static rad_status refuse_rest(const rad_ledger *l, rad_error *error) {
    return rad_fail(error, RAD_UNTRUSTED,
                    "%s: its end (%zu byte%s) is not a whole line, and a release may have left with it; "
                    "restore the ledger from a copy, or, if the data officer knows that none left, keep it "
                    "apart with --set-aside FILE",
                    l->source, rad_ledger_rest(l), rad_plural(rad_ledger_rest(l)));
}

rad_status rad_ledger_check(rad_ledger *l, const rad_release *r, rad_error *error) {
    if (rad_ledger_rest(l) && !l->aside) return refuse_rest(l, error);
    rad_ledger_checked c;
    rad_status status = begin_check(l, r, &c, error);
    if (status == RAD_OK) status = rad_neighbours_check(l, r->cohort, error);
    if (status == RAD_OK) status = rad_ledger_check_persons(&c, error);
    if (status == RAD_OK) status = rad_ledger_check_cohorts(&c, error);
    if (status == RAD_OK) status = rad_ledger_check_transforms(&c, error);
    if (status == RAD_OK) status = rad_ledger_check_corrections(&c, error);
    if (status == RAD_OK) status = rad_ledger_check_versions(&c, error);
    if (status == RAD_OK) status = rad_ledger_check_budgets(&c, error);
    if (status == RAD_OK) status = rad_ledger_check_cuts(&c, error);
    if (status == RAD_OK) status = rad_ledger_check_counted(&c, error);
    if (status == RAD_OK) status = rad_ledger_check_sets(&c, error);
    return status;
}

/* The line without its end: what is signed. */
static rad_status line_text(const rad_ledger *l, const rad_release *r, const rad_ledger_entry *e,
                            const rad_bytes *body, rad_bytes *text, rad_error *error) {
    char hash[RAD_DIGEST_TEXT];
    rad_hash_digest(body->data, body->length, hash);
    json_t *line =
        json_pack("{s:I, s:s, s:s, s:s, s:I, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:b}", "entry",
                  (json_int_t)l->count + 1, "previous", l->last, "study", r->study->id, "study_hash",
                  r->study->hash, "release", (json_int_t)r->summary->release, "hash", hash, "patient_column",
                  r->study->patient, "classes", rad_ledger_classes(r), "takings", rad_ledger_transforms(r),
                  "orders", rad_ledger_orders(r), "cuts", rad_ledger_cuts(r), "score_counts",
                  rad_ledger_counted(r), "counted", (int)rad_study_asks(r->study, RAD_HISTOGRAMS));
    rad_tree_set(&line, "histograms", rad_ledger_histograms(r));
    rad_tree_set(&line, "weights", rad_ledger_weights(l, r));
    rad_ledger_entry_persons(l, e, &line);
    rad_ledger_entry_allowed(l, &line);
    for (size_t i = 0; i < RAD_ANALYSES; i++)
        if (rad_site_analyses[i]->products)
            rad_tree_set(&line, rad_analyses[i].word, rad_ledger_products(r, i));
    return rad_tree_text(line, JSON_COMPACT, text, error);
}

rad_status rad_ledger_append(rad_ledger *l, const rad_release *r, const rad_bytes *body, rad_error *error) {
    rad_bytes text = {0};
    char tail[RAD_LEDGER_TAIL];
    rad_status status = RAD_OK;
    if (l->of != r->cohort) {
        rad_ledger_forget_checked(l);
        status = rad_ledger_entry_make(l, r->cohort, &l->checked, error);
    }
    if (status == RAD_OK) status = line_text(l, r, &l->checked, body, &text, error);
    if (status == RAD_OK) {
        rad_bytes line[2];
        rad_ledger_sign(l->me, &text, tail, line);
        status = rad_neighbours_note(l, r->cohort, error); /* before: whoever left is in the list */
        if (status == RAD_OK) status = rad_ledger_file_add(l, line, error);
    }
    rad_bytes_free(&text);
    rad_ledger_forget_checked(l);
    return status;
}
