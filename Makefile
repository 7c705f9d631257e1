# Python 3.11-3.13 and make are all it takes: `make demo`, `make test`. `make help` lists the rest.
# `make test` also looks at pages in a browser: it needs Chromium or Chrome on the PATH, and says so when there is none.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CODE := mesh gateway orchestrator agents datahub monitor tests benchmarks examples
PYTHON ?= $(shell for candidate in python3 python3.13 python3.12 python3.11 python; do \
	$$candidate -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && \
	echo $$candidate && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: help install demo up test check cards bench lock clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) ## Install everything, pinned and checked by hash, into .venv

$(STAMP): requirements.lock pyproject.toml
	@if [ ! -x $(BIN)/python ]; then \
		test -n "$(PYTHON)" || { echo "make: no Python 3.11, 3.12 or 3.13 found; install one, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; }; \
		echo "Creating $(VENV) with $(PYTHON)"; $(PYTHON) -m venv $(VENV) || exit 1; \
	fi
	@$(PIP) --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --upgrade >/dev/null
	@echo "Installing the packages of requirements.lock; the first time this takes some minutes"
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@$(PIP) install --quiet --no-deps --editable .
	@touch $@

demo: $(STAMP) ## Start the mesh, analyse the bundled sales data, show the answer, stop the mesh
	@$(BIN)/mesh demo

up: $(STAMP) ## Start the mesh in the foreground; Ctrl-C stops it
	@exec $(BIN)/mesh up

test: $(STAMP) ## Run the tests: first the parts, two at a time, then the whole mesh
	@$(BIN)/python -m pytest --ignore=tests/flow -n 2 --dist loadfile
	@$(BIN)/python -m pytest tests/flow

check: $(STAMP) ## Run the linters: ruff, mypy, import-linter
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/mypy $(CODE)
	@$(BIN)/lint-imports

cards: $(STAMP) ## Fill the parameter schemas of agent_cards/ from the code
	@$(BIN)/python -m mesh.cli.cards

bench: $(STAMP) ## Run the benchmarks; results go to benchmarks/results/
	@for benchmark in benchmarks/*.py; do $(BIN)/python $$benchmark || exit 1; done

lock: ## Pin the dependencies again (needs uv)
	uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 \
		--group dev pyproject.toml -o requirements.lock

clean: ## Remove caches, builds and .venv; MESH_HOME stays
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
