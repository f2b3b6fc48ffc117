# Everything a newcomer needs: `make run`, `make test`. The tools are fetched, pinned, into .tools and .venv.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
UV := .tools/uv/bin/uv
SAM := .tools/sam/bin/sam
HOST_ARCHITECTURE := $(if $(filter arm64 aarch64,$(shell uname -m)),arm64,x86_64)
export ARCHITECTURE ?= arm64
export SAM_CLI_TELEMETRY := 0
export PATH := $(CURDIR)/.tools/uv/bin:$(CURDIR)/.tools/sam/bin:$(PATH)

.PHONY: help run test fuzz audit tools lock lint types build build-host bench load cost measure-cost deploy setup switchboard docs clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: build-host ## the whole stack on this machine, one call from alice to bob, until Ctrl-C
	@exec .venv/bin/python -m local

test: tools lint types build build-host ## everything that CI checks
	.venv/bin/pytest -q -n auto tests/unit tests/contract tests/integration tests/template tests/local tests/cli tests/faults tests/fuzz --cov --cov-report=term --cov-fail-under=95
	.venv/bin/pytest -q -n 2 --dist loadscope tests/runtime tests/stack  # these mostly wait; a file shares its stack

# Each input of `make test`'s FUZZ_TIMES over, made up anew; then libFuzzer for FUZZ_SECONDS on each of two parsers.
FUZZ_TIMES ?= 50
FUZZ_SECONDS ?= 120
fuzz: export FUZZ_TIMES := $(FUZZ_TIMES)
fuzz: tools build-host .tools/fuzz/.ready ## bad input, for longer: FUZZ_TIMES, FUZZ_SECONDS
	.venv/bin/pytest -q -n auto tests/fuzz
	.venv/bin/pytest -q tests/stack/test_api_document.py -k made_up
	@if [ "$$(uname -s)" = Linux ]; then for parser in exotel session; do \
	  PYTHONPATH=layers/switchboard:. .tools/fuzz/bin/python -m tests.fuzz.libfuzzer $$parser \
	    -max_total_time=$(FUZZ_SECONDS) -timeout=5 -rss_limit_mb=1024 -verbosity=0 -print_final_stats=1 || exit 1; done; fi

audit: .tools/audit/.ready ## known faults of the locked packages; asks a vulnerability database, so it needs the network
	@for lock in requirements/*.txt functions/*/requirements.txt; do echo "$$lock"; \
	  .tools/audit/bin/pip-audit --strict --progress-spinner off --disable-pip --require-hashes -r $$lock || failed=1; \
	done; [ -z "$$failed" ] || { echo "failed; what 'could not be audited' the database did not know or did not say" >&2; exit 1; }

tools: .venv/.ready .venv/bin/switchboard .tools/sam/.ready .tools/emulator/.ready

$(UV): requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null \
	  || { echo "Python 3.13 is needed: install it, or name it with PYTHON=/path/to/python3.13" >&2; exit 1; }
	@echo "fetching the tools into .tools and .venv, once"
	@$(PYTHON) -m venv .tools/uv
	@.tools/uv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

define environment
@[ -x $(1)/bin/python ] || $(UV) venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(1)
@$(UV) pip sync --quiet --require-hashes --python $(1)/bin/python $(2)
@touch $@
endef

.venv/.ready: requirements/dev.txt $(UV)
	$(call environment,.venv,requirements/dev.txt)

# the operator's command line by its name, from any folder
.venv/bin/switchboard: .venv/.ready
	@printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s/.venv/bin/python" -m cli "$$@"\n' "$(CURDIR)" "$(CURDIR)" > $@
	@chmod +x $@

.tools/sam/.ready: requirements/sam.txt $(UV)
	$(call environment,.tools/sam,requirements/sam.txt)

.tools/emulator/.ready: requirements/emulator.txt $(UV)
	$(call environment,.tools/emulator,requirements/emulator.txt)

.tools/load/.ready: requirements/load.txt $(UV)
	$(call environment,.tools/load,requirements/load.txt)

.tools/fuzz/.ready: requirements/fuzz.txt $(UV)
	$(call environment,.tools/fuzz,requirements/fuzz.txt)

.tools/audit/.ready: requirements/audit.txt $(UV)
	$(call environment,.tools/audit,requirements/audit.txt)

COMPILE := $(UV) pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header --no-annotate \
  --no-emit-index-url --no-emit-find-links $(ARGS)
# pyfcm's asynchronous half, which nothing here imports
UNUSED := aiohttp aiohappyeyeballs aiosignal attrs frozenlist multidict propcache yarl

# what `make bench` compares with: pyproject's groups bench-…
RIVALS := boto3 fastapi flask chalice tutorial

lock: $(UV) ## compile requirements from pyproject's groups; what is locked stays (newer: ARGS="--upgrade-package botocore")
	$(COMPILE) --group runtime -o requirements/runtime.txt
	@# what the layer ships already does not ship again with a function
	@for function in deliver-push vend-token; do \
	  skip=$$(sed -nE 's/^([a-z0-9._-]+)==.*/--no-emit-package \1/p' requirements/runtime.txt); \
	  $(COMPILE) --group $$function -c requirements/runtime.txt $$skip $(UNUSED:%=--no-emit-package %) \
	    -o functions/$${function//-/_}/requirements.txt || exit 1; done
	$(COMPILE) --group dev -c requirements/runtime.txt -o requirements/dev.txt
	$(COMPILE) --group fuzz -c requirements/runtime.txt -o requirements/fuzz.txt
	@for tool in sam emulator uv load audit; do $(COMPILE) --group $$tool -o requirements/$$tool.txt || exit 1; done
	@# the same versions as the product has, where both have a package
	@for rival in $(RIVALS); do \
	  $(COMPILE) --group bench-$$rival -c requirements/dev.txt -o requirements/bench-$$rival.txt || exit 1; done

lint: tools
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	PYTHONPATH=layers/switchboard:. .venv/bin/lint-imports

types: tools
	.venv/bin/mypy

# $(call build,WHAT,FOLDER,ARCHITECTURE): built beside FOLDER and then put in its place, so that nobody ever sees half
# of a build. What sam says is shown when it fails, or with V=1.
define build
@echo "building $(1)"
@mkdir -p .aws-sam; new=$(2).$$$$; trap 'rm -rf $$new $$new.old' EXIT; trap 'exit 130' INT; \
  $(SAM) build --build-dir $$new --parameter-overrides Architecture=$(3) $(if $(V),,>$(2).log 2>&1) \
  || { $(if $(V),,sed -n '/^Error/,$$p' $(2).log;) echo "the build failed$(if $(V),,; all that it said is in $(2).log)"; exit 1; } >&2; \
  if [ -e $(2) ]; then mv $(2) $$new.old; fi; mv $$new $(2)
endef

build: tools ## the template built for Lambda (ARCHITECTURE=arm64 or x86_64)
	$(call build,for Lambda on $(ARCHITECTURE),.aws-sam/build,$(ARCHITECTURE))

build-host: .aws-sam/host/.ready ## the template built for this machine's own Python

.aws-sam/host/.ready: export ARCHITECTURE := host
.aws-sam/host/.ready: template.yaml samconfig.toml $(shell find functions layers requirements -type f -not -name '*.pyc') | tools
	$(call build,for this machine,.aws-sam/host,$(HOST_ARCHITECTURE))
	@touch $@

# as `sam build` installs a function's requirements: without byte code
.tools/bench/%/.ready: requirements/bench-%.txt $(UV)
	@rm -rf $(@D) && $(UV) pip install --quiet --no-deps --require-hashes --only-binary :all: --python .venv/bin/python \
	  --target $(@D) -r $< && rm -rf $(@D)/bin $(@D)/.lock
	@touch $@

bench: tools build-host $(RIVALS:%=.tools/bench/%/.ready) ## measure speed against bounds and rivals; needs valgrind (one part: ARGS=init)
	@nice -n 5 .venv/bin/python -m benchmarks $(ARGS)

LOAD_SECONDS ?= 300
load: tools build-host .tools/load/.ready ## calls in bursts against the local stack; counts what became of each (LOAD_SECONDS)
	@.venv/bin/python -m benchmarks.load $(LOAD_SECONDS)

cost: tools ## what calls cost and which quota binds first, into docs/cost.md
	PYTHONPATH=layers/switchboard:. .venv/bin/python -m benchmarks.cost --write
	PYTHONPATH=layers/switchboard:. .venv/bin/python -m benchmarks.quotas --write

measure-cost: tools build-host ## count anew what each function does in a call, for make cost
	PYTHONPATH=layers/switchboard:. nice -n 5 .venv/bin/python -m benchmarks.cost.measuring.play

deploy: build ## put it on AWS; then make setup
	@.venv/bin/python -m cli doctor --before-deploy
	$(SAM) deploy --guided

STACK ?= switchboard
setup: .venv/.ready ## fill the secrets of STACK, print the URLs for Exotel (more options: ARGS)
	@.venv/bin/python -m cli setup $(STACK) $(ARGS)

switchboard: .venv/.ready ## the operator's command line, with ARGS
	@.venv/bin/python -m cli $(ARGS)

docs: .venv/.ready ## docs/openapi.json from the schemas and the template's routes, docs/licences.md from the locks
	@PYTHONPATH=layers/switchboard .venv/bin/python -m docs.openapi
	@.venv/bin/python -m docs.licences

clean: ## remove everything that was fetched or built
	rm -rf .tools .venv .aws-sam .local .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
