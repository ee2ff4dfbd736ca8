#include "core_table.h"

#include "../core/printable.h"
#include "../core/terminal.h"
#include "../features/aliases.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NAME = 34, UNIT = 11, CELL = 13 };

/* How well a column stands for a feature: merged in 3D before all others, which come as they are. */
static int rank(const rad_column *c) {
    return !strcmp(c->aggregation, "3D_comb") || !strcmp(c->aggregation, "3D") || !*c->aggregation ? 2 : 1;
}

/* The column of the original image that stands for the feature, or NULL. */
static const rad_column *find_column(const rad_table *table, const char *tag) {
    const rad_column *found = NULL;
    for (size_t i = 0; i < table->column_count; i++) {
        const rad_column *c = &table->columns[i];
        if (strcmp(c->tag, tag) != 0 || strcmp(c->image, "original") != 0) continue;
        if (!found || rank(c) > rank(found)) found = c;
    }
    return found;
}

static void put_value(const rad_value *v) {
    char text[32];
    snprintf(text, sizeof text, "%.5g", v->value);
    printf("%*s", CELL, v->reason ? "-" : text);
}

static void put_feature(const rad_table *table, const char *tag, size_t first, size_t end) {
    const rad_column *c = find_column(table, tag);
    if (!c) return;
    char name[80];
    snprintf(name, sizeof name, "%s%s%s%s", c->feature, *c->aggregation ? " (" : "",
             *c->aggregation ? c->family : "", *c->aggregation ? ")" : "");
    printf("%-*.*s %-*s", NAME, NAME, name, UNIT, c->unit);
    for (size_t r = first; r < end; r++)
        if (table->rows[r].status == RAD_OK) put_value(&table->rows[r].values[c - table->columns]);
    printf("\n");
}

/* What --about writes, a line each. */
static void put_about(const rad_table *table, size_t first, size_t end) {
    static const char *const sides[] = {"Spacing along x", "Spacing along y", "Spacing along z"};
    printf("%-*s %-*s", NAME, "ROI", UNIT, "");
    for (size_t r = first; r < end; r++)
        if (table->rows[r].status == RAD_OK) rad_show(stdout, "%*.*s", CELL, CELL - 1, table->rows[r].roi);
    printf("\n%-*s %-*s", NAME, "Voxels", UNIT, "1");
    for (size_t r = first; r < end; r++)
        if (table->rows[r].status == RAD_OK) printf("%*zu", CELL, table->rows[r].voxels);
    for (int a = 0; a < 3; a++) {
        printf("\n%-*s %-*s", NAME, sides[a], UNIT, "mm");
        for (size_t r = first; r < end; r++)
            if (table->rows[r].status == RAD_OK) printf("%*.5g", CELL, table->rows[r].spacing[a]);
    }
    printf("\n%-*s %-*s", NAME, "Grey levels", UNIT, "1");
    for (size_t r = first; r < end; r++)
        if (table->rows[r].status == RAD_OK) printf("%*u", CELL, table->rows[r].levels);
    printf("\n");
}

rad_status rad_core_table_put(const rad_table *table, const char *mask, rad_error *error) {
    const int room = rad_terminal_columns(STDOUT_FILENO) - NAME - UNIT - 2;
    const size_t across = room >= CELL ? (size_t)room / CELL : 1;
    if (table->row_count) rad_show(stdout, "%s, %s\n", table->rows[0].case_name, mask);
    for (size_t first = 0, end = 0; first < table->row_count; first = end) {
        size_t fine = 0; /* ROIs that failed have no column */
        for (; end < table->row_count && fine < across; end++) fine += table->rows[end].status == RAD_OK;
        if (!fine) break;
        printf("\n");
        put_about(table, first, end);
        for (size_t i = 0; i < RAD_CORE; i++) put_feature(table, rad_core_tags[i], first, end);
    }
    printf(
        "\nThe core set, of %zu columns: -o features.csv writes all,\n`radiomill features NAME` finds one.\n",
        table->column_count);
    return fflush(stdout) ? rad_fail(error, RAD_UNWRITABLE,
                                     "standard output: cannot be written: the device is full or closed")
                          : RAD_OK;
}
