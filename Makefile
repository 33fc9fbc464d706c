# Strandline. `make help` lists the targets.

# What may be typed after a target, and the option of the program that takes it.
OPTIONS := QUARTER/quarter DATA/data FORCE/force AS_AT/as-at ARCHIVE/archive \
	FIGURE/figure CSV/csv VERSION/version LOAD/load BY/by NAME/name PORT/port FORMAT/format \
	CRIMES/crimes CRIME/crime REASON/reason STREET/street EXTRACT/extract PROPOSE/propose FILE/ PYTHON/

# Nobody reads a typed value again: neither make (`$(shell …)`) nor a shell (back-ticks).
# make exports each one as it was typed, and the recipe's shell puts it, in quotes, into
# one argument; one that is empty is an argument too, for the program to refuse.
TYPED := $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name)))
UNKNOWN := $(filter-out $(patsubst %/,%,$(dir $(OPTIONS))),$(TYPED))
$(foreach name,$(TYPED),$(eval override $(name) := $$(value $(name))))
$(foreach name,$(TYPED),$(eval export $(name)))
override MAKEOVERRIDES :=
$(if $(UNKNOWN),$(error $(UNKNOWN): no target takes this. `make help` lists them))

# $(call program,COMMAND,NAMES,NAME): the command with what was typed under these names
# as its options, and under the last one as its argument.
program = $(call only,$(2) $(3)) $(PROGRAM) $(1) $(call options,$(2)) \
	$(if $(3),-- $${$(3)+"$$$(3)"})
options = $(foreach name,$(1),$${$(name)+"--$(call option_of,$(name))=$$$(name)"})
option_of = $(notdir $(filter $(1)/%,$(OPTIONS)))
# Stops where something was typed that the target would not look at.
only = $(foreach name,$(filter-out PYTHON $(1),$(TYPED)),$(error $(name): \
	`make $@` does not take this; it takes $(or $(strip $(1)),nothing)))

PYTHON ?= python3
export PYTHON
VENV := .venv
RUN := $(VENV)/bin/python
# The project is installed in its environment: this command is dagster_project/cli/.
PROGRAM := $(VENV)/bin/strandline
# A copy of the lock that .venv was made from: times say nothing of another checkout.
INSTALLED := $(VENV)/requirements.lock
# A file of tests is run in one process, since its tests share homes; the order of files
# is that of tests/conftest.py. Both processes read what one of them has compiled.
TESTS := env -u PYTHONDONTWRITEBYTECODE $(RUN) -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder
SQLFLUFF_PATHS := dbt_project/models dbt_project/tests

.DEFAULT_GOAL := help
.PHONY: help setup wheelhouse spark start check-config report pack pdf publish verify explain sql lineage parquet demo accept erase inspect \
	dev up password backup restore test check soak golden lint bench docs clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup:  ## make .venv from requirements.lock, install the project in it, parse the dbt project
	@{ cmp -s requirements.lock $(INSTALLED) && test -x $(PROGRAM); } || { set -ex; \
	"$$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"Strandline needs Python 3.11 or newer: make PYTHON=python3.11")'; \
	rm -f $(INSTALLED); \
	"$$PYTHON" -m venv $(VENV); \
	$(RUN) -m pip install --disable-pip-version-check --progress-bar off \
		--require-hashes -r requirements.lock; \
	$(RUN) -m pip install --disable-pip-version-check --quiet --no-index --no-deps \
		--no-build-isolation --editable .; \
	$(PROGRAM) prepare; \
	cp requirements.lock $(INSTALLED); }

wheelhouse:  ## download all packages of requirements.lock as wheels into wheelhouse/, for a network without a registry
	$(call only)"$$PYTHON" -m pip download --disable-pip-version-check --progress-bar off \
		--require-hashes --only-binary :all: --dest wheelhouse -r requirements.lock

spark: setup  ## install what STRANDLINE_ENGINE=spark needs, from requirements-spark.lock (docs/scale.md); Java is apart
	$(call only)$(RUN) -m pip install --disable-pip-version-check --progress-bar off \
		--require-hashes --no-deps -r requirements-spark.lock

start: setup  ## make a data home for a force, with its configuration to fill in: FORCE=kent DATA=my_home
	@$(call program,start,FORCE DATA)

check-config: setup  ## say what is wrong or missing in a configuration, and what the pack would contain: DATA=my_home
	@$(call program,check-config,DATA)

report: setup  ## make the pack: QUARTER=2021-22-q2 AS_AT=2021-11-17 DATA=home ARCHIVE=zip FORCE=essex
	@$(call program,report,QUARTER DATA FORCE AS_AT ARCHIVE)

pack: setup  ## make the pack again from the published figures, for example with new text: QUARTER=2021-22-q2 DATA=home
	@$(call program,pack,QUARTER DATA)

pdf: setup  ## print the board report of a pack as report.pdf, by Chromium: QUARTER=2021-22-q2 DATA=home
	@$(call program,pdf,QUARTER DATA)

publish: setup  ## save the pack of QUARTER=2021-22-q2 as a new publication: DATA=home
	@$(call program,publish,QUARTER DATA)

verify: setup  ## make a publication again and compare the two: QUARTER=2021-22-q2 VERSION=1 DATA=home
	@$(call program,verify,QUARTER DATA VERSION)

explain: setup  ## show the records that a figure counts: FIGURE=rolling_12_months/hate_crime/difference CSV=file
	@$(call program,explain,FIGURE QUARTER DATA FORCE AS_AT CSV)

sql: setup  ## ask the published file in SQL, in this terminal: DATA=home AS_AT=2021-11-17
	@$(call program,sql,DATA AS_AT)

lineage: setup  ## write dbt's documentation, with its graph of models, as one page: DATA=home
	@$(call program,lineage,DATA)

parquet: setup  ## write the published marts as Parquet files: DATA=home AS_AT=2021-11-17
	@$(call program,parquet,DATA AS_AT)

demo: setup  ## write demonstration extracts of any size: DATA=home CRIMES=10000000 FORMAT=parquet
	@$(call program,demo,DATA CRIMES FORMAT)

accept: setup  ## accept a delivery that is on hold: LOAD=7 DATA=home BY="name"
	@$(call program,accept,LOAD DATA BY)

erase: setup  ## remove a crime from everything in a data home: CRIME=42/000027/21 REASON="why" DATA=home
	@$(call program,erase,CRIME REASON DATA)

inspect: setup  ## show what a run would do with a file, changing nothing: FILE=path EXTRACT=crimes DATA=home PROPOSE=yes
	@$(call program,inspect,EXTRACT DATA PROPOSE,FILE)

dev: setup  ## open Dagster on 127.0.0.1:3000, for one developer: DATA=home AS_AT=2021-11-17 PORT=3000
	@$(call program,dev,DATA FORCE AS_AT PORT)

up: setup  ## run Dagster as a service, with schedules, behind a password: DATA=home PORT=3000
	@$(call program,up,DATA PORT)

password: setup  ## set a person's password for Dagster's pages: NAME=ada DATA=home
	@$(call program,password,NAME DATA)

backup: setup  ## write all of a home that nothing can make again into a file: FILE=backup.zip DATA=home
	@$(call program,backup,DATA,FILE)

restore: setup  ## make a new home from a backup: FILE=backup.zip DATA=new_home
	@$(call program,restore,DATA,FILE)

# If CI is set, it also runs the tests marked ci, which take as long as all the others.
test: setup  ## run the tests in two processes, but not those marked slow, soak or ci: minutes
	$(call only)$(TESTS) -m "not (slow or soak$(if $(CI),, or ci))" --durations=40

golden: setup  ## compare the packs with their golden copies (CONTRIBUTING.md says how to write them)
	$(call only)$(TESTS) -m golden

soak: setup  ## deliver, publish and kill as often as in months of use: hours
	$(call only)STRANDLINE_DELIVERIES=$${STRANDLINE_DELIVERIES:-60} $(TESTS) -m "soak or repeated"

lint: setup  ## check Python, seeds, SQL and Dagster's definitions
	$(call only)$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	@$(PROGRAM) lint $(SQLFLUFF_PATHS)

check: lint  ## lint, and run every test but those of soak: about 20 minutes
	$(call only)$(TESTS) -m "not soak" --hypothesis-profile full --durations=60

bench: setup  ## measure complete jobs beside scripts and the usual dbt project, and write docs/benchmarks.md: CRIMES=100000,1000000 STREET=4800000
	@$(call only,CRIMES STREET)$(RUN) -m tests.benchmarks $(call options,CRIMES STREET)

docs: setup  ## write the pages that are made from contracts and models
	@$(call program,docs)

clean:  ## remove the demonstration's data and the packs (not .venv)
	$(call only)rm -rf data reports/output
