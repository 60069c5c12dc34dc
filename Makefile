# Every habit is one target. PORT=8010 moves the demonstration, DATABASE_URL points it at a server of one's own.
PYTHON ?= python3
BIN := .venv/bin
BOOTSTRAP := @$(PYTHON) jingwei/site/bootstrap.py

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test e2e check bench format lock clean

help:  ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "  make %-11s %s\n", $$1, $$2 }'

demo:  ## the whole program with the demonstration; Ctrl-C stops it
	$(BOOTSTRAP) demo
	@$(BIN)/jingwei demo

demo-reset:  ## throw the demonstration's data away; the next `make demo` begins anew
	$(BOOTSTRAP) demo
	@$(BIN)/jingwei cluster destroy
	@rm -rf var/files
	@echo "The next start begins anew: make demo"

test:  ## every test but those in a browser, on a throw-away PostgreSQL cluster for each core
	$(BOOTSTRAP) test
	@$(BIN)/python -m pytest --ignore=tests/e2e -n auto --dist worksteal $(ARGS)

e2e:  ## the journeys in Debian's Chromium, against a served program of their own
	$(BOOTSTRAP) e2e
	@$(BIN)/python -m pytest tests/e2e $(ARGS)

check:  ## lint, types, layers, drift, and the rules of the house
	$(BOOTSTRAP) test
	@$(BIN)/python tools/check.py $(ARGS)

bench:  ## the measurements, each beside its floor
	$(BOOTSTRAP) bench
	@$(BIN)/python -m bench $(ARGS)

format:  ## put the Python code into its one shape
	$(BOOTSTRAP) test
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

lock:  ## pin the requirements anew, with hashes and without an index's address
	@$(PYTHON) tools/lock.py

clean:  ## remove what was built; the data under var/ stays
	@rm -rf .venv web/node_modules web/apps/*/dist .mypy_cache .ruff_cache .hypothesis
