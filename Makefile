# SPDX-License-Identifier: Apache-2.0
# make run   install what is missing, build, start on the embedded store with demonstration data
#            make run PORT=9000 STORE=/tmp/y: another port, another directory
# make test  install what is missing, run every check
# make help  the other targets
.DEFAULT_GOAL := build
SHELL := /bin/bash
VARIANT ?= release
OUT := build/$(VARIANT)
# V=1 shows the whole command lines
Q := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1) $(2)")
ifeq ($(origin CC),default)
CC := gcc
endif
ROOMS := base calendar policy geo journal org approval exchange early joint finish inspect map supervision stats evaluation publish ledger notice search paper upkeep web main

PKGS := sqlite3 libpq libevent_core libevent_pthreads jansson yaml-0.1 libargon2 libutf8proc libcrypto zlib libbrotlienc libgvc libcgraph libqrencode pangocairo cairo-pdf cairo-ft freetype2 harfbuzz-subset libcurl geos
CPPFLAGS := -Isrc -I$(OUT)/gen -I/usr/share/include/llhttp $(shell pkg-config --cflags libpq) -D_GNU_SOURCE
WARN := -Wall -Wextra -fno-common
ifdef DEV
WARN += -Werror -Wpedantic -Wno-overlength-strings -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes \
  -Wmissing-prototypes -Wold-style-definition -Wvla -Wwrite-strings -Wformat=2 -Wnull-dereference \
  -Wcast-qual -Wpointer-arith -Wundef -Walloca -Wdouble-promotion -Wswitch-enum
ifeq ($(findstring clang,$(CC)),)
WARN += -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wimplicit-fallthrough=5
endif
endif
HARDEN := -O2 -g -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fcf-protection \
  -ftrivial-auto-var-init=zero -fno-delete-null-pointer-checks -fno-strict-overflow -fPIE
ifneq ($(findstring clang,$(CC)),)
HARDEN += -enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang
endif
LDHARDEN := -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code -Wl,--as-needed
ifeq ($(VARIANT),asan)
HARDEN := -O1 -g1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -fPIE
LDHARDEN := -pie -fsanitize=address,undefined
endif
ifeq ($(VARIANT),fuzz)
HARDEN := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -fPIE
LDHARDEN := -pie -fsanitize=address,undefined
endif
# The rooms are optimised as one program: 8 to 15 % less CPU for a page (docs/benchmarks.md)
ifeq ($(VARIANT)$(findstring clang,$(CC)),release)
HARDEN += -flto=auto
LDHARDEN += -O2 -flto=auto
endif
CFLAGS := -std=c17 $(WARN) $(HARDEN) -ffile-prefix-map=$(CURDIR)=. -pthread $(XCFLAGS)
LDFLAGS := $(LDHARDEN) -pthread
LDLIBS = $(shell pkg-config --libs $(PKGS)) -lm

TMPL := $(sort $(wildcard src/web/tmpl/*.html))
GEN_C := $(OUT)/gen/tmpl.c $(OUT)/gen/assets.c
rsrc = $(sort $(wildcard src/$(1)/*.c))
robj = $(patsubst src/%.c,$(OUT)/%.o,$(call rsrc,$(1)))
lib = $(OUT)/lib$(1).a
LIBS_DOWN := $(foreach r,web upkeep exchange paper search notice ledger publish evaluation stats supervision map inspect finish joint early approval org journal geo policy calendar base,$(call lib,$(r)))
BIN := $(OUT)/yichuang

.PHONY: build run test grade guide help clean lint asan deps unit rigs rig-kill rig-faults rig-power rig-busy sim torture bench install uninstall deb fuzz fuzz-replay
build: $(BIN) $(OUT)/yichuang-verify

$(OUT)/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@
# The headers of GLib are not ours to warn about
$(OUT)/paper/%.o: CPPFLAGS += $(patsubst -I%,-isystem %,$(filter-out -pthread,$(shell pkg-config --cflags-only-I pangocairo)))
$(OUT)/gen/%.o: $(OUT)/gen/%.c
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) -std=c17 $(HARDEN) -MMD -MP -c $< -o $@
# llhttp comes as C source with Debian's node-llhttp; it keeps its own warnings
$(OUT)/llhttp/%.o: /usr/share/llhttp/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) -I/usr/share/include/llhttp -std=c17 $(HARDEN) -DLLHTTP_STRICT_MODE=1 -c $< -o $@
LLHTTP_OBJ := $(patsubst %,$(OUT)/llhttp/%.o,api http llhttp)

# Templates, assets and the English catalogue become C at build time
$(OUT)/tools/%: tools/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c17 -O1 -g -Wall -Wextra -D_GNU_SOURCE $< -o $@
$(OUT)/tools/tmpl: tools/tmpl.c tools/tmpl_html.c tools/tmpl.h
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c17 -O1 -g -Wall -Wextra -D_GNU_SOURCE tools/tmpl.c tools/tmpl_html.c -o $@
$(OUT)/gen/tmpl.c: $(OUT)/tools/tmpl $(TMPL)
	@mkdir -p $(@D)
	$(Q)$(OUT)/tools/tmpl $(TMPL) > $@.tmp && mv $@.tmp $@
$(OUT)/tools/embed: tools/embed.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c17 -O1 -g -Wall -Wextra -D_GNU_SOURCE $< -lbrotlienc -lz -o $@
$(OUT)/gen/en.mo: po/en.po
	@mkdir -p $(@D)
	$(Q)msgfmt --check-format -o $@ $<
$(OUT)/gen/assets.c: $(OUT)/tools/embed $(wildcard src/web/static/*) $(OUT)/gen/en.mo
	@mkdir -p $(@D)
	$(Q)$(OUT)/tools/embed $(wildcard src/web/static/*) $(OUT)/gen/en.mo > $@.tmp && mv $@.tmp $@

# How characters are read, for searching by pinyin
$(OUT)/gen/pinyin_table.h: tools/pinyin.sh
	@mkdir -p $(@D)
	$(Q)tools/pinyin.sh > $@.tmp && mv $@.tmp $@
$(OUT)/search/pinyin.o: $(OUT)/gen/pinyin_table.h

define room
$(call lib,$(1)): $(call robj,$(1)) $(if $(filter web,$(1)),$(GEN_C:.c=.o) $(LLHTTP_OBJ))
	@rm -f $$@
	$$(Q)ar qcs $$@ $$^
endef
$(foreach r,$(ROOMS),$(eval $(call room,$(r))))

$(BIN): $(call lib,main) $(LIBS_DOWN)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $(call robj,main) $(LIBS_DOWN) $(LDLIBS) -o $@

# Unit tests of a room link only that room and those below it
below_base := base
below_calendar := calendar base
below_policy := policy calendar base
below_journal := journal calendar base
below_org := org journal policy calendar base
below_approval := approval org journal geo policy calendar base
below_early := early org journal geo policy calendar base
below_joint := joint org journal policy calendar base
below_exchange := exchange approval org journal geo policy calendar base
below_stats := stats approval org journal geo policy calendar base
below_evaluation := evaluation org journal policy calendar base
below_publish := publish org journal policy calendar base
below_ledger := ledger org journal policy calendar base
below_supervision := supervision finish joint early approval org journal geo policy calendar base
below_notice := notice org journal policy calendar base
below_finish := finish org journal policy calendar base
below_geo := geo base
below_map := map org journal geo policy calendar base
below_inspect := inspect org journal policy calendar base
below_paper := paper base
below_search := search publish evaluation early approval org journal geo policy calendar base
below_web := web upkeep exchange paper search notice ledger publish evaluation stats supervision map inspect finish joint early approval org journal geo policy calendar base
TEST_ROOMS := base calendar policy geo journal org approval exchange early joint finish inspect map supervision stats evaluation publish ledger notice search paper web
define testroom
$(OUT)/test_$(1): $(patsubst tests/%.c,$(OUT)/tests/%.o,$(sort $(wildcard tests/unit/$(1)/*.c))) $(OUT)/tests/lib/test.o $(if $(filter early joint finish inspect map notice evaluation exchange publish ledger,$(1)),$(OUT)/tests/lib/town.o) $(if $(filter supervision stats search exchange,$(1)),$(OUT)/tests/unit/approval/world.o $(OUT)/tests/unit/approval/world_way.o) $(if $(filter stats,$(1)),$(OUT)/tests/unit/approval/city.o) $(if $(filter journal,$(below_$(1))),$(OUT)/tests/lib/place.o) $(foreach r,$(below_$(1)),$(call lib,$(r)))
	$$(call say,LD,$$@)
	$$(Q)$$(CC) $$(LDFLAGS) $$^ $$(LDLIBS) -o $$@
.PHONY: unit-$(1)
unit-$(1): $(OUT)/test_$(1) $(if $(filter web,$(1)),$(OUT)/tools/tmpl)
	TEST_ROOT=. TEST_TOOLS=$(OUT)/tools $(OUT)/test_$(1)
endef
$(foreach r,$(TEST_ROOMS),$(eval $(call testroom,$(r))))
$(OUT)/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) -Itests/lib $(CFLAGS) -MMD -MP -c $< -o $@
unit: $(foreach r,$(TEST_ROOMS),unit-$(r))

# The verifier for outsiders shares nothing with the program
$(OUT)/yichuang-verify: tools/verify/yichuang-verify.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) -std=c17 $(WARN) $(HARDEN) $(LDHARDEN) $< -lcrypto -lz -o $@

# Kills a process that writes, again and again, and counts what it had promised
$(OUT)/rig_faults $(OUT)/rig_copies: $(OUT)/tests/rig/places.o
$(OUT)/rig_%: $(OUT)/tests/rig/%.o $(OUT)/tests/unit/journal/tally.o $(foreach r,journal calendar base,$(call lib,$(r)))
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@
# One act of each command of the engines, beside the worlds of the unit tests
RIG_COMMANDS := $(patsubst %,$(OUT)/tests/%.o,rig/commands rig/ways rig/ways_early rig/ways_joint rig/ways_inspect rig/ways_exchange rig/ways_finish rig/ways_super rig/ways_publish rig/ways_ledger rig/engines rig/places unit/approval/world unit/approval/world_way)
$(OUT)/rig_commands: $(RIG_COMMANDS) $(foreach r,notice ledger publish evaluation supervision map inspect finish joint early exchange approval org journal geo policy calendar base,$(call lib,$(r)))
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@
rig-kill: $(OUT)/rig_kill
	$(OUT)/rig_kill
# Takes something from a process at each place in turn: its life, an fsync, memory, the disk
rig-faults: $(OUT)/rig_faults $(OUT)/rig_commands $(OUT)/rig_copies
	$(OUT)/rig_faults
	TEST_ROOT=. $(OUT)/rig_commands
	$(OUT)/rig_copies
# City-years from a seed against the real engines: SEED=n runs one and tells it
SIM_OBJ := $(patsubst tests/%.c,$(OUT)/tests/%.o,$(sort $(wildcard tests/sim/*.c)) tests/unit/approval/world.c tests/unit/approval/world_way.c)
$(OUT)/sim: $(SIM_OBJ) $(OUT)/main/timer.o $(foreach r,notice ledger publish evaluation stats supervision map inspect finish joint early exchange approval org journal geo policy calendar base,$(call lib,$(r)))
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@
sim: $(OUT)/sim
	SEED=$(SEED) TEST_ROOT=. $(OUT)/sim
	$(if $(SEED),,TEST_ROOT=. $(OUT)/sim 1 1 3 4000 && TEST_ROOT=. $(OUT)/sim 3 1 3 4000)
rigs: $(OUT)/rig_kill $(OUT)/rig_faults $(OUT)/rig_commands $(OUT)/rig_copies $(OUT)/sim $(OUT)/nosync.so
# What stands between a program and its disk: power cuts, stalls
$(OUT)/nosync.so: tests/lib/nosync.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c17 -O2 -g -Wall -Wextra -D_GNU_SOURCE -shared -fPIC $< -o $@
rig-power: $(BIN) $(OUT)/nosync.so
	tests/power/run.sh $(BIN) $(OUT)/nosync.so 12
rig-busy: $(BIN) $(OUT)/nosync.so
	tests/busy/run.sh $(BIN) $(OUT)/nosync.so
# Any bytes at whatever reads them: what must hold holds (tests/fuzz/fuzz.h). Kept inputs, each damaged in some hundred ways, in make test; libFuzzer in make fuzz
FUZZ := form geo http json multipart proof rules
FUZZ_SHARED := $(OUT)/tests/fuzz/fuzz.o
define fuzztarget
$(OUT)/fuzz_$(1): $(OUT)/tests/fuzz/target_$(1).o $(FUZZ_SHARED) $(if $(filter proof,$(1)),$(OUT)/tests/fuzz/outside.o) $(LIBS_DOWN)
	$$(Q)$$(CC) $$(LDFLAGS) -fsanitize=fuzzer $$^ $$(LDLIBS) -o $$@
$(OUT)/replay_$(1): $(OUT)/tests/fuzz/target_$(1).o $(FUZZ_SHARED) $(OUT)/tests/fuzz/replay.o $(if $(filter proof,$(1)),$(OUT)/tests/fuzz/outside.o) $(LIBS_DOWN)
	$$(Q)$$(CC) $$(LDFLAGS) $$^ $$(LDLIBS) -o $$@
endef
$(foreach t,$(FUZZ),$(eval $(call fuzztarget,$(t))))
fuzz-replay: $(foreach t,$(FUZZ),$(OUT)/replay_$(t))
	$(foreach t,$(FUZZ),TEST_ROOT=. $(OUT)/replay_$(t) 200 tests/fuzz/corpus/$(t)/* &&) true
FUZZ_SECONDS ?= 60
fuzz:
	@$(MAKE) --no-print-directory -j2 VARIANT=fuzz CC=clang $(foreach t,$(FUZZ),build/fuzz/bin/fuzz_$(t)) OUT=build/fuzz/bin
	tests/fuzz/run.sh build/fuzz/bin $(FUZZ_SECONDS)
# The mechanical rows of the grade sheet over every page: about half an hour of a quiet machine; goes on where it was broken off
grade:
	@tools/install.sh grade
	@$(MAKE) --no-print-directory -j2 build
	tests/grade/run.sh $(BIN)
	CHECK=1 tests/guide/run.sh $(BIN)
# The pictures of the user's guides
guide: $(BIN)
	tests/guide/run.sh $(BIN)
# The long runs; of random clock histories a million, where make test takes ten thousand
torture: $(BIN) $(OUT)/nosync.so $(OUT)/rig_kill $(OUT)/rig_faults $(OUT)/rig_commands $(OUT)/rig_copies $(OUT)/test_calendar $(OUT)/test_journal $(OUT)/sim
	$(OUT)/rig_kill 2000
	$(OUT)/rig_faults all
	TEST_ROOT=. $(OUT)/rig_commands all
	$(OUT)/rig_copies all
	tests/power/run.sh $(BIN) $(OUT)/nosync.so 300
	HISTORIES=1000000 TEST_ROOT=. $(OUT)/test_calendar
	FLIPS=1 TEST_ONLY=in_silence TEST_ROOT=. $(OUT)/test_journal
	LONG=1 tests/pg/run.sh $(BIN)
	@tools/install.sh deb
	@tools/deb.sh
	tests/deb/run.sh build/deb/yichuang_*.deb
	TEST_ROOT=. $(OUT)/sim 1001 3000
	TEST_ROOT=. $(OUT)/sim 5001 60 40 6000

# What bench/run.sh measures beside the program itself
$(OUT)/bench/%.o: bench/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@
$(OUT)/bench_commands: $(OUT)/bench/commands.o $(OUT)/bench/lib/disk.o $(OUT)/bench/lib/measure.o $(foreach r,approval org journal geo policy calendar base,$(call lib,$(r)))
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@

# What bench/journal/run.sh measures beside the program itself
$(OUT)/bench_journal: $(patsubst %.c,$(OUT)/%.o,$(sort $(wildcard bench/journal/*.c bench/lib/*.c))) $(call lib,main) $(LIBS_DOWN)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@

# What bench/stats/run.sh measures
$(OUT)/bench_stats: $(patsubst %.c,$(OUT)/%.o,$(sort $(wildcard bench/stats/*.c bench/lib/*.c))) $(foreach r,stats approval org journal geo policy calendar base,$(call lib,$(r)))
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@

# What bench/search/run.sh measures beside Groonga
$(OUT)/bench_search: $(OUT)/bench/search/search.o $(foreach r,$(below_search),$(call lib,$(r)))
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@

deps:
	@tools/install.sh run
run:
	@tools/install.sh run
	@$(MAKE) --no-print-directory -s -j2 build
	@tools/run.sh $(BIN)
test:
	@tools/install.sh test
	@tools/test.sh
lint:
	@tools/lint.sh
asan:
	@$(MAKE) --no-print-directory -j2 VARIANT=asan DEV=1 unit fuzz-replay
bench:
	@tools/install.sh bench
	@$(MAKE) --no-print-directory -j2 build $(OUT)/bench_commands $(OUT)/bench_journal $(OUT)/bench_stats $(OUT)/bench_search
	@bench/run.sh $(BIN)
	@bench/journal/run.sh $(BIN)
	@bench/stats/run.sh $(OUT)/bench_stats
	@bench/search/run.sh $(BIN)
# What Debian calls it; DESTDIR is where a package is put together
PREFIX ?= /usr/local
SYSCONFDIR ?= $(if $(filter /usr,$(PREFIX)),/etc,$(PREFIX)/etc)
UNITDIR ?= $(PREFIX)/lib/systemd/system
$(OUT)/share/%: $(BIN)
	@mkdir -p $(@D)
	$(Q)YICHUANG_CONFIG= $(BIN) help --as $(AS) > $@.tmp && mv $@.tmp $@
$(OUT)/share/yichuang.1: AS := man
$(OUT)/share/yichuang.conf.5: AS := conf
$(OUT)/share/yichuang.bash: AS := bash
install: build $(OUT)/share/yichuang.1 $(OUT)/share/yichuang.conf.5 $(OUT)/share/yichuang.bash
	@OUT=$(OUT) DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' SYSCONFDIR='$(SYSCONFDIR)' UNITDIR='$(UNITDIR)' tools/put.sh install
uninstall:
	@OUT=$(OUT) DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' SYSCONFDIR='$(SYSCONFDIR)' UNITDIR='$(UNITDIR)' tools/put.sh uninstall
# build/deb/yichuang_VERSION_ARCH.deb
deb:
	@tools/install.sh deb
	@$(MAKE) --no-print-directory -s -j2 build
	@tools/deb.sh
clean:
	rm -rf build
help:
	@sed -n 's/^# \(make \|  \)/\1/p' Makefile
	@echo 'make install   PREFIX=/usr/local, DESTDIR=, SYSCONFDIR=, UNITDIR=; make uninstall takes away what it put there, not settings and data'
	@echo 'make deb  a package for Debian 12 in build/deb'
	@echo 'make lint  layers, style, limits, analysers'
	@echo 'make grade  every page as every role: accessibility, keyboard, weight, speed; pictures in build/grade'
	@echo 'make guide  the pictures of docs/user, from the demonstration'
	@echo 'make bench  ratios against named peers, in the same run'
	@echo 'make torture  the long runs: a writing process killed 2000 times, every fault at every place, the power cut 300 times,'
	@echo '               a million random clock histories, every bit of a journal, thousands of simulated city-years,'
	@echo '               two servers on PostgreSQL, killed, cut off, failing over twenty times'
	@echo 'make sim  200 short city-years and two long ones; SEED=n runs one and tells what happens'
	@echo 'make asan  unit tests and kept inputs of the fuzz targets under AddressSanitizer and UBSan'
	@echo 'make fuzz  libFuzzer on all that reads what others wrote: FUZZ_SECONDS=60 each'
	@echo 'DEV=1      every warning is an error'

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
