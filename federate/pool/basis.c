#include "basis.h"

rad_basis rad_basis_make(const rad_rules *rules, size_t sites, uint64_t patients) {
    return (rad_basis){sites, patients,
                       sites && sites >= (size_t)rules->sites && patients >= (uint64_t)rules->cell};
}

rad_basis rad_basis_least(const rad_basis *a, const rad_basis *b) {
    return (rad_basis){a->sites < b->sites ? a->sites : b->sites,
                       a->patients < b->patients ? a->patients : b->patients, a->shown && b->shown};
}
