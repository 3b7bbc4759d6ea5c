# Every target sets the checkout up first, which takes a moment when nothing has changed.

BIN := .venv/bin
SERVE ?= 1
ARGS ?=
# Two at a time, each with a database of its own; a folder stays together, because its tests share what they set up.
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup prepared demo test test-long check fix docs bench \
	check-format check-lint check-types check-imports check-lock check-migrations check-docs

help: ## Say what the targets do
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/make \1\t\2/p' Makefile | expand -t 18

setup: prepared ## Set the checkout up: packages, styles, system libraries
	@echo 'Sightline is set up. Next: "make demo" opens it with an invented partnership; "./sightline --help" lists the commands.'

prepared:
	@scripts/setup.sh python front-end system

demo: prepared ## Fill an invented partnership and open it on http://127.0.0.1:8000 (SERVE=0: do not open it)
	@./sightline demo $(if $(filter 0,$(SERVE)),--no-serve) $(ARGS)

test: prepared ## Run the tests, on a real PostgreSQL (ARGS="-k name" and the like go to pytest)
	@scripts/setup.sh browser
	$(BIN)/pytest -n $(WORKERS) $(ARGS)

test-long: prepared ## Run the long tests too: many more generated cases, soak
	@scripts/setup.sh browser
	$(BIN)/pytest -m "long or not long" --hypothesis-profile=long $(ARGS)

check: check-format check-lint check-types check-imports check-lock check-migrations check-docs ## Check format, lint, types, the direction of imports, migrations, generated pages

check-format: prepared
	$(BIN)/ruff format --check --output-format concise

check-lint: prepared
	$(BIN)/ruff check --output-format concise

check-types: prepared
	$(BIN)/mypy

check-imports: prepared
	$(BIN)/lint-imports --no-logo

check-lock: prepared
	$(BIN)/uv lock --check --quiet

check-migrations: prepared
	DJANGO_SETTINGS_MODULE=sightline.settings $(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run

check-docs: prepared
	$(if $(wildcard src/sightline/cli/commands/docs.py),$(BIN)/python -m sightline.cli docs --check)

fix: prepared ## Mend what can be mended by itself: format, order of imports, simple lint
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: prepared ## Write the generated pages anew
	$(BIN)/python -m sightline.cli docs

bench: prepared ## Measure speed
	$(BIN)/python -m bench $(ARGS)
