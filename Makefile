# The commands of the project. `make repro` on a fresh machine installs, reproduces everything and says where to look.
.PHONY: repro own test ui check profile clean
.DEFAULT_GOAL := repro

export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Else DVC keeps pickles in a folder of the system that everybody may write to.
export DVC_SITE_CACHE_DIR ?= $(CURDIR)/.dvc/site
PYTHON ?= python3

repro: .venv/installed
ifdef PROFILE
	@python -m tutelage.profiles $(PROFILE)
endif
	@git rev-parse --git-dir >/dev/null 2>&1 || dvc config --local core.no_scm true
	@dvc repro
	@echo "The report: reports/index.html. The runs: make ui."

# Your own images: DATA=path [ROLE=images|target|letters] [LABEL=column] [SPLIT=column] [GROUP=column] [UNLABELLED=folder]
# [SKIP=true: leave out files that are no images]; or ROLE=table [LABEL=column] PRIVILEGED=column,column [GROUP=column]
own: .venv/installed
	@python -m tutelage.data.own "$$DATA" role="$$ROLE" label="$$LABEL" split="$$SPLIT" group="$$GROUP" \
		unlabelled="$$UNLABELLED" skip="$$SKIP" privileged="$$PRIVILEGED"

test: .venv/installed
	python -m pytest

ui: .venv/installed
	python -m tutelage.tracking ui

check: .venv/installed
	ruff format --check .
	ruff check .
	mypy

profile: .venv/installed
	@python -m tutelage.profiles $(PROFILE)

clean: .venv/installed
	rm -rf .scratch .dvc/tmp .mypy_cache .ruff_cache .pytest_cache mlflow.db* mlruns data/raw data/prepared models
	@echo "Left: .venv, DVC's cache and the reports in git. 'dvc checkout' or 'make repro' brings the outputs back."

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + "; name one with: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch .venv/installed
