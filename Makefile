# Everything a person or a CI needs; `make help` lists the targets.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RECIPE ?= recipes/mnist_1cycle.yaml
ARGS   ?=
PART   ?=
# The CUDA libraries come along where an NVIDIA driver is present; CUDA=0 or CUDA=1 decides otherwise.
CUDA   ?= $(if $(wildcard /proc/driver/nvidia/version),1,0)
LOCK   := requirements$(if $(filter 1,$(CUDA)),-cuda,).lock
# MLflow does not go with the protobuf of TensorFlow, and has an environment of its own.
MLFLOW := .venv-mlflow
STAMP  := $(VENV)/.installed-$(CUDA)

.DEFAULT_GOAL := help
.PHONY: help install run test test-slow test-trackers lint types validate schema catalogue schema-check bench gpu-check figures pictures fuzz kill-sweep check lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

install: $(STAMP) ## create .venv with the pinned dependencies

$(STAMP): $(LOCK) pyproject.toml
	@echo "installing the pinned dependencies into $(VENV); this takes about a minute"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	rm -f $(VENV)/.installed-*
	touch $@

run: install ## train RECIPE (default: recipes/mnist_1cycle.yaml)
	$(BIN)/recipe run $(RECIPE) $(ARGS)

test: install ## run the tests but for the slow ones, two processes at a time
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow and not trackers"

test-slow: install ## run the slow tests: several workers, kills in real processes, exports
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m slow

test-trackers: install $(MLFLOW)/.installed ## run the tests that need MLflow's own server and client
	MLFLOW_PYTHON=$(MLFLOW)/bin/python $(BIN)/pytest -m trackers tests/sinks

$(MLFLOW)/.installed: requirements-mlflow.lock
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(MLFLOW)
	$(BIN)/uv pip install --quiet --python $(MLFLOW)/bin/python -r $<
	touch $@

lint: install ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install ## mypy strict
	$(BIN)/mypy

validate: install ## every recipe of the gallery
	$(BIN)/recipe validate recipes/

schema: install ## export the JSON Schema of the language
	$(BIN)/recipe schema > schemas/recipe.schema.json.new
	mv schemas/recipe.schema.json.new schemas/recipe.schema.json

catalogue: install ## write the tables of the installed Keras anew: its layers, its applications, and its names
	$(BIN)/python -m tests.model.keras_catalogue
	$(BIN)/python -m tests.model.keras_applications
	$(BIN)/python -m tests.model.keras_published
	$(BIN)/python -m tests.diagnostics.keras_names

schema-check: install ## the exported JSON Schema is fresh
	$(BIN)/recipe schema | diff - schemas/recipe.schema.json

bench: install ## engine against hand-written Keras fit; writes docs/benchmarks.md (about 20 minutes); PART="resnet, lstm" renews some rows
	PART="$(PART)" $(BIN)/python -m tests.benchmarks $(ARGS)

gpu-check: install ## what works on this machine's GPU, and how fast; ARGS="--device cpu --small" tries it without one
	$(BIN)/python -m tests.benchmarks.gpu_check $(ARGS)

figures: install ## rerun the table of published figures (needs the datasets; minutes)
	$(BIN)/python -m tests.benchmarks.figures

pictures: install ## draw the README's pictures anew, from real output (trains mnist_1cycle)
	COLUMNS=80 $(BIN)/python -m docs.pictures

fuzz: install ## 10,000 examples of every fuzz test
	RECIPE_FUZZ=10000 $(BIN)/pytest tests/source/test_fuzz.py tests/schemas/test_json_schema.py

kill-sweep: install ## kill at every step, not at a few
	RECIPE_SWEEP=1 $(BIN)/pytest tests/engine/test_resume.py tests/faults

check: lint types validate schema-check test test-slow test-trackers ## all of it

lock: ## pin the dependencies anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-index-url --extra dev pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-index-url --extra dev --extra cuda pyproject.toml --output-file requirements-cuda.lock
	echo "mlflow>=3.17.2,<3.18" | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header --no-emit-index-url - --output-file requirements-mlflow.lock

clean: ## remove what the targets made
	rm -rf $(VENV) $(MLFLOW) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
