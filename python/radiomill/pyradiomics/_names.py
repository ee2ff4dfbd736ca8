"""Names of PyRadiomics: classes and their features, image types, settings with their defaults."""
from __future__ import annotations

from typing import Any

VOXELWISE = ("voxelBased=True: voxel-based extraction, a map for each feature, is not made; without it the features of the "
             "ROI are given")

IMAGE_TYPES = ("Exponential", "Gradient", "LBP2D", "LBP3D", "LoG", "Logarithm", "Original", "Square", "SquareRoot", "Wavelet")

# A star: deprecated. Two: deprecated, and gives nothing.
_LEVELS = "GrayLevelNonUniformity GrayLevelNonUniformityNormalized GrayLevelVariance"
FEATURES = {
    "firstorder": "10Percentile 90Percentile Energy Entropy InterquartileRange Kurtosis Maximum MeanAbsoluteDeviation Mean "
                  "Median Minimum Range RobustMeanAbsoluteDeviation RootMeanSquared Skewness StandardDeviation* TotalEnergy "
                  "Uniformity Variance",
    "glcm": "Autocorrelation ClusterProminence ClusterShade ClusterTendency Contrast Correlation DifferenceAverage "
            "DifferenceEntropy DifferenceVariance Dissimilarity** Homogeneity1** Homogeneity2** Id Idm Idmn Idn Imc1 Imc2 "
            "InverseVariance JointAverage JointEnergy JointEntropy MCC MaximumProbability SumAverage SumEntropy SumSquares "
            "SumVariance**",
    "gldm": "DependenceEntropy DependenceNonUniformity DependenceNonUniformityNormalized DependencePercentage** "
            "DependenceVariance GrayLevelNonUniformity GrayLevelNonUniformityNormalized** GrayLevelVariance "
            "HighGrayLevelEmphasis LargeDependenceEmphasis LargeDependenceHighGrayLevelEmphasis "
            "LargeDependenceLowGrayLevelEmphasis LowGrayLevelEmphasis SmallDependenceEmphasis "
            "SmallDependenceHighGrayLevelEmphasis SmallDependenceLowGrayLevelEmphasis",
    "glrlm": _LEVELS + " HighGrayLevelRunEmphasis LongRunEmphasis LongRunHighGrayLevelEmphasis LongRunLowGrayLevelEmphasis "
             "LowGrayLevelRunEmphasis RunEntropy RunLengthNonUniformity RunLengthNonUniformityNormalized RunPercentage "
             "RunVariance ShortRunEmphasis ShortRunHighGrayLevelEmphasis ShortRunLowGrayLevelEmphasis",
    "glszm": _LEVELS + " HighGrayLevelZoneEmphasis LargeAreaEmphasis LargeAreaHighGrayLevelEmphasis "
             "LargeAreaLowGrayLevelEmphasis LowGrayLevelZoneEmphasis SizeZoneNonUniformity SizeZoneNonUniformityNormalized "
             "SmallAreaEmphasis SmallAreaHighGrayLevelEmphasis SmallAreaLowGrayLevelEmphasis ZoneEntropy ZonePercentage "
             "ZoneVariance",
    "ngtdm": "Busyness Coarseness Complexity Contrast Strength",
    "shape": "Compactness1* Compactness2* Elongation Flatness LeastAxisLength MajorAxisLength Maximum2DDiameterColumn "
             "Maximum2DDiameterRow Maximum2DDiameterSlice Maximum3DDiameter MeshVolume MinorAxisLength "
             "SphericalDisproportion* Sphericity SurfaceArea SurfaceVolumeRatio VoxelVolume",
    "shape2D": "Elongation MajorAxisLength MaximumDiameter MeshSurface MinorAxisLength Perimeter PerimeterSurfaceRatio "
               "PixelSurface SphericalDisproportion* Sphericity",
}

# What is done before features of an image are computed.
BEFORE = frozenset(
    "minimumROIDimensions minimumROISize geometryTolerance correctMask additionalInfo label label_channel normalize "
    "normalizeScale removeOutliers resampledPixelSpacing interpolator padDistance preCrop resegmentRange resegmentMode "
    "resegmentShape".split())
OWN = frozenset(
    "binWidth binCount distances force2D force2Ddimension voxelArrayShift symmetricalGLCM weightingNorm gldm_a sigma "
    "start_level level wavelet gradientUseSpacing lbp2DRadius lbp2DSamples lbp2DMethod lbp3DLevels lbp3DIcosphereRadius "
    "lbp3DIcosphereSubdivision kernelRadius maskedKernel initValue voxelBatch".split())

DEFAULTS: dict[str, Any] = {
    "minimumROIDimensions": 2, "minimumROISize": None, "normalize": False, "normalizeScale": 1, "removeOutliers": None,
    "resampledPixelSpacing": None, "interpolator": "sitkBSpline", "preCrop": False, "padDistance": 5, "distances": [1],
    "force2D": False, "force2Ddimension": 0, "resegmentRange": None, "label": 1, "additionalInfo": True,
}

INTERPOLATORS = ("sitkNearestNeighbor", "sitkLinear", "sitkBSpline", "sitkGaussian", "sitkLabelGaussian",
                 "sitkHammingWindowedSinc", "sitkCosineWindowedSinc", "sitkWelchWindowedSinc", "sitkLanczosWindowedSinc",
                 "sitkBlackmanWindowedSinc")


def features(name: str) -> dict[str, bool]:
    """Features of a class; True: deprecated."""
    return {word.rstrip("*"): word.endswith("*") for word in FEATURES[name].split()}
