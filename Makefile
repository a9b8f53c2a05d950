# Bare `make` lists the commands.
PYTHON ?= python3
export PYTHONDONTWRITEBYTECODE =

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Set up everything that running Daybook needs
	@$(PYTHON) scripts/setup.py

setup-dev:
	@$(PYTHON) scripts/setup.py --dev

run: setup ## Start Daybook with the demo business
	@.venv/bin/daybook up --demo

.PHONY: help setup setup-dev run
.DEFAULT_GOAL := help
