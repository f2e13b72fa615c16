# Everything a checkout can do.  Needs Python 3.11 or newer and make; `make` alone lists the targets.

PORT ?= 8000
BIN := .venv/bin
READY := .venv/.ready
# Node comes with the environment, so that no machine needs one of its own.
NODE := PATH="$(CURDIR)/.venv/bin:$$PATH"
PACKAGES := web/node_modules/.ready
DASHBOARD := graphql_api/static/index.html
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-annotate --no-strip-extras --custom-compile-command "make lock"
# The newest Python that is new enough; PYTHON=… chooses another.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11, \
	$(shell $(name) -c 'import sys; sys.version_info >= (3, 11) and print("$(name)")' 2>/dev/null)))

# A company's own certificates count, as they do for pip.
export UV_SYSTEM_CERTS := true

.DEFAULT_GOAL := help
.PHONY: help setup run demo test simulate check lint types storeys dashboard web schema format screenshots bench lock \
	fresh-locks image clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) $(DASHBOARD) ## install everything and build the dashboard (quick when nothing changed)
	@:

run: $(READY) $(DASHBOARD) ## start the whole product on embedded servers; PORT chooses the port, Ctrl-C ends it
	@$(BIN)/rapport up --port $(PORT)

demo: $(READY) ## tell the whole story in the terminal, on made-up people and sandbox mail
	@$(BIN)/rapport demo

# All of them in as many processes as there are processors, each with servers of its own; what
# ARGS choose runs in one, which starts sooner.
test: $(READY) $(DASHBOARD) ## run all tests, on real PostgreSQL, Valkey and browser; ARGS="-k name" chooses
	@$(BIN)/pytest $(or $(ARGS),--numprocesses=logical --maxprocesses=4)

simulate: $(READY) ## play made-up worlds and look at each promise; RUNS=2000 plays many, SEED=123 tells one
	@$(BIN)/python -m tests.simulator $(if $(SEED),--seed $(SEED)) $(if $(RUNS),--runs $(RUNS)) $(if $(FIRST),--first $(FIRST))

check: lint types storeys dashboard fresh-locks ## lint, format, types, the storeys of the house, the locks

lint: $(READY)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet

types: $(READY)
	@$(BIN)/mypy

storeys: $(READY)
	@$(BIN)/lint-imports --no-logo

# The dashboard's lint, format and types; its queries are compiled against the schema.
dashboard: $(PACKAGES)
	@cd web && $(NODE) npm run --silent lint
	@cd web && $(NODE) npm run --silent schema -- --output node_modules/.schema.d.ts >/dev/null
	@cmp -s web/node_modules/.schema.d.ts web/src/graphql-env.d.ts \
		|| { echo "web/src/graphql-env.d.ts is older than the schema: run make schema." >&2; exit 1; }
	@cd web && $(NODE) npm run --silent types

web: $(DASHBOARD) ## build the dashboard into graphql_api/static
	@:

schema: $(PACKAGES) ## write the API's schema anew, and the dashboard's view of it
	@$(BIN)/python -c "from graphql_api import schema; schema.FILE.write_text(schema.text())"
	@cd web && $(NODE) npm run --silent schema >/dev/null

format: $(PACKAGES) ## put the code into its format
	@cd web && $(NODE) npm run --silent format
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

# Of made-up people on a working day; ARGS="--png --folder /tmp/pictures" for a look at them.
screenshots: $(READY) $(DASHBOARD) ## take the pictures in docs/screenshots anew, each page in light and dark
	@$(BIN)/python -m tests.web.pictures $(ARGS)

bench: $(READY) $(DASHBOARD) ## measure
	@$(BIN)/python -m benchmarks $(ARGS)

lock: $(READY) ## pin the dependencies anew, with hashes; ARGS=--upgrade takes newer ones
	@$(LOCK) --group dev --output-file requirements-dev.lock $(ARGS)
	@$(LOCK) --constraints requirements-dev.lock --output-file requirements.lock $(ARGS)

# Both locks must pin what `make lock` would leave as it is.  Names and versions are compared, not
# hashes: a release may gain a file for a newer Python on any day.
fresh-locks: $(READY)
	@cp requirements-dev.lock .venv/dev.lock && cp requirements.lock .venv/product.lock
	@$(LOCK) --group dev --output-file .venv/dev.lock
	@$(LOCK) --constraints .venv/dev.lock --output-file .venv/product.lock
	@for pair in requirements-dev:dev requirements:product; do \
		grep == $${pair%:*}.lock > .venv/pins; grep == .venv/$${pair#*:}.lock | cmp -s - .venv/pins \
		|| { echo "$${pair%:*}.lock is older than pyproject.toml: run make lock." >&2; exit 1; }; \
	done

image: ## build the container image with docker or podman; IMAGE=name:tag
	@$$(command -v docker || command -v podman || echo docker) build --tag $(or $(IMAGE),rapport) .

clean: ## remove .venv and what the tools leave behind; data in .rapport stays
	rm -rf .venv web/node_modules graphql_api/static .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist

# The stamp is younger than what it was made from, or the installation is done again.  uv comes
# first, pinned like all others, because it is four times as quick; pip can do its work too.
$(READY): requirements-dev.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; PYTHON=… names one." >&2; exit 2; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "Setting up .venv ..."; \
		$(PYTHON) -m venv --clear .venv || { \
		echo "This Python cannot make environments: install its venv module (Debian: python3-venv)." >&2; \
		exit 2; }; }
	@awk '/^[a-z]/ { uv = /^uv==/ } uv' requirements-dev.lock > .venv/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements-dev.lock \
		|| $(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --offline -e .
	@touch $@

# The order after | : packages need the environment's Node, not its newest state.
$(PACKAGES): web/package-lock.json web/package.json web/.npmrc | $(READY)
	@cd web && $(NODE) npm ci --silent
	@touch $@

$(DASHBOARD): $(PACKAGES) web/index.html web/vite.config.ts $(shell find web/src web/public -type f)
	@cd web && $(NODE) npm run --silent build -- --logLevel warn
