#include "tags.h"

#include <stddef.h>

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
