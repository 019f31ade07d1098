# `make audit` and `make test` do everything on a machine that has Python 3.11 or newer and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
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

test: $(READY)  ## run all tests, and say which were left out and why
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -rs

lint: $(READY)  ## format, style, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

samples: $(READY)  ## build all sample bundles below build/samples
	@$(BIN)/python -m sample_bundles $(SAMPLES)

schema: $(READY)  ## write the report's JSON Schema and the generated pages of docs/
	$(BIN)/python -m docs.generate

docs: $(READY)  ## build the site of docs/ into build/site; every warning is an error
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

bench: $(READY)  ## measure what docs/performance.md promises
	$(BIN)/python -m tests.bench

eval: $(READY)  ## hold what is said of files and sections against labels; REPOSITORIES=DIR adds public repositories
	$(BIN)/python -m tests.evaluate $(if $(REPOSITORIES),--repositories $(REPOSITORIES)) $(ARGS)

fuzz: $(READY)  ## run the property tests with many more examples
	FLEET_KILLS=50 $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --hypothesis-profile fuzz -k "bytes or any_ or flipped or truncated or lying"

lock: $(READY)  ## pin all dependencies again, with hashes and without naming a registry
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-annotate --no-header --group dev --extra fleet pyproject.toml --output-file requirements.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}. Say which one to use: make PYTHON=python3.12")'
	@echo "Making the virtual environment in $(VENV) and installing from requirements.lock (about 1.6 GB, mostly ScanCode's licence texts and what tests need; some minutes)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

clean:  ## remove everything that was made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
