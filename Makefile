# Two commands are all that a fresh machine with Python 3.11 needs: `make demo` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready


.PHONY: setup demo test models check rules format lock archive bench clean

setup: $(READY)  ## the environment, exactly as locked

$(READY): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)

demo: setup  ## build the demonstration site and serve it on http://127.0.0.1:8000/
	$(BIN)/wiredesk demo

test: setup  ## all tests, in random order
	$(BIN)/python -m pytest -n auto

models:  ## test every kind of embedding, in an environment of its own: some gigabytes are fetched
	test -x .venv-models/bin/python || $(PYTHON) -m venv .venv-models
	.venv-models/bin/python -m pip install --quiet --disable-pip-version-check \
	  -e '.[dev,embedding-e5,embedding-words,embedding-folder]'
	.venv-models/bin/python -m pytest tests/embed tests/line/test_embedding_line.py

check: setup rules test  ## all that CI asks: format, lint, types, import rules, tests

rules: setup
	$(BIN)/ruff format --check src tests bench demo
	$(BIN)/ruff check src tests bench demo
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup  ## mend what can be mended
	$(BIN)/ruff format src tests bench demo
	$(BIN)/ruff check --fix src tests bench demo

archive: setup  ## write the demonstration archive anew from demo/content
	$(BIN)/python demo/build.py

lock:  ## pin everything anew (needs uv)
	uv pip compile --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 \
	  --universal --extra dev pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) .venv-models demo-site .mypy_cache .ruff_cache .pytest_cache .hypothesis
