/* What little of XML is read here, in one pass over text of known length. Whatever a document declares, no
 * entity is expanded but the five that XML has and numbers of characters. */
#ifndef RAD_XML_H
#define RAD_XML_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An attribute as it stands between its quotes. */
typedef void rad_xml_attribute(const char *name, size_t name_length, const char *value, size_t value_length,
                               void *context);

/* The attributes of an element, from behind its name to its '>', which is returned, or `end`. */
const char *rad_xml_attributes(const char *at, const char *end, rad_xml_attribute *take, void *context);

/* Text, or the value of an attribute: entities as what they stand for, marked sections (CDATA) as they are,
 * up to the next tag. What is longer is cut. How many bytes went to `to`, before its zero. */
size_t rad_xml_text(const char *from, size_t length, char *to, size_t size);

#ifdef __cplusplus
}
#endif
#endif
