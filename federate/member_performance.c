#include "member_performance.h"

#include "../core/printable.h"

#include <inttypes.h>

static json_t *sums_array(const rad_exact *sums, size_t count) {
    char text[RAD_EXACT_TEXT];
    json_t *all = json_array();
    for (size_t i = 0; i < count; i++) rad_tree_add(&all, json_string(rad_exact_write(&sums[i], text)));
    return all;
}

static json_t *performed_object(const rad_performance *of, const rad_performed *p) {
    char text[RAD_EXACT_TEXT];
    if (!p->shown) return json_null();
    json_t *object = json_pack("{s:I, s:I, s:o}", "events", (json_int_t)p->events, "others",
                               (json_int_t)p->others, "ranks", sums_array(p->ranks, rad_performed_ranks(of)));
    if (of->timed) return object;
    json_t *edges = json_array(), *counts = json_array();
    for (size_t i = 0; i < p->classes.edges; i++) rad_tree_add(&edges, json_integer(p->classes.edge[i]));
    for (size_t i = 0; i < 2 * rad_performed_classes(p); i++)
        rad_tree_add(&counts, json_integer((json_int_t)p->classes.counts[i]));
    rad_tree_set(&object, "edges", edges);
    rad_tree_set(&object, "counts", counts);
    if (!of->probability) return object;
    rad_tree_set(&object, "predicted",
                 p->predicted ? sums_array(p->predicted, rad_performed_classes(p)) : json_null());
    rad_tree_set(&object, "squares", json_string(rad_exact_write(&p->squares, text)));
    return object;
}

rad_status rad_performances_write(FILE *out, const rad_summary *s, const rad_study *study, rad_error *error) {
    rad_status status = RAD_OK;
    fputc('[', out);
    for (size_t i = 0; i < study->performance_count && status == RAD_OK; i++) {
        fputs(i ? ",\n  " : "\n  ", out);
        status = rad_member_put(out, performed_object(&study->performances[i], &s->performed[i]), error);
    }
    fputc(']', out);
    return status;
}

static const char what[] = "performance";

static rad_status read_sum(const rad_member_reader *r, const json_t *value, rad_exact *to) {
    rad_error why = {0};
    const char *text = json_string_value(value);
    return text && rad_exact_read(text, to, &why) == RAD_OK ? RAD_OK : rad_member_damaged(r, what);
}

static rad_status read_sums(const rad_member_reader *r, const json_t *array, size_t count, rad_exact *to) {
    rad_status status = json_array_size(array) == count ? RAD_OK : rad_member_damaged(r, what);
    for (size_t i = 0; i < count && status == RAD_OK; i++)
        status = read_sum(r, json_array_get(array, i), &to[i]);
    return status;
}

/* Edges rise from before the first cut to beyond the last. */
static rad_status read_edges(const rad_member_reader *r, const json_t *edges, size_t last, rad_performed *p) {
    uint64_t edge = 0;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < p->classes.edges && status == RAD_OK; i++) {
        status = rad_member_read_count(r, json_array_get(edges, i), (json_int_t)last, what, &edge);
        if (status == RAD_OK && (i ? edge <= p->classes.edge[i - 1] : edge != 0))
            status = rad_member_damaged(r, what);
        p->classes.edge[i] = (uint16_t)edge;
    }
    return status == RAD_OK && edge != last ? rad_member_damaged(r, what) : status;
}

static rad_status read_classes(const rad_member_reader *r, const json_t *object, const rad_performance *of,
                               rad_performed *p) {
    const json_t *edges = json_object_get(object, "edges"), *counts = json_object_get(object, "counts"),
                 *predicted = json_object_get(object, "predicted");
    const size_t size = json_array_size(edges);
    if (size < 2 || size > of->cuts + 2 || json_array_size(counts) != 2 * (size - 1))
        return rad_member_damaged(r, what);
    const bool sums = of->probability && !json_is_null(predicted);
    rad_status status = rad_performed_allocate(p, size, sums, r->error);
    if (status == RAD_OK) status = read_edges(r, edges, of->cuts + 1, p);
    for (size_t i = 0; i < 2 * (size - 1) && status == RAD_OK; i++)
        status =
            rad_member_read_count(r, json_array_get(counts, i), RAD_COUNT_MAX, what, &p->classes.counts[i]);
    if (status == RAD_OK && sums) status = read_sums(r, predicted, size - 1, p->predicted);
    if (status == RAD_OK && of->probability)
        status = read_sum(r, json_object_get(object, "squares"), &p->squares);
    return status;
}

static rad_status read_one(const rad_member_reader *r, const json_t *object, const rad_performance *of,
                           rad_performed *p) {
    const json_int_t rows = (json_int_t)r->summary->rows;
    if (json_is_null(object)) return RAD_OK;
    rad_status status = rad_member_read_count(r, json_object_get(object, "events"), rows, what, &p->events);
    if (status == RAD_OK)
        status = rad_member_read_count(r, json_object_get(object, "others"), rows, what, &p->others);
    if (status == RAD_OK && (!p->events || !p->others)) status = rad_member_damaged(r, what);
    if (status == RAD_OK)
        status = read_sums(r, json_object_get(object, "ranks"), rad_performed_ranks(of), p->ranks);
    if (status == RAD_OK && !of->timed) status = read_classes(r, object, of, p);
    p->shown = status == RAD_OK;
    return status;
}

rad_status rad_performances_read(const rad_member_reader *r, const json_t *all) {
    const rad_study *study = r->study;
    rad_status status =
        json_array_size(all) == study->performance_count ? RAD_OK : rad_member_damaged(r, what);
    for (size_t i = 0; i < study->performance_count && status == RAD_OK; i++)
        status = read_one(r, json_array_get(all, i), &study->performances[i], &r->summary->performed[i]);
    return status;
}

static void explain_one(const rad_performance *of, const rad_performed *p, FILE *out) {
    double c, variance;
    if (!p->shown || rad_performed_concordance(of, p, &c, &variance, NULL) != RAD_OK) {
        rad_show(out, "\n  performance %s: nothing leaves\n", of->name);
        return;
    }
    rad_show(out,
             "\n  performance %s: how many of the pairs of %" PRIu64 " patients with the event and %" PRIu64
             " without %s puts in order (%.4f), and the sums for its error",
             of->name, p->events, p->others, of->score, c);
    for (size_t i = 1; i + 1 < p->classes.edges; i++)
        rad_show(out, "%s %g", i > 1 ? "," : "; both counted between", of->cut[p->classes.edge[i] - 1]);
    rad_show(out, "%s%s\n", p->predicted ? "; sums of the predictions there" : "",
             of->probability ? "; the sum of the squares of what is left of them" : "");
}

void rad_performances_explain(const rad_summary *s, const rad_study *study, FILE *out) {
    for (size_t i = 0; i < study->performance_count && rad_study_asks(study, RAD_PERFORMANCE); i++)
        explain_one(&study->performances[i], &s->performed[i], out);
}
