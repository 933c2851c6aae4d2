# Two commands for a newcomer: `make prove` and `make test`. Both begin by making a virtual environment.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

unexport PYTHONDONTWRITEBYTECODE  # the suite starts hundreds of processes: what is compiled is kept

.PHONY: prove test lint bench clean

prove: $(STAMP)  ## judge every document of proofs/ and write reports/
	$(BIN)/symbolic-mla prove

test: $(STAMP)  ## the whole suite
	$(BIN)/python -m pytest -n 2

lint: $(STAMP)  ## style and types
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(STAMP)  ## ratios against what one would use instead, as one Markdown table, printed and put into the README
	$(BIN)/python -m pip install --quiet --editable '.[bench]' || echo 'without egglog and knuckledragger'
	$(BIN)/python -m benchmarks.run --readme

$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "symbolic_mla needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[test,lint]'
	touch $@

clean:
	rm -rf $(VENV)
