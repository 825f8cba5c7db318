# Everything a developer does goes through here; `make help` lists it. The work itself is done by the scripts in dev/.
PYTHON ?= python3
PORT ?= 8069
export PORT

# What `make test` takes a sample of.
SAMPLED := /klachtenbeheer:TestCanaryCrawl,/klachtenbeheer:TestAwkwardArguments,/klachtenbeheer:TestMailCorpus,/klachtenbeheer:TestAttackMatrix,/klachtenbeheer:TestLetterContent

.DEFAULT_GOAL := help
.PHONY: help demo test soak lint format translations manual pictures letters bench shell clean

help:  ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20
	@echo "  dev/odoo ARGS…    Odoo's own command line in this environment"

demo:  ## a Dutch demo database and a server for it on localhost (PORT=8069)
	@$(PYTHON) dev/demo.py

test: export TAGS := $(TAGS)
test: export ARGS := $(ARGS)
test:  ## all tests; TAGS=/klachtenbeheer:TestX for Odoo tests, ARGS="tests/unit -k x" for pytest
	@$(PYTHON) dev/run_tests.py

soak: export SOAK := 1
soak: export ARGS := $(or $(ARGS),tests/soak tests/e2e tests/unit)
soak:  ## the tests under faults in full size, and all that `make test` takes a sample of: hours (ARGS="tests/soak -k x")
	@$(PYTHON) dev/run_tests.py
ifndef ARGS
	@ARGS= MAIL_ROUNDS=20 TAGS=$(SAMPLED) $(PYTHON) dev/run_tests.py
endif

lint:  ## check the style of Python, XML and JavaScript
	@$(PYTHON) dev/lint.py

format:  ## apply that style
	@$(PYTHON) dev/lint.py --fix

translations:  ## update the list of terms and nl.po, and say what has no Dutch yet
	@$(PYTHON) dev/translations.py

manual:  ## the page of help that the screens lead to, from docs/handleiding.md
	@$(PYTHON) dev/manual.py

pictures: export SCREENSHOTS := 1
pictures: export ARGS := tests/e2e/test_screens.py
pictures:  ## every screen at three widths, for docs/schermen.md
	@$(PYTHON) dev/run_tests.py

letters:  ## letters of every kind under every policy as PDF, to look at
	@$(PYTHON) dev/print_letters.py

bench: export LARGE := $(LARGE)
bench: export ONLY := $(ONLY)
bench:  ## measure the cost of the main operations, beside OCA's helpdesk
	@$(PYTHON) dev/run_bench.py

shell:  ## a Python prompt in the demo database
	@$(PYTHON) dev/demo.py shell

clean:  ## stop the private PostgreSQL, remove databases and everything fetched or built
	@$(PYTHON) dev/clean.py
