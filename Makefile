# Everything a person runs here. `make` alone says what there is.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready

.PHONY: help demo test check format bench lock clean

help:
	@echo "make demo    the whole assistant on this machine: open http://127.0.0.1:8800"
	@echo "make test    every test: both databases, stories over HTTP, the page in Chromium"
	@echo "make check   format, lint, types, import rules"
	@echo "make bench   ratios against bare loops"
	@echo "make format  rewrite the code in the one format"

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

demo: $(READY)
	$(PY) -m bot demo

check: $(READY)
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

test: $(READY) chromium
	$(PY) -m pytest

.PHONY: chromium
chromium: $(READY)
	@sh .ci/chromium $(PY)

format: $(READY)
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: $(READY)
	$(PY) -m bot bench

lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) data .mypy_cache .ruff_cache .pytest_cache
