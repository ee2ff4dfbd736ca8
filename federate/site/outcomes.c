#include "outcomes.h"

#include "../../core/memory.h"

#include <stdlib.h>

typedef struct outcome {
    double time;
    bool event;
    size_t patient;
} outcome;

/* At the same time events come first, since who is censored was there longer. */
static int by_time(const void *a, const void *b) {
    const outcome *p = a, *q = b;
    if (p->time != q->time) return p->time < q->time ? -1 : 1;
    return (int)q->event - (int)p->event;
}

/* Who had the event, with those who were there longer: from the last time to the first. */
static void walk_back(const outcome *list, size_t count, const rad_outcomes_visitor *v) {
    for (size_t end = count, first; end; end = first) {
        first = end;
        while (first && list[first - 1].time == list[end - 1].time) first--;
        for (size_t i = first; i < end; i++)
            if (!list[i].event) v->put(v->context, list[i].patient);
        for (size_t i = first; i < end; i++)
            if (list[i].event) v->compare(v->context, list[i].patient, true);
        for (size_t i = first; i < end; i++)
            if (list[i].event) v->put(v->context, list[i].patient);
    }
}

/* Everybody with those who had the event before. */
static void walk_on(const outcome *list, size_t count, const rad_outcomes_visitor *v) {
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first; end < count && list[end].time == list[first].time;) end++;
        for (size_t i = first; i < end; i++)
            if (list[i].event) v->compare(v->context, list[i].patient, false);
        for (size_t i = first; i < end; i++)
            if (list[i].event) v->put(v->context, list[i].patient);
        for (size_t i = first; i < end; i++)
            if (!list[i].event) v->compare(v->context, list[i].patient, false);
    }
}

rad_status rad_outcomes_walk(const rad_outcomes *of, const rad_outcomes_visitor *v, rad_error *error) {
    outcome *list = rad_new(of->count, sizeof *list, error);
    if (!list) return RAD_NO_MEMORY;
    for (size_t i = 0; i < of->count; i++) list[i] = (outcome){of->time[i], of->event[i], i};
    if (of->count) qsort(list, of->count, sizeof *list, by_time);
    v->clear(v->context);
    walk_back(list, of->count, v);
    v->clear(v->context);
    walk_on(list, of->count, v);
    rad_free(list);
    return RAD_OK;
}
