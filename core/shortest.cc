// std::to_chars finds the shortest digits many times faster than trying printf does.
#include "shortest.h"

#include <charconv>
#include <cmath>

int rad_shortest(double value, char digits[RAD_DIGITS], int *exponent) {
    char text[32];
    const char *end =
        std::to_chars(text, text + sizeof text, std::fabs(value), std::chars_format::scientific).ptr;
    int count = 0;
    const char *at = text;
    for (; at < end && *at != 'e'; at++)
        if (*at != '.' && count < RAD_DIGITS) digits[count++] = *at;
    at += at + 1 < end && at[1] == '+' ? 2 : 1; // from_chars takes no plus
    std::from_chars(at, end, *exponent);
    return count;
}
