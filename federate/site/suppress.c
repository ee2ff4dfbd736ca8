#include "suppress.h"

#include <string.h>

enum { NODES = 2 * 64 };

void rad_suppress_row(const uint64_t *counts, size_t cells, size_t least, bool *hidden) {
    for (size_t i = 0; i < cells; i++) hidden[i] = hidden[i] || (counts[i] && counts[i] < least);
    for (;;) {
        uint64_t together = 0, some = 0;
        size_t smallest = cells;
        for (size_t i = 0; i < cells; i++) {
            if (hidden[i]) {
                together += counts[i];
                some += counts[i] > 0;
            } else if (counts[i] && (smallest == cells || counts[i] < counts[smallest])) {
                smallest = i;
            }
        }
        /* all of them 1, or all of them least - 1, would follow from their sum */
        const bool told = together == some || together == some * (least - 1);
        if (!together || (together >= least && !told)) return;
        if (smallest == cells) { /* nothing is left to hide but that some have nobody */
            for (size_t i = 0; i < cells && told; i++) hidden[i] = true;
            return;
        }
        hidden[smallest] = true;
    }
}

/* Rows and columns are the nodes of a graph, hidden cells its edges: from row to column a cell grows, without
 * end; from column to row it shrinks, to 0. How much can flow from one node to another, `except` left out, at
 * most `most`? */
typedef struct network {
    size_t rows, columns;
    const bool *hidden;
    uint64_t cell[NODES * NODES / 4]; /* as it is after what flowed */
    size_t except;
} network;

static bool edge(const network *n, size_t from, size_t to, size_t *cell, bool *grows) {
    *grows = from < n->rows;
    if (*grows == (to < n->rows)) return false;
    *cell = *grows ? from * n->columns + to - n->rows : to * n->columns + from - n->rows;
    return n->hidden[*cell] && *cell != n->except && (*grows || n->cell[*cell]);
}

/* One path by breadth-first search; what flowed along it. */
static uint64_t push(network *n, size_t source, size_t sink, uint64_t most) {
    size_t queue[NODES] = {0}, parent[NODES] = {0}, cell = 0;
    bool seen[NODES] = {false}, grows = false;
    size_t head = 0, tail = 0;
    const size_t nodes = n->rows + n->columns;
    queue[tail++] = source;
    seen[source] = true;
    while (head < tail && !seen[sink]) {
        const size_t from = queue[head++];
        for (size_t to = 0; to < nodes; to++)
            if (!seen[to] && edge(n, from, to, &cell, &grows)) {
                seen[to] = true;
                parent[to] = from;
                queue[tail++] = to;
            }
    }
    if (!seen[sink]) return 0;
    for (size_t to = sink; to != source; to = parent[to])
        if (edge(n, parent[to], to, &cell, &grows) && !grows && n->cell[cell] < most) most = n->cell[cell];
    for (size_t to = sink; to != source; to = parent[to]) {
        edge(n, parent[to], to, &cell, &grows);
        n->cell[cell] = grows ? n->cell[cell] + most : n->cell[cell] - most;
    }
    return most;
}

static uint64_t flow(network n, size_t source, size_t sink, uint64_t most) {
    uint64_t total = 0, more;
    while (total < most && (more = push(&n, source, sink, most - total))) total += more;
    return total;
}

void rad_suppress_interval(const uint64_t *counts, size_t rows, size_t columns, const bool *hidden,
                           size_t cell, uint64_t *low, uint64_t *high) {
    network n = {.rows = rows, .columns = columns, .hidden = hidden, .except = cell};
    const size_t row = cell / columns, column = rows + cell % columns;
    uint64_t total = 0;
    *low = *high = counts[cell];
    if (!hidden[cell]) return;
    for (size_t i = 0; i < rows * columns; i++) total += counts[i];
    memcpy(n.cell, counts, rows * columns * sizeof *counts);
    *high += flow(n, column, row, total);
    *low -= flow(n, row, column, counts[cell]);
}

/* Counts with their margins. */
typedef struct table {
    const uint64_t *counts;
    size_t rows, columns;
    uint64_t least;
} table;

static bool is_empty(const table *t, size_t cell) {
    uint64_t row = 0, column = 0;
    for (size_t c = 0; c < t->columns; c++) row += t->counts[cell / t->columns * t->columns + c];
    for (size_t r = 0; r < t->rows; r++) column += t->counts[r * t->columns + cell % t->columns];
    return !row || !column;
}

static bool is_primary(const table *t, size_t cell) {
    return t->counts[cell] < t->least && !is_empty(t, cell);
}

/* The first primary cell that can be told too closely, or the number of cells. */
static size_t find_exposed(const table *t, const bool *hidden) {
    size_t cell = 0;
    for (uint64_t low, high; cell < t->rows * t->columns; cell++) {
        if (!is_primary(t, cell)) continue;
        rad_suppress_interval(t->counts, t->rows, t->columns, hidden, cell, &low, &high);
        if (high - low < t->least) break;
    }
    return cell;
}

/* Hides the smallest shown cell in the row or column of that one, or anywhere; false when there is none. */
static bool hide_one(const table *t, size_t cell, bool *hidden) {
    const size_t cells = t->rows * t->columns;
    for (int near = 1; near >= 0; near--) {
        size_t best = cells;
        for (size_t i = 0; i < cells; i++) {
            const bool beside = i / t->columns == cell / t->columns || i % t->columns == cell % t->columns;
            if (!hidden[i] && beside == (near == 1) && !is_empty(t, i) &&
                (best == cells || t->counts[i] < t->counts[best]))
                best = i;
        }
        if (best == cells) continue;
        hidden[best] = true;
        return true;
    }
    return false;
}

void rad_suppress_table(const uint64_t *counts, size_t rows, size_t columns, size_t least, bool *hidden) {
    const table t = {counts, rows, columns, least};
    if (!rows || !columns) return;
    for (size_t i = 0; i < rows * columns; i++) hidden[i] = is_primary(&t, i);
    for (size_t cell; (cell = find_exposed(&t, hidden)) < rows * columns;)
        if (!hide_one(&t, cell, hidden)) return;  /* all are hidden: the margins alone are known */
    for (size_t i = 0; i < rows * columns; i++) { /* what was hidden on the way and is not needed */
        if (!hidden[i] || is_primary(&t, i)) continue;
        hidden[i] = false;
        hidden[i] = find_exposed(&t, hidden) < rows * columns;
    }
}
