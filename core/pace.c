#include "pace.h"

void rad_pace_begin(rad_pace *pace, const rad_control *control, size_t total) {
    *pace = (rad_pace){.control = control, .caller = pthread_self(), .total = total ? total : 1};
}

void rad_pace_add(rad_pace *pace, size_t parts) {
    atomic_fetch_add_explicit(&pace->done, parts, memory_order_relaxed);
}

rad_status rad_pace_check(rad_pace *pace, rad_error *error) {
    const rad_control *c = pace->control;
    if (!c || !c->step) return RAD_OK;
    if (!atomic_load(&pace->cancelled) && pthread_equal(pthread_self(), pace->caller)) {
        const double done = (double)atomic_load_explicit(&pace->done, memory_order_relaxed);
        if (!c->step(done < (double)pace->total ? done / (double)pace->total : 1, c->context))
            atomic_store(&pace->cancelled, true);
    }
    return atomic_load(&pace->cancelled) ? rad_fail(error, RAD_CANCELLED, "cancelled by the caller") : RAD_OK;
}
