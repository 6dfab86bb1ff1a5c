.DEFAULT_GOAL := help
PYTHON := .venv/bin/python

help: ## list these commands
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:[^#]*## /\t/' | awk -F '\t' '{printf "%-12s %s\n", $$1, $$2}'

run: set-up ## start the service on this machine with an invented school
	$(PYTHON) -m service serve --sample

test: set-up system ## set up everything, then lint and pass every test
	$(MAKE) lint
	$(PYTHON) -m pytest -n $$($(PYTHON) -m tests.workers) --dist loadfile --no-loadscope-reorder $(T)

test-crash: set-up system ## a thousand letters at a time, with an accident in the middle
	$(PYTHON) -m pytest -m crash

test-paces: set-up system ## accidents in printing with an office at LibreOffice's pace and at twice it
	for pace in 1 2; do FAKE_OFFICE_PACE=$$pace $(PYTHON) -m pytest tests/printing || exit 1; done

test-long: set-up system ## hours: 100,000 mutants of every input, 500 kills, 10,000 made-up requests, hostile templates
	for round in 1 2 3 4 5; do \
		HYPOTHESIS_PROFILE=random $(PYTHON) -m pytest -n $$($(PYTHON) -m tests.workers) --dist loadfile -m hypothesis || exit 1; \
	done
	$(PYTHON) -m tests.long_run.hostile
	$(PYTHON) -m tests.long_run.kills
	$(PYTHON) -m tests.long_run.contract
	$(PYTHON) -m tests.long_run.made_up
	$(PYTHON) -m tests.long_run.clients
	$(PYTHON) -m tests.long_run.at_once
	$(PYTHON) -m tests.long_run.guided
	$(PYTHON) -m tests.long_run.mutants

test-load: set-up system ## thirty minutes at fifty requests a second, the table goes into the README
	$(PYTHON) -m tests.long_run.load --readme
	$(PYTHON) -m tests.long_run.programs

lint: set-up ## ruff, formatting, types and the direction of imports
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

check: set-up ## check the rules with their cases and every letter template
	$(PYTHON) -m service check

audit: set-up ## list what the project is made of in build/, look for known faults in it (works offline)
	$(PYTHON) -m builders.dependencies.bill build/bill-of-materials.json
	$(PYTHON) -m builders.dependencies.audit

bench: set-up system ## measure speed and memory beside peers, print the ratios
	$(PYTHON) -m tests.benchmarks

look-pages: set-up system ## pictures of all pages, wide and narrow, in build/look-pages
	$(PYTHON) -m builders.pages.look build/look-pages

look: set-up system ## pictures of all letters in build/look
	$(PYTHON) -m builders.letters.look build/look

look-beside: set-up system ## every letter beside LibreOffice's, in seven kinds of names, in build/look-beside
	$(PYTHON) -m builders.letters.beside build/look-beside/dl
	$(PYTHON) -m builders.letters.beside build/look-beside/notify --profile notify

templates: set-up ## build the letter templates from their wording, and their golden texts
	$(PYTHON) -m builders.letters.build --golden

forms: set-up ## build the forms from their field lists
	$(PYTHON) -m builders.forms.build

docs: set-up ## build the table of columns in docs/input.md
	$(PYTHON) -m builders.input_docs

set-up:
	@scripts/set-up

system:
	@scripts/set-up-system

.PHONY: help run test test-crash test-paces test-long test-load lint check audit bench look look-beside look-pages templates forms docs set-up system
