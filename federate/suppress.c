#include "suppress.h"

#include <string.h>

enum { NODES = 2 * 64 };

void rad_suppress_row(const uint64_t *counts, size_t cells, size_t least, bool *hidden) {
    for (size_t i = 0; i < cells; i++) hidden[i] = hidden[i] || (counts[i] && counts[i] < least);
    for (;;) {
        uint64_t together = 0;
        size_t smallest = cells;
        for (size_t i = 0; i < cells; i++) {
            if (hidden[i])
                together += counts[i];
            else if (counts[i] && (smallest == cells || counts[i] < counts[smallest]))
                smallest = i;
        }
        if (!together || together >= least || smallest == cells) return;
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
    size_t queue[NODES], parent[NODES], cell = 0;
    bool seen[NODES] = {false}, grows;
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

static uint64_t flow(const uint64_t *counts, size_t rows, size_t columns, const bool *hidden, size_t except,
                     size_t source, size_t sink, uint64_t most) {
    network n = {.rows = rows, .columns = columns, .hidden = hidden, .except = except};
    uint64_t total = 0, more;
    memcpy(n.cell, counts, rows * columns * sizeof *counts);
    while (total < most && (more = push(&n, source, sink, most - total))) total += more;
    return total;
}

void rad_suppress_interval(const uint64_t *counts, size_t rows, size_t columns, const bool *hidden,
                           size_t row, size_t column, uint64_t *low, uint64_t *high) {
    const size_t cell = row * columns + column;
    uint64_t total = 0;
    for (size_t i = 0; i < rows * columns; i++) total += counts[i];
    *low = *high = counts[cell];
    if (!hidden[cell]) return;
    *high += flow(counts, rows, columns, hidden, cell, rows + column, row, total);
    *low -= flow(counts, rows, columns, hidden, cell, row, rows + column, counts[cell]);
}

/* The smallest shown cell that helps: in the row or the column of the cell, else anywhere; false when there
 * is none. */
static bool hide_one(const uint64_t *counts, size_t rows, size_t columns, size_t row, size_t column,
                     bool *hidden) {
    for (int near = 1; near >= 0; near--) {
        size_t best = rows * columns;
        for (size_t i = 0; i < rows * columns; i++) {
            const bool beside = i / columns == row || i % columns == column;
            if (!hidden[i] && beside == (near == 1) && (best == rows * columns || counts[i] < counts[best]))
                best = i;
        }
        if (best == rows * columns) continue;
        hidden[best] = true;
        return true;
    }
    return false;
}

static bool is_primary(const uint64_t *counts, size_t rows, size_t columns, size_t cell, size_t least) {
    uint64_t row = 0, column = 0;
    for (size_t c = 0; c < columns; c++) row += counts[cell / columns * columns + c];
    for (size_t r = 0; r < rows; r++) column += counts[r * columns + cell % columns];
    return counts[cell] < least && row && column;
}

void rad_suppress_table(const uint64_t *counts, size_t rows, size_t columns, size_t least, bool *hidden) {
    for (size_t i = 0; i < rows * columns; i++) hidden[i] = is_primary(counts, rows, columns, i, least);
    for (size_t i = 0; i < rows * columns; i++) {
        uint64_t low, high;
        if (!is_primary(counts, rows, columns, i, least)) continue;
        rad_suppress_interval(counts, rows, columns, hidden, i / columns, i % columns, &low, &high);
        if (high - low >= least) continue;
        if (!hide_one(counts, rows, columns, i / columns, i % columns, hidden))
            return;     /* all hidden: margins alone */
        i = (size_t)-1; /* all again */
    }
}
