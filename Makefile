# Strandline. `make help` lists what there is.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/ready
SQLFLUFF_PATHS := dbt_project/models dbt_project/tests

# What `make report` takes from the command line, as options of the program.
OPTIONS = $(if $(DATA),--data "$(DATA)") $(if $(FORCE),--force "$(FORCE)") \
	$(if $(AS_AT),--as-at "$(AS_AT)")
REPORT_OPTIONS = $(OPTIONS) $(if $(QUARTER),--quarter "$(QUARTER)") \
	$(if $(ARCHIVE),--archive "$(ARCHIVE)")
PUBLICATION_OPTIONS = $(if $(DATA),--data "$(DATA)") \
	$(if $(QUARTER),--quarter "$(QUARTER)")

.DEFAULT_GOAL := help
.PHONY: help setup report publish verify explain demo release test check lint dev bench docs clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

$(READY): requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"strandline needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --disable-pip-version-check --progress-bar off \
		--require-hashes -r requirements.lock
	$(RUN) -m dagster_project prepare
	touch $(READY)

setup: $(READY)  ## make .venv from requirements.lock, parse the dbt project

report: $(READY)  ## the pack: QUARTER=2021-22-q2 AS_AT=2021-11-17 DATA=home ARCHIVE=zip FORCE=essex
	@$(RUN) -m dagster_project report $(REPORT_OPTIONS)

publish: $(READY)  ## freeze the pack of QUARTER=2021-22-q2 as a version given out: DATA=home
	@$(RUN) -m dagster_project publish $(PUBLICATION_OPTIONS)

verify: $(READY)  ## make a publication again and compare: QUARTER=2021-22-q2 VERSION=1 DATA=home
	@$(RUN) -m dagster_project verify $(PUBLICATION_OPTIONS) \
		$(if $(VERSION),--version "$(VERSION)")

explain: $(READY)  ## the records behind a figure: FIGURE=rolling_12_months/hate_crime/difference CSV=file
	@$(RUN) -m dagster_project explain --figure "$(FIGURE)" $(OPTIONS) \
		$(if $(QUARTER),--quarter "$(QUARTER)") $(if $(CSV),--csv "$(CSV)")

demo: $(READY)  ## demonstration extracts of any size: DATA=home CRIMES=10000000 FORMAT=parquet
	@$(RUN) -m dagster_project demo $(if $(DATA),--data "$(DATA)") \
		$(if $(CRIMES),--crimes $(CRIMES)) $(if $(FORMAT),--format $(FORMAT))

release: $(READY)  ## take a delivery that is held: LOAD=7 DATA=home BY="name"
	@$(RUN) -m dagster_project release $(if $(DATA),--data "$(DATA)") \
		--load "$(LOAD)" $(if $(BY),--by "$(BY)")

dev: $(READY)  ## Dagster's pages on 127.0.0.1:3000: DATA=home AS_AT=2021-11-17 PORT=3000
	@$(RUN) -m dagster_project dev $(OPTIONS) $(if $(PORT),--port $(PORT))

test: $(READY)  ## every test, in two processes
	$(RUN) -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

lint: $(READY)  ## ruff, sqlfluff, Dagster's definitions
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	@$(RUN) -m dagster_project lint $(SQLFLUFF_PATHS)

check: lint test  ## the whole gate, as CI runs it

bench: $(READY)  ## speed, as ratios measured in one run: CRIMES=10000000 STREET=4800000
	@$(RUN) -m tests.benchmarks $(if $(CRIMES),--crimes $(CRIMES)) \
		$(if $(STREET),--street $(STREET))

docs: $(READY)  ## the pages that are made from contracts and models
	@$(RUN) -m dagster_project docs

clean:  ## remove the demonstration's data and the packs (not .venv)
	rm -rf data reports/output
