/* Patterns of paths whose parts are found again: what tells the files of one case together. */
#ifndef RAD_PATTERN_H
#define RAD_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_PATTERN_PARTS = 26 };

/* What a path has in place of {a}..{z}, and of **, which is the folder. */
typedef struct rad_parts {
    struct rad_part {
        const char *text; /* in the path; NULL: not in the pattern */
        size_t length;
    } part[RAD_PATTERN_PARTS], folder;
} rad_parts;

/* Does the path, of that length, fit the pattern, in any case?
 *   **          at the begin: any folders, with the slash after them, or none
 *   {x}         one or more characters but slashes
 *   {x:*}       any characters, slashes among them, or none
 *   {x:ab|c#|+} one of these words; # is a digit, + one or more digits
 *   ~           what parts words: _ - . or a blank, also within words
 * Anything else stands for itself. The shortest text for a part that fits is taken. A part stands once.
 * Cost: at worst parts x length^2; of paths beyond 4,096 characters length to the power of parts. */
bool rad_pattern_fits(const char *pattern, const char *path, size_t length, rad_parts *parts);

#ifdef __cplusplus
}
#endif
#endif
