"""Which features of another engine are ours, and how close they are.

Each engine's names become our tags: by the tag itself (MIRP), by the code of the IBSI at the end (Pictologics), by the order of
the standard (RadiomicsJ), by a table (Nyxus), or as they are, against our numbers for PyRadiomics. Where an engine has one
of the two ways to join directions (averaged, merged), the way that agrees with more of its values is taken.
"""
import math
import re

STEPS = (1e-9, 1e-6, 1e-3, 1e-2)

# In the order of our tags; "-" is not there. What RadiomicsJ calls them is of no account: the order is the standard's.
_MORPH = ("volume vol_approx area_mesh av comp_1 comp_2 sph_dispr sphericity asphericity com diam pca_maj_axis pca_min_axis "
          "pca_least_axis pca_elongation pca_flatness vol_dens_aabb area_dens_aabb vol_dens_aee area_dens_aee "
          "vol_dens_conv_hull area_dens_conv_hull integ_int")
_STAT = "mean var skew kurt median min p10 p90 max iqr range mad rmad medad cov qcod energy rms"
_IH = ("mean var skew kurt median min p10 p90 max mode iqr range mad rmad medad cov qcod entropy uniformity max_grad "
       "max_grad_g min_grad min_grad_g")
_CM = ("joint_max joint_avg joint_var joint_entr diff_avg diff_var diff_entr sum_avg sum_var sum_entr energy contrast "
       "dissimilarity inv_diff inv_diff_norm inv_diff_mom inv_diff_mom_norm inv_var corr auto_corr clust_tend clust_shade "
       "clust_prom info_corr1 info_corr2")
_RLM = "sre lre lgre hgre srlge srhge lrlge lrhge glnu glnu_norm rlnu rlnu_norm r_perc gl_var rl_var rl_entr"
_SZM = "sze lze lgze hgze szlge szhge lzlge lzhge glnu glnu_norm zsnu zsnu_norm z_perc gl_var zs_var zs_entr"
_DZM = "sde lde lgze hgze sdlge sdhge ldlge ldhge glnu glnu_norm zdnu zdnu_norm z_perc gl_var zd_var zd_entr"
_NGL = "lde hde lgce hgce ldlge ldhge hdlge hdhge glnu glnu_norm dcnu dcnu_norm gl_var dc_var dc_entr dc_energy"
ORDERED = {"Morphology": ("morph", _MORPH), "LocalIntensity": ("loc", "peak_loc peak_glob"),
           "IntensityBasedStatistical": ("stat", _STAT), "IntensityHistogram": ("ih", _IH),
           "IntensityVolumeHistogram": ("ivh", "v10 v90 i10 i90 diff_v10_v90 diff_i10_i90"), "GLCM": ("cm", _CM),
           "GLRLM": ("rlm", _RLM), "GLSZM": ("szm", _SZM), "GLDZM": ("dzm", _DZM),
           "NGTDM": ("ngt", "coarseness contrast busyness complexity strength"), "NGLDM": ("ngl", _NGL)}
NYXUS = {"3COV": "stat_cov", "3ENERGY": "stat_energy", "3EXCESS_KURTOSIS": "stat_kurt", "3INTERQUARTILE_RANGE": "stat_iqr",
         "3MAX": "stat_max", "3MEAN": "stat_mean", "3MEAN_ABSOLUTE_DEVIATION": "stat_mad", "3MEDIAN": "stat_median",
         "3MEDIAN_ABSOLUTE_DEVIATION": "stat_medad", "3MIN": "stat_min", "3P10": "stat_p10", "3P90": "stat_p90",
         "3QCOD": "stat_qcod", "3RANGE": "stat_range", "3ROBUST_MEAN_ABSOLUTE_DEVIATION": "stat_rmad",
         "3ROOT_MEAN_SQUARED": "stat_rms", "3SKEWNESS": "stat_skew", "3VARIANCE_BIASED": "stat_var",
         "3MESH_VOLUME": "morph_volume", "3VOXEL_VOLUME": "morph_vol_approx", "3AREA": "morph_area_mesh",
         "3AREA_2_VOLUME": "morph_av", "3COMPACTNESS1": "morph_comp_1", "3COMPACTNESS2": "morph_comp_2",
         "3SPHERICAL_DISPROPORTION": "morph_sph_dispr", "3SPHERICITY": "morph_sphericity",
         "3MAJOR_AXIS_LEN": "morph_pca_maj_axis", "3MINOR_AXIS_LEN": "morph_pca_min_axis",
         "3LEAST_AXIS_LEN": "morph_pca_least_axis", "3ELONGATION": "morph_pca_elongation", "3FLATNESS": "morph_pca_flatness"}


def by_tag(theirs, ours):
    """The longest of our tags that a name begins with."""
    tags = sorted({row["tag"] for row in ours}, key=len, reverse=True)
    found = {}
    for name in theirs:
        tag = next((t for t in tags if name == t or name.startswith(t + "_")), None)
        if tag:
            found[name] = tag
    return found


def by_code(theirs, ours):
    """The code is the last word, before a percentage if there is one: volume_at_intensity_fraction_0.10_BC2M_10."""
    codes = {}
    for row in ours:
        percent = re.search(r"_[vi](\d\d)$", row["tag"])
        codes[row["code"], percent[1] if percent else None] = row["tag"]
    found = {}
    for name in theirs:
        if "th_discretised_intensity_percentile" in name:  # which have the codes of others there
            found[name] = f"ih_p{name[:2]}"
            continue
        word = re.search(r"_([A-Z0-9]{3,4})(?:_(\d\d))?$", name)
        if word and (word[1], word[2]) in codes:
            found[name] = codes[word[1], word[2]]
    return found


def by_order(theirs, ours):
    found, groups = {}, {}
    for name in theirs:
        groups.setdefault(name.split("_")[0], []).append(name)
    for group, names in groups.items():
        family, tags = ORDERED.get(group, ("", ""))
        found.update({name: f"{family}_{tag}" for name, tag in zip(names, tags.split())})
    return found


def by_table(theirs, ours):
    return {name: NYXUS[name] for name in theirs if name in NYXUS}


RULES = {"ibsi": (by_code, by_tag), "order": (by_order,), "nyxus": (by_table,)}


def difference(a, b):
    if math.isnan(a) or math.isnan(b):
        return 0.0 if math.isnan(a) and math.isnan(b) else math.inf
    largest = max(abs(a), abs(b))
    return abs(a - b) / largest if largest > 1e-300 else 0.0


def differences(pairs, theirs, ours):
    """By their name; of our two ways to join directions the one that agrees with more."""
    best = {}
    for way in ("avg", "comb"):
        mine = {row["tag"]: row["value"] for row in ours if way in row["aggregation"] or not re.search("avg|comb", row["aggregation"])}
        found = {name: difference(theirs[name], mine[tag]) for name, tag in pairs.items() if tag in mine}
        if sum(d < STEPS[2] for d in found.values()) >= sum(d < STEPS[2] for d in best.values()):
            best = found
    return best


def compare(names, theirs, ours):
    if names == "pyradiomics":
        mine = {row["name"]: row["value"] for row in ours}
        found = {name: difference(value, mine[name]) for name, value in theirs.items() if name in mine}
    else:
        pairs = {}
        for rule in RULES[names]:
            pairs = pairs or rule(theirs, ours)
        found = differences(pairs, theirs, ours)
    return {"theirs": len(theirs), "matched": len(found),
            "within": {str(step): sum(d <= step for d in found.values()) for step in STEPS},
            "differ": {name: d if math.isfinite(d) else None for name, d in sorted(found.items(), key=lambda p: -p[1])
                       if d > STEPS[1]}}
