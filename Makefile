# `make audit` and `make test` do everything on a machine that has Python 3.11 or newer and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
TRIED := $(VENV)/tried
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
PIN = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header
SAMPLES := build/samples
SAMPLE ?= pythia
# Index loading takes 1 GB a process: two test processes by default.
WORKERS ?= 2

.PHONY: audit test lint schema docs bench eval fuzz lock samples clean

audit: $(READY)  ## audit one sample, or your own: make audit BUNDLE=path
ifdef BUNDLE
	@$(BIN)/inspector audit $(BUNDLE) $(ARGS)
else
	@$(BIN)/python -m sample_bundles $(SAMPLES)
	@echo
	@$(BIN)/inspector audit $$($(BIN)/python -m sample_bundles $(SAMPLES) --arguments $(SAMPLE)) $(ARGS)
endif

test: $(TRIED)  ## run all tests, and say which were left out and why
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -rs

lint: $(TRIED)  ## format, style, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

samples: $(READY)  ## build all sample bundles below build/samples
	@$(BIN)/python -m sample_bundles $(SAMPLES)

schema: $(TRIED)  ## write the report's JSON Schema and the generated pages of docs/
	$(BIN)/python -m docs.generate

docs: $(TRIED)  ## build the site of docs/ into build/site; every warning is an error
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

bench: $(TRIED)  ## measure what docs/performance.md promises
	$(BIN)/python -m tests.bench

eval: $(TRIED)  ## hold what is said of files and sections against labels; REPOSITORIES=DIR adds public repositories
	$(BIN)/python -m tests.evaluate $(if $(REPOSITORIES),--repositories $(REPOSITORIES)) $(ARGS)
	$(if $(REPOSITORIES),$(BIN)/python -m tests.evaluate_cards --repositories $(REPOSITORIES))

fuzz: $(TRIED)  ## run the property tests with many more examples
	FLEET_KILLS=50 $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --hypothesis-profile fuzz -k "bytes or any_ or flipped or truncated or lying"

lock: $(READY)  ## pin all dependencies again, with hashes and without naming a registry
	$(BIN)/python -m pip install --quiet uv
	$(PIN) --group build pyproject.toml --output-file requirements.lock
	$(PIN) --group dev --extra fleet --extra signing --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}. Say which one to use: make PYTHON=python3.12")'
	@echo "Making the virtual environment in $(VENV) and installing from requirements.lock (about 870 MB, mostly ScanCode's licence texts; some minutes)"
	@$(PYTHON) -m venv $(VENV)
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-build-isolation -e .
	@touch $@

$(TRIED): requirements-dev.lock $(READY)
	@echo "Installing what tests and documentation need from requirements-dev.lock (about 850 MB)"
	@$(INSTALL) --no-compile --require-hashes -r requirements-dev.lock
	@touch $@

clean:  ## remove everything that was made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
