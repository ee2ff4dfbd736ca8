# radiomill: `make help` lists the targets.
VERSION := 0.2.0
PREFIX ?= /usr/local
DESTDIR ?=
LIBDIR ?= $(PREFIX)/lib
ZSH ?= $(PREFIX)/share/zsh/site-functions
BUILD ?= build
RADIOMILL_DATA ?= ../shared/data
RADIOMILL_CASES ?= ../shared/cases
export RADIOMILL_DATA RADIOMILL_CASES

# Debian packages: what the build, the tests and the checks need.
BUILD_PACKAGES := gcc libc6-dev make pkg-config libnifti2-dev zlib1g-dev libisal-dev libdeflate-dev libfftw3-dev \
	libqhull-dev liblapacke-dev libyaml-dev libjansson-dev libsqlite3-dev libsodium-dev nettle-dev libboost-dev libpng-dev libtiff-dev \
	g++ libgdcm-dev libseccomp-dev
TEST_PACKAGES := check valgrind strace python3 mandoc dcmtk libgdcm-tools python3-pydicom python3-numpy python3-yaml
FUZZ_PACKAGES := clang libclang-rt-14-dev
COVERAGE_PACKAGES := clang libclang-rt-14-dev llvm
ARM64_PACKAGES := gcc-aarch64-linux-gnu qemu-user dpkg-dev
SLURM_PACKAGES := slurm-wlm munge
R_PACKAGES := r-base-core r-cran-metafor r-bioc-sva r-cran-psych r-cran-survival r-cran-proc r-cran-mass r-cran-glmnet r-cran-lme4 r-cran-cmprsk r-cran-jsonlite python3-pandas
REPORT_PACKAGES := chromium chromium-driver python3-selenium
PEER_PACKAGES := python3-venv python3-dev
DEB_PACKAGES := build-essential debhelper lintian
ROOT_PACKAGES := debootstrap
IMAGE_PACKAGES := mmdebstrap buildah crun
TEST_IMAGE_PACKAGES := podman bubblewrap
PEERS ?= $(BUILD)/peers
ADVERSARY_PACKAGES := python3-venv
LINT_PACKAGES := clang clang-tidy clang-format

# FFT=kissfft: Fourier transforms by headers under a BSD licence, in place of FFTW (GPL).
FFT ?= fftw
$(if $(filter fftw kissfft,$(FFT)),,$(error FFT=$(FFT): give fftw or kissfft))
FFT_SOURCE := $(if $(filter kissfft,$(FFT)),core/fft_kiss.cc,core/fft.c)
LIBRARIES := libdeflate $(if $(filter kissfft,$(FFT)),,fftw3) qhull_r lapacke yaml-0.1 jansson sqlite3 libsodium nettle libpng libtiff-4
# ISA-L inflates where it is there, zlib where it is not: make ISAL= builds without it.
ISAL ?= $(shell pkg-config --exists libisal 2>/dev/null && echo libisal)
NIFTI ?= /usr/include/nifti
# GDCM comes without pkg-config.
GDCM ?= $(firstword $(wildcard /usr/include/gdcm-*))
FOLDERS := core io io/scan io/dicom filters features pipeline pipeline/batch pipeline/validate federate federate/site federate/pool report library
WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -Wno-pass-failed
CFLAGS ?= -O3 -g
CXXFLAGS ?= $(CFLAGS)
# Hardening, before the flags of whoever builds; FORTIFY needs optimisation, and is theirs or a sanitizer's where those are named.
MACHINE := $(shell $(CC) -dumpmachine 2>/dev/null)
HARDENING := -fstack-protector-strong $(if $(filter x86_64-%,$(MACHINE)),-fcf-protection) \
	$(if $(filter aarch64-%,$(MACHINE)),-mbranch-protection=standard)
FORTIFY_LEVEL := $(shell [ "$$($(CC) -dumpversion 2>/dev/null | cut -d. -f1)" -ge 12 ] 2>/dev/null && echo 3 || echo 2)
fortify = $(if $(findstring _FORTIFY_SOURCE,$(1) $(CPPFLAGS))$(findstring -fsanitize,$(1)),,$(if \
	$(filter-out -O0,$(lastword $(filter -O%,$(1)))),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(FORTIFY_LEVEL)))
C_FLAGS = $(HARDENING) $(call fortify,$(CFLAGS)) $(CPPFLAGS) $(CFLAGS)
CXX_FLAGS = $(HARDENING) $(call fortify,$(CXXFLAGS)) $(CPPFLAGS) $(CXXFLAGS)
LD_FLAGS = -Wl,-z,relro,-z,now,-z,noexecstack $(CFLAGS) $(LDFLAGS)
RAD_CFLAGS := -std=c17 $(WARNINGS) -ffp-contract=off -fopenmp-simd -fPIC -fvisibility=hidden -D_GNU_SOURCE \
	-DRAD_VERSION='"$(VERSION)"' -DRAD_PREFIX='"$(PREFIX)"' -isystem $(NIFTI) $(if $(ISAL),-DRAD_ISAL)
RAD_CXXFLAGS = -std=c++17 $(WARNINGS) -fPIC -isystem $(GDCM)
PKG_CFLAGS = $(shell pkg-config --cflags $(LIBRARIES) $(ISAL) 2>/dev/null)
LIBS = $(shell pkg-config --libs $(LIBRARIES) $(ISAL) 2>/dev/null) $(OTHER_LIBS)
OTHER_LIBS := -lnifti2 -lznz -lz -lstdc++ -lm
# The decoder is a program of its own; nothing else is linked with GDCM.
DECODER := $(BUILD)/libexec/radiomill-decoder
DECODER_OBJECTS := $(patsubst %,$(BUILD)/%.o,$(basename $(wildcard decoder/*.c decoder/*.cc)))
DECODER_LIBS := -lgdcmMSFF -lgdcmDICT -lgdcmDSED -lgdcmCommon $(shell pkg-config --libs libseccomp 2>/dev/null) -lstdc++ -lm

NOT_THIS_FFT := $(filter-out $(FFT_SOURCE),core/fft.c core/fft_kiss.cc)
SOURCES := $(filter-out $(NOT_THIS_FFT),$(foreach folder,$(FOLDERS),$(wildcard $(folder)/*.c)))
CXX_SOURCES := $(filter-out $(NOT_THIS_FFT),$(foreach folder,$(FOLDERS),$(wildcard $(folder)/*.cc)))
HEADERS := include/radiomill.h $(foreach folder,$(FOLDERS),$(wildcard $(folder)/*.h))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(CXX_SOURCES:%.cc=$(BUILD)/%.o) $(BUILD)/embedded.o
CLI_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard cli/*.c)) $(BUILD)/built.o
# Suites of shell that `check` runs: all but those that need a browser or Slurm, which have targets of their own.
SCRIPTS := $(filter-out report slurm,$(patsubst tests/command/test_%.sh,%,$(sort $(wildcard tests/command/test_*.sh))))
SUITES := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))
EMBEDDED := reference/ibsi1_values.csv reference/ibsi2_values.csv reference/ibsi2_maps.csv reference/digital_phantom.csv \
	report/report.css report/report.js $(wildcard reference/settings/*.yaml)
C_FILES := $(SOURCES) $(HEADERS) $(wildcard cli/*.[ch] decoder/*.[ch] tests/unit/*.[ch] tests/support/*.[ch] tests/fuzz/*.[ch] bench/*.[ch])

# Builds inside of targets take all processors, unless whoever calls make says how many.
AT_ONCE = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 1))

.PHONY: all data test-files test-python test-live wheel test-wheel deb test-deb test-stranger image test-image permissive usefulness coverage help demo demo-federation demo-live test test-long flavours torture same-bytes test-r test-report test-adversary arm64 slurm suites tools mutants check sanitize threads zlib valgrind lint layers format tidy warnings bench bench-counts bench-shared bench-live bench-peers fuzz fuzzers fuzz-packages \
	.FORCE install uninstall clean packages test-packages lint-packages
.DELETE_ON_ERROR:
.SECONDARY:

all: $(BUILD)/radiomill $(DECODER) $(BUILD)/libradiomill.a $(BUILD)/libradiomill.so ## build command and library

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

demo: packages ## install what is missing, build, check every feature on the digital phantom
	@$(MAKE) --no-print-directory $(AT_ONCE) all
	$(BUILD)/radiomill validate --only digital_phantom --all

demo-federation: packages ## two cohorts of four sites, from keys to tables and harmonised rows, each command shown
	@sh .ci/packages python3
	@$(MAKE) --no-print-directory $(AT_ONCE) all
	@BUILD=$(BUILD) sh samples/demo_federation.sh

test: packages test-packages ## install what the tests need, build, run the whole suite
	@$(MAKE) --no-print-directory -k check sanitize threads zlib valgrind layers

test-long: test arm64 slurm flavours torture mutants test-live test-deb test-stranger test-image ## the suite and the long runs: arm64 under emulation, Slurm, levels of optimisation, mutants, NVIDIA FLARE, packages, 200 kills, 1,000 flipped bits
	@$(MAKE) --no-print-directory tidy NODES=225000
	KILLS=200 BUILD=$(BUILD) sh tests/command/test_batch.sh
	FLIPS=1000 BUILD=$(BUILD) sh tests/command/test_journal.sh
	MUTATIONS=10000 $(BUILD)/tests/test_decoding
	CUTS=400 BUILD=$(BUILD) sh tests/command/test_cuts.sh

EVERY ?= --every
torture: packages test-packages all $(BUILD)/tests/failing.so ## every allocation and every system call of the commands fails once
	EVERY="$(EVERY)" BUILD=$(BUILD) sh tests/command/test_torture.sh

# OLD: the command of another build, its decoder beside it; ALLOW: a file of differences that are meant.
same-bytes: packages test-packages all ## outputs of two builds, byte by byte: make same-bytes OLD=path/to/radiomill
	@sh tests/support/same_bytes.sh '$(OLD)' $(BUILD)/radiomill $(if $(ALLOW),--allow '$(ALLOW)')

flavours: packages test-packages lint-packages ## suites and reference values at every level of optimisation, gcc and clang
	@BUILD=$(BUILD) sh tests/support/flavours.sh

test-r: packages test-packages all $(BUILD)/tests/no_rules ## pooled tables against R on the pooled rows; the how-tos
	@sh .ci/packages $(R_PACKAGES)
	@BUILD=$(BUILD) sh tests/oracle/test_r.sh
	@BUILD=$(BUILD) sh tests/oracle/rounds.sh
	@BUILD=$(BUILD) sh tests/oracle/computed.sh
	@BUILD=$(BUILD) sh tests/command/howto.sh

test-report: packages test-packages all $(BUILD)/tests/no_rules ## pages of pools in headless Chromium; screenshots in build/report
	@sh .ci/packages $(REPORT_PACKAGES)
	@BUILD=$(BUILD) sh tests/support/run.sh tests/command/test_report.sh

# Attacks on what a site releases, with the truth at hand; numpy, scipy and OR-tools in a virtual environment of its own.
ADVERSARY := $(BUILD)/adversary
$(ADVERSARY)/venv/done: tests/adversary/requirements.txt
	@sh .ci/packages $(ADVERSARY_PACKAGES)
	@rm -rf $(@D) && mkdir -p $(ADVERSARY) && python3 -m venv $(@D)
	@$(@D)/bin/pip install -q --disable-pip-version-check -r $< && touch $@

test-adversary: packages all $(ADVERSARY)/venv/done ## the adversary: known leaks, and a solver on STUDIES (2000) generated studies
	@$(ADVERSARY)/venv/bin/python tests/adversary/run.py --binary $(BUILD)/radiomill --known --studies $(or $(STUDIES),2000) \
		--keep $(ADVERSARY)/leaks
	@$(ADVERSARY)/venv/bin/python tests/adversary/rounds.py $(BUILD)/radiomill

# Files that packages of Python carry, against the readers of these packages (docs/files.md).
FILES := $(BUILD)/files
$(FILES)/venv/done: $(wildcard tests/files/requirements*.txt)
	@sh .ci/packages python3-venv
	@rm -rf $(@D) && mkdir -p $(FILES) && python3 -m venv $(@D)
	@$(@D)/bin/pip install -q --disable-pip-version-check $(addprefix -r ,$^) && touch $@

test-files: packages all $(BUILD)/tests/dump $(FILES)/venv/done ## public test files against the readers that they come with; WRITE=1 puts counts into docs/files.md
	@$(FILES)/venv/bin/python tests/files/dicom.py $(BUILD) $(FILES)/work $(if $(WRITE),--write) >$(FILES)/dicom.txt || { tail -n 40 $(FILES)/dicom.txt; false; }
	@$(FILES)/venv/bin/python tests/files/formats.py $(BUILD)/tests/dump $(if $(WRITE),--write)

# The package of Python on what is built here; its venv, and what the tests need, under build/python.
PYTHON_PACKAGES := python3-venv
PYTHON := $(BUILD)/python/venv/bin/python
$(BUILD)/python/venv/done: tests/python/requirements.txt
	@sh .ci/packages $(PYTHON_PACKAGES)
	@rm -rf $(@D) && mkdir -p $(BUILD)/python && python3 -m venv $(@D)
	@$(PYTHON) -m pip install -q --disable-pip-version-check -r $< && touch $@

test-python: packages all $(BUILD)/python/venv/done ## the Python package against the command, bit by bit
	@RADIOMILL_LIBRARY=$(abspath $(BUILD))/libradiomill.so RADIOMILL_COMMAND=$(abspath $(BUILD))/radiomill PYTHONPATH=python $(PYTHON) -m pytest -q -p no:cacheprovider tests/python $(PYTEST)

# A network of NVIDIA FLARE on this machine; the carrier (240 MB, from PyPI) in a virtual environment of its own.
LIVE := $(BUILD)/live
$(LIVE)/venv/done: pyproject.toml
	@sh .ci/packages $(PYTHON_PACKAGES)
	@rm -rf $(@D) && mkdir -p $(LIVE) && python3 -m venv $(@D)
	@$(@D)/bin/pip install -q --disable-pip-version-check -e '.[nvflare]' nvflare==2.9.0 pytest && touch $@

test-live: packages all $(LIVE)/venv/done ## the demo of NVIDIA FLARE, who is let in, what crosses the wire
	@BUILD=$(BUILD) $(LIVE)/venv/bin/python samples/demo_live.py >$(LIVE)/demo.log || { tail -n 40 $(LIVE)/demo.log; false; }
	@BUILD=$(BUILD) $(LIVE)/venv/bin/python -m pytest -q -p no:cacheprovider tests/live $(PYTEST)

demo-live: packages all $(LIVE)/venv/done ## a study over NVIDIA FLARE: a server, four sites and an admin as processes, a refusal, a hang, a power cut
	@BUILD=$(BUILD) $(LIVE)/venv/bin/python samples/demo_live.py

wheel: packages all ## a wheel for every Python from 3.9 on, with all that it needs, in build/python/dist
	@sh .ci/packages $(PYTHON_PACKAGES)
	@BUILD=$(BUILD) sh python/wheel.sh

test-wheel: wheel ## the wheel in clean virtual environments of each Python here, and in a bare Debian 12; the source distribution in a Debian that can build it
	@sh .ci/packages debootstrap
	@sh tests/python/wheel.sh $(BUILD)/python/dist/*.whl $(BUILD)/python/wheel
	@sh tests/python/sdist.sh $(BUILD)/python/wheel-venv/bin/python $(BUILD)/python/sdist $(BUILD_PACKAGES)

deb: packages ## packages of Debian, checked by lintian, in build/deb
	@sh .ci/packages $(DEB_PACKAGES)
	@BUILD=$(BUILD) VERSION=$(VERSION) sh packaging/deb.sh

test-deb: deb ## these packages in a bootstrapped Debian 12
	@sh .ci/packages $(ROOT_PACKAGES)
	@BUILD=$(BUILD) sh packaging/test_deb.sh

test-stranger: ## the first screen of README, by copy and paste, in a bootstrapped Debian 12
	@sh .ci/packages $(ROOT_PACKAGES)
	@BUILD=$(BUILD) sh packaging/stranger.sh

image: deb ## an OCI image of Debian packages, in build/image/radiomill.tar
	@sh .ci/packages $(IMAGE_PACKAGES)
	@BUILD=$(BUILD) VERSION=$(VERSION) sh packaging/image.sh

test-image: image ## the image without network, read-only, as nobody
	@sh .ci/packages $(TEST_IMAGE_PACKAGES)
	@BUILD=$(BUILD) sh packaging/test_image.sh

slurm: packages test-packages all ## a batch on a Slurm of one node
	@sh .ci/packages $(SLURM_PACKAGES)
	@BUILD=$(BUILD) sh tests/command/test_slurm.sh

arm64: packages all ## the suites on arm64, cross-compiled and emulated
	@sh .ci/packages $(ARM64_PACKAGES)
	@sh tests/support/arm64.sh $(BUILD)/arm64 $(filter-out gcc make pkg-config,$(BUILD_PACKAGES)) check

lint: packages test-packages lint-packages ## layers, formatting, clang-tidy, builds by gcc and clang without warnings
	@$(MAKE) --no-print-directory -k layers format tidy warnings

packages:
	@sh .ci/packages $(BUILD_PACKAGES)
test-packages:
	@sh .ci/packages $(TEST_PACKAGES)
lint-packages:
	@sh .ci/packages $(LINT_PACKAGES)

# Reference tables, presets and what the report brings along become one C file, so that the command needs no file beside it.
$(BUILD)/embedded.c: reference/embed.sh $(EMBEDDED)
	@mkdir -p $(@D)
	sh reference/embed.sh $(EMBEDDED) > $@

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(RAD_CFLAGS) $(C_FLAGS) $(PKG_CFLAGS) -MMD -MP -c $< -o $@

# Not of the decoder: types of GDCM that are thrown are to be one and the same on both sides.
$(CXX_SOURCES:%.cc=$(BUILD)/%.o): RAD_CXXFLAGS += -fvisibility=hidden

$(BUILD)/%.o: %.cc
	@mkdir -p $(@D)
	$(CXX) $(RAD_CXXFLAGS) $(CXX_FLAGS) -fno-sanitize=vptr -MMD -MP -c $< -o $@ # that check makes pipes; a decoder may not

$(BUILD)/embedded.o $(BUILD)/tests/misses.o: %.o: %.c
	$(CC) $(RAD_CFLAGS) $(C_FLAGS) -I. -c $< -o $@

# Commit and version of the decoder's library, for provenance: made anew where they changed, and linked with the command alone.
COMMIT = $(shell [ -e .git ] && git describe --always --dirty --exclude='*' --abbrev=12 2>/dev/null)
$(BUILD)/built.c: .FORCE
	@mkdir -p $(@D)
	@printf '#include "cli/made.h"\nconst char rad_built_commit[] = "%s", rad_built_gdcm[] = "%s";\n' '$(COMMIT)' \
		"$$(sed -n 's/^#define GDCM_VERSION "\([0-9.]*\)"/\1/p' $(GDCM)/gdcmConfigure.h 2>/dev/null)" >$@.$$PPID
	@cmp -s $@.$$PPID $@ || cp $@.$$PPID $@
	@rm -f $@.$$PPID
$(BUILD)/built.o: $(BUILD)/built.c cli/made.h
	$(CC) $(RAD_CFLAGS) $(C_FLAGS) $(PKG_CFLAGS) -I. -c $< -o $@

# Which FFT it was: with another one the libraries are made anew.
$(BUILD)/fft.kind: .FORCE
	@mkdir -p $(@D) && echo $(FFT) | cmp -s - $@ || echo $(FFT) >$@

$(BUILD)/libradiomill.a: $(OBJECTS) $(BUILD)/fft.kind
	@rm -f $@
	ar rcs $@ $(OBJECTS)

# Batches are a program's: they fork and watch signals. Threads of the team stay, and so does the library (nodelete).
SO_OBJECTS := $(filter-out $(BUILD)/pipeline/batch/%,$(OBJECTS))
$(BUILD)/libradiomill.so: $(SO_OBJECTS) $(BUILD)/fft.kind library/radiomill.map
	$(CC) -shared $(LD_FLAGS) -Wl,-soname,libradiomill.so.0,--version-script=library/radiomill.map,-z,nodelete,--as-needed \
		$(if $(findstring -fsanitize,$(CFLAGS)),,-Wl,-z,defs) $(SO_OBJECTS) $(LIBS) -o $@

$(BUILD)/radiomill: $(CLI_OBJECTS) $(BUILD)/libradiomill.a
	$(CC) -pie $(LD_FLAGS) $^ $(LIBS) -o $@

$(DECODER): $(DECODER_OBJECTS)
	@mkdir -p $(@D)
	$(CC) -pie $(LD_FLAGS) $^ $(DECODER_LIBS) -o $@

# The decoder with a codec that aborts, hangs, crashes, takes memory or asks the system, as a frame tells it.
$(BUILD)/tests/bad_decoder: $(BUILD)/tests/support/bad_codec.o $(filter-out %/codec.o,$(DECODER_OBJECTS))
	$(CC) -pie $(LD_FLAGS) $^ $(DECODER_LIBS) -o $@

$(BUILD)/tests/test_%: $(BUILD)/tests/unit/test_%.o $(BUILD)/tests/unit/testing.o $(BUILD)/libradiomill.a
	$(CC) -pie $(LD_FLAGS) $(filter %.o,$^) $(filter %.a,$^) $(shell pkg-config --libs check) $(LIBS) -o $@

# What some of them share.
$(patsubst %,$(BUILD)/tests/test_%,radiomill scans sites host): $(BUILD)/tests/unit/scans.o
$(patsubst %,$(BUILD)/tests/test_%,nifti nifti_odd): $(BUILD)/tests/unit/nifti_files.o
$(patsubst %,$(BUILD)/tests/test_%,dicom dicom_masks dicom_cases): $(BUILD)/tests/unit/dicom_files.o
$(patsubst %,$(BUILD)/tests/test_%,nrrd rasters pictures): $(BUILD)/tests/unit/rasters.o
$(patsubst %,$(BUILD)/tests/test_%,filters filter_twins pyr_wavelets pyr_log): $(BUILD)/tests/unit/filtering.o
$(patsubst %,$(BUILD)/tests/test_%,federate inference linear_models): $(BUILD)/tests/unit/least_squares.o

TEST_TOOLS := no_rules forge dump misses failing.so
$(BUILD)/tests/no_rules $(BUILD)/tests/forge $(BUILD)/tests/dump: $(BUILD)/tests/%: $(BUILD)/tests/support/%.o $(BUILD)/libradiomill.a
	$(CC) -pie $(LD_FLAGS) $^ $(LIBS) -o $@

# Loaded before the command, whose calls it makes fail.
$(BUILD)/tests/failing.so: tests/support/failing.c
	@mkdir -p $(@D)
	$(CC) -std=c17 -D_GNU_SOURCE $(WARNINGS) -O1 -g -fPIC -shared $< -o $@

# The command with one reference value changed, as if its engine missed it.
$(BUILD)/tests/missed/ibsi1_values.csv: reference/ibsi1_values.csv
	@mkdir -p $(@D)
	sed '0,/^digital_phantom,stat,stat_mean,/s/^digital_phantom,stat,stat_mean,/&9/' $< > $@
	! cmp -s $< $@
$(BUILD)/tests/misses.c: reference/embed.sh $(BUILD)/tests/missed/ibsi1_values.csv $(EMBEDDED)
	sh reference/embed.sh $(BUILD)/tests/missed/ibsi1_values.csv $(filter-out reference/ibsi1_values.csv,$(EMBEDDED)) > $@
$(BUILD)/tests/misses: $(CLI_OBJECTS) $(BUILD)/tests/misses.o $(BUILD)/libradiomill.a
	$(CC) -pie $(LD_FLAGS) $^ $(LIBS) -o $@

suites: $(SUITES) $(BUILD)/tests/bad_decoder
tools: $(TEST_TOOLS:%=$(BUILD)/tests/%)

# One suite by its name, and of a suite of Check one case: make check SUITE=nifti CASE=geometry
ifdef SUITE
CHECKED := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_$(SUITE).c)) \
	$(wildcard tests/command/test_$(SUITE).sh tests/oracle/test_$(SUITE).sh)
$(if $(strip $(CHECKED)),,$(error there is no suite `$(SUITE)`; there are $(sort $(SUITES:$(BUILD)/tests/test_%=%) $(SCRIPTS))))
else
CHECKED := $(SUITES) $(SCRIPTS:%=tests/command/test_%.sh)
endif
ifdef CASE
export CK_RUN_CASE := $(CASE)
endif

# Tests make files durable thousands of times: theirs lie in memory where there is room and programs may run from
# there, and wait for no disk.
IN_MEMORY := $(shell awk '$$2 == "/dev/shm" && !/noexec/ {fits = 1} END {exit !fits}' /proc/mounts && [ "$$(df --output=avail -m /dev/shm 2>/dev/null | tail -n 1)" -gt 4000 ] 2>/dev/null && echo /dev/shm)
check torture test-r test-report test-adversary: export TMPDIR := $(or $(TMPDIR),$(IN_MEMORY),/tmp)

check: ## all suites; SUITE=name for one, CASE=name for one case of a suite of Check
	@$(MAKE) --no-print-directory $(AT_ONCE) all $(if $(SUITE),$(filter $(BUILD)/%,$(CHECKED)) $(BUILD)/tests/bad_decoder,suites) tools
	@BUILD=$(BUILD) SANITIZE='$(filter -fsanitize%,$(LDFLAGS))' FORTIFIED='$(call fortify,$(CFLAGS))' \
		TIMES=$(BUILD)/suites.txt LIKE=$(LIKE) sh tests/support/run.sh $(CHECKED)

# The same suites under AddressSanitizer and UndefinedBehaviorSanitizer.
sanitize: ## the suites under AddressSanitizer and UndefinedBehaviorSanitizer
	@$(MAKE) --no-print-directory check BUILD=$(BUILD)/sanitize LIKE=$(BUILD)/suites.txt LDFLAGS=-fsanitize=address,undefined \
		CFLAGS='-O1 -g1 -fsanitize=address,undefined -fno-sanitize-recover=all'

threads: ## the public header from eight threads at once under ThreadSanitizer
	@$(MAKE) --no-print-directory $(AT_ONCE) $(BUILD)/threads/tests/test_host BUILD=$(BUILD)/threads LDFLAGS=-fsanitize=thread \
		CFLAGS='-O1 -g1 -fsanitize=thread'
	@CK_RUN_CASE=threads sh tests/support/run.sh $(BUILD)/threads/tests/test_host

# All suites, and those against R, with counters that processes share, so that those of workers count however they end.
# Standard error of suites is theirs; a suite that fails here is told by `check`, and keeps none from running (-k).
COVERAGE_LEAST ?= 85
COVERAGE_FLAGS := -O1 -Wno-error -Wno-unused-command-line-argument -fprofile-instr-generate -fcoverage-mapping -mllvm -runtime-counter-relocation=true
coverage: packages test-packages ## branches that the suites take, by folder; what never runs
	@sh .ci/packages $(COVERAGE_PACKAGES)
	@rm -rf $(BUILD)/coverage/profiles
	@mkdir -p $(BUILD)/coverage/profiles
	@LLVM_PROFILE_FILE='$(abspath $(BUILD))/coverage/profiles/%m%c.profraw' $(MAKE) --no-print-directory -k check test-r \
		BUILD=$(BUILD)/coverage CC=clang CXX=clang++ CFLAGS='$(COVERAGE_FLAGS)' || true
	@python3 tests/support/coverage.py $(BUILD)/coverage $(COVERAGE_LEAST)

# 200 changes of one comparison, constant or check each: what no suite notices is listed. Goes on where it stopped.
MUTANTS ?= 200
mutants: packages test-packages ## share of MUTANTS (200) small faults in the source that the suites notice
	python3 tests/support/mutate.py $(BUILD)/mutants --mutants $(MUTANTS)

# Fourier transforms without FFTW: the reference values are met, and maps too.
permissive: packages ## the engine on KISS FFT in place of FFTW, and the reference values by it
	@sh .ci/packages libkissfft-dev
	@$(MAKE) --no-print-directory $(AT_ONCE) all FFT=kissfft BUILD=$(BUILD)/kissfft
	$(BUILD)/kissfft/radiomill validate --data $(RADIOMILL_DATA)

# The readers on zlib, as where ISA-L is absent.
zlib: ## the readers without ISA-L
	@$(MAKE) --no-print-directory $(AT_ONCE) all $(BUILD)/zlib/tests/test_nifti $(BUILD)/zlib/tests/test_nrrd $(BUILD)/zlib/tests/test_rasters ISAL= BUILD=$(BUILD)/zlib CFLAGS=-O1
	@sh tests/support/run.sh $(BUILD)/zlib/tests/test_nifti $(BUILD)/zlib/tests/test_nrrd $(BUILD)/zlib/tests/test_rasters

valgrind: all ## the command under memcheck, every family and every filter
	@BUILD=$(BUILD) sh tests/support/memcheck.sh

usefulness: $(BUILD)/radiomill ## share of the numbers of a pool that the rules leave, at sites of 50, 100, 200 patients
	@python3 tests/support/usefulness.py $(BUILD)/radiomill $(BASE)

layers: ## walls between folders, lengths of files and functions
	@python3 tests/support/layers.py

format: ## does the code have the format of clang-format?
	clang-format --dry-run -Werror $(C_FILES) $(CXX_SOURCES) $(wildcard tests/support/toys/*.c) $(wildcard decoder/*.cc)

tidy: ## clang-tidy of every file
	@C_FLAGS='$(RAD_CFLAGS:-DRAD_%=) -DRAD_VERSION="lint" -DRAD_PREFIX="lint" $(if $(ISAL),-DRAD_ISAL) $(PKG_CFLAGS)' CXX_FLAGS='$(RAD_CXXFLAGS)' \
		NODES=$(NODES) sh tests/support/tidy.sh $(filter %.c,$(C_FILES)) $(CXX_SOURCES) $(wildcard decoder/*.cc)

warnings: ## builds by gcc and clang at -O0, where warnings are others, without one
	@$(MAKE) --no-print-directory $(AT_ONCE) all BUILD=$(BUILD)/gcc-O0 CFLAGS=-O0 CXXFLAGS=-O0
	@$(MAKE) --no-print-directory $(AT_ONCE) all CC=clang CXX=clang++ BUILD=$(BUILD)/clang CFLAGS=-O0 CXXFLAGS=-O0

# Fuzzers: a row in each tests/fuzz/fuzz_NAME.c, seeds in tests/fuzz/NAME, what is found in build/fuzz/corpus/NAME.
# The suite `seeds` runs the seeds, and a few changes of each, without libFuzzer.
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_SHARED := $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/fuzz/fuzz_% tests/fuzz/entry.c,$(wildcard tests/fuzz/*.c)))
FUZZ_LINK := -Wl,--defsym=crypto_sign_verify_detached=fuzz_signature_holds
FUZZ_SECONDS ?= 60
FUZZ_RUNS ?= -1
FUZZ_FLAGS := -O2 -g -fsanitize=address,undefined -fno-sanitize-recover=all
fuzz: packages fuzz-packages ## each fuzzer for FUZZ_SECONDS (60), or FUZZ_RUNS executions
	@$(MAKE) --no-print-directory $(AT_ONCE) fuzzers BUILD=$(BUILD)/fuzz CC=clang CXX=clang++ \
		CFLAGS='$(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -fno-sanitize-coverage=trace-cmp'
	@BUILD=$(BUILD)/fuzz FUZZ_SECONDS=$(FUZZ_SECONDS) FUZZ_RUNS=$(FUZZ_RUNS) sh tests/fuzz/run.sh $(FUZZERS)
fuzz-packages:
	@sh .ci/packages $(FUZZ_PACKAGES)
fuzzers: $(FUZZERS:%=$(BUILD)/tests/fuzz/fuzz_%)
$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/entry.o $(FUZZ_SHARED) $(BUILD)/libradiomill.a
	$(CXX) $(LD_FLAGS) -fsanitize=fuzzer -Wl,--defsym=FUZZER=fuzzer_$* $(FUZZ_LINK) $^ $(LIBS) -o $@
$(BUILD)/tests/test_seeds: $(FUZZERS:%=$(BUILD)/tests/fuzz/fuzz_%.o) $(FUZZ_SHARED)
$(BUILD)/tests/test_seeds: override LDFLAGS += $(FUZZ_LINK)

bench: all ## what each stage and the whole command cost; JSON in build/bench
	@$(MAKE) --no-print-directory $(BUILD)/bench/bench_stages $(BUILD)/bench/bench_filters \
		$(BUILD)/bench/bench_command $(BUILD)/bench/bench_dicom $(BUILD)/bench/bench_federate
	RAD_COMMIT=$$(git rev-parse --short HEAD 2>/dev/null) \
		$(BUILD)/bench/bench_stages --json $(BUILD)/bench/stages.json
	$(BUILD)/bench/bench_filters
	$(BUILD)/bench/bench_command $(BUILD)/radiomill $(BUILD)/bench $(BUILD)/bench/command.json
	$(BUILD)/bench/bench_dicom $(BUILD)/bench $(BUILD)/bench/dicom.json
	python3 bench/batch.py $(BUILD)/radiomill $(BUILD)/bench/batch
	python3 bench/formats.py $(BUILD)/radiomill $(BUILD)/bench/formats
	/usr/bin/python3 bench/pictures.py $(BUILD)/radiomill $(BUILD)/bench/pictures
	python3 bench/labels.py $(BUILD)/radiomill $(BUILD)/bench/labels
	$(BUILD)/bench/bench_federate $(BUILD)/bench $(BUILD)/bench/federate.json
	python3 bench/study.py $(BUILD)/radiomill $(BUILD)/bench

bench-live: packages all $(LIVE)/venv/done ## the study of eight sites over NVIDIA FLARE, by the clock
	@BUILD=$(BUILD) $(LIVE)/venv/bin/python bench/study_live.py $(BUILD)/bench

bench-counts: all ## instructions of each stage, by callgrind; BEFORE: such counts of another build
	@sh .ci/packages valgrind
	@$(MAKE) --no-print-directory $(BUILD)/bench/bench_stages
	python3 bench/counts.py $(BUILD) --json $(BUILD)/bench/counts.json $(if $(BEFORE),--before $(BEFORE))

bench-shared: all ## half a processor of 64 that are seen, and two busy processors, against one thread; root makes the quota
	@python3 bench/shared.py $(BUILD)/radiomill

bench-peers: all ## the same ROIs through other engines, in turns; writes docs/benchmarks.md, its plots, a line of README
	@sh .ci/packages $(PEER_PACKAGES)
	@command -v java >/dev/null || sh .ci/packages default-jre-headless || echo 'no Java: RadiomicsJ is left out'
	@$(MAKE) --no-print-directory $(BUILD)/bench/bench_peers
	python3 bench/peers/duel.py $(BUILD) $(PEERS) $${RADIOMILL_DATA:-../shared/data} docs/benchmarks.md README.md docs/pictures

$(BUILD)/bench/%: $(BUILD)/bench/%.o $(BUILD)/libradiomill.a
	$(CC) -pie $(LD_FLAGS) $^ $(LIBS) -o $@

data: ## where the reference data come from that validate and the tests read
	@printf '%s\n' 'The digital phantom is built in. The other reference data are public; radiomill validate --data DIR reads them from' \
		'  DIR/ibsi1/ct_phantom/nifti   image.nii.gz and mask.nii.gz of https://github.com/theibsi/data_sets (ibsi_1_ct_radiomics_phantom)' \
		'  DIR/ibsi2/digital_phantoms   the phantoms of the same repository (ibsi_2_digital_phantom), checkerboard.nii.gz and so on' \
		'  DIR/ibsi2/response_maps      the maps of https://github.com/theibsi/ibsi_2_reference_data, 1_a_1.nii.gz and so on' \
		'or from DIR where RADIOMILL_DATA names it. git clone --depth 1 gets each.'

install: all ## install under PREFIX (default /usr/local), DESTDIR respected
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(BUILD)/radiomill $(DESTDIR)$(PREFIX)/bin/
	install -m 755 $(DECODER) $(DESTDIR)$(PREFIX)/libexec/
	install -m 644 $(BUILD)/libradiomill.a $(DESTDIR)$(LIBDIR)/
	install -m 755 $(BUILD)/libradiomill.so $(DESTDIR)$(LIBDIR)/libradiomill.so.0
	ln -sf libradiomill.so.0 $(DESTDIR)$(LIBDIR)/libradiomill.so
	install -m 644 docs/radiomill.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	@for shell in bash zsh fish; do $(BUILD)/radiomill completion $$shell >$(BUILD)/completion.$$shell || exit 1; done
	install -D -m 644 $(BUILD)/completion.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/radiomill
	install -D -m 644 $(BUILD)/completion.zsh $(DESTDIR)$(ZSH)/_radiomill
	install -D -m 644 $(BUILD)/completion.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/radiomill.fish
	install -D -m 644 include/radiomill.h $(DESTDIR)$(PREFIX)/include/radiomill.h
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR:$(PREFIX)/%=$${prefix}/%)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@REQUIRES@|$(LIBRARIES) $(ISAL)|' \
		-e 's|@OTHER_LIBS@|$(OTHER_LIBS)|' docs/radiomill.pc.in \
		> $(DESTDIR)$(LIBDIR)/pkgconfig/radiomill.pc

uninstall: ## remove what install put under PREFIX
	rm -f $(DESTDIR)$(PREFIX)/include/radiomill.h $(DESTDIR)$(PREFIX)/bin/radiomill $(DESTDIR)$(PREFIX)/libexec/radiomill-decoder $(DESTDIR)$(LIBDIR)/libradiomill.a \
		$(DESTDIR)$(LIBDIR)/libradiomill.so $(DESTDIR)$(LIBDIR)/libradiomill.so.0 \
		$(DESTDIR)$(LIBDIR)/pkgconfig/radiomill.pc $(DESTDIR)$(PREFIX)/share/man/man1/radiomill.1 \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/radiomill $(DESTDIR)$(ZSH)/_radiomill \
		$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/radiomill.fish

clean: ## remove everything that was built
	rm -rf $(BUILD)

-include $(shell find $(BUILD) \( -name root -o -name roots -o -name deb \) -prune -o -type f -name '*.d' -print 2>/dev/null)
