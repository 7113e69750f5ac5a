# The two commands most people need: `make demo` and `make test`. Everything runs in .venv, made from the lock file.
VENV := .venv
PYTHON := $(VENV)/bin/python
READY := $(VENV)/.ready

.PHONY: demo test check lint types docs pictures snapshots mutants fuzz reference coverage bench example lock clean

demo: $(READY)
	$(VENV)/bin/tilsyn demo demo

test: $(READY)
	$(PYTHON) -m pytest -n 2 --dist worksteal $(PYTEST)

# All that a change must pass: also that no branch of the program loses its test (the floor is in pyproject.toml).
check: PYTEST += --cov
check: lint types test

lint: $(READY)
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

types: $(READY)
	$(PYTHON) -m mypy

# The command reference is written from the commands' own help; a test holds the two in step.
docs: $(READY)
	$(PYTHON) -m tests.write_docs

# The pictures of the guides, from the demonstration and the example (`make example` first); needs LibreOffice, pdftoppm, Chromium.
pictures: $(READY)
	$(PYTHON) -m tests.write_pictures

# What the program writes, as text: a change of it is read as a difference before it is taken as right.
snapshots: $(READY)
	$(PYTHON) -m tests.write_snapshots

# Small faults put into statistics/ and sampling/, one at a time: is there a test that fails? An hour or two.
mutants: $(READY)
	$(PYTHON) -m mutmut run --max-children 2
	$(PYTHON) -m mutmut results

# Damaged registers and workbooks, two hours of them: `make fuzz MINUTES=600` for a night.
fuzz: $(READY)
	$(PYTHON) -m tests.fuzz.run --minutes $(or $(MINUTES),120)

reference: $(READY)
	$(PYTHON) -m tests.reference.rerun

coverage: $(READY)
	$(PYTHON) -m tests.benchmarks.coverage

# The others that tilsyn is measured against have an environment of their own: pandas takes another way where pyarrow is.
# All are compiled beforehand, as what is installed is.
BENCH_VENV := .bench
bench: $(READY) $(BENCH_VENV)/.ready
	$(PYTHON) -m compileall -q tilsyn
	$(PYTHON) -m tests.benchmarks.run --peers $(BENCH_VENV)/bin/python $(BENCH)

# The reports that readers of the repository can open: those of level 2 from the demonstration, and the dossier that its page
# leads to. The page is of the day on which the demonstration publishes its workbooks.
EXAMPLE := ../$(VENV)/bin/tilsyn
example: $(READY)
	rm -rf .example
	$(VENV)/bin/tilsyn demo .example --quiet > /dev/null
	cd .example && $(EXAMPLE) dossier --period 2018-Q2 --without-ids --today 2018-09-29 --quiet > /dev/null
	cd .example && $(EXAMPLE) report --level 2 --period 2018-Q2 --baseline 2017-Q4 --published 2018-10-01 --as html --today 2018-09-29 --quiet > /dev/null
	rm -rf reports/example
	mkdir -p reports/example
	cp -r .example/reports/2018-Q2/level-2-*.xlsx .example/reports/2018-Q2/level-2-*.html .example/reports/2018-Q2/dossier reports/example/
	rm -rf .example

# The newest versions that pyproject.toml allows, with their hashes.
lock:
	python3 -m venv .lock
	.lock/bin/python -m pip install --quiet uv
	.lock/bin/uv pip compile --quiet pyproject.toml --extra dev --python-version 3.11 --upgrade --generate-hashes --no-strip-extras \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links -o requirements.lock
	rm -rf .lock

$(BENCH_VENV)/.ready: pyproject.toml requirements.lock
	python3 -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -e ".[bench]"
	touch $@

$(READY): pyproject.toml requirements.lock
	python3 -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

clean:
	rm -rf $(VENV) $(BENCH_VENV) demo mutants .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis
