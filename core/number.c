#include "number.h"

#include "shortest.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_plain(char *to, const char *digits, int count, int exponent) {
    if (exponent < 0) {
        memcpy(to, "0.000", 5);
        to += 1 - exponent;
        memcpy(to, digits, (size_t)count);
        to[count] = '\0';
        return;
    }
    for (int i = 0; i < count || i <= exponent; i++) {
        if (i == exponent + 1) *to++ = '.';
        *to++ = i < count ? digits[i] : '0';
    }
    *to = '\0';
}

static void write_scientific(char *to, const char *digits, int count, int exponent) {
    *to++ = *digits;
    if (count > 1) *to++ = '.';
    for (int i = 1; i < count; i++) *to++ = digits[i];
    snprintf(to, 8, "e%c%02u", exponent < 0 ? '-' : '+', (unsigned)abs(exponent) % 1000);
}

const char *rad_number_write(double value, char text[RAD_NUMBER_TEXT]) {
    if (!isfinite(value)) {
        snprintf(text, RAD_NUMBER_TEXT, "%s", isnan(value) ? ".nan" : value > 0 ? ".inf" : "-.inf");
        return text;
    }
    char digits[RAD_DIGITS], *to = text;
    int exponent = 0;
    if (signbit(value)) *to++ = '-';
    if (value == 0) {
        memcpy(to, "0", 2);
        return text;
    }
    const int count = rad_shortest(value, digits, &exponent), most = count > 15 ? count : 15;
    if (exponent >= -4 && exponent < most) /* as %g lays it out */
        write_plain(to, digits, count, exponent);
    else
        write_scientific(to, digits, count, exponent);
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

static locale_t plain;

static void make_plain(void) {
    plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

locale_t rad_number_locale(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_plain);
    return plain;
}
