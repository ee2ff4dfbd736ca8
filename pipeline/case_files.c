#include "case_files.h"

rad_source_options rad_case_source_options(const rad_settings *settings, const char *series, int threads) {
    return (rad_source_options){.series = {.uid = series,
                                           .suv = (rad_suv)settings->suv,
                                           .tolerance = settings->slice_tolerance,
                                           .threads = threads},
                                .threshold = settings->mask_threshold};
}
