#include "number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *rad_number_write(double value, char text[RAD_NUMBER_TEXT]) {
    if (!isfinite(value)) {
        snprintf(text, RAD_NUMBER_TEXT, "%s", isnan(value) ? ".nan" : value > 0 ? ".inf" : "-.inf");
        return text;
    }
    for (int digits = 15; digits <= 17;
         digits++) { /* %g leaves trailing zeros out; all of up to 15 digits read back */
        snprintf(text, RAD_NUMBER_TEXT, "%.*g", digits, value);
        if (strtod(text, NULL) == value) break;
    }
    return text;
}

bool rad_number_read(const char *text, double *value) {
    static const struct {
        const char *word;
        double value;
    } words[] = {{".inf", INFINITY}, {"+.inf", INFINITY}, {"-.inf", -INFINITY}, {".nan", NAN}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!strcmp(text, words[i].word)) {
            *value = words[i].value;
            return true;
        }
    /* strtod would also take hexadecimals, "infinity" and leading blanks */
    if (!*text || text[strspn(text, "0123456789+-.eE")]) return false;
    char *end = NULL;
    *value = strtod(text, &end);
    return !*end && isfinite(*value);
}
