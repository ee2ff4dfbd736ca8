#include "computed.h"

#include "../core/number.h"
#include "step.h"

#include <math.h>
#include <stdio.h>

static double cube(double x) {
    return x > 0 ? x * x * x : 0;
}

double rad_computed_spline(const rad_computed *c, double x) {
    const double *k = c->knot, first = k[0], last = k[c->knots - 1], before = k[c->knots - 2],
                 own = k[c->column];
    const double bent = cube(x - own) - cube(x - before) * ((last - own) / (last - before)) +
                        cube(x - last) * ((before - own) / (last - before));
    return bent / ((last - first) * (last - first));
}

int rad_computed_step(const rad_computed *c) {
    return c->kind == RAD_COMPUTED_RANK ? 0 : rad_step_power(c->knot[c->knots - 1] - c->knot[0]) - 16;
}

const char *rad_computed_words(const rad_computed *c, char text[RAD_COMPUTED_WORDS]) {
    char number[RAD_NUMBER_TEXT];
    if (c->kind == RAD_COMPUTED_RANK) {
        snprintf(text, RAD_COMPUTED_WORDS, "rank of %s", c->of);
        return text;
    }
    size_t used = (size_t)snprintf(text, RAD_COMPUTED_WORDS, "spline of %.190s at", c->of);
    for (size_t i = 0; i < c->knots; i++)
        used += (size_t)snprintf(text + used, RAD_COMPUTED_WORDS - used, "%s %s", i ? "," : "",
                                 rad_number_write(c->knot[i], number));
    snprintf(text + used, RAD_COMPUTED_WORDS - used, ", column %zu", c->column + 1);
    return text;
}
