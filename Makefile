# Bare `make` lists the commands.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
TESTS ?= tests
JOBS ?= 2
# An empty value lets Python keep what it compiled, so that the next start is quick.
export PYTHONDONTWRITEBYTECODE =

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Set up everything that running Daybook needs
	@$(PYTHON) scripts/setup.py

run: setup ## Start Daybook with the demo business (PORT=8000)
	@$(BIN)/daybook up --demo --port $(PORT)

setup-dev:
	@$(PYTHON) scripts/setup.py --dev

test: ## Set up what the tests need, then check and test everything
	@$(PYTHON) scripts/setup.py --dev --chromium
	@$(MAKE) --no-print-directory lint types licences
	@$(BIN)/pytest -q -n $(JOBS) $(TESTS)

lint: setup-dev ## Check format, style and import contracts
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/ruff check --quiet
	@$(BIN)/lint-imports --no-cache --no-logo

types: setup-dev ## Check the types
	@$(BIN)/mypy

licences: setup-dev ## Check the licences of all locked packages
	@$(BIN)/python scripts/check_licences.py

format: setup-dev ## Write the format and the simple corrections
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format --quiet

demo: setup ## Make the demo business
	@$(BIN)/daybook demo

bench: setup-dev ## Measure
	@$(BIN)/daybook bench

faults: setup-dev ## Test what happens when processes die
	@$(BIN)/pytest -q -m faults --long tests

screenshots: setup-dev ## Renew the pictures of the main pages
	@$(BIN)/python scripts/screenshots.py

guide: setup-dev ## Write the user guide from the texts of the help
	@$(BIN)/python scripts/guide.py

lock: setup-dev ## Compile the locks of the Python packages anew
	@cd requirements && for name in bootstrap base dev node; do \
		../$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--no-header $$name.in -o $$name.txt || exit 1; done

clean: ## Remove what set-up and tests made (never the data)
	@$(PYTHON) scripts/setup.py --clean

.PHONY: help setup setup-dev run test lint types licences format demo bench faults screenshots guide lock clean
.DEFAULT_GOAL := help
