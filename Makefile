# One word runs everything. Needs Python 3.11 or newer; `make` alone lists the words.
PYTHON ?= python3
BIN := .venv/bin

# Two fifths of an installation would be compiling what is mostly never imported; what is, is compiled then.
PIP := $(BIN)/python -m pip install --quiet --no-compile --constraint constraints.txt

# A file's tests share what it makes, so one worker runs them; files begin in the order of tests/conftest.py.
PYTEST := $(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder

# Compiled once, for all workers and for every command that a test runs.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help report test soak check lab bench clean

help:  ## List these words
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

report: .venv/installed  ## From the demo merchant's raw export files to finished PDFs under runs/
	$(BIN)/reportkit demo

test: .venv/developed  ## Run the tests (minutes)
	$(PYTEST)

soak: .venv/developed  ## Run the tests with many more seeds and kills (long)
	REPORTKIT_SOAK=1 $(PYTEST)

check: .venv/developed  ## Lint and check types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lab: .venv/lab  ## Open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks

bench: .venv/developed  ## Measure ingest and runs against pandas and plain papermill
	$(BIN)/python benchmarks/ingest.py
	$(BIN)/python benchmarks/inbox.py
	$(BIN)/python benchmarks/pack.py
	$(BIN)/python benchmarks/pack.py --pack promo_review
	$(BIN)/python benchmarks/daily.py
	$(BIN)/python benchmarks/demo.py
	$(BIN)/python benchmarks/alerts.py

clean:  ## Remove the environment, runs and caches; data/ stays
	rm -rf .venv runs .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python 3.11 or newer is needed; name it: make PYTHON=python3.12 …'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo 'This Python cannot make environments. On Debian: apt-get install python3-venv'; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/installed: .venv/made pyproject.toml constraints.txt
	$(PIP) --editable .
	@touch $@

.venv/developed: .venv/made pyproject.toml constraints.txt
	$(PIP) --editable '.[dev]'
	@touch $@ .venv/installed

.venv/lab: .venv/made pyproject.toml constraints.txt
	$(PIP) --editable '.[lab]'
	@touch $@ .venv/installed
