# The project's commands. Each one first makes the environment, so a fresh clone needs no set-up of its own.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

# Every command imports a few hundred modules of the AWS SDK: compiled once, not each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: up down test check bench mutants lock setup

up: $(READY)
	@$(BIN)/python -m cli.tools
	@$(BIN)/antipodes up

down: $(READY)
	@$(BIN)/antipodes down

# Three at a time on two cores: the long tests spend much of their time waiting for a TTL to pass.
test: $(READY)
	@$(BIN)/python -m cli.tools
	@tools/browser.sh
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(READY)
	@$(BIN)/python -m cli.tools
	$(BIN)/python -m bench

mutants: $(READY)
	$(BIN)/python tools/mutants.py

setup: $(READY)

lock: $(READY)
	$(BIN)/uv pip compile --quiet --universal --all-extras --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock

# uv installs the lock in seconds; pip, which every Python has, installs uv.
$(READY): requirements.lock tools/bootstrap.txt pyproject.toml
	@echo "Making the Python environment in .venv ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r tools/bootstrap.txt
	@$(BIN)/uv pip sync --quiet --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
