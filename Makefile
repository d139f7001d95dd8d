# The whole project in one word each. `make demo` and `make test` set everything up inside this folder and need only
# make and Python 3.11 or newer; docs/how-to/set-up.md says what they do and what their failures mean.
PORT ?= 8000
PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help demo test check fix bench browser python tools

help:
	@echo 'make demo [PORT=8000]  set up, build the demo district and serve it on this machine'
	@echo 'make test              set up and run the tests that need neither browser nor PostgreSQL'
	@echo 'make check             lint, format, types and import contracts; changes nothing'
	@echo 'make fix               let ruff mend and format what it can'
	@echo 'make bench             run the benchmarks'
	@echo 'make browser           set up and run the tests that drive Chromium'

demo: python
	@$(PYTHON) tools/bootstrap.py
	@exec .venv/bin/liandesk demo --port $(PORT)

test: python
	@$(PYTHON) tools/bootstrap.py dev
	@exec .venv/bin/pytest -n auto --dist worksteal -m "not browser"

browser: python
	@$(PYTHON) tools/bootstrap.py dev browser
	@exec .venv/bin/pytest -n auto --dist worksteal -m browser tests/journeys

check: tools
	@.venv/bin/python tools/check.py

fix: tools
	@.venv/bin/ruff check --fix; found=$$?; .venv/bin/ruff format; exit $$found

bench: tools
	@exec .venv/bin/python -m benchmarks

python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo 'Set-up stopped: there is no $(PYTHON).' >&2; \
	  echo '  What to do: install Python 3.11 or newer (Debian, Ubuntu: apt install python3 python3-venv), or name' >&2; \
	  echo '  yours: make demo PYTHON=/path/to/python3' >&2; exit 1; }

tools:
	@test -x .venv/bin/ruff || { \
	  echo 'The tools are not installed yet. Run `make test` once, then this again.' >&2; exit 1; }
