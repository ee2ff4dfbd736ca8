/* Who made a run, when, where and by what: for its provenance. */
#ifndef RAD_MADE_H
#define RAD_MADE_H

#include "command.h"

#include <jansson.h>

/* Of the build: the commit with "-dirty" where files differed, the version of GDCM; "" where nobody knows. */
extern const char rad_built_commit[], rad_built_gdcm[];

/* {date, host, command, commit, compiler, libraries}, the caller's to json_decref; NULL where memory is
 * short. Paths among the arguments are there by their last name only: folders may be named after patients.
 * The date is UTC, of SOURCE_DATE_EPOCH where that is set. */
json_t *rad_made_by(const rad_command *command, const rad_arguments *arguments);

#endif
