# The commands people type. Everything lives in .venv; `make setup` may be run again at any time.
PYTHON ?= python3
BIN := .venv/bin
DATA ?= ../shared/data
WORK ?= build/train
MINUTES ?= 60
TRAIN ?=
BASE ?=
OTHER := $(if $(BASE),--base $(BASE))

.PHONY: setup browser demo test lint oldest bench bench-quick evidence train

setup: .venv/ready

# CPU torch first: left to itself pip takes a CUDA build of several gigabytes
.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet --group dev --editable '.[batch,languagetool,lsp,ray,serve]'
	$(BIN)/repair setup
	touch $@

# For the tests of the editor's page: Debian's browser, which root may install (the driver's own would have to come from
# elsewhere). Where either cannot be had, pytest leaves those tests out and says so at its end.
browser: setup
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
		[ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } || true
	@[ -e .venv/browser ] || ! $(BIN)/python -m pip install --quiet --group browser || touch .venv/browser

demo: setup
	$(BIN)/repair check --exit-zero tests/article.txt
	$(BIN)/repair fix --exit-zero --diff tests/article.txt

test: setup browser
	$(BIN)/pytest -n 2 --dist loadfile

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The oldest versions that pyproject.toml allows, with tests that need no model: torch stays out, and what it brings
oldest: setup
	$(BIN)/uv venv -q --clear --python $(BIN)/python build/oldest
	$(BIN)/uv pip compile -q --resolution lowest-direct --no-header --no-annotate pyproject.toml --extra batch --extra serve \
		| grep -vE '^(torch|triton|nvidia|cuda)' > build/oldest/requirements.txt
	$(BIN)/uv pip install -q --python build/oldest/bin/python -r build/oldest/requirements.txt \
		pytest hypothesis jsonschema lxml python-docx requests
	PYTHONPATH=. build/oldest/bin/python -m pytest -p no:cacheprovider -m "not slow" tests/test_cases.py tests/test_lexicon.py \
		tests/test_formats.py tests/test_segment.py tests/test_languages.py tests/test_gate.py tests/test_more_formats.py \
		tests/test_outputs.py

bench: setup
	$(BIN)/python -m benchmarks.run --data $(DATA)

bench-quick: setup
	$(BIN)/python -m benchmarks.run --quick --data $(DATA)

# What `safe` rests on; ten minutes
evidence: setup
	$(BIN)/python -m benchmarks.evidence --data $(DATA)

# Each step goes on where it stopped. The round trips need Debian's apertium-eng-spa, apertium-eng-cat, apertium-hbs-eng,
# apertium-eo-en and apertium-en-gl; MINUTES bounds the training of the detector and of the corrector, each; TRAIN hands
# options to both (--device cuda --tokens 32768 on a GPU); BASE is the folder of a larger model of the same family.
train: setup
	$(BIN)/python -m pip install --quiet --editable '.[train]'
	mkdir -p $(WORK)
	for i in 1 2; do \
		$(BIN)/python -m models.recipe.roundtrip --data $(DATA) --pass $$i --out $(WORK)/roundtrips$$i.jsonl || exit; done
	for i in 1 2; do \
		$(BIN)/python -m models.recipe.make --data $(DATA) --roundtrips $(WORK)/roundtrips[12].jsonl --seed $$i \
			--out $(WORK)/examples$$i.jsonl --held $(WORK)/held$$i.jsonl || exit; done
	for what in detector infill; do \
		$(BIN)/python -m models.$$what.pack --examples $(WORK)/examples[12].jsonl --out $(WORK)/$$what.npz $(OTHER) || exit; \
		$(BIN)/python -m models.$$what.train --packed $(WORK)/$$what.npz --out models/$$what --minutes $(MINUTES) $(TRAIN) $(OTHER) \
			|| exit; done
	$(BIN)/python -m models.recipe.second --data $(DATA) --draws 2 --out $(WORK)/second.jsonl
	for what in detector infill; do \
		$(BIN)/python -m models.$$what.pack --examples $(WORK)/second.jsonl --out $(WORK)/$$what-second.npz $(OTHER) || exit; \
		$(BIN)/python -m models.$$what.train --packed $(WORK)/$$what-second.npz --start models/$$what --out $(WORK)/$$what \
			--minutes $(MINUTES) --rate 3e-4 --warm 20 $(TRAIN) $(OTHER) || exit; \
		cp $(WORK)/$$what/*.safetensors $(WORK)/$$what/config.json models/$$what/ || exit; done
	$(BIN)/python -m models.judge.train --data $(DATA) $(OTHER)
	$(BIN)/python -m models.judge.served --data $(DATA) $(OTHER)
	$(BIN)/python -m models.judge.calibrate --data $(DATA) $(OTHER)
