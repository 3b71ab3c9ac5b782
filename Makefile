# Everything here sets up what it needs by itself and asks nothing, but for `curator`, which asks for a name and a password.

PORT ?= 8000
# What sponsors look for is in the addresses they ask for, so no list of requests is kept unless it is wanted: ACCESS_LOG=- prints it.
ACCESS_LOG ?=
TESTS ?=
WORKERS ?= --numprocesses auto --maxprocesses 8 --maxschedchunk 1
SIZES ?=
UPGRADE ?=
export PORT

PYTHON := .venv/bin/python
# Settings that somebody has for a portal of their own must not change what is tested.
HERMETIC := env $(addprefix -u ,ALLOWED_HOSTS BEHIND_TLS CHECK_SOURCES CSRF_TRUSTED_ORIGINS CURATORS_NEED_SECOND_FACTOR CURATOR_SESSION_HOURS \
            DATABASE_CONN_MAX_AGE DATABASE_URL DEBUG HSTS_SECONDS INTAKE_POSTS_PER_HOUR MAX_BODY_BYTES MAX_UPLOAD_BYTES ONE_PERSON_MAY_APPROVE \
            PROXY_COUNT RECHECK_AFTER_DAYS REGISTRATION REGISTRY_FETCH SESSION_HOURS SESSION_IDLE_MINUTES SIGN_IN_LOG_DAYS SUGGESTIONS_PER_HOUR) \
            SECRET_KEY=only-for-tests-and-linters
COMPILE := .tools/bin/uv pip compile -q --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-annotate \
           --system-certs --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

.PHONY: help setup run curator test bench bench-pages pictures lint format lock clean
.NOTPARALLEL:

help:
	@echo "make run      start the portal on this machine, with the catalogue loaded (PORT=8000, ACCESS_LOG=- to print requests)"
	@echo "make curator  make an account for the curator's pages; asks for name and password"
	@echo "make test     run all tests, in a browser too, on SQLite and again on PostgreSQL (TESTS=path to narrow, WORKERS= for one process)"
	@echo "make bench    measure speed and memory over made-up catalogues, others beside ours, into docs/benchmarks.md (SIZES=1000,10000 to narrow)"
	@echo "make bench-pages  measure pages in Chromium only, and renew their section of docs/benchmarks.md"
	@echo "make pictures take the pictures of docs/ anew, of a portal with the real catalogue"
	@echo "make lint     check style, templates, types, migrations and the settings of a public site"
	@echo "make format   put code and templates into the one style"
	@echo "make setup    only make the environment with all development tools"
	@echo "make lock     write the requirement files from pyproject.toml (UPGRADE=1 for the newest versions)"
	@echo "make clean    remove environments, caches and collected files; the data in var stays"

setup:
	@bin/setup requirements-dev.txt

run:
	@bin/setup requirements.txt
	@$(PYTHON) -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null || \
	  { echo "Port $(PORT) cannot be opened: it is in use or not allowed. Take another: make run PORT=8001" >&2; exit 1; }
	@$(PYTHON) manage.py prepare
	@exec .venv/bin/gunicorn portal.wsgi --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --worker-class gthread \
	  --forwarded-allow-ips 127.0.0.1,::1 --no-control-socket --logger-class portal.logs.ServerLog $(if $(ACCESS_LOG),--access-logfile $(ACCESS_LOG))

curator:
	@bin/setup requirements.txt
	@$(PYTHON) manage.py migrate --no-input --verbosity 0
	@$(PYTHON) manage.py createsuperuser

# Both runs always, so that one look shows what fails on which database. As many workers as processors, each with a database and a
# browser of its own; tests are dealt out one by one in their order, so that in each worker those with a browser come last.
test:
	@bin/setup requirements-dev.txt
	@CHROMIUM=$$(bin/find-chromium) || exit 1; export CHROMIUM; status=0; \
	echo "Tests on SQLite"; $(HERMETIC) $(PYTHON) -m pytest $(WORKERS) $(TESTS) || status=$$?; \
	echo "Tests on PostgreSQL"; $(HERMETIC) $(PYTHON) bin/with-postgres $(PYTHON) -m pytest $(WORKERS) $(TESTS) || status=$$?; \
	exit $$status

# What others do the same work with lives in an environment of its own: nothing of it may be needed to run or to test.
bench:
	@bin/setup requirements.txt && bin/setup requirements-tools.txt
	@cmp -s requirements-bench.txt .bench/made-from || { echo "Setting up .bench from requirements-bench.txt" >&2; \
	  .tools/bin/uv venv -q --clear --python .venv/bin/python .bench && \
	  .tools/bin/uv pip sync -q --system-certs --require-hashes --python .bench/bin/python requirements-bench.txt && \
	  cp requirements-bench.txt .bench/made-from; }
	@$(HERMETIC) .bench/bin/python -m bench $(if $(SIZES),--sizes $(SIZES),--write docs/benchmarks.md)

bench-pages:
	@bin/setup requirements-dev.txt
	@CHROMIUM=$$(bin/find-chromium) || exit 1; export CHROMIUM; \
	$(HERMETIC) $(PYTHON) bin/with-portal $(PYTHON) -m bench.browser --write docs/benchmarks.md

pictures:
	@bin/setup requirements-dev.txt
	@CHROMIUM=$$(bin/find-chromium) || exit 1; export CHROMIUM; $(HERMETIC) $(PYTHON) bin/with-portal $(PYTHON) -m docs.pictures

lint:
	@bin/setup requirements-dev.txt
	@.venv/bin/ruff check --quiet
	@.venv/bin/ruff format --check --quiet || { .venv/bin/ruff format --diff; exit 1; }
	@find templates -name '*.html' -exec .venv/bin/djade --check --target-version 6.1 {} +
	@$(HERMETIC) .venv/bin/mypy
	@$(HERMETIC) DATABASE_URL=sqlite:///:memory: $(PYTHON) manage.py makemigrations --check --dry-run
	@$(HERMETIC) BEHIND_TLS=true ALLOWED_HOSTS=portal.example SECRET_KEY="$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(45))')" \
	  $(PYTHON) manage.py check --deploy --fail-level WARNING

format:
	@bin/setup requirements-dev.txt
	@.venv/bin/ruff check --fix --quiet; .venv/bin/ruff format
	@find templates -name '*.html' -exec .venv/bin/djade --target-version 6.1 {} +

lock:
	@bin/setup requirements-tools.txt
	@$(COMPILE) pyproject.toml -o requirements.txt
	@$(COMPILE) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	@$(COMPILE) pyproject.toml --group bench -c requirements.txt -o requirements-bench.txt
	@$(COMPILE) --group tools -o requirements-tools.txt
	@if grep -n '://' requirements*.txt; then echo "A lock names an address; it must work with any mirror." >&2; exit 1; fi

clean:
	@rm -rf .venv .tools .bench .hypothesis .mypy_cache .pytest_cache .ruff_cache .coverage htmlcov var/static var/test-artifacts var/bench
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
