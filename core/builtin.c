#include "builtin.h"

#include <string.h>

const rad_embedded_file *rad_embedded_find(const char *name) {
    for (size_t i = 0; i < rad_embedded_count; i++)
        if (!strcmp(rad_embedded[i].name, name)) return &rad_embedded[i];
    return NULL;
}
