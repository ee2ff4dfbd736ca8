"""Settings and filters that same_bytes_set.py tries, one a line; \\n and \\t stand for what they say."""
# Settings that are valid, on small images.
SETTINGS = """suv: none
slice_tolerance: 5
diagnostics: yes
interpolation: {spacing: 2}
interpolation: {spacing: [1, 0, 2], method: nearest, round: yes}
interpolation: {spacing: 3, method: cubic, mask_method: nearest, mask_threshold: 0.25}
interpolation: {spacing: 30}
resegmentation: {range: [-100, 100]}
resegmentation: {range: [0, .inf], outliers: 2}
resegmentation: {range: [5000, 6000]}
resegmentation: {outliers: 0.1}
discretisation: [fbs25, fbn8, fbn64]
discretisation: fbs0.5
discretisation: [fbs1000]
discretisation: none
ivh: none
ivh: fbs10
ivh: fbn1000
texture: {dimensions: [2D]}
texture: {dimensions: [2.5D, 3D], glcm_distance: 2}
texture: {ngtdm_distance: 2, ngldm_distance: 2, ngldm_coarseness: 2}
families: []
families: [morph]
families: [loc, stat]
families: [ih, ivh]
families: [cm, rlm]
families: [szm, dzm]
families: [ngt, ngl]
diagnostics: yes\\nimages: [square, squareroot, logarithm, exponential, gradient]\\nfilter_families: [stat, ih]\\nfamilies: stat
images: [{log: {sigma: [1, 2, 3], families: [stat, cm], discretisation: fbn8, ivh: fbs5}}]\\nfamilies: []
images: [{wavelet: {wavelet: coif1, subband: [LLH, HHH], name: mine}}]\\nfamilies: []
images: [mean, {gaussian: {sigma: 2}}]\\nfilter_boundary: zero\\nfilter_families: stat
images: [mean]\\nfilter_discretisation: [fbs10, fbn4]\\nfilter_ivh: fbs1\\nfilter_margin_mm: 3
images: [{log: {sigma: 2}}]\\nfilter_nan: 0\\nfilter_families: stat
images: [{gabor: {lambda: [2, 4], sigma: 2, rotations: yes, step: 45}}]\\nfilter_families: stat\\nfamilies: stat"""

# Settings, images and options that are wrong.
WRONG_SETTINGS = r"""nonsense: 1
texture: {dimension: 3D}
suv: lean
slice_tolerance: -1
slice_tolerance: many
interpolation: 2
interpolation: {spacing: -1}
interpolation: {spacing: [1, 2]}
interpolation: {spacing: [1, 2, 3, 4]}
interpolation: {method: quintic}
interpolation: {mask_threshold: 2}
interpolation: {round: perhaps}
resegmentation: {range: [3, 1]}
resegmentation: {range: 3}
resegmentation: {outliers: -1}
discretisation: [fbn0]
discretisation: [fbs-5]
discretisation: [fbn100000]
discretisation: [fbx3]
discretisation: []
discretisation: [fbn8, fbn8]
discretisation: [fbn1, fbn2, fbn3, fbn4, fbn5, fbn6, fbn7, fbn8, fbn9, fbn10, fbn11, fbn12, fbn13, fbn14, fbn15, fbn16, fbn17]
ivh: maybe
texture: {dimensions: [4D]}
texture: {glcm_distance: 0}
texture: {glcm_distance: 1.5}
texture: {ngldm_coarseness: -1}
families: [shape]
families: [stat, stat]
diagnostics: perhaps
images: square
images: [nonsense]
images: [{log: {sigm: 1}}]
images: [{log: {sigma: 0}}]
images: [{log: {sigma: x}}]
images: [{mean: {size: 4}}]
images: [{mean: {size: 3, dimension: 4}}]
images: [{laws: {kernels: L9}}]
images: [{laws: {kernels: L5E5}}]
images: [{wavelet: {wavelet: db99, subband: LLH}}]
images: [{wavelet: {subband: LXH}}]
images: [{wavelet: {subband: LL}}]
images: [{gabor: {lambda: 0}}]
images: [{gabor: {component: angle}}]
images: [{simoncelli: {level: 0}}]
images: [{simoncelli: {riesz: [1, 2]}}]
images: [{simoncelli: {riesz: [0, 0, 0], steered: 1}}]
images: [{lbp: {pattern: nonsense}}]
images: [{lbp: {radius: 0}}]
images: [{square: {sigma: 1}}]
images: [square, square]
images: [{square: {name: a b}}]
images: [{log: {sigma: [1, 2], name: same}}]
images: [{log: {sigma: 1}, mean: {size: 3}}]
filter_boundary: wrap
filter_families: [morph]
filter_margin_mm: -1
filter_nan: maybe
suv: bw\nsuv: bw
\tsuv: bw
suv: [bw
- suv
suv: &a bw
{}
"""

FILTERS = """mean
mean size=3
mean size=7 dimension=2 boundary=zero
gaussian
gaussian sigma=2 cutoff=3 boundary=nearest
gaussian sigma=1 dimension=2 boundary=periodic
log
log sigma=2 zero_sum=no
log sigma=2 dimension=2 boundary=zero
log sigma=2 riesz=1,0,1
log sigma=2 riesz=0,1,0 steered=1
laws
laws kernels=L3E3S3 delta=2
laws kernels=E5W5R5 rotations=yes pooling=mean
laws kernels=W5R5 dimension=2 rotations=yes pooling=min delta=1
gabor
gabor sigma=2 lambda=3 gamma=1 theta=30 component=real
gabor sigma=2 lambda=3 component=imaginary boundary=zero
gabor sigma=1.5 lambda=2 rotations=yes step=45 pooling=mean orthogonal=yes
wavelet
wavelet wavelet=haar subband=HHH
wavelet wavelet=coif1 subband=LHL level=2 rotations=yes pooling=sum
wavelet wavelet=sym4 subband=HL dimension=2 boundary=periodic
simoncelli
simoncelli level=2
simoncelli level=1 riesz=0,2,0 steered=1.5
simoncelli level=1 dimension=2 riesz=1,0,0
gradient
gradient dimension=2 boundary=zero
square
squareroot
logarithm
exponential
exponential scale=50
lbp
lbp pattern=minimum radius=2
lbp pattern=code dimension=2 samples=12"""

WRONG_FILTERS = """lag
log sigm=1
log sigma
log sigma=
log =1
log sigma=0
log sigma=1e9
log sigma=nan
log sigma=1 sigma=2
log size=3
log riesz=1,2
log riesz=1,2,30
log steered=1
mean size=4
mean size=0
mean size=1.5
mean size=99999999999999999999
mean dimension=1
mean boundary=wrap
laws kernels=L5
laws kernels=X5X5X5
laws kernels=L5E5S5 dimension=2
laws rotations=maybe
laws pooling=median
laws delta=-1
gabor lambda=-1
gabor gamma=0
gabor step=0
gabor step=70 rotations=yes
gabor component=phase
wavelet wavelet=db0
wavelet wavelet=sym1
wavelet subband=LL
wavelet subband=LLH dimension=2
wavelet level=11
simoncelli level=0
simoncelli riesz=a,b,c
simoncelli boundary=zero
gradient sigma=1
square boundary=zero
exponential scale=0
lbp pattern=all
lbp samples=3
lbp radius=100
"""
