/* Cases of folders as people have them: which image and which mask, by names alone (files are empty). */
#include "../../pipeline/batch/discover.h"
#include "../../pipeline/batch/pattern.h"
#include "testing.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char top[] = "/tmp/radiomill-discover-XXXXXX";

/* A file below the folder; a name may end in "=", then its text follows. */
static void put(const char *folder, const char *name) {
    char path[600], command[700];
    const char *text = strchr(name, '=');
    const int length = (int)(text ? (size_t)(text - name) : strlen(name));
    snprintf(path, sizeof path, "%s/%s/%.*s", top, folder, length, name);
    *strrchr(path, '/') = '\0';
    snprintf(command, sizeof command, "mkdir -p '%s'", path);
    ck_assert_int_eq(system(command), 0);
    path[strlen(path)] = '/';
    FILE *file = fopen(path, "w");
    ck_assert(file != NULL);
    fputs(text ? text + 1 : "", file);
    fclose(file);
}

enum { FILES = 16, ROWS = 10 };
typedef struct layout_case {
    const char *name, *image, *mask; /* image and mask: options */
    const char *files[FILES];
    const char *rows[ROWS]; /* "image <- mask: name", in the order of names; "-" before a mask that is left,
                               "+2 " before the first of two images that are */
} layout_case;

/* Names of a case whose words are parted by P. */
#define PARTED(word, P)                                                                                      \
    {"isles_" word,                                                                                          \
     NULL,                                                                                                   \
     NULL,                                                                                                   \
     {"A1" P "dwi" N, "A1" P "adc" N, "A1" P "flair" N, "A1" P "msk" N, "b/B" P "ADC" N, "b/B" P "FLAIR" N,  \
      "b/B" P "lesion" P "msk" N},                                                                           \
     {"A1" P "adc" N " <- A1" P "msk" N, "A1" P "dwi" N " <- A1" P "msk" N,                                  \
      "b/B" P "ADC" N " <- b/B" P "lesion" P "msk" N, "+2 A1" P "flair" N}},                                 \
    {                                                                                                        \
        "sequences_" word, NULL, NULL,                                                                       \
            {"P1" P "T1" N,                                                                                  \
             "P1" P "t2" N,                                                                                  \
             "P1" P "tumour" P "mask" N,                                                                     \
             "q/P2" P "flair" N,                                                                             \
             "q/P2" P "msk" N,                                                                               \
             "r/P3" P "CT" N,                                                                                \
             "r/P3" N,                                                                                       \
             "r/P3" P "gtv" N,                                                                               \
             "s/mask" P "4" N,                                                                               \
             "s/pet" P "4" N,                                                                                \
             "s/ct" P "4" N,                                                                                 \
             "images/5" P "t1" N,                                                                            \
             "masks/5" P "roi" N,                                                                            \
             "images/6" P "pet" N,                                                                           \
             "masks/6" N},                                                                                   \
        {                                                                                                    \
            "P1" P "T1" N " <- P1" P "tumour" P "mask" N, "P1" P "t2" N " <- P1" P "tumour" P "mask" N,      \
                "images/5" P "t1" N " <- masks/5" P "roi" N, "images/6" P "pet" N " <- masks/6" N,           \
                "q/P2" P "flair" N " <- q/P2" P "msk" N, "r/P3" N " <- r/P3" P "gtv" N,                      \
                "s/ct" P "4" N " <- s/mask" P "4" N, "s/pet" P "4" N " <- s/mask" P "4" N,                   \
                "+1 r/P3" P "CT" N                                                                           \
        }                                                                                                    \
    }

#define N  ".nii.gz"
#define G  "UPENN-GBM-00001_11"
#define U  "images_structural_unstripped/" G "/" G
#define I  "sub-strokecase0001"
#define I1 "/" I "/ses-0001/"
#define I2 "sub-stroke0002/ses-02/sub-stroke0002_ses-02_"
static const layout_case cases[] = {
    {"nnunet",
     NULL,
     NULL,
     {"Dataset001_X/imagesTr/a_0000" N, "Dataset001_X/imagesTr/a_0001" N, "Dataset001_X/imagesTr/b_0000" N,
      "Dataset001_X/imagesTr/b_0001" N, "Dataset001_X/imagesTs/c_0000" N, "Dataset001_X/labelsTr/a" N,
      "Dataset001_X/labelsTr/b" N,
      "Dataset001_X/dataset.json={\"channel_names\": {\"0\": \"T1\", \"1\": \"T2\"}, \"labels\": "
      "{\"background\": 0, "
      "\"whole\": [1, 2], \"core\": 2}, \"numTraining\": 2, \"file_ending\": \".nii.gz\"}"},
     {"Dataset001_X/imagesTr/a_0000" N " <- Dataset001_X/labelsTr/a" N ": T1, whole=1+2; core=2",
      "Dataset001_X/imagesTr/a_0001" N " <- Dataset001_X/labelsTr/a" N ": T2, whole=1+2; core=2",
      "Dataset001_X/imagesTr/b_0000" N " <- Dataset001_X/labelsTr/b" N ": T1, whole=1+2; core=2",
      "Dataset001_X/imagesTr/b_0001" N " <- Dataset001_X/labelsTr/b" N ": T2, whole=1+2; core=2"}},
    {"nnunet_mixed_names", /* words of masks in the names of images change nothing */
     NULL,
     NULL,
     {"imagesTr/roi_1_0000" N, "labelsTr/roi_1" N, "imagesTs/x_0000" N, "labelsTs/x" N, "labelsTs/y" N},
     {"imagesTr/roi_1_0000" N " <- labelsTr/roi_1" N, "imagesTs/x_0000" N " <- labelsTs/x" N,
      "- labelsTs/y" N}},
    {"upenn", /* with the skull removed, where there are both */
     NULL,
     NULL,
     {"images_structural/" G "/" G "_T1" N, "images_structural/" G "/" G "_T1GD" N, U "_T1_unstripped" N,
      "images_segm/" G "_segm" N, "automated_segm/UPENN-GBM-00002_11_automated_approx_segm" N,
      "images_DTI/images_DTI_FA/" G "_DTI_FA" N,
      "images_structural_unstripped/UPENN-GBM-00002_11/UPENN-GBM-00002_11_FLAIR_unstripped" N},
     {"images_structural/" G "/" G "_T1" N " <- images_segm/" G "_segm" N,
      "images_structural/" G "/" G "_T1GD" N " <- images_segm/" G "_segm" N,
      "images_structural_unstripped/UPENN-GBM-00002_11/UPENN-GBM-00002_11_FLAIR_unstripped" N
      " <- automated_segm/UPENN-GBM-00002_11_automated_approx_segm" N}},
    {"upenn_by_patient",
     NULL,
     NULL,
     {"PATIENT_11/A_11_T1_unstripped" N, "PATIENT_11/A_11_FLAIR_unstripped" N, "PATIENT_11/A_11_segm" N},
     {"PATIENT_11/A_11_FLAIR_unstripped" N " <- PATIENT_11/A_11_segm" N,
      "PATIENT_11/A_11_T1_unstripped" N " <- PATIENT_11/A_11_segm" N}},
    {"rhuh_and_mu",
     NULL,
     NULL,
     {"R-1/0/R-1_0_t1ce" N, "R-1/0/R-1_0_adc" N, "R-1/0/R-1_0_segmentations" N, "P_3/T_1/P_3_T_1_brain_t1c" N,
      "P_3/T_1/P_3_T_1_brain_t2f" N, "P_3/T_1/P_3_T_1_tumorMask" N},
     {"P_3/T_1/P_3_T_1_brain_t1c" N " <- P_3/T_1/P_3_T_1_tumorMask" N,
      "P_3/T_1/P_3_T_1_brain_t2f" N " <- P_3/T_1/P_3_T_1_tumorMask" N,
      "R-1/0/R-1_0_adc" N " <- R-1/0/R-1_0_segmentations" N,
      "R-1/0/R-1_0_t1ce" N " <- R-1/0/R-1_0_segmentations" N}},
    {"isles", /* masks are on the grid of DWI, which FLAIR is not */
     NULL,
     NULL,
     {I "/ses-0001/dwi/" I "_ses-0001_dwi" N, I "/ses-0001/dwi/" I "_ses-0001_adc" N,
      I "/ses-0001/anat/" I "_ses-0001_FLAIR" N, "derivatives" I1 I "_ses-0001_msk" N, "raw_data/" I2 "dwi" N,
      "raw_data/" I2 "adc" N, "derivatives/" I2 "lesion-msk" N},
     {"raw_data/" I2 "adc" N " <- derivatives/" I2 "lesion-msk" N,
      "raw_data/" I2 "dwi" N " <- derivatives/" I2 "lesion-msk" N,
      I "/ses-0001/dwi/" I "_ses-0001_adc" N " <- derivatives" I1 I "_ses-0001_msk" N,
      I "/ses-0001/dwi/" I "_ses-0001_dwi" N " <- derivatives" I1 I "_ses-0001_msk" N}},
    {"isles_raw",
     NULL,
     NULL,
     {"rawdata" I1 I "_ses-0001_dwi" N, "rawdata" I1 I "_ses-0001_adc" N,
      "derivatives" I1 I "_ses-0001_msk" N},
     {"rawdata" I1 I "_ses-0001_adc" N " <- derivatives" I1 I "_ses-0001_msk" N,
      "rawdata" I1 I "_ses-0001_dwi" N " <- derivatives" I1 I "_ses-0001_msk" N}},
    {"isles_flat", /* all of a session in one folder, or of all patients */
     NULL,
     NULL,
     {"sub-strokecase0001_ses-0001_dwi" N, "sub-strokecase0001_ses-0001_adc" N,
      "sub-strokecase0001_ses-0001_FLAIR" N, "sub-strokecase0001_ses-0001_msk" N, "b/sub-stroke0002_flair" N,
      "b/sub-stroke0002_dwi" N, "b/sub-stroke0002_lesion-msk" N, "c/flair" N, "c/msk" N, "sub-9_T2w" N,
      "sub-9_msk" N},
     {"b/sub-stroke0002_dwi" N " <- b/sub-stroke0002_lesion-msk" N, "c/flair" N " <- c/msk" N,
      "sub-9_T2w" N " <- sub-9_msk" N,
      "sub-strokecase0001_ses-0001_adc" N " <- sub-strokecase0001_ses-0001_msk" N,
      "sub-strokecase0001_ses-0001_dwi" N " <- sub-strokecase0001_ses-0001_msk" N}},
    PARTED("hyphens", "-"),
    PARTED("underscores", "_"),
    PARTED("dots", "."),
    PARTED("blanks", " "),
    {"flare", NULL, NULL, {"images/F_1_0000" N, "labels/F_1" N}, {"images/F_1_0000" N " <- labels/F_1" N}},
    {"decathlon",
     NULL,
     NULL,
     {"Task03/imagesTr/liver_0" N, "Task03/imagesTr/._liver_0" N, "Task03/labelsTr/liver_0" N,
      "Task03/labelsTr/._liver_0" N, "Task03/imagesTs/liver_1" N,
      "Task03/dataset.json={\"modality\": {\"0\": \"CT\"}, \"labels\": {\"0\": \"background\", \"1\": "
      "\"liver\", "
      "\"2\": \"cancer\"}, \"training\": [{\"image\": \"./imagesTr/liver_0.nii.gz\", \"label\": "
      "\"./labelsTr/liver_0.nii.gz\"}], \"test\": [\"./imagesTs/liver_1.nii.gz\"]}"},
     {"Task03/imagesTr/liver_0" N " <- Task03/labelsTr/liver_0" N ": , liver=1; cancer=2"}},
    {"monai_list", /* nothing but the list tells what belongs together */
     NULL,
     NULL,
     {"x/p" N, "x/q" N, "x/r" N, "y/s" N,
      "datalist.json={\"training\": [{\"image\": [\"x/p.nii.gz\", \"x/q.nii.gz\"], \"label\": "
      "\"y/s.nii.gz\", \"fold\": "
      "0}, {\"image\": \"../../etc/passwd\", \"label\": \"x/r.nii.gz\"}, 7, {\"image\": 3, \"label\": "
      "null}]}"},
     {"x/p" N " <- y/s" N, "x/q" N " <- y/s" N}},
    {"list_that_is_none",
     NULL,
     NULL,
     {"a" N, "a_seg" N, "dataset.json={", "datasets.json=[]"},
     {"a" N " <- a_seg" N}},
    {"monai",
     NULL,
     NULL,
     {"img0" N, "img1" N, "seg0" N, "seg1" N},
     {"img0" N " <- seg0" N, "img1" N " <- seg1" N}},
    {"btcv",
     NULL,
     NULL,
     {"imagesTr/img0001" N, "labelsTr/label0001" N, "imagesTr/img0002" N, "labelsTr/label0002" N},
     {"imagesTr/img0001" N " <- labelsTr/label0001" N, "imagesTr/img0002" N " <- labelsTr/label0002" N}},
    {"monai_label", NULL, NULL, {"a" N, "b" N, "labels/final/a" N}, {"a" N " <- labels/final/a" N}},
    {"totalsegmentator",
     NULL,
     NULL,
     {"s1/ct" N, "s1/segmentations/liver" N, "s1/segmentations/spleen" N, "s2/mri" N,
      "s2/segmentations/liver" N},
     {"s1/ct" N " <- s1/segmentations/liver" N, "s1/ct" N " <- s1/segmentations/spleen" N,
      "s2/mri" N " <- s2/segmentations/liver" N}},
    {"totalsegmentator_other_name",
     NULL,
     NULL,
     {"s1/thorax" N, "s1/segmentations/liver" N},
     {"s1/thorax" N " <- s1/segmentations/liver" N}},
    {"moose", /* images of a patient begin with their modality, and so do masks; copies lie in the run's
                 folder */
     NULL,
     NULL,
     {"P1/CT_a" N, "P1/PET_a" N, "P1/moosez-2024-06-01-10-00-00/segmentations/CT_Organs_segmentation_CT_a" N,
      "P1/moosez-clin_ct_ribs-2023-06-01-10-00-00/CT/CT_a_0000" N,
      "P1/moosez-clin_ct_ribs-2023-06-01-10-00-00/segmentations/CT_Ribs_CT_a" N, "P2/MR_b" N, "P2/MR_c" N,
      "P2/moosez-2024-06-01-10-00-00/segmentations/MR_Organs_segmentation_MR_b" N},
     {"P1/CT_a" N " <- P1/moosez-2024-06-01-10-00-00/segmentations/CT_Organs_segmentation_CT_a" N,
      "P1/CT_a" N " <- P1/moosez-clin_ct_ribs-2023-06-01-10-00-00/segmentations/CT_Ribs_CT_a" N,
      "- P2/moosez-2024-06-01-10-00-00/segmentations/MR_Organs_segmentation_MR_b" N}},
    {"brats",
     NULL,
     NULL,
     {"B-001-000/B-001-000-t1n" N, "B-001-000/B-001-000-t1c" N, "B-001-000/B-001-000-t2w" N,
      "B-001-000/B-001-000-t2f" N, "B-001-000/B-001-000-seg" N, "B20/B20_t1ce" N, "B20/B20_flair" N,
      "B20/B20_seg" N},
     {"B-001-000/B-001-000-t1c" N " <- B-001-000/B-001-000-seg" N,
      "B-001-000/B-001-000-t1n" N " <- B-001-000/B-001-000-seg" N,
      "B-001-000/B-001-000-t2f" N " <- B-001-000/B-001-000-seg" N,
      "B-001-000/B-001-000-t2w" N " <- B-001-000/B-001-000-seg" N, "B20/B20_flair" N " <- B20/B20_seg" N,
      "B20/B20_t1ce" N " <- B20/B20_seg" N}},
    {"hecktor",
     NULL,
     NULL,
     {"imagesTr/C-1__CT" N, "imagesTr/C-1__PT" N, "labelsTr/C-1" N},
     {"imagesTr/C-1__CT" N " <- labelsTr/C-1" N, "imagesTr/C-1__PT" N " <- labelsTr/C-1" N}},
    {"hecktor_of_patients",
     NULL,
     NULL,
     {"Task 1/C-1/C-1__CT" N, "Task 1/C-1/C-1__PT" N, "Task 1/C-1/C-1" N, "Task 1/C-2/C-2__CT" N},
     {"Task 1/C-1/C-1__CT" N " <- Task 1/C-1/C-1" N, "Task 1/C-1/C-1__PT" N " <- Task 1/C-1/C-1" N}},
    {"totalsegmentator_beside",
     NULL,
     NULL,
     {"p1" N, "p1_total/liver" N, "p1_total/spleen" N, "p2" N, "p2_totalseg/liver" N},
     {"p1" N " <- p1_total/liver" N, "p1" N " <- p1_total/spleen" N, "p2" N " <- p2_totalseg/liver" N}},
    {"autopet",
     NULL,
     NULL,
     {"p/s/CTres" N, "p/s/CT" N, "p/s/PET" N, "p/s/SUV" N, "p/s/SEG" N},
     {"p/s/CTres" N " <- p/s/SEG" N, "p/s/SUV" N " <- p/s/SEG" N}},
    {"bids",
     NULL,
     NULL,
     {"sub-01/anat/sub-01_T1w" N, "sub-01/anat/sub-01_T2w" N, "sub-01/func/sub-01_task-rest_bold" N,
      "derivatives/seg/sub-01/anat/sub-01_dseg" N, "derivatives/seg/sub-01/anat/sub-01_label-GM_probseg" N,
      "derivatives/seg/sub-01/anat/sub-01_mod-T2w_label-lesion_mask" N,
      "sub-02/ses-1/anat/sub-02_ses-1_T1w" N, "sub-02/ses-2/anat/sub-02_ses-2_T1w" N,
      "derivatives/seg/sub-02/ses-2/anat/sub-02_ses-2_label-L_desc-tumour_mask" N,
      "dataset_description.json={\"Name\": \"x\"}"},
     {"sub-01/anat/sub-01_T1w" N " <- derivatives/seg/sub-01/anat/sub-01_dseg" N,
      "sub-01/anat/sub-01_T1w" N " <- derivatives/seg/sub-01/anat/sub-01_label-GM_probseg" N,
      "sub-01/anat/sub-01_T2w" N " <- derivatives/seg/sub-01/anat/sub-01_mod-T2w_label-lesion_mask" N,
      "sub-02/ses-2/anat/sub-02_ses-2_T1w" N
      " <- derivatives/seg/sub-02/ses-2/anat/sub-02_ses-2_label-L_desc-tumour_mask" N}},
    {"fmriprep", /* images of the same space lie beside their masks */
     NULL,
     NULL,
     {"anat/sub-1_desc-preproc_T1w" N, "anat/sub-1_desc-brain_mask" N,
      "anat/sub-1_space-MNI_desc-preproc_T1w" N, "anat/sub-1_space-MNI_dseg" N,
      "func/sub-1_task-a_desc-preproc_bold" N, "func/sub-1_task-a_desc-brain_mask" N,
      "func/sub-1_task-a_boldref" N},
     {"anat/sub-1_desc-preproc_T1w" N " <- anat/sub-1_desc-brain_mask" N,
      "anat/sub-1_space-MNI_desc-preproc_T1w" N " <- anat/sub-1_space-MNI_dseg" N,
      "func/sub-1_task-a_desc-preproc_bold" N " <- func/sub-1_task-a_desc-brain_mask" N}},
    {"atlas",
     NULL,
     NULL,
     {"sub-r1s1_ses-1_space-M_T1w" N, "sub-r1s1_ses-1_space-M_label-L_desc-T1lesion_mask" N,
      "sub-1_T1w_label-lesion_roi" N, "sub-1_FLAIR" N, "sub-1_T1w" N},
     {"sub-1_T1w" N " <- sub-1_T1w_label-lesion_roi" N,
      "sub-r1s1_ses-1_space-M_T1w" N " <- sub-r1s1_ses-1_space-M_label-L_desc-T1lesion_mask" N}},
    {"slicer",
     NULL,
     NULL,
     {"a/CT.nrrd", "a/PET.nrrd", "a/CT.seg.nrrd", "b/scan.nrrd", "b/Segmentation.seg.nrrd", "c/T2.nrrd",
      "c/T2-label.nrrd", "b/scene.mrml"},
     {"a/CT.nrrd <- a/CT.seg.nrrd", "b/scan.nrrd <- b/Segmentation.seg.nrrd",
      "c/T2.nrrd <- c/T2-label.nrrd"}},
    {"slicer_scene", /* two volumes: the scene tells which one was segmented */
     NULL,
     NULL,
     {"p/Data/1 CT&x.nrrd", "p/Data/2 PET.nrrd", "p/Data/Segmentation.seg.nrrd", "p/Data/Other.seg.nrrd",
      "p/s.mrml=<?xml version=\"1.0\"?><MRML>\n<Volume id=\"V1\" name=\"a>b\" "
      "references=\"display:D1;storage:T1;\"/>"
      "<Volume id='V2' storageNodeRef='T2'></Volume><VolumeArchetypeStorage id=\"T1\" "
      "fileName=\"Data/1%20CT&amp;x.nrrd\" /><VolumeArchetypeStorage id=\"T2\" fileName=\"Data/2 PET.nrrd\"/>"
      "<Segmentation id = \"S1\" references=\"display:x;storage:T3;referenceImageGeometryRef:V2;\"/>"
      "<SegmentationStorage id=\"T3\" fileName=\"Data/Segmentation.seg.nrrd\"/><Segmentation id=\"S2\" "
      "references=\"storage:T4;referenceImageGeometryRef:V1;\"/><SegmentationStorage id=\"T4\" "
      "fileName=\"./Data/Other.seg.nrrd\"/></MRML>",
      "q/CT.nrrd", "q/PET.nrrd", "q/x.seg.nrrd", "q/cut.mrml=<Segmentation id=\"S\" references=\"storage:"},
     {"p/Data/1 CT&x.nrrd <- p/Data/Other.seg.nrrd", "p/Data/2 PET.nrrd <- p/Data/Segmentation.seg.nrrd",
      "- q/x.seg.nrrd"}},
    {"folders",
     NULL,
     NULL,
     {"images/P1" N, "images/P2" N, "masks/P1" N, "masks/P2_mask" N, "test/Images/P1" N, "test/Masks/P1" N},
     {"images/P1" N " <- masks/P1" N, "images/P2" N " <- masks/P2_mask" N,
      "test/Images/P1" N " <- test/Masks/P1" N}},
    {"folders_of_patients",
     NULL,
     NULL,
     {"images/P1/ct" N, "segmentations/P1/liver" N, "segmentations/P1/spleen" N},
     {"images/P1/ct" N " <- segmentations/P1/liver" N, "images/P1/ct" N " <- segmentations/P1/spleen" N}},
    {"patients",
     NULL,
     NULL,
     {"P1/image" N, "P1/mask" N, "P2/ct" N, "P2/rois/a" N, "P2/rois/b" N, "P3/pet" N, "P3/pet_seg" N,
      "P3/ct" N, "P4/a" N, "P4/b" N, "P4/seg" N},
     {"P1/image" N " <- P1/mask" N, "P2/ct" N " <- P2/rois/a" N, "P2/ct" N " <- P2/rois/b" N,
      "P3/pet" N " <- P3/pet_seg" N, "- P4/seg" N}},
    {"suffixes",
     NULL,
     NULL,
     {"P1_ct" N, "P1_ct_gt" N, "volume-0.nii", "segmentation-0.nii", "Case00_segmentation" N, "Case00" N},
     {"Case00" N " <- Case00_segmentation" N, "P1_ct" N " <- P1_ct_gt" N,
      "volume-0.nii <- segmentation-0.nii"}},
    {"readers", /* masks of one name: the folder tells them apart */
     NULL,
     NULL,
     {"P1/ct" N, "P1/A/seg/m" N, "P1/masks/m" N, "images/P9" N, "masks/P9" N},
     {"P1/ct" N " <- P1/masks/m" N, "images/P9" N " <- masks/P9" N, "- P1/A/seg/m" N}},
    {"patterns_with_slash",
     NULL,
     "outlines/*",
     {"scans/P1" N, "outlines/P1" N, "scans/P2" N, "outlines/P2" N},
     {"scans/P1" N " <- outlines/P1" N, "scans/P2" N " <- outlines/P2" N}},
    {"both_patterns", /* what the wildcards stand for is the same */
     "*_ct*",
     "*_rt*",
     {"P1_ct" N, "P1_rt" N, "P2_ct" N, "P2_rt" N, "P3_pet" N, "P3_rt" N},
     {"P1_ct" N " <- P1_rt" N, "P2_ct" N " <- P2_rt" N, "- P3_rt" N}},
    {"many_wildcards", /* a name that does not fit in any of 1e10 ways */
     "*a*a*a*a*a*a*ab" N,
     "*_m" N,
     {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      "aaaaaa" N,
      "xaaaaaaaab" N, "xaaaaaaaab_m" N},
     {"xaaaaaaaab" N " <- xaaaaaaaab_m" N}},
    {"both_patterns_of_folders",
     "CTs/*",
     "*/rt/?*" N,
     {"CTs/P1" N, "x/rt/P1" N, "CTs/P2" N, "x/rt/P3" N},
     {"CTs/P1" N " <- x/rt/P1" N, "- x/rt/P3" N}},
    {"formats",
     NULL,
     NULL,
     {"images/a.png", "masks/a.png", "images/b.mha", "masks/b.nrrd", "images/c.hdr", "images/c.img",
      "masks/c.hdr", "masks/c.img", "images/d.mgz", "masks/d.nii.gz", "images/e.tif", "masks/e.tiff",
      "images/f.npy", "masks/f.npy", "images/g.mhd", "masks/g.mhd"},
     {"images/a.png <- masks/a.png", "images/b.mha <- masks/b.nrrd", "images/c.hdr <- masks/c.hdr",
      "images/d.mgz <- masks/d.nii.gz", "images/e.tif <- masks/e.tiff", "images/f.npy <- masks/f.npy",
      "images/g.mhd <- masks/g.mhd"}},
    {"predictions", /* of nnU-Net, and of TotalSegmentator by a folder for each case */
     NULL,
     NULL,
     {"imagesTs/a_0000" N, "imagesTs/a_0001" N, "imagesTs/b_0000" N, "nnUNet_predictions/a" N,
      "nnUNet_predictions/c" N, "t/in/P1" N, "t/in/P2" N, "t/out/P1/liver" N, "t/out/P1/spleen" N,
      "u/data/P3/ct" N, "u/totalseg/P3/liver" N},
     {"imagesTs/a_0000" N " <- nnUNet_predictions/a" N, "imagesTs/a_0001" N " <- nnUNet_predictions/a" N,
      "t/in/P1" N " <- t/out/P1/liver" N, "t/in/P1" N " <- t/out/P1/spleen" N,
      "u/data/P3/ct" N " <- u/totalseg/P3/liver" N, "- nnUNet_predictions/c" N, "+2 imagesTs/b_0000" N}},
    {"organs_of_cases",
     NULL,
     NULL,
     {"images/P1" N, "images/P2" N, "segmentations/P1/liver" N, "segmentations/P2/liver" N, "images/P3_t2" N,
      "lesions/P3_lesion" N},
     {"images/P1" N " <- segmentations/P1/liver" N, "images/P2" N " <- segmentations/P2/liver" N,
      "images/P3_t2" N " <- lesions/P3_lesion" N}},
    {"label_in_a_list",
     NULL,
     NULL,
     {"d/i1" N, "d/i2" N, "d/s1" N,
      "datalist.json={\"training\": [{\"image\": [\"d/i1.nii.gz\", \"d/i2.nii.gz\"], \"label\": "
      "[\"d/s1.nii.gz\"]}]}"},
     {"d/i1" N " <- d/s1" N, "d/i2" N " <- d/s1" N}},
    {"only_images", NULL, NULL, {"a" N, "b" N}, {NULL}},
};
enum { CASES = sizeof cases / sizeof cases[0] };

static void compare_rows(const layout_case *c, const rad_discovery *d, const char *folder) {
    const size_t skip = strlen(folder) + 1;
    size_t expected = 0, left = 0;
    for (; expected < ROWS && c->rows[expected] && !strchr("-+", c->rows[expected][0]); expected++) {
        char got[700];
        ck_assert_msg(expected < d->count, "%s: %zu rows, not `%s`", c->name, d->count, c->rows[expected]);
        const rad_pair *p = &d->pairs[expected];
        int used = snprintf(got, sizeof got, "%s <- %s", p->image + skip, p->mask + skip);
        if (p->channel || p->labels)
            snprintf(got + used, sizeof got - (size_t)used, ": %s, %s", p->channel ? p->channel : "",
                     p->labels ? p->labels : "");
        ck_assert_msg(!strcmp(got, c->rows[expected]), "%s: `%s`, not `%s`", c->name, got, c->rows[expected]);
        ck_assert_msg(!expected || strcmp(p[-1].name, p->name) < 0, "%s: %s, %s", c->name, p[-1].name,
                      p->name);
    }
    ck_assert_msg(d->count == expected, "%s: %zu rows, the next %s", c->name, d->count,
                  d->count > expected ? d->pairs[expected].mask : "");
    for (; expected < ROWS && c->rows[expected] && c->rows[expected][0] == '-'; expected++, left++)
        ck_assert_msg(left < d->alone_count && !strcmp(d->alone[left] + skip, c->rows[expected] + 2),
                      "%s: %s", c->name, left < d->alone_count ? d->alone[left] : "nothing left");
    ck_assert_msg(d->alone_count == left, "%s: %zu masks are left, %s", c->name, d->alone_count,
                  d->alone_count ? d->alone[0] : "");
    if (expected == ROWS || !c->rows[expected]) return;
    char got[700];
    snprintf(got, sizeof got, "+%zu %s", d->spare_count, d->spare ? d->spare + skip : "");
    ck_assert_str_eq(got, c->rows[expected]);
}

START_TEST(layouts) {
    const layout_case *c = &cases[_i];
    char folder[300];
    rad_error error = {0};
    rad_discovery d;
    const rad_discover_options how = {.image = c->image, .mask = c->mask, .threads = 1};
    for (size_t i = 0; i < FILES && c->files[i]; i++) put(c->name, c->files[i]);
    snprintf(folder, sizeof folder, "%s/%s", top, c->name);
    ck_ok(rad_discover(folder, &how, &d, &error));
    compare_rows(c, &d, folder);
    rad_discovery_free(&d);
}
END_TEST

/* Where nothing fits, patterns that do: taken by their word they find the cases. */
START_TEST(suggestions) {
    static const struct {
        const char *files[8], *image, *mask;
    } rows[] = {
        {{"P1_ct" N "=longer", "P1_rs" N, "P2_ct" N "=longer", "P2_rs" N}, "*_ct" N, "*_rs" N},
        {{"P1/scan" N "=longer", "P1/liver" N, "P2/scan" N "=longer", "P2/liver" N}, "scan" N, "liver" N},
        {{"A/P1" N "=longer", "A/P2" N "=longer", "B/P1" N, "B/P2" N}, "A/*", "B/*"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char name[32], folder[300], expected[300];
        rad_error error = {0};
        rad_discovery d;
        rad_discover_options how = {.threads = 1};
        snprintf(name, sizeof name, "suggest%zu", i);
        snprintf(folder, sizeof folder, "%s/%s", top, name);
        for (size_t k = 0; k < 8 && rows[i].files[k]; k++) put(name, rows[i].files[k]);
        ck_ok(rad_discover(folder, &how, &d, &error));
        snprintf(expected, sizeof expected, "--image '%s' --mask '%s'", rows[i].image, rows[i].mask);
        ck_assert_str_eq(d.suggestion, expected);
        ck_assert(!d.count && d.files == 4);
        rad_discovery_free(&d);
        how.image = rows[i].image;
        how.mask = rows[i].mask;
        ck_ok(rad_discover(folder, &how, &d, &error));
        ck_assert(d.count == 2 && !d.alone_count && d.images == 2 && d.masks == 2);
        rad_discovery_free(&d);
    }
}
END_TEST

/* Names are never the same, whatever files are called. */
START_TEST(names_differ) {
    static const char *const files[] = {"a/x.nii",        "a/x.nii.gz",    "a/x.nrrd",
                                        "b/masks/x.nii",  "b/x (m).nii",   "b/x.nii",
                                        "c/labels/m.nii", "c/masks/m.nii", "c/ct.nii"};
    char folder[300];
    rad_error error = {0};
    rad_discovery d;
    const rad_discover_options how = {.image = "*[!m].n*", .mask = "*[xm].n*", .threads = 1};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) put("names", files[i]);
    snprintf(folder, sizeof folder, "%s/names", top);
    ck_ok(rad_discover(folder, &how, &d, &error));
    ck_assert_uint_ge(d.count, 2);
    for (size_t i = 1; i < d.count; i++) ck_assert_int_lt(strcmp(d.pairs[i - 1].name, d.pairs[i].name), 0);
    rad_discovery_free(&d);
}
END_TEST

/* Patterns against fnmatch, and their parts against the text. */
START_TEST(patterns) {
    static const char *const ours[] = {"{a:*}x{b:*}", "{a}_{b}", "**{c}", "a/{b:*}.q"}, *const theirs[] = {
                                                                                            "*x*", "?*_?*",
                                                                                            NULL, "a/*.q"};
    test_random random = {.state = 7};
    for (int i = 0; i < 20000; i++) {
        static const char letters[] = "axX_/.qb";
        char text[12];
        const size_t length = test_below(&random, sizeof text);
        for (size_t k = 0; k < length; k++) text[k] = letters[test_below(&random, sizeof letters - 1)];
        text[length] = '\0';
        rad_parts p;
        for (size_t k = 0; k < 4; k++) {
            const bool got = rad_pattern_fits(ours[k], text, length, &p);
            if (k == 1 && strchr(text, '/')) continue;
            const bool expected =
                theirs[k] ? !fnmatch(theirs[k], text, FNM_CASEFOLD) : length && text[length - 1] != '/';
            ck_assert_msg(got == expected, "%s %s", ours[k], text);
            if (!got || k != 2) continue;
            ck_assert_uint_eq(p.folder.length + p.part[2].length, length);
            ck_assert(!memchr(p.part[2].text, '/', p.part[2].length));
        }
    }
    rad_parts p;
    ck_assert(rad_pattern_fits("**labels{s}/{c}_{n:####}", "x/y/labelsTr/a_b_0012", 21, &p));
    ck_assert(p.folder.length == 4 && p.part['s' - 'a'].length == 2 && p.part['c' - 'a'].length == 3 &&
              !strcmp(p.part['n' - 'a'].text, "0012"));
    ck_assert(!rad_pattern_fits("{c}_{n:####}", "a_00123", 7, &p) &&
              !rad_pattern_fits("{c}_{n:####}", "a_012", 5, &p));
    ck_assert(rad_pattern_fits("seg{c:+}", "SEG12", 5, &p) && !rad_pattern_fits("seg{c:+}", "seg", 3, &p));
    ck_assert(rad_pattern_fits("a{m:t1|t1ce}", "aT1CE", 5, &p) && p.part['m' - 'a'].length == 4);
    ck_assert(!rad_pattern_fits("a{m:t1|t1ce}", "at1c", 4, &p));
    for (const char *c = "_-. "; *c; c++) {
        const char text[] = {'a', *c, 'x', *c, 'y', '\0'};
        ck_assert(rad_pattern_fits("{a}~{w:x|x~y}", text, 5, &p) && p.part[0].length == 1);
    }
    ck_assert(!rad_pattern_fits("{a}~x", "a+x", 3, &p) && !rad_pattern_fits("{a}~x", "a/x", 3, &p) &&
              !rad_pattern_fits("{a}~x", "~x", 2, &p));
}
END_TEST

int main(void) {
    char command[128];
    if (!mkdtemp(top)) return 1;
    Suite *suite = suite_create("discover");
    TCase *tests = tcase_create("discover");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, layouts, 0, CASES);
    tcase_add_test(tests, suggestions);
    tcase_add_test(tests, names_differ);
    tcase_add_test(tests, patterns);
    const int code = test_run(suite);
    snprintf(command, sizeof command, "rm -rf %s", top);
    return system(command) != 0 ? 1 : code;
}
