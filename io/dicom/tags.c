#include "tags.h"

#include <string.h>

#define RAD_TAG_ROW(keyword, number)                                                                         \
    case number:                                                                                             \
        return #keyword;

const char *rad_tag_keyword(rad_tag tag) {
    switch (tag) {
        RAD_TAGS(RAD_TAG_ROW)
    case rad_tag_PixelData:
        return "PixelData";
    }
    return "element";
}

bool rad_tag_is_sequence(rad_tag tag) {
    const char *keyword = rad_tag_keyword(tag);
    const size_t length = strlen(keyword);
    return length > 8 && !strcmp(keyword + length - 8, "Sequence");
}
