# make run | setup | test | quick | check | bench | screenshots | messages | lock. Works from any folder, also as `make -f /elsewhere/Makefile`.

.NOTPARALLEL:
.PHONY: run setup dev test quick check bench screenshots messages lock
.DEFAULT_GOAL := run

# A path with spaces does not survive make's own functions, so the shell takes the folder from it.
export DRAAGVLAK_MAKEFILE := $(MAKEFILE_LIST)
HERE = cd "$$(dirname "$${DRAAGVLAK_MAKEFILE\# }")"
FITS = import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
SETUP = $(HERE) && for python in "$$PYTHON" python3 python3.14 python3.13 python3.12 python3.11 .venv/bin/python; do \
	  if [ -n "$$python" ] && "$$python" -c '$(FITS)' 2>/dev/null; then \
	    exec "$$python" config/setup_environment.py
SETUP_END = ; fi; done; \
	echo "Python 3.11 tot en met 3.14 is nodig: installeer python3.13, of geef PYTHON=/pad/naar/python." \
	  "/ Python 3.11 to 3.14 is needed: install python3.13, or give PYTHON=/path/to/python." >&2; exit 1
# A file stays on one worker, as what it starts is dear; files go out in the order of tests/conftest.py.
PYTEST = -n auto --dist loadfile --no-loadscope-reorder

run: setup
	@$(HERE) && $(if $(TLS),export DRAAGVLAK_TLS="$(TLS)" && )exec .venv/bin/python -m config.run --with-parent

setup:
	@$(SETUP) runtime $(SETUP_END)

dev:
	@$(SETUP) runtime dev $(SETUP_END)

test:
	@$(SETUP) runtime dev browser $(SETUP_END)
	@$(HERE) && exec .venv/bin/python -m pytest $(PYTEST) $(ARGS)

# Checks and tests of the files that changed, nearest first, in a minute or so (docs/testing.md).
quick:
	@$(SETUP) runtime dev browser $(SETUP_END)
	@$(HERE) && exec .venv/bin/python -m tests.quick

check: dev
	@$(HERE) && exec .venv/bin/python -m tests.check

bench: dev
	@$(HERE) && exec .venv/bin/python -m tests.bench $(ARGS)

screenshots:
	@$(SETUP) runtime dev browser $(SETUP_END)
	@$(HERE) && exec .venv/bin/python -m tests.screenshots

# Brings the English catalogue up to date with the texts in the source, and names what still waits for its English.
messages: dev
	@$(HERE) && exec .venv/bin/python -m tests.messages

COMPILE = .venv/bin/python -m uv pip compile -q pyproject.toml --extra embedded --universal \
	--python-version 3.11 --no-emit-package valkey --generate-hashes --no-header --no-annotate

# Wanted versions stay as they are; `make lock ARGS=--upgrade` moves all.
lock: dev
	@$(HERE) && $(COMPILE) $(ARGS) -o config/requirements.txt && \
	  $(COMPILE) $(ARGS) --group dev -o config/requirements-dev.txt
