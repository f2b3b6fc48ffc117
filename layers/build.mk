# Installs and compiles what is deployed. ARCHITECTURE: arm64 (default), x86_64, or host for this machine.
# Paths are relative, since make splits an absolute path at a space.
ROOT := $(dir $(lastword $(MAKEFILE_LIST)))..
UV := $(ROOT)/.tools/uv/bin/uv
override PYTHON := $(ROOT)/.venv/bin/python
PLATFORM := $(if $(filter host,$(ARCHITECTURE)),--python $(PYTHON),--python-version 3.13 --python-platform \
  $(if $(filter x86_64,$(ARCHITECTURE)),x86_64,aarch64)-manylinux_2_34) # Amazon Linux 2023 has glibc 2.34

ifeq ($(wildcard $(UV)),)
  $(error run `make tools` first: it fetches what the build needs)
endif

# $(call install,REQUIREMENTS,FOLDER)
install = $(UV) pip install --quiet --no-deps --require-hashes --only-binary :all: --link-mode copy $(PLATFORM) --target "$(2)" -r $(1) \
  && rm -rf "$(2)/bin" "$(2)/.lock"

# $(call compile,FOLDER,PLACE): Lambda's disk is read-only, so without shipped byte code Python compiles at every cold
# start. Hashes are unchecked, because file times do not survive the zip. PLACE is the folder's path on Lambda: each code
# object contains its file's path, and at import Python rewrites all that differ from the actual path.
# A build for this machine is used where it is built.
HERE = $$(cd $(ROOT) && pwd)/.aws-sam/host/$$(basename "$(ARTIFACTS_DIR)")$(patsubst /opt%,%,$(filter /opt%,$(2)))
PLACED = $(if $(filter host,$(ARCHITECTURE)),$(HERE),$(2))
compile = find "$(1)" -name __pycache__ -prune -exec rm -rf {} + \
  && $(PYTHON) -m compileall -q -s "$(1)" -p "$(PLACED)" --invalidation-mode unchecked-hash "$(1)"
