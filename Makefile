# Start with `make run` and `make test`. They download pinned tools into .tools and .venv.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

UV := .tools/uv/bin/uv
SAM := .tools/sam/bin/sam
HOST_ARCHITECTURE := $(if $(filter arm64 aarch64,$(shell uname -m)),arm64,x86_64)
export ARCHITECTURE ?= arm64
export SAM_CLI_TELEMETRY := 0
# hundreds of processes would each compile what they import
unexport PYTHONDONTWRITEBYTECODE
export PATH := $(CURDIR)/.tools/uv/bin:$(CURDIR)/.tools/sam/bin:$(PATH)

.PHONY: help run test test-all fuzz mutants audit tools lock lint types build build-host bench load flood cost measure-cost deploy setup switchboard docs clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: ## start the whole stack on this machine, make one call from alice to bob, serve until Ctrl-C
	@exec make/run.sh

# sysmon counts lines at no cost, and branches only from Python 3.14 on; ctrace doubles the time of most tests
COVERED = $(if $(SECONDS_COUNT),--cov-branch --cov-fail-under=95,--cov-fail-under=98)
test: tools ## run every check that CI runs
	@$(MAKE) --no-print-directory -j 2 types build build-host lint
	COVERAGE_CORE=$(if $(SECONDS_COUNT),ctrace,sysmon) \
	  .venv/bin/pytest -q -n auto --dist loadgroup --no-loadscope-reorder -m "not long" --cov --cov-report=term $(COVERED)

# With SECONDS_COUNT the tests also check how long things take, so run it on an idle machine.
test-all: export SECONDS_COUNT := 1
test-all: test .tools/browser/.ready .tools/clients/.ready .tools/clients-node/.ready ## also run the tests that take minutes, and count branches
	.venv/bin/pytest -q -m long
	FUZZ_TIMES=2 .venv/bin/pytest -q tests/fuzz

# FUZZ_TIMES as many generated inputs as `make test`, new ones each time; then libFuzzer for FUZZ_SECONDS on each of two parsers.
FUZZ_TIMES ?= 50
FUZZ_SECONDS ?= 120
fuzz: export FUZZ_TIMES := $(FUZZ_TIMES)
fuzz: tools build-host .tools/fuzz/.ready ## try bad input for longer (FUZZ_TIMES, FUZZ_SECONDS)
	.venv/bin/pytest -q -n auto tests/fuzz
	.venv/bin/pytest -q tests/stack/test_api_document.py -k made_up
	@if [ "$$(uname -s)" = Linux ]; then for parser in exotel session; do \
	  PYTHONPATH=layers/switchboard:. .tools/fuzz/bin/python -m tests.fuzz.libfuzzer $$parser \
	    -max_total_time=$(FUZZ_SECONDS) -timeout=5 -rss_limit_mb=1024 -verbosity=0 -print_final_stats=1 || exit 1; done; fi

mutants: tools build build-host ## change the package in 60 places, one at a time, and list what no test notices (ARGS="--count 90 --seed 1")
	.venv/bin/python -m make.mutants $(ARGS)

audit: .tools/audit/.ready ## look up known vulnerabilities of the locked packages; needs the network
	@for lock in requirements/*.txt functions/*/requirements.txt; do echo "$$lock"; \
	  .tools/audit/bin/pip-audit --strict --progress-spinner off --disable-pip --require-hashes -r $$lock || failed=1; \
	done; [ -z "$$failed" ] || { echo "failed: see above; for packages that 'could not be audited' the database gave no answer" >&2; exit 1; }

tools: .venv/.ready .tools/sam/.ready .tools/emulator/.ready

# .ready marks a complete environment; an incomplete one is created again
.tools/uv/.ready: requirements/uv.txt
	@make/fetch.sh .tools/uv $< && touch $@

# also installs the command `switchboard`, which works from any folder
.venv/.ready: requirements/dev.txt .tools/uv/.ready
	@make/fetch.sh .venv $<
	@printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s/.venv/bin/python" -m cli "$$@"\n' "$(CURDIR)" "$(CURDIR)" > .venv/bin/switchboard
	@chmod +x .venv/bin/switchboard && touch $@

.tools/%/.ready: requirements/%.txt .tools/uv/.ready
	@make/fetch.sh .tools/$* $< && touch $@

# compilers and linters of the clients that npm has; without npm those tests are skipped, which they say
.tools/clients-node/.ready: tests/clients/package.json tests/clients/package-lock.json
	@make/fetch-node.sh $(@D) $(<D)

COMPILE := $(UV) pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header --no-annotate \
  --no-emit-index-url --no-emit-find-links $(ARGS)
# packages of pyfcm's that we do not import: those of its asynchronous client, and google-auth's (see deliver_push/stand_ins)
UNUSED := aiohttp aiohappyeyeballs aiosignal attrs frozenlist multidict propcache yarl google-auth pyasn1 pyasn1-modules

# what `make bench` compares with: the groups bench-… of pyproject.toml
RIVALS := boto3 fastapi

lock: .tools/uv/.ready ## compile requirements from pyproject's groups, keeping locked versions (ARGS="--upgrade-package pydantic")
	$(COMPILE) --group runtime -o requirements/runtime.txt
	@# a function does not ship packages that the layer already has; the layer leaves anyio out
	@for function in deliver-push vend-token; do \
	  skip=$$(sed -nE '/^anyio==/d; s/^([a-z0-9._-]+)==.*/--no-emit-package \1/p' requirements/runtime.txt); \
	  $(COMPILE) --group $$function -c requirements/runtime.txt $$skip $(UNUSED:%=--no-emit-package %) \
	    -o functions/$${function//-/_}/requirements.txt || exit 1; done
	$(COMPILE) --group dev -c requirements/runtime.txt -o requirements/dev.txt
	$(COMPILE) --group fuzz -c requirements/runtime.txt -o requirements/fuzz.txt
	@for tool in sam emulator uv load audit browser clients; do $(COMPILE) --group $$tool -o requirements/$$tool.txt || exit 1; done
	@# packages that the product has too get the same version
	@for rival in $(RIVALS); do \
	  $(COMPILE) --group bench-$$rival -c requirements/dev.txt -o requirements/bench-$$rival.txt || exit 1; done

lint: tools .aws-sam/lint/.ready
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	PYTHONPATH=layers/switchboard:. .venv/bin/lint-imports

# The source (sam validate runs cfn-lint on it) and what SAM's transform makes of it, once for each state of the template.
# W7001: the transform puts in what a mapping says, after which nobody reads the mapping.
.aws-sam/lint/.ready: template.yaml samconfig.toml make/transform.py .tools/sam/.ready
	$(SAM) validate --lint --region us-east-1
	.tools/sam/bin/python make/transform.py $(@D)
	.tools/sam/bin/cfn-lint --ignore-checks W7001 -- $(@D)/*.json
	@touch $@

types: tools
	.venv/bin/mypy

build: tools ## build the template for Lambda (ARCHITECTURE=arm64 or x86_64)
	@make/build.sh "for Lambda on $(ARCHITECTURE)" .aws-sam/build $(ARCHITECTURE)

build-host: .aws-sam/host/.ready ## build the template for this machine's own Python

.aws-sam/host/.ready: export ARCHITECTURE := host
.aws-sam/host/.ready: template.yaml samconfig.toml $(shell find functions layers requirements -type f -not -name '*.pyc') | tools
	@make/build.sh "for this machine" .aws-sam/host $(HOST_ARCHITECTURE)
	@touch $@

# without byte code, as `sam build` installs a function's requirements
.tools/bench/%/.ready: requirements/bench-%.txt .tools/uv/.ready
	@rm -rf $(@D) && $(UV) pip install --quiet --no-deps --require-hashes --only-binary :all: --python .venv/bin/python \
	  --target $(@D) -r $< && rm -rf $(@D)/bin $(@D)/.lock
	@touch $@

bench: tools build-host $(RIVALS:%=.tools/bench/%/.ready) ## measure speed against bounds and FastAPI; needs valgrind (one part: ARGS=init)
	@nice -n 5 .venv/bin/python -m benchmarks $(ARGS)

LOAD_SECONDS ?= 300
load: tools build-host .tools/load/.ready ## place calls in bursts on the local stack and check the outcome of each (LOAD_SECONDS)
	@.venv/bin/python -m benchmarks.load $(LOAD_SECONDS)

flood: tools build-host ## show that one user's flood of events delays no other call's outcome
	@.venv/bin/python -m benchmarks.load.flood

cost: tools ## write what calls cost, and which quota is reached first, into docs/cost.md
	PYTHONPATH=layers/switchboard:. .venv/bin/python -m benchmarks.cost --write
	PYTHONPATH=layers/switchboard:. .venv/bin/python -m benchmarks.quotas --write

measure-cost: tools build-host ## count what each function does in a call, for make cost
	PYTHONPATH=layers/switchboard:. nice -n 5 .venv/bin/python -m benchmarks.cost.measuring.play

deploy: build ## deploy to AWS; afterwards run make setup
	@.venv/bin/python -m cli doctor --before-deploy
	$(SAM) deploy --guided

STACK ?= switchboard
setup: .venv/.ready ## fill the secrets of STACK and print the URLs for Exotel (options: ARGS)
	@.venv/bin/python -m cli --stack $(STACK) setup $(ARGS)

switchboard: .venv/.ready ## run the operator's command line with ARGS
	@.venv/bin/python -m cli $(ARGS)

docs: .venv/.ready ## write docs/openapi.json and docs/openapi-app.json from schemas and routes, docs/licences.md from the locks
	@PYTHONPATH=layers/switchboard .venv/bin/python -m docs.openapi
	@.venv/bin/python -m docs.licences

clean: ## remove everything that was downloaded or built
	rm -rf .tools .venv .aws-sam .local .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
