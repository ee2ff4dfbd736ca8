"""Settings, filters and command lines that same_bytes_set.py tries, one a line."""
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

# Options after image and mask.
WRONG_EXTRACTS = """-o
--output=
-o a.csv -o b.csv
--verify=yes
--colour red
-x
three
--threads 0
--threads two
-t 1.5
-t 99999999999999999999
-t -1
-t
-o c.xls
-o no/f.csv
-o .
--nan x
--nan
--suv lean
--series 1.2.3
--roi
-c ibsi-z
-c none.yaml
--formulas
--
-- -o
--out a.csv
-o a.csv -v -v
--case
--case a --case b
-r 1 --roi=2
--verify --resample-mask --ignore-frame-of-reference"""

# Whole command lines, and one or two that are right.
WRONG_BATCHES = """batch cases.csv
batch -o run
batch cases.csv -o run -m much
batch cases.csv -o run -m 12X
batch cases.csv -o run -m 12
batch cases.csv -o run --timeout -1
batch cases.csv -o run --timeout soon
batch cases.csv -o run --timeout 0
batch cases.csv -o run --max-failures -1
batch cases.csv -o run --shard 3/2
batch cases.csv -o run --shard 0/2
batch cases.csv -o run --shard 1
batch cases.csv -o run --shard 1/2x
batch none.csv -o run
batch . -o run
batch cases.csv -o cases.csv
batch cases.csv -o no/run
batch cases.csv -o run -c none
batch cases.csv -o run --retry-failed --force
batch cases.csv -o run --fail-fast --max-failures 2
batch cases.csv -o run -q --json-log
batch cases.csv -o run --formulas no
batch cases.csv -o run -t 0
batch cases.csv -o run -m 1k -t 1 -q
collect
collect run run
collect cases.csv
slurm cases.csv -o run
slurm cases.csv -n 3
slurm cases.csv -o run -n 0
slurm none.csv -o run -n 2
slurm cases.csv -o none/run -n 2
slurm cases.csv -o run -n 2 -c none
slurm cases.csv -o sl -n 2
slurm cases.csv -o sl -n 2 --no-submit -c ibsi-a --resample-mask
slurm cases.csv -o sl -n 1 --no-submit -- --mem=1G
manifest
manifest none
manifest cases.csv
manifest empty
manifest . --image
manifest . -o no/m.csv"""

WRONG_SUMS = """pool whole.yaml s1.radsum s2.radsum s3.radsum
pool -k keys whole.yaml
pool whole.yaml s1.radsum s2.radsum -k keys -o p
pool whole.yaml s1.radsum s2.radsum s3.radsum -k few.keys -o p
pool whole.yaml s1.radsum s2.radsum s3.radsum -k wrong.keys -o p
pool whole.yaml s1.radsum s2.radsum s3.radsum -k whole.yaml -o p
pool few.yaml s1.radsum s2.radsum s3.radsum -k keys -o p
pool whole.yaml none.radsum s2.radsum s3.radsum -k keys -o p
pool none.yaml s1.radsum s2.radsum s3.radsum -k keys
pool whole.yaml s1.csv s2.radsum s3.radsum -k keys
pool whole.yaml . s2.radsum s3.radsum -k keys
pool whole.yaml s1.radsum s2.radsum s3.radsum -k none -o p
pool whole.yaml s1.radsum s2.radsum s3.radsum -k keys -o s1.csv
pool whole.yaml s1.radsum s2.radsum s3.radsum -k keys -o no/p
pool s1.radsum whole.yaml -k keys
pool whole.yaml s1.radsum s2.radsum s3.radsum -k keys -o p -t 0
pool whole.yaml s1.radsum s2.radsum s3.radsum -k keys --formulas x
pool whole.yaml s1.radsum s1.radsum s2.radsum s3.radsum -k keys -o p
summarise s1.csv
summarise s1.csv -s whole.yaml
summarise s1.csv -k s1.key
summarise none.csv -s whole.yaml -k s1.key
summarise s1.csv -s none.yaml -k s1.key
summarise s1.csv -s whole.yaml -k none.key
summarise s1.csv -s whole.yaml -k keys
summarise s1.csv -s s1.csv -k s1.key
summarise whole.yaml -s whole.yaml -k s1.key
summarise . -s whole.yaml -k s1.key
summarise s1.csv -s whole.yaml -k s1.key -o no/x
summarise s1.csv -s whole.yaml -k s1.key --clinical none.csv
summarise s1.csv -s whole.yaml -k s1.key --clinical clinical.csv
summarise s1.csv -s whole.yaml -k s1.key -p none.yaml
summarise s1.csv -s whole.yaml -k s1.key -p whole.yaml
summarise s1.csv -s whole.yaml -k s1.key -t x
summarise s1.csv -s whole.yaml -k s1.key --set-aside rest
summarise s1.csv -s whole.yaml -k .
summarise s1.csv -s . -k s1.key
harmonise s1.csv
harmonise s1.csv -s whole.yaml
harmonise s1.csv -s whole.yaml -m h.json
harmonise s1.csv -s whole.yaml -m h.json --site s9
harmonise none.csv -s whole.yaml -m h.json --site s1
harmonise s1.csv -s few.yaml -m h.json --site s1
harmonise s1.csv -s whole.yaml -m keys --site s1
harmonise s1.csv -s whole.yaml -m none --site s1
harmonise clinical.csv -s whole.yaml -m h.json --site s1
harmonise s1.csv -s whole.yaml -m h.json --site s1 -o no/h.csv
harmonise s1.csv -s whole.yaml -m h.json --site s1 -o h.xls
harmonise s1.csv -s whole.yaml -m h.json --join
harmonise s1.csv -s whole.yaml -m h.json --site s1 --join
harmonise s1.csv -s whole.yaml -m h.json --site s1 --formulas x
harmonise . -s whole.yaml -m h.json --site s1
study
study check
study check none.yaml
study check s1.csv
study show whole.yaml
study whole.yaml
study check whole.yaml few.yaml
study check .
study check keys"""

# What a summary that is well signed may say: a pattern, and what it becomes.
FORGED = [
    (b'"patients":100', b'"patients":101'),
    (b'"patients":100', b'"patients":1000000000'),
    (b'"patients":100', b'"patients":-1'),
    (b'"patients":100', b'"patients":"100"'),
    (b'"site": "s1"', b'"site": "s2"'),
    (b'"site": "s1"', b'"site": "a b"'),
    (b'"release": 1', b'"release": 2'),
    (b'"release": 1', b'"release": 0'),
    (rb'"format": "radsum \d+"', b'"format": "radsum 9"'),
    (b'"engine": "radiomill', b'"engine": "other'),
    (b'482 of 482', b'480 of 482'),
    (b'482 of 482', b'1 of 1'),
    (b'"check": "[^"]*"', b'"check": ""'),
    (b'"settings": "[^"]*"', b'"settings": "0123"'),
    (rb'"minimum_cell":\["10"', b'"minimum_cell":["2"'),
    (rb'"minimum_cell":\["10"', b'"minimum_cell":["30"'),
    (rb'"minimum_sites":\["3"', b'"minimum_sites":["9"'),
    (rb'"round":\["0"', b'"round":["5"'),
    (b'"dominance"', b'"nonsense"'),
    (b'"name":"f0001"', b'"name":"f0002"'),
    (b'"name":"f0001"', b'"name":"g0001"'),
    (b'"name":"f0001"', rb'"name":"\\u001b[31m"'),
    (b'"kind":"feature"', b'"kind":"creature"'),
    (b'"transform":"none"', b'"transform":"log"'),
    (b'"centre":0.0', b'"centre":1.0'),
    (b'"unit":"years"', b'"unit":"days"'),
    (b'"definition":"[0-9a-f]', b'"definition":"x'),
    (rb'"sets":\[\[100,"', b'"sets":[[100,"-'),
    (rb'"sets":\[\[100,', b'"sets":[[99,'),
    (rb'"sets":\[\[100,', b'"sets":[[101,'),
    (rb'(p[-+]\d+",")([0-9a-f])', rb'\1-\2'),
    (rb'"histogram":\[\[(\d+),(\d+),\d+\]', rb'"histogram":[[\1,\2,900]'),
    (rb'"histogram":\[\[(\d+),(\d+),', rb'"histogram":[[\2,\1,'),
    (rb'"withheld": \{"cells":\d+', b'"withheld": {"cells":-1'),
    (b'"tables"', b'"tablets"'),
    (rb'"levels": \[\[\d+', b'"levels": [[999'),
    (b'"survival"', b'"revival"'),
    (rb'"edges":\[0,', b'"edges":[9,'),
    (rb'"counts":\[\d+', b'"counts":[7777'),
    (b'"hash":"[0-9a-f]', b'"hash":"x'),
    (rb'"study": \{"id":"[^"]*"', b'"study": {"id":"other"'),
    (rb'\{', b'['),
    (b'"cohort"', b'"cohort" '),
    (b'"excluded":0', b'"excluded":7'),
]

# A study, and what it becomes.
STUDY_SLIPS = [
    ("patient: patient", "pacient: patient"),
    ("relative: 0.01", "relative: 9"),
    ("groups: [sex, response]", "groups: [sex, size]"),
    ("features: [f*]", "features: f*"),
    ("features: [f*]", "features: []"),
    ("levels: [F, M]", "levels: [F, F]"),
    ("levels: [F, M]", "levels: [F]"),
    ("study: whole", "study: a/b"),
    ("study: whole\n", ""),
    ("[[sex, response]", "[[sex, sex]"),
    ("[[sex, response]", "[[sex, age]"),
    ("[0, 12", "[1, 12"),
    ("[0, 12", "[0, 48"),
    ("event: relapse, ", ""),
    ("event: relapse", "evnt: relapse"),
    ("groups: [sex]}", "groups: [size]}"),
    ("model: [age, sex, stage]", "model: [height]"),
    ("model: [age, sex, stage]", "model: [age, age]"),
    ("redundancy: 0.5", "redundancy: 2"),
    ("volume: f0001", "volume: g"),
    ("covariance: [f0000", "covariance: [nothing"),
    ("unit: years", "units: years"),
    ('"f*": {grid', '"f*": {transform: sqrt, grid'),
    ("model: ", "batches: {minimum: 1}\nmodel: "),
    ("model: ", "batches: {small: drop}\nmodel: "),
    ("model: ", "batches: {least: 3}\nmodel: "),
    ("model: ", "batches: 20\nmodel: "),
    ("model: ", "analyses: [magic]\nmodel: "),
    ("model: ", "analyses: [reliability]\nmodel: "),
    ("model: ", "quantiles: [2]\nmodel: "),
    ("model: ", "quantiles: x\nmodel: "),
    ("model: ", "missing: guess\nmodel: "),
    ("model: ", "thresholds: {minimum_cell: 1}\nmodel: "),
    ("model: ", "thresholds: {mode: lax}\nmodel: "),
    ("model: ", "where: {zip: 1}\nmodel: "),
    ("model: ", "repeats: {occasion: session, levels: [a]}\nmodel: "),
    ("model: ", "reference: nobody\nmodel: "),
    ("study: ", "study: x\nstudy: "),
    ("study: ", "\tstudy: "),
]

# Policies of a site.
POLICIES = [
    "minimum_cell: 70", "minimum_cell: 3", "minimum_sell: 3", "minimum_cell: 2", "minimum_cell: x", "dominance: 0.5", "dominance: 2",
    "parameters: 0.01", "round: 5", "round: -1", "minimum_sites: 9", "mode: datashield", "[]",
    "minimum_cell: 20\nminimum_cell: 20", ""]

# Lists of cases.
LISTS = [
    "", "case,image,mask\n", "case,image\na,b\n", "image,mask\na,b,c\n", "case,image,mask\na,b\n",
    "case,image,mask\nx,a,b\ny,c,d\nx,a,b\n", "case,image,image,mask\na,b,c,d\n", "case;image;mask\na;b;c\n",
    "case\timage\tmask\na\tb\tc\n", "case,image,mask\n\"a,b,c\n", "case,image,mask\n\"a\"x,b,c\n",
    "case,image,mask,label,roi\na,b,c,1,2\n", "\ufeffCase,Image,Mask\r\na,b,c\r\n", "case,image,mask\n,b,c\n",
    "case,image,mask,features\na,b,c,d\n", "case,image,mask,series\na,b,c,1.2\n", "\0\1\2", "case,image,mask\na\x1bb,\u202e,c\n"]
