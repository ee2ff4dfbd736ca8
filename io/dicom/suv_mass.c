#include "suv_mass.h"

#include <math.h>

static double by_weight(double weight, double height, bool male) {
    (void)height;
    (void)male;
    return 1000 * weight;
}

static double janmahasatian(double weight, double height, bool male) {
    const double bmi = weight / (height * height) * 1e4;
    return 9.27e6 * weight / (male ? 6680 + 216 * bmi : 8780 + 244 * bmi);
}

static double lean(double weight, double height, bool male, double of_men) {
    const double ratio = weight / height;
    return 1000 * (male ? 1.10 * weight - of_men * ratio * ratio : 1.07 * weight - 148 * ratio * ratio);
}

static double james(double weight, double height, bool male) {
    return lean(weight, height, male, 128);
}

static double morgan(double weight, double height, bool male) {
    return lean(weight, height, male, 120);
}

static double surface(double weight, double height, bool male) {
    (void)male;
    return 71.84 * pow(weight, 0.425) * pow(height, 0.725);
}

static double ideal(double weight, double height, bool male) {
    (void)weight;
    return 1000 * (male ? 48.0 + 1.06 * (height - 152) : 45.5 + 0.91 * (height - 152));
}

const rad_suv_form rad_suv_forms[] = {
    [RAD_SUV_BW] = {by_weight, "GML", "BW", false, false},
    [RAD_SUV_LBM] = {morgan, "GML", "LBM", true, true},
    [RAD_SUV_LBMJANMA] = {janmahasatian, "GML", "LBMJANMA", true, true},
    [RAD_SUV_LBMJAMES128] = {james, "GML", "LBMJAMES128", true, true},
    [RAD_SUV_BSA] = {surface, "CM2ML", "BSA", true, false},
    [RAD_SUV_IBW] = {ideal, "GML", "IBW", true, true},
};
