#include "nifti_place.h"

#include "affine.h"

#include <math.h>
#include <string.h>

void rad_nifti_place_qform(rad_nifti_place *p, const int64_t dim[8], const double pixdim[4],
                           const double quaternion[3], const double offset[3]) {
    double b[3], o[3];
    for (int a = 0; a < 3; a++) {
        const double s = pixdim[a + 1];
        const bool none = dim[0] > a && (s == 0 || !isfinite(s));
        p->spacing[a] = none ? 1 : s;
        p->assumed = p->assumed || (none && dim[a + 1] > 1);
        b[a] = isfinite(quaternion[a]) ? quaternion[a] : 0;
        o[a] = isfinite(offset[a]) ? offset[a] : 0;
    }
    p->by_qform = nifti_quatern_to_dmat44(b[0], b[1], b[2], o[0], o[1], o[2], p->spacing[0], p->spacing[1],
                                          p->spacing[2], pixdim[0] < 0 ? -1 : 1);
}

static double millimetres(int units) {
    return units == NIFTI_UNITS_METER ? 1000 : units == NIFTI_UNITS_MICRON ? 0.001 : 1;
}

static rad_affine from_spacing(const rad_nifti_place *p) {
    rad_affine affine = {{{0}}};
    for (int a = 0; a < 3; a++) affine.m[a][a] = p->spacing[a] != 0 ? fabs(p->spacing[a]) : 1;
    return affine;
}

static rad_affine from_form(const nifti_dmat44 *form) {
    rad_affine affine;
    for (int r = 0; r < 3; r++)
        for (int c = 0; c < 4; c++) affine.m[r][c] = form->m[r][c];
    return affine;
}

/* Programs that keep spacing and direction apart know pixdim only. */
static void take_pixdim(const rad_nifti_place *p, double scale, rad_geometry *g) {
    for (size_t a = 0; a < 3; a++) rad_affine_named(g, a, fabs(p->spacing[a]) * scale);
}

/* A way of the header to say where voxels lie. */
typedef struct way {
    const char *name;
    bool set, empty; /* empty: all zeros */
    rad_affine affine;
    const char *fault;
    rad_geometry grid;
} way;

enum { SFORM, QFORM, SPACING, WAYS };

static void warn(const char *path, const way ways[WAYS], int used, rad_warnings *warnings) {
    const way *s = &ways[SFORM], *q = &ways[QFORM];
    const way *first = s->set ? s : q;
    if (used == SPACING)
        rad_warn(warnings, "%.300s: %s%s%s; directions are unknown", path,
                 first->set ? "the " : "neither sform nor qform is set", first->set ? first->name : "",
                 first->set ? first->fault : "");
    else if (first != &ways[used])
        rad_warn(warnings, "%.300s: the sform %s; the qform is used", path, s->fault);
    else if (s->set && q->set && (q->fault || !rad_geometry_same(&s->grid, &q->grid)))
        rad_warn(warnings, "%.300s: sform and qform disagree; the sform is used", path);
}

static bool is_empty(const rad_affine *affine) {
    for (int r = 0; r < 3; r++)
        for (int c = 0; c < 4; c++)
            if (affine->m[r][c] != 0) return false;
    return true;
}

bool rad_nifti_place_is_unset(const rad_nifti_place *p) {
    const rad_affine sform = from_form(&p->by_sform);
    return p->qform <= 0 && (p->sform <= 0 || is_empty(&sform));
}

/* What is sheared or damaged says something, which spacings alone would not follow; what is empty says
 * nothing. */
static int choose(const way ways[WAYS]) {
    for (int i = 0; i < SPACING; i++)
        if (ways[i].set && !ways[i].fault) return i;
    for (int i = 0; i < SPACING; i++)
        if (ways[i].set && !ways[i].empty) return i;
    return SPACING;
}

rad_status rad_nifti_place_find(const char *path, const rad_nifti_place *p, const int64_t dim[8],
                                rad_geometry *grid, rad_geometry *other, rad_warnings *warnings,
                                rad_error *error) {
    const double scale = millimetres(p->units);
    way ways[WAYS] = {
        [SFORM] = {.name = "sform ", .set = p->sform > 0, .affine = from_form(&p->by_sform)},
        [QFORM] = {.name = "qform ", .set = p->qform > 0, .affine = from_form(&p->by_qform)},
        [SPACING] = {.name = "voxel spacing ", .set = true, .affine = from_spacing(p)},
    };
    for (int i = 0; i < WAYS; i++) {
        for (int a = 0; a < 3; a++) ways[i].grid.size[a] = dim[0] > a ? (size_t)dim[a + 1] : 1;
        ways[i].empty = is_empty(&ways[i].affine);
        if (ways[i].grid.size[2] == 1) rad_affine_complete(&ways[i].affine);
        ways[i].fault = rad_affine_geometry(&ways[i].affine, scale, &ways[i].grid);
    }
    const way *used = &ways[choose(ways)];
    if (used->fault)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: the %s%s; correct the header, or resample it to a grid at right angles", path,
                        used->name, used->fault);
    warn(path, ways, (int)(used - ways), warnings);
    if (used != &ways[SFORM] && p->assumed)
        rad_warn(warnings, "%.300s: pixdim has a spacing that is 0 or no number: 1 mm is assumed", path);
    *grid = used->grid;
    *other = (rad_geometry){.size = {0}};
    const way *qform = &ways[QFORM];
    if (used == &ways[SFORM] && qform->set && !qform->fault && !rad_geometry_same(grid, &qform->grid)) {
        *other = qform->grid;
        take_pixdim(p, scale, other);
    }
    take_pixdim(p, scale, grid);
    return RAD_OK;
}
