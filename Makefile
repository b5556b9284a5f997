# make serve: the assistant at http://127.0.0.1:5005 (PORT, HOST, PLACE and DATABASE_URL change it). The first time
# fetches everything it needs and trains, later starts take seconds.

# Under pyenv `python3` may refuse to run before the version in .python-version is there.
PYTHON3 := $(shell python3 -c 'print("python3")' 2>/dev/null || echo PYENV_VERSION=system python3)
PYTHON := .venv/bin/python

.PHONY: serve chat train test check evaluate setup lock

serve: setup
	@$(PYTHON) -m bot serve

chat: setup
	@$(PYTHON) -m bot chat

train: setup
	@$(PYTHON) -m bot train

test: setup
	@$(PYTHON3) bot/setup.py --tests
	@$(PYTHON) -m pytest

check: setup
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m mypy
	@$(PYTHON) -m knowledge check

# make evaluate FILES="questions.jsonl": how well questions are understood.
evaluate: setup
	@$(PYTHON) -m bot evaluate $(FILES)

setup:
	@$(PYTHON3) bot/setup.py

# After a change to requirements*.in.
lock:
	$(PYTHON) -m uv pip compile --universal --python-version 3.10 --generate-hashes --no-emit-index-url requirements-dev.in -o requirements.lock
