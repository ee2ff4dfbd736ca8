/* The core set as a table for people. */
#ifndef RAD_CORE_TABLE_H
#define RAD_CORE_TABLE_H

#include "../core/table.h"

/* On standard output: features down, ROIs across, as many side by side as the terminal has room for. */
rad_status rad_core_table_put(const rad_table *table, const char *mask, rad_error *error) RAD_MUST_CHECK;

#endif
