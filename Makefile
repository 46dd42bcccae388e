# Needs Python 3.11 or newer with venv, and make. Everything else it fetches itself.
PYTHON ?= python3
SECONDS ?= 600
BIN := .venv/bin
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help run test coverage check format bench soak constraints

help:  ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: .venv/runs  ## set up and serve; HOST and PORT are respected
	@exec $(BIN)/python -m giphynavigator serve

test: .venv/tests  ## set up and run all tests
	$(BIN)/python -m pytest

coverage: .venv/tests  ## the tests once more, telling the lines that none of them reaches
	$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered

check: .venv/tests  ## ruff and mypy --strict, as CI runs them
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: .venv/tests  ## let ruff put the code in order
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: .venv/tests  ## measure against the budgets, write docs/performance.md
	$(BIN)/python -m benchmarks

soak: .venv/tests  ## ten minutes of load and faults (SECONDS), 10,000 made-up requests
	$(BIN)/python -m tests.soak --seconds $(SECONDS)
	SCHEMATHESIS_CASES=10000 $(BIN)/python -m pytest tests/openapi/test_conformance.py

constraints: .venv/tests  ## write down the versions that just passed
	$(BIN)/uv pip freeze --python $(BIN)/python | grep -vE '^(uv|pip|setuptools|wheel)==' > constraints.txt

.venv/bin/uv:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

.venv/runs: .venv/bin/uv requirements.txt constraints.txt
	$(UV) -r requirements.txt
	@touch $@

.venv/tests: .venv/runs requirements-dev.txt
	$(UV) -r requirements-dev.txt
	@touch $@
