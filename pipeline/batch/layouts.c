#include "layouts.h"

#define MASK_FOLDERS                                                                                         \
    "masks|mask|labels|label|segmentations|segmentation|segs|seg|rois|roi|annotations|annotation|gt|"        \
    "groundtruth|ground_truth|contours|structures|delineations|manual|lesions|tumors|tumours"
#define IMAGE_FOLDERS                                                                                        \
    "images|image|imgs|img|scans|scan|volumes|volume|data|raw|nifti|nii|niftis|cases|originals|ct|mr|mri|"   \
    "pet"
/* Where programs that segment write, and read from. */
#define OUTPUTS                                                                                              \
    "out|output|outputs|result|results|pred|preds|prediction|predictions|predsTs|predTs|predictionsTs|"      \
    "inferTs|nnunet_predictions|nnunet_output|nnunet_results|totalseg|totalsegmentator"
#define INPUTS "in|input|inputs|imagesTs|imagesTr|imagesVa|" IMAGE_FOLDERS
#define SEQUENCES                                                                                            \
    "t1|t1w|t1n|t1c|t1ce|t1gd|t1post|t1~gd|t2|t2w|t2f|t2~flair|flair|adc|dwi|swi|pd|mra|ct|pet|pt|suv"

#define MASK_NAMES                                                                                           \
    "mask|masks|msk|seg|segs|segmentation|segmentations|label|labels|labelmap|roi|rois|gtv|gtvp|gtvn|gtv-1|" \
    "ctv|"                                                                                                   \
    "ptv|tumor|tumour|lesion|lesions"

/* Of a case: "tumour_mask", "gtv". */
#define CASE_MASK                                                                                            \
    "{q:|lesion~|lesions~|tumor~|tumour~|stroke~|gtv~|brain~|manual~}{w:" MASK_NAMES "|segm|dseg}"

/* How each is written stands in the documentation of the project that it is named after. */
const rad_layout rad_layouts[] = {
    {"nnU-Net", "**labels{s}/{c}", "**images{s}/{c}_{n:####}", true, false},
    {"nnU-Net", "**labels/{c}", "**images/{c}_{n:####}", true, false},
    {"nnU-Net", "**{f:" OUTPUTS "}/{c}", "**{g:" INPUTS "}/{c}_{n:####}", true, false},
    {"HECKTOR", "**labels{s}/{c}", "**images{s}/{c}__{m:ct|pt}", true, false},
    {"HECKTOR", "**{c}", "**{c}__{m:ct|pt}", true, false},
    {"Medical Decathlon", "**labels{s}/{c}", "**images{s}/{c}", false, false},
    {"MONAI", "**labels{s}/label{c}", "**images{s}/img{c}", false, false},
    {"MONAI", "**seg{c:+}", "**{i:img|im|image}{c:+}", false, false},
    {"MONAI Label", "**labels/{v:final|original}/{c}", "**{c}", false, false},
    {"TotalSegmentator", "**segmentations/{o}", "**ct", false, false},
    {"TotalSegmentator", "**segmentations/{o}", "**{i:mri|mr}", false, false},
    {"TotalSegmentator",
     "**{c}_{w:seg|segs|segmentation|segmentations|masks|total|totalseg|totalsegmentator}/{o}", "**{c}",
     false, false},
    {"TotalSegmentator", "**{f:" OUTPUTS "}/{c}/{o}", "**{g:" INPUTS "}/{c}", false, false},
    {"TotalSegmentator", "**{f:" OUTPUTS "}/{p}/{o}", "**{g:" INPUTS "}/{p}/{i}", false, true},
    {"MOOSE", "**moosez{d}/segmentations/{m:ct|pt|pet|mr}_{o}", "**{m:ct|pt|pet|mr}_{i}", false, false},
    {"PI-CAI", "**{f:" MASK_FOLDERS "}/{c}", "**{g:" IMAGE_FOLDERS "}/{q}/{c}_{m:" SEQUENCES "|hbv|cor|sag}",
     true, false},
    {"BraTS", "**{c}~{w:seg|segm|segmentation|segmentations|tumor~segmentation}", "**{c}~{m:" SEQUENCES "}",
     true, false},
    {"UPENN-GBM", "**{f:images|automated}_segm/{c}_{w:segm|automated_approx_segm}",
     "**images_structural/{c}/{d}_{m:" SEQUENCES "}", true, false},
    {"UPENN-GBM", "**{f:images|automated}_segm/{c}_{w:segm|automated_approx_segm}",
     "**images_structural_unstripped/{c}/{d}_{m:" SEQUENCES "}_unstripped", true, false},
    {"UPENN-GBM", "**{c}_{w:segm|automated_approx_segm}", "**{c}_{m:" SEQUENCES "}{u:|_unstripped}", true,
     false},
    {"MU-Glioma-Post", "**{c}_tumorMask", "**{c}_brain_{m:" SEQUENCES "}", true, false},
    {"ISLES", "**derivatives/{p}/{s}/{c}~{w:msk|lesion~msk}", "**{r:*}{p}/{s}/{q:|dwi/}{c}~{m:dwi|adc}", true,
     false},
    {"ISLES", "**{c}~{w:msk|lesion~msk}", "**{c}~{m:dwi|adc}", true, false},
    {"autoPET", "**seg", "**{m:suv|ctres}", true, false},
    {"3D Slicer", "**{c}.seg", "**{c}", false, false},
    {"two folders", "**{f:" MASK_FOLDERS "}/{k}", "**{g:" IMAGE_FOLDERS "}/{k}", false, false},
    {"two folders", "**{f:" MASK_FOLDERS "}/{c}/{o}", "**{g:" IMAGE_FOLDERS "}/{c}", false, false},
    {"two folders", "**{f:" MASK_FOLDERS "}/{p}/{o}", "**{g:" IMAGE_FOLDERS "}/{p}/{i}", false, true},
    {"two folders", "**{f:" MASK_FOLDERS "}/{c}~" CASE_MASK, "**{g:" IMAGE_FOLDERS "}/{c}~{m:" SEQUENCES "}",
     true, false},
    {"two folders", "**{f:" MASK_FOLDERS "}/{c}", "**{g:" IMAGE_FOLDERS "}/{c}~{m:" SEQUENCES "}", true,
     false},
    {"one folder per patient", "**{w:" MASK_NAMES "}", "**{m:" SEQUENCES "}", true, false},
    {"one folder per patient", "**{f:" MASK_FOLDERS "}/{o}", "**{i}", false, true},
    {"names of a case", "**{c}~" CASE_MASK, "**{c}", false, true},
    {"names of a case", "**{c}~" CASE_MASK, "**{c}~{m:" SEQUENCES "}", true, true},
    {"names of a case", "**" CASE_MASK "~{c}", "**{m:" SEQUENCES "}~{c}", true, true},
};
const size_t rad_layout_count = sizeof rad_layouts / sizeof rad_layouts[0];
