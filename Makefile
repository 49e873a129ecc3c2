# `make help` lists the targets. Each one builds what it needs first, and only when that changed.

.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
ENVIRONMENT := .venv/.ready
# More words for pytest, as in: make test PYTEST_ARGS="tests/geo -x"
PYTEST_ARGS ?=
# More words for the server, as in: make run SERVE_ARGS="--demo --port 8080"
SERVE_ARGS ?=

# The browser bundle: once web/assets/build.mjs exists, it writes to web/static/dist
BUNDLER := $(wildcard web/assets/build.mjs)
BUNDLE := $(if $(BUNDLER),web/static/dist/.built)

.PHONY: help setup bundle run test check static format long bench pictures hooks lock clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name what; \
	    do printf '  make %-9s %s\n' "$$name" "$$what"; done

setup: $(ENVIRONMENT) $(BUNDLE) ## Build the virtual environment and the browser bundle

bundle: $(BUNDLE) ## Build the browser bundle alone

run: setup ## Set up and serve the schematic district
	$(BIN)/seamless serve $(SERVE_ARGS)

test: setup ## Set up and run every test but the long ones
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: static test ## Format, lint, types, import contracts, rule checks, then every test

static: setup ## The checks that run no test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/seamless rules check

format: $(ENVIRONMENT) ## Format the code and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

long: setup ## The tests that take minutes
	$(BIN)/python -m pytest -m long $(PYTEST_ARGS)

bench: setup ## Measure, with the peers in the same run
	$(BIN)/python -m bench

pictures: setup ## Take the pictures of docs/pictures
	$(BIN)/python -m tools.pictures

hooks: $(ENVIRONMENT) ## Let git run the fast checks before each commit
	$(BIN)/pre-commit install

lock: $(ENVIRONMENT) ## Raise every version that pyproject.toml lets rise
	$(BIN)/uv lock --upgrade
	$(BIN)/uv export --quiet --no-emit-project --no-header --output-file requirements.lock
	$(BIN)/uv export --quiet --no-emit-project --no-header --only-group build --output-file requirements-build.lock
	$(BIN)/uv export --quiet --no-emit-project --no-header --only-group node --output-file requirements-node.lock
	$(BIN)/python -m tools.node npm update --package-lock-only

clean: ## Remove what was built; what the program keeps (var/) stays
	rm -rf .venv node_modules web/static/dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(ENVIRONMENT): requirements.lock requirements-build.lock pyproject.toml tools/setup.sh tools/setup.py tools/preflight.py
	@sh tools/setup.sh
	@touch $@

node_modules/.ready: package.json package-lock.json .npmrc | $(ENVIRONMENT)
	$(BIN)/python -m tools.node npm ci --loglevel=error
	@touch $@

web/static/dist/.built: node_modules/.ready $(shell find web/assets -type f 2>/dev/null)
	$(BIN)/python -m tools.node node $(BUNDLER)
	@touch $@
